#include "core/adapters/files/values.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>
#include <unordered_map>
#include <utility>
#include <vector>

#include <unicode/uloc.h>

#include "core/adapters/files/celltext.h"

namespace winnow::files
{

namespace
{

constexpr std::array<std::string_view, 14> kChannels{
    "app_review", "business_review", "product_review", "support_ticket", "support_message", "csat",      "nps",
    "survey",     "forum_post",      "chat_message",   "social_post",    "call_transcript", "call_note", "other"};

struct Scale {
    std::string_view name;
    double low, high;
};
constexpr std::array<Scale, 7> kScales{{{"stars_1_5", 1, 5},
                                        {"nps_0_10", 0, 10},
                                        {"csat_1_5", 1, 5},
                                        {"csat_0_1", 0, 1},
                                        {"ces_1_7", 1, 7},
                                        {"thumbs_0_1", 0, 1},
                                        {"other", -1e15, 1e15}}};

bool isDigit(char c)
{
    return c >= '0' && c <= '9';
}

/// The number at the start of `text`, which is cut off it. One comma may stand for the point.
std::optional<double> takeNumber(std::string_view &text, bool commaIsPoint)
{
    std::string number;
    std::size_t i = 0;
    bool point = false;
    if (i < text.size() && (text[i] == '-' || text[i] == '+')) {
        if (text[i] == '-')
            number += '-';
        ++i;
    }
    for (; i < text.size(); ++i) {
        if (isDigit(text[i])) {
            number += text[i];
        } else if (!point && (text[i] == '.' || (text[i] == ',' && commaIsPoint)) && i + 1 < text.size()
                   && isDigit(text[i + 1])) {
            number += '.';
            point = true;
        } else {
            break;
        }
    }
    double value = 0;
    const auto [end, error] = std::from_chars(number.data(), number.data() + number.size(), value);
    if (number.empty() || error != std::errc() || end != number.data() + number.size())
        return std::nullopt;
    text.remove_prefix(i);
    return value;
}

/// ★, ⭐ and the like in a row, perhaps with empty ones behind; the text holds nothing else.
std::optional<double> starsIn(std::string_view text)
{
    double stars = 0;
    bool any = false;
    while (!text.empty()) {
        if (text.starts_with("\xe2\x98\x85") || text.starts_with("\xe2\xad\x90")) { // ★ ⭐
            ++stars;
            any = true;
            text.remove_prefix(3);
        } else if (text.starts_with("\xf0\x9f\x8c\x9f")) { // 🌟
            ++stars;
            any = true;
            text.remove_prefix(4);
        } else if (text.starts_with("\xe2\x98\x86")) { // ☆
            any = true;
            text.remove_prefix(3);
        } else if (text.starts_with("\xc2\xbd")) { // ½
            stars += 0.5;
            text.remove_prefix(2);
        } else if (text.starts_with("\xef\xb8\x8f")) { // the mark that asks for an emoji
            text.remove_prefix(3);
        } else if (text.front() == ' ' || text.front() == '*') {
            if (text.front() == '*') {
                ++stars;
                any = true;
            }
            text.remove_prefix(1);
        } else {
            return std::nullopt;
        }
    }
    return any ? std::optional(stars) : std::nullopt;
}

RatingText::Kind wordKind(std::string_view text)
{
    using Kind = RatingText::Kind;
    static constexpr std::pair<std::string_view, Kind> kWords[] = {
        {"good", Kind::Good},
        {"satisfied", Kind::Good},
        {"happy", Kind::Good},
        {"positive", Kind::Good},
        {"bad", Kind::Bad},
        {"unsatisfied", Kind::Bad},
        {"dissatisfied", Kind::Bad},
        {"unhappy", Kind::Bad},
        {"negative", Kind::Bad},
        {"up", Kind::Up},
        {"thumbs up", Kind::Up},
        {"yes", Kind::Up},
        {"true", Kind::Up},
        {"like", Kind::Up},
        {"\xf0\x9f\x91\x8d", Kind::Up},
        {"down", Kind::Down},
        {"thumbs down", Kind::Down},
        {"no", Kind::Down},
        {"false", Kind::Down},
        {"dislike", Kind::Down},
        {"\xf0\x9f\x91\x8e", Kind::Down},
    };
    const std::string word = lowered(text);
    for (const auto &[name, kind] : kWords)
        if (word == name)
            return kind;
    return Kind::None;
}

/// Words that may stand behind the number.
bool isUnit(std::string_view text)
{
    static constexpr std::string_view kUnits[] = {"",        "star",   "stars",   "star(s)",  "stern",     "sterne",
                                                  "sternen", "étoile", "étoiles", "estrella", "estrellas", "stella",
                                                  "stelle",  "point",  "points",  "★",        "⭐",         "⭐️"};
    return std::find(std::begin(kUnits), std::end(kUnits), lowered(text)) != std::end(kUnits);
}

}

bool isChannel(std::string_view text)
{
    return std::find(kChannels.begin(), kChannels.end(), text) != kChannels.end();
}

bool isRatingScale(std::string_view text)
{
    return std::any_of(kScales.begin(), kScales.end(), [&](const Scale &scale) { return scale.name == text; });
}

bool isSourceName(std::string_view text)
{
    return !text.empty() && std::all_of(text.begin(), text.end(), [](char c) {
        return (c >= 'a' && c <= 'z') || isDigit(c) || c == '_';
    });
}

RatingText ratingText(std::string_view text, bool commaIsPoint)
{
    text = trimmed(text);
    RatingText rating;
    if (const auto stars = starsIn(text)) {
        rating.kind = RatingText::Kind::Number;
        rating.number = *stars;
        return rating;
    }
    std::string_view rest = text;
    const auto number = takeNumber(rest, commaIsPoint);
    if (!number) {
        rating.kind = wordKind(text);
        return rating;
    }
    rest = trimmed(rest);
    const std::string behind = lowered(rest);
    std::size_t of = 0;
    for (const std::string_view word : {"/", "out of", "of", "von", "sur", "de", "su"})
        if (!of && std::string_view(behind).starts_with(word))
            of = word.size();
    if (of) {
        rest = trimmed(rest.substr(of));
        rating.outOf = takeNumber(rest, commaIsPoint);
        if (!rating.outOf)
            return {};
        rest = trimmed(rest);
    }
    if (!isUnit(rest))
        return {};
    rating.kind = RatingText::Kind::Number;
    rating.number = *number;
    return rating;
}

namespace
{

const Scale &scaleNamed(std::string_view name)
{
    const auto known = std::find_if(kScales.begin(), kScales.end(), [&](const Scale &s) { return s.name == name; });
    return known == kScales.end() ? kScales.back() : *known;
}

RatingRead onScale(double number, const Scale &scale)
{
    if (!(number >= scale.low && number <= scale.high))
        return {std::nullopt, true};
    return {number == 0 ? 0.0 : number, false}; // of two zeros, the one without a sign
}

}

RatingRead readRating(std::string_view text, std::string_view scale, bool commaIsPoint)
{
    const Scale &range = scaleNamed(scale);
    const RatingText rating = ratingText(text, commaIsPoint);
    switch (rating.kind) {
    case RatingText::Kind::None:
        return {};
    case RatingText::Kind::Number:
        if (&range != &kScales.back() && rating.outOf && *rating.outOf != range.high)
            return {std::nullopt, true}; // 8/10 is no rating of 1 to 5
        return onScale(rating.number, range);
    default:
        if (range.low != 0 || range.high != 1)
            return {}; // "good" is no number of stars
        return {rating.kind == RatingText::Kind::Good || rating.kind == RatingText::Kind::Up ? 1.0 : 0.0, false};
    }
}

RatingRead ratingOfNumber(std::string_view number, std::string_view scale)
{
    double value = 0;
    const auto [end, error] = std::from_chars(number.data(), number.data() + number.size(), value);
    if (error != std::errc() || end != number.data() + number.size())
        return {std::nullopt, error == std::errc::result_out_of_range};
    return onScale(value, scaleNamed(scale));
}

std::string readLanguage(std::string_view text)
{
    text = trimmed(text);
    text = text.substr(0, text.find_first_of(".@")); // en_US.UTF-8
    std::vector<std::string> parts(1);
    for (const char c : text) {
        if (c == '-' || c == '_') {
            parts.emplace_back();
        } else if (isDigit(c) || (c >= 'a' && c <= 'z')) {
            parts.back() += c;
        } else if (c >= 'A' && c <= 'Z') {
            parts.back() += char(c + 32);
        } else {
            return {};
        }
    }
    const auto letters = [](const std::string &part) {
        return std::none_of(part.begin(), part.end(), [](char c) { return isDigit(c); });
    };
    if (parts.size() > 8 || parts[0].size() < 2 || parts[0].size() > 3 || !letters(parts[0]))
        return {};
    static constexpr std::pair<std::string_view, std::string_view> kOld[] = {
        {"iw", "he"}, {"in", "id"}, {"ji", "yi"}, {"jw", "jv"}};
    for (const auto &[old, now] : kOld)
        if (parts[0] == old)
            parts[0] = now;
    std::string tag = parts[0];
    bool variant = false; // behind a single letter everything stays in lower case
    for (std::size_t i = 1; i < parts.size(); ++i) {
        std::string &part = parts[i];
        if (part.empty() || part.size() > 8)
            return {};
        variant = variant || part.size() == 1;
        if (!variant && part.size() == 4 && letters(part)) {
            part[0] = char(part[0] - 32);
        } else if (!variant && part.size() == 2 && letters(part)) {
            for (char &c : part)
                c = char(c - 32);
        }
        tag += '-' + part;
    }
    return tag;
}

std::string countryOf(std::string_view text)
{
    static const auto kCodes = [] {
        std::unordered_map<std::string, std::string> codes{{"XK", "XK"}, {"XKX", "XK"}, {"XKS", "XK"}};
        for (const char *const *code = uloc_getISOCountries(); *code; ++code) {
            const std::string two = *code;
            codes[two] = two;
            if (const std::string three = uloc_getISO3Country(("und_" + two).c_str()); !three.empty())
                codes[three] = two;
        }
        return codes;
    }();
    const auto it = kCodes.find(std::string(trimmed(text)));
    return it == kCodes.end() ? std::string() : it->second;
}

std::optional<double> readAmount(std::string_view text)
{
    std::string plain;
    for (const char c : text) {
        if (isDigit(c) || c == '.' || c == ',' || c == '-' || c == '+' || c == 'e' || c == 'E')
            plain += c;
        else if (!plain.empty() && (c == '\'' || c == ' '))
            continue; // 12 000, 12'000
        else if (isDigit(plain.empty() ? 'x' : plain.back()) && (c >= 'a' && c <= 'z'))
            return std::nullopt; // 5k is not for us to read
    }
    // The last of two marks is the decimal one; a mark that comes more than once groups thousands.
    const auto point = plain.rfind('.'), comma = plain.rfind(',');
    const auto drop = [&](char mark) { plain.erase(std::remove(plain.begin(), plain.end(), mark), plain.end()); };
    if (point != std::string::npos && comma != std::string::npos) {
        drop(point > comma ? ',' : '.');
    } else if (comma != std::string::npos && (plain.find(',') != comma || plain.size() - comma == 4)) {
        drop(',');
    } else if (point != std::string::npos && plain.find('.') != point) {
        drop('.');
    }
    std::replace(plain.begin(), plain.end(), ',', '.');
    if (!plain.empty() && plain.front() == '+')
        plain.erase(0, 1);
    double value = 0;
    const auto [end, error] = std::from_chars(plain.data(), plain.data() + plain.size(), value);
    if (plain.empty() || error != std::errc() || end != plain.data() + plain.size() || !std::isfinite(value))
        return std::nullopt;
    return value;
}

}
