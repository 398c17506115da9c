#pragma once

#include <cstddef>
#include <cstdint>

namespace winnow::lexical
{

/// A term of the lexical space: 26 bits of hash, one bit for a pair of neighbours, five bits of rarity. The rarity lies
/// in the term so that what a block talks about can be set against what everybody talks about without the table.
inline constexpr std::uint32_t kRarityMask = 31, kPairBit = 32;
inline constexpr double kRarityStep = 0.4; ///< in ln(1 / share of general texts that hold the word)
inline constexpr unsigned kScale = 1024; ///< length of a vector: a cosine is the dot product / 1024²
inline constexpr std::size_t kMaximumTerms = 64; ///< of a vector, heaviest first

/// Weight of a word by how much more common than in general texts it is: the excess in ln, between these two.
inline constexpr double kLightest = 0.5, kHeaviest = 5.0;
inline constexpr double kTypicalShare = -3.9; ///< ln of the share of its block's texts that a word of an issue has

[[nodiscard]] constexpr unsigned rarity(std::uint32_t term)
{
    return term & kRarityMask;
}
[[nodiscard]] constexpr bool isPair(std::uint32_t term)
{
    return (term & kPairBit) != 0;
}
[[nodiscard]] constexpr std::uint32_t makeTerm(std::uint32_t hash, bool pair, unsigned rarity)
{
    return (hash & ~(kPairBit | kRarityMask)) | (pair ? kPairBit : 0) | rarity;
}

/// \param logShare  ln of the share of texts here that hold the word.
[[nodiscard]] constexpr double burstWeight(double logShare, unsigned rarity)
{
    const double excess = logShare + kRarityStep * rarity;
    return kLightest + excess <= kLightest ? kLightest
        : kLightest + excess >= kHeaviest  ? kHeaviest
                                           : kLightest + excess;
}

}
