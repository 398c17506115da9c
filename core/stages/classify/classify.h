#pragma once

#include <stop_token>
#include <string_view>
#include <vector>

#include "core/base/result.h"
#include "core/local/heads/heads.h"
#include "core/ports/embedder.h"

namespace winnow::classify
{

struct Item {
    std::string_view text; ///< masked
    std::string_view lang;
};

struct Input {
    std::vector<Item> items;
};

struct Options {
};

struct Ports {
    const local::Heads &heads;
    const local::FeatureReader &reader;
    Embedder *embedder = nullptr; ///< of the heads' space, where they have one
};

struct Output {
    std::vector<std::vector<local::FieldAnswer>> items; ///< by item, then by field of the heads
};

/// \errors those of the embedder; Protocol where it returns another number of rows; Cancelled.
[[nodiscard]] Result<Output> run(const Input &input, const Options &options, const Ports &ports, std::stop_token stop);

}
