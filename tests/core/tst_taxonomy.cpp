#include <QtTest/QTest>

#include "core/local/analyser.h"
#include "core/local/taxonomy.h"

using namespace winnow;

class TestTaxonomy : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void shippedOnesAreSound_data();
    void shippedOnesAreSound();
    void extendingAddsAndChanges();
    void theVersionFollowsEveryByte();
    void wrongFilesAreRefused_data();
    void wrongFilesAreRefused();
    void wrongCuesAreRefused_data();
    void wrongCuesAreRefused();
};

void TestTaxonomy::shippedOnesAreSound_data()
{
    QTest::addColumn<QByteArray>("name");
    QTest::newRow("software") << QByteArray("software");
    QTest::newRow("shopping") << QByteArray("shopping");
}

void TestTaxonomy::shippedOnesAreSound()
{
    QFETCH(QByteArray, name);
    const auto taxonomy = shippedTaxonomy(name.toStdString());
    QVERIFY2(taxonomy, taxonomy ? "" : taxonomy.error().detail.c_str());
    QVERIFY(taxonomy->symptoms.size() > 30);
    for (const auto &symptom : taxonomy->symptoms) {
        QVERIFY2(symptom.points > 0, symptom.name.c_str());
        QVERIFY2(isActionable(symptom.type), symptom.name.c_str());
        QVERIFY2(!symptom.causes.empty(), symptom.name.c_str());
        for (const auto &cause : symptom.causes)
            QVERIFY2(cause.component.empty() || taxonomy->component(cause.component), cause.label.c_str());
        for (const char *lang : {"en", "de", "fr", "es", "it", "pt", "nl", "pl"})
            QVERIFY2(std::any_of(symptom.terms.begin(), symptom.terms.end(),
                                 [&](const auto &terms) { return terms.first == lang && !terms.second.empty(); }),
                     (symptom.name + " in " + lang).c_str());
    }
    for (const auto &component : taxonomy->components)
        QVERIFY2(!component.owner.empty() && !component.terms.empty(), component.name.c_str());
    auto cues = shippedCues();
    QVERIFY(cues);
    const auto analyser = local::Analyser::make(std::move(*cues), *taxonomy);
    QVERIFY2(analyser, analyser ? "" : analyser.error().detail.c_str());
}

void TestTaxonomy::extendingAddsAndChanges()
{
    const auto base = shippedTaxonomy();
    const auto ours = taxonomyFromJson(
        R"({"name":"ours","extends":"software","components":[{"name":"login","owner":"identity","terms":{"en":["badge"]}}],
        "symptoms":[{"name":"crash","severity":"critical"},{"name":"new one","type":"privacy","points":30,"flags":["privacy"],"component":"login",
                     "causes":[{"label":"a reason","weight":2,"when":"os"}],"terms":{"en":["oops"]}}],"actions":{"bug":"Look"}})");
    QVERIFY(base && ours);
    QCOMPARE(ours->symptoms.size(), base->symptoms.size() + 1);
    QVERIFY(ours->component("login")->owner == "identity");
    QVERIFY(ours->component("login")->terms.size() == base->component("login")->terms.size());
    QVERIFY(ours->symptom("crash")->severity == Severity::Critical);
    QVERIFY(ours->symptom("crash")->points == base->symptom("crash")->points);
    QVERIFY(ours->symptom("new one")->causes[0].when == "os");
    QVERIFY(ours->actions[0] == "Look");
    QVERIFY(!ours->component("nowhere") && !ours->symptom("nothing"));
}

void TestTaxonomy::theVersionFollowsEveryByte()
{
    const auto a = taxonomyFromJson(R"({"name":"a"})"), b = taxonomyFromJson(R"({"name":"b"})"),
               extended = taxonomyFromJson(R"({"name":"a","extends":"software"})");
    QVERIFY(a && b && extended);
    QCOMPARE(a->version.size(), std::size_t(12));
    QVERIFY(a->version != b->version);
    QVERIFY(a->version != extended->version);
    QVERIFY(a->version == taxonomyFromJson(R"({"name":"a"})")->version);
}

void TestTaxonomy::wrongFilesAreRefused_data()
{
    QTest::addColumn<QByteArray>("text");
    QTest::addColumn<QByteArray>("place");
    const auto row = [](const char *name, const char *text, const char *place) {
        QTest::newRow(name) << QByteArray(text) << QByteArray(place);
    };
    row("no JSON", "{", "JSON");
    row("no name", "{}", "/name");
    row("components no list", R"({"name":"a","components":{}})", "/components");
    row("a component without a name", R"({"name":"a","components":[{}]})", "/components/0");
    row("a term that is no text", R"({"name":"a","components":[{"name":"c","terms":{"en":[1]}}]})",
        "/components/0/terms/en");
    row("unknown type", R"({"name":"a","symptoms":[{"name":"s","type":"insect"}]})", "/symptoms/0/type");
    row("unknown severity", R"({"name":"a","symptoms":[{"name":"s","severity":"bad"}]})", "/symptoms/0/severity");
    row("points", R"({"name":"a","symptoms":[{"name":"s","points":101}]})", "/symptoms/0/points");
    row("weight", R"({"name":"a","symptoms":[{"name":"s","causes":[{"label":"x","weight":0}]}]})",
        "/symptoms/0/causes/0/weight");
    row("vague", R"({"name":"a","symptoms":[{"name":"s","vague":1}]})", "/symptoms/0/vague");
    row("unknown component", R"({"name":"a","symptoms":[{"name":"s","component":"c"}]})", "no component c");
    row("a path as base", R"({"name":"a","extends":"../software"})", "/extends");
    row("itself as base", R"({"name":"software","extends":"software"})", "/extends");
    row("an action", R"({"name":"a","actions":{"bug":1}})", "/actions/bug");
    row("lists", R"({"name":"a","lists":[]})", "/lists");
}

void TestTaxonomy::wrongFilesAreRefused()
{
    QFETCH(QByteArray, text);
    QFETCH(QByteArray, place);
    const auto taxonomy = taxonomyFromJson(text.toStdString());
    QVERIFY(!taxonomy);
    QVERIFY(taxonomy.error().code == ErrorCode::InvalidInput);
    QVERIFY2(taxonomy.error().detail.find(place.toStdString()) != std::string::npos, taxonomy.error().detail.c_str());
    QVERIFY(taxonomyFromJson(R"({"name":"a","extends":"nowhere"})").error().code == ErrorCode::NotFound);
}

void TestTaxonomy::wrongCuesAreRefused_data()
{
    QTest::addColumn<QByteArray>("text");
    QTest::newRow("no groups") << QByteArray("{}");
    QTest::newRow("group no object") << QByteArray(R"({"groups":[1]})");
    QTest::newRow("no name") << QByteArray(R"({"groups":[{}]})");
    QTest::newRow("role") << QByteArray(R"({"groups":[{"name":"a","role":"king"}]})");
    QTest::newRow("points") << QByteArray(R"({"groups":[{"name":"a","points":{"bug":"many"}}]})");
    QTest::newRow("type") << QByteArray(R"({"groups":[{"name":"a","points":{"insect":1}}]})");
    QTest::newRow("negatable") << QByteArray(R"({"groups":[{"name":"a","negatable":"no"}]})");
    QTest::newRow("severity") << QByteArray(R"({"groups":[{"name":"a","severity":1000}]})");
}

void TestTaxonomy::wrongCuesAreRefused()
{
    QFETCH(QByteArray, text);
    const auto cues = cuesFromJson(text.toStdString());
    QVERIFY(!cues);
    QVERIFY(cues.error().code == ErrorCode::InvalidInput);
}

QTEST_GUILESS_MAIN(TestTaxonomy)
#include "tst_taxonomy.moc"
