#include <QtTest/QTest>

#include <algorithm>
#include <map>
#include <random>
#include <set>

#include <rapidcheck.h>

#include "core/stages/nearduplicates/difference.h"
#include "core/stages/nearduplicates/nearduplicates.h"
#include "core/stages/nearduplicates/shingles.h"

using namespace winnow;
using namespace winnow::nearduplicates;

namespace
{

const std::string kBase = "The app crashes every time I open the camera on my phone since the last update";

std::vector<std::string> groupsOf(const std::vector<std::string> &texts, const std::vector<std::string> &ids,
                                  unsigned threads = 1)
{
    Input input;
    for (std::size_t i = 0; i < texts.size(); ++i)
        input.items.push_back({ids[i], texts[i]});
    const auto output = run(input, {threads}, {});
    std::vector<std::string> groups;
    if (!output)
        return groups;
    for (const Assignment &item : output->items)
        groups.push_back(ids[item.representative]);
    return groups;
}

bool copies(const std::string &a, const std::string &b)
{
    const auto groups = groupsOf({a, b}, {"a", "b"});
    return groups.size() == 2 && groups[0] == groups[1];
}

std::vector<std::string> ids(std::size_t count)
{
    std::vector<std::string> all;
    for (std::size_t i = 0; i < count; ++i)
        all.push_back("id" + std::to_string(i));
    return all;
}

}

class TestNearDuplicates : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void copiesAreFound_data();
    void copiesAreFound();
    void whatDiffersInMeaningStaysApart_data();
    void whatDiffersInMeaningStaysApart();
    void theOrderOfTheItemsDoesNotMatter();
    void threadsDoNotMatter();
    void representativesStandForThemselves();
    void noChainOfLookAlikesForms();
    void blankTextsStayApart();
    void noItemsNoGroups();
    void aStopIsAnError();
    void editsAreCounted_data();
    void editsAreCounted();
    void tableCountsBags();
    void equalSetsHaveEqualSignatures();
};

void TestNearDuplicates::copiesAreFound_data()
{
    QTest::addColumn<QByteArray>("text");
    const auto row = [](const char *name, const char *text) { QTest::newRow(name) << QByteArray(text); };
    row("same", kBase.c_str());
    row("case and punctuation",
        "THE APP CRASHES!!! every time I open the camera... on my phone, since the last update");
    row("emoji", "The app crashes 😡😡 every time I open the camera on my phone since the last update 👎");
    row("typing errors", "The app crahses every time I oepn the camrea on my phonne since the last update");
    row("short cuts", "The app crashes every time I open the cam on my phone since the last updt");
    row("a word is missing", "The app crashes every time I open the camera my phone since the last update");
    row("added",
        "The app crashes every time I open the camera on my phone since the last update. Same problem again today.");
    row("cut off", "The app crashes every time I open the camera on my phone since");
    row("moved", "Since the last update the app crashes every time I open the camera on my phone");
    row("blank moved", "The app cra shes every tim eI open the camera on my phone since the last update");
}

void TestNearDuplicates::copiesAreFound()
{
    QFETCH(QByteArray, text);
    QVERIFY(copies(kBase, text.toStdString()));
}

void TestNearDuplicates::whatDiffersInMeaningStaysApart_data()
{
    QTest::addColumn<QByteArray>("a");
    QTest::addColumn<QByteArray>("b");
    const auto row = [](const char *name, const char *a, const char *b) {
        QTest::newRow(name) << QByteArray(a) << QByteArray(b);
    };
    row("another symptom", kBase.c_str(),
        "The app lags every time I open the camera on my phone since the last update");
    row("another component", kBase.c_str(),
        "The app crashes every time I open the gallery on my phone since the last update");
    row("a negation", "After the new version the notifications do work on my old phone again",
        "After the new version the notifications do not work on my old phone again");
    row("not and now", "After the new version the sync works now with my old watch",
        "After the new version the sync works not with my old watch");
    row("a number", "Since version 4.2 the download of songs takes very long here",
        "Since version 4.3 the download of songs takes very long here");
    row("another device", "It does not connect to my Samsung phone, please fix it soon",
        "It does not connect to my Xiaomi phone, please fix it soon");
    row("the opposite", "I cannot upload my pictures to the album on this tablet",
        "I cannot download my pictures to the album on this tablet");
    row("praise and complaint", "The new design of the start screen is really great to use",
        "The new design of the start screen is really terrible to use");
    row("short texts", "good app", "good apps");
    row("German", "Die App stürzt beim Öffnen der Kamera immer wieder ab",
        "Die App stürzt beim Öffnen der Galerie immer wieder ab");
    row("Chinese", "更新之后无法打开相机应用程序一直闪退请尽快修复这个问题谢谢",
        "更新之后可以打开相机应用程序一直闪退请尽快修复这个问题谢谢");
}

void TestNearDuplicates::whatDiffersInMeaningStaysApart()
{
    QFETCH(QByteArray, a);
    QFETCH(QByteArray, b);
    QVERIFY(!copies(a.toStdString(), b.toStdString()));
    QVERIFY(copies(a.toStdString(), a.toStdString()));
}

void TestNearDuplicates::theOrderOfTheItemsDoesNotMatter()
{
    const std::vector<std::string> words{"crashes", "camera", "since",  "update", "phone",
                                         "battery", "login",  "always", "slow"};
    QVERIFY(rc::check([&](std::uint32_t seed) {
        std::mt19937 random(seed);
        std::vector<std::string> texts;
        for (int i = 0; i < 30; ++i) {
            std::string text = "the app is bad and";
            for (int k = 0; k < 6; ++k)
                text += ' ' + words[random() % 4 + (i % 3)];
            texts.push_back(text);
        }
        const auto names = ids(texts.size());
        const auto groups = groupsOf(texts, names);
        std::map<std::string, std::string> wanted;
        for (std::size_t i = 0; i < names.size(); ++i)
            wanted[names[i]] = groups[i];
        std::vector<std::size_t> order(texts.size());
        for (std::size_t i = 0; i < order.size(); ++i)
            order[i] = i;
        std::shuffle(order.begin(), order.end(), random);
        std::vector<std::string> shuffledTexts, shuffledNames;
        for (const std::size_t i : order) {
            shuffledTexts.push_back(texts[i]);
            shuffledNames.push_back(names[i]);
        }
        const auto again = groupsOf(shuffledTexts, shuffledNames, 2);
        for (std::size_t i = 0; i < again.size(); ++i)
            RC_ASSERT(again[i] == wanted[shuffledNames[i]]);
    }));
}

void TestNearDuplicates::threadsDoNotMatter()
{
    std::vector<std::string> texts;
    for (int i = 0; i < 3000; ++i)
        texts.push_back(kBase + " number" + std::string(1, char('a' + i % 7)) + ' '
                        + std::string(std::size_t(i % 5), 'z'));
    const auto names = ids(texts.size());
    const auto one = groupsOf(texts, names, 1);
    QVERIFY(one == groupsOf(texts, names, 3));
    QVERIFY(std::set<std::string>(one.begin(), one.end()).size() < texts.size());
}

void TestNearDuplicates::representativesStandForThemselves()
{
    std::vector<std::string> texts;
    for (int i = 0; i < 60; ++i)
        texts.push_back(kBase.substr(0, 30 + std::size_t(i) % 40));
    const auto names = ids(texts.size());
    Input input;
    for (std::size_t i = 0; i < texts.size(); ++i)
        input.items.push_back({names[i], texts[i]});
    const auto output = run(input, {}, {});
    QVERIFY(output);
    for (const Assignment &item : output->items) {
        QCOMPARE(output->items[item.representative].representative, item.representative);
        QCOMPARE(output->items[item.representative].similarity, 1.0);
        QVERIFY(item.similarity > 0 && item.similarity <= 1);
    }
}

void TestNearDuplicates::noChainOfLookAlikesForms()
{
    // Each text shares half with the next one, the first nothing with the last.
    std::vector<std::string> words;
    for (int i = 0; i < 100; ++i)
        words.push_back("word" + std::string(3, char('a' + i % 26)) + char('a' + i / 26) + "ing");
    std::vector<std::string> texts;
    for (std::size_t i = 0; i + 12 <= words.size(); i += 3) {
        std::string text;
        for (std::size_t k = i; k < i + 12; ++k)
            text += words[k] + ' ';
        texts.push_back(text);
    }
    const auto groups = groupsOf(texts, ids(texts.size()));
    QVERIFY(groups.size() == texts.size());
    QVERIFY(groups.front() != groups.back());
    QVERIFY(std::set<std::string>(groups.begin(), groups.end()).size() > 3);
}

void TestNearDuplicates::blankTextsStayApart()
{
    const auto groups = groupsOf({"", " ", "👍", "👍", "👎", "..."}, ids(6));
    QVERIFY(groups[0] != groups[1]);
    QVERIFY(groups[2] == groups[3]);
    QVERIFY(groups[2] != groups[4]);
    QVERIFY(groups[4] != groups[5]);
}

void TestNearDuplicates::noItemsNoGroups()
{
    const auto output = run({}, {}, {});
    QVERIFY(output && output->items.empty());
}

void TestNearDuplicates::aStopIsAnError()
{
    std::stop_source source;
    source.request_stop();
    const auto output = run({{{"a", "text"}}}, {}, source.get_token());
    QVERIFY(!output);
    QVERIFY(output.error().code == ErrorCode::Cancelled);
}

void TestNearDuplicates::editsAreCounted_data()
{
    QTest::addColumn<QByteArray>("a");
    QTest::addColumn<QByteArray>("b");
    QTest::addColumn<int>("edits");
    QTest::newRow("none") << QByteArray("crash") << QByteArray("crash") << 0;
    QTest::newRow("swap") << QByteArray("crash") << QByteArray("carsh") << 1;
    QTest::newRow("insert") << QByteArray("crash") << QByteArray("crassh") << 1;
    QTest::newRow("replace two") << QByteArray("crash") << QByteArray("brasj") << 2;
    QTest::newRow("more than counted") << QByteArray("upload") << QByteArray("battery") << 4;
    QTest::newRow("empty") << QByteArray("") << QByteArray("abc") << 3;
}

void TestNearDuplicates::editsAreCounted()
{
    QFETCH(QByteArray, a);
    QFETCH(QByteArray, b);
    QFETCH(int, edits);
    QCOMPARE(editsBetween(a.toStdString(), b.toStdString(), 3), std::size_t(edits));
    QCOMPARE(editsBetween(b.toStdString(), a.toStdString(), 3), std::size_t(edits));
}

void TestNearDuplicates::tableCountsBags()
{
    ShingleTable table;
    table.fill({1, 1, 2, 3});
    QCOMPARE(table.similarity({1, 1, 2, 3}), 1.0);
    QCOMPARE(table.similarity({1, 2, 3}), 0.75);
    QCOMPARE(table.similarity({1, 1, 1, 9}), 2.0 / 6);
    QCOMPARE(table.similarity({7}), 0.0);
}

void TestNearDuplicates::equalSetsHaveEqualSignatures()
{
    QVERIFY(rc::check([](std::vector<std::uint64_t> shingles) {
        RC_PRE(!shingles.empty());
        const Signature one = signatureOf(shingles);
        std::reverse(shingles.begin(), shingles.end());
        RC_ASSERT(signatureOf(shingles) == one);
        RC_ASSERT(agreement(one, one) == 1.0);
    }));
}

QTEST_GUILESS_MAIN(TestNearDuplicates)
#include "tst_nearduplicates.moc"
