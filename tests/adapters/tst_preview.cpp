#include <QtTest>

#include <fstream>

#include "core/adapters/files/preview.h"
#include "core/adapters/sqlite/importjob.h"
#include "tests/fakes/workspacekit.h"
#include "tests/fakes/zipfile.h"

using namespace winnow;
using namespace winnow::test;

namespace
{

class StillClock : public Clock
{
public:
    TimePoint now() const override { return TimePoint(std::chrono::hours(24 * 365 * 54)); }
    bool waitUntil(TimePoint, std::stop_token stop) override { return !stop.stop_requested(); }
};

ImportOptions pasted(const std::string &text)
{
    ImportOptions options;
    options.pasted = std::make_shared<std::string>(text);
    return options;
}

ImportPreview preview(const std::string &text)
{
    return must(previewFile("pasted", pasted(text), {}));
}

}

class TestPreview : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void showsWhatATableLooksLike()
    {
        const auto seen =
            preview("\xef\xbb\xbfTicket;Kommentar;Bewertung;Farbe\n7;gr\xc3\xbc\xc3\x9f;4,5;rot\n8;;;blau\n");
        QCOMPARE(q(seen.format), QStringLiteral("csv"));
        QCOMPARE(q(seen.encoding), QStringLiteral("utf-8"));
        QCOMPARE(q(seen.delimiter), QStringLiteral(";"));
        QVERIFY(seen.header);
        QCOMPARE(seen.columns.size(), 4u);
        QCOMPARE(q(seen.columns[1].field), QStringLiteral("body"));
        QCOMPARE(q(seen.columns[2].field), QStringLiteral("rating"));
        QVERIFY(seen.columns[3].field.empty());
        QCOMPARE(seen.rows.size(), 2u);
        QCOMPARE(q(seen.rows[0][1]), QStringLiteral("grüß"));
        QCOMPARE(seen.records.size(), 2u);
        QCOMPARE(seen.records[0].rating, std::optional<double>(4.5));
        QVERIFY(seen.layout.empty());
    }

    void theMappingItFindsReadsTheSame()
    {
        const std::string text = "Export of today\n\nNr,Kommentar,Datum\n1,one,13.01.2024\n2,two,01.02.2024\n";
        const auto seen = preview(text);
        QCOMPARE(seen.headerRow, 2);
        QVERIFY(seen.dateQuestions.empty());
        QCOMPARE(seen.dateOrders.size(), 1u);
        QCOMPARE(q(seen.dateOrders[0].second), QStringLiteral("DMY"));
        ImportOptions again = pasted(text);
        again.mapping = must(mappingFromJson(mappingJson(seen.mapping), "saved"));
        QVERIFY(*again.mapping == seen.mapping);
        const auto same = must(previewFile("pasted", again, {}));
        QCOMPARE(same.records.size(), seen.records.size());
        for (std::size_t i = 0; i < same.records.size(); ++i)
            QVERIFY(same.records[i] == seen.records[i]);
    }

    void datesThatNobodyCanTellAreAsked()
    {
        const auto seen = preview("id,body,date\n1,one,01/02/2024\n2,two,03/04/2024\n");
        QCOMPARE(seen.dateQuestions.size(), 1u);
        const auto &question = seen.dateQuestions[0];
        QCOMPARE(q(question.column), QStringLiteral("date"));
        QCOMPARE(q(question.field), QStringLiteral("created_at"));
        QCOMPARE(q(question.example), QStringLiteral("01/02/2024"));
        QCOMPARE(question.choices.size(), 2u);
        QCOMPARE(q(question.choices[0].order + ' ' + question.choices[0].reading), QStringLiteral("DMY 2024-02-01"));
        QCOMPARE(q(question.choices[1].order + ' ' + question.choices[1].reading), QStringLiteral("MDY 2024-01-02"));
        ImportOptions options = pasted("id,body,date\n1,one,01/02/2024\n");
        options.mapping = seen.mapping;
        options.mapping->dateOrder = "MDY";
        const auto answered = must(previewFile("pasted", options, {}));
        QVERIFY(answered.dateQuestions.empty());
        QCOMPARE(q(formatTime(answered.records[0].createdAt.value())), QStringLiteral("2024-01-02T00:00:00.000Z"));
    }

    void columnsNobodyKnowsAreShownToBeNamed()
    {
        const auto seen = preview("colour,words\nred,it hangs\n");
        QCOMPARE(seen.columns.size(), 2u);
        QVERIFY(seen.columns[0].field.empty() && seen.columns[1].field.empty());
        ImportOptions options = pasted("colour,words\nred,it hangs\n");
        options.mapping = seen.mapping;
        options.mapping->columns["body"] = std::string("words");
        QCOMPARE(q(must(previewFile("pasted", options, {})).records.at(0).body), QStringLiteral("it hangs"));
        options.mapping->columns["body"] = std::string("none");
        const auto wrong = previewFile("pasted", options, {});
        QVERIFY(!wrong && q(wrong.error().detail).contains(QStringLiteral("/mapping/body: no column 'none'")));
    }

    void knownExportsAreRecognised()
    {
        const auto seen = preview("#,What?,Submit Date (UTC),Network ID\n1,slow,2024-01-05 10:00:00,x\n");
        QCOMPARE(q(seen.layout), QStringLiteral("typeform_csv"));
    }

    void firstRejectsAreShownWithTheirPlace()
    {
        const auto seen = preview("{\"body\":\"a\",\"n\":[1,2]}\n{bad\n{\"body\":\"b\",\"m\":true}\n");
        QCOMPARE(q(seen.format), QStringLiteral("jsonl"));
        QCOMPARE(seen.records.size(), 2u);
        QCOMPARE(seen.rejects.size(), 1u);
        QVERIFY(q(seen.rejects[0].place).contains(QStringLiteral("line 2")));
        QCOMPARE(seen.columns.size(), 3u);
        QCOMPARE(q(seen.columns[0].field), QStringLiteral("body"));
        QCOMPARE(q(seen.rows[1][2]), QStringLiteral("true"));
    }

    void workbooksAndArchivesAreShownToo()
    {
        const QTemporaryDir folder;
        const auto write = [&](const char *name, const std::string &bytes) {
            const std::string path = folder.filePath(QString::fromLatin1(name)).toStdString();
            std::ofstream(path, std::ios::binary).write(bytes.data(), std::streamsize(bytes.size()));
            return path;
        };
        using namespace fakes;
        const std::string rows = inlineRow({"body", "x"}) + inlineRow({"fine", "y"});
        const auto book = must(previewFile(
            write("b.xlsx", zipped(membersOf({{{"One", rows}, {"Two", ""}}, {}, {}, {}, false, {}, {}}))), {}, {}));
        QCOMPARE(q(book.format), QStringLiteral("xlsx"));
        QCOMPARE(book.sheets, (std::vector<std::string>{"One", "Two"}));
        QCOMPARE(q(book.mapping.sheet), QStringLiteral("One"));
        QCOMPARE(q(book.rows.at(0).at(1)), QStringLiteral("y"));
        const auto archive = must(previewFile(write("a.zip", zipped({{"a.csv", "body\none\n"}})), {}, {}));
        QCOMPARE(q(archive.format), QStringLiteral("zip"));
        QCOMPARE(archive.records.size(), 1u);
    }

    void whatWasPastedIsImportedTheSameWay()
    {
        World world("pasted");
        StillClock clock;
        sqlite::WorkspaceImporter importer(*world.workspace, clock);
        ImportRequest request;
        request.path = "clipboard";
        request.pasted = std::make_shared<std::string>("id\tbody\n1\t\"one\ntwo\"\n2\tthree\n");
        double done = -1;
        const auto seen = must(importer.preview(request, {}));
        QCOMPARE(seen.records.size(), 2u);
        const auto first = must(importer.import(request, [&](const ImportProgress &p) { done = p.done; }, {}));
        QCOMPARE(first.fresh, 2u);
        QCOMPARE(q(first.format), QStringLiteral("tsv"));
        const auto again = must(importer.import(request, {}, {}));
        QCOMPARE(again.unchanged, 2u);
        QCOMPARE(again.fresh, 0u);
        const std::string file = world.home() + "/map.json";
        must(importer.saveMapping(file, seen.mapping));
        QVERIFY(must(importer.loadMapping(file)) == seen.mapping);
        QVERIFY(done <= 1);
    }
};

QTEST_GUILESS_MAIN(TestPreview)
#include "tst_preview.moc"
