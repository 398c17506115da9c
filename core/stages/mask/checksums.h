#pragma once
// Internal to the mask: check digits of identifiers.

#include <string_view>

namespace winnow::mask
{

/// \pre digits only, for all that take digits; letters are capitals.
[[nodiscard]] bool luhn(std::string_view digits);
/// A card number of a known issuer, 13 to 19 digits, Luhn. (13 and 14 digits: Visa and Diners of old.)
[[nodiscard]] bool isCard(std::string_view digits);
/// Length of the country's IBAN, 0 for none.
[[nodiscard]] std::size_t ibanLength(std::string_view country);
/// Length of the country, ISO 7064 mod 97. \param text  capitals and digits without blanks
[[nodiscard]] bool isIban(std::string_view text);
/// ISO 7064 mod 97 of the digits as one number.
[[nodiscard]] unsigned mod97(std::string_view digits);

[[nodiscard]] bool isUsSocialSecurity(std::string_view digits);
[[nodiscard]] bool isCpf(std::string_view digits); ///< Brazil, 11
[[nodiscard]] bool isCnpj(std::string_view digits); ///< Brazil, 14
[[nodiscard]] bool isSpanishId(std::string_view text); ///< DNI or NIE
[[nodiscard]] bool isCodiceFiscale(std::string_view text); ///< Italy, 16
[[nodiscard]] bool isPesel(std::string_view digits); ///< Poland, 11
[[nodiscard]] bool isFrenchInsee(std::string_view digits); ///< France, 15
[[nodiscard]] bool isBelgianId(std::string_view digits); ///< Belgium, 11
[[nodiscard]] bool isChineseId(std::string_view text); ///< China, 18
[[nodiscard]] bool isPersonnummer(std::string_view digits); ///< Sweden, 10
[[nodiscard]] bool isHetu(std::string_view text); ///< Finland, 11 with its sign
[[nodiscard]] bool isSwissAhv(std::string_view digits); ///< Switzerland, 13
[[nodiscard]] bool isNino(std::string_view text); ///< United Kingdom, 9

}
