#include "core/adapters/sqlite/followup.h"

#include <algorithm>
#include <map>

#include <nlohmann/json.hpp>

#include "core/adapters/sqlite/eventlog.h"
#include "core/adapters/sqlite/outbox.h"
#include "core/adapters/sqlite/triage.h"

namespace winnow::sqlite
{

namespace
{

using Json = nlohmann::json;

struct Known {
    std::string incident, outcome, memo;
};

}

Result<std::vector<Outcome>> FollowUp::sync(Lease &lease, const std::string &name, Tracker &tracker, TimePoint now,
                                            std::stop_token stop)
{
    Database &db = m_workspace.database();
    std::vector<FollowedTicket> followed;
    std::map<std::string, Known> known;
    if (auto done = db.query(
            "SELECT DISTINCT f.ticket, f.url, f.external_id, f.incident, t.outcome, t.memo FROM filing f LEFT JOIN "
            "ticket_state t ON t.tracker = f.tracker AND t.ticket = f.ticket WHERE f.tracker = ?1 AND f.state = "
            "'confirmed' AND f.kind = 'create' AND f.ticket IS NOT NULL ORDER BY f.ticket",
            [&](const Row &row) {
                followed.push_back({{row.text(0), row.text(1)}, row.text(2), row.text(4), row.text(5)});
                known[row.text(0)] = {row.text(3), row.text(4), row.text(5)};
            },
            name);
        !done)
        return tl::unexpected(done.error());
    const auto cursor = connectionState(m_workspace, name, "cursor");
    const auto paused = connectionState(m_workspace, name, "paused_until");
    if (!cursor || !paused)
        return tl::unexpected(!cursor ? cursor.error() : paused.error());
    std::vector<Outcome> outcomes;
    if (followed.empty())
        return outcomes;
    if (const auto until = parseTime(*paused); until && *until > now)
        tracker.pauseUntil(*until);
    const auto changes = tracker.changes(*cursor, followed, stop);
    if (!changes)
        return tl::unexpected(changes.error());
    EventLog log(m_workspace);
    auto transaction = lease.begin("sync");
    if (!transaction)
        return tl::unexpected(transaction.error());
    for (const TicketChange &change : changes->changes) {
        const auto found = known.find(change.ticket);
        if (found == known.end())
            continue;
        Known &ticket = found->second;
        const bool event = change.outcome == "reopened" || change.outcome == "escalated";
        const TimePoint at = change.at.value_or(now);
        if (event || change.outcome != ticket.outcome) {
            const auto before =
                db.number("SELECT 1 FROM outcome WHERE tracker = ?1 AND ticket = ?2 AND outcome = ?3 AND at = ?4", name,
                          change.ticket, change.outcome, at);
            if (!before)
                return tl::unexpected(before.error());
            if (!*before) {
                const Json refs{{"incident", ticket.incident},
                                {"tracker", name},
                                {"ticket", change.ticket},
                                {"outcome", change.outcome},
                                {"at", formatTime(at)}};
                const auto told = log.append({"outcome", "winnow", refs.dump(), {}, {ticket.incident}}, now);
                if (!told)
                    return tl::unexpected(told.error());
                if (auto done = db.run("INSERT INTO outcome(incident, tracker, ticket, outcome, status, at, event) "
                                       "VALUES(?1, ?2, ?3, ?4, ?5, ?6, ?7)",
                                       ticket.incident, name, change.ticket, change.outcome, Nullable{change.status},
                                       at, *told);
                    !done)
                    return tl::unexpected(done.error());
                // an incident whose ticket is open again comes back to the queue with its history
                if (change.outcome == "reopened")
                    if (auto done = Triage(m_workspace, "winnow").fold(ticket.incident); !done)
                        return tl::unexpected(done.error());
                outcomes.push_back({ticket.incident, name, change.ticket, change.outcome, change.status, at});
            }
        }
        if (!event)
            ticket.outcome = change.outcome;
        ticket.memo = change.memo;
        if (event)
            continue;
        if (auto done = db.run("INSERT OR REPLACE INTO ticket_state(tracker, ticket, outcome, status, memo, at) "
                               "VALUES(?1, ?2, ?3, ?4, ?5, ?6)",
                               name, change.ticket, ticket.outcome, Nullable{change.status}, ticket.memo, at);
            !done)
            return tl::unexpected(done.error());
    }
    auto done = setConnectionState(m_workspace, name, "cursor", changes->cursor);
    if (const auto until = tracker.pausedUntil(); done && until)
        done = setConnectionState(m_workspace, name, "paused_until", formatTime(*until));
    if (done)
        done = transaction->commit();
    if (!done)
        return tl::unexpected(done.error());
    std::stable_sort(outcomes.begin(), outcomes.end(), [](const Outcome &a, const Outcome &b) { return a.at < b.at; });
    return outcomes;
}

}
