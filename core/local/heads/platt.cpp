#include "core/local/heads/platt.h"

#include <cmath>

#include "core/math/elementary.h"

namespace winnow::local
{

namespace
{

constexpr int kRounds = 100;
constexpr double kRidge = 1e-12;
constexpr double kEnough = 1e-7;
constexpr double kLeastStep = 1e-10;

/// −log likelihood of one row: log(1 + e^−z) or log(1 + e^z), without overflow.
double lossOf(double target, double z)
{
    return z >= 0 ? (1 - target) * z + math::log1p(math::exp(-z)) : -target * z + math::log1p(math::exp(z));
}

}

Sigmoid fitSigmoid(std::span<const double> scores, const std::vector<bool> &sides)
{
    double positive = 0;
    for (std::size_t i = 0; i < scores.size(); ++i)
        positive += sides[i];
    const double negative = double(scores.size()) - positive;
    const double high = (positive + 1) / (positive + 2), low = 1 / (negative + 2);
    Sigmoid fit{0, math::log((positive + 1) / (negative + 1))};
    const auto loss = [&](const Sigmoid &s) {
        double sum = 0;
        for (std::size_t i = 0; i < scores.size(); ++i)
            sum += lossOf(sides[i] ? high : low, s.slope * scores[i] + s.offset);
        return sum;
    };
    double current = loss(fit);
    for (int round = 0; round < kRounds; ++round) {
        double h11 = kRidge, h22 = kRidge, h21 = 0, g1 = 0, g2 = 0;
        for (std::size_t i = 0; i < scores.size(); ++i) {
            const double p = math::logistic(fit.slope * scores[i] + fit.offset);
            const double curve = p * (1 - p), off = p - (sides[i] ? high : low);
            h11 += scores[i] * scores[i] * curve;
            h22 += curve;
            h21 += scores[i] * curve;
            g1 += scores[i] * off;
            g2 += off;
        }
        if (std::fabs(g1) < kEnough && std::fabs(g2) < kEnough)
            break;
        const double determinant = h11 * h22 - h21 * h21;
        const double d1 = -(h22 * g1 - h21 * g2) / determinant, d2 = -(-h21 * g1 + h11 * g2) / determinant;
        const double descent = g1 * d1 + g2 * d2;
        double step = 1;
        for (; step >= kLeastStep; step /= 2) {
            const Sigmoid next{fit.slope + step * d1, fit.offset + step * d2};
            const double then = loss(next);
            if (then < current + 1e-4 * step * descent) {
                fit = next;
                current = then;
                break;
            }
        }
        if (step < kLeastStep)
            break;
    }
    // A label that rises where the score falls was not learned: its share is all that is known.
    return fit.slope > 0 ? fit : Sigmoid{0, math::log((positive + 1) / (negative + 1))};
}

}
