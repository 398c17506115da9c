#include <QtTest>

#include <sqlite3.h>

#include "core/adapters/sqlite/eventlog.h"
#include "core/adapters/sqlite/maintenance.h"
#include "core/adapters/sqlite/outbox.h"
#include "core/adapters/sqlite/reader.h"
#include "core/adapters/sqlite/triage.h"
#include "core/adapters/trackers/filetracker.h"
#include "core/stages/draft/draft.h"
#include "tests/fakes/workspacekit.h"

using namespace winnow;
using namespace winnow::sqlite;
using namespace winnow::test;

namespace
{

/// What one person has said and is, in words that stand nowhere else.
const std::vector<Said> kPlanted{
    {"p1",
     "Quokkas nibble \"every\" checkout_button since Plantagena moved house *yesterday*\n\nWombats also gnaw my "
     "invoice list until it "
     "bleeds ünïcode",
     "Plantagena", "Narwhal title here"},
    {"p2", "Short numbat cry", "Plantagena"},
};
const std::vector<std::string> kTraces{"Quokka", "quokka",   "nibble",   "Wombat",      "wombat",     "gnaw",
                                       "bleeds", "ünïcode",  "Narwhal",  "narwhal",     "Plantagena", "plantagena",
                                       "numbat", "Platypus", "platypus", "mail.example"};

std::vector<Said> others()
{
    return {{"1", "The list is slow", "ann"}, {"2", "Checkout crashes", "ben"}, {"3", "It crashes when I pay", ""}};
}

struct Files : FileTracker {
    using FileTracker::FileTracker;
    std::chrono::seconds settles() const override { return std::chrono::seconds(0); }
};

Draft draftWith(World &world, const std::string &incident)
{
    const auto candidate = must(Reader(*world.workspace).candidate(incident));
    draft::Input input;
    input.items.push_back({&candidate.incident, &candidate.score, candidate.band, {}, {}, {}, {}, "v1"});
    std::vector<std::string> texts;
    for (const MemberDetail &member : candidate.members)
        texts.emplace_back(member.span.of(member.text));
    for (std::size_t i = 0; i < texts.size(); ++i)
        input.items[0].quotes.push_back({texts[i], "google_play", "en", "1.0", candidate.members[i].author, world.now});
    return must(draft::run(input, {}, {})).drafts.at(0);
}

}

class TestMaintenance : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    // verify
    // -------------------------------------------------------------------------------------------------------------
    void aSoundWorkspaceVerifies()
    {
        World world;
        fill(world);
        const auto verified = must(verify(*world.workspace));
        QVERIFY2(!verified.firstBad, verified.firstBad ? verified.firstBad->detail.c_str() : "");
        QCOMPARE(verified.records, std::size_t(3));
        QCOMPARE(verified.feedback, std::size_t(3));
        QCOMPARE(verified.rejects, std::size_t(1));
        QCOMPARE(verified.events, std::size_t(3));
        SqliteStore store(*world.workspace, nullptr);
        QCOMPARE(q(verified.stateHash), q(must(store.stateHash(must(store.currentSnapshot())))));
    }

    void damageIsNamed_data()
    {
        QTest::addColumn<QString>("sql");
        QTest::addColumn<QString>("named");
        QTest::newRow("sealed slice")
            << "UPDATE record SET sealed = substr(sealed, 1, 30) || x'ff' || substr(sealed, 32) WHERE id = 2"
            << "record 2";
        QTest::newRow("sealed slice cut") << "UPDATE record SET sealed = substr(sealed, 1, 20) WHERE id = 1"
                                          << "record 1";
        QTest::newRow("slice in another's place") << "UPDATE record SET sealed = (SELECT sealed FROM record WHERE id = "
                                                     "1), author_id = (SELECT author_id FROM record WHERE id "
                                                     "= 1) WHERE id = 2"
                                                  << "record 2";
        QTest::newRow("author's key gone")
            << "DELETE FROM author_key WHERE author_id = (SELECT author_id FROM record WHERE id = 2)"
            << "record 2";
        QTest::newRow("author's key")
            << "UPDATE author_key SET wrapped_key = zeroblob(length(wrapped_key)) WHERE author_id = (SELECT "
               "author_id FROM record WHERE id = 2)"
            << "key";
        QTest::newRow("record's own key") << "UPDATE record SET wrapped_key = zeroblob(72) WHERE id = 3"
                                          << "record 3";
        QTest::newRow("reject") << "UPDATE reject SET sealed = zeroblob(60)"
                                << "bad.csv: line 7";
        QTest::newRow("masked text") << "UPDATE feedback SET text = text || 'x' WHERE id = 2"
                                     << "feedback %1";
        QTest::newRow("event") << "UPDATE event SET refs = '{}' WHERE kind = 'rejected'"
                               << "event %2";
        QTest::newRow("event body") << "UPDATE event_body SET body = '{}'"
                                    << "event %2";
        QTest::newRow("event gone") << "DELETE FROM event_body; DELETE FROM event WHERE kind = 'rejected'"
                                    << "an event before it is missing";
        QTest::newRow("foreign key") << "PRAGMA foreign_keys=OFF; DELETE FROM record WHERE id = 2"
                                     << "feedback";
        QTest::newRow("feedback without record's payload")
            << "PRAGMA foreign_keys=OFF; DELETE FROM raw_payload WHERE id = 1"
            << "raw_payload";
        QTest::newRow("stray event body") << "PRAGMA foreign_keys=OFF; INSERT INTO event_body VALUES('x', x'00', 'y')"
                                          << "event_body";
    }

    void damageIsNamed()
    {
        QFETCH(QString, sql);
        QFETCH(QString, named);
        World world;
        fill(world);
        named.replace(QStringLiteral("%1"), q(World::uidOf(others()[1])));
        named.replace(QStringLiteral("%2"), q(world.text("SELECT id FROM event WHERE kind = 'rejected'")));
        must(world.db().script(sql.toStdString()));
        const auto verified = must(verify(*world.workspace));
        QVERIFY(verified.firstBad);
        QCOMPARE(codeOf(verified.firstBad->code), codeOf(ErrorCode::Corrupt));
        QVERIFY2(verified.firstBad->detail.find(named.toStdString()) != std::string::npos,
                 verified.firstBad->detail.c_str());
    }

    void aDamagedPageIsNoticed()
    {
        World world;
        fill(world);
        must(world.db().script("PRAGMA wal_checkpoint(TRUNCATE)"));
        const std::int64_t page = world.count("SELECT rootpage FROM sqlite_master WHERE name = 'record_identity'");
        const std::int64_t size = world.count("PRAGMA page_size");
        world.workspace.reset();
        QFile file(q(Workspace::databasePath(world.folder())));
        QVERIFY(file.open(QIODevice::ReadWrite));
        file.seek((page - 1) * size);
        file.write(QByteArray(int(size), 'x'));
        file.close();
        world.open();
        const auto verified = must(verify(*world.workspace));
        QVERIFY(verified.firstBad);
        QCOMPARE(codeOf(verified.firstBad->code), codeOf(ErrorCode::Corrupt));
    }

    // the state hash
    // -----------------------------------------------------------------------------------------------------
    void theStateHashIsThatOfTheRowsNotOfTheirNumbers()
    {
        World one, two;
        const auto list = others();
        one.receive(list);
        one.derive();
        const auto ids = one.group({{"1", "2"}, {"3"}});
        two.receive({list[2]}); // another order of arrival, in three files, with something in between
        two.receive({{"4", "to go", "dee"}});
        two.receive({list[0], list[1]});
        two.derive();
        two.group({{"4"}, {"1"}, {"2", "3"}});
        two.receive({{"4", "", "dee", "", true}});
        two.derive();
        QCOMPARE(two.count("SELECT count(*) FROM feedback"), 3);
        // names are received; give both the same
        must(two.db().script("DELETE FROM naming; DELETE FROM membership; DELETE FROM alias"));
        QCOMPARE(two.group({{"3"}, {"1", "2"}}), (std::vector{ids[1], ids[0]}));
        QCOMPARE(q(hashOf(one)), q(hashOf(two)));
        two.group({{"3", "1", "2"}});
        QVERIFY(hashOf(one) != hashOf(two));
    }

    void everyDerivedRowCounts_data()
    {
        QTest::addColumn<QString>("sql");
        for (const char *sql :
             {"UPDATE feedback SET lang = 'de' WHERE id = 1", "UPDATE feedback SET product = 'x' WHERE id = 1",
              "UPDATE segment SET issue = 0 WHERE id = 65536", "UPDATE finding SET confidence = 0.1 WHERE id = 1048576",
              "UPDATE hypothesis SET p = 0.5 WHERE finding = 1048576",
              "UPDATE evidence SET \"end\" = \"end\" - 1 WHERE finding = 1048576", "UPDATE candidate SET priority = 1",
              "UPDATE draft SET title = 'x'", "UPDATE incident_snapshot SET data = '{}'",
              "DELETE FROM membership WHERE segment = 65536",
              "INSERT INTO duplicate_group(feedback, representative, similarity) VALUES(1, 2, 1)",
              "INSERT INTO pii_span VALUES(1, 0, 1, 0, 1, 'PERSON', 1, 'd', 'p')"})
            QTest::newRow(sql) << QString::fromLatin1(sql);
    }
    void everyDerivedRowCounts()
    {
        QFETCH(QString, sql);
        World world;
        fill(world);
        const std::string before = hashOf(world);
        must(world.db().script(sql.toStdString()));
        QVERIFY(world.db().changes() > 0);
        QVERIFY(hashOf(world) != before);
    }

    // backup and restore
    // -------------------------------------------------------------------------------------------------
    void aBackupBringsTheSameStateBack()
    {
        World world;
        fill(world);
        const std::string file = world.home() + "/copy.backup", folder = world.home() + "/restored";
        must(backup(*world.workspace, file));
        const std::string before = hashOf(world);
        world.receive({{"9", "later", "zed"}});
        must(restore(file, folder));
        const auto restored = must(Workspace::open(folder, world.secrets, true));
        QCOMPARE(q(restored->id()), q(world.workspace->id()));
        const auto verified = must(verify(*restored));
        QVERIFY(!verified.firstBad);
        QCOMPARE(q(verified.stateHash), q(before));
        QCOMPARE(verified.records, std::size_t(3));
        QCOMPARE(verified.events, std::size_t(3));
        QCOMPARE(must(Reader(*restored).search({"crashes", false, 10, 0})).size(), std::size_t(2));
        QCOMPARE(QDir(q(folder)).entryList(QDir::Files | QDir::Hidden, QDir::Name).first(),
                 QStringLiteral("workspace.db"));
    }

    void aRestoredCopyIsAReplicaOfItsOwn()
    {
        World world;
        fill(world);
        const auto job = must(Lease::acquire(*world.workspace, "run")); // under way while the copy is taken
        must(backup(*world.workspace, world.home() + "/copy"));
        must(restore(world.home() + "/copy", world.home() + "/restored"));
        const auto restored = must(Workspace::open(world.home() + "/restored", world.secrets, true));
        QVERIFY(restored->replica() != world.workspace->replica());
        QCOMPARE(restored->replica().size(), std::size_t(8));
        QVERIFY(Lease::acquire(*restored, "run"));
        // both go on, each with its own chain
        Decision decision;
        decision.kind = Decision::Kind::Escalate;
        const std::string id = must(restored->database().text("SELECT incident FROM triage")).value();
        must(Triage(*restored, "me").decide(id, decision, world.tick()));
        const auto events = must(EventLog(*restored).list());
        QCOMPARE(events.size(), std::size_t(4));
        QCOMPARE(events.back().seq, 1);
        QCOMPARE(events.back().clock, 4);
        QCOMPARE(must(EventLog(*restored).verify()), std::size_t(4));
    }

    void aBackupIsTakenWhileOthersWrite()
    {
        World world;
        fill(world);
        const auto other = world.again();
        auto transaction = std::optional(must(Transaction::begin(other->database(), "test")));
        must(other->database().run("DELETE FROM draft"));
        must(backup(*world.workspace, world.home() + "/copy"));
        must(transaction->commit());
        transaction.reset();
        must(restore(world.home() + "/copy", world.home() + "/restored"));
        const auto restored = must(Workspace::open(world.home() + "/restored", world.secrets, true));
        QVERIFY(must(restored->database().number("SELECT count(*) FROM draft")).value() > 0);
    }

    void nothingIsOverwritten()
    {
        World world;
        fill(world);
        const std::string file = world.home() + "/copy";
        must(backup(*world.workspace, file));
        const std::string bytes = must(readFile(file));
        QCOMPARE(codeOf(backup(*world.workspace, file)), codeOf(ErrorCode::Conflict));
        QVERIFY(must(readFile(file)) == bytes);
        QCOMPARE(codeOf(restore(file, world.folder())), codeOf(ErrorCode::Conflict));
        QCOMPARE(codeOf(restore(world.home() + "/nothing", world.home() + "/new")), codeOf(ErrorCode::NotFound));
        QVERIFY(!QFileInfo::exists(q(world.home() + "/new")));
    }

    void whatIsNoBackupIsRefusedAndLeavesNothing_data()
    {
        QTest::addColumn<QString>("how");
        QTest::addColumn<int>("code");
        QTest::newRow("text") << "text" << int(ErrorCode::Corrupt);
        QTest::newRow("empty") << "empty" << int(ErrorCode::Corrupt);
        QTest::newRow("cut") << "cut" << int(ErrorCode::Corrupt);
        QTest::newRow("another program's") << "foreign" << int(ErrorCode::Corrupt);
        QTest::newRow("newer") << "newer" << int(ErrorCode::Newer);
        QTest::newRow("points at nothing") << "keys" << int(ErrorCode::Corrupt);
    }
    void whatIsNoBackupIsRefusedAndLeavesNothing()
    {
        QFETCH(QString, how);
        QFETCH(int, code);
        World world;
        fill(world);
        const std::string file = world.home() + "/copy", folder = world.home() + "/new";
        must(backup(*world.workspace, file));
        QFile bytes(q(file));
        if (how == QLatin1String("text")) {
            QVERIFY(bytes.open(QIODevice::WriteOnly | QIODevice::Truncate));
            bytes.write(QByteArray(20000, 'x'));
        } else if (how == QLatin1String("empty")) {
            QVERIFY(bytes.resize(0));
        } else if (how == QLatin1String("cut")) {
            QVERIFY(bytes.resize(bytes.size() / 2));
        } else {
            sqlite3 *handle = nullptr;
            if (how == QLatin1String("foreign"))
                bytes.remove();
            QCOMPARE(sqlite3_open(file.c_str(), &handle), SQLITE_OK);
            const char *sql = how == QLatin1String("newer") ? "PRAGMA user_version=999"
                : how == QLatin1String("keys")              ? "PRAGMA foreign_keys=OFF; DELETE FROM record"
                                                            : "CREATE TABLE recipe(words)";
            QCOMPARE(sqlite3_exec(handle, sql, nullptr, nullptr, nullptr), SQLITE_OK);
            sqlite3_close(handle);
        }
        bytes.close();
        const std::string before = must(readFile(file));
        const auto done = restore(file, folder);
        QVERIFY(!done);
        QVERIFY2(int(done.error().code) == code, done.error().detail.c_str());
        QVERIFY(must(readFile(file)) == before);
        QVERIFY(QDir(q(folder)).entryList(QDir::Files | QDir::Hidden).isEmpty());
    }

    // erase
    // --------------------------------------------------------------------------------------------------------------
    void anErasedPersonLeavesNoByte()
    {
        World world("my ws"); // a blank in the path
        world.receive({{"p1", "Platypus was the first version of this text, long ago", "Plantagena"}});
        world.derive();
        world.receive(kPlanted);
        world.receive(others());
        world.derive();
        const auto ids = world.group({{"p1", "1"}, {"p2", "2"}, {"3"}});
        Triage triage(*world.workspace, "me");
        // their words get about: into drafts, titles, notes, files, answers of models
        Files tracker(world.folder() + "/tickets");
        for (const std::string &id : {ids[0], ids[1]}) {
            Draft draft = draftWith(world, id);
            QVERIFY(draft.body.find(id == ids[0] ? "Wombats" : "numbat") != std::string::npos);
            draft.fields.emplace_back("note", "says: Wombats also gnaw my invoice list");
            Decision edit;
            edit.kind = Decision::Kind::Edit;
            edit.draft = draft;
            edit.note = "\"Quokkas nibble \"every\" checkout_button\" is what they say";
            must(triage.decide(id, edit, world.tick()));
            Decision approve;
            approve.fileNow = true;
            must(triage.decide(id, approve, world.tick()));
        }
        {
            auto lease = must(Lease::acquire(*world.workspace, "push"));
            must(Outbox(*world.workspace).push(*lease, "files", tracker, false, [&] { return world.now; }, {}));
        }
        must(triage.rename(ids[0], "Wombats also gnaw my invoice list", world.tick()));
        must(triage.rename(ids[1], "Checkout crashes", world.tick()));
        must(triage.merge({ids[1], ids[0]}, world.tick()));
        // a candidate that they have left since they changed their review, but whose draft still quotes it
        must(world.db().run(
            "UPDATE draft SET body = '> Platypus was the first version of … [cut]' WHERE incident = (SELECT "
            "id FROM incident WHERE uid = ?1)",
            ids[2]));
        Decision reject;
        reject.kind = Decision::Kind::Reject;
        reject.reason = "spam";
        reject.note = "Plantagena phoned us";
        must(triage.decide(ids[2], reject, world.tick()));
        reject.note = "the quick brown fox";
        must(triage.decide(ids[2], reject, world.tick()));
        must(world.db().run("INSERT INTO model_answer(key, feedback_uid, engine, model, answer, received_at) "
                            "VALUES(x'01', ?1, 'e', 'm', 'Quokka', 0), (x'02', ?2, 'e', 'm', 'Platypus', 0), (x'03', "
                            "?3, 'e', 'm', 'kept', 0)",
                            World::uidOf(kPlanted[0]),
                            World::uidOf({"p1", "Platypus was the first version of this text, long ago", "Plantagena"}),
                            World::uidOf(others()[0])));
        must(world.db().run(
            "INSERT INTO mask_edit(event, feedback_uid, start, \"end\", type) VALUES('e', ?1, 0, 1, 'PERSON')",
            World::uidOf(kPlanted[0])));
        const std::string author = World::authorId("Plantagena");
        QVERIFY(bytesBelow(world.folder()).find("Wombats also") != std::string::npos);
        const auto events = must(EventLog(*world.workspace).list()).size();

        const auto erased = must(eraseAuthor(*world.workspace, author, "me", world.tick()));
        QCOMPARE(erased.records, std::size_t(3));
        QCOMPARE(erased.feedback, std::size_t(2));
        QCOMPARE(erased.incidents, (std::vector{std::min(ids[1], ids[2]), std::max(ids[1], ids[2])}));
        QCOMPARE(erased.tickets.size(), std::size_t(2));
        QCOMPARE(q(must(EventLog(*world.workspace).list()).back().kind), q("erased"));
        QCOMPARE(must(EventLog(*world.workspace).verify()), events + 1);

        for (const bool closed : {false, true}) {
            if (closed)
                world.workspace.reset();
            const std::string bytes = bytesBelow(world.folder());
            for (const std::string &trace : kTraces)
                QVERIFY2(bytes.find(trace) == std::string::npos, trace.c_str());
            QVERIFY(bytes.find(author) == std::string::npos);
            QVERIFY(bytes.find("author " + author.substr(0, 8)) == std::string::npos);
            for (const char *kept : {"The list is slow", "Checkout crashes", "the quick brown fox"}) // of other people
                QVERIFY2(bytes.find(kept) != std::string::npos, kept);
        }
        world.open();
        const auto verified = must(verify(*world.workspace));
        QVERIFY2(!verified.firstBad, verified.firstBad ? verified.firstBad->detail.c_str() : "");
        QCOMPARE(world.count("SELECT count(*) FROM model_answer"), 1);
        QCOMPARE(world.count("SELECT count(*) FROM mask_edit"), 0);
        // a title that does not quote them stays
        QCOMPARE(q(world.text("SELECT title FROM triage WHERE incident = '" + ids[1] + "'")), q("Checkout crashes"));
        QCOMPARE(world.count("SELECT count(*) FROM triage WHERE title LIKE '%Wombat%'"), 0);
        world.refresh(erased.incidents);
        QueueRequest request;
        request.decided = true;
        QCOMPARE(must(Triage(*world.workspace, "me").queue(request)).size(), std::size_t(2));
    }

    void othersKeepWhatIsTheirs()
    {
        World world, without;
        for (World *w : {&world, &without})
            w->receive(others());
        world.receive(kPlanted);
        for (World *w : {&world, &without})
            w->derive();
        world.group({{"1", "p1"}, {"2", "3"}, {"p2"}});
        without.group({{"1"}, {"2", "3"}});
        must(eraseAuthor(*world.workspace, World::authorId("Plantagena"), "me", world.tick()));
        QCOMPARE(must(Bronze(*world.workspace).read(0, 100)).size(), std::size_t(3));
        QCOMPARE(must(Bronze(*world.workspace).read(0, 100))[1].record,
                 must(Bronze(*without.workspace).read(0, 100))[1].record);
        const auto feedback = [](World &w) {
            std::vector<std::string> rows;
            must(w.db().query("SELECT f.uid || f.text || s.start || d.symptom FROM feedback f JOIN segment s ON s.id = "
                              "f.id << 16 JOIN "
                              "finding d ON d.id = s.id << 4 ORDER BY f.uid",
                              [&](const Row &row) { rows.push_back(row.text(0)); }));
            return rows;
        };
        QCOMPARE(feedback(world), feedback(without));
        QCOMPARE(world.partition().size(), std::size_t(2));
        Reader reader(*world.workspace);
        QCOMPARE(must(reader.search({"crashes", false, 10, 0})).size(), std::size_t(2));
        QVERIFY(must(reader.search({"nibble", false, 10, 0})).empty());
        QVERIFY(must(reader.search({"quok", false, 10, 0})).empty());
    }

    void theErasedDoNotComeBack()
    {
        World world;
        world.receive(kPlanted);
        world.receive(others());
        must(eraseAuthor(*world.workspace, World::authorId("Plantagena"), "me", world.tick()));
        const auto again = world.receive(kPlanted);
        QCOMPARE(again.erased, std::uint64_t(2));
        QCOMPARE(again.fresh, std::uint64_t(0));
        QCOMPARE(world.count("SELECT count(*) FROM record"), 3);
        const auto unknown = eraseAuthor(*world.workspace, World::authorId("nobody"), "me", world.tick());
        QCOMPARE(codeOf(unknown), codeOf(ErrorCode::NotFound));
    }

    void whileAJobRunsNobodyIsErased()
    {
        World world;
        world.receive(kPlanted);
        const auto other = world.again();
        for (const char *job : {"import", "run", "push", "sync"}) {
            const auto lease = must(Lease::acquire(*other, job));
            const auto done = eraseAuthor(*world.workspace, World::authorId("Plantagena"), "me", world.tick());
            QCOMPARE(codeOf(done), codeOf(ErrorCode::Leased));
        }
        QCOMPARE(world.count("SELECT count(*) FROM record"), 2);
        QCOMPARE(world.count("SELECT count(*) FROM erased"), 0);
        QVERIFY(eraseAuthor(*world.workspace, World::authorId("Plantagena"), "me", world.tick()));
    }

    void aReaderThatHoldsOldPagesIsNotForgotten()
    {
        World world;
        world.receive(kPlanted);
        world.receive(others());
        world.derive();
        const auto other = world.again();
        must(other->database().script("BEGIN"));
        must(other->database().number("SELECT count(*) FROM feedback")); // it sees the older state until it ends
        sqlite3_busy_timeout(world.db().handle(), 50);
        const std::string author = World::authorId("Plantagena");
        const auto done = eraseAuthor(*world.workspace, author, "me", world.tick());
        QCOMPARE(codeOf(done), codeOf(ErrorCode::Busy));
        QVERIFY2(done.error().detail.find("again") != std::string::npos, done.error().detail.c_str());
        QCOMPARE(world.count("SELECT count(*) FROM record"), 3);
        must(other->database().script("COMMIT"));
        must(eraseAuthor(*world.workspace, author, "me", world.tick())); // the rest of it
        const std::string bytes = bytesBelow(world.folder());
        for (const std::string &trace : kTraces)
            QVERIFY2(bytes.find(trace) == std::string::npos, trace.c_str());
        QCOMPARE(world.count("SELECT count(*) FROM event WHERE kind = 'erased'"), 1);
    }

private:
    /// Three records, a reject, a run and two decisions.
    static void fill(World &world)
    {
        world.receive(others());
        {
            Bronze bronze(*world.workspace);
            auto lease = must(Lease::acquire(*world.workspace, "import"));
            const auto payload = must(bronze.openPayload(*lease, "reviews", "bad.csv", world.now));
            BronzeCounts counts;
            must(bronze.add(*lease, payload, {}, {{"bad.csv: line 7", "no body", "raw bytes"}}, 1, counts));
            must(bronze.closePayload(*lease, payload, "csv", hex(sha256("bad")), 3, ""));
        }
        world.derive();
        const auto ids = world.group({{"1", "2"}, {"3"}});
        Decision decision;
        decision.kind = Decision::Kind::Reject;
        decision.reason = "spam";
        decision.note = "a note";
        must(Triage(*world.workspace, "me").decide(ids[0], decision, world.tick()));
        decision.kind = Decision::Kind::Escalate;
        decision.note.clear();
        must(Triage(*world.workspace, "me").decide(ids[0], decision, world.tick()));
    }

    static std::string hashOf(World &world)
    {
        SqliteStore store(*world.workspace, nullptr);
        return must(store.stateHash(must(store.currentSnapshot())));
    }
};

QTEST_GUILESS_MAIN(TestMaintenance)
#include "tst_maintenance.moc"
