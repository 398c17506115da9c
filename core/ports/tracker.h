#pragma once

#include <chrono>
#include <optional>
#include <stop_token>
#include <string>
#include <vector>

#include "core/base/result.h"
#include "core/base/time.h"
#include "core/domain/incident.h"

namespace winnow
{

/// A ticket in a tracker.
struct TicketRef {
    std::string id; ///< the tracker's own
    std::string url; ///< where a person can open it
    bool operator==(const TicketRef &) const = default;
};

/// What a ticket of ours is known by. \source contracts/trackers.md 2
struct TicketKey {
    TicketKey(const char *id)
        : externalId(id)
    {
    } // NOLINT: an id alone is a key
    TicketKey(std::string id, int number = 1)
        : externalId(std::move(id))
        , generation(number)
    {
    } // NOLINT: an id alone is a key
    std::string externalId; ///< one per root cause
    int generation = 1; ///< raised only when a person asks for a new ticket
};

/// How a create ended. \source contracts/trackers.md 2.3
enum class SendState {
    Confirmed, ///< the ticket exists
    Rejected, ///< the tracker refused it; sending it again unchanged is useless
    NotSent, ///< nothing left, or the tracker asked to wait
    Ambiguous, ///< it may exist: look it up before sending again
};

struct SendResult {
    SendState state = SendState::Ambiguous;
    TicketRef ticket; ///< when confirmed
    std::string detail; ///< in English, without secrets or review text
};

/// What became of a ticket.
struct TicketState {
    std::string status; ///< the tracker's word
    std::string outcome; ///< contracts/trackers.md 10
    std::optional<TimePoint> at;
};

/// Words for a ticket that is there already.
struct TicketEvidence {
    std::string id; ///< `fb-ev-…`, told once
    std::string body; ///< Markdown as `draft` writes it
};

/// A ticket that a text look-up proposes; a person says whether it is the same.
struct Proposal {
    TicketRef ticket;
    std::string title;
    std::string status;
};

/// A ticket of ours, and what was last heard of it.
struct FollowedTicket {
    TicketRef ticket;
    std::string externalId;
    std::string outcome; ///< empty: nothing yet
    std::string memo; ///< what the adapter wants to remember of it
};

/// What a look at the tracker tells of one ticket.
struct TicketChange {
    std::string ticket; ///< the tracker's id
    std::string outcome; ///< contracts/trackers.md 10
    std::string status;
    std::optional<TimePoint> at;
    std::string memo;
};

struct Changes {
    std::vector<TicketChange> changes; ///< oldest first per ticket
    std::string cursor; ///< for the next look; stored after the whole round
};

/// One step of a connection test.
struct ProbeStep {
    std::string name;
    bool ok = false;
    std::string detail;
    std::string remedy; ///< what a person can do; empty where it is well
};

/// A request as it would leave, for a person to read: without credentials.
struct Payload {
    std::string method, url, contentType, body;
    std::string attachment; ///< what does not fit the body
};

/// Files tickets in one place.
/// \errors of what reads: NotFound, Network, Timeout, Protocol (the tracker refuses or makes no sense), Io, Cancelled.
/// \thread one at a time.
class Tracker
{
public:
    virtual ~Tracker() = default;
    /// The kind, as in contracts/commands.md 6: `file`, `jira_cloud` …
    [[nodiscard]] virtual std::string kind() const = 0;
    /// Tickets that carry this external id, oldest first, in whatever state. An empty answer is no proof of absence
    /// where the tracker's index lags.
    [[nodiscard]] virtual Result<std::vector<TicketRef>> findAll(const TicketKey &key, std::stop_token stop) = 0;
    /// The oldest of them.
    [[nodiscard]] Result<std::optional<TicketRef>> find(const TicketKey &key, std::stop_token stop)
    {
        return findAll(key, stop).map([](const std::vector<TicketRef> &all) {
            return all.empty() ? std::optional<TicketRef>() : std::optional(all.front());
        });
    }
    /// How long the tracker's index may lag: only a look-up that long after a send proves absence.
    [[nodiscard]] virtual std::chrono::seconds settles() const = 0;
    /// Sends a new ticket, once.
    [[nodiscard]] virtual SendResult create(const TicketKey &key, const Draft &draft, std::stop_token stop) = 0;
    [[nodiscard]] virtual Result<TicketState> state(const TicketRef &ticket, std::stop_token stop) = 0;
    /// The request that create() would send.
    [[nodiscard]] virtual Result<Payload> preview(const TicketKey &key, const Draft &draft, std::stop_token stop) = 0;

    /// Adds evidence to a ticket unless it is there already.
    [[nodiscard]] virtual SendResult addEvidence(const TicketRef &ticket, const TicketEvidence &evidence,
                                                 std::stop_token stop) = 0;
    /// Gives a new ticket what create() cannot: the link back, and the attachment with what did not fit. Repeatable.
    [[nodiscard]] virtual SendResult complete(const TicketKey &key, const TicketRef &ticket, const Draft &draft,
                                              std::stop_token stop) = 0;
    /// Opens a closed ticket again, because a person asked for it.
    [[nodiscard]] virtual SendResult reopen(const TicketRef &ticket, std::stop_token stop) = 0;
    /// Open tickets that speak of these words, best first.
    [[nodiscard]] virtual Result<std::vector<Proposal>> findText(const std::string &words, std::stop_token stop) = 0;
    /// What happened since `cursor` (empty: from the beginning) to tickets of ours.
    [[nodiscard]] virtual Result<Changes> changes(const std::string &cursor, const std::vector<FollowedTicket> &tickets,
                                                  std::stop_token stop) = 0;
    /// Walks what filing needs, and says which right is missing.
    [[nodiscard]] virtual std::vector<ProbeStep> test(std::stop_token stop) = 0;
    /// The tracker asked to be left alone until then.
    [[nodiscard]] virtual std::optional<TimePoint> pausedUntil() const { return {}; }
    /// Told from an earlier process.
    virtual void pauseUntil(TimePoint) { }
};

/// The words of contracts/trackers.md 10 that say a ticket is done.
[[nodiscard]] inline bool isClosedOutcome(std::string_view outcome)
{
    return outcome == "resolved_fixed" || outcome.starts_with("closed_");
}

}
