#include <QtTest/QTest>

#include <rapidcheck.h>

#include "core/json/findingjson.h"

using namespace winnow;

namespace
{

Finding sample()
{
    Finding finding;
    finding.segment = {0, 62};
    finding.type = IssueType::Bug;
    finding.types = {{"bug", 0.93}, {"performance", 0.07}};
    finding.component = "file picker";
    finding.componentP = 0.71;
    finding.symptom = "crash on upload";
    finding.rootCauses = {{"permission handling", 0.55, "ticket APP-812"}, {"unknown", 0.45, ""}};
    finding.severity = Severity::High;
    finding.severityP = 0.64;
    finding.flags = {"security"};
    finding.conditions = {{"device", "Pixel 7"}, {"os", "Android 14"}};
    finding.suggestedAction = "Reproduce";
    finding.evidence = {{{4, 11}, "crashes", {"type", "symptom"}}};
    finding.confidence = 0.81;
    finding.model = "m1";
    finding.textHash = std::string(64, 'a');
    return finding;
}

std::string replaced(std::string text, const std::string &what, const std::string &by)
{
    const auto at = text.find(what);
    if (at == std::string::npos)
        return {};
    return text.replace(at, what.size(), by);
}

}

class TestFindingJson : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void whatIsWrittenIsRead();
    void anyNumbersAndWordsComeBack();
    void theFormIsTheContracts();
    void whatIsNotKnownIsNull();
    void wrongMembersAreRefused_data();
    void wrongMembersAreRefused();
};

void TestFindingJson::whatIsWrittenIsRead()
{
    const auto read = findingFromJson(toJson(sample()));
    QVERIFY(read);
    QVERIFY(*read == sample());
    const auto plain = findingFromJson(toJson([] {
        Finding f;
        f.segment = {1, 2};
        f.rootCauses = {{"unknown", 1, ""}};
        return f;
    }()));
    QVERIFY(plain);
    QVERIFY(plain->component.empty());
}

void TestFindingJson::anyNumbersAndWordsComeBack()
{
    QVERIFY(rc::check([](std::uint16_t start, std::uint16_t size, std::uint8_t type, std::uint8_t severity,
                         std::uint32_t millionths, bool abstained) {
        Finding finding = sample();
        finding.segment = {start, std::uint32_t(start) + size + 1u};
        finding.type = IssueType(type % kIssueTypeNames.size());
        finding.severity = Severity(severity % kSeverityNames.size());
        finding.confidence = double(millionths % 1000001) / 1e6;
        finding.abstained = abstained;
        finding.symptom = *rc::gen::container<std::string>(rc::gen::inRange<char>(32, 127));
        const auto read = findingFromJson(toJson(finding));
        RC_ASSERT(read.has_value());
        RC_ASSERT(*read == finding);
    }));
}

void TestFindingJson::theFormIsTheContracts()
{
    const std::string text = toJson(sample());
    for (const char *part :
         {R"("segment":{"end":62,"start":0})", R"("type":"bug")", R"("severity":"high")",
          R"("component":"file picker")", R"("conditions":{"app_version":null,"device":"Pixel 7","os":"Android 14"})",
          R"("prompt":null)", R"("basis":"ticket APP-812")",
          R"("evidence":[{"end":11,"quote":"crashes","start":4,"supports":["type","symptom"]}])"})
        QVERIFY2(text.find(part) != std::string::npos, part);
    QVERIFY(text.find('\n') == std::string::npos);
}

void TestFindingJson::whatIsNotKnownIsNull()
{
    Finding finding = sample();
    finding.component.clear();
    finding.symptom.clear();
    finding.suggestedAction.clear();
    const std::string text = toJson(finding);
    for (const char *part : {R"("component":null)", R"("symptom":null)", R"("suggested_action":null)"})
        QVERIFY2(text.find(part) != std::string::npos, part);
}

void TestFindingJson::wrongMembersAreRefused_data()
{
    QTest::addColumn<QByteArray>("what");
    QTest::addColumn<QByteArray>("by");
    QTest::addColumn<QByteArray>("pointer");
    QTest::newRow("type") << QByteArray(R"("type":"bug")") << QByteArray(R"("type":"insect")") << QByteArray("/type");
    QTest::newRow("severity") << QByteArray(R"("severity":"high")") << QByteArray(R"("severity":7)")
                              << QByteArray("/severity");
    QTest::newRow("confidence above 1") << QByteArray(R"("confidence":0.81)") << QByteArray(R"("confidence":1.5)")
                                        << QByteArray("/confidence");
    QTest::newRow("no confidence") << QByteArray(R"("confidence":0.81)") << QByteArray(R"("confidence":null)")
                                   << QByteArray("/confidence");
    QTest::newRow("segment backwards") << QByteArray(R"("segment":{"end":62,"start":0})")
                                       << QByteArray(R"("segment":{"end":1,"start":9})") << QByteArray("/segment");
    QTest::newRow("segment missing") << QByteArray(R"("segment":)") << QByteArray(R"("other":)")
                                     << QByteArray("/segment");
    QTest::newRow("root causes sum") << QByteArray(R"("p":0.55)") << QByteArray(R"("p":0.35)")
                                     << QByteArray("/root_causes");
    QTest::newRow("no unknown") << QByteArray(R"("label":"unknown")") << QByteArray(R"("label":"aliens")")
                                << QByteArray("/root_causes");
    QTest::newRow("flags") << QByteArray(R"("flags":["security"])") << QByteArray(R"("flags":[1])")
                           << QByteArray("/flags");
    QTest::newRow("evidence") << QByteArray(R"("quote":"crashes")") << QByteArray(R"("quote":5)")
                              << QByteArray("/evidence/0/quote");
    QTest::newRow("evidence span") << QByteArray(R"("start":4})") << QByteArray(R"("start":-4})") << QByteArray("");
    QTest::newRow("condition") << QByteArray(R"("device":"Pixel 7")") << QByteArray(R"("device":7)")
                               << QByteArray("/conditions/device");
    QTest::newRow("abstained") << QByteArray(R"("abstained":false)") << QByteArray(R"("abstained":"no")")
                               << QByteArray("/abstained");
    QTest::newRow("no object") << QByteArray("{") << QByteArray(R"([{)") << QByteArray("");
}

void TestFindingJson::wrongMembersAreRefused()
{
    QFETCH(QByteArray, what);
    QFETCH(QByteArray, by);
    QFETCH(QByteArray, pointer);
    std::string text = toJson(sample());
    if (pointer.isEmpty())
        text = what == "{" ? "[" + text + "]"
                           : replaced(text, R"("quote":"crashes","start":4)", R"("quote":"crashes","start":-4)");
    else
        text = replaced(text, what.toStdString(), by.toStdString());
    QVERIFY(!text.empty());
    const auto read = findingFromJson(text);
    QVERIFY(!read);
    QVERIFY(read.error().code == ErrorCode::Protocol);
    QVERIFY2(read.error().detail.find(pointer.toStdString()) != std::string::npos, read.error().detail.c_str());
}

QTEST_GUILESS_MAIN(TestFindingJson)
#include "tst_findingjson.moc"
