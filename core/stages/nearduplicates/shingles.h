#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace winnow::nearduplicates
{

/// NFKC, case folded, digits of every script in ASCII; runs of anything but letters and digits as one blank, none at
/// the ends.
[[nodiscard]] std::string normalised(std::string_view text);

/// Hashes of all stretches of five characters; fewer than five characters give none.
void readShingles(std::string_view normalisedText, std::vector<std::uint64_t> &shingles);

inline constexpr std::size_t kBands = 42, kRows = 3;
using Signature = std::array<std::uint32_t, kBands * kRows>;

/// One-permutation MinHash: each shingle falls into one of the signature's bins, a bin keeps its least; an empty bin
/// borrows from one found by hashing, so that equal sets borrow alike. \pre shingles are not empty
[[nodiscard]] Signature signatureOf(const std::vector<std::uint64_t> &shingles);

/// What texts alike in this band share.
[[nodiscard]] std::uint64_t bandKey(const Signature &signature, std::size_t band);

/// The two agree in all rows of the band.
[[nodiscard]] bool sharesBand(const Signature &a, const Signature &b, std::size_t band);

/// Share of the bins that agree: about the similarity of the sets.
[[nodiscard]] double agreement(const Signature &a, const Signature &b);

/// Compares one text with many by their shingles.
class ShingleTable
{
public:
    /// Takes the text that others are compared with.
    void fill(const std::vector<std::uint64_t> &shingles);
    /// Jaccard similarity of the two bags: common shingles by all shingles, as often as they occur. 0 where both are
    /// empty.
    [[nodiscard]] double similarity(const std::vector<std::uint64_t> &shingles);

private:
    struct Slot {
        std::uint64_t shingle = 0;
        std::uint32_t count = 0; ///< 0: free
        std::uint32_t used = 0; ///< by the text of `round`
        std::uint32_t round = 0;
    };
    [[nodiscard]] Slot &slotOf(std::uint64_t shingle);

    std::vector<Slot> m_slots;
    std::size_t m_size = 0;
    std::uint32_t m_round = 0;
};

}
