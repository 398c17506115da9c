#pragma once
// Internal to the stage: what an Index holds.

#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <unordered_map>
#include <vector>

#include "core/stages/match/match.h"
#include "core/text/versions.h"

namespace winnow::match {

struct Posting {
    std::uint32_t ticket = 0;
    float bm25 = 0;  ///< saturated frequency, 0 to 1
    float title = 0; ///< share of the title's unit vector of words
};

struct Term {
    std::vector<Posting> postings; ///< by ticket
    double weight = 0;             ///< how rare it is among tickets
    double titleWeight = 0;        ///< and among titles
};

/// A piece of a title's words, with its share of the title's unit vector of pieces.
struct Gram {
    std::uint32_t id = 0;
    float weight = 0;
};

struct Ticket {
    std::string id;
    std::vector<std::string> component; ///< its words, in order
    std::vector<Gram> title;
    std::optional<TimePoint> created;
    std::optional<text::Version> fixed; ///< the version that holds the fix
};

/// Least probability that a line of release notes speaks of something.
inline constexpr double kLeastNote = 0.6;

using Counts = std::map<std::string, unsigned>; // in order: sums do not depend on hashing

[[nodiscard]] Counts countsOf(const std::vector<std::string> &words);
/// In order, none twice.
[[nodiscard]] std::vector<std::string> distinct(std::vector<std::string> words);

/// Grams with the weight 1 + ln(how often), by hash.
[[nodiscard]] std::vector<std::pair<std::uint64_t, double>> gramCounts(const std::vector<std::uint64_t> &sorted);

struct Index::Private {
    std::vector<Ticket> tickets;
    std::vector<Term> terms;
    std::vector<double> gramWeights;
    // looked up, never walked
    std::unordered_map<std::string, std::uint32_t> vocabulary;
    std::unordered_map<std::uint64_t, std::uint32_t> grams;
    double unknownWeight = 0; ///< of a word or gram that no title holds
    double unknownTerm = 0;   ///< of a word that no ticket holds

    [[nodiscard]] const Term *find(const std::string &word) const
    {
        const auto it = vocabulary.find(word);
        return it == vocabulary.end() ? nullptr : &terms[it->second];
    }

    const local::Analyser *analyser = nullptr;
    std::unique_ptr<Private> notes; ///< lines of release notes as tickets whose id is the version; null: there are none

    /// The words of a text and the concepts that the analyser finds in it.
    [[nodiscard]] std::vector<std::string> termsOf(std::string_view text) const;
    void addConcepts(std::string_view text, std::vector<std::string> &words) const;
    void build(std::span<const KnownTicket> known);
    void addNotes(std::span<const Release> releases);
    /// The versions that hold the fixes: as the tickets say, else as notes say that name them or speak of them.
    void addFixes(std::span<const KnownTicket> known, std::span<const Release> releases);

private:
    void addWords(std::span<const KnownTicket> known);
    void addGrams(std::span<const KnownTicket> known);
};

}
