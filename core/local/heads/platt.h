#pragma once

#include <span>
#include <utility>
#include <vector>

namespace winnow::local
{

/// Probability = logistic(slope × score + offset).
struct Sigmoid {
    double slope = 1, offset = 0;
    bool operator==(const Sigmoid &) const = default;
};

/// The sigmoid under which the sides are likeliest, with targets a little inside 0 and 1, so that few rows do not make
/// certainty (Platt 1999; Newton's method after Lin, Lin and Weng 2007).
/// \param sides  by score: true where the label holds.
[[nodiscard]] Sigmoid fitSigmoid(std::span<const double> scores, const std::vector<bool> &sides);

}
