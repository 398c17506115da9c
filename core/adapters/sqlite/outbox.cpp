#include "core/adapters/sqlite/outbox.h"

#include <algorithm>

#include <nlohmann/json.hpp>

namespace winnow::sqlite
{

namespace
{

using Json = nlohmann::json;

}

Result<std::vector<Filing>> Outbox::list(const std::vector<std::string> &states)
{
    std::vector<Filing> filings;
    auto done = m_workspace.database().query(
        "SELECT id, incident, external_id, tracker, state, ticket, url, detail, title, body, fields, attempts, due_at, "
        "changed_at FROM filing "
        "ORDER BY planned_at, id",
        [&](const Row &row) {
            Filing filing;
            int column = 0;
            for (std::string *field :
                 {&filing.id, &filing.incident, &filing.externalId, &filing.tracker, &filing.state, &filing.ticket,
                  &filing.url, &filing.detail, &filing.draft.title, &filing.draft.body})
                *field = row.text(column++);
            const Json fields = Json::parse(row.bytes(10), nullptr, false);
            if (fields.is_object())
                for (const auto &[name, value] : fields.items())
                    filing.draft.fields.emplace_back(name, value.is_string() ? value.get<std::string>() : value.dump());
            filing.attempts = int(row.number(11));
            filing.dueAt = *row.time(12);
            filing.changedAt = *row.time(13);
            if (states.empty() || std::find(states.begin(), states.end(), filing.state) != states.end())
                filings.push_back(std::move(filing));
        });
    if (!done)
        return tl::unexpected(done.error());
    return filings;
}

/// One step of the journal. \returns false when somebody else moved it first (an undo, for one).
Result<bool> Outbox::move(Lease &lease, Filing &filing, const char *to, TimePoint now)
{
    Database &db = m_workspace.database();
    auto transaction = lease.begin("push");
    if (!transaction)
        return tl::unexpected(transaction.error());
    const bool sending = std::string_view(to) == "sending";
    if (auto done = db.run("UPDATE filing SET state = ?1, changed_at = ?2, attempts = attempts + ?3, ticket = ?4, url "
                           "= ?5, detail = ?6 "
                           "WHERE id = ?7 AND state = ?8",
                           to, now, int(sending), Nullable{filing.ticket}, Nullable{filing.url},
                           Nullable{filing.detail}, filing.id, filing.state);
        !done)
        return tl::unexpected(done.error());
    if (db.changes() == 0)
        return false;
    if (std::string_view(to) == "confirmed" || std::string_view(to) == "rejected") {
        EventLog log(m_workspace);
        const Json refs{{"incident", filing.incident},
                        {"filing", filing.id},
                        {"tracker", filing.tracker},
                        {"ticket", filing.ticket}};
        if (auto event = log.append({std::string("filing_") + to, "winnow", refs.dump(), {}, {filing.incident}}, now);
            !event)
            return tl::unexpected(event.error());
    }
    if (auto done = transaction->commit(); !done)
        return tl::unexpected(done.error());
    filing.state = to;
    filing.changedAt = now;
    filing.attempts += sending;
    return true;
}

Result<std::vector<Filing>> Outbox::push(Lease &lease, const std::string &name, Tracker &tracker, bool fileNow,
                                         const std::function<TimePoint()> &clock, std::stop_token stop)
{
    auto open = list({"planned", "sending", "ambiguous"});
    if (!open)
        return open;
    std::vector<Filing> done;
    for (Filing &filing : *open) {
        if (filing.tracker != name || (filing.state == "planned" && !fileNow && filing.dueAt > clock()))
            continue;
        if (stop.stop_requested())
            return fail(ErrorCode::Cancelled, "the push was stopped; what was filed is recorded");
        const auto settle = [&](const char *to) { return move(lease, filing, to, clock()); };
        // it may exist already, from a send whose answer was lost or by another hand: look before sending
        const auto found = tracker.find(filing.externalId, stop);
        Result<bool> moved = true;
        if (!found) {
            filing.detail = found.error().detail;
        } else if (*found) {
            filing.ticket = (*found)->id;
            filing.url = (*found)->url;
            filing.detail.clear();
            moved = settle("confirmed");
        } else if (filing.state != "planned" && clock() - filing.changedAt < tracker.settles()) {
            filing.detail = "may exist: looked up again before it is sent again";
        } else {
            if (filing.state != "planned") { // absence is proved: it starts anew
                moved = settle("planned");
                if (!moved)
                    return tl::unexpected(moved.error());
            }
            moved = *moved ? settle("sending") : moved;
            if (moved && *moved) {
                const SendResult sent = tracker.create(filing.externalId, filing.draft, stop);
                filing.detail = sent.detail;
                filing.ticket = sent.ticket.id;
                filing.url = sent.ticket.url;
                moved = settle(sent.state == SendState::Confirmed      ? "confirmed"
                                   : sent.state == SendState::Rejected ? "rejected"
                                   : sent.state == SendState::NotSent  ? "planned"
                                                                       : "ambiguous");
            }
        }
        if (!moved)
            return tl::unexpected(moved.error());
        done.push_back(std::move(filing));
    }
    return done;
}

}
