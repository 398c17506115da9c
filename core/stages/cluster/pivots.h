#pragma once
// Internal to the cluster stage.

#include <cstdint>
#include <span>
#include <stop_token>
#include <vector>

#include "core/stages/cluster/rows.h"

namespace winnow::cluster
{

/// Micro-clusters: rows in their order; one that finds no pivot at the cut becomes one, any other joins the most
/// similar (of equal ones the first). Unique for the set, whatever the order of arrival. \param order  the rows to
/// place, first come first. \returns per place in `order` its pivot's place; a pivot has its own. Shorter than `order`
/// when stopped. \source Censor-Hillel, Haramaty, Karnin, PODC 2016
[[nodiscard]] std::vector<std::uint32_t> choosePivots(const Rows &rows, std::span<const std::uint32_t> order,
                                                      std::uint64_t leastDot, unsigned threads, std::stop_token stop);

}
