#include <QtTest>

#include <QTemporaryDir>

#include <fcntl.h>
#include <sched.h>
#include <sqlite3.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "core/adapters/keys/filesecretstore.h"
#include "core/adapters/sqlite/bronze.h"
#include "core/adapters/sqlite/workspace.h"
#include "tests/fakes/workspacekit.h"

using namespace winnow;
using namespace winnow::sqlite;
using namespace winnow::test;

namespace
{

/// Mounts that end with this process and are seen by nobody else. \returns false where we may not.
bool ownMounts()
{
    static const bool own =
        ::unshare(CLONE_NEWNS) == 0 && ::mount("none", "/", nullptr, MS_REC | MS_PRIVATE, nullptr) == 0;
    return own;
}

std::string bytesOfFile(const std::string &path)
{
    return must(readFile(path));
}

void overwrite(const std::string &path, std::string_view bytes)
{
    QFile file(q(path));
    if (!file.open(QIODevice::WriteOnly | QIODevice::Truncate) || file.write(bytes.data(), qint64(bytes.size())) < 0)
        qFatal("cannot write %s", path.c_str());
}

/// An SQLite file made without us.
void foreign(const std::string &path, const char *sql)
{
    sqlite3 *handle = nullptr;
    if (sqlite3_open(path.c_str(), &handle) != SQLITE_OK
        || sqlite3_exec(handle, sql, nullptr, nullptr, nullptr) != SQLITE_OK)
        qFatal("%s", sqlite3_errmsg(handle));
    sqlite3_close(handle);
}

}

class TestWorkspace : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void init()
    {
        qunsetenv("WINNOW_TEST_KEY");
        m_home = std::make_unique<QTemporaryDir>();
        m_folder = m_home->path().toStdString() + "/ws";
        m_secrets = {};
    }

    void createdFromEmptyAndOpenedAgain()
    {
        const auto created = must(Workspace::create(m_folder, m_secrets, {}, kNow));
        QCOMPARE(q(created.keyPlace), q(m_secrets.place(Workspace::secretName(created.id))));
        QVERIFY(!created.testKey);
        const auto workspace = must(Workspace::open(m_folder, m_secrets, true));
        QCOMPARE(q(workspace->id()), q(created.id));
        QCOMPARE(workspace->replica().size(), std::size_t(8));
        QVERIFY(!workspace->usesTestKey());
        Database &db = workspace->database();
        QCOMPARE(must(db.number("PRAGMA user_version")).value(), std::int64_t(must(newestSchema())));
        QCOMPARE(must(db.number("PRAGMA application_id")).value(), 0x57494e4e);
        QCOMPARE(q(must(db.text("PRAGMA journal_mode")).value()), q("wal"));
        QCOMPARE(must(db.number("PRAGMA synchronous")).value(), 1); // what lasts syncs the log itself, without the lock
        QCOMPARE(must(db.number("PRAGMA foreign_keys")).value(), 1);
    }

    void foreignKeysHold()
    {
        must(Workspace::create(m_folder, m_secrets, {}, kNow));
        const auto workspace = must(Workspace::open(m_folder, m_secrets, true));
        const auto done = workspace->database().run(
            "INSERT INTO feedback(id, uid, uid8, text, text_hash, title_bytes, to_normalised, to_record, "
            "record_title_bytes, lang, lang_score, channel) VALUES(1, 'u', 1, '', x'', 0, x'', x'', 0, 'en', 1, "
            "'other')");
        QCOMPARE(codeOf(done), codeOf(ErrorCode::Conflict));
    }

    void aSecondCreateIsAConflictAndHarmsNothing()
    {
        const auto created = must(Workspace::create(m_folder, m_secrets, {}, kNow));
        const auto again = Workspace::create(m_folder, m_secrets, {}, kNow);
        QCOMPARE(codeOf(again), codeOf(ErrorCode::Conflict));
        QVERIFY(again.error().detail.find(m_folder) != std::string::npos);
        QCOMPARE(q(must(Workspace::open(m_folder, m_secrets, true))->id()), q(created.id));
    }

    void ofSeveralThatCreateAtOnceOneWins()
    {
        constexpr int kChildren = 4;
        std::vector<pid_t> children;
        for (int i = 0; i < kChildren; ++i) {
            const pid_t child = ::fork();
            if (child == 0) {
                FileSecretStore secrets(m_home->path().toStdString() + "/keys");
                const auto created = Workspace::create(m_folder, secrets, {}, kNow);
                ::_exit(created ? 0 : created.error().code == ErrorCode::Conflict ? 1 : 2);
            }
            children.push_back(child);
        }
        int won = 0, lost = 0;
        for (const pid_t child : children) {
            int status = 0;
            QCOMPARE(::waitpid(child, &status, 0), child);
            won += WIFEXITED(status) && WEXITSTATUS(status) == 0;
            lost += WIFEXITED(status) && WEXITSTATUS(status) == 1;
        }
        QCOMPARE(won, 1);
        QCOMPARE(lost, kChildren - 1);
        FileSecretStore secrets(m_home->path().toStdString() + "/keys");
        QVERIFY(Workspace::open(m_folder, secrets, true));
    }

    void aKeyThatCannotBeKeptLeavesNoHalfWorkspace()
    {
        m_secrets.refusal = Error{ErrorCode::ReadOnly, "no pocket"};
        const auto created = Workspace::create(m_folder, m_secrets, {}, kNow);
        QVERIFY(!created);
        QCOMPARE(created.error(), *m_secrets.refusal);
        m_secrets.refusal.reset();
        const auto again = Workspace::create(m_folder, m_secrets, {}, kNow);
        QVERIFY2(again, again ? "" : again.error().detail.c_str());
        QVERIFY(Workspace::open(m_folder, m_secrets, true));
        QCOMPARE(QDir(q(m_folder)).entryList(QDir::Files | QDir::Hidden).filter(QStringLiteral("workspace.db")).first(),
                 QStringLiteral("workspace.db"));
    }

    void nothingThere()
    {
        const auto opened = Workspace::open(m_folder, m_secrets, true);
        QCOMPARE(codeOf(opened), codeOf(ErrorCode::NotFound));
        QVERIFY(opened.error().detail.find("winnowctl init") != std::string::npos);
        QVERIFY(!QFileInfo::exists(q(m_folder))); // looking makes nothing
    }

    void aNewerSchemaIsRefusedAndLeftAsItIs()
    {
        must(Workspace::create(m_folder, m_secrets, {}, kNow));
        {
            auto workspace = must(Workspace::open(m_folder, m_secrets, true));
            must(workspace->database().script("PRAGMA user_version=999; PRAGMA wal_checkpoint(TRUNCATE)"));
        }
        const std::string path = Workspace::databasePath(m_folder), before = bytesOfFile(path);
        const auto opened = Workspace::open(m_folder, m_secrets, true);
        QCOMPARE(codeOf(opened), codeOf(ErrorCode::Newer));
        for (const char *words : {"newer Winnow", "999", "update the program"})
            QVERIFY2(opened.error().detail.find(words) != std::string::npos, opened.error().detail.c_str());
        QVERIFY(bytesOfFile(path) == before);
    }

    void aForeignFileIsRefusedAndLeftAsItIs()
    {
        QDir().mkpath(q(m_folder));
        const std::string path = Workspace::databasePath(m_folder);
        foreign(path,
                "CREATE TABLE recipe(id INTEGER PRIMARY KEY, words TEXT); INSERT INTO recipe(words) VALUES('soup')");
        const std::string before = bytesOfFile(path);
        const auto opened = Workspace::open(m_folder, m_secrets, true);
        QCOMPARE(codeOf(opened), codeOf(ErrorCode::Corrupt));
        QVERIFY2(opened.error().detail.find("no Winnow workspace") != std::string::npos, opened.error().detail.c_str());
        QVERIFY(bytesOfFile(path) == before);
        QCOMPARE(QDir(q(m_folder)).entryList(QDir::Files), QStringList{QStringLiteral("workspace.db")});
    }

    void damage_data()
    {
        QTest::addColumn<int>("at"); // -1: nothing is overwritten
        QTest::addColumn<int>("bytes");
        QTest::addColumn<int>("keep"); // -1: all
        QTest::newRow("header") << 0 << 16 << -1;
        QTest::newRow("page size") << 16 << 4 << -1;
        QTest::newRow("schema") << 100 << 3000 << -1;
        QTest::newRow("cut in the header") << -1 << 0 << 50;
        QTest::newRow("cut after the first page") << -1 << 0 << 5000;
        QTest::newRow("text") << 0 << 100000 << 100000;
    }

    void damage()
    {
        QFETCH(int, at);
        QFETCH(int, bytes);
        QFETCH(int, keep);
        must(Workspace::create(m_folder, m_secrets, {}, kNow));
        const std::string path = Workspace::databasePath(m_folder);
        std::string file = bytesOfFile(path);
        if (at >= 0)
            for (int i = 0; i < bytes; ++i)
                file[std::size_t(at + i)] = "damaged "[i % 8];
        if (keep >= 0)
            file.resize(std::size_t(keep));
        for (const char *suffix : {"-wal", "-shm"})
            QFile::remove(q(path + suffix));
        overwrite(path, file);
        const auto opened = Workspace::open(m_folder, m_secrets, true);
        QCOMPARE(codeOf(opened), codeOf(ErrorCode::Corrupt));
        QVERIFY2(opened.error().detail.find("restore a backup") != std::string::npos, opened.error().detail.c_str());
    }

    void anEmptyFileIsNoWorkspace()
    {
        QDir().mkpath(q(m_folder));
        overwrite(Workspace::databasePath(m_folder), {});
        const auto opened = Workspace::open(m_folder, m_secrets, true);
        QCOMPARE(codeOf(opened), codeOf(ErrorCode::Corrupt));
        QVERIFY2(opened.error().detail.find("restore a backup") != std::string::npos, opened.error().detail.c_str());
    }

    void aMissingKeyNamesItsPlace()
    {
        const auto created = must(Workspace::create(m_folder, m_secrets, {}, kNow));
        m_secrets.kept.clear();
        const auto opened = Workspace::open(m_folder, m_secrets, true);
        QCOMPARE(codeOf(opened), codeOf(ErrorCode::MissingKey));
        for (const std::string &words : {m_secrets.place(Workspace::secretName(created.id)), std::string("key import")})
            QVERIFY2(opened.error().detail.find(words) != std::string::npos, opened.error().detail.c_str());
    }

    void aWrongKeyIsRefused_data()
    {
        QTest::addColumn<QString>("key");
        QTest::newRow("another workspace's") << q(hex(WorkspaceKey::random()));
        QTest::newRow("too short") << QStringLiteral("ab12");
        QTest::newRow("no digits") << QStringLiteral("open sesame");
        QTest::newRow("empty") << QString();
    }

    void aWrongKeyIsRefused()
    {
        QFETCH(QString, key);
        const auto created = must(Workspace::create(m_folder, m_secrets, {}, kNow));
        m_secrets.kept[Workspace::secretName(created.id)] = key.toStdString();
        const auto opened = Workspace::open(m_folder, m_secrets, true);
        QCOMPARE(codeOf(opened), codeOf(ErrorCode::MissingKey));
        QVERIFY(opened.error().detail.find(m_secrets.place(Workspace::secretName(created.id))) != std::string::npos);
        QVERIFY(key.isEmpty() || opened.error().detail.find(key.toStdString()) == std::string::npos);
    }

    void aKeySurvivesBlanksAtItsEnd()
    {
        const auto created = must(Workspace::create(m_folder, m_secrets, {}, kNow));
        m_secrets.kept[Workspace::secretName(created.id)] += " \r\n\n";
        QVERIFY(Workspace::open(m_folder, m_secrets, true));
    }

    void theKeyFileIsItsOwnersOnly()
    {
        const std::string keys = m_home->path().toStdString() + "/config/keys";
        FileSecretStore secrets(keys);
        const auto created = must(Workspace::create(m_folder, secrets, {}, kNow));
        QCOMPARE(q(created.keyPlace), q(keys + '/' + Workspace::secretName(created.id)));
        struct stat info = {};
        QCOMPARE(::stat(created.keyPlace.c_str(), &info), 0);
        QCOMPARE(info.st_mode & 07777, mode_t(0600));
        QCOMPARE(::stat(keys.c_str(), &info), 0);
        QCOMPARE(info.st_mode & 07777, mode_t(0700));
        QVERIFY(Workspace::open(m_folder, secrets, true));
        must(secrets.remove(Workspace::secretName(created.id)));
        must(secrets.remove(Workspace::secretName(created.id))); // once more is no error
        QCOMPARE(codeOf(Workspace::open(m_folder, secrets, true)), codeOf(ErrorCode::MissingKey));
    }

    void theKeyIsNotInTheWorkspace()
    {
        const auto created = must(Workspace::create(m_folder, m_secrets, {}, kNow));
        const std::string digits = m_secrets.kept.at(Workspace::secretName(created.id)).substr(0, 64);
        const std::string bytes = bytesBelow(m_folder);
        QVERIFY(bytes.find(digits) == std::string::npos);
        QVERIFY(bytes.find(fromHex(digits)) == std::string::npos);
    }

    void aTestKeyReplacesTheKeyAndSaysSo()
    {
        const auto created = must(Workspace::create(m_folder, m_secrets, "any text", kNow));
        QVERIFY(created.testKey);
        QVERIFY(m_secrets.kept.empty());
        const auto missing = Workspace::open(m_folder, m_secrets, true);
        QCOMPARE(codeOf(missing), codeOf(ErrorCode::MissingKey));
        QVERIFY(missing.error().detail.find("WINNOW_TEST_KEY") != std::string::npos);
        qputenv("WINNOW_TEST_KEY", "other text");
        QCOMPARE(codeOf(Workspace::open(m_folder, m_secrets, true)), codeOf(ErrorCode::MissingKey));
        qputenv("WINNOW_TEST_KEY", "any text");
        const auto workspace = must(Workspace::open(m_folder, m_secrets, true));
        QVERIFY(workspace->usesTestKey());
        QVERIFY(workspace->key().authorKey() == sha256("any text"));
    }

    void thirtyTwoBytesAreTheTestKeyItself()
    {
        const std::string key = "0123456789abcdef0123456789abcdef";
        must(Workspace::create(m_folder, m_secrets, key, kNow));
        qputenv("WINNOW_TEST_KEY", QByteArray::fromStdString(key));
        QVERIFY(bytesOf(must(Workspace::open(m_folder, m_secrets, true))->key().authorKey()) == key);
    }

    void aTestKeyOpensNoOtherWorkspace()
    {
        must(Workspace::create(m_folder, m_secrets, {}, kNow));
        qputenv("WINNOW_TEST_KEY", "any text"); // not asked for: the workspace has a key of its own
        QVERIFY(!must(Workspace::open(m_folder, m_secrets, true))->usesTestKey());
    }

    void aReadOnlyPlaceIsNamedSo()
    {
        must(Workspace::create(m_folder, m_secrets, {}, kNow));
        if (!ownMounts())
            QSKIP("mounting is not allowed here");
        const std::string home = m_home->path().toStdString();
        QCOMPARE(::mount(home.c_str(), home.c_str(), nullptr, MS_BIND, nullptr), 0);
        QCOMPARE(::mount("none", home.c_str(), nullptr, MS_BIND | MS_REMOUNT | MS_RDONLY, nullptr), 0);
        const auto opened = Workspace::open(m_folder, m_secrets, true);
        const auto created = Workspace::create(home + "/other", m_secrets, {}, kNow);
        QCOMPARE(::umount(home.c_str()), 0);
        QVERIFY(!opened);
        QVERIFY2(opened.error().code == ErrorCode::ReadOnly, opened.error().detail.c_str());
        QVERIFY2(opened.error().detail.find("cannot be written") != std::string::npos, opened.error().detail.c_str());
        QVERIFY(!created);
        QVERIFY2(created.error().code == ErrorCode::ReadOnly, created.error().detail.c_str());
    }

    void aReadOnlyConnectionWritesNothing()
    {
        must(Workspace::create(m_folder, m_secrets, {}, kNow));
        const std::string path = Workspace::databasePath(m_folder), before = bytesOfFile(path);
        const auto database = must(Database::open(path, Database::Mode::ReadOnly, false));
        QVERIFY(must(database->number("SELECT count(*) FROM meta")).value() > 0);
        const auto done = database->run("DELETE FROM meta");
        QCOMPARE(codeOf(done), codeOf(ErrorCode::ReadOnly));
        QVERIFY(bytesOfFile(path) == before);
    }

    void aFullDiskLosesNothing_data()
    {
        QTest::addColumn<bool>("mounted");
        QTest::newRow("page limit") << false;
        QTest::newRow("small disk") << true;
    }

    void aFullDiskLosesNothing()
    {
        QFETCH(bool, mounted);
        if (mounted) {
            if (!ownMounts())
                QSKIP("mounting is not allowed here");
            QDir().mkpath(q(m_folder));
            QCOMPARE(::mount("tmpfs", m_folder.c_str(), "tmpfs", 0, "size=4m"), 0);
        }
        must(Workspace::create(m_folder, m_secrets, {}, kNow));
        auto workspace = must(Workspace::open(m_folder, m_secrets, true));
        if (!mounted)
            must(workspace->database().script("PRAGMA max_page_count=300"));
        std::optional<Error> error;
        std::size_t kept = 0;
        {
            Bronze bronze(*workspace);
            auto lease = must(Lease::acquire(*workspace, "import"));
            const auto payload = must(bronze.openPayload(*lease, "reviews", "file.csv", kNow));
            BronzeCounts counts;
            for (int batch = 0; batch < 1000 && !error; ++batch) {
                std::vector<Record> records;
                for (int i = 0; i < 20; ++i)
                    records.push_back(World::recordOf({std::to_string(batch * 20 + i), std::string(2000, 'x'), "ann"}));
                if (auto done = bronze.add(*lease, payload, std::move(records), {}, 1, counts); !done)
                    error = done.error();
                else
                    kept += 20;
            }
            QVERIFY(error);
            QVERIFY2(error->code == ErrorCode::Full, error->detail.c_str());
            QVERIFY2(error->detail.find("nothing was lost") != std::string::npos, error->detail.c_str());
            QCOMPARE(counts.records, std::uint64_t(kept));
        }
        QVERIFY(kept > 0);
        workspace.reset();
        if (mounted)
            QCOMPARE(::mount("tmpfs", m_folder.c_str(), "tmpfs", MS_REMOUNT, "size=16m"), 0);
        workspace = must(Workspace::open(m_folder, m_secrets, true));
        QCOMPARE(q(must(workspace->database().text("PRAGMA integrity_check")).value()), q("ok"));
        Bronze bronze(*workspace);
        const auto rows = must(bronze.read(0, 100'000));
        QCOMPARE(rows.size(), kept);
        for (const Bronze::Stored &row : rows)
            QVERIFY(row.record.body == std::string(2000, 'x'));
        // and goes on
        auto lease = must(Lease::acquire(*workspace, "import"));
        BronzeCounts counts;
        must(bronze.add(*lease, must(bronze.openPayload(*lease, "reviews", "file.csv", kNow)),
                        {World::recordOf({"last", "body", "ann"})}, {}, 2, counts));
        QCOMPARE(must(bronze.read(0, 100'000)).size(), kept + 1);
        lease.reset();
        workspace.reset();
        if (mounted)
            QCOMPARE(::umount2(m_folder.c_str(), MNT_DETACH), 0);
    }

    void aChildProcessDrawsOtherKeys()
    {
        static_cast<void>(WorkspaceKey::random());
        int ends[2];
        QCOMPARE(::pipe(ends), 0);
        const pid_t child = ::fork();
        if (child == 0) {
            const Digest key = WorkspaceKey::random();
            ::_exit(::write(ends[1], key.data(), key.size()) == ssize_t(key.size()) ? 0 : 1);
        }
        Digest its{};
        QCOMPARE(::read(ends[0], its.data(), its.size()), ssize_t(its.size()));
        ::waitpid(child, nullptr, 0);
        for (const int end : ends)
            ::close(end);
        QVERIFY(its != WorkspaceKey::random());
    }

    void timeOrderedIds()
    {
        const std::string id = uuid7(kNow);
        QVERIFY(
            QRegularExpression(QStringLiteral("^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$"))
                .match(q(id))
                .hasMatch());
        QVERIFY(uuid7(kNow) != id);
        QVERIFY(uuid7(kNow) < uuid7(kNow + std::chrono::milliseconds(1)));
    }

    void aTransactionRollsBackUnlessCommitted()
    {
        must(Workspace::create(m_folder, m_secrets, {}, kNow));
        const auto workspace = must(Workspace::open(m_folder, m_secrets, true));
        Database &db = workspace->database();
        {
            auto transaction = must(Transaction::begin(db, "test"));
            must(db.run("INSERT INTO meta(name, value) VALUES('a', 1)"));
        }
        QVERIFY(!must(db.number("SELECT value FROM meta WHERE name = 'a'")));
        {
            auto transaction = must(Transaction::begin(db, "test"));
            must(db.run("INSERT INTO meta(name, value) VALUES('a', 1)"));
            must(transaction.commit());
        }
        QCOMPARE(must(db.number("SELECT value FROM meta WHERE name = 'a'")).value(), 1);
        QCOMPARE(db.holds().count, std::uint64_t(2));
    }

    void aWriterWaitsForAnother()
    {
        must(Workspace::create(m_folder, m_secrets, {}, kNow));
        const auto one = must(Workspace::open(m_folder, m_secrets, true)),
                   two = must(Workspace::open(m_folder, m_secrets, true));
        std::optional<Transaction> first(must(Transaction::begin(one->database(), "one")));
        must(one->database().run("INSERT INTO meta(name, value) VALUES('a', 1)"));
        std::atomic<bool> through = false;
        std::jthread other([&] {
            auto second = must(Transaction::begin(two->database(), "two"));
            // what the first one wrote is there: nothing was decided on an older state
            through = must(two->database().number("SELECT value FROM meta WHERE name = 'a'")) == 1;
            must(second.commit());
        });
        must(first->commit());
        first.reset();
        other.join();
        QVERIFY(through);
    }

    void aQueryMayRunInsideItsOwnAnswer()
    {
        must(Workspace::create(m_folder, m_secrets, {}, kNow));
        const auto workspace = must(Workspace::open(m_folder, m_secrets, true));
        constexpr const char *kSql = "SELECT name FROM meta ORDER BY name";
        int rows = 0;
        must(workspace->database().query(
            kSql, [&](const Row &) { must(workspace->database().query(kSql, [&](const Row &) { ++rows; })); }));
        const auto names = must(workspace->database().number("SELECT count(*) FROM meta")).value();
        QCOMPARE(rows, int(names * names));
        QVERIFY(!workspace->database().query(
            "SELECT name FROM meta", [](const Row &) -> Result<> { return fail(ErrorCode::Cancelled, "enough"); }));
        must(workspace->database().run("DELETE FROM meta WHERE name = 'a'")); // the statement was let go
    }

private:
    static constexpr TimePoint kNow{std::chrono::hours(24 * 365 * 55)};
    std::unique_ptr<QTemporaryDir> m_home;
    std::string m_folder;
    MemorySecrets m_secrets;
};

QTEST_GUILESS_MAIN(TestWorkspace)
#include "tst_workspace.moc"
