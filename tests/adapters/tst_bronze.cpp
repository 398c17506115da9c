#include <QtTest>

#include <set>

#include "core/adapters/sqlite/bronze.h"
#include "core/adapters/sqlite/maintenance.h"
#include "tests/fakes/workspacekit.h"

using namespace winnow;
using namespace winnow::sqlite;
using namespace winnow::test;

namespace
{

BronzeCounts counted(std::uint64_t records, std::uint64_t fresh, std::uint64_t edited, std::uint64_t unchanged,
                     std::uint64_t tombstones)
{
    BronzeCounts counts;
    counts.records = records;
    counts.fresh = fresh;
    counts.edited = edited;
    counts.unchanged = unchanged;
    counts.tombstones = tombstones;
    return counts;
}

/// Adds records, rejects and nothing else, as a file of its own.
Result<BronzeCounts> add(Workspace &workspace, Bronze &bronze, std::vector<Record> records, const std::string &name,
                         const std::vector<Reject> &rejects = {})
{
    auto lease = must(Lease::acquire(workspace, "import"));
    const auto payload = must(bronze.openPayload(*lease, "reviews", name, {}));
    BronzeCounts counts;
    if (auto done = bronze.add(*lease, payload, std::move(records), rejects, 1, counts); !done)
        return tl::unexpected(done.error());
    must(bronze.closePayload(*lease, payload, "csv", hex(sha256(name)), 7, "body\tText\n"));
    return counts;
}

}

class TestBronze : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void newEditedUnchangedAndTombstones()
    {
        World world;
        QCOMPARE(world.receive({{"1", "one", "ann"}, {"2", "two"}, {"3", "three", "ben"}}), counted(3, 3, 0, 0, 0));
        QCOMPARE(world.receive({{"1", "one", "ann"}, {"2", "two!"}, {"4", "four"}}), counted(3, 1, 1, 1, 0));
        QCOMPARE(world.receive({{"3", "", "ben", "", true}, {"5", "", "", "", true}}), counted(2, 1, 1, 0, 2));
        QCOMPARE(world.receive({{"3", "", "ben", "", true}}), counted(1, 0, 0, 1, 0));
        // twice within one batch
        QCOMPARE(world.receive({{"6", "six"}, {"6", "six"}, {"6", "sixth"}}), counted(3, 1, 1, 1, 0));
        QCOMPARE(world.count("SELECT count(*) FROM record WHERE current = 1"), 6);
    }

    void theSameIdOfAnotherSourceIsAnotherRecord()
    {
        World world;
        Record a = World::recordOf({"1", "one"}), b = a;
        b.source = "tickets";
        Bronze bronze(*world.workspace);
        QCOMPARE(must(add(*world.workspace, bronze, {a, b}, "f")), counted(2, 2, 0, 0, 0));
        // no border of the two fields is lost
        Record c = a, d = a;
        c.source = "reviews1";
        c.sourceRecordId = "1";
        d.source = "reviews";
        d.sourceRecordId = "11";
        QCOMPARE(must(add(*world.workspace, bronze, {c, d}, "g")), counted(2, 2, 0, 0, 0));
    }

    void identitiesWithOneHashStayApart()
    {
        World world;
        world.receive({{"1", "one"}, {"2", "two"}});
        // the index holds eight bytes only: let them be the same
        must(world.db().run("UPDATE record SET identity = ?1", identityOf("reviews", "1")));
        QCOMPARE(world.receive({{"1", "one"}}), counted(1, 0, 0, 1, 0));
        QCOMPARE(world.receive({{"1", "uno"}}), counted(1, 0, 1, 0, 0));
        QCOMPARE(world.count("SELECT current FROM record WHERE source_record_id = '2'"), 1);
    }

    void everyVersionIsKept()
    {
        World world;
        world.receive({{"1", "first", "ann"}});
        world.receive({{"1", "second", "ann"}});
        world.receive({{"1", "first", "ann"}}); // back to the old words is a version too
        const auto rows = must(Bronze(*world.workspace).read(0, 10));
        QCOMPARE(rows.size(), std::size_t(3));
        for (std::size_t i = 0; i < rows.size(); ++i) {
            QCOMPARE(q(rows[i].record.body), q(i == 1 ? "second" : "first"));
            QCOMPARE(rows[i].current, i == 2);
            QCOMPARE(rows[i].record.has(RecordFlag::Edited), i > 0);
        }
        QCOMPARE(world.count("SELECT max(version) FROM record"), 3);
    }

    void whatIsReadIsWhatWasGiven()
    {
        World world;
        Record full = World::recordOf({"a\x1f☃", "body with ⟦brackets⟧ and \0 zero", "ann", "title"});
        full.body += std::string(1, '\0') + "behind";
        full.updatedAt = full.createdAt.value() + std::chrono::hours(1);
        full.language = "de";
        full.rating = 2.5;
        full.ratingScale = "stars_1_5";
        int number = 0;
        for (std::string *field :
             {&full.product, &full.appVersion, &full.os, &full.osVersion, &full.device, &full.region, &full.country,
              &full.planTier, &full.accountId, &full.threadId, &full.connector, &full.batchId})
            *field = "v" + std::to_string(++number);
        full.set(RecordFlag::DateOnly);
        full.set(RecordFlag::NulRemoved);
        Record bare;
        bare.source = "reviews";
        bare.sourceRecordId = "bare";
        bare.versionHash = hex(sha256("bare"));
        bare.ingestedAt = world.now;
        Bronze bronze(*world.workspace);
        must(add(*world.workspace, bronze, {full, bare}, "f"));
        for (int fresh = 0; fresh < 2; ++fresh) {
            Bronze other(*world.workspace); // no key in the cache
            const auto rows = must((fresh ? other : bronze).read(0, 10));
            QCOMPARE(rows.size(), std::size_t(2));
            QVERIFY(rows[0].record == full);
            QVERIFY(rows[1].record == bare);
        }
        QVERIFY(must(bronze.one(2)).record == bare);
        QCOMPARE(codeOf(bronze.one(3)), codeOf(ErrorCode::NotFound));
        QCOMPARE(must(bronze.read(1, 10)).size(), std::size_t(1));
        QCOMPARE(must(bronze.read(0, 1)).size(), std::size_t(1));
    }

    void aNewerTimeOfTheSameVersionIsKept()
    {
        World world;
        Record record = World::recordOf({"1", "one"});
        Bronze bronze(*world.workspace);
        must(add(*world.workspace, bronze, {record}, "f"));
        record.updatedAt = world.now;
        QCOMPARE(must(add(*world.workspace, bronze, {record}, "g")), counted(1, 0, 0, 1, 0));
        QVERIFY(must(bronze.one(1)).record.updatedAt == world.now);
    }

    void nothingOfASliceIsReadableInTheFiles()
    {
        World world;
        world.receive(
            {{"1", "PLANTEDBODY crashed", "PLANTEDNAME", "PLANTEDTITLE"}, {"2", "PLANTEDBODY without author"}});
        Bronze bronze(*world.workspace);
        must(add(*world.workspace, bronze, {}, "bad.csv", {{"bad.csv: line 3", "not UTF-8", "PLANTEDREJECT"}}));
        QVERIFY(world.count("SELECT count(*) FROM record") == 2);
        const auto wal = must(readFile(Workspace::databasePath(world.folder()) + "-wal"));
        QVERIFY(wal.size() > 4096); // what was written is in the log, not yet in the file
        for (const bool checkpointed : {false, true}) {
            if (checkpointed)
                world.db().checkpoint();
            const std::string bytes = bytesBelow(world.folder());
            for (const char *planted : {"PLANTED", "mail.example", "reviews.example"})
                QVERIFY2(bytes.find(planted) == std::string::npos, planted);
            QVERIFY(bytes.find("google_play")
                    != std::string::npos); // what is not sealed is there: we do look at the rows
        }
    }

    void equalWordsAreSealedDifferently()
    {
        World world;
        world.receive({{"1", "same", "ann"}, {"2", "same", "ann"}, {"3", "same"}, {"4", "same"}});
        QCOMPARE(world.count("SELECT count(DISTINCT sealed) FROM record"), 4);
        QCOMPARE(world.count("SELECT count(*) FROM author_key"), 1);
        QCOMPARE(world.count("SELECT count(*) FROM record WHERE wrapped_key IS NULL"), 2);
    }

    void aSliceCannotChangePlaces()
    {
        World world;
        world.receive({{"1", "one", "ann"}, {"2", "two", "ann"}});
        must(world.db().script("UPDATE record SET sealed = (SELECT sealed FROM record WHERE id = 1) WHERE id = 2"));
        const auto row = Bronze(*world.workspace).one(2);
        QCOMPARE(codeOf(row), codeOf(ErrorCode::Corrupt));
        QVERIFY2(row.error().detail.find("record 2") != std::string::npos, row.error().detail.c_str());
    }

    void rejectsAreKeptAndNotDoubled()
    {
        World world;
        Bronze bronze(*world.workspace);
        const std::vector<Reject> rejects{{"bad.csv: line 3", "not UTF-8", "\xff\xfe raw"},
                                          {"bad.csv: line 4", "no body", ""}};
        QCOMPARE(must(add(*world.workspace, bronze, {}, "bad.csv", rejects)).rejects, std::uint64_t(2));
        must(add(*world.workspace, bronze, {}, "bad.csv", rejects));
        must(add(*world.workspace, bronze, {}, "bad.csv", {{"bad.csv: line 3", "not UTF-8", "other bytes"}}));
        std::vector<Bronze::StoredReject> stored;
        must(bronze.eachReject([&](const Bronze::StoredReject &reject) -> Result<> {
            stored.push_back(reject);
            return {};
        }));
        QCOMPARE(stored.size(), std::size_t(3));
        QCOMPARE(q(stored[0].file), q("bad.csv"));
        QCOMPARE(q(stored[0].place), q("bad.csv: line 3"));
        QCOMPARE(q(stored[0].reason), q("not UTF-8"));
        QVERIFY(stored[0].raw == "\xff\xfe raw");
        QVERIFY(stored[1].raw.empty());
        QVERIFY(stored[2].raw == "other bytes");
        QVERIFY(!bronze.eachReject(
            [](const Bronze::StoredReject &) -> Result<> { return fail(ErrorCode::Cancelled, ""); }));
    }

    void theSameFileAgainLeavesNoSecondPayload()
    {
        World world;
        Bronze bronze(*world.workspace);
        must(add(*world.workspace, bronze, {World::recordOf({"1", "one"})}, "f"));
        must(add(*world.workspace, bronze, {World::recordOf({"1", "one"})}, "f"));
        QCOMPARE(world.count("SELECT count(*) FROM raw_payload"), 1);
        QCOMPARE(world.text("SELECT columns FROM raw_payload"), std::string("body\tText\n"));
        QCOMPARE(world.count("SELECT count(*) FROM cursor"), 0);
    }

    void aBrokenOffFileIsTakenUpAgain()
    {
        World world;
        Bronze bronze(*world.workspace);
        BronzeCounts counts;
        std::int64_t payload = 0;
        {
            auto lease = must(Lease::acquire(*world.workspace, "import"));
            payload = must(bronze.openPayload(*lease, "reviews", "f", world.now));
            must(bronze.add(*lease, payload, {World::recordOf({"1", "one"})}, {}, 77, counts));
            QCOMPARE(q(world.text("SELECT position FROM cursor")), q("77"));
        }
        auto lease = must(Lease::acquire(*world.workspace, "import"));
        QCOMPARE(must(bronze.openPayload(*lease, "reviews", "f", world.now)), payload);
        QVERIFY(must(bronze.openPayload(*lease, "reviews", "g", world.now)) != payload);
        must(bronze.add(*lease, payload, {World::recordOf({"1", "one"}), World::recordOf({"2", "two"})}, {}, 99,
                        counts));
        QCOMPARE(counts, counted(3, 2, 0, 1, 0));
    }

    void withdrawingBringsTheEarlierVersionBack()
    {
        World world;
        world.receive({{"1", "one", "ann"}, {"2", "two"}});
        Bronze bronze(*world.workspace);
        auto lease = must(Lease::acquire(*world.workspace, "import"));
        const auto payload = must(bronze.openPayload(*lease, "reviews", "damaged.csv", world.now));
        BronzeCounts counts;
        must(bronze.add(*lease, payload,
                        {World::recordOf({"1", "uno", "ann"}), World::recordOf({"1", "eins", "ann"}),
                         World::recordOf({"3", "three"})},
                        {{"damaged.csv: line 9", "why", "raw"}}, 5, counts));
        must(bronze.withdraw(*lease, payload));
        const auto rows = must(bronze.read(0, 10));
        QCOMPARE(rows.size(), std::size_t(2));
        for (const Bronze::Stored &row : rows)
            QVERIFY(row.current);
        QCOMPARE(q(rows[0].record.body), q("one"));
        QCOMPARE(world.count("SELECT (SELECT count(*) FROM reject) + (SELECT count(*) FROM cursor)"), 0);
        QCOMPARE(world.count("SELECT count(*) FROM raw_payload"), 1);
        lease.reset();
        QCOMPARE(world.receive({{"1", "uno", "ann"}}), counted(1, 0, 1, 0, 0));
    }

    void withdrawingTakesWhatARunMadeOfIt()
    {
        World world;
        world.receive({{"1", "one", "ann"}, {"2", "two"}});
        world.derive();
        Bronze bronze(*world.workspace);
        BronzeCounts counts;
        std::int64_t payload = 0;
        {
            auto lease = must(Lease::acquire(*world.workspace, "import"));
            payload = must(bronze.openPayload(*lease, "reviews", "damaged.csv", world.now));
            must(bronze.add(*lease, payload, {World::recordOf({"1", "uno", "ann"}), World::recordOf({"3", "three"})},
                            {}, 5, counts));
        }
        world.derive(); // a run came in between
        world.group({{"1"}, {"2"}, {"3"}});
        {
            auto lease = must(Lease::acquire(*world.workspace, "import"));
            const auto done = bronze.withdraw(*lease, payload);
            QVERIFY2(done, done ? "" : done.error().detail.c_str());
        }
        QVERIFY(!must(verify(*world.workspace)).firstBad);
        world.derive();
        std::set<std::string> texts;
        must(world.db().query("SELECT text FROM feedback", [&](const Row &row) { texts.insert(row.text(0)); }));
        QCOMPARE(texts, (std::set<std::string>{"one", "two"}));
        QCOMPARE(world.segments("1").size(), std::size_t(1));
        QCOMPARE(world.count("SELECT count(*) FROM finding"), 2);
    }

    void anErasedAuthorIsRefusedFromThenOn()
    {
        World world;
        world.receive({{"1", "one", "ann"}, {"2", "two", "ben"}});
        Bronze bronze(*world.workspace); // lives on, with what it knows
        must(add(*world.workspace, bronze, {World::recordOf({"3", "three", "ann"})}, "f"));
        const auto other = world.again(); // another process erases
        must(eraseAuthor(*other, World::authorId("ann"), "me", world.now));
        for (const char *name : {"g", "h"}) {
            const auto counts =
                must(add(*world.workspace, bronze,
                         {World::recordOf({"1", "one", "ann"}), World::recordOf({"4", "four", "ben"})}, name));
            QCOMPARE(counts.erased, std::uint64_t(1));
            QCOMPARE(counts.records, std::uint64_t(2));
        }
        const auto rows = must(Bronze(*world.workspace).read(0, 10));
        QCOMPARE(rows.size(), std::size_t(2));
        for (const Bronze::Stored &row : rows)
            QCOMPARE(q(row.record.authorName), q("ben"));
    }

    void aBatchThatFailedLeavesNoKeyBehindInMemoryOnly()
    {
        World world;
        Bronze bronze(*world.workspace);
        must(
            world.db().script("CREATE TEMP TRIGGER no BEFORE INSERT ON record BEGIN SELECT RAISE(ABORT, 'full'); END"));
        QVERIFY(!add(*world.workspace, bronze, {World::recordOf({"1", "one", "ann"})}, "f"));
        must(world.db().script("DROP TRIGGER no"));
        must(add(*world.workspace, bronze, {World::recordOf({"1", "one", "ann"})}, "f"));
        const auto row = Bronze(*world.workspace).one(1);
        QVERIFY2(row, row ? "" : row.error().detail.c_str());
        QCOMPARE(q(row->record.body), q("one"));
    }
};

QTEST_GUILESS_MAIN(TestBronze)
#include "tst_bronze.moc"
