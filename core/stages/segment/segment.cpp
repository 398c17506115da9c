#include "core/stages/segment/segment.h"

#include <algorithm>
#include <array>

#include <unicode/uchar.h>
#include <unicode/utf8.h>

#include "core/local/analyser.h"

namespace winnow::segment
{

namespace
{

using local::Analyser;
using local::Gap;
using local::Hit;
using local::Reading;
using local::Verdict;
using local::WordRange;

constexpr std::uint32_t kShortestClause = 2; // words

/// A stretch of words with what it says.
struct Unit {
    WordRange words;
    std::uint32_t start = 0; ///< byte where it begins
    Verdict verdict;
};

bool isBlank(UChar32 c)
{
    return u_isUWhiteSpace(c) || (c >= 0x1c && c <= 0x1f);
}

/// Where the next sentence begins in what stands between two words, or npos.
/// \param between  the bytes between them.
/// \param before   the word before, folded.
std::size_t sentenceBreak(std::string_view between, std::string_view before, bool afterNumber, bool lineStart)
{
    static constexpr std::array<std::string_view, 24> kAbbreviations{
        "eg", "ie",   "etc", "vs", "mr", "mrs",  "ms", "dr",  "approx", "incl", "bzw", "usw",
        "ca", "evtl", "ggf", "nr", "zb", "bspw", "sr", "sra", "ej",     "max",  "min", "resp"};
    const auto *bytes = reinterpret_cast<const std::uint8_t *>(between.data());
    const std::int32_t size = std::int32_t(between.size());
    std::int32_t end = -1; // behind the last mark that ends a sentence
    int marks = 0;
    bool hard = false, soft = false; // soft: one full stop, which may end an abbreviation
    for (std::int32_t i = 0; i < size;) {
        UChar32 c;
        U8_NEXT_OR_FFFD(bytes, i, size, c);
        switch (c) {
        case '.':
            ++marks;
            soft = marks == 1;
            end = i;
            break;
        case '!':
        case '?':
        case 0x3002:
        case 0xff01:
        case 0xff1f:
        case 0xff0e:
        case 0xff61:
        case 0x2026:
        case 0x61f:
        case 0x6d4:
        case 0x964:
            ++marks;
            hard = true;
            end = i;
            break;
        case '\n':
        case 0x2028:
        case 0x2029:
            hard = true;
            end = i;
            break;
        case ')':
        case '"':
        case '\'':
        case 0x201d:
        case 0xbb:
        case 0x300d:
        case 0x2019:
            if (end >= 0 && end == i - U8_LENGTH(c))
                end = i;
            break;
        case 0x2022:
        case 0x25cf:
        case 0x25aa: // list marks
            if (end < 0)
                end = i - U8_LENGTH(c);
            hard = true;
            return std::size_t(end);
        default:
            break;
        }
    }
    if (end < 0)
        return std::string_view::npos;
    if (hard || marks > 1)
        return std::size_t(end);
    if (soft) {
        const bool space = end < size && isBlank(UChar32(bytes[end]));
        const bool abbreviation = (before.size() == 1 && !afterNumber && before != "i")
            || std::find(kAbbreviations.begin(), kAbbreviations.end(), before) != kAbbreviations.end();
        if (!space || abbreviation || (afterNumber && lineStart))
            return std::string_view::npos;
    }
    return std::size_t(end);
}

class Splitter
{
public:
    Splitter(const Analyser &analyser, std::string_view text, const Reading &reading)
        : m_analyser(analyser)
        , m_text(text)
        , m_reading(reading)
    {
    }

    void run(std::vector<Segment> &segments)
    {
        const auto &words = m_reading.words.all;
        m_units.clear();
        std::uint32_t first = 0, start = 0;
        for (std::uint32_t i = 1; i < words.size(); ++i) {
            if (words[i].before < Gap::Clause)
                continue;
            const std::uint32_t from = words[i - 1].span.end, to = words[i].span.start;
            const std::string_view between = m_text.substr(from, to - from);
            const bool lineStart = i == first + 1;
            const std::size_t at = sentenceBreak(between, m_reading.words[i - 1], words[i - 1].number, lineStart);
            if (at == std::string_view::npos)
                continue;
            addSentence({first, i}, start);
            first = i;
            start = from + std::uint32_t(at);
        }
        addSentence({first, std::uint32_t(words.size())}, start);
        join();
        write(segments);
    }

private:
    [[nodiscard]] Verdict judge(WordRange range) const { return m_analyser.judge(m_reading, range); }

    void addSentence(WordRange sentence, std::uint32_t start)
    {
        std::uint32_t first = sentence.first;
        for (const Hit &hit : Analyser::hitsFrom(m_reading, sentence)) {
            const bool contrast = m_analyser.hasRole(hit, Cues::Role::Contrast);
            if (!contrast && !m_analyser.hasRole(hit, Cues::Role::Additive))
                continue;
            if (hit.first < first + kShortestClause || hit.last + kShortestClause >= sentence.end)
                continue;
            const Verdict left = judge({first, hit.first}), right = judge({hit.first, sentence.end});
            if (!(contrast ? parts(left, right) : left.issue() && right.issue() && otherTopic(left, right)))
                continue;
            m_units.push_back({{first, hit.first}, start, left});
            first = hit.first;
            start = m_reading.words.all[first].span.start;
        }
        m_units.push_back({{first, sentence.end}, start, judge({first, sentence.end})});
    }

    [[nodiscard]] bool parts(const Verdict &left, const Verdict &right) const
    {
        return left.issue() != right.issue() || (left.issue() && otherTopic(left, right));
    }

    /// Both name what they speak of, and it is not the same.
    [[nodiscard]] bool otherTopic(const Verdict &left, const Verdict &right) const
    {
        if (left.symptom && right.symptom && left.symptom->index != right.symptom->index)
            return true;
        if (left.component && right.component)
            return left.component->index != right.component->index;
        return left.type != right.type && left.symptom && right.symptom;
    }

    [[nodiscard]] bool sameTopic(const Unit &left, const Unit &right) const
    {
        const Verdict &a = left.verdict, &b = right.verdict;
        if (a.symptom && b.symptom && a.symptom->index == b.symptom->index)
            return !a.component || !b.component || a.component->index == b.component->index;
        if (a.component && b.component && a.component->index == b.component->index)
            return a.type == b.type || !b.symptom;
        return false;
    }

    void join()
    {
        std::size_t kept = 0;
        for (std::size_t i = 0; i < m_units.size(); ++i) {
            if (kept > 0) {
                Unit &last = m_units[kept - 1];
                const bool both = last.verdict.issue() == m_units[i].verdict.issue();
                // "I will go to court" belongs to what it is about.
                const bool threat = last.verdict.issue() && !m_units[i].verdict.issue() && m_units[i].verdict.flagged;
                if (threat || (both && (!last.verdict.issue() || sameTopic(last, m_units[i])))) {
                    last.words.end = m_units[i].words.end;
                    continue;
                }
            }
            m_units[kept++] = m_units[i];
        }
        m_units.resize(kept);
    }

    void write(std::vector<Segment> &segments) const
    {
        for (std::size_t i = 0; i < m_units.size(); ++i) {
            const std::uint32_t end = i + 1 < m_units.size() ? m_units[i + 1].start : std::uint32_t(m_text.size());
            const ByteSpan span = trimmed({m_units[i].start, end});
            if (span.start < span.end)
                segments.push_back({span, m_units[i].verdict.issue()});
        }
    }

    [[nodiscard]] ByteSpan trimmed(ByteSpan span) const
    {
        const auto *bytes = reinterpret_cast<const std::uint8_t *>(m_text.data());
        std::int32_t start = std::int32_t(span.start), end = std::int32_t(span.end);
        while (start < end) {
            std::int32_t next = start;
            UChar32 c;
            U8_NEXT_OR_FFFD(bytes, next, end, c);
            if (!isBlank(c))
                break;
            start = next;
        }
        while (start < end) {
            std::int32_t previous = end;
            UChar32 c;
            U8_PREV_OR_FFFD(bytes, start, previous, c);
            if (!isBlank(c))
                break;
            end = previous;
        }
        return {std::uint32_t(start), std::uint32_t(end)};
    }

    const Analyser &m_analyser;
    std::string_view m_text;
    const Reading &m_reading;
    std::vector<Unit> m_units;
};

}

Result<Output> run(const Input &input, const Options &, std::stop_token stop)
{
    const auto analyser = Analyser::shipped();
    if (!analyser)
        return tl::unexpected(analyser.error());
    Output output;
    output.items.resize(input.items.size());
    Reading reading;
    for (std::size_t i = 0; i < input.items.size(); ++i) {
        if (stop.stop_requested())
            return fail(ErrorCode::Cancelled, "segment");
        (*analyser)->read(input.items[i].text, input.items[i].lang, reading);
        Splitter(**analyser, input.items[i].text, reading).run(output.items[i]);
    }
    return output;
}

}
