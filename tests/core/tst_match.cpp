#include <QtTest>

#include <algorithm>
#include <rapidcheck.h>

#include "core/stages/match/match.h"
#include "core/stages/match/ticketbody.h"
#include "core/stages/match/tokens.h"

using namespace winnow;

namespace {

KnownTicket ticket(const char *id, const char *title, const char *body = "")
{
    KnownTicket t;
    t.id = id;
    t.title = title;
    t.body = body;
    t.created = parseTime("2025-06-01");
    return t;
}

/// Tickets about many things, so that chance and rarity mean something.
std::vector<KnownTicket> tracker()
{
    return {
        ticket("A-1", "Checkout crashes when the card is declined", "The payment page closes after a declined card."),
        ticket("A-2", "Barcode scanner freezes on Android 14", "The camera preview hangs in the barcode scanner."),
        ticket("A-3", "Dark theme for the settings page", "Many ask for a dark theme."),
        ticket("A-4", "Fingerprint login shows an error", "Unlocking with the fingerprint does not work."),
        ticket("A-5", "Export to PDF loses images", "Pictures are missing in exported PDF files."),
        ticket("A-6", "Photos are not uploaded in the background", "Auto upload stops as soon as the screen is off."),
        ticket("A-7", "No push notifications after restart", "Notifications arrive only once the app was opened."),
        ticket("A-8", "Battery drains overnight", "Synchronisation keeps the phone awake."),
        ticket("A-9", "Search finds nothing in shared folders", "Results of shared folders are missing."),
        ticket("A-10", "Invoice shows the wrong currency", "Prices are in dollars instead of euros."),
    };
}

Matching ask(const std::vector<KnownTicket> &tickets, const match::Query &query, const std::vector<Release> &releases = {},
             const match::Options &options = {})
{
    const match::Index index(tickets, releases);
    const auto output = match::run({{query}, &index}, options, {});
    return output ? output->items.front() : Matching();
}

std::string first(const Matching &matching)
{
    return matching.matches.empty() ? std::string() : matching.matches.front().ticket;
}

std::optional<double> pOf(const Matching &matching, const char *id)
{
    for (const TicketMatch &m : matching.matches)
        if (m.ticket == id)
            return m.p;
    return std::nullopt;
}

}

class TestMatch : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void theRightTicketComesFirst_data();
    void theRightTicketComesFirst();
    void somethingElseIsNew_data();
    void somethingElseIsNew();
    void withoutTicketsItIsNew();
    void aLaterTicketIsNeverTheSame();
    void aSharedComponentHelps();
    void reportsFromTheFixOnAreRegressions_data();
    void reportsFromTheFixOnAreRegressions();
    void notesThatNameATicketFixIt_data();
    void notesThatNameATicketFixIt();
    void notesThatSpeakOfATicketFixIt_data();
    void notesThatSpeakOfATicketFixIt();
    void notesAnswerReports();
    void aTicketIsNamedOnce();
    void answersAreInOrderAndBounded();
    void oneQueryAloneAndAmongOthersAgree();
    void aStopIsCancelled();
    void words_data();
    void words();
    void gramsSeeThroughCompounds();
    void bodiesAreReadWithoutForms();
    void bodiesAreReadWithoutCode_data();
    void bodiesAreReadWithoutCode();
};

void TestMatch::theRightTicketComesFirst_data()
{
    QTest::addColumn<QString>("text");
    QTest::addColumn<QString>("id");
    QTest::addColumn<QString>("decision");
    QTest::newRow("same words") << "checkout crashes when my card is declined" << "A-1" << "same";
    QTest::newRow("inflected") << "The barcode scanners freeze on Android 14" << "A-2" << "same";
    QTest::newRow("only in the body") << "auto upload stops when the screen is off" << "A-6" << "related";
    QTest::newRow("compound") << "finger print login error" << "A-4" << "same";
    QTest::newRow("among praise") << "Love this app, five stars! But images get lost when I export to PDF. Please fix, thanks team" << "A-5" << "same";
    QTest::newRow("slip of the finger") << "battry drains over night" << "A-8" << "related";
    QTest::newRow("another language") << "L'appli vide la batterie en une nuit" << "A-8" << "";
    QTest::newRow("German") << "Ich bekomme keine Benachrichtigungen mehr" << "A-7" << "";
}

void TestMatch::theRightTicketComesFirst()
{
    QFETCH(QString, text);
    QFETCH(QString, id);
    QFETCH(QString, decision);
    const std::string query = text.toStdString();
    const Matching matching = ask(tracker(), {query, {}, {}, {}});
    QCOMPARE(QString::fromStdString(first(matching)), id);
    if (!decision.isEmpty())
        QCOMPARE(QString::fromStdString(matching.decision), decision);
}

void TestMatch::somethingElseIsNew_data()
{
    QTest::addColumn<QString>("text");
    QTest::newRow("another matter") << "the weather forecast for tomorrow is rain";
    QTest::newRow("small talk") << "great app thanks a lot";
    QTest::newRow("blank") << " \n ";
    QTest::newRow("placeholders") << "⟦PERSON_7f3k2m9q⟧ ⟦EMAIL_ADDRESS_7f3k2m9q⟧";
}

void TestMatch::somethingElseIsNew()
{
    QFETCH(QString, text);
    const std::string query = text.toStdString();
    QCOMPARE(ask(tracker(), {query, {}, {}, {}}).decision, std::string("new"));
}

void TestMatch::withoutTicketsItIsNew()
{
    QCOMPARE(ask({}, {"it crashes", "checkout", "9.2", {}}), Matching());
    const auto output = match::run({{match::Query{"it crashes", {}, {}, {}}}, nullptr}, {}, {});
    QVERIFY(output && output->items.size() == 1 && output->items[0].decision == "new");
}

void TestMatch::aLaterTicketIsNeverTheSame()
{
    const match::Query query{"checkout crashes when my card is declined", {}, {}, parseTime("2025-05-31")};
    const Matching matching = ask(tracker(), query);
    QCOMPARE(first(matching), std::string("A-1"));
    QVERIFY(matching.matches[0].relation == Relation::Related);
    QVERIFY(matching.matches[0].p < match::Options{}.sameScore);
    QCOMPARE(matching.decision, std::string("related"));
    match::Query onTheDay = query;
    onTheDay.at = parseTime("2025-06-01");
    QCOMPARE(ask(tracker(), onTheDay).decision, std::string("same"));
}

void TestMatch::aSharedComponentHelps()
{
    auto tickets = tracker();
    tickets[0].component = "Checkout";
    const char *text = "the card was declined and then nothing";
    const auto p = [&](std::string_view component) { return pOf(ask(tickets, {text, component, {}, {}}), "A-1").value_or(0); };
    QVERIFY(p("checkout") > p(""));
    QVERIFY(p("login") < p("checkout"));
}

void TestMatch::reportsFromTheFixOnAreRegressions_data()
{
    QTest::addColumn<QString>("version");
    QTest::addColumn<int>("relation");
    QTest::newRow("before") << "9.1.9" << int(Relation::Same);
    QTest::newRow("the fix itself") << "9.2" << int(Relation::Regression);
    QTest::newRow("by number, not by letter") << "9.10" << int(Relation::Regression);
    QTest::newRow("a pre-release of the fix") << "9.2-beta1" << int(Relation::Same);
    QTest::newRow("unknown") << "" << int(Relation::Same);
}

void TestMatch::reportsFromTheFixOnAreRegressions()
{
    QFETCH(QString, version);
    QFETCH(int, relation);
    auto tickets = tracker();
    tickets[1].fixVersion = "v9.2.0";
    const std::string reported = version.toStdString();
    const Matching matching = ask(tickets, {"barcode scanner freezes on Android 14", {}, reported, {}});
    QCOMPARE(first(matching), std::string("A-2"));
    QCOMPARE(int(matching.matches[0].relation), relation);
    QCOMPARE(matching.decision, std::string("same"));
}

void TestMatch::notesThatNameATicketFixIt_data()
{
    QTest::addColumn<QString>("id");
    QTest::addColumn<QString>("notes");
    QTest::addColumn<bool>("fixed");
    QTest::newRow("key") << "APP-812" << "Fixed APP-812." << true;
    QTest::newRow("longer key") << "APP-812" << "Fixed APP-8120." << false;
    QTest::newRow("number") << "812" << "Fixes #812, #900" << true;
    QTest::newRow("number without its sign") << "812" << "Now 812 stations" << false;
    QTest::newRow("longer number") << "812" << "Fixes #8120" << false;
}

void TestMatch::notesThatNameATicketFixIt()
{
    QFETCH(QString, id);
    QFETCH(QString, notes);
    QFETCH(bool, fixed);
    auto tickets = tracker();
    tickets[1].id = id.toStdString();
    const Matching matching = ask(tickets, {"barcode scanner freezes on Android 14", {}, "9.3", {}},
                                  {{"9.3", {}, notes.toStdString()}, {"9.4", {}, notes.toStdString()}});
    QCOMPARE(matching.matches.at(0).relation == Relation::Regression, fixed);
}

void TestMatch::notesThatSpeakOfATicketFixIt_data()
{
    QTest::addColumn<QString>("resolved");
    QTest::addColumn<QString>("notes");
    QTest::addColumn<bool>("fixed");
    const QString line = QStringLiteral("- Barcode scanner no longer freezes on Android 14");
    QTest::newRow("soon after") << "2025-12-01" << line << true;
    QTest::newRow("not resolved") << "" << line << false;
    QTest::newRow("released before") << "2026-02-01" << line << false;
    QTest::newRow("released long after") << "2025-02-01" << line << false;
    QTest::newRow("of something else") << "2025-12-01" << "- New icons for folders" << false;
    QTest::newRow("perfunctory") << "2025-12-01" << "Bug fixes" << false;
}

void TestMatch::notesThatSpeakOfATicketFixIt()
{
    QFETCH(QString, resolved);
    QFETCH(QString, notes);
    QFETCH(bool, fixed);
    auto tickets = tracker();
    tickets[1].resolved = parseTime(resolved.toStdString());
    const Matching matching = ask(tickets, {"barcode scanner freezes on Android 14", {}, "9.3", {}},
                                  {{"9.3", parseTime("2025-12-20"), "What is new:\n" + notes.toStdString() + "\n"}});
    QCOMPARE(matching.matches.at(0).relation == Relation::Regression, fixed);
}

void TestMatch::notesAnswerReports()
{
    const std::vector<Release> releases{
        {"9.2", {}, "Dark theme for the settings page\nBattery no longer drains overnight"},
        {"9.3", {}, "Faster start\nBug fixes"},
    };
    const Matching matching = ask({}, {"battery drains overnight", {}, "9.1", {}}, releases);
    QCOMPARE(matching.notes.size(), std::size_t(1));
    QCOMPARE(matching.notes[0].version, std::string("9.2"));
    QVERIFY(matching.notes[0].relation == Relation::Same);
    QVERIFY(ask({}, {"battery drains overnight", {}, "9.2", {}}, releases).notes.at(0).relation == Relation::Regression);
    QVERIFY(ask({}, {"my invoice is wrong", {}, "9.2", {}}, releases).notes.empty());
}

void TestMatch::aTicketIsNamedOnce()
{
    auto tickets = tracker();
    tickets.push_back(tickets[0]);
    const Matching matching = ask(tickets, {"checkout crashes when my card is declined", {}, {}, {}});
    const auto same = [](const TicketMatch &m) { return m.ticket == "A-1"; };
    QCOMPARE(std::count_if(matching.matches.begin(), matching.matches.end(), same), 1);
}

void TestMatch::answersAreInOrderAndBounded()
{
    const bool ok = rc::check([] {
        static const std::vector<std::string> kWords{"crash", "login", "battery", "photo", "upload", "card", "scanner", "dark",
                                                     "theme", "invoice", "search", "sync",  "push",   "pdf",  "folder",  "page"};
        const auto sentence = [](int most) {
            std::string text;
            for (const int i : *rc::gen::container<std::vector<int>>(std::size_t(*rc::gen::inRange(0, most)), rc::gen::inRange(0, 16)))
                text += kWords[std::size_t(i)] + " ";
            return text;
        };
        std::vector<KnownTicket> tickets;
        const int count = *rc::gen::inRange(0, 40);
        for (int i = 0; i < count; ++i) {
            KnownTicket t;
            t.id = std::to_string(i);
            t.title = sentence(6);
            t.body = sentence(12);
            tickets.push_back(t);
        }
        const std::string text = sentence(10);
        const Matching matching = ask(tickets, {text, {}, {}, {}});
        RC_ASSERT(matching.matches.size() <= 10u);
        RC_ASSERT(std::is_sorted(matching.matches.begin(), matching.matches.end(),
                                 [](const TicketMatch &a, const TicketMatch &b) { return a.p > b.p; }));
        for (const TicketMatch &m : matching.matches) {
            RC_ASSERT(m.p >= 0 && m.p <= 1);
            RC_ASSERT((m.relation == Relation::Same) == (m.p >= match::Options{}.sameScore));
        }
        const double best = matching.matches.empty() ? 0 : matching.matches.front().p;
        RC_ASSERT(matching.decision == (best >= match::Options{}.sameScore ? "same"
                                        : best >= match::Options{}.relatedScore ? "related" : "new"));
    });
    QVERIFY(ok);
}

void TestMatch::oneQueryAloneAndAmongOthersAgree()
{
    const auto tickets = tracker();
    const match::Index index(tickets, {});
    std::vector<match::Query> queries;
    for (const KnownTicket &t : tickets)
        queries.push_back({t.body, {}, {}, {}});
    const auto together = match::run({queries, &index}, {}, {});
    QVERIFY(together);
    for (std::size_t i = 0; i < queries.size(); ++i) {
        const auto alone = match::run({{queries[i]}, &index}, {}, {});
        QVERIFY(alone && alone->items[0] == together->items[i]);
        QCOMPARE(first(alone->items[0]), tickets[i].id);
    }
}

void TestMatch::aStopIsCancelled()
{
    const match::Index index(tracker(), {});
    std::stop_source source;
    source.request_stop();
    const auto output = match::run({{match::Query{"x", {}, {}, {}}}, &index}, {}, source.get_token());
    QVERIFY(!output);
    QVERIFY(output.error().code == ErrorCode::Cancelled);
}

void TestMatch::words_data()
{
    QTest::addColumn<QString>("text");
    QTest::addColumn<QString>("words");
    QTest::newRow("stop words and stems") << "The app crashes while uploading photos" << "crash upload photo";
    QTest::newRow("parts of names") << "NodeManager HTTPServer2" << "nodemanager node manager httpserver2 http server";
    QTest::newRow("marks") << "Café ÉTÉ naïve" << "cafe naiv";
    QTest::newRow("apostrophes") << "can't don’t user's" << "";
    QTest::newRow("addresses") << "see https://example.com/a/b now" << "";
    QTest::newRow("placeholders") << "from ⟦PERSON_7f3k2m9q⟧ crash" << "crash";
    QTest::newRow("ideographs") << "无法登录 app" << "无法 法登 登录";
    QTest::newRow("one letter") << "a b 5 10" << "10";
}

void TestMatch::words()
{
    QFETCH(QString, text);
    QFETCH(QString, words);
    QStringList got;
    for (const std::string &word : match::wordsOf(text.toStdString()))
        got << QString::fromStdString(word);
    QCOMPARE(got.join(QLatin1Char(' ')), words);
}

void TestMatch::gramsSeeThroughCompounds()
{
    const auto common = [](const char *a, const char *b) {
        const auto x = match::tokensOf(a).grams, y = match::tokensOf(b).grams;
        std::vector<std::uint64_t> both;
        std::set_intersection(x.begin(), x.end(), y.begin(), y.end(), std::back_inserter(both));
        return double(both.size()) / double(std::max(x.size(), y.size()));
    };
    QCOMPARE(common("autoupload", "autoupload"), 1.0);
    QVERIFY(common("autoupload", "upload") > 0.3);
    QVERIFY(common("autoupload", "battery") < 0.05);
}

void TestMatch::bodiesAreReadWithoutForms()
{
    std::vector<KnownTicket> tickets;
    for (int i = 0; i < 4; ++i)
        tickets.push_back(ticket("A", "t", ("### Steps to reproduce\nstory " + std::to_string(i) + "\n**Expected** behaviour:").c_str()));
    const match::BodyReader reader(tickets);
    QCOMPARE(reader.read(tickets[2].body), std::string("story 2\n"));
}

void TestMatch::bodiesAreReadWithoutCode_data()
{
    QTest::addColumn<QString>("body");
    QTest::addColumn<QString>("read");
    QTest::newRow("fence") << "one\n```\nint x;\n```\ntwo" << "one\ntwo\n";
    QTest::newRow("open fence") << "one\n```\nint x;" << "one\n";
    QTest::newRow("Jira") << "one {code:java}int x;{code} two {noformat}log{noformat} three" << "one \n two \n three\n";
    QTest::newRow("details") << "one<details><summary>Log</summary>x</details>two" << "one\ntwo\n";
    QTest::newRow("trace") << "one\n\tat a.b.C(D.java:1)\nCaused by: x\n... 3 more\nat last two" << "one\nat last two\n";
}

void TestMatch::bodiesAreReadWithoutCode()
{
    QFETCH(QString, body);
    QFETCH(QString, read);
    QCOMPARE(QString::fromStdString(match::BodyReader({}).read(body.toStdString())), read);
}

QTEST_GUILESS_MAIN(TestMatch)
#include "tst_match.moc"
