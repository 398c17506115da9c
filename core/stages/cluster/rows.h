#pragma once
// Internal to the cluster stage.

#include <cstdint>
#include <span>
#include <vector>

#include "core/ports/embedder.h"

namespace winnow::cluster
{

__extension__ using Wide = unsigned __int128;

inline constexpr std::uint64_t kUnit = 1024; ///< length of a vector of the lexical space
inline constexpr std::uint64_t kLongest = kUnit + 8; ///< rounding makes a vector at most this long
inline constexpr std::uint64_t kOne = kUnit * kUnit; ///< dot product of equal vectors

/// A term of a block, numbered from the rarest, and how much of it there is.
struct Part {
    std::uint32_t term = 0;
    std::uint32_t weight = 0;
};

/// Rows of parts, rarest term first, behind one another.
class Rows
{
public:
    [[nodiscard]] std::size_t size() const { return m_start.size() - 1; }
    [[nodiscard]] std::span<const Part> operator[](std::size_t row) const
    {
        return std::span(m_parts).subspan(m_start[row], m_start[row + 1] - m_start[row]);
    }
    [[nodiscard]] std::uint32_t terms() const { return m_terms; }

    explicit Rows(std::uint32_t terms = 0)
        : m_terms(terms)
    {
    }
    /// \param row  by term, below terms().
    void append(std::span<const Part> row)
    {
        m_parts.insert(m_parts.end(), row.begin(), row.end());
        m_start.push_back(m_parts.size());
    }
    /// The vectors of a block. Terms are renumbered by the number of rows that hold them, then by term; a weight
    /// follows how much more common the term is in the block than in general texts, in place of how rare it is there.
    /// \param times  how many texts each vector stands for.
    /// \source methods.md 7, burst weight
    [[nodiscard]] static Rows ofBlock(std::span<const SparseVector *const> vectors,
                                      std::span<const std::uint32_t> times);

private:
    std::vector<Part> m_parts;
    std::vector<std::size_t> m_start{0};
    std::uint32_t m_terms = 0;
};

/// Sum of rows: the part of a summary that similarity needs. Order does not matter to it.
struct Sum {
    struct Entry {
        std::uint32_t term = 0;
        std::uint64_t weight = 0;
    };
    std::vector<Entry> entries; ///< by term
    std::uint64_t count = 0; ///< texts

    void add(std::span<const Part> row, std::uint64_t times);
    void add(const Sum &other);
};

/// Σ over the shared terms. With weights up to 1,024 it fits while the counts' product stays below 2^44.
[[nodiscard]] std::uint64_t dot(std::span<const Part> a, std::span<const Part> b);
[[nodiscard]] std::uint64_t dot(const Sum &a, const Sum &b);

}
