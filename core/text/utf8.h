#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace winnow::text
{

/// True where every byte is below 0x80.
[[nodiscard]] bool isAscii(std::string_view text);
/// Well-formed UTF-8: shortest forms, no surrogates, nothing above U+10FFFF.
[[nodiscard]] bool isUtf8(std::string_view text);
/// The text with U+FFFD for each maximal ill-formed part, as Unicode recommends.
[[nodiscard]] std::string repaired(std::string_view text);

/// Reads the character at `at` and moves past it; U+FFFD for an ill-formed part. \pre at < text.size()
[[nodiscard]] char32_t decode(std::string_view text, std::size_t &at);
/// Reads the character that ends at `at` and moves before it. \pre 0 < at ≤ text.size()
[[nodiscard]] char32_t decodeBefore(std::string_view text, std::size_t &at);
/// Appends a character. \pre a scalar value
void append(std::string &out, char32_t character);

/// True where a character starts at `at`, or the text ends there.
[[nodiscard]] inline bool isBorder(std::string_view text, std::size_t at)
{
    return at >= text.size() ? at == text.size() : (static_cast<std::uint8_t>(text[at]) & 0xc0) != 0x80;
}

/// Number of characters (code points).
[[nodiscard]] std::size_t length(std::string_view text);
/// The longest prefix of at most `bytes` bytes that cuts no character.
[[nodiscard]] std::string_view prefix(std::string_view text, std::size_t bytes);

/// Without white space (of any script) at both ends.
[[nodiscard]] std::string_view trimmed(std::string_view text);
/// White space of any script, line ends included.
[[nodiscard]] bool isSpace(char32_t character);

}
