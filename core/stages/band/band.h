#pragma once

#include <stop_token>
#include <vector>

#include "core/base/result.h"
#include "core/domain/incident.h"

namespace winnow::band {

struct Item {
    const Incident *incident = nullptr;
    double priority = 0;
    double confidence = 0;
};

struct Input {
    std::vector<Item> items;
};

struct Options {
    double reviewPriority = 6;      ///< from here on a person looks at it
    double escalatePriority = 4;     ///< flagged incidents from here on escalate
    double escalateConfidence = 0.4; ///< the gate for flagged incidents
    double autoPriority = 25;
    double autoConfidence = 0.95;
    bool autoOpen = false; ///< opened by proof of the precision promise on audited decisions, and by nothing else
};

struct Output {
    std::vector<Banding> bandings;
};

/// \errors Cancelled.
[[nodiscard]] Result<Output> run(const Input &input, const Options &options, std::stop_token stop);

}
