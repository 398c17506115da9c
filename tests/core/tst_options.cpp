#include <QtTest>

#include <nlohmann/json.hpp>

#include "core/pipeline/options.h"

using namespace winnow;

class TestOptions : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void defaultsComeBack();
    void everyNumberComesBackChanged();
    void absentMembersKeepTheirDefaults();
    void wrongMembersAreNamed_data();
    void wrongMembersAreNamed();
};

void TestOptions::defaultsComeBack()
{
    const std::string text = toJson(StageOptions{});
    const auto read = optionsFromJson(text);
    QVERIFY2(read, read ? "" : read.error().detail.c_str());
    QCOMPARE(toJson(*read), text);
    QVERIFY(text.find('\n') == std::string::npos);
}

void TestOptions::everyNumberComesBackChanged()
{
    auto json = nlohmann::json::parse(toJson(StageOptions{}));
    int changed = 0;
    for (auto &stage : json)
        for (auto &option : stage) {
            if (option.is_boolean())
                option = !option.get<bool>();
            else if (option.is_number_integer())
                option = option.get<int>() + 1;
            else if (option.is_number())
                option = option.get<double>() * 0.5;
            else if (option.is_array())
                option.push_back("x");
            else if (option.is_object())
                option["x"] = "y";
            else
                option = "plain";
            ++changed;
        }
    QVERIFY(changed >= 20);
    const auto read = optionsFromJson(json.dump());
    QVERIFY2(read, read ? "" : read.error().detail.c_str());
    QCOMPARE(toJson(*read), json.dump());
}

void TestOptions::absentMembersKeepTheirDefaults()
{
    const auto read = optionsFromJson(R"({"band":{"review_priority":30}})");
    QVERIFY(read);
    QCOMPARE(read->band.reviewPriority, 30.0);
    QCOMPARE(read->band.escalatePriority, band::Options{}.escalatePriority);
    QCOMPARE(read->score.halfLifeDays, 30);
}

void TestOptions::wrongMembersAreNamed_data()
{
    QTest::addColumn<QString>("text");
    QTest::addColumn<QString>("place");
    QTest::newRow("unknown stage") << R"({"scores":{}})" << "/scores: no such option";
    QTest::newRow("unknown option") << R"({"score":{"halflife":3}})" << "/score/halflife: no such option";
    QTest::newRow("stage is no object") << R"({"score":3})" << "/score: expected an object";
    QTest::newRow("text for a number") << R"({"score":{"reach_weight":"1"}})" << "/score/reach_weight: expected a number";
    QTest::newRow("fraction for a whole number") << R"({"score":{"half_life_days":1.5}})" << "/score/half_life_days: expected a whole number";
    QTest::newRow("out of range") << R"({"band":{"auto_confidence":1.5}})" << "/band/auto_confidence: expected a number from 0";
    QTest::newRow("null") << R"({"band":{"auto_open":null}})" << "/band/auto_open: expected true or false";
    QTest::newRow("format") << R"({"draft":{"format":"rtf"}})" << "/draft/format: expected markdown";
    QTest::newRow("list") << R"({"language":{"languages":["en",3]}})" << "/language/languages: expected a list of texts";
    QTest::newRow("not an object") << "[]" << "not a JSON object";
    QTest::newRow("no JSON") << "{" << "no JSON";
}

void TestOptions::wrongMembersAreNamed()
{
    QFETCH(QString, text);
    QFETCH(QString, place);
    const auto read = optionsFromJson(text.toStdString());
    QVERIFY(!read);
    QVERIFY(read.error().code == ErrorCode::InvalidInput);
    QVERIFY2(read.error().detail.starts_with(place.toStdString()), read.error().detail.c_str());
}

QTEST_GUILESS_MAIN(TestOptions)
#include "tst_options.moc"
