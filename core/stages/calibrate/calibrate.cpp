#include "core/stages/calibrate/calibrate.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <map>

#include "core/math/elementary.h"

namespace winnow::calibrate
{

namespace
{

constexpr std::size_t kBins = 15, kFolds = 5;
constexpr double kInside = 1e-4; // p are kept so far from 0 and 1 where their logarithms are taken
constexpr std::size_t kSteps = 200; // of the curve
constexpr int kRounds = 50;
/// Fixed before any answer is seen: what Holm corrects for.
constexpr std::array kGrid{0.5, 0.6, 0.7, 0.75, 0.8, 0.85, 0.9, 0.925, 0.95, 0.965, 0.98, 0.99, 0.995};

/// calibrated = logistic(a·ln p − b·ln(1 − p) + c): beta calibration (Kull, Silva Filho and Flach 2017), held near
/// a = b = 1, c = 0 by a prior, so that few answers change little.
struct Beta {
    double a = 1, b = 1, c = 0;
    [[nodiscard]] double operator()(double p) const
    {
        p = std::clamp(p, kInside, 1 - kInside);
        return math::logistic(a * math::log(p) - b * math::log(1 - p) + c);
    }
};

Beta fitBeta(const std::vector<const Item *> &items, double prior)
{
    std::array<double, 3> w{1, 1, 0}; // a, b, c
    const std::array<double, 3> centre{1, 1, 0};
    for (int round = 0; round < kRounds; ++round) {
        std::array<double, 3> gradient{};
        std::array<std::array<double, 3>, 3> hessian{};
        for (std::size_t i = 0; i < 3; ++i) {
            gradient[i] = prior * (w[i] - centre[i]);
            hessian[i][i] = prior;
        }
        for (const Item *item : items) {
            const double p = std::clamp(item->p, kInside, 1 - kInside);
            const std::array<double, 3> x{math::log(p), -math::log(1 - p), 1};
            const double q = math::logistic(w[0] * x[0] + w[1] * x[1] + w[2]);
            const double off = q - (item->correct ? 1 : 0), curve = q * (1 - q);
            for (std::size_t i = 0; i < 3; ++i) {
                gradient[i] += off * x[i];
                for (std::size_t j = 0; j < 3; ++j)
                    hessian[i][j] += curve * x[i] * x[j];
            }
        }
        // Gauss without pivoting: the matrix is positive definite.
        std::array<double, 3> step = gradient;
        for (std::size_t i = 0; i < 3; ++i)
            for (std::size_t j = i + 1; j < 3; ++j) {
                const double factor = hessian[j][i] / hessian[i][i];
                for (std::size_t k = i; k < 3; ++k)
                    hessian[j][k] -= factor * hessian[i][k];
                step[j] -= factor * step[i];
            }
        for (std::size_t i = 3; i-- > 0;) {
            for (std::size_t k = i + 1; k < 3; ++k)
                step[i] -= hessian[i][k] * step[k];
            step[i] /= hessian[i][i];
        }
        double size = 0;
        for (std::size_t i = 0; i < 3; ++i) {
            w[i] -= std::clamp(step[i], -1.0, 1.0);
            size = std::max(size, std::fabs(step[i]));
        }
        if (size < 1e-9)
            break;
    }
    // A curve rises: a slope below 0 is noise.
    return {std::max(w[0], 0.0), std::max(w[1], 0.0), w[2]};
}

std::vector<std::pair<double, double>> curveOf(const Beta &beta)
{
    std::vector<std::pair<double, double>> points;
    for (std::size_t i = 0; i <= kSteps; ++i) {
        const double p = double(i) / kSteps;
        points.emplace_back(math::round6(p), math::round6(beta(p)));
    }
    return points;
}

double eceOf(const std::vector<std::pair<double, bool>> &answers)
{
    struct Bin {
        double p = 0, right = 0, n = 0;
    };
    std::array<Bin, kBins> bins{};
    for (const auto &[p, correct] : answers) {
        Bin &bin = bins[std::size_t(std::clamp(std::ceil(p * kBins) - 1, 0.0, double(kBins - 1)))];
        bin.p += p;
        bin.right += correct;
        bin.n += 1;
    }
    double sum = 0;
    for (const Bin &bin : bins)
        sum += std::fabs(bin.p - bin.right);
    return math::round6(sum / double(answers.size()));
}

double brierOf(const std::vector<std::pair<double, bool>> &answers)
{
    double sum = 0;
    for (const auto &[p, correct] : answers)
        sum += (p - correct) * (p - correct);
    return math::round6(sum / double(answers.size()));
}

/// P[at most `errors` of `n` are wrong], each wrong with probability `rate`.
double atMost(std::size_t errors, std::size_t n, double rate)
{
    if (errors >= n)
        return 1;
    if (!(rate > 0))
        return 1;
    if (!(rate < 1))
        return 0;
    const double yes = math::log(rate), no = math::log1p(-rate), whole = math::logGamma(double(n) + 1);
    double sum = 0;
    for (std::size_t k = 0; k <= errors; ++k)
        sum += math::exp(whole - math::logGamma(double(k) + 1) - math::logGamma(double(n - k) + 1) + double(k) * yes
                         + double(n - k) * no);
    return std::min(sum, 1.0);
}

/// The largest precision that `errors` wrong ones of `n` still refute at `risk` (Clopper and Pearson).
double lowerBound(std::size_t errors, std::size_t n, double risk)
{
    double low = 0, high = 1; // of the rate of wrong ones
    for (int i = 0; i < 60; ++i) {
        const double middle = (low + high) / 2;
        (atMost(errors, n, middle) > risk ? low : high) = middle;
    }
    return math::round6(1 - high);
}

Threshold thresholdOf(std::string_view stratum, const std::vector<const Item *> &items, const Options &options,
                      double risk)
{
    struct Test {
        double threshold, p;
        std::size_t n, errors;
    };
    std::vector<Test> tests;
    for (const double threshold : kGrid) {
        Test test{threshold, 1, 0, 0};
        for (const Item *item : items)
            if (item->p >= threshold) {
                ++test.n;
                test.errors += !item->correct;
            }
        if (test.n > 0)
            test.p = atMost(test.errors, test.n, 1 - options.precision);
        tests.push_back(test);
    }
    std::stable_sort(tests.begin(), tests.end(), [](const Test &a, const Test &b) { return a.p < b.p; });
    Threshold found{std::string(stratum), std::nullopt, std::nullopt, items.size()};
    for (std::size_t i = 0; i < tests.size(); ++i) {
        const double level = risk / double(tests.size() - i);
        if (tests[i].p > level)
            break;
        if (!found.threshold || tests[i].threshold < *found.threshold) {
            found.threshold = tests[i].threshold;
            found.bound = lowerBound(tests[i].errors, tests[i].n, level);
            found.n = tests[i].n;
        }
    }
    return found;
}

/// Which fifth an answer is measured in.
std::size_t foldOf(std::size_t i)
{
    std::uint64_t z = (i + 1) * 0x9e3779b97f4a7c15u;
    z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9u;
    return (z >> 33) % kFolds;
}

constexpr double kPrior = 4;

}

Result<Output> run(const Input &input, const Options &options, std::stop_token stop)
{
    if (input.items.empty())
        return fail(ErrorCode::InvalidInput, "no answers to calibrate on");
    std::vector<const Item *> all;
    std::map<std::string_view, std::vector<const Item *>> strata;
    for (const Item &item : input.items) {
        all.push_back(&item);
        strata[item.stratum].push_back(&item);
    }
    Output output;
    output.curve = curveOf(fitBeta(all, kPrior));

    std::vector<std::pair<double, bool>> before, after(all.size());
    for (const Item &item : input.items)
        before.emplace_back(item.p, item.correct);
    for (std::size_t fold = 0; fold < kFolds; ++fold) {
        if (stop.stop_requested())
            return fail(ErrorCode::Cancelled, "calibrate");
        std::vector<const Item *> others;
        for (std::size_t i = 0; i < all.size(); ++i)
            if (foldOf(i) != fold)
                others.push_back(all[i]);
        const Beta beta = fitBeta(others, kPrior);
        for (std::size_t i = 0; i < all.size(); ++i)
            if (foldOf(i) == fold)
                after[i] = {beta(all[i]->p), all[i]->correct};
    }
    output.eceBefore = eceOf(before);
    output.eceAfter = eceOf(after);
    output.brierBefore = brierOf(before);
    output.brierAfter = brierOf(after);
    for (const auto &[stratum, items] : strata)
        output.thresholds.push_back(
            thresholdOf(stratum, items, options, (1 - options.confidence) / double(strata.size())));
    return output;
}

}
