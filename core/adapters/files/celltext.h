#pragma once
// Internal to core/adapters: what happens to a text on its way into a record.

#include <cstdint>
#include <string>
#include <string_view>
#include <utility>

namespace winnow::files
{

void appendUtf8(std::string &text, std::uint32_t codePoint);
[[nodiscard]] bool isAscii(std::string_view text);
/// Length of the sound UTF-8 sequence at `at`, or 0 with `bad` set to how many bytes one U+FFFD stands for.
[[nodiscard]] std::size_t sequenceAt(std::string_view text, std::size_t at, std::size_t &bad);
[[nodiscard]] bool isUtf8(std::string_view text);
/// How many sequences beyond ASCII are sound, and how many are not. \param whole  false: the text is cut off, so an
/// unfinished sequence at its end does not count.
[[nodiscard]] std::pair<std::size_t, std::size_t> countSequences(std::string_view text, bool whole);
/// Damage becomes U+FFFD. \returns true if there was any.
bool replaceDamage(std::string_view text, std::string &out);

/// Nothing but white space (Unicode's).
[[nodiscard]] bool isBlank(std::string_view text);
[[nodiscard]] std::string_view trimmed(std::string_view text);
/// ASCII letters only.
[[nodiscard]] std::string lowered(std::string_view text);

/// The text rules of contracts/sources.md 2: CRLF and CR become LF, NUL goes, damage becomes U+FFFD, blank becomes
/// empty. \returns record flags. \param damaged  the text may hold bytes that are no UTF-8.
std::uint32_t cleanText(std::string_view text, bool damaged, std::string &out);

/// The first `characters` code points.
[[nodiscard]] std::string_view firstCharacters(std::string_view text, std::size_t characters);

/// Appends a JSON string with its quotes. \pre text is UTF-8.
void appendJsonString(std::string &json, std::string_view text);

/// White space folded, control characters gone, cut: names of columns and files in messages.
[[nodiscard]] std::string shown(std::string_view text);

}
