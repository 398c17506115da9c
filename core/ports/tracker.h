#pragma once

#include <chrono>
#include <optional>
#include <stop_token>
#include <string>

#include "core/base/result.h"
#include "core/base/time.h"
#include "core/domain/incident.h"

namespace winnow {

/// A ticket in a tracker.
struct TicketRef {
    std::string id;  ///< the tracker's own
    std::string url; ///< where a person can open it
    bool operator==(const TicketRef &) const = default;
};

/// How a create ended. \source contracts/trackers.md 2.3
enum class SendState {
    Confirmed, ///< the ticket exists
    Rejected,  ///< the tracker refused it; sending it again unchanged is useless
    NotSent,   ///< nothing left, or the tracker asked to wait
    Ambiguous, ///< it may exist: look it up before sending again
};

struct SendResult {
    SendState state = SendState::Ambiguous;
    TicketRef ticket;   ///< when confirmed
    std::string detail; ///< in English, without secrets or review text
};

/// What became of a ticket.
struct TicketState {
    std::string status;  ///< the tracker's word
    std::string outcome; ///< contracts/trackers.md 10
    std::optional<TimePoint> at;
};

/// Files tickets in one place.
class Tracker
{
public:
    virtual ~Tracker() = default;
    /// The kind, as in contracts/commands.md 6: `file`, `jira_cloud` …
    [[nodiscard]] virtual std::string kind() const = 0;
    /// The ticket that carries this external id. An empty answer is no proof of absence where the tracker's index lags.
    /// \errors Network, Timeout, Protocol, Io, Cancelled.
    [[nodiscard]] virtual Result<std::optional<TicketRef>> find(const std::string &externalId, std::stop_token stop) = 0;
    /// How long the tracker's index may lag: only a look-up that long after a send proves absence.
    [[nodiscard]] virtual std::chrono::seconds settles() const = 0;
    /// Sends a new ticket, once. \param externalId  the idempotency key, unique per root cause.
    [[nodiscard]] virtual SendResult create(const std::string &externalId, const Draft &draft, std::stop_token stop) = 0;
    /// \errors NotFound, Network, Timeout, Protocol, Io, Cancelled.
    [[nodiscard]] virtual Result<TicketState> state(const TicketRef &ticket, std::stop_token stop) = 0;
};

}
