// Phone numbers: by form, by what stands before them, and not by mistake.

#include <algorithm>
#include <array>

#include "core/stages/mask/detectors.h"
#include "core/text/unicode.h"
#include "core/text/utf8.h"

namespace winnow::mask
{

namespace
{

struct Group {
    std::uint32_t start = 0, end = 0;
    std::string_view before; ///< what parts it from the group before
    [[nodiscard]] std::uint32_t size() const { return end - start; }
};

struct Candidate {
    std::uint32_t start = 0, end = 0;
    bool plus = false;
    bool bracket = false;
    std::vector<Group> groups;
    [[nodiscard]] std::size_t digits() const
    {
        std::size_t count = 0;
        for (const Group &group : groups)
            count += group.size();
        return count;
    }
};

constexpr std::size_t kMostDigits = 16, kMostGroups = 8;

/// Separators inside a number: up to three of blank, dash, dot, slash, brackets; no line end.
std::size_t separatorEnd(std::string_view text, std::size_t at)
{
    std::size_t end = at;
    while (end < text.size() && end - at < 3 && std::string_view(" -./()").find(text[end]) != std::string_view::npos)
        ++end;
    return end;
}

/// Reads a candidate at a digit, plus or bracket; returns where to go on.
std::size_t read(std::string_view text, std::size_t at, Candidate &candidate)
{
    candidate = {};
    candidate.start = std::uint32_t(at);
    std::size_t next = at;
    if (text[next] == '+') {
        candidate.plus = true;
        ++next;
        if (next < text.size() && text[next] == ' ')
            ++next;
    }
    if (next < text.size() && text[next] == '(') {
        candidate.bracket = true;
        ++next;
        if (next < text.size() && text[next] == '+') {
            candidate.plus = true;
            ++next;
        }
    }
    std::size_t from = next;
    std::size_t digits = 0;
    while (candidate.groups.size() < kMostGroups) {
        std::size_t end = next;
        while (end < text.size() && isDigit(text[end]))
            ++end;
        if (end == next)
            break;
        if (wordAfter(text, end) && !((text[end] | 32) == 'x' || text[end] == 'e')) {
            // "5mb", "3rd": this group is no part of the number
            if (candidate.groups.empty())
                candidate.end = std::uint32_t(end);
            return std::max<std::size_t>(end, at + 1);
        }
        if (digits + (end - next) > kMostDigits)
            return candidate.groups.empty() ? end : candidate.groups.back().end;
        digits += end - next;
        candidate.groups.push_back({std::uint32_t(next), std::uint32_t(end), text.substr(from, next - from)});
        candidate.end = std::uint32_t(end);
        from = end;
        const std::size_t separator = separatorEnd(text, end);
        if (separator == end || separator >= text.size() || !isDigit(text[separator]))
            break;
        const std::string_view between = text.substr(end, separator - end);
        if (between.find(')') != std::string_view::npos && !candidate.bracket
            && between.find('(') == std::string_view::npos)
            break; // a bracket that was opened elsewhere closes
        candidate.bracket = candidate.bracket || between.find('(') != std::string_view::npos;
        next = separator;
    }
    return std::max<std::size_t>(candidate.end, at + 1);
}

bool sameSize(const Candidate &candidate, std::size_t from, std::uint32_t size)
{
    for (std::size_t i = from; i < candidate.groups.size(); ++i)
        if (candidate.groups[i].size() != size)
            return false;
    return true;
}

/// "1.000.000", "12 000 000": an amount, not a number to call.
bool isGrouped(const Candidate &candidate)
{
    return candidate.groups.size() >= 2 && candidate.groups[0].size() <= 3 && sameSize(candidate, 1, 3)
        && candidate.groups[0].size() != 3;
}

bool onlySeparator(const Candidate &candidate, std::string_view separator)
{
    for (std::size_t i = 1; i < candidate.groups.size(); ++i)
        if (candidate.groups[i].before != separator)
            return false;
    return candidate.groups.size() > 1;
}

/// Only single blanks and dashes.
bool plainSeparators(const Candidate &candidate)
{
    return std::all_of(candidate.groups.begin() + 1, candidate.groups.end(),
                       [](const Group &group) { return group.before == " " || group.before == "-"; });
}

/// A sum, a share or a measure: what stands beside it says so.
bool isMeasured(std::string_view text, const Candidate &candidate)
{
    std::size_t before = candidate.start;
    if (before > 0 && text[before - 1] == ' ')
        --before;
    if (before > 0) {
        std::size_t at = before;
        const char32_t c = text::decodeBefore(text, at);
        if (c == U'$' || c == U'€' || c == U'£' || c == U'¥' || c == U'₹' || c == U'#' || c == U'=')
            return c != U'=' || candidate.start == before;
        if (c == U'.' || c == U',')
            return before == candidate.start;
    }
    if (candidate.end < text.size()) {
        const char c = text[candidate.end];
        if (c == '%' || c == '$' || (c == ':' && candidate.end + 1 < text.size() && isDigit(text[candidate.end + 1])))
            return true;
        if (c == ',' && candidate.end + 1 < text.size() && isDigit(text[candidate.end + 1]))
            return true;
        std::size_t at = candidate.end;
        if (text[at] == ' ' && at + 1 < text.size())
            ++at;
        const char32_t sign = text::decode(text, at);
        if (sign == U'€' || sign == U'£' || sign == U'%' || sign == U'°')
            return true;
    }
    return false;
}

/// How sure the form alone makes us, 0 to 1.
double formScore(const Scene &scene, const Candidate &candidate)
{
    const std::size_t n = candidate.digits();
    const auto &groups = candidate.groups;
    const std::string_view text = scene.text;
    const char first = text[groups[0].start];
    if (candidate.plus)
        return n >= 8 && n <= 15 && first != '0' ? 0.95 : 0;
    if (onlySeparator(candidate, ".")
        && (groups.size() == 2 || groups[0].size() == 1
            || (first != '0'
                && !(groups.size() == 3 && groups[0].size() == 3 && groups[1].size() == 3 && groups[2].size() == 4))))
        return 0; // versions and decimals
    if (n >= 10 && n <= 16 && first == '0' && text[groups[0].start + 1] == '0' && groups[0].size() >= 2)
        return 0.8;
    if (candidate.bracket && n >= 8 && n <= 13)
        return 0.8;
    const bool american = (n == 10 && groups.size() == 3 && groups[0].size() == 3 && groups[1].size() == 3)
        || (n == 11 && first == '1' && groups.size() == 4 && groups[0].size() == 1 && groups[1].size() == 3
            && groups[2].size() == 3);
    if (american)
        return 0.8;
    if (first == '0' && n >= 9 && n <= 12) {
        const bool even = std::all_of(groups.begin(), groups.end(),
                                      [](const Group &group) { return group.size() >= 2 && group.size() <= 11; });
        return even ? 0.7 : 0;
    }
    if (digitsOf(text.substr(candidate.start, candidate.end - candidate.start))
            .ends_with(groups.size() == 1 ? "0000" : "000000"))
        return 0; // a round sum
    if (groups.size() == 1)
        return n == 10 && first >= '2' ? 0.5 : n == 11 && (first == '1' || first == '7' || first == '8') ? 0.5 : 0;
    if (groups.size() >= 3 && n >= 8 && n <= 11 && plainSeparators(candidate) && groups[0].size() >= 2
        && std::all_of(groups.begin(), groups.end(),
                       [](const Group &group) { return group.size() >= 2 && group.size() <= 4; })
        && !(groups.size() == 3 && groups[0].size() == 2 && groups[1].size() == 2 && groups[2].size() == 4))
        return 0.5;
    return 0;
}

/// An address, a signature or another number stands right before, joined by a comma, a line end or "or".
bool goesWith(std::string_view text, const Candidate &candidate, const Found &found)
{
    constexpr std::array kJoints{std::string_view(""),    std::string_view("or"), std::string_view("and"),
                                 std::string_view("ou"),  std::string_view("et"), std::string_view("oder"),
                                 std::string_view("und"), std::string_view("o"),  std::string_view("e"),
                                 std::string_view("y"),   std::string_view("of"), std::string_view("en"),
                                 std::string_view("lub"), std::string_view("i")};
    if ((found.type != Type::Email && found.type != Type::Person && found.type != Type::Phone)
        || found.span.end > candidate.start || candidate.start - found.span.end > 12)
        return false;
    std::string joint;
    for (const char c : text.substr(found.span.end, candidate.start - found.span.end)) {
        if (isAsciiLetter(c))
            joint += char(c | 32);
        else if (std::string_view(" ,;/|&+\n(:-").find(c) == std::string_view::npos)
            return false;
    }
    return std::find(kJoints.begin(), kJoints.end(), joint) != kJoints.end();
}

/// A cue before the number, or something it goes with.
bool isCalled(const Scene &scene, const Candidate &candidate, const Finds &finds, const Finds &phones)
{
    const std::size_t token = tokenAt(scene.tokens, candidate.start);
    for (auto hit = std::lower_bound(scene.tokens.hits.begin(), scene.tokens.hits.end(), token,
                                     [](const Hit &h, std::size_t t) { return h.first < t; });
         hit != scene.tokens.hits.begin();) {
        --hit;
        if (hit->end + 5 < token)
            break;
        if (hit->end > token)
            continue;
        if (hit->cue == Cue::Order || hit->cue == Cue::Account || (hit->cue >= Cue::Card && hit->cue <= Cue::Device))
            break; // a nearer word claims the number
        if (hit->cue != Cue::Phone)
            continue;
        const std::string_view between = scene.text.substr(scene.tokens.words[hit->end - 1].end,
                                                           candidate.start - scene.tokens.words[hit->end - 1].end);
        if (between.size() <= 40 && between.find_first_of("!?;") == std::string_view::npos
            && between.find(". ") == std::string_view::npos)
            return true;
    }
    auto found = std::lower_bound(finds.begin(), finds.end(), candidate.start,
                                  [](const Found &f, std::uint32_t start) { return f.span.start < start; });
    for (int steps = 0; steps < 4 && found != finds.begin(); ++steps)
        if (goesWith(scene.text, candidate, *--found))
            return true;
    return !phones.empty() && goesWith(scene.text, candidate, phones.back());
}

bool areYears(std::string_view text, const Candidate &candidate)
{
    return std::all_of(candidate.groups.begin(), candidate.groups.end(), [&](const Group &group) {
        const std::string_view year = text.substr(group.start, group.size());
        return year.size() == 4 && (year.starts_with("19") || year.starts_with("20"));
    });
}

/// " x508", " ext. 12"
std::uint32_t withExtension(std::string_view text, std::uint32_t end)
{
    std::size_t at = end;
    if (at < text.size() && text[at] == ' ')
        ++at;
    const std::string folded = text::foldCase(text.substr(at, 5));
    const std::size_t length = folded.starts_with("ext. ")         ? 5
        : folded.starts_with("ext.") || folded.starts_with("ext ") ? 4
        : folded.starts_with("ext")                                ? 3
        : folded.starts_with("x")                                  ? 1
                                                                   : 0;
    std::size_t last = at + length;
    while (length > 0 && last < text.size() && isDigit(text[last]))
        ++last;
    return length > 0 && last > at + length && last - at - length <= 6 && !wordAfter(text, last) ? std::uint32_t(last)
                                                                                                 : end;
}

/// "Nov 15 2025"
bool followsMonth(const Scene &scene, const Candidate &candidate)
{
    const std::size_t token = tokenAt(scene.tokens, candidate.groups[0].start);
    return token > 0 && isA(scene.tokens.words[token - 1], Cue::Month);
}

double scoreOf(const Scene &scene, const Candidate &candidate, const Finds &finds, const Finds &phones)
{
    const std::string_view text = scene.text;
    const auto &groups = candidate.groups;
    const std::size_t digits = candidate.digits();
    const std::size_t date = dateAt(scene, groups[0].start);
    const std::string all = digitsOf(text.substr(candidate.start, candidate.end - candidate.start));
    const bool amount = !candidate.plus && isGrouped(candidate);
    if (isMeasured(text, candidate) || areYears(text, candidate) || followsMonth(scene, candidate)
        || (date > 0 && date >= groups[std::min<std::size_t>(2, groups.size() - 1)].end)
        || all.find_first_not_of(all[0]) == std::string::npos)
        return 0;
    const double score = amount ? 0 : formScore(scene, candidate);
    const bool even = groups.size() == 1
        || std::all_of(groups.begin(), groups.end(), [](const Group &group) { return group.size() >= 2; });
    if (score >= 0.9 || date > 0 || !even || digits > 15)
        return score;
    return digits >= (groups.size() == 1 ? 6u : 7u) && isCalled(scene, candidate, finds, phones) ? std::max(score, 0.85)
                                                                                                 : score;
}

}

void findPhones(const Scene &scene, Finds &finds)
{
    if (scene.tokens.digits < 6)
        return;
    const std::string_view text = scene.text;
    Finds phones;
    Candidate candidate;
    constexpr std::string_view kStarts = "0123456789+(";
    for (std::size_t at = text.find_first_of(kStarts); at != std::string_view::npos;) {
        if (wordBefore(text, at)) { // digits inside a word
            const std::size_t after = text.find_first_not_of("0123456789", at);
            at = after == std::string_view::npos ? after : text.find_first_of(kStarts, std::max(after, at + 1));
            continue;
        }
        const std::size_t next = read(text, at, candidate);
        const std::size_t digits = candidate.groups.empty() ? 0 : candidate.digits();
        if (digits >= 6)
            if (const double score = scoreOf(scene, candidate, finds, phones); score > 0)
                phones.push_back({{candidate.start, withExtension(text, candidate.end)}, Type::Phone, score, "phone"});
        at = text.find_first_of(kStarts, std::max(next, at + 1));
    }
    finds.insert(finds.end(), phones.begin(), phones.end());
}

}
