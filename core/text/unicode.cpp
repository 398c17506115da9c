#include "core/text/unicode.h"

#include <algorithm>
#include <map>
#include <memory>

#include <unicode/brkiter.h>
#include <unicode/bytestream.h>
#include <unicode/casemap.h>
#include <unicode/edits.h>
#include <unicode/normalizer2.h>
#include <unicode/ubrk.h>
#include <unicode/uchar.h>
#include <unicode/utext.h>

#include "core/base/assert.h"
#include "core/text/utf8.h"

namespace winnow::text
{

namespace
{

icu::StringPiece piece(std::string_view text)
{
    return {text.data(), std::int32_t(text.size())};
}

const icu::Normalizer2 &formC()
{
    UErrorCode status = U_ZERO_ERROR;
    const icu::Normalizer2 *form = icu::Normalizer2::getNFCInstance(status);
    WINNOW_ASSERT(U_SUCCESS(status));
    return *form;
}

enum class Breaks { Graphemes, Words, Sentences };

icu::BreakIterator *makeBreaks(Breaks kind, const icu::Locale &locale, UErrorCode &status)
{
    switch (kind) {
    case Breaks::Graphemes:
        return icu::BreakIterator::createCharacterInstance(locale, status);
    case Breaks::Words:
        return icu::BreakIterator::createWordInstance(locale, status);
    case Breaks::Sentences:
        return icu::BreakIterator::createSentenceInstance(locale, status);
    }
    return nullptr;
}

/// One iterator per thread, kind and language: making one costs more than cutting a review.
icu::BreakIterator &breaksFor(Breaks kind, std::string_view lang)
{
    thread_local std::map<std::pair<Breaks, std::string>, std::unique_ptr<icu::BreakIterator>> known;
    auto &slot = known[{kind, std::string(lang)}];
    if (!slot) {
        UErrorCode status = U_ZERO_ERROR;
        slot.reset(
            makeBreaks(kind, lang.empty() ? icu::Locale::getRoot() : icu::Locale(std::string(lang).c_str()), status));
        if (U_FAILURE(status) || !slot) {
            status = U_ZERO_ERROR;
            slot.reset(makeBreaks(kind, icu::Locale::getRoot(), status));
        }
        WINNOW_ASSERT(slot);
    }
    return *slot;
}

template <typename Keep> std::vector<ByteSpan> cut(Breaks kind, std::string_view text, std::string_view lang, Keep keep)
{
    std::vector<ByteSpan> spans;
    if (text.empty())
        return spans;
    UErrorCode status = U_ZERO_ERROR;
    UText utext = UTEXT_INITIALIZER;
    utext_openUTF8(&utext, text.data(), std::int64_t(text.size()), &status);
    icu::BreakIterator &breaks = breaksFor(kind, lang);
    breaks.setText(&utext, status);
    WINNOW_ASSERT(U_SUCCESS(status));
    std::int32_t start = breaks.first();
    for (std::int32_t end = breaks.next(); end != icu::BreakIterator::DONE; start = end, end = breaks.next())
        if (keep(breaks))
            spans.push_back({std::uint32_t(start), std::uint32_t(end)});
    utext_close(&utext);
    return spans;
}

}

bool isNfc(std::string_view text)
{
    if (isAscii(text))
        return true;
    UErrorCode status = U_ZERO_ERROR;
    return formC().isNormalizedUTF8(piece(text), status) && U_SUCCESS(status);
}

std::string nfc(std::string_view text, OffsetMap *map)
{
    if (isNfc(text))
        return std::string(text);
    std::string out;
    out.reserve(text.size());
    icu::StringByteSink<std::string> sink(&out);
    icu::Edits edits;
    UErrorCode status = U_ZERO_ERROR;
    formC().normalizeUTF8(0, piece(text), sink, map ? &edits : nullptr, status);
    WINNOW_ASSERT(U_SUCCESS(status));
    if (map) {
        for (auto change = edits.getCoarseChangesIterator(); change.next(status);) {
            const auto from = std::uint32_t(change.sourceIndex()), to = std::uint32_t(change.destinationIndex());
            map->add({from, from + std::uint32_t(change.oldLength())}, {to, to + std::uint32_t(change.newLength())});
        }
    }
    return out;
}

std::string foldCase(std::string_view text)
{
    std::string out;
    if (isAscii(text)) {
        out = text;
        for (char &c : out)
            if (c >= 'A' && c <= 'Z')
                c = char(c + 32);
        return out;
    }
    out.reserve(text.size());
    icu::StringByteSink<std::string> sink(&out);
    UErrorCode status = U_ZERO_ERROR;
    icu::CaseMap::utf8Fold(0, piece(text), sink, nullptr, status);
    WINNOW_ASSERT(U_SUCCESS(status));
    return out;
}

std::string foldCompat(std::string_view text)
{
    if (isAscii(text))
        return foldCase(text);
    UErrorCode status = U_ZERO_ERROR;
    const icu::Normalizer2 *form = icu::Normalizer2::getNFKCCasefoldInstance(status);
    WINNOW_ASSERT(U_SUCCESS(status));
    std::string out;
    out.reserve(text.size());
    icu::StringByteSink<std::string> sink(&out);
    form->normalizeUTF8(0, piece(text), sink, nullptr, status);
    WINNOW_ASSERT(U_SUCCESS(status));
    return out;
}

std::string lower(std::string_view text)
{
    if (isAscii(text))
        return foldCase(text);
    std::string out;
    out.reserve(text.size());
    icu::StringByteSink<std::string> sink(&out);
    UErrorCode status = U_ZERO_ERROR;
    icu::CaseMap::utf8ToLower("", 0, piece(text), sink, nullptr, status);
    WINNOW_ASSERT(U_SUCCESS(status));
    return out;
}

int digitValue(char32_t c)
{
    if (c < 0x80)
        return c >= '0' && c <= '9' ? int(c - '0') : -1;
    return u_charType(UChar32(c)) == U_DECIMAL_DIGIT_NUMBER ? u_charDigitValue(UChar32(c)) : -1;
}

std::string asciiDigits(std::string_view text)
{
    std::string out;
    out.reserve(text.size());
    for (std::size_t at = 0; at < text.size();) {
        const std::size_t start = at;
        const int digit = digitValue(decode(text, at));
        if (digit >= 0)
            out += char('0' + digit);
        else
            out.append(text, start, at - start);
    }
    return out;
}

bool isLetter(char32_t c)
{
    if (c < 0x80)
        return (c | 32) >= 'a' && (c | 32) <= 'z';
    return u_isalpha(UChar32(c));
}

bool isUpper(char32_t c)
{
    if (c < 0x80)
        return c >= 'A' && c <= 'Z';
    return u_isupper(UChar32(c)) || u_istitle(UChar32(c));
}

bool isInvisible(char32_t c)
{
    if (c < 0xad)
        return false;
    return c == 0xad || c == 0x34f || c == 0x61c || c == 0x180e || (c >= 0x200b && c <= 0x200f)
        || (c >= 0x202a && c <= 0x202e) || (c >= 0x2060 && c <= 0x206f) || (c >= 0xfe00 && c <= 0xfe0f) || c == 0xfeff
        || (c >= 0xe0000 && c <= 0xe0fff);
}

bool isEmoji(char32_t c)
{
    if (c < 0x203c)
        return false;
    return u_hasBinaryProperty(UChar32(c), UCHAR_EXTENDED_PICTOGRAPHIC) || (c >= 0x1f1e6 && c <= 0x1f1ff)
        || (c >= 0x1f3fb && c <= 0x1f3ff) || c == 0x20e3;
}

std::vector<ByteSpan> graphemes(std::string_view text)
{
    return cut(Breaks::Graphemes, text, {}, [](const icu::BreakIterator &) { return true; });
}

std::vector<ByteSpan> words(std::string_view text)
{
    return cut(Breaks::Words, text, {},
               [](const icu::BreakIterator &breaks) { return breaks.getRuleStatus() >= UBRK_WORD_NONE_LIMIT; });
}

std::vector<ByteSpan> sentences(std::string_view text, std::string_view lang)
{
    return cut(Breaks::Sentences, text, lang, [](const icu::BreakIterator &) { return true; });
}

}
