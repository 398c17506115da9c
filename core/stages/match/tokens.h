#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace winnow::match {

/// What a text is found by.
struct Tokens {
    /// Runs of letters and digits, lower case, without marks, stop words and addresses, lightly stemmed. Names like
    /// `NodeManager` also give their parts; placeholders of the mask give nothing; Chinese, Japanese, Korean and Thai
    /// give pairs of neighbouring characters. Words may come twice.
    std::vector<std::string> words;
    /// Hashes of three to five neighbouring characters of each word, its borders and stop words included: what a
    /// compound, an inflection or a slip of the finger leaves in common. In rising order, with repetitions.
    std::vector<std::uint64_t> grams;
};

[[nodiscard]] Tokens tokensOf(std::string_view text);
/// The words alone.
[[nodiscard]] std::vector<std::string> wordsOf(std::string_view text);

}
