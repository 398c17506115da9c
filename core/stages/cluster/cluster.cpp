#include "core/stages/cluster/cluster.h"

#include <algorithm>
#include <numeric>

#include "core/base/parallel.h"
#include "core/stages/cluster/borders.h"
#include "core/stages/cluster/constraints.h"
#include "core/stages/cluster/dense.h"
#include "core/stages/cluster/linkage.h"
#include "core/stages/cluster/pivots.h"
#include "core/stages/cluster/rows.h"

namespace winnow::cluster
{

namespace
{

std::string withoutPlaceholders(std::string_view text)
{
    constexpr std::string_view kOpening = "\xe2\x9f\xa6", kClosing = "\xe2\x9f\xa7";
    std::string kept;
    while (!text.empty()) {
        const std::size_t open = text.find(kOpening);
        const std::size_t close = open == std::string_view::npos ? open : text.find(kClosing, open);
        kept += text.substr(0, close == std::string_view::npos ? text.size() : open);
        text.remove_prefix(close == std::string_view::npos ? text.size() : close + kClosing.size());
    }
    return kept;
}

/// The units of one block, in order of priority.
struct Block {
    std::string_view name;
    std::vector<std::uint32_t> units;
};

/// A unit spread over blocks by must-links lives where most of its items are; of equal ones in the first by name.
std::vector<Block> blocksOf(const Input &input, const Canon &canon, const Units &units)
{
    std::vector<std::string_view> home(units.units.size());
    std::vector<std::vector<std::string_view>> spread(units.units.size());
    for (std::size_t rank = 0; rank < canon.items.size(); ++rank) {
        const std::uint32_t unit = units.unitOf[rank];
        const std::string_view block = input.items[canon.items[rank]].block;
        if (units.units[unit].bound)
            spread[unit].push_back(block);
        else
            home[unit] = block;
    }
    for (std::size_t unit = 0; unit < spread.size(); ++unit) {
        auto &blocks = spread[unit];
        std::sort(blocks.begin(), blocks.end());
        std::size_t most = 0;
        for (std::size_t i = 0; i < blocks.size();) {
            std::size_t end = i;
            while (end < blocks.size() && blocks[end] == blocks[i])
                ++end;
            if (end - i > most) {
                most = end - i;
                home[unit] = blocks[i];
            }
            i = end;
        }
    }
    std::vector<std::uint32_t> order(units.units.size());
    std::iota(order.begin(), order.end(), 0u);
    std::stable_sort(order.begin(), order.end(), [&](std::uint32_t a, std::uint32_t b) { return home[a] < home[b]; });
    std::vector<Block> blocks;
    for (const std::uint32_t unit : order) {
        if (blocks.empty() || blocks.back().name != home[unit])
            blocks.push_back({home[unit], {}});
        blocks.back().units.push_back(unit);
    }
    return blocks;
}

/// Groups the units of a block. \returns per place in `block.units` the first place of its group.
class BlockGrouping
{
public:
    BlockGrouping(const Input &input, const Options &options, const Canon &canon, const Units &units)
        : m_input(input)
        , m_options(options)
        , m_canon(canon)
        , m_units(units)
        , m_placeOf(units.units.size(), kNowhere)
    {
        for (std::size_t rank = 0; rank < canon.items.size(); ++rank)
            if (const std::uint32_t unit = units.unitOf[rank]; units.units[unit].bound)
                m_boundItems.emplace_back(unit, std::uint32_t(rank));
        std::sort(m_boundItems.begin(), m_boundItems.end());
    }

    std::vector<std::uint32_t> group(const Block &block, std::stop_token stop)
    {
        const auto &units = block.units;
        for (std::size_t i = 0; i < units.size(); ++i)
            m_placeOf[units[i]] = std::uint32_t(i);
        const BlockRows rows = rowsOf(block);
        std::vector<Pair> apart;
        for (const auto &[a, b] : m_units.apart)
            if (m_placeOf[a] != kNowhere && m_placeOf[b] != kNowhere)
                apart.push_back(std::minmax(m_placeOf[a], m_placeOf[b]));
        std::vector<std::uint32_t> roots;
        if (rows.rows.size() <= m_options.denseLimit) {
            roots = groupDensely({rows.rows, rows.times, rows.unit, std::uint32_t(units.size()), apart},
                                 {m_options.denseCut, m_options.secondOrder, m_options.threads}, stop);
        } else {
            roots = groupByPivots(block, rows, apart, stop);
        }
        if (m_options.ask > 0 && !stop.stop_requested())
            ask(rows, apart, roots, stop);
        for (const std::uint32_t unit : units)
            m_placeOf[unit] = kNowhere;
        return roots;
    }

    /// The best pairs of all blocks grouped so far.
    std::vector<Ask> asks()
    {
        std::sort(m_asks.begin(), m_asks.end(), [](const RankedAsk &x, const RankedAsk &y) {
            return x.gain != y.gain ? x.gain > y.gain : x.ranks < y.ranks;
        });
        m_asks.resize(std::min(m_asks.size(), m_options.ask));
        std::vector<Ask> asks;
        for (const RankedAsk &ask : m_asks)
            asks.push_back({{m_canon.items[ask.ranks.first], m_canon.items[ask.ranks.second]}, ask.gain});
        return asks;
    }

private:
    /// The different texts of a block that have terms: one row per unit without links, one per item of the others.
    struct BlockRows {
        Rows rows;
        std::vector<std::uint32_t> times; ///< per row: texts
        std::vector<std::uint32_t> unit; ///< per row: place in the block's units
        std::vector<std::uint32_t> rank; ///< per row: an item of it
    };

    BlockRows rowsOf(const Block &block) const
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

    std::vector<std::uint32_t> groupByPivots(const Block &block, const BlockRows &rows, std::span<const Pair> apart,
                                             std::stop_token stop) const
    {
        const std::size_t places = block.units.size();
        std::vector<std::uint32_t> root(places);
        std::iota(root.begin(), root.end(), 0u);
        std::vector<std::uint32_t> order;
        for (std::size_t row = 0; row < rows.rows.size(); ++row)
            if (!m_units.units[block.units[rows.unit[row]]].bound)
                order.push_back(std::uint32_t(row));
        const auto pivotOf = choosePivots(rows.rows, order, leastDot(m_options.pivotCut), m_options.threads, stop);
        for (std::size_t k = 0; k < pivotOf.size(); ++k)
            root[rows.unit[order[k]]] = rows.unit[order[pivotOf[k]]];

        // Summaries of the micro-clusters. Units with links are summaries of their own; those without terms stay alone.
        std::vector<Sum> sums;
        std::vector<std::uint32_t> sumOf(places, kNowhere), placeOfSum;
        for (std::size_t row = 0; row < rows.rows.size(); ++row) {
            const std::uint32_t place = root[rows.unit[row]];
            if (sumOf[place] == kNowhere) {
                sumOf[place] = std::uint32_t(sums.size());
                placeOfSum.push_back(place);
                sums.emplace_back();
            }
            sums[sumOf[place]].add(rows.rows[row], rows.times[row]);
        }
        std::vector<Pair> apartSums;
        for (const auto &[a, b] : apart)
            if (sumOf[a] != kNowhere && sumOf[b] != kNowhere)
                apartSums.push_back(std::minmax(sumOf[a], sumOf[b]));
        const std::uint64_t least = leastDot(m_options.mergeCut);
        const auto pairs = candidatePairs(sums, rows.rows.terms(), least, m_options.threads, stop);
        const auto merged = agglomerate(std::move(sums), pairs, apartSums, least, m_options.threads, stop);
        for (std::size_t i = 0; i < places; ++i)
            if (const std::uint32_t sum = sumOf[root[i]]; sum != kNowhere)
                root[i] = placeOfSum[merged[sum]];
        return root;
    }

    void ask(const BlockRows &rows, std::span<const Pair> apart, std::span<const std::uint32_t> roots,
             std::stop_token stop)
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
        for (const auto &[a, b] : apart)
            parted.push_back(std::minmax(numberOf[roots[a]], numberOf[roots[b]]));
        std::sort(parted.begin(), parted.end());
        for (const Border &border : borderPairs(rows.rows, rows.times, groupOf, parted, leastDot(m_options.mergeCut),
                                                m_options.ask, m_options.threads, stop))
            m_asks.push_back({std::minmax(rows.rank[border.rowA], rows.rank[border.rowB]), border.gain});
    }

    static constexpr std::uint32_t kNowhere = ~std::uint32_t(0);

    static std::uint64_t leastDot(double cut) { return std::uint64_t(cut * double(kOne) + 0.5); }

    std::span<const Pair> boundItems(std::uint32_t unit) const
    {
        const auto begin = std::lower_bound(m_boundItems.begin(), m_boundItems.end(), Pair{unit, 0});
        const auto end = std::lower_bound(begin, m_boundItems.end(), Pair{unit + 1, 0});
        return {begin, end};
    }

    const Input &m_input;
    const Options &m_options;
    const Canon &m_canon;
    const Units &m_units;
    std::vector<Pair> m_boundItems; ///< unit and rank
    std::vector<std::uint32_t> m_placeOf;
    struct RankedAsk {
        Pair ranks;
        double gain = 0;
    };
    std::vector<RankedAsk> m_asks;
};

}

Digest nodeHash(std::string_view space, std::string_view block, std::string_view maskedText)
{
    return Sha256().field(space).field(block).field(withoutPlaceholders(maskedText)).finish();
}

std::string partitionHash(std::vector<std::vector<std::string_view>> groups)
{
    std::vector<std::string> joined;
    joined.reserve(groups.size());
    for (auto &members : groups) {
        std::sort(members.begin(), members.end());
        std::string text;
        for (const std::string_view member : members) {
            if (!text.empty())
                text += '\n';
            text += member;
        }
        joined.push_back(std::move(text));
    }
    std::sort(joined.begin(), joined.end());
    Sha256 hash;
    for (std::size_t i = 0; i < joined.size(); ++i)
        hash.add(i ? "\n\n" : "").add(joined[i]);
    return hex(hash.finish());
}

Result<Output> run(const Input &input, const Options &options, std::stop_token stop)
{
    for (const auto *links : {&input.mustLinks, &input.cannotLinks})
        for (const Link &link : *links)
            if (link.a >= input.items.size() || link.b >= input.items.size())
                return fail(ErrorCode::InvalidInput, "cluster: a link names no item");
    const auto canon = canonical(input.items, options.threads);
    if (!canon)
        return tl::unexpected(canon.error());
    Units units = resolve(input, *canon);

    std::vector<std::uint32_t> groupOf(units.units.size());
    BlockGrouping grouping(input, options, *canon, units);
    for (const Block &block : blocksOf(input, *canon, units)) {
        const auto roots = grouping.group(block, stop);
        if (stop.stop_requested())
            return fail(ErrorCode::Cancelled, "cluster");
        for (std::size_t i = 0; i < roots.size(); ++i)
            groupOf[block.units[i]] = block.units[roots[i]];
    }

    Output output;
    output.refused = std::move(units.refused);
    output.asks = grouping.asks();
    output.incident.resize(input.items.size());
    constexpr std::uint32_t kUnnumbered = ~std::uint32_t(0);
    std::vector<std::uint32_t> numberOf(units.units.size(), kUnnumbered);
    std::vector<std::vector<std::string_view>> groups;
    for (std::size_t rank = 0; rank < canon->items.size(); ++rank) {
        std::uint32_t &number = numberOf[groupOf[units.unitOf[rank]]];
        if (number == kUnnumbered) {
            number = output.incidents++;
            groups.emplace_back();
        }
        output.incident[canon->items[rank]] = number;
        groups[number].push_back(input.items[canon->items[rank]].id);
    }
    output.partitionHash = partitionHash(std::move(groups));
    return output;
}

}
