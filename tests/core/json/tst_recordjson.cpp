#include <QtTest>
#include <nlohmann/json.hpp>
#include <rapidcheck.h>

#include "core/base/hash.h"
#include "core/json/recordjson.h"
#include "core/text/utf8.h"

using namespace winnow;

namespace
{

Record fullRecord()
{
    Record record;
    record.source = "zendesk";
    record.sourceRecordId = "ticket:7";
    record.channel = "support_ticket";
    record.url = "https://example.com/7";
    record.authorId = "00112233445566778899aabbccddeeff";
    record.authorName = "Zoë \"Z\" O'Neill";
    record.createdAt = parseTime("2024-05-06T07:08:09.123Z");
    record.updatedAt = parseTime("2024-05-07T07:08:09.000Z");
    record.language = "pt-BR";
    record.rating = 4.5;
    record.ratingScale = "stars_1_5";
    record.title = "Não abre";
    record.body = "Linha um\n\tlinha \\ dois \x01";
    record.product = "App";
    record.appVersion = "9.2";
    record.os = "Android";
    record.osVersion = "14";
    record.device = "Pixel 8";
    record.region = "Lisboa";
    record.country = "PT";
    record.planTier = "pro";
    record.accountId = "acc-1";
    record.threadId = "7";
    record.set(RecordFlag::Edited);
    record.set(RecordFlag::TzAssumed);
    record.versionHash = std::string(64, 'a');
    record.ingestedAt = parseTime("2024-05-08T00:00:00.000Z");
    record.connector = "zendesk-1";
    record.batchId = "b1";
    record.origin = R"({"file":"a.csv","row":[1,-2,0.5,{"x":null}],"y":true})";
    record.rawPayload = R"({"id":7})";
    return record;
}

}

class TestRecordJson : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void roundTrips();
    void emptyMembersAreNull();
    void everyTextRoundTrips();
    void refusals_data();
    void refusals();
    void loneSurrogatesAreReplaced();
    void versionHashIsOfCompactSortedJson();
    void versionHashSeesItsSixMembersOnly();
    void feedbackIdIsDerived();
};

void TestRecordJson::roundTrips()
{
    const Record record = fullRecord();
    const auto read = recordFromJson(toJson(record));
    QVERIFY2(read, read ? "" : read.error().detail.c_str());
    QVERIFY(*read == record);
}

void TestRecordJson::emptyMembersAreNull()
{
    Record record;
    record.source = "generic";
    record.sourceRecordId = "1";
    const auto json = nlohmann::json::parse(toJson(record));
    QCOMPARE(json.size(), std::size_t(31));
    QVERIFY(json["title"].is_null() && json["created_at"].is_null() && json["rating"].is_null()
            && json["origin"].is_null());
    QVERIFY(json["flags"].is_array() && json["flags"].empty());
    QVERIFY(json["tombstone"] == false);
    QVERIFY(*recordFromJson(toJson(record)) == record);
}

void TestRecordJson::everyTextRoundTrips()
{
    QVERIFY(rc::check([](const std::string &bytes, const std::string &more) {
        Record record = fullRecord();
        record.body = text::repaired(bytes);
        record.title = text::repaired(more);
        const auto read = recordFromJson(toJson(record));
        RC_ASSERT(read.has_value());
        RC_ASSERT(*read == record);
        RC_ASSERT(nlohmann::json::parse(toJson(record))["body"]
                  == (record.body.empty() ? nlohmann::json() : nlohmann::json(record.body)));
    }));
}

void TestRecordJson::refusals_data()
{
    QTest::addColumn<QByteArray>("line");
    QTest::addColumn<QByteArray>("detail");
    const auto row = [](const char *name, const char *more, const char *detail) {
        QTest::newRow(name) << QByteArray("{\"source\":\"s\",\"source_record_id\":\"1\"") + more + "}"
                            << QByteArray(detail);
    };
    row("number for text", ",\"title\":5", "/title: expected text or null");
    row("text for rating", ",\"rating\":\"5\"", "/rating: expected a number or null");
    row("other channel", ",\"channel\":\"pigeon\"", "/channel: expected a channel of the canonical schema");
    row("other scale", ",\"rating_scale\":\"x\"", "/rating_scale: expected a scale of the canonical schema");
    row("bad time", ",\"created_at\":\"yesterday\"", "/created_at: expected YYYY-MM-DDTHH:MM:SS.mmmZ");
    row("bad flag", ",\"flags\":[\"nope\"]", "/flags: expected known flags");
    row("flags no list", ",\"flags\":\"edited\"", "/flags: expected a list");
    row("tombstone", ",\"tombstone\":1", "/tombstone: expected true or false");
    row("origin", ",\"origin\":[]", "/origin: expected an object or null");
    row("hash", ",\"version_hash\":\"abc\"", "/version_hash: expected 64 hex digits");
    QTest::newRow("no source") << QByteArray("{\"source_record_id\":\"1\"}") << QByteArray("/source: missing");
    QTest::newRow("no id") << QByteArray("{\"source\":\"s\",\"source_record_id\":\"\"}")
                           << QByteArray("/source_record_id: expected text that is not empty");
    QTest::newRow("no object") << QByteArray("[1]") << QByteArray("not a JSON object");
    QTest::newRow("no JSON") << QByteArray("{\"a\":") << QByteArray("no JSON, or not UTF-8");
    QTest::newRow("no UTF-8") << QByteArray("{\"source\":\"\xff\"}") << QByteArray("no JSON, or not UTF-8");
    QTest::newRow("deep") << "{\"origin\":" + QByteArray(300, '[') + QByteArray(300, ']') + "}"
                          << QByteArray("deeper than 256 levels");
}

void TestRecordJson::refusals()
{
    QFETCH(QByteArray, line);
    QFETCH(QByteArray, detail);
    const auto read = recordFromJson(line.toStdString());
    QVERIFY(!read);
    QVERIFY(read.error().code == ErrorCode::InvalidInput);
    QCOMPARE(QByteArray::fromStdString(read.error().detail), detail);
}

void TestRecordJson::loneSurrogatesAreReplaced()
{
    const auto read = recordFromJson(R"({"source":"s","source_record_id":"1","body":"a\ud800b 😀"})");
    QVERIFY(read);
    QCOMPARE(read->body, std::string("a\ufffdb 😀"));
}

void TestRecordJson::versionHashIsOfCompactSortedJson()
{
    Record record = fullRecord();
    record.rating = 5;
    const nlohmann::json six{{"app_version", "9.2"}, {"body", record.body},   {"language", "pt-BR"},
                             {"rating", 5},          {"title", record.title}, {"tombstone", false}};
    QCOMPARE(versionHash(record), hex(sha256(six.dump())));
    QCOMPARE(versionHash(Record{}),
             hex(sha256(
                 R"({"app_version":null,"body":null,"language":null,"rating":null,"title":null,"tombstone":false})")));
}

void TestRecordJson::versionHashSeesItsSixMembersOnly()
{
    const Record record = fullRecord();
    Record other = record;
    other.updatedAt.reset();
    other.url.clear();
    other.versionHash.clear();
    QCOMPARE(versionHash(other), versionHash(record));
    const auto differs = [&](auto change) {
        Record changed = record;
        change(changed);
        return versionHash(changed) != versionHash(record);
    };
    QVERIFY(differs([](Record &r) { r.rating = 4; }));
    QVERIFY(differs([](Record &r) { r.title.clear(); }));
    QVERIFY(differs([](Record &r) { r.body += ' '; }));
    QVERIFY(differs([](Record &r) { r.language = "pt"; }));
    QVERIFY(differs([](Record &r) { r.appVersion = "9.3"; }));
    QVERIFY(differs([](Record &r) { r.tombstone = true; }));
}

void TestRecordJson::feedbackIdIsDerived()
{
    Record record = fullRecord();
    QCOMPARE(feedbackId(record), derivedId({"zendesk", "ticket:7", record.versionHash}));
    record.versionHash.clear();
    QCOMPARE(feedbackId(record), derivedId({"zendesk", "ticket:7", versionHash(record)}));
    QCOMPARE(feedbackId(record).size(), std::size_t(26));
}

QTEST_GUILESS_MAIN(TestRecordJson)
#include "tst_recordjson.moc"
