#pragma once

#include <array>
#include <cstdint>
#include <map>
#include <memory>
#include <string>
#include <unordered_map>
#include <vector>

#include "core/ports/embedder.h"

namespace winnow {

/// The parts of a term of the lexical space: 26 bits of hash, one bit for a pair of neighbours, five bits of rarity.
/// The rarity lies in the term so that statistics of a block can be set against it without the table.
namespace lexical {
inline constexpr std::uint32_t kRarityMask = 31, kPairBit = 32;
inline constexpr double kRarityStep = 0.4; ///< in ln(1 / share of general texts that hold the word)
inline constexpr unsigned kScale = 1024; ///< length of a vector, so that a cosine is the dot product / 1024²
inline constexpr std::size_t kMaximumTerms = 64;
[[nodiscard]] constexpr unsigned rarity(std::uint32_t term)
{
    return term & kRarityMask;
}
[[nodiscard]] constexpr bool isPair(std::uint32_t term)
{
    return (term & kPairBit) != 0;
}
}

/// Words and pairs of neighbours, weighted by how rare they are in general reviews: the space that is always there.
/// Frozen: the space's name holds the hash of its table.
class LexicalEmbedder : public Embedder
{
public:
    /// \errors Corrupt, Newer.
    [[nodiscard]] static Result<std::unique_ptr<LexicalEmbedder>> fromTable(std::string_view bytes);

    [[nodiscard]] std::string space() const override { return m_space; }
    /// Never fails but by Cancelled. An unknown or empty language is guessed from the stop words of the text.
    [[nodiscard]] Result<Vectors> embed(std::span<const std::string_view> texts,
                                        std::span<const std::string_view> langs, std::stop_token stop) override;
    [[nodiscard]] SparseVector embedOne(std::string_view text, std::string_view lang) const;

private:
    struct Word {
        std::uint64_t languages = 0; ///< bit per language whose stop words hold it; bit 0: all
        std::uint8_t rarity = lexical::kRarityMask;
    };
    [[nodiscard]] std::uint64_t guessLanguages(const std::vector<std::uint32_t> &words) const;

    std::string m_space;
    std::array<std::uint16_t, 32> m_weights{};
    std::map<std::string, unsigned, std::less<>> m_languages;
    std::unordered_map<std::uint32_t, Word> m_words;
};

/// The embedder on the table that is shipped. \errors NotFound, Io, Corrupt, Newer.
[[nodiscard]] Result<std::unique_ptr<LexicalEmbedder>> shippedLexicalEmbedder();

}
