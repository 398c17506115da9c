#include <QtTest>

#include <QTemporaryDir>

#include <fstream>

#include "core/adapters/files/context.h"

using namespace winnow;

namespace
{

QString q(const std::string &text)
{
    return QString::fromUtf8(text.data(), qsizetype(text.size()));
}

std::optional<TimePoint> at(const char *time)
{
    return parseTime(time);
}

}

class TestContext : public QObject
{
    Q_OBJECT

    QTemporaryDir m_folder;

    std::string file(const std::string &text)
    {
        const std::string path = m_folder.filePath(QStringLiteral("context")).toStdString();
        std::ofstream(path, std::ios::binary) << text;
        return path;
    }

    template <typename T> static void explain(const Result<T> &result)
    {
        QVERIFY2(result, result ? "" : result.error().detail.c_str());
    }

private Q_SLOTS:
    void accounts()
    {
        const auto got = readAccounts(file("Account ID;Firma;Plan;Jahresumsatz;Land\n"
                                           " a1 ;Ann & Co;Enterprise;12.000,50;DE\n"
                                           ";Nobody;Free;1;DE\n"
                                           "a2;Bob;Free;viel;FR\n"
                                           "a3;Cem;;;\n"));
        explain(got);
        QCOMPARE(got->rows.size(), 2u);
        QVERIFY(got->rows[0] == (Account{"a1", "Ann & Co", "Enterprise", 12000.5, "DE"}));
        QVERIFY(got->rows[1] == (Account{"a3", "Cem", "", 0, ""}));
        QCOMPARE(got->rejects.size(), 2u);
        QCOMPARE(q(got->rejects[0].place), QStringLiteral("context: row 3, byte 78"));
        QCOMPARE(q(got->rejects[0].reason), QStringLiteral("/id: is missing"));
        QCOMPARE(q(got->rejects[0].raw), QStringLiteral(";Nobody;Free;1;DE"));
        QCOMPARE(q(got->rejects[1].reason), QStringLiteral("/revenue: not a number"));
    }

    void accountsOfJsonLines()
    {
        const auto got = readAccounts(file("{\"account_id\":12345678901234567890,\"name\":\"A\",\"mrr\":100}\n"
                                           "{\"id\":\"b\",\"revenue\":5,\"plan_tier\":\"pro\",\"region\":\"EU\"}\n"
                                           "nonsense\n"
                                           "{\"name\":\"no id\"}\n"));
        explain(got);
        QCOMPARE(got->rows.size(), 2u);
        QVERIFY(got->rows[0] == (Account{"12345678901234567890", "A", "", 1200, ""}));
        QVERIFY(got->rows[1] == (Account{"b", "", "pro", 5, "EU"}));
        QCOMPARE(got->rejects.size(), 2u);
        QVERIFY(q(got->rejects[0].place).startsWith(QStringLiteral("context: line 3, byte ")));
    }

    void tickets()
    {
        const auto got = readTickets(file(
            "{\"id\":\"APP-1\",\"title\":\"Crash\",\"body\":\"It\\ncrashes\",\"status\":\"Done\",\"component\":"
            "\"upload\",\"created\":\"2024-01-05T10:00:00Z\",\"resolved\":\"2024-02-01\",\"fix_version\":\"9.2\"}\n"
            "{\"id\":\"APP-2\",\"title\":\"T\",\"created\":null,\"component\":[\"a\",\"b\"]}\n"
            "{\"id\":\"APP-3\"}\n"));
        explain(got);
        QCOMPARE(got->rows.size(), 2u);
        QVERIFY(got->rows[0]
                == (KnownTicket{"APP-1", "Crash", "It\ncrashes", "Done", "upload", at("2024-01-05T10:00:00Z"),
                                at("2024-02-01"), "9.2"}));
        QCOMPARE(q(got->rows[1].component), QStringLiteral("a\nb"));
        QVERIFY(!got->rows[1].created);
        QCOMPARE(got->rejects.size(), 1u);
    }

    void ticketsAsJiraExportsThem()
    {
        const auto got = readTickets(
            file("Issue key,Summary,Description,Status,Created,Resolved,Fix Version/s,Fix Version/s,Component/s\n"
                 "APP-1,Crash,,Open,04/13/2024 10:00,05/01/2024 11:30,,9.2,upload\n"));
        explain(got);
        QCOMPARE(got->rows.size(), 1u);
        QVERIFY(got->rows[0]
                == (KnownTicket{"APP-1", "Crash", "", "Open", "upload", at("2024-04-13T10:00:00Z"), {}, "9.2"}));
    }

    void releases()
    {
        const auto got =
            readReleases(file("[{\"version\":\"9.2\",\"date\":\"2024-01-05\",\"notes\":[\"Fixes\",\"More\"]},\n"
                              " {\"tag_name\":\"x\",\"version\":\"9.3\"}, {\"notes\":\"none\"}, 7]"));
        explain(got);
        QCOMPARE(got->rows.size(), 2u);
        QVERIFY(got->rows[0] == (Release{"9.2", at("2024-01-05"), "Fixes\nMore"}));
        QVERIFY(got->rows[1] == (Release{"9.3", {}, ""}));
        QCOMPARE(got->rejects.size(), 2u);
        QCOMPARE(q(got->rejects[1].place).left(15), QStringLiteral("context: item 4"));
    }

    void signalsOnePointARow()
    {
        const auto got = readSignals(file("metric,time,value\ncrashes,2024-01-05T00:00:00Z,12\ncrashes,soon,1\ncrashes,"
                                          "2024-01-06T00:00:00Z,many\n,2024-01-06T00:00:00Z,1\n"));
        explain(got);
        QCOMPARE(got->rows.size(), 1u);
        QVERIFY(got->rows[0] == (SignalPoint{"crashes", *at("2024-01-05"), 12}));
        QCOMPARE(got->rejects.size(), 3u);
    }

    void signalsOneColumnASeries()
    {
        const auto got = readSignals(file("Date,crashes,refunds\n2024-01-05,12,3.5\n2024-01-06,,4\n2024-01-07,x,1\n"));
        explain(got);
        QCOMPARE(got->rows.size(), 3u);
        QVERIFY(got->rows[1] == (SignalPoint{"refunds", *at("2024-01-05"), 3.5}));
        QVERIFY(got->rows[2] == (SignalPoint{"refunds", *at("2024-01-06"), 4}));
        QCOMPARE(got->rejects.size(), 1u);
        QCOMPARE(q(got->rejects[0].reason), QStringLiteral("/crashes: not a number"));
    }

    void aFileOfSomethingElseIsRefused()
    {
        const auto got = readAccounts(file("colour,size\nred,1\n"));
        QVERIFY(!got);
        QVERIFY(got.error().code == ErrorCode::InvalidInput);
        QVERIFY(q(got.error().detail).contains(QStringLiteral("'colour', 'size'")));
        QVERIFY(readReleases(m_folder.filePath(QStringLiteral("none")).toStdString()).error().code
                == ErrorCode::NotFound);
    }

    void aStopIsHeard()
    {
        std::stop_source source;
        source.request_stop();
        QVERIFY(readAccounts(file("id\n1\n"), source.get_token()).error().code == ErrorCode::Cancelled);
    }
};

QTEST_GUILESS_MAIN(TestContext)
#include "tst_context.moc"
