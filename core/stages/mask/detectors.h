#pragma once
// Internal to the mask: what looks for personal data in the view of a text.

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "core/base/span.h"
#include "core/stages/mask/tokens.h"

namespace winnow::mask
{

enum class Type : std::uint8_t {
    Email,
    Phone,
    Card,
    Iban,
    Ip,
    Mac,
    Url,
    ApiKey,
    Order,
    Account,
    Username,
    Password,
    BirthDate,
    NationalId,
    Licence,
    Passport,
    Device,
    Person,
    Address,
    Place,
    Organisation,
    Occupation,
    Age,
    Plate,
    Coordinates,
};
[[nodiscard]] std::string_view nameOf(Type type);

/// One find; spans are of the view.
struct Found {
    ByteSpan span;
    Type type = Type::Email;
    double score = 0;
    const char *detector = "";
};
using Finds = std::vector<Found>;

/// A text as all detectors see it.
struct Scene {
    std::string_view text; ///< the view
    const Tokens &tokens;
    std::string_view lang;
    bool caseless = false; ///< no capital in it, or nothing else: capitals then tell nothing
    bool titled = false; ///< Most Words Start With One: a capital tells little
};

/// What a capital says in this text: see Scene. \pre tokens are those of the text, and outlive the scene.
[[nodiscard]] Scene sceneOf(std::string_view text, const Tokens &tokens, std::string_view lang);

// in this order; the later ones look at what the earlier ones found
void findAddresses(const Scene &scene, Finds &finds); ///< e-mail, URL, @handle
void findMachines(const Scene &scene, Finds &finds); ///< IP, MAC, keys and tokens
void findNumbers(const Scene &scene, Finds &finds); ///< card, IBAN, national ids by checksum
void findByContext(const Scene &scene, Finds &finds); ///< order, account, user name, password, birth date, documents
void findProfile(const Scene &scene, Finds &finds); ///< ages, coordinates, licence plates
void findPersons(const Scene &scene, Finds &finds);
void findPlaces(const Scene &scene, Finds &finds); ///< postal addresses
void findPhones(const Scene &scene, Finds &finds); ///< \pre finds in order of their start

// shared by the detectors
[[nodiscard]] inline bool isDigit(char c)
{
    return c >= '0' && c <= '9';
}
[[nodiscard]] inline bool isAsciiLetter(char c)
{
    return (c | 32) >= 'a' && (c | 32) <= 'z';
}
[[nodiscard]] inline bool isWordChar(char c)
{
    return isDigit(c) || isAsciiLetter(c);
}
/// The character before `at` is a letter, digit or underscore. Scripts that do not part words do not count.
[[nodiscard]] bool wordBefore(std::string_view text, std::size_t at);
[[nodiscard]] bool wordAfter(std::string_view text, std::size_t at);
[[nodiscard]] std::string digitsOf(std::string_view text);
/// A date of one of the usual forms that starts at `at`: its end, else 0. Month words count.
[[nodiscard]] std::size_t dateAt(const Scene &scene, std::size_t at);
/// The first token that ends behind `at`.
[[nodiscard]] std::size_t tokenAt(const Tokens &tokens, std::size_t at);

}
