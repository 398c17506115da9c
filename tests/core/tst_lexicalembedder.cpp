#include <QtTest>

#include <cmath>
#include <memory>

#include "core/base/resources.h"
#include "core/local/lexicalembedder.h"
#include "core/local/lexicalterms.h"
#include "core/stages/embed/embed.h"

using namespace winnow;

class TestLexicalEmbedder : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void initTestCase();
    void sameWords_data();
    void sameWords();
    void placeholdersDoNotEnter();
    void stopWordsOfItsLanguageDoNotEnter();
    void languageIsGuessedFromStopWords();
    void vectorsAreUnitAndOrdered();
    void atMost64Terms();
    void damagedTableIsRefused();
    void stageGivesOneRowPerItem();

private:
    static std::vector<std::uint32_t> wordsOf(std::string_view text)
    {
        std::vector<std::uint32_t> words;
        lexical::wordHashes(text, words);
        return words;
    }
    std::unique_ptr<LexicalEmbedder> m_embedder;
};

void TestLexicalEmbedder::initTestCase()
{
    auto embedder = shippedLexicalEmbedder();
    QVERIFY(embedder);
    m_embedder = std::move(*embedder);
}

void TestLexicalEmbedder::sameWords_data()
{
    QTest::addColumn<QByteArray>("a");
    QTest::addColumn<QByteArray>("b");
    QTest::addColumn<int>("count");
    QTest::newRow("case and marks") << QByteArray("Écran NOIR") << QByteArray("ecran noir") << 2;
    QTest::newRow("decomposed") << QByteArray("e\xcc\x81"
                                              "cran")
                                << QByteArray("\xc3\xa9"
                                              "cran")
                                << 1;
    QTest::newRow("six code points") << QByteArray("synchronisation") << QByteArray("synchroniser") << 1;
    QTest::newRow("apostrophe") << QByteArray("l'écran") << QByteArray("écran") << 1;
    QTest::newRow("sharp s") << QByteArray("Straße") << QByteArray("STRASSE") << 1;
    QTest::newRow("ligature") << QByteArray("ﬁx it") << QByteArray("fix it") << 2;
    QTest::newRow("Han pairs") << QByteArray("無法登入") << QByteArray("無法，法登！登入") << 3;
    QTest::newRow("fullwidth digits") << QByteArray("１２") << QByteArray("12") << 1;
    QTest::newRow("broken bytes") << QByteArray("ab\xff"
                                                "cd")
                                  << QByteArray("ab cd") << 2;
}

void TestLexicalEmbedder::sameWords()
{
    QFETCH(QByteArray, a);
    QFETCH(QByteArray, b);
    QFETCH(int, count);
    const auto words = wordsOf({a.constData(), std::size_t(a.size())});
    QCOMPARE(words, wordsOf({b.constData(), std::size_t(b.size())}));
    QCOMPARE(int(words.size()), count);
}

void TestLexicalEmbedder::placeholdersDoNotEnter()
{
    QCOMPARE(m_embedder->embedOne("login ⟦EMAIL_7f3k2m9q⟧ fails", "en"), m_embedder->embedOne("login fails", "en"));
    QCOMPARE(int(wordsOf("open ⟦ bracket").size()), 2);
}

void TestLexicalEmbedder::stopWordsOfItsLanguageDoNotEnter()
{
    QCOMPARE(m_embedder->embedOne("Das Passwort ist die Katastrophe", "de"),
             m_embedder->embedOne("Passwort Katastrophe", "de"));
    QVERIFY(m_embedder->embedOne("let it die", "en") != m_embedder->embedOne("let it", "en"));
    QVERIFY(m_embedder->embedOne("please thanks", "fr").entries.empty());
}

void TestLexicalEmbedder::languageIsGuessedFromStopWords()
{
    const char *text = "Je ne peux pas ouvrir la carte depuis hier";
    QCOMPARE(m_embedder->embedOne(text, ""), m_embedder->embedOne(text, "fr"));
    QCOMPARE(m_embedder->embedOne(text, "und"), m_embedder->embedOne(text, "fr"));
}

void TestLexicalEmbedder::vectorsAreUnitAndOrdered()
{
    const SparseVector vector = m_embedder->embedOne("login fails with code 503 on my old tablet", "en");
    QVERIFY(vector.entries.size() >= 6);
    double square = 0;
    for (std::size_t i = 0; i < vector.entries.size(); ++i) {
        square += double(vector.entries[i].second) * vector.entries[i].second;
        QVERIFY(i == 0 || vector.entries[i - 1].first < vector.entries[i].first);
    }
    QVERIFY(std::abs(std::sqrt(square) - lexical::kScale) < 4);
}

void TestLexicalEmbedder::atMost64Terms()
{
    std::string text;
    for (int i = 100; i < 400; ++i)
        text += "word" + std::to_string(i) + ' ';
    QCOMPARE(m_embedder->embedOne(text, "en").entries.size(), lexical::kMaximumTerms);
}

void TestLexicalEmbedder::damagedTableIsRefused()
{
    const auto bytes = readResource("models/lexical.bin");
    QVERIFY(bytes);
    for (const std::size_t size :
         {std::size_t(0), std::size_t(3), std::size_t(40), bytes->size() / 2, bytes->size() - 1})
        QVERIFY(LexicalEmbedder::fromTable(std::string_view(*bytes).substr(0, size)).error().code
                == ErrorCode::Corrupt);
    std::string newer = *bytes;
    newer[4] = 99;
    QVERIFY(LexicalEmbedder::fromTable(newer).error().code == ErrorCode::Newer);
    std::string other = *bytes;
    other.back() = char(other.back() ^ 1);
    QVERIFY((*LexicalEmbedder::fromTable(other))->space() != m_embedder->space());
}

void TestLexicalEmbedder::stageGivesOneRowPerItem()
{
    const embed::Input input{{{"login fails", "en"}, {"", ""}}};
    const auto output = embed::run(input, {}, embed::Ports{*m_embedder}, {});
    QVERIFY(output);
    QCOMPARE(output->vectors.sparse.size(), std::size_t(2));
    QVERIFY(output->vectors.sparse[1].entries.empty());

    std::stop_source stopped;
    stopped.request_stop();
    const auto none = embed::run(input, {}, embed::Ports{*m_embedder}, stopped.get_token());
    QVERIFY(!none);
    QVERIFY(none.error().code == ErrorCode::Cancelled);
}

QTEST_GUILESS_MAIN(TestLexicalEmbedder)
#include "tst_lexicalembedder.moc"
