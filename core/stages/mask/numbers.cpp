// Numbers that prove themselves: cards, IBANs, national ids.

#include <algorithm>
#include <array>

#include "core/stages/mask/checksums.h"
#include "core/stages/mask/detectors.h"
#include "core/stages/mask/nationalids.h"
#include "core/text/unicode.h"
#include "core/text/utf8.h"

namespace winnow::mask
{

namespace
{

/// Capitals and digits of a text, blanks and dashes left out.
std::string compact(std::string_view text)
{
    std::string out;
    for (const char c : text)
        if (isWordChar(c))
            out += c >= 'a' && c <= 'z' ? char(c - 32) : c;
    return out;
}

void findIbans(const Scene &scene, Finds &finds)
{
    const std::string_view text = scene.text;
    for (const Token &word : scene.tokens.words) {
        if (!word.digits || !word.letters || word.end - word.start < 4)
            continue;
        const std::size_t start = word.start;
        if (!isAsciiLetter(text[start]) || !isAsciiLetter(text[start + 1]) || !isDigit(text[start + 2])
            || !isDigit(text[start + 3]))
            continue;
        const std::string country = compact(text.substr(start, 2));
        const std::size_t length = ibanLength(country);
        if (length == 0)
            continue;
        std::string iban;
        std::size_t end = start;
        while (end < text.size() && iban.size() < length) {
            const char c = text[end];
            if (isWordChar(c))
                iban += c >= 'a' && c <= 'z' ? char(c - 32) : c;
            else if (!((c == ' ' || c == '-') && end + 1 < text.size() && isWordChar(text[end + 1])))
                break;
            ++end;
        }
        if (isIban(iban) && !wordAfter(text, end))
            finds.push_back({{std::uint32_t(start), std::uint32_t(end)}, Type::Iban, 0.99, "iban"});
    }
}

/// A run of digit groups parted by one blank, dash, dot or slash.
struct Run {
    struct Group {
        std::uint32_t start, end;
    };
    std::vector<Group> groups;
    std::string parts; ///< the character before each group but the first
    void clear()
    {
        groups.clear();
        parts.clear();
    }
};

constexpr std::size_t kMostGroups = 24;

/// Reads the run at a digit; returns where to go on.
std::size_t readRun(std::string_view text, std::size_t at, Run &run)
{
    run.clear();
    while (run.groups.size() < kMostGroups) {
        std::size_t end = at;
        while (end < text.size() && isDigit(text[end]))
            ++end;
        run.groups.push_back({std::uint32_t(at), std::uint32_t(end)});
        if (end + 1 >= text.size() || std::string_view(" -./").find(text[end]) == std::string_view::npos
            || !isDigit(text[end + 1]))
            return end;
        run.parts += text[end];
        at = end + 1;
    }
    return run.groups.back().end;
}

bool cardGroups(const Run &run, std::size_t first, std::size_t last)
{
    const std::size_t count = last - first + 1;
    const auto size = [&](std::size_t i) { return run.groups[first + i].end - run.groups[first + i].start; };
    for (std::size_t i = first; i < last; ++i)
        if ((run.parts[i] != ' ' && run.parts[i] != '-' && run.parts[i] != '.') || run.parts[i] != run.parts[first])
            return false;
    if (count == 1)
        return true;
    if (count == 3)
        return size(0) == 4 && ((size(1) == 6 && (size(2) == 5 || size(2) == 4)) || (size(1) == 4 && size(2) <= 5));
    for (std::size_t i = 0; i + 1 < count; ++i)
        if (size(i) != 4)
            return false;
    return count <= 5 && size(count - 1) <= 7;
}

void findCards(const Scene &scene, const Run &run, Finds &finds)
{
    const std::string_view text = scene.text;
    for (std::size_t first = 0; first < run.groups.size(); ++first) {
        std::string digits;
        for (std::size_t last = first; last < run.groups.size() && last < first + 5; ++last) {
            const auto [start, end] = run.groups[last];
            if (end - start > 19)
                break;
            digits += text.substr(start, end - start);
            if (digits.size() > 19)
                break;
            if (digits.size() < 12 || !cardGroups(run, first, last))
                continue;
            // an issuer we know; else the usual form, or the word, with the check digit right
            const bool known = isCard(digits);
            const bool formed = digits.size() == 16 && (last == first + 3 || scene.tokens.has(Cue::Card))
                && digits[0] != '0' && luhn(digits);
            const ByteSpan span{run.groups[first].start, end};
            if (!(known || formed) || wordBefore(text, span.start) || wordAfter(text, span.end))
                continue;
            finds.push_back({span, Type::Card, known && digits.size() >= 15 ? 0.97 : 0.86, "card"});
            first = last;
            break;
        }
    }
}

/// National ids whose form and check digits say what they are.
void findFormedIds(const Scene &scene, const Run &run, Finds &finds)
{
    const std::string_view text = scene.text;
    const std::size_t count = run.groups.size();
    std::string form; // sizes and separators: "3-2-4"
    for (std::size_t i = 0; i < count; ++i) {
        if (i > 0)
            form += run.parts[i - 1];
        form += std::to_string(run.groups[i].end - run.groups[i].start);
    }
    const ByteSpan span{run.groups.front().start, run.groups.back().end};
    if (span.size() > 24 || wordBefore(text, span.start))
        return;
    const std::string digits = digitsOf(span.of(text));
    const bool ends = !wordAfter(text, span.end);
    const char *detector = nullptr;
    if (ends && (form == "3-2-4" || form == "3 2 4") && isUsSocialSecurity(digits)
        && (form == "3-2-4" || scene.tokens.has(Cue::National)))
        detector = "us_ssn";
    else if (ends && form == "3.3.3-2" && isCpf(digits))
        detector = "cpf";
    else if (ends && form == "2.3.3/4-2" && isCnpj(digits))
        detector = "cnpj";
    else if (ends && (form == "2.2.2-3.2" || form == "11") && isBelgianId(digits)
             && (form != "11" || scene.tokens.has(Cue::National)))
        detector = "belgian_id";
    else if (ends && (form == "3.4.4.2" || form == "13") && isSwissAhv(digits))
        detector = "ahv";
    else if (ends && form == "6-4" && isPersonnummer(digits))
        detector = "personnummer";
    else if (ends && form == "8-4" && isPersonnummer(digits.substr(2)))
        detector = "personnummer";
    else if (ends && (form == "15" || form == "1 2 2 2 3 3 2" || form == "13 2") && isFrenchInsee(digits))
        detector = "insee";
    else if (ends && form == "11" && isPesel(digits) && (scene.tokens.has(Cue::National) || scene.lang == "pl"))
        detector = "pesel";
    else if (ends && form == "6-7" && digits[6] >= '1' && digits[6] <= '4')
        detector = "korean_id";
    else if (form == "17" || form == "18") {
        std::string id = digits;
        std::size_t end = span.end;
        if (form == "17" && end < text.size() && (text[end] | 32) == 'x') {
            id += 'X';
            ++end;
        }
        if (isChineseId(id) && !wordAfter(text, end)) {
            finds.push_back({{span.start, std::uint32_t(end)}, Type::NationalId, 0.95, "chinese_id"});
            return;
        }
    }
    if (!detector && ends) {
        const NationalId known = nationalId(form, digits);
        if (known.detector && (!known.told || scene.tokens.has(Cue::National)))
            detector = known.detector;
    }
    if (detector)
        finds.push_back({span, Type::NationalId, 0.9, detector});
}

/// Chile's RUT: 12.345.678-5, with K for ten.
void findRuts(const Scene &scene, Finds &finds)
{
    const std::string_view text = scene.text;
    for (std::size_t dash = text.find('-'); dash != std::string_view::npos; dash = text.find('-', dash + 1)) {
        if (dash + 1 >= text.size() || dash == 0 || !(isDigit(text[dash + 1]) || (text[dash + 1] | 32) == 'k')
            || wordAfter(text, dash + 2))
            continue;
        std::size_t start = dash, dots = 0;
        std::string digits;
        while (start > 0 && dash - start < 11 && (isDigit(text[start - 1]) || text[start - 1] == '.')) {
            --start;
            if (text[start] == '.')
                ++dots;
            else
                digits += text[start]; // from the last to the first
        }
        if (digits.size() < 7 || digits.size() > 8 || wordBefore(text, start)
            || !(dots == 2 || (dots == 0 && scene.tokens.has(Cue::National))))
            continue;
        int sum = 0;
        for (std::size_t i = 0; i < digits.size(); ++i)
            sum += (digits[i] - '0') * int(i % 6 + 2);
        const int rest = 11 - sum % 11;
        const char check = rest == 11 ? '0' : rest == 10 ? 'K' : char('0' + rest);
        if (check == (isDigit(text[dash + 1]) ? text[dash + 1] : 'K'))
            finds.push_back({{std::uint32_t(start), std::uint32_t(dash + 2)}, Type::NationalId, 0.92, "rut"});
    }
}

/// Ids of letters and digits in one word, or a word with blanks (NINO).
void findLetteredIds(const Scene &scene, Finds &finds)
{
    const std::string_view text = scene.text;
    for (const Token &word : scene.tokens.words) {
        if (!word.digits || wordBefore(text, word.start))
            continue;
        const std::uint32_t length = word.end - word.start;
        std::uint32_t end = word.end;
        const char *detector = nullptr;
        if (word.letters && length == 16 && isCodiceFiscale(compact(word.span().of(text)))) {
            detector = "codice_fiscale";
        } else if (word.letters && length == 9
                   && (isSpanishId(compact(word.span().of(text))) || isNino(compact(word.span().of(text))))) {
            detector = "spanish_or_british_id";
        } else if (!word.letters && length == 8 && end + 1 < text.size() && (text[end] == '-' || text[end] == ' ')
                   && isAsciiLetter(text[end + 1]) && !wordAfter(text, end + 2)
                   && (text[end] == '-' || scene.tokens.has(Cue::National))
                   && isSpanishId(compact(text.substr(word.start, length + 2)))) {
            detector = "dni";
            end += 2;
        } else if (!word.letters && length == 6 && end + 5 <= text.size() && !wordAfter(text, end + 5)) {
            std::string id(text.substr(word.start, 11));
            if (id.size() == 11 && id[10] >= 'a' && id[10] <= 'z')
                id[10] = char(id[10] - 32);
            if (isHetu(id)) {
                detector = "hetu";
                end += 5;
            }
        }
        if (!detector && word.letters && length >= 8 && length <= 18) {
            const NationalId known = letteredId(compact(word.span().of(text)));
            if (known.detector && (!known.told || scene.tokens.has(Cue::National)))
                detector = known.detector;
        }
        if (detector)
            finds.push_back({{word.start, end}, Type::NationalId, 0.95, detector});
    }
}

}

void findNumbers(const Scene &scene, Finds &finds)
{
    if (scene.tokens.digits < 4)
        return;
    const std::string_view text = scene.text;
    findLetteredIds(scene, finds);
    if (scene.tokens.digits < 6)
        return;
    findIbans(scene, finds);
    findRuts(scene, finds);
    Run run;
    for (std::size_t at = text.find_first_of("0123456789"); at != std::string_view::npos;
         at = text.find_first_of("0123456789", at)) {
        const std::size_t end = readRun(text, at, run);
        std::size_t digits = 0;
        for (const auto &group : run.groups)
            digits += group.end - group.start;
        if (digits >= 9) {
            findCards(scene, run, finds);
            findFormedIds(scene, run, finds);
        }
        at = end;
    }
}

}
