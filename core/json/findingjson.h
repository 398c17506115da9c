#pragma once

#include <string>
#include <string_view>

#include "core/base/result.h"
#include "core/domain/finding.h"

namespace winnow
{

/// Version of the finding's JSON form.
inline constexpr std::string_view kFindingSchema = "1";

/// One finding on one line. \source contracts/commands.md 3
[[nodiscard]] std::string toJson(const Finding &finding);

/// Reads what toJson() writes; a stranger's members are ignored, a known one of another shape is not.
/// \errors Protocol `/severity: …`: no JSON object, a member missing, of another type or out of its range.
[[nodiscard]] Result<Finding> findingFromJson(std::string_view text);

}
