// Triage: decisions about who belongs together, undo and redo.

#include <algorithm>
#include <deque>
#include <set>

#include <nlohmann/json.hpp>

#include "core/adapters/sqlite/sqlitestore.h"
#include "core/adapters/sqlite/triage.h"

namespace winnow::sqlite
{

namespace
{

using Json = nlohmann::json;

std::string dump(const Json &value)
{
    return value.dump(-1, ' ', false, Json::error_handler_t::replace);
}

const std::set<std::string> kUndoable{"approved", "attached", "rejected", "snoozed",  "escalated", "edited",
                                      "renamed",  "merged",   "split",    "expelled", "linked",    "unlinked"};

/// Groups of names joined by links, with the path between two of them.
class Joined
{
public:
    void join(const std::string &a, const std::string &b)
    {
        m_next[a].insert(b);
        m_next[b].insert(a);
    }

    /// The shortest path, both ends included; empty where there is none.
    [[nodiscard]] std::vector<std::string> path(const std::string &from, const std::string &to) const
    {
        std::map<std::string, std::string> before{{from, from}};
        std::deque<std::string> open{from};
        while (!open.empty()) {
            const std::string at = open.front();
            open.pop_front();
            if (at == to) {
                std::vector<std::string> path{to};
                while (path.back() != from)
                    path.push_back(before.at(path.back()));
                std::reverse(path.begin(), path.end());
                return path;
            }
            const auto next = m_next.find(at);
            if (next == m_next.end())
                continue;
            for (const std::string &other : next->second)
                if (before.emplace(other, at).second)
                    open.push_back(other);
        }
        return {};
    }

    /// A number for the group of each name that was joined.
    [[nodiscard]] std::map<std::string, std::size_t> groups() const
    {
        std::map<std::string, std::size_t> group;
        for (const auto &[name, others] : m_next) {
            if (group.contains(name))
                continue;
            const std::size_t number = group.size();
            std::deque<std::string> open{name};
            group[name] = number;
            while (!open.empty()) {
                const std::string at = open.front();
                open.pop_front();
                for (const std::string &other : m_next.at(at))
                    if (group.emplace(other, number).second)
                        open.push_back(other);
            }
        }
        return group;
    }

private:
    std::map<std::string, std::set<std::string>> m_next;
};

/// The incidents that an event touches.
std::set<std::string> touched(const Event &event)
{
    const Json refs = Json::parse(event.refs, nullptr, false);
    std::set<std::string> incidents;
    if (!refs.is_object())
        return incidents;
    if (refs.contains("incident"))
        incidents.insert(refs.value("incident", ""));
    for (const Json &incident : refs.value("incidents", Json::array()))
        incidents.insert(incident.get<std::string>());
    return incidents;
}

bool overlap(const std::set<std::string> &a, const std::set<std::string> &b)
{
    return std::any_of(a.begin(), a.end(), [&](const std::string &entry) { return b.contains(entry); });
}

std::string named(const Event &event)
{
    return event.id + " (" + event.kind + " by " + event.actor + ")";
}

std::string pathText(const std::vector<std::string> &path)
{
    std::string text;
    for (const std::string &step : path)
        text += (text.empty() ? "" : " – ") + step;
    return text;
}

}

struct Triage::Grouping {
    std::string kind;
    std::vector<std::string> incidents; ///< all that it touches
    std::vector<Move> moves;
    std::vector<Link> links;
    std::map<std::string, std::string> heirs; ///< incidents that end, and who took them in
    std::vector<Superseded> superseded;
    std::string born; ///< the incident that begins with it
};

Result<Triage::Ground> Triage::ground()
{
    const auto clock = m_db.number("SELECT max(clock) FROM event");
    const auto current = snapshot();
    if (!clock || !current)
        return tl::unexpected(!clock ? clock.error() : current.error());
    return Ground{clock->value_or(0), *current};
}

Result<Transaction> Triage::beginOn(const Ground &wanted, const char *what)
{
    auto transaction = Transaction::begin(m_db, what);
    if (!transaction)
        return transaction;
    const auto is = ground();
    if (!is)
        return tl::unexpected(is.error());
    if (*is == wanted)
        return transaction;
    m_moved = true;
    return fail(ErrorCode::Conflict, "somebody else decided at the same moment");
}

Result<GroupingDone> Triage::onSteadyGround(const std::function<Result<GroupingDone>(const Ground &)> &decide)
{
    // who moves where is worked out before the lock is taken: it may cost more than a lock may be held
    constexpr int kAttempts = 200;
    for (int attempt = 0; attempt < kAttempts; ++attempt) {
        m_moved = false;
        const auto now = ground();
        if (!now)
            return tl::unexpected(now.error());
        auto done = decide(*now);
        if (done || !m_moved)
            return done;
    }
    return fail(ErrorCode::Busy, "others decide faster than this can be worked out; try again");
}

Result<std::vector<Triage::Member>> Triage::membersOf(const std::string &incident)
{
    const auto current = snapshot();
    const auto row = incidentRow(incident, false);
    if (!current || !row)
        return tl::unexpected(!current ? current.error() : row.error());
    std::vector<Member> members;
    auto done = m_db.query(
        "SELECT m.segment, f.uid, s.start, s.\"end\" FROM membership m JOIN segment s ON s.id = m.segment "
        "JOIN feedback f ON f.id = m.segment >> 16 WHERE m.snapshot = ?1 AND m.incident = ?2",
        [&](const Row &r) {
            members.push_back(
                {r.number(0), segmentUid(r.bytes(1), {std::uint32_t(r.number(2)), std::uint32_t(r.number(3))})});
        },
        *current, *row);
    if (!done)
        return tl::unexpected(done.error());
    std::sort(members.begin(), members.end(), [](const Member &a, const Member &b) { return a.uid < b.uid; });
    return members;
}

/// The members that a segment id or a feedback id means, all of one incident.
Result<std::vector<Triage::Member>> Triage::findMembers(const std::string &text, std::string &incident)
{
    const auto current = snapshot();
    if (!current)
        return tl::unexpected(current.error());
    const std::string feedback = text.substr(0, text.find(':'));
    std::vector<std::pair<Member, std::string>> found;
    auto done = m_db.query(
        "SELECT m.segment, f.uid, s.start, s.\"end\", i.uid FROM feedback f JOIN segment s ON s.id BETWEEN f.id << 16 "
        "AND (f.id << 16) + 65535 "
        "JOIN membership m ON m.segment = s.id AND m.snapshot = ?1 JOIN incident i ON i.id = m.incident WHERE f.uid8 = "
        "?2 AND f.uid = ?3",
        [&](const Row &r) {
            Member member{r.number(0),
                          segmentUid(r.bytes(1), {std::uint32_t(r.number(2)), std::uint32_t(r.number(3))})};
            if (text == feedback || member.uid == text)
                found.emplace_back(std::move(member), r.text(4));
        },
        *current, prefix64(feedback), feedback);
    if (!done)
        return tl::unexpected(done.error());
    std::vector<Member> members;
    for (auto &[member, its] : found)
        if (incident.empty() || its == incident) {
            incident = its;
            members.push_back(std::move(member));
        }
    if (members.empty())
        return fail(ErrorCode::NotFound,
                    text + " is no member" + (incident.empty() ? std::string() : " of " + incident)
                        + "; `winnowctl show` lists them");
    return members;
}

Result<std::string> Triage::birthId(const std::string &anchor)
{
    // names of a run that never finished do not count
    const auto births =
        m_db.number("SELECT count(*) FROM naming n WHERE anchor = ?1 AND kind = 'birth' AND (EXISTS(SELECT "
                    "1 FROM run WHERE id = n.run) OR EXISTS(SELECT 1 FROM event WHERE id = n.run))",
                    anchor);
    if (!births)
        return tl::unexpected(births.error());
    for (std::int64_t k = births->value_or(0);; ++k) {
        std::string id = derivedId({"incident", anchor, std::to_string(k)});
        const auto taken = m_db.number("SELECT 1 FROM incident WHERE uid8 = ?1 AND uid = ?2", prefix64(id), id);
        if (!taken)
            return tl::unexpected(taken.error());
        if (!*taken)
            return id;
    }
}

/// Where each linked segment's words stand in the record, so that the word of a person outlives rows.
Result<std::string> Triage::anchorsOf(const std::vector<Link> &links)
{
    std::set<std::string> uids;
    for (const Link &link : links) {
        uids.insert(link.a);
        uids.insert(link.b);
    }
    Bronze bronze(m_workspace);
    Json anchors = Json::object();
    for (const std::string &uid : uids) {
        const std::size_t colon = uid.find(':'), dash = uid.find('-', colon);
        const std::string feedback = uid.substr(0, colon);
        const ByteSpan span{std::uint32_t(std::strtoul(uid.c_str() + colon + 1, nullptr, 10)),
                            std::uint32_t(std::strtoul(uid.c_str() + dash + 1, nullptr, 10))};
        std::optional<RowId> id;
        ByteSpan inRecord;
        Result<> read;
        auto done = m_db.query(
            "SELECT id, to_normalised, to_record FROM feedback WHERE uid8 = ?1 AND uid = ?2",
            [&](const Row &row) -> Result<> {
                const auto toNormalised = OffsetMap::decode(row.bytes(1)), toRecord = OffsetMap::decode(row.bytes(2));
                if (!toNormalised || !toRecord)
                    return tl::unexpected(!toNormalised ? toNormalised.error() : toRecord.error());
                id = row.number(0);
                inRecord = toRecord->toOriginal(toNormalised->toOriginal(span));
                return {};
            },
            prefix64(feedback), feedback);
        if (!done)
            return tl::unexpected(done.error());
        if (!id)
            return fail(ErrorCode::NotFound, "no feedback " + feedback);
        const auto stored = bronze.one(*id);
        if (!stored)
            return tl::unexpected(stored.error());
        const Record &record = stored->record;
        const std::string joined = record.title.empty() || record.body.empty() ? record.title + record.body
                                                                               : record.title + "\n\n" + record.body;
        if (inRecord.end > joined.size())
            return fail(ErrorCode::Corrupt, "feedback " + feedback + ": its way back to the record is broken");
        anchors[uid] = {{"source", record.source},
                        {"source_record_id", record.sourceRecordId},
                        {"start", inRecord.start},
                        {"end", inRecord.end},
                        {"sha256", hex(sha256(inRecord.of(joined)))}};
    }
    return dump({{"anchors", anchors}});
}

/// Refuses a must-link across a cannot-link and the other way round, with the path that stands against it.
Result<> Triage::checkLinks(const std::vector<Link> &links, const std::vector<Superseded> &superseded)
{
    std::set<std::pair<std::string, std::int64_t>> gone;
    for (const Superseded &link : superseded)
        gone.emplace(link.event, link.ordinal);
    Joined joined;
    std::vector<std::pair<std::string, std::string>> apart;
    auto done =
        m_db.query("SELECT kind, a, b, event, ordinal FROM \"constraint\" WHERE undone = 0 AND superseded IS NULL",
                   [&](const Row &row) {
                       if (row.bytes(0) != "must")
                           apart.emplace_back(row.text(1), row.text(2));
                       else if (!gone.contains({row.text(3), row.number(4)}))
                           joined.join(row.text(1), row.text(2));
                   });
    if (!done)
        return done;
    for (const Link &link : links) {
        if (link.must)
            joined.join(link.a, link.b);
        else
            apart.emplace_back(link.a, link.b);
    }
    const auto groups = joined.groups();
    for (const auto &[a, b] : apart) {
        const auto x = groups.find(a), y = groups.find(b);
        if (a != b && (x == groups.end() || y == groups.end() || x->second != y->second))
            continue;
        return fail(ErrorCode::Conflict,
                    "people have said that " + a + " and " + b + " do not belong together, but this would join them: "
                        + pathText(joined.path(a, b)) + "; undo one of the two first");
    }
    return {};
}

/// One after the other: a member may move twice.
Result<> Triage::moveMembers(const std::vector<Move> &moves)
{
    const auto current = snapshot();
    if (!current)
        return tl::unexpected(current.error());
    std::map<std::string, RowId> rows;
    for (const Move &move : moves) {
        if (!rows.contains(move.to)) {
            auto row = incidentRow(move.to, true);
            if (!row)
                return tl::unexpected(row.error());
            rows.emplace(move.to, *row);
        }
        if (auto done = m_db.run("UPDATE membership SET incident = ?1 WHERE snapshot = ?2 AND segment = ?3",
                                 rows.at(move.to), *current, move.member.segment);
            !done)
            return done;
    }
    return {};
}

/// Writes what the names mean from now on, and takes candidates away that have no members left.
Result<> Triage::renameGroups(const std::string &event, const std::vector<std::string> &incidents,
                              const std::map<std::string, std::string> &heirs, const std::string &born)
{
    const auto current = snapshot();
    if (!current)
        return tl::unexpected(current.error());
    for (const std::string &incident : incidents) {
        const auto row = incidentRow(incident, true);
        const auto members = membersOf(incident);
        if (!row || !members)
            return tl::unexpected(!row ? row.error() : members.error());
        if (members->empty()) {
            const auto heir = heirs.find(incident);
            const std::string other = heir == heirs.end() ? std::string() : heir->second;
            auto done = m_db.run(
                "INSERT OR REPLACE INTO naming(run, incident, anchor, kind, other) VALUES(?1, ?2, NULL, ?3, ?4)", event,
                incident, other.empty() ? "gone" : "absorbed", Nullable{other});
            if (done && !other.empty())
                done = m_db.run("INSERT OR REPLACE INTO alias(uid, incident) VALUES(?1, ?2)", incident, other);
            for (const char *sql : {"DELETE FROM candidate WHERE snapshot = ?1 AND incident = ?2",
                                    "DELETE FROM draft WHERE snapshot = ?1 AND incident = ?2",
                                    "DELETE FROM incident_snapshot WHERE snapshot = ?1 AND incident = ?2"})
                if (done)
                    done = m_db.run(sql, *current, *row);
            if (!done)
                return done;
            continue;
        }
        if (auto done = m_db.run("INSERT OR REPLACE INTO naming(run, incident, anchor, kind, other) VALUES(?1, ?2, ?3, "
                                 "?4, NULL)",
                                 event, incident, members->front().uid, incident == born ? "birth" : "moved")
                            .and_then([&] { return m_db.run("DELETE FROM alias WHERE uid = ?1", incident); })
                            .and_then([&] { return SqliteStore::markRegrouped(m_db, incident, event); });
            !done)
            return done;
    }
    return {};
}

Result<std::string> Triage::write(const Grouping &grouping, const Ground &ground, TimePoint now)
{
    const auto anchors = anchorsOf(grouping.links);
    if (!anchors)
        return anchors;
    Json moves = Json::array(), superseded = Json::array();
    for (const Move &move : grouping.moves)
        moves.push_back({move.member.uid, move.from, move.to});
    for (const Superseded &link : grouping.superseded)
        superseded.push_back({link.event, link.ordinal});
    const Json refs{
        {"incidents", grouping.incidents}, {"moves", moves}, {"heirs", grouping.heirs}, {"superseded", superseded}};
    auto transaction = beginOn(ground, "group");
    if (!transaction)
        return tl::unexpected(transaction.error());
    if (auto done = checkLinks(grouping.links, grouping.superseded); !done)
        return tl::unexpected(done.error());
    EventLog log(m_workspace);
    const auto event = log.append({grouping.kind, m_actor, dump(refs), *anchors, grouping.incidents}, now);
    if (!event)
        return event;
    std::int64_t ordinal = 0;
    Result<> done;
    for (std::size_t i = 0; done && i < grouping.superseded.size(); ++i)
        done = m_db.run("UPDATE \"constraint\" SET superseded = ?1 WHERE event = ?2 AND ordinal = ?3", *event,
                        grouping.superseded[i].event, grouping.superseded[i].ordinal);
    for (std::size_t i = 0; done && i < grouping.links.size(); ++i) {
        const Link &link = grouping.links[i];
        done = m_db.run("INSERT INTO \"constraint\"(event, ordinal, kind, a, b) VALUES(?1, ?2, ?3, ?4, ?5)", *event,
                        ordinal++, link.must ? "must" : "cannot", link.a, link.b);
    }
    if (done)
        done = moveMembers(grouping.moves)
                   .and_then([&] { return renameGroups(*event, grouping.incidents, grouping.heirs, grouping.born); })
                   .and_then([&] { return transaction->commit(); });
    if (!done)
        return tl::unexpected(done.error());
    return event;
}

Result<GroupingDone> Triage::merge(const std::vector<std::string> &incidents, TimePoint now)
{
    if (incidents.size() < 2 || std::set(incidents.begin(), incidents.end()).size() != incidents.size())
        return fail(ErrorCode::InvalidInput, "merge wants two or more different candidates");
    return onSteadyGround([&](const Ground &ground) -> Result<GroupingDone> {
        Grouping grouping;
        grouping.kind = "merged";
        grouping.incidents = incidents;
        const std::string &into = incidents.front();
        std::string hub;
        for (const std::string &incident : incidents) {
            const auto members = membersOf(incident);
            if (!members)
                return tl::unexpected(members.error());
            if (members->empty())
                return fail(ErrorCode::NotFound, "incident " + incident + " has no members");
            if (incident != into)
                grouping.heirs[incident] = into;
            for (const Member &member : *members) {
                if (hub.empty())
                    hub = member.uid;
                else
                    grouping.links.push_back({true, hub, member.uid});
                if (incident != into)
                    grouping.moves.push_back({member, incident, into});
            }
        }
        return write(grouping, ground, now).map([&](const std::string &event) { return GroupingDone{event, {into}}; });
    });
}

Result<GroupingDone> Triage::split(const std::string &incident, const std::vector<std::string> &members, bool expel,
                                   TimePoint now)
{
    return onSteadyGround([&](const Ground &ground) { return splitOn(ground, incident, members, expel, now); });
}

Result<GroupingDone> Triage::splitOn(const Ground &ground, const std::string &incident,
                                     const std::vector<std::string> &members, bool expel, TimePoint now)
{
    const auto all = membersOf(incident);
    if (!all)
        return tl::unexpected(all.error());
    std::set<std::string> leaving;
    std::vector<Member> moved;
    for (const std::string &text : members) {
        std::string where = incident;
        const auto found = findMembers(text, where);
        if (!found)
            return tl::unexpected(found.error());
        for (const Member &member : *found)
            if (leaving.insert(member.uid).second)
                moved.push_back(member);
    }
    if (moved.empty() || moved.size() == all->size())
        return fail(ErrorCode::InvalidInput, "a split leaves members on both sides");
    std::sort(moved.begin(), moved.end(), [](const Member &a, const Member &b) { return a.uid < b.uid; });
    const auto born = birthId(moved.front().uid);
    if (!born)
        return tl::unexpected(born.error());
    Grouping grouping;
    grouping.kind = expel ? "expelled" : "split";
    grouping.incidents = {incident, *born};
    grouping.born = *born;
    for (const Member &member : moved) {
        grouping.moves.push_back({member, incident, *born});
        if (member.uid != moved.front().uid)
            grouping.links.push_back({true, moved.front().uid, member.uid});
    }
    std::set<std::string> staying;
    for (const Member &member : *all)
        if (!leaving.contains(member.uid)) {
            staying.insert(member.uid);
            grouping.links.push_back({false, moved.front().uid, member.uid});
        }
    // an earlier merge gives way where it joins the two sides, be it through quotes that are gone by now; those who
    // stay keep together
    std::vector<Superseded> across;
    Joined rest;
    auto done = m_db.query("SELECT event, ordinal, a, b FROM \"constraint\" WHERE kind = 'must' AND undone = 0 AND "
                           "superseded IS NULL ORDER BY event, ordinal",
                           [&](const Row &row) {
                               Superseded link{row.text(0), row.number(1), row.text(2), row.text(3)};
                               if (leaving.contains(link.a) != leaving.contains(link.b))
                                   across.push_back(std::move(link));
                               else if (!leaving.contains(link.a))
                                   rest.join(link.a, link.b);
                           });
    if (!done)
        return tl::unexpected(done.error());
    const auto groups = rest.groups();
    std::map<std::size_t, std::string> stayingIn; // group → its smallest member that stays
    for (const std::string &uid : staying)
        if (const auto group = groups.find(uid); group != groups.end())
            stayingIn.emplace(group->second, uid);
    std::set<std::string> joinedStaying;
    for (Superseded &link : across) {
        const std::string &other = leaving.contains(link.a) ? link.b : link.a;
        const auto group = groups.find(other);
        const auto through = group == groups.end() ? stayingIn.end() : stayingIn.find(group->second);
        if (!staying.contains(other) && through == stayingIn.end())
            continue;
        joinedStaying.insert(staying.contains(other) ? other : through->second);
        grouping.superseded.push_back(std::move(link));
    }
    for (const std::string &uid : joinedStaying)
        if (uid != *joinedStaying.begin())
            grouping.links.push_back({true, *joinedStaying.begin(), uid});
    return write(grouping, ground, now).map([&](const std::string &event) {
        return GroupingDone{event, {incident, *born}};
    });
}

Result<GroupingDone> Triage::link(const std::string &a, const std::string &b, bool together, TimePoint now)
{
    return onSteadyGround([&](const Ground &ground) -> Result<GroupingDone> {
        std::string incidentA, incidentB;
        const auto membersA = findMembers(a, incidentA), membersB = findMembers(b, incidentB);
        if (!membersA || !membersB)
            return tl::unexpected(!membersA ? membersA.error() : membersB.error());
        if (membersA->front().uid == membersB->front().uid)
            return fail(ErrorCode::InvalidInput, "a link wants two different members");
        if (!together && incidentA == incidentB)
            return splitOn(ground, incidentA, {b}, false, now);
        Grouping grouping;
        grouping.kind = together ? "linked" : "unlinked";
        grouping.incidents = incidentA == incidentB ? std::vector{incidentA} : std::vector{incidentA, incidentB};
        grouping.links.push_back({together, membersA->front().uid, membersB->front().uid});
        if (together && incidentA != incidentB) {
            grouping.heirs[incidentB] = incidentA;
            const auto members = membersOf(incidentB);
            if (!members)
                return tl::unexpected(members.error());
            for (const Member &member : *members)
                grouping.moves.push_back({member, incidentB, incidentA});
        }
        return write(grouping, ground, now).map([&](const std::string &event) {
            return GroupingDone{event, together ? std::vector{incidentA} : grouping.incidents};
        });
    });
}

/// Where members go when the events are taken back (newest first) or brought back (oldest first). One that is gone, or
/// that a run has put elsewhere, stays where it is.
Result<std::vector<Triage::Move>> Triage::movesOf(const std::vector<Event> &events, bool back)
{
    std::vector<Move> moves;
    std::map<std::string, std::pair<Member, std::string>> where; // as it is after the moves so far
    for (const Event &event : events) {
        const Json refs = Json::parse(event.refs, nullptr, false);
        for (const Json &move : refs.value("moves", Json::array())) {
            const std::string uid = move.at(0);
            const std::string from = move.at(back ? 2 : 1), to = move.at(back ? 1 : 2);
            auto known = where.find(uid);
            if (known == where.end()) {
                std::string incident;
                const auto found = findMembers(uid, incident);
                if (!found && found.error().code != ErrorCode::NotFound)
                    return tl::unexpected(found.error());
                if (!found)
                    continue;
                known = where.emplace(uid, std::pair(found->front(), incident)).first;
            }
            if (known->second.second != from)
                continue;
            known->second.second = to;
            moves.push_back({known->second.first, from, to});
        }
    }
    return moves;
}

/// Takes events back, or brings them back: constraints, memberships, filings, then what the queue shows.
Result<GroupingDone> Triage::apply(const std::vector<Event> &events, bool back, const Ground &ground, TimePoint now)
{
    std::set<std::string> incidents;
    std::vector<std::string> subjects;
    Json ids = Json::array();
    std::map<std::string, std::string> heirs;
    for (const Event &event : events) {
        ids.push_back(event.id);
        subjects.push_back(event.id);
        incidents.merge(touched(event));
        const Json refs = Json::parse(event.refs, nullptr, false);
        const Json gone = refs.value("heirs", Json::object());
        for (const auto &[from, to] : gone.items())
            heirs[from] = to.get<std::string>();
    }
    subjects.insert(subjects.end(), incidents.begin(), incidents.end());
    const auto moves = movesOf(events, back);
    if (!moves)
        return tl::unexpected(moves.error());

    const char *kind = back ? "undone" : "redone";
    auto transaction = beginOn(ground, kind);
    if (!transaction)
        return tl::unexpected(transaction.error());
    EventLog log(m_workspace);
    const auto event = log.append({kind, m_actor, dump({{"events", ids}}), {}, subjects}, now);
    if (!event)
        return tl::unexpected(event.error());
    Result<> done;
    for (std::size_t i = 0; done && i < events.size(); ++i) {
        const Event &e = events[i];
        done = m_db.run("UPDATE \"constraint\" SET undone = ?1 WHERE event = ?2", back, e.id);
        // what gave way to it counts again, or gives way again
        const Json refs = Json::parse(e.refs, nullptr, false);
        for (const Json &link : refs.value("superseded", Json::array()))
            if (done)
                done = m_db.run("UPDATE \"constraint\" SET superseded = ?1 WHERE event = ?2 AND ordinal = ?3",
                                Nullable{back ? std::string_view() : std::string_view(e.id)},
                                link.at(0).get<std::string>(), link.at(1).get<std::int64_t>());
        if (!done || e.kind != "approved")
            continue;
        // a filing that has left cannot be called back: the outbox step and this one exclude each other
        done = back
            ? m_db.run("UPDATE filing SET state = 'cancelled', changed_at = ?1 WHERE event = ?2 AND state = 'planned'",
                       now, e.id)
            : m_db.run("UPDATE filing SET state = 'planned', due_at = ?3, changed_at = ?1 WHERE event = ?2 AND state = "
                       "'cancelled'",
                       now, e.id, now + kHold);
        if (done && m_db.changes() == 0)
            done = fail(ErrorCode::Conflict,
                        "the ticket of event " + e.id
                            + " has left the outbox; close it in the tracker, or reject the candidate anew");
    }
    if (done)
        done = checkLinks({}, {}).and_then([&] { return moveMembers(*moves); }).and_then([&] {
            return moves->empty() ? Result<>()
                                  : renameGroups(*event, {incidents.begin(), incidents.end()},
                                                 back ? std::map<std::string, std::string>() : heirs, {});
        });
    for (auto incident = incidents.begin(); done && incident != incidents.end(); ++incident)
        done = fold(*incident);
    if (done)
        done = transaction->commit();
    if (!done)
        return tl::unexpected(done.error());
    return GroupingDone{*event, {incidents.begin(), incidents.end()}};
}

Result<GroupingDone> Triage::undo(const std::string &event, bool withLater, TimePoint now)
{
    return onSteadyGround([&](const Ground &ground) { return undoOn(ground, event, withLater, now); });
}

Result<GroupingDone> Triage::redo(TimePoint now)
{
    return onSteadyGround([&](const Ground &ground) { return redoOn(ground, now); });
}

bool Triage::canBeUndone(const std::string &kind)
{
    return kUndoable.contains(kind);
}

/// An event, or my newest, and the later ones on the same incidents: they rest on it.
Result<std::vector<Event>> Triage::chainOf(const std::string &id)
{
    EventLog log(m_workspace);
    const auto all = log.list();
    const auto gone = log.undone();
    if (!all || !gone)
        return tl::unexpected(!all ? all.error() : gone.error());
    const std::set<std::string> undone(gone->begin(), gone->end());
    const auto isLive = [&](const Event &event) { return canBeUndone(event.kind) && !undone.contains(event.id); };
    std::size_t at = all->size();
    for (std::size_t i = 0; i < all->size(); ++i) {
        const Event &event = (*all)[i];
        if (id.empty() ? isLive(event) && event.actor == m_actor : event.id == id)
            at = i;
    }
    if (at == all->size())
        return fail(ErrorCode::NotFound, id.empty() ? "there is nothing of yours to undo" : "no event " + id);
    const Event &target = (*all)[at];
    if (!isLive(target))
        return fail(ErrorCode::Conflict,
                    "event " + target.id + " (" + target.kind + ") "
                        + (undone.contains(target.id) ? "is undone already" : "cannot be undone"));
    std::set<std::string> incidents = touched(target);
    std::vector<Event> events{target};
    for (std::size_t i = at + 1; i < all->size(); ++i) {
        const Event &event = (*all)[i];
        auto its = touched(event);
        if (!isLive(event) || !overlap(its, incidents))
            continue;
        incidents.merge(its);
        events.push_back(event);
    }
    return events;
}

Result<std::vector<Event>> Triage::restingOn(const std::string &event)
{
    auto chain = chainOf(event);
    if (chain)
        chain->erase(chain->begin());
    return chain;
}

Result<GroupingDone> Triage::undoOn(const Ground &ground, const std::string &id, bool withLater, TimePoint now)
{
    auto events = chainOf(id);
    if (!events)
        return tl::unexpected(events.error());
    std::string list;
    for (std::size_t i = 1; i < events->size(); ++i)
        list += (list.empty() ? "" : ", ") + named((*events)[i]);
    if (events->size() > 1 && !withLater)
        return fail(ErrorCode::Conflict, "later decisions rest on it: " + list + "; undo them too with --with-later");
    std::reverse(events->begin(), events->end());
    return apply(*events, true, ground, now);
}

Result<GroupingDone> Triage::redoOn(const Ground &ground, TimePoint now)
{
    EventLog log(m_workspace);
    const auto all = log.list();
    const auto gone = log.undone();
    if (!all || !gone)
        return tl::unexpected(!all ? all.error() : gone.error());
    const std::set<std::string> undone(gone->begin(), gone->end());
    for (std::size_t at = all->size(); at-- > 0;) {
        const Event &undo = (*all)[at];
        if (undo.kind != "undone" || undo.actor != m_actor)
            continue;
        const Json refs = Json::parse(undo.refs, nullptr, false);
        std::vector<Event> events;
        std::set<std::string> incidents;
        for (const Json &id : refs.value("events", Json::array()))
            for (const Event &candidate : *all)
                if (candidate.id == id.get<std::string>() && undone.contains(candidate.id)) {
                    events.push_back(candidate);
                    incidents.merge(touched(candidate));
                }
        if (events.empty())
            continue;
        // the branch stays, but it does not overrule what was decided since
        std::string list;
        for (std::size_t i = at + 1; i < all->size(); ++i) {
            const Event &event = (*all)[i];
            if (kUndoable.contains(event.kind) && !undone.contains(event.id) && overlap(touched(event), incidents))
                list += (list.empty() ? "" : ", ") + named(event);
        }
        if (!list.empty())
            return fail(ErrorCode::Conflict, "newer decisions stand in its way: " + list + "; undo them first");
        std::reverse(events.begin(), events.end());
        return apply(events, false, ground, now);
    }
    return fail(ErrorCode::NotFound, "there is nothing of yours to redo");
}

}
