#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>
#include <vector>

namespace winnow::lexical
{

/// Hash of a folded word of a masked text. Words are runs of two or more letters or of digits, lower case, marks off,
/// cut to six code points; scripts without blanks (and Hangul) give pairs of characters. ⟦…⟧ and what is inside is left
/// out. The same words as resources/models/make_lexical_table.py.
/// \param words  filled in the order of the text.
void wordHashes(std::string_view text, std::vector<std::uint32_t> &words);

}
