#pragma once
// Internal to the language stage.

#include <array>
#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "core/base/result.h"

namespace winnow::language
{

/// How much pieces of words speak for each language. Whole numbers, so that no order of adding matters.
class Table
{
public:
    static constexpr std::size_t kMostLanguages = 96;
    using Scores = std::array<std::int32_t, kMostLanguages>;

    /// The shipped `models/languages.bin`, read once. \errors NotFound, Io, Corrupt.
    [[nodiscard]] static Result<const Table *> shipped();
    /// \param data  as make_language_table.py writes it. \errors Corrupt.
    [[nodiscard]] static Result<Table> read(std::string_view data);

    [[nodiscard]] const std::vector<std::string> &languages() const { return m_languages; }
    /// Adds what the words of a text say. \thread any number at once.
    void add(std::string_view text, Scores &scores) const;

private:
    using WordScores = std::array<std::uint16_t, kMostLanguages>;
    struct Slot {
        std::uint32_t hash = 0;
        std::uint32_t first = 0; ///< of its pairs
        std::uint32_t count = 0; ///< of its pairs; 0: an empty slot
    };
    void score(std::string_view word, WordScores &scores) const;
    [[nodiscard]] const WordScores &remembered(std::string_view word) const;

    std::vector<std::string> m_languages;
    std::vector<Slot> m_slots; ///< open addressing, a power of two
    std::vector<std::pair<std::string_view, std::uint8_t>> m_reviewWords; ///< sorted
    std::string m_pairLanguages;
    std::string m_pairWeights;
};

}
