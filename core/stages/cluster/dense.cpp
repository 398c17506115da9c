#include "core/stages/cluster/dense.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>

#if defined(__SSE2__)
#include <emmintrin.h>
#endif

#include "core/base/parallel.h"

namespace winnow::cluster
{

namespace
{

constexpr std::size_t kAllColumns = 1024; ///< up to so many texts are all columns of the second order
constexpr std::size_t kLandmarks = 256; ///< else the first so many by hash
constexpr double kRowUnit = 16384; ///< length of a row of likenesses: dot products stay below 2^29
constexpr std::int64_t kForbidden = std::numeric_limits<std::int64_t>::min() / 4;

/// Square matrix of whole numbers.
template <typename T> class Square
{
public:
    explicit Square(std::size_t size)
        : m_size(size)
        , m_cells(size * size)
    {
    }
    [[nodiscard]] T *operator[](std::size_t row) { return m_cells.data() + row * m_size; }
    [[nodiscard]] const T *operator[](std::size_t row) const { return m_cells.data() + row * m_size; }
    [[nodiscard]] std::size_t size() const { return m_size; }

private:
    std::size_t m_size;
    std::vector<T> m_cells;
};

std::int32_t dot16(const std::int16_t *a, const std::int16_t *b, std::size_t count)
{
    std::size_t i = 0;
    std::int32_t sum = 0;
#if defined(__SSE2__)
    __m128i total = _mm_setzero_si128();
    for (; i + 8 <= count; i += 8)
        total = _mm_add_epi32(total,
                              _mm_madd_epi16(_mm_loadu_si128(reinterpret_cast<const __m128i *>(a + i)),
                                             _mm_loadu_si128(reinterpret_cast<const __m128i *>(b + i))));
    alignas(16) std::int32_t lanes[4];
    _mm_store_si128(reinterpret_cast<__m128i *>(lanes), total);
    sum = lanes[0] + lanes[1] + lanes[2] + lanes[3];
#endif
    for (; i < count; ++i)
        sum += std::int32_t(a[i]) * b[i];
    return sum;
}

/// Dot products of all rows with all rows.
Square<std::int32_t> cosines(const Rows &rows, unsigned threads, std::stop_token stop)
{
    struct Posting {
        std::uint32_t row = 0, weight = 0;
    };
    std::vector<std::vector<Posting>> postings(rows.terms());
    for (std::uint32_t i = 0; i < rows.size(); ++i)
        for (const Part &part : rows[i])
            postings[part.term].push_back({i, part.weight});
    Square<std::int32_t> all(rows.size());
    parallelFor(rows.size(), 16, threads, stop, [&](std::size_t begin, std::size_t end) {
        for (std::size_t i = begin; i < end; ++i)
            for (const Part &part : rows[i])
                for (const Posting &posting : postings[part.term])
                    all[i][posting.row] += std::int32_t(part.weight * posting.weight);
    });
    return all;
}

/// Adds the cosines of the rows of `s`, with so much weight.
void addSecondOrder(Square<std::int32_t> &s, std::span<const std::uint32_t> times, double weight, unsigned threads,
                    std::stop_token stop)
{
    const std::size_t n = s.size(), columns = n > kAllColumns ? kLandmarks : n;
    std::vector<std::int16_t> likenesses(n * columns);
    std::vector<double> many(columns);
    for (std::size_t k = 0; k < columns; ++k)
        many[k] = std::sqrt(double(times[k]));
    parallelFor(n, 64, threads, stop, [&](std::size_t begin, std::size_t end) {
        std::vector<double> row(columns);
        for (std::size_t i = begin; i < end; ++i) {
            double square = 0;
            for (std::size_t k = 0; k < columns; ++k) {
                row[k] = (k == i ? kOwnLikeness * double(kOne) : double(s[i][k])) * many[k];
                square += row[k] * row[k];
            }
            const double unit = square > 0 ? kRowUnit / std::sqrt(square) : 0.0;
            for (std::size_t k = 0; k < columns; ++k)
                likenesses[i * columns + k] = std::int16_t(row[k] * unit + 0.5);
        }
    });
    const auto factor = std::int64_t(weight * 1024 + 0.5);
    parallelFor(n, 16, threads, stop, [&](std::size_t begin, std::size_t end) {
        for (std::size_t i = begin; i < end; ++i)
            for (std::size_t j = 0; j < n; ++j)
                s[i][j] += std::int32_t(
                    std::int64_t(dot16(&likenesses[i * columns], &likenesses[j * columns], columns)) * factor >> 18);
    });
}

/// What people tied may look little alike. A text like one of them is taken to be half as like them all, so that their
/// mean does not keep it away.
void leanOnNearest(Square<std::int32_t> &s, const DenseInput &input)
{
    std::vector<std::vector<std::uint32_t>> rowsOf(input.units);
    for (std::uint32_t i = 0; i < input.rows.size(); ++i)
        rowsOf[input.unitOf[i]].push_back(i);
    for (const std::vector<std::uint32_t> &own : rowsOf) {
        if (own.size() < 2)
            continue;
        std::int64_t texts = 0;
        for (const std::uint32_t row : own)
            texts += input.times[row];
        for (std::uint32_t other = 0; other < input.rows.size(); ++other) {
            if (input.unitOf[other] == input.unitOf[own.front()])
                continue;
            std::int64_t sum = 0;
            std::int32_t most = 0;
            for (const std::uint32_t row : own) {
                sum += std::int64_t(s[row][other]) * input.times[row];
                most = std::max(most, s[row][other]);
            }
            for (const std::uint32_t row : own)
                s[row][other] = s[other][row] = std::int32_t((sum / texts + most) / 2);
        }
    }
}

/// Average linkage by a chain of nearest neighbours.
/// \source Murtagh, A survey of recent advances in hierarchical clustering algorithms, 1983
class Chain
{
public:
    Chain(const DenseInput &input, const Square<std::int32_t> &s, std::int64_t cut)
        : m_sums(input.units)
        , m_texts(input.units, 0)
        , m_root(input.units)
        , m_cut(double(cut))
    {
        std::iota(m_root.begin(), m_root.end(), 0u);
        for (std::size_t i = 0; i < input.rows.size(); ++i) {
            const std::uint32_t unit = input.unitOf[i];
            m_texts[unit] += input.times[i];
            std::int64_t *sums = m_sums[unit];
            for (std::size_t j = 0; j < input.rows.size(); ++j)
                sums[input.unitOf[j]] += std::int64_t(s[i][j]) * input.times[i] * input.times[j];
        }
        for (const auto &[a, b] : input.apart)
            m_sums[a][b] = m_sums[b][a] = kForbidden;
    }

    std::vector<std::uint32_t> run(std::stop_token stop)
    {
        std::vector<std::uint32_t> active(m_root);
        std::vector<std::uint32_t> chain;
        while (!active.empty() && !stop.stop_requested()) {
            if (chain.empty())
                chain.push_back(active.front());
            const std::uint32_t tip = chain.back();
            const std::uint32_t before = chain.size() > 1 ? chain[chain.size() - 2] : tip;
            // The one before wins a tie, so the chain ends.
            std::uint32_t nearest = before;
            double best = before == tip ? -1.0 : linkage(tip, before);
            for (const std::uint32_t other : active)
                if (other != tip && linkage(tip, other) > best) {
                    best = linkage(tip, other);
                    nearest = other;
                }
            if (nearest == tip || best < m_cut) {
                // Nobody will come nearer: a union is no nearer than the nearer of its parts.
                chain.pop_back();
                active.erase(std::lower_bound(active.begin(), active.end(), tip));
            } else if (nearest != before || before == tip) {
                chain.push_back(nearest);
            } else {
                chain.resize(chain.size() - 2);
                merge(std::min(tip, nearest), std::max(tip, nearest), active);
            }
        }
        std::vector<std::uint32_t> roots(m_root.size());
        for (std::uint32_t i = 0; i < roots.size(); ++i)
            roots[i] = m_root[i] == i ? i : roots[m_root[i]];
        return roots;
    }

private:
    double linkage(std::uint32_t a, std::uint32_t b) const
    {
        return double(m_sums[a][b]) / (double(m_texts[a]) * double(m_texts[b]));
    }

    void merge(std::uint32_t a, std::uint32_t b, std::vector<std::uint32_t> &active)
    {
        active.erase(std::lower_bound(active.begin(), active.end(), b));
        for (const std::uint32_t other : active) {
            const std::int64_t x = m_sums[a][other], y = m_sums[b][other];
            m_sums[a][other] = m_sums[other][a] = x == kForbidden || y == kForbidden ? kForbidden : x + y;
        }
        m_texts[a] += m_texts[b];
        m_root[b] = a;
    }

    Square<std::int64_t> m_sums;
    std::vector<std::uint64_t> m_texts;
    std::vector<std::uint32_t> m_root;
    double m_cut;
};

/// Moves units to the group that gains most, and joins groups, while Σ (s − cut) inside groups grows.
class LocalSearch
{
public:
    LocalSearch(const DenseInput &input, const Square<std::int32_t> &s, std::int64_t cut,
                std::vector<std::uint32_t> groups)
        : m_input(input)
        , m_s(s)
        , m_cut(cut)
        , m_group(std::move(groups))
        , m_rowsOf(input.units)
        , m_members(input.units)
        , m_enemies(input.units)
        , m_gain(input.units)
        , m_banned(input.units)
    {
        for (std::uint32_t i = 0; i < input.rows.size(); ++i)
            m_rowsOf[input.unitOf[i]].push_back(i);
        for (std::uint32_t unit = 0; unit < input.units; ++unit)
            ++m_members[m_group[unit]];
        for (const auto &[a, b] : input.apart) {
            m_enemies[a].push_back(b);
            m_enemies[b].push_back(a);
        }
    }

    std::vector<std::uint32_t> run(std::stop_token stop)
    {
        constexpr int kSweeps = 64; // each gains, so it ends by itself; this bounds the time
        for (int sweep = 0; sweep < kSweeps && !stop.stop_requested(); ++sweep) {
            bool moved = false;
            for (std::uint32_t unit = 0; unit < m_input.units; ++unit)
                moved |= move(unit);
            moved |= join();
            if (!moved)
                break;
        }
        // Groups are named after their smallest unit.
        std::vector<std::uint32_t> smallest(m_input.units, m_input.units), roots(m_input.units);
        for (std::uint32_t unit = 0; unit < m_input.units; ++unit) {
            std::uint32_t &first = smallest[m_group[unit]];
            first = std::min(first, unit);
            roots[unit] = first;
        }
        return roots;
    }

private:
    void addGains(std::uint32_t unit)
    {
        for (const std::uint32_t row : m_rowsOf[unit]) {
            const std::int32_t *s = m_s[row];
            for (std::uint32_t i = 0; i < m_input.rows.size(); ++i)
                m_gain[m_group[m_input.unitOf[i]]] +=
                    (std::int64_t(s[i]) - m_cut) * m_input.times[row] * m_input.times[i];
        }
        for (const std::uint32_t enemy : m_enemies[unit])
            m_banned[m_group[enemy]] = true;
    }

    void clear()
    {
        std::fill(m_gain.begin(), m_gain.end(), 0);
        std::fill(m_banned.begin(), m_banned.end(), false);
    }

    /// \returns the group that gains most, `none` where no other gains more than `least`.
    std::uint32_t bestGroup(std::uint32_t own, std::int64_t least, std::uint32_t none) const
    {
        std::uint32_t best = none;
        for (std::uint32_t group = 0; group < m_input.units; ++group)
            if (group != own && m_members[group] > 0 && !m_banned[group] && m_gain[group] > least) {
                least = m_gain[group];
                best = group;
            }
        return best;
    }

    bool move(std::uint32_t unit)
    {
        clear();
        addGains(unit);
        const std::uint32_t own = m_group[unit];
        // What the unit is to itself goes along wherever it goes.
        std::int64_t self = 0;
        for (const std::uint32_t row : m_rowsOf[unit])
            for (const std::uint32_t other : m_rowsOf[unit])
                self += (std::int64_t(m_s[row][other]) - m_cut) * m_input.times[row] * m_input.times[other];
        const std::int64_t staying = m_gain[own] - self;
        std::uint32_t to = bestGroup(own, std::max<std::int64_t>(staying, 0), m_input.units);
        if (to == m_input.units) {
            if (staying >= 0)
                return false;
            to = std::uint32_t(std::find(m_members.begin(), m_members.end(), 0u) - m_members.begin());
        }
        --m_members[own];
        ++m_members[to];
        m_group[unit] = to;
        return true;
    }

    bool join()
    {
        bool joined = false;
        std::vector<bool> seen(m_input.units);
        for (std::uint32_t first = 0; first < m_input.units; ++first) {
            const std::uint32_t own = m_group[first];
            if (seen[own])
                continue;
            seen[own] = true;
            clear();
            for (std::uint32_t unit = 0; unit < m_input.units; ++unit)
                if (m_group[unit] == own)
                    addGains(unit);
            const std::uint32_t to = bestGroup(own, 0, m_input.units);
            if (to == m_input.units)
                continue;
            for (std::uint32_t &group : m_group)
                if (group == own)
                    group = to;
            m_members[to] += std::exchange(m_members[own], 0);
            joined = true;
        }
        return joined;
    }

    const DenseInput &m_input;
    const Square<std::int32_t> &m_s;
    std::int64_t m_cut;
    std::vector<std::uint32_t> m_group;
    std::vector<std::vector<std::uint32_t>> m_rowsOf;
    std::vector<std::uint32_t> m_members;
    std::vector<std::vector<std::uint32_t>> m_enemies;
    std::vector<std::int64_t> m_gain;
    std::vector<bool> m_banned;
};

}

std::vector<std::uint32_t> groupDensely(const DenseInput &input, const DenseOptions &options, std::stop_token stop)
{
    Square<std::int32_t> s = cosines(input.rows, options.threads, stop);
    addSecondOrder(s, input.times, options.secondOrder, options.threads, stop);
    leanOnNearest(s, input);
    if (stop.stop_requested())
        return {};
    const auto cut = std::int64_t(options.cut * double(kOne) + 0.5);
    std::vector<std::uint32_t> groups = Chain(input, s, cut).run(stop);
    return LocalSearch(input, s, cut, std::move(groups)).run(stop);
}

}
