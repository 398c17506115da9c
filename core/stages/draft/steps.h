#pragma once

#include <string>
#include <string_view>

namespace winnow::draft {

/// The sentences of a report that say how to get there ("when I open …", "after the update …", a numbered list), joined
/// by LF; empty where it does not say.
[[nodiscard]] std::string reproductionIn(std::string_view text, std::string_view lang);

}
