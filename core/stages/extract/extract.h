#pragma once

#include <stop_token>
#include <vector>

#include "core/base/result.h"
#include "core/domain/finding.h"
#include "core/ports/extractor.h"

namespace winnow::extract {

struct Input {
    std::vector<ExtractionRequest> items;
};

struct Options {
};

struct Ports {
    Extractor &extractor;
};

struct Output {
    std::vector<std::vector<Finding>> items;
};

/// Asks the engine for findings and believes nothing: spans lie inside the text and on character borders, quotes are
/// verbatim, probabilities are rounded to 1e-6 and sum to 1 with `unknown` among the root causes. A quote that is not
/// found voids what it supports; a firm finding left without evidence abstains.
/// \returns one list per item. \errors those of the engine; Protocol where its answer has another shape; Cancelled.
[[nodiscard]] Result<Output> run(const Input &input, const Options &options, const Ports &ports, std::stop_token stop);

}
