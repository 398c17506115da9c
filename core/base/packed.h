#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

namespace winnow
{

/// What zlib has packed. \param most  how much is taken out, about.
/// \returns nothing where it is damaged or holds more.
[[nodiscard]] std::optional<std::string> unpacked(std::string_view packed, std::size_t most);

}
