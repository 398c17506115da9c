#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace winnow
{

struct StageFigures;

/// `[{"name":…,"in":…,"out":…,"refused":…,"seconds":…}]`.
[[nodiscard]] std::string stagesJson(const std::vector<StageFigures> &stages);

/// Program, library and engine versions of a run, with the configuration ids (a JSON object).
[[nodiscard]] std::string runVersionsJson(std::string_view engine, std::string_view space,
                                          std::string_view configurations);

}
