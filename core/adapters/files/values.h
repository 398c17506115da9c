#pragma once
// Internal to core/adapters/files: what single cells mean.

#include <optional>
#include <string>
#include <string_view>

namespace winnow::files
{

[[nodiscard]] bool isChannel(std::string_view text);
[[nodiscard]] bool isRatingScale(std::string_view text);
/// `^[a-z0-9_]+$`
[[nodiscard]] bool isSourceName(std::string_view text);

/// A rating as people write it: `4`, `4.5`, `4,5`, `4/5`, `4 out of 5`, `4 stars`, `★★★★☆`, `good`.
struct RatingText {
    enum class Kind { None, Number, Good, Bad, Up, Down } kind = Kind::None;
    double number = 0;
    std::optional<double> outOf; ///< 5 in `4/5`
};

/// \param commaIsPoint  a comma is a decimal comma.
[[nodiscard]] RatingText ratingText(std::string_view text, bool commaIsPoint);

struct RatingRead {
    std::optional<double> value; ///< null: absent, unreadable or out of range
    bool outOfRange = false;
};

/// \param scale  of the canonical schema; empty or `other`: any number.
[[nodiscard]] RatingRead readRating(std::string_view text, std::string_view scale, bool commaIsPoint);

/// The same of a number as JSON has it, which may have an exponent.
[[nodiscard]] RatingRead ratingOfNumber(std::string_view number, std::string_view scale);

/// BCP 47, language lower, region upper case; empty where the text is no language tag.
[[nodiscard]] std::string readLanguage(std::string_view text);

/// ISO 3166-1 alpha-2 of an alpha-2 or alpha-3 code in capitals; empty: none.
[[nodiscard]] std::string countryOf(std::string_view text);

/// A number as people write it in a context file: `12,000.50`, `12.000,50`, `$1,200`, `1e6`; null: none.
[[nodiscard]] std::optional<double> readAmount(std::string_view text);

}
