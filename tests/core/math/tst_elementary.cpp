#include <bit>
#include <cmath>
#include <limits>

#include <QtTest>
#include <rapidcheck.h>

#include "core/math/elementary.h"

using namespace winnow;

namespace
{

/// Distance in units of the last place of the true value, computed in long double.
double ulps(double got, long double want)
{
    const double rounded = double(want);
    const double unit =
        std::nextafter(std::fabs(rounded), std::numeric_limits<double>::infinity()) - std::fabs(rounded);
    return double(std::fabs((long double)(got)-want) / unit);
}

}

class TestElementary : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void logIsWithinTwoUnits();
    void expIsWithinTwoUnits();
    void bordersAreAsTheStandardSays();
    void expUndoesLog();
    void lastBitsAreFixed();
    void logGammaCountsFactorials();
    void logisticIsSymmetric();
    void round6RoundsHalvesAway();
};

void TestElementary::logIsWithinTwoUnits()
{
    double worst = 0;
    for (int i = 1; i < 20000; ++i)
        for (const double x :
             {i * 1e-4, i * 0.37, std::ldexp(1.0 + i * 1e-5, i % 2000 - 1000), 1 + i * 1e-9, 1 - i * 1e-9})
            if (x > 0 && x != 1)
                worst = std::max(worst, ulps(math::log(x), std::log((long double)(x))));
    QVERIFY2(worst < 2, qPrintable(QString::number(worst)));
}

void TestElementary::expIsWithinTwoUnits()
{
    double worst = 0;
    for (int i = -70000; i <= 70000; ++i)
        for (const double x : {i * 0.01, i * 1e-5, i * 1e-9})
            worst = std::max(worst, ulps(math::exp(x), std::exp((long double)(x))));
    QVERIFY2(worst < 2, qPrintable(QString::number(worst)));
}

void TestElementary::bordersAreAsTheStandardSays()
{
    const double infinity = std::numeric_limits<double>::infinity();
    QCOMPARE(math::log(1.0), 0.0);
    QCOMPARE(math::log(0.0), -infinity);
    QVERIFY(std::isnan(math::log(-1.0)));
    QCOMPARE(math::log(infinity), infinity);
    QVERIFY(std::fabs(math::log(5e-324) + 744.4400719213812) < 1e-12);
    QCOMPARE(math::exp(0.0), 1.0);
    QCOMPARE(math::exp(-1000.0), 0.0);
    QCOMPARE(math::exp(1000.0), infinity);
    QVERIFY(math::exp(-745.0) > 0);
    QVERIFY(std::isnan(math::exp(std::numeric_limits<double>::quiet_NaN())));
    QCOMPARE(math::power(0, 0), 1.0);
    QCOMPARE(math::power(0, 2), 0.0);
    QCOMPARE(math::log1p(0.0), 0.0);
    QCOMPARE(math::log1p(1e-20), 1e-20);
}

void TestElementary::expUndoesLog()
{
    QVERIFY(rc::check([](std::int32_t mantissa) {
        const double x = 1e-3 + std::fabs(double(mantissa)) * 1e-4;
        RC_ASSERT(std::fabs(math::exp(math::log(x)) / x - 1) < 1e-14);
    }));
}

void TestElementary::lastBitsAreFixed()
{
    // recorded from this code: another compiler or CPU must give the same bits
    quint64 hash = 1469598103934665603ull;
    for (int i = 1; i <= 1000; ++i)
        for (const double value : {math::log(i * 0.731), math::exp(i * 0.0537 - 20), math::log1p(i * 1e-3),
                                   math::power(i * 0.01, 0.6), math::logistic(i * 0.02 - 10), math::logGamma(i * 0.3)})
            hash = (hash ^ std::bit_cast<quint64>(value)) * 1099511628211ull;
    QCOMPARE(hash, 1663586270936138736ull);
}

void TestElementary::logGammaCountsFactorials()
{
    double factorial = 1;
    for (int n = 1; n <= 20; ++n) {
        factorial *= n;
        QVERIFY(std::fabs(math::logGamma(n + 1) - std::log(factorial)) < 1e-12 * std::max(1.0, std::log(factorial)));
    }
    for (const double x : {0.1, 0.5, 3.7, 1234.5, 1e9})
        QVERIFY(std::fabs(math::logGamma(x) / double(std::lgamma((long double)(x))) - 1) < 1e-12);
}

void TestElementary::logisticIsSymmetric()
{
    QCOMPARE(math::logistic(0), 0.5);
    QCOMPARE(math::logistic(-1000), 0.0);
    QCOMPARE(math::logistic(1000), 1.0);
    for (int i = 0; i < 100; ++i)
        QVERIFY(std::fabs(math::logistic(i * 0.3) + math::logistic(-i * 0.3) - 1) < 1e-15);
}

void TestElementary::round6RoundsHalvesAway()
{
    QCOMPARE(math::round6(0.12345649), 0.123456);
    QCOMPARE(math::round6(0.1234565), 0.123457);
    QCOMPARE(math::round6(-0.1234565), -0.123457);
    QVERIFY(!std::signbit(math::round6(-1e-9)));
}

QTEST_GUILESS_MAIN(TestElementary)
#include "tst_elementary.moc"
