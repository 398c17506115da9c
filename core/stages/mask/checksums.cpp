#include "core/stages/mask/checksums.h"

#include <algorithm>
#include <array>
#include <cstdint>
#include <utility>

namespace winnow::mask
{

namespace
{

int digit(char c)
{
    return c - '0';
}
bool isDigit(char c)
{
    return c >= '0' && c <= '9';
}
bool isCapital(char c)
{
    return c >= 'A' && c <= 'Z';
}
bool areDigits(std::string_view text)
{
    return std::all_of(text.begin(), text.end(), isDigit);
}

unsigned number(std::string_view digits)
{
    unsigned value = 0;
    for (const char c : digits)
        value = value * 10 + unsigned(digit(c));
    return value;
}

bool isDay(unsigned month, unsigned day)
{
    return month >= 1 && month <= 12 && day >= 1 && day <= 31;
}

bool sameDigits(std::string_view digits)
{
    return digits.find_first_not_of(digits.front()) == std::string_view::npos;
}

constexpr std::array kIbanLengths{
    std::pair("AD", 24), std::pair("AE", 23), std::pair("AL", 28), std::pair("AT", 20), std::pair("AZ", 28),
    std::pair("BA", 20), std::pair("BE", 16), std::pair("BG", 22), std::pair("BH", 22), std::pair("BI", 27),
    std::pair("BR", 29), std::pair("BY", 28), std::pair("CH", 21), std::pair("CR", 22), std::pair("CY", 28),
    std::pair("CZ", 24), std::pair("DE", 22), std::pair("DJ", 27), std::pair("DK", 18), std::pair("DO", 28),
    std::pair("EE", 20), std::pair("EG", 29), std::pair("ES", 24), std::pair("FI", 18), std::pair("FK", 18),
    std::pair("FO", 18), std::pair("FR", 27), std::pair("GB", 22), std::pair("GE", 22), std::pair("GI", 23),
    std::pair("GL", 18), std::pair("GR", 27), std::pair("GT", 28), std::pair("HR", 21), std::pair("HU", 28),
    std::pair("IE", 22), std::pair("IL", 23), std::pair("IQ", 23), std::pair("IS", 26), std::pair("IT", 27),
    std::pair("JO", 30), std::pair("KW", 30), std::pair("KZ", 20), std::pair("LB", 28), std::pair("LC", 32),
    std::pair("LI", 21), std::pair("LT", 20), std::pair("LU", 20), std::pair("LV", 21), std::pair("LY", 25),
    std::pair("MC", 27), std::pair("MD", 24), std::pair("ME", 22), std::pair("MK", 19), std::pair("MN", 20),
    std::pair("MR", 27), std::pair("MT", 31), std::pair("MU", 30), std::pair("NI", 28), std::pair("NL", 18),
    std::pair("NO", 15), std::pair("OM", 23), std::pair("PK", 24), std::pair("PL", 28), std::pair("PS", 29),
    std::pair("PT", 25), std::pair("QA", 29), std::pair("RO", 24), std::pair("RS", 22), std::pair("RU", 33),
    std::pair("SA", 24), std::pair("SC", 31), std::pair("SD", 18), std::pair("SE", 24), std::pair("SI", 19),
    std::pair("SK", 24), std::pair("SM", 27), std::pair("SO", 23), std::pair("ST", 25), std::pair("SV", 28),
    std::pair("TL", 23), std::pair("TN", 24), std::pair("TR", 26), std::pair("UA", 29), std::pair("VA", 22),
    std::pair("VG", 24), std::pair("XK", 20), std::pair("YE", 30),
};

}

bool luhn(std::string_view digits)
{
    int sum = 0;
    bool twice = false;
    for (auto it = digits.rbegin(); it != digits.rend(); ++it, twice = !twice) {
        const int value = digit(*it) * (twice ? 2 : 1);
        sum += value > 9 ? value - 9 : value;
    }
    return sum % 10 == 0;
}

bool isCard(std::string_view digits)
{
    const std::size_t n = digits.size();
    if (n < 12 || n > 19 || sameDigits(digits))
        return false;
    const unsigned two = number(digits.substr(0, 2)), three = number(digits.substr(0, 3)),
                   four = number(digits.substr(0, 4));
    const bool known = (digits[0] == '4' && (n == 13 || n == 16 || n == 19)) // Visa
        || (((two >= 51 && two <= 55) || (four >= 2221 && four <= 2720)) && n == 16) // Mastercard
        || ((two == 34 || two == 37) && n == 15) // American Express
        || ((four == 6011 || two == 65 || (three >= 644 && three <= 649)) && n >= 16) // Discover
        || ((two == 36 || two == 38 || two == 39 || (three >= 300 && three <= 305)) && n >= 14) // Diners
        || (four >= 3528 && four <= 3589 && n >= 16) || ((four == 2131 || four == 1800) && n == 15) // JCB
        || (two == 62 && n >= 16) // UnionPay
        || ((two == 50 || (two >= 56 && two <= 69)) && n >= 12); // Maestro and others
    return known && luhn(digits);
}

std::size_t ibanLength(std::string_view country)
{
    const auto found = std::find_if(kIbanLengths.begin(), kIbanLengths.end(),
                                    [&](const auto &entry) { return country == entry.first; });
    return found == kIbanLengths.end() ? 0 : std::size_t(found->second);
}

bool isIban(std::string_view text)
{
    if (text.size() < 15 || ibanLength(text.substr(0, 2)) != text.size())
        return false;
    unsigned rest = 0;
    for (std::size_t i = 0; i < text.size(); ++i) {
        const char c = text[(i + 4) % text.size()];
        if (isDigit(c))
            rest = (rest * 10 + unsigned(digit(c))) % 97;
        else if (isCapital(c))
            rest = (rest * 100 + unsigned(c - 'A' + 10)) % 97;
        else
            return false;
    }
    return rest == 1;
}

unsigned mod97(std::string_view digits)
{
    unsigned rest = 0;
    for (const char c : digits)
        rest = (rest * 10 + unsigned(digit(c))) % 97;
    return rest;
}

bool isUsSocialSecurity(std::string_view digits)
{
    if (digits.size() != 9)
        return false;
    const unsigned area = number(digits.substr(0, 3));
    return area != 0 && area != 666 && area < 900 && digits.substr(3, 2) != "00" && digits.substr(5) != "0000";
}

bool isCpf(std::string_view digits)
{
    if (digits.size() != 11 || sameDigits(digits))
        return false;
    for (const std::size_t length : {std::size_t(9), std::size_t(10)}) {
        int sum = 0;
        for (std::size_t i = 0; i < length; ++i)
            sum += digit(digits[i]) * int(length + 1 - i);
        if (sum * 10 % 11 % 10 != digit(digits[length]))
            return false;
    }
    return true;
}

bool isCnpj(std::string_view digits)
{
    if (digits.size() != 14 || sameDigits(digits))
        return false;
    for (const std::size_t length : {std::size_t(12), std::size_t(13)}) {
        int sum = 0;
        for (std::size_t i = 0; i < length; ++i)
            sum += digit(digits[i]) * int((length - 1 - i) % 8 + 2);
        const int rest = sum % 11;
        if ((rest < 2 ? 0 : 11 - rest) != digit(digits[length]))
            return false;
    }
    return true;
}

bool isSpanishId(std::string_view text)
{
    if (text.size() != 9 || !isCapital(text[8]) || !areDigits(text.substr(1, 7)))
        return false;
    unsigned value = number(text.substr(1, 7));
    if (isDigit(text[0]))
        value += unsigned(digit(text[0])) * 10'000'000u;
    else if (text[0] == 'Y' || text[0] == 'Z')
        value += unsigned(text[0] - 'X') * 10'000'000u;
    else if (text[0] != 'X')
        return false;
    return "TRWAGMYFPDXBNJZSQVHLCKE"[value % 23] == text[8];
}

bool isCodiceFiscale(std::string_view text)
{
    constexpr std::string_view kShape = "LLLLLLDDLDDLDDDL";
    static constexpr int kOdd[] = {1,  0,  5, 7, 9, 13, 15, 17, 19, 21, 2,  4,  18,
                                   20, 11, 3, 6, 8, 12, 14, 16, 10, 22, 25, 24, 23};
    if (text.size() != kShape.size())
        return false;
    int sum = 0;
    for (std::size_t i = 0; i < text.size(); ++i) {
        if (kShape[i] == 'L' ? !isCapital(text[i]) : !isDigit(text[i]))
            return false;
        const int value = isDigit(text[i]) ? digit(text[i]) : text[i] - 'A';
        if (i < 15)
            sum += i % 2 == 0 ? kOdd[value] : value;
    }
    return 'A' + sum % 26 == text[15];
}

bool isPesel(std::string_view digits)
{
    static constexpr int kWeights[] = {1, 3, 7, 9, 1, 3, 7, 9, 1, 3};
    if (digits.size() != 11 || !isDay(number(digits.substr(2, 2)) % 20, number(digits.substr(4, 2))))
        return false;
    int sum = 0;
    for (std::size_t i = 0; i < 10; ++i)
        sum += digit(digits[i]) * kWeights[i];
    return (10 - sum % 10) % 10 == digit(digits[10]);
}

bool isFrenchInsee(std::string_view digits)
{
    if (digits.size() != 15 || (digits[0] != '1' && digits[0] != '2'))
        return false;
    const unsigned month = number(digits.substr(3, 2));
    return month >= 1 && month <= 42 && 97 - mod97(digits.substr(0, 13)) == number(digits.substr(13));
}

bool isBelgianId(std::string_view digits)
{
    if (digits.size() != 11 || !isDay(number(digits.substr(2, 2)), number(digits.substr(4, 2))))
        return false;
    const unsigned check = number(digits.substr(9));
    const std::string_view base = digits.substr(0, 9);
    const unsigned rest = mod97(base);
    const unsigned since2000 =
        (68 + rest) % 97; // of those born since 2000 a 2 stands before the digits: 2·10⁹ mod 97 is 68
    return 97 - rest == check || 97 - since2000 == check;
}

bool isChineseId(std::string_view text)
{
    static constexpr int kWeights[] = {7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2};
    if (text.size() != 18 || !areDigits(text.substr(0, 17)))
        return false;
    const unsigned year = number(text.substr(6, 4));
    if (year < 1900 || year > 2100 || !isDay(number(text.substr(10, 2)), number(text.substr(12, 2))))
        return false;
    int sum = 0;
    for (std::size_t i = 0; i < 17; ++i)
        sum += digit(text[i]) * kWeights[i];
    return "10X98765432"[sum % 11] == text[17];
}

bool isPersonnummer(std::string_view digits)
{
    return digits.size() == 10 && isDay(number(digits.substr(2, 2)), number(digits.substr(4, 2)) % 60) && luhn(digits);
}

bool isHetu(std::string_view text)
{
    constexpr std::string_view kCheck = "0123456789ABCDEFHJKLMNPRSTUVWXY";
    if (text.size() != 11 || !areDigits(text.substr(0, 6)) || !areDigits(text.substr(7, 3))
        || std::string_view("+-A").find(text[6]) == std::string_view::npos)
        return false;
    if (!isDay(number(text.substr(2, 2)), number(text.substr(0, 2))))
        return false;
    return kCheck[(number(text.substr(0, 6)) * 1000 + number(text.substr(7, 3))) % 31] == text[10];
}

bool isSwissAhv(std::string_view digits)
{
    if (digits.size() != 13 || !digits.starts_with("756"))
        return false;
    int sum = 0;
    for (std::size_t i = 0; i < 12; ++i)
        sum += digit(digits[i]) * (i % 2 ? 3 : 1);
    return (10 - sum % 10) % 10 == digit(digits[12]);
}

bool isNino(std::string_view text)
{
    constexpr std::string_view kNotFirst = "DFIQUV", kNotSecond = "DFIOQUV";
    return text.size() == 9 && isCapital(text[0]) && isCapital(text[1])
        && kNotFirst.find(text[0]) == std::string_view::npos && kNotSecond.find(text[1]) == std::string_view::npos
        && areDigits(text.substr(2, 6)) && text[8] >= 'A' && text[8] <= 'D';
}

}
