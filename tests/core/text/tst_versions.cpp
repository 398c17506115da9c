#include <QtTest>

#include "core/text/versions.h"

using namespace winnow;

class TestVersions : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void reads_data();
    void reads();
    void textWithoutVersionIsNone_data();
    void textWithoutVersionIsNone();
    void ordersAsReleased();
    void sameVersionHoweverWritten_data();
    void sameVersionHoweverWritten();
};

void TestVersions::reads_data()
{
    QTest::addColumn<QByteArray>("text");
    QTest::addColumn<QByteArray>("tidy");
    QTest::newRow("plain") << QByteArray("9.2") << QByteArray("9.2");
    QTest::newRow("v") << QByteArray("v1.2.3") << QByteArray("1.2.3");
    QTest::newRow("V and blank") << QByteArray(" V 10.0 ") << QByteArray("10.0");
    QTest::newRow("word") << QByteArray("Version 4.5 (1234)") << QByteArray("4.5");
    QTest::newRow("app name") << QByteArray("Winnow 3.1") << QByteArray("3.1");
    QTest::newRow("beta") << QByteArray("10.0.1-beta.2") << QByteArray("10.0.1-beta.2");
    QTest::newRow("b3") << QByteArray("2.0b3") << QByteArray("2.0-beta.3");
    QTest::newRow("rc") << QByteArray("2.0 RC 1") << QByteArray("2.0-rc.1");
    QTest::newRow("build") << QByteArray("2023.10.1 build 77") << QByteArray("2023.10.1");
    QTest::newRow("plus") << QByteArray("1.4.0+9087") << QByteArray("1.4.0");
    QTest::newRow("bare number") << QByteArray("2012") << QByteArray("2012");
    QTest::newRow("zeros") << QByteArray("2.05") << QByteArray("2.05");
    QTest::newRow("other digits") << QByteArray("٣.١") << QByteArray("3.1");
    QTest::newRow("dot at the end") << QByteArray("1.2.") << QByteArray("1.2");
    QTest::newRow("device suffix") << QByteArray("5.1.2-release-arm64") << QByteArray("5.1.2");
}

void TestVersions::reads()
{
    QFETCH(QByteArray, text);
    QFETCH(QByteArray, tidy);
    QVERIFY(text::parseVersion(text.toStdString()));
    QCOMPARE(QByteArray::fromStdString(text::tidyVersion(text.toStdString())), tidy);
}

void TestVersions::textWithoutVersionIsNone_data()
{
    QTest::addColumn<QByteArray>("text");
    QTest::newRow("empty") << QByteArray("");
    QTest::newRow("word") << QByteArray("latest");
    QTest::newRow("digits inside a word") << QByteArray("android5x");
}

void TestVersions::textWithoutVersionIsNone()
{
    QFETCH(QByteArray, text);
    QVERIFY(!text::parseVersion(text.toStdString()));
    QCOMPARE(text::tidyVersion(" " + text.toStdString() + ' '), text.toStdString());
}

void TestVersions::ordersAsReleased()
{
    const char *ordered[] = {"1.9",      "1.10", "2.0-alpha.9", "2.0-beta.2", "2.0-beta.10",
                             "2.0-rc.1", "2.0",  "2.0.1",       "10.0",       "2023.1"};
    for (std::size_t i = 0; i < std::size(ordered); ++i)
        for (std::size_t j = 0; j < std::size(ordered); ++j)
            QVERIFY2((*text::parseVersion(ordered[i]) <=> *text::parseVersion(ordered[j]))
                         == std::weak_ordering(i <=> j),
                     ordered[i]);
    QVERIFY(*text::parseVersion("4.5 (1235)") > *text::parseVersion("4.5 (1234)"));
    QVERIFY(*text::parseVersion("4.5 (1235)") == *text::parseVersion("4.5"));
}

void TestVersions::sameVersionHoweverWritten_data()
{
    QTest::addColumn<QByteArray>("a");
    QTest::addColumn<QByteArray>("b");
    QTest::newRow("zeros at the end") << QByteArray("2.0.0") << QByteArray("v2");
    QTest::newRow("leading zeros") << QByteArray("2.05") << QByteArray("2.5");
    QTest::newRow("beta") << QByteArray("3.0b1") << QByteArray("3.0-beta.1");
    QTest::newRow("too long") << QByteArray("99999999999999999999999") << QByteArray("999999999999999999");
}

void TestVersions::sameVersionHoweverWritten()
{
    QFETCH(QByteArray, a);
    QFETCH(QByteArray, b);
    QVERIFY(*text::parseVersion(a.toStdString()) == *text::parseVersion(b.toStdString()));
}

QTEST_GUILESS_MAIN(TestVersions)
#include "tst_versions.moc"
