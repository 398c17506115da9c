#pragma once

#include <stop_token>
#include <string_view>
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
    double severityWeight = 0.5;
    double reachWeight = 0.8; ///< what many report is what matters most often
    double revenueWeight = 0.3;
    double recencyWeight = 0.25;
    double confidenceWeight = 0.4;
    double corroborationWeight = 0.2; ///< channels and operational signals
    int halfLifeDays = 30;
};

struct Output {
    std::vector<Score> scores; ///< one per incident, in their order
};

/// priority = 100 × Π factorʷ, each factor in [0.01, 1] and monotone in what it measures.
/// \errors InvalidInput if an incident has no reports; Cancelled.
[[nodiscard]] Result<Output> run(const Input &input, const Options &options, std::stop_token stop);

/// Security, privacy, billing, regulatory: flags whose incidents are gated by confidence and escalate.
[[nodiscard]] bool isGating(std::string_view flag);
/// The first gating flag of an incident, in their order; empty: it has none.
[[nodiscard]] std::string_view gatingFlag(const Incident &incident);

/// What a reporter of this plan tier counts for, 0 (free, trial, unknown) to 1 (enterprise). Words decide, whatever
/// surrounds them: "Enterprise Plus", "pro_monthly".
[[nodiscard]] double tierWeight(std::string_view planTier);

}
