#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "core/base/span.h"
#include "core/text/offsetmap.h"

namespace winnow::text
{

/// Text in Unicode normalisation form C already. \pre well-formed UTF-8, here and below
[[nodiscard]] bool isNfc(std::string_view text);
/// Normalisation form C. \param map  where given, gets the edits (changed → original).
[[nodiscard]] std::string nfc(std::string_view text, OffsetMap *map = nullptr);
/// Full case folding, for comparing: "Straße" and "STRASSE" become "strasse".
[[nodiscard]] std::string foldCase(std::string_view text);
/// NFKC with case folding and without what is invisible: for keys that look alike to a reader.
[[nodiscard]] std::string foldCompat(std::string_view text);
/// Lower case, the root locale.
[[nodiscard]] std::string lower(std::string_view text);
/// Digits of any script as 0–9; all else stays.
[[nodiscard]] std::string asciiDigits(std::string_view text);
/// 0–9 for a decimal digit of any script, else −1.
[[nodiscard]] int digitValue(char32_t character);

/// Letter of any script.
[[nodiscard]] bool isLetter(char32_t character);
[[nodiscard]] bool isUpper(char32_t character);
/// Shows nothing and separates nothing: joiners, marks of direction, soft hyphen, variation selectors, BOM.
[[nodiscard]] bool isInvisible(char32_t character);
/// Emoji presentation, its modifiers and flags.
[[nodiscard]] bool isEmoji(char32_t character);

/// Extended grapheme clusters; together they are the text.
[[nodiscard]] std::vector<ByteSpan> graphemes(std::string_view text);
/// Words that hold a letter, number, kana or ideograph; dictionaries cut Chinese, Japanese, Thai and their like.
[[nodiscard]] std::vector<ByteSpan> words(std::string_view text);
/// Sentences with the white space behind them; together they are the text.
/// \param lang  BCP 47 base or empty.
[[nodiscard]] std::vector<ByteSpan> sentences(std::string_view text, std::string_view lang = {});

}
