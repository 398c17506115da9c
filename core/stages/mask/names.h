#pragma once
// Internal to the mask: words known as names of persons.

#include <cstdint>
#include <string_view>

namespace winnow::mask
{

/// What a word is as a given name.
enum class Given : std::uint8_t {
    No,
    Maybe, ///< also an everyday word, a place or a product: Mark, Austin, Alexa
    Yes,
};

/// \param hash  of a token, folded as tokenise() does
[[nodiscard]] Given givenName(std::uint32_t hash);

/// Ends like a family name and like little else: -ović, -dóttir, -ová, -wicz, -enko.
[[nodiscard]] bool endsLikeFamilyName(std::string_view word);

}
