// Triage: the queue and decisions about one candidate.

#include "core/adapters/sqlite/triage.h"

#include <algorithm>
#include <array>
#include <set>

#include <nlohmann/json.hpp>

#include "core/adapters/sqlite/queuetable.h"

namespace winnow::sqlite
{

namespace
{

using Json = nlohmann::json;

std::string dump(const Json &value)
{
    return value.dump(-1, ' ', false, Json::error_handler_t::replace);
}

const char *kindName(Decision::Kind kind)
{
    switch (kind) {
    case Decision::Kind::Approve:
        return "approved";
    case Decision::Kind::Attach:
        return "attached";
    case Decision::Kind::Reject:
        return "rejected";
    case Decision::Kind::Snooze:
        return "snoozed";
    case Decision::Kind::Escalate:
        return "escalated";
    case Decision::Kind::Edit:
        break;
    }
    return "edited";
}

Json draftJson(const Draft &draft)
{
    Json fields = Json::object();
    for (const auto &[name, value] : draft.fields)
        fields[name] = value;
    return {{"title", draft.title}, {"body", draft.body}, {"fields", fields}};
}

Draft draftFrom(const std::string &title, const std::string &body, const std::string &fields)
{
    Draft draft{title, body, {}};
    const Json values = Json::parse(fields, nullptr, false);
    if (values.is_object())
        for (const auto &[name, value] : values.items())
            draft.fields.emplace_back(name, value.is_string() ? value.get<std::string>() : dump(value));
    return draft;
}

}

Result<RowId> Triage::snapshot()
{
    return m_db.number("SELECT value FROM meta WHERE name = 'snapshot'").map([](std::optional<std::int64_t> id) {
        return id.value_or(0);
    });
}

Result<std::string> Triage::incidentId(const std::string &text)
{
    const auto current = snapshot();
    if (!current)
        return tl::unexpected(current.error());
    // an alias leads to its heir, which may have been taken in by another one later
    std::string id = text.starts_with("fb-") ? text.substr(3) : text;
    for (int step = 0; step < 64; ++step) {
        const auto heir = m_db.text("SELECT incident FROM alias WHERE uid = ?1", id);
        if (!heir)
            return tl::unexpected(heir.error());
        if (!*heir)
            break;
        id = **heir;
    }
    std::vector<std::string> found;
    auto done = m_db.query(
        "SELECT uid FROM incident i WHERE uid >= ?1 AND uid < ?1 || '~' AND EXISTS(SELECT 1 FROM candidate c WHERE "
        "c.snapshot = ?2 "
        "AND c.incident = i.id) ORDER BY uid LIMIT 3",
        [&](const Row &row) { found.push_back(row.text(0)); }, id, *current);
    if (!done)
        return tl::unexpected(done.error());
    if (id.size() < 4 || found.empty())
        return fail(ErrorCode::NotFound, "no candidate " + text + "; `winnowctl queue` lists them");
    if (found.size() > 1)
        return fail(ErrorCode::Conflict, text + " begins several candidates; write more of it");
    return found.front();
}

Result<RowId> Triage::incidentRow(const std::string &incident, bool create)
{
    const auto find = [&] {
        return m_db.number("SELECT id FROM incident WHERE uid8 = ?1 AND uid = ?2", prefix64(incident), incident);
    };
    auto row = find();
    if (row && !*row && create) {
        if (auto done = m_db.run("INSERT INTO incident(uid, uid8) VALUES(?1, ?2)", incident, prefix64(incident)); !done)
            return tl::unexpected(done.error());
        row = find();
    }
    if (!row)
        return tl::unexpected(row.error());
    if (!*row)
        return fail(ErrorCode::NotFound, "no incident " + incident);
    return **row;
}

Result<std::vector<QueueRow>> Triage::queue(const QueueRequest &request)
{
    QueueTable table(m_workspace);
    const auto order = table.order(request);
    return order ? table.rows(order->keys, request.now) : tl::unexpected(order.error());
}

Result<std::string> Triage::seen(const std::string &incident, const Decision &decision)
{
    const auto current = snapshot();
    if (!current)
        return tl::unexpected(current.error());
    Json seen = Json::object();
    auto done = m_db.query(
        "SELECT c.version, c.band, c.priority, c.confidence, c.detail, c.reports, c.authors FROM candidate c JOIN "
        "incident i ON i.id = c.incident "
        "WHERE c.snapshot = ?1 AND i.uid8 = ?2 AND i.uid = ?3",
        [&](const Row &row) {
            const std::string_view version = row.bytes(0);
            seen["version"] = hex({reinterpret_cast<const std::uint8_t *>(version.data()), version.size()});
            seen["band"] = toString(Band(row.number(1)));
            seen["priority"] = row.real(2);
            seen["probability"] = row.real(3);
            const Json detail = Json::parse(row.bytes(4), nullptr, false);
            if (detail.is_object() && detail.contains("factors"))
                for (const Json &factor : detail["factors"])
                    seen["factors"][factor.value("name", "")] = factor.value("value", 0.0);
            seen["reports"] = row.number(5);
            seen["authors"] = row.number(6);
        },
        *current, prefix64(incident), incident);
    if (!done)
        return tl::unexpected(done.error());
    done = m_db.query("SELECT kind, id FROM config_released ORDER BY kind",
                      [&](const Row &row) { seen["configuration"][row.text(0)] = row.text(1); });
    if (!done)
        return tl::unexpected(done.error());
    seen["verdict_hidden"] = decision.verdictHidden;
    seen["ms_on_screen"] = decision.millisecondsOnScreen;
    return dump(seen);
}

Result<std::string> Triage::chooseTracker(const std::string &wanted)
{
    static const std::set<std::string> kTrackers{"jira_cloud", "jira_dc", "azure_devops", "linear",  "servicenow",
                                                 "github",     "gitlab",  "redmine",      "webhook", "file"};
    std::vector<std::string> names;
    if (auto done = m_db.query("SELECT name, kind FROM connection ORDER BY name",
                               [&](const Row &row) {
                                   if (kTrackers.contains(row.text(1)))
                                       names.push_back(row.text(0));
                               });
        !done)
        return tl::unexpected(done.error());
    if (names.empty())
        names.push_back("files"); // the embedded one
    if (wanted.empty() && names.size() == 1)
        return names.front();
    if (std::find(names.begin(), names.end(), wanted) != names.end())
        return wanted;
    std::string list;
    for (const std::string &name : names)
        list += (list.empty() ? "" : ", ") + name;
    return wanted.empty()
        ? fail(ErrorCode::Conflict, "there are several trackers (" + list + "); say which with --to NAME")
        : fail(ErrorCode::NotFound, "no tracker named " + wanted + "; there are " + list);
}

Result<std::optional<Draft>> Triage::draftOf(const std::string &incident)
{
    std::optional<Draft> draft;
    const auto edited = m_db.text(
        "SELECT b.body FROM triage t JOIN event_body b ON b.event = t.draft_event WHERE t.incident = ?1", incident);
    if (!edited)
        return tl::unexpected(edited.error());
    if (*edited) {
        const Json body = Json::parse(**edited, nullptr, false);
        if (body.is_object() && body.contains("draft")) {
            const Json &d = body["draft"];
            return std::optional(
                draftFrom(d.value("title", ""), d.value("body", ""), dump(d.value("fields", Json::object()))));
        }
    }
    const auto current = snapshot();
    if (!current)
        return tl::unexpected(current.error());
    auto done = m_db.query(
        "SELECT d.title, d.body, d.fields FROM draft d JOIN incident i ON i.id = d.incident WHERE d.snapshot = ?1 AND "
        "i.uid8 = ?2 AND i.uid = ?3",
        [&](const Row &row) { draft = draftFrom(row.text(0), row.text(1), row.text(2)); }, *current, prefix64(incident),
        incident);
    if (!done)
        return tl::unexpected(done.error());
    if (draft) {
        const auto title = m_db.text("SELECT title FROM triage WHERE incident = ?1", incident);
        if (title && *title)
            draft->title = **title;
    }
    return draft;
}

/// A merge may have come between the look at an incident and the decision on it: nobody would ever see that one.
Result<> Triage::checkThere(const std::string &incident)
{
    const auto heir = m_db.text("SELECT incident FROM alias WHERE uid = ?1", incident);
    const auto members =
        m_db.number("SELECT 1 FROM membership m JOIN meta n ON n.name = 'snapshot' AND m.snapshot = n.value WHERE "
                    "m.incident = (SELECT id FROM incident WHERE uid8 = ?1 AND uid = ?2) LIMIT 1",
                    prefix64(incident), incident);
    if (!heir || !members)
        return tl::unexpected(!heir ? heir.error() : members.error());
    if (*heir)
        return fail(ErrorCode::Conflict,
                    "candidate " + incident + " was taken in by " + **heir + " meanwhile; decide on that one");
    return *members ? Result<>() : fail(ErrorCode::NotFound, "no candidate " + incident);
}

Result<std::string> Triage::decide(const std::string &incident, const Decision &decision, TimePoint now)
{
    if (decision.kind == Decision::Kind::Reject
        && std::find(kRejectReasons.begin(), kRejectReasons.end(), decision.reason) == kRejectReasons.end())
        return fail(ErrorCode::InvalidInput,
                    "no reason '" + decision.reason
                        + "'; one of not_issue duplicate fixed not_actionable evidence_wrong wont_fix spam");
    if (decision.kind == Decision::Kind::Attach && decision.ticket.empty())
        return fail(ErrorCode::InvalidInput, "attach to which ticket?");
    if (decision.kind == Decision::Kind::Snooze && !decision.until && !decision.moreReports)
        return fail(ErrorCode::InvalidInput, "snooze until a date, or until N more reports");
    const auto what = seen(incident, decision);
    if (!what)
        return tl::unexpected(what.error());
    Json refs{{"incident", incident}, {"seen", Json::parse(*what)}};
    Json body = Json::object();
    if (!decision.note.empty())
        body["note"] = decision.note;
    if (!decision.reason.empty())
        refs["reason"] = decision.reason;
    if (!decision.ticket.empty())
        refs["ticket"] = decision.ticket;
    if (decision.until)
        refs["until"] = formatTime(*decision.until);
    if (decision.moreReports)
        refs["more_reports"] = *decision.moreReports;
    if (decision.kind == Decision::Kind::Edit) {
        if (!decision.draft)
            return fail(ErrorCode::InvalidInput, "an edit wants a draft");
        body["draft"] = draftJson(*decision.draft);
    }

    auto transaction = Transaction::begin(m_db, "decide");
    if (!transaction)
        return tl::unexpected(transaction.error());
    if (auto done = checkThere(incident); !done)
        return tl::unexpected(done.error());
    const auto state = m_db.text("SELECT state FROM triage WHERE incident = ?1", incident);
    if (!state)
        return tl::unexpected(state.error());
    if (*state && (**state == "approved" || **state == "attached"))
        return fail(ErrorCode::Conflict, "candidate " + incident + " is " + **state + " already; undo that first");
    std::string tracker, filing;
    Draft draft;
    if (decision.kind == Decision::Kind::Approve) {
        auto chosen = chooseTracker(decision.tracker);
        if (!chosen)
            return chosen;
        tracker = *chosen;
        auto stored = draftOf(incident);
        if (!stored)
            return tl::unexpected(stored.error());
        if (!*stored && !decision.draft)
            return fail(ErrorCode::InvalidInput, "candidate " + incident + " has no draft to file");
        draft = *stored ? std::move(**stored) : *decision.draft;
        filing = uuid7(now);
        refs["filing"] = filing;
        refs["tracker"] = tracker;
    }
    EventLog log(m_workspace);
    const auto event = log.append(
        {kindName(decision.kind), m_actor, dump(refs), body.empty() ? std::string() : dump(body), {incident}}, now);
    if (!event)
        return event;
    if (decision.kind == Decision::Kind::Approve) {
        const std::string external = "fb-" + incident, fields = dump(draftJson(draft)["fields"]);
        const auto generation = m_db.number("SELECT coalesce(max(generation), 0) FROM filing WHERE tracker = ?1 AND "
                                            "external_id = ?2 AND state <> 'cancelled'",
                                            tracker, external);
        if (!generation)
            return tl::unexpected(generation.error());
        if (generation->value_or(0) > 0)
            return fail(ErrorCode::Conflict, "candidate " + incident + " has a filing in " + tracker + " already");
        const TimePoint due = decision.fileNow ? now : now + kHold;
        if (auto done =
                m_db.run("INSERT INTO filing(id, incident, external_id, generation, tracker, state, title, body, "
                         "fields, body_hash, planned_at, due_at, "
                         "changed_at, event) VALUES(?1, ?2, ?3, 1, ?4, 'planned', ?5, ?6, ?7, ?8, ?9, ?10, ?9, ?11)",
                         filing, incident, external, tracker, draft.title, draft.body, fields,
                         sha256(draft.title + '\n' + draft.body), now, due, *event);
            !done)
            return tl::unexpected(done.error());
    }
    if (auto done = fold(incident).and_then([&] { return transaction->commit(); }); !done)
        return tl::unexpected(done.error());
    return event;
}

Result<std::string> Triage::rename(const std::string &incident, const std::string &title, TimePoint now)
{
    if (title.empty())
        return fail(ErrorCode::InvalidInput, "a title cannot be empty");
    auto transaction = Transaction::begin(m_db, "rename");
    if (!transaction)
        return tl::unexpected(transaction.error());
    if (auto done = checkThere(incident); !done)
        return tl::unexpected(done.error());
    EventLog log(m_workspace);
    const auto event =
        log.append({"renamed", m_actor, dump({{"incident", incident}}), dump({{"title", title}}), {incident}}, now);
    if (!event)
        return event;
    if (auto done = fold(incident).and_then([&] { return transaction->commit(); }); !done)
        return tl::unexpected(done.error());
    return event;
}

Result<bool> Triage::live(const std::string &event)
{
    const auto kind = m_db.text("SELECT e.kind FROM event_subject s JOIN event e ON e.id = s.event WHERE s.subject = "
                                "?1 AND e.kind IN ('undone', 'redone') "
                                "ORDER BY e.clock DESC, e.replica DESC, e.seq DESC LIMIT 1",
                                event);
    return kind.map([](const std::optional<std::string> &newest) { return !newest || *newest != "undone"; });
}

Result<> Triage::fold(const std::string &incident)
{
    EventLog log(m_workspace);
    const auto events = log.list(incident);
    if (!events)
        return tl::unexpected(events.error());
    std::string state = "open", reason, ticket, title, draftEvent, event;
    std::optional<TimePoint> until, at;
    std::optional<std::int64_t> reports, then;
    for (const Event &e : *events) {
        static const std::set<std::string> kFolded{"approved",  "attached", "rejected", "snoozed",
                                                   "escalated", "edited",   "renamed",  "outcome"};
        if (!kFolded.contains(e.kind))
            continue;
        const auto isLive = live(e.id);
        if (!isLive)
            return tl::unexpected(isLive.error());
        if (!*isLive)
            continue;
        const Json refs = Json::parse(e.refs, nullptr, false);
        if (!refs.is_object() || refs.value("incident", "") != incident)
            continue;
        if (e.kind == "outcome" && refs.value("outcome", "") != "reopened")
            continue; // what became of a ticket decides nothing, unless it is open again
        event = e.id;
        at = e.at;
        if (e.kind == "outcome") {
            state = "open";
            reason = "reopened";
            ticket = refs.value("ticket", "");
            until.reset();
            then.reset();
            reports.reset();
            continue;
        }
        if (e.kind == "edited") {
            draftEvent = e.id;
            continue;
        }
        if (e.kind == "renamed") {
            const Json body = Json::parse(e.body.value_or("{}"), nullptr, false);
            title = body.is_object() ? body.value("title", "") : "";
            continue;
        }
        state = e.kind;
        reason = refs.value("reason", "");
        ticket = refs.value("ticket", "");
        until = refs.contains("until") ? parseTime(refs.value("until", "")) : std::nullopt;
        then = refs.contains("seen") ? std::optional(refs["seen"].value("reports", std::int64_t(0))) : std::nullopt;
        reports = refs.contains("more_reports")
            ? std::optional(then.value_or(0) + refs.value("more_reports", std::int64_t(0)))
            : std::nullopt;
    }
    if (event.empty())
        return m_db.run("DELETE FROM triage WHERE incident = ?1", incident);
    return m_db.run("INSERT OR REPLACE INTO triage(incident, state, reason, ticket, snooze_until, snooze_reports, "
                    "reports_then, title, draft_event, event, at) "
                    "VALUES(?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11)",
                    incident, state, Nullable{reason}, Nullable{ticket}, until, reports, then, Nullable{title},
                    Nullable{draftEvent}, event, at);
}

}
