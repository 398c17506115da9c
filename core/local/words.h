#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "core/base/span.h"

namespace winnow::local
{

/// What stands between a word and the one before it.
enum class Gap : std::uint8_t { Blank, Comma, Clause, Sentence }; ///< in rising strength

struct Word {
    ByteSpan span; ///< in the text
    std::uint32_t foldedAt = 0; ///< in Words::folded
    std::uint16_t foldedSize = 0;
    Gap before = Gap::Blank;
    bool number = false;
    bool placeholder = false; ///< ⟦TYPE_xxxxxxxx⟧, whole
};

/// A text as folded words: lower case, without accents, digits in ASCII. An apostrophe parts words; an ideograph, a
/// kana and an emoji are words of their own.
struct Words {
    std::string folded;
    std::vector<Word> all;
    [[nodiscard]] std::string_view operator[](std::size_t i) const
    {
        return std::string_view(folded).substr(all[i].foldedAt, all[i].foldedSize);
    }
    [[nodiscard]] std::size_t size() const { return all.size(); }
};

/// Reads a UTF-8 text into `words`, whose memory is used again.
void readWords(std::string_view text, Words &words);

}
