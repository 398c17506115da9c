#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "core/base/result.h"
#include "core/local/heads/features.h"
#include "core/local/heads/solver.h"

namespace winnow::local
{

/// How features become numbers.
struct Weighing {
    std::array<double, kFeatureBlocks> blocks{0.8, 1.2, 0.6}; ///< length of each block, 0: left out
    double vector = 1.5; ///< length of the sentence vector, where there is one
    std::uint32_t leastTexts = 2; ///< a feature of fewer texts is left out
};

/// The features that heads know, sorted, with how rare they are. What is not among them still counts for the length of
/// a block, so that a text of unknown words is less sure of everything.
class Vocabulary
{
public:
    Vocabulary() = default;
    /// Counts the features of `texts`.
    Vocabulary(std::span<const FeatureSet> texts, const Weighing &weighing);
    /// From what columns() and rarities() gave. \errors Corrupt: not in order, or not of one length.
    [[nodiscard]] static Result<Vocabulary> from(std::vector<std::uint64_t> columns,
                                                 std::vector<std::uint16_t> rarities, std::uint16_t unknown);

    [[nodiscard]] std::uint32_t size() const { return std::uint32_t(m_columns.size()); }
    [[nodiscard]] const std::vector<std::uint64_t> &columns() const { return m_columns; }
    [[nodiscard]] const std::vector<std::uint16_t> &rarities() const { return m_rarities; }
    [[nodiscard]] std::uint16_t unknownRarity() const { return m_unknown; }
    /// Leaves only the columns that are marked.
    void keep(const std::vector<bool> &marked);

    /// Appends a row; a vector's components follow the vocabulary's columns.
    void append(const FeatureSet &features, std::span<const std::int8_t> vector, const Weighing &weighing,
                SparseRows &rows) const;

private:
    void index();
    [[nodiscard]] std::uint32_t find(std::uint64_t key) const;

    std::vector<std::uint64_t> m_columns; ///< block << 32 | hash, rising
    std::vector<std::uint16_t> m_rarities; ///< inverse document frequency × 1,024
    std::uint16_t m_unknown = 0;
    std::vector<std::uint32_t> m_slots; ///< open addressing: column + 1
    std::uint32_t m_mask = 0;
};

/// What a text may be said to be.
struct Field {
    std::string name;
    bool single = false; ///< exactly one label holds
    std::vector<std::string> labels;
    std::vector<double> scales; ///< by label: what a whole weight is worth
    std::vector<double> slopes, offsets; ///< by label: probability = logistic(slope × score + offset)
    std::vector<double>
        borders; ///< by label: the probability from which on it is chosen; 0.5 where the field is single
    double abstainBelow = 0.5; ///< an answer less sure is none
    bool operator==(const Field &) const = default;
};

struct ScoredLabel {
    std::uint32_t label = 0; ///< in Field::labels
    double p = 0; ///< chosen from 0.5 on; of a single field they sum to 1
    double calibrated = 0; ///< share of such answers that are right
};

struct FieldAnswer {
    std::vector<ScoredLabel> labels; ///< best first
    bool abstained = false;
};

/// Linear heads over one vocabulary. \thread const members by any number at once.
struct Heads {
    Weighing weighing;
    Vocabulary vocabulary;
    std::string phrases; ///< version of the phrases that the features name
    std::string space; ///< of the sentence vectors, empty: none
    std::uint32_t vectorSize = 0;
    std::vector<Field> fields;
    std::vector<std::int16_t> weights; ///< by column, label after label of all fields; the biases last

    [[nodiscard]] std::uint32_t labelCount() const;
    [[nodiscard]] std::uint32_t width() const { return vocabulary.size() + vectorSize; }
    /// One score per label of all fields.
    [[nodiscard]] std::vector<double> scores(const FeatureSet &features, std::span<const std::int8_t> vector) const;
    [[nodiscard]] std::vector<FieldAnswer> answer(const FeatureSet &features,
                                                  std::span<const std::int8_t> vector) const;

    [[nodiscard]] std::string save() const;
    /// \errors Corrupt; Newer.
    [[nodiscard]] static Result<Heads> load(std::string_view bytes);
};

/// Probabilities of a field from the scores of its labels.
[[nodiscard]] FieldAnswer answerOf(const Field &field, std::span<const double> scores);

}
