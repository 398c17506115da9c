// SqliteStore: Silver and findings.

#include <algorithm>

#include <nlohmann/json.hpp>
#include <sqlite3.h>

#include "core/adapters/sqlite/sqlitestore.h"
#include "core/base/assert.h"

namespace winnow::sqlite
{

namespace
{

using Json = nlohmann::json;

constexpr std::chrono::milliseconds kBatchTime{12}; ///< a transaction ends after this, its commit not counted
constexpr std::size_t kBatchItems = 1024;
constexpr int kPauseMs = 2; ///< between transactions, for those who decide
constexpr std::int64_t kSegmentsPerFeedback = 65536;
constexpr std::int64_t kFindingsPerSegment = 16;
constexpr std::int64_t kFindingSchema = 1;

constexpr const char *name(Pass pass)
{
    switch (pass) {
    case Pass::Silver:
        return "silver";
    case Pass::Segment:
        return "segment";
    case Pass::Extract:
        return "extract";
    }
    return "";
}

std::string watermarkName(Pass pass)
{
    return std::string(name(pass)) + "_watermark";
}
std::string versionName(Pass pass)
{
    return std::string(name(pass)) + "_version";
}

std::string detailJson(const Finding &finding)
{
    Json out = Json::object();
    for (const Scored &entry : finding.types)
        out["types"].push_back({entry.label, entry.p});
    if (finding.componentP > 0)
        out["component_p"] = finding.componentP;
    if (finding.severityP > 0)
        out["severity_p"] = finding.severityP;
    if (!finding.flags.empty())
        out["flags"] = finding.flags;
    for (const auto &[condition, value] : finding.conditions)
        out["conditions"][condition] = value;
    if (!finding.suggestedAction.empty())
        out["suggested_action"] = finding.suggestedAction;
    return out.dump(-1, ' ', false, Json::error_handler_t::replace);
}

}

std::int64_t searchRow(RowId feedback, const std::optional<TimePoint> &at)
{
    constexpr std::int64_t kLatest = (std::int64_t(1) << 33) - 1; // seconds, up to the year 2242
    const std::int64_t seconds = at ? std::clamp<std::int64_t>(at->time_since_epoch().count() / 1000, 0, kLatest) : 0;
    return seconds << 30 | (feedback & ((std::int64_t(1) << 30) - 1));
}

std::string segmentUid(std::string_view feedback, ByteSpan span)
{
    return std::string(feedback) + ':' + std::to_string(span.start) + '-' + std::to_string(span.end);
}

SqliteStore::SqliteStore(Workspace &workspace, Lease *lease)
    : m_workspace(workspace)
    , m_lease(lease)
    , m_db(workspace.database())
    , m_bronze(workspace)
{
}

SqliteStore::~SqliteStore() = default;

Result<Transaction> SqliteStore::begin(const char *what)
{
    return m_lease ? m_lease->begin(what) : Transaction::begin(m_db, what);
}

Result<> SqliteStore::inBatches(const char *what, std::size_t count, const std::function<Result<>(std::size_t)> &write,
                                const std::function<Result<>(std::size_t)> &close)
{
    for (std::size_t i = 0; i < count;) {
        auto transaction = begin(what);
        if (!transaction)
            return tl::unexpected(transaction.error());
        const std::size_t first = i;
        while (i < count && i - first < kBatchItems && (i == first || transaction->held() < kBatchTime))
            if (auto done = write(i++); !done)
                return done;
        if (close)
            if (auto done = close(i - 1); !done)
                return done;
        if (auto done = transaction->commit(); !done)
            return done;
        if (i < count)
            sqlite3_sleep(kPauseMs);
    }
    return {};
}

Result<std::int64_t> SqliteStore::withdrawals()
{
    return m_db.number("SELECT value FROM meta WHERE name = 'withdrawals'").map([](std::optional<std::int64_t> count) {
        return count.value_or(0);
    });
}

Result<> SqliteStore::savePending(const char *what, std::size_t count,
                                  const std::function<Result<>(std::size_t)> &write,
                                  const std::function<Result<>(std::size_t)> &close)
{
    // an import that found its file damaged may have taken rows back while a stage worked on them: nothing of this is
    // written then, and the pass reads on from where the watermark stands now
    bool isVoid = false;
    std::size_t next = 0;
    return inBatches(
        what, count,
        [&](std::size_t i) -> Result<> {
            if (isVoid)
                return {};
            if (i == next) { // the first of its transaction
                const auto now = withdrawals();
                if (!now)
                    return tl::unexpected(now.error());
                isVoid = *now != m_pendingSince;
                if (isVoid)
                    return {};
            }
            return write(i);
        },
        [&](std::size_t last) -> Result<> {
            next = last + 1;
            return isVoid ? Result<>() : close(last);
        });
}

Result<> SqliteStore::forgetPending()
{
    return m_db.run("INSERT INTO meta(name, value) VALUES('withdrawals', 1) ON CONFLICT(name) DO UPDATE SET value = "
                    "value + 1");
}

Result<> SqliteStore::rereadFrom(RowId from, RowId seen)
{
    const auto silver = m_db.number("SELECT value FROM meta WHERE name = ?1", watermarkName(Pass::Silver));
    if (!silver)
        return tl::unexpected(silver.error());
    if (silver->value_or(0) < seen)
        return {};
    Result<> done;
    for (const Pass pass : {Pass::Silver, Pass::Segment, Pass::Extract})
        if (done)
            done = m_db.run("UPDATE meta SET value = min(value, ?1) WHERE name = ?2", from - 1, watermarkName(pass));
    return done;
}

Result<> SqliteStore::preparePass(Pass pass, const std::string &version)
{
    const auto known = m_db.text("SELECT value FROM meta WHERE name = ?1", versionName(pass));
    if (!known)
        return tl::unexpected(known.error());
    if (*known == version)
        return {};
    auto transaction = begin("run: prepare");
    if (!transaction)
        return tl::unexpected(transaction.error());
    // the passes behind it rest on its rows
    auto done = m_db.run("INSERT OR REPLACE INTO meta(name, value) VALUES(?1, ?2)", versionName(pass), version);
    for (const Pass later : {Pass::Silver, Pass::Segment, Pass::Extract})
        if (done && later >= pass)
            done = m_db.run("INSERT OR REPLACE INTO meta(name, value) VALUES(?1, 0)", watermarkName(later));
    return done.and_then([&] { return transaction->commit(); });
}

Result<std::vector<PendingRecord>> SqliteStore::pendingRecords(std::size_t limit)
{
    const auto since = withdrawals(); // before the watermark, or one that is moved back in between would be overtaken
    const auto watermark = m_db.number("SELECT value FROM meta WHERE name = ?1", watermarkName(Pass::Silver));
    if (!watermark || !since)
        return tl::unexpected(!watermark ? watermark.error() : since.error());
    m_pendingSince = *since;
    auto stored = m_bronze.read(watermark->value_or(0), limit);
    if (!stored)
        return tl::unexpected(stored.error());
    std::vector<PendingRecord> pending;
    pending.reserve(stored->size());
    for (Bronze::Stored &row : *stored) {
        row.record.rawPayload.clear();
        pending.push_back({row.id, row.current, std::move(row.record)});
    }
    return pending;
}

Result<> SqliteStore::removeFindings(RowId feedback)
{
    const std::int64_t from = feedback * kSegmentsPerFeedback * kFindingsPerSegment;
    const std::int64_t to = from + kSegmentsPerFeedback * kFindingsPerSegment - 1;
    return m_db.run("DELETE FROM evidence WHERE finding BETWEEN ?1 AND ?2", from, to)
        .and_then([&] { return m_db.run("DELETE FROM hypothesis WHERE finding BETWEEN ?1 AND ?2", from, to); })
        .and_then([&] { return m_db.run("DELETE FROM finding WHERE id BETWEEN ?1 AND ?2", from, to); });
}

/// Keeps whose incidents the segments of a feedback belonged to, for those of the one that takes its place.
Result<> SqliteStore::keepIncidents(RowId feedback, RowId successor)
{
    const std::int64_t from = feedback * kSegmentsPerFeedback, to = from + kSegmentsPerFeedback - 1;
    const std::int64_t by = (successor - feedback) * kSegmentsPerFeedback;
    return m_db
        .run("INSERT OR IGNORE INTO continuation(segment, incident) SELECT segment + ?3, incident FROM continuation "
             "WHERE segment BETWEEN ?1 AND ?2 AND ?3 <> 0",
             from, to, by)
        .and_then([&] {
            return m_db.run("INSERT OR REPLACE INTO continuation(segment, incident) SELECT m.segment + ?3, m.incident "
                            "FROM membership m JOIN meta s ON s.name = 'snapshot' AND s.value = m.snapshot "
                            "WHERE m.segment BETWEEN ?1 AND ?2",
                            from, to, by);
        });
}

Result<> SqliteStore::removeFeedback(RowId feedback)
{
    std::optional<std::pair<std::string, std::optional<TimePoint>>> old;
    if (auto done = m_db.query(
            "SELECT text, at FROM feedback WHERE id = ?1",
            [&](const Row &row) {
                old = {row.text(0), row.time(1)};
            },
            feedback);
        !done || !old)
        return done;
    const std::int64_t from = feedback * kSegmentsPerFeedback, to = from + kSegmentsPerFeedback - 1;
    return m_db
        .run("INSERT INTO search(search, rowid, text) VALUES('delete', ?1, ?2)", searchRow(feedback, old->second),
             old->first)
        .and_then([&] { return removeFindings(feedback); })
        .and_then([&] { return m_db.run("DELETE FROM vector WHERE segment BETWEEN ?1 AND ?2", from, to); })
        .and_then([&] { return m_db.run("DELETE FROM membership WHERE segment BETWEEN ?1 AND ?2", from, to); })
        .and_then([&] { return m_db.run("DELETE FROM segment WHERE id BETWEEN ?1 AND ?2", from, to); })
        .and_then([&] {
            return m_db.run("DELETE FROM duplicate_group WHERE feedback = ?1 OR representative = ?1", feedback);
        })
        .and_then([&] { return m_db.run("DELETE FROM pii_span WHERE feedback = ?1", feedback); })
        .and_then([&] { return m_db.run("DELETE FROM feedback WHERE id = ?1", feedback); });
}

Result<> SqliteStore::removeOlderVersions(RowId record)
{
    std::vector<RowId> older;
    auto done = m_db.query(
        "SELECT o.id FROM record r JOIN record o ON o.identity = r.identity AND o.source = r.source "
        "AND o.source_record_id = r.source_record_id AND o.id < r.id JOIN feedback f ON f.id = o.id WHERE r.id = ?1",
        [&](const Row &row) { older.push_back(row.number(0)); }, record);
    for (std::size_t i = 0; done && i < older.size(); ++i)
        done = keepIncidents(older[i], record).and_then([&] { return removeFeedback(older[i]); });
    return done;
}

Result<> SqliteStore::writeFeedback(const SilverRow &row)
{
    if (auto done = keepIncidents(row.id, row.id).and_then([&] { return removeFeedback(row.id); }); !done)
        return done;
    const NormalisedText &n = row.normalised;
    const auto null = [](const std::string &text) { return Nullable{text}; };
    const std::string toNormalised = row.masked.toSource.encode(), toRecord = n.toRecord.encode();
    if (auto done = m_db.run("INSERT INTO feedback(id, uid, uid8, text, text_hash, title_bytes, to_normalised, "
                             "to_record, record_title_bytes, lang, "
                             "lang_score, product, component_hint, app_version, os, device, plan_tier, account_id, "
                             "country, region, channel, rating, "
                             "author, at) VALUES(?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, "
                             "?16, ?17, ?18, ?19, ?20, ?21, ?22, "
                             "?23, ?24)",
                             row.id, row.uid.value, prefix64(row.uid.value), row.masked.text, sha256(row.masked.text),
                             n.titleBytes, Blob{toNormalised}, Blob{toRecord}, n.recordTitleBytes, row.language.lang,
                             row.language.score, null(n.product), null(n.componentHint), null(n.appVersion), null(n.os),
                             null(n.device), null(n.planTier), null(n.accountId), null(n.country), null(n.region),
                             n.channel, n.rating, null(n.author), n.at);
        !done)
        return done;
    for (const PiiSpan &span : row.masked.spans)
        if (auto done = m_db.run("INSERT INTO pii_span(feedback, source_start, source_end, start, \"end\", type, "
                                 "score, detector, pseudonym) "
                                 "VALUES(?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9)",
                                 row.id, span.source.start, span.source.end, span.masked.start, span.masked.end,
                                 span.type, span.score, span.detector, span.pseudonym);
            !done)
            return done;
    m_searchRows.emplace_back(searchRow(row.id, n.at), row.masked.text);
    return {};
}

Result<> SqliteStore::saveSilver(std::span<const SilverRow> rows, std::span<const RowId> dropped,
                                 [[maybe_unused]] RowId last)
{
    struct Item {
        RowId id;
        const SilverRow *row;
    };
    std::vector<Item> items;
    items.reserve(rows.size() + dropped.size());
    for (const SilverRow &row : rows)
        items.push_back({row.id, &row});
    for (const RowId id : dropped)
        items.push_back({id, nullptr});
    std::sort(items.begin(), items.end(), [](const Item &a, const Item &b) { return a.id < b.id; });
    WINNOW_ASSERT(items.empty() || items.back().id == last);
    m_searchRows.clear();
    return savePending(
        "run: silver", items.size(),
        [&](std::size_t i) {
            const Item &item = items[i];
            return removeOlderVersions(item.id).and_then(
                [&] { return item.row ? writeFeedback(*item.row) : removeFeedback(item.id); });
        },
        [&](std::size_t i) -> Result<> {
            // the index wants its rows in ascending order, or it writes each one out by itself
            std::sort(m_searchRows.begin(), m_searchRows.end());
            for (const auto &[row, text] : m_searchRows)
                if (auto done = m_db.run("INSERT INTO search(rowid, text) VALUES(?1, ?2)", row, text); !done)
                    return done;
            m_searchRows.clear();
            return m_db.run("UPDATE meta SET value = ?1 WHERE name = 'silver_watermark'", items[i].id);
        });
}

Result<std::vector<FeedbackRow>> SqliteStore::pendingFeedback(Pass pass, std::size_t limit)
{
    const auto since = withdrawals(); // before the watermark, or one that is moved back in between would be overtaken
    const auto watermark = m_db.number("SELECT value FROM meta WHERE name = ?1", watermarkName(pass));
    if (!watermark || !since)
        return tl::unexpected(!watermark ? watermark.error() : since.error());
    m_pendingSince = *since;
    std::vector<FeedbackRow> rows;
    auto done = m_db.query(
        "SELECT id, uid, text, lang, product, component_hint, os, app_version, rating FROM feedback WHERE id > ?1 "
        "ORDER BY id LIMIT ?2",
        [&](const Row &row) {
            rows.push_back({row.number(0),
                            row.text(1),
                            row.text(2),
                            row.text(3),
                            row.text(4),
                            row.text(5),
                            row.text(6),
                            row.text(7),
                            row.optionalReal(8),
                            {}});
        },
        watermark->value_or(0), limit);
    if (done && pass == Pass::Extract)
        for (FeedbackRow &feedback : rows) {
            done = m_db.query(
                "SELECT start, \"end\", issue FROM segment WHERE id BETWEEN ?1 AND ?2 ORDER BY id",
                [&](const Row &row) {
                    feedback.segments.push_back(
                        {{std::uint32_t(row.number(0)), std::uint32_t(row.number(1))}, row.number(2) != 0});
                },
                feedback.id * kSegmentsPerFeedback, feedback.id * kSegmentsPerFeedback + kSegmentsPerFeedback - 1);
            if (!done)
                break;
        }
    if (!done)
        return tl::unexpected(done.error());
    return rows;
}

Result<> SqliteStore::saveSegments(std::span<const FeedbackRow> rows)
{
    return savePending(
        "run: segment", rows.size(),
        [&](std::size_t i) -> Result<> {
            const FeedbackRow &row = rows[i];
            const std::int64_t first = row.id * kSegmentsPerFeedback;
            if (auto done =
                    m_db.run("DELETE FROM segment WHERE id BETWEEN ?1 AND ?2", first, first + kSegmentsPerFeedback - 1);
                !done)
                return done;
            for (std::size_t k = 0; k < row.segments.size() && k < std::size_t(kSegmentsPerFeedback); ++k) {
                const Segment &segment = row.segments[k];
                if (auto done = m_db.run("INSERT INTO segment(id, start, \"end\", issue) VALUES(?1, ?2, ?3, ?4)",
                                         first + std::int64_t(k), segment.span.start, segment.span.end, segment.issue);
                    !done)
                    return done;
            }
            return {};
        },
        [&](std::size_t i) {
            return m_db.run("UPDATE meta SET value = ?1 WHERE name = 'segment_watermark'", rows[i].id);
        });
}

Result<std::int64_t> SqliteStore::extractionId(const Finding &finding)
{
    const std::string key = finding.engine + '\x1f' + finding.model;
    if (const auto known = m_extractions.find(key); known != m_extractions.end())
        return known->second;
    const auto find = [&] {
        return m_db.number(
            "SELECT id FROM extraction WHERE engine = ?1 AND model = ?2 AND schema = ?3 AND prompt IS NULL",
            finding.engine, finding.model, kFindingSchema);
    };
    auto id = find();
    if (id && !*id) {
        if (auto done = m_db.run("INSERT INTO extraction(engine, model, schema) VALUES(?1, ?2, ?3)", finding.engine,
                                 finding.model, kFindingSchema);
            !done)
            return tl::unexpected(done.error());
        id = find();
    }
    if (!id)
        return tl::unexpected(id.error());
    m_extractions.emplace(key, id->value_or(0));
    return id->value_or(0);
}

Result<> SqliteStore::saveFindings(std::span<const FeedbackRow> rows, std::span<const std::vector<Finding>> findings)
{
    m_extractions.clear(); // a rolled back transaction may have taken one with it
    return savePending(
        "run: extract", rows.size(),
        [&](std::size_t i) -> Result<> {
            if (auto done = removeFindings(rows[i].id); !done)
                return done;
            std::int64_t segmentOrdinal = -1, ordinal = 0;
            for (std::size_t k = 0; k < findings[i].size(); ++k) {
                const Finding &finding = findings[i][k];
                // findings follow their segments' order; several of one segment take the next places
                const auto segment = std::find_if(rows[i].segments.begin(), rows[i].segments.end(),
                                                  [&](const Segment &s) { return s.span == finding.segment; });
                if (segment == rows[i].segments.end())
                    return fail(ErrorCode::Protocol, "a finding of feedback " + rows[i].uid + " belongs to no segment");
                const std::int64_t at = segment - rows[i].segments.begin();
                ordinal = at == segmentOrdinal ? ordinal + 1 : 0;
                segmentOrdinal = at;
                if (ordinal >= kFindingsPerSegment || at >= kSegmentsPerFeedback)
                    continue;
                const std::int64_t id = (rows[i].id * kSegmentsPerFeedback + at) * kFindingsPerSegment + ordinal;
                const auto extraction = extractionId(finding);
                if (!extraction)
                    return tl::unexpected(extraction.error());
                if (auto done =
                        m_db.run("INSERT INTO finding(id, extraction, type, severity, component, symptom, confidence, "
                                 "abstained, detail) "
                                 "VALUES(?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9)",
                                 id, *extraction, int(finding.type), int(finding.severity), Nullable{finding.component},
                                 Nullable{finding.symptom}, finding.confidence, finding.abstained, detailJson(finding));
                    !done)
                    return done;
                // `unknown` alone says nothing and is not stored
                if (finding.rootCauses.size() > 1)
                    for (std::size_t h = 0; h < finding.rootCauses.size(); ++h)
                        if (auto done = m_db.run(
                                "INSERT INTO hypothesis(finding, ordinal, label, p, basis) VALUES(?1, ?2, ?3, ?4, ?5)",
                                id, h, finding.rootCauses[h].label, finding.rootCauses[h].p,
                                Nullable{finding.rootCauses[h].basis});
                            !done)
                            return done;
                for (std::size_t e = 0; e < finding.evidence.size(); ++e) {
                    std::string supports;
                    for (const std::string &member : finding.evidence[e].supports)
                        supports += (supports.empty() ? "" : ",") + member;
                    if (auto done =
                            m_db.run("INSERT INTO evidence(finding, ordinal, start, \"end\", supports) VALUES(?1, ?2, "
                                     "?3, ?4, ?5)",
                                     id, e, finding.evidence[e].span.start, finding.evidence[e].span.end, supports);
                        !done)
                        return done;
                }
            }
            return {};
        },
        [&](std::size_t i) {
            return m_db.run("UPDATE meta SET value = ?1 WHERE name = 'extract_watermark'", rows[i].id);
        });
}

Result<> SqliteStore::eachText(const std::function<void(RowId, std::string_view, std::string_view)> &take)
{
    return m_db.query("SELECT id, uid, text FROM feedback ORDER BY id",
                      [&](const Row &row) { take(row.number(0), row.bytes(1), row.bytes(2)); });
}

Result<> SqliteStore::saveDuplicates(std::span<const DuplicateRow> rows)
{
    std::map<RowId, DuplicateRow> known;
    if (auto done = m_db.query("SELECT feedback, representative, similarity FROM duplicate_group",
                               [&](const Row &row) {
                                   known[row.number(0)] = {row.number(0), row.number(1), row.real(2)};
                               });
        !done)
        return done;
    std::vector<DuplicateRow> changed; // representative 0: no longer a copy
    for (const DuplicateRow &row : rows) {
        const auto it = known.find(row.feedback);
        if (it == known.end() || it->second != row)
            changed.push_back(row);
        if (it != known.end())
            known.erase(it);
    }
    for (const auto &[id, row] : known)
        changed.push_back({id, 0, 0});
    return inBatches(
        "run: near-duplicates", changed.size(),
        [&](std::size_t i) {
            const DuplicateRow &row = changed[i];
            return row.representative
                ? m_db.run(
                    "INSERT OR REPLACE INTO duplicate_group(feedback, representative, similarity) VALUES(?1, ?2, ?3)",
                    row.feedback, row.representative, row.similarity)
                : m_db.run("DELETE FROM duplicate_group WHERE feedback = ?1", row.feedback);
        },
        {});
}

}
