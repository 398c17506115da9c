#include <QTest>

#include <zlib.h>

#include "core/base/bytereader.h"
#include "core/base/packed.h"

using namespace winnow;

class TestByteReader : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void numbersAreLittleEndian()
    {
        ByteReader bytes(std::string_view("\x01\x02\x03\xff\xff\xac\x02z", 8));
        QCOMPARE(bytes.number<std::uint8_t>(), std::uint8_t(1));
        QCOMPARE(bytes.number<std::uint16_t>(), std::uint16_t(0x0302));
        QCOMPARE(bytes.number<std::int16_t>(), std::int16_t(-1));
        QCOMPARE(bytes.varint(), 300u);
        QCOMPARE(bytes.bytes(1), std::string_view("z"));
        QVERIFY(bytes.atEnd() && !bytes.failed());
    }

    void whatIsNotThereFailsForGood()
    {
        ByteReader bytes("abc");
        QCOMPARE(bytes.number<std::uint32_t>(), 0u);
        QVERIFY(bytes.failed());
        QCOMPARE(bytes.number<std::uint8_t>(), std::uint8_t(0));
        QVERIFY(!bytes.has(0, 1));
        QVERIFY(!ByteReader("abc").has(2, 2));
        QVERIFY(ByteReader("abcd").has(2, 2));
        ByteReader endless("\xff\xff\xff\xff\xff\x01");
        static_cast<void>(endless.varint());
        QVERIFY(endless.failed());
    }

    void damagedOrLargerIsNotUnpacked()
    {
        const std::string plain(100'000, 'x');
        std::string packed(compressBound(plain.size()), '\0');
        uLongf size = packed.size();
        compress(reinterpret_cast<Bytef *>(packed.data()), &size, reinterpret_cast<const Bytef *>(plain.data()),
                 plain.size());
        packed.resize(size);
        QVERIFY(unpacked(packed, 1 << 20) == plain);
        QVERIFY(!unpacked(packed, 1000));
        QVERIFY(!unpacked(packed.substr(0, packed.size() - 4), 1 << 20));
        QVERIFY(!unpacked("no such thing", 1 << 20));
        packed.back() = char(packed.back() ^ 0x55);
        QVERIFY(!unpacked(packed, 1 << 20));
    }
};

QTEST_GUILESS_MAIN(TestByteReader)
#include "tst_bytereader.moc"
