#pragma once
// Internal to core/json: findings as JSON values.

#include "core/domain/finding.h"
#include "core/json/lines.h"

namespace winnow::lines
{

[[nodiscard]] Json findingValue(const Finding &finding);
/// \errors as findingFromJson().
[[nodiscard]] Result<Finding> findingFrom(const Json &value);

}
