#include <QtTest>

#include <filesystem>
#include <fstream>

#include <fcntl.h>
#include <sys/stat.h>

#include "core/adapters/sqlite/watches.h"
#include "tests/fakes/workspacekit.h"
#include "tests/fakes/zipfile.h"

using namespace winnow;
using namespace winnow::test;

namespace fs = std::filesystem;

namespace
{

/// Waiting takes no time. While somebody waits, `meanwhile` may happen.
class SteppedClock : public Clock
{
public:
    TimePoint time = TimePoint(std::chrono::hours(24 * 365 * 54));
    std::function<void()> meanwhile;
    int waits = 0;

    TimePoint now() const override { return time; }
    bool waitUntil(TimePoint until, std::stop_token stop) override
    {
        time = std::max(time, until);
        ++waits;
        if (meanwhile)
            meanwhile();
        return !stop.stop_requested();
    }
};

class Inbox
{
public:
    Inbox()
        : path(m_folder.path().toStdString())
    {
    }
    std::string write(const std::string &name, std::string_view bytes)
    {
        const std::string file = path + '/' + name;
        fs::create_directories(fs::path(file).parent_path());
        std::ofstream(file, std::ios::binary).write(bytes.data(), std::streamsize(bytes.size()));
        return file;
    }
    void setTime(const std::string &name, std::int64_t seconds)
    {
        const timespec times[] = {{seconds, 0}, {seconds, 0}};
        ::utimensat(AT_FDCWD, (path + '/' + name).c_str(), times, 0);
    }

private:
    QTemporaryDir m_folder;

public:
    const std::string path;
};

struct Kit {
    World world{"watched"};
    SteppedClock clock;
    Inbox inbox;
    std::vector<sqlite::WatchedFile> seen;

    /// Each with its own connection, as another start of the program has it.
    QString scan(bool all = false)
    {
        seen.clear();
        const auto workspace = world.again();
        sqlite::Watches watches(*workspace, clock);
        const auto done = watches.scan(all, [&](const sqlite::WatchedFile &file) { seen.push_back(file); }, {});
        QString words = codeOf(done);
        for (const auto &file : seen)
            words += q(' ' + file.path + '=' + file.outcome
                       + (file.imported
                              ? ':' + std::to_string(file.imported->fresh) + '+' + std::to_string(file.imported->edited)
                              : ""));
        return words;
    }
    void watch()
    {
        const auto workspace = world.again();
        must(sqlite::Watches(*workspace, clock).add(inbox.path, {}));
    }
    qint64 records() { return world.count("SELECT count(*) FROM record"); }
};

}

class TestWatches : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void eachContentIsImportedOnce()
    {
        Kit kit;
        kit.watch();
        kit.inbox.write("a.csv", "id,body\n1,one\n2,two\n");
        kit.inbox.write("deep/er/b.csv", "id,body\n3,three\n");
        QCOMPARE(kit.scan(), QStringLiteral("done a.csv=imported:2+0 deep/er/b.csv=imported:1+0"));
        QCOMPARE(kit.scan(), QStringLiteral("done"));
        // The same bytes under another name, or written again, are known.
        kit.inbox.write("copy.csv", "id,body\n1,one\n2,two\n");
        kit.inbox.write("deep/er/b.csv", "id,body\n3,three\n");
        kit.inbox.setTime("deep/er/b.csv", 1);
        QCOMPARE(kit.scan(), QStringLiteral("done copy.csv=known"));
        QCOMPARE(kit.scan(), QStringLiteral("done"));
        QCOMPARE(kit.records(), 3);
    }

    void anOverwrittenFileIsReadAgain()
    {
        Kit kit;
        kit.watch();
        kit.inbox.write("a.csv", "id,body\n1,one\n2,two\n");
        kit.inbox.setTime("a.csv", 1'700'000'000);
        kit.scan();
        kit.inbox.write("a.csv", "id,body\n1,One\n2,two\n3,three\n");
        kit.inbox.setTime("a.csv", 1'600'000'000); // older than before, and still another
        QCOMPARE(kit.scan(), QStringLiteral("done a.csv=imported:1+1"));
        fs::remove(kit.inbox.path + "/a.csv");
        QCOMPARE(kit.scan(), QStringLiteral("done"));
        QCOMPARE(kit.world.count("SELECT count(*) FROM record WHERE current = 1"), 3);
        QCOMPARE(kit.world.count("SELECT count(*) FROM record WHERE tombstone = 1"), 0);
    }

    void aChangeThatShowsNowhereIsFoundWithinADay()
    {
        Kit kit;
        kit.watch();
        kit.inbox.write("a.csv", "id,body\n1,one\n");
        kit.inbox.setTime("a.csv", 1'700'000'000);
        kit.scan();
        kit.inbox.write("a.csv", "id,body\n1,two\n");
        kit.inbox.setTime("a.csv", 1'700'000'000);
        QCOMPARE(kit.scan(), QStringLiteral("done"));
        kit.clock.time += std::chrono::hours(25);
        QCOMPARE(kit.scan(), QStringLiteral("done a.csv=imported:0+1"));
    }

    void filesAreReadWhenTheyStandStill()
    {
        Kit kit;
        kit.watch();
        kit.inbox.write("a.csv", "id,body\n1,one\n");
        int size = 0;
        kit.clock.meanwhile = [&] {
            kit.inbox.write("a.csv", "id,body\n1,one\n2," + std::string(std::size_t(++size), 'x') + "\n");
        };
        QCOMPARE(kit.scan(), QStringLiteral("done a.csv=waiting"));
        QCOMPARE(kit.records(), 0);
        kit.clock.meanwhile = {};
        const int before = kit.clock.waits;
        QCOMPARE(kit.scan(), QStringLiteral("done a.csv=imported:2+0"));
        QCOMPARE(kit.clock.waits, before + 1);
    }

    void unfinishedHiddenAndLockedNamesArePassedOver()
    {
        Kit kit;
        kit.watch();
        for (const char *name : {"a.csv.part", "b.tmp", "c.crdownload", ".d.csv", "~$e.xlsx", "f.lock", ".git/g.csv"})
            kit.inbox.write(name, "id,body\n1,one\n");
        fs::create_directory(kit.inbox.path + "/real");
        Inbox elsewhere;
        elsewhere.write("h.csv", "id,body\n1,one\n");
        fs::create_directory_symlink(elsewhere.path, kit.inbox.path + "/link");
        QCOMPARE(kit.scan(), QStringLiteral("done"));
        kit.inbox.write("a.csv", "id,body\n1,one\n");
        QCOMPARE(kit.scan(), QStringLiteral("done a.csv=imported:1+0"));
    }

    void damageIsTriedAgainWhenItChanges()
    {
        Kit kit;
        kit.watch();
        const std::string packed = fakes::gzipped("id,body\n1,one\n");
        kit.inbox.write("a.csv.gz", packed.substr(0, packed.size() - 4));
        kit.inbox.write("b.csv", "id,body\n1,one\n2,\"two\n");
        kit.inbox.write("c.txt", "nothing of use");
        QCOMPARE(kit.scan(), QStringLiteral("done a.csv.gz=failed b.csv=failed:1+0 c.txt=failed"));
        QVERIFY(q(kit.seen[0].detail).contains(QStringLiteral("gzip breaks off")));
        QVERIFY(q(kit.seen[1].detail).contains(QStringLiteral("row 3, byte 14")));
        QCOMPARE(kit.scan(), QStringLiteral("done"));
        kit.inbox.write("a.csv.gz", packed);
        kit.inbox.write("b.csv", "id,body\n1,one\n2,\"two\"\n3,three\n");
        QCOMPARE(kit.scan(), QStringLiteral("done a.csv.gz=imported:0+0 b.csv=imported:2+0"));
    }

    void whoDiesInTheMiddleGoesOnWhereItWas()
    {
        Kit kit;
        kit.watch();
        std::string text = "id,body\n";
        for (int i = 0; i < 5000; ++i)
            text += std::to_string(i) + ",text\n";
        kit.inbox.write("a.csv", text);
        {
            // Dies at the second batch: nothing is noted of the file, the first batch is there.
            const auto workspace = kit.world.again();
            sqlite::Watches watches(*workspace, kit.clock);
            std::stop_source stop;
            kit.clock.meanwhile = [&] { stop.request_stop(); };
            QVERIFY(!watches.scan(
                false, [](const auto &) {}, stop.get_token()));
            kit.clock.meanwhile = {};
            ImportRequest request;
            request.path = kit.inbox.path + "/a.csv";
            auto lease = must(sqlite::Lease::acquire(*workspace, "import"));
            sqlite::Bronze bronze(*workspace);
            ImportOptions options;
            options.originName = "a.csv";
            options.workspaceKey = workspace->key().authorKey();
            options.batchRecords = 1000;
            const auto payload = must(bronze.openPayload(*lease, "generic", "a.csv", kit.clock.time));
            sqlite::BronzeCounts counts;
            int batches = 0;
            const auto cut = importFile(request.path, options,
                                        [&](ImportBatch &&batch) -> Result<> {
                                            if (++batches == 3)
                                                return fail(ErrorCode::Cancelled, "died");
                                            return bronze.add(*lease, payload, std::move(batch.records), batch.rejects,
                                                              batch.endOffset, counts);
                                        },
                                        {});
            QVERIFY(!cut);
        }
        QCOMPARE(kit.records(), 2000);
        QCOMPARE(kit.scan(), QStringLiteral("done a.csv=imported:3000+0"));
        QCOMPARE(kit.records(), 5000);
        QCOMPARE(kit.world.count("SELECT count(*) FROM raw_payload"), 1);
        QCOMPARE(kit.scan(), QStringLiteral("done"));
    }

    void newColumnsAreOfferedAndStopNothing()
    {
        Kit kit;
        kit.watch();
        kit.inbox.write("1.csv", "id,body,colour\n1,one,red\n");
        kit.scan();
        QVERIFY(kit.seen.at(0).newColumns.empty());
        kit.inbox.write("2.csv", "id,body,colour,mood\n2,two,red,bad\n");
        QCOMPARE(kit.scan(), QStringLiteral("done 2.csv=imported:1+0"));
        QCOMPARE(kit.seen.at(0).newColumns, std::vector<std::string>{"mood"});
        kit.inbox.write("3.csv", "id,body,mood\n3,three,bad\n");
        kit.scan();
        QVERIFY(kit.seen.at(0).newColumns.empty());
        const auto workspace = kit.world.again();
        QCOMPARE(must(sqlite::Watches(*workspace, kit.clock).list()).at(0).otherColumns,
                 (std::vector<std::string>{"colour", "mood"}));
    }

    void foldersAreAddedListedAndRemoved()
    {
        Kit kit;
        const auto workspace = kit.world.again();
        sqlite::Watches watches(*workspace, kit.clock);
        ImportRequest how;
        how.source = "shop";
        how.mapping = ImportMapping();
        how.mapping->source = "shop";
        how.mapping->columns = {{"body", std::string("words")}};
        must(watches.add(kit.inbox.path, how));
        QCOMPARE(codeOf(watches.add(kit.inbox.path + "/", how)), codeOf(ErrorCode::Conflict));
        fs::create_directory(kit.inbox.path + "/sub");
        QCOMPARE(codeOf(watches.add(kit.inbox.path + "/sub", how)), codeOf(ErrorCode::Conflict));
        QCOMPARE(codeOf(watches.add(kit.inbox.path + "/none", how)), codeOf(ErrorCode::NotFound));
        QCOMPARE(codeOf(watches.add(kit.world.home(), how)), codeOf(ErrorCode::InvalidInput));
        kit.inbox.write("a.csv", "words,id\nit hangs,1\n");
        QCOMPARE(kit.scan(), QStringLiteral("done a.csv=imported:1+0"));
        QCOMPARE(q(kit.world.text("SELECT source FROM record")), QStringLiteral("shop"));
        const auto list = must(watches.list());
        QCOMPARE(list.size(), 1u);
        QVERIFY(list[0].mapping == how.mapping);
        QCOMPARE(list[0].files, 1u);
        must(watches.remove(kit.inbox.path));
        QCOMPARE(codeOf(watches.remove(kit.inbox.path)), codeOf(ErrorCode::NotFound));
        QVERIFY(must(watches.list()).empty());
        QCOMPARE(kit.records(), 1);
    }

    void aFolderThatIsGoneIsReportedAndComesBack()
    {
        Kit kit;
        kit.watch();
        fs::rename(kit.inbox.path, kit.inbox.path + "-away");
        QCOMPARE(kit.scan(), QStringLiteral("done =failed"));
        fs::rename(kit.inbox.path + "-away", kit.inbox.path);
        kit.inbox.write("a.csv", "id,body\n1,one\n");
        QCOMPARE(kit.scan(), QStringLiteral("done a.csv=imported:1+0"));
    }

    void theSystemTellsOfAChange()
    {
        Kit kit;
        kit.watch();
        const auto workspace = kit.world.again();
        sqlite::Watches watches(*workspace, kit.clock);
        std::atomic<int> imported = 0;
        std::jthread runner([&](const std::stop_token &stop) {
            must(watches.run([&](const sqlite::WatchedFile &file) { imported += file.outcome == "imported"; }, stop));
        });
        kit.inbox.write("a.csv", "id,body\n1,one\n");
        QTRY_COMPARE_WITH_TIMEOUT(imported.load(), 1, 8000);
        kit.inbox.write("b.csv", "id,body\n2,two\n");
        QTRY_COMPARE_WITH_TIMEOUT(imported.load(), 2, 8000);
    }
};

QTEST_GUILESS_MAIN(TestWatches)
#include "tst_watches.moc"
