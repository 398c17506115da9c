#include <QtTest>

#include "core/json/incidentjson.h"

using namespace winnow;

namespace {

Incident full()
{
    Incident i;
    i.id = IncidentId("abc");
    i.title = "Checkout: \"declined\" \u202e";
    i.product = "Shop";
    i.component = "checkout";
    i.symptom = "payment declined";
    i.type = IssueType::Billing;
    i.severity = Severity::Critical;
    i.reports = 52;
    i.authors = 41;
    i.ofAuthors = 12'000;
    i.planTiers = {{"enterprise", 3}, {"free", 38}};
    i.revenue = 18'400.5;
    i.firstAt = parseTime("2026-01-01T00:00:00.001Z");
    i.newestAt = parseTime("2026-02-01T00:00:00.000Z");
    i.channels = {{"zendesk", 12}};
    i.languages = {{"fr", 2}};
    i.versions = {"9.2", "9.10"};
    i.confidence = 0.81;
    i.flags = {"billing"};
    i.signals = {{"payment_abandonment", 3.1}};
    i.rootCauses = {{"card validation", 0.55, "ticket APP-1"}, {"unknown", 0.45, ""}};
    return i;
}

template <typename T>
void comesBack(const T &value, Result<T> (*read)(std::string_view))
{
    const std::string text = toJson(value);
    QVERIFY(text.find('\n') == std::string::npos);
    const auto back = read(text);
    QVERIFY2(back, back ? "" : back.error().detail.c_str());
    QVERIFY(*back == value);
}

}

class TestIncidentJson : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void everythingComesBack();
    void emptyValuesComeBack();
    void theContractsExampleIsRead();
    void wrongMembersAreNamed_data();
    void wrongMembersAreNamed();
    void ticketIdsMayBeNumbers();
    void aSignalNeedsItsTime();
    void draftFieldsAreTexts();
};

void TestIncidentJson::everythingComesBack()
{
    comesBack(full(), incidentFromJson);
    comesBack(Score{41.25, {{"severity", 0.7, -0.214005}, {"confidence", 0.81, 0}}, "security: confidence gates only"}, scoreFromJson);
    comesBack(Banding{Band::Escalate, "because", "priority 1.00 → 2.00 moves it"}, bandingFromJson);
    comesBack(Matching{{{"A-1", Relation::Regression, 0.9}, {"A-2", Relation::Related, 0.3}}, "same"}, matchingFromJson);
    comesBack(Draft{"title", "body\nof two lines", {{"component", "checkout"}, {"owner", "@team"}}}, draftFromJson);
    comesBack(KnownTicket{"A-1", "t", "b", "open", "c", parseTime("2026-01-01"), parseTime("2026-01-02"), "9.2"}, ticketFromJson);
    comesBack(Release{"9.2", parseTime("2026-01-01"), "notes"}, releaseFromJson);
    comesBack(Account{"acc", "Acme", "pro", 12.5, "EU"}, accountFromJson);
    comesBack(SignalPoint{"errors", *parseTime("2026-01-01"), -3.25}, signalPointFromJson);
}

void TestIncidentJson::emptyValuesComeBack()
{
    Incident incident;
    incident.id = IncidentId("x");
    comesBack(incident, incidentFromJson);
    comesBack(Score{}, scoreFromJson);
    comesBack(Banding{}, bandingFromJson);
    comesBack(Matching{}, matchingFromJson);
    comesBack(Draft{}, draftFromJson);
}

void TestIncidentJson::theContractsExampleIsRead()
{
    const auto incident = incidentFromJson(
        R"({"id":"i","severity":"high","reports":52,"authors":41,"of_authors":12000,"plan_tiers":{"enterprise":3,"free":38},
        "revenue":18400.0,"first_at":"2026-01-01T00:00:00.000Z","newest_at":"2026-01-31T00:00:00.000Z","channels":{"google_play":40},
        "versions":["9.2"],"confidence":0.81,"flags":["security"],"signals":[{"name":"payment_abandonment","z":3.1}],"stranger":1})");
    QVERIFY2(incident, incident ? "" : incident.error().detail.c_str());
    QCOMPARE(incident->planTiers.at("enterprise"), 3u);
    QVERIFY(incident->severity == Severity::High);
    QCOMPARE(incident->signals[0].z, 3.1);
}

void TestIncidentJson::wrongMembersAreNamed_data()
{
    QTest::addColumn<QString>("text");
    QTest::addColumn<QString>("detail");
    QTest::newRow("no id") << R"({"reports":1})" << "/id: missing";
    QTest::newRow("severity") << R"({"id":"i","severity":"dreadful"})" << "/severity: not a known word";
    QTest::newRow("negative count") << R"({"id":"i","reports":-1})" << "/reports: expected a whole number from 0";
    QTest::newRow("fraction") << R"({"id":"i","reports":1.5})" << "/reports: expected a whole number from 0";
    QTest::newRow("count in a map") << R"({"id":"i","channels":{"zendesk":"2"}})" << "/channels/zendesk: expected a whole number from 0";
    QTest::newRow("map") << R"({"id":"i","channels":[]})" << "/channels: expected an object of counts";
    QTest::newRow("share") << R"({"id":"i","confidence":1.01})" << "/confidence: expected 0 to 1";
    QTest::newRow("time") << R"({"id":"i","newest_at":"yesterday"})" << "/newest_at: expected YYYY-MM-DDTHH:MM:SS.mmmZ";
    QTest::newRow("inside a list") << R"({"id":"i","root_causes":[{"label":"a","p":0.5},{"label":"b","p":2}]})"
                                   << "/root_causes/1/p: expected 0 to 1";
    QTest::newRow("list of texts") << R"({"id":"i","signals":["x"]})" << "/signals/0: expected an object";
    QTest::newRow("flags") << R"({"id":"i","flags":[1]})" << "/flags: expected a list of texts";
}

void TestIncidentJson::wrongMembersAreNamed()
{
    QFETCH(QString, text);
    QFETCH(QString, detail);
    const auto incident = incidentFromJson(text.toStdString());
    QVERIFY(!incident);
    QVERIFY(incident.error().code == ErrorCode::InvalidInput);
    QCOMPARE(QString::fromStdString(incident.error().detail), detail);
}

void TestIncidentJson::ticketIdsMayBeNumbers()
{
    const auto ticket = ticketFromJson(R"({"id":676511756,"title":"t"})");
    QVERIFY(ticket);
    QCOMPARE(ticket->id, std::string("676511756"));
    QVERIFY(!ticketFromJson(R"({"id":1.5})"));
    QVERIFY(!ticketFromJson(R"({"id":null})"));
}

void TestIncidentJson::aSignalNeedsItsTime()
{
    const auto point = signalPointFromJson(R"({"name":"errors","value":1})");
    QVERIFY(!point);
    QCOMPARE(point.error().detail, std::string("/at: missing"));
}

void TestIncidentJson::draftFieldsAreTexts()
{
    const auto draft = draftFromJson(R"({"title":"t","body":"b","fields":{"owner":3}})");
    QVERIFY(!draft);
    QCOMPARE(draft.error().detail, std::string("/fields/owner: expected text"));
}

QTEST_GUILESS_MAIN(TestIncidentJson)
#include "tst_incidentjson.moc"
