// SqliteStore: the hash of all derived rows. \source design.md, The one idea

#include <algorithm>

#include "core/adapters/sqlite/sqlitestore.h"

namespace winnow::sqlite
{

namespace
{

/// One derived table: its key and the columns that count, without rowids, run ids and times of work.
struct Table {
    const char *name;
    const char *sql; ///< first column: the key as text; the others enter in order
    bool bySnapshot;
};

// segments are named feedback:start-end, findings by their segment and place
constexpr Table kTables[] = {
    {"feedback",
     "SELECT uid, text, title_bytes, to_normalised, to_record, record_title_bytes, lang, lang_score, product, "
     "component_hint, app_version, os, "
     "device, plan_tier, account_id, country, region, channel, rating, author, at FROM feedback",
     false},
    {"pii_span",
     "SELECT f.uid || ':' || p.start, p.source_start, p.source_end, p.\"end\", p.type, p.score, p.detector, "
     "p.pseudonym FROM pii_span p "
     "JOIN feedback f ON f.id = p.feedback",
     false},
    {"duplicate_group",
     "SELECT f.uid, r.uid, d.similarity FROM duplicate_group d JOIN feedback f ON f.id = d.feedback JOIN feedback r ON "
     "r.id = d.representative",
     false},
    {"segment",
     "SELECT f.uid || ':' || s.start || '-' || s.\"end\", s.issue FROM segment s JOIN feedback f ON f.id = s.id >> 16",
     false},
    {"finding",
     "SELECT f.uid || ':' || s.start || '-' || s.\"end\" || '/' || (d.id & 15), x.engine, x.model, d.type, d.severity, "
     "d.component, d.symptom, "
     "d.confidence, d.abstained, d.detail FROM finding d JOIN segment s ON s.id = d.id >> 4 JOIN feedback f ON f.id = "
     "d.id >> 20 "
     "JOIN extraction x ON x.id = d.extraction",
     false},
    {"hypothesis",
     "SELECT f.uid || ':' || s.start || '/' || (h.finding & 15) || '/' || h.ordinal, h.label, h.p, h.basis FROM "
     "hypothesis h "
     "JOIN segment s ON s.id = h.finding >> 4 JOIN feedback f ON f.id = h.finding >> 20",
     false},
    {"evidence",
     "SELECT f.uid || ':' || s.start || '/' || (e.finding & 15) || '/' || e.ordinal, e.start, e.\"end\", e.supports "
     "FROM evidence e "
     "JOIN segment s ON s.id = e.finding >> 4 JOIN feedback f ON f.id = e.finding >> 20",
     false},
    {"membership",
     "SELECT f.uid || ':' || s.start || '-' || s.\"end\", i.uid FROM membership m JOIN incident i ON i.id = m.incident "
     "JOIN segment s ON s.id = m.segment JOIN feedback f ON f.id = m.segment >> 16 WHERE m.snapshot = ?1",
     true},
    {"incident_snapshot",
     "SELECT i.uid, d.data FROM incident_snapshot d JOIN incident i ON i.id = d.incident WHERE d.snapshot = ?1", true},
    {"candidate",
     "SELECT i.uid, c.title, c.type, c.severity, c.product, c.component, c.band, c.priority, c.confidence, c.reports, "
     "c.authors, c.newest_at, "
     "c.nearest_ticket, c.decision, c.detail, c.version FROM candidate c JOIN incident i ON i.id = c.incident WHERE "
     "c.snapshot = ?1",
     true},
    {"draft",
     "SELECT i.uid, d.title, d.body, d.fields FROM draft d JOIN incident i ON i.id = d.incident WHERE d.snapshot = ?1",
     true},
};

}

Result<std::string> SqliteStore::stateHash(RowId snapshot)
{
    Sha256 state;
    for (const Table &table : kTables) {
        // rows in key order: the keys are derived ids, so sorting their hashes is enough and flat
        std::vector<std::pair<Digest, Digest>> rows;
        const auto add = [&](const Row &row) {
            Sha256 hash;
            for (int column = 1; column < row.columns(); ++column)
                hash.field(row.bytes(column));
            rows.emplace_back(sha256(row.bytes(0)), hash.finish());
        };
        auto done = table.bySnapshot ? m_db.query(table.sql, add, snapshot) : m_db.query(table.sql, add);
        if (!done)
            return tl::unexpected(done.error());
        std::sort(rows.begin(), rows.end());
        state.field(table.name).number(std::int64_t(rows.size()));
        for (const auto &[key, value] : rows)
            state.add(bytesOf(key)).add(bytesOf(value));
    }
    return hex(state.finish());
}

}
