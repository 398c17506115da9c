#include <QtTest>
#include <rapidcheck.h>

#include "core/stages/normalise/normalise.h"
#include "core/text/unicode.h"
#include "core/text/utf8.h"

using namespace winnow;

namespace
{

normalise::Options options()
{
    normalise::Options options;
    options.products = {{"com.acme.app", "Acme"}};
    options.planTiers = {{"premium", "pro"}};
    options.components = {{"billing", "billing"}};
    options.systems = {{"android", "Android"}, {"iphone os", "iOS"}};
    options.apiLevels = {{"34", "14"}};
    return options;
}

NormalisedText one(const Record &record)
{
    const auto output = normalise::run({{record}}, options(), {});
    return output ? output->items.at(0) : NormalisedText{};
}

Record withText(std::string title, std::string body)
{
    Record record;
    record.title = std::move(title);
    record.body = std::move(body);
    return record;
}

rc::Gen<std::string> oddText()
{
    const auto character = rc::gen::element<char32_t>(U'a', U'e', U' ', U'\u0301', U'\u0323', U'é', U'\u1100',
                                                      U'\u1161', U'⟦', U'⟧', U'⟨', U'[', U'😀', U'\n');
    return rc::gen::map(rc::gen::container<std::vector<char32_t>>(character),
                        [](const std::vector<char32_t> &characters) {
                            std::string text;
                            for (const char32_t c : characters)
                                text::append(text, c);
                            return text;
                        });
}

}

class TestNormalise : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void joinsTitleAndBody_data();
    void joinsTitleAndBody();
    void composesAndLeadsBack();
    void textIsNormalAndMapsBack();
    void ratingsComeOnFive_data();
    void ratingsComeOnFive();
    void namesComeInOneForm();
    void tombstoneHasNoText();
    void shippedSynonymsAreThere();
    void stopIsAnError();
};

void TestNormalise::joinsTitleAndBody_data()
{
    QTest::addColumn<QByteArray>("title");
    QTest::addColumn<QByteArray>("body");
    QTest::addColumn<QByteArray>("text");
    QTest::addColumn<int>("titleBytes");
    QTest::newRow("both") << QByteArray("Bad") << QByteArray("It crashes.") << QByteArray("Bad\n\nIt crashes.") << 3;
    QTest::newRow("title only") << QByteArray("Bad") << QByteArray() << QByteArray("Bad") << 3;
    QTest::newRow("body only") << QByteArray() << QByteArray("It crashes.") << QByteArray("It crashes.") << 0;
    QTest::newRow("blank title") << QByteArray(" \n") << QByteArray("x") << QByteArray("x") << 0;
    QTest::newRow("blank body") << QByteArray("x") << QByteArray("\t") << QByteArray("x") << 1;
    QTest::newRow("nothing") << QByteArray() << QByteArray() << QByteArray() << 0;
    QTest::newRow("brackets of ours") << QByteArray("⟦A⟧") << QByteArray("⟦PERSON_00000000⟧")
                                      << QByteArray("[A]\n\n[PERSON_00000000]") << 3;
}

void TestNormalise::joinsTitleAndBody()
{
    QFETCH(QByteArray, title);
    QFETCH(QByteArray, body);
    QFETCH(QByteArray, text);
    QFETCH(int, titleBytes);
    const NormalisedText out = one(withText(title.toStdString(), body.toStdString()));
    QCOMPARE(QByteArray::fromStdString(out.text), text);
    QCOMPARE(int(out.titleBytes), titleBytes);
}

void TestNormalise::composesAndLeadsBack()
{
    const Record record = withText("Cafe\u0301", "⟦ok⟧ re\u0301sume\u0301");
    const NormalisedText out = one(record);
    QCOMPARE(out.text, std::string("Café\n\n[ok] résumé"));
    const std::string joined = normalise::joined(record.title, record.body);
    const auto at = std::uint32_t(out.text.find("résumé"));
    QCOMPARE(out.toRecord.toOriginal({at, at + 8}).of(joined), std::string_view("re\u0301sume\u0301"));
    const auto ok = std::uint32_t(out.text.find("[ok]"));
    QCOMPARE(out.toRecord.toOriginal({ok, ok + 4}).of(joined), std::string_view("⟦ok⟧"));
    QCOMPARE(out.recordTitleBytes, std::uint32_t(record.title.size()));
}

void TestNormalise::textIsNormalAndMapsBack()
{
    QVERIFY(rc::check([] {
        const Record record = withText(*oddText(), *oddText());
        const NormalisedText out = one(record);
        const std::string joined = normalise::joined(record.title, record.body);
        RC_ASSERT(text::isNfc(out.text));
        RC_ASSERT(out.text.find("⟦") == std::string::npos && out.text.find("⟧") == std::string::npos);
        std::size_t from = 0, to = 0;
        for (const OffsetMap::Edit &edit : out.toRecord.edits()) {
            RC_ASSERT(joined.substr(from, edit.from.start - from) == out.text.substr(to, edit.to.start - to));
            RC_ASSERT(text::isBorder(joined, edit.from.start) && text::isBorder(joined, edit.from.end));
            RC_ASSERT(text::isBorder(out.text, edit.to.start) && text::isBorder(out.text, edit.to.end));
            from = edit.from.end;
            to = edit.to.end;
        }
        RC_ASSERT(joined.substr(from) == out.text.substr(to));
    }));
}

void TestNormalise::ratingsComeOnFive_data()
{
    QTest::addColumn<double>("rating");
    QTest::addColumn<QByteArray>("scale");
    QTest::addColumn<double>("onFive"); // 0: none
    QTest::newRow("stars") << 4.0 << QByteArray("stars_1_5") << 4.0;
    QTest::newRow("half a star") << 4.5 << QByteArray("stars_1_5") << 4.5;
    QTest::newRow("no scale") << 2.0 << QByteArray() << 2.0;
    QTest::newRow("nps 0") << 0.0 << QByteArray("nps_0_10") << 1.0;
    QTest::newRow("nps 10") << 10.0 << QByteArray("nps_0_10") << 5.0;
    QTest::newRow("nps 5") << 5.0 << QByteArray("nps_0_10") << 3.0;
    QTest::newRow("good") << 1.0 << QByteArray("csat_0_1") << 5.0;
    QTest::newRow("bad") << 0.0 << QByteArray("thumbs_0_1") << 1.0;
    QTest::newRow("ces") << 3.0 << QByteArray("ces_1_7") << 2.333333;
    QTest::newRow("other scale") << 3.0 << QByteArray("other") << 0.0;
    QTest::newRow("out of range") << 0.0 << QByteArray("stars_1_5") << 0.0;
}

void TestNormalise::ratingsComeOnFive()
{
    QFETCH(double, rating);
    QFETCH(QByteArray, scale);
    QFETCH(double, onFive);
    QCOMPARE(normalise::onFive(rating, scale.toStdString()).value_or(0), onFive);
}

void TestNormalise::namesComeInOneForm()
{
    Record record = withText("", "x");
    record.product = " COM.Acme.App ";
    record.threadId = "forum/Billing-questions/7";
    record.appVersion = "v9.2.0 (912)";
    record.os = "ANDROID";
    record.osVersion = "API 34";
    record.device = "Pixel  8\tPro";
    record.planTier = "Premium";
    record.country = "pt";
    record.language = "pt-BR";
    record.authorId = "a";
    record.updatedAt = parseTime("2024-01-02T00:00:00.000Z");
    const NormalisedText out = one(record);
    QCOMPARE(out.product, std::string("Acme"));
    QCOMPARE(out.componentHint, std::string("billing"));
    QCOMPARE(out.appVersion, std::string("9.2.0"));
    QCOMPARE(out.os, std::string("Android 14"));
    QCOMPARE(out.device, std::string("Pixel 8 Pro"));
    QCOMPARE(out.planTier, std::string("pro"));
    QCOMPARE(out.country, std::string("PT"));
    QCOMPARE(out.langHint, std::string("pt-BR"));
    QCOMPARE(out.author, std::string("a"));
    QVERIFY(out.at == record.updatedAt);
    record.osVersion = "34";
    QCOMPARE(one(record).os, std::string("Android 14"));
    record.osVersion = "9";
    QCOMPARE(one(record).os, std::string("Android 9"));
    record.os = "iPhone OS";
    record.osVersion = "17.1";
    QCOMPARE(one(record).os, std::string("iOS 17.1"));
}

void TestNormalise::tombstoneHasNoText()
{
    Record record = withText("gone", "gone");
    record.tombstone = true;
    record.rating = 5;
    QVERIFY(one(record).text.empty());
    QVERIFY(!one(record).rating);
}

void TestNormalise::shippedSynonymsAreThere()
{
    const auto shipped = normalise::shippedOptions();
    QVERIFY2(shipped, shipped ? "" : shipped.error().detail.c_str());
    QCOMPARE(shipped->planTiers.at("enterprise plan"), std::string("enterprise"));
    QCOMPARE(shipped->systems.at("iphone os"), std::string("iOS"));
    for (const auto &names : {shipped->products, shipped->planTiers, shipped->components, shipped->systems})
        for (const auto &[spelling, name] : names)
            QCOMPARE(spelling, text::foldCase(spelling));
}

void TestNormalise::stopIsAnError()
{
    std::stop_source source;
    source.request_stop();
    const auto output = normalise::run({{Record{}}}, {}, source.get_token());
    QVERIFY(!output && output.error().code == ErrorCode::Cancelled);
}

QTEST_GUILESS_MAIN(TestNormalise)
#include "tst_normalise.moc"
