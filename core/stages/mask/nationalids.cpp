#include "core/stages/mask/nationalids.h"

#include <algorithm>
#include <array>
#include <cstddef>
#include <span>

#include "core/stages/mask/checksums.h"

namespace winnow::mask
{

namespace
{

int at(std::string_view digits, std::size_t i)
{
    return digits[i] - '0';
}

unsigned number(std::string_view digits)
{
    unsigned value = 0;
    for (const char c : digits)
        value = value * 10 + unsigned(c - '0');
    return value;
}

bool isDay(unsigned month, unsigned day)
{
    return month >= 1 && month <= 12 && day >= 1 && day <= 31;
}

int weighted(std::string_view digits, std::span<const int> weights)
{
    int sum = 0;
    for (std::size_t i = 0; i < weights.size(); ++i)
        sum += at(digits, i) * weights[i];
    return sum;
}

bool sameDigits(std::string_view digits)
{
    return digits.find_first_not_of(digits.front()) == std::string_view::npos;
}

/// ISO 7064 mod 11, 10: Germany's tax id, Croatia's OIB.
bool mod11_10(std::string_view digits)
{
    int rest = 10;
    for (std::size_t i = 0; i + 1 < digits.size(); ++i) {
        int sum = (at(digits, i) + rest) % 10;
        sum = sum == 0 ? 10 : sum;
        rest = sum * 2 % 11;
    }
    return (11 - rest) % 10 == at(digits, digits.size() - 1);
}

/// Verhoeff, the check of Aadhaar numbers.
bool verhoeff(std::string_view digits)
{
    static constexpr int kMany[10][10] = {{0, 1, 2, 3, 4, 5, 6, 7, 8, 9}, {1, 2, 3, 4, 0, 6, 7, 8, 9, 5},
                                          {2, 3, 4, 0, 1, 7, 8, 9, 5, 6}, {3, 4, 0, 1, 2, 8, 9, 5, 6, 7},
                                          {4, 0, 1, 2, 3, 9, 5, 6, 7, 8}, {5, 9, 8, 7, 6, 0, 4, 3, 2, 1},
                                          {6, 5, 9, 8, 7, 1, 0, 4, 3, 2}, {7, 6, 5, 9, 8, 2, 1, 0, 4, 3},
                                          {8, 7, 6, 5, 9, 3, 2, 1, 0, 4}, {9, 8, 7, 6, 5, 4, 3, 2, 1, 0}};
    static constexpr int kTurn[8][10] = {{0, 1, 2, 3, 4, 5, 6, 7, 8, 9}, {1, 5, 7, 6, 2, 8, 3, 0, 9, 4},
                                         {5, 8, 0, 3, 7, 9, 6, 1, 4, 2}, {8, 9, 1, 6, 0, 4, 3, 5, 2, 7},
                                         {9, 4, 5, 3, 1, 2, 6, 8, 7, 0}, {4, 2, 8, 6, 5, 7, 3, 9, 0, 1},
                                         {2, 7, 9, 3, 8, 0, 6, 4, 1, 5}, {7, 0, 4, 6, 9, 1, 3, 2, 5, 8}};
    int check = 0;
    for (std::size_t i = 0; i < digits.size(); ++i)
        check = kMany[check][kTurn[i % 8][at(digits, digits.size() - 1 - i)]];
    return check == 0;
}

bool isGermanTaxId(std::string_view d)
{
    if (d[0] == '0' || !mod11_10(d))
        return false;
    // of the first ten digits one occurs twice or three times, the others at most once
    std::array<int, 10> count{};
    for (std::size_t i = 0; i < 10; ++i)
        ++count[std::size_t(at(d, i))];
    return std::count_if(count.begin(), count.end(), [](int n) { return n >= 2; }) == 1
        && *std::max_element(count.begin(), count.end()) <= 3;
}

bool isBsn(std::string_view d)
{
    static constexpr int kWeights[] = {9, 8, 7, 6, 5, 4, 3, 2, -1};
    return !sameDigits(d) && weighted(d, kWeights) % 11 == 0;
}

bool isPortugueseNif(std::string_view d)
{
    static constexpr int kWeights[] = {9, 8, 7, 6, 5, 4, 3, 2};
    const int rest = (11 - weighted(d, kWeights) % 11) % 11 % 10;
    return d[0] != '0' && rest == at(d, 8);
}

bool isFodselsnummer(std::string_view d)
{
    static constexpr int kFirst[] = {3, 7, 6, 1, 8, 9, 4, 5, 2};
    static constexpr int kSecond[] = {5, 4, 3, 2, 7, 6, 5, 4, 3, 2};
    return isDay(number(d.substr(2, 2)) % 40, number(d.substr(0, 2)) % 40)
        && (11 - weighted(d, kFirst) % 11) % 11 == at(d, 9) && (11 - weighted(d, kSecond) % 11) % 11 == at(d, 10);
}

bool isCpr(std::string_view d)
{
    return isDay(number(d.substr(2, 2)), number(d.substr(0, 2)));
}

bool isRodneCislo(std::string_view d)
{
    const unsigned month = number(d.substr(2, 2)) % 50;
    if (!isDay(month > 20 ? month - 20 : month, number(d.substr(4, 2))))
        return false;
    if (d.size() == 9)
        return true;
    const unsigned rest = number(d.substr(0, 9)) % 11;
    return rest % 10 == unsigned(at(d, 9));
}

bool isCnp(std::string_view d)
{
    static constexpr int kWeights[] = {2, 7, 9, 1, 4, 6, 3, 5, 8, 2, 7, 9};
    const int rest = weighted(d, kWeights) % 11;
    return d[0] != '0' && isDay(number(d.substr(3, 2)), number(d.substr(5, 2))) && (rest == 10 ? 1 : rest) == at(d, 12);
}

bool isJmbg(std::string_view d)
{
    static constexpr int kWeights[] = {7, 6, 5, 4, 3, 2, 7, 6, 5, 4, 3, 2};
    const int rest = 11 - weighted(d, kWeights) % 11;
    return isDay(number(d.substr(2, 2)), number(d.substr(0, 2))) && (rest >= 10 ? 0 : rest) == at(d, 12);
}

bool isEgn(std::string_view d)
{
    static constexpr int kWeights[] = {2, 4, 8, 5, 10, 9, 7, 3, 6};
    return isDay(number(d.substr(2, 2)) % 20, number(d.substr(4, 2))) && weighted(d, kWeights) % 11 % 10 == at(d, 9);
}

bool isTurkishId(std::string_view d)
{
    int odd = 0, even = 0, sum = 0;
    for (std::size_t i = 0; i < 9; ++i) {
        (i % 2 ? even : odd) += at(d, i);
        sum += at(d, i);
    }
    const int tenth = ((odd * 7 - even) % 10 + 10) % 10;
    return d[0] != '0' && tenth == at(d, 9) && (sum + tenth) % 10 == at(d, 10);
}

/// Estonia, Lithuania.
bool isBalticId(std::string_view d)
{
    static constexpr int kFirst[] = {1, 2, 3, 4, 5, 6, 7, 8, 9, 1}, kSecond[] = {3, 4, 5, 6, 7, 8, 9, 1, 2, 3};
    if (d[0] < '1' || d[0] > '8' || !isDay(number(d.substr(3, 2)), number(d.substr(5, 2))))
        return false;
    int rest = weighted(d, kFirst) % 11;
    if (rest == 10)
        rest = weighted(d, kSecond) % 11 % 10;
    return rest == at(d, 10);
}

bool isSouthAfricanId(std::string_view d)
{
    return isDay(number(d.substr(2, 2)), number(d.substr(4, 2))) && (d[10] == '0' || d[10] == '1') && luhn(d);
}

bool isCuit(std::string_view d)
{
    static constexpr int kWeights[] = {5, 4, 3, 2, 7, 6, 5, 4, 3, 2};
    const int rest = 11 - weighted(d, kWeights) % 11;
    return (d[0] == '2' || d[0] == '3') && (rest == 11 ? 0 : rest == 10 ? 9 : rest) == at(d, 10);
}

bool isSnils(std::string_view d)
{
    int sum = 0;
    for (std::size_t i = 0; i < 9; ++i)
        sum += at(d, i) * int(9 - i);
    return unsigned(sum % 101 % 100) == number(d.substr(9));
}

bool isNhsNumber(std::string_view d)
{
    int sum = 0;
    for (std::size_t i = 0; i < 9; ++i)
        sum += at(d, i) * int(10 - i);
    return (11 - sum % 11) % 11 == at(d, 9);
}

bool isAustralianTfn(std::string_view d)
{
    static constexpr int kWeights[] = {1, 4, 3, 7, 5, 8, 6, 9, 10};
    return weighted(d, kWeights) % 11 == 0;
}

bool isAustralianMedicare(std::string_view d)
{
    static constexpr int kWeights[] = {1, 3, 7, 9, 1, 3, 7, 9};
    return d[0] >= '2' && d[0] <= '6' && weighted(d, kWeights) % 10 == at(d, 8);
}

bool isMyNumber(std::string_view d)
{
    int sum = 0;
    for (std::size_t i = 0; i < 11; ++i) {
        const int place = 11 - int(i);
        sum += at(d, i) * (place <= 6 ? place + 1 : place - 5);
    }
    const int rest = sum % 11;
    return (rest <= 1 ? 0 : 11 - rest) == at(d, 11);
}

bool isAustrianSvnr(std::string_view d)
{
    static constexpr int kWeights[] = {3, 7, 9, 0, 5, 8, 4, 2, 1, 6};
    return d[0] != '0' && weighted(d, kWeights) % 11 == at(d, 3) && number(d.substr(4, 2)) >= 1
        && number(d.substr(4, 2)) <= 31 && number(d.substr(6, 2)) <= 15;
}

bool isAmka(std::string_view d)
{
    return isDay(number(d.substr(2, 2)), number(d.substr(0, 2))) && luhn(d);
}

bool isAadhaar(std::string_view d)
{
    return d[0] >= '2' && verhoeff(d);
}

struct Rule {
    std::string_view form;
    bool (*holds)(std::string_view);
    const char *detector;
    bool told;
};

// what has a form of its own, or both a date and a check, is known without a word that announces it
constexpr std::array kRules{
    Rule{"11", isGermanTaxId, "german_tax_id", true},
    Rule{"2 3 3 3", isGermanTaxId, "german_tax_id", false},
    Rule{"9", isBsn, "bsn", true},
    Rule{"9", isPortugueseNif, "portuguese_nif", true},
    Rule{"3 3 3", isPortugueseNif, "portuguese_nif", true},
    Rule{"11", isFodselsnummer, "fodselsnummer", false},
    Rule{"6 5", isFodselsnummer, "fodselsnummer", false},
    Rule{"6-4", isCpr, "cpr", false},
    Rule{"10", isCpr, "cpr", true},
    Rule{"6/4", isRodneCislo, "rodne_cislo", false},
    Rule{"6/3", isRodneCislo, "rodne_cislo", false},
    Rule{"10", isRodneCislo, "rodne_cislo", true},
    Rule{"13", isCnp, "cnp", false},
    Rule{"13", isJmbg, "jmbg", false},
    Rule{"11", mod11_10, "oib", true},
    Rule{"10", isEgn, "egn", true},
    Rule{"11", isTurkishId, "turkish_id", true},
    Rule{"11", isBalticId, "isikukood", true},
    Rule{"13", isSouthAfricanId, "south_african_id", false},
    Rule{"2-8-1", isCuit, "cuit", false},
    Rule{"11", isCuit, "cuit", true},
    Rule{"3-3-3 2", isSnils, "snils", false},
    Rule{"3-3-3-2", isSnils, "snils", false},
    Rule{"3 3 4", isNhsNumber, "nhs_number", true},
    Rule{"10", isNhsNumber, "nhs_number", true},
    Rule{"3-3-3", luhn, "canadian_sin", false},
    Rule{"3 3 3", luhn, "canadian_sin", true},
    Rule{"9", luhn, "canadian_sin", true},
    Rule{"3 3 3", isAustralianTfn, "australian_tfn", true},
    Rule{"9", isAustralianTfn, "australian_tfn", true},
    Rule{"4 5 1", isAustralianMedicare, "australian_medicare", false},
    Rule{"4 4 4", isAadhaar, "aadhaar", false},
    Rule{"4-4-4", isAadhaar, "aadhaar", false},
    Rule{"12", isAadhaar, "aadhaar", true},
    Rule{"12", isMyNumber, "my_number", true},
    Rule{"4 4 4", isMyNumber, "my_number", true},
    Rule{"4 6", isAustrianSvnr, "svnr", false},
    Rule{"10", isAustrianSvnr, "svnr", true},
    Rule{"11", isAmka, "amka", true},
};

bool matches(std::string_view text, std::string_view shape)
{
    if (text.size() != shape.size())
        return false;
    for (std::size_t i = 0; i < text.size(); ++i) {
        const bool letter = text[i] >= 'A' && text[i] <= 'Z', digit = text[i] >= '0' && text[i] <= '9';
        if (shape[i] == 'L' ? !letter : shape[i] == 'D' ? !digit : !(letter || digit))
            return false;
    }
    return true;
}

/// Mexico: a code of name, date, place, and a check digit.
bool isCurp(std::string_view text)
{
    constexpr std::string_view kLetters = "0123456789ABCDEFGHIJKLMN&OPQRSTUVWXYZ";
    if (!matches(text, "LLLLDDDDDDLLLLLLXD") || !isDay(number(text.substr(6, 2)), number(text.substr(8, 2)))
        || (text[10] != 'H' && text[10] != 'M'))
        return false;
    int sum = 0;
    for (std::size_t i = 0; i < 17; ++i)
        sum += int(kLetters.find(text[i])) * int(18 - i);
    return (10 - sum % 10) % 10 == at(text, 17);
}

/// Ireland.
bool isPps(std::string_view text)
{
    if (!matches(text, "DDDDDDDL") && !matches(text, "DDDDDDDLL"))
        return false;
    int sum = 0;
    for (std::size_t i = 0; i < 7; ++i)
        sum += at(text, i) * int(8 - i);
    if (text.size() == 9 && text[8] != 'W')
        sum += (text[8] - 'A' + 1) * 9;
    return "WABCDEFGHIJKLMNOPQRSTUV"[sum % 23] == text[7];
}

}

NationalId nationalId(std::string_view form, std::string_view digits)
{
    NationalId found;
    for (const Rule &rule : kRules)
        if (rule.form == form && rule.holds(digits) && (!found.detector || found.told)) {
            found = {rule.detector, rule.told};
            if (!rule.told)
                break;
        }
    return found;
}

NationalId letteredId(std::string_view text)
{
    if (isCurp(text))
        return {"curp", false};
    if (isPps(text))
        return {"pps", true};
    // India's PAN: the fourth letter says whose it is
    if (matches(text, "LLLLLDDDDL") && std::string_view("ABCFGHLJPTK").find(text[3]) != std::string_view::npos)
        return {"indian_pan", false};
    return {};
}

}
