#pragma once

#include <stop_token>
#include <string>
#include <string_view>
#include <vector>

#include "core/base/hash.h"
#include "core/base/result.h"
#include "core/domain/feedback.h"
#include "core/text/offsetmap.h"

namespace winnow::mask {

struct Item {
    std::string_view text;
    std::string_view lang; ///< BCP 47 base or empty
};

struct Input {
    std::vector<Item> items;
    Digest key{}; ///< keys the pseudonyms
};

struct Options {
    std::vector<std::string> offTypes;  ///< types that are not masked in this workspace
    std::vector<std::string> allow;     ///< exact words that stay
};

struct Masked {
    std::string text;
    std::vector<PiiSpan> spans; ///< in order, without overlap
    OffsetMap toSource;         ///< masked text → text that was read
    bool operator==(const Masked &) const = default;
};

struct Output {
    std::vector<Masked> items;
};

/// The pseudonym of a value: 8 base32 characters of HMAC(key, type U+001F canonical value); the same for the same
/// value, however it is spaced or cased, and not to be turned back without the key.
[[nodiscard]] std::string pseudonym(const Digest &key, std::string_view type, std::string_view canonicalValue);

/// Puts ⟦TYPE_pseudonym⟧ in place of personal data: structured identifiers, by pattern, checksum and context.
/// \returns one entry per item. \errors Cancelled.
[[nodiscard]] Result<Output> run(const Input &input, const Options &options, std::stop_token stop);

}
