#include <QtTest>
#include <rapidcheck.h>

#include "core/text/offsetmap.h"

using namespace winnow;

namespace
{

struct Changed {
    std::string original, changed;
    OffsetMap map;
};

/// A text and another made from it by random edits, deletions among them; with `insertions` also edits of nothing.
rc::Gen<Changed> changedText(bool insertions)
{
    const auto edit =
        rc::gen::tuple(rc::gen::inRange(0, 6), rc::gen::inRange(insertions ? 0 : 1, 4), rc::gen::inRange(0, 4));
    return rc::gen::map(rc::gen::container<std::vector<std::tuple<int, int, int>>>(edit),
                        [](const std::vector<std::tuple<int, int, int>> &edits) {
                            Changed made;
                            char letter = 'a';
                            for (const auto &[gap, from, to] : edits) {
                                for (int i = 0; i < gap; ++i, letter = letter == 'z' ? 'a' : char(letter + 1)) {
                                    made.original += letter;
                                    made.changed += letter;
                                }
                                if (from == 0 && to == 0)
                                    continue;
                                const auto a = std::uint32_t(made.original.size()),
                                           b = std::uint32_t(made.changed.size());
                                made.original.append(std::size_t(from), '-');
                                made.changed.append(std::size_t(to), '+');
                                made.map.add({a, a + std::uint32_t(from)}, {b, b + std::uint32_t(to)});
                            }
                            made.original += "end";
                            made.changed += "end";
                            return made;
                        });
}

}

class TestOffsetMap : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void emptyMapIsTheIdentity();
    void bordersInsideAnEditWiden();
    void untouchedSpansGoThereAndBack();
    void everySpanCoversItselfAgain();
    void bytesRoundTrip();
    void cutBytesAreRefused();
};

void TestOffsetMap::emptyMapIsTheIdentity()
{
    const OffsetMap map;
    QVERIFY(map.identity());
    QCOMPARE(map.toOriginal({2, 5}), (ByteSpan{2, 5}));
    QCOMPARE(map.toChanged({0, 0}), (ByteSpan{0, 0}));
}

void TestOffsetMap::bordersInsideAnEditWiden()
{
    OffsetMap map;
    map.add({4, 10}, {4, 6}); // "call 555123 now" with the number replaced by two bytes
    QCOMPARE(map.toOriginal({5, 8}), (ByteSpan{4, 12}));
    QCOMPARE(map.toOriginal({0, 5}), (ByteSpan{0, 10}));
    QCOMPARE(map.toOriginal({6, 8}), (ByteSpan{10, 12}));
    QCOMPARE(map.toOriginal({0, 4}), (ByteSpan{0, 4}));
    QCOMPARE(map.toChanged({5, 6}), (ByteSpan{4, 6}));
}

void TestOffsetMap::untouchedSpansGoThereAndBack()
{
    QVERIFY(rc::check([] {
        const Changed made = *changedText(true);
        std::uint32_t at = 0;
        const auto check = [&](std::uint32_t end) {
            if (end <= at)
                return;
            const ByteSpan span{at, end};
            const ByteSpan back = made.map.toOriginal(span);
            RC_ASSERT(back.of(made.original) == span.of(made.changed));
            RC_ASSERT(made.map.toChanged(back) == span);
        };
        for (const OffsetMap::Edit &edit : made.map.edits()) {
            check(edit.to.start);
            at = edit.to.end;
        }
        check(std::uint32_t(made.changed.size()));
    }));
}

void TestOffsetMap::everySpanCoversItselfAgain()
{
    QVERIFY(rc::check([] {
        const Changed made = *changedText(false);
        const auto size = int(made.changed.size());
        const auto start = std::uint32_t(*rc::gen::inRange(0, size));
        const auto end = start + 1 + std::uint32_t(*rc::gen::inRange(0, size - int(start)));
        const ByteSpan span{start, std::min<std::uint32_t>(end, std::uint32_t(size))};
        const ByteSpan back = made.map.toOriginal(span);
        RC_ASSERT(back.start <= back.end && back.end <= made.original.size());
        const ByteSpan again = made.map.toChanged(back);
        RC_ASSERT(again.contains(span));
    }));
}

void TestOffsetMap::bytesRoundTrip()
{
    QVERIFY(rc::check([] {
        const Changed made = *changedText(true);
        const auto decoded = OffsetMap::decode(made.map.encode());
        RC_ASSERT(decoded.has_value());
        RC_ASSERT(*decoded == made.map);
    }));
}

void TestOffsetMap::cutBytesAreRefused()
{
    OffsetMap map;
    map.add({300, 310}, {300, 326});
    std::string bytes = map.encode();
    bytes.pop_back();
    const auto decoded = OffsetMap::decode(bytes);
    QVERIFY(!decoded);
    QVERIFY(decoded.error().code == ErrorCode::Corrupt);
}

QTEST_GUILESS_MAIN(TestOffsetMap)
#include "tst_offsetmap.moc"
