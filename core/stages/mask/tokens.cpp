#include "core/stages/mask/tokens.h"

#include <algorithm>
#include <array>

#include "core/stages/mask/names.h"
#include "core/text/unicode.h"
#include "core/text/utf8.h"

#include <unicode/uchar.h>

namespace winnow::mask
{

namespace
{

/// Latin letters U+00C0 to U+017F without their marks, small.
constexpr std::string_view kBase = "aaaaaaaceeeeiiiidnooooo*ouuuuyts"
                                   "aaaaaaaceeeeiiiidnooooo/ouuuuyty"
                                   "aaaaaaccccccccddddeeeeeeeeeegggg"
                                   "gggghhhhiiiiiiiiiiiijjkkklllllll"
                                   "lllnnnnnnnnnoooooooorrrrrrssssss"
                                   "ssttttttuuuuuuuuuuuuwwyyyzzzzzzs";
static_assert(kBase.size() == 0x180 - 0xc0);

constexpr std::uint32_t kSeed = 2166136261u;
constexpr std::uint32_t mixed(std::uint32_t hash, std::uint32_t value)
{
    return (hash ^ value) * 16777619u;
}

char32_t folded(char32_t c)
{
    if (c < 0x80)
        return c >= 'A' && c <= 'Z' ? c + 32 : c;
    if (c >= 0xc0 && c < 0x180)
        return char32_t(kBase[c - 0xc0]);
    return char32_t(u_tolower(UChar32(c)));
}

/// Word characters of scripts that do not part words: each ideograph or kana would be a word of its own; they are none.
bool isUnparted(char32_t c)
{
    return c >= 0x2e80 && c < 0xa4d0;
}

struct Entry {
    std::uint32_t first = 0; ///< hash of the first word
    Cue cue = Cue::None;
    std::vector<std::uint32_t> rest;
};

/// Phrases by their first word, longest first.
class Phrases
{
public:
    static const Phrases &instance()
    {
        static const Phrases phrases;
        return phrases;
    }

    [[nodiscard]] std::span<const Entry> startingWith(std::uint32_t hash) const
    {
        if (!(m_bloom[hash >> 6 & (m_bloom.size() - 1)] >> (hash & 63) & 1))
            return {};
        const auto [first, last] = std::equal_range(m_entries.begin(), m_entries.end(), Entry{hash, Cue::None, {}},
                                                    [](const Entry &a, const Entry &b) { return a.first < b.first; });
        return {first, last};
    }

private:
    Phrases()
    {
        for (const CueLine &line : cueLines()) {
            std::string_view rest = line.phrases;
            while (!rest.empty()) {
                const std::size_t bar = std::min(rest.find('|'), rest.size());
                add(line.cue, rest.substr(0, bar));
                rest.remove_prefix(std::min(bar + 1, rest.size()));
            }
        }
        std::stable_sort(m_entries.begin(), m_entries.end(), [](const Entry &a, const Entry &b) {
            return a.first != b.first ? a.first < b.first : a.rest.size() > b.rest.size();
        });
        for (const Entry &entry : m_entries)
            m_bloom[entry.first >> 6 & (m_bloom.size() - 1)] |= 1ull << (entry.first & 63);
    }
    void add(Cue cue, std::string_view phrase);

    std::vector<Entry> m_entries;
    std::array<std::uint64_t, 1024> m_bloom{};
};

bool follows(const Tokens &tokens, std::size_t at, const Entry &entry)
{
    if (at + entry.rest.size() >= tokens.words.size())
        return false;
    for (std::size_t i = 0; i < entry.rest.size(); ++i)
        if (tokens.words[at + 1 + i].hash != entry.rest[i])
            return false;
    return true;
}

void cutWords(std::string_view text, Tokens &tokens)
{
    std::size_t at = 0;
    while (at < text.size()) {
        Token token;
        std::uint32_t hash = kSeed;
        unsigned letters = 0, upper = 0;
        const std::size_t start = at;
        for (; at < text.size();) {
            const auto byte = static_cast<unsigned char>(text[at]);
            if (byte < 0x80) {
                const unsigned char small = byte | 32;
                if (small >= 'a' && small <= 'z') {
                    const bool capital = byte != small;
                    if (letters++ == 0 && at == start)
                        token.upperFirst = capital;
                    upper += capital;
                    hash = mixed(hash, small);
                } else if (byte >= '0' && byte <= '9') {
                    token.digits = true;
                    ++tokens.digits;
                    hash = mixed(hash, byte);
                } else {
                    break;
                }
                ++at;
                continue;
            }
            std::size_t next = at;
            const char32_t c = text::decode(text, next);
            if (c >= 0x300 && c < 0x370) { // a combining mark belongs to its word, and not to the fold
                at = next;
                continue;
            }
            if (isUnparted(c) || !text::isLetter(c))
                break;
            const bool capital = text::isUpper(c);
            if (letters++ == 0 && at == start)
                token.upperFirst = capital;
            upper += capital;
            hash = mixed(hash, folded(c));
            at = next;
        }
        if (at == start) {
            const auto byte = static_cast<unsigned char>(text[at]);
            ++at;
            while (byte >= 0x80 && !text::isBorder(text, at))
                ++at;
            continue;
        }
        token.start = std::uint32_t(start);
        token.end = std::uint32_t(at);
        token.hash = hash;
        token.letters = letters > 0;
        token.upperAll = letters > 1 && upper == letters;
        if (token.digits)
            tokens.longest = std::max(tokens.longest, token.end - token.start);
        tokens.words.push_back(token);
    }
}

void Phrases::add(Cue cue, std::string_view phrase)
{
    const Tokens words = wordsOf(phrase);
    if (words.words.empty())
        return;
    Entry entry{words.words[0].hash, cue, {}};
    for (std::size_t i = 1; i < words.words.size(); ++i)
        entry.rest.push_back(words.words[i].hash);
    m_entries.push_back(std::move(entry));
}

}

char32_t foldedLetter(char32_t c)
{
    return c >= 0x300 && c < 0x370 ? 0 : folded(c);
}

Tokens wordsOf(std::string_view text)
{
    Tokens tokens;
    cutWords(text, tokens);
    return tokens;
}

void tokenise(std::string_view text, Tokens &tokens)
{
    tokens.words.clear();
    tokens.hits.clear();
    tokens.digits = tokens.longest = tokens.cues = 0;
    tokens.given = false;
    cutWords(text, tokens);
    const Phrases &phrases = Phrases::instance();
    for (std::size_t i = 0; i < tokens.words.size(); ++i) {
        if (tokens.words[i].upperFirst && !tokens.given)
            tokens.given = givenName(tokens.words[i].hash) != Given::No
                || (i > 0 && tokens.words[i - 1].upperFirst && endsLikeFamilyName(tokens.words[i].span().of(text)));
        for (const Entry &entry : phrases.startingWith(tokens.words[i].hash)) {
            if (!follows(tokens, i, entry))
                continue;
            tokens.cues |= 1u << unsigned(entry.cue);
            if (entry.cue >= Cue::Street)
                continue; // looked up where a detector wants one
            tokens.hits.push_back({std::uint32_t(i), std::uint32_t(i + 1 + entry.rest.size()), entry.cue});
            break;
        }
    }
}

std::uint32_t phraseAt(const Tokens &tokens, std::size_t at, Cue cue)
{
    if (at >= tokens.words.size())
        return 0;
    for (const Entry &entry : Phrases::instance().startingWith(tokens.words[at].hash))
        if (entry.cue == cue && follows(tokens, at, entry))
            return std::uint32_t(entry.rest.size() + 1);
    return 0;
}

bool isA(const Token &token, Cue cue)
{
    for (const Entry &entry : Phrases::instance().startingWith(token.hash))
        if (entry.cue == cue && entry.rest.empty())
            return true;
    return false;
}

}
