#include "core/stages/match/search.h"

#include <algorithm>
#include <cmath>

#include "core/math/elementary.h"
#include "core/stages/match/tokens.h"

namespace winnow::match {

namespace {

/// What is taken by words before grams are looked at.
constexpr std::size_t kCandidates = 100;
/// The place whose nearness is the background.
constexpr std::size_t kBackground = 20;

bool nearer(const Nearness &a, const Nearness &b)
{
    const double x = a.sum(), y = b.sum();
    return x != y ? x > y : a.ticket < b.ticket;
}

}

Searcher::Searcher(const Index::Private &index)
    : m_index(index)
    , m_bm25(index.tickets.size())
    , m_title(index.tickets.size())
    , m_grams(index.gramWeights.size())
{
}

Found Searcher::find(std::string_view text, const std::vector<std::string> &moreWords)
{
    Tokens tokens = tokensOf(text);
    m_index.addConcepts(text, tokens.words);
    tokens.words.insert(tokens.words.end(), moreWords.begin(), moreWords.end());
    const Counts words = countsOf(tokens.words);
    Found found;
    found.nearest = byWords(words);
    byGrams(tokens.grams, found.nearest);
    found.chance = 0.45 + 2.2 / math::log(double(words.size()) + 3); // short texts are covered easily
    found.background = found.nearest.size() > kBackground ? found.nearest[kBackground].sum() : found.chance / 2;
    return found;
}

std::vector<Nearness> Searcher::byWords(const Counts &words)
{
    double self = 0, squares = 0;
    for (const auto &[word, n] : words) {
        const Term *term = m_index.find(word);
        const double title = (1 + math::log(n)) * (term ? term->titleWeight : m_index.unknownWeight);
        squares += title * title;
        if (!term) {
            // what no ticket speaks of speaks against all of them, though half of it are names and slips
            self += 0.5 * m_index.unknownTerm * 2 * n / (n + 1.0);
            continue;
        }
        const double weight = term->weight * 2 * n / (n + 1.0);
        self += weight;
        for (const Posting &posting : term->postings) {
            if (m_bm25[posting.ticket] == 0)
                m_touched.push_back(posting.ticket);
            m_bm25[posting.ticket] += weight * double(posting.bm25);
            m_title[posting.ticket] += title * double(posting.title);
        }
    }
    std::vector<Nearness> result;
    result.reserve(m_touched.size());
    const double norm = std::sqrt(squares);
    for (const std::uint32_t ticket : m_touched) {
        result.push_back({ticket, std::sqrt(std::min(1.0, m_bm25[ticket] / self)), std::min(1.0, m_title[ticket] / norm), 0});
        m_bm25[ticket] = m_title[ticket] = 0;
    }
    m_touched.clear();
    const std::size_t kept = std::min(result.size(), kCandidates);
    std::partial_sort(result.begin(), result.begin() + std::ptrdiff_t(kept), result.end(), nearer);
    result.resize(kept);
    return result;
}

void Searcher::byGrams(const std::vector<std::uint64_t> &grams, std::vector<Nearness> &nearest)
{
    if (nearest.empty())
        return;
    double squares = 0;
    for (const auto &[hash, n] : gramCounts(grams)) {
        const auto known = m_index.grams.find(hash);
        const double weight = n * (known == m_index.grams.end() ? m_index.unknownWeight : m_index.gramWeights[known->second]);
        squares += weight * weight;
        if (known == m_index.grams.end())
            continue;
        m_grams[known->second] = weight;
        m_touched.push_back(known->second);
    }
    const double norm = std::sqrt(squares);
    for (Nearness &near : nearest) {
        double product = 0;
        for (const Gram &gram : m_index.tickets[near.ticket].title)
            product += m_grams[gram.id] * double(gram.weight);
        near.grams = norm > 0 ? std::min(1.0, product / norm) : 0.0;
    }
    for (const std::uint32_t gram : m_touched)
        m_grams[gram] = 0;
    m_touched.clear();
    std::sort(nearest.begin(), nearest.end(), nearer);
}

}
