#include <QtTest/QTest>

#include <algorithm>

#include <rapidcheck.h>

#include "core/local/localextractor.h"
#include "core/stages/extract/extract.h"
#include "core/stages/segment/segment.h"

using namespace winnow;

namespace
{

LocalExtractor &shipped()
{
    static const auto extractor = LocalExtractor::makeShipped().value();
    return *extractor;
}

/// The finding of a text that is one segment.
Finding findingOf(const std::string &text, std::string_view lang = {}, std::optional<double> rating = {})
{
    ExtractionRequest request;
    request.text = text;
    request.lang = lang;
    request.rating = rating;
    request.segments = {{{0, std::uint32_t(text.size())}, true}};
    auto output = extract::run({{request}}, {}, {shipped()}, {});
    return output ? output->items[0][0] : Finding{};
}

std::string condition(const Finding &finding, const std::string &name)
{
    const auto it = std::find_if(finding.conditions.begin(), finding.conditions.end(),
                                 [&](const auto &c) { return c.first == name; });
    return it == finding.conditions.end() ? std::string() : it->second;
}

bool hasFlag(const Finding &finding, const std::string &flag)
{
    return std::find(finding.flags.begin(), finding.flags.end(), flag) != finding.flags.end();
}

}

class TestLocalExtractor : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void issuesAreNamed_data();
    void issuesAreNamed();
    void evidenceIsTheClause();
    void vagueComplaintsAbstain_data();
    void vagueComplaintsAbstain();
    void conditionsAreFound();
    void metadataFillsConditions();
    void severityFollowsWordsAndStars();
    void flagsAreSet_data();
    void flagsAreSet();
    void rootCausesFollowConditions();
    void everySegmentGetsOneFinding();
    void versionFollowsTheData();
    void teamsOwnWordsAreFound();
};

void TestLocalExtractor::issuesAreNamed_data()
{
    QTest::addColumn<QByteArray>("lang");
    QTest::addColumn<QByteArray>("text");
    QTest::addColumn<QByteArray>("type");
    QTest::addColumn<QByteArray>("symptom");
    QTest::addColumn<QByteArray>("component");
    const auto row = [](const char *lang, const char *text, const char *type, const char *symptom,
                        const char *component) {
        QTest::newRow(text) << QByteArray(lang) << QByteArray(text) << QByteArray(type) << QByteArray(symptom)
                            << QByteArray(component);
    };
    row("en", "The app crashes when I open the camera", "bug", "crash", "camera");
    row("en", "I can't log in any more", "bug", "login failure", "login");
    row("en", "It never syncs with my watch", "bug", "sync failure", "sync");
    row("en", "I don't get any notifications", "bug", "missing notification", "notifications");
    row("en", "The update deleted all my notes", "bug", "data loss", "update");
    row("en", "Scrolling is so slow and it lags", "performance", "slow response", "user interface");
    row("en", "It drains my battery within hours", "battery", "battery drain", "battery");
    row("en", "Someone hacked my account", "security", "account takeover", "account");
    row("en", "Why does it need access to my contacts?", "privacy", "excessive permissions", "contacts");
    row("en", "I was charged twice for the subscription", "billing", "double charge", "subscription");
    row("en", "I want my money back", "billing", "refund refused", "payment");
    row("en", "Way too many ads", "usability", "intrusive advertising", "advertising");
    row("en", "The new menu is confusing and hard to use", "usability", "confusing interface", "user interface");
    row("en", "Please add a dark mode", "feature_request", "missing customisation", "dark mode");
    row("en", "It would be nice if I could export to PDF", "feature_request", "missing integration", "backup");
    row("en", "Best app ever, works great", "praise", "", "");
    row("en", "No crashes and no problems at all, great", "praise", "", "");
    row("en", "How do I change the language?", "question", "", "language");
    row("en", "Bought it yesterday", "other", "", "");
    row("de", "Die App stürzt beim Start ab", "bug", "crash", "app start");
    row("de", "Ich kann mich nicht mehr einloggen", "bug", "login failure", "login");
    row("de", "Bitte einen Dunkelmodus einbauen", "feature_request", "missing customisation", "dark mode");
    row("fr", "L'application plante sans arrêt", "bug", "crash", "");
    row("fr", "Plus de notifications depuis la mise à jour", "bug", "missing notification", "notifications");
    row("fr", "La montre ne se synchronise plus", "bug", "sync failure", "sync");
    row("es", "La aplicación se cierra sola", "bug", "crash", "");
    row("es", "Me cobraron dos veces", "billing", "double charge", "payment");
    row("it", "Non riesco ad accedere al mio account", "bug", "login failure", "login");
    row("pt", "O aplicativo trava toda hora", "bug", "freeze", "");
    row("nl", "De batterij is snel leeg door deze app, vreet batterij", "battery", "battery drain", "battery");
    row("pl", "Aplikacja ciągle się zawiesza", "bug", "freeze", "");
    row("ja", "アプリがすぐ落ちる", "bug", "crash", "");
    row("zh", "更新后一打开就闪退", "bug", "crash", "app start");
}

void TestLocalExtractor::issuesAreNamed()
{
    QFETCH(QByteArray, lang);
    QFETCH(QByteArray, text);
    QFETCH(QByteArray, type);
    QFETCH(QByteArray, symptom);
    QFETCH(QByteArray, component);
    const Finding finding = findingOf(text.toStdString(), lang.toStdString());
    QCOMPARE(QByteArray::fromStdString(std::string(toString(finding.type))), type);
    QCOMPARE(QByteArray::fromStdString(finding.symptom), symptom);
    if (!component.isEmpty())
        QCOMPARE(QByteArray::fromStdString(finding.component), component);
    QCOMPARE(finding.abstained, type == "other");
    if (isActionable(finding.type))
        QVERIFY(!finding.evidence.empty());
    double sum = 0;
    for (const Scored &scored : finding.types)
        sum += scored.p;
    QVERIFY(sum > 0.8 && sum <= 1.00001);
    QCOMPARE(QByteArray::fromStdString(finding.types.front().label), type);
}

void TestLocalExtractor::evidenceIsTheClause()
{
    const std::string text = "Nice design, and the app crashes when I open the camera, sadly";

    const Finding finding = findingOf(text);
    QCOMPARE(finding.evidence.size(), std::size_t(1));
    QCOMPARE(QByteArray::fromStdString(finding.evidence[0].quote),
             QByteArray("the app crashes when I open the camera"));
    QVERIFY((finding.evidence[0].supports == std::vector<std::string>{"component", "symptom", "type"}));
}

void TestLocalExtractor::vagueComplaintsAbstain_data()
{
    QTest::addColumn<QByteArray>("text");
    QTest::newRow("plea") << QByteArray("Please fix this");
    QTest::newRow("bugs") << QByteArray("This app has so many bugs");
    QTest::newRow("not working") << QByteArray("It does not work any more since the update");
    QTest::newRow("error") << QByteArray("I always get an error");
}

void TestLocalExtractor::vagueComplaintsAbstain()
{
    QFETCH(QByteArray, text);
    const Finding vague = findingOf(text.toStdString());
    QVERIFY(vague.type == IssueType::Bug);
    QVERIFY(vague.abstained);
    QVERIFY(vague.evidence.empty());
    const Finding named = findingOf("The barcode scanner: " + text.toStdString() + " when scanning receipts");
    QVERIFY(!named.abstained);
}

void TestLocalExtractor::conditionsAreFound()
{
    const Finding finding = findingOf("Since the last update, version 9.2.1, it crashes on my iPhone 13 with iOS 17.1 "
                                      "over wifi in Chrome when I pay with PayPal");
    QCOMPARE(QByteArray::fromStdString(condition(finding, "app_version")), QByteArray("9.2.1"));
    QCOMPARE(QByteArray::fromStdString(condition(finding, "device")), QByteArray("iPhone 13"));
    QCOMPARE(QByteArray::fromStdString(condition(finding, "os")), QByteArray("iOS 17.1"));
    QCOMPARE(QByteArray::fromStdString(condition(finding, "network")), QByteArray("Wi-Fi"));
    QCOMPARE(QByteArray::fromStdString(condition(finding, "browser")), QByteArray("Chrome"));
    QCOMPARE(QByteArray::fromStdString(condition(finding, "payment_method")), QByteArray("PayPal"));
    QCOMPARE(QByteArray::fromStdString(condition(finding, "after_update")), QByteArray("yes"));
    QVERIFY(std::is_sorted(finding.conditions.begin(), finding.conditions.end()));
    QCOMPARE(QByteArray::fromStdString(condition(findingOf("It crashes in v4.2."), "app_version")), QByteArray("4.2"));
    QVERIFY(condition(findingOf("It crashes in version 4"), "app_version").empty());
}

void TestLocalExtractor::metadataFillsConditions()
{
    const std::string text = "It crashes on Android 14";
    ExtractionRequest request;
    request.text = text;
    request.os = "Android 13";
    request.appVersion = "7.0";
    request.segments = {{{0, std::uint32_t(text.size())}, true}};
    const auto answer = shipped().extract(std::vector{request}, {});
    QVERIFY(answer);
    QCOMPARE(QByteArray::fromStdString(condition((*answer)[0][0], "os")), QByteArray("Android 14"));
    QCOMPARE(QByteArray::fromStdString(condition((*answer)[0][0], "app_version")), QByteArray("7.0"));
}

void TestLocalExtractor::severityFollowsWordsAndStars()
{
    const auto level = [](const std::string &text, std::optional<double> rating = {}) {
        return int(findingOf(text, "en", rating).severity);
    };
    QVERIFY(level("The camera crashes, it is completely unusable, urgent") < level("The camera crashes"));
    QVERIFY(level("The camera crashes sometimes, a minor thing") > level("The camera crashes"));
    QVERIFY(level("The update deleted all my notes") == int(Severity::Critical));
    QVERIFY(level("Please add a dark mode") == int(Severity::Low));
    QVERIFY(level("Great app, love it") == int(Severity::None));
    QVERIFY(level("The screen flickers", 1) <= level("The screen flickers", 5));
}

void TestLocalExtractor::flagsAreSet_data()
{
    QTest::addColumn<QByteArray>("text");
    QTest::addColumn<QByteArray>("flag");
    QTest::newRow("security") << QByteArray("My account was hacked") << QByteArray("security");
    QTest::newRow("privacy") << QByteArray("They sell my data") << QByteArray("privacy");
    QTest::newRow("billing") << QByteArray("I was charged twice") << QByteArray("billing");
    QTest::newRow("legal threat") << QByteArray("The app crashes and I will call my lawyer")
                                  << QByteArray("legal_threat");
    QTest::newRow("regulation") << QByteArray("Tracking me without consent is a GDPR violation")
                                << QByteArray("regulatory");
    QTest::newRow("churn") << QByteArray("It crashes, I am switching to another app") << QByteArray("churn");
}

void TestLocalExtractor::flagsAreSet()
{
    QFETCH(QByteArray, text);
    QFETCH(QByteArray, flag);
    QVERIFY(hasFlag(findingOf(text.toStdString()), flag.toStdString()));
    QVERIFY(!hasFlag(findingOf("The camera crashes"), flag.toStdString()));
}

void TestLocalExtractor::rootCausesFollowConditions()
{
    const auto share = [](const Finding &finding) {
        const auto it = std::find_if(finding.rootCauses.begin(), finding.rootCauses.end(),
                                     [](const RootCause &c) { return c.label == "regression in the latest release"; });
        return it == finding.rootCauses.end() ? 0.0 : it->p;
    };
    QVERIFY(share(findingOf("The camera crashes since the last update")) > share(findingOf("The camera crashes")));
    QVERIFY(share(findingOf("The camera crashes")) > 0);
}

void TestLocalExtractor::everySegmentGetsOneFinding()
{
    const std::vector<std::string> pieces{"The app crashes. ",
                                          "I love it, ",
                                          "but ",
                                          "battery drains ",
                                          "⟦PERSON_7f3k2m9q⟧ ",
                                          "é 打不开 ",
                                          "👍 ",
                                          "4.2 ",
                                          "\n",
                                          "please add "};
    QVERIFY(rc::check([&](const std::vector<std::uint8_t> &choice) {
        std::string text;
        for (const std::uint8_t i : choice)
            text += pieces[i % pieces.size()];
        const auto segments = segment::run({{{text, ""}}}, {}, {});
        RC_ASSERT(segments.has_value());
        ExtractionRequest request;
        request.text = text;
        request.segments = segments->items[0];
        const auto raw = shipped().extract(std::vector{request}, {});
        RC_ASSERT(raw.has_value());
        const auto output = extract::run({{request}}, {}, {shipped()}, {});
        RC_ASSERT(output.has_value());
        RC_ASSERT(output->items[0].size() == request.segments.size());
        for (std::size_t i = 0; i < output->items[0].size(); ++i) {
            const Finding &finding = output->items[0][i];
            RC_ASSERT(finding.evidence == (*raw)[0][i].evidence); // nothing had to be voided
            for (const Evidence &evidence : finding.evidence)
                RC_ASSERT(finding.segment.contains(evidence.span));
        }
    }));
}

void TestLocalExtractor::versionFollowsTheData()
{
    auto taxonomy = shippedTaxonomy();
    QVERIFY(taxonomy);
    const auto one = LocalExtractor::make(*taxonomy);
    QVERIFY(one);
    QCOMPARE((*one)->version(), shipped().version());
    QVERIFY(shipped().version().starts_with("local-"));
    taxonomy->version = "another";
    QVERIFY((*LocalExtractor::make(*taxonomy))->version() != shipped().version());
}

void TestLocalExtractor::teamsOwnWordsAreFound()
{
    auto taxonomy = taxonomyFromJson(
        R"({"name":"ours","extends":"software","components":[{"name":"teleporter","terms":{"en":["teleporter"]}}],
        "symptoms":[{"name":"wrong planet","type":"bug","points":44,"severity":"critical","terms":{"en":["wrong planet"]}}]})");
    QVERIFY(taxonomy);
    const auto extractor = LocalExtractor::make(*taxonomy);
    QVERIFY(extractor);
    const std::string text = "The teleporter sent me to the wrong planet";
    ExtractionRequest request;
    request.text = text;
    request.segments = {{{0, std::uint32_t(text.size())}, true}};
    const auto answer = (*extractor)->extract(std::vector{request}, {});
    QVERIFY(answer);
    QVERIFY((*answer)[0][0].symptom == "wrong planet");
    QVERIFY((*answer)[0][0].component == "teleporter");
    QVERIFY((*answer)[0][0].severity == Severity::Critical);
}

QTEST_GUILESS_MAIN(TestLocalExtractor)
#include "tst_localextractor.moc"
