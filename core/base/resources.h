#pragma once

#include <string>
#include <string_view>

#include "core/base/result.h"

namespace winnow
{

/// Where a shipped data file lies: `$WINNOW_RESOURCES/name`, else `../share/winnow/name` beside the program
/// (in a build folder a link to the source tree's resources).
/// \errors  NotFound, with the places looked at.
[[nodiscard]] Result<std::string> resourcePath(std::string_view name);

/// The whole file. \errors NotFound, Io.
[[nodiscard]] Result<std::string> readFile(const std::string &path);

/// The whole shipped data file. \errors NotFound, Io.
[[nodiscard]] Result<std::string> readResource(std::string_view name);

}
