#include <QtTest>

#include <rapidcheck.h>

#include "core/stages/band/band.h"

using namespace winnow;

namespace {

Banding bandOf(double priority, double confidence, const std::vector<std::string> &flags, const band::Options &options)
{
    Incident incident;
    incident.flags = flags;
    const auto output = band::run({{{&incident, priority, confidence}}}, options, {});
    return output ? output->bandings.front() : Banding();
}

band::Options shutAuto()
{
    band::Options options;
    options.reviewPriority = 25;
    options.escalatePriority = 10;
    options.autoPriority = 60;
    return options;
}

band::Options open()
{
    band::Options options = shutAuto();
    options.autoOpen = true;
    return options;
}

}

class TestBand : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void bands_data();
    void bands();
    void theNextBandIsReachedByTheChangeNamed();
    void flaggedIncidentsAreNeverAutomatic();
    void aStopIsCancelled();
};

void TestBand::bands_data()
{
    QTest::addColumn<double>("priority");
    QTest::addColumn<double>("confidence");
    QTest::addColumn<QString>("flag");
    QTest::addColumn<bool>("autoOpen");
    QTest::addColumn<int>("band");
    QTest::addColumn<QString>("reason");
    QTest::addColumn<QString>("next");
    const int automatic = int(Band::Auto), review = int(Band::Review), backlog = int(Band::Backlog), escalate = int(Band::Escalate);
    QTest::newRow("below review") << 23.4 << 0.8 << "" << false << backlog << "priority 23.40 is below 25.00"
                                  << "priority 23.40 → 25.00 moves it to review";
    QTest::newRow("at the threshold") << 25.0 << 0.1 << "" << false << review << "priority 25.00 reaches 25.00"
                                      << "priority 25.00 → 24.99 moves it to backlog";
    QTest::newRow("auto is shut") << 99.0 << 0.99 << "" << false << review << "priority 99.00 reaches 25.00"
                                  << "priority 99.00 → 24.99 moves it to backlog";
    QTest::newRow("auto is open") << 99.0 << 0.9612 << "" << true << automatic
                                  << "priority 99.00 reaches 60.00 and confidence 0.9612 reaches 0.95"
                                  << "confidence 0.9612 → 0.94 moves it to review";
    QTest::newRow("almost auto") << 59.0 << 0.9 << "" << true << review << "priority 59.00 reaches 25.00"
                                 << "priority 59.00 → 60.00 and confidence 0.90 → 0.95 move it to auto";
    QTest::newRow("escalates early") << 10.0 << 0.4 << "security" << false << escalate
                                     << "security: priority 10.00 reaches 10.00 and confidence 0.40 reaches 0.40"
                                     << "priority 10.00 → 9.99 moves it to backlog";
    QTest::newRow("the gate is shut") << 50.0 << 0.39 << "billing" << false << review << "priority 50.00 reaches 25.00"
                                      << "confidence 0.39 → 0.40 moves it to escalate";
    QTest::newRow("another flag") << 12.0 << 0.9 << "churn" << false << backlog << "priority 12.00 is below 25.00"
                                  << "priority 12.00 → 25.00 moves it to review";
}

void TestBand::bands()
{
    QFETCH(double, priority);
    QFETCH(double, confidence);
    QFETCH(QString, flag);
    QFETCH(bool, autoOpen);
    QFETCH(int, band);
    QFETCH(QString, reason);
    QFETCH(QString, next);
    const Banding banding = bandOf(priority, confidence, flag.isEmpty() ? std::vector<std::string>() : std::vector{flag.toStdString()},
                                   autoOpen ? open() : shutAuto());
    QCOMPARE(int(banding.band), band);
    QCOMPARE(QString::fromStdString(banding.reason), reason);
    QCOMPARE(QString::fromStdString(banding.nextBand), next);
}

void TestBand::theNextBandIsReachedByTheChangeNamed()
{
    const bool ok = rc::check([] {
        const band::Options options = *rc::gen::arbitrary<bool>() ? open() : shutAuto();
        double priority = *rc::gen::inRange(0, 10'001) / 100.0, confidence = *rc::gen::inRange(0, 101) / 100.0;
        const std::vector<std::string> flags = *rc::gen::arbitrary<bool>() ? std::vector<std::string>{"privacy"} : std::vector<std::string>();
        const Banding banding = bandOf(priority, confidence, flags, options);
        RC_ASSERT(!banding.nextBand.empty());
        const QString sentence = QString::fromStdString(banding.nextBand);
        const QRegularExpression change(QStringLiteral("(priority|confidence) [0-9.]+ → ([0-9.]+)"));
        for (auto it = change.globalMatch(sentence); it.hasNext();) {
            const auto match = it.next();
            (match.captured(1) == QStringLiteral("priority") ? priority : confidence) = match.captured(2).toDouble();
        }
        const Band reached = bandOf(priority, confidence, flags, options).band;
        RC_ASSERT(reached != banding.band);
        RC_ASSERT(banding.nextBand.ends_with("to " + std::string(toString(reached))));
    });
    QVERIFY(ok);
}

void TestBand::flaggedIncidentsAreNeverAutomatic()
{
    QVERIFY(bandOf(100, 1, {"security"}, open()).band == Band::Escalate);
    band::Options shut = open();
    shut.escalateConfidence = 1;
    QVERIFY(bandOf(100, 0.99, {"security"}, shut).band == Band::Review);
}

void TestBand::aStopIsCancelled()
{
    std::stop_source source;
    source.request_stop();
    const auto output = band::run({{{nullptr, 1, 1}}}, {}, source.get_token());
    QVERIFY(!output);
    QVERIFY(output.error().code == ErrorCode::Cancelled);
}

QTEST_GUILESS_MAIN(TestBand)
#include "tst_band.moc"
