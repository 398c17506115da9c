#pragma once

#include <stop_token>
#include <string_view>
#include <vector>

#include "core/base/result.h"
#include "core/ports/embedder.h"

namespace winnow::embed {

struct Item {
    std::string_view text; ///< masked; placeholders do not enter the vector
    std::string_view lang;
};

struct Input {
    std::vector<Item> items;
};

struct Options {
};

struct Ports {
    Embedder &embedder;
};

struct Output {
    Vectors vectors; ///< one row per item
};

/// \errors those of the embedder; Protocol where it returns another number of rows; Cancelled.
[[nodiscard]] Result<Output> run(const Input &input, const Options &options, const Ports &ports, std::stop_token stop);

}
