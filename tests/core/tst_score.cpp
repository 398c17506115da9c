#include <QtTest>

#include <cmath>

#include <rapidcheck.h>

#include "core/stages/score/score.h"

using namespace winnow;

namespace {

const TimePoint kAsOf = *parseTime("2026-02-01T00:00:00.000Z");

Incident incident()
{
    Incident i;
    i.id = IncidentId("i");
    i.severity = Severity::Medium;
    i.reports = i.authors = 12;
    i.ofAuthors = 400;
    i.planTiers = {{"free", 12}};
    i.newestAt = kAsOf - std::chrono::days(10);
    i.channels = {{"google_play", 12}};
    i.confidence = 0.6;
    return i;
}

Score scoreOf(const Incident &i, const score::Options &options = {})
{
    const auto output = score::run({{i}, kAsOf}, options, {});
    return output ? output->scores.front() : Score();
}

double priorityOf(const Incident &i) { return scoreOf(i).priority; }

const Factor &factor(const Score &score, const std::string &name)
{
    for (const Factor &f : score.factors)
        if (f.name == name)
            return f;
    static const Factor kNone{"none", -1, 0};
    return kNone;
}

Incident arbitrary()
{
    Incident i = incident();
    i.severity = Severity(*rc::gen::inRange(0, 5));
    i.authors = *rc::gen::inRange(1u, 5'000u);
    i.reports = i.authors + *rc::gen::inRange(0u, 100u);
    i.ofAuthors = *rc::gen::element(0u, 1u, 100u, 50'000u);
    i.planTiers = {{"free", *rc::gen::inRange(0u, 50u)}, {"pro", *rc::gen::inRange(0u, 50u)}};
    i.revenue = *rc::gen::inRange(0, 2'000'000);
    i.newestAt = kAsOf + std::chrono::hours(*rc::gen::inRange(-20'000, 2'000));
    i.confidence = *rc::gen::inRange(0, 101) / 100.0;
    if (*rc::gen::arbitrary<bool>())
        i.flags = {"churn"};
    if (*rc::gen::arbitrary<bool>())
        i.signals = {{"errors", *rc::gen::inRange(-50, 50) / 10.0}};
    return i;
}

}

class TestScore : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void emptyIncidentIsAnError();
    void stopIsCancelled();
    void sharesAddUpToThePriority();
    void nothingSpeaksAgainstIt();
    void halfLifeHalvesRecency();
    void aLaterRecordHasAgeZero();
    void confidenceOnlyGatesFlaggedIncidents_data();
    void confidenceOnlyGatesFlaggedIncidents();
    void churnIsNoGate();
    void tiersAreReadByTheirWords_data();
    void tiersAreReadByTheirWords();
    void weightsOfZeroSwitchFactorsOff();
    void moreOfAnythingNeverLowersThePriority();
    void factorsStayInTheirRange();
};

void TestScore::emptyIncidentIsAnError()
{
    const auto result = score::run({{Incident{}}, kAsOf}, {}, {});
    QVERIFY(!result);
    QVERIFY(result.error().code == ErrorCode::InvalidInput);
}

void TestScore::stopIsCancelled()
{
    std::stop_source source;
    source.request_stop();
    const auto result = score::run({{incident()}, kAsOf}, {}, source.get_token());
    QVERIFY(!result);
    QVERIFY(result.error().code == ErrorCode::Cancelled);
}

void TestScore::sharesAddUpToThePriority()
{
    const Score score = scoreOf(incident());
    QCOMPARE(score.factors.size(), std::size_t(6));
    double sum = 0;
    for (const Factor &f : score.factors)
        sum += f.log;
    QVERIFY(std::abs(100 * std::exp(sum) - score.priority) <= 0.005 + 1e-9);
    QVERIFY(std::abs(factor(score, "severity").log - 0.5 * std::log(0.4)) < 1e-6);
    QVERIFY(score.overrideReason.empty());
}

void TestScore::nothingSpeaksAgainstIt()
{
    Incident i = incident();
    i.severity = Severity::Critical;
    i.authors = i.ofAuthors = i.reports = 20'000;
    i.planTiers = {{"enterprise", 20'000}};
    i.revenue = 1e9;
    i.newestAt = kAsOf;
    i.confidence = 1;
    const double priority = priorityOf(i);
    QVERIFY(priority > 85 && priority <= 100);
}

void TestScore::halfLifeHalvesRecency()
{
    Incident i = incident();
    i.newestAt = kAsOf - std::chrono::days(30);
    QCOMPARE(factor(scoreOf(i), "recency").value, 0.5);
    score::Options slow;
    slow.halfLifeDays = 60;
    QCOMPARE(factor(scoreOf(i, slow), "recency").value, 0.707107);
}

void TestScore::aLaterRecordHasAgeZero()
{
    Incident i = incident();
    i.newestAt = kAsOf + std::chrono::days(3);
    QCOMPARE(factor(scoreOf(i), "recency").value, 1.0);
}

void TestScore::confidenceOnlyGatesFlaggedIncidents_data()
{
    QTest::addColumn<QString>("flag");
    for (const char *flag : {"security", "privacy", "billing", "regulatory"})
        QTest::newRow(flag) << QString::fromUtf8(flag);
}

void TestScore::confidenceOnlyGatesFlaggedIncidents()
{
    QFETCH(QString, flag);
    Incident i = incident();
    const double unflagged = priorityOf(i);
    i.flags = {flag.toStdString()};
    const Score score = scoreOf(i);
    QVERIFY(score.priority > unflagged);
    QCOMPARE(factor(score, "confidence").log, 0.0);
    QCOMPARE(factor(score, "confidence").value, 0.6);
    QCOMPARE(score.overrideReason, flag.toStdString() + ": confidence gates only");
    i.confidence = 0.1;
    QCOMPARE(priorityOf(i), score.priority);
}

void TestScore::churnIsNoGate()
{
    Incident i = incident();
    const double without = priorityOf(i);
    i.flags = {"churn", "legal_threat"};
    QCOMPARE(priorityOf(i), without);
}

void TestScore::tiersAreReadByTheirWords_data()
{
    QTest::addColumn<QString>("tier");
    QTest::addColumn<double>("weight");
    QTest::newRow("free") << "free" << 0.0;
    QTest::newRow("unknown word") << "tier 7" << 0.0;
    QTest::newRow("empty") << "" << 0.0;
    QTest::newRow("pro") << "pro" << 0.5;
    QTest::newRow("decorated") << "PRO_monthly" << 0.5;
    QTest::newRow("the best word counts") << "Enterprise Basic" << 1.0;
    QTest::newRow("part of a word does not") << "prototype" << 0.0;
}

void TestScore::tiersAreReadByTheirWords()
{
    QFETCH(QString, tier);
    QFETCH(double, weight);
    QCOMPARE(score::tierWeight(tier.toStdString()), weight);
}

void TestScore::weightsOfZeroSwitchFactorsOff()
{
    const score::Options off{0, 0, 0, 0, 0, 0, 14};
    QCOMPARE(scoreOf(incident(), off).priority, 100.0);
}

void TestScore::moreOfAnythingNeverLowersThePriority()
{
    const bool ok = rc::check([] {
        const Incident before = arbitrary();
        Incident after = before;
        switch (*rc::gen::inRange(0, 9)) {
        case 0:
            if (after.severity != Severity::Critical)
                after.severity = Severity(int(after.severity) - 1);
            break;
        case 1: {
            const auto more = *rc::gen::inRange(1u, 2'000u);
            after.authors += more;
            after.reports += more;
            after.planTiers["free"] += more;
            if (after.ofAuthors > 0)
                after.ofAuthors = std::max(after.ofAuthors, after.authors);
            break;
        }
        case 2:
            if (after.planTiers["free"] > 0) {
                --after.planTiers["free"];
                ++after.planTiers["enterprise"];
            }
            break;
        case 3:
            after.revenue += *rc::gen::inRange(1, 1'000'000);
            break;
        case 4:
            *after.newestAt += std::chrono::hours(*rc::gen::inRange(1, 5'000));
            break;
        case 5:
            after.confidence = std::min(1.0, after.confidence + *rc::gen::inRange(1, 50) / 100.0);
            break;
        case 6:
            after.channels["zendesk"] = 1;
            break;
        case 7:
            after.signals.push_back({"payments", *rc::gen::inRange(-60, 60) / 10.0});
            break;
        default:
            after.flags.push_back(*rc::gen::element<std::string>("security", "privacy", "billing", "regulatory"));
            break;
        }
        RC_ASSERT(priorityOf(after) >= priorityOf(before));
    });
    QVERIFY(ok);
}

void TestScore::factorsStayInTheirRange()
{
    const bool ok = rc::check([] {
        const Score score = scoreOf(arbitrary());
        RC_ASSERT(score.priority >= 0 && score.priority <= 100);
        RC_ASSERT(std::abs(score.priority * 100 - std::round(score.priority * 100)) < 1e-6);
        for (const Factor &f : score.factors)
            RC_ASSERT(f.value >= 0.01 && f.value <= 1 && f.log <= 0);
    });
    QVERIFY(ok);
}

QTEST_GUILESS_MAIN(TestScore)
#include "tst_score.moc"
