#include "core/adapters/sqlite/traces.h"

#include <algorithm>

#include "core/text/unicode.h"
#include "core/text/utf8.h"

namespace winnow::sqlite
{

namespace
{

constexpr std::size_t kRun = 20; ///< folded bytes
constexpr std::size_t kTellingBytes = 12; ///< a shorter text is found by chance
constexpr std::size_t kTellingName = 6;

bool isWord(char32_t c)
{
    return (c >= '0' && c <= '9') || text::isLetter(c);
}

/// Letters and digits alone, with where each of their bytes comes from.
struct Folded {
    std::string letters;
    std::vector<ByteSpan> from;
};

Folded folded(std::string_view text)
{
    Folded out;
    for (std::size_t at = 0; at < text.size();) {
        const std::size_t begin = at;
        const char32_t c = text::decode(text, at);
        if (c == '&') { // an entity of HTML stands for one sign: &lt; &#39;
            std::size_t end = at;
            while (end < text.size() && end - at < 8
                   && ((text[end] >= 'a' && text[end] <= 'z') || (text[end] >= '0' && text[end] <= '9')
                       || text[end] == '#'))
                ++end;
            if (end < text.size() && end > at && text[end] == ';')
                at = end + 1;
            continue;
        }
        if (!isWord(c))
            continue;
        for (std::size_t byte = begin; byte < at; ++byte) {
            const char b = text[byte];
            out.letters += b >= 'A' && b <= 'Z' ? char(b | 0x20) : b;
            out.from.push_back({std::uint32_t(begin), std::uint32_t(at)});
        }
    }
    return out;
}

std::uint64_t hashOf(std::string_view run)
{
    std::uint64_t hash = 14695981039346656037u;
    for (const char c : run)
        hash = (hash ^ std::uint8_t(c)) * 1099511628211u;
    return hash;
}

}

void Traces::addText(std::string_view text)
{
    const auto add = [&](std::string_view part) {
        if (part.size() < kTellingBytes)
            return;
        const std::string letters = folded(part).letters;
        for (std::size_t i = 0; i + kRun <= letters.size(); ++i)
            m_runs.insert(hashOf(std::string_view(letters).substr(i, kRun)));
        if (!letters.empty() && letters.size() < kRun)
            m_short.push_back(letters);
    };
    add(text);
    for (std::size_t at = 0; at < text.size();) {
        const std::size_t end = std::min(text.find('\n', at), text.size());
        if (end - at < text.size())
            add(text::trimmed(text.substr(at, end - at)));
        at = end + 1;
    }
}

void Traces::addName(std::string_view name)
{
    if (name.size() >= kTellingName)
        m_names.emplace_back(name);
}

std::vector<ByteSpan> Traces::find(std::string_view text) const
{
    std::vector<ByteSpan> found;
    const Folded folds = folded(text);
    const std::string_view letters = folds.letters;
    std::size_t marked = 0; // folded bytes up to here are found already
    const auto mark = [&](std::size_t begin, std::size_t end) {
        const ByteSpan span{folds.from[begin].start, folds.from[end - 1].end};
        if (!found.empty() && begin <= marked)
            found.back().end = std::max(found.back().end, span.end);
        else
            found.push_back(span);
        marked = std::max(marked, end);
    };
    for (std::size_t i = 0; i < letters.size(); ++i) {
        if (i + kRun <= letters.size() && m_runs.contains(hashOf(letters.substr(i, kRun))))
            mark(i, i + kRun);
        for (const std::string &whole : m_short)
            if (letters.substr(i, whole.size()) == whole)
                mark(i, i + whole.size());
    }
    for (const std::string &name : m_names)
        for (std::size_t at = text.find(name); at != std::string_view::npos; at = text.find(name, at + 1)) {
            std::size_t before = at, behind = at + name.size();
            if ((before > 0 && isWord(text::decodeBefore(text, before)))
                || (behind < text.size() && isWord(text::decode(text, behind))))
                continue;
            found.push_back({std::uint32_t(at), std::uint32_t(at + name.size())});
        }
    std::sort(found.begin(), found.end());
    std::vector<ByteSpan> apart;
    for (const ByteSpan &span : found)
        if (!apart.empty() && span.start <= apart.back().end)
            apart.back().end = std::max(apart.back().end, span.end);
        else
            apart.push_back(span);
    return apart;
}

bool Traces::redact(std::string &text) const
{
    const std::vector<ByteSpan> spans = find(text);
    for (auto span = spans.rbegin(); span != spans.rend(); ++span)
        text.replace(span->start, span->size(), "[erased]");
    return !spans.empty();
}

}
