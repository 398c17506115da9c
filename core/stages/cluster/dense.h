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

struct DenseInput {
    const Rows &rows; ///< none empty
    std::span<const std::uint32_t> times; ///< per row: how many texts it stands for
    std::span<const std::uint32_t> unitOf; ///< per row; units in order of priority
    std::uint32_t units = 0;
    std::span<const Pair> apart; ///< units
};

struct DenseOptions {
    double cut = 0.45; ///< least average of cosine plus second order to merge
    double secondOrder = 0.5; ///< weight of the likeness of two texts' likenesses to all others
    unsigned threads = 1;
};

/// Groups the units of a block small enough to compare every text with every other: average linkage on the cosine plus
/// the second order, then a local search that moves units and joins groups while that gains.
/// \returns per unit the smallest of its group; shorter when stopped.
/// \source methods.md 7
[[nodiscard]] std::vector<std::uint32_t> groupDensely(const DenseInput &input, const DenseOptions &options,
                                                      std::stop_token stop);

}
