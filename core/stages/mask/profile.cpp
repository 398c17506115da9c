// What describes one person or one place of theirs: age, coordinates, licence plate.

#include <algorithm>
#include <array>

#include "core/stages/mask/detectors.h"
#include "core/text/unicode.h"

namespace winnow::mask
{

namespace
{

template <std::size_t N> bool isOneOf(std::string_view word, const std::array<std::string_view, N> &list)
{
    return std::find(list.begin(), list.end(), word) != list.end();
}

/// The words around a number, small; empty beyond the ends and behind a sentence.
class Around
{
public:
    Around(const Scene &scene, std::size_t at)
        : m_scene(scene)
        , m_at(at)
    {
    }
    [[nodiscard]] std::string word(int offset) const
    {
        const auto &words = m_scene.tokens.words;
        const auto i = std::ptrdiff_t(m_at) + offset;
        if (i < 0 || i >= std::ptrdiff_t(words.size()))
            return {};
        return text::foldCase(words[std::size_t(i)].span().of(m_scene.text));
    }
    /// What stands before the word at that offset.
    [[nodiscard]] std::string_view gap(int offset) const
    {
        const auto &words = m_scene.tokens.words;
        const auto i = std::ptrdiff_t(m_at) + offset;
        if (i < 1 || i >= std::ptrdiff_t(words.size()))
            return {};
        const auto &before = words[std::size_t(i) - 1];
        return m_scene.text.substr(before.end, words[std::size_t(i)].start - before.end);
    }

private:
    const Scene &m_scene;
    std::size_t m_at;
};

/// "I am 42", "42 years old", "aged 42": whose number it is has to be said. Ages of things ("2 year old phone") stay.
void findAges(const Scene &scene, Finds &finds)
{
    constexpr std::array kYears{std::string_view("year"),   std::string_view("years"), std::string_view("yr"),
                                std::string_view("yrs"),    std::string_view("ans"),   std::string_view("jahre"),
                                std::string_view("años"),   std::string_view("anos"),  std::string_view("anni"),
                                std::string_view("jaar"),   std::string_view("lat"),   std::string_view("år"),
                                std::string_view("vuotta"), std::string_view("let")};
    constexpr std::array kOld{std::string_view("old"),    std::string_view("alt"),    std::string_view("oud"),
                              std::string_view("gammal"), std::string_view("gammel"), std::string_view("vanha"),
                              std::string_view("young"),  std::string_view("age")};
    constexpr std::array kSelf{std::string_view("am"),    std::string_view("m"),   std::string_view("im"),
                               std::string_view("bin"),   std::string_view("ai"),  std::string_view("tengo"),
                               std::string_view("tenho"), std::string_view("ho"),  std::string_view("ben"),
                               std::string_view("mam"),   std::string_view("tem"), std::string_view("he"),
                               std::string_view("she"),   std::string_view("er"),  std::string_view("sie")};
    constexpr std::array kAged{std::string_view("aged"), std::string_view("âgé"), std::string_view("âgée")};
    constexpr std::array kTurns{std::string_view("turn"), std::string_view("turned"), std::string_view("turning"),
                                std::string_view("turns")};
    constexpr std::array kPeople{
        std::string_view("man"),     std::string_view("woman"),       std::string_view("male"),
        std::string_view("female"),  std::string_view("boy"),         std::string_view("girl"),
        std::string_view("guy"),     std::string_view("lady"),        std::string_view("mother"),
        std::string_view("father"),  std::string_view("grandmother"), std::string_view("grandma"),
        std::string_view("grandpa"), std::string_view("grandfather"), std::string_view("daughter"),
        std::string_view("son"),     std::string_view("student")};
    const auto &words = scene.tokens.words;
    for (std::size_t i = 0; i < words.size(); ++i) {
        const Token &token = words[i];
        const std::uint32_t size = token.end - token.start;
        if (!token.digits || token.letters || size > 3 || scene.text[token.start] == '0')
            continue;
        if (size == 3 && scene.text[token.start] != '1')
            continue;
        const Around around(scene, i);
        const std::string before = around.word(-1);
        const std::string_view gap = around.gap(0);
        const bool close = gap == " " || gap == "'" || gap == ": " || gap == ":";
        const std::string next = around.word(1), second = around.word(2);
        bool good = close && isOneOf(before, kAged);
        good = good || (close && before == "of" && around.word(-2) == "age");
        good = good || (close && before == "age" && gap.find(':') != std::string_view::npos);
        const bool years = isOneOf(next, kYears)
            && (isOneOf(second, kOld) || next == "ans" || next == "anni" || next == "años" || next == "anos"
                || next == "lat");
        const bool short_ = (next == "y" && second == "o") || next == "yo";
        if (years || short_) {
            const bool self = isOneOf(before, kSelf)
                || (before == "is" && gap == " " && around.word(-2) != "it" && around.word(-2) != "phone"
                    && isOneOf(second, kOld) && next == "years");
            good = good || self || short_ || isOneOf(around.word(3), kPeople);
        }
        // "I'll turn 42.", nothing counted behind it
        const bool ends = i + 1 == words.size() || around.gap(1).find_first_of(".,!?\n") != std::string_view::npos
            || next == "on" || next == "in" || next == "next" || next == "this" || next == "tomorrow"
            || next == "today";
        good = good || (size >= 2 && gap == " " && isOneOf(before, kTurns) && ends && around.word(-2) != "to");
        if (good)
            finds.push_back({token.span(), Type::Age, 0.7, "age"});
    }
}

/// 48.85837, 2.29448: two decimals of at least four places within the globe's range, or degrees with N/S and E/W.
void findCoordinates(const Scene &scene, Finds &finds)
{
    const std::string_view text = scene.text;
    const auto number = [&](std::size_t at, int most, std::size_t &end) {
        std::size_t i = at;
        if (i < text.size() && (text[i] == '-' || text[i] == '+'))
            ++i;
        const std::size_t start = i;
        int value = 0;
        while (i < text.size() && isDigit(text[i]) && i - start < 3)
            value = value * 10 + (text[i++] - '0');
        if (i == start || i >= text.size() || text[i] != '.' || value > most)
            return false;
        const std::size_t places = ++i;
        while (i < text.size() && isDigit(text[i]) && i - places < 15)
            ++i;
        if (i - places < 4 || (i < text.size() && isDigit(text[i])))
            return false;
        if (text.substr(i, 2) == "°")
            i += 2;
        std::size_t letter = i;
        if (letter < text.size() && text[letter] == ' ')
            ++letter;
        if (letter < text.size() && std::string_view("NSEWO").find(text[letter]) != std::string_view::npos
            && !wordAfter(text, letter + 1))
            i = letter + 1;
        end = i;
        return true;
    };
    std::size_t behind = 0;
    for (std::size_t dot = text.find('.'); dot != std::string_view::npos;
         dot = text.find('.', std::max(dot + 1, behind))) {
        std::size_t start = dot;
        while (start > behind && dot - start < 3 && isDigit(text[start - 1]))
            --start;
        if (start == dot || (start > 0 && (isDigit(text[start - 1]) || text[start - 1] == '.')))
            continue;
        if (start > 0 && (text[start - 1] == '-' || text[start - 1] == '+'))
            --start;
        std::size_t end = 0;
        if (!number(start, 90, end))
            continue;
        std::size_t next = end;
        while (next < text.size() && next - end < 4
               && std::string_view(" ,;/").find(text[next]) != std::string_view::npos)
            ++next;
        std::size_t last = 0;
        if (next == end || !number(next, 180, last) || wordAfter(text, last))
            continue;
        finds.push_back({{std::uint32_t(start), std::uint32_t(last)}, Type::Coordinates, 0.9, "coordinates"});
        behind = last;
    }
    // 48°51'30"N 2°17'40"E
    for (std::size_t at = text.find("°"); at != std::string_view::npos; at = text.find("°", at + 2)) {
        const auto part = [&](std::size_t degree, char first, char second) -> std::size_t {
            std::size_t i = degree + 2;
            while (i < text.size() && i - degree < 16
                   && (isDigit(text[i]) || std::string_view(" .'\"").find(text[i]) != std::string_view::npos
                       || (text[i] & 0x80)))
                ++i;
            return i < text.size() && (text[i] == first || text[i] == second) && !wordAfter(text, i + 1) ? i + 1 : 0;
        };
        std::size_t start = at;
        while (start > 0 && at - start < 3 && isDigit(text[start - 1]))
            --start;
        const std::size_t middle = start < at ? part(at, 'N', 'S') : 0;
        const std::size_t second = middle ? text.find("°", middle) : std::string_view::npos;
        if (second == std::string_view::npos || second - middle > 6)
            continue;
        if (const std::size_t end = part(second, 'E', 'W')) {
            finds.push_back({{std::uint32_t(start), std::uint32_t(end)}, Type::Coordinates, 0.95, "coordinates"});
            at = end - 2;
        }
    }
}

/// The forms of some countries where a word for a plate or car stands before.
void findPlates(const Scene &scene, Finds &finds)
{
    constexpr std::array kCues{
        std::string_view("plate"),        std::string_view("plates"),          std::string_view("registration"),
        std::string_view("reg"),          std::string_view("kennzeichen"),     std::string_view("nummernschild"),
        std::string_view("plaque"),       std::string_view("immatriculation"), std::string_view("immatriculé"),
        std::string_view("immatriculée"), std::string_view("matrícula"),       std::string_view("matricula"),
        std::string_view("placa"),        std::string_view("patente"),         std::string_view("targa"),
        std::string_view("kenteken"),     std::string_view("rejestracyjny"),   std::string_view("rejestracja"),
        std::string_view("vrm"),          std::string_view("licence"),         std::string_view("license"),
        std::string_view("tag")};
    const auto &words = scene.tokens.words;
    for (std::size_t i = 0; i + 1 < words.size(); ++i) {
        if (words[i].digits || words[i].end - words[i].start > 20 || words[i].end - words[i].start < 3
            || !isOneOf(text::foldCase(words[i].span().of(scene.text)), kCues))
            continue;
        const std::string cue = text::foldCase(words[i].span().of(scene.text));
        if ((cue == "licence" || cue == "license") && text::foldCase(words[i + 1].span().of(scene.text)) != "plate")
            continue;
        // up to four small words, then two to four groups of capitals and digits
        std::size_t first = i + 1;
        while (first < words.size() && first < i + 5 && !words[first].digits
               && (isA(words[first], Cue::Filler) || isA(words[first], Cue::Common)
                   || isOneOf(text::foldCase(words[first].span().of(scene.text)), kCues))
               && !words[first].upperAll)
            ++first;
        std::size_t end = first, letters = 0, digits = 0;
        while (end < words.size() && end < first + 4) {
            const std::string_view word = words[end].span().of(scene.text);
            if (word.size() > 8 || (end > first && words[end].start - words[end - 1].end > 1))
                break;
            const bool plate =
                std::all_of(word.begin(), word.end(), [](char c) { return isDigit(c) || (c >= 'A' && c <= 'Z'); })
                || (words[end].digits && words[end].letters
                    && std::all_of(word.begin(), word.end(), [](char c) { return isWordChar(c); }));
            if (!plate)
                break;
            for (const char c : word)
                ++(isDigit(c) ? digits : letters);
            ++end;
        }
        if (end > first && digits >= 1 && letters + digits >= 5 && letters + digits <= 10 && (letters >= 1))
            finds.push_back({{words[first].start, words[end - 1].end}, Type::Plate, 0.85, "plate"});
    }
}

}

void findProfile(const Scene &scene, Finds &finds)
{
    if (scene.tokens.digits == 0)
        return;
    findAges(scene, finds);
    if (scene.tokens.digits < 2)
        return;
    if (scene.tokens.digits >= 6)
        findCoordinates(scene, finds);
    findPlates(scene, finds);
}

}
