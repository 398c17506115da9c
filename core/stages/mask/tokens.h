#pragma once
// Internal to the mask: words of a text and the cue phrases among them.

#include <cstdint>
#include <span>
#include <string_view>
#include <vector>

#include "core/base/span.h"

namespace winnow::mask
{

/// What a phrase announces.
enum class Cue : std::uint8_t {
    None,
    Order, ///< order, ticket, tracking, invoice, booking
    Account, ///< account, customer, member, user id
    Username,
    Password,
    Birth,
    Phone,
    Email,
    Card,
    Bank,
    National, ///< an id of the state: social security, tax, identity card
    Licence, ///< driver's licence
    Passport,
    Device, ///< IMEI, serial number
    NameIs, ///< my name is
    SignOff, ///< regards
    Thanks,
    Honorific, ///< Mr, Frau
    Kin, ///< my husband
    Role, ///< support agent
    IAm, ///< I am, this is, hi: a name may follow
    Unit, ///< apartment, suite, box: a number follows
    LiveAt, ///< I live at
    AddressIs, ///< shipping address
    At, ///< the word for @ in an address spelt out
    Street, ///< a word for a road, behind or before its name
    Month,
    Dot,
    Filler, ///< number, no, id, is: between a cue and its value
    Deed, ///< what a person does: was, said, helped
    Marker, ///< of the fillers those that say an id follows: number, no
    Common, ///< words that are no name, however they are written
    Count_,
};

struct Token {
    std::uint32_t start = 0;
    std::uint32_t end = 0;
    std::uint32_t hash = 0; ///< of the folded word: lower case, Latin letters without their marks
    bool digits = false; ///< holds a digit
    bool letters = false; ///< holds a letter
    bool upperFirst = false; ///< starts with a capital
    bool upperAll = false; ///< more than one letter, all capitals
    [[nodiscard]] ByteSpan span() const { return {start, end}; }
};

/// A cue phrase in the text.
struct Hit {
    std::uint32_t first = 0; ///< token
    std::uint32_t end = 0; ///< token behind the phrase
    Cue cue = Cue::None;
};

/// The words of a text (letters, digits and marks; everything else parts words).
struct Tokens {
    std::vector<Token> words;
    std::vector<Hit> hits; ///< in order; of phrases that start at one word the longest; only cues before Street
    std::uint32_t digits = 0;
    std::uint32_t longest = 0; ///< bytes of the longest word that holds a digit
    bool given = false; ///< some capitalised word looks like a name
    std::uint32_t cues = 0; ///< bit per Cue that occurs
    [[nodiscard]] bool has(Cue cue) const { return cues >> unsigned(cue) & 1; }
};

/// \param tokens  what it held goes, its memory is used again.
void tokenise(std::string_view text, Tokens &tokens);

/// A character as the hashes of words take it: small, a Latin letter without its mark; 0 for a combining mark.
[[nodiscard]] char32_t foldedLetter(char32_t character);

/// The words alone, without looking for cues or names.
[[nodiscard]] Tokens wordsOf(std::string_view text);

/// Words of the phrase of that cue which starts at word `at`; 0 where none does.
[[nodiscard]] std::uint32_t phraseAt(const Tokens &tokens, std::size_t at, Cue cue);
/// As phraseAt(), for single words.
[[nodiscard]] bool isA(const Token &token, Cue cue);

/// The phrases, a line per cue: words in one, phrases parted by `|`. In cues.cpp.
struct CueLine {
    Cue cue;
    std::string_view phrases;
};
[[nodiscard]] std::span<const CueLine> cueLines();

}
