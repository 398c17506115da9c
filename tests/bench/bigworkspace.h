#pragma once

#include <string>

#include "core/base/result.h"

namespace winnow::bench
{

/// Makes a workspace of generated reviews and incidents, with everything that the window reads, in a new folder. The
/// same numbers give the same rows. Bronze holds no sealed text: nothing here imports or masks.
/// \param reviews  at least as many as incidents.
[[nodiscard]] Result<> makeBigWorkspace(const std::string &folder, int reviews, int incidents);

}
