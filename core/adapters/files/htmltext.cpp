#include "core/adapters/files/htmltext.h"

#include <algorithm>
#include <array>
#include <cstdint>
#include <utility>

#include "core/adapters/files/celltext.h"

namespace winnow::files
{

namespace
{

/// Sorted by name.
constexpr std::pair<std::string_view, std::uint32_t> kEntities[] = {
    {"AElig", 0xc6},     {"Aacute", 0xc1},   {"Acirc", 0xc2},    {"Agrave", 0xc0},   {"Alpha", 0x391},
    {"Aring", 0xc5},     {"Atilde", 0xc3},   {"Auml", 0xc4},     {"Beta", 0x392},    {"Ccedil", 0xc7},
    {"Chi", 0x3a7},      {"Dagger", 0x2021}, {"Delta", 0x394},   {"ETH", 0xd0},      {"Eacute", 0xc9},
    {"Ecirc", 0xca},     {"Egrave", 0xc8},   {"Epsilon", 0x395}, {"Eta", 0x397},     {"Euml", 0xcb},
    {"Gamma", 0x393},    {"Iacute", 0xcd},   {"Icirc", 0xce},    {"Igrave", 0xcc},   {"Iota", 0x399},
    {"Iuml", 0xcf},      {"Kappa", 0x39a},   {"Lambda", 0x39b},  {"Mu", 0x39c},      {"Ntilde", 0xd1},
    {"Nu", 0x39d},       {"OElig", 0x152},   {"Oacute", 0xd3},   {"Ocirc", 0xd4},    {"Ograve", 0xd2},
    {"Omega", 0x3a9},    {"Omicron", 0x39f}, {"Oslash", 0xd8},   {"Otilde", 0xd5},   {"Ouml", 0xd6},
    {"Phi", 0x3a6},      {"Pi", 0x3a0},      {"Prime", 0x2033},  {"Psi", 0x3a8},     {"Rho", 0x3a1},
    {"Scaron", 0x160},   {"Sigma", 0x3a3},   {"THORN", 0xde},    {"Tau", 0x3a4},     {"Theta", 0x398},
    {"Uacute", 0xda},    {"Ucirc", 0xdb},    {"Ugrave", 0xd9},   {"Upsilon", 0x3a5}, {"Uuml", 0xdc},
    {"Xi", 0x39e},       {"Yacute", 0xdd},   {"Yuml", 0x178},    {"Zeta", 0x396},    {"aacute", 0xe1},
    {"acirc", 0xe2},     {"acute", 0xb4},    {"aelig", 0xe6},    {"agrave", 0xe0},   {"alefsym", 0x2135},
    {"alpha", 0x3b1},    {"amp", 0x26},      {"and", 0x2227},    {"ang", 0x2220},    {"apos", 0x27},
    {"aring", 0xe5},     {"asymp", 0x2248},  {"atilde", 0xe3},   {"auml", 0xe4},     {"bdquo", 0x201e},
    {"beta", 0x3b2},     {"brvbar", 0xa6},   {"bull", 0x2022},   {"cap", 0x2229},    {"ccedil", 0xe7},
    {"cedil", 0xb8},     {"cent", 0xa2},     {"chi", 0x3c7},     {"circ", 0x2c6},    {"clubs", 0x2663},
    {"cong", 0x2245},    {"copy", 0xa9},     {"crarr", 0x21b5},  {"cup", 0x222a},    {"curren", 0xa4},
    {"dArr", 0x21d3},    {"dagger", 0x2020}, {"darr", 0x2193},   {"deg", 0xb0},      {"delta", 0x3b4},
    {"diams", 0x2666},   {"divide", 0xf7},   {"eacute", 0xe9},   {"ecirc", 0xea},    {"egrave", 0xe8},
    {"empty", 0x2205},   {"emsp", 0x2003},   {"ensp", 0x2002},   {"epsilon", 0x3b5}, {"equiv", 0x2261},
    {"eta", 0x3b7},      {"eth", 0xf0},      {"euml", 0xeb},     {"euro", 0x20ac},   {"exist", 0x2203},
    {"fnof", 0x192},     {"forall", 0x2200}, {"frac12", 0xbd},   {"frac14", 0xbc},   {"frac34", 0xbe},
    {"frasl", 0x2044},   {"gamma", 0x3b3},   {"ge", 0x2265},     {"gt", 0x3e},       {"hArr", 0x21d4},
    {"harr", 0x2194},    {"hearts", 0x2665}, {"hellip", 0x2026}, {"iacute", 0xed},   {"icirc", 0xee},
    {"iexcl", 0xa1},     {"igrave", 0xec},   {"image", 0x2111},  {"infin", 0x221e},  {"int", 0x222b},
    {"iota", 0x3b9},     {"iquest", 0xbf},   {"isin", 0x2208},   {"iuml", 0xef},     {"kappa", 0x3ba},
    {"lArr", 0x21d0},    {"lambda", 0x3bb},  {"lang", 0x2329},   {"laquo", 0xab},    {"larr", 0x2190},
    {"lceil", 0x2308},   {"ldquo", 0x201c},  {"le", 0x2264},     {"lfloor", 0x230a}, {"lowast", 0x2217},
    {"loz", 0x25ca},     {"lrm", 0x200e},    {"lsaquo", 0x2039}, {"lsquo", 0x2018},  {"lt", 0x3c},
    {"macr", 0xaf},      {"mdash", 0x2014},  {"micro", 0xb5},    {"middot", 0xb7},   {"minus", 0x2212},
    {"mu", 0x3bc},       {"nabla", 0x2207},  {"nbsp", 0xa0},     {"ndash", 0x2013},  {"ne", 0x2260},
    {"ni", 0x220b},      {"not", 0xac},      {"notin", 0x2209},  {"nsub", 0x2284},   {"ntilde", 0xf1},
    {"nu", 0x3bd},       {"oacute", 0xf3},   {"ocirc", 0xf4},    {"oelig", 0x153},   {"ograve", 0xf2},
    {"oline", 0x203e},   {"omega", 0x3c9},   {"omicron", 0x3bf}, {"oplus", 0x2295},  {"or", 0x2228},
    {"ordf", 0xaa},      {"ordm", 0xba},     {"oslash", 0xf8},   {"otilde", 0xf5},   {"otimes", 0x2297},
    {"ouml", 0xf6},      {"para", 0xb6},     {"part", 0x2202},   {"permil", 0x2030}, {"perp", 0x22a5},
    {"phi", 0x3c6},      {"pi", 0x3c0},      {"piv", 0x3d6},     {"plusmn", 0xb1},   {"pound", 0xa3},
    {"prime", 0x2032},   {"prod", 0x220f},   {"prop", 0x221d},   {"psi", 0x3c8},     {"quot", 0x22},
    {"rArr", 0x21d2},    {"radic", 0x221a},  {"rang", 0x232a},   {"raquo", 0xbb},    {"rarr", 0x2192},
    {"rceil", 0x2309},   {"rdquo", 0x201d},  {"real", 0x211c},   {"reg", 0xae},      {"rfloor", 0x230b},
    {"rho", 0x3c1},      {"rlm", 0x200f},    {"rsaquo", 0x203a}, {"rsquo", 0x2019},  {"sbquo", 0x201a},
    {"scaron", 0x161},   {"sdot", 0x22c5},   {"sect", 0xa7},     {"shy", 0xad},      {"sigma", 0x3c3},
    {"sigmaf", 0x3c2},   {"sim", 0x223c},    {"spades", 0x2660}, {"sub", 0x2282},    {"sube", 0x2286},
    {"sum", 0x2211},     {"sup", 0x2283},    {"sup1", 0xb9},     {"sup2", 0xb2},     {"sup3", 0xb3},
    {"supe", 0x2287},    {"szlig", 0xdf},    {"tau", 0x3c4},     {"there4", 0x2234}, {"theta", 0x3b8},
    {"thetasym", 0x3d1}, {"thinsp", 0x2009}, {"thorn", 0xfe},    {"tilde", 0x2dc},   {"times", 0xd7},
    {"trade", 0x2122},   {"uArr", 0x21d1},   {"uacute", 0xfa},   {"uarr", 0x2191},   {"ucirc", 0xfb},
    {"ugrave", 0xf9},    {"uml", 0xa8},      {"upsih", 0x3d2},   {"upsilon", 0x3c5}, {"uuml", 0xfc},
    {"weierp", 0x2118},  {"xi", 0x3be},      {"yacute", 0xfd},   {"yen", 0xa5},      {"yuml", 0xff},
    {"zeta", 0x3b6},     {"zwj", 0x200d},    {"zwnj", 0x200c}};

constexpr auto kBlocks = std::to_array<std::string_view>(
    {"address", "article",  "aside",      "blockquote", "body",   "center", "dd",     "details", "div", "dl",
     "dt",      "fieldset", "figcaption", "figure",     "footer", "form",   "h1",     "h2",      "h3",  "h4",
     "h5",      "h6",       "header",     "hr",         "html",   "li",     "main",   "nav",     "ol",  "p",
     "pre",     "section",  "summary",    "table",      "tr",     "ul",     "option", "title"});

bool isLetter(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}
bool isSpace(char c)
{
    return c == ' ' || c == '\n' || c == '\t' || c == '\r' || c == '\f';
}

/// What the reference at `at` (an ampersand) stands for. \returns its length; 0: it is no reference.
std::size_t decodeEntity(std::string_view text, std::size_t at, std::string &out)
{
    std::size_t i = at + 1;
    if (i < text.size() && text[i] == '#') {
        ++i;
        const bool hex = i < text.size() && (text[i] == 'x' || text[i] == 'X');
        i += hex;
        std::uint32_t value = 0;
        std::size_t digits = 0;
        for (; i < text.size(); ++i, ++digits) {
            const char c = text[i];
            const int digit = c >= '0' && c <= '9' ? c - '0'
                : hex && c >= 'a' && c <= 'f'      ? c - 'a' + 10
                : hex && c >= 'A' && c <= 'F'      ? c - 'A' + 10
                                                   : -1;
            if (digit < 0)
                break;
            value = std::min(value * (hex ? 16u : 10u) + std::uint32_t(digit), 0x200000u);
        }
        if (!digits)
            return 0;
        if (i < text.size() && text[i] == ';')
            ++i;
        if (value == 0 || value > 0x10ffff || (value >= 0xd800 && value < 0xe000))
            value = 0xfffd;
        appendUtf8(out, value);
        return i - at;
    }
    const std::size_t from = i;
    while (i < text.size() && (isLetter(text[i]) || (text[i] >= '0' && text[i] <= '9')) && i - from < 12)
        ++i;
    if (i >= text.size() || text[i] != ';')
        return 0;
    const std::string_view name = text.substr(from, i - from);
    const auto it = std::lower_bound(std::begin(kEntities), std::end(kEntities), name,
                                     [](const auto &entry, std::string_view wanted) { return entry.first < wanted; });
    if (it == std::end(kEntities) || it->first != name)
        return 0;
    appendUtf8(out, it->second);
    return i + 1 - at;
}

class Reader
{
public:
    explicit Reader(std::string_view html)
        : m_html(html)
    {
    }

    std::string run(bool &stripped)
    {
        while (m_at < m_html.size()) {
            const char c = m_html[m_at];
            if (c == '<' && tag()) {
                stripped = true;
            } else if (c == '&') {
                std::string decoded;
                if (const std::size_t length = decodeEntity(m_html, m_at, decoded)) {
                    put(decoded);
                    m_at += length;
                    stripped = true;
                } else {
                    put("&");
                    ++m_at;
                }
            } else if (isSpace(c) && !m_pre) {
                m_space = true;
                ++m_at;
            } else {
                const std::size_t end = std::min(m_html.find_first_of("<& \n\t\r\f", m_at + 1), m_html.size());
                put(m_html.substr(m_at, end - m_at));
                m_at = end;
            }
        }
        return std::move(m_text);
    }

private:
    void put(std::string_view words)
    {
        if (m_break && !m_text.empty())
            m_text += '\n';
        else if (m_space && !m_text.empty() && m_text.back() != '\n')
            m_text += ' ';
        m_break = m_space = false;
        m_text += words;
    }

    /// The tag, comment or declaration at m_at. \returns false: a bare `<`.
    bool tag()
    {
        const std::string_view rest = m_html.substr(m_at);
        if (rest.starts_with("<!--")) {
            const std::size_t end = m_html.find("-->", m_at + 4);
            m_at = end == std::string_view::npos ? m_html.size() : end + 3;
            return true;
        }
        if (rest.size() > 1 && (rest[1] == '!' || rest[1] == '?')) {
            const std::size_t end = m_html.find('>', m_at);
            m_at = end == std::string_view::npos ? m_html.size() : end + 1;
            return true;
        }
        const bool closing = rest.size() > 1 && rest[1] == '/';
        std::size_t i = closing ? 2 : 1;
        if (i >= rest.size() || !isLetter(rest[i]))
            return false;
        const std::size_t from = i;
        while (i < rest.size() && !isSpace(rest[i]) && rest[i] != '>' && rest[i] != '/')
            ++i;
        const std::string name = lowered(rest.substr(from, i - from));
        const std::size_t attributes = i;
        for (char quote = '\0'; i < rest.size() && (quote || rest[i] != '>'); ++i) {
            if (quote && rest[i] == quote)
                quote = '\0';
            else if (!quote && (rest[i] == '"' || rest[i] == '\'') && rest[i - 1] == '=')
                quote = rest[i];
        }
        const std::string_view inside = rest.substr(attributes, i - attributes);
        m_at += std::min(i + 1, rest.size());
        if (!closing && (name == "script" || name == "style")) {
            skipPast(name);
        } else if (name == "br" || std::find(kBlocks.begin(), kBlocks.end(), name) != kBlocks.end()) {
            m_break = true;
            if (name == "pre")
                m_pre = !closing;
        } else if (name == "td" || name == "th") {
            m_space = true;
        } else if (name == "img" && lowered(inside).find("emoji") != std::string::npos) {
            std::string alt;
            const std::string_view value = attribute(inside, "alt");
            for (std::size_t k = 0; k < value.size();) {
                const std::size_t length = value[k] == '&' ? decodeEntity(value, k, alt) : 0;
                if (!length)
                    alt += value[k];
                k += std::max<std::size_t>(length, 1);
            }
            if (!alt.empty())
                put(alt);
        }
        return true;
    }

    void skipPast(const std::string &name)
    {
        std::size_t end = m_html.find("</", m_at);
        while (end != std::string_view::npos && lowered(m_html.substr(end + 2, name.size())) != name)
            end = m_html.find("</", end + 2);
        const std::size_t close = end == std::string_view::npos ? end : m_html.find('>', end);
        m_at = close == std::string_view::npos ? m_html.size() : close + 1;
    }

    static std::string_view attribute(std::string_view inside, std::string_view wanted)
    {
        std::size_t i = 0;
        while (i < inside.size()) {
            while (i < inside.size() && (isSpace(inside[i]) || inside[i] == '/'))
                ++i;
            const std::size_t from = i;
            while (i < inside.size() && !isSpace(inside[i]) && inside[i] != '=')
                ++i;
            const bool found = lowered(inside.substr(from, i - from)) == wanted;
            while (i < inside.size() && isSpace(inside[i]))
                ++i;
            if (i >= inside.size() || inside[i] != '=') {
                if (from == i)
                    ++i;
                continue;
            }
            ++i;
            while (i < inside.size() && isSpace(inside[i]))
                ++i;
            std::size_t start = i, end;
            if (i < inside.size() && (inside[i] == '"' || inside[i] == '\'')) {
                start = i + 1;
                end = std::min(inside.find(inside[i], start), inside.size());
                i = end + 1;
            } else {
                while (i < inside.size() && !isSpace(inside[i]))
                    ++i;
                end = i;
            }
            if (found)
                return inside.substr(start, end - start);
        }
        return {};
    }

    std::string_view m_html;
    std::size_t m_at = 0;
    std::string m_text;
    bool m_space = false, m_break = false, m_pre = false;
};

}

std::string textOfHtml(std::string_view html, bool &stripped)
{
    stripped = false;
    return Reader(html).run(stripped);
}

}
