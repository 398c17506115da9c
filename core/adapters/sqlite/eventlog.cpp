#include "core/adapters/sqlite/eventlog.h"

#include <map>

#include <sodium.h>

namespace winnow::sqlite
{

namespace
{

constexpr const char *kColumns =
    "SELECT e.id, e.replica, e.actor, e.kind, e.refs, e.seq, e.clock, e.at, b.body, e.body_hash "
    "FROM event e LEFT JOIN event_body b ON b.event = e.id WHERE e.id = ?1";
constexpr const char *kAll =
    "SELECT e.id, e.replica, e.actor, e.kind, e.refs, e.seq, e.clock, e.at, b.body, e.body_hash "
    "FROM event e LEFT JOIN event_body b ON b.event = e.id ORDER BY e.clock, e.replica, e.seq";
constexpr const char *kNewest =
    "SELECT e.id, e.replica, e.actor, e.kind, e.refs, e.seq, e.clock, e.at, b.body, e.body_hash "
    "FROM event e LEFT JOIN event_body b ON b.event = e.id ORDER BY e.clock DESC, e.replica DESC, e.seq DESC LIMIT ?1";
constexpr const char *kBefore =
    "SELECT e.id, e.replica, e.actor, e.kind, e.refs, e.seq, e.clock, e.at, b.body, e.body_hash "
    "FROM event e LEFT JOIN event_body b ON b.event = e.id WHERE (e.clock, e.replica, e.seq) < (?1, ?2, ?3) "
    "ORDER BY e.clock DESC, e.replica DESC, e.seq DESC LIMIT ?4";
constexpr const char *kOfSubject =
    "SELECT e.id, e.replica, e.actor, e.kind, e.refs, e.seq, e.clock, e.at, b.body, e.body_hash "
    "FROM event_subject s JOIN event e ON e.id = s.event LEFT JOIN event_body b ON b.event = e.id "
    "WHERE s.subject = ?1 ORDER BY e.clock, e.replica, e.seq";

Event eventOf(const Row &row)
{
    Event event;
    event.id = row.text(0);
    event.replica = row.text(1);
    event.actor = row.text(2);
    event.kind = row.text(3);
    event.refs = row.text(4);
    event.seq = row.number(5);
    event.clock = row.number(6);
    event.at = *row.time(7);
    if (!row.null(8))
        event.body = row.text(8);
    event.bodyErased = row.null(8) && !row.null(9);
    return event;
}

Digest hashOf(const Event &event, std::string_view bodyHash, std::string_view previous)
{
    return Sha256()
        .field(event.id)
        .field(event.replica)
        .number(event.seq)
        .number(event.clock)
        .number(event.at.time_since_epoch().count())
        .field(event.actor)
        .field(event.kind)
        .field(event.refs)
        .field(bodyHash)
        .field(previous)
        .finish();
}

}

Result<std::string> EventLog::append(const NewEvent &given, TimePoint now)
{
    Database &db = m_workspace.database();
    Event event;
    event.id = uuid7(now);
    event.replica = m_workspace.replica();
    event.actor = given.actor;
    event.kind = given.kind;
    event.refs = given.refs;
    event.at = now;
    const auto clock = db.number("SELECT max(clock) FROM event");
    if (!clock)
        return tl::unexpected(clock.error());
    event.clock = clock->value_or(0) + 1;
    std::string previous(32, '\0');
    auto last = db.query(
        "SELECT seq, hash FROM event WHERE replica = ?1 ORDER BY seq DESC LIMIT 1",
        [&](const Row &row) {
            event.seq = row.number(0);
            previous = row.text(1);
        },
        event.replica);
    if (!last)
        return tl::unexpected(last.error());
    ++event.seq;
    std::string salt;
    std::optional<Digest> bodyHash;
    if (!given.body.empty()) {
        salt.resize(16);
        randombytes_buf(salt.data(), salt.size());
        bodyHash = sha256(salt + given.body);
    }
    const Digest hash = hashOf(event, bodyHash ? bytesOf(*bodyHash) : std::string_view(), previous);
    if (auto done =
            db.run("INSERT INTO event(id, replica, seq, clock, at, actor, kind, refs, body_hash, prev_hash, hash) "
                   "VALUES(?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11)",
                   event.id, event.replica, event.seq, event.clock, event.at, event.actor, event.kind, event.refs,
                   bodyHash, Blob{previous}, hash);
        !done)
        return tl::unexpected(done.error());
    if (bodyHash)
        if (auto done = db.run("INSERT INTO event_body(event, salt, body) VALUES(?1, ?2, ?3)", event.id, Blob{salt},
                               given.body);
            !done)
            return tl::unexpected(done.error());
    for (const std::string &subject : given.subjects)
        if (auto done = db.run("INSERT OR IGNORE INTO event_subject(subject, event) VALUES(?1, ?2)", subject, event.id);
            !done)
            return tl::unexpected(done.error());
    return event.id;
}

Result<std::optional<Event>> EventLog::find(const std::string &id)
{
    std::optional<Event> event;
    auto done = m_workspace.database().query(
        kColumns, [&](const Row &row) { event = eventOf(row); }, id);
    if (!done)
        return tl::unexpected(done.error());
    return event;
}

Result<std::vector<Event>> EventLog::list(const std::string &subject)
{
    std::vector<Event> events;
    const auto take = [&](const Row &row) { events.push_back(eventOf(row)); };
    Database &db = m_workspace.database();
    auto done = subject.empty() ? db.query(kAll, take) : db.query(kOfSubject, take, subject);
    if (!done)
        return tl::unexpected(done.error());
    return events;
}

Result<std::vector<Event>> EventLog::newest(std::size_t limit)
{
    std::vector<Event> events;
    auto done = m_workspace.database().query(
        kNewest, [&](const Row &row) { events.push_back(eventOf(row)); },
        limit ? std::int64_t(limit) : std::int64_t(-1));
    if (!done)
        return tl::unexpected(done.error());
    return events;
}

Result<std::vector<Event>> EventLog::before(const Event &event, std::size_t limit)
{
    std::vector<Event> events;
    auto done = m_workspace.database().query(
        kBefore, [&](const Row &row) { events.push_back(eventOf(row)); }, event.clock, event.replica, event.seq,
        limit ? std::int64_t(limit) : std::int64_t(-1));
    if (!done)
        return tl::unexpected(done.error());
    return events;
}

Result<std::vector<std::string>> EventLog::undone()
{
    // `undone` and `redone` name their events as subjects too; the newest word counts
    std::map<std::string, bool> state;
    auto done =
        m_workspace.database().query("SELECT s.subject, e.kind FROM event e JOIN event_subject s ON s.event = e.id "
                                     "WHERE e.kind IN ('undone', 'redone') "
                                     "AND s.subject IN (SELECT id FROM event) ORDER BY e.clock, e.replica, e.seq",
                                     [&](const Row &row) { state[row.text(0)] = row.bytes(1) == "undone"; });
    if (!done)
        return tl::unexpected(done.error());
    std::vector<std::string> ids;
    for (const auto &[id, isUndone] : state)
        if (isUndone)
            ids.push_back(id);
    return ids;
}

Result<std::size_t> EventLog::verify()
{
    struct Link {
        std::int64_t seq = 0;
        std::string hash = std::string(32, '\0');
    };
    std::map<std::string, Link> chains;
    std::size_t count = 0;
    auto done = m_workspace.database().query(
        "SELECT e.id, e.replica, e.actor, e.kind, e.refs, e.seq, e.clock, e.at, b.body, e.body_hash, e.prev_hash, "
        "e.hash, b.salt "
        "FROM event e LEFT JOIN event_body b ON b.event = e.id ORDER BY e.replica, e.seq",
        [&](const Row &row) -> Result<> {
            const Event event = eventOf(row);
            Link &link = chains[event.replica];
            const auto bad = [&](const char *why) {
                return fail(ErrorCode::Corrupt, "event " + event.id + " (" + event.kind + "): " + why);
            };
            if (event.seq != link.seq + 1)
                return bad("an event before it is missing");
            if (row.bytes(10) != link.hash)
                return bad("does not follow the event before it");
            if (bytesOf(hashOf(event, row.bytes(9), row.bytes(10))) != row.bytes(11))
                return bad("was changed");
            if (event.body && bytesOf(sha256(row.text(12) + *event.body)) != row.bytes(9))
                return bad("its body was changed");
            link = {event.seq, row.text(11)};
            ++count;
            return {};
        });
    if (!done)
        return tl::unexpected(done.error());
    return count;
}

}
