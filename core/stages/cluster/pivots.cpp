#include "core/stages/cluster/pivots.h"

#include <cmath>

#include "core/base/parallel.h"

namespace winnow::cluster {

PrefixIndex::PrefixIndex(const Rows &rows, std::uint64_t leastDot, std::uint64_t longest)
    : m_rows(rows)
    , m_leastDot(leastDot)
    , m_longest(longest)
    , m_postings(rows.terms())
{
}

std::uint32_t PrefixIndex::lengthOf(std::uint64_t square)
{
    return std::uint32_t(std::ceil(std::sqrt(double(square))));
}

void PrefixIndex::add(std::uint32_t row)
{
    std::uint64_t square = 0;
    for (const Part &part : m_rows[row])
        square += std::uint64_t(part.weight) * part.weight;
    for (const Part &part : m_rows[row]) {
        const std::uint64_t length = lengthOf(square);
        if (length * m_longest < m_leastDot)
            return;
        if (m_postings[part.term].empty())
            m_used.push_back(part.term);
        m_postings[part.term].push_back({row, std::uint32_t(length)});
        square -= std::uint64_t(part.weight) * part.weight;
    }
}

void PrefixIndex::clear()
{
    for (const std::uint32_t term : m_used)
        m_postings[term].clear();
    m_used.clear();
}

std::vector<std::uint32_t> choosePivots(const Rows &rows, std::span<const std::uint32_t> order, std::uint64_t leastDot,
                                        unsigned threads, std::stop_token stop)
{
    constexpr std::size_t kChunk = 64;
    struct Best {
        std::uint64_t dot = 0;
        std::uint32_t place = 0;
        void offer(std::uint64_t otherDot, std::uint32_t otherPlace)
        {
            if (otherDot > dot || (otherDot == dot && otherPlace < place)) {
                dot = otherDot;
                place = otherPlace;
            }
        }
    };
    std::vector<std::uint32_t> placeOf(rows.size());
    for (std::size_t i = 0; i < order.size(); ++i)
        placeOf[order[i]] = std::uint32_t(i);

    PrefixIndex all(rows, leastDot, kLongest), recent(rows, leastDot, kLongest);
    PrefixIndex::Scratch own;
    std::vector<std::uint32_t> pivotOf;
    pivotOf.reserve(order.size());
    std::vector<Best> best;
    std::vector<std::uint32_t> added;
    // A batch looks at the pivots before it side by side, then at its own one after the other: the same choice as one
    // by one, for any size of the batch.
    for (std::size_t begin = 0; begin < order.size() && !stop.stop_requested();) {
        const std::size_t count = std::min<std::size_t>(order.size() - begin, 4096);
        best.assign(count, {});
        const bool done = parallelFor(count, kChunk, threads, stop, [&](std::size_t from, std::size_t to) {
            thread_local PrefixIndex::Scratch scratch;
            for (std::size_t i = from; i < to; ++i)
                all.search(rows[order[begin + i]], scratch,
                           [&](std::uint32_t row, std::uint64_t product) { best[i].offer(product, placeOf[row]); });
        });
        if (!done)
            break;
        added.clear();
        recent.clear();
        for (std::size_t i = 0; i < count; ++i) {
            const std::uint32_t row = order[begin + i];
            recent.search(rows[row], own,
                          [&](std::uint32_t other, std::uint64_t product) { best[i].offer(product, placeOf[other]); });
            if (best[i].dot > 0) {
                pivotOf.push_back(best[i].place);
                continue;
            }
            pivotOf.push_back(std::uint32_t(begin + i));
            recent.add(row);
            added.push_back(row);
        }
        for (const std::uint32_t row : added)
            all.add(row);
        begin += count;
    }
    return pivotOf;
}

}
