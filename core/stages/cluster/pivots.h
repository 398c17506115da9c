#pragma once
// Internal to the cluster stage.

#include <cstdint>
#include <span>
#include <stop_token>
#include <vector>

#include "core/stages/cluster/rows.h"

namespace winnow::cluster {

/// Finds rows whose cosine to a query reaches a cut, without looking at all. Only the rarest terms of a row are listed:
/// as many as leave a rest too short to reach the cut alone. A pair that reaches it shares one of them.
/// \source Chaudhuri, Ganti, Kaushik, ICDE 2006 (prefix filter); Anastasiu, Karypis, ICDE 2014 (bounds by length)
class PrefixIndex
{
public:
    /// \param longest  no row and no query is longer.
    PrefixIndex(const Rows &rows, std::uint64_t leastDot, std::uint64_t longest);

    void add(std::uint32_t row);
    void clear(); ///< forgets the rows added

    struct Scratch {
        std::vector<std::uint32_t> seen; ///< per row: the query that saw it last
        std::uint32_t query = 0;
    };
    /// Calls `found(row, dot)` once for each row added whose dot product with the query reaches the cut.
    template <typename Found>
    void search(std::span<const Part> query, Scratch &scratch, Found &&found) const;

private:
    struct Posting {
        std::uint32_t row = 0;
        std::uint32_t length = 0; ///< of the row from this term on, rounded up
    };
    [[nodiscard]] static std::uint32_t lengthOf(std::uint64_t square);

    const Rows &m_rows;
    std::uint64_t m_leastDot, m_longest;
    std::vector<std::vector<Posting>> m_postings; ///< by term
    std::vector<std::uint32_t> m_used;
};

template <typename Found>
void PrefixIndex::search(std::span<const Part> query, Scratch &scratch, Found &&found) const
{
    if (scratch.seen.size() < m_rows.size())
        scratch.seen.resize(m_rows.size(), 0);
    ++scratch.query;
    std::uint64_t square = 0;
    for (const Part &part : query)
        square += std::uint64_t(part.weight) * part.weight;
    for (const Part &part : query) {
        const std::uint64_t length = lengthOf(square);
        if (length * m_longest < m_leastDot)
            return;
        for (const Posting &posting : m_postings[part.term]) {
            if (scratch.seen[posting.row] == scratch.query)
                continue;
            scratch.seen[posting.row] = scratch.query;
            // This is the first term they share, so the terms before it add nothing.
            if (length * posting.length < m_leastDot)
                continue;
            if (const std::uint64_t product = dot(query, m_rows[posting.row]); product >= m_leastDot)
                found(posting.row, product);
        }
        square -= std::uint64_t(part.weight) * part.weight;
    }
}

/// Micro-clusters: rows in their order; one that finds no pivot at the cut becomes one, any other joins the most
/// similar (of equal ones the first). Unique for the set, whatever the order of arrival. \param order  the rows to
/// place, first come first. \returns per place in `order` its pivot's place; a pivot has its own. Shorter than `order`
/// when stopped. \source Censor-Hillel, Haramaty, Karnin, PODC 2016
[[nodiscard]] std::vector<std::uint32_t> choosePivots(const Rows &rows, std::span<const std::uint32_t> order,
                                                      std::uint64_t leastDot, unsigned threads, std::stop_token stop);

}
