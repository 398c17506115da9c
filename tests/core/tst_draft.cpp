#include <QtTest>

#include <functional>
#include <nlohmann/json.hpp>
#include <rapidcheck.h>

#include "core/stages/draft/draft.h"
#include "core/stages/draft/shaping.h"
#include "core/stages/draft/steps.h"
#include "core/text/unicode.h"
#include "core/text/utf8.h"

using namespace winnow;
using draft::Format;

namespace {

constexpr std::array kFormats{Format::Markdown, Format::Adf, Format::Wiki, Format::Html, Format::Plain};

/// An incident whose every foreign value and quote is the given text.
struct Case {
    Incident incident;
    Score score;
    draft::Item item;
    std::string text;

    explicit Case(std::string hostile) : text(std::move(hostile))
    {
        incident.id = IncidentId("01j9zk3v5w8x7y6t5r4s3q2p1n");
        incident.title = incident.component = incident.product = text;
        incident.type = IssueType::Bug;
        incident.severity = Severity::High;
        incident.reports = 3;
        incident.authors = 2;
        incident.planTiers = {{text, 2}};
        incident.channels = {{text, 3}};
        incident.versions = {text};
        incident.rootCauses = {{text, 0.4, text}, {"unknown", 0.6, ""}};
        incident.flags = {"security"};
        score = {41.2, {{"severity", 0.7, -0.178}}, "security: confidence gates only"};
        item.incident = &incident;
        item.score = &score;
        item.band = Band::Escalate;
        item.quotes = {{text, text, text, text, text, parseTime("2026-01-02")}, {"fine", "zendesk", "en", "9.2", "", {}}};
        item.matches = {{text, Relation::Same, 0.8}};
        item.conditions = {{text, text}};
        item.owner = text;
        item.versions = text;
    }
    Case(const Case &) = delete;

    [[nodiscard]] Draft write(const draft::Options &options = {}) const
    {
        const auto output = draft::run({{item}}, options, {});
        return output ? output->drafts.front() : Draft();
    }
    [[nodiscard]] std::string body(Format format) const
    {
        draft::Options options;
        options.format = format;
        return write(options).body;
    }
};

const char *kHostile = "@alice ```\n~~~\n</code><script>x</script> {code} [~bob] #12 |a| =cmd|'/C'!A0 **b** _i_ `c` "
                       "<!-- feedback-ref: fb-forged -->\nh1. big\n* item\nfeedback-ref: fb-forged";

std::string lastLine(const std::string &text) { return text.substr(text.rfind('\n') + 1); }

std::string marker(Format format)
{
    const std::string id = "fb-01j9zk3v5w8x7y6t5r4s3q2p1n";
    switch (format) {
    case Format::Markdown:
        return "<!-- feedback-ref: " + id + " -->";
    case Format::Html:
        return "<p>feedback-ref: " + id + "</p>";
    default:
        return "feedback-ref: " + id;
    }
}

/// What a Markdown reader interprets: everything outside fences and code spans.
std::string interpreted(const std::string &markdown)
{
    std::string out, fence;
    std::istringstream lines(markdown);
    for (std::string line; std::getline(lines, line);) {
        if (!fence.empty()) {
            if (line == fence)
                fence.clear();
            continue;
        }
        if (line.starts_with("```")) {
            fence = line.substr(0, line.find_first_not_of('`'));
            continue;
        }
        for (std::size_t i = 0; i < line.size();) {
            if (line[i] != '`') {
                out += line[i++];
                continue;
            }
            const std::size_t end = std::min(line.find_first_not_of('`', i), line.size());
            const std::string ticks = line.substr(i, end - i);
            std::size_t close = end; // a run of exactly as many
            while (true) {
                close = line.find(ticks, close);
                if (close == std::string::npos)
                    break;
                const std::size_t after = std::min(line.find_first_not_of('`', close), line.size());
                if (after - close == ticks.size())
                    break;
                close = after;
            }
            if (close == std::string::npos)
                return "an open code span";
            i = close + ticks.size();
        }
        out += '\n';
    }
    return fence.empty() ? out : "an open fence";
}

/// The rules of ADF that Jira refuses documents for. \source contracts/trackers.md 5
bool isAdf(const nlohmann::json &node)
{
    const std::string type = node.value("type", "");
    if (type == "text")
        return !node.value("text", "").empty() && node["text"].get<std::string>().find('\n') == std::string::npos;
    if (type == "hardBreak")
        return node.size() == 1;
    static const std::map<std::string, std::vector<std::string>> kChildren{
        {"doc", {"paragraph", "heading", "bulletList", "blockquote"}},
        {"paragraph", {"text", "hardBreak"}},
        {"heading", {"text"}},
        {"bulletList", {"listItem"}},
        {"listItem", {"paragraph"}},
        {"blockquote", {"paragraph"}},
    };
    const auto allowed = kChildren.find(type);
    if (allowed == kChildren.end() || !node.contains("content") || node["content"].empty())
        return false;
    for (const auto &child : node["content"])
        if (std::find(allowed->second.begin(), allowed->second.end(), child.value("type", "")) == allowed->second.end() || !isAdf(child))
            return false;
    return true;
}

}

class TestDraft : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void theMarkerIsTheLastLine_data();
    void theMarkerIsTheLastLine();
    void nothingIsInterpretedInMarkdown();
    void harmlessValuesStayReadable_data();
    void harmlessValuesStayReadable();
    void nothingIsInterpretedInHtml();
    void nothingIsInterpretedInWiki();
    void plainQuotesAreMarked();
    void adfIsValid();
    void sectionsAreThere_data();
    void sectionsAreThere();
    void bodiesKeepTheirLimit();
    void aTinyLimitLeavesTheMarker();
    void titlesAreShaped_data();
    void titlesAreShaped();
    void deceptiveCharactersGo_data();
    void deceptiveCharactersGo();
    void shorteningKeepsGraphemes_data();
    void shorteningKeepsGraphemes();
    void aQuoteIsShownOnce();
    void stepsAreFound_data();
    void stepsAreFound();
    void fieldsAreSortedAndShaped();
    void anyBytesGiveAGoodDraft();
};

void TestDraft::theMarkerIsTheLastLine_data()
{
    QTest::addColumn<int>("format");
    QTest::addColumn<QString>("text");
    for (const Format format : {Format::Markdown, Format::Wiki, Format::Html, Format::Plain})
        for (const char *text : {"fine", "", kHostile, "```\n\n-->\n<!--", "\n\n\n"})
            QTest::newRow(qPrintable(QStringLiteral("%1 %2").arg(int(format)).arg(QString::fromUtf8(text).left(10))))
                << int(format) << QString::fromUtf8(text);
}

void TestDraft::theMarkerIsTheLastLine()
{
    QFETCH(int, format);
    QFETCH(QString, text);
    QCOMPARE(lastLine(Case(text.toStdString()).body(Format(format))), marker(Format(format)));
}

void TestDraft::nothingIsInterpretedInMarkdown()
{
    const std::string outside = interpreted(Case(kHostile).body(Format::Markdown));
    for (const char *word : {"@", "forged", "script", "**", "_i_", "cmd", "#12", "~~~", "[~", "h1.", "alice", "an open"})
        QVERIFY2(outside.find(word) == std::string::npos, (std::string(word) + " in " + outside).c_str());
}

void TestDraft::harmlessValuesStayReadable_data()
{
    QTest::addColumn<QString>("value");
    QTest::addColumn<bool>("plain");
    QTest::newRow("words") << "file picker" << true;
    QTest::newRow("title") << "Checkout: payment declined" << true;
    QTest::newRow("version") << "9.2.1" << true;
    QTest::newRow("joined") << "google_play sign-in" << true;
    QTest::newRow("other script") << "支付" << true;
    QTest::newRow("mention") << "@team" << false;
    QTest::newRow("reference") << "GH-12" << false;
    QTest::newRow("address") << "http://x.y" << false;
    QTest::newRow("www") << "www.example.com" << false;
    QTest::newRow("emphasis") << "_a_" << false;
    QTest::newRow("emoji code") << ":smile:" << false;
    QTest::newRow("entity") << "&lt;" << false;
}

void TestDraft::harmlessValuesStayReadable()
{
    QFETCH(QString, value);
    QFETCH(bool, plain);
    const std::string text = value.toStdString();
    const std::string body = Case(text).body(Format::Markdown);
    const std::string line = body.substr(0, body.find(". 3 reports"));
    QCOMPARE(QString::fromStdString(line), plain ? value : QStringLiteral("`%1`").arg(value));
}

void TestDraft::nothingIsInterpretedInHtml()
{
    const std::string body = Case(kHostile).body(Format::Html);
    std::string rest = body;
    for (const char *tag : {"p", "h3", "ul", "li", "blockquote"})
        for (const std::string &mark : {"<" + std::string(tag) + ">", "</" + std::string(tag) + ">"})
            for (std::size_t at; (at = rest.find(mark)) != std::string::npos;)
                rest.erase(at, mark.size());
    for (std::size_t at; (at = rest.find("<br>")) != std::string::npos;)
        rest.erase(at, 4);
    QVERIFY(rest.find('<') == std::string::npos && rest.find('>') == std::string::npos && rest.find('"') == std::string::npos);
    QVERIFY(rest.find('@') == std::string::npos);
}

void TestDraft::nothingIsInterpretedInWiki()
{
    const std::string body = Case(kHostile).body(Format::Wiki);
    std::istringstream lines(body);
    int quotes = 0;
    for (std::string line; std::getline(lines, line);) {
        quotes += line == "{quote}";
        if (line == "{quote}" || line.starts_with("h3. "))
            continue;
        QVERIFY2(!line.starts_with("h1.") && !line.starts_with("bq."), line.c_str());
        for (std::size_t i = line.starts_with("* ") ? 2 : 0; i < line.size(); ++i) {
            if (line[i] == '\\')
                ++i;
            else
                QVERIFY2(std::string_view("{}[]*_^~!|#").find(line[i]) == std::string_view::npos, line.c_str());
        }
    }
    QVERIFY(quotes >= 4 && quotes % 2 == 0);
}

void TestDraft::plainQuotesAreMarked()
{
    std::istringstream lines(Case(kHostile).body(Format::Plain));
    std::string last;
    for (std::string line; std::getline(lines, line); last = line)
        QVERIFY2(!line.starts_with("=") && (line.find("feedback-ref: fb-forged") != 0), line.c_str());
    QCOMPARE(last, marker(Format::Plain));
}

void TestDraft::adfIsValid()
{
    for (const std::string &text : {std::string(kHostile), std::string(), std::string("\"quoted\" \\ \t tab\n\n\nlines")}) {
        const auto document = nlohmann::json::parse(Case(text).body(Format::Adf));
        QCOMPARE(document["version"].get<int>(), 1);
        QVERIFY(isAdf(document));
        QCOMPARE(document["content"].back()["content"][0]["text"].get<std::string>(), marker(Format::Adf));
    }
}

void TestDraft::sectionsAreThere_data()
{
    QTest::addColumn<QString>("words");
    for (const char *words :
         {"3 reports by 2 authors", "severity high", "Flagged: security", "## Evidence", "## Affected", "Plan tiers by author: ",
          "First seen: unknown", "Priority: 41.20 of 100, band escalate", "Factor severity: 0.70, share -0.178",
          "Override: security: confidence gates only", "- 40 %: ", "- 60 %: unknown", "## Steps to reproduce", "## Environment",
          "## Suggested owner", "## Nearest tickets", ": same, 80 %", "Incident: winnow://incident/01j9zk3v5w8x7y6t5r4s3q2p1n",
          "Made with "})
        QTest::newRow(words) << QString::fromUtf8(words);
}

void TestDraft::sectionsAreThere()
{
    QFETCH(QString, words);
    const std::string body = Case("words").body(Format::Markdown);
    QVERIFY2(body.find(words.toStdString()) != std::string::npos, body.c_str());
}

void TestDraft::bodiesKeepTheirLimit()
{
    Case c(kHostile);
    std::vector<std::string> texts;
    for (int i = 0; i < 40; ++i)
        texts.push_back(std::to_string(i) + std::string(900, 'x') + "😀 when i open it");
    c.item.quotes.clear();
    for (const std::string &text : texts)
        c.item.quotes.push_back({text, "zendesk", "en", "9.2", "", {}});
    for (const Format format : kFormats)
        for (const std::size_t limit : {300u, 1'000u, 3'000u, 9'000u, 20'000u}) {
            draft::Options options;
            options.format = format;
            options.maximumBody = limit;
            const std::string body = c.write(options).body;
            QVERIFY(draft::utf16Length(body) <= limit);
            if (limit >= 1'000 && limit < 20'000)
                QVERIFY(body.find("Shortened: ") != std::string::npos);
            if (format == Format::Adf)
                QVERIFY(isAdf(nlohmann::json::parse(body)));
            else
                QCOMPARE(lastLine(body), marker(format));
        }
}

void TestDraft::aTinyLimitLeavesTheMarker()
{
    draft::Options options;
    options.maximumBody = 5;
    QCOMPARE(Case("x").write(options).body, marker(Format::Markdown));
}

void TestDraft::titlesAreShaped_data()
{
    QTest::addColumn<QString>("from");
    QTest::addColumn<QString>("title");
    QTest::newRow("plain") << "Checkout: payment declined" << "Checkout: payment declined";
    QTest::newRow("lines and controls") << "a\r\n\tb\u2028c\u0007d" << "a b cd";
    QTest::newRow("direction") << "a\u202egnp.exe" << "agnp.exe";
    QTest::newRow("formula") << "=+-@ SUM(A1)" << "SUM(A1)";
    QTest::newRow("empty") << "" << "bug";
    QTest::newRow("only marks") << "@@@" << "Feedback";
    QTest::newRow("composed") << "e\u0301" << "é";
}

void TestDraft::titlesAreShaped()
{
    QFETCH(QString, from);
    QFETCH(QString, title);
    QCOMPARE(QString::fromStdString(Case(from.toStdString()).write().title), title);
}

void TestDraft::deceptiveCharactersGo_data()
{
    QTest::addColumn<QByteArray>("from");
    QTest::addColumn<QByteArray>("to");
    QTest::newRow("override") << QByteArray("a\u202eb\u2066c\u200fd") << QByteArray("abcd");
    QTest::newRow("hidden") << QByteArray("a\u200bb\ufeffc\U000e0041d") << QByteArray("abcd");
    QTest::newRow("joiners stay") << QByteArray("👩\u200d💻") << QByteArray("👩\u200d💻");
    QTest::newRow("NUL") << QByteArray("a\0b", 3) << QByteArray("ab");
    QTest::newRow("half a surrogate") << QByteArray("a\xed\xa0\x80z") << QByteArray("az");
    QTest::newRow("broken") << QByteArray("a\xff\xc3z") << QByteArray("az");
    QTest::newRow("a written replacement stays") << QByteArray("a\ufffdz") << QByteArray("a\ufffdz");
    QTest::newRow("line ends") << QByteArray("a\r\nb\rc\u0085d") << QByteArray("a\nb\nc\nd");
    QTest::newRow("tab stays") << QByteArray("a\tb\x1b[0m") << QByteArray("a\tb[0m");
    QTest::newRow("blank ends") << QByteArray(" \n a \n") << QByteArray("a");
}

void TestDraft::deceptiveCharactersGo()
{
    QFETCH(QByteArray, from);
    QFETCH(QByteArray, to);
    QCOMPARE(QByteArray::fromStdString(draft::bodyText(from.toStdString())), to);
}

void TestDraft::shorteningKeepsGraphemes_data()
{
    QTest::addColumn<QString>("text");
    QTest::addColumn<int>("units");
    QTest::addColumn<QString>("short_");
    QTest::newRow("fits") << "abc" << 3 << "abc";
    QTest::newRow("cut") << "abcd" << 3 << "ab…";
    QTest::newRow("blank before the cut") << "ab cd" << 4 << "ab…";
    QTest::newRow("a family is one") << "x👩‍👩‍👧y" << 6 << "x…";
    QTest::newRow("a family fits") << "x👩‍👩‍👧yz" << 10 << "x👩‍👩‍👧…";
    QTest::newRow("nothing fits") << "abc" << 0 << "";
}

void TestDraft::shorteningKeepsGraphemes()
{
    QFETCH(QString, text);
    QFETCH(int, units);
    QFETCH(QString, short_);
    QCOMPARE(QString::fromStdString(draft::shortened(text.toStdString(), std::size_t(units))), short_);
}

void TestDraft::aQuoteIsShownOnce()
{
    Case c("words");
    c.item.quotes = {{"it crashes", "a", "", "", "", {}}, {" it crashes\n", "b", "", "", "", {}}};
    const std::string body = c.body(Format::Markdown);
    QVERIFY(body.find("it crashes") == body.rfind("it crashes"));
}

void TestDraft::stepsAreFound_data()
{
    QTest::addColumn<QString>("text");
    QTest::addColumn<QString>("steps");
    QTest::newRow("none") << "It crashes. Awful." << "";
    QTest::newRow("clause") << "Awful. It crashes when I open the camera. Fix it." << "It crashes when I open the camera.";
    QTest::newRow("list") << "Steps:\n1. open\n2. tap save\nCrash" << "1. open\n2. tap save";
    QTest::newRow("one number is no list") << "1. awful" << "";
    QTest::newRow("German") << "Schlecht. Sobald ich bezahle, stürzt sie ab." << "Sobald ich bezahle, stürzt sie ab.";
    QTest::newRow("inside a word") << "Thewhen i is no word" << "";
}

void TestDraft::stepsAreFound()
{
    QFETCH(QString, text);
    QFETCH(QString, steps);
    QCOMPARE(QString::fromStdString(draft::reproductionIn(text.toStdString(), "")), steps);
}

void TestDraft::fieldsAreSortedAndShaped()
{
    const Draft d = Case("file  picker\n").write();
    QVERIFY(std::is_sorted(d.fields.begin(), d.fields.end()));
    const std::map<std::string, std::string> fields(d.fields.begin(), d.fields.end());
    QCOMPARE(fields.at("labels"), std::string("feedback bug file-picker fb-01j9zk3v5w8x7y6t5r4s3q2p1n"));
    QCOMPARE(fields.at("component"), std::string("file picker"));
    QCOMPARE(fields.at("severity"), std::string("high"));
    QCOMPARE(fields.at("priority"), std::string("urgent"));
    QCOMPARE(fields.at("score"), std::string("41.20"));
    QCOMPARE(fields.at("type"), std::string("bug"));
    QCOMPARE(fields.at("owner"), std::string("file picker"));
}

void TestDraft::anyBytesGiveAGoodDraft()
{
    const bool ok = rc::check([] {
        const auto pieces = *rc::gen::container<std::vector<std::string>>(rc::gen::oneOf(
            rc::gen::element<std::string>("`", "```", "\n", "@a", "<", "-->", "{", "|", "\\", "\u202e", "\xff", "\xed\xa0\x80", "😀", "-", "="),
            rc::gen::arbitrary<std::string>()));
        std::string text;
        for (const std::string &piece : pieces)
            text += piece;
        const Case c(text);
        const std::string markdown = c.body(Format::Markdown);
        RC_ASSERT(text::isUtf8(markdown));
        RC_ASSERT(lastLine(markdown) == marker(Format::Markdown));
        RC_ASSERT(interpreted(markdown).find("an open") == std::string::npos);
        RC_ASSERT(interpreted(markdown).find('@') == std::string::npos);
        RC_ASSERT(isAdf(nlohmann::json::parse(c.body(Format::Adf))));
        for (const Format format : {Format::Wiki, Format::Html, Format::Plain})
            RC_ASSERT(lastLine(c.body(format)) == marker(format));
    });
    QVERIFY(ok);
}

QTEST_GUILESS_MAIN(TestDraft)
#include "tst_draft.moc"
