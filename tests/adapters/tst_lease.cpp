#include <QtTest>

#include <csignal>

#include <sys/wait.h>
#include <unistd.h>

#include "core/adapters/sqlite/workspace.h"
#include "tests/fakes/workspacekit.h"

using namespace winnow;
using namespace winnow::sqlite;
using namespace winnow::test;

namespace
{

std::int64_t tokenOf(World &world, const std::string &job)
{
    return world.count("SELECT token FROM lease WHERE job = '" + job + "'");
}

/// Another process that takes the lease. \param stays  until it is killed.
class Holder
{
public:
    Holder(World &world, const char *job, bool stays)
    {
        int ends[2];
        if (::pipe(ends) != 0)
            qFatal("pipe");
        world.workspace.reset(); // SQLite's locks do not cross a fork
        m_child = ::fork();
        if (m_child == 0) {
            ::close(ends[0]);
            world.open();
            const auto lease = Lease::acquire(*world.workspace, job);
            const char done = lease ? 'y' : 'n';
            if (::write(ends[1], &done, 1) != 1)
                ::_exit(1);
            while (stays)
                ::pause();
            ::_exit(0); // no destructor runs: the row stays
        }
        ::close(ends[1]);
        char done = 0;
        if (::read(ends[0], &done, 1) != 1 || done != 'y')
            qFatal("the other process got no lease");
        ::close(ends[0]);
        if (!stays)
            end();
        world.open();
    }
    ~Holder() { end(); }
    [[nodiscard]] pid_t process() const { return m_child; }
    void end()
    {
        if (std::exchange(m_ended, true))
            return;
        ::kill(m_child, SIGKILL);
        ::waitpid(m_child, nullptr, 0);
    }

private:
    pid_t m_child = 0;
    bool m_ended = false;
};

}

class TestLease : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void aSecondHolderIsToldWhoHasIt()
    {
        World world;
        Holder holder(world, "import", true);
        const auto lease = Lease::acquire(*world.workspace, "import");
        QCOMPARE(codeOf(lease), codeOf(ErrorCode::Leased));
        for (const std::string &words : {std::string("`import`"), "process " + std::to_string(holder.process())})
            QVERIFY2(lease.error().detail.find(words) != std::string::npos, lease.error().detail.c_str());
        QVERIFY(Lease::acquire(*world.workspace, "run")); // another job is free
        holder.end();
        QVERIFY(Lease::acquire(*world.workspace, "import")); // at once, not after 30 s
    }

    void ofADeadProcessItIsFreeAtOnce()
    {
        World world;
        const Holder holder(world, "run", false);
        const std::int64_t before = tokenOf(world, "run");
        QVERIFY(world.count("SELECT heartbeat FROM lease") > 0);
        const auto lease = Lease::acquire(*world.workspace, "run");
        QVERIFY2(lease, lease ? "" : lease.error().detail.c_str());
        QVERIFY(tokenOf(world, "run") > before);
    }

    void withinOneProcessToo()
    {
        World world;
        const auto other = world.again();
        const auto first = must(Lease::acquire(*world.workspace, "run"));
        const auto second = Lease::acquire(*other, "run");
        QCOMPARE(codeOf(second), codeOf(ErrorCode::Leased));
    }

    void aNumberThatAnotherProcessGotIsNotTheHolder()
    {
        World world;
        {
            const auto lease = must(Lease::acquire(*world.workspace, "run"));
        }
        // this process is alive, but it is not the one that began at that time
        must(world.db().run("UPDATE lease SET heartbeat = ?1, owner = '1'", systemNow()));
        QVERIFY(Lease::acquire(*world.workspace, "run"));
    }

    void withoutHeartbeatItIsFreeAfterHalfAMinute_data()
    {
        QTest::addColumn<int>("age");
        QTest::addColumn<bool>("free");
        QTest::newRow("fresh") << 0 << false;
        QTest::newRow("25 s") << 25 << false;
        QTest::newRow("31 s") << 31 << true;
        QTest::newRow("a day") << 86400 << true;
    }

    void withoutHeartbeatItIsFreeAfterHalfAMinute()
    {
        QFETCH(int, age);
        QFETCH(bool, free);
        World world;
        must(world.db().run("INSERT INTO lease(job, process, host, owner, heartbeat, token) "
                            "VALUES('sync', 1, 'elsewhere', '77', ?1, 41)",
                            systemNow() - std::chrono::seconds(age)));
        const auto lease = Lease::acquire(*world.workspace, "sync");
        QCOMPARE(lease.has_value(), free);
        if (free) {
            QCOMPARE(tokenOf(world, "sync"), std::int64_t(42));
        } else {
            QVERIFY2(lease.error().detail.find("on elsewhere") != std::string::npos, lease.error().detail.c_str());
            QCOMPARE(tokenOf(world, "sync"), std::int64_t(41));
        }
    }

    void theTokenRisesWithEveryHolder()
    {
        World world;
        std::int64_t before = 0;
        for (int i = 0; i < 3; ++i) {
            const auto lease = must(Lease::acquire(*world.workspace, "run"));
            const std::int64_t token = tokenOf(world, "run");
            QVERIFY(token > before);
            before = token;
        }
    }

    void whoWasTakenOverWritesNothing()
    {
        World world;
        const auto lease = must(Lease::acquire(*world.workspace, "run"));
        {
            auto transaction = must(lease->begin("test"));
            must(world.db().run("INSERT INTO meta(name, value) VALUES('a', 1)"));
            must(transaction.commit());
        }
        // the machine slept, another process took over
        must(world.db().run("UPDATE lease SET heartbeat = ?1", systemNow() - std::chrono::seconds(40)));
        const auto other = world.again();
        const auto second = must(Lease::acquire(*other, "run"));

        const auto transaction = lease->begin("test");
        QCOMPARE(codeOf(transaction), codeOf(ErrorCode::Leased));
        QVERIFY(transaction.error().detail.find("taken over") != std::string::npos);
        // no lock is left behind, and the store says no by itself
        {
            auto fine = must(second->begin("test"));
            must(fine.commit());
        }
        SqliteStore store(*world.workspace, lease.get());
        const auto prepared = store.preparePass(Pass::Silver, "x");
        QCOMPARE(codeOf(prepared), codeOf(ErrorCode::Leased));
        QCOMPARE(world.count("SELECT count(*) FROM meta WHERE name = 'silver_version'"), 0);
        Bronze bronze(*world.workspace);
        BronzeCounts counts;
        const auto added = bronze.add(*lease, 1, {World::recordOf({"1", "body", "ann"})}, {}, 1, counts);
        QCOMPARE(codeOf(added), codeOf(ErrorCode::Leased));
        QCOMPARE(counts, BronzeCounts{});
        QCOMPARE(world.count("SELECT (SELECT count(*) FROM record) + (SELECT count(*) FROM author_key)"), 0);
    }

    void aLateEndDoesNotFreeTheNewHolder()
    {
        World world;
        const auto other = world.again();
        auto first = must(Lease::acquire(*world.workspace, "run"));
        must(world.db().run("UPDATE lease SET heartbeat = 0"));
        const auto second = must(Lease::acquire(*other, "run"));
        first.reset();
        QCOMPARE(codeOf(Lease::acquire(*world.workspace, "run")), codeOf(ErrorCode::Leased));
    }

    void itsEndFreesIt()
    {
        World world;
        const auto other = world.again();
        {
            const auto lease = must(Lease::acquire(*world.workspace, "run"));
        }
        QVERIFY(Lease::acquire(*other, "run"));
    }
};

QTEST_GUILESS_MAIN(TestLease)
#include "tst_lease.moc"
