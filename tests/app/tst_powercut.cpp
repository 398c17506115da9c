#include <QtTest>

#include <filesystem>
#include <fstream>

#include <sqlite3.h>

#include "app/composition.h"
#include "core/adapters/sqlite/importjob.h"
#include "core/adapters/sqlite/maintenance.h"
#include "core/adapters/sqlite/outbox.h"
#include "core/adapters/sqlite/triage.h"
#include "core/adapters/trackers/filetracker.h"
#include "tests/fakes/faultfiles.h"
#include "tests/fakes/faultvfs.h"
#include "tests/fakes/powerfiles.h"

using namespace winnow;
using namespace winnow::sqlite;
using namespace winnow::test;

namespace
{

namespace fs = std::filesystem;
using Strings = std::vector<std::string>;

const TimePoint kAsOf = *parseTime("2026-11-23T23:59:59.999Z");
constexpr const char *kTickets = "/tickets";

/// What a test prepares must work, or there is nothing to test.
template <typename T> T must(Result<T> result)
{
    if (!result)
        qFatal("%s: %s", std::string(toString(result.error().code)).c_str(), result.error().detail.c_str());
    if constexpr (!std::is_void_v<T>)
        return std::move(*result);
}

/// What the program has told somebody is done, up to the moment the power failed.
struct Told {
    Strings events; ///< of decisions
    Strings files; ///< read to their end
    Strings runs;
    Strings filings; ///< confirmed
    std::size_t tombstones = 0;
};

/// A workspace in a folder of its own, tickets on a disk of their own, both on one power supply.
struct Site {
    std::string folder;
    Power &power;
    FaultFiles disk;
    PowerFiles files{disk, power};

    Site(std::string path, Power &supply)
        : folder(std::move(path))
        , power(supply)
    {
        disk.makeFolder("/");
    }
    [[nodiscard]] Result<std::unique_ptr<Workspace>> open(bool full) const { return app::openWorkspace(folder, full); }
};

/// One thing somebody does. Called again after a power cut it goes on where it finds itself.
using Step = Result<> (*)(Site &site, Told &told);

std::string csvLine(const std::string &id, int day, int rating, const std::string &body, const std::string &author)
{
    char date[32];
    std::snprintf(date, sizeof date, "2026-11-%02dT10:00:00Z", day);
    return id + ',' + date + ',' + std::to_string(rating) + ",\"" + body + "\"," + author + ",9.1."
        + std::to_string(day % 3) + '\n';
}

constexpr const char *kHeader = "id,date,rating,text,user,version\n";

const Strings kThemes{
    "The checkout page crashes as soon as I tap pay with a saved card",
    "Search shows an error for every product since the last update",
    "The app drains my battery over night although it is closed",
    "Logging in takes forever and then the screen stays white",
    "Please add a dark mode to the order list",
    "My address is shown to other customers in the delivery chat",
};

/// The first file: themes told in several voices, plain copies among them.
std::string firstFile()
{
    static const Strings kEndings{"", " again and again", ", very annoying", " on my phone", ". Please fix this"};
    std::string text = kHeader;
    int id = 0;
    for (std::size_t theme = 0; theme < kThemes.size(); ++theme)
        for (std::size_t voice = 0; voice < kEndings.size(); ++voice, ++id)
            text += csvLine("a" + std::to_string(id), 1 + id % 20, 1 + int(voice % 2), kThemes[theme] + kEndings[voice],
                            "user" + std::to_string(id % 9));
    for (int copy = 0; copy < 3; ++copy)
        text += csvLine("c" + std::to_string(copy), 21, 1, kThemes[0], "copier" + std::to_string(copy));
    return text;
}

/// The second one: more of the same, edited versions of earlier ones, something new, and a row that cannot be read.
std::string secondFile()
{
    std::string text = kHeader;
    for (int i = 0; i < 8; ++i)
        text += csvLine("b" + std::to_string(i), 22, 2, kThemes[std::size_t(i) % 4] + ", still",
                        "late" + std::to_string(i));
    for (int i = 0; i < 4; ++i)
        text +=
            csvLine("a" + std::to_string(i * 7), 23, 1,
                    kThemes[std::size_t(i) % 3] + ". Edited: it got worse, every day now", "user" + std::to_string(i));
    for (int i = 0; i < 4; ++i)
        text += csvLine("n" + std::to_string(i), 23, 1, "The voucher is not deducted from the total of my order",
                        "new" + std::to_string(i));
    return text + "n9,,,,,\n";
}

Result<> importOne(Workspace &workspace, Lease &lease, const std::string &path, Told &told)
{
    Bronze bronze(workspace);
    ImportOptions options;
    options.source = "reviews";
    options.workspaceKey = workspace.key().authorKey();
    options.now = systemNow();
    options.batchRecords = 6;
    return importIntoBronze(bronze, lease, path, options, {}, {}).map([&](const ImportOutcome &) {
        told.files.push_back(fs::path(path).filename().string());
    });
}

/// A source that says that some of its records are gone.
Result<> importTombstones(Workspace &workspace, Lease &lease, Told &told)
{
    Bronze bronze(workspace);
    const auto payload = bronze.openPayload(lease, "reviews", "page", kAsOf);
    if (!payload)
        return tl::unexpected(payload.error());
    std::vector<Record> records;
    for (const char *id : {"a3", "c1"}) {
        Record record;
        record.source = "reviews";
        record.sourceRecordId = id;
        record.tombstone = true;
        record.versionHash = hex(sha256(id));
        records.push_back(record);
    }
    const std::size_t count = records.size();
    BronzeCounts counts;
    return bronze.add(lease, *payload, std::move(records), {}, 1, counts)
        .and_then([&] { return bronze.closePayload(lease, *payload, "page", hex(sha256("page")), 1, {}); })
        .map([&] { told.tombstones = count; });
}

Result<> importStep(Site &site, Told &told)
{
    auto workspace = site.open(false);
    if (!workspace)
        return tl::unexpected(workspace.error());
    auto lease = Lease::acquire(**workspace, "import");
    if (!lease)
        return tl::unexpected(lease.error());
    return importOne(**workspace, **lease, site.folder + "/second.csv", told).and_then([&] {
        return importTombstones(**workspace, **lease, told);
    });
}

Result<> runStep(Site &site, Told &told)
{
    auto workspace = site.open(false);
    if (!workspace)
        return tl::unexpected(workspace.error());
    auto lease = Lease::acquire(**workspace, "run");
    if (!lease)
        return tl::unexpected(lease.error());
    auto engines = app::makeEngines(**workspace, lease->get());
    if (!engines)
        return tl::unexpected(engines.error());
    engines->request.runId = uuid7(systemNow());
    engines->request.asOf = kAsOf;
    engines->request.batch = 16;
    engines->request.threads = 1;
    return engines->pipeline->run(engines->request, {}, {}).map([&](const RunReport &report) {
        told.runs.push_back(report.run.id);
    });
}

/// Whether there is a live event of this kind on an incident.
Result<bool> happened(Workspace &workspace, const std::string &kind, const std::string &incident)
{
    return EventLog(workspace).list(incident).map([&](const std::vector<Event> &events) {
        return std::any_of(events.begin(), events.end(), [&](const Event &event) { return event.kind == kind; });
    });
}

/// As `decide … approve` makes one for a candidate that nobody was to look at.
Result<Draft> draftOf(Workspace &workspace, const std::string &incident)
{
    auto engines = app::makeEngines(workspace, nullptr);
    if (!engines)
        return tl::unexpected(engines.error());
    engines->request.asOf = kAsOf;
    return engines->store->currentSnapshot().and_then(
        [&](RowId snapshot) { return engines->pipeline->draft(engines->request, snapshot, incident, {}); });
}

/// The ids of the candidates before anybody decided, by priority.
Strings candidates; // NOLINT: set once by initTestCase

Result<> decideStep(Site &site, Told &told)
{
    auto workspace = site.open(true);
    if (!workspace)
        return tl::unexpected(workspace.error());
    Workspace &ws = **workspace;
    Triage triage(ws, "ann");
    const auto once = [&](const char *kind, const std::string &subject,
                          const std::function<Result<std::string>()> &decide) -> Result<> {
        const auto done = happened(ws, kind, subject);
        if (!done)
            return tl::unexpected(done.error());
        if (*done)
            return {};
        return decide().map([&](const std::string &event) { told.events.push_back(event); });
    };
    const auto decision = [&](std::size_t candidate, Decision what, const char *kind) {
        return once(kind, candidates[candidate], [&, what]() mutable -> Result<std::string> {
            const std::string &id = candidates[candidate];
            const auto stored = triage.draftOf(id);
            if (!stored)
                return tl::unexpected(stored.error());
            if (!*stored && what.kind == Decision::Kind::Approve) {
                auto draft = draftOf(ws, id);
                if (!draft)
                    return tl::unexpected(draft.error());
                what.draft = std::move(*draft);
            }
            return triage.decide(id, what, systemNow());
        });
    };
    // as every command does; where the power failed behind the merge, its sums are made now
    if (auto done = app::refreshRegrouped(ws, {}); !done)
        return done;
    using Kind = Decision::Kind;
    Decision approve, reject, snooze;
    approve.kind = Kind::Approve;
    approve.fileNow = true;
    reject.kind = Kind::Reject;
    reject.reason = "spam";
    reject.note = "somebody sells something";
    snooze.kind = Kind::Snooze;
    snooze.moreReports = 2;
    return decision(0, approve, "approved")
        .and_then([&] { return decision(1, approve, "approved"); })
        .and_then([&] { return decision(2, reject, "rejected"); })
        .and_then([&] {
            return once("merged", candidates[3], [&] {
                return triage.merge({candidates[3], candidates[4]}, systemNow()).map([](const GroupingDone &done) {
                    return done.event;
                });
            });
        })
        .and_then([&] { return app::refreshRegrouped(ws, {}); })
        .and_then([&] { return decision(5, snooze, "snoozed"); })
        .and_then([&] {
            return once("renamed", candidates[0],
                        [&] { return triage.rename(candidates[0], "Pay crashes", systemNow()); });
        })
        .and_then([&] {
            return once("undone", candidates[0], [&] {
                return triage.undo({}, false, systemNow()).map([](const GroupingDone &done) { return done.event; });
            });
        })
        .and_then([&] { return decision(3, approve, "approved"); });
}

Result<> pushStep(Site &site, Told &told)
{
    auto workspace = site.open(true);
    if (!workspace)
        return tl::unexpected(workspace.error());
    auto lease = Lease::acquire(**workspace, "push");
    if (!lease)
        return tl::unexpected(lease.error());
    FileTracker tracker(kTickets, site.files);
    return Outbox(**workspace)
        .push(**lease, "files", tracker, true, systemNow, {})
        .map([&](const std::vector<Filing> &filings) {
            for (const Filing &filing : filings)
                if (filing.state == "confirmed")
                    told.filings.push_back(filing.id);
        });
}

/// Ids that are made anew each time give way to their place in the log.
std::string settled(std::string text, const std::map<std::string, std::string> &places)
{
    for (const auto &[id, place] : places)
        for (std::size_t at = text.find(id); at != std::string::npos; at = text.find(id, at))
            text.replace(at, id.size(), place);
    return text;
}

/// Everything that must be the same however often the power failed: received, decided, derived, filed.
std::string portrait(Site &site)
{
    auto workspace = must(site.open(false));
    Database &db = workspace->database();
    std::string text;
    Bronze bronze(*workspace);
    for (const Bronze::Stored &stored : must(bronze.read(0, 100'000))) {
        const Record &r = stored.record;
        text += "record " + r.sourceRecordId + ' ' + r.versionHash.substr(0, 8) + (stored.current ? " current" : "")
            + (r.tombstone ? " gone " : " ") + std::to_string(r.flags) + ' ' + r.authorName + ": " + r.body + '\n';
    }
    must(bronze.eachReject([&](const Bronze::StoredReject &reject) -> Result<> {
        text += "reject " + reject.file + ' ' + reject.place + ' ' + reject.reason + ": " + reject.raw + '\n';
        return {};
    }));
    const auto rows = [&](const char *name, const char *sql) {
        must(db.queryOnce(sql, [&](const Row &row) {
            text += name;
            for (int column = 0; column < row.columns(); ++column)
                text += ' ' + row.text(column);
            text += '\n';
        }));
    };
    rows("payload",
         "SELECT p.name, p.sha256 IS NULL, count(r.id) FROM raw_payload p LEFT JOIN record r ON r.payload = "
         "p.id GROUP BY p.id ORDER BY p.id");
    std::map<std::string, std::string> places;
    for (const Event &event : must(EventLog(*workspace).list())) {
        if (event.kind == "run_finished" || event.kind.starts_with("filing_"))
            continue;
        places.emplace(event.id, "event" + std::to_string(places.size()));
        const std::size_t filing = event.refs.find("\"filing\":\"");
        if (filing != std::string::npos)
            places.emplace(event.refs.substr(filing + 10, 36), "filing" + std::to_string(places.size()));
        text += settled(event.kind + " by " + event.actor + ' ' + event.refs + ' ' + event.body.value_or("") + '\n',
                        places);
    }
    rows("triage", "SELECT incident, state, reason, title FROM triage ORDER BY incident");
    rows("filing", "SELECT incident, tracker, state, generation, ticket FROM filing ORDER BY incident, state");
    rows("confirmed",
         "SELECT json_extract(refs, '$.incident'), count(*) FROM event WHERE kind = 'filing_confirmed' "
         "GROUP BY 1 ORDER BY 1");
    rows("birth", "SELECT incident, anchor, count(*) FROM naming WHERE kind = 'birth' GROUP BY 1, 2 ORDER BY 1, 2");
    rows("alias", "SELECT uid, incident FROM alias ORDER BY uid");
    rows("constraint", "SELECT kind, a, b, undone, superseded IS NOT NULL FROM \"constraint\" ORDER BY a, b, kind");
    rows("candidate",
         "SELECT i.uid, c.band, c.priority, c.reports, hex(c.version) FROM candidate c JOIN incident i ON i.id = "
         "c.incident WHERE c.snapshot = (SELECT value FROM meta WHERE name = 'snapshot') ORDER BY i.uid");
    rows("other snapshots",
         "SELECT count(*) FROM membership WHERE snapshot > (SELECT value FROM meta WHERE name = 'snapshot')");
    rows("found",
         "SELECT f.uid FROM search s JOIN feedback f ON f.id = s.rowid & 1073741823 WHERE search MATCH "
         "'checkout OR voucher OR worse' ORDER BY f.uid");
    SqliteStore store(*workspace, nullptr);
    text += "state " + must(store.stateHash(must(store.currentSnapshot()))) + '\n';
    for (const std::string &path : site.disk.paths())
        if (!path.ends_with(".tmp")) // left over, and hidden
            text += "ticket " + path + '\n' + *site.disk.get(path);
    return text;
}

/// The first line that differs, for the message.
std::string difference(const std::string &is, const std::string &wanted)
{
    std::size_t at = 0, line = 0;
    while (at < is.size() && at < wanted.size() && is[at] == wanted[at]) {
        line = is[at] == '\n' ? at + 1 : line;
        ++at;
    }
    const auto from = [&](const std::string &text) {
        return text.substr(std::min(line, text.size()), text.find('\n', line) - line);
    };
    return "\nis:     " + from(is) + "\nwanted: " + from(wanted);
}

/// The process of before is gone, as far as its lease goes. Nothing reaches the disk by this.
void freeLease(Site &site)
{
    const auto db = must(Database::open(Workspace::databasePath(site.folder), Database::Mode::ReadWrite, false));
    sqlite3_db_config(db->handle(), SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, 1, nullptr);
    must(db->run("UPDATE lease SET owner = 'a process of before'"));
}

/// Looks at the workspace as the next start finds it.
/// \returns what is wrong; empty: all that was told is there and all that is there is whole.
std::string broken(Site &site, const Told &told)
{
    freeLease(site);
    auto workspace = must(site.open(false));
    Database &db = workspace->database();
    const auto verified = must(verify(*workspace));
    if (verified.firstBad)
        return "verify: " + verified.firstBad->detail;
    EventLog log(*workspace);
    for (const std::string &event : told.events)
        if (!must(log.find(event)))
            return "the decision " + event + " is lost";
    for (const std::string &file : told.files)
        if (!must(db.number("SELECT 1 FROM raw_payload WHERE name = ?1 AND sha256 IS NOT NULL", file)))
            return "the end of " + file + " is lost";
    const auto gone = must(db.number("SELECT count(*) FROM record WHERE tombstone = 1 AND current = 1"));
    if (std::size_t(*gone) < told.tombstones)
        return "tombstones are lost";
    for (const std::string &run : told.runs)
        if (!must(db.number("SELECT 1 FROM run JOIN event e ON e.id = run.event WHERE run.id = ?1", run)))
            return "the run " + run + " is lost";
    for (const std::string &filing : told.filings) {
        const auto state = must(db.text("SELECT state FROM filing WHERE id = ?1", filing));
        if (state != "confirmed")
            return "filing " + filing + " was confirmed and is " + state.value_or("lost");
    }
    // a ticket that the journal holds to be filed is there, and whole
    std::string wrong;
    must(db.query("SELECT ticket FROM filing WHERE state = 'confirmed'", [&](const Row &row) {
        const auto file = site.disk.get(std::string(kTickets) + '/' + row.text(0) + ".md");
        if (!file || file->find("- id: " + row.text(0)) == std::string::npos || file->back() != '\n')
            wrong = "ticket " + row.text(0) + (file ? " is cut off" : " is lost");
    }));
    return wrong;
}

}

class TestPowerCut : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void initTestCase();
    void atEverySync_data();
    void atEverySync();
    void betweenWrites_data() { atEverySync_data(); }
    void betweenWrites();
    void twiceWhilePushing();

private:
    struct Case {
        const char *name = nullptr;
        Step step = nullptr;
        std::string base; ///< the folder it begins in
        std::string reference; ///< portrait after it, undisturbed
        std::size_t syncs = 0, steps = 0;
    };
    Case &find(const char *name)
    {
        return *std::find_if(m_cases.begin(), m_cases.end(), [&](const Case &c) { return !qstrcmp(c.name, name); });
    }
    std::unique_ptr<Site> copyOf(const Case &c)
    {
        const std::string folder = m_home.path().toStdString() + "/case";
        m_vfs->restart(FaultVfs::Survives::Nothing); // what it knows of the case before
        fs::remove_all(folder);
        fs::copy(c.base, folder);
        return std::make_unique<Site>(folder, m_power);
    }
    /// Runs the step until the power fails; then comes back with what survived.
    Told cut(const Case &c, Site &site, FaultFiles::Survives files, FaultVfs::Survives pages, std::uint64_t seed)
    {
        Told told;
        const Result<> done = c.step(site, told);
        if (!m_power.off()) { // it ended before; the power fails right afterwards
            if (!done)
                qFatal("%s: %s", c.name, done.error().detail.c_str());
            m_power.cut();
        }
        m_vfs->restart(pages, seed);
        site.disk.restart(files);
        return told;
    }

    QTemporaryDir m_home;
    Power m_power;
    std::unique_ptr<FaultVfs> m_vfs;
    std::vector<Case> m_cases;
};

void TestPowerCut::initTestCase()
{
    qputenv("XDG_CONFIG_HOME", m_home.path().toUtf8() + "/config");
    qputenv("WINNOW_TEST_KEY", "a key for tests");
    const std::string home = m_home.path().toStdString();
    Site site(home + "/work", m_power);
    must(Workspace::create(site.folder, app::secretStore(), "a key for tests", kAsOf));
    std::ofstream(site.folder + "/first.csv") << firstFile();
    std::ofstream(site.folder + "/second.csv") << secondFile();
    Told told;
    {
        auto workspace = must(site.open(false));
        auto lease = must(Lease::acquire(*workspace, "import"));
        must(importOne(*workspace, *lease, site.folder + "/first.csv", told));
    }
    must(runStep(site, told));
    {
        auto workspace = must(site.open(false));
        QueueRequest everything;
        everything.now = kAsOf;
        for (const QueueRow &row : must(Triage(*workspace, "ann").queue(everything)))
            candidates.push_back(row.candidate);
    }
    QVERIFY2(candidates.size() >= 6, std::to_string(candidates.size()).c_str());

    // what is undisturbed is done with the real files, step by step; each begins where the one before ended
    const std::pair<const char *, Step> steps[] = {
        {"decide", decideStep}, {"import", importStep}, {"run", runStep}, {"push", pushStep}};
    for (const auto &[name, step] : steps) {
        Case &c = m_cases.emplace_back();
        c.name = name;
        c.step = step;
        c.base = home + "/before-" + name;
        fs::copy(site.folder, c.base);
        must(step(site, told));
        c.reference = portrait(site);
        // once more on the faulty layers, with power all the time, to count
        m_vfs = std::make_unique<FaultVfs>(m_power);
        const auto counted = copyOf(c);
        m_power.restore();
        must(step(*counted, told));
        c.syncs = m_power.syncs();
        c.steps = m_power.steps();
        const std::string is = portrait(*counted);
        QVERIFY2(is == c.reference, (name + (": twice is not the same" + difference(is, c.reference))).c_str());
        m_vfs.reset();
        qInfo("%s: %zu sync points, %zu writes", name, c.syncs, c.steps - c.syncs);
    }
    m_vfs = std::make_unique<FaultVfs>(m_power);
}

void TestPowerCut::atEverySync_data()
{
    QTest::addColumn<QByteArray>("step");
    for (const char *name : {"import", "run", "decide", "push"})
        QTest::newRow(name) << QByteArray(name);
}

void TestPowerCut::atEverySync()
{
    QFETCH(QByteArray, step);
    const Case &c = find(step);
    QVERIFY(c.syncs > 2);
    for (std::size_t n = 1; n <= c.syncs + 1; ++n) {
        for (const auto files : FaultFiles::kAll) {
            if (files != FaultFiles::Survives::Nothing && c.step != pushStep)
                continue; // no other step writes files of ours
            const auto site = copyOf(c);
            m_power.cutAtSync(n);
            const Told told = cut(c, *site, files, FaultVfs::Survives::Nothing, 0);
            const std::string wrong = broken(*site, told);
            const std::string where = std::string(c.name) + ", cut " + std::to_string(n) + " of "
                + std::to_string(c.syncs + 1) + ", files " + std::to_string(int(files)) + ": ";
            QVERIFY2(wrong.empty(), (where + wrong).c_str());
            Told again;
            const auto done = c.step(*site, again);
            QVERIFY2(done, (where + (done ? "" : done.error().detail)).c_str());
            const std::string is = portrait(*site);
            QVERIFY2(is == c.reference, (where + difference(is, c.reference)).c_str());
        }
    }
}

void TestPowerCut::betweenWrites()
{
    QFETCH(QByteArray, step);
    const Case &c = find(step);
    constexpr std::size_t kCuts = 24;
    for (std::size_t k = 0; k < kCuts; ++k) {
        const std::size_t n = 1 + (c.steps - 1) * k / (kCuts - 1);
        const auto files = FaultFiles::kAll[k % std::size(FaultFiles::kAll)];
        const auto site = copyOf(c);
        m_power.cutAtStep(n);
        const Told told = cut(c, *site, files, FaultVfs::Survives::Some, k);
        const std::string wrong = broken(*site, told);
        const std::string where = std::string(c.name) + ", write " + std::to_string(n) + " of "
            + std::to_string(c.steps) + ", files " + std::to_string(int(files)) + ": ";
        QVERIFY2(wrong.empty(), (where + wrong).c_str());
        Told again;
        const auto done = c.step(*site, again);
        QVERIFY2(done, (where + (done ? "" : done.error().detail)).c_str());
        const std::string is = portrait(*site);
        QVERIFY2(is == c.reference, (where + difference(is, c.reference)).c_str());
    }
}

/// The program is killed first: what it had written lies in the system's memory. Then the power fails.
void TestPowerCut::twiceWhilePushing()
{
    const Case &c = find("push");
    for (std::size_t first = 1; first <= c.syncs; ++first) {
        for (std::size_t second = 1; second <= 4; ++second) {
            const auto site = copyOf(c);
            m_power.cutAtSync(first);
            Told told;
            static_cast<void>(c.step(*site, told)); // dies here; the layers keep what they hold
            m_power.restore();
            freeLease(*site);
            m_power.cutAtSync(second);
            const Told later = cut(c, *site, FaultFiles::Survives::Nothing, FaultVfs::Survives::Nothing, 0);
            told.filings.insert(told.filings.end(), later.filings.begin(), later.filings.end());
            const std::string where =
                "killed at " + std::to_string(first) + ", cut at " + std::to_string(second) + ": ";
            const std::string wrong = broken(*site, told);
            QVERIFY2(wrong.empty(), (where + wrong).c_str());
            Told again;
            must(c.step(*site, again));
            const std::string is = portrait(*site);
            QVERIFY2(is == c.reference, (where + difference(is, c.reference)).c_str());
        }
    }
}

QTEST_GUILESS_MAIN(TestPowerCut)
#include "tst_powercut.moc"
