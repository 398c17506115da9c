// The features of a word: what it is made of, what stands around it, what it is known as.

#include <algorithm>

#include "core/stages/mask/tagger.h"
#include "core/text/unicode.h"
#include "core/text/utf8.h"

namespace winnow::mask
{

namespace
{

constexpr std::uint32_t mixed(std::uint32_t hash, std::uint32_t value)
{
    return (hash ^ value) * 16777619u;
}

/// Spreads what FNV leaves in the low bits.
constexpr std::uint32_t spread(std::uint32_t value)
{
    value ^= value >> 16;
    value *= 0x7feb352du;
    value ^= value >> 15;
    value *= 0x846ca68bu;
    return value ^ value >> 16;
}

constexpr std::uint32_t feature(std::uint32_t number, std::uint32_t a, std::uint32_t b = 0, std::uint32_t c = 0)
{
    return spread(mixed(mixed(mixed(number * 0x9e3779b9u + 0x811c9dc5u, a), b), c));
}

enum Gap : std::uint8_t {
    GapStart,
    GapBlank,
    GapNone,
    GapHyphen,
    GapApostrophe,
    GapStop, ///< full stop and blank
    GapDot,
    GapComma,
    GapColon,
    GapLine,
    GapParagraph,
    GapBracket,
    GapSlash,
    GapQuote,
    GapEnd, ///< ! ? ;
    GapAt,
    GapOther,
};

Gap gapOf(std::string_view gap)
{
    if (gap == " ")
        return GapBlank;
    if (gap.empty())
        return GapNone;
    if (gap == "-")
        return GapHyphen;
    if (gap == "'")
        return GapApostrophe;
    if (gap == ".")
        return GapDot;
    std::size_t lines = 0;
    Gap found = GapOther;
    bool blanks = true;
    for (const char c : gap) {
        Gap here = GapOther;
        switch (c) {
        case '\n':
            ++lines;
            continue;
        case ' ':
        case '\t':
        case '\r':
            continue;
        case '.':
            here = GapStop;
            break;
        case ',':
            here = GapComma;
            break;
        case ':':
            here = GapColon;
            break;
        case '(':
        case ')':
        case '[':
        case ']':
            here = GapBracket;
            break;
        case '/':
        case '|':
        case '\\':
            here = GapSlash;
            break;
        case '"':
            here = GapQuote;
            break;
        case '!':
        case '?':
        case ';':
            here = GapEnd;
            break;
        case '@':
            here = GapAt;
            break;
        default:
            break;
        }
        blanks = false;
        if (found == GapOther)
            found = here;
    }
    if (lines > 0)
        return lines > 1 ? GapParagraph : GapLine;
    return blanks ? GapBlank : found;
}

/// Capital, digits, length: what a word looks like. 0 is beyond the ends of the text.
std::uint8_t shapeOf(const Token &token, std::string_view word, const Scene &scene)
{
    const auto length = word.size();
    if (token.digits && !token.letters)
        return std::uint8_t(std::min<std::size_t>(length, 9));
    if (token.digits)
        return std::uint8_t(10 + (isDigit(word[0]) ? 0 : 2) + (length > 4));
    if (static_cast<unsigned char>(word[0]) >= 0xd7)
        return 14; // letters beyond Latin, Greek and Cyrillic, mostly without capitals
    const unsigned mode = scene.caseless ? 16 : scene.titled ? 8 : 0;
    if (token.upperFirst) {
        if (length == 1)
            return std::uint8_t(20 + mode);
        if (token.upperAll)
            return std::uint8_t((length <= 3 ? 21 : 22) + mode);
        bool inner = false;
        for (std::size_t i = 2; i < length; ++i)
            inner = inner || (word[i] >= 'A' && word[i] <= 'Z');
        return std::uint8_t((inner ? 23 : 24) + mode);
    }
    return std::uint8_t((length == 1 ? 25 : length <= 3 ? 26 : 27) + mode);
}

constexpr std::size_t kCueReach = 5;

}

void TaggerText::look(const Scene &scene, const std::vector<std::uint16_t> &known)
{
    const auto &words = scene.tokens.words;
    m_words.resize(words.size());
    std::size_t hit = 0, lastEnd = 0;
    std::uint8_t last = 0;
    std::size_t lineStart = 0;
    for (std::size_t i = 0; i < words.size(); ++i) {
        Word &word = m_words[i];
        const std::string_view text = words[i].span().of(scene.text);
        word.hash = words[i].hash;
        word.known = known[i];
        word.shape = shapeOf(words[i], text, scene);
        const std::size_t before = i == 0 ? 0 : words[i - 1].end;
        word.gap = i == 0 && words[0].start == 0 ? GapStart : gapOf(scene.text.substr(before, words[i].start - before));
        if (i == 0 || word.gap == GapLine || word.gap == GapParagraph)
            lineStart = i;
        word.line = std::uint8_t(std::min<std::size_t>(i - lineStart, 3));
        // the fold of the ends
        std::array<std::uint32_t, 4> tail{};
        std::uint32_t prefix = 2166136261u;
        std::size_t letters = 0;
        for (std::size_t at = 0; at < text.size();) {
            const char32_t c = foldedLetter(text::decode(text, at));
            if (c == 0)
                continue;
            if (letters < 3)
                prefix = mixed(prefix, c);
            tail[letters++ % 4] = c;
        }
        std::uint32_t suffix = 2166136261u;
        for (std::size_t back = 1; back <= 4; ++back) {
            suffix = mixed(suffix, letters >= back ? tail[(letters - back) % 4] : 1u);
            if (back == 2)
                word.suffix2 = suffix;
            else if (back == 3)
                word.suffix3 = suffix;
        }
        word.suffix4 = suffix;
        word.prefix3 = prefix;
        // cues
        for (; hit < scene.tokens.hits.size() && scene.tokens.hits[hit].end <= i; ++hit) {
            last = std::uint8_t(scene.tokens.hits[hit].cue);
            lastEnd = scene.tokens.hits[hit].end;
        }
        word.cue = last != 0 && lastEnd == i ? last : 0;
        word.cueNear = last != 0 && i < lastEnd + kCueReach ? last : 0;
    }
}

void TaggerText::features(std::size_t i, Tagger::Features &out) const
{
    static constexpr Word kNone{0, 0, 0, 0, 0, 0, 0, GapEnd, 0, 0, 0};
    const Word &w = m_words[i];
    const Word &l = i > 0 ? m_words[i - 1] : kNone;
    const Word &l2 = i > 1 ? m_words[i - 2] : kNone;
    const Word &r = i + 1 < m_words.size() ? m_words[i + 1] : kNone;
    const Word &r2 = i + 2 < m_words.size() ? m_words[i + 2] : kNone;
    const std::uint32_t self = std::uint32_t(w.shape) | std::uint32_t(w.known) << 8;
    const std::uint32_t left = std::uint32_t(l.shape) | std::uint32_t(l.known) << 8;
    const std::uint32_t right = std::uint32_t(r.shape) | std::uint32_t(r.known) << 8;
    const std::uint32_t gaps = std::uint32_t(w.gap) | std::uint32_t(r.gap) << 8;
    out = {
        feature(1, w.hash),
        feature(2, l.hash),
        feature(3, r.hash),
        feature(4, l2.hash),
        feature(5, r2.hash),
        feature(6, l.hash, w.hash),
        feature(7, w.hash, r.hash),
        feature(8, l2.hash, l.hash),
        feature(9, r.hash, r2.hash),
        feature(10, w.suffix2, w.shape),
        feature(11, w.suffix3),
        feature(12, w.suffix4),
        feature(13, w.prefix3),
        feature(14, l.suffix3, w.shape),
        feature(15, r.suffix3, w.shape),
        feature(16, w.shape, w.gap),
        feature(17, l.shape, w.shape, w.gap),
        feature(18, w.shape, r.shape, r.gap),
        feature(19, l.shape, w.shape, r.shape),
        feature(20, self),
        feature(21, left, self),
        feature(22, self, right),
        feature(23, left, self, right),
        feature(24, gaps, self),
        feature(25, gaps, self, right),
        feature(26, gaps, left, self),
        feature(27, l.hash, self, w.gap),
        feature(28, r.hash, self, r.gap),
        feature(29, l2.hash, l.hash, w.shape),
        feature(30, w.cue, self, w.gap),
        feature(31, w.cueNear, w.shape, w.known),
        feature(32, w.line, w.shape, r.gap),
        feature(33, l2.shape | std::uint32_t(l.shape) << 8, w.shape, r.shape | std::uint32_t(r2.shape) << 8),
        feature(34, l2.known, l.known, self),
        feature(35, self, r.known, r2.known),
        feature(36, w.hash, w.shape, w.gap),
        feature(37, l2.hash, w.shape),
        feature(38, r2.hash, w.shape),
        feature(39, w.suffix3, w.cueNear),
        feature(40, w.known & 16, w.suffix4, w.shape),
    };
}

}
