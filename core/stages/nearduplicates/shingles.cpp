#include "core/stages/nearduplicates/shingles.h"

#include <algorithm>
#include <bit>

#include <unicode/normalizer2.h>
#include <unicode/uchar.h>
#include <unicode/unistr.h>
#include <unicode/utf8.h>

#include "core/text/utf8.h"

namespace winnow::nearduplicates
{

namespace
{

constexpr std::size_t kShingle = 5; // characters
constexpr std::uint32_t kEmpty = UINT32_MAX;

/// A fixed bijection of 64 bits whose output bits all depend on all input bits (the finaliser of MurmurHash3).
std::uint64_t mixed(std::uint64_t x)
{
    x ^= x >> 33;
    x *= 0xff51afd7ed558ccdULL;
    x ^= x >> 33;
    x *= 0xc4ceb9fe1a85ec53ULL;
    return x ^ x >> 33;
}

std::string normalisedAscii(std::string_view text)
{
    std::string out;
    out.reserve(text.size());
    bool blank = false;
    for (const char c : text) {
        const bool capital = c >= 'A' && c <= 'Z';
        if (!capital && !(c >= 'a' && c <= 'z') && !(c >= '0' && c <= '9')) {
            blank = true;
            continue;
        }
        if (blank && !out.empty())
            out += ' ';
        blank = false;
        out += capital ? char(c + ('a' - 'A')) : c;
    }
    return out;
}

}

std::string normalised(std::string_view text)
{
    if (text::isAscii(text))
        return normalisedAscii(text);
    UErrorCode status = U_ZERO_ERROR;
    icu::UnicodeString wide = icu::UnicodeString::fromUTF8({text.data(), std::int32_t(text.size())});
    if (const icu::Normalizer2 *fold = icu::Normalizer2::getNFKCCasefoldInstance(status); U_SUCCESS(status))
        wide = fold->normalize(wide, status);
    std::string out;
    out.reserve(text.size());
    bool blank = false;
    for (std::int32_t i = 0; i < wide.length(); i = wide.moveIndex32(i, 1)) {
        UChar32 c = wide.char32At(i);
        if (const std::int32_t digit = u_charDigitValue(c); digit >= 0)
            c = '0' + digit;
        if (!(U_GET_GC_MASK(c) & (U_GC_L_MASK | U_GC_N_MASK | U_GC_M_MASK)) || (c >= 0xfe00 && c <= 0xfe0f)) {
            blank = true;
            continue;
        }
        if (blank && !out.empty())
            out += ' ';
        blank = false;
        text::append(out, char32_t(c));
    }
    return out;
}

void readShingles(std::string_view text, std::vector<std::uint64_t> &shingles)
{
    shingles.clear();
    if (text::isAscii(text)) {
        std::uint64_t window = 0;
        for (std::size_t i = 0; i < text.size(); ++i) {
            window = (window << 8 | std::uint8_t(text[i])) & 0xffffffffffULL;
            if (i + 1 >= kShingle)
                shingles.push_back(mixed(window));
        }
        return;
    }
    std::array<char32_t, kShingle> window{};
    std::size_t count = 0;
    for (std::size_t at = 0; at < text.size();) {
        window[count++ % kShingle] = text::decode(text, at);
        if (count < kShingle)
            continue;
        std::uint64_t packed = 0;
        bool narrow = true;
        for (std::size_t k = 0; k < kShingle; ++k) {
            const char32_t c = window[(count + k) % kShingle];
            narrow = narrow && c < 0x80;
            packed = packed << 8 | (c & 0xff);
        }
        if (narrow) { // the same as in a text of ASCII alone
            shingles.push_back(mixed(packed));
            continue;
        }
        std::uint64_t hash = 0;
        for (std::size_t k = 0; k < kShingle; ++k)
            hash = mixed(hash + 0x9e3779b97f4a7c15ULL + window[(count + k) % kShingle]);
        shingles.push_back(hash);
    }
}

Signature signatureOf(const std::vector<std::uint64_t> &shingles)
{
    Signature signature;
    signature.fill(kEmpty);
    for (const std::uint64_t shingle : shingles) {
        const std::size_t bin = std::size_t((shingle >> 32) * signature.size() >> 32);
        signature[bin] = std::min(signature[bin], std::uint32_t(shingle));
    }
    Signature dense = signature;
    for (std::size_t bin = 0; bin < dense.size(); ++bin)
        for (std::uint64_t attempt = 1; dense[bin] == kEmpty; ++attempt) {
            const std::uint64_t from = mixed(bin << 32 | attempt);
            dense[bin] = signature[std::size_t((from >> 32) * signature.size() >> 32)];
        }
    return dense;
}

std::uint64_t bandKey(const Signature &signature, std::size_t band)
{
    std::uint64_t key = band;
    for (std::size_t row = 0; row < kRows; ++row)
        key = mixed(key + 0x9e3779b97f4a7c15ULL + signature[band * kRows + row]);
    return key;
}

bool sharesBand(const Signature &a, const Signature &b, std::size_t band)
{
    return std::equal(a.begin() + std::ptrdiff_t(band * kRows), a.begin() + std::ptrdiff_t((band + 1) * kRows),
                      b.begin() + std::ptrdiff_t(band * kRows));
}

double agreement(const Signature &a, const Signature &b)
{
    int same = 0;
    for (std::size_t bin = 0; bin < a.size(); ++bin)
        same += a[bin] == b[bin];
    return double(same) / double(a.size());
}

ShingleTable::Slot &ShingleTable::slotOf(std::uint64_t shingle)
{
    std::size_t at = std::size_t(shingle) & (m_slots.size() - 1);
    while (m_slots[at].count > 0 && m_slots[at].shingle != shingle)
        at = (at + 1) & (m_slots.size() - 1);
    return m_slots[at];
}

void ShingleTable::fill(const std::vector<std::uint64_t> &shingles)
{
    m_slots.assign(std::bit_ceil(2 * shingles.size() + 2), {});
    m_size = shingles.size();
    m_round = 0;
    for (const std::uint64_t shingle : shingles) {
        Slot &slot = slotOf(shingle);
        slot.shingle = shingle;
        ++slot.count;
    }
}

double ShingleTable::similarity(const std::vector<std::uint64_t> &shingles)
{
    ++m_round;
    std::size_t common = 0;
    for (const std::uint64_t shingle : shingles) {
        Slot &slot = slotOf(shingle);
        if (slot.round != m_round) {
            slot.round = m_round;
            slot.used = 0;
        }
        if (slot.used < slot.count) {
            ++slot.used;
            ++common;
        }
    }
    const std::size_t all = m_size + shingles.size() - common;
    return all == 0 ? 0 : double(common) / double(all);
}

}
