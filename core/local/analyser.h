#pragma once

#include <array>
#include <cstdint>
#include <span>
#include <string_view>
#include <vector>

#include "core/base/result.h"
#include "core/local/phrases.h"
#include "core/local/taxonomy.h"
#include "core/local/words.h"

namespace winnow::local
{

/// A phrase of the data found in a text.
struct Hit {
    enum class Kind : std::uint8_t { Cue, Component, Symptom };
    Kind kind = Kind::Cue;
    bool negated = false;
    std::uint16_t index = 0; ///< in Cues::groups, Taxonomy::components or Taxonomy::symptoms
    std::uint32_t first = 0, last = 0; ///< words
    [[nodiscard]] std::uint32_t size() const { return last - first + 1; }
};

/// A text read once for segmentation and extraction.
struct Reading {
    Words words;
    std::vector<Hit> hits; ///< by first word
    LangMask langs = 0; ///< what was taken into account
};

/// Words `first` to `end`, without it.
struct WordRange {
    std::uint32_t first = 0, end = 0;
    [[nodiscard]] bool empty() const { return first >= end; }
    [[nodiscard]] std::uint32_t size() const { return end - first; }
};

/// What the words of a stretch say, in points.
struct Verdict {
    std::array<int, kIssueTypeNames.size()> points{};
    IssueType type = IssueType::Other; ///< the most points; the later type where they are equal
    const Hit *symptom = nullptr; ///< the one with the most points, of that type where there is one
    const Hit *component = nullptr;
    int severity = 0;
    bool flagged = false; ///< a cue that sets a flag is among them
    [[nodiscard]] int at(IssueType t) const { return points[std::size_t(t)]; }
    [[nodiscard]] bool issue() const { return isActionable(type); }
};

/// Reads texts with the words of a taxonomy and of the cues. \thread const members by any number at once.
class Analyser
{
public:
    /// \errors InvalidInput: a phrase that is none, with the place of its entry.
    [[nodiscard]] static Result<Analyser> make(Cues cues, Taxonomy taxonomy);
    /// With the shipped data, read once. \errors NotFound, Io, InvalidInput.
    [[nodiscard]] static Result<const Analyser *> shipped();

    /// \param lang  BCP 47 base; empty: found by its words.
    void read(std::string_view text, std::string_view lang, Reading &reading) const;
    [[nodiscard]] Verdict judge(const Reading &reading, WordRange range) const;

    /// What a single folded word is, whatever the language.
    struct WordClass {
        LangMask known = 0; ///< languages whose phrases use it
        bool generic = false; ///< says nothing about the product: a function word, praise, a plea …
        bool vague = false; ///< names nothing in particular
        bool negation = false;
        bool praise = false;
        bool complaint = false; ///< counts for a bug, or against praise
    };
    [[nodiscard]] WordClass classOf(std::string_view word) const;

    /// Chooses the type once the points stand.
    static void settle(Verdict &verdict);

    [[nodiscard]] const Taxonomy &taxonomy() const { return m_taxonomy; }
    [[nodiscard]] const Cues &cues() const { return m_cues; }
    [[nodiscard]] const Cues::Group &cue(const Hit &hit) const { return m_cues.groups[hit.index]; }
    [[nodiscard]] const Taxonomy::Symptom &symptom(const Hit &hit) const { return m_taxonomy.symptoms[hit.index]; }
    [[nodiscard]] bool hasRole(const Hit &hit, Cues::Role role) const
    {
        return hit.kind == Hit::Kind::Cue && m_cues.groups[hit.index].role == role;
    }
    /// The hits that lie wholly in the range.
    [[nodiscard]] static std::span<const Hit> hitsFrom(const Reading &reading, WordRange range);

private:
    /// "No problem" holds no problem.
    void dropInSetPhrases(Reading &reading) const;
    void markNegated(Reading &reading) const;

    Cues m_cues;
    Taxonomy m_taxonomy;
    PhraseBook m_book;
};

}
