#include "core/stages/cluster/pivots.h"

#include <algorithm>
#include <cmath>

#include "core/base/parallel.h"

namespace winnow::cluster
{

namespace
{

std::uint32_t lengthOf(std::uint64_t square)
{
    return std::uint32_t(std::ceil(std::sqrt(double(square))));
}

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

/// Finds the most similar pivot at the cut, without looking at all. Of a pivot only the rarest terms are listed: as
/// many as leave a rest too short to reach the cut alone. A pair that reaches it shares one of them. \source Chaudhuri,
/// Ganti, Kaushik, ICDE 2006 (prefix filter); Anastasiu, Karypis, ICDE 2014 (bounds by length)
class PivotIndex
{
public:
    PivotIndex(const Rows &rows, std::uint64_t leastDot)
        : m_rows(rows)
        , m_leastDot(leastDot)
        , m_postings(rows.terms())
    {
    }

    void add(std::uint32_t row, std::uint32_t place)
    {
        const std::span<const Part> parts = m_rows[row];
        std::uint64_t square = 0;
        for (const Part &part : parts)
            square += std::uint64_t(part.weight) * part.weight;
        const auto number = std::uint32_t(m_pivots.size());
        std::size_t listed = 0;
        for (; listed < parts.size() && lengthOf(square) * kLongest >= m_leastDot; ++listed) {
            const Part &part = parts[listed];
            if (m_postings[part.term].empty())
                m_used.push_back(part.term);
            m_postings[part.term].push_back({number, part.weight});
            square -= std::uint64_t(part.weight) * part.weight;
        }
        m_pivots.push_back({parts.subspan(listed), place, lengthOf(square)});
    }

    void clear()
    {
        for (const std::uint32_t term : m_used)
            m_postings[term].clear();
        m_used.clear();
        m_pivots.clear();
    }

    struct Scratch {
        std::vector<std::uint32_t> products; ///< per pivot; all 0 between searches
        std::vector<std::uint32_t> touched;
        std::vector<std::uint32_t> lengths; ///< of the query from each of its terms on
    };

    void search(std::span<const Part> query, Scratch &scratch, Best &best) const
    {
        if (scratch.products.size() < m_pivots.size())
            scratch.products.resize(m_pivots.capacity(), 0);
        auto &[products, touched, lengths] = scratch;
        lengths.assign(query.size() + 1, 0);
        std::uint64_t square = 0;
        for (std::size_t i = query.size(); i-- > 0;) {
            square += std::uint64_t(query[i].weight) * query[i].weight;
            lengths[i] = lengthOf(square);
        }
        for (std::size_t i = 0; i < query.size(); ++i) {
            const bool mayStart = lengths[i] * kLongest >= m_leastDot;
            const std::uint32_t weight = query[i].weight;
            for (const Posting &posting : m_postings[query[i].term]) {
                std::uint32_t &product = products[posting.pivot];
                if (product == 0) {
                    if (!mayStart)
                        continue;
                    touched.push_back(posting.pivot);
                }
                product += weight * posting.weight;
            }
        }
        for (const std::uint32_t number : touched) {
            const std::uint64_t listed = std::exchange(products[number], 0);
            const Pivot &pivot = m_pivots[number];
            if (listed + std::uint64_t(pivot.restLength) * lengths[0] < m_leastDot)
                continue;
            std::uint64_t product = listed;
            if (!pivot.rest.empty()) {
                const auto from =
                    std::lower_bound(query.begin(), query.end(), pivot.rest.front().term,
                                     [](const Part &part, std::uint32_t term) { return part.term < term; });
                const auto place = std::size_t(from - query.begin());
                if (listed + std::uint64_t(pivot.restLength) * lengths[place] < m_leastDot)
                    continue;
                product += dot(query.subspan(place), pivot.rest);
            }
            if (product >= m_leastDot)
                best.offer(product, pivot.place);
        }
        touched.clear();
    }

private:
    struct Posting {
        std::uint32_t pivot = 0, weight = 0;
    };
    struct Pivot {
        std::span<const Part> rest; ///< not listed: its commonest terms
        std::uint32_t place = 0;
        std::uint32_t restLength = 0;
    };

    const Rows &m_rows;
    std::uint64_t m_leastDot;
    std::vector<std::vector<Posting>> m_postings; ///< by term
    std::vector<std::uint32_t> m_used;
    std::vector<Pivot> m_pivots;
};

}

std::vector<std::uint32_t> choosePivots(const Rows &rows, std::span<const std::uint32_t> order, std::uint64_t leastDot,
                                        unsigned threads, std::stop_token stop)
{
    constexpr std::size_t kBatch = 4096, kChunk = 64;
    PivotIndex all(rows, leastDot), recent(rows, leastDot);
    PivotIndex::Scratch own;
    std::vector<std::uint32_t> pivotOf;
    pivotOf.reserve(order.size());
    std::vector<Best> best;
    std::vector<std::uint32_t> added;
    // A batch looks at the pivots before it side by side, then at its own one after the other: the same choice as one
    // by one, for any size of the batch.
    for (std::size_t begin = 0; begin < order.size(); begin += kBatch) {
        const std::size_t count = std::min(order.size() - begin, kBatch);
        best.assign(count, {});
        const bool done = parallelFor(count, kChunk, threads, stop, [&](std::size_t from, std::size_t to) {
            thread_local PivotIndex::Scratch scratch;
            for (std::size_t i = from; i < to; ++i)
                all.search(rows[order[begin + i]], scratch, best[i]);
        });
        if (!done)
            break;
        added.clear();
        recent.clear();
        for (std::size_t i = 0; i < count; ++i) {
            const auto place = std::uint32_t(begin + i);
            recent.search(rows[order[place]], own, best[i]);
            if (best[i].dot > 0) {
                pivotOf.push_back(best[i].place);
                continue;
            }
            pivotOf.push_back(place);
            recent.add(order[place], place);
            added.push_back(place);
        }
        for (const std::uint32_t place : added)
            all.add(order[place], place);
    }
    return pivotOf;
}

}
