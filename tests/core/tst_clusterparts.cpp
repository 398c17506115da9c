#include <QtTest>

#include <algorithm>
#include <map>
#include <numeric>
#include <rapidcheck.h>
#include <set>

#include "core/domain/lexicalterm.h"
#include "core/stages/cluster/borders.h"
#include "core/stages/cluster/dense.h"
#include "core/stages/cluster/linkage.h"
#include "core/stages/cluster/pivots.h"
#include "core/stages/cluster/rows.h"

using namespace winnow;
using namespace winnow::cluster;

namespace
{

/// Unit vectors over few terms, so that many are alike.
std::vector<SparseVector> someVectors(std::size_t atMost, std::uint32_t terms)
{
    const auto count = *rc::gen::inRange<std::size_t>(1, atMost + 1);
    std::vector<SparseVector> vectors(count);
    for (SparseVector &vector : vectors) {
        std::map<std::uint32_t, int> weights;
        const auto parts = *rc::gen::inRange(1, 6);
        for (int i = 0; i < parts; ++i)
            weights[lexical::makeTerm(*rc::gen::inRange<std::uint32_t>(1, terms) << 6, false,
                                      *rc::gen::inRange(8u, 32u))] = *rc::gen::inRange(1, 10);
        double square = 0;
        for (const auto &[term, weight] : weights)
            square += weight * weight;
        for (const auto &[term, weight] : weights)
            vector.entries.emplace_back(term, std::uint16_t(weight * 1024 / std::sqrt(square) + 0.5));
    }
    return vectors;
}

Rows rowsOf(const std::vector<SparseVector> &vectors, std::span<const std::uint32_t> times)
{
    std::vector<const SparseVector *> pointers;
    for (const SparseVector &vector : vectors)
        pointers.push_back(&vector);
    return Rows::ofBlock(pointers, times);
}

/// One sum per row, without second order.
std::vector<Sum> eachSum(const Rows &rows, std::span<const std::uint32_t> times)
{
    std::vector<std::uint32_t> groupOf(rows.size());
    std::iota(groupOf.begin(), groupOf.end(), 0u);
    return sumsOf(rows, Landmarks(rows, 0), times, groupOf, rows.size(), 1);
}

/// Average linkage the slow way: every time the best of all pairs, equal ones by their numbers.
std::vector<std::uint32_t> slowAverageLinkage(std::vector<Sum> sums, const std::vector<Pair> &apart,
                                              std::uint64_t least)
{
    std::vector<std::uint32_t> root(sums.size());
    std::iota(root.begin(), root.end(), 0u);
    const auto forbidden = [&](std::uint32_t a, std::uint32_t b) {
        return std::any_of(apart.begin(), apart.end(), [&](const Pair &pair) {
            return std::minmax(root[pair.first], root[pair.second]) == std::minmax(a, b);
        });
    };
    while (true) {
        Pair best{0, 0};
        Wide bestDot = 0, bestCounts = 1;
        for (std::uint32_t a = 0; a < sums.size(); ++a)
            for (std::uint32_t b = a + 1; b < sums.size(); ++b) {
                if (root[a] != a || root[b] != b || forbidden(a, b))
                    continue;
                const Wide product = dot(sums[a], sums[b]), counts = Wide(sums[a].count) * sums[b].count;
                if (product >= counts * least && product * bestCounts > bestDot * counts) {
                    best = {a, b};
                    bestDot = product;
                    bestCounts = counts;
                }
            }
        if (best == Pair{0, 0})
            return root;
        sums[best.first].add(sums[best.second]);
        for (std::uint32_t &r : root)
            if (r == best.second)
                r = best.first;
    }
}

std::vector<Pair> somePairs(std::size_t count, std::size_t atMost)
{
    std::set<Pair> pairs;
    const auto wanted = *rc::gen::inRange<std::size_t>(0, atMost + 1);
    for (std::size_t i = 0; i < wanted && count > 1; ++i) {
        const auto a = *rc::gen::inRange<std::uint32_t>(0, std::uint32_t(count));
        const auto b = *rc::gen::inRange<std::uint32_t>(0, std::uint32_t(count));
        if (a != b)
            pairs.insert(std::minmax(a, b));
    }
    return {pairs.begin(), pairs.end()};
}

}

class TestClusterParts : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void rowsAreUnitAndRarestFirst();
    void burstsWeighMore();
    void pivotsAreThoseOfTheSlowWay();
    void candidatesAreAllPairsAtTheCut();
    void agglomerationIsAverageLinkage();
    void denseGroupsHonourApart();
    void denseGroupsDoNotDependOnThreads();
    void likenessToTheSameTextsJoins();
    void bordersAreBetweenGroups();
};

void TestClusterParts::rowsAreUnitAndRarestFirst()
{
    QVERIFY(rc::check([] {
        const auto vectors = someVectors(20, 30);
        const std::vector<std::uint32_t> times(vectors.size(), 1);
        const Rows rows = rowsOf(vectors, times);
        std::map<std::uint32_t, int> holders;
        for (std::size_t i = 0; i < rows.size(); ++i)
            for (const Part &part : rows[i])
                ++holders[part.term];
        for (std::size_t i = 0; i < rows.size(); ++i) {
            RC_ASSERT(rows[i].size() == vectors[i].entries.size());
            std::uint64_t square = 0;
            for (std::size_t k = 0; k < rows[i].size(); ++k) {
                square += std::uint64_t(rows[i][k].weight) * rows[i][k].weight;
                RC_ASSERT((k == 0 || rows[i][k - 1].term < rows[i][k].term));
                RC_ASSERT((k == 0 || holders[rows[i][k - 1].term] <= holders[rows[i][k].term]));
            }
            RC_ASSERT(square <= kLongest * kLongest);
            RC_ASSERT(square >= (kUnit - 8) * (kUnit - 8));
        }
    }));
}

void TestClusterParts::burstsWeighMore()
{
    // Both words are equally rare in general; one is in every text of the block.
    const std::uint32_t common = lexical::makeTerm(1 << 6, false, 12);
    std::vector<SparseVector> vectors;
    for (std::uint32_t i = 0; i < 50; ++i)
        vectors.push_back({{{common, 724}, {lexical::makeTerm((i + 2) << 6, false, 12), 724}}});
    const std::vector<std::uint32_t> times(vectors.size(), 1);
    const Rows rows = rowsOf(vectors, times);
    for (std::size_t i = 0; i < rows.size(); ++i) {
        QCOMPARE(rows[i].size(), std::size_t(2));
        QVERIFY(rows[i][1].weight > 2 * rows[i][0].weight);
    }
}

void TestClusterParts::pivotsAreThoseOfTheSlowWay()
{
    QVERIFY(rc::check([] {
        const auto vectors = someVectors(60, 12);
        const std::vector<std::uint32_t> times(vectors.size(), 1);
        const Rows rows = rowsOf(vectors, times);
        std::vector<std::uint32_t> order(rows.size());
        std::iota(order.begin(), order.end(), 0u);
        const auto least = std::uint64_t(*rc::gen::inRange(200, 900)) * kOne / 1000;
        std::vector<std::uint32_t> wanted;
        for (std::uint32_t i = 0; i < order.size(); ++i) {
            std::uint32_t best = i;
            std::uint64_t most = 0;
            for (std::uint32_t k = 0; k < i; ++k)
                if (const std::uint64_t product = dot(rows[i], rows[k]);
                    wanted[k] == k && product >= least && product > most) {
                    best = k;
                    most = product;
                }
            wanted.push_back(best);
        }
        RC_ASSERT(choosePivots(rows, order, least, 1, {}) == wanted);
        RC_ASSERT(choosePivots(rows, order, least, 3, {}) == wanted);
    }));
}

void TestClusterParts::candidatesAreAllPairsAtTheCut()
{
    QVERIFY(rc::check([] {
        const auto vectors = someVectors(40, 12);
        const std::vector<std::uint32_t> times(vectors.size(), 1);
        const Rows rows = rowsOf(vectors, times);
        const std::uint64_t least = kOne * 3 / 10;
        const auto pairs = candidatePairs(eachSum(rows, times), rows.terms(), least, 2, {});
        RC_ASSERT(std::is_sorted(pairs.begin(), pairs.end()));
        for (std::uint32_t a = 0; a < rows.size(); ++a)
            for (std::uint32_t b = a + 1; b < rows.size(); ++b)
                if (dot(rows[a], rows[b]) >= least)
                    RC_ASSERT(std::binary_search(pairs.begin(), pairs.end(), Pair{a, b}));
    }));
}

void TestClusterParts::agglomerationIsAverageLinkage()
{
    QVERIFY(rc::check([] {
        const auto vectors = someVectors(25, 10);
        std::vector<std::uint32_t> times;
        for (std::size_t i = 0; i < vectors.size(); ++i)
            times.push_back(*rc::gen::inRange(1u, 4u));
        const Rows rows = rowsOf(vectors, times);
        const std::vector<Sum> sums = eachSum(rows, times);
        const auto apart = somePairs(sums.size(), 4);
        const std::uint64_t least = kOne * 3 / 10;
        const auto pairs = candidatePairs(sums, rows.terms(), least, 1, {});
        const auto wanted = slowAverageLinkage(sums, apart, least);
        RC_ASSERT(agglomerate(sums, pairs, apart, least, 1, {}) == wanted);
        RC_ASSERT(agglomerate(sums, pairs, apart, least, 3, {}) == wanted);
    }));
}

void TestClusterParts::denseGroupsHonourApart()
{
    QVERIFY(rc::check([] {
        const auto vectors = someVectors(30, 8);
        const std::vector<std::uint32_t> times(vectors.size(), 1);
        const Rows rows = rowsOf(vectors, times);
        // Some units hold two rows.
        std::vector<std::uint32_t> unitOf;
        std::uint32_t units = 0;
        for (std::size_t i = 0; i < rows.size(); ++i)
            unitOf.push_back(units > 0 && *rc::gen::inRange(0, 4) == 0 ? units - 1 : units++);
        const auto apart = somePairs(units, 6);
        const auto groups = groupDensely({rows, times, unitOf, units, apart}, {}, {});
        RC_ASSERT(groups.size() == units);
        for (std::uint32_t unit = 0; unit < units; ++unit) {
            RC_ASSERT(groups[unit] <= unit);
            RC_ASSERT(groups[groups[unit]] == groups[unit]);
        }
        for (const auto &[a, b] : apart)
            RC_ASSERT(groups[a] != groups[b]);
    }));
}

void TestClusterParts::denseGroupsDoNotDependOnThreads()
{
    QVERIFY(rc::check([] {
        const auto vectors = someVectors(80, 15);
        const std::vector<std::uint32_t> times(vectors.size(), 1);
        const Rows rows = rowsOf(vectors, times);
        std::vector<std::uint32_t> unitOf(rows.size());
        std::iota(unitOf.begin(), unitOf.end(), 0u);
        const DenseInput input{rows, times, unitOf, std::uint32_t(rows.size()), {}};
        RC_ASSERT(groupDensely(input, {0.45, 0.5, 1}, {}) == groupDensely(input, {0.45, 0.5, 4}, {}));
    }));
}

void TestClusterParts::likenessToTheSameTextsJoins()
{
    // x and y share nothing, but both are like each of the texts between them.
    const auto term = [](std::uint32_t number) { return lexical::makeTerm(number << 6, false, 20); };
    const std::vector<SparseVector> vectors{{{{term(1), 1024}}},
                                            {{{term(2), 1024}}},
                                            {{{term(1), 724}, {term(2), 724}}},
                                            {{{term(1), 724}, {term(2), 724}}},
                                            {{{term(3), 1024}}}};
    const std::vector<std::uint32_t> times{1, 1, 1, 1, 1}, unitOf{0, 1, 2, 3, 4};
    const Rows rows = rowsOf(vectors, times);
    const DenseInput input{rows, times, unitOf, 5, {}};
    const auto groups = groupDensely(input, {}, {});
    QCOMPARE(groups, (std::vector<std::uint32_t>{0, 0, 0, 0, 4}));
    const auto without = groupDensely(input, {0.8, 0.0, 1}, {});
    QVERIFY(without[0] != without[1]);
}

void TestClusterParts::bordersAreBetweenGroups()
{
    QVERIFY(rc::check([] {
        const auto vectors = someVectors(30, 10);
        const std::vector<std::uint32_t> times(vectors.size(), 1);
        const Rows rows = rowsOf(vectors, times);
        std::vector<std::uint32_t> groupOf;
        for (std::size_t i = 0; i < rows.size(); ++i)
            groupOf.push_back(std::uint32_t(i / 3));
        const std::size_t groups = groupOf.back() + 1;
        const auto apart = somePairs(groups, 3);
        const auto borders = borderPairs(rows, sumsOf(rows, Landmarks(rows, 0.5), times, groupOf, groups, 1), groupOf,
                                         apart, kOne * 3 / 10, 5, 1, {});
        RC_ASSERT(borders.size() <= 5u);
        for (std::size_t i = 0; i < borders.size(); ++i) {
            const Pair pair = std::minmax(groupOf[borders[i].rowA], groupOf[borders[i].rowB]);
            RC_ASSERT(pair.first != pair.second);
            RC_ASSERT(!std::binary_search(apart.begin(), apart.end(), pair));
            RC_ASSERT(borders[i].gain > 0);
            RC_ASSERT(i == 0 || borders[i - 1].gain >= borders[i].gain);
        }
    }));
}

QTEST_GUILESS_MAIN(TestClusterParts)
#include "tst_clusterparts.moc"
