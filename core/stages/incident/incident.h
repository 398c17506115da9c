#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <stop_token>
#include <string>
#include <string_view>
#include <vector>

#include "core/base/result.h"
#include "core/domain/finding.h"
#include "core/domain/incident.h"

namespace winnow::incident {

/// A finding with its feedback's members, as far as they count.
struct Member {
    std::uint32_t incident = 0; ///< index into Input::ids
    const Finding *finding = nullptr;
    std::string_view product;
    std::string_view author;     ///< empty: unknown, counts as one of its own
    std::string_view accountId;
    std::string_view planTier;   ///< used where the account is unknown
    std::string_view channel;
    std::string_view lang;
    std::string_view appVersion;
    std::optional<TimePoint> at;
    std::uint32_t copies = 1;    ///< reports it stands for
};

struct Input {
    std::vector<IncidentId> ids;
    std::vector<Member> members;
    std::uint32_t ofAuthors = 0;                 ///< distinct authors in the workspace
    std::map<std::string, Account> accounts;     ///< by id
    std::vector<SignalPoint> signals;
    TimePoint asOf;
};

struct Options {
};

struct Output {
    std::vector<Incident> incidents; ///< one per id, in their order
};

/// Sums findings up per incident: counts, severity (the weighted upper median of its members), type and component by
/// weight of confidence, title from the taxonomy's words, root causes averaged, signals as z of the last seven days
/// before the newest report against the 28 days before those.
/// \errors InvalidInput if an incident has no member; Cancelled.
[[nodiscard]] Result<Output> run(const Input &input, const Options &options, std::stop_token stop);

}
