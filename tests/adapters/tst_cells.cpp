// What single cells, pieces of HTML and rows of text mean to the importer.

#include <QtTest>

#include <rapidcheck.h>

#include "core/adapters/files/authorkey.h"
#include "core/adapters/files/celltext.h"
#include "core/adapters/files/columnnames.h"
#include "core/adapters/files/csvscan.h"
#include "core/adapters/files/htmltext.h"
#include "core/adapters/files/seenrows.h"
#include "core/adapters/files/values.h"
#include "core/domain/record.h"

using namespace winnow;
using namespace winnow::files;

namespace
{

QByteArray b(std::string_view text)
{
    return {text.data(), qsizetype(text.size())};
}

/// All records of a text, cells joined by `|`, records by a line feed, with what the scanner said at the end.
QByteArray scanned(std::string_view text, Dialect dialect, CsvScanner::State *ending = nullptr)
{
    CsvScanner scanner(dialect);
    QByteArray all;
    for (;;) {
        const auto state = scanner.next(text, true);
        if (state == CsvScanner::State::Record) {
            for (std::size_t i = 0; i < scanner.cells().size(); ++i)
                all += (i ? "|" : "") + b(scanner.cells()[i].text);
            all += '\n';
        } else if (state != CsvScanner::State::Empty) {
            if (ending)
                *ending = state;
            return all;
        }
        text.remove_prefix(scanner.consumed());
    }
}

std::string quoted(const std::string &cell)
{
    std::string text = "\"";
    for (const char c : cell)
        text += c == '"' ? std::string("\"\"") : std::string(1, c);
    return text + "\"";
}

}

class TestCells : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void recordsAreReadLeniently_data()
    {
        QTest::addColumn<QByteArray>("text");
        QTest::addColumn<QByteArray>("records");
        const auto row = [](const char *text, const char *records) {
            QTest::addRow("%s", QByteArray(text).replace('\n', "\\n").replace('\r', "\\r").constData())
                << QByteArray(text) << QByteArray(records);
        };
        row("a,b\nc,d\n", "a|b\nc|d\n");
        row("a,b\r\nc,d", "a|b\nc|d\n");
        row("a,b\rc,d\r", "a|b\nc|d\n");
        row("a,b\n\n\r\n\nc,d", "a|b\nc|d\n");
        row("\"a,b\",c\n", "a,b|c\n");
        row("\"a\nb\",c\n", "a\nb|c\n");
        row("\"a\r\nb\",c\n", "a\r\nb|c\n");
        row("\"say \"\"hi\"\"\",c\n", "say \"hi\"|c\n");
        row("\"\"\"\",c\n", "\"|c\n");
        row("\"\",\"\"\n", "|\n");
        row(",\n", "|\n");
        row(",", "|\n");
        row("\"a\"b,c\n", "ab|c\n");
        row("\"a\" b\"c\",d\n", "a b\"c\"|d\n");
        row("\"a\"\"b\"c,d\n", "a\"bc|d\n");
        row("a\"b\",c\n", "a\"b\"|c\n");
        row(" \"a\",c\n", " \"a\"|c\n");
        row("5\" pipe,c\n", "5\" pipe|c\n");
        row("a,\"b\"\nc", "a|b\nc\n");
    }
    void recordsAreReadLeniently()
    {
        QFETCH(QByteArray, text);
        QFETCH(QByteArray, records);
        CsvScanner::State ending;
        QCOMPARE(scanned(text.toStdString(), {}, &ending), records);
        QCOMPARE(int(ending), int(CsvScanner::State::End));
    }

    void aMissingEndQuoteIsSeen()
    {
        CsvScanner::State ending;
        QCOMPARE(scanned("a,b\nc,\"d\ne,f\n", {}, &ending), QByteArray("a|b\n"));
        QCOMPARE(int(ending), int(CsvScanner::State::OpenQuote));
    }

    void withoutQuotingAQuoteIsACharacter()
    {
        QCOMPARE(scanned("\"a\tb\n5\" \"\"\tc\n", {'\t', false}), QByteArray("\"a|b\n5\" \"\"|c\n"));
    }

    void whatIsWrittenIsRead()
    {
        QVERIFY(rc::check([] {
            const auto character = rc::gen::element('a', ' ', ',', ';', '"', '\n', '\r', '\0', '\xc3');
            const auto table =
                *rc::gen::nonEmpty(rc::gen::container<std::vector<std::vector<std::string>>>(rc::gen::nonEmpty(
                    rc::gen::container<std::vector<std::string>>(rc::gen::container<std::string>(character)))));
            std::string text;
            QByteArray expected;
            for (const auto &record : table) {
                for (std::size_t i = 0; i < record.size(); ++i) {
                    text += (i ? "," : "") + quoted(record[i]);
                    expected += (i ? "|" : "") + b(record[i]);
                }
                text += "\r\n";
                expected += '\n';
            }
            RC_ASSERT(scanned(text, {}) == expected);
        }));
    }

    void aPieceOfTextNeverGivesAnotherRecord()
    {
        QVERIFY(rc::check([] {
            const auto text = *rc::gen::container<std::string>(rc::gen::element('a', ',', '"', '\n', '\r'));
            CsvScanner whole({}), part({});
            const auto all = whole.next(text, true);
            for (std::size_t cut = 0; cut < text.size(); ++cut) {
                const auto some = part.next(std::string_view(text).substr(0, cut), false);
                if (some == CsvScanner::State::NeedMore)
                    continue;
                RC_ASSERT(int(some) == int(all));
                RC_ASSERT(part.consumed() == whole.consumed());
                if (some == CsvScanner::State::Record) {
                    RC_ASSERT(part.cells().size() == whole.cells().size());
                    for (std::size_t i = 0; i < part.cells().size(); ++i)
                        RC_ASSERT(part.cells()[i].text == whole.cells()[i].text);
                }
            }
        }));
    }

    void delimitersAreFound_data()
    {
        QTest::addColumn<QByteArray>("text");
        QTest::addColumn<QByteArray>("delimiter");
        QTest::newRow("comma") << QByteArray("a,b\n1,2\n") << QByteArray(",");
        QTest::newRow("semicolon, decimal commas") << QByteArray("a;b;c\n1,5;x;y\n2,5;x;y, z\n") << QByteArray(";");
        QTest::newRow("tab") << QByteArray("a\tb\n1,2\t3\n4\t5,6\n") << QByteArray("\t");
        QTest::newRow("pipe") << QByteArray("a|b\n1|2\n") << QByteArray("|");
        QTest::newRow("delimiters in quotes do not count")
            << QByteArray("a;b\n\"x,y,z\";1\n\"x,y,z\";2\n\"x,y,z\";3\n") << QByteArray(";");
        QTest::newRow("uneven commas in words") << QByteArray("id;text\n1;a, b\n2;c\n3;d, e, f\n") << QByteArray(";");
        QTest::newRow("one column") << QByteArray("text\nhello\nworld\n") << QByteArray(",");
        QTest::newRow("nothing") << QByteArray() << QByteArray(",");
    }
    void delimitersAreFound()
    {
        QFETCH(QByteArray, text);
        QFETCH(QByteArray, delimiter);
        QCOMPARE(QByteArray(1, findDelimiter(text.toStdString(), true)), delimiter);
    }

    void aFirstLineMayNameTheDelimiter_data()
    {
        QTest::addColumn<QByteArray>("text");
        QTest::addColumn<int>("length");
        QTest::newRow("plain") << QByteArray("sep=;\r\na;b") << 7;
        QTest::newRow("quoted") << QByteArray("\"sep=;\"\na;b") << 8;
        QTest::newRow("no line end") << QByteArray("sep=;") << 5;
        QTest::newRow("a column") << QByteArray("sep=;,b\n") << 0;
        QTest::newRow("nothing behind") << QByteArray("sep=\na") << 0;
        QTest::newRow("another file") << QByteArray("a,b\n") << 0;
    }
    void aFirstLineMayNameTheDelimiter()
    {
        QFETCH(QByteArray, text);
        QFETCH(int, length);
        char delimiter = 0;
        QCOMPARE(int(separatorLine(text.toStdString(), delimiter)), length);
        QCOMPARE(delimiter, length ? ';' : '\0');
    }

    void ratingsAreRead_data()
    {
        QTest::addColumn<QByteArray>("text");
        QTest::addColumn<QByteArray>("scale");
        QTest::addColumn<QByteArray>("rating");
        const auto row = [](const char *text, const char *scale, const char *rating) {
            QTest::addRow("%s on %s", text, scale) << QByteArray(text) << QByteArray(scale) << QByteArray(rating);
        };
        row("4", "stars_1_5", "4");
        row(" 4.5 ", "stars_1_5", "4.5");
        row("4,5", "stars_1_5", "4.5");
        row("5 stars", "stars_1_5", "5");
        row("4 Sterne", "stars_1_5", "4");
        row("4/5", "stars_1_5", "4");
        row("4 / 5", "stars_1_5", "4");
        row("4 out of 5 stars", "stars_1_5", "4");
        row("★★★★", "stars_1_5", "4");
        row("★★★★☆", "stars_1_5", "4");
        row("⭐⭐⭐", "stars_1_5", "3");
        row("⭐️⭐️", "stars_1_5", "2");
        row("★★½", "stars_1_5", "2.5");
        row("****", "stars_1_5", "4");
        row("0", "stars_1_5", "out");
        row("6", "stars_1_5", "out");
        row("-1", "stars_1_5", "out");
        row("8/10", "stars_1_5", "out");
        row("☆☆☆☆☆", "stars_1_5", "out");
        row("", "stars_1_5", "null");
        row("n/a", "stars_1_5", "null");
        row("four", "stars_1_5", "null");
        row("4 apples", "stars_1_5", "null");
        row("good", "stars_1_5", "null");
        row("4/", "stars_1_5", "null");
        row("nan", "stars_1_5", "null");
        row("inf", "stars_1_5", "null");
        row("0x4", "stars_1_5", "null");
        row("1e1", "stars_1_5", "null");
        row("0", "nps_0_10", "0");
        row("10", "nps_0_10", "10");
        row("11", "nps_0_10", "out");
        row("Good", "csat_0_1", "1");
        row("bad", "csat_0_1", "0");
        row("👍", "thumbs_0_1", "1");
        row("👎", "thumbs_0_1", "0");
        row("true", "thumbs_0_1", "1");
        row("7", "ces_1_7", "7");
        row("87.5", "other", "87.5");
        row("-0", "other", "0");
        row("8/10", "other", "8");
    }
    void ratingsAreRead()
    {
        QFETCH(QByteArray, text);
        QFETCH(QByteArray, scale);
        QFETCH(QByteArray, rating);
        const auto read = readRating(text.toStdString(), scale.toStdString(), true);
        QCOMPARE(read.outOfRange, rating == "out");
        QCOMPARE(read.value.has_value(), rating != "out" && rating != "null");
        if (read.value)
            QCOMPARE(QByteArray::number(*read.value), rating);
    }

    void aCommaIsADecimalCommaOnlyWhereItMayBe()
    {
        QCOMPARE(*readRating("4,5", "stars_1_5", true).value, 4.5);
        QVERIFY(!readRating("4,5", "stars_1_5", false).value);
    }

    void languageTags_data()
    {
        QTest::addColumn<QByteArray>("text");
        QTest::addColumn<QByteArray>("tag");
        const auto row = [](const char *text, const char *tag) {
            QTest::newRow(*text ? text : "(empty)") << QByteArray(text) << QByteArray(tag);
        };
        row("en", "en");
        row("EN", "en");
        row("pt_BR", "pt-BR");
        row("pt-br", "pt-BR");
        row("iw", "he");
        row("iw_IL", "he-IL");
        row("in", "id");
        row("zh-hans-cn", "zh-Hans-CN");
        row("ZH_HANT", "zh-Hant");
        row("es-419", "es-419");
        row("en_US.UTF-8", "en-US");
        row("de-DE@euro", "de-DE");
        row("sl-rozaj-biske", "sl-rozaj-biske");
        row("en-US-x-Twain", "en-US-x-twain");
        row(" fr ", "fr");
        row("fil", "fil");
        row("", "");
        row("English", "");
        row("e", "");
        row("12", "");
        row("en--US", "");
        row("en US", "");
        row("日本語", "");
    }
    void languageTags()
    {
        QFETCH(QByteArray, text);
        QFETCH(QByteArray, tag);
        QCOMPARE(b(readLanguage(text.toStdString())), tag);
    }

    void countries()
    {
        const std::pair<const char *, const char *> codes[] = {
            {"DE", "DE"},  {"DEU", "DE"}, {"XK", "XK"}, {"XKS", "XK"},   {"XKX", "XK"}, {" US ", "US"}, {"USA", "US"},
            {"GBR", "GB"}, {"UK", ""},    {"de", ""},   {"Germany", ""}, {"ZZ", ""},    {"EU", ""},     {"", ""}};
        for (const auto &[text, code] : codes)
            QCOMPARE(b(countryOf(text)), QByteArray(code));
    }

    void amounts_data()
    {
        QTest::addColumn<QByteArray>("text");
        QTest::addColumn<QByteArray>("amount");
        const auto row = [](const char *text, const char *amount) {
            QTest::newRow(*text ? text : "(empty)") << QByteArray(text) << QByteArray(amount);
        };
        row("1200", "1200");
        row("1200.50", "1200.5");
        row("12,000.50", "12000.5");
        row("12.000,50", "12000.5");
        row("1,234", "1234");
        row("1,234,567", "1234567");
        row("1.234.567", "1234567");
        row("12,5", "12.5");
        row("$1,200", "1200");
        row("1200 €", "1200");
        row("12 000", "12000");
        row("12'000.5", "12000.5");
        row("-5", "-5");
        row("+5", "5");
        row("1e3", "1000");
        row("", "null");
        row("n/a", "null");
        row("5k", "null");
        row("1-2", "null");
        row("1.2.3,4,5", "null");
    }
    void amounts()
    {
        QFETCH(QByteArray, text);
        QFETCH(QByteArray, amount);
        const auto read = readAmount(text.toStdString());
        QCOMPARE(read ? QByteArray::number(*read, 'g', 12) : QByteArray("null"), amount);
    }

    void textIsCleaned_data()
    {
        QTest::addColumn<QByteArray>("text");
        QTest::addColumn<QByteArray>("clean");
        QTest::addColumn<quint32>("flags");
        const quint32 nul = quint32(RecordFlag::NulRemoved), bad = quint32(RecordFlag::EncodingReplaced);
        QTest::newRow("as it is") << QByteArray("  a  b\t") << QByteArray("  a  b\t") << 0u;
        QTest::newRow("line ends") << QByteArray("a\r\nb\rc\n\r\n\r") << QByteArray("a\nb\nc\n\n\n") << 0u;
        QTest::newRow("nul") << QByteArray("a\0b\0", 4) << QByteArray("ab") << nul;
        QTest::newRow("nul in a line end") << QByteArray("a\r\0\nb", 5) << QByteArray("a\n\nb") << nul;
        QTest::newRow("only nul") << QByteArray("\0\0", 2) << QByteArray() << nul;
        QTest::newRow("blank") << QByteArray(" \t\r\n \xc2\xa0\xe3\x80\x80") << QByteArray() << 0u;
        QTest::newRow("damage") << QByteArray("a\xff\xc3(b") << QByteArray("a\xef\xbf\xbd\xef\xbf\xbd(b") << bad;
        QTest::newRow("a long sequence cut off is one")
            << QByteArray("a\xf0\x9f\x98z") << QByteArray("a\xef\xbf\xbdz") << bad;
        QTest::newRow("surrogates are damage")
            << QByteArray("\xed\xa0\x80") << QByteArray("\xef\xbf\xbd\xef\xbf\xbd\xef\xbf\xbd") << bad;
        QTest::newRow("overlong is damage") << QByteArray("\xc0\xaf") << QByteArray("\xef\xbf\xbd\xef\xbf\xbd") << bad;
        QTest::newRow("a replacement that was there is none")
            << QByteArray("a\xef\xbf\xbd") << QByteArray("a\xef\xbf\xbd") << 0u;
        QTest::newRow("no normalisation") << QByteArray("e\xcc\x81") << QByteArray("e\xcc\x81") << 0u;
    }
    void textIsCleaned()
    {
        QFETCH(QByteArray, text);
        QFETCH(QByteArray, clean);
        QFETCH(quint32, flags);
        std::string out;
        QCOMPARE(cleanText(text.toStdString(), true, out), flags);
        QCOMPARE(b(out), clean);
    }

    void damageIsReplacedAsQtDoes()
    {
        QVERIFY(rc::check([](const std::vector<std::uint8_t> &bytes) {
            std::string out;
            const std::string text(bytes.begin(), bytes.end());
            replaceDamage(text, out);
            RC_ASSERT(isUtf8(out));
            RC_ASSERT(isUtf8(text) == (out == text));
            QString decoded = QString::fromUtf8(text.data(), qsizetype(text.size()));
            if (text.starts_with("\xef\xbb\xbf"))
                decoded.prepend(QChar(0xfeff));
            RC_ASSERT(isUtf8(text) == (decoded.toUtf8() == b(text)));
        }));
    }

    void htmlBecomesText_data()
    {
        QTest::addColumn<QByteArray>("html");
        QTest::addColumn<QByteArray>("text");
        const auto row = [](const char *html, const char *text) {
            QTest::newRow(html) << QByteArray(html) << QByteArray(text);
        };
        row("<p>One</p><p>Two</p>", "One\nTwo");
        row("a<br>b<br/><BR />c", "a\nb\nc");
        row("<div><div><p>deep</p></div></div>\n\n<div>next</div>", "deep\nnext");
        row("a &lt;b&gt; &amp;amp; &quot;c&quot; &#39;d&#x27; &eacute;&nbsp;x",
            "a <b> &amp; \"c\" 'd' \xc3\xa9\xc2\xa0x");
        row("AT&T &unknown; &; &#; &#xZ;", "AT&T &unknown; &; &#; &#xZ;");
        row("&#0;&#xd800;&#x110000;", "\xef\xbf\xbd\xef\xbf\xbd\xef\xbf\xbd");
        row("<script>alert('<p>x</p>')</script>ok<style>p{}</style><!-- <b>no</b> -->!", "ok!");
        row("see <a href=\"https://x.example/?a=1>2\">this page</a>.", "see this page.");
        row("fine <img class=\"emoji\" alt=\":smile:\" src=\"x\"> <img src=\"y\" alt=\"photo\">", "fine :smile:");
        row("<img alt='&#128512;' class=emoji>", "\xf0\x9f\x98\x80");
        row("<ul><li>one</li><li>two</li></ul>", "one\ntwo");
        row("<b>bo</b>ld  and\n  <i>it</i>alic", "bold and italic");
        row("1 < 2 and 3 > 2", "1 < 2 and 3 > 2");
        row("<pre>a\n  b</pre>", "a\n  b");
        row("open <b", "open");
        row("<!DOCTYPE html><html><body>x</body></html>", "x");
        row("<script>never ends", "");
        row("plain", "plain");
        row("", "");
    }
    void htmlBecomesText()
    {
        QFETCH(QByteArray, html);
        QFETCH(QByteArray, text);
        bool stripped = false;
        QCOMPARE(b(textOfHtml(html.toStdString(), stripped)), text);
        QCOMPARE(stripped, html != text);
    }

    void hostileHtmlIsReadInOneGo()
    {
        std::string html;
        for (int i = 0; i < 40000; ++i)
            html += "<script></script><!--x--></";
        bool stripped = false;
        QElapsedTimer timer;
        timer.start();
        (void)textOfHtml(html, stripped);
        QVERIFY(timer.elapsed() < 5000);
    }

    void namesOfColumnsAreComparedByTheirLetters()
    {
        QCOMPARE(b(normalisedName(" Created_At ")), QByteArray("createdat"));
        QCOMPARE(b(normalisedName("createdAt")), QByteArray("createdat"));
        QCOMPARE(b(normalisedName("Submit Date (UTC)")), QByteArray("submitdateutc"));
        QCOMPARE(b(normalisedName("author.name")), QByteArray("author.name"));
        QCOMPARE(b(normalisedName("Nr.")), QByteArray("nr"));
        QCOMPARE(b(normalisedName("#")), QByteArray("#"));
        QCOMPARE(b(normalisedName("\xef\xbb\xbfId")), QByteArray("id"));
        QCOMPARE(b(normalisedName("ÜBERSCHRIFT")), QByteArray("überschrift"));
        QCOMPARE(b(normalisedName("e\xcc\x81toiles")), QByteArray("étoiles"));
    }

    void everyKnownNameBelongsToOneField_data()
    {
        QTest::addColumn<QString>("kind");
        for (const char *kind : {"records", "tickets", "releases", "accounts", "signals"})
            QTest::newRow(kind) << QString::fromLatin1(kind);
    }
    void everyKnownNameBelongsToOneField()
    {
        QFETCH(QString, kind);
        const auto names = ColumnNames::shipped(kind.toStdString());
        QVERIFY(names);
        for (const std::string &field : names->fields()) {
            const auto own = names->find(field);
            QVERIFY(own);
            QCOMPARE(own->field, names->fieldOf(field));
            QCOMPARE(own->priority, 0);
        }
        QVERIFY(!names->find("developer reply text"));
    }

    void authorsAreKeyed()
    {
        const Digest key{1, 2, 3};
        const auto expected = [&](const std::string &text) {
            return hex(hmacSha256(key, "zendesk\x1f" + text)).substr(0, 32);
        };
        QCOMPARE(b(authorId(key, "zendesk", "42", "a@b.example", "Ann")), b(expected("id:42")));
        QCOMPARE(b(authorId(key, "zendesk", "", " Ann.B@Example.ORG ", "Ann")), b(expected("mail:ann.b@example.org")));
        QCOMPARE(b(authorId(key, "zendesk", "", "\xc3\x84nn@Example.org", "")),
                 b(expected("mail:\xc3\xa4nn@example.org")));
        QCOMPARE(b(authorId(key, "zendesk", "", "n/a", "Ann")), b(expected("nick:Ann")));
        QCOMPARE(b(authorId(key, "zendesk", "", "", "")), QByteArray());
        QVERIFY(authorId(key, "zendesk", "42", "", "") != authorId(key, "intercom", "42", "", ""));
    }

    void equalRowsAreCountedHoweverManyThereAre_data()
    {
        QTest::addColumn<int>("memory");
        QTest::newRow("in memory") << (32 << 20);
        QTest::newRow("in a file") << 0;
    }
    void equalRowsAreCountedHoweverManyThereAre()
    {
        QFETCH(int, memory);
        SeenRows seen{std::size_t(memory)};
        for (std::uint32_t round = 1; round <= 3; ++round)
            for (int i = 0; i < 20000; ++i)
                QCOMPARE(seen.count(sha256(std::to_string(i))), round);
        QCOMPARE(seen.count(Digest{}), 1u);
        QCOMPARE(seen.count(Digest{}), 2u);
    }
};

QTEST_GUILESS_MAIN(TestCells)
#include "tst_cells.moc"
