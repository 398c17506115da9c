#include "core/stages/mask/view.h"

#include "core/text/unicode.h"
#include "core/text/utf8.h"

namespace winnow::mask
{

namespace
{

constexpr char32_t kDropped = 0xffffffff;

/// What a character is read as; itself for nearly all.
char32_t readAs(char32_t c)
{
    if (c < 0x80)
        return c;
    if (c == 0xa0)
        return U' ';
    if (c == 0xad)
        return kDropped;
    if (c < 0x2d0)
        return c;
    if ((c >= 0x3041 && c < 0xa620) || (c >= 0xac00 && c < 0xd7a4))
        return c; // kana, ideographs, Hangul
    if (text::isInvisible(c))
        return kDropped;
    if (c >= 0xff01 && c <= 0xff5e)
        return c - 0xff01 + U'!';
    if (text::isSpace(c) && c != 0x2028 && c != 0x2029)
        return U' ';
    if ((c >= 0x2010 && c <= 0x2015) || c == 0x2212 || c == 0xfe58 || c == 0xfe63)
        return U'-';
    if (c == 0x2018 || c == 0x2019)
        return U'\'';
    if (c >= 0x660) {
        if (const int digit = text::digitValue(c); digit >= 0)
            return char32_t(U'0' + digit);
    }
    return c;
}

std::size_t bytesOf(unsigned char lead)
{
    return lead < 0x80 ? 1 : lead < 0xe0 ? 2 : lead < 0xf0 ? 3 : 4;
}

}

void View::look(std::string_view source)
{
    m_source = source;
    m_changed = false;
    if (text::isAscii(source))
        return;
    std::size_t at = 0;
    while (at < source.size()) {
        if (static_cast<unsigned char>(source[at]) < 0x80) {
            ++at;
            continue;
        }
        std::size_t next = at;
        const char32_t c = text::decode(source, next);
        if (readAs(c) != c)
            break;
        at = next;
    }
    if (at == source.size())
        return;
    m_changed = true;
    m_text.assign(source, 0, at);
    m_from.resize(at);
    for (std::size_t i = 0, start = 0; i < at; ++i) {
        if (text::isBorder(source, i))
            start = i;
        m_from[i] = std::uint32_t(start);
    }
    while (at < source.size()) {
        const auto start = std::uint32_t(at);
        const char32_t c = readAs(text::decode(source, at));
        if (c == kDropped)
            continue;
        text::append(m_text, c);
        m_from.resize(m_text.size(), start);
    }
}

ByteSpan View::toSource(ByteSpan span) const
{
    if (!m_changed || span.start >= span.end)
        return span;
    const std::uint32_t last = m_from[span.end - 1];
    return {m_from[span.start], last + std::uint32_t(bytesOf(static_cast<unsigned char>(m_source[last])))};
}

}
