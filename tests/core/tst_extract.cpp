#include <QtTest/QTest>

#include <cmath>
#include <limits>

#include "core/base/hash.h"
#include "core/stages/extract/extract.h"

using namespace winnow;

namespace
{

/// Answers what it was told to.
class FakeExtractor : public Extractor
{
public:
    std::string version() const override { return "fake-1"; }
    Result<std::vector<std::vector<Finding>>> extract(std::span<const ExtractionRequest>, std::stop_token) override
    {
        return answer;
    }
    Result<std::vector<std::vector<Finding>>> answer;
};

const std::string kText = "The app crashes für ⟦PERSON_7f3k2m9q⟧ daily";

Finding good()
{
    Finding finding;
    finding.segment = {0, std::uint32_t(kText.size())};
    finding.type = IssueType::Bug;
    finding.symptom = "crash";
    finding.suggestedAction = "Reproduce";
    finding.component = "app start";
    finding.componentP = 0.7;
    finding.severity = Severity::High;
    finding.severityP = 0.6;
    finding.rootCauses = {{"out of memory", 0.6, "taxonomy"}, {"unknown", 0.4, ""}};
    finding.evidence = {{{8, 15}, "crashes", {"symptom", "type"}}};
    finding.confidence = 0.8;
    return finding;
}

Result<extract::Output> ask(Result<std::vector<std::vector<Finding>>> answer, std::stop_token stop = {})
{
    FakeExtractor extractor;
    extractor.answer = std::move(answer);
    extract::Input input;
    ExtractionRequest request;
    request.text = kText;
    request.segments = {{{0, std::uint32_t(kText.size())}, true}};
    input.items.push_back(request);
    return extract::run(input, {}, {extractor}, stop);
}

Finding checked(const Finding &finding)
{
    const auto output = ask({{{finding}}});
    return output ? output->items[0][0] : Finding{};
}

double sumOf(const std::vector<RootCause> &causes)
{
    double sum = 0;
    for (const RootCause &cause : causes)
        sum += cause.p;
    return sum;
}

}

class TestExtract : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void whatIsTrueStays();
    void aQuoteThatIsNotFoundVoidsWhatItSupports_data();
    void aQuoteThatIsNotFoundVoidsWhatItSupports();
    void anotherQuoteKeepsWhatItSupports();
    void aFirmFindingWithoutEvidenceAbstains();
    void rootCausesSumToOne_data();
    void rootCausesSumToOne();
    void numbersAreRounded();
    void anotherShapeIsAProtocolError_data();
    void anotherShapeIsAProtocolError();
    void errorsOfTheEnginePass();
    void aStopIsAnError();
};

void TestExtract::whatIsTrueStays()
{
    Finding wanted = good();
    wanted.textHash = hex(sha256(kText));
    QVERIFY(checked(good()) == wanted);
}

void TestExtract::aQuoteThatIsNotFoundVoidsWhatItSupports_data()
{
    QTest::addColumn<int>("start");
    QTest::addColumn<int>("end");
    QTest::addColumn<QByteArray>("quote");
    QTest::newRow("other words") << 8 << 15 << QByteArray("crashed");
    QTest::newRow("other place") << 7 << 14 << QByteArray("crashes");
    QTest::newRow("outside") << 8 << 900 << QByteArray("crashes");
    QTest::newRow("empty") << 8 << 8 << QByteArray("");
    QTest::newRow("backwards") << 15 << 8 << QByteArray("crashes");
    const int umlaut = int(kText.find("ü"));
    QTest::newRow("inside a character") << umlaut + 1 << umlaut + 3
                                        << QByteArray::fromStdString(kText.substr(std::size_t(umlaut) + 1, 2));
    const int open = int(kText.find("⟦"));
    QTest::newRow("half a placeholder") << open << open + 9
                                        << QByteArray::fromStdString(kText.substr(std::size_t(open), 9));
    QTest::newRow("a placeholder's tail")
        << open + 3 << int(kText.size()) << QByteArray::fromStdString(kText.substr(std::size_t(open) + 3));
}

void TestExtract::aQuoteThatIsNotFoundVoidsWhatItSupports()
{
    QFETCH(int, start);
    QFETCH(int, end);
    QFETCH(QByteArray, quote);
    Finding finding = good();
    finding.evidence = {{{std::uint32_t(start), std::uint32_t(end)},
                         quote.toStdString(),
                         {"symptom", "component", "severity", "type"}}};
    const Finding voided = checked(finding);
    QVERIFY(voided.evidence.empty());
    QVERIFY(voided.symptom.empty());
    QVERIFY(voided.suggestedAction.empty());
    QVERIFY(voided.component.empty());
    QCOMPARE(voided.componentP, 0.0);
    QVERIFY(voided.severity == Severity::None);
    QVERIFY(voided.abstained);
}

void TestExtract::anotherQuoteKeepsWhatItSupports()
{
    Finding finding = good();
    finding.evidence.push_back({{0, 3}, "not there", {"symptom", "component"}});
    const Finding kept = checked(finding);
    QCOMPARE(kept.evidence.size(), std::size_t(1));
    QVERIFY(kept.symptom == "crash");
    QVERIFY(kept.component.empty());
    QVERIFY(!kept.abstained);
}

void TestExtract::aFirmFindingWithoutEvidenceAbstains()
{
    Finding finding = good();
    finding.evidence.clear();
    QVERIFY(checked(finding).abstained);
    finding.type = IssueType::Praise;
    QVERIFY(!checked(finding).abstained);
}

void TestExtract::rootCausesSumToOne_data()
{
    QTest::addColumn<double>("a");
    QTest::addColumn<double>("b");
    QTest::addColumn<double>("unknown");
    const double nan = std::numeric_limits<double>::quiet_NaN();
    QTest::newRow("they do") << 0.5 << 0.2 << 0.3;
    QTest::newRow("too little") << 0.1 << 0.1 << 0.1;
    QTest::newRow("too much") << 0.9 << 0.9 << 0.9;
    QTest::newRow("thirds") << 1.0 / 3 << 1.0 / 3 << 1.0 / 3;
    QTest::newRow("all without unknown") << 0.7 << 0.3 << 0.0;
    QTest::newRow("negative and more than one") << -1.0 << 7.0 << 0.0;
    QTest::newRow("no number") << nan << 0.4 << nan;
    QTest::newRow("nothing") << 0.0 << 0.0 << 0.0;
}

void TestExtract::rootCausesSumToOne()
{
    QFETCH(double, a);
    QFETCH(double, b);
    QFETCH(double, unknown);
    Finding finding = good();
    finding.rootCauses = {{"a", a, ""}, {"b", b, ""}};
    if (unknown > 0 || std::isnan(unknown))
        finding.rootCauses.push_back({"unknown", unknown, ""});
    finding.rootCauses.push_back({"a", 0, ""}); // a second time
    const Finding result = checked(finding);
    QCOMPARE(result.rootCauses.size(), std::size_t(3));
    QVERIFY(result.rootCauses.back().label == "unknown");
    QVERIFY(std::abs(sumOf(result.rootCauses) - 1) < 1e-9);
    for (const RootCause &cause : result.rootCauses)
        QVERIFY(cause.p >= 0 && cause.p <= 1);
    QVERIFY(result.rootCauses[0].p >= result.rootCauses[1].p);
}

void TestExtract::numbersAreRounded()
{
    Finding finding = good();
    finding.confidence = 0.12345678;
    finding.componentP = 3;
    finding.severityP = -1;
    finding.types = {{"bug", 0.99999999}};
    finding.flags = {"security", "billing", "security"};
    const Finding result = checked(finding);
    QCOMPARE(result.confidence, 0.123457);
    QCOMPARE(result.componentP, 1.0);
    QCOMPARE(result.severityP, 0.0);
    QCOMPARE(result.types[0].p, 1.0);
    QVERIFY((result.flags == std::vector<std::string>{"billing", "security"}));
}

void TestExtract::anotherShapeIsAProtocolError_data()
{
    QTest::addColumn<int>("shape");
    QTest::newRow("no answer") << 0;
    QTest::newRow("too many answers") << 1;
    QTest::newRow("no finding for the segment") << 2;
    QTest::newRow("another segment") << 3;
}

void TestExtract::anotherShapeIsAProtocolError()
{
    QFETCH(int, shape);
    Finding other = good();
    other.segment = {1, 5};
    const std::vector<std::vector<std::vector<Finding>>> shapes{{}, {{good()}, {good()}}, {{}}, {{other}}};
    const auto output = ask(shapes[std::size_t(shape)]);
    QVERIFY(!output);
    QVERIFY(output.error().code == ErrorCode::Protocol);
}

void TestExtract::errorsOfTheEnginePass()
{
    const auto output = ask(fail(ErrorCode::Timeout, "slow"));
    QVERIFY(!output);
    QVERIFY(output.error() == (Error{ErrorCode::Timeout, "slow"}));
}

void TestExtract::aStopIsAnError()
{
    std::stop_source source;
    source.request_stop();
    const auto output = ask({{{good()}}}, source.get_token());
    QVERIFY(!output);
    QVERIFY(output.error().code == ErrorCode::Cancelled);
}

QTEST_GUILESS_MAIN(TestExtract)
#include "tst_extract.moc"
