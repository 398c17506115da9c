#include "core/adapters/sqlite/reader.h"

#include <limits>

#include <nlohmann/json.hpp>

#include "core/adapters/sqlite/sqlitestore.h"
#include "core/adapters/sqlite/triage.h"
#include "core/json/incidentjson.h"
#include "core/json/reportjson.h"
#include "core/text/utf8.h"

namespace winnow::sqlite
{

namespace
{

using Json = nlohmann::json;

void readCandidate(std::string_view text, CandidateDetail &candidate)
{
    const Json detail = Json::parse(text, nullptr, false);
    if (!detail.is_object())
        return;
    for (const Json &factor : detail.value("factors", Json::array()))
        candidate.score.factors.push_back(
            {factor.value("name", ""), factor.value("value", 0.0), factor.value("log", 0.0)});
    candidate.score.overrideReason = detail.value("override", "");
    candidate.bandReason = detail.value("reason", "");
    candidate.nextBand = detail.value("next_band", "");
    for (const Json &match : detail.value("matches", Json::array())) {
        const std::string relation = match.value("relation", "related");
        candidate.matching.matches.push_back({match.value("ticket", ""),
                                              relation == "same"             ? Relation::Same
                                                  : relation == "regression" ? Relation::Regression
                                                                             : Relation::Related,
                                              match.value("p", 0.0)});
    }
}

/// The words of a search as an FTS5 query: each quoted, so that none is an operator.
std::string ftsQuery(const std::string &words)
{
    std::string query, word;
    const auto flush = [&](bool prefix) {
        if (!word.empty())
            query += (query.empty() ? "\"" : " \"") + word + (prefix ? "\"*" : "\"");
        word.clear();
    };
    for (std::size_t at = 0; at < words.size();) {
        const std::size_t begin = at;
        const char32_t c = text::decode(words, at);
        if (text::isSpace(c)) // of any script: East Asian keyboards write a wide one
            flush(false);
        else if (c == '"')
            word += "\"\"";
        else
            word.append(words, begin, at - begin);
    }
    flush(true);
    return query;
}

}

Result<CandidateDetail> Reader::candidate(const std::string &incident, std::size_t limit)
{
    CandidateDetail candidate;
    candidate.id = incident;
    candidate.state = "open";
    std::int64_t row = 0;
    std::string data;
    auto done = m_db.query(
        "SELECT i.id, s.data, c.title, c.band, c.priority, c.decision, c.detail FROM incident i JOIN meta m ON m.name "
        "= 'snapshot' "
        "JOIN candidate c ON c.snapshot = m.value AND c.incident = i.id JOIN incident_snapshot s ON s.snapshot = "
        "m.value AND s.incident = i.id "
        "WHERE i.uid8 = ?1 AND i.uid = ?2",
        [&](const Row &r) {
            row = r.number(0);
            data = r.text(1);
            candidate.title = r.text(2);
            candidate.band = Band(r.number(3));
            candidate.score.priority = r.real(4);
            candidate.matching.decision = r.text(5);
            readCandidate(r.bytes(6), candidate);
        },
        prefix64(incident), incident);
    if (!done)
        return tl::unexpected(done.error());
    if (!row)
        return fail(ErrorCode::NotFound, "no candidate " + incident);
    auto parsed = incidentFromJson(data);
    if (!parsed)
        return failAt("incident " + incident, parsed.error());
    candidate.incident = std::move(*parsed);
    done = m_db.query(
        "SELECT state, reason, ticket, title FROM triage WHERE incident = ?1",
        [&](const Row &r) {
            candidate.state = r.text(0);
            candidate.reason = r.text(1);
            candidate.ticket = r.text(2);
            if (!r.null(3))
                candidate.title = r.text(3);
        },
        incident);
    if (done)
        done = m_db.query(
            "SELECT uid FROM alias WHERE incident = ?1 ORDER BY uid",
            [&](const Row &r) { candidate.aliases.push_back(r.text(0)); }, incident);
    if (!done)
        return tl::unexpected(done.error());
    auto list = members(row, limit);
    auto draft = Triage(m_workspace, {}).draftOf(incident);
    auto history = EventLog(m_workspace).list(incident);
    auto filings = Outbox(m_workspace).list({}, incident);
    for (const Error *error : std::initializer_list<const Error *>{
             list ? nullptr : &list.error(), draft ? nullptr : &draft.error(), history ? nullptr : &history.error(),
             filings ? nullptr : &filings.error()})
        if (error)
            return tl::unexpected(*error);
    candidate.members = std::move(*list);
    candidate.draft = std::move(*draft);
    candidate.history = std::move(*history);
    candidate.filings = std::move(*filings);
    for (const TicketMatch &match : candidate.matching.matches) {
        done = m_db.query(
            "SELECT id, title, body, status, component, created, resolved, fix_version FROM known_ticket WHERE id = ?1",
            [&](const Row &r) {
                candidate.tickets.push_back(
                    {r.text(0), r.text(1), r.text(2), r.text(3), r.text(4), r.time(5), r.time(6), r.text(7)});
            },
            match.ticket);
        if (!done)
            return tl::unexpected(done.error());
    }
    return candidate;
}

Result<std::vector<MemberDetail>> Reader::members(std::int64_t incident, std::size_t limit)
{
    std::vector<MemberDetail> list;
    std::vector<std::int64_t> segments;
    auto done = m_db.query(
        "SELECT m.segment, f.uid, s.start, s.\"end\", f.text, f.channel, f.lang, f.app_version, f.author, f.at, "
        "d.confidence, d.abstained, "
        "g.representative IS NOT NULL FROM membership m JOIN meta n ON n.name = 'snapshot' AND m.snapshot = n.value "
        "JOIN segment s ON s.id = m.segment JOIN feedback f ON f.id = m.segment >> 16 JOIN finding d ON d.id = "
        "m.segment << 4 "
        "LEFT JOIN duplicate_group g ON g.feedback = f.id WHERE m.incident = ?1 ORDER BY d.abstained, d.confidence "
        "DESC, f.uid, s.start LIMIT ?2",
        [&](const Row &row) {
            MemberDetail member;
            segments.push_back(row.number(0));
            member.feedback = row.text(1);
            member.span = {std::uint32_t(row.number(2)), std::uint32_t(row.number(3))};
            member.segment = segmentUid(member.feedback, member.span);
            int column = 4;
            for (std::string *field : {&member.text, &member.channel, &member.lang, &member.appVersion, &member.author})
                *field = row.text(column++);
            member.at = row.time(9);
            member.confidence = row.real(10);
            member.abstained = row.number(11) != 0;
            member.copy = row.number(12) != 0;
            list.push_back(std::move(member));
        },
        incident, limit ? std::int64_t(limit) : std::int64_t(-1));
    for (std::size_t i = 0; done && i < list.size(); ++i)
        done = m_db.query(
            "SELECT start, \"end\" FROM evidence WHERE finding = ?1 ORDER BY ordinal",
            [&](const Row &row) {
                list[i].quotes.push_back({std::uint32_t(row.number(0)), std::uint32_t(row.number(1))});
            },
            segments[i] << 4);
    if (!done)
        return tl::unexpected(done.error());
    return list;
}

Result<std::vector<Hit>> Reader::search(const SearchRequest &request)
{
    std::vector<Hit> hits;
    const std::string query = ftsQuery(request.words);
    if (query.empty())
        return hits;
    const auto take = [&](const Row &row) { hits.emplace_back().key = row.number(0); };
    auto done = request.byRelevance
        ? m_db.query("SELECT rowid FROM search WHERE search MATCH ?1 ORDER BY rank LIMIT ?2", take, query,
                     request.limit)
        : m_db.query("SELECT rowid FROM search WHERE search MATCH ?1 AND rowid < ?3 ORDER BY rowid DESC LIMIT ?2", take,
                     query, request.limit, request.before ? request.before : std::numeric_limits<std::int64_t>::max());
    for (std::size_t i = 0; done && i < hits.size(); ++i) {
        const RowId feedback = hits[i].key & ((std::int64_t(1) << 30) - 1);
        done = m_db.query(
            "SELECT uid, text, lang, channel, at FROM feedback WHERE id = ?1",
            [&](const Row &row) {
                hits[i].feedback = row.text(0);
                hits[i].text = row.text(1);
                hits[i].lang = row.text(2);
                hits[i].channel = row.text(3);
                hits[i].at = row.time(4);
            },
            feedback);
        if (!done)
            break;
        const auto incident = m_db.text(
            "SELECT i.uid FROM membership m JOIN incident i ON i.id = m.incident WHERE m.segment BETWEEN ?1 << 16 AND "
            "(?1 << 16) + 65535 AND m.snapshot = (SELECT value FROM meta WHERE name = 'snapshot') LIMIT 1",
            feedback);
        if (!incident)
            return tl::unexpected(incident.error());
        hits[i].incident = incident->value_or(std::string());
    }
    if (!done)
        return tl::unexpected(done.error());
    return hits;
}

Result<> Reader::eachFeedback(const std::function<Result<>(const Hit &)> &take)
{
    return m_db.query("SELECT uid, text, lang, channel, at FROM feedback ORDER BY id", [&](const Row &row) {
        return take({row.text(0), row.text(1), row.text(2), row.text(3), row.time(4), {}, 0});
    });
}

Result<std::vector<RunSummary>> Reader::runs(std::size_t limit)
{
    std::vector<RunSummary> runs;
    auto done = m_db.query(
        "SELECT id, engine, started_at, as_of, finished_at, partition_hash, state_hash, stages FROM "
        "run ORDER BY id DESC LIMIT ?1",
        [&](const Row &row) {
            runs.push_back({row.text(0), row.text(1), row.time(2).value_or(TimePoint()),
                            row.time(3).value_or(TimePoint()), row.time(4), row.text(5), row.text(6),
                            stagesFromJson(row.bytes(7))});
        },
        limit);
    if (!done)
        return tl::unexpected(done.error());
    return runs;
}

Result<std::map<std::string, std::int64_t>> Reader::counts()
{
    std::vector<std::string> tables;
    if (auto done = m_db.query("SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'search%' AND "
                               "name NOT LIKE 'sqlite%' ORDER BY name",
                               [&](const Row &row) { tables.push_back(row.text(0)); });
        !done)
        return tl::unexpected(done.error());
    std::string sql;
    for (const std::string &table : tables)
        sql += (sql.empty() ? "" : " UNION ALL ") + ("SELECT '" + table + "', count(*) FROM \"" + table + "\"");
    std::map<std::string, std::int64_t> counts;
    if (auto done = m_db.queryOnce(sql, [&](const Row &row) { counts[row.text(0)] = row.number(1); }); !done)
        return tl::unexpected(done.error());
    return counts;
}

}
