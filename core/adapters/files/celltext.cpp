#include "core/adapters/files/celltext.h"

#include <array>
#include <cstring>

#include "core/domain/record.h"

namespace winnow::files
{

void appendUtf8(std::string &text, std::uint32_t c)
{
    if (c < 0x80) {
        text += char(c);
    } else if (c < 0x800) {
        text += char(0xc0 | c >> 6);
        text += char(0x80 | (c & 63));
    } else if (c < 0x10000) {
        text += char(0xe0 | c >> 12);
        text += char(0x80 | (c >> 6 & 63));
        text += char(0x80 | (c & 63));
    } else {
        text += char(0xf0 | c >> 18);
        text += char(0x80 | (c >> 12 & 63));
        text += char(0x80 | (c >> 6 & 63));
        text += char(0x80 | (c & 63));
    }
}

bool isAscii(std::string_view text)
{
    std::size_t i = 0;
    for (; i + 8 <= text.size(); i += 8) {
        std::uint64_t word;
        std::memcpy(&word, text.data() + i, 8);
        if (word & 0x8080808080808080u)
            return false;
    }
    for (; i < text.size(); ++i)
        if (text[i] & 0x80)
            return false;
    return true;
}

std::size_t sequenceAt(std::string_view text, std::size_t at, std::size_t &bad)
{
    const auto first = std::uint8_t(text[at]);
    bad = 1;
    if (first < 0x80)
        return 1;
    std::size_t length;
    std::uint8_t low = 0x80, high = 0xbf; // bounds of the second byte
    if (first >= 0xc2 && first <= 0xdf) {
        length = 2;
    } else if (first >= 0xe0 && first <= 0xef) {
        length = 3;
        if (first == 0xe0)
            low = 0xa0;
        else if (first == 0xed)
            high = 0x9f;
    } else if (first >= 0xf0 && first <= 0xf4) {
        length = 4;
        if (first == 0xf0)
            low = 0x90;
        else if (first == 0xf4)
            high = 0x8f;
    } else {
        return 0;
    }
    for (std::size_t k = 1; k < length; ++k) {
        if (at + k >= text.size())
            return 0;
        const auto byte = std::uint8_t(text[at + k]);
        if (byte < low || byte > high)
            return 0;
        low = 0x80;
        high = 0xbf;
        bad = k + 1;
    }
    return length;
}

bool isUtf8(std::string_view text)
{
    std::size_t i = 0, bad = 0;
    while (i < text.size()) {
        if (i + 8 <= text.size()) {
            std::uint64_t word;
            std::memcpy(&word, text.data() + i, 8);
            if (!(word & 0x8080808080808080u)) {
                i += 8;
                continue;
            }
        }
        const std::size_t length = sequenceAt(text, i, bad);
        if (!length)
            return false;
        i += length;
    }
    return true;
}

std::pair<std::size_t, std::size_t> countSequences(std::string_view text, bool whole)
{
    std::size_t sound = 0, unsound = 0;
    for (std::size_t i = 0; i < text.size();) {
        if (!(text[i] & 0x80)) {
            ++i;
            continue;
        }
        std::size_t bad = 0;
        const std::size_t length = sequenceAt(text, i, bad);
        if (length)
            ++sound;
        else if (whole || i + bad < text.size())
            ++unsound;
        i += length ? length : bad;
    }
    return {sound, unsound};
}

bool replaceDamage(std::string_view text, std::string &out)
{
    out.clear();
    bool any = false;
    for (std::size_t i = 0; i < text.size();) {
        std::size_t bad = 0;
        const std::size_t length = sequenceAt(text, i, bad);
        if (length) {
            out.append(text, i, length);
            i += length;
        } else {
            out += "\xef\xbf\xbd";
            any = true;
            i += bad;
        }
    }
    return any;
}

bool isBlank(std::string_view text)
{
    for (std::size_t i = 0; i < text.size();) {
        const auto c = std::uint8_t(text[i]);
        if (c == ' ' || (c >= 9 && c <= 13)) {
            ++i;
            continue;
        }
        if (c < 0x80)
            return false;
        // White space beyond ASCII: 85 A0 1680 2000-200A 2028 2029 202F 205F 3000, and FEFF and 200B, which show
        // nothing.
        const std::string_view two = text.substr(i, 2), three = text.substr(i, 3);
        if (two == "\xc2\x85" || two == "\xc2\xa0") {
            i += 2;
        } else if ((three.size() == 3
                    && ((three >= "\xe2\x80\x80" && three <= "\xe2\x80\x8b") || three == "\xe2\x80\xa8"
                        || three == "\xe2\x80\xa9" || three == "\xe2\x80\xaf"))
                   || three == "\xe1\x9a\x80" || three == "\xe2\x81\x9f" || three == "\xe3\x80\x80"
                   || three == "\xef\xbb\xbf") {
            i += 3;
        } else {
            return false;
        }
    }
    return true;
}

std::string_view trimmed(std::string_view text)
{
    const auto space = [](char c) { return c == ' ' || (c >= 9 && c <= 13); };
    for (;;) {
        if (!text.empty() && space(text.front()))
            text.remove_prefix(1);
        else if (text.starts_with("\xc2\xa0"))
            text.remove_prefix(2);
        else if (text.starts_with("\xe2\x80\xaf") || text.starts_with("\xef\xbb\xbf"))
            text.remove_prefix(3);
        else
            break;
    }
    for (;;) {
        if (!text.empty() && space(text.back()))
            text.remove_suffix(1);
        else if (text.ends_with("\xc2\xa0"))
            text.remove_suffix(2);
        else if (text.ends_with("\xe2\x80\xaf"))
            text.remove_suffix(3);
        else
            break;
    }
    return text;
}

std::string lowered(std::string_view text)
{
    std::string low(text);
    for (char &c : low)
        if (c >= 'A' && c <= 'Z')
            c = char(c + 32);
    return low;
}

std::uint32_t cleanText(std::string_view text, bool damaged, std::string &out)
{
    std::uint32_t flags = 0;
    if (isBlank(text)) {
        out.clear();
        return 0;
    }
    if (damaged) {
        if (replaceDamage(text, out))
            flags |= std::uint32_t(RecordFlag::EncodingReplaced);
    } else {
        out.assign(text);
    }
    const bool nul = std::memchr(out.data(), '\0', out.size()), cr = std::memchr(out.data(), '\r', out.size());
    if (!nul && !cr)
        return flags;
    std::size_t to = 0;
    for (std::size_t i = 0; i < out.size(); ++i) {
        if (out[i] == '\0')
            continue;
        if (out[i] == '\r') {
            out[to++] = '\n';
            if (i + 1 < out.size() && out[i + 1] == '\n')
                ++i;
        } else {
            out[to++] = out[i];
        }
    }
    out.resize(to);
    if (nul)
        flags |= std::uint32_t(RecordFlag::NulRemoved);
    if (isBlank(out))
        out.clear();
    return flags;
}

std::string_view firstCharacters(std::string_view text, std::size_t characters)
{
    std::size_t i = 0;
    for (; i < text.size(); ++i)
        if ((std::uint8_t(text[i]) & 0xc0) != 0x80 && characters-- == 0)
            break;
    return text.substr(0, i);
}

void appendJsonString(std::string &json, std::string_view text)
{
    static constexpr auto kPlain = [] {
        std::array<bool, 256> plain{};
        for (int i = 0x20; i < 256; ++i)
            plain[std::size_t(i)] = i != '"' && i != '\\';
        return plain;
    }();
    json += '"';
    std::size_t from = 0;
    for (std::size_t i = 0; i < text.size(); ++i) {
        const auto c = std::uint8_t(text[i]);
        if (kPlain[c])
            continue;
        json.append(text, from, i - from);
        from = i + 1;
        json += '\\';
        switch (c) {
        case '"':
        case '\\':
            json += char(c);
            break;
        case '\n':
            json += 'n';
            break;
        case '\r':
            json += 'r';
            break;
        case '\t':
            json += 't';
            break;
        default:
            json += "u00";
            json += "0123456789abcdef"[c >> 4];
            json += "0123456789abcdef"[c & 15];
        }
    }
    json.append(text, from);
    json += '"';
}

std::string shown(std::string_view text)
{
    std::string clean;
    replaceDamage(firstCharacters(text, 60), clean);
    std::string line;
    for (const char c : clean) {
        if (std::uint8_t(c) >= 0x20 && c != 0x7f)
            line += c;
        else if (!line.empty() && line.back() != ' ')
            line += ' ';
    }
    return line;
}

}
