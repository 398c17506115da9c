#include "core/adapters/sqlite/sqlitedesk.h"

#include <algorithm>

#include <nlohmann/json.hpp>

#include "core/adapters/sqlite/interruptible.h"
#include "core/adapters/sqlite/outbox.h"
#include "core/adapters/sqlite/reader.h"
#include "core/base/log.h"

namespace winnow::sqlite
{

namespace
{

using Json = nlohmann::json;

constexpr auto kCategory = "winnow.adapters.sqlite";

}

SqliteDesk::SqliteDesk(std::unique_ptr<Workspace> workspace, std::string actor, Engines engines)
    : m_workspace(std::move(workspace))
    , m_engines(std::move(engines))
    , m_info{m_workspace->folder(), m_workspace->id(), actor, m_workspace->usesTestKey()}
    , m_triage(*m_workspace, std::move(actor))
    , m_table(*m_workspace)
{
}

SqliteDesk::~SqliteDesk() = default;

Result<std::uint64_t> SqliteDesk::changes()
{
    return m_workspace->database().number("PRAGMA data_version").map([](std::optional<std::int64_t> version) {
        return std::uint64_t(version.value_or(0));
    });
}

Result<DeskStatus> SqliteDesk::status()
{
    Database &db = m_workspace->database();
    DeskStatus status;
    const auto undoable = db.number("SELECT count(*) FROM event WHERE actor = ?1 AND kind IN ('approved', 'attached', "
                                    "'rejected', 'snoozed', 'escalated', 'edited', 'renamed', 'merged', 'split', "
                                    "'expelled', 'linked', 'unlinked')",
                                    m_info.actor);
    const auto undone = EventLog(*m_workspace).undone();
    if (!undoable || !undone)
        return tl::unexpected(!undoable ? undoable.error() : undone.error());
    std::size_t mine = 0;
    for (const std::string &event : *undone) {
        const auto own = db.number("SELECT 1 FROM event WHERE id = ?1 AND actor = ?2", event, m_info.actor);
        if (!own)
            return tl::unexpected(own.error());
        mine += own->has_value();
    }
    status.undoDepth = std::size_t(undoable->value_or(0)) - mine;
    auto done = db.query("SELECT state, count(*) FROM filing GROUP BY state", [&](const Row &row) {
        const std::string_view state = row.bytes(0);
        if (state == "planned" || state == "sending")
            status.planned += std::size_t(row.number(1));
        else if (state == "rejected" || state == "ambiguous")
            status.troubled += std::size_t(row.number(1));
    });
    if (done)
        done = db.query("SELECT count(*) FROM \"constraint\" WHERE undone = 0 AND superseded IS NULL AND state = "
                        "'needs_a_look'",
                        [&](const Row &row) { status.needALook = std::size_t(row.number(0)); });
    if (done)
        done = db.query("SELECT engine, versions, finished_at, stages FROM run ORDER BY id DESC LIMIT 1",
                        [&](const Row &row) {
                            status.engine = row.text(0);
                            status.versions = row.text(1);
                            status.runAt = row.time(2);
                            const Json stages = Json::parse(row.bytes(3), nullptr, false);
                            for (const Json &stage : stages.is_array() ? stages : Json::array()) {
                                const std::string name = stage.value("name", "");
                                if (name == "normalise")
                                    status.feedback = stage.value("out", std::size_t(0));
                                if (name == "cluster")
                                    status.notPlaced = stage.value("refused", std::size_t(0));
                            }
                        });
    if (!done)
        return tl::unexpected(done.error());
    const auto order = m_table.order(
        {.band = {}, .sort = "priority", .limit = 0, .filter = {}, .decided = false, .now = m_engines.now()});
    if (!order)
        return tl::unexpected(order.error());
    status.left = order->keys.size();
    return status;
}

Result<QueueOrder> SqliteDesk::order(const QueueRequest &request)
{
    return m_table.order(request);
}

Result<std::vector<QueueRow>> SqliteDesk::rows(std::span<const std::int64_t> keys, TimePoint now)
{
    return m_table.rows(keys, now);
}

Result<std::string> SqliteDesk::incidentId(const std::string &text)
{
    return m_triage.incidentId(text);
}

Result<std::int64_t> SqliteDesk::keyOf(const std::string &incident)
{
    const auto key = m_workspace->database().number("SELECT id FROM incident WHERE uid8 = ?1 AND uid = ?2",
                                                    prefix64(incident), incident);
    if (!key)
        return tl::unexpected(key.error());
    return *key ? Result<std::int64_t>(**key) : fail(ErrorCode::NotFound, "no incident " + incident);
}

Result<CandidateDetail> SqliteDesk::candidate(const std::string &incident, std::size_t members, std::stop_token stop)
{
    return interruptible(m_workspace->database(), stop, [&]() -> Result<CandidateDetail> {
        auto candidate = Reader(*m_workspace).candidate(incident, members);
        if (!candidate || candidate->draft)
            return candidate;
        // candidates in the backlog get their draft when somebody asks for it
        auto draft = m_engines.draft(*m_workspace, incident, stop);
        if (!draft)
            return tl::unexpected(draft.error());
        candidate->draft = std::move(*draft);
        return candidate;
    });
}

Result<std::vector<Hit>> SqliteDesk::search(const SearchRequest &request, std::stop_token stop)
{
    return interruptible(m_workspace->database(), stop, [&] { return Reader(*m_workspace).search(request); });
}

Result<std::vector<KnownTicket>> SqliteDesk::tickets(std::size_t limit)
{
    std::vector<KnownTicket> tickets;
    auto done = m_workspace->database().query(
        "SELECT id, title, body, status, component, created, resolved, fix_version FROM known_ticket ORDER BY created "
        "DESC, "
        "id LIMIT ?1",
        [&](const Row &row) {
            tickets.push_back({row.text(0), row.text(1), row.text(2), row.text(3), row.text(4), row.time(5),
                               row.time(6), row.text(7)});
        },
        limit ? std::int64_t(limit) : std::int64_t(-1));
    if (!done)
        return tl::unexpected(done.error());
    return tickets;
}

Result<std::vector<Filing>> SqliteDesk::filings(const std::vector<std::string> &states)
{
    return Outbox(*m_workspace).list(states);
}

Result<std::string> SqliteDesk::decide(const std::string &incident, const Decision &given)
{
    Decision decision = given;
    if (decision.kind == Decision::Kind::Approve && !decision.draft) {
        const auto stored = m_triage.draftOf(incident);
        if (!stored)
            return tl::unexpected(stored.error());
        if (!*stored) {
            auto draft = m_engines.draft(*m_workspace, incident, {});
            if (!draft)
                return tl::unexpected(draft.error());
            decision.draft = std::move(*draft);
        }
    }
    return m_triage.decide(incident, decision, m_engines.now());
}

Result<std::string> SqliteDesk::rename(const std::string &incident, const std::string &title)
{
    return m_triage.rename(incident, title, m_engines.now());
}

Result<GroupingDone> SqliteDesk::regrouped(Result<GroupingDone> done)
{
    if (!done)
        return done;
    // it is made, whatever becomes of the sums: whoever looks next takes them up
    if (auto summed = m_engines.refresh(*m_workspace, {}); !summed)
        log(LogLevel::Warning, kCategory, "decided; sums and drafts follow later: " + summed.error().detail);
    return done;
}

Result<GroupingDone> SqliteDesk::merge(const std::vector<std::string> &incidents)
{
    return regrouped(m_triage.merge(incidents, m_engines.now()));
}

Result<GroupingDone> SqliteDesk::split(const std::string &incident, const std::vector<std::string> &members, bool expel)
{
    return regrouped(m_triage.split(incident, members, expel, m_engines.now()));
}

Result<GroupingDone> SqliteDesk::link(const std::string &a, const std::string &b, bool together)
{
    return regrouped(m_triage.link(a, b, together, m_engines.now()));
}

Result<GroupingDone> SqliteDesk::undo(const std::string &event, bool withLater)
{
    return regrouped(m_triage.undo(event, withLater, m_engines.now()));
}

Result<GroupingDone> SqliteDesk::redo()
{
    return regrouped(m_triage.redo(m_engines.now()));
}

}
