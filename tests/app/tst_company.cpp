#include <QtTest>

#include <atomic>
#include <barrier>
#include <filesystem>
#include <fstream>
#include <random>
#include <thread>

#include "app/composition.h"
#include "core/adapters/sqlite/importjob.h"
#include "core/adapters/sqlite/maintenance.h"
#include "core/adapters/sqlite/outbox.h"
#include "core/adapters/sqlite/triage.h"
#include "core/adapters/trackers/filetracker.h"

using namespace winnow;
using namespace winnow::sqlite;

namespace
{

using Strings = std::vector<std::string>;

const TimePoint kAsOf = *parseTime("2026-11-23T23:59:59.999Z");

template <typename T> T must(Result<T> result)
{
    if (!result)
        qFatal("%s: %s", std::string(toString(result.error().code)).c_str(), result.error().detail.c_str());
    if constexpr (!std::is_void_v<T>)
        return std::move(*result);
}

std::string reasonOf(const auto &result)
{
    return result ? std::string() : std::string(toString(result.error().code)) + ": " + result.error().detail;
}

/// A clock that lets somebody do something each time a run looks at it.
class BusyClock : public Clock
{
public:
    std::function<void(int)> looked = [](int) {}; ///< how often before
    mutable int times = 0;

    TimePoint now() const override
    {
        looked(times++);
        return systemNow();
    }
    bool waitUntil(TimePoint, std::stop_token) override { return true; }
};

const Strings kFirst{"The checkout crashes when I pay with a card",
                     "Search shows an error for every product",
                     "The battery is empty after an hour because of the app",
                     "The login freezes on a white screen",
                     "Photos cannot be uploaded, the app shows an error",
                     "The invoice shows the wrong total",
                     "The delivery map is frozen since Monday",
                     "Vouchers are refused although they are valid, an error comes up"};

/// A workspace with a handful of candidates.
class Company
{
public:
    Company()
    {
        qputenv("XDG_CONFIG_HOME", m_home.path().toUtf8() + "/config");
        qputenv("WINNOW_TEST_KEY", "a key for tests");
        must(Workspace::create(folder, app::secretStore(), "a key for tests", kAsOf));
        receive("first", kFirst);
        run();
    }
    [[nodiscard]] std::unique_ptr<Workspace> open() const { return must(app::openWorkspace(folder, true)); }

    void receive(const std::string &name, const Strings &texts)
    {
        const std::string path = m_home.path().toStdString() + '/' + name + ".csv";
        std::ofstream out(path);
        out << "id,date,rating,text,user\n";
        for (std::size_t i = 0; i < texts.size(); ++i)
            out << name << i << ",2026-11-20T10:00:00Z,1,\"" << texts[i] << "\"," << name << "user" << i << '\n';
        out.close();
        const auto workspace = open();
        const auto lease = must(Lease::acquire(*workspace, "import"));
        Bronze bronze(*workspace);
        ImportOptions options;
        options.source = "shop";
        options.workspaceKey = workspace->key().authorKey();
        options.now = systemNow();
        must(importIntoBronze(bronze, *lease, path, options, {}, {}));
    }

    Result<RunReport> tryRun(Clock &clock)
    {
        const auto workspace = must(app::openWorkspace(folder, false));
        const auto lease = must(Lease::acquire(*workspace, "run"));
        auto engines = must(app::makeEngines(*workspace, lease.get()));
        engines.request.runId = uuid7(systemNow());
        engines.request.asOf = kAsOf;
        Pipeline pipeline(*engines.store, *engines.extractor, *engines.embedder, clock);
        return pipeline.run(engines.request, {}, {});
    }
    RunReport run() { return must(tryRun(app::systemClock())); }

    [[nodiscard]] Strings candidates() const
    {
        const auto workspace = open();
        QueueRequest everything;
        everything.now = kAsOf;
        everything.decided = true;
        Strings ids;
        for (const QueueRow &row : must(Triage(*workspace, "ann").queue(everything)))
            ids.push_back(row.candidate);
        return ids;
    }

    QTemporaryDir m_home;
    const std::string folder = m_home.path().toStdString() + "/ws";
};

/// What does not hold of who belongs together; empty: all is well.
std::string disorder(Workspace &workspace)
{
    Database &db = workspace.database();
    std::map<std::string, std::string> incidentOf;
    std::string wrong;
    must(db.queryOnce("SELECT f.uid, s.start, s.\"end\", i.uid FROM membership m JOIN incident i ON i.id = m.incident "
                      "JOIN segment s ON s.id = m.segment JOIN feedback f ON f.id = m.segment >> 16 WHERE m.snapshot = "
                      "(SELECT value FROM meta WHERE name = 'snapshot')",
                      [&](const Row &row) {
                          const std::string uid =
                              segmentUid(row.bytes(0), {std::uint32_t(row.number(1)), std::uint32_t(row.number(2))});
                          if (!incidentOf.emplace(uid, row.text(3)).second)
                              wrong = uid + " is in two incidents";
                      }));
    must(db.queryOnce(
        "SELECT kind, a, b FROM \"constraint\" WHERE undone = 0 AND superseded IS NULL", [&](const Row &row) {
            const bool together = incidentOf[row.text(1)] == incidentOf[row.text(2)];
            if (together != (row.bytes(0) == "must"))
                wrong = row.text(0) + " link between " + row.text(1) + " and " + row.text(2) + " does not hold";
        }));
    std::map<std::string, int> undone;
    must(db.queryOnce("SELECT e.kind, j.value FROM event e, json_each(e.refs, '$.events') j WHERE e.kind IN ('undone', "
                      "'redone') ORDER BY e.clock",
                      [&](const Row &row) {
                          int &count = undone[row.text(1)];
                          count += row.bytes(0) == "undone" ? 1 : -1;
                          if (count < 0 || count > 1)
                              wrong = row.text(1) + " was undone or redone twice";
                      }));
    const auto verified = must(verify(workspace));
    return verified.firstBad ? verified.firstBad->detail : wrong;
}

}

class TestCompany : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void aMergeDuringARunIsInItsResult();
    void whatDoesNotRegroupDoesNotHoldARunUp();
    void aRunEndsHoweverOftenPeopleRegroup();
    void namesFollowTheOrderOfEventsNotOfIds();
    void twoWhoRegroupAtOnceLoseNothing();
    void ofTwoWhoUndoTheSameOneDoes();
    void anUndoAndAPushExcludeEachOther();
    void aCandidateThatWasTakenInIsNotDecidedOn();
    void sumsThatADeadProcessLeftAreMadeByTheNext();
    void derivedTextOfAKilledRunIsCutAnew();
};

void TestCompany::aMergeDuringARunIsInItsResult()
{
    Company company;
    const Strings ids = company.candidates();
    QVERIFY(ids.size() >= 4);
    company.receive("second", {"The checkout crashes when I pay with a card, still"});
    BusyClock clock;
    const auto other = company.open();
    clock.looked = [&](int before) {
        if (before == 1) // groups, sums and drafts are written: only the last transaction is missing
            must(Triage(*other, "ann").merge({ids[0], ids[1]}, systemNow()));
    };
    const RunReport report = must(company.tryRun(clock));
    const auto workspace = company.open();
    Triage triage(*workspace, "ann");
    QCOMPARE(QString::fromStdString(must(triage.incidentId(ids[1]))), QString::fromStdString(ids[0]));
    const std::string wrong = disorder(*workspace);
    QVERIFY2(wrong.empty(), wrong.c_str());
    SqliteStore store(*workspace, nullptr);
    QCOMPARE(must(store.stateHash(must(store.currentSnapshot()))), report.run.stateHash);
    const RunReport again = company.run();
    QCOMPARE(again.run.stateHash, report.run.stateHash);
    QCOMPARE(again.run.births, 0u);
}

void TestCompany::whatDoesNotRegroupDoesNotHoldARunUp()
{
    Company company;
    const Strings ids = company.candidates();
    BusyClock clock;
    const auto other = company.open();
    clock.looked = [&](int before) {
        Triage triage(*other, "ann");
        Decision reject;
        reject.kind = Decision::Kind::Reject;
        reject.reason = "spam";
        if (before == 1) {
            must(triage.decide(ids[0], reject, systemNow()));
            must(triage.decide(ids[1], reject, systemNow()));
            must(triage.undo({}, false, systemNow()));
        }
    };
    must(company.tryRun(clock));
    QCOMPARE(clock.times, 2); // at its beginning and at its end
}

void TestCompany::aRunEndsHoweverOftenPeopleRegroup()
{
    Company company;
    const Strings ids = company.candidates();
    BusyClock clock;
    const auto other = company.open();
    clock.looked = [&](int before) {
        Triage triage(*other, "ann");
        if (before > 0)
            must(before % 2 ? triage.merge({ids[0], ids[1]}, systemNow()) : triage.undo({}, false, systemNow()));
    };
    const auto report = company.tryRun(clock);
    QVERIFY2(report, reasonOf(report).c_str());
    QVERIFY(clock.times > 2);
    // what was said at the very last holds from the next run on
    company.run();
    const auto workspace = company.open();
    const std::string wrong = disorder(*workspace);
    QVERIFY2(wrong.empty(), wrong.c_str());
}

void TestCompany::namesFollowTheOrderOfEventsNotOfIds()
{
    Company company;
    const Strings ids = company.candidates();
    // among so many more of each there is one with a smaller id than those before: the run gives groups new anchors
    Strings more;
    for (const std::string &text : kFirst)
        more.insert(more.end(), 9, text + " again");
    company.receive("second", more);
    BusyClock clock;
    const auto other = company.open();
    clock.looked = [&](int before) {
        if (before == 0) // the run has its id; it groups later
            must(Triage(*other, "ann").merge(ids, systemNow()));
    };
    must(company.tryRun(clock));
    const auto workspace = company.open();
    SqliteStore store(*workspace, nullptr);
    std::map<std::string, std::string> members; // incident → its smallest segment
    must(workspace->database().queryOnce(
        "SELECT i.uid, min(f.uid || ':' || s.start || '-' || s.\"end\") FROM membership m JOIN incident i ON i.id = "
        "m.incident JOIN segment s ON s.id = m.segment JOIN feedback f ON f.id = m.segment >> 16 WHERE m.snapshot = "
        "(SELECT value FROM meta WHERE name = 'snapshot') GROUP BY i.uid",
        [&](const Row &row) { members[row.text(0)] = row.text(1); }));
    std::map<std::string, std::string> names;
    for (const auto &[segment, incident] : must(store.groupingInput()).names)
        names[incident] = segment;
    QCOMPARE(names, members);
}

void TestCompany::twoWhoRegroupAtOnceLoseNothing()
{
    Company company;
    const Strings ids = company.candidates();
    std::barrier start(2);
    std::atomic<int> merged = 0;
    const auto work = [&](const std::string &actor, unsigned seed) {
        const auto workspace = company.open();
        Triage triage(*workspace, actor);
        std::mt19937 random(seed);
        for (int round = 0; round < 40; ++round) {
            start.arrive_and_wait();
            // both want the same, the other way round, or its undoing
            const std::size_t first = std::size_t(round) % (ids.size() - 1);
            Strings pair{ids[first], ids[first + 1]};
            if (actor == "bob")
                std::swap(pair[0], pair[1]);
            if (random() % 3)
                merged += bool(triage.merge(pair, systemNow()));
            else
                static_cast<void>(triage.undo({}, true, systemNow()));
        }
    };
    {
        const std::jthread ann(work, "ann", 1), bob(work, "bob", 2);
    }
    QVERIFY(merged > 3);
    const auto workspace = company.open();
    const std::string wrong = disorder(*workspace);
    QVERIFY2(wrong.empty(), wrong.c_str());
    // and a run makes the same groups from what was said
    must(app::refreshRegrouped(*workspace, {}));
    const Strings before = company.candidates();
    company.run();
    QCOMPARE(company.candidates(), before);
}

void TestCompany::ofTwoWhoUndoTheSameOneDoes()
{
    Company company;
    const Strings ids = company.candidates();
    const auto a = company.open(), b = company.open();
    for (int round = 0; round < 40; ++round) {
        Decision snooze;
        snooze.kind = Decision::Kind::Snooze;
        snooze.moreReports = 3;
        const std::string event = must(Triage(*a, "ann").decide(ids[0], snooze, systemNow()));
        std::barrier start(2);
        bool done[2] = {};
        const auto undo = [&](Workspace *workspace, bool *answer) {
            Triage triage(*workspace, "ann");
            start.arrive_and_wait();
            *answer = bool(triage.undo(event, false, systemNow()));
        };
        {
            const std::jthread one(undo, a.get(), &done[0]), two(undo, b.get(), &done[1]);
        }
        QCOMPARE(int(done[0]) + int(done[1]), 1);
    }
    const std::string wrong = disorder(*a);
    QVERIFY2(wrong.empty(), wrong.c_str());
}

void TestCompany::anUndoAndAPushExcludeEachOther()
{
    Company company;
    const Strings ids = company.candidates();
    const auto a = company.open(), b = company.open();
    const std::string tickets = company.folder + "/tickets", ticket = tickets + "/fb-" + ids[0] + ".md";
    int filed = 0, undone = 0;
    for (int round = 0; round < 30 && !filed; ++round) {
        Decision approve;
        approve.draft = Draft{"The checkout crashes", "It does.\n", {}};
        const std::string event = must(Triage(*a, "ann").decide(ids[0], approve, systemNow()));
        std::barrier start(2);
        bool takenBack = false;
        {
            const std::jthread one([&] {
                start.arrive_and_wait();
                std::this_thread::yield();
                takenBack = bool(Triage(*a, "ann").undo(event, false, systemNow()));
            });
            const std::jthread two([&] {
                const auto lease = must(Lease::acquire(*b, "push"));
                FileTracker tracker(tickets);
                start.arrive_and_wait();
                must(Outbox(*b).push(*lease, "files", tracker, true, systemNow, {}));
            });
        }
        QCOMPARE(std::filesystem::exists(ticket), !takenBack);
        undone += takenBack;
        filed += !takenBack;
    }
    const auto filings = must(Outbox(*a).list({}));
    QCOMPARE(std::count_if(filings.begin(), filings.end(), [](const Filing &f) { return f.state == "confirmed"; }),
             filed);
    QCOMPARE(std::count_if(filings.begin(), filings.end(), [](const Filing &f) { return f.state == "cancelled"; }),
             undone);
}

void TestCompany::aCandidateThatWasTakenInIsNotDecidedOn()
{
    Company company;
    const Strings ids = company.candidates();
    const auto workspace = company.open();
    Triage triage(*workspace, "ann");
    must(triage.merge({ids[0], ids[1]}, systemNow()));
    // as a window does that showed it before the merge
    Decision snooze;
    snooze.kind = Decision::Kind::Snooze;
    snooze.moreReports = 3;
    for (const auto &answer :
         {triage.decide(ids[1], snooze, systemNow()), triage.rename(ids[1], "A title", systemNow())}) {
        QVERIFY(!answer);
        QVERIFY(answer.error().code == ErrorCode::Conflict);
        QVERIFY(answer.error().detail.find(ids[0]) != std::string::npos);
    }
    QVERIFY(triage.decide(ids[0], snooze, systemNow()));
}

void TestCompany::sumsThatADeadProcessLeftAreMadeByTheNext()
{
    Company company;
    const Strings ids = company.candidates();
    const auto workspace = company.open();
    Triage triage(*workspace, "ann");
    const auto reports = [&](const std::string &incident) {
        return must(workspace->database().number("SELECT reports FROM candidate c JOIN incident i ON i.id = c.incident "
                                                 "WHERE i.uid = ?1 AND snapshot = (SELECT value FROM meta WHERE name = "
                                                 "'snapshot')",
                                                 incident))
            .value_or(0);
    };
    const std::int64_t a = reports(ids[0]), b = reports(ids[1]);
    must(triage.merge({ids[0], ids[1]}, systemNow())); // and there it dies
    QCOMPARE(reports(ids[0]), a);
    must(app::refreshRegrouped(*workspace, {}));
    QCOMPARE(reports(ids[0]), a + b);
    must(triage.undo({}, false, systemNow())); // and again
    QCOMPARE(reports(ids[1]), 0);
    must(app::refreshRegrouped(*workspace, {}));
    QCOMPARE(reports(ids[0]), a);
    QCOMPARE(reports(ids[1]), b);
    QVERIFY(must(SqliteStore(*workspace, nullptr).regrouped()).empty());
    must(triage.merge({ids[0], ids[1]}, systemNow()));
    company.run(); // makes all sums
    QVERIFY(must(SqliteStore(*workspace, nullptr).regrouped()).empty());
}

/// A run that masks differently dies half-way; the next one goes back to the mask of before.
void TestCompany::derivedTextOfAKilledRunIsCutAnew()
{
    Company company;
    const std::string before = company.run().run.stateHash;
    {
        const auto workspace = company.open();
        const auto lease = must(Lease::acquire(*workspace, "run"));
        auto engines = must(app::makeEngines(*workspace, lease.get()));
        engines.request.options.mask.offTypes.push_back("PERSON");
        engines.request.until = "mask";
        engines.request.runId = uuid7(systemNow());
        engines.request.asOf = kAsOf;
        must(engines.pipeline->run(engines.request, {}, {}));
    }
    QCOMPARE(company.run().run.stateHash, before);
}

QTEST_GUILESS_MAIN(TestCompany)
#include "tst_company.moc"
