#include "core/stages/mask/detectors.h"

#include <algorithm>

#include "core/text/unicode.h"
#include "core/text/utf8.h"

namespace winnow::mask
{

namespace
{

constexpr char32_t kUnparted = 0x2e80; ///< from here on scripts that do not part words

/// One or two digits at `at` (four with `year`): moves past them. \returns their value, −1 for none.
int take(std::string_view text, std::size_t &at, std::size_t most)
{
    int value = 0;
    const std::size_t start = at;
    while (at < text.size() && at - start < most && isDigit(text[at]))
        value = value * 10 + (text[at++] - '0');
    return at == start || (at < text.size() && isDigit(text[at])) ? -1 : value;
}

bool isYearValue(int year, std::size_t digits)
{
    return digits == 2 || (year >= 1880 && year <= 2100);
}

/// 3/14/1975, 14.3.75, 1975-03-14
std::size_t numericDate(std::string_view text, std::size_t at)
{
    std::size_t end = at;
    const int first = take(text, end, 4);
    const std::size_t firstDigits = end - at;
    if (first < 0 || firstDigits == 3 || end >= text.size())
        return 0;
    char separator = text[end];
    if (separator != '/' && separator != '.' && separator != '-')
        return 0;
    const auto part = [&]() {
        ++end;
        if (end < text.size() && text[end] == ' ' && separator == '.')
            ++end;
        const std::size_t start = end;
        const int value = take(text, end, 4);
        return std::pair(value, end - start);
    };
    const auto [second, secondDigits] = part();
    if (second < 1 || second > 31 || secondDigits > 2 || end >= text.size() || text[end] != separator)
        return 0;
    const auto [third, thirdDigits] = part();
    if (third < 0 || wordAfter(text, end)
        || (end + 1 < text.size() && text[end] == separator && isDigit(text[end + 1])))
        return 0;
    if (firstDigits == 4)
        return isYearValue(first, 4) && thirdDigits <= 2 && third >= 1 && third <= 31 && second <= 12 ? end : 0;
    const bool day = first >= 1 && first <= 31 && (first <= 12 || second <= 12);
    return day && (thirdDigits == 4 || thirdDigits == 2) && isYearValue(third, thirdDigits) ? end : 0;
}

/// 14 March 1975, 14. März 1975, 14 de marzo de 1975, March 14, 1975
std::size_t wordedDate(const Scene &scene, std::size_t at)
{
    const auto &words = scene.tokens.words;
    const std::size_t first = tokenAt(scene.tokens, at);
    if (first >= words.size() || words[first].start != at || !(words[first].digits || isA(words[first], Cue::Month)))
        return 0;
    bool day = false, month = false, year = false;
    std::size_t end = 0;
    for (std::size_t i = first; i < words.size() && i < first + 6; ++i) {
        if (i > first && words[i].start - words[i - 1].end > 2)
            break;
        const std::string_view word = words[i].span().of(scene.text);
        std::size_t digits = 0;
        while (digits < word.size() && isDigit(word[digits]))
            ++digits;
        if (digits == 4 && digits == word.size()) {
            if (!month || year || !(word.starts_with("19") || word.starts_with("20") || word.starts_with("18")))
                break;
            year = true;
            end = words[i].end;
            break;
        }
        if (digits >= 1 && digits <= 2 && word.size() - digits <= 2) { // 14, 14th, 1er
            if (day)
                break;
            day = true;
            end = words[i].end;
        } else if (isA(words[i], Cue::Month)) {
            if (month)
                break;
            month = true;
            end = words[i].end;
        } else if (!isA(words[i], Cue::Filler)) {
            break;
        }
    }
    return month && day && (year || end > 0) ? end : 0;
}

}

bool wordBefore(std::string_view text, std::size_t at)
{
    if (at == 0)
        return false;
    const char c = text[at - 1];
    if (!(c & 0x80))
        return isWordChar(c) || c == '_';
    const char32_t before = text::decodeBefore(text, at);
    return before < kUnparted && text::isLetter(before);
}

bool wordAfter(std::string_view text, std::size_t at)
{
    if (at >= text.size())
        return false;
    const char c = text[at];
    if (!(c & 0x80))
        return isWordChar(c) || c == '_';
    const char32_t after = text::decode(text, at);
    return after < kUnparted && text::isLetter(after);
}

Scene sceneOf(std::string_view text, const Tokens &tokens, std::string_view lang)
{
    std::size_t words = 0, first = 0, all = 0;
    for (const Token &word : tokens.words) {
        if (!word.letters || word.end - word.start < 2)
            continue;
        ++words;
        first += word.upperFirst;
        all += word.upperAll;
    }
    return {text, tokens, lang, words >= 4 && (first == 0 || all * 10 > words * 6),
            words >= 6 && first * 10 > words * 7};
}

std::string digitsOf(std::string_view text)
{
    std::string digits;
    for (const char c : text)
        if (isDigit(c))
            digits += c;
    return digits;
}

std::size_t dateAt(const Scene &scene, std::size_t at)
{
    if (const std::size_t end = numericDate(scene.text, at))
        return end;
    return wordedDate(scene, at);
}

std::size_t tokenAt(const Tokens &tokens, std::size_t at)
{
    const auto token = std::partition_point(tokens.words.begin(), tokens.words.end(),
                                            [&](const Token &word) { return word.end <= at; });
    return std::size_t(token - tokens.words.begin());
}

}
