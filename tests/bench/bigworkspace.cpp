#include "tests/bench/bigworkspace.h"

#include <algorithm>
#include <random>
#include <vector>

#include "app/composition.h"
#include "core/base/hash.h"
#include "core/text/offsetmap.h"

namespace winnow::bench
{

namespace
{

using sqlite::Blob;

constexpr int kBatch = 2000; ///< reviews in a transaction

/// Words of a language that nobody speaks; common ones are common.
class Words
{
public:
    explicit Words(std::mt19937 &random)
        : m_random(random)
    {
        static constexpr const char *kSyllables[] = {"lo",  "ka",  "ri",  "me",  "tu",  "so",  "na",
                                                     "vi",  "pe",  "do",  "shi", "gar", "men", "tol",
                                                     "bas", "fen", "rup", "win", "cla", "ost"};
        for (int i = 0; i < 4000; ++i) {
            std::string word;
            for (int n = i; word.empty() || n; n /= 20)
                word += kSyllables[n % 20];
            m_words.push_back(word + (word.size() < 4 ? "x" : ""));
        }
        static constexpr const char *kKnown[] = {"the",  "app",    "crash",   "checkout", "login",  "slow",
                                                 "when", "update", "payment", "screen",   "button", "phone"};
        std::copy(std::begin(kKnown), std::end(kKnown), m_words.begin());
    }
    std::string text(int count)
    {
        std::string text;
        for (int i = 0; i < count; ++i) {
            const double u = double(m_random() >> 5) / double(1u << 27);
            text += (i ? " " : "") + m_words[std::size_t(u * u * u * double(m_words.size() - 1))];
        }
        return text;
    }

private:
    std::mt19937 &m_random;
    std::vector<std::string> m_words;
};

TimePoint dayOf(std::uint32_t number)
{
    return TimePoint(std::chrono::hours(24 * 20'000 + number % (24 * 500)));
}

/// Bronze, Silver and findings of one review, in the caller's transaction.
Result<> addReview(sqlite::Database &db, std::int64_t id, const std::string &text, std::uint32_t number)
{
    const std::string uid = derivedId({"bench", std::to_string(id)}), empty = OffsetMap().encode();
    const TimePoint at = dayOf(number);
    const std::int64_t segment = id << 16, finding = segment << 4;
    const auto end = std::int64_t(text.size()), quote = std::int64_t(std::min(text.find(' ', 12), text.size()));
    return db
        .run("INSERT INTO record(id, identity, source, source_record_id, version, current, version_hash, payload, "
             "channel, "
             "created_at, flags, tombstone, ingested_at, sealed) VALUES(?1, ?1, 'bench', ?1, 1, 1, ?2, 1, "
             "'google_play', ?3, 0, "
             "0, ?3, ?2)",
             id, Blob{"x"}, at)
        .and_then([&] {
            return db.run(
                "INSERT INTO feedback(id, uid, uid8, text, text_hash, title_bytes, to_normalised, to_record, "
                "record_title_bytes, lang, lang_score, app_version, channel, author, at) VALUES(?1, ?2, ?3, ?4, ?5, 0, "
                "?6, ?6, 0, 'en', 1, '9.2', 'google_play', ?7, ?8)",
                id, uid, prefix64(uid), text, Blob{"x"}, Blob{empty}, std::to_string(number % 300'000), at);
        })
        .and_then(
            [&] { return db.run("INSERT INTO segment(id, start, \"end\", issue) VALUES(?1, 0, ?2, 1)", segment, end); })
        .and_then([&] {
            return db.run("INSERT INTO finding(id, extraction, type, severity, component, symptom, confidence, "
                          "abstained, detail) "
                          "VALUES(?1, 1, 0, 2, 'Checkout', 'crash', ?2, 0, '{}')",
                          finding, double(number % 1000) / 1000);
        })
        .and_then([&] {
            return db.run(
                "INSERT INTO evidence(finding, ordinal, start, \"end\", supports) VALUES(?1, 0, 0, ?2, '[\"type\"]')",
                finding, quote);
        })
        .and_then(
            [&] { return db.run("INSERT INTO search(rowid, text) VALUES(?1, ?2)", sqlite::searchRow(id, at), text); });
}

GoldRow goldOf(std::int64_t row, const std::string &uid, std::size_t reports, Words &words, std::mt19937 &random)
{
    static constexpr const char *kComponents[] = {"Checkout", "Login", "Search", "Delivery", "Cart"};
    GoldRow gold;
    gold.incident = row;
    gold.data.id = IncidentId(uid);
    gold.data.component = kComponents[random() % 5];
    gold.data.title = gold.data.component + ": " + words.text(3);
    gold.data.type = IssueType(random() % 8);
    gold.data.severity = Severity(random() % 5);
    gold.data.reports = std::uint32_t(reports);
    gold.data.authors = gold.data.reports;
    gold.data.ofAuthors = 300'000;
    gold.data.confidence = double(random() % 1000) / 1000;
    gold.data.newestAt = dayOf(random());
    gold.data.rootCauses = {{"unknown", 0.6, {}}, {words.text(3), 0.4, "taxonomy"}};
    gold.score.priority = double(random() % 10'000) / 100;
    for (const char *name : {"severity", "reach", "revenue_weight", "recency", "confidence"})
        gold.score.factors.push_back({name, 0.5, -double(random() % 1000) / 1000});
    gold.banding = {Band(random() % 4), "generated", "reach 0.41 → 0.55 moves it"};
    gold.matching.matches = {{"APP-" + std::to_string(random() % 5000), Relation::Related, 0.4}};
    gold.draft = Draft{gold.data.title, words.text(150), {{"owner", "ann"}}};
    return gold;
}

}

Result<> makeBigWorkspace(const std::string &folder, int reviews, int incidents)
{
    const TimePoint now = app::systemClock().now();
    if (auto made = sqlite::Workspace::create(folder, app::secretStore(), "bench", now); !made)
        return tl::unexpected(made.error());
    auto workspace = app::openWorkspace(folder, false);
    if (!workspace)
        return tl::unexpected(workspace.error());
    sqlite::Database &db = (*workspace)->database();
    std::mt19937 random(1);
    Words words(random);
    auto done =
        db.script("PRAGMA synchronous=OFF; INSERT INTO raw_payload(id, source, name, format, received_at) VALUES(1, "
                  "'bench', 'bench', 'csv', 0); INSERT INTO extraction(id, engine, model, schema) VALUES(1, 'local', "
                  "'bench', 1);");
    for (int first = 1; done && first <= reviews; first += kBatch) {
        auto transaction = sqlite::Transaction::begin(db, "bench");
        if (!transaction)
            return tl::unexpected(transaction.error());
        for (int id = first; done && id < first + kBatch && id <= reviews; ++id)
            done = addReview(db, id, words.text(12 + int(random() % 14)), random());
        if (done)
            done = transaction->commit();
        db.checkpoint();
    }
    if (!done)
        return done;

    auto lease = sqlite::Lease::acquire(**workspace, "run");
    if (!lease)
        return tl::unexpected(lease.error());
    sqlite::SqliteStore store(**workspace, lease->get());
    const auto snapshot = store.beginSnapshot();
    if (!snapshot)
        return tl::unexpected(snapshot.error());
    // each incident has one review; the others fall to small and to large ones
    std::vector<std::pair<std::string, std::vector<RowId>>> groups(static_cast<std::size_t>(incidents));
    for (int i = 0; i < reviews; ++i) {
        const double u = double(random() >> 5) / double(1u << 27);
        const auto group = i < incidents ? std::size_t(i) : std::size_t(u * u * double(incidents));
        groups[group].second.push_back(std::int64_t(i + 1) << 16);
    }
    for (std::size_t i = 0; i < groups.size(); ++i)
        groups[i].first = derivedId({"bench incident", std::to_string(i)});
    if (done = store.saveMembership(*snapshot, groups); !done)
        return done;
    std::vector<GoldRow> rows;
    for (const auto &[uid, members] : groups) {
        const auto row = db.number("SELECT id FROM incident WHERE uid8 = ?1 AND uid = ?2", prefix64(uid), uid);
        if (!row)
            return tl::unexpected(row.error());
        rows.push_back(goldOf(row->value_or(0), uid, members.size(), words, random));
    }
    if (done = store.saveGold(*snapshot, rows); !done)
        return done;
    RunRecord run;
    run.id = sqlite::uuid7(now);
    run.startedAt = run.finishedAt = run.asOf = now;
    run.engine = "bench";
    run.versions = "{}";
    run.stages = "[]";
    run.snapshot = *snapshot;
    return store.finishRun(run, {});
}

}
