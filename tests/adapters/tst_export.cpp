#include <QtTest>

#include <nlohmann/json.hpp>
#include <rapidcheck.h>

#include "core/adapters/files/celltext.h"
#include "core/adapters/files/csvscan.h"
#include "core/adapters/files/export.h"

using namespace winnow;

namespace
{

QByteArray b(const std::string &text)
{
    return QByteArray::fromStdString(text);
}

}

class TestExport : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void cellsAreSafeToOpen_data()
    {
        QTest::addColumn<QByteArray>("text");
        QTest::addColumn<QByteArray>("csv");
        QTest::addColumn<QByteArray>("markdown");
        const auto row = [](const char *text, const char *csv, const char *markdown) {
            QTest::addRow("%s", QByteArray(text).toPercentEncoding().constData())
                << QByteArray(text) << QByteArray(csv) << QByteArray(markdown);
        };
        row("plain", "plain", "plain");
        row("=1+1", "'=1+1", "=1\\+1");
        row("+1", "'+1", "\\+1");
        row("-1", "'-1", "\\-1");
        row("@SUM(A1)", "'@SUM(A1)", "\\@SUM\\(A1\\)");
        row("\t=1", "\"'\t=1\"", " =1");
        row("\r=1", "\"'\r=1\"", "=1");
        row("=cmd|'/c calc'!A1,\"x\"", "\"'=cmd|'/c calc'!A1,\"\"x\"\"\"", "=cmd\\|'/c calc'\\!A1,\"x\"");
        row("a=b", "a=b", "a=b");
        row(" =1", "\" =1\"", " =1");
        row("a,b", "\"a,b\"", "a,b");
        row("a\nb", "\"a\nb\"", "a<br>b");
        row("say \"hi\"", "\"say \"\"hi\"\"\"", "say \"hi\"");
        row("a|b", "a|b", "a\\|b");
        row("<script>x</script>", "<script>x</script>", "&lt;script\\>x&lt;/script\\>");
        row("[x](http://y)", "[x](http://y)", "\\[x\\]\\(http\\://y\\)");
        row("`a` *b* _c_ # d", "`a` *b* _c_ # d", "\\`a\\` \\*b\\* \\_c\\_ \\# d");
        row("a&lt;", "a&lt;", "a&amp;lt;");
        row("a\xff", "a\xef\xbf\xbd", "a\xef\xbf\xbd");
        row("", "", "");
    }
    void cellsAreSafeToOpen()
    {
        QFETCH(QByteArray, text);
        QFETCH(QByteArray, csv);
        QFETCH(QByteArray, markdown);
        const ExportCell cells[] = {std::int64_t(1), text.toStdString()};
        QCOMPARE(b(TableWriter(ExportFormat::Csv, {"n", "t"}).row(cells)), "1," + csv + "\n");
        QCOMPARE(b(TableWriter(ExportFormat::Markdown, {"n", "t"}).row(cells)), "| 1 | " + markdown + " |\n");
    }

    void numbersKeepTheirSign()
    {
        const ExportCell cells[] = {-1.5, std::int64_t(-3), true, std::monostate(), std::nan("")};
        const std::vector<std::string> columns{"a", "b", "c", "d", "e"};
        QCOMPARE(b(TableWriter(ExportFormat::Csv, columns).row(cells)), QByteArray("-1.5,-3,true,,\n"));
        QCOMPARE(b(TableWriter(ExportFormat::JsonLines, columns).row(cells)),
                 QByteArray("{\"a\":-1.5,\"b\":-3,\"c\":true,\"d\":null,\"e\":null}\n"));
        QCOMPARE(b(TableWriter(ExportFormat::Markdown, columns).row(cells)),
                 QByteArray("| -1.5 | -3 | true |  |  |\n"));
    }

    void headsNameTheColumns()
    {
        const std::vector<std::string> columns{"", "a,b", "=c|d"};
        QCOMPARE(b(TableWriter(ExportFormat::Csv, columns).head()), QByteArray(",\"a,b\",'=c|d\n"));
        QCOMPARE(b(TableWriter(ExportFormat::Markdown, columns).head()),
                 QByteArray("|  | a,b | =c\\|d |\n| --- | --- | --- |\n"));
        QCOMPARE(b(TableWriter(ExportFormat::JsonLines, columns).head()), QByteArray());
    }

    void anEmptyRowIsStillARow()
    {
        const ExportCell cells[] = {std::monostate()};
        QCOMPARE(b(TableWriter(ExportFormat::Csv, {"a"}).row(cells)), QByteArray("\"\"\n"));
    }

    void whatIsWrittenIsReadBack()
    {
        QVERIFY(rc::check([] {
            const auto texts =
                *rc::gen::nonEmpty(rc::gen::container<std::vector<std::string>>(rc::gen::container<std::string>(
                    rc::gen::element('a', '=', '-', ',', '"', '\n', '\r', '\t', ' ', '\'', '|', '\\', '\xe9'))));
            std::vector<ExportCell> cells(texts.begin(), texts.end());
            std::vector<std::string> columns;
            for (std::size_t i = 0; i < texts.size(); ++i)
                columns.push_back("c" + std::to_string(i));

            const std::string csv = TableWriter(ExportFormat::Csv, columns).row(cells);
            files::CsvScanner scanner({});
            RC_ASSERT(int(scanner.next(csv, true)) == int(files::CsvScanner::State::Record));
            RC_ASSERT(scanner.consumed() == csv.size());
            RC_ASSERT(scanner.cells().size() == texts.size());
            const auto object = nlohmann::json::parse(TableWriter(ExportFormat::JsonLines, columns).row(cells));
            const std::string markdown = TableWriter(ExportFormat::Markdown, columns).row(cells);
            RC_ASSERT(std::count(markdown.begin(), markdown.end(), '\n') == 1);
            for (std::size_t i = 0; i < texts.size(); ++i) {
                std::string sound;
                files::replaceDamage(texts[i], sound);
                std::string_view cell = scanner.cells()[i].text;
                RC_ASSERT(cell.empty() || std::string_view("=+-@\t\r").find(cell.front()) == std::string_view::npos);
                if (!sound.empty() && std::string_view("=-\t\r").find(sound.front()) != std::string_view::npos) {
                    RC_ASSERT(cell.front() == '\'');
                    cell.remove_prefix(1);
                }
                RC_ASSERT(cell == sound);
                RC_ASSERT(object["c" + std::to_string(i)].get<std::string>() == sound);
            }
        }));
    }

    void formatsHaveNames()
    {
        QVERIFY(exportFormatFrom("csv") == ExportFormat::Csv);
        QVERIFY(exportFormatFrom("jsonl") == ExportFormat::JsonLines);
        QVERIFY(exportFormatFrom("md") == ExportFormat::Markdown);
        QVERIFY(!exportFormatFrom("xlsx"));
    }
};

QTEST_GUILESS_MAIN(TestExport)
#include "tst_export.moc"
