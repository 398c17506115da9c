#pragma once
// Internal to the cluster stage.

#include <cstdint>
#include <stop_token>
#include <string_view>
#include <vector>

#include "core/stages/cluster/constraints.h"
#include "core/stages/cluster/linkage.h"

namespace winnow::cluster
{

/// The units of one block, in order of priority.
struct Block {
    std::string_view name;
    std::vector<std::uint32_t> units;
    std::vector<Pair> apart; ///< places in `units`, the smaller first
};

/// A unit spread over blocks by must-links lives where most of its items are; of equal ones in the first by name.
[[nodiscard]] std::vector<Block> blocksOf(const Input &input, const Canon &canon, const Units &units);

struct RankedAsk {
    Pair ranks; ///< the smaller first
    double gain = 0;
};

struct Grouped {
    std::vector<std::uint32_t> roots; ///< per place in the block's units the first place of its group
    std::vector<RankedAsk> asks;
};

/// Groups the units of blocks: small ones by comparing all with all, large ones by pivots.
class BlockGrouping
{
public:
    BlockGrouping(const Input &input, const Options &options, const Canon &canon, const Units &units);
    /// \thread any number at once. \returns anything when stopped.
    [[nodiscard]] Grouped group(const Block &block, unsigned threads, std::stop_token stop) const;

private:
    struct BlockRows;
    [[nodiscard]] std::span<const Pair> boundItems(std::uint32_t unit) const;
    [[nodiscard]] BlockRows rowsOf(const Block &block) const;
    [[nodiscard]] std::vector<std::uint32_t> groupByPivots(const Block &block, const BlockRows &rows, unsigned threads,
                                                           std::stop_token stop) const;
    [[nodiscard]] std::vector<RankedAsk> asksOf(const Block &block, const BlockRows &rows,
                                                std::span<const std::uint32_t> roots, unsigned threads,
                                                std::stop_token stop) const;

    const Input &m_input;
    const Options &m_options;
    const Canon &m_canon;
    const Units &m_units;
    std::vector<Pair> m_boundItems; ///< unit and rank, sorted
};

}
