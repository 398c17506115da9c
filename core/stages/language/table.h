#pragma once
// Internal to the language stage.

#include <array>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "core/base/result.h"

namespace winnow::language
{

/// How much words and their pieces speak for each language. Whole numbers, so that no order of adding matters.
class Table
{
public:
    static constexpr std::size_t kMostLanguages = 72;
    static constexpr int kUnit = 20; ///< of the scores one unit of ln
    using Scores = std::array<std::int32_t, kMostLanguages>;

    /// The shipped `models/languages.bin`, read once. \errors NotFound, Io, Corrupt.
    [[nodiscard]] static Result<const Table *> shipped();
    /// \param data  as make_language_table.py writes it. \errors Corrupt.
    [[nodiscard]] static Result<Table> read(std::string_view data);

    [[nodiscard]] const std::vector<std::string> &languages() const { return m_languages; }
    /// What speaks for each language whatever the text, in the units of the scores.
    [[nodiscard]] const std::vector<int> &constants() const { return m_constants; }
    /// Adds what the words of a text say. \returns how many words that were. \thread any number at once.
    std::size_t add(std::string_view text, Scores &scores) const;

private:
    using WordScores = std::array<std::uint16_t, kMostLanguages>;
    static constexpr unsigned kHeadBits = 20, kTailBits = 32 - kHeadBits; ///< of a hash; the head chooses the bucket
    static constexpr std::size_t kWide = 24; ///< languages from which a key has a full row
    void spread();
    /// Adds what keys say. \param hashes  of the keys; overwritten.
    void addKeys(std::span<std::uint32_t> hashes, WordScores &scores) const;
    void score(std::string_view word, WordScores &scores) const;
    [[nodiscard]] const WordScores &remembered(std::string_view word) const;

    std::vector<std::string> m_languages;
    std::vector<int> m_constants;
    std::vector<std::uint32_t> m_buckets; ///< per head of a hash its first key, and one more
    std::vector<std::uint16_t> m_tails; ///< of the keys' hashes, in order
    std::vector<std::uint32_t> m_firstPairs; ///< per key, and one more
    std::vector<std::uint32_t> m_wide; ///< keys that speak for many languages, in order
    std::vector<WordScores> m_rows; ///< of these
    std::vector<std::pair<std::string_view, std::uint8_t>> m_reviewWords; ///< sorted
    std::string m_pairLanguages;
    std::string m_pairWeights;
};

}
