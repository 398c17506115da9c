#include <QtTest>

#include <nlohmann/json.hpp>

#include "core/adapters/sqlite/outbox.h"
#include "core/adapters/sqlite/triage.h"
#include "tests/fakes/workspacekit.h"

using namespace winnow;
using namespace winnow::sqlite;
using namespace winnow::test;

using Kind = Decision::Kind;

namespace
{

Decision decisionOf(Kind kind)
{
    Decision decision;
    decision.kind = kind;
    decision.note = "a note";
    if (kind == Kind::Reject)
        decision.reason = "wont_fix";
    if (kind == Kind::Attach)
        decision.ticket = "APP-7";
    if (kind == Kind::Snooze)
        decision.moreReports = 2;
    if (kind == Kind::Edit)
        decision.draft = Draft{"Edited", "By hand", {{"owner", "zoe"}}};
    return decision;
}

}

/// The queue, decisions about one candidate, undo and redo of them.
class TestTriage : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void initTestCase()
    {
        m_base = std::make_unique<World>();
        m_base->receive({{"1", "It crashes", "ann"},
                         {"2", "Crash again", "ben"},
                         {"3", "Crashed", "cem"},
                         {"4", "Slow list", "dee"},
                         {"5", "Very slow", "eve"},
                         {"6", "Login fails", "fay"}});
        m_base->derive();
        m_ids = m_base->group({{"1", "2", "3"}, {"4", "5"}, {"6"}});
    }
    void init() { m_world = std::make_unique<World>(*m_base); }
    void cleanup() { m_world.reset(); }

    // the queue
    // ----------------------------------------------------------------------------------------------------------
    void highestPriorityFirstAndTiesById()
    {
        shapeByReports([](GoldRow &row) { row.score.priority = row.data.reports == 2 ? 90 : 50; });
        const auto rows = queue();
        QCOMPARE(rows.size(), std::size_t(3));
        QCOMPARE(q(rows[0].candidate), q(m_ids[1]));
        QCOMPARE(q(rows[1].candidate), q(std::min(m_ids[0], m_ids[2])));
        QCOMPARE(q(rows[2].candidate), q(std::max(m_ids[0], m_ids[2])));
        QCOMPARE(rows[0].reports, 2u);
        QCOMPARE(q(rows[0].state), q("open"));
        QCOMPARE(q(rows[0].title), q("Crash in Checkout"));
    }

    void sortedAsAsked_data()
    {
        QTest::addColumn<QString>("sort");
        QTest::addColumn<QString>("order"); // reports of the rows
        QTest::newRow("priority") << "priority"
                                  << "2 1 3 ";
        QTest::newRow("reports") << "reports"
                                 << "3 2 1 ";
        QTest::newRow("confidence") << "confidence"
                                    << "1 3 2 ";
        QTest::newRow("newest") << "newest"
                                << "2 3 1 ";
    }
    void sortedAsAsked()
    {
        QFETCH(QString, sort);
        QFETCH(QString, order);
        shapeByReports([](GoldRow &row) {
            static const std::map<std::uint32_t, std::array<int, 3>> kValues{
                {1, {60, 9, 1}}, {2, {70, 3, 3}}, {3, {50, 5, 2}}};
            const auto &[priority, confidence, day] = kValues.at(row.data.reports);
            row.score.priority = priority;
            row.data.confidence = confidence / 10.0;
            row.data.newestAt = TimePoint(std::chrono::hours(24 * day));
        });
        QueueRequest request;
        request.sort = sort.toStdString();
        QString found;
        for (const QueueRow &row : queue(request))
            found += QString::number(row.reports) + QLatin1Char(' ');
        QCOMPARE(found, order);
        request.limit = 2;
        QCOMPARE(queue(request).size(), std::size_t(2));
    }

    void filtered_data()
    {
        QTest::addColumn<QString>("filter");
        QTest::addColumn<int>("rows");
        QTest::newRow("nothing") << "" << 3;
        QTest::newRow("component") << "component=Login" << 1;
        QTest::newRow("product") << "product=Shop" << 2;
        QTest::newRow("type") << "type=performance" << 1;
        QTest::newRow("severity") << "severity=critical" << 1;
        QTest::newRow("band") << "band=escalate" << 1;
        QTest::newRow("state") << "state=open" << 3;
        QTest::newRow("other state") << "state=rejected" << 0;
        QTest::newRow("a word") << "slow" << 1;
        QTest::newRow("a word, in any case") << "SLOW" << 1;
        QTest::newRow("all must hold") << "type=bug component=Login" << 1;
        QTest::newRow("one does not hold") << "type=performance component=Login" << 0;
        QTest::newRow("blanks") << "  component=Login   " << 1;
        QTest::newRow("a name nobody knows") << "colour=red" << 0;
    }
    void filtered()
    {
        QFETCH(QString, filter);
        QFETCH(int, rows);
        shapeByReports([](GoldRow &row) {
            row.data.component = row.data.reports == 1 ? "Login" : "Checkout";
            row.data.product = row.data.reports == 1 ? "" : "Shop";
            row.data.type = row.data.reports == 2 ? IssueType::Performance : IssueType::Bug;
            row.data.title = row.data.reports == 2 ? "Slow in Checkout" : "Crash in Checkout";
            row.data.severity = row.data.reports == 3 ? Severity::Critical : Severity::Low;
            row.banding.band = row.data.reports == 3 ? Band::Escalate : Band::Review;
        });
        QueueRequest request;
        request.filter = filter.toStdString();
        QCOMPARE(int(queue(request).size()), rows);
    }

    void byBand()
    {
        shapeByReports([](GoldRow &row) { row.banding.band = Band(row.data.reports); });
        QueueRequest request;
        request.band = Band::Backlog;
        const auto rows = queue(request);
        QCOMPARE(rows.size(), std::size_t(1));
        QCOMPARE(rows[0].reports, 2u);
    }

    // names
    // --------------------------------------------------------------------------------------------------------------
    void aCandidateIsMeantByIdBeginningAliasOrExternalId()
    {
        Triage triage(*m_world->workspace, "me");
        const std::string &id = m_ids[0];
        QCOMPARE(q(must(triage.incidentId(id))), q(id));
        QCOMPARE(q(must(triage.incidentId("fb-" + id))), q(id));
        QCOMPARE(q(must(triage.incidentId(id.substr(0, 12)))), q(id));
        must(m_world->db().run("INSERT INTO alias(uid, incident) VALUES('older', 'old'), ('old', ?1)", id));
        QCOMPARE(q(must(triage.incidentId("older"))), q(id));
        for (const char *text : {"", "zzzz", "%", "fb-"})
            QCOMPARE(codeOf(triage.incidentId(text)), codeOf(ErrorCode::NotFound));
        QCOMPARE(codeOf(triage.incidentId(id.substr(0, 3))), codeOf(ErrorCode::NotFound)); // too little to mean one
    }

    void anAmbiguousBeginningIsAConflict()
    {
        // two ids that begin alike
        must(m_world->db().run("UPDATE incident SET uid = ?1, uid8 = ?2 WHERE uid = ?3", m_ids[0].substr(0, 8) + "x",
                               prefix64(m_ids[0]), m_ids[1]));
        const auto found = Triage(*m_world->workspace, "me").incidentId(m_ids[0].substr(0, 8));
        QCOMPARE(codeOf(found), codeOf(ErrorCode::Conflict));
        QCOMPARE(q(must(Triage(*m_world->workspace, "me").incidentId(m_ids[0]))), q(m_ids[0]));
    }

    // decisions
    // ----------------------------------------------------------------------------------------------------------
    void everyDecisionHasItsState_data()
    {
        QTest::addColumn<int>("kind");
        QTest::addColumn<QString>("state");
        QTest::addColumn<QString>("event");
        QTest::addColumn<bool>("waits"); // is still in the queue
        QTest::newRow("approve") << int(Kind::Approve) << "approved"
                                 << "approved" << false;
        QTest::newRow("attach") << int(Kind::Attach) << "attached"
                                << "attached" << false;
        QTest::newRow("reject") << int(Kind::Reject) << "rejected"
                                << "rejected" << false;
        QTest::newRow("snooze") << int(Kind::Snooze) << "snoozed"
                                << "snoozed" << false;
        QTest::newRow("escalate") << int(Kind::Escalate) << "escalated"
                                  << "escalated" << true;
        QTest::newRow("edit") << int(Kind::Edit) << "open"
                              << "edited" << true;
    }
    void everyDecisionHasItsState()
    {
        QFETCH(int, kind);
        QFETCH(QString, state);
        QFETCH(QString, event);
        QFETCH(bool, waits);
        Triage triage(*m_world->workspace, "me");
        Decision decision = decisionOf(Kind(kind));
        decision.millisecondsOnScreen = 8000;
        decision.verdictHidden = true;
        const std::string before = triageRows();
        const std::string id = must(triage.decide(m_ids[0], decision, m_world->tick()));
        QCOMPARE(stateOf(m_ids[0]), state);
        QCOMPARE(queue().size(), std::size_t(waits ? 3 : 2));

        const Event logged = *must(EventLog(*m_world->workspace).find(id));
        QCOMPARE(q(logged.kind), event);
        QCOMPARE(q(logged.actor), q("me"));
        const auto refs = nlohmann::json::parse(logged.refs);
        QCOMPARE(q(refs.at("incident").get<std::string>()), q(m_ids[0]));
        const auto &seen = refs.at("seen");
        QCOMPARE(seen.at("reports").get<int>(), 3);
        QCOMPARE(q(seen.at("band").get<std::string>()), q("review"));
        QCOMPARE(seen.at("ms_on_screen").get<int>(), 8000);
        QVERIFY(seen.at("verdict_hidden").get<bool>());
        QCOMPARE(seen.at("version").get<std::string>().size(), std::size_t(64));
        QVERIFY(seen.at("factors").contains("severity"));
        // words are in the body, which can be erased
        QVERIFY(logged.refs.find("note") == std::string::npos);
        QVERIFY(logged.refs.find("By hand") == std::string::npos);
        QVERIFY(logged.body->find("a note") != std::string::npos);
        QCOMPARE(must(EventLog(*m_world->workspace).list(m_ids[0])).size(), std::size_t(1));

        // and back, and forth
        const std::string after = triageRows();
        must(triage.undo({}, false, m_world->tick()));
        QCOMPARE(q(triageRows()), q(before));
        QCOMPARE(queue().size(), std::size_t(3));
        must(triage.redo(m_world->tick()));
        QCOMPARE(q(triageRows()), q(after));
        must(triage.undo(id, false, m_world->tick()));
        QCOMPARE(q(triageRows()), q(before));
        QCOMPARE(must(EventLog(*m_world->workspace).verify()), std::size_t(5));
    }

    void whatIsIncompleteIsRefused_data()
    {
        QTest::addColumn<int>("kind");
        QTest::newRow("attach to nothing") << int(Kind::Attach);
        QTest::newRow("reject without reason") << int(Kind::Reject);
        QTest::newRow("snooze for ever") << int(Kind::Snooze);
        QTest::newRow("edit without draft") << int(Kind::Edit);
    }
    void whatIsIncompleteIsRefused()
    {
        QFETCH(int, kind);
        Decision decision;
        decision.kind = Kind(kind);
        const auto done = Triage(*m_world->workspace, "me").decide(m_ids[0], decision, m_world->tick());
        QCOMPARE(codeOf(done), codeOf(ErrorCode::InvalidInput));
        QCOMPARE(m_world->count("SELECT count(*) FROM event WHERE kind <> 'run_finished'"), 0);
    }

    void onlyReasonsOfTheContract()
    {
        Triage triage(*m_world->workspace, "me");
        Decision decision = decisionOf(Kind::Reject);
        for (const char *reason :
             {"not_issue", "duplicate", "fixed", "not_actionable", "evidence_wrong", "wont_fix", "spam"}) {
            decision.reason = reason;
            QVERIFY(triage.decide(m_ids[0], decision, m_world->tick()));
            QCOMPARE(q(m_world->text("SELECT reason FROM triage")), q(reason));
        }
        decision.reason = "boring";
        QCOMPARE(codeOf(triage.decide(m_ids[0], decision, m_world->tick())), codeOf(ErrorCode::InvalidInput));
    }

    void nobodyDecidesOnWhatIsNotThere()
    {
        Triage triage(*m_world->workspace, "me");
        for (const Kind kind : {Kind::Approve, Kind::Reject, Kind::Escalate}) {
            Decision decision = decisionOf(kind);
            decision.draft = Draft{"t", "b", {}};
            const auto done = triage.decide("00000000000000000000000000", decision, m_world->tick());
            QCOMPARE(codeOf(done), codeOf(ErrorCode::NotFound));
        }
        QCOMPARE(codeOf(triage.rename("00000000000000000000000000", "T", m_world->tick())), codeOf(ErrorCode::NotFound));
        QCOMPARE(m_world->count("SELECT count(*) FROM event WHERE kind <> 'run_finished'"), 0);
    }

    void anApprovalPlansAFiling()
    {
        Triage triage(*m_world->workspace, "me");
        must(triage.decide(m_ids[0], decisionOf(Kind::Approve), m_world->tick()));
        const auto filings = must(Outbox(*m_world->workspace).list({}));
        QCOMPARE(filings.size(), std::size_t(1));
        const Filing &filing = filings[0];
        QCOMPARE(q(filing.state), q("planned"));
        QCOMPARE(q(filing.incident), q(m_ids[0]));
        QCOMPARE(q(filing.externalId), q("fb-" + m_ids[0]));
        QCOMPARE(q(filing.tracker), q("files"));
        QVERIFY(filing.dueAt == m_world->now + std::chrono::minutes(10));
        QCOMPARE(filing.draft, (Draft{"Crash in Checkout", "Reports: 3", {{"owner", "ann"}}}));

        Decision now = decisionOf(Kind::Approve);
        now.fileNow = true;
        must(triage.decide(m_ids[1], now, m_world->tick()));
        QVERIFY(must(Outbox(*m_world->workspace).list({}))[1].dueAt == m_world->now);
    }

    void decidedOnceIsDecided()
    {
        Triage triage(*m_world->workspace, "me");
        must(triage.decide(m_ids[0], decisionOf(Kind::Approve), m_world->tick()));
        must(triage.decide(m_ids[1], decisionOf(Kind::Attach), m_world->tick()));
        for (const std::string &id : {m_ids[0], m_ids[1]})
            for (const Kind kind :
                 {Kind::Approve, Kind::Attach, Kind::Reject, Kind::Snooze, Kind::Escalate, Kind::Edit}) {
                const auto done = triage.decide(id, decisionOf(kind), m_world->tick());
                QCOMPARE(codeOf(done), codeOf(ErrorCode::Conflict));
                QVERIFY2(done.error().detail.find("undo") != std::string::npos, done.error().detail.c_str());
            }
        QCOMPARE(must(Outbox(*m_world->workspace).list({})).size(), std::size_t(1));
    }

    void twoWindowsThatApproveAtOnceFileOnce()
    {
        const auto other = m_world->again();
        std::atomic<int> good = 0;
        {
            std::vector<std::jthread> windows;
            for (Workspace *workspace : {m_world->workspace.get(), other.get()})
                windows.emplace_back([&, workspace] {
                    const auto done =
                        Triage(*workspace, "me").decide(m_ids[0], decisionOf(Kind::Approve), m_world->now);
                    good += done.has_value();
                    if (!done && done.error().code != ErrorCode::Conflict)
                        qFatal("%s", done.error().detail.c_str());
                });
        }
        QCOMPARE(good, 1);
        QCOMPARE(m_world->count("SELECT count(*) FROM filing"), 1);
    }

    void aFailedApprovalLeavesNothing()
    {
        must(m_world->db().script(
            "CREATE TEMP TRIGGER no BEFORE INSERT ON triage BEGIN SELECT RAISE(ABORT, 'no'); END"));
        QVERIFY(!Triage(*m_world->workspace, "me").decide(m_ids[0], decisionOf(Kind::Approve), m_world->tick()));
        QCOMPARE(m_world->count("SELECT (SELECT count(*) FROM filing) + (SELECT count(*) FROM event_body)"), 0);
        QCOMPARE(must(EventLog(*m_world->workspace).verify()), std::size_t(1));
    }

    void withSeveralTrackersOneMustBeNamed()
    {
        must(m_world->db().script(
            "INSERT INTO connection VALUES('a', 'linear', 'u', '{}'), ('b', 'file', 'u', '{}'), ('e', "
            "'azure_openai', 'u', '{}')"));
        Triage triage(*m_world->workspace, "me");
        Decision decision = decisionOf(Kind::Approve);
        const auto unnamed = triage.decide(m_ids[0], decision, m_world->tick());
        QCOMPARE(codeOf(unnamed), codeOf(ErrorCode::Conflict));
        QVERIFY2(unnamed.error().detail.find("a, b") != std::string::npos, unnamed.error().detail.c_str());
        decision.tracker = "e"; // an engine is no tracker
        QCOMPARE(codeOf(triage.decide(m_ids[0], decision, m_world->tick())), codeOf(ErrorCode::NotFound));
        decision.tracker = "b";
        must(triage.decide(m_ids[0], decision, m_world->tick()));
        QCOMPARE(q(m_world->text("SELECT tracker FROM filing")), q("b"));
        QCOMPARE(stateOf(m_ids[0]), q("approved"));
    }

    void withoutDraftThereIsNothingToFile()
    {
        shapeByReports([](GoldRow &row) { row.draft.reset(); });
        Triage triage(*m_world->workspace, "me");
        Decision decision = decisionOf(Kind::Approve);
        const auto done = triage.decide(m_ids[0], decision, m_world->tick());
        QCOMPARE(codeOf(done), codeOf(ErrorCode::InvalidInput));
        decision.draft = Draft{"Made now", "body", {}};
        must(triage.decide(m_ids[0], decision, m_world->tick()));
        QCOMPARE(q(m_world->text("SELECT title FROM filing")), q("Made now"));
    }

    void anEditedDraftIsWhatIsFiled()
    {
        Triage triage(*m_world->workspace, "me");
        const std::string edit = must(triage.decide(m_ids[0], decisionOf(Kind::Edit), m_world->tick()));
        QCOMPARE(must(triage.draftOf(m_ids[0])).value(), (Draft{"Edited", "By hand", {{"owner", "zoe"}}}));
        must(triage.decide(m_ids[0], decisionOf(Kind::Approve), m_world->tick()));
        QCOMPARE(q(m_world->text("SELECT body FROM filing")), q("By hand"));
        must(triage.undo({}, false, m_world->tick()));
        must(triage.undo({}, false, m_world->tick()));
        QCOMPARE(q(must(triage.draftOf(m_ids[0]))->title), q("Crash in Checkout"));
        Q_UNUSED(edit);
    }

    void aTitleOfAPersonIsShownAndFiled()
    {
        Triage triage(*m_world->workspace, "me");
        must(triage.rename(m_ids[0], "Paying fails", m_world->tick()));
        QCOMPARE(q(must(triage.draftOf(m_ids[0]))->title), q("Paying fails"));
        QueueRequest request;
        request.filter = "Paying";
        QCOMPARE(queue(request).size(), std::size_t(1));
        QCOMPARE(stateOf(m_ids[0]), q("open"));
        must(triage.undo({}, false, m_world->tick()));
        QVERIFY(queue(request).empty());
        QCOMPARE(codeOf(triage.rename(m_ids[0], "", m_world->tick())), codeOf(ErrorCode::InvalidInput));
    }

    void aSnoozeEndsAtItsDate()
    {
        Decision decision = decisionOf(Kind::Snooze);
        decision.moreReports.reset();
        decision.until = m_world->now + std::chrono::hours(24);
        must(Triage(*m_world->workspace, "me").decide(m_ids[0], decision, m_world->tick()));
        QueueRequest request;
        request.now = *decision.until - std::chrono::milliseconds(1);
        QCOMPARE(queue(request).size(), std::size_t(2));
        request.now = *decision.until;
        QCOMPARE(queue(request).size(), std::size_t(3));
        QCOMPARE(stateOf(m_ids[0], *decision.until), q("open"));
    }

    void reportsWakeASnoozeAndARejection_data()
    {
        QTest::addColumn<int>("kind");
        QTest::addColumn<int>("reports");
        QTest::addColumn<bool>("back");
        QTest::newRow("snoozed, one more") << int(Kind::Snooze) << 4 << false;
        QTest::newRow("snoozed, two more") << int(Kind::Snooze) << 5 << true;
        QTest::newRow("rejected, nearly double") << int(Kind::Reject) << 5 << false;
        QTest::newRow("rejected, double") << int(Kind::Reject) << 6 << true;
        QTest::newRow("approved, double") << int(Kind::Approve) << 6 << false;
    }
    void reportsWakeASnoozeAndARejection()
    {
        QFETCH(int, kind);
        QFETCH(int, reports);
        QFETCH(bool, back);
        must(Triage(*m_world->workspace, "me").decide(m_ids[0], decisionOf(Kind(kind)), m_world->tick()));
        shapeByReports([&](GoldRow &row) {
            if (row.data.reports == 3)
                row.data.reports = std::uint32_t(reports);
        });
        QCOMPARE(queue().size(), std::size_t(back ? 3 : 2));
    }

    void escalatedStandsInItsBand()
    {
        must(Triage(*m_world->workspace, "me").decide(m_ids[0], decisionOf(Kind::Escalate), m_world->tick()));
        QueueRequest request;
        request.band = Band::Escalate;
        QCOMPARE(queue(request).size(), std::size_t(1));
        QVERIFY(Triage(*m_world->workspace, "me").decide(m_ids[0], decisionOf(Kind::Approve), m_world->tick()));
    }

    void theNewestDecisionCounts()
    {
        Triage triage(*m_world->workspace, "me");
        must(triage.decide(m_ids[0], decisionOf(Kind::Snooze), m_world->now)); // all within one millisecond
        must(triage.decide(m_ids[0], decisionOf(Kind::Reject), m_world->now));
        must(triage.decide(m_ids[0], decisionOf(Kind::Escalate), m_world->now));
        QCOMPARE(stateOf(m_ids[0]), q("escalated"));
        must(triage.undo({}, false, m_world->now));
        QCOMPARE(stateOf(m_ids[0]), q("rejected"));
        must(triage.undo({}, false, m_world->now));
        QCOMPARE(stateOf(m_ids[0]), q("snoozed"));
        QCOMPARE(m_world->count("SELECT snooze_reports FROM triage"), 5);
    }

    // undo
    // ---------------------------------------------------------------------------------------------------------------
    void thereMustBeSomethingToUndo()
    {
        Triage triage(*m_world->workspace, "me");
        QCOMPARE(codeOf(triage.undo({}, false, m_world->tick())), codeOf(ErrorCode::NotFound));
        QCOMPARE(codeOf(triage.redo(m_world->tick())), codeOf(ErrorCode::NotFound));
        QCOMPARE(codeOf(triage.undo("no such event", false, m_world->tick())), codeOf(ErrorCode::NotFound));
        const auto run = triage.undo(m_world->text("SELECT id FROM event"), false, m_world->tick());
        QCOMPARE(codeOf(run), codeOf(ErrorCode::Conflict));
        const std::string event = must(triage.decide(m_ids[0], decisionOf(Kind::Reject), m_world->tick()));
        must(triage.undo(event, false, m_world->tick()));
        const auto again = triage.undo(event, false, m_world->tick());
        QCOMPARE(codeOf(again), codeOf(ErrorCode::Conflict));
        QVERIFY(again.error().detail.find("undone already") != std::string::npos);
    }

    void myNewestIsMineNotYours()
    {
        Triage me(*m_world->workspace, "me"), you(*m_world->workspace, "you");
        must(me.decide(m_ids[0], decisionOf(Kind::Reject), m_world->tick()));
        const std::string yours = must(you.decide(m_ids[1], decisionOf(Kind::Reject), m_world->tick()));
        must(me.undo({}, false, m_world->tick()));
        QCOMPARE(stateOf(m_ids[0]), q("open"));
        QCOMPARE(stateOf(m_ids[1]), q("rejected"));
        QCOMPARE(codeOf(me.undo({}, false, m_world->tick())), codeOf(ErrorCode::NotFound));
        QCOMPARE(codeOf(you.redo(m_world->tick())), codeOf(ErrorCode::NotFound)); // what I took back is mine to bring back
        must(me.undo(yours, false, m_world->tick())); // by name, anybody's
        QCOMPARE(stateOf(m_ids[1]), q("open"));
    }

    void laterEventsStandInTheWay()
    {
        Triage me(*m_world->workspace, "me"), you(*m_world->workspace, "you");
        const std::string first = must(me.decide(m_ids[0], decisionOf(Kind::Snooze), m_world->tick()));
        const std::string second = must(you.decide(m_ids[0], decisionOf(Kind::Reject), m_world->tick()));
        must(me.decide(m_ids[1], decisionOf(Kind::Reject), m_world->tick())); // elsewhere
        const std::string before = triageRows();
        const auto refused = me.undo(first, false, m_world->tick());
        QCOMPARE(codeOf(refused), codeOf(ErrorCode::Conflict));
        for (const std::string &words : {second, std::string("rejected by you"), std::string("--with-later")})
            QVERIFY2(refused.error().detail.find(words) != std::string::npos, refused.error().detail.c_str());
        QCOMPARE(q(triageRows()), q(before));
        const auto done = must(me.undo(first, true, m_world->tick()));
        QCOMPARE(done.incidents, std::vector{m_ids[0]});
        QCOMPARE(stateOf(m_ids[0]), q("open"));
        QCOMPARE(stateOf(m_ids[1]), q("rejected"));
        // one step: one redo brings both back
        must(me.redo(m_world->tick()));
        QCOMPARE(q(triageRows()), q(before));
    }

    void whatIsUndoneAlreadyStandsInNobodysWay()
    {
        Triage me(*m_world->workspace, "me");
        const std::string first = must(me.decide(m_ids[0], decisionOf(Kind::Snooze), m_world->tick()));
        must(me.decide(m_ids[0], decisionOf(Kind::Reject), m_world->tick()));
        must(me.undo({}, false, m_world->tick()));
        must(me.undo(first, false, m_world->tick()));
        QCOMPARE(stateOf(m_ids[0]), q("open"));
        // redo goes back the way undo came
        must(me.redo(m_world->tick()));
        QCOMPARE(stateOf(m_ids[0]), q("snoozed"));
        must(me.redo(m_world->tick()));
        QCOMPARE(stateOf(m_ids[0]), q("rejected"));
        QCOMPARE(codeOf(me.redo(m_world->tick())), codeOf(ErrorCode::NotFound));
    }

    void aNewDecisionLeavesTheRedoBranch()
    {
        Triage me(*m_world->workspace, "me");
        must(me.decide(m_ids[0], decisionOf(Kind::Reject), m_world->tick()));
        must(me.undo({}, false, m_world->tick()));
        must(me.decide(m_ids[1], decisionOf(Kind::Reject), m_world->tick()));
        must(me.redo(m_world->tick()));
        QCOMPARE(stateOf(m_ids[0]), q("rejected"));
        QCOMPARE(stateOf(m_ids[1]), q("rejected"));
    }

    void redoIsRefusedOverANewerDecisionOnTheSameCandidate()
    {
        Triage me(*m_world->workspace, "me");
        must(me.decide(m_ids[0], decisionOf(Kind::Approve), m_world->tick()));
        must(me.undo({}, false, m_world->tick()));
        const std::string reject = must(me.decide(m_ids[0], decisionOf(Kind::Reject), m_world->tick()));
        const auto refused = me.redo(m_world->tick());
        QCOMPARE(codeOf(refused), codeOf(ErrorCode::Conflict));
        QVERIFY2(refused.error().detail.find(reject) != std::string::npos, refused.error().detail.c_str());
        QCOMPARE(q(m_world->text("SELECT state FROM filing")), q("cancelled"));
        // with the newer one taken back, the branch is still there
        must(me.undo(reject, false, m_world->tick()));
        must(me.redo(m_world->tick())); // the rejection
        must(me.undo({}, false, m_world->tick()));
        QCOMPARE(stateOf(m_ids[0]), q("open"));
    }

    void anApprovalIsTakenBackWhileItsFilingIsPlanned()
    {
        Triage me(*m_world->workspace, "me");
        must(me.decide(m_ids[0], decisionOf(Kind::Approve), m_world->tick()));
        must(me.undo({}, false, m_world->tick()));
        QCOMPARE(q(m_world->text("SELECT state FROM filing")), q("cancelled"));
        must(me.redo(m_world->now += std::chrono::hours(1)));
        QCOMPARE(q(m_world->text("SELECT state FROM filing")), q("planned"));
        QCOMPARE(m_world->count("SELECT due_at FROM filing"),
                 std::int64_t((m_world->now + std::chrono::minutes(10)).time_since_epoch().count()));
        must(me.undo({}, false, m_world->tick()));
        must(me.decide(m_ids[0], decisionOf(Kind::Approve), m_world->tick())); // anew: a second filing, one alive
        QCOMPARE(m_world->count("SELECT count(*) FROM filing WHERE state = 'planned'"), 1);
        QCOMPARE(m_world->count("SELECT count(*) FROM filing"), 2);
    }

    void afterItHasLeftAnApprovalStays_data()
    {
        QTest::addColumn<QString>("state");
        for (const char *state : {"sending", "confirmed", "rejected", "ambiguous"})
            QTest::newRow(state) << QString::fromLatin1(state);
    }
    void afterItHasLeftAnApprovalStays()
    {
        QFETCH(QString, state);
        Triage me(*m_world->workspace, "me");
        must(me.decide(m_ids[0], decisionOf(Kind::Approve), m_world->tick()));
        must(m_world->db().run("UPDATE filing SET state = ?1", state.toStdString()));
        const std::string before = triageRows();
        const std::int64_t events = m_world->count("SELECT count(*) FROM event");
        for (const bool withLater : {false, true}) {
            const auto done = me.undo({}, withLater, m_world->tick());
            QCOMPARE(codeOf(done), codeOf(ErrorCode::Conflict));
            QVERIFY2(done.error().detail.find("has left the outbox") != std::string::npos, done.error().detail.c_str());
        }
        QCOMPARE(q(triageRows()), q(before));
        QCOMPARE(m_world->count("SELECT count(*) FROM event"), events);
        QCOMPARE(q(m_world->text("SELECT state FROM filing")), state);
    }

private:
    std::vector<QueueRow> queue(const QueueRequest &request = {})
    {
        return must(Triage(*m_world->workspace, "me").queue(request));
    }

    QString stateOf(const std::string &incident, TimePoint now = {})
    {
        QueueRequest request;
        request.decided = true;
        request.now = now;
        for (const QueueRow &row : queue(request))
            if (row.candidate == incident)
                return q(row.state);
        return {};
    }

    std::string triageRows()
    {
        std::string rows;
        must(m_world->db().query("SELECT * FROM triage ORDER BY incident", [&](const Row &row) {
            for (int column = 0; column < row.columns(); ++column)
                rows += row.text(column) + '|';
            rows += '\n';
        }));
        return rows;
    }

    /// Sums all candidates up again, as `shape` says.
    void shapeByReports(std::function<void(GoldRow &)> shape)
    {
        m_world->shape = std::move(shape);
        m_world->refresh(m_ids);
    }

    std::unique_ptr<World> m_base, m_world;
    std::vector<std::string> m_ids;
};

QTEST_GUILESS_MAIN(TestTriage)
#include "tst_triage.moc"
