#include "core/stages/match/tokens.h"

#include <algorithm>
#include <array>

#include "core/stages/match/stopwords.h"
#include "core/text/unicode.h"
#include "core/text/utf8.h"

namespace winnow::match {

namespace {

constexpr std::size_t kLongestWord = 64; ///< bytes; what is longer is no word

enum class Kind { Gap, Lower, Upper, Digit, Ideograph };

/// Scripts that put no blanks between words.
bool isIdeograph(char32_t c)
{
    return (c >= 0x2e80 && c <= 0x9fff && !(c >= 0x3000 && c <= 0x3004)) || (c >= 0xac00 && c <= 0xd7a3)
        || (c >= 0xf900 && c <= 0xfaff) || (c >= 0x20000 && c <= 0x3ffff) || (c >= 0x0e00 && c <= 0x0e7f);
}

bool isMark(char32_t c) { return (c >= 0x300 && c <= 0x36f) || (c >= 0x900 && c <= 0xdff && !text::isLetter(c)); }

Kind kindOf(char32_t c)
{
    if (c < 0x80) {
        if (c >= 'a' && c <= 'z')
            return Kind::Lower;
        if (c >= 'A' && c <= 'Z')
            return Kind::Upper;
        return c >= '0' && c <= '9' ? Kind::Digit : Kind::Gap;
    }
    if (isIdeograph(c))
        return Kind::Ideograph;
    if (text::digitValue(c) >= 0)
        return Kind::Digit;
    if (text::isLetter(c) || isMark(c))
        return text::isUpper(c) ? Kind::Upper : Kind::Lower;
    return Kind::Gap;
}

/// Latin letters with marks as their base letters, others as case folding has them.
void appendFolded(std::string &out, char32_t c)
{
    if (c < 0x80) {
        out += c >= 'A' && c <= 'Z' ? char(c | 0x20) : char(c);
        return;
    }
    // U+00C0 to U+017F, one base letter each; a blank stands for "leave it to case folding"
    static constexpr std::string_view kBase = "aaaaaa ceeeeiiii nooooo ouuuuy  aaaaaa ceeeeiiii nooooo ouuuuy y"
                                              "aaaaaaccccccccddddeeeeeeeeeegggggggghhhhiiiiiiiiii  jjkkklllllll"
                                              "lllnnnnnnnnnoooooo  rrrrrrssssssssttttttuuuuuuuuuuuuwwyyyzzzzzzs";
    static_assert(kBase.size() == 0x180 - 0xc0);
    if (c >= 0xc0 && c < 0x180 && kBase[c - 0xc0] != ' ') {
        out += kBase[c - 0xc0];
        return;
    }
    if (isMark(c) && c < 0x370)
        return;
    std::string one;
    text::append(one, c);
    out += text::foldCase(one);
}

bool isVowel(char c) { return c == 'a' || c == 'e' || c == 'i' || c == 'o' || c == 'u' || c == 'y'; }

/// Plurals, -ing and -ed, as far as a few rules go. The same rules on both sides is all that counts.
void stem(std::string &word)
{
    const auto ascii = [](char c) { return c >= 'a' && c <= 'z'; };
    if (word.size() <= 3 || !std::all_of(word.begin(), word.end(), ascii))
        return;
    if (word.size() > 4 && word.ends_with("ies"))
        word.replace(word.size() - 3, 3, "y");
    else if (word.ends_with("sses"))
        word.resize(word.size() - 2);
    else if (word.back() == 's' && !word.ends_with("ss") && !word.ends_with("us") && !word.ends_with("is"))
        word.pop_back();
    for (const std::string_view suffix : {"ing", "ed"}) {
        if (!word.ends_with(suffix) || word.size() < suffix.size() + 3)
            continue;
        const std::string_view rest = std::string_view(word).substr(0, word.size() - suffix.size());
        if (std::none_of(rest.begin(), rest.end(), isVowel))
            break;
        word.resize(rest.size());
        const char last = word.back();
        if (word.size() > 3 && last == word[word.size() - 2] && last != 'l' && last != 's' && last != 'z')
            word.pop_back();
        break;
    }
    if (word.size() > 4 && word.back() == 'e')
        word.pop_back();
}

struct Letter {
    char32_t character = 0;
    Kind kind = Kind::Gap;
};

class Collector
{
public:
    Collector(Tokens &out, bool grams) : m_out(out), m_grams(grams) { }

    void add(std::string word)
    {
        if (word.size() < 2 || word.size() > kLongestWord || isStopWord(word))
            return;
        stem(word);
        m_out.words.push_back(std::move(word));
    }

    /// The grams of a word as it stands, its parts together.
    void addGrams(std::string_view word)
    {
        constexpr std::size_t kLeast = 3, kMost = 5;
        if (!m_grams || word.size() > kLongestWord)
            return;
        m_characters.assign(1, U' ');
        for (std::size_t at = 0; at < word.size();)
            m_characters.push_back(text::decode(word, at));
        m_characters.push_back(U' ');
        for (std::size_t i = 0; i + kLeast <= m_characters.size(); ++i) {
            std::uint64_t hash = 0xcbf29ce484222325; // FNV-1a over characters
            for (std::size_t k = 0; k < kMost && i + k < m_characters.size(); ++k) {
                hash = (hash ^ m_characters[i + k]) * 0x100000001b3;
                if (k + 1 >= kLeast)
                    m_out.grams.push_back(hash ^ (hash >> 29));
            }
        }
    }

private:
    Tokens &m_out;
    bool m_grams;
    std::u32string m_characters;
};

std::string folded(const std::vector<Letter> &word, std::size_t begin, std::size_t end)
{
    std::string result;
    for (std::size_t i = begin; i < end; ++i)
        appendFolded(result, word[i].character);
    return result;
}

/// One run of letters and digits, and its parts where case or digits divide it.
void addWord(Collector &out, const std::vector<Letter> &word)
{
    const std::string whole = folded(word, 0, word.size());
    out.addGrams(whole);
    out.add(whole);
    std::vector<std::size_t> borders{0};
    for (std::size_t i = 1; i < word.size(); ++i) {
        const Kind before = word[i - 1].kind, here = word[i].kind;
        const bool lowerNext = i + 1 < word.size() && word[i + 1].kind == Kind::Lower;
        if ((before == Kind::Lower && here == Kind::Upper) || (before == Kind::Upper && here == Kind::Upper && lowerNext)
            || ((before == Kind::Digit) != (here == Kind::Digit)))
            borders.push_back(i);
    }
    if (borders.size() == 1)
        return;
    borders.push_back(word.size());
    for (std::size_t i = 0; i + 1 < borders.size(); ++i)
        out.add(folded(word, borders[i], borders[i + 1]));
}

void addIdeographs(Collector &out, const std::vector<Letter> &run)
{
    out.addGrams(folded(run, 0, run.size()));
    for (std::size_t i = 0; i + 1 < run.size(); ++i)
        out.add(folded(run, i, i + 2));
    if (run.size() == 1)
        out.add(folded(run, 0, 1));
}

Tokens collected(std::string_view text, bool grams)
{
    Tokens result;
    Collector out(result, grams);
    std::vector<Letter> run;
    const auto flush = [&] {
        if (!run.empty())
            run.front().kind == Kind::Ideograph ? addIdeographs(out, run) : addWord(out, run);
        run.clear();
    };
    for (std::size_t at = 0; at < text.size();) {
        // addresses and placeholders name nobody's problem
        if (text[at] == 'h' && (text.substr(at).starts_with("http://") || text.substr(at).starts_with("https://"))) {
            flush();
            at = std::min(text.find_first_of(" \t\r\n", at), text.size());
            continue;
        }
        if (text.substr(at).starts_with("⟦")) {
            flush();
            const std::size_t end = text.find("⟧", at);
            at = end == std::string_view::npos ? at + 3 : end + 3;
            continue;
        }
        const char32_t c = text::decode(text, at);
        if (text::isInvisible(c) || ((c == '\'' || c == 0x2019) && !run.empty()))
            continue; // can't and cant are one word
        const Kind kind = kindOf(c);
        if (kind == Kind::Gap) {
            flush();
            continue;
        }
        if (!run.empty() && (run.front().kind == Kind::Ideograph) != (kind == Kind::Ideograph))
            flush();
        run.push_back({c, kind});
    }
    flush();
    std::sort(result.grams.begin(), result.grams.end());
    return result;
}

}

Tokens tokensOf(std::string_view text) { return collected(text, true); }
std::vector<std::string> wordsOf(std::string_view text) { return collected(text, false).words; }

}
