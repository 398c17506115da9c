#pragma once

#include <stop_token>
#include <string_view>
#include <vector>

#include "core/base/result.h"
#include "core/domain/feedback.h"

namespace winnow::segment {

struct Item {
    std::string_view text; ///< masked
    std::string_view lang; ///< BCP 47 base or empty
};

struct Input {
    std::vector<Item> items;
};

struct Options {
};

struct Output {
    std::vector<std::vector<Segment>> items;
};

/// Cuts each text into segments, one per issue, in order and without overlap. Together they hold every character of the
/// text that is not white space. A placeholder is never cut.
/// \returns one list per item; empty for blank text. \errors Cancelled.
[[nodiscard]] Result<Output> run(const Input &input, const Options &options, std::stop_token stop);

}
