#include "core/text/utf8.h"

#include <cstring>

namespace winnow::text
{

namespace
{

std::uint8_t byteAt(std::string_view text, std::size_t at)
{
    return static_cast<std::uint8_t>(text[at]);
}
bool continues(std::string_view text, std::size_t at)
{
    return at < text.size() && (byteAt(text, at) & 0xc0) == 0x80;
}

/// Bytes of the sequence that starts at `at`; `good` tells a character from an ill-formed part.
std::size_t sequence(std::string_view text, std::size_t at, bool &good)
{
    const std::uint8_t first = byteAt(text, at);
    good = true;
    if (first < 0x80)
        return 1;
    good = false;
    if (first < 0xc2 || first > 0xf4 || !continues(text, at + 1))
        return 1;
    if (first < 0xe0) {
        good = true;
        return 2;
    }
    const std::uint8_t second = byteAt(text, at + 1);
    if ((first == 0xe0 && second < 0xa0) || (first == 0xed && second > 0x9f) || (first == 0xf0 && second < 0x90)
        || (first == 0xf4 && second > 0x8f))
        return 1;
    if (!continues(text, at + 2))
        return 2;
    if (first < 0xf0) {
        good = true;
        return 3;
    }
    if (!continues(text, at + 3))
        return 3;
    good = true;
    return 4;
}

/// Offset of the first byte from `at` on that is not ASCII.
std::size_t skipAscii(std::string_view text, std::size_t at)
{
    constexpr std::uint64_t kHigh = 0x8080808080808080ull;
    for (; at + 8 <= text.size(); at += 8) {
        std::uint64_t word;
        std::memcpy(&word, text.data() + at, 8);
        if (word & kHigh)
            break;
    }
    while (at < text.size() && byteAt(text, at) < 0x80)
        ++at;
    return at;
}

}

bool isAscii(std::string_view text)
{
    return skipAscii(text, 0) == text.size();
}

bool isUtf8(std::string_view text)
{
    for (std::size_t at = skipAscii(text, 0); at < text.size(); at = skipAscii(text, at)) {
        bool good;
        at += sequence(text, at, good);
        if (!good)
            return false;
    }
    return true;
}

std::string repaired(std::string_view text)
{
    std::string out;
    out.reserve(text.size());
    for (std::size_t at = 0; at < text.size();) {
        bool good;
        const std::size_t size = sequence(text, at, good);
        if (good)
            out.append(text, at, size);
        else
            out += "\xef\xbf\xbd";
        at += size;
    }
    return out;
}

char32_t decode(std::string_view text, std::size_t &at)
{
    bool good;
    const std::size_t start = at, size = sequence(text, at, good);
    at += size;
    if (!good)
        return 0xfffd;
    const std::uint8_t first = byteAt(text, start);
    if (size == 1)
        return first;
    char32_t value = first & (0x7f >> size);
    for (std::size_t i = 1; i < size; ++i)
        value = value << 6 | (byteAt(text, start + i) & 0x3f);
    return value;
}

char32_t decodeBefore(std::string_view text, std::size_t &at)
{
    const std::size_t end = at;
    for (std::size_t back = 1; back <= 4 && back <= end; ++back) {
        std::size_t next = end - back;
        if (!isBorder(text, next))
            continue;
        const char32_t value = decode(text, next);
        if (next != end)
            break;
        at = end - back;
        return value;
    }
    at = end - 1;
    return 0xfffd;
}

void append(std::string &out, char32_t c)
{
    if (c < 0x80) {
        out += char(c);
    } else if (c < 0x800) {
        out += {char(0xc0 | c >> 6), char(0x80 | (c & 0x3f))};
    } else if (c < 0x10000) {
        out += {char(0xe0 | c >> 12), char(0x80 | (c >> 6 & 0x3f)), char(0x80 | (c & 0x3f))};
    } else {
        out += {char(0xf0 | c >> 18), char(0x80 | (c >> 12 & 0x3f)), char(0x80 | (c >> 6 & 0x3f)),
                char(0x80 | (c & 0x3f))};
    }
}

std::size_t length(std::string_view text)
{
    std::size_t count = 0;
    for (std::size_t at = 0; at < text.size(); ++count) {
        bool good;
        at += sequence(text, at, good);
    }
    return count;
}

std::string_view prefix(std::string_view text, std::size_t bytes)
{
    if (bytes >= text.size())
        return text;
    while (bytes > 0 && !isBorder(text, bytes))
        --bytes;
    return text.substr(0, bytes);
}

bool isSpace(char32_t c)
{
    return c == ' ' || (c >= 9 && c <= 13) || c == 0x85 || c == 0xa0 || c == 0x1680 || (c >= 0x2000 && c <= 0x200a)
        || c == 0x2028 || c == 0x2029 || c == 0x202f || c == 0x205f || c == 0x3000;
}

std::string_view trimmed(std::string_view text)
{
    std::size_t start = 0, end = text.size();
    while (start < end) {
        std::size_t next = start;
        if (!isSpace(decode(text, next)))
            break;
        start = next;
    }
    while (end > start) {
        std::size_t before = end;
        if (!isSpace(decodeBefore(text, before)))
            break;
        end = before;
    }
    return text.substr(start, end - start);
}

}
