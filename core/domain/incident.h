#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "core/base/id.h"
#include "core/base/time.h"
#include "core/domain/finding.h"

namespace winnow {

/// How far an operational signal stands from its normal, in standard deviations.
struct SignalReading {
    std::string name;
    double z = 0;
    bool operator==(const SignalReading &) const = default;
};

/// A cluster of findings with one root cause, summed up. \source commands.md 4
struct Incident {
    IncidentId id;
    std::string title;     ///< from the taxonomy's words; never free text of a review
    std::string product;
    std::string component;
    std::string symptom;
    IssueType type = IssueType::Other;
    Severity severity = Severity::None;
    std::uint32_t reports = 0;   ///< segments, copies included
    std::uint32_t authors = 0;   ///< distinct authors; a report without one counts as its own
    std::uint32_t ofAuthors = 0; ///< distinct authors in the workspace
    std::map<std::string, std::uint32_t> planTiers;
    double revenue = 0; ///< yearly, of the accounts that report it
    std::optional<TimePoint> firstAt;
    std::optional<TimePoint> newestAt;
    std::map<std::string, std::uint32_t> channels;
    std::map<std::string, std::uint32_t> languages;
    std::vector<std::string> versions; ///< in version order
    double confidence = 0;
    std::vector<std::string> flags;
    std::vector<SignalReading> signals;
    std::vector<RootCause> rootCauses;
    bool operator==(const Incident &) const = default;
};

/// One factor of the priority.
struct Factor {
    std::string name; ///< severity, reach, revenue_weight, recency, confidence …
    double value = 1; ///< 0.01 to 1
    double log = 0;   ///< w · ln(value): its share of the score
    bool operator==(const Factor &) const = default;
};

struct Score {
    double priority = 0; ///< 0 to 100, rounded to 0.01
    std::vector<Factor> factors;
    std::string overrideReason; ///< why a flag changed the formula; empty: it did not
    bool operator==(const Score &) const = default;
};

enum class Band { Auto, Review, Backlog, Escalate };
inline constexpr std::array<std::string_view, 4> kBandNames{"auto", "review", "backlog", "escalate"};
[[nodiscard]] inline std::string_view toString(Band band) { return kBandNames[std::size_t(band)]; }
[[nodiscard]] std::optional<Band> bandFrom(std::string_view name);

struct Banding {
    Band band = Band::Backlog;
    std::string reason;
    std::string nextBand; ///< the smallest change that moves it; empty: none does
    bool operator==(const Banding &) const = default;
};

enum class Relation { Same, Related, Regression };
inline constexpr std::array<std::string_view, 3> kRelationNames{"same", "related", "regression"};
[[nodiscard]] inline std::string_view toString(Relation relation) { return kRelationNames[std::size_t(relation)]; }

struct TicketMatch {
    std::string ticket;
    Relation relation = Relation::Related;
    double p = 0;
    bool operator==(const TicketMatch &) const = default;
};

/// A release whose notes speak of it.
struct NoteMatch {
    std::string version;
    Relation relation = Relation::Same; ///< Regression: reported from that version or a later one
    double p = 0;
    bool operator==(const NoteMatch &) const = default;
};

struct Matching {
    std::vector<TicketMatch> matches;  ///< best first, at most 10, no ticket twice
    std::string decision = "new";      ///< same, related, new
    std::vector<NoteMatch> notes = {}; ///< best first, at most 3
    bool operator==(const Matching &) const = default;
};

/// A ticket as it would be filed. Neutralised for the format it is in.
struct Draft {
    std::string title;
    std::string body;
    std::vector<std::pair<std::string, std::string>> fields; ///< severity, component, owner …; sorted by name
    bool operator==(const Draft &) const = default;
};

/// A ticket of a tracker or an import. \source commands.md, stage match
struct KnownTicket {
    std::string id;
    std::string title;
    std::string body;
    std::string status;
    std::string component;
    std::optional<TimePoint> created;
    std::optional<TimePoint> resolved;
    std::string fixVersion;
    bool operator==(const KnownTicket &) const = default;
};

struct Release {
    std::string version;
    std::optional<TimePoint> date;
    std::string notes;
    bool operator==(const Release &) const = default;
};

struct Account {
    std::string id;
    std::string name;
    std::string planTier;
    double revenue = 0; ///< yearly
    std::string region;
    bool operator==(const Account &) const = default;
};

/// One point of an operational time series.
struct SignalPoint {
    std::string name;
    TimePoint at;
    double value = 0;
    bool operator==(const SignalPoint &) const = default;
};

}
