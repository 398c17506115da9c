#include <QtTest>
#include <rapidcheck.h>

#include "core/text/unicode.h"
#include "core/text/utf8.h"

using namespace winnow;

namespace
{

using Pieces = std::vector<std::string_view>;

Pieces pieces(const std::vector<ByteSpan> &spans, std::string_view text)
{
    Pieces list;
    for (const ByteSpan span : spans)
        list.push_back(span.of(text));
    return list;
}

/// Text with what normalisation touches: combining marks, Hangul parts, compatibility letters, emoji.
rc::Gen<std::string> oddText()
{
    const auto character = rc::gen::element<char32_t>(U'a', U'e', U' ', U'.', U'\u0301', U'\u0323', U'é', U'\u1100',
                                                      U'\u1161', U'\u11a8', U'\u212b', U'ﬁ', U'😀', U'ß', U'İ', U'\n');
    return rc::gen::map(rc::gen::container<std::vector<char32_t>>(character),
                        [](const std::vector<char32_t> &characters) {
                            std::string text;
                            for (const char32_t c : characters)
                                text::append(text, c);
                            return text;
                        });
}

}

class TestUnicode : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void nfcComposes();
    void nfcMapLeadsBack();
    void nfcBordersStandOnCharacters();
    void foldingComparesAlike();
    void digitsOfOtherScriptsBecomeAscii();
    void breaksCutWhereReadersDo();
    void breaksTileTheText();
    void classesOfCharacters();
};

void TestUnicode::nfcComposes()
{
    QVERIFY(text::isNfc("plain"));
    QVERIFY(text::isNfc("é"));
    QVERIFY(!text::isNfc("e\u0301"));
    QCOMPARE(text::nfc("Cafe\u0301 \u212b"), std::string("Café Å"));
}

void TestUnicode::nfcMapLeadsBack()
{
    const std::string original = "le cafe\u0301 noir";
    OffsetMap map;
    const std::string changed = text::nfc(original, &map);
    const auto start = std::uint32_t(changed.find("café"));
    const ByteSpan back = map.toOriginal({start, start + 5});
    QCOMPARE(back.of(original), std::string_view("cafe\u0301"));
    const auto noir = std::uint32_t(changed.find("noir"));
    QCOMPARE(map.toOriginal({noir, noir + 4}).of(original), std::string_view("noir"));
}

void TestUnicode::nfcBordersStandOnCharacters()
{
    QVERIFY(rc::check([] {
        const std::string original = *oddText();
        OffsetMap map;
        const std::string changed = text::nfc(original, &map);
        RC_ASSERT(text::isNfc(changed));
        std::size_t at = 0, from = 0;
        std::string rebuilt;
        for (const OffsetMap::Edit &edit : map.edits()) {
            RC_ASSERT(text::isBorder(original, edit.from.start) && text::isBorder(original, edit.from.end));
            RC_ASSERT(text::isBorder(changed, edit.to.start) && text::isBorder(changed, edit.to.end));
            RC_ASSERT(original.substr(from, edit.from.start - from) == changed.substr(at, edit.to.start - at));
            RC_ASSERT(text::nfc(edit.from.of(original)) == edit.to.of(changed));
            from = edit.from.end;
            at = edit.to.end;
        }
        RC_ASSERT(original.substr(from) == changed.substr(at));
    }));
}

void TestUnicode::foldingComparesAlike()
{
    QCOMPARE(text::foldCase("STRASSE"), text::foldCase("Straße"));
    QCOMPARE(text::foldCompat("ＡＢＣ\u200b①"), std::string("abc1"));
    QCOMPARE(text::lower("ÀÉ Straße"), std::string("àé straße"));
}

void TestUnicode::digitsOfOtherScriptsBecomeAscii()
{
    QCOMPARE(text::asciiDigits("٣٤ ４5 x²"), std::string("34 45 x²"));
    QCOMPARE(text::digitValue(U'九'), -1);
    QCOMPARE(text::digitValue(U'७'), 7);
}

void TestUnicode::breaksCutWhereReadersDo()
{
    const std::string family = "a👨‍👩‍👧e\u0301";
    QCOMPARE(pieces(text::graphemes(family), family), (Pieces{"a", "👨‍👩‍👧", "e\u0301"}));
    const std::string words = "It's 3.5 stars, 世界!";
    QCOMPARE(pieces(text::words(words), words), (Pieces{"It's", "3.5", "stars", "世界"}));
    const std::string sentences = "It works. Really? Yes!";
    QCOMPARE(pieces(text::sentences(sentences, "en"), sentences), (Pieces{"It works. ", "Really? ", "Yes!"}));
    QVERIFY(text::sentences("", "en").empty());
}

void TestUnicode::breaksTileTheText()
{
    QVERIFY(rc::check([] {
        const std::string text = *oddText();
        for (const auto &spans : {text::graphemes(text), text::sentences(text, "xx")}) {
            std::uint32_t at = 0;
            for (const ByteSpan span : spans) {
                RC_ASSERT(span.start == at && span.end > at);
                RC_ASSERT(text::isBorder(text, span.end));
                at = span.end;
            }
            RC_ASSERT(at == text.size());
        }
    }));
}

void TestUnicode::classesOfCharacters()
{
    QVERIFY(text::isLetter(U'é') && text::isLetter(U'世') && !text::isLetter(U'3') && !text::isLetter(U'😀'));
    QVERIFY(text::isUpper(U'É') && !text::isUpper(U'é'));
    QVERIFY(text::isInvisible(U'\u200b') && text::isInvisible(U'\u00ad') && !text::isInvisible(U' '));
    QVERIFY(text::isEmoji(U'😀') && text::isEmoji(U'🇩') && !text::isEmoji(U'1') && !text::isEmoji(U'é'));
}

QTEST_GUILESS_MAIN(TestUnicode)
#include "tst_unicode.moc"
