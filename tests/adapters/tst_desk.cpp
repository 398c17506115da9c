#include <QtTest>

#include <nlohmann/json.hpp>

#include "core/adapters/sqlite/outbox.h"
#include "core/adapters/sqlite/sqlitedesk.h"
#include "tests/fakes/workspacekit.h"

using namespace winnow;
using namespace winnow::sqlite;
using namespace winnow::test;

namespace
{

constexpr std::chrono::hours kDay{24};
// a Wednesday
const TimePoint kWednesday = *parseTime("2026-11-18T12:00:00Z");

}

/// What pages beside the queue ask of a desk, on a real workspace.
class TestDesk : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void initTestCase()
    {
        m_base = std::make_unique<World>();
        m_base->now = kWednesday;
        const auto said = [](const char *id, const char *body, const char *author, TimePoint at) {
            Said statement{id, body, author};
            statement.at = at;
            return statement;
        };
        m_base->receive({said("1", "It crashes", "ann", kWednesday),
                         said("2", "Crash again", "ben", kWednesday - 4 * kDay),
                         said("3", "Crashed", "cem", kWednesday - 3 * kDay),
                         said("4", "Slow list", "dee", kWednesday - 40 * 7 * kDay),
                         said("5", "Very slow\n\nSo slow", "eve", kWednesday + 9 * kDay),
                         said("6", "Login fails", "fay", kWednesday)});
        m_base->derive();
        m_base->shape = [](GoldRow &row) {
            const std::uint32_t reports = row.data.reports;
            row.data.title = reports == 1                        ? "Login fails"
                : reports == 3 && row.data.newestAt > kWednesday ? "slow list"
                                                                 : "Crash in Checkout";
            row.data.confidence = row.data.title == "Login fails" ? 1 : row.data.title == "slow list" ? 0.8 : 0.849999;
            row.banding.band = row.data.title == "Login fails" ? Band::Backlog : Band::Review;
            row.data.authors = row.data.title == "Login fails" ? 7 : 2;
            row.matching.matches.clear();
            if (row.data.title == "Crash in Checkout")
                row.matching.matches.push_back({"APP-9", Relation::Same, 0.9});
        };
        m_ids = m_base->group({{"1", "2", "3"}, {"4", "5"}, {"6"}});
    }
    void init()
    {
        m_world = std::make_unique<World>(*m_base);
        m_desk = desk("me");
    }
    void cleanup()
    {
        m_desk.reset();
        m_world.reset();
    }

    // health
    // -------------------------------------------------------------------------------------------------------------
    void everyBarCountsTheRowsThatItsFilterFinds()
    {
        const Health health = must(m_desk->health(kWednesday, {}));
        std::size_t candidates = 0;
        for (std::size_t bin = 0; bin < Health::kBins; ++bin)
            for (std::size_t band = 0; band < kBandNames.size(); ++band) {
                const std::size_t count = health.confidence[bin][band];
                candidates += count;
                const QString filter = QStringLiteral("band=%1 confidence=%2-%3")
                                           .arg(q(kBandNames[band]))
                                           .arg(double(bin) / double(Health::kBins), 0, 'f', 2)
                                           .arg(double(bin + 1) / double(Health::kBins), 0, 'f', 2);
                QCOMPARE(found(filter), count);
            }
        QCOMPARE(candidates, std::size_t(3));
        // 0.8 opens a bin, 0.849999 ends it, 1 belongs to the last one
        QCOMPARE(health.confidence[16][std::size_t(Band::Review)], std::size_t(2));
        QCOMPARE(health.confidence[19][std::size_t(Band::Backlog)], std::size_t(1));
        for (const Health::Week &week : health.weeks)
            for (std::size_t band = 0; band < kBandNames.size(); ++band)
                QCOMPARE(found(QStringLiteral("band=%1 week=%2")
                                   .arg(q(kBandNames[band]), q(formatTime(week.monday)).left(10))),
                         week.candidates[band]);
    }

    void reportsFallIntoTheirWeeks()
    {
        const Health health = must(m_desk->health(kWednesday, {}));
        QCOMPARE(health.weeks.size(), std::size_t(2)); // the older week is not of the last 26
        const auto review = std::size_t(Band::Review), backlog = std::size_t(Band::Backlog);
        QCOMPARE(q(formatTime(health.weeks[0].monday)), q("2026-11-09T00:00:00.000Z"));
        QCOMPARE(q(formatTime(health.weeks[1].monday)), q("2026-11-16T00:00:00.000Z"));
        QCOMPARE(health.weeks[0].reports[review], std::size_t(2)); // Saturday and Sunday
        QCOMPARE(health.weeks[0].candidates[review], std::size_t(1));
        QCOMPARE(health.weeks[1].reports[review], std::size_t(1));
        QCOMPARE(health.weeks[1].reports[backlog], std::size_t(1));
        QCOMPARE(health.earlier[review], std::size_t(1));
        QCOMPARE(health.later[review], std::size_t(2)); // a feedback of two segments
        QCOMPARE(health.undated, Health::PerBand{});
        QCOMPARE(health.reports[review] + health.reports[backlog],
                 std::size_t(m_world->count("SELECT sum(reports) FROM candidate WHERE snapshot = (SELECT value FROM "
                                            "meta WHERE name = 'snapshot')")));
    }

    void weekNumbersTurnOnMondayMidnight()
    {
        const TimePoint monday = *parseTime("2026-11-16T00:00:00Z");
        const std::int32_t week = ReportCalendar::weekOf(monday);
        QCOMPARE(ReportCalendar::weekOf(monday - std::chrono::milliseconds(1)), week - 1);
        QCOMPARE(ReportCalendar::weekOf(monday + 7 * kDay - std::chrono::milliseconds(1)), week);
        QVERIFY(ReportCalendar::mondayOf(week) == monday);
        // before 1970 too
        const TimePoint old = *parseTime("1969-12-28T23:59:59Z");
        QCOMPARE(ReportCalendar::weekOf(old), -1);
        QVERIFY(ReportCalendar::mondayOf(-1) == *parseTime("1969-12-22"));
    }

    void whatIsEscalatedCountsAsEscalated()
    {
        Decision escalate;
        escalate.kind = Decision::Kind::Escalate;
        must(m_desk->decide(m_ids[2], escalate));
        const Health health = must(m_desk->health(kWednesday, {}));
        QCOMPARE(health.confidence[19][std::size_t(Band::Escalate)], std::size_t(1));
        QCOMPARE(health.weeks[1].reports[std::size_t(Band::Escalate)], std::size_t(1));
        QCOMPARE(health.weeks[1].reports[std::size_t(Band::Backlog)], std::size_t(0));
        QCOMPARE(found(QStringLiteral("band=escalate confidence=0.95-1.00")), std::size_t(1));
    }

    void membersThatMoveMoveTheirReports()
    {
        must(m_desk->health(kWednesday, {})); // counted once already
        must(m_desk->split(m_ids[0], {m_world->segment("1")}, false));
        m_world->refresh({});
        QCOMPARE(found(QStringLiteral("week=2026-11-09")), std::size_t(1));
        QCOMPARE(found(QStringLiteral("week=2026-11-18")), found(QStringLiteral("week=2026-11-16"))); // any day of it
    }

    void aStoppedCountSaysSo()
    {
        std::stop_source stop;
        stop.request_stop();
        QCOMPARE(codeOf(m_desk->health(kWednesday, stop.get_token())), codeOf(ErrorCode::Cancelled));
    }

    void wrongRangesAndWeeksFindNothing_data()
    {
        QTest::addColumn<QString>("filter");
        for (const char *filter : {"confidence=", "confidence=0.8", "confidence=0.9-0.8", "confidence=0.8-1.1",
                                   "confidence=a-b", "confidence=0.8-0.9x", "week=", "week=2026", "week=2026-13-01"})
            QTest::newRow(filter) << QString::fromLatin1(filter);
    }
    void wrongRangesAndWeeksFindNothing()
    {
        QFETCH(QString, filter);
        QCOMPARE(found(filter), std::size_t(0));
    }

    // order of the table
    // ---------------------------------------------------------------------------------------------------
    void sortedAsTheTableAsks_data()
    {
        QTest::addColumn<QString>("sort");
        QTest::addColumn<bool>("reversed");
        QTest::addColumn<QString>("titles");
        QTest::newRow("titles up") << "title" << false << "Crash in Checkout,Login fails,slow list";
        QTest::newRow("titles down") << "title" << true << "slow list,Login fails,Crash in Checkout";
        QTest::newRow("authors") << "authors" << false << "Login fails,*,*";
        QTest::newRow("authors, few first") << "authors" << true << "*,*,Login fails";
        QTest::newRow("confidence") << "confidence" << false << "Login fails,Crash in Checkout,slow list";
        QTest::newRow("confidence, unsure first") << "confidence" << true << "slow list,Crash in Checkout,Login fails";
        QTest::newRow("tickets") << "ticket" << false << "Crash in Checkout,*,*";
        QTest::newRow("what has no ticket is last either way") << "ticket" << true << "Crash in Checkout,*,*";
        QTest::newRow("bands, urgent first") << "band" << false << "*,*,Login fails";
        QTest::newRow("newest") << "newest" << false << "slow list,*,*";
    }
    void sortedAsTheTableAsks()
    {
        QFETCH(QString, sort);
        QFETCH(bool, reversed);
        QFETCH(QString, titles);
        QueueRequest request;
        request.decided = true;
        request.sort = sort.toStdString();
        request.reversed = reversed;
        request.now = kWednesday;
        const auto rows = must(m_desk->rows(must(m_desk->order(request)).keys, kWednesday));
        const QStringList wanted = titles.split(QLatin1Char(','));
        QCOMPARE(rows.size(), std::size_t(wanted.size()));
        for (int i = 0; i < wanted.size(); ++i)
            if (wanted[i] != QLatin1String("*"))
                QCOMPARE(q(rows[std::size_t(i)].title), wanted[i]);
    }

    void statesAreSortedByWhatTheyAskFor()
    {
        Decision reject;
        reject.kind = Decision::Kind::Reject;
        reject.reason = "spam";
        must(m_desk->decide(m_ids[0], reject));
        QueueRequest request;
        request.decided = true;
        request.sort = "state";
        request.now = kWednesday;
        auto rows = must(m_desk->rows(must(m_desk->order(request)).keys, kWednesday));
        QCOMPARE(q(rows.back().state), q("rejected"));
        request.reversed = true;
        rows = must(m_desk->rows(must(m_desk->order(request)).keys, kWednesday));
        QCOMPARE(q(rows.front().state), q("rejected"));
    }

    // the log
    // --------------------------------------------------------------------------------------------------------------
    void historyComesInPagesNewestFirst()
    {
        for (const std::string &id : m_ids)
            must(m_desk->rename(id, "Name of " + id));
        const auto all = must(m_desk->history(HistoryRequest{}, {}));
        std::vector<HistoryEntry> paged;
        HistoryRequest request;
        request.limit = 2;
        while (true) {
            const auto page = must(m_desk->history(request, {}));
            if (page.empty())
                break;
            paged.insert(paged.end(), page.begin(), page.end());
            request.before = page.back().event;
        }
        QVERIFY(paged == all);
        QCOMPARE(q(all.front().incident), q(m_ids.back()));
        QCOMPARE(q(all.front().title), q("Name of " + m_ids.back()));
        for (std::size_t i = 1; i < all.size(); ++i)
            QVERIFY(all[i - 1].event.clock > all[i].event.clock);
    }

    void historyIsFilteredByKindAndWords()
    {
        must(m_desk->rename(m_ids[0], "Payment stuck"));
        Decision reject;
        reject.kind = Decision::Kind::Reject;
        reject.reason = "spam";
        must(m_desk->decide(m_ids[2], reject));
        const auto count = [&](std::vector<std::string> kinds, const char *words) {
            HistoryRequest request;
            request.kinds = std::move(kinds);
            request.words = words;
            return must(m_desk->history(request, {})).size();
        };
        QCOMPARE(count({"renamed"}, ""), std::size_t(1));
        QCOMPARE(count({"renamed", "rejected"}, ""), std::size_t(2));
        QCOMPARE(count({}, "PAYMENT stuck"), std::size_t(1));
        QCOMPARE(count({}, "payment me"), std::size_t(1)); // the actor is a word too
        QCOMPARE(count({"rejected"}, "payment"), std::size_t(0));
        QCOMPARE(count({}, m_ids[2].substr(0, 20).c_str()), std::size_t(1));
    }

    void whatRestsOnAnEventIsListedBeforeItIsUndone()
    {
        const std::string first = must(m_desk->rename(m_ids[0], "First"));
        const std::string other = must(m_desk->rename(m_ids[2], "Elsewhere"));
        const std::string second = must(m_desk->rename(m_ids[0], "Second"));
        const auto resting = must(m_desk->restingOn(first));
        QCOMPARE(resting.size(), std::size_t(1));
        QCOMPARE(q(resting[0].event.id), q(second));
        QVERIFY(must(m_desk->restingOn(other)).empty());
        QCOMPARE(codeOf(m_desk->undo(first, false)), codeOf(ErrorCode::Conflict));
        must(m_desk->undo(first, true));
        QCOMPARE(codeOf(m_desk->restingOn(first)), codeOf(ErrorCode::Conflict));
        QCOMPARE(codeOf(m_desk->restingOn("nonsense")), codeOf(ErrorCode::NotFound));
        for (const HistoryEntry &entry : must(m_desk->history(HistoryRequest{}, {}))) {
            const bool mine = entry.event.id == first || entry.event.id == second;
            QCOMPARE(entry.undone, mine);
            QCOMPARE(entry.undoable, entry.event.id == other);
        }
    }

    // the outbox
    // -----------------------------------------------------------------------------------------------------------
    void whatIsReleasedIsDueAtOnce()
    {
        const Filing filing = approve(m_ids[0]);
        QVERIFY(filing.dueAt > m_world->now);
        m_world->tick();
        must(m_desk->release({filing.id}));
        const Filing released = must(m_desk->filings({"planned"})).at(0);
        QVERIFY(released.dueAt <= m_world->now);
        const auto newest = must(m_desk->history(HistoryRequest{}, {})).front();
        QCOMPARE(q(newest.event.kind), q("filing_released"));
        QCOMPARE(q(newest.event.actor), q("me"));
        QVERIFY(!newest.undoable);
        // it can still be called back, as long as it has not left
        must(m_desk->recall(filing.id));
        QCOMPARE(q(must(m_desk->filings({}))[0].state), q("cancelled"));
    }

    void noneIsReleasedWhereOneDoesNotWait()
    {
        const Filing first = approve(m_ids[0]), second = approve(m_ids[2]);
        must(m_desk->recall(second.id));
        QCOMPARE(codeOf(m_desk->release({first.id, second.id})), codeOf(ErrorCode::Conflict));
        QCOMPARE(codeOf(m_desk->release({first.id, "nonsense"})), codeOf(ErrorCode::NotFound));
        QVERIFY(must(m_desk->filings({"planned"})).at(0).dueAt > m_world->now);
        QCOMPARE(m_world->count("SELECT count(*) FROM event WHERE kind = 'filing_released'"), 0);
    }

    void whatWasRefusedCanBeTriedAgainAndNothingElse()
    {
        const Filing filing = approve(m_ids[0]);
        QCOMPARE(codeOf(m_desk->retry(filing.id)), codeOf(ErrorCode::Conflict));
        must(m_world->db().run("UPDATE filing SET state = 'ambiguous'"));
        QCOMPARE(codeOf(m_desk->retry(filing.id)), codeOf(ErrorCode::Conflict));
        must(m_world->db().run("UPDATE filing SET state = 'rejected', detail = 'no such project', attempts = 1"));
        m_world->tick();
        must(m_desk->retry(filing.id));
        const Filing again = must(m_desk->filings({"planned"})).at(0);
        QVERIFY(again.dueAt <= m_world->now);
        QCOMPARE(q(again.detail), q(""));
        QCOMPARE(again.attempts, 1);
        QCOMPARE(codeOf(m_desk->retry("nonsense")), codeOf(ErrorCode::NotFound));
    }

    void whatHasLeftCannotBeCalledBack()
    {
        const Filing filing = approve(m_ids[0]);
        must(m_world->db().run("UPDATE filing SET state = 'sending'"));
        QCOMPARE(codeOf(m_desk->recall(filing.id)), codeOf(ErrorCode::Conflict));
        QCOMPARE(codeOf(m_desk->recall("nonsense")), codeOf(ErrorCode::NotFound));
    }

    // facts
    // ----------------------------------------------------------------------------------------------------------------
    void factsSayWhereThingsLie()
    {
        must(m_world->db().run("INSERT INTO connection(name, kind, url, settings) VALUES('trk', 'jira_cloud', "
                               "'https://x.example', '{}')"));
        const DeskFacts facts = must(m_desk->facts());
        QCOMPARE(q(facts.keyPlace), q("in the test's pocket"));
        QCOMPARE(facts.schema, must(newestSchema()));
        QVERIFY(facts.databaseBytes > 4096);
        QCOMPARE(facts.connections.size(), std::size_t(1));
        QCOMPARE(q(facts.connections[0].name), q("trk"));
        QVERIFY(!facts.replica.empty());
    }

private:
    std::unique_ptr<SqliteDesk> desk(const std::string &actor)
    {
        SqliteDesk::Engines engines;
        engines.refresh = [](Workspace &, std::stop_token) -> Result<> { return {}; };
        engines.draft = [](Workspace &, const std::string &, std::stop_token) -> Result<Draft> {
            return Draft{"Made", "Body", {}};
        };
        engines.now = [this] { return m_world->now; };
        engines.keyPlace = [](const Workspace &) { return std::string("in the test's pocket"); };
        return std::make_unique<SqliteDesk>(m_world->again(), actor, engines);
    }
    std::size_t found(const QString &filter)
    {
        QueueRequest request;
        request.decided = true;
        request.filter = filter.toStdString();
        request.now = kWednesday;
        return must(m_desk->order(request)).keys.size();
    }
    Filing approve(const std::string &incident)
    {
        must(m_desk->decide(incident, {}));
        for (const Filing &filing : must(m_desk->filings({})))
            if (filing.incident == incident)
                return filing;
        qFatal("no filing");
    }

    std::unique_ptr<World> m_base, m_world;
    std::unique_ptr<SqliteDesk> m_desk;
    std::vector<std::string> m_ids;
};

QTEST_GUILESS_MAIN(TestDesk)
#include "tst_desk.moc"
