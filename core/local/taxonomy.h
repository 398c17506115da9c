#pragma once

#include <array>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "core/base/result.h"
#include "core/domain/finding.h"

namespace winnow
{

/// Phrases by language (BCP 47 base); their form is PhraseBook's.
using Terms = std::vector<std::pair<std::string, std::vector<std::string>>>;

/// What products of a kind are made of and what goes wrong with them: the words of findings, and how people say them.
/// Its data is a configuration version; a team edits its own.
struct Taxonomy {
    struct Component {
        std::string name;
        std::string owner; ///< team that looks after it; empty: nobody yet
        Terms terms;
        bool operator==(const Component &) const = default;
    };
    /// A possible reason, with how often it is the reason relative to its neighbours.
    struct Cause {
        std::string label;
        int weight = 1;
        std::string component; ///< only with this component; empty: any
        std::string when; ///< counts thrice with this condition (`os`, `app_version`, `device`, `after_update` …)
        bool operator==(const Cause &) const = default;
    };
    struct Symptom {
        std::string name;
        IssueType type = IssueType::Bug;
        int points = 0; ///< how surely its words mean its type
        Severity severity = Severity::Medium;
        bool vague = false; ///< says nothing unless the text also says of what
        std::vector<std::string> flags;
        std::string component; ///< the component when the text names none
        std::string action; ///< what to do first
        std::vector<Cause> causes;
        Terms terms;
        bool operator==(const Symptom &) const = default;
    };

    std::string name;
    std::string version; ///< first 12 hex digits of the SHA-256 of its data
    std::vector<Component> components;
    std::vector<Symptom> symptoms;
    std::array<std::string, kIssueTypeNames.size()>
        actions; ///< by type: what to do first where the symptom says nothing
    std::vector<std::pair<std::string, Terms>> lists; ///< named lists for `{name}`
    bool operator==(const Taxonomy &) const = default;

    [[nodiscard]] const Component *component(std::string_view componentName) const;
    [[nodiscard]] const Symptom *symptom(std::string_view symptomName) const;
};

/// Reads a taxonomy file; `extends` names a shipped one that it adds to: an entry of the same name gets the new members
/// and both entries' terms.
/// \errors InvalidInput `/symptoms/3/type: …`; NotFound, Io for what it extends.
[[nodiscard]] Result<Taxonomy> taxonomyFromJson(std::string_view text);

/// `resources/taxonomies/software.json`, or another shipped one by name. \errors NotFound, Io, InvalidInput.
[[nodiscard]] Result<Taxonomy> shippedTaxonomy(std::string_view name = "software");

/// The words of complaint, wish and praise of each language, whatever the product.
struct Cues {
    enum class Role {
        Signal,
        Negation, ///< denies what follows
        NegationBehind, ///< denies the word before
        Contrast,
        Additive,
        Condition,
        Resolved,
        FunctionWord, ///< tells the language
        Slot, ///< names a condition
        Vague, ///< names nothing in particular
        SetPhrase, ///< turns the complaints in it into none
    };
    struct Group {
        std::string name;
        Role role = Role::Signal;
        std::array<int, kIssueTypeNames.size()> points{}; ///< by type
        int severity = 0; ///< raises (or lowers) severity
        std::string flag; ///< sets this flag
        std::string slot; ///< a condition it names: os, device, browser, payment_method, network, after_update
        bool negatable = true; ///< "no …" turns it into its opposite
        Terms terms;
        bool operator==(const Group &) const = default;
    };
    std::string version;
    std::vector<Group> groups;
    std::vector<std::pair<std::string, Terms>> lists;
};

/// \errors InvalidInput `/groups/3/role: …`.
[[nodiscard]] Result<Cues> cuesFromJson(std::string_view text);

/// `resources/cues.json`. \errors NotFound, Io, InvalidInput.
[[nodiscard]] Result<Cues> shippedCues();

}
