#pragma once

#include <algorithm>
#include <filesystem>
#include <map>
#include <memory>
#include <set>
#include <string>
#include <vector>

#include <QString>
#include <QTemporaryDir>

#include "core/adapters/sqlite/sqlitestore.h"
#include "core/adapters/sqlite/workspace.h"
#include "core/base/resources.h"
#include "core/pipeline/naming.h"
#include "core/stages/mask/mask.h"
#include "tests/fakes/memorysecrets.h"

namespace winnow::test
{

/// For messages: QCOMPARE shows a QString, but no std::string.
inline QString q(std::string_view text)
{
    return QString::fromUtf8(text.data(), qsizetype(text.size()));
}

/// An answer's code in words, for QCOMPARE; `done` where there was no error.
inline QString codeOf(ErrorCode code)
{
    return q(toString(code));
}
template <typename T> QString codeOf(const Result<T> &result)
{
    return result ? QStringLiteral("done") : codeOf(result.error().code);
}

/// What a test prepares must work, or there is nothing to test.
template <typename T> T must(Result<T> result)
{
    if (!result)
        qFatal("%s: %s", std::string(toString(result.error().code)).c_str(), result.error().detail.c_str());
    if constexpr (!std::is_void_v<T>)
        return std::move(*result);
}

/// All bytes of the files below a folder, with their names.
inline std::string bytesBelow(const std::string &folder)
{
    std::string bytes;
    for (const auto &entry : std::filesystem::recursive_directory_iterator(folder))
        if (entry.is_regular_file())
            bytes += entry.path().filename().string() + '\n' + must(readFile(entry.path().string())) + '\n';
    return bytes;
}

/// One customer statement. Its segments are its paragraphs, the title being the first one.
struct Said {
    std::string id, body;
    std::string author = {}, title = {};
    bool tombstone = false;
    TimePoint at = TimePoint(std::chrono::hours(24 * 365 * 50));
};

/// A small workspace: a real file, Silver, findings and groups made by hand, names given as a run gives them.
class World
{
public:
    using Partition = std::map<std::string, std::set<std::string>>; ///< incident → segment ids

    explicit World(const std::string &folder = "ws")
        : World(fresh().secrets, fresh().folder, folder)
    {
    }
    /// The same workspace in another folder. \pre no other process writes.
    explicit World(const World &other)
        : World(other.secrets, other.settled(), "ws")
    {
        now = other.now;
    }
    World &operator=(const World &) = delete;

    void open() { workspace = again(); }
    /// Another connection, as another window has it. None waits for the disk: no test here pulls the plug.
    [[nodiscard]] std::unique_ptr<sqlite::Workspace> again()
    {
        auto opened = must(sqlite::Workspace::open(m_folder, secrets, true));
        must(opened->database().script("PRAGMA synchronous=OFF"));
        return opened;
    }
    [[nodiscard]] sqlite::Database &db() { return workspace->database(); }
    [[nodiscard]] const std::string &folder() const { return m_folder; }
    [[nodiscard]] const std::string &home() const { return m_homePath; }
    /// Time goes on by a second.
    TimePoint tick() { return now += std::chrono::seconds(1); }

    [[nodiscard]] std::int64_t count(const std::string &sql)
    {
        std::int64_t count = -1;
        must(db().queryOnce(sql, [&](const sqlite::Row &row) { count = row.number(0); }));
        return count;
    }
    [[nodiscard]] std::string text(const std::string &sql)
    {
        std::string text;
        must(db().queryOnce(sql, [&](const sqlite::Row &row) { text = row.text(0); }));
        return text;
    }

    [[nodiscard]] static std::string authorId(const std::string &author)
    {
        return author.empty() ? std::string() : hex(sha256("author " + author)).substr(0, 32);
    }

    [[nodiscard]] static Record recordOf(const Said &said)
    {
        Record record;
        record.source = "reviews";
        record.sourceRecordId = said.id;
        record.channel = "google_play";
        record.url = "https://reviews.example/" + said.id + "/of/" + said.author;
        record.authorId = authorId(said.author);
        record.authorName = said.author;
        record.createdAt = said.at;
        record.title = said.title;
        record.body = said.body;
        record.tombstone = said.tombstone;
        record.versionHash = hex(sha256(said.title + '\x1f' + said.body + (said.tombstone ? "\x1f-" : "\x1f+")));
        record.ingestedAt = said.at;
        record.origin = R"({"row":1})";
        record.rawPayload =
            said.id + ';' + said.title + ';' + said.body + ';' + said.author + ';' + said.author + "@mail.example";
        return record;
    }
    [[nodiscard]] static std::string uidOf(const Said &said)
    {
        const Record record = recordOf(said);
        return derivedId({record.source, record.sourceRecordId, record.versionHash});
    }

    sqlite::BronzeCounts receive(const std::vector<Said> &list)
    {
        sqlite::Bronze bronze(*workspace);
        auto lease = must(sqlite::Lease::acquire(*workspace, "import"));
        const std::string name = "file" + std::to_string(++m_files) + ".csv";
        const auto payload = must(bronze.openPayload(*lease, "reviews", name, now));
        std::vector<Record> records;
        for (const Said &said : list)
            records.push_back(recordOf(said));
        sqlite::BronzeCounts counts;
        must(bronze.add(*lease, payload, std::move(records), {}, 1, counts));
        must(bronze.closePayload(*lease, payload, "csv", hex(sha256(name)), 1, ""));
        return counts;
    }

    /// Silver of what is new: the author's own name is masked, nothing else.
    void deriveSilver()
    {
        auto lease = must(sqlite::Lease::acquire(*workspace, "run"));
        sqlite::SqliteStore store(*workspace, lease.get());
        must(store.preparePass(Pass::Silver, silverVersion));
        while (true) {
            const auto pending = must(store.pendingRecords(100));
            if (pending.empty())
                return;
            std::vector<SilverRow> rows;
            std::vector<RowId> dropped;
            for (const PendingRecord &row : pending) {
                if (row.current && !row.record.tombstone)
                    rows.push_back(silverOf(row));
                else
                    dropped.push_back(row.id);
            }
            must(store.saveSilver(rows, dropped, pending.back().id));
        }
    }

    void derive()
    {
        deriveSilver();
        auto lease = must(sqlite::Lease::acquire(*workspace, "run"));
        sqlite::SqliteStore store(*workspace, lease.get());
        must(store.preparePass(Pass::Segment, "1"));
        auto rows = must(store.pendingFeedback(Pass::Segment, 1000));
        for (FeedbackRow &row : rows)
            row.segments = paragraphs(row.text);
        must(store.saveSegments(rows));
        must(store.preparePass(Pass::Extract, "1"));
        rows = must(store.pendingFeedback(Pass::Extract, 1000));
        std::vector<std::vector<Finding>> findings;
        for (const FeedbackRow &row : rows) {
            auto &list = findings.emplace_back();
            for (const Segment &segment : row.segments)
                list.push_back(findingOf(segment));
        }
        must(store.saveFindings(rows, findings));
    }

    /// The segment ids of a record of today; of one of its paragraphs.
    [[nodiscard]] std::vector<std::string> segments(const std::string &record)
    {
        std::vector<std::string> uids;
        must(db().query(
            "SELECT f.uid, s.start, s.\"end\" FROM record r JOIN feedback f ON f.id = r.id JOIN segment s ON s.id "
            "BETWEEN f.id << 16 AND (f.id << 16) + 65535 WHERE r.source_record_id = ?1 AND r.current = 1 ORDER BY s.id",
            [&](const sqlite::Row &row) {
                uids.push_back(
                    sqlite::segmentUid(row.bytes(0), {std::uint32_t(row.number(1)), std::uint32_t(row.number(2))}));
            },
            record));
        return uids;
    }
    [[nodiscard]] std::string segment(const std::string &record, std::size_t paragraph = 0)
    {
        return segments(record).at(paragraph);
    }

    /// What a run does with a grouping that the test makes up. \param groups  of record or segment ids.
    /// \returns one incident id per group.
    std::vector<std::string> group(const std::vector<std::vector<std::string>> &groups)
    {
        std::map<std::string, RowId> rowOf;
        must(db().query(
            "SELECT f.uid, s.start, s.\"end\", s.id FROM segment s JOIN feedback f ON f.id = s.id >> 16",
            [&](const sqlite::Row &row) {
                rowOf[sqlite::segmentUid(row.bytes(0), {std::uint32_t(row.number(1)), std::uint32_t(row.number(2))})] =
                    row.number(3);
            }));
        auto lease = must(sqlite::Lease::acquire(*workspace, "run"));
        sqlite::SqliteStore store(*workspace, lease.get());
        std::vector<std::vector<RowId>> rows;
        std::vector<std::string> anchors;
        for (const auto &group : groups) {
            std::set<std::string> uids;
            for (const std::string &member : group) {
                const auto all = member.find(':') == std::string::npos ? segments(member) : std::vector{member};
                uids.insert(all.begin(), all.end());
            }
            anchors.push_back(*uids.begin());
            auto &list = rows.emplace_back();
            for (const std::string &uid : uids)
                list.push_back(rowOf.at(uid));
        }
        const GroupingInput known = must(store.groupingInput());
        const NamedGroups names = nameGroups(rows, std::vector<std::string_view>(anchors.begin(), anchors.end()),
                                             must(store.currentPartition()), known);
        std::vector<std::pair<std::string, std::vector<RowId>>> named;
        for (std::size_t g = 0; g < rows.size(); ++g)
            named.emplace_back(names.ids[g], rows[g]);
        RunRecord run;
        run.id = sqlite::uuid7(tick());
        run.startedAt = run.finishedAt = run.asOf = now;
        run.engine = "hand";
        run.versions = "{}";
        run.stages = "[]";
        run.knows = known.clock;
        run.snapshot = must(store.beginSnapshot());
        must(store.saveMembership(run.snapshot, named));
        must(saveGold(store, run.snapshot, {}));
        run.stateHash = must(store.stateHash(run.snapshot));
        must(store.finishRun(run, names.changes));
        return names.ids;
    }

    /// As the pipeline does after a decision about members.
    void refresh(const std::vector<std::string> &incidents)
    {
        sqlite::SqliteStore store(*workspace, nullptr);
        if (!incidents.empty())
            must(saveGold(store, must(store.currentSnapshot()), incidents));
    }

    [[nodiscard]] Partition partition()
    {
        Partition partition;
        must(db().query(
            "SELECT i.uid, f.uid, s.start, s.\"end\" FROM membership m JOIN meta n ON n.name = 'snapshot' AND "
            "m.snapshot = n.value JOIN incident i ON i.id = m.incident JOIN segment s ON s.id = m.segment JOIN "
            "feedback "
            "f ON f.id = m.segment >> 16",
            [&](const sqlite::Row &row) {
                partition[row.text(0)].insert(
                    sqlite::segmentUid(row.bytes(1), {std::uint32_t(row.number(2)), std::uint32_t(row.number(3))}));
            }));
        return partition;
    }

    /// What constraints say today: `must a b` or `cannot a b`, live ones, in order.
    [[nodiscard]] std::vector<std::string> constraints()
    {
        std::vector<std::string> list;
        must(db().query("SELECT kind || ' ' || a || ' ' || b FROM \"constraint\" WHERE undone = 0 AND superseded IS "
                        "NULL ORDER BY 1",
                        [&](const sqlite::Row &row) { list.push_back(row.text(0)); }));
        return list;
    }
    /// Folded names: anchor → incident.
    [[nodiscard]] std::map<std::string, std::string> names()
    {
        return must(sqlite::SqliteStore(*workspace, nullptr).groupingInput()).names;
    }

    MemorySecrets secrets;
    TimePoint now = TimePoint(std::chrono::hours(24 * 365 * 55));
    std::unique_ptr<sqlite::Workspace> workspace;
    std::string silverVersion = "1";
    bool maskNames = true;
    /// What an incident is like, beyond the sum of its members.
    std::function<void(GoldRow &)> shape = [](GoldRow &) {};

private:
    /// An empty workspace to copy from, made once.
    struct Fresh {
        QTemporaryDir home;
        MemorySecrets secrets;
        std::string folder = home.path().toStdString() + "/ws";
        Fresh() { must(sqlite::Workspace::create(folder, secrets, {}, TimePoint())); }
    };
    static const Fresh &fresh()
    {
        static const Fresh fresh;
        return fresh;
    }
    /// Its folder, with all that was written in the one file.
    [[nodiscard]] const std::string &settled() const
    {
        must(workspace->database().script("PRAGMA wal_checkpoint(TRUNCATE)"));
        return m_folder;
    }
    World(MemorySecrets kept, const std::string &from, const std::string &folder)
        : secrets(std::move(kept))
        , m_folder(m_home.path().toStdString() + '/' + folder)
    {
        std::filesystem::create_directories(m_folder);
        std::filesystem::copy_file(sqlite::Workspace::databasePath(from), sqlite::Workspace::databasePath(m_folder));
        open();
    }

    SilverRow silverOf(const PendingRecord &pending) const
    {
        const Record &record = pending.record;
        SilverRow row;
        row.id = pending.id;
        row.uid = FeedbackId(derivedId({record.source, record.sourceRecordId, record.versionHash}));
        NormalisedText &n = row.normalised;
        n.text = record.title.empty() ? record.body : record.title + "\n\n" + record.body;
        n.titleBytes = n.recordTitleBytes = std::uint32_t(record.title.size());
        n.channel = record.channel;
        n.author = record.authorId;
        n.at = record.createdAt;
        row.language = {"en", 1};
        const std::string &name = record.authorName;
        std::size_t from = 0;
        while (maskNames && !name.empty()) {
            const std::size_t at = n.text.find(name, from);
            if (at == std::string::npos)
                break;
            row.masked.text += n.text.substr(from, at - from);
            const std::string pseudonym = mask::pseudonym({}, "PERSON", name);
            const std::string placeholder = "⟦PERSON_" + pseudonym + "⟧";
            const ByteSpan source{std::uint32_t(at), std::uint32_t(at + name.size())};
            const auto begin = std::uint32_t(row.masked.text.size());
            const ByteSpan masked{begin, begin + std::uint32_t(placeholder.size())};
            row.masked.toSource.add(source, masked);
            row.masked.spans.push_back({source, masked, "PERSON", 1, "test", pseudonym});
            row.masked.text += placeholder;
            from = source.end;
        }
        row.masked.text += n.text.substr(from);
        return row;
    }

    static std::vector<Segment> paragraphs(const std::string &text)
    {
        std::vector<Segment> list;
        for (std::size_t at = 0; at < text.size();) {
            const std::size_t end = std::min(text.find("\n\n", at), text.size());
            list.push_back({{std::uint32_t(at), std::uint32_t(end)}, true});
            at = end + 2;
        }
        return list;
    }

    static Finding findingOf(const Segment &segment)
    {
        Finding finding;
        finding.segment = segment.span;
        finding.type = IssueType::Bug;
        finding.types = {{"bug", 0.9}};
        finding.component = "Checkout";
        finding.symptom = "crash";
        finding.severity = Severity::High;
        finding.confidence = 0.8;
        finding.rootCauses = {{"unknown", 0.6, {}}, {"update", 0.4, "taxonomy"}};
        finding.evidence = {{{segment.span.start, std::min(segment.span.start + 5, segment.span.end)}, {}, {"type"}}};
        finding.model = "1";
        return finding;
    }

    Result<> saveGold(sqlite::SqliteStore &store, RowId snapshot, const std::vector<std::string> &only)
    {
        return store.eachIncident(snapshot, 100, only, [&](std::vector<IncidentMembers> &&chunk) -> Result<> {
            std::vector<GoldRow> rows;
            for (const IncidentMembers &members : chunk) {
                GoldRow &row = rows.emplace_back();
                row.incident = members.incident;
                row.data.id = members.uid;
                row.data.title = "Crash in Checkout";
                row.data.component = "Checkout";
                row.data.type = IssueType::Bug;
                row.data.severity = Severity::High;
                row.data.reports = std::uint32_t(members.members.size());
                row.data.authors = row.data.reports;
                row.data.confidence = 0.8;
                row.score.priority = 50;
                row.score.factors = {{"severity", 0.8, -0.1}};
                row.banding.band = Band::Review;
                row.draft =
                    Draft{"Crash in Checkout", "Reports: " + std::to_string(row.data.reports), {{"owner", "ann"}}};
                for (const MemberRow &member : members.members)
                    row.data.newestAt = std::max(row.data.newestAt, member.at);
                shape(row);
            }
            return store.saveGold(snapshot, rows);
        });
    }

    QTemporaryDir m_home;
    std::string m_homePath = m_home.path().toStdString();
    std::string m_folder;
    int m_files = 0;
};

}
