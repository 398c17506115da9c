#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "core/base/span.h"
#include "core/base/time.h"
#include "core/domain/incident.h"

namespace winnow
{

/// What happened, as the log keeps it.
struct Event {
    std::string id, replica, actor, kind;
    std::string refs; ///< JSON object of ids, codes and numbers
    std::int64_t seq = 0, clock = 0;
    TimePoint at;
    std::optional<std::string> body; ///< nothing where there was none or it was erased
    bool bodyErased = false;
    bool operator==(const Event &) const = default;
};

/// A ticket to be created, in the outbox.
struct Filing {
    std::string id, incident, externalId, tracker, state, ticket, url, detail;
    std::string kind = "create"; ///< create, evidence
    std::string evidenceId;
    std::string doubles; ///< other tickets with its id, for a person to close
    Draft draft;
    int attempts = 0, generation = 1;
    bool completed = false; ///< link and attachment are there
    bool checked = false; ///< looked up once more, ten minutes after it was made
    TimePoint dueAt, changedAt;
    bool operator==(const Filing &) const = default;
};

/// One row of the queue.
struct QueueRow {
    std::int64_t key = 0; ///< of the row, in this workspace on this machine
    std::string candidate, title, product, component, nearestTicket, state;
    IssueType type = IssueType::Other;
    Severity severity = Severity::None;
    Band band = Band::Backlog;
    double priority = 0, confidence = 0;
    std::uint32_t reports = 0, authors = 0;
    std::optional<TimePoint> newestAt;
    bool operator==(const QueueRow &) const = default;
};

struct QueueRequest {
    std::optional<Band> band;
    std::string sort = "priority"; ///< priority, reports, newest, confidence, authors, title, state, band, ticket
    std::size_t limit = 0; ///< 0: all
    /// `component=Checkout type=bug text words`; blanks part the terms, all must hold. `confidence=0.80-0.85` leaves
    /// the end out, but for 1; `week=2026-11-16` wants a report of that week, which begins on a Monday.
    std::string filter;
    bool decided = false; ///< also those that are decided
    TimePoint now;
    bool reversed = false; ///< the other way round: numbers and times go down, words up, unless it is set
    bool operator==(const QueueRequest &) const = default;
};

/// The rows of a queue in their order, by key: whoever shows it fetches the rows that are in sight.
struct QueueOrder {
    std::vector<std::int64_t> keys;
    std::array<std::size_t, kBandNames.size()> perBand{}; ///< as if no band had been asked for
    bool operator==(const QueueOrder &) const = default;
};

/// Why a candidate is rejected, in the order of the keys `3 1` to `3 7`.
inline constexpr std::array<std::string_view, 7> kRejectReasons{
    "not_issue", "duplicate", "fixed", "not_actionable", "evidence_wrong", "wont_fix", "spam"};

/// What a person does to a candidate.
struct Decision {
    enum class Kind { Approve, Attach, Reject, Snooze, Escalate, Edit };
    Kind kind = Kind::Approve;
    std::string reason; ///< of a rejection: one of kRejectReasons
    std::string ticket; ///< of an attachment
    std::optional<TimePoint> until; ///< of a snooze
    std::optional<std::uint32_t> moreReports; ///< of a snooze
    std::optional<Draft> draft; ///< of an edit; of an approval where the store holds none
    std::string tracker; ///< of an approval; empty: the only one
    std::string note;
    bool fileNow = false;
    std::int64_t millisecondsOnScreen = 0;
    bool verdictHidden = false;
    bool operator==(const Decision &) const = default;
};

struct GroupingDone {
    std::string event;
    std::vector<std::string> incidents; ///< those that it touched and that are left
    bool operator==(const GroupingDone &) const = default;
};

/// One report of a candidate, with the words that support it.
struct MemberDetail {
    std::string segment; ///< feedback:start-end
    std::string feedback;
    std::string text; ///< the whole masked feedback
    ByteSpan span; ///< the segment in it
    std::vector<ByteSpan> quotes; ///< evidence, in it
    std::string channel, lang, appVersion, author;
    std::optional<TimePoint> at;
    double confidence = 0;
    bool abstained = false;
    bool copy = false; ///< the same text as another report
    bool operator==(const MemberDetail &) const = default;
};

struct CandidateDetail {
    std::string id, state, reason, ticket, title;
    Incident incident;
    Score score;
    Band band = Band::Backlog;
    std::string bandReason, nextBand;
    Matching matching;
    std::optional<Draft> draft;
    std::vector<MemberDetail> members;
    std::vector<KnownTicket> tickets; ///< those of `matching` that the workspace knows
    std::vector<std::string> aliases;
    std::vector<Event> history;
    std::vector<Filing> filings;
    bool operator==(const CandidateDetail &) const = default;
};

/// A feedback that holds the words of a search.
struct Hit {
    std::string feedback, text, lang, channel;
    std::optional<TimePoint> at;
    std::string incident; ///< that one of its segments belongs to; empty: none
    std::int64_t key = 0; ///< newer ones have greater keys
    bool operator==(const Hit &) const = default;
};

struct SearchRequest {
    std::string words; ///< all of them must occur, the last one as a beginning
    bool byRelevance = false; ///< else newest first
    std::size_t limit = 50;
    std::int64_t before = 0; ///< newest first: only hits with a smaller key; 0: from the newest
    bool operator==(const SearchRequest &) const = default;
};

/// An event with what became of it.
struct HistoryEntry {
    Event event;
    bool undone = false;
    std::string title; ///< of the first incident that it touches, as the queue calls it
    std::string incident; ///< that one
    bool undoable = false; ///< a decision that is in force; later ones may rest on it
    bool operator==(const HistoryEntry &) const = default;
};

/// Which events are asked for, newest first.
struct HistoryRequest {
    std::vector<std::string> kinds; ///< empty: all
    std::string words; ///< each must occur in the actor, the kind, an id or the candidate's title
    std::size_t limit = 200; ///< 0: all
    std::optional<Event> before; ///< only those before this one
};

/// What a person wants to know about a workspace as a whole.
struct DeskFacts {
    struct Connection {
        std::string name, kind, url;
        bool operator==(const Connection &) const = default;
    };
    std::string keyPlace; ///< where the workspace key lies, in words
    std::string replica; ///< this copy's name in the log
    int schema = 0;
    std::size_t databaseBytes = 0;
    std::vector<Connection> connections; ///< trackers that tickets can go to, by name
    bool operator==(const DeskFacts &) const = default;
};

}
