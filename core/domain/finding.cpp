#include "core/domain/finding.h"

#include <algorithm>

namespace winnow {

namespace {

template <typename Enum, std::size_t N>
std::optional<Enum> find(const std::array<std::string_view, N> &names, std::string_view name)
{
    const auto it = std::find(names.begin(), names.end(), name);
    return it == names.end() ? std::nullopt : std::optional(Enum(it - names.begin()));
}

}

std::optional<IssueType> issueTypeFrom(std::string_view name) { return find<IssueType>(kIssueTypeNames, name); }
std::optional<Severity> severityFrom(std::string_view name) { return find<Severity>(kSeverityNames, name); }
bool isActionable(IssueType type) { return type < IssueType::Question; }

}
