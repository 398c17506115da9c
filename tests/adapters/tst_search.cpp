#include <QtTest>

#include "core/adapters/sqlite/reader.h"
#include "tests/fakes/workspacekit.h"

using namespace winnow;
using namespace winnow::sqlite;
using namespace winnow::test;

class TestSearch : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void initTestCase()
    {
        m_world = std::make_unique<World>();
        const auto day = [](int n) { return TimePoint(std::chrono::hours(24 * (20000 + n))); };
        m_world->receive({
            {"crash", "The app crashes at login, AGAIN", "", "Upload failed", false, day(5)},
            {"old", "It crashed last year; crashes", "", "", false, day(1)},
            {"accents", "Café Zürich: l'écran reste figé, naïve ÅNGSTRÖM", "", "", false, day(2)},
            {"decomposed", "Re\u0301sume\u0301 export", "", "", false, day(2)},
            {"german", "Die Größe der Straße stimmt nicht", "", "", false, day(2)},
            {"russian", "Приложение вылетает при загрузке", "", "", false, day(2)},
            {"chinese", "更新以后无法登录账号，每次打开都会闪退。", "", "", false, day(3)},
            {"japanese", "アップデートしたらアプリが起動しなくなりました。写真のアップロードも失敗します", "", "",
             false, day(3)},
            {"thai", "แอปค้างตอนอัปโหลดรูปภาพ", "", "", false, day(3)},
            {"korean", "업데이트 후 앱이 계속 종료됩니다", "", "", false, day(3)},
            {"hindi", "लॉगिन करना संभव नहीं", "", "", false, day(3)},
            {"arabic", "التطبيق لا يعمل", "", "", false, day(3)},
            {"wide", "ＡＢＣ１２３ ﾃｽﾄ", "", "", false, day(3)},
            {"operators", "AND OR NOT NEAR c++ a-b x*y \"quoted\" col:umn (paren) 50%", "", "", false, day(3)},
            {"none", "nothing of the kind", "", "", false, {}},
        });
        m_world->derive();
    }

    void words_data()
    {
        QTest::addColumn<QString>("words");
        QTest::addColumn<QString>("found"); // record ids, newest first
        const auto row = [](const char *name, const char *words, const char *found) {
            QTest::newRow(name) << QString::fromUtf8(words) << QString::fromUtf8(found);
        };
        row("a word", "login", "crash");
        row("in any case", "LOGIN again", "crash");
        row("of the title", "upload", "crash");
        row("all of them", "crashes login", "crash");
        row("not all of them", "crashes zebra", "");
        row("newest first", "crashes", "crash old");
        row("the last one as a beginning", "cras", "crash old");
        row("an earlier one whole", "cras login", "");
        row("a blank ends a word", "cras ", "");
        row("a beginning of one letter", "cr", "crash old");
        row("accents folded", "cafe zurich ecran fige", "accents");
        row("accents given", "Café Zürich", "accents");
        row("capitals with accents", "angstrom", "accents");
        row("marks of their own", "resume", "decomposed");
        row("composed finds decomposed", "Résumé", "decomposed");
        row("sharp s", "strasse", "german");
        row("sharp s given", "straße große", "german");
        row("an elision", "l'ecran", "accents");
        row("cyrillic", "вылетает", "russian");
        row("cyrillic beginning", "ПРИЛОЖ", "russian");
        row("chinese", "登录", "chinese");
        row("chinese, two words", "登录 闪退", "chinese");
        row("chinese sentence part", "无法登录账号", "chinese");
        row("wide blank", "登录　闪退", "chinese");
        row("japanese", "起動", "japanese");
        row("katakana", "アプリ", "japanese");
        row("katakana word", "アップロード", "japanese");
        row("thai", "อัปโหลด", "thai");
        row("thai, two words", "รูปภาพ ค้าง", "thai");
        row("korean", "업데이트", "korean");
        row("korean beginning", "종료", "korean");
        row("hindi", "लॉगिन", "hindi");
        row("arabic", "التطبيق", "arabic");
        row("wide letters", "abc123", "wide");
        row("an operator is a word", "AND", "operators");
        row("operators in between", "OR NEAR", "operators");
        row("not negates nothing", "crashes NOT login", "");
        row("signs alone", "* ( ) \" : - ^", "");
        row("signs beside a word", "\"login\" -", "crash");
        row("a star", "x*y", "operators");
        row("a column", "col:umn", "operators");
        row("an unknown column", "text:login", "");
        row("a quote", "\"quoted", "operators");
        row("a bracket", "(paren", "operators");
        row("hyphen", "a-b", "operators");
        row("nothing", "", "");
        row("blanks", "  \t ", "");
        row("tabs and lines", "crashes\tlogin\nagain", "crash");
    }
    void words()
    {
        QFETCH(QString, words);
        QFETCH(QString, found);
        const auto hits = Reader(*m_world->workspace).search({words.toStdString(), false, 100, 0});
        QVERIFY2(hits, hits ? "" : hits.error().detail.c_str());
        QStringList ids;
        for (const Hit &hit : *hits)
            ids << recordOf(hit.feedback);
        QCOMPARE(ids.join(QLatin1Char(' ')), found);
    }

    void hitsCarryWhatIsShown()
    {
        const auto hits = must(Reader(*m_world->workspace).search({"login", false, 10, 0}));
        QCOMPARE(q(hits.at(0).text), q("Upload failed\n\nThe app crashes at login, AGAIN"));
        QCOMPARE(q(hits[0].lang), q("en"));
        QCOMPARE(q(hits[0].channel), q("google_play"));
        QCOMPARE(hits[0].at, std::optional(TimePoint(std::chrono::hours(24 * 20005))));
    }

    void noMoreThanAskedFor()
    {
        QCOMPARE(must(Reader(*m_world->workspace).search({"crashes", false, 1, 0})).size(), std::size_t(1));
        QVERIFY(must(Reader(*m_world->workspace).search({"crashes", false, 0, 0})).empty());
    }

    void editedAndTakenBack()
    {
        World world(*m_world);
        Reader reader(*world.workspace);
        world.receive({{"crash", "The app is fine now", "", "Upload works"}, {"old", "", "", "", true}});
        world.derive();
        QVERIFY(must(reader.search({"crashes", false, 10, 0})).empty());
        QCOMPARE(must(reader.search({"fine", false, 10, 0})).size(), std::size_t(1));
        QCOMPARE(must(reader.search({"nothing", false, 10, 0})).size(), std::size_t(1));
        // masks changed: all is indexed anew, nothing twice
        world.silverVersion = "2";
        world.derive();
        QCOMPARE(must(reader.search({"fine", false, 10, 0})).size(), std::size_t(1));
        must(world.db().script("INSERT INTO search(search) VALUES('integrity-check')"));
    }

    void whatIsMaskedIsNotFound()
    {
        World world;
        world.receive({{"1", "My name is Walrus and it crashes", "Walrus"}});
        world.derive();
        Reader reader(*world.workspace);
        QVERIFY(must(reader.search({"walrus", false, 10, 0})).empty());
        QCOMPARE(must(reader.search({"crashes", false, 10, 0})).size(), std::size_t(1));
        QCOMPARE(must(reader.search({"person", false, 10, 0})).size(), std::size_t(1)); // the placeholder
    }

    void timesBeyondTheIndexAreStillInOrder()
    {
        World world;
        world.receive({{"ancient", "same words", "", "", false, TimePoint(std::chrono::hours(-24 * 365 * 100))},
                       {"far", "same words", "", "", false, TimePoint(std::chrono::hours(24 * 365 * 400))},
                       {"now", "same words", "", "", false, TimePoint(std::chrono::hours(24 * 365 * 55))}});
        world.derive();
        QStringList order;
        for (const Hit &hit : must(Reader(*world.workspace).search({"same", false, 10, 0})))
            order << q(
                world.text("SELECT r.source_record_id FROM feedback f JOIN record r ON r.id = f.id WHERE f.uid = '"
                           + hit.feedback + "'"));
        QCOMPARE(order.join(QLatin1Char(' ')), q("far now ancient"));
    }

    void rowsAreCounted()
    {
        const auto counts = must(Reader(*m_world->workspace).counts());
        QCOMPARE(counts.at("feedback"), std::int64_t(15));
        QCOMPARE(counts.at("event"), std::int64_t(0));
        QVERIFY(!counts.contains("search"));
    }

private:
    QString recordOf(const std::string &feedback)
    {
        return q(m_world->text("SELECT r.source_record_id FROM feedback f JOIN record r ON r.id = f.id WHERE f.uid = '"
                               + feedback + "'"));
    }

    std::unique_ptr<World> m_world;
};

QTEST_GUILESS_MAIN(TestSearch)
#include "tst_search.moc"
