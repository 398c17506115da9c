#include "core/local/lexicalterms.h"

#include <string>

#include <unicode/normalizer2.h>
#include <unicode/uchar.h>
#include <unicode/unistr.h>
#include <unicode/utf8.h>

namespace winnow::lexical
{

namespace
{

constexpr std::size_t kCut = 6;

enum class Kind : std::uint8_t { None, Letter, Digit, Dense, Dropped };

bool isDropped(UChar32 c)
{
    return (c >= 0x300 && c <= 0x36f) || (c >= 0x591 && c <= 0x5c7) || (c >= 0x610 && c <= 0x61a)
        || (c >= 0x64b && c <= 0x65f) || c == 0x640 || c == 0x670;
}

/// Scripts written without blanks, and Hangul, whose words carry long endings.
bool isDense(UChar32 c)
{
    return (c >= 0xe00 && c <= 0xeff) || (c >= 0x1000 && c <= 0x109f) || (c >= 0x1780 && c <= 0x17ff)
        || (c >= 0x3040 && c <= 0x30ff) || (c >= 0x31f0 && c <= 0x31ff) || (c >= 0x3400 && c <= 0x4dbf)
        || (c >= 0x4e00 && c <= 0x9fff) || (c >= 0xac00 && c <= 0xd7a3) || (c >= 0xf900 && c <= 0xfaff)
        || (c >= 0x20000 && c <= 0x323af);
}

Kind kindOf(UChar32 c)
{
    if (isDropped(c))
        return Kind::Dropped;
    const auto type = u_charType(c);
    if (type == U_DECIMAL_DIGIT_NUMBER)
        return Kind::Digit;
    const std::uint32_t mask = 1u << type;
    if (mask & (U_GC_L_MASK | U_GC_M_MASK))
        return isDense(c) ? Kind::Dense : Kind::Letter;
    return Kind::None;
}

/// The folded form of a character of the basic plane: most have one code point, a few more.
struct Fold {
    char32_t first = 0; ///< 0: nothing remains
    Kind kind = Kind::None;
    bool several = false;
};

icu::UnicodeString foldSlowly(UChar32 c)
{
    UErrorCode status = U_ZERO_ERROR;
    const icu::Normalizer2 *nfkd = icu::Normalizer2::getNFKDInstance(status);
    icu::UnicodeString one(c);
    if (U_FAILURE(status) || (c >= 0xac00 && c <= 0xd7a3))
        return one;
    icu::UnicodeString text = nfkd->normalize(one, status);
    text.foldCase();
    return nfkd->normalize(text, status);
}

class FoldTable
{
public:
    FoldTable()
        : m_folds(0x10000)
    {
        for (UChar32 c = 0; c < 0x10000; ++c)
            m_folds[std::size_t(c)] = U_IS_SURROGATE(c) ? Fold{} : make(c);
    }
    [[nodiscard]] const Fold &operator[](UChar32 c) const { return m_folds[std::size_t(c)]; }

    static Fold make(UChar32 c)
    {
        const icu::UnicodeString text = foldSlowly(c);
        Fold fold;
        if (text.isEmpty() || isDropped(c))
            fold.kind = Kind::Dropped;
        std::size_t kept = 0;
        for (std::int32_t i = 0; i < text.length(); i = text.moveIndex32(i, 1)) {
            const UChar32 part = text.char32At(i);
            if (isDropped(part))
                continue;
            if (kept++ == 0) {
                fold.first = char32_t(part);
                fold.kind = kindOf(part);
            }
        }
        fold.several = kept > 1;
        return fold;
    }

private:
    std::vector<Fold> m_folds;
};

constexpr std::uint64_t kBasis = 0xcbf29ce484222325, kPrime = 0x100000001b3, kMix = 0x9e3779b97f4a7c15;

std::uint64_t addByte(std::uint64_t h, std::uint32_t byte)
{
    return (h ^ byte) * kPrime;
}

std::uint64_t addCodePoint(std::uint64_t h, char32_t c)
{
    if (c < 0x80)
        return addByte(h, c);
    if (c < 0x800)
        return addByte(addByte(h, 0xc0 | (c >> 6)), 0x80 | (c & 0x3f));
    if (c < 0x10000)
        return addByte(addByte(addByte(h, 0xe0 | (c >> 12)), 0x80 | ((c >> 6) & 0x3f)), 0x80 | (c & 0x3f));
    h = addByte(addByte(h, 0xf0 | (c >> 18)), 0x80 | ((c >> 12) & 0x3f));
    return addByte(addByte(h, 0x80 | ((c >> 6) & 0x3f)), 0x80 | (c & 0x3f));
}

std::uint32_t finish(std::uint64_t h)
{
    return std::uint32_t(((h ^ (h >> 32)) * kMix) >> 32);
}

/// Collects characters of one kind and gives the hash of each word when it ends.
class Run
{
public:
    explicit Run(std::vector<std::uint32_t> &words)
        : m_words(words)
    {
    }

    void add(char32_t c, Kind kind)
    {
        if (kind != m_kind) {
            end();
            m_kind = kind;
        }
        if (kind == Kind::None)
            return;
        if (kind == Kind::Dense) {
            if (m_length > 0)
                m_words.push_back(finish(addCodePoint(addCodePoint(kBasis, m_last), c)));
            m_last = c;
        } else if (m_length < kCut) {
            m_hash = addCodePoint(m_hash, c);
        }
        ++m_length;
    }

    void end()
    {
        if (m_kind == Kind::Dense) {
            if (m_length == 1)
                m_words.push_back(finish(addCodePoint(kBasis, m_last)));
        } else if (m_length >= 2 || (m_kind == Kind::Digit && m_length == 1)) {
            m_words.push_back(finish(m_hash));
        }
        m_hash = kBasis;
        m_length = 0;
        m_kind = Kind::None;
    }

private:
    std::vector<std::uint32_t> &m_words;
    std::uint64_t m_hash = kBasis;
    std::size_t m_length = 0;
    char32_t m_last = 0;
    Kind m_kind = Kind::None;
};

constexpr UChar32 kOpening = 0x27e6, kClosing = 0x27e7;

}

void wordHashes(std::string_view text, std::vector<std::uint32_t> &words)
{
    static const FoldTable table;
    words.clear();
    Run run(words);
    const auto *bytes = reinterpret_cast<const std::uint8_t *>(text.data());
    bool placeholder = false;
    for (std::size_t i = 0; i < text.size();) {
        UChar32 c;
        U8_NEXT_OR_FFFD(bytes, i, text.size(), c);
        if (placeholder) {
            placeholder = c != kClosing;
            continue;
        }
        if (c == kOpening && text.find("\xe2\x9f\xa7", i) != std::string_view::npos) {
            placeholder = true;
            run.end();
            continue;
        }
        const Fold fold = c < 0x10000 ? table[c] : FoldTable::make(c);
        if (fold.kind == Kind::Dropped)
            continue;
        run.add(fold.first, fold.kind);
        if (!fold.several)
            continue;
        const icu::UnicodeString rest = foldSlowly(c);
        bool first = true;
        for (std::int32_t k = 0; k < rest.length(); k = rest.moveIndex32(k, 1)) {
            const UChar32 part = rest.char32At(k);
            if (isDropped(part))
                continue;
            if (!first)
                run.add(char32_t(part), kindOf(part));
            first = false;
        }
    }
    run.end();
}

}
