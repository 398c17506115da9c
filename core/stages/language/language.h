#pragma once

#include <stop_token>
#include <string>
#include <string_view>
#include <vector>

#include "core/base/result.h"

namespace winnow::language {

struct Input {
    std::vector<std::string_view> texts;
};

struct Options {
    std::vector<std::string> languages; ///< BCP 47 bases the answer is restricted to; empty: no restriction
    double minimumScore = 0.5;          ///< below it the answer is `und`
};

struct Guess {
    std::string lang = "und"; ///< BCP 47 base
    double score = 0;         ///< 0 to 1
    bool operator==(const Guess &) const = default;
};

struct Output {
    std::vector<Guess> guesses;
};

/// Names the language of each text, `und` rather than a guess.
/// \returns one entry per text. \errors Cancelled.
[[nodiscard]] Result<Output> run(const Input &input, const Options &options, std::stop_token stop);

}
