#include <QtTest>
#include <rapidcheck.h>

#include "core/text/utf8.h"

using namespace winnow;

class TestUtf8 : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void soundness_data();
    void soundness();
    void repairKeepsSoundText();
    void repairedTextIsAlwaysSound();
    void decodingGoesBothWays();
    void prefixCutsNoCharacter();
    void trimKnowsEveryWhiteSpace();
};

void TestUtf8::soundness_data()
{
    QTest::addColumn<QByteArray>("bytes");
    QTest::addColumn<QByteArray>("repaired");
    const QByteArray r = "\xef\xbf\xbd";
    QTest::newRow("ascii") << QByteArray("plain text, longer than a word")
                           << QByteArray("plain text, longer than a word");
    QTest::newRow("2 to 4 bytes") << QByteArray("é€😀") << QByteArray("é€😀");
    QTest::newRow("lone continuation") << QByteArray("a\x80"
                                                     "b")
                                       << "a" + r + "b";
    QTest::newRow("overlong slash") << QByteArray("\xc0\xaf") << r + r;
    QTest::newRow("surrogate") << QByteArray("\xed\xa0\x80") << r + r + r;
    QTest::newRow("above the last") << QByteArray("\xf4\x90\x80\x80") << r + r + r + r;
    QTest::newRow("cut off") << QByteArray("a\xe2\x82") << "a" + r;
    QTest::newRow("cut off, then more") << QByteArray("\xf0\x9f\x98"
                                                      "x")
                                        << r + "x";
    QTest::newRow("latin 1") << QByteArray("caf\xe9 noir") << "caf" + r + " noir";
}

void TestUtf8::soundness()
{
    QFETCH(QByteArray, bytes);
    QFETCH(QByteArray, repaired);
    const std::string text = bytes.toStdString();
    QCOMPARE(text::isUtf8(text), bytes == repaired);
    QCOMPARE(QByteArray::fromStdString(text::repaired(text)), repaired);
}

void TestUtf8::repairKeepsSoundText()
{
    QVERIFY(rc::check([](const std::vector<std::uint32_t> &values) {
        std::string text;
        for (const std::uint32_t value : values) {
            const char32_t c = value % 0x110000;
            text::append(text, c >= 0xd800 && c < 0xe000 ? U' ' : c);
        }
        RC_ASSERT(text::isUtf8(text));
        RC_ASSERT(text::repaired(text) == text);
        RC_ASSERT(text::length(text) == values.size());
    }));
}

void TestUtf8::repairedTextIsAlwaysSound()
{
    QVERIFY(rc::check([](const std::string &bytes) {
        const std::string fixed = text::repaired(bytes);
        RC_ASSERT(text::isUtf8(fixed));
        RC_ASSERT(text::isUtf8(bytes) == (fixed == bytes));
    }));
}

void TestUtf8::decodingGoesBothWays()
{
    const std::string text = "aé€😀";
    std::vector<char32_t> forward, backward;
    for (std::size_t at = 0; at < text.size();)
        forward.push_back(text::decode(text, at));
    for (std::size_t at = text.size(); at > 0;)
        backward.insert(backward.begin(), text::decodeBefore(text, at));
    QCOMPARE(forward, (std::vector<char32_t>{U'a', U'é', U'€', U'😀'}));
    QCOMPARE(backward, forward);
}

void TestUtf8::prefixCutsNoCharacter()
{
    QCOMPARE(text::prefix("a€b", 3), std::string_view("a"));
    QCOMPARE(text::prefix("a€b", 4), std::string_view("a€"));
    QCOMPARE(text::prefix("a€b", 9), std::string_view("a€b"));
    QCOMPARE(text::prefix("€", 2), std::string_view());
}

void TestUtf8::trimKnowsEveryWhiteSpace()
{
    QCOMPARE(text::trimmed(" \t\n\u00a0\u3000a b\u2003\r\n"), std::string_view("a b"));
    QCOMPARE(text::trimmed("\u2028\u0085"), std::string_view());
    QCOMPARE(text::trimmed(""), std::string_view());
}

QTEST_GUILESS_MAIN(TestUtf8)
#include "tst_utf8.moc"
