#include "core/stages/cluster/rows.h"

#include <algorithm>
#include <bit>

namespace winnow::cluster {

namespace {

/// Counts terms by open addressing: a block of a million texts has some twenty million of them.
class TermCounts
{
public:
    explicit TermCounts(std::size_t expected)
        : m_slots(std::bit_ceil(std::max<std::size_t>(expected * 2, 16)))
    {
    }

    std::uint32_t &operator[](std::uint32_t term)
    {
        std::size_t at = slot(term);
        while (m_slots[at].used && m_slots[at].term != term)
            at = (at + 1) & (m_slots.size() - 1);
        if (!m_slots[at].used) {
            if (++m_used * 3 > m_slots.size() * 2) {
                grow();
                return (*this)[term];
            }
            m_slots[at] = {term, 0, true};
        }
        return m_slots[at].value;
    }

    [[nodiscard]] std::vector<std::pair<std::uint32_t, std::uint32_t>> all() const
    {
        std::vector<std::pair<std::uint32_t, std::uint32_t>> found;
        for (const Slot &s : m_slots)
            if (s.used)
                found.emplace_back(s.value, s.term);
        return found;
    }

private:
    struct Slot {
        std::uint32_t term = 0, value = 0;
        bool used = false;
    };
    [[nodiscard]] std::size_t slot(std::uint32_t term) const
    {
        return (std::uint64_t(term) * 0x9e3779b97f4a7c15 >> 20) & (m_slots.size() - 1);
    }
    void grow()
    {
        const std::vector<Slot> old = std::exchange(m_slots, std::vector<Slot>(m_slots.size() * 2));
        m_used = 0;
        for (const Slot &s : old)
            if (s.used)
                (*this)[s.term] = s.value;
    }

    std::vector<Slot> m_slots;
    std::size_t m_used = 0;
};

}

Rows Rows::byRarity(std::span<const SparseVector *const> vectors)
{
    std::size_t parts = 0;
    for (const SparseVector *vector : vectors)
        parts += vector->entries.size();
    TermCounts counts(std::min<std::size_t>(parts, 1u << 16));
    for (const SparseVector *vector : vectors)
        for (const auto &entry : vector->entries)
            ++counts[entry.first];
    auto terms = counts.all();
    std::sort(terms.begin(), terms.end());
    for (std::size_t i = 0; i < terms.size(); ++i)
        counts[terms[i].second] = std::uint32_t(i);

    Rows rows(std::uint32_t(terms.size()));
    rows.m_parts.reserve(parts);
    rows.m_start.reserve(vectors.size() + 1);
    for (const SparseVector *vector : vectors) {
        const std::size_t begin = rows.m_parts.size();
        for (const auto &[term, weight] : vector->entries)
            rows.m_parts.push_back({counts[term], weight});
        std::sort(rows.m_parts.begin() + std::ptrdiff_t(begin), rows.m_parts.end(),
                  [](const Part &a, const Part &b) { return a.term < b.term; });
        rows.m_start.push_back(rows.m_parts.size());
    }
    return rows;
}

void Sum::add(std::span<const Part> row, std::uint64_t times)
{
    Sum other;
    other.count = times;
    other.entries.reserve(row.size());
    for (const Part &part : row)
        other.entries.push_back({part.term, part.weight * times});
    add(other);
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
