#pragma once

#include <cstdint>
#include <span>
#include <stop_token>
#include <utility>
#include <vector>

namespace winnow::local
{

/// Rows of sparse values, one behind the other.
struct SparseRows {
    std::vector<std::uint32_t> starts{0}; ///< one more than rows
    std::vector<std::uint32_t> columns;
    std::vector<float> values;
    std::uint32_t width = 0; ///< columns
    [[nodiscard]] std::size_t size() const { return starts.size() - 1; }
    [[nodiscard]] std::pair<std::uint32_t, std::uint32_t> row(std::size_t i) const
    {
        return {starts[i], starts[i + 1]};
    }
};

struct SolverOptions {
    double cost = 1; ///< of a row on the wrong side
    double bias = 1; ///< value of the column that every row has; the solver's own
    std::uint32_t rounds = 60;
    double tolerance = 0.02;
};

/// A straight border between two sides with the least squared overlap (L2-regularised L2-loss support vector machine,
/// dual coordinate descent: Hsieh et al., ICML 2008). The order of the rows is shuffled by a fixed generator and sums
/// run in a fixed order, so the same rows give the same weights everywhere.
/// \param rows     numbers of the rows that count.
/// \param sides    by row number: true where the label holds.
/// \param costs    by row number: multiplies `options.cost`.
/// \returns one weight per column, the bias behind them.
[[nodiscard]] std::vector<double> solve(const SparseRows &data, std::span<const std::uint32_t> rows,
                                        const std::vector<bool> &sides, std::span<const double> costs,
                                        const SolverOptions &options, std::stop_token stop);

/// Sum of weight times value, bias included.
[[nodiscard]] double scoreOf(const SparseRows &data, std::size_t row, std::span<const double> weights, double bias);

}
