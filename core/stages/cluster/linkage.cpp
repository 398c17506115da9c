#include "core/stages/cluster/linkage.h"

#include <algorithm>
#include <numeric>
#include <tuple>

#include "core/base/parallel.h"
#include "core/stages/cluster/pivots.h"

namespace winnow::cluster {

namespace {

/// A summary's mean, finer than a unit so that the terms of few members do not vanish.
constexpr std::uint64_t kFiner = 16;

std::vector<Part> meanOf(const Sum &sum)
{
    std::vector<Part> mean;
    mean.reserve(sum.entries.size());
    for (const Sum::Entry &entry : sum.entries)
        if (const std::uint64_t weight = (entry.weight * kFiner + sum.count / 2) / sum.count; weight > 0)
            mean.push_back({entry.term, std::uint32_t(weight)});
    return mean;
}

struct Edge {
    std::uint32_t to = 0;
    std::uint64_t dot = 0;
};

constexpr std::uint32_t kNobody = ~std::uint32_t(0);

class Agglomeration
{
public:
    Agglomeration(std::vector<Sum> sums, std::span<const Pair> pairs, std::span<const Pair> apart,
                  std::uint64_t leastDot, unsigned threads)
        : m_sums(std::move(sums))
        , m_edges(m_sums.size())
        , m_apart(m_sums.size())
        , m_nearest(m_sums.size(), kNobody)
        , m_root(m_sums.size())
        , m_mark(m_sums.size(), 0)
        , m_leastDot(leastDot)
        , m_threads(threads)
    {
        std::iota(m_root.begin(), m_root.end(), 0u);
        for (const auto &[a, b] : apart) {
            m_apart[a].push_back(b);
            m_apart[b].push_back(a);
        }
        for (auto &others : m_apart)
            std::sort(others.begin(), others.end());
        std::vector<std::uint64_t> dots(pairs.size());
        parallelFor(pairs.size(), 4096, m_threads, {}, [&](std::size_t begin, std::size_t end) {
            for (std::size_t i = begin; i < end; ++i)
                dots[i] = dot(m_sums[pairs[i].first], m_sums[pairs[i].second]);
        });
        for (std::size_t i = 0; i < pairs.size(); ++i) {
            const auto [a, b] = pairs[i];
            if (isApart(a, b))
                continue;
            m_edges[a].push_back({b, dots[i]});
            m_edges[b].push_back({a, dots[i]});
        }
        for (auto &edges : m_edges)
            std::sort(edges.begin(), edges.end(), [](const Edge &x, const Edge &y) { return x.to < y.to; });
    }

    std::vector<std::uint32_t> run(std::stop_token stop)
    {
        std::vector<std::uint32_t> touched(m_sums.size());
        std::iota(touched.begin(), touched.end(), 0u);
        while (!touched.empty() && !stop.stop_requested()) {
            parallelFor(touched.size(), 256, m_threads, {}, [&](std::size_t begin, std::size_t end) {
                for (std::size_t i = begin; i < end; ++i)
                    m_nearest[touched[i]] = nearestOf(touched[i]);
            });
            // Who is not touched keeps its neighbour, so a new reciprocal pair has a touched end.
            std::vector<Pair> merges;
            for (const std::uint32_t a : touched)
                if (const std::uint32_t b = m_nearest[a]; b != kNobody && m_nearest[b] == a)
                    merges.emplace_back(std::min(a, b), std::max(a, b));
            std::sort(merges.begin(), merges.end());
            merges.erase(std::unique(merges.begin(), merges.end()), merges.end());
            touched = merge(merges);
        }
        std::vector<std::uint32_t> roots(m_root.size());
        for (std::uint32_t i = 0; i < roots.size(); ++i)
            roots[i] = m_root[i] == i ? i : roots[m_root[i]];
        return roots;
    }

private:
    bool isApart(std::uint32_t a, std::uint32_t b) const
    {
        return !m_apart[a].empty() && std::binary_search(m_apart[a].begin(), m_apart[a].end(), b);
    }

    /// Is the linkage of a with x above that with y? Equal ones by the numbers of the pair.
    bool nearer(std::uint32_t a, const Edge &x, const Edge &y) const
    {
        const Wide left = Wide(x.dot) * m_sums[y.to].count, right = Wide(y.dot) * m_sums[x.to].count;
        if (left != right)
            return left > right;
        return std::minmax(a, x.to) < std::minmax(a, y.to);
    }

    std::uint32_t nearestOf(std::uint32_t a) const
    {
        const Edge *best = nullptr;
        for (const Edge &edge : m_edges[a])
            if (Wide(edge.dot) >= Wide(m_leastDot) * m_sums[a].count * m_sums[edge.to].count
                && (!best || nearer(a, edge, *best)))
                best = &edge;
        return best ? best->to : kNobody;
    }

    /// Merges pairs that have no end in common. \returns whose edges changed, sorted.
    std::vector<std::uint32_t> merge(const std::vector<Pair> &merges)
    {
        // Every mark is read from the state before, written to the state after, so work can go on side by side.
        ++m_round;
        std::vector<std::uint32_t> touched;
        for (const auto &[a, b] : merges) {
            m_root[b] = a;
            for (const std::uint32_t end : {a, b})
                m_partner.resize(m_sums.size(), kNobody), m_partner[end] = end == a ? b : a;
        }
        const auto touch = [&](std::uint32_t cluster) {
            const std::uint32_t into = m_root[cluster];
            if (m_mark[into] != m_round) {
                m_mark[into] = m_round;
                touched.push_back(into);
            }
        };
        for (const auto &[a, b] : merges) {
            touch(a);
            for (const std::uint32_t end : {a, b})
                for (const Edge &edge : m_edges[end])
                    touch(edge.to);
        }
        std::sort(touched.begin(), touched.end());

        for (const auto &[a, b] : merges)
            uniteApart(a, b);
        std::vector<std::vector<Edge>> fresh(touched.size());
        parallelFor(touched.size(), 64, m_threads, {}, [&](std::size_t begin, std::size_t end) {
            for (std::size_t i = begin; i < end; ++i)
                fresh[i] = edgesAfter(touched[i]);
        });
        for (std::size_t i = 0; i < touched.size(); ++i)
            m_edges[touched[i]] = std::move(fresh[i]);
        parallelFor(merges.size(), 16, m_threads, {}, [&](std::size_t begin, std::size_t end) {
            for (std::size_t i = begin; i < end; ++i) {
                const auto [a, b] = merges[i];
                m_sums[a].add(m_sums[b]);
                m_sums[b] = {};
            }
        });
        for (const auto &[a, b] : merges) {
            m_edges[b] = {};
            m_partner[a] = m_partner[b] = kNobody;
            m_nearest[b] = kNobody;
        }
        return touched;
    }

    void uniteApart(std::uint32_t a, std::uint32_t b)
    {
        for (const std::uint32_t other : m_apart[b]) {
            auto &theirs = m_apart[other];
            theirs.erase(std::lower_bound(theirs.begin(), theirs.end(), b));
            if (const auto at = std::lower_bound(theirs.begin(), theirs.end(), a); at == theirs.end() || *at != a)
                theirs.insert(at, a);
        }
        std::vector<std::uint32_t> both;
        std::set_union(m_apart[a].begin(), m_apart[a].end(), m_apart[b].begin(), m_apart[b].end(),
                       std::back_inserter(both));
        m_apart[a] = std::move(both);
        m_apart[b] = {};
    }

    std::uint32_t partnerOf(std::uint32_t cluster) const
    {
        return cluster < m_partner.size() ? m_partner[cluster] : kNobody;
    }

    static const Edge *findEdge(const std::vector<Edge> &edges, std::uint32_t to)
    {
        const auto at =
            std::lower_bound(edges.begin(), edges.end(), to, [](const Edge &e, std::uint32_t t) { return e.to < t; });
        return at != edges.end() && at->to == to ? &*at : nullptr;
    }

    std::uint64_t dotBefore(std::uint32_t a, std::uint32_t b) const
    {
        if (const Edge *edge = findEdge(m_edges[a], b))
            return edge->dot;
        return dot(m_sums[a], m_sums[b]);
    }

    /// The edges of a cluster (old number of its first half) after this round's merges.
    std::vector<Edge> edgesAfter(std::uint32_t cluster) const
    {
        const std::uint32_t partner = partnerOf(cluster);
        std::vector<std::uint32_t> targets;
        for (const std::uint32_t end : {cluster, partner})
            if (end != kNobody)
                for (const Edge &edge : m_edges[end])
                    targets.push_back(m_root[edge.to]);
        std::sort(targets.begin(), targets.end());
        targets.erase(std::unique(targets.begin(), targets.end()), targets.end());
        std::vector<Edge> edges;
        edges.reserve(targets.size());
        for (const std::uint32_t to : targets) {
            if (to == cluster || isApart(cluster, to))
                continue;
            std::uint64_t sum = 0;
            const std::uint32_t second = partnerOf(to);
            for (const std::uint32_t x : {cluster, partner})
                for (const std::uint32_t y : {to, second})
                    if (x != kNobody && y != kNobody)
                        sum += dotBefore(x, y);
            edges.push_back({to, sum});
        }
        return edges;
    }

    std::vector<Sum> m_sums;
    std::vector<std::vector<Edge>> m_edges;
    std::vector<std::vector<std::uint32_t>> m_apart;
    std::vector<std::uint32_t> m_nearest, m_root, m_partner;
    std::vector<std::uint32_t> m_mark;
    std::uint32_t m_round = 0;
    std::uint64_t m_leastDot;
    unsigned m_threads;
};

}

std::vector<Pair> candidatePairs(std::span<const Sum> sums, std::uint32_t terms, std::uint64_t leastDot,
                                 unsigned threads, std::stop_token stop)
{
    Rows means(terms);
    for (const Sum &sum : sums)
        means.append(meanOf(sum));
    // A little below the cut, because means are rounded; agglomeration looks at the exact sums.
    const std::uint64_t least = leastDot * kFiner * kFiner / 1000 * 995;
    PrefixIndex index(means, least, (kUnit + 16) * kFiner);
    for (std::uint32_t i = 0; i < sums.size(); ++i)
        index.add(i);
    constexpr std::size_t kChunk = 256;
    std::vector<std::vector<Pair>> found((sums.size() + kChunk - 1) / kChunk);
    parallelFor(sums.size(), kChunk, threads, stop, [&](std::size_t begin, std::size_t end) {
        thread_local PrefixIndex::Scratch scratch;
        auto &pairs = found[begin / kChunk];
        for (std::size_t i = begin; i < end; ++i) {
            const auto own = std::uint32_t(i);
            index.search(means[i], scratch, [&](std::uint32_t other, std::uint64_t) {
                if (own < other)
                    pairs.emplace_back(own, other);
            });
        }
    });
    std::vector<Pair> all;
    for (auto &pairs : found) {
        std::sort(pairs.begin(), pairs.end());
        all.insert(all.end(), pairs.begin(), pairs.end());
        pairs = {};
    }
    return all;
}

std::vector<std::uint32_t> agglomerate(std::vector<Sum> sums, std::span<const Pair> pairs, std::span<const Pair> apart,
                                       std::uint64_t leastDot, unsigned threads, std::stop_token stop)
{
    return Agglomeration(std::move(sums), pairs, apart, leastDot, threads).run(stop);
}

}
