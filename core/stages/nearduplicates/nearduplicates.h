#pragma once

#include <cstddef>
#include <stop_token>
#include <string_view>
#include <vector>

#include "core/base/result.h"

namespace winnow::nearduplicates {

struct Item {
    std::string_view id; ///< breaks ties, so that the order of the items does not matter
    std::string_view text;
};

struct Input {
    std::vector<Item> items;
};

struct Options {
    unsigned threads = 1;
};

struct Assignment {
    std::size_t representative = 0; ///< index of the group's pivot; its own index for a pivot
    double similarity = 1;          ///< to the pivot, 0 to 1
    bool operator==(const Assignment &) const = default;
};

struct Output {
    std::vector<Assignment> items;
};

/// Groups copies of one text. The groups are a function of the set of items, not of their order.
/// \returns one entry per item. \errors Cancelled.
[[nodiscard]] Result<Output> run(const Input &input, const Options &options, std::stop_token stop);

}
