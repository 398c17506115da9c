#include <QtTest>

#include <QTemporaryDir>

#include "core/adapters/trackers/filetracker.h"
#include "core/base/resources.h"

using namespace winnow;

class TestFileTracker : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void aTicketIsWrittenOnce()
    {
        QTemporaryDir folder;
        FileTracker tracker(folder.path().toStdString() + "/tickets");
        QVERIFY(!tracker.find("fb-1", {}).value());
        const Draft draft{"Crash on\nupload", "It crashes.", {{"severity", "high"}}};
        const auto first = tracker.create("fb-1", draft, {});
        QCOMPARE(first.state, SendState::Confirmed);
        const std::string path = folder.path().toStdString() + "/tickets/fb-1.md";
        QCOMPARE(first.ticket, (TicketRef{"fb-1", "file://" + path}));
        const QByteArray text = QByteArray::fromStdString(readFile(path).value());
        QCOMPARE(text, QByteArray("# Crash on upload\n\n- id: fb-1\n- severity: high\n\nIt crashes.\n"));

        const auto second = tracker.create("fb-1", {"Other", "words", {}}, {});
        QCOMPARE(second.state, SendState::Confirmed);
        QCOMPARE(second.ticket, first.ticket);
        QCOMPARE(QByteArray::fromStdString(readFile(path).value()), text);
        QCOMPARE(tracker.find("fb-1", {}).value(), std::optional(first.ticket));
    }

    void stateFollowsTheFile()
    {
        QTemporaryDir folder;
        FileTracker tracker(folder.path().toStdString());
        const auto sent = tracker.create("fb-2", {"t", "b", {}}, {});
        QCOMPARE(tracker.state(sent.ticket, {})->status, std::string("open"));
        QVERIFY(QFile::remove(folder.filePath(QStringLiteral("fb-2.md"))));
        const auto gone = tracker.state(sent.ticket, {});
        QCOMPARE(gone->status, std::string("deleted"));
        QCOMPARE(gone->outcome, std::string("unknown"));
        QVERIFY(folder.remove());
        QVERIFY(tracker.state(sent.ticket, {}).error().code == ErrorCode::NotFound);
    }

    void anIdThatIsAPathIsRefused_data()
    {
        QTest::addColumn<QByteArray>("id");
        for (const char *id : {"", "../fb-1", "fb/1", "fb-1.md", ".fb", "fb 1", "-fb", "fb-\xc3\xa9"})
            QTest::newRow(id) << QByteArray(id);
    }
    void anIdThatIsAPathIsRefused()
    {
        QFETCH(QByteArray, id);
        QTemporaryDir folder;
        FileTracker tracker(folder.path().toStdString());
        QCOMPARE(tracker.create(id.toStdString(), {"t", "b", {}}, {}).state, SendState::Rejected);
        QVERIFY(tracker.find(id.toStdString(), {}).error().code == ErrorCode::InvalidInput);
        QVERIFY(QDir(folder.path()).isEmpty());
    }

    void urlsAreEncoded()
    {
        QTemporaryDir folder;
        FileTracker tracker(folder.path().toStdString() + "/a b#ü");
        const auto sent = tracker.create("fb-3", {"t", "b", {}}, {});
        QCOMPARE(sent.state, SendState::Confirmed);
        QVERIFY(QByteArray::fromStdString(sent.ticket.url).endsWith("/a%20b%23%C3%BC/fb-3.md"));
    }
};

QTEST_GUILESS_MAIN(TestFileTracker)
#include "tst_filetracker.moc"
