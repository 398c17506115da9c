#include "core/local/words.h"

#include <algorithm>
#include <array>

#include <unicode/normalizer2.h>
#include <unicode/uchar.h>
#include <unicode/unistr.h>
#include <unicode/utf8.h>

namespace winnow::local
{

namespace
{

constexpr std::uint32_t kTableSize = 0x600;
constexpr std::uint16_t kMaximumWord = 64; // bytes; longer ones are cut in their folded form

enum Kind : std::uint8_t {
    Space,
    Letter,
    Digit,
    Single,
    Mark,
    Apostrophe,
    CommaLike,
    ClauseLike,
    SentenceLike,
    OpenPlaceholder
};

std::string foldLetter(UChar32 c)
{
    switch (c) {
    case 0xdf:
    case 0x1e9e:
        return "ss";
    case 0xe6:
    case 0xc6:
        return "ae";
    case 0x153:
    case 0x152:
        return "oe";
    case 0xf8:
    case 0xd8:
        return "o";
    case 0x142:
    case 0x141:
        return "l";
    case 0x111:
    case 0x110:
        return "d";
    case 0x131:
    case 0x130:
        return "i";
    default:
        break;
    }
    icu::UnicodeString text(u_foldCase(c, U_FOLD_CASE_DEFAULT));
    UErrorCode status = U_ZERO_ERROR;
    if (const icu::Normalizer2 *nfkd = icu::Normalizer2::getNFKDInstance(status); U_SUCCESS(status))
        text = nfkd->normalize(text, status);
    icu::UnicodeString bare;
    for (int i = 0; i < text.length(); i = text.moveIndex32(i, 1)) {
        const UChar32 part = text.char32At(i);
        if (part < 0x300 || part > 0x36f)
            bare.append(part);
    }
    std::string out;
    bare.toUTF8String(out);
    return out;
}

bool isSingle(UChar32 c)
{
    return (c >= 0x3041 && c <= 0x30ff && c != 0x30fb) || (c >= 0x3400 && c <= 0x9fff) || (c >= 0xf900 && c <= 0xfaff)
        || (c >= 0x2600 && c <= 0x27bf) || (c >= 0x1f300 && c <= 0x1faff) || (c >= 0x20000 && c <= 0x3ffff);
}

Kind kindOf(UChar32 c)
{
    switch (c) {
    case '\'':
    case 0x2019:
    case 0x2018:
    case 0x2bc:
    case 0xb4:
    case '`':
        return Apostrophe;
    case ',':
    case 0x3001:
    case 0xff0c:
    case 0x60c:
        return CommaLike;
    case ';':
    case ':':
    case '(':
    case ')':
    case '[':
    case ']':
    case '{':
    case '}':
    case '"':
    case 0x2013:
    case 0x2014:
    case 0x201c:
    case 0x201d:
    case 0x201e:
    case 0xab:
    case 0xbb:
    case 0x300c:
    case 0x300d:
    case 0xff1b:
    case 0xff1a:
    case 0xff08:
    case 0xff09:
    case 0x2022:
    case 0x25cf:
    case 0x25aa:
    case '|':
        return ClauseLike;
    case '.':
    case '!':
    case '?':
    case '\n':
    case '\r':
    case 0x2026:
    case 0x3002:
    case 0xff01:
    case 0xff1f:
    case 0xff61:
    case 0xff0e:
    case 0x61f:
    case 0x6d4:
    case 0x964:
    case 0x2029:
    case 0xa1:
    case 0xbf:
        return SentenceLike;
    case 0x27e6:
        return OpenPlaceholder;
    case 0x200d:
    case 0xfe0f:
    case 0xfe0e:
        return Mark;
    default:
        break;
    }
    if (isSingle(c))
        return Single;
    if (u_charDigitValue(c) >= 0)
        return Digit;
    const auto type = U_MASK(u_charType(c));
    if (type & (U_GC_MN_MASK | U_GC_ME_MASK | U_GC_MC_MASK))
        return c <= 0x36f && c >= 0x300 ? Mark : Letter;
    if (type & (U_GC_L_MASK | U_GC_N_MASK))
        return Letter;
    return Space;
}

struct Table {
    std::array<Kind, kTableSize> kinds;
    std::array<std::array<char, 4>, kTableSize> folds{}; // first byte: length

    Table()
    {
        for (std::uint32_t c = 0; c < kTableSize; ++c) {
            kinds[c] = kindOf(UChar32(c));
            if (kinds[c] != Letter)
                continue;
            const std::string folded = foldLetter(UChar32(c));
            const std::size_t size = std::min<std::size_t>(folded.size(), 3);
            folds[c][0] = char(size);
            std::copy_n(folded.data(), size, folds[c].data() + 1);
        }
    }
};

const Table &table()
{
    static const Table theTable;
    return theTable;
}

}

void readWords(std::string_view text, Words &words)
{
    const Table &known = table();
    words.folded.clear();
    words.all.clear();
    const auto *bytes = reinterpret_cast<const std::uint8_t *>(text.data());
    const std::int32_t size = std::int32_t(text.size());
    Gap gap = Gap::Sentence;
    bool inWord = false;
    const auto raise = [&](Gap to) { gap = std::max(gap, to); };
    const auto begin = [&](std::int32_t at) -> Word & {
        Word word;
        word.span = {std::uint32_t(at), std::uint32_t(at)};
        word.foldedAt = std::uint32_t(words.folded.size());
        word.before = gap;
        gap = Gap::Blank;
        words.all.push_back(word);
        return words.all.back();
    };
    const auto append = [&](const char *data, std::size_t length, std::int32_t end) {
        Word &word = words.all.back();
        word.span.end = std::uint32_t(end);
        if (word.foldedSize + length <= kMaximumWord) {
            words.folded.append(data, length);
            word.foldedSize = std::uint16_t(word.foldedSize + length);
        }
    };

    for (std::int32_t i = 0; i < size;) {
        const std::int32_t start = i;
        UChar32 c = bytes[i];
        if (c < 0x80)
            ++i;
        else
            U8_NEXT_OR_FFFD(bytes, i, size, c);
        Kind kind = std::uint32_t(c) < kTableSize ? known.kinds[std::size_t(c)] : kindOf(c);
        switch (kind) {
        case Letter: {
            // A number and a unit, or a letter and a number, part: "5GB" is 5 and gb, "s3" stays one word.
            if (!inWord || (words.all.back().number && words.all.back().span.end == std::uint32_t(start)))
                begin(start);
            inWord = true;
            if (std::uint32_t(c) < kTableSize) {
                append(known.folds[std::size_t(c)].data() + 1, std::size_t(known.folds[std::size_t(c)][0]), i);
            } else if ((c >= 0x1e00 && c <= 0x1fff) || (c >= 0xff00 && c <= 0xffef)) {
                const std::string folded = foldLetter(c);
                append(folded.data(), folded.size(), i);
            } else {
                append(text.data() + start, std::size_t(i - start), i);
            }
            break;
        }
        case Digit: {
            if (!inWord)
                begin(start).number = true;
            inWord = true;
            const char digit = char('0' + u_charDigitValue(c));
            append(&digit, 1, i);
            break;
        }
        case Single: {
            begin(start);
            append(text.data() + start, std::size_t(i - start), i);
            inWord = false;
            break;
        }
        case Mark:
            if (inWord || (!words.all.empty() && words.all.back().span.end == std::uint32_t(start)))
                words.all.back().span.end = std::uint32_t(i);
            break;
        case OpenPlaceholder: {
            const std::size_t close = text.find("⟧", std::size_t(i));
            const std::size_t end = close == std::string_view::npos ? text.size() : close + 3;
            Word &word = begin(start);
            word.placeholder = true;
            word.span.end = std::uint32_t(end);
            inWord = false;
            i = std::int32_t(end);
            break;
        }
        case SentenceLike:
            // "4.2.1" is one number.
            if (c == '.' && inWord && words.all.back().number && i < size && bytes[i] >= '0' && bytes[i] <= '9') {
                append(".", 1, i);
                break;
            }
            inWord = false;
            raise(c == '\r' ? Gap::Blank : Gap::Sentence);
            break;
        case CommaLike:
            inWord = false;
            raise(Gap::Comma);
            break;
        case ClauseLike:
            inWord = false;
            raise(Gap::Clause);
            break;
        case Apostrophe:
        case Space:
            inWord = false;
            break;
        }
    }
}

}
