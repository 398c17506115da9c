#include <QtTest/QTest>

#include <rapidcheck.h>

#include "core/local/phrases.h"

using namespace winnow;
using namespace winnow::local;

namespace
{

Words wordsOf(const std::string &text)
{
    Words words;
    readWords(text, words);
    return words;
}

std::string joined(const Words &words)
{
    std::string all;
    for (std::size_t i = 0; i < words.size(); ++i)
        all += (i ? "|" : "") + std::string(words[i]);
    return all;
}

/// The words that the phrase's matches cover, as `first-last` pairs.
std::string matchesOf(const std::string &phrase, const std::string &text)
{
    PhraseBook book;
    book.define("cant", langBit("en"), {"cannot", "can't"});
    if (!book.add(phrase, langBit("en"), 7))
        return "refused";
    book.freeze();
    std::vector<Match> matches;
    book.find(wordsOf(text), matches);
    std::string all;
    for (const Match &match : matches)
        all += (all.empty() ? "" : " ") + std::to_string(match.first) + '-' + std::to_string(match.last);
    return all;
}

}

class TestPhrases : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void textsAreFolded_data();
    void textsAreFolded();
    void spansLieInTheText();
    void gapsTellWhatStandsBetween();
    void phrasesAreFound_data();
    void phrasesAreFound();
    void wrongPhrasesAreRefused_data();
    void wrongPhrasesAreRefused();
    void twoPhrasesOfOnePayloadAreOneMatch();
    void languagesAreKept();
};

void TestPhrases::textsAreFolded_data()
{
    QTest::addColumn<QByteArray>("text");
    QTest::addColumn<QByteArray>("folded");
    const auto row = [](const char *name, const char *text, const char *folded) {
        QTest::newRow(name) << QByteArray(text) << QByteArray(folded);
    };
    row("case", "The APP", "the|app");
    row("accents", "Ça plante déjà", "ca|plante|deja");
    row("combining accents", "de\u0301ja\u0300", "deja");
    row("sharp s and ligatures", "Straße cœur æ ø ł", "strasse|coeur|ae|o|l");
    row("apostrophes part", "don't l\u2019app", "don|t|l|app");
    row("a version is one word", "v4.2 4.2.1 5GB s3", "v4|2|4.2.1|5|gb|s3");
    row("digits of other scripts", "٣ ３", "3|3");
    row("ideographs and kana stand alone", "打不开アプ", "打|不|开|ア|プ");
    row("emoji", "good👍🏽bad", "good|👍|🏽|bad");
    row("full width", "ＡＢＣ", "abc");
    row("nothing", " .,!", "");
    row("Cyrillic and Hangul", "Привет 안녕", "привет|안녕");
}

void TestPhrases::textsAreFolded()
{
    QFETCH(QByteArray, text);
    QFETCH(QByteArray, folded);
    QCOMPARE(QByteArray::fromStdString(joined(wordsOf(text.toStdString()))), folded);
}

void TestPhrases::spansLieInTheText()
{
    QVERIFY(rc::check([](const std::string &bytes) {
        Words words;
        readWords(bytes, words);
        std::uint32_t last = 0;
        for (const Word &word : words.all) {
            RC_ASSERT(word.span.start >= last);
            RC_ASSERT(word.span.start < word.span.end);
            RC_ASSERT(word.span.end <= bytes.size());
            last = word.span.end;
        }
    }));
    const Words placeholder = wordsOf("call ⟦PHONE_NUMBER_7f3k2m9q⟧ now");
    QCOMPARE(placeholder.size(), std::size_t(3));
    QVERIFY(placeholder.all[1].placeholder);
    QCOMPARE(placeholder.all[1].span.size(), std::uint32_t(std::string("⟦PHONE_NUMBER_7f3k2m9q⟧").size()));
}

void TestPhrases::gapsTellWhatStandsBetween()
{
    const Words words = wordsOf("one two, three: four. five");
    QVERIFY(words.all[1].before == Gap::Blank);
    QVERIFY(words.all[2].before == Gap::Comma);
    QVERIFY(words.all[3].before == Gap::Clause);
    QVERIFY(words.all[4].before == Gap::Sentence);
}

void TestPhrases::phrasesAreFound_data()
{
    QTest::addColumn<QByteArray>("phrase");
    QTest::addColumn<QByteArray>("text");
    QTest::addColumn<QByteArray>("found");
    const auto row = [](const char *name, const char *phrase, const char *text, const char *found) {
        QTest::newRow(name) << QByteArray(phrase) << QByteArray(text) << QByteArray(found);
    };
    row("a word", "crash", "The app will crash. Crash!", "3-3 4-4");
    row("a word is not its beginning", "crash", "crashes", "");
    row("a beginning", "crash*", "It crashed, crashes and crash", "1-1 2-2 4-4");
    row("two words", "log in", "I log in and log out", "1-2");
    row("accents do not matter", "réseau", "pas de reseau", "2-2");
    row("either", "log|sign in", "sign in or log in", "0-1 3-4");
    row("with or without", "push? message", "a push message, a message", "1-2 2-2 4-4");
    row("a gap of two", "not _ work", "does not work, does not always work, not at all really work", "1-2 4-6");
    row("a named list", "{cant} open", "I cannot open or can't open it", "1-2 4-6");
    row("not across a full stop", "log in", "I log. In the end", "");
    row("across a comma", "slow slow", "slow, slow", "0-1");
    row("across a hyphen", "pop up", "a pop-up", "1-2");
    row("ideographs", "打不开", "软件打不开了", "2-4");
}

void TestPhrases::phrasesAreFound()
{
    QFETCH(QByteArray, phrase);
    QFETCH(QByteArray, text);
    QFETCH(QByteArray, found);
    QCOMPARE(QByteArray::fromStdString(matchesOf(phrase.toStdString(), text.toStdString())), found);
}

void TestPhrases::wrongPhrasesAreRefused_data()
{
    QTest::addColumn<QByteArray>("phrase");
    QTest::newRow("unknown list") << QByteArray("{nothing} open");
    QTest::newRow("no word") << QByteArray("...");
    QTest::newRow("empty") << QByteArray("");
    QTest::newRow("begins with a gap") << QByteArray("_ open");
    QTest::newRow("ends with a gap") << QByteArray("open _");
    QTest::newRow("too many") << QByteArray("a|b|c|d|e|f|g|h|i|j a|b|c|d|e|f|g|h|i|j a|b|c|d|e|f|g|h|i|j "
                                            "a|b|c|d|e|f|g|h|i|j a|b|c|d|e|f|g|h|i|j");
}

void TestPhrases::wrongPhrasesAreRefused()
{
    QFETCH(QByteArray, phrase);
    QCOMPARE(QByteArray::fromStdString(matchesOf(phrase.toStdString(), "open")), QByteArray("refused"));
}

void TestPhrases::twoPhrasesOfOnePayloadAreOneMatch()
{
    PhraseBook book;
    QVERIFY(book.add("crash*", langBit("en"), 1));
    QVERIFY(book.add("crashes", langBit("en"), 1));
    QVERIFY(book.add("crashes", langBit("en"), 2));
    book.freeze();
    std::vector<Match> matches;
    book.find(wordsOf("crashes"), matches);
    QCOMPARE(matches.size(), std::size_t(2));
}

void TestPhrases::languagesAreKept()
{
    PhraseBook book;
    QVERIFY(book.add("plante", langBit("fr"), 1));
    QVERIFY(book.add("app", kAnyLanguage, 2));
    QVERIFY(book.add("pas", langBit("fr"), 3));
    QVERIFY(book.add("pas", langBit("nl"), 3));
    book.freeze();
    std::vector<Match> matches;
    book.find(wordsOf("app plante pas"), matches);
    QCOMPARE(matches.size(), std::size_t(3));
    QCOMPARE(matches[0].langs, kAnyLanguage);
    QCOMPARE(matches[1].langs, langBit("fr"));
    QCOMPARE(matches[2].langs, langBit("fr") | langBit("nl"));
    QCOMPARE(langBit("xx"), LangMask(0));
    QCOMPARE(book.lookUp("plante", [](std::uint32_t) {}), langBit("fr"));
    QCOMPARE(book.lookUp("plant", [](std::uint32_t) {}), LangMask(0));
}

QTEST_GUILESS_MAIN(TestPhrases)
#include "tst_phrases.moc"
