#include <QtTest>

#include <QTemporaryDir>

#include <fstream>

#include "core/adapters/files/importfile.h"
#include "core/adapters/files/workbook.h"
#include "tests/fakes/zipfile.h"

using namespace winnow;
using namespace winnow::fakes;

namespace
{

QString q(std::string_view text)
{
    return QString::fromUtf8(text.data(), qsizetype(text.size()));
}

struct Imported {
    std::vector<Record> records;
    std::vector<Reject> rejects;
    ImportSummary summary;
    std::optional<Error> error;
};

Imported importBytes(std::string_view bytes, const ImportOptions &options = {}, const std::string &name = "file")
{
    const QTemporaryDir folder;
    const std::string path = folder.filePath(q(name)).toStdString();
    std::ofstream(path, std::ios::binary).write(bytes.data(), std::streamsize(bytes.size()));
    Imported got;
    auto summary = importFile(path, options,
                              [&](ImportBatch &&batch) -> Result<> {
                                  for (Record &record : batch.records)
                                      got.records.push_back(std::move(record));
                                  for (Reject &reject : batch.rejects)
                                      got.rejects.push_back(std::move(reject));
                                  return {};
                              },
                              {});
    if (summary)
        got.summary = std::move(*summary);
    else
        got.error = summary.error();
    return got;
}

Imported importBook(const Book &book, const ImportOptions &options = {})
{
    return importBytes(zipped(membersOf(book)), options, "book.xlsx");
}

/// JSON with single quotes.
std::string json(std::string text)
{
    std::replace(text.begin(), text.end(), '\'', '"');
    return text;
}

std::string when(const std::optional<TimePoint> &time)
{
    return time ? formatTime(*time) : "null";
}

}

class TestWorkbooks : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void readsSharedInlineAndRichTextsAndDatesByTheirStyle()
    {
        Book book;
        book.shared = "<si><t>Id</t></si><si><t>Rating</t></si><si><t>Review</t></si><si><t>Date</t></si>"
                      "<si><r><t>It </t></r><r><rPr><b/></rPr><t>crashes</t></r><r><t xml:space=\"preserve\"> </t></r>"
                      "<r><t>a lot</t></r><rPh sb=\"0\" eb=\"2\"><t>said so</t></rPh></si>";
        book.formats = "<numFmt numFmtId=\"164\" formatCode=\"yyyy\\-mm\\-dd\\ hh:mm\"/>"
                       "<numFmt numFmtId=\"165\" formatCode=\"[Red]0.00&quot; days&quot;\"/>";
        book.cellStyles = "<xf numFmtId=\"0\"/><xf numFmtId=\"14\"/><xf numFmtId=\"164\"/><xf numFmtId=\"165\"/>";
        book.sheets = {{"Reviews",
                        "<row r=\"1\"><c r=\"A1\" t=\"s\"><v>0</v></c><c r=\"B1\" t=\"s\"><v>1</v></c><c r=\"C1\" "
                        "t=\"s\"><v>2</v></c><c r=\"D1\" t=\"s\"><v>3</v></c></row>"
                        "<row r=\"2\"><c r=\"A2\"><v>12345678901234567890</v></c><c r=\"B2\" s=\"3\"><v>4</v></c>"
                        "<c r=\"C2\" t=\"s\"><v>4</v></c><c r=\"D2\" s=\"1\"><v>45296</v></c></row>"
                        "<row r=\"5\"><c r=\"A5\" t=\"str\"><f>A1</f><v>r2</v></c><c r=\"C5\" "
                        "t=\"inlineStr\"><is><t>Slow_x000D__x005F_x0041_ &amp; heavy</t></is></c>"
                        "<c r=\"D5\" s=\"2\"><v>45296.4375</v></c></row>"
                        "<row r=\"6\"><c r=\"B6\" t=\"e\"><v>#N/A</v></c></row>"}};
        const auto got = importBook(book);
        QVERIFY2(!got.error, got.error ? got.error->detail.c_str() : "");
        QCOMPARE(q(got.summary.format), QStringLiteral("xlsx"));
        QCOMPARE(got.records.size(), 2u);
        QCOMPARE(q(got.records[0].sourceRecordId), QStringLiteral("12345678901234567890"));
        QCOMPARE(got.records[0].rating, std::optional<double>(4));
        QCOMPARE(q(got.records[0].body), QStringLiteral("It crashes a lot"));
        QCOMPARE(q(when(got.records[0].createdAt)), QStringLiteral("2024-01-05T00:00:00.000Z"));
        QVERIFY(got.records[0].has(RecordFlag::DateOnly));
        QCOMPARE(q(got.records[1].body), QStringLiteral("Slow\n_x0041_ & heavy"));
        QCOMPARE(q(when(got.records[1].createdAt)), QStringLiteral("2024-01-05T10:30:00.000Z"));
        QVERIFY(!got.records[1].rating);
        QVERIFY(q(got.records[1].origin).contains(QStringLiteral("\"row\":5,\"sheet\":\"Reviews\"")));
        QCOMPARE(q(got.records[1].rawPayload),
                 QStringLiteral("[[\"Id\",\"r2\"],[\"Rating\",\"\"],[\"Review\",\"Slow\\r_x0041_ & heavy\"],[\"Date\","
                                "\"2024-01-05T10:30:00\"]]"));
    }

    void daysAreCountedFromEitherBeginning()
    {
        using files::NumberStyle;
        QCOMPARE(q(files::textOfSerial(0, NumberStyle::Date, false)), QStringLiteral("1899-12-30"));
        QCOMPARE(q(files::textOfSerial(61, NumberStyle::Date, false)), QStringLiteral("1900-03-01"));
        QCOMPARE(q(files::textOfSerial(0, NumberStyle::Date, true)), QStringLiteral("1904-01-01"));
        QCOMPARE(q(files::textOfSerial(45296.999999, NumberStyle::DateTime, false)),
                 QStringLiteral("2024-01-05T23:59:59.914"));
        QCOMPARE(q(files::textOfSerial(0.5, NumberStyle::Time, false)), QStringLiteral("12:00:00"));
        QVERIFY(files::textOfSerial(-1, NumberStyle::Date, false).empty());
        QVERIFY(files::textOfSerial(3e6, NumberStyle::Date, false).empty());
        Book book;
        book.from1904 = true;
        book.cellStyles = "<xf numFmtId=\"22\"/>";
        book.sheets = {{"S",
                        inlineRow({"body", "date"})
                            + "<row><c t=\"inlineStr\"><is><t>x</t></is></c><c s=\"0\"><v>43834.25</v></c></row>"}};
        const auto got = importBook(book);
        QCOMPARE(got.records.size(), 1u);
        QCOMPARE(q(when(got.records[0].createdAt)), QStringLiteral("2024-01-05T06:00:00.000Z"));
    }

    void numberFormatsTellDates_data()
    {
        QTest::addColumn<QString>("format");
        QTest::addColumn<int>("style");
        const auto row = [](const char *format, files::NumberStyle style) {
            QTest::newRow(format) << QString::fromLatin1(format) << int(style);
        };
        using enum files::NumberStyle;
        row("General", Plain);
        row("0.00", Plain);
        row("#,##0 \"days\"", Plain);
        row("[Red]0", Plain);
        row("[h]:mm:ss", Plain);
        row("0\\d", Plain);
        row("dd/mm/yyyy", Date);
        row("[$-409]d-mmm-yy;@", Date);
        row("yyyy-mm-dd hh:mm:ss", DateTime);
        row("h:mm AM/PM", Time);
        row("mmmm", Date);
    }
    void numberFormatsTellDates()
    {
        QFETCH(QString, format);
        QFETCH(int, style);
        QCOMPARE(int(files::styleOfFormat(format.toStdString())), style);
    }

    void sheetsWithTheSameHeaderGoOn()
    {
        Book book;
        book.sheets = {{"About", inlineRow({"This is the export of"})},
                       {"2023", inlineRow({"Id", "Review", "Rating"}) + inlineRow({"a", "one", "5"})},
                       {"2024", inlineRow({"Id", "Review", "Rating"}) + inlineRow({"b", "two", "4"})},
                       {"Old", inlineRow({"Id", "Review", "Rating"}) + inlineRow({"c", "three", "3"})}};
        book.hidden = "Old";
        const auto got = importBook(book);
        QCOMPARE(got.records.size(), 2u);
        QCOMPARE(got.summary.sheets, (std::vector<std::string>{"2023", "2024"}));
        QCOMPARE(got.summary.otherSheets, (std::vector<std::string>{"About", "Old"}));

        ImportOptions options;
        options.mapping = ImportMapping();
        options.mapping->source = "generic";
        options.mapping->columns = {{"body", std::string("Review")}};
        options.mapping->sheet = "Old";
        const auto old = importBook(book, options);
        QCOMPARE(old.records.size(), 1u);
        QCOMPARE(q(old.records[0].body), QStringLiteral("three"));
        options.mapping->sheet = "None";
        const auto none = importBook(book, options);
        QVERIFY(none.error);
        QVERIFY2(q(none.error->detail).contains(QStringLiteral("/sheet: no sheet 'None'; sheets are 'About', '2023'")),
                 none.error->detail.c_str());
    }

    void titlesMayStandAboveTheHeader()
    {
        Book book;
        book.sheets = {{"S",
                        inlineRow({"Customer feedback, January"}) + "<row></row>" + inlineRow({"Rating", "Comment"})
                            + inlineRow({"4", "fine"})}};
        const auto got = importBook(book);
        QCOMPARE(got.records.size(), 1u);
        QCOMPARE(q(got.records[0].body), QStringLiteral("fine"));
        const auto table = importBytes("Customer feedback\n\nRating,Comment\n4,fine\n");
        QCOMPARE(table.records.size(), 1u);
        QCOMPARE(q(table.records[0].body), QStringLiteral("fine"));
    }

    void namesOfElementsMayHavePrefixes()
    {
        Book book;
        book.prefix = "x:";
        book.sheets = {{"S",
                        "<x:row><x:c t=\"inlineStr\"><x:is><x:t>body</x:t></x:is></x:c></x:row><x:row><x:c "
                        "t=\"inlineStr\"><x:is><x:t>hello</x:t></x:is></x:c></x:row>"}};
        const auto got = importBook(book);
        QVERIFY2(!got.error, got.error ? got.error->detail.c_str() : "");
        QCOMPARE(got.records.size(), 1u);
        QCOMPARE(q(got.records[0].body), QStringLiteral("hello"));
    }

    void bordersOfChunksDoNotShow()
    {
        // Every tag of some row falls onto a border between two chunks of 256 KiB.
        Book book;
        std::string sheet = inlineRow({"id", "body"});
        book.shared = "<si><t>none</t></si>";
        constexpr int kRows = 20'000;
        for (int i = 0; i < kRows; ++i) {
            const std::string word(std::size_t(i % 37), char('a' + i % 26));
            book.shared += "<si><!-- " + word + " --><t>" + word + "x" + std::to_string(i) + "</t></si>";
            sheet +=
                "<row><c><v>" + std::to_string(i) + "</v></c><c t=\"s\"><v>" + std::to_string(i + 1) + "</v></c></row>";
        }
        book.sheets = {{"S", sheet}};
        const auto got = importBook(book);
        QVERIFY2(!got.error, got.error ? got.error->detail.c_str() : "");
        QCOMPARE(got.records.size(), std::size_t(kRows));
        for (int i = 0; i < kRows; ++i)
            QCOMPARE(q(got.records[std::size_t(i)].body),
                     q(std::string(std::size_t(i % 37), char('a' + i % 26)) + "x" + std::to_string(i)));
    }

    void whatIsWrongStoresNothing_data()
    {
        QTest::addColumn<QByteArray>("bytes");
        QTest::addColumn<QString>("says");
        const auto row = [](const char *name, const std::string &bytes, const char *says) {
            QTest::newRow(name) << QByteArray(bytes.data(), qsizetype(bytes.size())) << QString::fromLatin1(says);
        };
        const std::string rows = inlineRow({"body"}) + inlineRow({"fine"});
        Book book;
        book.sheets = {{"S", rows + "<row><c t=\"s\"><v>7</v></c></row>"}};
        row("a shared text that is not there", zipped(membersOf(book)), "no text number '7'");
        book.sheets = {{"S", rows + "<row><c r=\"ZZZZ9\"><v>7</v></c></row>"}};
        row("a cell beyond the last column", zipped(membersOf(book)), "a cell at 'ZZZZ9'");
        book.sheets = {{"S", rows + "<row><c><v>7</c></v></row>"}};
        row("tags that do not match", zipped(membersOf(book)), "behind row 2");
        book.sheets = {{"S", rows + "<row><c>"}};
        row("an end without a beginning", zipped(membersOf(book)), "behind row");
        book.sheets = {{"S", rows}};
        auto members = membersOf(book);
        members[1].text = members[1].text.substr(0, members[1].text.size() - 30);
        row("a sheet that breaks off", zipped(members), "breaks off");
        members = membersOf(book);
        members[1].text.insert(members[1].text.find('\n') + 1, "<!DOCTYPE x [<!ENTITY a \"aaaa\">]>");
        row("a document type", zipped(members), "document type declaration");
        members = membersOf(book);
        members[1].wrongChecksum = true;
        row("a wrong checksum", zipped(members), "CRC");
        members = membersOf(book);
        members.erase(members.begin() + 1);
        row("a sheet that is not there", zipped(members), "is missing");
        members = membersOf(book);
        members[1].encrypted = true;
        row("encrypted", zipped(members), "");
        book.sheets = {{"S", rows + "<row>" + [] {
                            std::string deep;
                            for (int i = 0; i < 300; ++i)
                                deep += "<c>";
                            for (int i = 0; i < 300; ++i)
                                deep += "</c>";
                            return deep;
                        }() + "</row>"}};
        row("nested too deep", zipped(membersOf(book)), "nested deeper than 256 levels");
        std::string file = zipped(membersOf({{{"S", rows}}, {}, {}, {}, false, {}, {}}));
        row("cut off", file.substr(0, file.size() / 2), "archive cannot be read");
    }
    void whatIsWrongStoresNothing()
    {
        QFETCH(QByteArray, bytes);
        QFETCH(QString, says);
        const auto got = importBytes({bytes.data(), std::size_t(bytes.size())}, {}, "book.xlsx");
        QVERIFY(got.error);
        QVERIFY2(q(got.error->detail).contains(says), got.error->detail.c_str());
        QVERIFY(got.records.empty() || got.error->code == ErrorCode::Corrupt
                || got.error->code == ErrorCode::InvalidInput);
    }

    void archivesOfFilesAreReadMemberByMember()
    {
        const auto got = importBytes(zipped({{"a/reviews.csv", "id,body\n1,one\n2,two\n"},
                                             {"__MACOSX/a/._reviews.csv", "x"},
                                             {"b.jsonl.gz", gzipped("{\"id\":\"3\",\"body\":\"three\"}\n{bad\n")},
                                             {"../evil.csv", "id,body\n9,evil\n"},
                                             {"/abs.csv", "id,body\n9,evil\n"},
                                             {"photo.png", "\x89PNG\r\n\x1a\n...."},
                                             {"doc.json", "[{\"body\":\"cut"}}),
                                     {}, "all.zip");
        QVERIFY2(!got.error, got.error ? got.error->detail.c_str() : "");
        QCOMPARE(q(got.summary.format), QStringLiteral("zip"));
        QCOMPARE(got.records.size(), 3u);
        QVERIFY(q(got.records[0].origin).contains(QStringLiteral("\"file\":\"all.zip/a/reviews.csv\"")));
        QCOMPARE(got.summary.rejects, 5u);
        QCOMPARE(got.rejects.size(), 5u);
        QCOMPARE(q(got.rejects[1].place), QStringLiteral("all.zip: ../evil.csv"));
        QCOMPARE(q(got.rejects[1].raw), QStringLiteral("id,body\n9,evil\n"));
        QVERIFY(q(got.rejects[3].reason).contains(QStringLiteral("image")));
        QVERIFY(q(got.rejects[4].reason).contains(QStringLiteral("breaks off")));
    }

    void archivesThatGrowTooMuchAreRefused()
    {
        const std::string zeros(3 << 20, 'a');
        const auto ratio = importBytes(zipped({{"a.csv", "body\n" + zeros}}));
        QVERIFY(ratio.error);
        QVERIFY2(q(ratio.error->detail).contains(QStringLiteral("200 times")), ratio.error->detail.c_str());
        // The directory lies about the size: it is seen while unpacking.
        const auto lie = importBytes(zipped({{"a.csv", "body\n" + zeros, false, 100, false}}));
        QVERIFY(lie.error);
        QVERIFY(lie.records.empty());
        ImportLimits limits;
        limits.unpackedBytes = 1 << 20;
        limits.ratio = 1'000'000;
        ImportOptions options;
        options.limits = limits;
        const auto size = importBytes(zipped({{"a.csv", "body\n" + zeros}}), options);
        QVERIFY(size.error);
        QVERIFY2(q(size.error->detail).contains(QStringLiteral("1 MiB")), size.error->detail.c_str());
        // Packed once more inside: what comes out counts.
        const auto nested = importBytes(zipped({{"a.csv.gz", gzipped("body\n" + zeros)}}));
        QVERIFY(nested.error);
        QVERIFY(nested.records.empty());
    }

    void slacksExportsGiveWhatPeopleWrote()
    {
        const std::string users = json("[{'id':'U1','name':'ann','profile':{'display_name':'Ann','real_name':'Ann "
                                       "Lee'}},{'id':'U2','is_bot':true,'profile':{'real_name':'Bot'}},{'id':'U3','"
                                       "profile':{'display_name':'','real_name':'Bo Kim'}}]");
        const std::string day =
            json("[{'type':'message','user':'U1','text':'App <@U3> crashes &amp; burns, see "
                 "<https://x.example/?a=1&amp;b=2|the log> in <#C1|general> "
                 "<!here>','ts':'1704448800.000200','thread_ts':'1704448800.000200'},"
                 "{'type':'message','user':'U2','text':'I am a bot','ts':'1704448801.000200'},"
                 "{'type':'message','subtype':'bot_message','bot_id':'B1','text':'me too','ts':'1704448802.000200'},"
                 "{'type':'message','subtype':'channel_join','user':'U3','text':'<@U3> has "
                 "joined','ts':'1704448803.000200'},"
                 "{'type':'message','user':'U3','text':'It &lt;b&gt; still "
                 "does','ts':'1704448804.123456','thread_ts':'1704448800.000200','edited':{'user':'U3','ts':'"
                 "1704448900.000000'}},"
                 "{'type':'message','user':'U1','text':'','ts':'1704448805.000200','files':[{}]},"
                 "{'type':'message','user':'U1','text':'no time'}]");
        const auto got =
            importBytes(zipped({{"channels.json", json("[{'id':'C1','name':'general'},{'id':'C2','name':'empty'}]")},
                                {"dms.json", json("[{'id':'D1'}]")},
                                {"users.json", users},
                                {"general/2024-01-05.json", day},
                                {"D1/2024-01-05.json", day}}),
                        {}, "slack.zip");
        QVERIFY2(!got.error, got.error ? got.error->detail.c_str() : "");
        QCOMPARE(q(got.summary.format), QStringLiteral("slack"));
        QCOMPARE(got.records.size(), 2u);
        const Record &first = got.records[0], &second = got.records[1];
        QCOMPARE(q(first.source), QStringLiteral("slack"));
        QCOMPARE(q(first.channel), QStringLiteral("chat_message"));
        QCOMPARE(q(first.sourceRecordId), QStringLiteral("C1:1704448800.000200"));
        QCOMPARE(q(first.threadId), QStringLiteral("C1:1704448800.000200"));
        QCOMPARE(q(first.body), QStringLiteral("App @Bo Kim crashes & burns, see the log in #general @here"));
        QCOMPARE(q(first.region), QStringLiteral("#general"));
        QCOMPARE(q(first.authorName), QStringLiteral("Ann"));
        QCOMPARE(q(when(first.createdAt)), QStringLiteral("2024-01-05T10:00:00.000Z"));
        QVERIFY(q(first.rawPayload).contains(QStringLiteral("\"ts\":\"1704448800.000200\"")));
        QCOMPARE(q(second.body), QStringLiteral("It <b> still does"));
        QCOMPARE(q(second.authorName), QStringLiteral("Bo Kim"));
        QCOMPARE(q(when(second.createdAt)), QStringLiteral("2024-01-05T10:00:04.123Z"));
        QCOMPARE(q(when(second.updatedAt)), QStringLiteral("2024-01-05T10:01:40.000Z"));
        QCOMPARE(got.rejects.size(), 1u);
        QVERIFY(q(got.rejects[0].reason).contains(QStringLiteral("/ts")));
        QVERIFY(q(got.rejects[0].raw).contains(QStringLiteral("no time")));
    }
};

QTEST_GUILESS_MAIN(TestWorkbooks)
#include "tst_workbooks.moc"
