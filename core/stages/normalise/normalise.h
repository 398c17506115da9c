#pragma once

#include <map>
#include <optional>
#include <stop_token>
#include <string>
#include <string_view>
#include <vector>

#include "core/base/result.h"
#include "core/domain/feedback.h"
#include "core/domain/record.h"

namespace winnow::normalise
{

struct Input {
    std::vector<Record> records;
};

/// Synonyms of the workspace: folded spelling (lower case, trimmed) → the name to use.
struct Options {
    std::map<std::string, std::string> products;
    std::map<std::string, std::string> planTiers;
    std::map<std::string, std::string> components; ///< words in a product or thread name that hint at a component
    std::map<std::string, std::string> systems; ///< operating systems
    std::map<std::string, std::string> apiLevels; ///< Android API level → its version
};

struct Output {
    std::vector<NormalisedText> items;
};

/// Title, LF LF, body; what is blank is left out, with its LF LF.
[[nodiscard]] std::string joined(std::string_view title, std::string_view body);

/// A rating on 1 to 5, good is high; nothing where the scale is not known or the rating lies outside it.
[[nodiscard]] std::optional<double> onFive(double rating, std::string_view scale);

/// The shipped synonyms, `resources/taxonomies/synonyms.json`. \errors NotFound, Corrupt.
[[nodiscard]] Result<Options> shippedOptions();

/// Brings records into one form: NFC text with an offset map back to the record, ⟦ ⟧ as [ ], ratings on 1 to 5,
/// versions without decoration, products and plan tiers by synonym.
/// \returns one entry per record. A tombstone gives empty text.
/// \errors  Cancelled.
[[nodiscard]] Result<Output> run(const Input &input, const Options &options, std::stop_token stop);

}
