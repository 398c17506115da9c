#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "core/local/analyser.h"

namespace winnow::nearduplicates
{

/// A text as folded words with what each is.
struct WordList {
    enum Mark : std::uint8_t { Generic = 1, Negation = 2, Number = 4, Praise = 8, Complaint = 16 };
    local::Words words;
    std::vector<std::uint8_t> marks; ///< bits of Mark
    std::vector<local::LangMask> known; ///< languages that know the word
};

void readWordList(std::string_view text, const local::Analyser &analyser, WordList &list);

/// Looks at what two look-alikes do not share. Misspelt, short-cut, dropped, moved and added words keep the meaning; a
/// word put in the place of another, another number, and a negation on one side only do not.
[[nodiscard]] bool saySame(const WordList &a, const WordList &b);

/// Number of single edits (insert, drop, replace, swap of neighbours) that lead from one word to the other, counted up
/// to `most` + 1; in bytes, so that a letter outside ASCII may count twice.
[[nodiscard]] std::size_t editsBetween(std::string_view a, std::string_view b, std::size_t most);

}
