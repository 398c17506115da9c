#include <QtTest>

#include <QTemporaryDir>

#include <sys/stat.h>
#include <thread>
#include <unistd.h>

#include "core/adapters/files/filelayer.h"
#include "core/adapters/trackers/filetracker.h"
#include "core/base/resources.h"
#include "tests/fakes/faultfiles.h"

using namespace winnow;

namespace
{

const std::string kPath = "/w/state.json";
const std::string kOld(5000, 'o'), kNew(7000, 'n');

QString name(ErrorCode code)
{
    return QString::fromStdString(std::string(toString(code)));
}

/// Cuts before every step of `work`, with everything a disk may have kept, and lets `check` look at what is left.
void cutEverywhere(const std::function<bool(FaultFiles &)> &work,
                   const std::function<void(const FaultFiles &, bool done)> &check,
                   const std::function<void(FaultFiles &)> &prepare)
{
    FaultFiles trial;
    prepare(trial);
    trial.writeAtMost(3000);
    QVERIFY(work(trial));
    const std::size_t steps = trial.steps();
    QVERIFY(steps > 1);
    for (std::size_t step = 0; step <= steps; ++step) {
        for (const auto survives : FaultFiles::kAll) {
            FaultFiles files;
            prepare(files);
            files.writeAtMost(3000);
            files.cutBefore(step);
            const bool done = work(files);
            files.restart(survives);
            check(files, done);
        }
    }
}

}

class TestFileLayer : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void aCutLeavesTheOldFileOrTheNewOne()
    {
        std::set<bool> seen;
        cutEverywhere([](FaultFiles &files) { return FileLayer(files).writeWhole(kPath, kNew).has_value(); },
                      [&](const FaultFiles &files, bool done) {
                          const auto bytes = files.get(kPath);
                          QVERIFY(bytes == kOld || bytes == kNew);
                          QVERIFY(!done || bytes == kNew);
                          seen.insert(bytes == kNew);
                      },
                      [](FaultFiles &files) { files.put(kPath, kOld); });
        QCOMPARE(seen.size(), 2u);
    }

    void aCutLeavesNoFileOrTheNewOne()
    {
        std::set<bool> seen;
        cutEverywhere([](FaultFiles &files) { return FileLayer(files).writeNew(kPath, kNew).has_value(); },
                      [&](const FaultFiles &files, bool done) {
                          const auto bytes = files.get(kPath);
                          QVERIFY(!bytes || bytes == kNew);
                          QVERIFY(!done || bytes);
                          seen.insert(bytes.has_value());
                      },
                      [](FaultFiles &) {});
        QCOMPARE(seen.size(), 2u);
    }

    /// Somebody else (a database) wrote the bytes; only its name and their safety are ours.
    void aCutPublishesTheWholeFileOrNone()
    {
        cutEverywhere([](FaultFiles &files) { return FileLayer(files).publish("/w/.new.tmp", kPath).has_value(); },
                      [&](const FaultFiles &files, bool done) {
                          const auto bytes = files.get(kPath);
                          QVERIFY(!bytes || bytes == kNew);
                          QVERIFY(!done || bytes);
                      },
                      [](FaultFiles &files) {
                          files.put("/w/.new.tmp", kNew.substr(0, 10));
                          const int handle = files.open("/w/.new.tmp", FileOps::Open::Append, 0666);
                          files.write(handle, std::string_view(kNew).substr(10)); // not synced
                          files.close(handle);
                          files.forgetSteps();
                      });
        FaultFiles files;
        files.put("/w/.new.tmp", kNew);
        files.put(kPath, kOld);
        QCOMPARE(name(FileLayer(files).publish("/w/.new.tmp", kPath).error().code), name(ErrorCode::Conflict));
        QVERIFY(files.get(kPath) == kOld);
    }

    void whatWasAddedBeforeStaysWhenPowerIsCut()
    {
        cutEverywhere([](FaultFiles &files) { return FileLayer(files).append(kPath, "more").has_value(); },
                      [&](const FaultFiles &files, bool done) {
                          const auto bytes = files.get(kPath);
                          QVERIFY(bytes && bytes->starts_with(kOld) && (kOld + "more").starts_with(*bytes));
                          QVERIFY(!done || bytes == kOld + "more");
                      },
                      [](FaultFiles &files) { files.put(kPath, kOld); });
    }

    void aRemovedFileIsThereOrGone()
    {
        cutEverywhere([](FaultFiles &files) { return FileLayer(files).remove(kPath).has_value(); },
                      [&](const FaultFiles &files, bool done) {
                          const auto bytes = files.get(kPath);
                          QVERIFY(!bytes || bytes == kOld);
                          QVERIFY(!done || !bytes);
                      },
                      [](FaultFiles &files) { files.put(kPath, kOld); });
    }

    /// Every step fails once with every error; the old file stays readable and no temporary file is left behind.
    void failuresNameThePathAndLeaveNothing_data()
    {
        QTest::addColumn<int>("error");
        QTest::addColumn<QString>("code");
        QTest::newRow("no space") << ENOSPC << name(ErrorCode::Full);
        QTest::newRow("quota") << EDQUOT << name(ErrorCode::Full);
        QTest::newRow("read-only") << EROFS << name(ErrorCode::ReadOnly);
        QTest::newRow("forbidden") << EACCES << name(ErrorCode::ReadOnly);
        QTest::newRow("not permitted") << EPERM << name(ErrorCode::ReadOnly);
        QTest::newRow("broken disk") << EIO << name(ErrorCode::Io);
    }
    void failuresNameThePathAndLeaveNothing()
    {
        QFETCH(int, error);
        QFETCH(QString, code);
        FaultFiles trial;
        QVERIFY(FileLayer(trial).writeWhole(kPath, kNew));
        for (std::size_t step = 0; step < trial.steps(); ++step) {
            FaultFiles files;
            files.put(kPath, kOld);
            files.failAt(step, error);
            const auto done = FileLayer(files).writeWhole(kPath, kNew);
            QVERIFY2(!done, trial.log()[step].c_str());
            QCOMPARE(name(done.error().code), code);
            QVERIFY(done.error().detail.starts_with(kPath + ": "));
            QCOMPARE(files.paths(), std::vector<std::string>{kPath});
            const bool renamed = trial.log()[step].starts_with("fsync folder");
            QCOMPARE(files.get(kPath) == kNew, renamed);
        }
    }

    void whatCannotBeAddedWholeIsTakenBack()
    {
        for (std::size_t step = 0; step < 12; ++step) {
            FaultFiles files;
            files.put(kPath, kOld);
            files.writeAtMost(1000);
            files.failAt(step, ENOSPC);
            const auto done = FileLayer(files).append(kPath, kNew);
            QCOMPARE(files.get(kPath) == kOld + kNew, done.has_value() || files.log()[step] == "close");
            QVERIFY(files.get(kPath) == kOld || files.get(kPath) == kOld + kNew);
        }
    }

    void interruptedWritesGoOn()
    {
        FaultFiles files;
        files.writeAtMost(100);
        for (std::size_t step = 1; step < 20; step += 2) // open is step 0; ten writes, each interrupted once
            files.failAt(step, EINTR);
        const auto done = FileLayer(files).writeWhole(kPath, std::string(1000, 'x'));
        QVERIFY(done);
        QCOMPARE(files.get(kPath)->size(), 1000u);
    }

    void realFilesKeepTheirPromises()
    {
        QTemporaryDir folder;
        FileLayer files;
        const std::string base = folder.path().toStdString(), path = base + "/a/b/c.txt";
        QVERIFY(name(files.writeWhole(path, "x").error().code) == name(ErrorCode::NotFound));
        QVERIFY(files.createFolder(base + "/a/b/"));
        QVERIFY(files.createFolder(base + "/a/b"));
        QVERIFY(files.writeWhole(path, "one"));
        QCOMPARE(files.read(path).value(), std::string("one"));
        QCOMPARE(name(files.writeNew(path, "two").error().code), name(ErrorCode::Conflict));
        QCOMPARE(files.read(path).value(), std::string("one"));
        QVERIFY(files.writeWhole(path, "two", FileLayer::Access::OwnerOnly));
        QVERIFY(files.append(path, " three"));
        QCOMPARE(files.read(path).value(), std::string("two three"));
        struct stat status = {};
        QCOMPARE(::stat(path.c_str(), &status), 0);
        QCOMPARE(status.st_mode & 0777u, 0600u);
        QCOMPARE(QDir(folder.filePath(QStringLiteral("a/b"))).entryList(QDir::Files | QDir::Hidden).size(), 1);
        QVERIFY(files.remove(path));
        QCOMPARE(files.exists(path).value(), false);
        QCOMPARE(name(files.remove(path).error().code), name(ErrorCode::NotFound));
        QCOMPARE(name(files.read(path).error().code), name(ErrorCode::NotFound));
        QVERIFY(files.append(path, "new"));
        QCOMPARE(files.read(path).value(), std::string("new"));
    }

    void aFolderThatCannotBeWrittenSaysSo()
    {
        if (::geteuid() == 0)
            QSKIP("root may write anywhere");
        QTemporaryDir folder;
        ::chmod(folder.path().toStdString().c_str(), 0500);
        const auto done = FileLayer().writeWhole(folder.path().toStdString() + "/f", "x");
        ::chmod(folder.path().toStdString().c_str(), 0700);
        QCOMPARE(name(done.error().code), name(ErrorCode::ReadOnly));
    }

    void ofManyThatMakeAFileOneWins()
    {
        QTemporaryDir folder;
        const std::string path = folder.path().toStdString() + "/f";
        std::atomic<int> wins{0};
        std::string winner;
        std::vector<std::jthread> threads;
        for (int i = 0; i < 8; ++i)
            threads.emplace_back([&, i] {
                const std::string mine(10000, char('a' + i));
                if (FileLayer().writeNew(path, mine)) {
                    ++wins;
                    winner = mine;
                }
            });
        threads.clear();
        QCOMPARE(wins.load(), 1);
        QCOMPARE(readFile(path).value(), winner);
        QCOMPARE(QDir(folder.path()).entryList(QDir::Files | QDir::Hidden).size(), 1);
    }

    /// Whatever happens to the power, a ticket is sent again until it is confirmed, and is there once and whole.
    void ticketsAreThereOnceWhateverThePowerDoes()
    {
        const Draft draft{"Title", kNew, {{"severity", "high"}}};
        std::string whole;
        cutEverywhere(
            [&](FaultFiles &files) {
                return FileTracker("/w/t", files).create("fb-1", draft, {}).state == SendState::Confirmed;
            },
            [&](const FaultFiles &files, bool done) {
                const auto bytes = files.get("/w/t/fb-1.md");
                QVERIFY(!done || bytes);
                if (!bytes)
                    return;
                if (whole.empty())
                    whole = *bytes;
                QCOMPARE(*bytes, whole);
                FaultFiles again = files;
                QCOMPARE(FileTracker("/w/t", again).create("fb-1", {"Other", "", {}}, {}).state, SendState::Confirmed);
                QCOMPARE(*again.get("/w/t/fb-1.md"), whole);
            },
            [](FaultFiles &) {});
        QVERIFY(whole.size() > kNew.size());
    }

    void aTicketWhoseFolderCannotBeSyncedIsAmbiguous()
    {
        FaultFiles trial;
        QVERIFY(FileTracker("/t", trial).create("fb-1", {"t", "b", {}}, {}).state == SendState::Confirmed);
        for (std::size_t step = 0; step < trial.steps(); ++step) {
            FaultFiles files;
            files.failAt(step, EIO);
            const auto sent = FileTracker("/t", files).create("fb-1", {"t", "b", {}}, {});
            if (sent.state == SendState::NotSent)
                QVERIFY(!files.get("/t/fb-1.md"));
            if (sent.state == SendState::Confirmed)
                QVERIFY(files.get("/t/fb-1.md"));
            if (trial.log()[step] == "fsync folder /t")
                QCOMPARE(sent.state, SendState::Ambiguous);
        }
    }
};

QTEST_GUILESS_MAIN(TestFileLayer)
#include "tst_filelayer.moc"
