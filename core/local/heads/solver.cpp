#include "core/local/heads/solver.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>

namespace winnow::local
{

namespace
{

/// splitmix64: the same numbers everywhere.
class Shuffler
{
public:
    std::uint32_t below(std::uint32_t bound)
    {
        std::uint64_t z = m_state += 0x9e3779b97f4a7c15u;
        z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9u;
        z = (z ^ (z >> 27)) * 0x94d049bb133111ebu;
        return std::uint32_t(((z ^ (z >> 31)) >> 32) * bound >> 32);
    }

private:
    std::uint64_t m_state = 1;
};

}

double scoreOf(const SparseRows &data, std::size_t row, std::span<const double> weights, double bias)
{
    const auto [begin, end] = data.row(row);
    double sum = weights[data.width] * bias;
    for (std::uint32_t k = begin; k < end; ++k)
        sum += weights[data.columns[k]] * double(data.values[k]);
    return sum;
}

std::vector<double> solve(const SparseRows &data, std::span<const std::uint32_t> rows, const std::vector<bool> &sides,
                          std::span<const double> costs, const SolverOptions &options, std::stop_token stop)
{
    std::vector<double> weights(data.width + 1, 0.0), alpha(rows.size(), 0.0), square(rows.size());
    for (std::size_t i = 0; i < rows.size(); ++i) {
        const auto [begin, end] = data.row(rows[i]);
        square[i] = options.bias * options.bias;
        for (std::uint32_t k = begin; k < end; ++k)
            square[i] += double(data.values[k]) * double(data.values[k]);
    }
    std::vector<std::uint32_t> order(rows.size());
    std::iota(order.begin(), order.end(), 0u);
    std::uint32_t active = std::uint32_t(order.size());
    Shuffler shuffler;
    double shrinkAt = std::numeric_limits<double>::infinity();
    for (std::uint32_t round = 0; round < options.rounds && !stop.stop_requested(); ++round) {
        for (std::uint32_t i = active; i > 1; --i)
            std::swap(order[i - 1], order[shuffler.below(i)]);
        double most = -std::numeric_limits<double>::infinity(), least = std::numeric_limits<double>::infinity();
        for (std::uint32_t place = 0; place < active; ++place) {
            const std::uint32_t i = order[place];
            const std::uint32_t row = rows[i];
            const double side = sides[row] ? 1 : -1;
            const double slack = 0.5 / (options.cost * costs[row]);
            const double gradient = side * scoreOf(data, row, weights, options.bias) - 1 + alpha[i] * slack;
            double projected = gradient;
            if (alpha[i] == 0) {
                if (gradient > shrinkAt) { // far on its own side: left alone until the end
                    std::swap(order[place--], order[--active]);
                    continue;
                }
                projected = std::min(gradient, 0.0);
            }
            most = std::max(most, projected);
            least = std::min(least, projected);
            if (std::fabs(projected) < 1e-12)
                continue;
            const double old = alpha[i];
            alpha[i] = std::max(old - gradient / (square[i] + slack), 0.0);
            const double step = (alpha[i] - old) * side;
            const auto [begin, end] = data.row(row);
            for (std::uint32_t k = begin; k < end; ++k)
                weights[data.columns[k]] += step * double(data.values[k]);
            weights[data.width] += step * options.bias;
        }
        if (most - least <= options.tolerance) {
            if (active == order.size())
                break;
            active = std::uint32_t(order.size()); // once more with all
            shrinkAt = std::numeric_limits<double>::infinity();
            continue;
        }
        shrinkAt = most > 0 ? most : std::numeric_limits<double>::infinity();
    }
    return weights;
}

}
