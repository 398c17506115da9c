#pragma once
// Internal to the cluster stage.

#include <cstdint>
#include <span>
#include <stop_token>
#include <utility>
#include <vector>

#include "core/stages/cluster/rows.h"

namespace winnow::cluster
{

using Pair = std::pair<std::uint32_t, std::uint32_t>;

/// Pairs of summaries whose average linkage reaches the cut, the smaller first, sorted; of each summary the nearest
/// among those before it, so that popular complaints cost no more than others. A union is linked as the mean of its
/// parts, so every merge of agglomeration down to the cut starts from a pair at the cut. \param terms  terms below it
/// find pairs unless they are too common; all others only count.
[[nodiscard]] std::vector<Pair> candidatePairs(std::span<const Sum> sums, std::uint32_t terms, std::uint64_t leastDot,
                                               unsigned threads, std::stop_token stop);

/// Average linkage by reciprocal nearest neighbours: merges while the mean dot product of two clusters is at least
/// `leastDot`. Linkages are exact whatever pairs are given; only pairs, and unions of theirs, can merge. Of equal
/// linkages the pair with the smaller numbers is nearer.
/// \param sums   in order of priority.
/// \param pairs  candidates, the smaller first.
/// \param apart  never in one cluster; inherited by unions.
/// \returns per summary the smallest of its cluster. Any state in between when stopped.
/// \source Sumengen et al., Scaling Hierarchical Agglomerative Clustering to Billion-sized Datasets, 2021 (RAC)
[[nodiscard]] std::vector<std::uint32_t> agglomerate(std::vector<Sum> sums, std::span<const Pair> pairs,
                                                     std::span<const Pair> apart, std::uint64_t leastDot,
                                                     unsigned threads, std::stop_token stop);

}
