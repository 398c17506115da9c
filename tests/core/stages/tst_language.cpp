#include <QtTest>

#include "core/stages/language/language.h"

using namespace winnow;

namespace
{

language::Guess guess(std::string_view text, std::vector<std::string> languages = {})
{
    const auto output = language::run({{text}}, {std::move(languages), 0.5}, {});
    return output ? output->guesses.at(0) : language::Guess{"error", 0};
}

}

class TestLanguage : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void namesPlainSentences_data();
    void namesPlainSentences();
    void whatHasNoWordsIsUnd_data();
    void whatHasNoWordsIsUnd();
    void addressesAndPlaceholdersDoNotCount();
    void answersStayInsideTheRestriction();
    void otherLanguagesAreUndUnderARestriction();
    void briefReviewsAreNamed_data();
    void briefReviewsAreNamed();
    void closeLanguagesAreToldApart_data();
    void closeLanguagesAreToldApart();
    void scoresAreProbabilities();
    void longTextsAreReadFromTheirBeginning();
};

void TestLanguage::namesPlainSentences_data()
{
    QTest::addColumn<QByteArray>("text");
    QTest::addColumn<QByteArray>("lang");
    const auto row = [](const char *lang, const char *text) {
        QTest::newRow(lang) << QByteArray(text) << QByteArray(lang);
    };
    row("en", "The app keeps crashing whenever I open my photos.");
    row("de", "Die App stürzt jedes Mal ab, wenn ich meine Fotos öffne.");
    row("fr", "L'application plante chaque fois que j'ouvre mes photos.");
    row("es", "La aplicación se cierra cada vez que abro mis fotos.");
    row("pt", "O aplicativo fecha sempre que abro as minhas fotos, não consigo usar.");
    row("it", "L'applicazione si chiude ogni volta che apro le mie foto.");
    row("nl", "De app crasht elke keer als ik mijn foto's open.");
    row("pl", "Aplikacja zawiesza się za każdym razem, gdy otwieram zdjęcia.");
    row("ru", "Приложение вылетает каждый раз, когда я открываю фотографии.");
    row("uk", "Застосунок щоразу закривається, коли я відкриваю світлини.");
    row("ja", "写真を開くたびにアプリが落ちます。");
    row("zh", "每次打开照片应用都会崩溃");
    row("ko", "사진을 열 때마다 앱이 종료됩니다");
    row("el", "Η εφαρμογή κλείνει κάθε φορά που ανοίγω φωτογραφίες");
    row("he", "האפליקציה קורסת בכל פעם שאני פותח תמונות");
    row("ar", "يتعطل التطبيق في كل مرة أفتح فيها الصور");
    row("th", "แอปค้างทุกครั้งที่เปิดรูปภาพ");
    row("hi", "जब भी मैं तस्वीरें खोलता हूँ तो ऐप बंद हो जाता है");
    row("tr", "Fotoğraflarımı her açtığımda uygulama çöküyor.");
    row("sv", "Appen kraschar varje gång jag öppnar mina bilder.");
}

void TestLanguage::namesPlainSentences()
{
    QFETCH(QByteArray, text);
    QFETCH(QByteArray, lang);
    QCOMPARE(QByteArray::fromStdString(guess(text.toStdString()).lang), lang);
}

void TestLanguage::whatHasNoWordsIsUnd_data()
{
    QTest::addColumn<QByteArray>("text");
    QTest::newRow("empty") << QByteArray();
    QTest::newRow("blank") << QByteArray(" \n\t");
    QTest::newRow("digits") << QByteArray("5/5 !!! 10:30");
    QTest::newRow("emoji") << QByteArray("👍👍😀");
    QTest::newRow("address") << QByteArray("https://example.com/bonjour/le/monde");
}

void TestLanguage::whatHasNoWordsIsUnd()
{
    QFETCH(QByteArray, text);
    QCOMPARE(QByteArray::fromStdString(guess(text.toStdString()).lang), QByteArray("und"));
    QCOMPARE(guess(text.toStdString()).score, 0.0);
}

void TestLanguage::addressesAndPlaceholdersDoNotCount()
{
    const std::string plain = "Die Rechnung kam nicht an, bitte prüfen";
    QCOMPARE(
        guess(plain + " ⟦EMAIL_ADDRESS_7f3k2m9q⟧ @thesupportteam https://www.example.com/the/help/pages/for/all").lang,
        std::string("de"));
}

void TestLanguage::answersStayInsideTheRestriction()
{
    const std::vector<std::string> allowed{"de", "fr"};
    for (const char *text :
         {"The app keeps crashing", "Die App stürzt ab", "写真を開くたびに", "Приложение вылетает", "ok"}) {
        const std::string lang = guess(text, allowed).lang;
        QVERIFY2(lang == "und" || lang == "de" || lang == "fr", lang.c_str());
    }
    QCOMPARE(guess("Die App stürzt jedes Mal ab", allowed).lang, std::string("de"));
}

void TestLanguage::otherLanguagesAreUndUnderARestriction()
{
    QCOMPARE(guess("The app keeps crashing whenever I open my photos.", {"de", "fr"}).lang, std::string("und"));
    QCOMPARE(guess("The app keeps crashing whenever I open my photos.", {"de", "en"}).lang, std::string("en"));
    QCOMPARE(guess("Appen krasjer hver gang jeg åpner bildene mine.", {"nb", "en"}).lang, std::string("nb"));
}

void TestLanguage::briefReviewsAreNamed_data()
{
    QTest::addColumn<QByteArray>("text");
    QTest::addColumn<QByteArray>("lang");
    const auto row = [](const char *lang, const char *text) {
        QTest::newRow(text) << QByteArray(text) << QByteArray(lang);
    };
    row("en", "Good app");
    row("en", "Awesome!!!");
    row("de", "Sehr gut");
    row("fr", "Très pratique");
    row("es", "Muy buena");
    row("pt", "Muito bom");
    row("it", "Ottima app");
    row("ru", "Отлично");
}

void TestLanguage::briefReviewsAreNamed()
{
    QFETCH(QByteArray, text);
    QFETCH(QByteArray, lang);
    QCOMPARE(QByteArray::fromStdString(guess(text.toStdString()).lang), lang);
}

void TestLanguage::closeLanguagesAreToldApart_data()
{
    QTest::addColumn<QByteArray>("text");
    QTest::addColumn<QByteArray>("lang");
    const auto row = [](const char *lang, const char *text) {
        QTest::newRow(lang) << QByteArray(text) << QByteArray(lang);
    };
    row("kk", "Қосымша суреттерді ашқан сайын жабылып қалады");
    row("mr", "मी फोटो उघडतो तेव्हा अॅप बंद होते");
    row("am", "ፎቶዎቼን ስከፍት መተግበሪያው ይዘጋል");
    row("da", "Appen lukker ned, hver gang jeg åbner mine billeder");
    row("nb", "Appen lukker seg hver gang jeg åpner bildene mine, det er ikke bra");
    row("ca", "L'aplicació es tanca cada vegada que obro les meves fotos");
    row("sk", "Aplikácia sa zavrie vždy, keď otvorím svoje fotografie");
    row("zu", "Uhlelo lokusebenza luyavaleka njalo uma ngivula izithombe zami");
}

void TestLanguage::closeLanguagesAreToldApart()
{
    QFETCH(QByteArray, text);
    QFETCH(QByteArray, lang);
    QCOMPARE(QByteArray::fromStdString(
                 guess(text.toStdString(),
                       {"kk", "ru", "mr", "hi", "am", "ti", "da", "nb", "ca", "es", "sk", "cs", "zu", "xh", "en"})
                     .lang),
             lang);
}

void TestLanguage::scoresAreProbabilities()
{
    for (const char *text : {"", "a", "ok good", "Die App stürzt ab und ich bin sehr unzufrieden damit", "世界"}) {
        const double score = guess(text).score;
        QVERIFY(score >= 0 && score <= 1);
    }
}

void TestLanguage::longTextsAreReadFromTheirBeginning()
{
    std::string text;
    while (text.size() < 1'000'000)
        text += "Die App stürzt jedes Mal ab. ";
    QCOMPARE(guess(text).lang, std::string("de"));
}

QTEST_GUILESS_MAIN(TestLanguage)
#include "tst_language.moc"
