#pragma once

#include <optional>
#include <stop_token>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "core/base/result.h"

namespace winnow::calibrate
{

/// An answer that a person has checked.
struct Item {
    double p = 0; ///< what the engine said, 0 to 1
    bool correct = false;
    std::string_view stratum;
};

struct Input {
    std::vector<Item> items;
};

struct Options {
    double precision = 0.95; ///< promised share of right answers among those at the threshold or above
    double confidence = 0.95; ///< that the promise holds, over all strata together
};

struct Threshold {
    std::string stratum;
    std::optional<double> threshold; ///< on the raw p; nothing: nothing is proved
    std::optional<double> bound; ///< lower bound of the precision there, at the confidence of its test
    std::size_t n = 0; ///< answers at the threshold or above; without one: answers in all
    bool operator==(const Threshold &) const = default;
};

struct Output {
    std::vector<std::pair<double, double>> curve; ///< p, calibrated; both rise; read linearly between its points
    double eceBefore = 0, eceAfter = 0; ///< 15 bins of equal width; after: by curves that had not seen the answer
    double brierBefore = 0, brierAfter = 0;
    std::vector<Threshold> thresholds; ///< by stratum in rising order
};

/// Fits what the engine's p are worth, and the lowest threshold that keeps a promise.
///
/// The promise is proved by exact binomial tests of a fixed grid of thresholds, corrected after Holm, so that it holds
/// whatever the engine, if later answers are like these (Learn then Test, Angelopoulos et al. 2021). The risk is shared
/// out among the strata.
/// \errors InvalidInput: no answers; Cancelled.
[[nodiscard]] Result<Output> run(const Input &input, const Options &options, std::stop_token stop);

}
