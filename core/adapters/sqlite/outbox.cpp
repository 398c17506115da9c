#include "core/adapters/sqlite/outbox.h"

#include <algorithm>
#include <span>

#include <nlohmann/json.hpp>

namespace winnow::sqlite
{

namespace
{

using Json = nlohmann::json;

constexpr const char *kAll =
    "SELECT id, incident, external_id, tracker, state, ticket, url, detail, title, body, fields, attempts, due_at, "
    "changed_at, kind, evidence_id, doubles, generation, completed, checked FROM filing ORDER BY planned_at, id";
constexpr const char *kOfIncident =
    "SELECT id, incident, external_id, tracker, state, ticket, url, detail, title, body, fields, attempts, due_at, "
    "changed_at, kind, evidence_id, doubles, generation, completed, checked FROM filing WHERE incident = ?1 ORDER BY "
    "planned_at, id";

}

Result<std::vector<Filing>> Outbox::list(const std::vector<std::string> &states, const std::string &incident)
{
    std::vector<Filing> filings;
    const auto take = [&](const Row &row) {
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
        filing.kind = row.text(14);
        filing.evidenceId = row.text(15);
        filing.doubles = row.text(16);
        filing.generation = int(row.number(17));
        filing.completed = row.number(18) != 0;
        filing.checked = row.number(19) != 0;
        if (states.empty() || std::find(states.begin(), states.end(), filing.state) != states.end())
            filings.push_back(std::move(filing));
    };
    Database &db = m_workspace.database();
    const auto done = incident.empty() ? db.query(kAll, take) : db.query(kOfIncident, take, incident);
    if (!done)
        return tl::unexpected(done.error());
    return filings;
}

/// One filing's way to its next state. `moved` is false when somebody else moved it first (an undo, for one).
struct Outbox::Step {
    Filing *filing = nullptr;
    std::string from, to;
    bool moved = false;
};

/// Takes the steps of several filings in one transaction, so that one fsync serves them all.
Result<> Outbox::take(Lease &lease, std::vector<Step> &steps, TimePoint now)
{
    if (steps.empty())
        return {};
    Database &db = m_workspace.database();
    auto transaction = lease.begin("push");
    if (!transaction)
        return tl::unexpected(transaction.error());
    EventLog log(m_workspace);
    for (Step &step : steps) {
        const Filing &filing = *step.filing;
        if (auto done = db.run("UPDATE filing SET state = ?1, changed_at = ?2, attempts = attempts + ?3, ticket = ?4, "
                               "url = ?5, detail = ?6 WHERE id = ?7 AND state = ?8",
                               step.to, now, int(step.to == "sending"), Nullable{filing.ticket}, Nullable{filing.url},
                               Nullable{filing.detail}, filing.id, step.from);
            !done)
            return done;
        step.moved = db.changes() > 0;
        if (!step.moved || (step.to != "confirmed" && step.to != "rejected"))
            continue;
        const Json refs{{"incident", filing.incident},
                        {"filing", filing.id},
                        {"tracker", filing.tracker},
                        {"ticket", filing.ticket}};
        if (auto event = log.append({"filing_" + step.to, "winnow", refs.dump(), {}, {filing.incident}}, now); !event)
            return tl::unexpected(event.error());
    }
    if (auto done = transaction->commit(); !done)
        return done;
    for (Step &step : steps) {
        if (!step.moved) {
            const auto state = db.text("SELECT state FROM filing WHERE id = ?1", step.filing->id);
            if (!state)
                return tl::unexpected(state.error());
            step.filing->state = state->value_or(step.from);
            continue;
        }
        step.filing->state = step.to;
        step.filing->changedAt = now;
        step.filing->attempts += step.to == "sending";
    }
    return {};
}

/// Decides what one filing needs: it is there, it must wait, or it may be sent.
Result<> Outbox::look(Filing &filing, Tracker &tracker, TimePoint now, std::vector<Step> &settled,
                      std::vector<Step> &looked, std::vector<Step> &sending, std::stop_token stop)
{
    const std::string state = filing.state;
    if (filing.kind == "evidence") { // the tracker's adapter looks whether it is there before it sends
        if (state != "planned")
            looked.push_back({&filing, state, "planned"});
        sending.push_back({&filing, "planned", "sending"});
        return {};
    }
    // it may exist already, from a send whose answer was lost or by another hand: look before sending
    const auto found = tracker.find({filing.externalId, filing.generation}, stop);
    if (!found) {
        if (found.error().code == ErrorCode::Cancelled)
            return tl::unexpected(found.error());
        filing.detail = found.error().detail;
    } else if (*found) {
        filing.ticket = (*found)->id;
        filing.url = (*found)->url;
        filing.detail.clear();
        settled.push_back({&filing, state, "confirmed"});
    } else if (state == "sending" && tracker.settles().count() > 0) {
        // of a process that ended on the way; nobody knows when it sent, so that the time to wait begins now
        filing.detail = "may exist: looked up again before it is sent again";
        looked.push_back({&filing, state, "ambiguous"});
    } else if (state == "ambiguous" && now - filing.changedAt < tracker.settles()) {
        filing.detail = "may exist: looked up again before it is sent again";
    } else {
        if (state != "planned") // absence is proved: it starts anew
            looked.push_back({&filing, state, "planned"});
        sending.push_back({&filing, "planned", "sending"});
    }
    return {};
}

Result<std::vector<Filing>> Outbox::push(Lease &lease, const std::string &name, Tracker &tracker, bool fileNow,
                                         const std::function<TimePoint()> &clock, std::stop_token stop)
{
    // a folder is quick; with a server, what has left and what is marked as leaving should be the same
    const std::size_t atOnce = tracker.kind() == "file" ? 32 : 1;
    auto open = list({"planned", "sending", "ambiguous"});
    if (!open)
        return open;
    const auto paused = connectionState(m_workspace, name, "paused_until");
    if (!paused)
        return tl::unexpected(paused.error());
    if (const auto until = parseTime(*paused); until && *until > clock())
        tracker.pauseUntil(*until);
    std::erase_if(*open, [&](const Filing &filing) {
        return filing.tracker != name || (filing.state == "planned" && !fileNow && filing.dueAt > clock());
    });
    for (std::size_t begin = 0; begin < open->size(); begin += atOnce) {
        if (stop.stop_requested())
            return fail(ErrorCode::Cancelled, "the push was stopped; what was filed is recorded");
        const auto chunk = std::span(*open).subspan(begin, std::min(atOnce, open->size() - begin));
        std::vector<Step> settled, looked, sending;
        for (Filing &filing : chunk)
            if (auto done = look(filing, tracker, clock(), settled, looked, sending, stop); !done)
                return tl::unexpected(done.error());
        auto done = take(lease, looked, clock()).and_then([&] { return take(lease, sending, clock()); });
        if (!done)
            return tl::unexpected(done.error());
        bool stopped = false;
        for (const Step &step : sending) {
            if (!step.moved)
                continue;
            Filing &filing = *step.filing;
            SendResult sent{SendState::NotSent, {}, "stopped before it was sent"};
            stopped = stop.stop_requested();
            if (!stopped) {
                // the step to `sending` lies a few tickets back: a machine may have slept since
                if (auto ours = lease.check(); !ours)
                    return tl::unexpected(ours.error());
                sent = filing.kind == "evidence"
                    ? tracker.addEvidence({filing.ticket, filing.url}, {filing.evidenceId, filing.draft.body}, stop)
                    : tracker.create({filing.externalId, filing.generation}, filing.draft, stop);
            }
            filing.detail = sent.detail;
            if (filing.kind != "evidence") {
                filing.ticket = sent.ticket.id;
                filing.url = sent.ticket.url;
            }
            settled.push_back({&filing, "sending",
                               sent.state == SendState::Confirmed      ? "confirmed"
                                   : sent.state == SendState::Rejected ? "rejected"
                                   : sent.state == SendState::NotSent  ? "planned"
                                                                       : "ambiguous"});
        }
        if (done = take(lease, settled, clock()); !done)
            return tl::unexpected(done.error());
        if (stopped)
            return fail(ErrorCode::Cancelled, "the push was stopped; what was filed is recorded");
        // the first rung of the ladder: often the answer alone was lost
        std::vector<Step> found;
        for (const Step &step : settled) {
            Filing &filing = *step.filing;
            if (!step.moved || filing.state != "ambiguous" || filing.kind == "evidence")
                continue;
            if (const auto there = tracker.find({filing.externalId, filing.generation}, stop); there && *there) {
                filing.ticket = (*there)->id;
                filing.url = (*there)->url;
                filing.detail.clear();
                found.push_back({&filing, "ambiguous", "confirmed"});
            }
        }
        if (done = take(lease, found, clock()); !done)
            return tl::unexpected(done.error());
    }
    if (auto done = finish(lease, name, tracker, clock(), *open, stop); !done)
        return tl::unexpected(done.error());
    return open;
}

/// What is left to do for tickets that were made.
Result<> Outbox::finish(Lease &lease, const std::string &name, Tracker &tracker, TimePoint now,
                        std::vector<Filing> &touched, std::stop_token stop)
{
    constexpr std::chrono::minutes kLate{10};
    auto made = list({"confirmed"});
    if (!made)
        return tl::unexpected(made.error());
    Database &db = m_workspace.database();
    for (Filing &filing : *made) {
        if (filing.tracker != name || filing.kind != "create" || (filing.completed && filing.checked)
            || stop.stop_requested())
            continue;
        bool completed = filing.completed, checked = filing.checked;
        std::string detail = filing.detail, doubles = filing.doubles;
        const TicketKey key{filing.externalId, filing.generation};
        if (!completed) {
            const SendResult sent = tracker.complete(key, {filing.ticket, filing.url}, filing.draft, stop);
            completed = sent.state == SendState::Confirmed || sent.state == SendState::Rejected;
            if (!sent.detail.empty())
                detail = "link or attachment: " + sent.detail;
        }
        // the index may have lagged when it was made, and a second one have come from another hand
        if (!checked && now - filing.changedAt >= kLate) {
            if (const auto all = tracker.findAll(key, stop)) {
                checked = true;
                for (const TicketRef &ticket : *all)
                    if (ticket.id != filing.ticket)
                        doubles += (doubles.empty() ? "" : " ") + ticket.id;
            }
        }
        if (completed == filing.completed && checked == filing.checked && detail == filing.detail)
            continue;
        auto transaction = lease.begin("push");
        if (!transaction)
            return tl::unexpected(transaction.error());
        auto done = db.run("UPDATE filing SET completed = ?1, checked = ?2, detail = ?3, doubles = ?4 WHERE id = ?5",
                           int(completed), int(checked), Nullable{detail}, Nullable{doubles}, filing.id);
        if (done && doubles != filing.doubles) {
            const Json refs{{"incident", filing.incident},
                            {"filing", filing.id},
                            {"tracker", name},
                            {"ticket", filing.ticket},
                            {"doubles", doubles}};
            if (auto event =
                    EventLog(m_workspace).append({"filing_double", "winnow", refs.dump(), {}, {filing.incident}}, now);
                !event)
                return tl::unexpected(event.error());
        }
        if (done)
            done = transaction->commit();
        if (!done)
            return done;
        for (Filing &shown : touched)
            if (shown.id == filing.id) {
                shown.detail = detail;
                shown.doubles = doubles;
            }
    }
    if (const auto until = tracker.pausedUntil()) {
        auto transaction = lease.begin("push");
        if (!transaction)
            return tl::unexpected(transaction.error());
        return setConnectionState(m_workspace, name, "paused_until", formatTime(*until)).and_then([&] {
            return transaction->commit();
        });
    }
    return {};
}

Result<std::string> connectionState(Workspace &workspace, const std::string &connection, const std::string &name)
{
    return workspace.database()
        .text("SELECT value FROM connection_state WHERE connection = ?1 AND name = ?2", connection, name)
        .map([](const std::optional<std::string> &value) { return value.value_or(std::string()); });
}

Result<> setConnectionState(Workspace &workspace, const std::string &connection, const std::string &name,
                            const std::string &value)
{
    return workspace.database().run(
        "INSERT OR REPLACE INTO connection_state(connection, name, value) VALUES(?1, ?2, ?3)", connection, name, value);
}

}
