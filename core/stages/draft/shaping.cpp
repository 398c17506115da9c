#include "core/stages/draft/shaping.h"

#include "core/text/unicode.h"
#include "core/text/utf8.h"

namespace winnow::draft {

namespace {

/// Marks of direction, joiners that hide, tags, specials: what makes a text read differently from what it is. The two
/// joiners that scripts and emoji need stay.
bool isDeceptive(char32_t c)
{
    return c == 0xad || c == 0x61c || c == 0x180e || c == 0x200b || (c >= 0x200e && c <= 0x200f)
        || (c >= 0x202a && c <= 0x202e) || (c >= 0x2060 && c <= 0x206f) || c == 0xfeff || (c >= 0xfff9 && c <= 0xfffb)
        || (c >= 0xe0000 && c <= 0xe0fff) || (c & 0xfffe) == 0xfffe || (c >= 0xfdd0 && c <= 0xfdef);
}

bool isLineEnd(char32_t c) { return c == '\n' || c == '\v' || c == '\f' || c == 0x85 || c == 0x2028 || c == 0x2029; }

}

std::size_t utf16Length(std::string_view text)
{
    std::size_t units = 0;
    for (const char c : text) {
        const auto byte = static_cast<unsigned char>(c);
        units += (byte & 0xc0) != 0x80; // one per character
        units += byte >= 0xf0;          // and one more above U+FFFF
    }
    return units;
}

std::string bodyText(std::string_view text)
{
    std::string clean;
    clean.reserve(text.size());
    for (std::size_t at = 0; at < text.size();) {
        const std::size_t begin = at;
        const char32_t c = text::decode(text, at);
        if (c == 0xfffd && text.substr(begin, at - begin) != "\xef\xbf\xbd")
            continue; // ill-formed: half a surrogate, a broken sequence
        if (c == '\r') {
            if (at == text.size() || text[at] != '\n')
                clean += '\n';
        } else if (isLineEnd(c)) {
            clean += '\n';
        } else if ((c < 0x20 && c != '\t') || (c >= 0x7f && c <= 0x9f) || isDeceptive(c)) {
            continue;
        } else {
            clean.append(text, begin, at - begin);
        }
    }
    if (!text::isNfc(clean))
        clean = text::nfc(clean);
    return std::string(text::trimmed(clean));
}

std::string lineText(std::string_view text)
{
    const std::string clean = bodyText(text);
    std::string line;
    line.reserve(clean.size());
    for (std::size_t at = 0; at < clean.size();) {
        const std::size_t begin = at;
        if (text::isSpace(text::decode(clean, at))) {
            if (line.back() != ' ') // never first: the ends are trimmed
                line += ' ';
        } else {
            line.append(clean, begin, at - begin);
        }
    }
    return line;
}

std::string shortened(std::string_view text, std::size_t units)
{
    if (utf16Length(text) <= units)
        return std::string(text);
    if (units == 0)
        return {};
    // graphemes of the part that can matter only: a text may be long
    std::size_t end = 0;
    for (std::size_t at = 0, used = 0; at < text.size() && used <= units + 64;) {
        const std::size_t begin = at;
        static_cast<void>(text::decode(text, at));
        used += at - begin == 4 ? 2 : 1;
        end = at;
    }
    std::size_t kept = 0, used = 0;
    for (const ByteSpan &grapheme : text::graphemes(text.substr(0, end))) {
        used += utf16Length(grapheme.of(text));
        if (used + 1 > units)
            break;
        kept = grapheme.end;
    }
    return std::string(text::trimmed(text.substr(0, kept))) + "…";
}

}
