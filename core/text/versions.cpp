#include "core/text/versions.h"

#include <algorithm>

#include "core/text/unicode.h"
#include "core/text/utf8.h"

namespace winnow::text
{

namespace
{

bool isDigit(char c)
{
    return c >= '0' && c <= '9';
}
bool isWordChar(char c)
{
    return isDigit(c) || (c >= 'a' && c <= 'z');
}

struct Read {
    std::vector<std::string> numbers; ///< digits as written
    std::string preRelease;
    std::string build;
};

std::string takeNumber(std::string_view text, std::size_t &at)
{
    const std::size_t start = at;
    while (at < text.size() && isDigit(text[at]))
        ++at;
    return std::string(text.substr(start, std::min<std::size_t>(at - start, 18))); // fits 64 bits
}

/// The words that mark a version which is not yet the release.
bool isPreRelease(std::string_view word)
{
    for (const std::string_view known :
         {"alpha", "beta", "a", "b", "rc", "pre", "preview", "dev", "nightly", "snapshot", "canary"})
        if (word == known)
            return true;
    return false;
}

std::optional<Read> read(std::string_view raw)
{
    const std::string text = lower(asciiDigits(trimmed(raw)));
    // the first run of digits that starts a word, or follows a lone v
    std::size_t at = 0;
    for (;; ++at) {
        if (at >= text.size())
            return std::nullopt;
        if (!isDigit(text[at]))
            continue;
        const bool free = at == 0 || !isWordChar(text[at - 1]);
        const bool afterV = at >= 1 && text[at - 1] == 'v' && (at == 1 || !isWordChar(text[at - 2]));
        if (free || afterV)
            break;
        while (at + 1 < text.size() && isDigit(text[at + 1]))
            ++at;
    }
    Read out;
    out.numbers.push_back(takeNumber(text, at));
    while (at + 1 < text.size() && text[at] == '.' && isDigit(text[at + 1])) {
        ++at;
        out.numbers.push_back(takeNumber(text, at));
    }
    // -beta.2, b3, " RC 1"
    std::size_t next = at;
    while (next < text.size() && (text[next] == '-' || text[next] == '.' || text[next] == ' ' || text[next] == '_'))
        ++next;
    std::size_t wordEnd = next;
    while (wordEnd < text.size() && text[wordEnd] >= 'a' && text[wordEnd] <= 'z')
        ++wordEnd;
    if (const std::string word = text.substr(next, wordEnd - next); isPreRelease(word)) {
        out.preRelease = word == "a" ? "alpha" : word == "b" ? "beta" : word;
        at = wordEnd;
        std::size_t number = at;
        while (number < text.size() && (text[number] == '.' || text[number] == '-' || text[number] == ' '))
            ++number;
        if (number < text.size() && isDigit(text[number])) {
            at = number;
            out.preRelease += '.' + takeNumber(text, at);
        }
    }
    // (1234), +77, build 77
    std::size_t build = text.find('(', at);
    if (build == std::string::npos)
        build = text.find('+', at);
    if (const std::size_t word = text.find("build", at); build == std::string::npos && word != std::string::npos)
        build = word + 4;
    if (build != std::string::npos) {
        ++build;
        while (build < text.size() && !isDigit(text[build]) && text[build] != ')')
            ++build;
        if (build < text.size() && isDigit(text[build]))
            out.build = takeNumber(text, build);
    }
    return out;
}

std::uint64_t number(std::string_view digits)
{
    std::uint64_t value = 0;
    for (const char c : digits)
        value = value * 10 + std::uint64_t(c - '0');
    return value;
}

/// Pre-releases by stage, then by number: alpha < beta < rc; others by name.
std::weak_ordering comparePreRelease(std::string_view a, std::string_view b)
{
    const auto split = [](std::string_view text) {
        const std::size_t dot = text.find('.');
        return std::pair(text.substr(0, dot), dot == std::string_view::npos ? 0 : number(text.substr(dot + 1)));
    };
    const auto [wordA, numberA] = split(a);
    const auto [wordB, numberB] = split(b);
    if (const auto order = wordA.compare(wordB); order != 0)
        return order < 0 ? std::weak_ordering::less : std::weak_ordering::greater;
    return numberA <=> numberB;
}

}

std::weak_ordering Version::operator<=>(const Version &other) const
{
    const std::size_t size = std::max(numbers.size(), other.numbers.size());
    for (std::size_t i = 0; i < size; ++i) {
        const std::uint64_t a = i < numbers.size() ? numbers[i] : 0,
                            b = i < other.numbers.size() ? other.numbers[i] : 0;
        if (a != b)
            return a <=> b;
    }
    if (preRelease.empty() != other.preRelease.empty())
        return preRelease.empty() ? std::weak_ordering::greater : std::weak_ordering::less;
    if (const auto order = comparePreRelease(preRelease, other.preRelease); order != 0)
        return order;
    return build && other.build ? std::weak_ordering(build <=> other.build) : std::weak_ordering::equivalent;
}

std::optional<Version> parseVersion(std::string_view text)
{
    const auto parts = read(text);
    if (!parts)
        return std::nullopt;
    Version version;
    for (const std::string &digits : parts->numbers)
        version.numbers.push_back(number(digits));
    while (version.numbers.size() > 1 && version.numbers.back() == 0)
        version.numbers.pop_back();
    version.preRelease = parts->preRelease;
    version.build = number(parts->build);
    return version;
}

std::string tidyVersion(std::string_view text)
{
    const auto parts = read(text);
    if (!parts)
        return std::string(trimmed(text));
    std::string out;
    for (const std::string &digits : parts->numbers)
        out += (out.empty() ? "" : ".") + digits;
    if (!parts->preRelease.empty())
        out += '-' + parts->preRelease;
    return out;
}

}
