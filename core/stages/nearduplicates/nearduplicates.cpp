#include "core/stages/nearduplicates/nearduplicates.h"

#include <algorithm>
#include <numeric>
#include <string>

#include <unicode/normalizer2.h>
#include <unicode/uchar.h>
#include <unicode/unistr.h>
#include <unicode/utf8.h>

#include "core/base/hash.h"
#include "core/base/parallel.h"

namespace winnow::nearduplicates
{

namespace
{

constexpr std::size_t kChunk = 1024;

/// NFKC, case folded, digits in ASCII, runs of anything but letters and digits as one blank.
std::string normalised(std::string_view text)
{
    std::string out;
    out.reserve(text.size());
    bool blank = false;
    const auto put = [&](std::string_view bytes) {
        if (blank && !out.empty())
            out += ' ';
        blank = false;
        out += bytes;
    };
    const bool ascii = std::all_of(text.begin(), text.end(), [](char c) { return std::uint8_t(c) < 0x80; });
    if (ascii) {
        for (const char c : text) {
            const bool letter = (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9');
            const bool capital = c >= 'A' && c <= 'Z';
            if (!letter && !capital) {
                blank = true;
                continue;
            }
            const char folded = capital ? char(c + 32) : c;
            put({&folded, 1});
        }
        return out;
    }
    UErrorCode status = U_ZERO_ERROR;
    icu::UnicodeString wide = icu::UnicodeString::fromUTF8({text.data(), std::int32_t(text.size())});
    if (const icu::Normalizer2 *fold = icu::Normalizer2::getNFKCCasefoldInstance(status); U_SUCCESS(status))
        wide = fold->normalize(wide, status);
    for (std::int32_t i = 0; i < wide.length(); i = wide.moveIndex32(i, 1)) {
        UChar32 c = wide.char32At(i);
        if (const std::int32_t digit = u_charDigitValue(c); digit >= 0)
            c = '0' + digit;
        if (!(U_GET_GC_MASK(c) & (U_GC_L_MASK | U_GC_N_MASK | U_GC_M_MASK)) || (c >= 0xfe00 && c <= 0xfe0f)) {
            blank = true;
            continue;
        }
        std::uint8_t bytes[4];
        std::int32_t length = 0;
        U8_APPEND_UNSAFE(bytes, length, c);
        put({reinterpret_cast<const char *>(bytes), std::size_t(length)});
    }
    return out;
}

}

Result<Output> run(const Input &input, const Options &options, std::stop_token stop)
{
    const std::size_t count = input.items.size();
    std::vector<Digest> content(count), priority(count);
    const bool done = parallelFor(count, kChunk, options.threads, stop, [&](std::size_t begin, std::size_t end) {
        for (std::size_t i = begin; i < end; ++i) {
            const Item &item = input.items[i];
            const std::string text = normalised(item.text);
            // A text without a letter is only like itself; one without anything is like nothing.
            const bool blank =
                std::all_of(item.text.begin(), item.text.end(), [](char c) { return std::uint8_t(c) <= ' '; });
            content[i] = !text.empty()
                ? sha256(text)
                : Sha256().field(blank ? "id" : "text").field(blank ? item.id : item.text).finish();
            priority[i] = Sha256().field(text).field(item.id).finish();
        }
    });
    if (!done)
        return fail(ErrorCode::Cancelled, "near-duplicates");
    std::vector<std::size_t> order(count);
    std::iota(order.begin(), order.end(), std::size_t(0));
    std::sort(order.begin(), order.end(), [&](std::size_t a, std::size_t b) {
        return std::tie(content[a], priority[a], input.items[a].id)
            < std::tie(content[b], priority[b], input.items[b].id);
    });
    Output output;
    output.items.resize(count);
    std::size_t pivot = 0;
    for (std::size_t k = 0; k < count; ++k) {
        if (k == 0 || content[order[k]] != content[order[k - 1]])
            pivot = order[k];
        output.items[order[k]] = {pivot, 1};
    }
    return output;
}

}
