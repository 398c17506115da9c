#pragma once

#include <map>
#include <stop_token>
#include <string>
#include <string_view>
#include <vector>

#include "core/base/result.h"
#include "core/local/heads/heads.h"
#include "core/ports/embedder.h"

namespace winnow::train
{

struct Item {
    std::string_view text; ///< masked
    std::string_view lang;
    std::string_view group; ///< whole groups stay in one fold; empty: equal texts do
    std::map<std::string, std::vector<std::string>> labels; ///< by field; a field that is missing says nothing
};

struct Input {
    std::vector<Item> items;
};

struct Options {
    local::Weighing weighing;
    double cost = 0.5; ///< of a text on the wrong side
    double balance = 0.5; ///< 0: every text counts the same, 1: every label does
    std::uint32_t folds = 5;
    double abstainBelow = 0.5;
    unsigned threads = 1;
};

struct Ports {
    const local::FeatureReader &reader;
    Embedder *embedder = nullptr; ///< of sentence vectors, where there is one
};

struct LabelFigures {
    std::string label;
    double precision = 0, recall = 0, f1 = 0;
};

struct FieldFigures {
    std::string field;
    double macroF1 = 0, microF1 = 0, accuracy = 0; ///< accuracy: rows whose labels are all right
    std::vector<LabelFigures> labels;
};

struct Output {
    local::Heads heads;
    std::vector<FieldFigures> figures; ///< of answers by heads that had not seen the text's group
};

/// Trains linear heads, one against the rest, and measures them across folds of groups. Probabilities are fitted to the
/// answers that were given across folds.
/// \errors InvalidInput: no rows, a field with one label only; Cancelled; those of the embedder.
[[nodiscard]] Result<Output> run(const Input &input, const Options &options, const Ports &ports, std::stop_token stop);

}
