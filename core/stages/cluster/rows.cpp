#include "core/stages/cluster/rows.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <numeric>

#include "core/base/parallel.h"
#include "core/domain/lexicalterm.h"
#include "core/math/elementary.h"

namespace winnow::cluster
{

namespace
{

constexpr std::size_t kLandmarks = 256; ///< so many texts by hash stand for all
constexpr std::size_t kLikenesses = 64; ///< to the landmarks a text is most like
struct TermCount {
    std::uint32_t term = 0;
    std::uint32_t rows = 0;
    std::uint64_t texts = 0;
};

/// Counts terms by open addressing: a block of a million texts has some twenty million of them.
class TermCounts
{
public:
    TermCounts()
        : m_slots(1u << 12)
    {
    }

    TermCount &operator[](std::uint32_t term)
    {
        std::size_t at = slot(term);
        while (m_slots[at].rows && m_slots[at].term != term)
            at = (at + 1) & (m_slots.size() - 1);
        if (m_slots[at].rows)
            return m_slots[at];
        if (++m_used * 3 > m_slots.size() * 2) {
            grow();
            return (*this)[term];
        }
        m_slots[at].term = term;
        return m_slots[at];
    }

    [[nodiscard]] std::vector<TermCount> all() const
    {
        std::vector<TermCount> found;
        found.reserve(m_used);
        for (const TermCount &s : m_slots)
            if (s.rows)
                found.push_back(s);
        return found;
    }

private:
    [[nodiscard]] std::size_t slot(std::uint32_t term) const
    {
        return (std::uint64_t(term) * 0x9e3779b97f4a7c15 >> 20) & (m_slots.size() - 1);
    }
    void grow()
    {
        const std::vector<TermCount> old = std::exchange(m_slots, std::vector<TermCount>(m_slots.size() * 2));
        m_used = 0;
        for (const TermCount &s : old)
            if (s.rows)
                (*this)[s.term] = s;
    }

    std::vector<TermCount> m_slots;
    std::size_t m_used = 0;
};

}

Rows Rows::ofBlock(std::span<const SparseVector *const> vectors, std::span<const std::uint32_t> times)
{
    TermCounts counts;
    std::size_t parts = 0;
    std::uint64_t texts = 0;
    for (std::size_t i = 0; i < vectors.size(); ++i) {
        for (const auto &entry : vectors[i]->entries) {
            TermCount &count = counts[entry.first];
            ++count.rows;
            count.texts += times[i];
        }
        parts += vectors[i]->entries.size();
        if (!vectors[i]->entries.empty())
            texts += times[i];
    }
    auto terms = counts.all();
    std::sort(terms.begin(), terms.end(), [](const TermCount &a, const TermCount &b) {
        return a.rows != b.rows ? a.rows < b.rows : a.term < b.term;
    });
    std::vector<double> burst(terms.size());
    for (std::size_t i = 0; i < terms.size(); ++i) {
        const TermCount &count = terms[i];
        const unsigned rarity = lexical::rarity(count.term);
        const double share = (double(count.texts) + 0.5) / (double(texts) + 5.0);
        burst[i] =
            lexical::burstWeight(math::log(share), rarity) / lexical::burstWeight(lexical::kTypicalShare, rarity);
        counts[count.term].texts = i; // from here on its number
    }

    Rows rows(std::uint32_t(terms.size()));
    rows.m_parts.reserve(parts);
    rows.m_start.reserve(vectors.size() + 1);
    for (const SparseVector *vector : vectors) {
        const std::size_t begin = rows.m_parts.size();
        for (const auto &[term, weight] : vector->entries)
            rows.m_parts.push_back({std::uint32_t(counts[term].texts), weight});
        const std::span<Part> row = std::span(rows.m_parts).subspan(begin);
        std::sort(row.begin(), row.end(), [](const Part &a, const Part &b) { return a.term < b.term; });
        double square = 0;
        for (const Part &part : row)
            square += double(part.weight) * burst[part.term] * part.weight * burst[part.term];
        const double unit = row.empty() ? 0.0 : double(kUnit) / std::sqrt(square);
        for (Part &part : row)
            part.weight = std::max(1u, std::uint32_t(part.weight * burst[part.term] * unit + 0.5));
        rows.m_start.push_back(rows.m_parts.size());
    }
    return rows;
}

Landmarks::Landmarks(const Rows &rows, double weight)
    : m_rows(rows)
    , m_weight(weight)
    , m_count(weight > 0 ? std::min(kLandmarks, rows.size()) : 0)
    , m_postings(rows.terms())
{
    for (std::uint32_t landmark = 0; landmark < m_count; ++landmark)
        for (const Part &part : rows[landmark])
            m_postings[part.term].push_back({landmark, part.weight});
}

void Landmarks::append(std::size_t row, std::vector<Part> &parts) const
{
    const std::span<const Part> own = m_rows[row];
    parts.insert(parts.end(), own.begin(), own.end());
    std::array<std::uint32_t, kLandmarks> products{};
    for (const Part &part : own)
        for (const Part &posting : m_postings[part.term])
            products[posting.term] += part.weight * posting.weight;
    if (row < m_count)
        products[row] = std::uint32_t(kOwnLikeness * double(kOne));
    std::vector<Part> likenesses;
    for (std::uint32_t landmark = 0; landmark < m_count; ++landmark)
        if (products[landmark] > 0)
            likenesses.push_back({landmark, products[landmark]});
    const auto byTerm = [](const Part &a, const Part &b) { return a.term < b.term; };
    if (likenesses.size() > kLikenesses) {
        std::nth_element(
            likenesses.begin(), likenesses.begin() + kLikenesses, likenesses.end(),
            [](const Part &a, const Part &b) { return a.weight != b.weight ? a.weight > b.weight : a.term < b.term; });
        likenesses.resize(kLikenesses);
        std::sort(likenesses.begin(), likenesses.end(), byTerm);
    }
    double square = 0;
    for (const Part &part : likenesses)
        square += double(part.weight) * part.weight;
    const double unit = square > 0 ? double(kUnit) * std::sqrt(m_weight / square) : 0.0;
    for (const Part &part : likenesses)
        if (const auto weight = std::uint32_t(part.weight * unit + 0.5); weight > 0)
            parts.push_back({m_rows.terms() + part.term, weight});
}

std::vector<Sum> sumsOf(const Rows &rows, const Landmarks &landmarks, std::span<const std::uint32_t> times,
                        std::span<const std::uint32_t> groupOf, std::size_t groups, unsigned threads)
{
    std::vector<std::uint32_t> start(groups + 1, 0), members(rows.size());
    for (const std::uint32_t group : groupOf)
        ++start[group + 1];
    std::partial_sum(start.begin(), start.end(), start.begin());
    std::vector<std::uint32_t> next(start.begin(), start.end() - 1);
    for (std::uint32_t row = 0; row < rows.size(); ++row)
        members[next[groupOf[row]]++] = row;

    std::vector<Sum> sums(groups);
    parallelFor(groups, 64, threads, {}, [&](std::size_t begin, std::size_t end) {
        std::vector<Part> parts;
        std::vector<Sum::Entry> entries;
        for (std::size_t group = begin; group < end; ++group) {
            entries.clear();
            for (std::uint32_t k = start[group]; k < start[group + 1]; ++k) {
                parts.clear();
                landmarks.append(members[k], parts);
                for (const Part &part : parts)
                    entries.push_back({part.term, std::uint64_t(part.weight) * times[members[k]]});
                sums[group].count += times[members[k]];
            }
            std::sort(entries.begin(), entries.end(),
                      [](const Sum::Entry &a, const Sum::Entry &b) { return a.term < b.term; });
            auto last = entries.begin();
            for (auto entry = entries.begin(); entry != entries.end(); ++entry)
                if (entry == entries.begin())
                    continue;
                else if (entry->term == last->term)
                    last->weight += entry->weight;
                else
                    *++last = *entry;
            sums[group].entries.assign(entries.begin(), entries.empty() ? entries.end() : last + 1);
        }
    });
    return sums;
}

void Sum::add(const Sum &other)
{
    count += other.count;
    std::vector<Entry> merged;
    merged.reserve(entries.size() + other.entries.size());
    auto a = entries.begin();
    auto b = other.entries.begin();
    while (a != entries.end() || b != other.entries.end()) {
        if (b == other.entries.end() || (a != entries.end() && a->term < b->term))
            merged.push_back(*a++);
        else if (a == entries.end() || b->term < a->term)
            merged.push_back(*b++);
        else
            merged.push_back({a->term, (a++)->weight + (b++)->weight});
    }
    entries = std::move(merged);
}

std::uint64_t dot(std::span<const Part> a, std::span<const Part> b)
{
    std::uint64_t sum = 0;
    for (auto x = a.begin(), y = b.begin(); x != a.end() && y != b.end();) {
        if (x->term == y->term)
            sum += std::uint64_t((x++)->weight) * (y++)->weight;
        else if (x->term < y->term)
            ++x;
        else
            ++y;
    }
    return sum;
}

std::uint64_t dot(const Sum &a, const Sum &b)
{
    if (a.entries.size() > b.entries.size())
        return dot(b, a);
    std::uint64_t sum = 0;
    auto y = b.entries.begin();
    const bool jump = b.entries.size() > a.entries.size() * 8;
    for (const Sum::Entry &x : a.entries) {
        const auto less = [](const Sum::Entry &e, std::uint32_t term) { return e.term < term; };
        if (jump)
            y = std::lower_bound(y, b.entries.end(), x.term, less);
        else
            while (y != b.entries.end() && y->term < x.term)
                ++y;
        if (y == b.entries.end())
            break;
        if (y->term == x.term)
            sum += x.weight * y->weight;
    }
    return sum;
}

}
