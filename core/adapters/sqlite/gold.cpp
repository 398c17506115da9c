// SqliteStore: incidents, candidates, context.

#include <algorithm>

#include <nlohmann/json.hpp>
#include <sqlite3.h>

#include "core/adapters/sqlite/eventlog.h"
#include "core/adapters/sqlite/sqlitestore.h"
#include "core/json/incidentjson.h"

namespace winnow::sqlite
{

namespace
{

using Json = nlohmann::json;

constexpr std::size_t kDeletedAtOnce = 2000;
constexpr int kPauseMs = 2;
constexpr int kSegmentBits = 16, kFindingBits = 4;

std::string candidateJson(const GoldRow &row)
{
    Json factors = Json::array(), matches = Json::array();
    for (const Factor &factor : row.score.factors)
        factors.push_back({{"name", factor.name}, {"value", factor.value}, {"log", factor.log}});
    for (const TicketMatch &match : row.matching.matches)
        matches.push_back({{"ticket", match.ticket}, {"relation", toString(match.relation)}, {"p", match.p}});
    return Json{{"factors", factors},
                {"override", row.score.overrideReason},
                {"reason", row.banding.reason},
                {"next_band", row.banding.nextBand},
                {"matches", matches}}
        .dump(-1, ' ', false, Json::error_handler_t::replace);
}

std::string fieldsJson(const Draft &draft)
{
    Json fields = Json::object();
    for (const auto &[name, value] : draft.fields)
        fields[name] = value;
    return fields.dump(-1, ' ', false, Json::error_handler_t::replace);
}

void readDetail(std::string_view text, Finding &finding)
{
    const Json detail = Json::parse(text, nullptr, false);
    if (!detail.is_object())
        return;
    const auto types = detail.find("types");
    if (types != detail.end())
        for (const Json &entry : *types)
            finding.types.push_back({entry.at(0).get<std::string>(), entry.at(1).get<double>()});
    finding.componentP = detail.value("component_p", 0.0);
    finding.severityP = detail.value("severity_p", 0.0);
    if (const auto flags = detail.find("flags"); flags != detail.end())
        finding.flags = flags->get<std::vector<std::string>>();
    if (const auto conditions = detail.find("conditions"); conditions != detail.end())
        for (const auto &[name, value] : conditions->items())
            finding.conditions.emplace_back(name, value.get<std::string>());
    finding.suggestedAction = detail.value("suggested_action", std::string());
}

}

Result<> SqliteStore::eachPlaced(const std::function<void(PlacedSegment &&)> &take)
{
    constexpr std::size_t kTellingBytes = 24;
    std::vector<PlacedSegment> sure, unclear; // of the feedback in hand
    RowId feedback = 0;
    const auto settle = [&] {
        if (sure.empty() && !unclear.empty())
            sure.push_back(std::move(
                *std::max_element(unclear.begin(), unclear.end(), [](const PlacedSegment &a, const PlacedSegment &b) {
                    return a.text.size() != b.text.size() ? a.text.size() < b.text.size() : a.segment > b.segment;
                })));
        for (PlacedSegment &segment : sure)
            take(std::move(segment));
        sure.clear();
        unclear.clear();
    };
    auto done = m_db.query(
        "SELECT s.id, f.uid, s.start, s.\"end\", f.text, f.lang, f.product, d.component, d.symptom, d.type, "
        "d.abstained, f.rating, f.channel "
        "FROM segment s JOIN finding d ON d.id = s.id << 4 JOIN feedback f ON f.id = s.id >> 16 WHERE d.type < ?1 OR "
        "d.type = ?2 ORDER BY s.id",
        [&](const Row &row) {
            if (const RowId of = row.number(0) >> kSegmentBits; of != feedback) {
                settle();
                feedback = of;
            }
            const bool actionable = row.number(9) < int(IssueType::Question);
            const std::string_view channel = row.bytes(12);
            const bool unhappy =
                (!row.null(11) && row.real(11) <= 2) || channel.starts_with("support_") || channel == "call_note";
            const ByteSpan span{std::uint32_t(row.number(2)), std::uint32_t(row.number(3))};
            if (!actionable && (!unhappy || span.size() < kTellingBytes))
                return;
            std::string block = row.text(6), topic;
            if (!row.null(7))
                block += '\x1f' + row.text(7);
            if (row.number(10) == 0 && !row.null(8))
                topic = row.text(7) + ' ' + row.text(8);
            (actionable ? sure : unclear)
                .push_back({row.number(0), segmentUid(row.bytes(1), span), std::string(span.of(row.bytes(4))),
                            row.text(5), std::move(block), std::move(topic)});
        },
        int(IssueType::Question), int(IssueType::Other));
    settle();
    return done;
}

Result<std::optional<RowId>> SqliteStore::resolve(const std::string &event, const std::string &uid)
{
    const auto overlapping = [&](RowId feedback, ByteSpan span) {
        return m_db.number(
            "SELECT id FROM segment WHERE id BETWEEN ?1 << 16 AND (?1 << 16) + 65535 AND start < ?3 AND \"end\" > ?2 "
            "ORDER BY min(\"end\", ?3) - max(start, ?2) DESC, id LIMIT 1",
            feedback, span.start, span.end);
    };
    const std::size_t colon = uid.find(':'), dash = uid.find('-', colon == std::string::npos ? 0 : colon);
    if (colon == std::string::npos || dash == std::string::npos)
        return std::optional<RowId>();
    const std::string feedbackUid = uid.substr(0, colon);
    const ByteSpan span{std::uint32_t(std::strtoul(uid.c_str() + colon + 1, nullptr, 10)),
                        std::uint32_t(std::strtoul(uid.c_str() + dash + 1, nullptr, 10))};

    // the quote's anchor in the record, as it was kept when the person decided
    const auto body = m_db.text("SELECT body FROM event_body WHERE event = ?1", event);
    if (!body)
        return tl::unexpected(body.error());
    const Json kept = Json::parse(*body ? **body : "", nullptr, false);
    const Json *anchor = nullptr;
    if (kept.is_object() && kept.contains("anchors") && kept["anchors"].contains(uid))
        anchor = &kept["anchors"][uid];

    const auto feedback =
        m_db.number("SELECT id FROM feedback WHERE uid8 = ?1 AND uid = ?2", prefix64(feedbackUid), feedbackUid);
    if (!feedback)
        return tl::unexpected(feedback.error());
    if (!anchor)
        return *feedback ? overlapping(**feedback, span) : Result<std::optional<RowId>>(std::nullopt);

    const std::string source = anchor->value("source", ""), recordId = anchor->value("source_record_id", "");
    const auto record = m_db.number(
        "SELECT id FROM record WHERE identity = ?1 AND source = ?2 AND source_record_id = ?3 AND current = 1",
        identityOf(source, recordId), source, recordId);
    if (!record)
        return tl::unexpected(record.error());
    if (!*record)
        return std::optional<RowId>();
    auto stored = m_bronze.one(**record);
    if (!stored)
        return tl::unexpected(stored.error());
    const Record &r = stored->record;
    const std::string joined = r.title.empty() || r.body.empty() ? r.title + r.body : r.title + "\n\n" + r.body;
    const std::string wanted = anchor->value("sha256", "");
    ByteSpan at{anchor->value("start", 0u), anchor->value("end", 0u)};
    const auto holds = [&](std::uint32_t start) {
        return start + at.size() <= joined.size()
            && hex(sha256(std::string_view(joined).substr(start, at.size()))) == wanted;
    };
    if (at.end <= at.start)
        return std::optional<RowId>();
    if (!holds(at.start)) { // the record was edited: the same words may stand elsewhere
        // of several places the nearest is meant, of two as near the earlier
        std::optional<std::uint32_t> moved;
        const auto size = std::uint32_t(joined.size());
        for (std::uint32_t step = 1; !moved && step <= std::max(at.start, size); ++step)
            if (step <= at.start && holds(at.start - step))
                moved = at.start - step;
            else if (holds(at.start + step))
                moved = at.start + step;
        if (!moved)
            return std::optional<RowId>();
        at = {*moved, *moved + at.size()};
    }
    std::optional<ByteSpan> masked;
    if (auto done = m_db.query(
            "SELECT to_normalised, to_record FROM feedback WHERE id = ?1",
            [&](const Row &row) {
                const auto toNormalised = OffsetMap::decode(row.bytes(0)), toRecord = OffsetMap::decode(row.bytes(1));
                if (toNormalised && toRecord)
                    masked = toNormalised->toChanged(toRecord->toChanged(at));
            },
            **record);
        !done)
        return tl::unexpected(done.error());
    return masked ? overlapping(**record, *masked) : Result<std::optional<RowId>>(std::nullopt);
}

Result<GroupingInput> SqliteStore::groupingInput()
{
    GroupingInput input;
    const auto clock = m_db.number("SELECT max(clock) FROM event");
    if (!clock)
        return tl::unexpected(clock.error());
    input.clock = clock->value_or(0);
    struct Entry {
        std::string event, a, b;
        bool must;
        std::int64_t ordinal;
    };
    std::vector<Entry> entries;
    auto done = m_db.query(
        "SELECT event, ordinal, kind, a, b FROM \"constraint\" WHERE undone = 0 AND superseded IS NULL ORDER BY event, "
        "ordinal",
        [&](const Row &row) {
            entries.push_back({row.text(0), row.text(3), row.text(4), row.bytes(2) == "must", row.number(1)});
        });
    if (!done)
        return tl::unexpected(done.error());
    std::vector<std::pair<const Entry *, bool>> looked;
    for (const Entry &entry : entries) {
        const auto a = resolve(entry.event, entry.a), b = resolve(entry.event, entry.b);
        if (!a || !b)
            return tl::unexpected(!a ? a.error() : b.error());
        looked.emplace_back(&entry, *a && *b);
        if (*a && *b) {
            if (**a != **b)
                input.constraints.push_back({entry.event, entry.must, **a, **b});
        } else {
            ++input.needALook;
        }
    }
    done = inBatches("run: constraints", looked.size(),
                     [&](std::size_t i) {
                         return m_db.run(
                             "UPDATE \"constraint\" SET state = ?1 WHERE event = ?2 AND ordinal = ?3 AND state <> ?1",
                             looked[i].second ? "resolved" : "needs_a_look", looked[i].first->event,
                             looked[i].first->ordinal);
                     },
                     {});
    if (!done)
        return tl::unexpected(done.error());
    // the naming log, folded in the order of the events; names of a run that never finished have none
    std::map<std::string, std::string> anchorOf;
    done = m_db.query("SELECT n.incident, n.anchor, n.kind FROM naming n LEFT JOIN run r ON r.id = n.run "
                      "JOIN event e ON e.id = coalesce(r.event, n.run) ORDER BY e.clock, e.replica, e.seq, n.incident",
                      [&](const Row &row) {
                          const std::string incident = row.text(0);
                          if (row.null(1)) {
                              anchorOf.erase(incident);
                          } else {
                              anchorOf[incident] = row.text(1);
                              if (row.bytes(2) == "birth")
                                  ++input.births[row.text(1)];
                          }
                      });
    if (!done)
        return tl::unexpected(done.error());
    for (auto &[incident, anchor] : anchorOf)
        input.names[anchor] = incident;
    return input;
}

Result<RowId> SqliteStore::currentSnapshot()
{
    return m_db.number("SELECT value FROM meta WHERE name = 'snapshot'").map([](std::optional<std::int64_t> id) {
        return id.value_or(0);
    });
}

Result<CurrentPartition> SqliteStore::currentPartition()
{
    CurrentPartition current;
    const auto snapshot = currentSnapshot();
    if (!snapshot)
        return tl::unexpected(snapshot.error());
    auto done =
        m_db.query(
                "SELECT segment, incident FROM membership WHERE snapshot = ?1 UNION ALL SELECT segment, incident FROM "
                "continuation c WHERE NOT EXISTS(SELECT 1 FROM membership m WHERE m.segment = c.segment AND m.snapshot "
                "= ?1)",
                [&](const Row &row) { current.members.emplace_back(row.number(0), row.number(1)); }, *snapshot)
            .and_then([&] {
                return m_db.query(
                    "SELECT id, uid FROM incident WHERE id IN (SELECT incident FROM membership WHERE snapshot = ?1 "
                    "UNION SELECT incident FROM continuation)",
                    [&](const Row &row) { current.incidents.emplace(row.number(0), row.text(1)); }, *snapshot);
            });
    if (!done)
        return tl::unexpected(done.error());
    std::sort(current.members.begin(), current.members.end());
    return current;
}

Result<> SqliteStore::removeSnapshot(RowId snapshot)
{
    for (const char *sql :
         {"DELETE FROM draft WHERE snapshot = ?1 LIMIT ?2", "DELETE FROM candidate WHERE snapshot = ?1 LIMIT ?2",
          "DELETE FROM incident_snapshot WHERE snapshot = ?1 LIMIT ?2",
          "DELETE FROM membership WHERE snapshot = ?1 LIMIT ?2"}) {
        std::size_t atOnce = kDeletedAtOnce / 4;
        while (true) {
            auto transaction = begin("run: older snapshot");
            if (!transaction)
                return tl::unexpected(transaction.error());
            if (auto done = m_db.run(sql, snapshot, atOnce); !done)
                return done;
            const bool more = m_db.changes() == std::int64_t(atOnce);
            // rows differ in size by table: as many as ten milliseconds hold
            const auto held = transaction->held();
            if (auto done = transaction->commit(); !done)
                return done;
            if (!more)
                break;
            atOnce = held < std::chrono::milliseconds(5) ? std::min(atOnce * 2, kDeletedAtOnce * 4)
                                                         : std::max<std::size_t>(atOnce / 2, 50);
            sqlite3_sleep(kPauseMs);
        }
    }
    return {};
}

Result<RowId> SqliteStore::beginSnapshot()
{
    const auto current = currentSnapshot();
    if (!current)
        return current;
    std::vector<RowId> leftovers;
    RowId next = *current + 1;
    // jump from snapshot to snapshot along the key, instead of reading every row
    for (const char *sql : {"SELECT min(snapshot) FROM membership WHERE snapshot > ?1",
                            "SELECT min(snapshot) FROM candidate WHERE snapshot > ?1",
                            "SELECT min(snapshot) FROM incident_snapshot WHERE snapshot > ?1",
                            "SELECT min(snapshot) FROM draft WHERE snapshot > ?1"}) {
        for (RowId after = -1;;) {
            const auto found = m_db.number(sql, after);
            if (!found)
                return tl::unexpected(found.error());
            if (!*found)
                break;
            after = **found;
            if (after != *current)
                leftovers.push_back(after);
            next = std::max(next, after + 1);
        }
    }
    std::sort(leftovers.begin(), leftovers.end());
    leftovers.erase(std::unique(leftovers.begin(), leftovers.end()), leftovers.end());
    for (const RowId snapshot : leftovers)
        if (auto done = removeSnapshot(snapshot); !done)
            return tl::unexpected(done.error());
    return next;
}

Result<RowId> SqliteStore::incidentRow(const std::string &uid)
{
    const auto known = m_db.number("SELECT id FROM incident WHERE uid8 = ?1 AND uid = ?2", prefix64(uid), uid);
    if (!known)
        return tl::unexpected(known.error());
    if (*known)
        return **known;
    if (auto done = m_db.run("INSERT INTO incident(uid, uid8) VALUES(?1, ?2)", uid, prefix64(uid)); !done)
        return tl::unexpected(done.error());
    return m_db.lastId();
}

Result<> SqliteStore::saveMembership(RowId snapshot, std::span<const std::pair<std::string, std::vector<RowId>>> groups)
{
    struct Item {
        std::size_t group;
        RowId segment;
    };
    std::vector<Item> items;
    for (std::size_t g = 0; g < groups.size(); ++g)
        for (const RowId segment : groups[g].second)
            items.push_back({g, segment});
    std::size_t group = groups.size();
    RowId incident = 0;
    return inBatches("run: membership", items.size(),
                     [&](std::size_t i) -> Result<> {
                         if (items[i].group != group) {
                             auto row = incidentRow(groups[items[i].group].first);
                             if (!row)
                                 return tl::unexpected(row.error());
                             group = items[i].group;
                             incident = *row;
                         }
                         return m_db.run("INSERT INTO membership(snapshot, incident, segment) VALUES(?1, ?2, ?3)",
                                         snapshot, incident, items[i].segment);
                     },
                     {});
}

Result<> SqliteStore::eachIncident(RowId snapshot, std::size_t chunk, std::span<const std::string> only,
                                   const std::function<Result<>(std::vector<IncidentMembers> &&)> &take)
{
    // no statement stays open while rows are written: its view of the file would make the write fail
    std::vector<std::pair<RowId, std::string>> incidents;
    if (only.empty()) {
        if (auto done = m_db.query(
                "SELECT i.id, i.uid FROM incident i WHERE i.id IN (SELECT DISTINCT incident FROM membership WHERE "
                "snapshot = ?1) ORDER BY i.id",
                [&](const Row &row) { incidents.emplace_back(row.number(0), row.text(1)); }, snapshot);
            !done)
            return done;
    }
    for (const std::string &uid : only) {
        const auto row = m_db.number("SELECT id FROM incident WHERE uid8 = ?1 AND uid = ?2", prefix64(uid), uid);
        if (!row)
            return tl::unexpected(row.error());
        if (*row)
            incidents.emplace_back(**row, uid);
    }
    for (std::size_t begin = 0; begin < incidents.size(); begin += chunk) {
        std::vector<IncidentMembers> list;
        for (std::size_t i = begin; i < std::min(incidents.size(), begin + chunk); ++i) {
            IncidentMembers members{incidents[i].first, IncidentId(incidents[i].second), {}};
            auto done = m_db.query(
                "SELECT m.segment, s.start, s.\"end\", f.uid, f.text, f.lang, f.product, f.author, f.account_id, "
                "f.plan_tier, f.channel, "
                "f.app_version, f.at, d.type, d.severity, d.component, d.symptom, d.confidence, d.abstained, d.detail, "
                "x.engine, x.model "
                "FROM membership m JOIN segment s ON s.id = m.segment JOIN feedback f ON f.id = m.segment >> 16 "
                "JOIN finding d ON d.id = m.segment << 4 JOIN extraction x ON x.id = d.extraction "
                "WHERE m.snapshot = ?1 AND m.incident = ?2 ORDER BY m.segment",
                [&](const Row &row) {
                    MemberRow member;
                    member.segment = row.number(0);
                    const ByteSpan span{std::uint32_t(row.number(1)), std::uint32_t(row.number(2))};
                    member.segmentUid = segmentUid(row.bytes(3), span);
                    member.text = span.of(row.bytes(4));
                    int column = 5;
                    for (std::string *field : {&member.lang, &member.product, &member.author, &member.accountId,
                                               &member.planTier, &member.channel, &member.appVersion})
                        *field = row.text(column++);
                    member.at = row.time(12);
                    Finding &finding = member.finding;
                    finding.segment = span;
                    finding.type = IssueType(row.number(13));
                    finding.severity = Severity(row.number(14));
                    finding.component = row.text(15);
                    finding.symptom = row.text(16);
                    finding.confidence = row.real(17);
                    finding.abstained = row.number(18) != 0;
                    readDetail(row.bytes(19), finding);
                    finding.engine = row.text(20);
                    finding.model = row.text(21);
                    members.members.push_back(std::move(member));
                },
                snapshot, incidents[i].first);
            for (std::size_t k = 0; done && k < members.members.size(); ++k) {
                MemberRow &member = members.members[k];
                done = m_db.query(
                    "SELECT label, p, basis FROM hypothesis WHERE finding = ?1 ORDER BY ordinal",
                    [&](const Row &row) {
                        member.finding.rootCauses.push_back({row.text(0), row.real(1), row.text(2)});
                    },
                    member.segment << kFindingBits);
                if (member.finding.rootCauses.empty())
                    member.finding.rootCauses.push_back({"unknown", 1, {}});
            }
            if (!done)
                return done;
            if (!members.members.empty())
                list.push_back(std::move(members));
        }
        if (!list.empty())
            if (auto done = take(std::move(list)); !done)
                return done;
    }
    return {};
}

Result<> SqliteStore::saveGold(RowId snapshot, std::span<const GoldRow> rows)
{
    return inBatches(
        "run: gold", rows.size(),
        [&](std::size_t i) -> Result<> {
            const GoldRow &row = rows[i];
            const std::string data = toJson(row.data), detail = candidateJson(row);
            const Incident &incident = row.data;
            const std::string_view nearest = row.matching.matches.empty()
                ? std::string_view()
                : std::string_view(row.matching.matches.front().ticket);
            const Digest version = Sha256()
                                       .field(data)
                                       .field(detail)
                                       .field(toString(row.banding.band))
                                       .number(std::int64_t(row.score.priority * 100 + 0.5))
                                       .field(row.matching.decision)
                                       .finish();
            auto done =
                m_db.run("INSERT OR REPLACE INTO incident_snapshot(snapshot, incident, data) VALUES(?1, ?2, ?3)",
                         snapshot, row.incident, data);
            if (!done)
                return done;
            done = m_db.run("INSERT OR REPLACE INTO candidate(snapshot, incident, title, type, severity, product, "
                            "component, band, priority, confidence, "
                            "reports, authors, newest_at, nearest_ticket, decision, detail, version) "
                            "VALUES(?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?16, ?17)",
                            snapshot, row.incident, incident.title, int(incident.type), int(incident.severity),
                            Nullable{incident.product}, Nullable{incident.component}, int(row.banding.band),
                            row.score.priority, incident.confidence, incident.reports, incident.authors,
                            incident.newestAt, Nullable{nearest}, row.matching.decision, detail, version);
            if (!done)
                return done;
            if (!row.draft)
                return m_db.run("DELETE FROM draft WHERE snapshot = ?1 AND incident = ?2", snapshot, row.incident);
            return m_db.run(
                "INSERT OR REPLACE INTO draft(snapshot, incident, title, body, fields) VALUES(?1, ?2, ?3, ?4, ?5)",
                snapshot, row.incident, row.draft->title, row.draft->body, fieldsJson(*row.draft));
        },
        {});
}

Result<> SqliteStore::removeDeadNames()
{
    std::string run;
    while (true) {
        // jump from run to run along the key, instead of reading every name
        const auto next = m_db.text("SELECT min(run) FROM naming WHERE run > ?1", run);
        if (!next)
            return tl::unexpected(next.error());
        if (!*next)
            return {};
        run = **next;
        const auto counts = m_db.number(
            "SELECT EXISTS(SELECT 1 FROM run WHERE id = ?1) OR EXISTS(SELECT 1 FROM event WHERE id = ?1)", run);
        if (!counts)
            return tl::unexpected(counts.error());
        while (counts->value_or(0) == 0) {
            auto transaction = begin("run: dead names");
            if (!transaction)
                return tl::unexpected(transaction.error());
            if (auto done = m_db.run("DELETE FROM naming WHERE run = ?1 LIMIT ?2", run, kDeletedAtOnce); !done)
                return done;
            const bool more = m_db.changes() == std::int64_t(kDeletedAtOnce);
            if (auto done = transaction->commit(); !done)
                return done;
            if (!more)
                break;
            sqlite3_sleep(kPauseMs);
        }
    }
}

/// Whether people have said who belongs together since an event.
Result<bool> SqliteStore::regroupedSince(std::int64_t clock)
{
    return m_db
        .number(
            "WITH grouping(kind) AS (VALUES('merged'), ('split'), ('expelled'), ('linked'), ('unlinked')) "
            "SELECT 1 FROM event e WHERE e.clock > ?1 AND (e.kind IN grouping OR (e.kind IN ('undone', 'redone') AND "
            "EXISTS(SELECT 1 FROM json_each(e.refs, '$.events') j JOIN event g ON g.id = j.value WHERE g.kind IN "
            "grouping))) LIMIT 1",
            clock)
        .map([](std::optional<std::int64_t> found) { return found.has_value(); });
}

Result<> SqliteStore::markRegrouped(Database &db, const std::string &incident, const std::string &event)
{
    return db.run("INSERT OR REPLACE INTO meta(name, value) VALUES('regrouped:' || ?1, ?2)", incident, event);
}

Result<std::map<std::string, std::string>> SqliteStore::regrouped()
{
    std::map<std::string, std::string> marked;
    auto done = m_db.query("SELECT substr(name, 11), value FROM meta WHERE name >= 'regrouped:' AND name < 'regrouped;'",
                           [&](const Row &row) { marked[row.text(0)] = row.text(1); });
    if (!done)
        return tl::unexpected(done.error());
    return marked;
}

Result<> SqliteStore::summedUp(const std::map<std::string, std::string> &marked)
{
    auto transaction = begin("summed up");
    if (!transaction)
        return tl::unexpected(transaction.error());
    for (const auto &[incident, event] : marked)
        if (auto done = m_db.run("DELETE FROM meta WHERE name = 'regrouped:' || ?1 AND value = ?2", incident, event);
            !done)
            return done;
    return transaction->commit();
}

Result<> SqliteStore::finishRun(const RunRecord &run, std::span<const NamingRow> naming)
{
    const auto before = currentSnapshot();
    if (!before)
        return tl::unexpected(before.error());
    if (auto done = removeDeadNames(); !done) // this run's own too, where it tries again
        return done;
    Sha256 names;
    for (const NamingRow &row : naming)
        names.field(row.incident).field(row.anchor).field(row.kind).field(row.other);
    // names are written first: they count from the moment the run is finished
    if (auto done = inBatches(
            "run: names", naming.size(),
            [&](std::size_t i) {
                const NamingRow &row = naming[i];
                return m_db.run(
                    "INSERT OR REPLACE INTO naming(run, incident, anchor, kind, other) VALUES(?1, ?2, ?3, ?4, ?5)",
                    run.id, row.incident, Nullable{row.anchor}, row.kind, Nullable{row.other});
            },
            {});
        !done)
        return done;
    auto transaction = begin("run: finish");
    if (!transaction)
        return tl::unexpected(transaction.error());
    const auto regrouped = regroupedSince(run.knows);
    if (!regrouped)
        return tl::unexpected(regrouped.error());
    if (*regrouped)
        return fail(ErrorCode::Conflict, "people have decided who belongs together while the run was under way");
    const Json versions = Json::parse(run.versions, nullptr, false);
    const Json refs{{"run", run.id},
                    {"as_of", formatTime(run.asOf)},
                    {"versions", versions},
                    {"watermark", run.watermark},
                    {"partition_hash", run.partitionHash},
                    {"state_hash", run.stateHash},
                    {"births", run.births},
                    {"heirs", run.heirs},
                    {"aliases", run.aliases},
                    {"names_hash", hex(names.finish())},
                    {"names", naming.size()}};
    EventLog log(m_workspace);
    const auto event = log.append({"run_finished", "winnow", refs.dump(), {}, {}}, run.finishedAt);
    if (!event)
        return tl::unexpected(event.error());
    auto done =
        m_db.run("INSERT OR REPLACE INTO run(id, started_at, finished_at, as_of, engine, versions, stages, "
                 "partition_hash, state_hash, snapshot, event) "
                 "VALUES(?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11)",
                 run.id, run.startedAt, run.finishedAt, run.asOf, run.engine, run.versions, run.stages,
                 run.partitionHash, run.stateHash, run.snapshot, *event)
            .and_then([&] {
                return m_db.run("INSERT OR REPLACE INTO alias(uid, incident) SELECT incident, other FROM naming WHERE "
                                "run = ?1 AND kind = 'absorbed'",
                                run.id);
            })
            .and_then([&] {
                return m_db.run("DELETE FROM alias WHERE uid IN (SELECT incident FROM naming WHERE run = ?1 AND anchor "
                                "IS NOT NULL)",
                                run.id);
            })
            .and_then([&] {
                return m_db.run("INSERT OR REPLACE INTO meta(name, value) VALUES('snapshot', ?1)", run.snapshot);
            })
            .and_then([&] { return m_db.run("DELETE FROM continuation"); })
            .and_then([&] { // every sum was made from the members of this snapshot
                return m_db.run("DELETE FROM meta WHERE name >= 'regrouped:' AND name < 'regrouped;'");
            })
            .and_then([&] { return transaction->commitForGood(); });
    if (!done)
        return done;
    m_db.checkpoint();
    return *before ? removeSnapshot(*before) : Result<>();
}

Result<std::map<std::string, Account>> SqliteStore::accounts()
{
    std::map<std::string, Account> accounts;
    auto done = m_db.query("SELECT id, name, plan_tier, revenue, region FROM account", [&](const Row &row) {
        accounts.emplace(row.text(0), Account{row.text(0), row.text(1), row.text(2), row.real(3), row.text(4)});
    });
    if (!done)
        return tl::unexpected(done.error());
    return accounts;
}

Result<std::vector<SignalPoint>> SqliteStore::signalPoints()
{
    std::vector<SignalPoint> points;
    auto done = m_db.query("SELECT name, at, value FROM signal ORDER BY name, at", [&](const Row &row) {
        points.push_back({row.text(0), *row.time(1), row.real(2)});
    });
    if (!done)
        return tl::unexpected(done.error());
    return points;
}

Result<std::vector<KnownTicket>> SqliteStore::knownTickets()
{
    std::vector<KnownTicket> tickets;
    auto done = m_db.query(
        "SELECT id, title, body, status, component, created, resolved, fix_version FROM known_ticket ORDER BY id",
        [&](const Row &row) {
            tickets.push_back({row.text(0), row.text(1), row.text(2), row.text(3), row.text(4), row.time(5),
                               row.time(6), row.text(7)});
        });
    if (!done)
        return tl::unexpected(done.error());
    return tickets;
}

Result<std::vector<Release>> SqliteStore::releases()
{
    std::vector<Release> releases;
    auto done = m_db.query("SELECT version, date, notes FROM release ORDER BY version", [&](const Row &row) {
        releases.push_back({row.text(0), row.time(1), row.text(2)});
    });
    if (!done)
        return tl::unexpected(done.error());
    return releases;
}

Result<std::uint32_t> SqliteStore::authorCount()
{
    const auto count = [](std::optional<std::int64_t> number) { return std::uint32_t(number.value_or(0)); };
    // counted by a run, which keeps it for those who decide
    if (!m_lease)
        return m_db.number("SELECT value FROM meta WHERE name = 'authors'").map(count);
    const auto counted = m_db.number("SELECT count(DISTINCT author) + sum(author IS NULL) FROM feedback").map(count);
    if (!counted)
        return counted;
    auto transaction = begin("run: authors");
    if (!transaction)
        return tl::unexpected(transaction.error());
    if (auto done = m_db.run("INSERT OR REPLACE INTO meta(name, value) VALUES('authors', ?1)", *counted).and_then([&] {
            return transaction->commit();
        });
        !done)
        return tl::unexpected(done.error());
    return counted;
}

Result<std::map<std::string, std::string>> SqliteStore::owners()
{
    std::map<std::string, std::string> owners;
    const auto text = m_db.text("SELECT c.body FROM config c JOIN config_released r ON r.kind = c.kind AND r.id = c.id "
                                "WHERE c.kind = 'owners'");
    if (!text)
        return tl::unexpected(text.error());
    const Json map = Json::parse(*text ? **text : "{}", nullptr, false);
    if (map.is_object())
        for (const auto &[component, owner] : map.items())
            if (owner.is_string())
                owners.emplace(component, owner.get<std::string>());
    return owners;
}

}
