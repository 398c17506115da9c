#include <QtTest/QTest>

#include <rapidcheck.h>

#include "core/stages/segment/segment.h"
#include "core/text/utf8.h"

using namespace winnow;

namespace
{

std::vector<Segment> cut(const std::string &text, std::string_view lang = {})
{
    const auto output = segment::run({{{text, lang}}}, {}, {});
    return output ? output->items[0] : std::vector<Segment>{{{9, 9}, true}};
}

/// `*text` for an issue, the segments joined by " / ".
std::string shown(const std::string &text, std::string_view lang = {})
{
    std::string all;
    for (const Segment &segment : cut(text, lang))
        all += (all.empty() ? "" : " / ") + std::string(segment.issue ? "*" : "") + std::string(segment.span.of(text));
    return all;
}

}

class TestSegment : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void textsAreCut_data();
    void textsAreCut();
    void noTextIsLost();
    void placeholdersStayWhole();
    void blankTextHasNoSegment();
    void otherTextsDoNotMatter();
    void aStopIsAnError();
};

void TestSegment::textsAreCut_data()
{
    QTest::addColumn<QByteArray>("text");
    QTest::addColumn<QByteArray>("lang");
    QTest::addColumn<QByteArray>("segments");
    const auto row = [](const char *name, const char *lang, const char *text, const char *segments) {
        QTest::newRow(name) << QByteArray(text) << QByteArray(lang) << QByteArray(segments);
    };
    row("praise and a problem", "", "I love the design, but the app crashes on start.",
        "I love the design, / *but the app crashes on start.");
    row("two problems in one sentence", "", "The app crashes all the time and the battery drains fast.",
        "*The app crashes all the time / *and the battery drains fast.");
    row("one problem with and", "", "It crashes again and again.", "*It crashes again and again.");
    row("two sentences of praise are one", "", "Great app. I love it.", "Great app. I love it.");
    row("two sentences of one issue are one", "", "The app crashes. It crashes when I open the camera.",
        "*The app crashes. It crashes when I open the camera.");
    row("a problem and a wish", "", "Cannot log in. Please add a dark mode!",
        "*Cannot log in. / *Please add a dark mode!");
    row("a list", "", "1. Login fails\n2. Too many ads\n3. Great support",
        "*1. Login fails / *2. Too many ads / 3. Great support");
    row("bullets", "", "Problems: • cannot log in • too many ads", "*Problems: / *• cannot log in / *• too many ads");
    row("numbers and abbreviations do not end a sentence", "", "Version 4.2.1 crashes, e.g. on Android 14.",
        "*Version 4.2.1 crashes, e.g. on Android 14.");
    row("no capital after the full stop", "", "nice app. it crashes a lot", "nice app. / *it crashes a lot");
    row("no crashes are no issue", "", "No crashes, no problems, works great.",
        "No crashes, no problems, works great.");
    row("a threat stays with its issue", "", "I was charged twice. I will call my lawyer.",
        "*I was charged twice. I will call my lawyer.");
    row("German", "de", "Tolle App, aber sie stürzt ständig ab. Außerdem ist der Akku schnell leer.",
        "Tolle App, / *aber sie stürzt ständig ab. / *Außerdem ist der Akku schnell leer.");
    row("French", "fr", "J'adore l'application mais elle plante souvent.",
        "J'adore l'application / *mais elle plante souvent.");
    row("Spanish, language unknown", "", "Muy buena aplicación, pero se cierra sola cuando abro la cámara.",
        "Muy buena aplicación, / *pero se cierra sola cuando abro la cámara.");
    row("Italian", "it", "Bella app ma non riesco ad accedere.", "Bella app / *ma non riesco ad accedere.");
    row("Portuguese", "pt", "Gosto muito, mas o aplicativo trava toda hora.",
        "Gosto muito, / *mas o aplicativo trava toda hora.");
    row("Dutch", "nl", "Mooie app, maar de app loopt steeds vast.", "Mooie app, / *maar de app loopt steeds vast.");
    row("Polish", "pl", "Świetna aplikacja, ale nie mogę się zalogować.",
        "Świetna aplikacja, / *ale nie mogę się zalogować.");
    row("Japanese", "ja", "便利です。でもすぐ落ちる。", "便利です。 / *でもすぐ落ちる。");
    row("Chinese", "zh", "软件很好用。就是经常闪退。", "软件很好用。 / *就是经常闪退。");
    row("only an emoji", "", " 😀 ", "😀");
}

void TestSegment::textsAreCut()
{
    QFETCH(QByteArray, text);
    QFETCH(QByteArray, lang);
    QFETCH(QByteArray, segments);
    QCOMPARE(QByteArray::fromStdString(shown(text.toStdString(), lang.toStdString())), segments);
}

void TestSegment::noTextIsLost()
{
    const std::vector<std::string> pieces{"The app crashes",
                                          ". ",
                                          "! ",
                                          "\n",
                                          " but ",
                                          " and ",
                                          "é",
                                          "\u3000",
                                          "⟦PERSON_7f3k2m9q⟧",
                                          "•",
                                          "1. ",
                                          "。",
                                          "💥",
                                          " please add dark mode",
                                          "...",
                                          " ",
                                          "\u00a0",
                                          "(battery drains)",
                                          "🙂",
                                          "I love it",
                                          ", ",
                                          "v4.2"};
    QVERIFY(rc::check([&](const std::vector<std::uint8_t> &choice) {
        std::string text;
        for (const std::uint8_t i : choice)
            text += pieces[i % pieces.size()];
        std::uint32_t at = 0;
        const auto isBlank = [&](std::uint32_t from, std::uint32_t to) {
            return text::trimmed(std::string_view(text).substr(from, to - from)).empty();
        };
        for (const Segment &segment : cut(text)) {
            RC_ASSERT(segment.span.start >= at);
            RC_ASSERT(segment.span.start < segment.span.end);
            RC_ASSERT(segment.span.end <= text.size());
            RC_ASSERT(text::isBorder(text, segment.span.start) && text::isBorder(text, segment.span.end));
            RC_ASSERT(isBlank(at, segment.span.start));
            at = segment.span.end;
        }
        RC_ASSERT(isBlank(at, std::uint32_t(text.size())));
    }));
}

void TestSegment::placeholdersStayWhole()
{
    const std::string text = "The app crashes. ⟦PERSON_7f3k2m9q⟧ and ⟦EMAIL_ADDRESS_7f3k2m9q⟧ but I cannot log in.";
    for (const Segment &segment : cut(text)) {
        const std::string_view part = segment.span.of(text);
        QCOMPARE(part.find("⟦") == std::string_view::npos, part.find("⟧") == std::string_view::npos);
    }
}

void TestSegment::blankTextHasNoSegment()
{
    QVERIFY(cut("").empty());
    QVERIFY(cut(" \n\t\u00a0\u3000").empty());
}

void TestSegment::otherTextsDoNotMatter()
{
    const std::string a = "The app crashes, but I love it.", b = "Der Akku ist leer.";
    const auto both = segment::run({{{a, ""}, {b, "de"}, {a, ""}}}, {}, {});
    QVERIFY(both);
    QVERIFY(both->items[0] == cut(a));
    QVERIFY(both->items[1] == cut(b, "de"));
    QVERIFY(both->items[2] == cut(a));
}

void TestSegment::aStopIsAnError()
{
    std::stop_source source;
    source.request_stop();
    const auto output = segment::run({{{"text", ""}}}, {}, source.get_token());
    QVERIFY(!output);
    QVERIFY(output.error().code == ErrorCode::Cancelled);
}

QTEST_GUILESS_MAIN(TestSegment)
#include "tst_segment.moc"
