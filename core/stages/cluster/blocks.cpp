#include "core/stages/cluster/blocks.h"

#include <algorithm>
#include <numeric>

#include "core/stages/cluster/borders.h"
#include "core/stages/cluster/dense.h"
#include "core/stages/cluster/pivots.h"
#include "core/stages/cluster/rows.h"

namespace winnow::cluster
{

namespace
{

constexpr std::uint32_t kNowhere = ~std::uint32_t(0);

std::uint64_t leastDot(double cut)
{
    return std::uint64_t(cut * double(kOne) + 0.5);
}

std::vector<std::string_view> homesOf(const Input &input, const Canon &canon, const Units &units)
{
    std::vector<std::string_view> home(units.units.size());
    std::vector<std::pair<std::uint32_t, std::string_view>> spread; // of units with links
    for (std::size_t rank = 0; rank < canon.items.size(); ++rank) {
        const std::uint32_t unit = units.unitOf[rank];
        const std::string_view block = input.items[canon.items[rank]].block;
        if (units.units[unit].bound)
            spread.emplace_back(unit, block);
        else
            home[unit] = block;
    }
    std::sort(spread.begin(), spread.end());
    for (std::size_t i = 0; i < spread.size();) {
        const std::uint32_t unit = spread[i].first;
        std::size_t most = 0;
        while (i < spread.size() && spread[i].first == unit) {
            std::size_t end = i;
            while (end < spread.size() && spread[end] == spread[i])
                ++end;
            if (end - i > most) {
                most = end - i;
                home[unit] = spread[i].second;
            }
            i = end;
        }
    }
    return home;
}

}

std::vector<Block> blocksOf(const Input &input, const Canon &canon, const Units &units)
{
    const std::vector<std::string_view> home = homesOf(input, canon, units);
    std::vector<std::uint32_t> order(home.size());
    std::iota(order.begin(), order.end(), 0u);
    std::stable_sort(order.begin(), order.end(), [&](std::uint32_t a, std::uint32_t b) { return home[a] < home[b]; });
    std::vector<Block> blocks;
    std::vector<Pair> placeOf(home.size()); // block and place in it
    for (const std::uint32_t unit : order) {
        if (blocks.empty() || blocks.back().name != home[unit])
            blocks.push_back({home[unit], {}, {}});
        placeOf[unit] = {std::uint32_t(blocks.size() - 1), std::uint32_t(blocks.back().units.size())};
        blocks.back().units.push_back(unit);
    }
    for (const auto &[a, b] : units.apart)
        if (placeOf[a].first == placeOf[b].first)
            blocks[placeOf[a].first].apart.push_back(std::minmax(placeOf[a].second, placeOf[b].second));
    return blocks;
}

/// The different texts of a block that have terms: one row per unit without links, one per item of the others.
struct BlockGrouping::BlockRows {
    Rows rows;
    std::vector<std::uint32_t> times; ///< per row: texts
    std::vector<std::uint32_t> unit; ///< per row: place in the block's units
    std::vector<std::uint32_t> rank; ///< per row: an item of it
};

BlockGrouping::BlockGrouping(const Input &input, const Options &options, const Canon &canon, const Units &units)
    : m_input(input)
    , m_options(options)
    , m_canon(canon)
    , m_units(units)
{
    for (std::size_t rank = 0; rank < canon.items.size(); ++rank)
        if (const std::uint32_t unit = units.unitOf[rank]; units.units[unit].bound)
            m_boundItems.emplace_back(unit, std::uint32_t(rank));
    std::sort(m_boundItems.begin(), m_boundItems.end());
}

std::span<const Pair> BlockGrouping::boundItems(std::uint32_t unit) const
{
    const auto begin = std::lower_bound(m_boundItems.begin(), m_boundItems.end(), Pair{unit, 0});
    const auto end = std::lower_bound(begin, m_boundItems.end(), Pair{unit + 1, 0});
    return {begin, end};
}

BlockGrouping::BlockRows BlockGrouping::rowsOf(const Block &block) const
{
    BlockRows found;
    std::vector<const SparseVector *> vectors;
    const auto add = [&](std::size_t place, std::uint32_t rank, std::size_t times) {
        const SparseVector *vector = m_input.items[m_canon.items[rank]].vector;
        if (!vector || vector->entries.empty())
            return;
        vectors.push_back(vector);
        found.times.push_back(std::uint32_t(times));
        found.unit.push_back(std::uint32_t(place));
        found.rank.push_back(rank);
    };
    for (std::size_t place = 0; place < block.units.size(); ++place) {
        const Unit &unit = m_units.units[block.units[place]];
        if (unit.bound)
            for (const auto &[owner, rank] : boundItems(block.units[place]))
                add(place, rank, 1);
        else
            add(place, unit.firstRank, m_canon.membersOf(unit.node).size());
    }
    found.rows = Rows::ofBlock(vectors, found.times);
    return found;
}

Grouped BlockGrouping::group(const Block &block, unsigned threads, std::stop_token stop) const
{
    if (block.units.size() == 1)
        return {{0}, {}};
    const BlockRows rows = rowsOf(block);
    Grouped grouped;
    if (rows.rows.size() <= m_options.denseLimit)
        grouped.roots = groupDensely({rows.rows, rows.times, rows.unit, std::uint32_t(block.units.size()), block.apart},
                                     {m_options.mergeCut, m_options.secondOrder, threads}, stop);
    else
        grouped.roots = groupByPivots(block, rows, threads, stop);
    if (m_options.ask > 0 && !stop.stop_requested())
        grouped.asks = asksOf(block, rows, grouped.roots, threads, stop);
    return grouped;
}

std::vector<std::uint32_t> BlockGrouping::groupByPivots(const Block &block, const BlockRows &rows, unsigned threads,
                                                        std::stop_token stop) const
{
    std::vector<std::uint32_t> root(block.units.size());
    std::iota(root.begin(), root.end(), 0u);
    std::vector<std::uint32_t> order;
    for (std::size_t row = 0; row < rows.rows.size(); ++row)
        if (!m_units.units[block.units[rows.unit[row]]].bound)
            order.push_back(std::uint32_t(row));
    const auto pivotOf = choosePivots(rows.rows, order, leastDot(m_options.pivotCut), threads, stop);
    for (std::size_t k = 0; k < pivotOf.size(); ++k)
        root[rows.unit[order[k]]] = rows.unit[order[pivotOf[k]]];

    // Summaries of the micro-clusters. Units with links are summaries of their own; those without terms stay alone.
    std::vector<std::uint32_t> sumOf(root.size(), kNowhere), placeOfSum, groupOf;
    for (const std::uint32_t unit : rows.unit) {
        std::uint32_t &sum = sumOf[root[unit]];
        if (sum == kNowhere) {
            sum = std::uint32_t(placeOfSum.size());
            placeOfSum.push_back(root[unit]);
        }
        groupOf.push_back(sum);
    }
    const Landmarks landmarks(rows.rows, m_options.secondOrder);
    std::vector<Sum> sums = sumsOf(rows.rows, landmarks, rows.times, groupOf, placeOfSum.size(), threads);
    std::vector<Pair> apart;
    for (const auto &[a, b] : block.apart)
        if (sumOf[a] != kNowhere && sumOf[b] != kNowhere)
            apart.push_back(std::minmax(sumOf[a], sumOf[b]));
    const std::uint64_t least = leastDot(m_options.mergeCut);
    const auto pairs = candidatePairs(sums, rows.rows.terms(), least, threads, stop);
    const auto merged = agglomerate(std::move(sums), pairs, apart, least, threads, stop);
    for (std::uint32_t &place : root)
        if (const std::uint32_t sum = sumOf[place]; sum != kNowhere)
            place = placeOfSum[merged[sum]];
    return root;
}

std::vector<RankedAsk> BlockGrouping::asksOf(const Block &block, const BlockRows &rows,
                                             std::span<const std::uint32_t> roots, unsigned threads,
                                             std::stop_token stop) const
{
    std::vector<std::uint32_t> numberOf(roots.size(), kNowhere), groupOf;
    std::uint32_t groups = 0;
    for (const std::uint32_t place : rows.unit) {
        std::uint32_t &number = numberOf[roots[place]];
        if (number == kNowhere)
            number = groups++;
        groupOf.push_back(number);
    }
    std::vector<Pair> parted;
    for (const auto &[a, b] : block.apart)
        parted.push_back(std::minmax(numberOf[roots[a]], numberOf[roots[b]]));
    std::sort(parted.begin(), parted.end());
    const Landmarks landmarks(rows.rows, m_options.secondOrder);
    const auto sums = sumsOf(rows.rows, landmarks, rows.times, groupOf, groups, threads);
    std::vector<RankedAsk> asks;
    for (const Border &border :
         borderPairs(rows.rows, sums, groupOf, parted, leastDot(m_options.mergeCut), m_options.ask, threads, stop))
        asks.push_back({std::minmax(rows.rank[border.rowA], rows.rank[border.rowB]), border.gain});
    return asks;
}

}
