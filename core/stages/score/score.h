#pragma once

#include <stop_token>
#include <vector>

#include "core/base/result.h"
#include "core/domain/incident.h"

namespace winnow::score {

struct Input {
    std::vector<Incident> incidents;
    TimePoint asOf;
};

/// Exponents of the factors. Confidence has exponent 0 for flagged incidents: it only gates them.
struct Options {
    double severityWeight = 0.6;
    double reachWeight = 0.5;
    double revenueWeight = 0.3;
    double recencyWeight = 0.4;
    double confidenceWeight = 0.4;
    double corroborationWeight = 0.2; ///< channels and operational signals
    int halfLifeDays = 14;
};

struct Output {
    std::vector<Score> scores; ///< one per incident, in their order
};

/// priority = 100 × Π factorʷ, each factor in [0.01, 1] and monotone in what it measures.
/// \errors InvalidInput if an incident has no reports; Cancelled.
[[nodiscard]] Result<Output> run(const Input &input, const Options &options, std::stop_token stop);

}
