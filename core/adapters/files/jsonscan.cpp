#include "core/adapters/files/jsonscan.h"

#include <array>
#include <cstring>

#include "core/adapters/files/celltext.h"

namespace winnow::files
{

namespace
{

/// Characters that a string simply contains.
constexpr auto kInString = [] {
    std::array<bool, 256> plain{};
    for (int i = 0x20; i < 256; ++i)
        plain[std::size_t(i)] = i != '"' && i != '\\';
    return plain;
}();

bool isDigit(char c)
{
    return c >= '0' && c <= '9';
}

int hexDigit(char c)
{
    return c >= '0' && c <= '9' ? c - '0'
        : c >= 'a' && c <= 'f'  ? c - 'a' + 10
        : c >= 'A' && c <= 'F'  ? c - 'A' + 10
                                : -1;
}

/// The string whose quote stands at `at`. \returns behind it; 0: the text ends first; npos: bad, `at` says where.
std::size_t scanString(std::string_view text, std::size_t &at)
{
    std::size_t i = at + 1;
    for (;;) {
        while (i < text.size() && kInString[std::uint8_t(text[i])])
            ++i;
        if (i >= text.size())
            return 0;
        if (text[i] == '"')
            return i + 1;
        if (text[i] != '\\') {
            at = i;
            return std::string_view::npos;
        }
        if (i + 1 >= text.size())
            return 0;
        if (text[i + 1] == 'u') {
            for (std::size_t k = i + 2; k < i + 6; ++k) {
                if (k >= text.size())
                    return 0;
                if (hexDigit(text[k]) < 0) {
                    at = k;
                    return std::string_view::npos;
                }
            }
            i += 6;
        } else if (std::strchr("\"\\/bfnrt", text[i + 1]) && text[i + 1]) {
            i += 2;
        } else {
            at = i;
            return std::string_view::npos;
        }
    }
}

/// Number, true, false or null. \returns as scanString; a value that touches the end may go on.
std::size_t scanScalar(std::string_view text, std::size_t &at, bool last)
{
    std::size_t i = at;
    const auto digits = [&] {
        const std::size_t from = i;
        while (i < text.size() && isDigit(text[i]))
            ++i;
        return i > from;
    };
    const auto open = [&] { return i >= text.size() && !last; };
    if (text[i] == '-' || isDigit(text[i])) {
        if (text[i] == '-')
            ++i;
        if (open())
            return 0;
        if (i < text.size() && text[i] == '0')
            ++i;
        else if (!digits())
            return at = i, std::string_view::npos;
        if (i < text.size() && text[i] == '.') {
            ++i;
            if (open())
                return 0;
            if (!digits())
                return at = i, std::string_view::npos;
        }
        if (i < text.size() && (text[i] == 'e' || text[i] == 'E')) {
            ++i;
            if (i < text.size() && (text[i] == '+' || text[i] == '-'))
                ++i;
            if (open())
                return 0;
            if (!digits())
                return at = i, std::string_view::npos;
        }
        return open() ? 0 : i;
    }
    for (const std::string_view word : {"true", "false", "null"}) {
        if (text[i] != word[0])
            continue;
        const std::string_view there = text.substr(i, word.size());
        if (there == word)
            return i + word.size();
        if (there.size() < word.size() && word.starts_with(there) && !last)
            return 0;
        break;
    }
    return std::string_view::npos;
}

}

std::size_t skipWhiteSpace(std::string_view text, std::size_t from)
{
    while (from < text.size() && (text[from] == ' ' || text[from] == '\n' || text[from] == '\r' || text[from] == '\t'))
        ++from;
    return from;
}

JsonScan scanJson(std::string_view text, std::size_t from, bool last)
{
    enum class Expect { Value, ValueOrEnd, Key, KeyOrEnd, Colon, CommaOrEnd } expect = Expect::Value;
    std::string open; // brackets to be closed
    JsonScan scan;
    std::size_t i = from;
    const auto bad = [&](std::size_t at, const char *reason) {
        scan.state = JsonScan::State::Bad;
        scan.end = at;
        scan.reason = reason;
        return scan;
    };
    const auto needMore = [&] {
        if (last)
            return bad(text.size(), "breaks off");
        scan.state = JsonScan::State::NeedMore;
        return scan;
    };
    for (;;) {
        i = skipWhiteSpace(text, i);
        if (i >= text.size())
            return needMore();
        const char c = text[i];
        bool done = false; // a value ended
        switch (expect) {
        case Expect::ValueOrEnd:
        case Expect::Value:
            if (c == '{' || c == '[') {
                open += c;
                scan.depth = std::max(scan.depth, unsigned(open.size()));
                expect = c == '{' ? Expect::KeyOrEnd : Expect::ValueOrEnd;
                ++i;
            } else if (c == ']' && expect == Expect::ValueOrEnd) {
                open.pop_back();
                ++i;
                done = true;
            } else {
                std::size_t at = i;
                const std::size_t behind = c == '"' ? scanString(text, at) : scanScalar(text, at, last);
                if (behind == std::string_view::npos)
                    return bad(at, c == '"' ? "control character or bad escape in a string" : "not a value");
                if (behind == 0)
                    return needMore();
                i = behind;
                done = true;
            }
            break;
        case Expect::KeyOrEnd:
        case Expect::Key:
            if (c == '"') {
                std::size_t at = i;
                const std::size_t behind = scanString(text, at);
                if (behind == std::string_view::npos)
                    return bad(at, "control character or bad escape in a name");
                if (behind == 0)
                    return needMore();
                i = behind;
                expect = Expect::Colon;
            } else if (c == '}' && expect == Expect::KeyOrEnd) {
                open.pop_back();
                ++i;
                done = true;
            } else {
                return bad(i, "expected a name");
            }
            break;
        case Expect::Colon:
            if (c != ':')
                return bad(i, "expected a colon");
            ++i;
            expect = Expect::Value;
            break;
        case Expect::CommaOrEnd:
            if (c == ',') {
                expect = open.back() == '{' ? Expect::Key : Expect::Value;
            } else if (c == (open.back() == '{' ? '}' : ']')) {
                open.pop_back();
                done = true;
            } else {
                return bad(i, "expected a comma or a closing bracket");
            }
            ++i;
            break;
        }
        if (done) {
            if (open.empty()) {
                scan.state = JsonScan::State::Complete;
                scan.end = i;
                return scan;
            }
            expect = Expect::CommaOrEnd;
        }
    }
}

bool JsonWalk::next()
{
    const auto stringEnd = [&](std::size_t from) {
        std::size_t i = from + 1;
        for (;; ++i) {
            while (kInString[std::uint8_t(m_slice[i])])
                ++i;
            if (m_slice[i] == '"')
                return i + 1;
            ++i; // the escaped character
        }
    };
    m_at = skipWhiteSpace(m_slice, m_at);
    if (m_slice[m_at] == ',')
        m_at = skipWhiteSpace(m_slice, m_at + 1);
    if (m_at + 1 >= m_slice.size())
        return false;
    if (m_object) {
        const std::size_t end = stringEnd(m_at);
        m_key = m_slice.substr(m_at + 1, end - m_at - 2);
        m_at = skipWhiteSpace(m_slice, end);
        m_at = skipWhiteSpace(m_slice, m_at + 1); // the colon
    }
    std::size_t i = m_at;
    if (m_slice[i] == '"') {
        i = stringEnd(i);
    } else if (m_slice[i] == '{' || m_slice[i] == '[') {
        std::size_t depth = 0;
        do {
            const char c = m_slice[i];
            if (c == '"') {
                i = stringEnd(i);
                continue;
            }
            if (c == '{' || c == '[')
                ++depth;
            else if (c == '}' || c == ']')
                --depth;
            ++i;
        } while (depth > 0);
    } else {
        while (!std::strchr(",]} \n\r\t", m_slice[i]))
            ++i;
    }
    m_value = m_slice.substr(m_at, i - m_at);
    m_at = i;
    return true;
}

bool unescape(std::string_view quoted, std::string &out)
{
    out.clear();
    bool replaced = false;
    const std::string_view text = quoted.substr(1, quoted.size() - 2);
    const auto unit = [&](std::size_t at) -> std::uint32_t {
        if (at + 6 > text.size() || text[at] != '\\' || text[at + 1] != 'u')
            return 0;
        std::uint32_t value = 0;
        for (std::size_t k = at + 2; k < at + 6; ++k)
            value = value * 16 + std::uint32_t(hexDigit(text[k]));
        return value;
    };
    for (std::size_t i = 0; i < text.size();) {
        const std::size_t slash = text.find('\\', i);
        out.append(text, i, slash - i);
        if (slash == std::string_view::npos)
            break;
        i = slash + 2;
        switch (text[slash + 1]) {
        case 'b':
            out += '\b';
            break;
        case 'f':
            out += '\f';
            break;
        case 'n':
            out += '\n';
            break;
        case 'r':
            out += '\r';
            break;
        case 't':
            out += '\t';
            break;
        case 'u': {
            const std::uint32_t first = unit(slash), second = unit(slash + 6);
            i = slash + 6;
            if (first < 0xd800 || first >= 0xe000) {
                appendUtf8(out, first);
            } else if (first < 0xdc00 && second >= 0xdc00 && second < 0xe000) {
                appendUtf8(out, 0x10000 + ((first - 0xd800) << 10) + (second - 0xdc00));
                i += 6;
            } else {
                out += "\xef\xbf\xbd";
                replaced = true;
            }
            break;
        }
        default:
            out += text[slash + 1];
        }
    }
    return replaced;
}

}
