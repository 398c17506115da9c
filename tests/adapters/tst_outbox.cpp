#include <QtTest>

#include "core/adapters/sqlite/outbox.h"
#include "core/adapters/sqlite/triage.h"
#include "tests/fakes/faketracker.h"
#include "tests/fakes/workspacekit.h"

using namespace winnow;
using namespace winnow::sqlite;
using namespace winnow::test;

using Answer = FakeTracker::Answer;

class TestOutbox : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void initTestCase()
    {
        m_base = std::make_unique<World>();
        m_base->receive({{"1", "It crashes", "ann"}, {"2", "Slow list", "ben"}});
        m_base->derive();
        m_ids = m_base->group({{"1"}, {"2"}});
    }
    void init()
    {
        m_world = std::make_unique<World>(*m_base);
        m_tracker = std::make_unique<FakeTracker>([this] { return m_world->now; });
    }
    void cleanup() { m_world.reset(); }

    void aFilingWaitsItsHoldTime()
    {
        approve(m_ids[0], false);
        QVERIFY(push().empty());
        m_world->now += std::chrono::minutes(10) - std::chrono::milliseconds(1);
        QVERIFY(push().empty());
        QVERIFY(m_tracker->calls.empty());
        m_world->now += std::chrono::milliseconds(1);
        QCOMPARE(q(push().at(0).state), q("confirmed"));
    }

    void fileNowDoesNotWait()
    {
        approve(m_ids[0], false);
        QCOMPARE(push(true).size(), std::size_t(1));
        QCOMPARE(m_tracker->tickets(), std::size_t(1));
    }

    void fromPlannedToConfirmed()
    {
        approve(m_ids[0]);
        std::string during;
        m_tracker->beforeCreate = [&] { during = elsewhere("SELECT state || ' ' || attempts FROM filing"); };
        const auto done = push();
        QCOMPARE(q(during), q("sending 1")); // committed before anything left
        QCOMPARE(done.size(), std::size_t(1));
        const Filing filing = only();
        QCOMPARE(q(filing.state), q("confirmed"));
        QCOMPARE(q(filing.ticket), q("T-1"));
        QCOMPARE(q(filing.url), q("https://tracker.example/fb-" + m_ids[0]));
        QCOMPARE(filing.attempts, 1);
        QCOMPARE(q(done[0].state), q(filing.state));
        QCOMPARE(q(done[0].ticket), q(filing.ticket));
        QCOMPARE(m_tracker->calls, (std::vector{"find fb-" + m_ids[0], "create fb-" + m_ids[0]}));
        const auto events = must(EventLog(*m_world->workspace).list(m_ids[0]));
        QCOMPARE(q(events.back().kind), q("filing_confirmed"));
        QVERIFY(events.back().refs.find("T-1") != std::string::npos);
        // what is done is done
        QVERIFY(push().empty());
        QCOMPARE(m_tracker->tickets(), std::size_t(1));
    }

    void whatIsThereAlreadyIsNotSent()
    {
        approve(m_ids[0]);
        m_tracker->create("fb-" + m_ids[0], {}, {}); // by another hand
        m_tracker->calls.clear();
        QCOMPARE(q(push().at(0).state), q("confirmed"));
        QCOMPARE(m_tracker->calls, std::vector{"find fb-" + m_ids[0]});
        QCOMPARE(q(only().ticket), q("T-1"));
    }

    void aRefusalIsFinal()
    {
        approve(m_ids[0]);
        m_tracker->script = {Answer::Refuse};
        QCOMPARE(q(push().at(0).state), q("rejected"));
        QCOMPARE(q(only().detail), q("no such project"));
        QCOMPARE(q(must(EventLog(*m_world->workspace).list(m_ids[0])).back().kind), q("filing_rejected"));
        QVERIFY(push(true).empty());
    }

    void whatWasNotSentIsPlannedAgain()
    {
        approve(m_ids[0]);
        m_tracker->script = {Answer::NotSent};
        QCOMPARE(q(push().at(0).state), q("planned"));
        QCOMPARE(q(only().detail), q("asked to wait"));
        QCOMPARE(q(push().at(0).state), q("confirmed"));
        QCOMPARE(only().attempts, 2);
        QVERIFY(only().detail.empty());
    }

    void aLostAnswerIsLookedUp()
    {
        approve(m_ids[0]);
        m_tracker->script = {Answer::LoseAnswer};
        QCOMPARE(q(push().at(0).state), q("confirmed")); // the first look follows at once
        QCOMPARE(m_tracker->tickets(), std::size_t(1));
        QCOMPARE(only().attempts, 1);
    }

    void aLostAnswerOfALaggingTrackerWaits()
    {
        approve(m_ids[0]);
        m_tracker->script = {Answer::LoseAnswer};
        m_tracker->lag = std::chrono::seconds(50);
        push();
        for (int i = 0; i < 5; ++i) { // absent, but that proves nothing yet
            m_world->now += std::chrono::seconds(9);
            const auto looked = push().at(0);
            QCOMPARE(q(looked.state), q("ambiguous"));
            QVERIFY(!looked.detail.empty());
        }
        m_world->now += std::chrono::seconds(9);
        QCOMPARE(q(push().at(0).state), q("confirmed"));
        QCOMPARE(m_tracker->tickets(), std::size_t(1));
    }

    void aLostRequestIsSentAgainOnceAbsenceIsProved()
    {
        approve(m_ids[0]);
        m_tracker->script = {Answer::LoseRequest};
        QCOMPARE(q(push().at(0).state), q("ambiguous"));
        m_world->now += m_tracker->settling - std::chrono::milliseconds(1);
        QCOMPARE(q(push().at(0).state), q("ambiguous"));
        QCOMPARE(only().attempts, 1);
        m_world->now += std::chrono::milliseconds(1);
        QCOMPARE(q(push().at(0).state), q("confirmed"));
        QCOMPARE(m_tracker->tickets(), std::size_t(1));
        QCOMPARE(only().attempts, 2);
    }

    void theSettlingTimeBeginsWhenTheSendEnded()
    {
        approve(m_ids[0]);
        m_tracker->script = {Answer::LoseRequest};
        m_tracker->beforeCreate = [&] { m_world->now += std::chrono::minutes(5); }; // a slow answer
        push();
        m_tracker->beforeCreate = nullptr;
        m_world->now += std::chrono::seconds(1);
        QCOMPARE(q(push().at(0).state), q("ambiguous"));
    }

    void sendingFoundAtTheStartIsLookedUp_data()
    {
        QTest::addColumn<bool>("arrived");
        QTest::newRow("it had arrived") << true;
        QTest::newRow("it had not") << false;
    }
    void sendingFoundAtTheStartIsLookedUp()
    {
        QFETCH(bool, arrived);
        approve(m_ids[0]);
        if (arrived)
            m_tracker->create("fb-" + m_ids[0], {}, {});
        // the program died between the step and the answer
        must(m_world->db().run("UPDATE filing SET state = 'sending', attempts = 1, changed_at = ?1", m_world->now));
        m_world->now += std::chrono::seconds(1);
        QCOMPARE(q(push().at(0).state), q(arrived ? "confirmed" : "ambiguous"));
        m_world->now += m_tracker->settling;
        if (!arrived)
            QCOMPARE(q(push().at(0).state), q("confirmed"));
        QCOMPARE(m_tracker->tickets(), std::size_t(1));
    }

    void nobodyKnowsWhenADeadProcessSent()
    {
        approve(m_ids[0]);
        m_tracker->lag = std::chrono::seconds(30);
        // it took the step an hour ago, slept, and sent just before it died
        must(m_world->db().run("UPDATE filing SET state = 'sending', attempts = 1, changed_at = ?1", m_world->now));
        m_world->now += std::chrono::hours(1);
        m_tracker->create("fb-" + m_ids[0], {}, {});
        for (const int seconds : {1, 20, 20}) {
            m_world->now += std::chrono::seconds(seconds);
            push();
            QCOMPARE(m_tracker->tickets(), std::size_t(1));
        }
        QCOMPARE(q(only().state), q("confirmed"));
    }

    void withoutALookUpNothingIsSent()
    {
        approve(m_ids[0]);
        m_tracker->findError = Error{ErrorCode::Network, "no way there"};
        const auto done = push();
        QCOMPARE(q(done.at(0).state), q("planned"));
        QCOMPARE(q(done.at(0).detail), q("no way there"));
        QCOMPARE(m_tracker->tickets(), std::size_t(0));
        m_tracker->findError.reset();
        QCOMPARE(q(push().at(0).state), q("confirmed"));
    }

    void oneTrackerAtATime()
    {
        approve(m_ids[0]);
        auto lease = must(Lease::acquire(*m_world->workspace, "push"));
        const auto done =
            Outbox(*m_world->workspace).push(*lease, "another", *m_tracker, true, [&] { return m_world->now; }, {});
        QVERIFY(must(done).empty());
        QVERIFY(m_tracker->calls.empty());
    }

    void aStopLeavesTheRest()
    {
        approve(m_ids[0]);
        approve(m_ids[1]);
        std::stop_source stop;
        m_tracker->beforeCreate = [&] { stop.request_stop(); };
        auto lease = must(Lease::acquire(*m_world->workspace, "push"));
        const auto done = Outbox(*m_world->workspace)
                              .push(
                                  *lease, "files", *m_tracker, true, [&] { return m_world->now; }, stop.get_token());
        QCOMPARE(codeOf(done), codeOf(ErrorCode::Cancelled));
        QCOMPARE(m_world->count("SELECT count(*) FROM filing WHERE state = 'confirmed'"), 1);
        QCOMPARE(m_world->count("SELECT count(*) FROM filing WHERE state = 'planned'"), 1);
    }

    void whoLostTheLeaseTakesNoStep()
    {
        approve(m_ids[0]);
        const auto other = m_world->again();
        std::unique_ptr<Lease> taken;
        m_tracker->beforeFind = [&] { // the machine slept here
            must(other->database().run("UPDATE lease SET heartbeat = 0 WHERE job = 'push'"));
            taken = must(Lease::acquire(*other, "push"));
        };
        auto lease = must(Lease::acquire(*m_world->workspace, "push"));
        const auto done =
            Outbox(*m_world->workspace).push(*lease, "files", *m_tracker, true, [&] { return m_world->now; }, {});
        QCOMPARE(codeOf(done), codeOf(ErrorCode::Leased));
        QCOMPARE(q(only().state), q("planned"));
        QCOMPARE(m_tracker->tickets(), std::size_t(0));
    }

    void whoLosesTheLeaseBetweenTwoTicketsSendsNoMore()
    {
        approve(m_ids[0]);
        approve(m_ids[1]);
        const auto other = m_world->again();
        std::unique_ptr<Lease> taken;
        m_tracker->beforeCreate = [&] {
            must(other->database().run("UPDATE lease SET heartbeat = 0 WHERE job = 'push'"));
            taken = must(Lease::acquire(*other, "push"));
        };
        {
            auto lease = must(Lease::acquire(*m_world->workspace, "push"));
            const auto done =
                Outbox(*m_world->workspace).push(*lease, "files", *m_tracker, true, [&] { return m_world->now; }, {});
            QCOMPARE(codeOf(done), codeOf(ErrorCode::Leased));
        }
        QCOMPARE(m_tracker->tickets(), std::size_t(1));
        // the other one brings both to their end
        m_tracker->beforeCreate = nullptr;
        for (int i = 0; i < 2; ++i) {
            must(Outbox(*other).push(*taken, "files", *m_tracker, true, [&] { return m_world->now; }, {}));
            m_world->now += m_tracker->settling;
        }
        QCOMPARE(m_world->count("SELECT count(*) FROM filing WHERE state = 'confirmed'"), 2);
        for (const std::string &id : m_ids)
            QCOMPARE(m_tracker->tickets("fb-" + id), std::size_t(1));
    }

    void twoPushesNeverMakeTwoTickets()
    {
        for (const auto answer : {Answer::Create, Answer::LoseAnswer}) {
            World world(*m_base);
            Triage triage(*world.workspace, "me");
            Decision decision;
            decision.fileNow = true;
            must(triage.decide(m_ids[0], decision, world.now));
            const auto other = world.again();
            std::mutex mutex;
            FakeTracker tracker([&] { return world.now; });
            tracker.script = {answer};
            std::vector<std::jthread> pushers;
            for (Workspace *workspace : {world.workspace.get(), other.get()})
                pushers.emplace_back([&, workspace] {
                    for (int i = 0; i < 4; ++i) {
                        const auto lease = Lease::acquire(*workspace, "push");
                        if (!lease)
                            continue;
                        const std::lock_guard lock(mutex); // of the fake only: the lease lets one in anyway
                        must(Outbox(*workspace).push(**lease, "files", tracker, true, [&] { return world.now; }, {}));
                    }
                });
            pushers.clear();
            auto lease = must(Lease::acquire(*world.workspace, "push"));
            must(Outbox(*world.workspace).push(*lease, "files", tracker, true, [&] { return world.now; }, {}));
            QCOMPARE(tracker.tickets(), std::size_t(1));
            QCOMPARE(q(world.text("SELECT state FROM filing")), q("confirmed"));
        }
    }

    void anUndoInTimeStopsTheSend()
    {
        approve(m_ids[0]);
        const auto other = m_world->again();
        // between the look-up and the send, another window takes the approval back
        m_tracker->beforeFind = [&] { must(Triage(*other, "me").undo({}, false, m_world->now)); };
        const auto done = push();
        QCOMPARE(m_tracker->tickets(), std::size_t(0));
        QCOMPARE(q(only().state), q("cancelled"));
        QCOMPARE(q(done.at(0).state), q("cancelled")); // as it stands now
        QCOMPARE(m_world->count("SELECT count(*) FROM triage"), 0);
        m_tracker->beforeFind = nullptr;
        QVERIFY(push(true).empty());
    }

    void anUndoTooLateIsRefused()
    {
        approve(m_ids[0]);
        const auto other = m_world->again();
        Result<GroupingDone> undone = GroupingDone{};
        m_tracker->beforeCreate = [&] { undone = Triage(*other, "me").undo({}, false, m_world->now); };
        push();
        QCOMPARE(codeOf(undone), codeOf(ErrorCode::Conflict));
        QCOMPARE(q(only().state), q("confirmed"));
        QCOMPARE(m_tracker->tickets(), std::size_t(1));
    }

    void ofAnUndoAndASendExactlyOneWins()
    {
        for (int round = 0; round < 10; ++round) {
            World world(*m_base);
            const auto other = world.again();
            FakeTracker tracker([&] { return world.now; });
            Decision decision;
            decision.fileNow = true;
            must(Triage(*world.workspace, "me").decide(m_ids[0], decision, world.now));
            Result<GroupingDone> undone = GroupingDone{};
            {
                const std::jthread undoing([&] { undone = Triage(*other, "me").undo({}, false, world.now); });
                auto lease = must(Lease::acquire(*world.workspace, "push"));
                must(Outbox(*world.workspace).push(*lease, "files", tracker, true, [&] { return world.now; }, {}));
            }
            QCOMPARE(tracker.tickets(), std::size_t(undone ? 0 : 1));
            QCOMPARE(q(world.text("SELECT state FROM filing")), q(undone ? "cancelled" : "confirmed"));
            if (!undone)
                QCOMPARE(codeOf(undone), codeOf(ErrorCode::Conflict));
        }
    }

    void listedByState()
    {
        approve(m_ids[0]);
        approve(m_ids[1]);
        m_tracker->script = {Answer::Refuse};
        push();
        Outbox outbox(*m_world->workspace);
        QCOMPARE(must(outbox.list({})).size(), std::size_t(2));
        QCOMPARE(must(outbox.list({"rejected"})).size(), std::size_t(1));
        QCOMPARE(must(outbox.list({"rejected", "confirmed"})).size(), std::size_t(2));
        QVERIFY(must(outbox.list({"sending"})).empty());
    }

private:
    void approve(const std::string &incident, bool fileNow = true)
    {
        Decision decision;
        decision.fileNow = fileNow;
        must(Triage(*m_world->workspace, "me").decide(incident, decision, m_world->now));
    }

    std::vector<Filing> push(bool fileNow = false)
    {
        auto lease = must(Lease::acquire(*m_world->workspace, "push"));
        return must(Outbox(*m_world->workspace)
                        .push(*lease, "files", *m_tracker, fileNow, [this] { return m_world->now; }, {}));
    }

    Filing only()
    {
        const auto all = must(Outbox(*m_world->workspace).list({}));
        if (all.size() != 1)
            qFatal("%zu filings", all.size());
        return all[0];
    }

    /// As another process sees it.
    std::string elsewhere(const char *sql) { return must(m_world->again()->database().text(sql)).value_or(""); }

    std::unique_ptr<World> m_base, m_world;
    std::unique_ptr<FakeTracker> m_tracker;
    std::vector<std::string> m_ids;
};

QTEST_GUILESS_MAIN(TestOutbox)
#include "tst_outbox.moc"
