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
inline constexpr double kOwnLikeness = 1.4; ///< of a text to itself, among its likenesses to others
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

/// Adds the second order to dot products: a row gets one more part per landmark it is like, so that the likeness of two
/// texts' likenesses is part of theirs. Landmarks are the first rows; their terms follow those of the rows.
/// \source methods.md 7, second order
class Landmarks
{
public:
    /// \param weight  of the cosine of two rows of likenesses; 0: nothing is added.
    Landmarks(const Rows &rows, double weight);
    [[nodiscard]] std::uint32_t terms() const { return m_rows.terms() + std::uint32_t(m_count); }
    /// Appends the row's parts and its likenesses, by term. \thread any number at once.
    void append(std::size_t row, std::vector<Part> &parts) const;

private:
    const Rows &m_rows;
    double m_weight;
    std::size_t m_count = 0;
    std::vector<std::vector<Part>> m_postings; ///< by term: landmark and weight
};

/// Sum of rows: the part of a summary that similarity needs. Order does not matter to it.
struct Sum {
    struct Entry {
        std::uint32_t term = 0;
        std::uint64_t weight = 0;
    };
    std::vector<Entry> entries; ///< by term
    std::uint64_t count = 0; ///< texts

    void add(const Sum &other);
};

/// One sum per group of rows, likenesses to landmarks included.
/// \param times    per row: texts.
/// \param groupOf  per row, below `groups`.
[[nodiscard]] std::vector<Sum> sumsOf(const Rows &rows, const Landmarks &landmarks,
                                      std::span<const std::uint32_t> times, std::span<const std::uint32_t> groupOf,
                                      std::size_t groups, unsigned threads);

/// Σ over the shared terms. With weights up to 1,024 it fits while the counts' product stays below 2^44.
[[nodiscard]] std::uint64_t dot(std::span<const Part> a, std::span<const Part> b);
[[nodiscard]] std::uint64_t dot(const Sum &a, const Sum &b);

}
