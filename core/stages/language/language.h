#pragma once

#include <stop_token>
#include <string>
#include <string_view>
#include <vector>

#include "core/base/result.h"

namespace winnow::language
{

struct Input {
    std::vector<std::string_view> texts;
};

struct Options {
    std::vector<std::string> languages; ///< BCP 47 bases the answer is restricted to; empty: no restriction
    double minimumScore = 0.3; ///< below it the answer is `und`
};

struct Guess {
    std::string lang = "und"; ///< BCP 47 base
    double score = 0; ///< 0 to 1
    bool operator==(const Guess &) const = default;
};

struct Output {
    std::vector<Guess> guesses;
};

/// Reads the shipped table, so that a missing one is told at the start. \errors NotFound, Io, Corrupt.
[[nodiscard]] Result<> ready();

/// Names the language of each text, `und` rather than a guess: by the script, by a table of pieces of words, and with
/// CLD2's word where these leave a doubt.
/// \returns one entry per text. \errors Cancelled; NotFound, Io, Corrupt of the shipped table.
[[nodiscard]] Result<Output> run(const Input &input, const Options &options, std::stop_token stop);

}
