#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "core/domain/run.h"

namespace winnow
{

/// `[{"name":…,"in":…,"out":…,"refused":…,"seconds":…}]`.
[[nodiscard]] std::string stagesJson(const std::vector<StageFigures> &stages);
/// The way back; what is no such list gives none.
[[nodiscard]] std::vector<StageFigures> stagesFromJson(std::string_view json);

/// Program, library and engine versions of a run, with the configuration ids (a JSON object).
[[nodiscard]] std::string runVersionsJson(std::string_view engine, std::string_view space,
                                          std::string_view configurations);

}
