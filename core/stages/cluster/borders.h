#pragma once
// Internal to the cluster stage.

#include <cstdint>
#include <span>
#include <stop_token>
#include <vector>

#include "core/stages/cluster/linkage.h"
#include "core/stages/cluster/rows.h"

namespace winnow::cluster
{

struct Border {
    std::uint32_t rowA = 0, rowB = 0;
    double gain = 0;
};

/// Pairs of groups that nearly met: the answer "same" would change the smaller one's texts, and is the likelier the
/// nearer they are. For each the two rows that stand nearest to the other side.
/// \param sums     of the groups.
/// \param groupOf  per row.
/// \param apart    pairs of groups that people parted already, the smaller first, sorted.
/// \returns at most `count`, greatest gain first.
[[nodiscard]] std::vector<Border> borderPairs(const Rows &rows, std::span<const Sum> sums,
                                              std::span<const std::uint32_t> groupOf, std::span<const Pair> apart,
                                              std::uint64_t leastDot, std::size_t count, unsigned threads,
                                              std::stop_token stop);

}
