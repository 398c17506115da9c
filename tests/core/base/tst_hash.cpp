#include <QtTest>

#include <QCryptographicHash>
#include <QMessageAuthenticationCode>

#include <rapidcheck.h>

#include "core/base/hash.h"
#include "core/base/sha256blocks.h"

using namespace winnow;

namespace
{

QByteArray hexOf(const Digest &digest)
{
    return QByteArray::fromStdString(hex(digest));
}

}

class TestHash : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void knownAnswers_data()
    {
        QTest::addColumn<QByteArray>("text");
        QTest::addColumn<QByteArray>("digest");
        QTest::newRow("empty") << QByteArray()
                               << QByteArray("e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
        QTest::newRow("abc") << QByteArray("abc")
                             << QByteArray("ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
        QTest::newRow("two blocks") << QByteArray("abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq")
                                    << QByteArray("248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1");
    }
    void knownAnswers()
    {
        QFETCH(QByteArray, text);
        QFETCH(QByteArray, digest);
        QCOMPARE(hexOf(sha256({text.data(), std::size_t(text.size())})), digest);
    }

    void everyLengthAgreesWithAnotherImplementation()
    {
        QByteArray text;
        for (int i = 0; i < 300; ++i) {
            QCOMPARE(hexOf(sha256({text.data(), std::size_t(text.size())})),
                     QCryptographicHash::hash(text, QCryptographicHash::Sha256).toHex());
            text += char(i * 37);
        }
    }

    void piecesDoNotMatter()
    {
        QVERIFY(rc::check([](const std::vector<std::string> &pieces) {
            Sha256 hash;
            std::string whole;
            for (const std::string &piece : pieces) {
                hash.add(piece);
                whole += piece;
            }
            RC_ASSERT(hash.finish() == sha256(whole));
        }));
    }

    void theProcessorsInstructionsGiveTheSame()
    {
        const Sha256Blocks native = sha256BlocksNative();
        if (!native)
            QSKIP("this processor has none");
        QVERIFY(rc::check([native] {
            const auto blocks = *rc::gen::inRange<std::size_t>(1, 9);
            const auto data =
                *rc::gen::container<std::vector<std::uint8_t>>(blocks * 64, rc::gen::arbitrary<std::uint8_t>());
            auto plain = *rc::gen::container<std::vector<std::uint32_t>>(8, rc::gen::arbitrary<std::uint32_t>());
            auto fast = plain;
            sha256BlocksPlain(plain.data(), data.data(), blocks);
            native(fast.data(), data.data(), blocks);
            RC_ASSERT(plain == fast);
        }));
    }

    void macsAgreeWithAnotherImplementation()
    {
        QVERIFY(rc::check([](const Digest &key, const std::string &text) {
            const QByteArray rawKey(reinterpret_cast<const char *>(key.data()), qsizetype(key.size()));
            RC_ASSERT(
                hexOf(hmacSha256(key, text))
                == QMessageAuthenticationCode::hash(QByteArray::fromStdString(text), rawKey, QCryptographicHash::Sha256)
                       .toHex());
        }));
    }
};

QTEST_GUILESS_MAIN(TestHash)
#include "tst_hash.moc"
