#pragma once
// Internal to the stage: asking an Index.

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "core/stages/match/index.h"

namespace winnow::match {

/// How near a ticket is to a query by its words.
struct Nearness {
    std::uint32_t ticket = 0;
    double coverage = 0; ///< square root of the share of the query's weight found in it, 0 to 1
    double words = 0;    ///< cosine of its title's words with the query's, 0 to 1
    double grams = 0;    ///< and of its title's grams
    /// Each sees what the others miss; a plateau, measured on reviews against trackers and tickets against tickets.
    [[nodiscard]] double sum() const { return 2 * coverage + words + 1.5 * grams; }
};

/// What an index answered.
struct Found {
    std::vector<Nearness> nearest; ///< nearest first
    double chance = 0;             ///< what a query of so many words reaches by chance
    double background = 0;         ///< what this query reaches with tickets of this index that it does not mean

    /// Log odds that the ticket is about what the query is about: how far it stands above chance and background.
    [[nodiscard]] double logOdds(const Nearness &near) const
    {
        return -2.3 + (near.sum() - chance) + 1.7 * (near.sum() - background);
    }
};

/// Working memory for queries against one index, used again and again.
class Searcher
{
public:
    explicit Searcher(const Index::Private &index);

    [[nodiscard]] Found find(std::string_view text, const std::vector<std::string> &moreWords = {});

private:
    [[nodiscard]] std::vector<Nearness> byWords(const Counts &words);
    void byGrams(const std::vector<std::uint64_t> &grams, std::vector<Nearness> &nearest);

    const Index::Private &m_index;
    std::vector<double> m_bm25, m_title; // by ticket
    std::vector<double> m_grams;         // by gram, the query's
    std::vector<std::uint32_t> m_touched;
};

}
