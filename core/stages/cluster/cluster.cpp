#include "core/stages/cluster/cluster.h"

#include <algorithm>

#include "core/base/parallel.h"
#include "core/stages/cluster/blocks.h"
#include "core/stages/cluster/constraints.h"

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

constexpr std::size_t kLargeBlock = 2048; ///< units; smaller blocks are grouped side by side, one thread each

/// Groups all blocks. \returns one per block, whatever the threads.
std::vector<Grouped> groupAll(const BlockGrouping &grouping, const std::vector<Block> &blocks, unsigned threads,
                              std::stop_token stop)
{
    std::vector<Grouped> grouped(blocks.size());
    std::vector<std::size_t> small;
    for (std::size_t i = 0; i < blocks.size(); ++i) {
        if (blocks[i].units.size() < kLargeBlock)
            small.push_back(i);
        else if (!stop.stop_requested())
            grouped[i] = grouping.group(blocks[i], threads, stop);
    }
    parallelFor(small.size(), 1, threads, stop, [&](std::size_t begin, std::size_t end) {
        for (std::size_t k = begin; k < end; ++k)
            grouped[small[k]] = grouping.group(blocks[small[k]], 1, stop);
    });
    return grouped;
}

/// The pairs of all blocks with the greatest gain; of equal ones those with the smaller ids.
std::vector<Ask> bestAsks(const std::vector<Grouped> &grouped, const Canon &canon, std::size_t count)
{
    std::vector<RankedAsk> all;
    for (const Grouped &group : grouped)
        all.insert(all.end(), group.asks.begin(), group.asks.end());
    std::sort(all.begin(), all.end(), [](const RankedAsk &x, const RankedAsk &y) {
        return x.gain != y.gain ? x.gain > y.gain : x.ranks < y.ranks;
    });
    all.resize(std::min(all.size(), count));
    std::vector<Ask> asks;
    for (const RankedAsk &ask : all)
        asks.push_back({{canon.items[ask.ranks.first], canon.items[ask.ranks.second]}, ask.gain});
    return asks;
}

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

    const std::vector<Block> blocks = blocksOf(input, *canon, units);
    const auto grouped =
        groupAll(BlockGrouping(input, options, *canon, units), blocks, std::max(options.threads, 1u), stop);
    if (stop.stop_requested())
        return fail(ErrorCode::Cancelled, "cluster");
    std::vector<std::uint32_t> groupOf(units.units.size());
    for (std::size_t block = 0; block < blocks.size(); ++block)
        for (std::size_t i = 0; i < blocks[block].units.size(); ++i)
            groupOf[blocks[block].units[i]] = blocks[block].units[grouped[block].roots[i]];

    Output output;
    output.refused = std::move(units.refused);
    output.asks = bestAsks(grouped, *canon, options.ask);
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
