#pragma once
// Internal to the mask: ids of states whose check digits say what they are.

#include <string_view>

namespace winnow::mask
{

/// An id whose digits prove it.
struct NationalId {
    const char *detector = nullptr; ///< nothing where no rule holds
    bool told = false; ///< chance makes it often: only behind a word that announces it
};

/// \param form    sizes of the groups and what parts them: "3-2-4"
/// \param digits  of all groups
[[nodiscard]] NationalId nationalId(std::string_view form, std::string_view digits);

/// \param text  one word, capitals and digits
[[nodiscard]] NationalId letteredId(std::string_view text);

}
