#include "core/stages/cluster/linkage.h"

#include <algorithm>
#include <functional>
#include <numeric>
#include <tuple>

#include "core/base/parallel.h"

namespace winnow::cluster
{

namespace
{

constexpr std::uint64_t kFiner = 4; ///< a summary's mean is finer than a unit: its terms are lighter than a text's
constexpr std::uint64_t kDropped = kUnit * kFiner / 20; ///< length of what is left out of a mean
constexpr double kSlack = 0.97; ///< for what is left out: agglomeration looks at the exact sums

/// A summary's mean without its lightest terms, which are most of a large summary and decide nothing.
std::vector<Part> meanOf(const Sum &sum)
{
    std::vector<Part> mean;
    mean.reserve(sum.entries.size());
    for (const Sum::Entry &entry : sum.entries)
        if (const std::uint64_t weight = (entry.weight * kFiner + sum.count / 2) / sum.count; weight > 0)
            mean.push_back({entry.term, std::uint32_t(weight)});
    if (sum.count == 1)
        return mean;
    std::sort(mean.begin(), mean.end(), [](const Part &a, const Part &b) {
        return a.weight != b.weight ? a.weight > b.weight : a.term < b.term;
    });
    std::uint64_t dropped = 0;
    while (!mean.empty()) {
        dropped += std::uint64_t(mean.back().weight) * mean.back().weight;
        if (dropped > kDropped * kDropped)
            break;
        mean.pop_back();
    }
    std::sort(mean.begin(), mean.end(), [](const Part &a, const Part &b) { return a.term < b.term; });
    return mean;
}

constexpr std::size_t kNearest = 24; ///< candidates that a summary has among those before it
constexpr std::size_t kCommon = 8192; ///< a term of more summaries finds nobody: it only counts
constexpr std::uint64_t kFoundBy = 3; ///< the terms that find give at least one in so many parts of the cut

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
        , m_partner(m_sums.size(), kNobody)
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
            if (isApart(a, b) || !reachesCut(dots[i], m_sums[a].count, m_sums[b].count))
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

    bool reachesCut(std::uint64_t product, std::uint64_t countA, std::uint64_t countB) const
    {
        return product >= Wide(m_leastDot) * countA * countB;
    }

    std::uint32_t nearestOf(std::uint32_t a) const
    {
        const Edge *best = nullptr;
        for (const Edge &edge : m_edges[a])
            if (!best || nearer(a, edge, *best))
                best = &edge;
        return best ? best->to : kNobody;
    }

    /// Merges pairs that have no end in common. \returns whose edges changed, sorted.
    std::vector<std::uint32_t> merge(const std::vector<Pair> &merges)
    {
        for (const auto &[a, b] : merges) {
            m_root[b] = a;
            m_partner[a] = b;
            m_partner[b] = a;
        }
        for (const auto &[a, b] : merges)
            uniteApart(a, b);
        // Read from the state before, written beside it: work can go on side by side.
        std::vector<std::vector<Edge>> fresh(merges.size());
        parallelFor(merges.size(), 4, m_threads, {}, [&](std::size_t begin, std::size_t end) {
            for (std::size_t i = begin; i < end; ++i)
                fresh[i] = edgesAfter(merges[i]);
        });
        std::vector<Change> changes;
        for (std::size_t i = 0; i < merges.size(); ++i) {
            for (const std::uint32_t half : {merges[i].first, merges[i].second})
                for (const Edge &edge : m_edges[half])
                    if (m_partner[edge.to] == kNobody)
                        changes.push_back({edge.to, {merges[i].first, 0}});
            for (const Edge &edge : fresh[i])
                if (m_partner[edge.to] == kNobody)
                    changes.push_back({edge.to, {merges[i].first, edge.dot}});
        }
        std::sort(changes.begin(), changes.end(), [](const Change &x, const Change &y) {
            return std::tie(x.cluster, x.edge.to, x.edge.dot) < std::tie(y.cluster, y.edge.to, y.edge.dot);
        });
        std::vector<std::uint32_t> touched = applyChanges(changes);
        for (std::size_t i = 0; i < merges.size(); ++i) {
            const auto [a, b] = merges[i];
            m_edges[a] = std::move(fresh[i]);
            m_edges[b] = {};
            m_nearest[b] = kNobody;
            touched.push_back(a);
        }
        std::sort(touched.begin(), touched.end());
        parallelFor(merges.size(), 16, m_threads, {}, [&](std::size_t begin, std::size_t end) {
            for (std::size_t i = begin; i < end; ++i) {
                m_sums[merges[i].first].add(m_sums[merges[i].second]);
                m_sums[merges[i].second] = {};
            }
        });
        for (const auto &[a, b] : merges)
            m_partner[a] = m_partner[b] = kNobody;
        return touched;
    }

    /// A cluster that did not merge has another edge to one that did; dot 0: its edge to one half is gone.
    struct Change {
        std::uint32_t cluster = 0;
        Edge edge;
    };

    std::vector<std::uint32_t> applyChanges(const std::vector<Change> &changes)
    {
        std::vector<std::uint32_t> touched;
        std::vector<Edge> kept;
        for (std::size_t i = 0; i < changes.size();) {
            const std::uint32_t cluster = changes[i].cluster;
            auto &edges = m_edges[cluster];
            kept.clear();
            auto old = edges.begin();
            const auto keepOld = [&](std::uint32_t below) {
                for (; old != edges.end() && old->to < below; ++old)
                    if (m_partner[old->to] == kNobody)
                        kept.push_back(*old);
            };
            for (; i < changes.size() && changes[i].cluster == cluster; ++i) {
                if (changes[i].edge.dot == 0)
                    continue;
                keepOld(changes[i].edge.to);
                kept.push_back(changes[i].edge);
            }
            keepOld(kNobody);
            edges.assign(kept.begin(), kept.end());
            touched.push_back(cluster);
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

    /// The edges of a pair's union after this round. A pair of clusters without an edge is below the cut, and so is
    /// every union of such pairs: a linkage that falls below is never needed again.
    std::vector<Edge> edgesAfter(const Pair &merged) const
    {
        const auto [a, b] = merged;
        std::vector<std::uint32_t> targets;
        targets.reserve(m_edges[a].size() + m_edges[b].size());
        for (const std::uint32_t half : {a, b})
            for (const Edge &edge : m_edges[half])
                targets.push_back(m_root[edge.to]);
        std::sort(targets.begin(), targets.end());
        targets.erase(std::unique(targets.begin(), targets.end()), targets.end());
        std::vector<Edge> edges;
        const std::uint64_t count = m_sums[a].count + m_sums[b].count;
        for (const std::uint32_t to : targets) {
            if (to == a || isApart(a, to))
                continue;
            std::uint64_t sum = dotBefore(a, to) + dotBefore(b, to), others = m_sums[to].count;
            if (const std::uint32_t second = m_partner[to]; second != kNobody) {
                sum += dotBefore(a, second) + dotBefore(b, second);
                others += m_sums[second].count;
            }
            if (reachesCut(sum, count, others))
                edges.push_back({to, sum});
        }
        return edges;
    }

    std::vector<Sum> m_sums;
    std::vector<std::vector<Edge>> m_edges;
    std::vector<std::vector<std::uint32_t>> m_apart;
    std::vector<std::uint32_t> m_nearest, m_root, m_partner; ///< m_partner: the other half while a round lasts
    std::uint64_t m_leastDot;
    unsigned m_threads;
};

}

std::vector<Pair> candidatePairs(std::span<const Sum> sums, std::uint32_t terms, std::uint64_t leastDot,
                                 unsigned threads, std::stop_token stop)
{
    struct Posting {
        std::uint32_t row = 0, weight = 0;
    };
    struct Mean {
        std::vector<Part> finding, counting; ///< each by term
    };
    std::vector<Mean> means(sums.size());
    parallelFor(sums.size(), 256, threads, stop, [&](std::size_t begin, std::size_t end) {
        for (std::size_t i = begin; i < end; ++i)
            means[i].finding = meanOf(sums[i]);
    });
    std::vector<std::uint32_t> holders(terms, 0);
    for (const Mean &mean : means)
        for (const Part &part : mean.finding)
            if (part.term < terms)
                ++holders[part.term];
    std::vector<std::vector<Posting>> postings(terms);
    for (std::uint32_t i = 0; i < means.size(); ++i) {
        auto &[finding, counting] = means[i];
        const auto finds = [&](const Part &part) { return part.term < terms && holders[part.term] <= kCommon; };
        std::copy_if(finding.begin(), finding.end(), std::back_inserter(counting), std::not_fn(finds));
        finding.erase(std::remove_if(finding.begin(), finding.end(), std::not_fn(finds)), finding.end());
        for (const Part &part : finding)
            postings[part.term].push_back({i, part.weight});
    }

    const auto least = std::uint64_t(double(leastDot * kFiner * kFiner) * kSlack);
    const std::uint64_t leastFound = std::max<std::uint64_t>(least / kFoundBy, 1);
    constexpr std::size_t kChunk = 128;
    std::vector<std::vector<Pair>> chunks((sums.size() + kChunk - 1) / kChunk);
    parallelFor(sums.size(), kChunk, threads, stop, [&](std::size_t begin, std::size_t end) {
        thread_local std::vector<std::uint32_t> products; // all 0 between searches
        if (products.size() < end)
            products.resize(sums.size(), 0);
        std::vector<std::uint32_t> touched;
        std::vector<std::pair<std::uint64_t, std::uint32_t>> nearest;
        for (std::size_t i = begin; i < end; ++i) {
            for (const Part &part : means[i].finding)
                for (const Posting &posting : postings[part.term]) {
                    if (posting.row >= i)
                        break;
                    std::uint32_t &product = products[posting.row];
                    if (product == 0)
                        touched.push_back(posting.row);
                    product += part.weight * posting.weight;
                }
            nearest.clear();
            for (const std::uint32_t other : touched) {
                std::uint64_t product = std::exchange(products[other], 0);
                if (product < leastFound)
                    continue;
                product += dot(std::span<const Part>(means[i].counting), means[other].counting);
                if (product >= least)
                    nearest.emplace_back(product, other);
            }
            touched.clear();
            if (nearest.size() > kNearest) {
                std::nth_element(nearest.begin(), nearest.begin() + kNearest, nearest.end(), [](auto &x, auto &y) {
                    return x.first != y.first ? x.first > y.first : x.second < y.second;
                });
                nearest.resize(kNearest);
            }
            for (const auto &[product, other] : nearest)
                chunks[begin / kChunk].emplace_back(other, std::uint32_t(i));
        }
    });
    std::vector<Pair> all;
    for (auto &pairs : chunks) {
        all.insert(all.end(), pairs.begin(), pairs.end());
        pairs = {};
    }
    std::sort(all.begin(), all.end());
    return all;
}

std::vector<std::uint32_t> agglomerate(std::vector<Sum> sums, std::span<const Pair> pairs, std::span<const Pair> apart,
                                       std::uint64_t leastDot, unsigned threads, std::stop_token stop)
{
    return Agglomeration(std::move(sums), pairs, apart, leastDot, threads).run(stop);
}

}
