#include "core/stages/cluster/borders.h"

#include <algorithm>
#include <tuple>

#include "core/math/elementary.h"

namespace winnow::cluster
{

namespace
{

/// The member that is most similar to the other side; of equal ones the first.
std::uint32_t nearestTo(const Sum &side, const Rows &rows, std::span<const std::uint32_t> members)
{
    std::uint32_t best = members.front();
    std::uint64_t most = 0;
    for (const std::uint32_t row : members) {
        Sum one;
        for (const Part &part : rows[row])
            one.entries.push_back({part.term, part.weight});
        if (const std::uint64_t product = dot(one, side); product > most) {
            most = product;
            best = row;
        }
    }
    return best;
}

}

std::vector<Border> borderPairs(const Rows &rows, std::span<const Sum> sums, std::span<const std::uint32_t> groupOf,
                                std::span<const Pair> apart, std::uint64_t leastDot, std::size_t count,
                                unsigned threads, std::stop_token stop)
{
    std::vector<std::vector<std::uint32_t>> members(sums.size());
    for (std::uint32_t row = 0; row < rows.size(); ++row)
        members[groupOf[row]].push_back(row);
    struct Candidate {
        double gain = 0;
        Pair pair;
    };
    std::vector<Candidate> candidates;
    for (const Pair &pair : candidatePairs(sums, rows.terms(), leastDot / 2, threads, stop)) {
        if (std::binary_search(apart.begin(), apart.end(), pair))
            continue;
        const Sum &a = sums[pair.first], &b = sums[pair.second];
        const double linkage = double(dot(a, b)) / (double(a.count) * double(b.count));
        const double gain = double(std::min(a.count, b.count)) * std::min(1.0, linkage / double(leastDot));
        candidates.push_back({math::round6(gain), pair});
    }
    std::sort(candidates.begin(), candidates.end(), [](const Candidate &x, const Candidate &y) {
        return x.gain != y.gain ? x.gain > y.gain : x.pair < y.pair;
    });
    candidates.resize(std::min(candidates.size(), count));
    std::vector<Border> borders;
    for (const Candidate &candidate : candidates) {
        const auto [a, b] = candidate.pair;
        borders.push_back({nearestTo(sums[b], rows, members[a]), nearestTo(sums[a], rows, members[b]), candidate.gain});
    }
    return borders;
}

}
