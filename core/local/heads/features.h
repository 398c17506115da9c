#pragma once

#include <array>
#include <cstdint>
#include <string_view>
#include <vector>

#include "core/local/analyser.h"

namespace winnow::local
{

/// The kinds of features; each is brought to length 1 on its own, so that long words do not outweigh few ones.
enum class FeatureBlock : std::uint8_t { Words, Characters, Phrases };
inline constexpr std::size_t kFeatureBlocks = 3;

/// A feature of a text as a hash of its name, with how often it occurs.
struct Feature {
    std::uint32_t hash = 0;
    std::uint32_t count = 0;
    bool operator==(const Feature &) const = default;
};

/// Features of a text by block, each list in rising order of the hash, no hash twice.
struct FeatureSet {
    std::array<std::vector<Feature>, kFeatureBlocks> blocks;
};

/// Reads the features that linear heads are made of: folded words and pairs of neighbours, characters 3 to 5 inside
/// words, and what the phrases of the analyser found. Phrases are named by what they mean, so that a head learns from
/// one language for another. \thread any number at once.
class FeatureReader
{
public:
    /// \param analyser  outlives the reader.
    explicit FeatureReader(const Analyser &analyser);

    /// \param lang  BCP 47 base; empty: found by its words.
    void read(std::string_view text, std::string_view lang, FeatureSet &features) const;
    /// The same of a text read before. \param range  the words that count.
    void read(std::string_view text, const Reading &reading, WordRange range, FeatureSet &features) const;
    [[nodiscard]] const Analyser &analyser() const { return m_analyser; }

private:
    const Analyser &m_analyser;
    std::vector<std::uint32_t> m_cues, m_symptoms, m_components; // hashes of their names
};

}
