#pragma once

#include <array>
#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "core/base/result.h"
#include "core/local/words.h"

namespace winnow::local
{

/// A set of languages, one bit each.
using LangMask = std::uint32_t;
inline constexpr LangMask kAnyLanguage = ~LangMask(0);

/// The bit of a BCP 47 base language, 0 for one that no data speaks of.
[[nodiscard]] LangMask langBit(std::string_view lang);

struct Match {
    std::uint32_t first = 0; ///< index of the first word
    std::uint32_t last = 0; ///< of the last one
    std::uint32_t payload = 0;
    LangMask langs = 0;
};

/// Finds many phrases at once in a text of folded words.
///
/// A phrase is words with blanks between them: `crash*` any word that begins so, `a|b` either, `{name}` one of a named
/// list of phrases, `_` up to two words of any kind, a `?` at the end of a word: with or without it. A phrase crosses
/// no punctuation stronger than a comma.
class PhraseBook
{
public:
    /// Names a list of phrases of one language for `{name}`; a second list of that name and language adds to the first.
    void define(const std::string &name, LangMask langs, const std::vector<std::string> &phrases);
    /// \errors InvalidInput: an unknown name, a phrase without a word, or one that stands for more than 50,000.
    [[nodiscard]] Result<> add(std::string_view phrase, LangMask langs, std::uint32_t payload);
    /// Ends the adding.
    void freeze();

    /// Calls `sink(payload)` for every phrase that is this one word alone, or one that begins so.
    /// \returns the languages whose phrases use the word itself.
    template <typename Sink> LangMask lookUp(std::string_view word, Sink sink) const
    {
        LangMask known = 0;
        forEachSymbol(word, [&](std::uint32_t id, bool exact) {
            if (exact)
                known |= m_symbolLangs[id];
            if (const std::uint32_t node = m_starts[id])
                for (std::uint32_t i = 0; i < m_phrases[node].ends.count; ++i)
                    sink(m_ends[m_phrases[node].ends.first + i].first);
        });
        return known;
    }

    /// All matches, by first word, then last word, then payload; `matches` is used again. \thread any number at once.
    void find(const Words &words, std::vector<Match> &matches) const;

private:
    using Sequence =
        std::vector<std::uint32_t>; // of symbols: one for each word, or beginning of a word, that phrases use
    struct Range {
        std::uint32_t first = 0, count = 0;
    };
    struct WordNode { // of the trie of bytes
        std::map<std::uint8_t, std::uint32_t> next;
        std::uint32_t exact = 0, prefix = 0; // symbols, 0: none
    };
    struct PhraseNode { // of the trie of symbols
        std::map<std::uint32_t, std::uint32_t> next;
        std::vector<std::pair<std::uint32_t, LangMask>> ends;
    };
    struct FlatWordNode {
        Range next;
        std::uint32_t exact = 0, prefix = 0;
    };
    struct FlatPhraseNode {
        Range next, ends;
        std::uint32_t any = 0; // the node behind any word
    };
    struct Scan;

    [[nodiscard]] std::uint32_t symbol(std::string_view word, bool prefix);
    [[nodiscard]] Result<std::vector<Sequence>> expand(std::string_view phrase, LangMask langs, int depth);
    template <typename Sink> void forEachSymbol(std::string_view word, Sink sink) const
    {
        if (word.empty())
            return;
        std::uint32_t node = m_firstByte[std::uint8_t(word[0])];
        for (std::size_t b = 1; node != 0; ++b) {
            const FlatWordNode &here = m_words[node];
            if (here.prefix)
                sink(here.prefix, false);
            if (b == word.size()) {
                if (here.exact)
                    sink(here.exact, true);
                break;
            }
            const auto begin = m_wordNext.begin() + here.next.first, end = begin + here.next.count;
            const auto byte = std::uint8_t(word[b]);
            auto it = begin;
            while (it != end && it->first < byte)
                ++it;
            node = it != end && it->first == byte ? it->second : 0;
        }
    }
    void walk(Scan &scan, std::uint32_t node, std::uint32_t first, std::uint32_t at) const;

    std::map<std::pair<std::string, LangMask>, std::vector<std::string>> m_lists;
    std::vector<WordNode> m_wordNodes{1};
    std::vector<PhraseNode> m_phraseNodes{1};
    std::uint32_t m_symbols = 2; // 0 is none, 1 any word
    std::vector<LangMask> m_symbolLangs{0, 0}; // whose phrases use it
    // The same, flat, for reading.
    std::vector<FlatWordNode> m_words;
    std::vector<std::pair<std::uint8_t, std::uint32_t>> m_wordNext;
    std::vector<FlatPhraseNode> m_phrases;
    std::vector<std::pair<std::uint32_t, std::uint32_t>> m_phraseNext;
    std::vector<std::pair<std::uint32_t, LangMask>> m_ends;
    std::vector<std::uint32_t> m_starts; // by symbol: the phrase node that it leads to, 0: none
    std::array<std::uint32_t, 256> m_firstByte{};
};

}
