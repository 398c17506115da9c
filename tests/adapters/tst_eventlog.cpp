#include <QtTest>

#include "core/adapters/sqlite/eventlog.h"
#include "tests/fakes/workspacekit.h"

using namespace winnow;
using namespace winnow::sqlite;
using namespace winnow::test;

namespace
{

std::string append(World &world, const NewEvent &event)
{
    auto transaction = must(Transaction::begin(world.db(), "test"));
    auto id = must(EventLog(*world.workspace).append(event, world.now));
    must(transaction.commit());
    return id;
}

}

class TestEventLog : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void init()
    {
        m_world = std::make_unique<World>();
        m_ids.clear();
        for (int i = 0; i < 5; ++i)
            m_ids.push_back(append(*m_world,
                                   {"rejected",
                                    i % 2 ? "ann" : "ben",
                                    "{\"n\":" + std::to_string(i) + "}",
                                    i == 3 ? "" : "words " + std::to_string(i),
                                    {"incident" + std::to_string(i % 2)}}));
    }
    void cleanup() { m_world.reset(); }

    void eventsComeBackAsTheyWere()
    {
        const auto events = must(EventLog(*m_world->workspace).list());
        QCOMPARE(events.size(), std::size_t(5));
        for (std::size_t i = 0; i < events.size(); ++i) {
            QCOMPARE(q(events[i].id), q(m_ids[i])); // in order, though all have one time
            QCOMPARE(events[i].seq, std::int64_t(i + 1));
            QCOMPARE(events[i].clock, std::int64_t(i + 1));
            QCOMPARE(q(events[i].replica), q(m_world->workspace->replica()));
            QCOMPARE(q(events[i].kind), q("rejected"));
            QCOMPARE(q(events[i].actor), q(i % 2 ? "ann" : "ben"));
            QVERIFY(events[i].at == m_world->now);
            QCOMPARE(events[i].body.has_value(), i != 3);
            QVERIFY(!events[i].bodyErased);
        }
        QCOMPARE(q(*events[2].body), q("words 2"));
        QCOMPARE(must(EventLog(*m_world->workspace).list("incident1")).size(), std::size_t(2));
        QCOMPARE(q(must(EventLog(*m_world->workspace).find(m_ids[3]))->refs), q("{\"n\":3}"));
        QVERIFY(!must(EventLog(*m_world->workspace).find("no such event")));
        QCOMPARE(must(EventLog(*m_world->workspace).verify()), std::size_t(5));
    }

    void aRolledBackEventLeavesNoGap()
    {
        {
            const auto transaction = must(Transaction::begin(m_world->db(), "test"));
            must(EventLog(*m_world->workspace).append({"rejected", "ann", "{}", "body", {"x"}}, m_world->now));
        }
        append(*m_world, {"rejected", "ann", "{}", "", {}});
        QCOMPARE(must(EventLog(*m_world->workspace).verify()), std::size_t(6));
    }

    void damageIsFoundAndNamed_data()
    {
        QTest::addColumn<QString>("sql"); // %1 is the third event
        QTest::addColumn<int>("named"); // the event that is named
        QTest::newRow("refs") << "UPDATE event SET refs = '{\"n\":7}' WHERE id = '%1'" << 2;
        QTest::newRow("actor") << "UPDATE event SET actor = 'eve' WHERE id = '%1'" << 2;
        QTest::newRow("kind") << "UPDATE event SET kind = 'approved' WHERE id = '%1'" << 2;
        QTest::newRow("time") << "UPDATE event SET at = at + 1 WHERE id = '%1'" << 2;
        QTest::newRow("clock") << "UPDATE event SET clock = clock + 10 WHERE id = '%1'" << 2;
        QTest::newRow("body") << "UPDATE event_body SET body = 'words 9' WHERE event = '%1'" << 2;
        QTest::newRow("salt") << "UPDATE event_body SET salt = x'00' WHERE event = '%1'" << 2;
        QTest::newRow("body hash") << "UPDATE event SET body_hash = zeroblob(32) WHERE id = '%1'" << 2;
        QTest::newRow("body hash gone") << "UPDATE event SET body_hash = NULL WHERE id = '%1'" << 2;
        QTest::newRow("prev_hash") << "UPDATE event SET prev_hash = zeroblob(32) WHERE id = '%1'" << 2;
        QTest::newRow("hash") << "UPDATE event SET hash = zeroblob(32) WHERE id = '%1'" << 2;
        QTest::newRow("missing") << "DELETE FROM event_body WHERE event = '%1'; DELETE FROM event WHERE id = '%1'" << 3;
        QTest::newRow("first missing") << "DELETE FROM event_body WHERE event = (SELECT id FROM event WHERE seq = 1); "
                                          "DELETE FROM event WHERE seq = 1"
                                       << 1;
        QTest::newRow("a body that was never there")
            << "INSERT INTO event_body SELECT id, x'00', 'words' FROM event WHERE seq = 4" << 3;
        QTest::newRow("moved to another replica") << "UPDATE event SET replica = 'ffffffff' WHERE id = '%1'" << -1;
    }

    void damageIsFoundAndNamed()
    {
        QFETCH(QString, sql);
        QFETCH(int, named);
        must(m_world->db().script(sql.replace(QStringLiteral("%1"), q(m_ids[2])).toStdString()));
        const auto verified = EventLog(*m_world->workspace).verify();
        QCOMPARE(codeOf(verified), codeOf(ErrorCode::Corrupt));
        if (named >= 0)
            QVERIFY2(verified.error().detail.find(m_ids[std::size_t(named)]) != std::string::npos,
                     verified.error().detail.c_str());
    }

    void anErasedBodyStillVerifies()
    {
        must(m_world->db().script("DELETE FROM event_body WHERE event = '" + m_ids[2] + "'"));
        QCOMPARE(must(EventLog(*m_world->workspace).verify()), std::size_t(5));
        const auto event = must(EventLog(*m_world->workspace).find(m_ids[2]));
        QVERIFY(event->bodyErased);
        QVERIFY(!event->body);
        QVERIFY(!must(EventLog(*m_world->workspace).find(m_ids[3]))->bodyErased); // there was none
        append(*m_world, {"rejected", "ann", "{}", "", {}});
        QCOMPARE(must(EventLog(*m_world->workspace).verify()), std::size_t(6));
    }

    void equalBodiesHaveDifferentHashes()
    {
        const std::string a = append(*m_world, {"rejected", "ann", "{}", "same", {}});
        const std::string b = append(*m_world, {"rejected", "ann", "{}", "same", {}});
        QCOMPARE(m_world->count("SELECT count(DISTINCT body_hash) FROM event WHERE id IN ('" + a + "','" + b + "')"),
                 2);
    }

    void theOrderIsClockThenReplicaThenSeq()
    {
        // another copy of the workspace: it began its own chain and had seen three of ours; its clock runs an hour late
        const auto other = [&](const char *id, int seq, int clock) {
            must(m_world->db().run("INSERT INTO event(id, replica, seq, clock, at, actor, kind, refs, prev_hash, hash) "
                                   "VALUES(?1, '00000000', ?2, ?3, 0, 'eve', 'rejected', '{}', x'', x'')",
                                   id, seq, clock));
        };
        other("o1", 1, 4);
        other("o2", 2, 5);
        other("o3", 3, 9);
        std::string order;
        for (const Event &event : must(EventLog(*m_world->workspace).list())) {
            const auto at = std::find(m_ids.begin(), m_ids.end(), event.id);
            order += (at == m_ids.end() ? event.id : std::to_string(at - m_ids.begin())) + ' ';
        }
        QCOMPARE(q(order), q("0 1 2 o1 3 o2 4 o3 ")); // its name is smaller than ours
        // whoever writes next stands behind all it has seen
        append(*m_world, {"rejected", "ann", "{}", "", {}});
        QCOMPARE(must(EventLog(*m_world->workspace).list()).back().clock, 10);
        QCOMPARE(must(EventLog(*m_world->workspace).list()).back().seq, 6);
    }

    void undoneIsTheNewestWord()
    {
        EventLog log(*m_world->workspace);
        QVERIFY(must(log.undone()).empty());
        append(*m_world, {"undone", "ann", "{}", "", {m_ids[1], m_ids[2], "incident1"}});
        QCOMPARE(must(log.undone()),
                 (std::vector<std::string>{std::min(m_ids[1], m_ids[2]), std::max(m_ids[1], m_ids[2])}));
        append(*m_world, {"redone", "ann", "{}", "", {m_ids[2]}});
        QCOMPARE(must(log.undone()), std::vector<std::string>{m_ids[1]});
        append(*m_world, {"undone", "ann", "{}", "", {m_ids[2]}});
        append(*m_world, {"redone", "ann", "{}", "", {m_ids[1]}});
        QCOMPARE(must(log.undone()), std::vector<std::string>{m_ids[2]});
    }

    void twoProcessesWriteOneChain()
    {
        const auto other = m_world->again();
        std::vector<std::jthread> writers;
        for (Workspace *workspace : {m_world->workspace.get(), other.get()})
            writers.emplace_back([this, workspace] {
                for (int i = 0; i < 20; ++i) {
                    auto transaction = must(Transaction::begin(workspace->database(), "test"));
                    must(EventLog(*workspace).append({"rejected", "ann", "{}", "b", {}}, m_world->now));
                    must(transaction.commit());
                }
            });
        writers.clear();
        QCOMPARE(must(EventLog(*m_world->workspace).verify()), std::size_t(45));
    }

private:
    std::unique_ptr<World> m_world;
    std::vector<std::string> m_ids;
};

QTEST_GUILESS_MAIN(TestEventLog)
#include "tst_eventlog.moc"
