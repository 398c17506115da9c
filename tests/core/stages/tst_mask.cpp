#include <QtTest>
#include <rapidcheck.h>

#include "core/stages/mask/mask.h"
#include "core/text/utf8.h"

using namespace winnow;

namespace
{

const Digest kKey = sha256("a key for tests");

mask::Masked masked(std::string_view text, const mask::Options &options = {}, std::string_view lang = {})
{
    auto output = mask::run({{{text, lang}}, kKey}, options, {});
    return output ? std::move(output->items.at(0)) : mask::Masked{};
}

/// The finds as `TYPE(words)`, joined by blanks.
QByteArray finds(const std::string &text)
{
    QByteArray list;
    for (const PiiSpan &span : masked(text).spans) {
        list += list.isEmpty() ? "" : " ";
        list += QByteArray::fromStdString(span.type + '(' + std::string(span.source.of(text)) + ')');
    }
    return list;
}

/// What reviews and trouble are made of.
rc::Gen<std::string> oddText()
{
    const auto piece = rc::gen::element<std::string>(
        "a", "Anna ", "my name is ", "order number ", "918-7565570-3094073", "call ", "+41 052 274 52 15",
        "4111 1111 1111 1111", "x@y.org", "@", " at ", " dot ", "DE89 3704 0044 0532 0130 00", "1", "٣", "４", "\u200b",
        "\u00ad", "é", "e\u0301", "⟦", "⟧", "⟦PERSON_00000000⟧", "😀", "世", "\n", ".", ":", "-", " ",
        "https://u:p@h.de/?token=1", "192.168.1.20", "fe80::1:2", "Regards, ", "born 1/2/1990",
        "I live at 12 Long Street", "username ", "\u202e", "ORD123456", "Dr. ", "，");
    return rc::gen::map(rc::gen::container<std::vector<std::string>>(piece),
                        [](const std::vector<std::string> &pieces) {
                            std::string text;
                            for (const std::string &p : pieces)
                                text += p;
                            return text;
                        });
}

}

class TestMask : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void findsWhatIsPersonal_data();
    void findsWhatIsPersonal();
    void leavesAlone_data();
    void leavesAlone();
    void oneValueOnePseudonym_data();
    void oneValueOnePseudonym();
    void pseudonymsDependOnKeyAndType();
    void bracketsOfTheSenderAreReplaced();
    void offTypesAndAllowedWordsStay();
    void spansAndMapHoldForAnyText();
    void batchesDoNotMatter();
    void hugeTextsAreLinear();
};

void TestMask::findsWhatIsPersonal_data()
{
    QTest::addColumn<QByteArray>("text");
    QTest::addColumn<QByteArray>("want");
    const auto row = [](const char *name, const char *text, const char *want) {
        QTest::newRow(name) << QByteArray(text) << QByteArray(want);
    };
    row("email", "write to anna.b+x@mail.example.co.uk.", "EMAIL_ADDRESS(anna.b+x@mail.example.co.uk)");
    row("email, no top domain", "mine is joe77@gmail thanks", "EMAIL_ADDRESS(joe77@gmail)");
    row("email, full width", "連絡はanna＠example．jpまで", "EMAIL_ADDRESS(anna＠example．jp)");
    row("email, invisible", "an\u200bna@exa\u00admple.org", "EMAIL_ADDRESS(an\u200bna@exa\u00admple.org)");
    row("email, spelt", "reach me: john.doe at example dot com please", "EMAIL_ADDRESS(john.doe at example dot com)");
    row("email, bracketed", "john [at] example [dot] org", "EMAIL_ADDRESS(john [at] example [dot] org)");
    row("email, blanks", "john @ example.org", "EMAIL_ADDRESS(john @ example.org)");
    row("phone, plus", "call +41 052 274 52 15 now", "PHONE_NUMBER(+41 052 274 52 15)");
    row("phone, national", "Mein Handy: 0171 2345678", "PHONE_NUMBER(0171 2345678)");
    row("phone, american", "dial (415) 555-0132 or 415-555-0199",
        "PHONE_NUMBER((415) 555-0132) PHONE_NUMBER(415-555-0199)");
    row("phone, french", "joignable au 06.12.34.56.78", "PHONE_NUMBER(06.12.34.56.78)");
    row("phone, by context", "you can call me on 97719559 any time", "PHONE_NUMBER(97719559)");
    row("phone, arabic digits", "اتصل +٩٧١ ٥٠ ١٢٣ ٤٥٦٧", "PHONE_NUMBER(+٩٧١ ٥٠ ١٢٣ ٤٥٦٧)");
    row("phone, invisible", "call 0171\u200b 234\u200b5678", "PHONE_NUMBER(0171\u200b 234\u200b5678)");
    row("phone after Chinese", "请联系电话13812345678谢谢", "PHONE_NUMBER(13812345678)");
    row("card", "charged twice on 4111 1111 1111 1111!", "CREDIT_CARD(4111 1111 1111 1111)");
    row("card, amex", "card 3782-822463-10005", "CREDIT_CARD(3782-822463-10005)");
    row("card before a date", "card 5555555555554444 12/27", "CREDIT_CARD(5555555555554444)");
    row("iban", "refund to DE89 3704 0044 0532 0130 00 please", "IBAN_CODE(DE89 3704 0044 0532 0130 00)");
    row("iban, small letters", "gb82west12345698765432", "IBAN_CODE(gb82west12345698765432)");
    row("ip", "blocked from 85.237.229.212 today", "IP_ADDRESS(85.237.229.212)");
    row("ip6", "address 2001:db8:85a3::8a2e:370:7334 refused", "IP_ADDRESS(2001:db8:85a3::8a2e:370:7334)");
    row("mac", "router 00:1A:2b:3C:4d:5E", "MAC_ADDRESS(00:1A:2b:3C:4d:5E)");
    row("url with user", "see https://anna:pw@example.org/x", "URL(https://anna:pw@example.org/x)");
    row("url with token", "link https://example.org/reset?token=abc123&x=1 fails",
        "URL(https://example.org/reset?token=abc123&x=1)");
    row("profile", "find me on instagram.com/anna.b", "URL(instagram.com/anna.b)");
    row("order", "My order number is 918-7565570-3094073.", "ORDER_ID(918-7565570-3094073)");
    row("order, google", "transaction GPA.9340-6451-7799-43194 pending", "ORDER_ID(GPA.9340-6451-7799-43194)");
    row("order, hash", "order #48213 never came", "ORDER_ID(#48213)");
    row("order, french", "Commande no 5781072 jamais reçue", "ORDER_ID(5781072)");
    row("order, german", "Bestellnummer: KF-759872 fehlt", "ORDER_ID(KF-759872)");
    row("order, spanish", "mi número de pedido es 40023991", "ORDER_ID(40023991)");
    row("order, italian", "Numero ordine: 771-12345", "ORDER_ID(771-12345)");
    row("order, polish", "numer zamówienia 2023/118273", "ORDER_ID(2023/118273)");
    row("order, dutch", "bestelnummer is 88123412", "ORDER_ID(88123412)");
    row("order, portuguese", "O protocolo é 20230099112", "ORDER_ID(20230099112)");
    row("order, Japanese", "注文番号：A12-345678です", "ORDER_ID(A12-345678)");
    row("tracking", "tracking 1Z999AA10123456784", "ORDER_ID(1Z999AA10123456784)");
    row("account", "Account: 635192246", "ACCOUNT_ID(635192246)");
    row("customer, german", "Kundennummer 4471-2291", "ACCOUNT_ID(4471-2291)");
    row("user id", "my user id is gott53759, please", "ACCOUNT_ID(gott53759)");
    row("user name", "username williamson_24 locked", "USERNAME(williamson_24)");
    row("handle", "ask @davi651 about it", "USERNAME(@davi651)");
    row("password", "my password is hunter22!", "PASSWORD(hunter22)");
    row("birth", "date of birth 12/29/1989, rejected", "DATE_OF_BIRTH(12/29/1989)");
    row("birth in words", "born on March 3rd, 1984 in spring", "DATE_OF_BIRTH(March 3rd, 1984)");
    row("birth, german", "geboren am 3. Mai 1984", "DATE_OF_BIRTH(3. Mai 1984)");
    row("birth, spanish", "fecha de nacimiento: 3 de mayo de 1984", "DATE_OF_BIRTH(3 de mayo de 1984)");
    row("social security", "ssn 536-90-4399", "NATIONAL_ID(536-90-4399)");
    row("cpf", "meu CPF 529.982.247-25", "NATIONAL_ID(529.982.247-25)");
    row("codice fiscale", "RSSMRA85T10A562S", "NATIONAL_ID(RSSMRA85T10A562S)");
    row("german tax id", "Steuer-ID 36574261809", "NATIONAL_ID(36574261809)");
    row("norwegian number", "15108695088 is refused", "NATIONAL_ID(15108695088)");
    row("chilean number", "mi RUT 12.531.909-2", "NATIONAL_ID(12.531.909-2)");
    row("indian numbers", "Aadhaar 2341 2341 2346 and ACUPA7085R", "NATIONAL_ID(2341 2341 2346) NATIONAL_ID(ACUPA7085R)");
    row("password in a form", "Passwort: mikemi172!", "PASSWORD(mikemi172)");
    row("email, bracketed without blanks", "mail sumi(at)vemilo.de now", "EMAIL_ADDRESS(sumi(at)vemilo.de)");
    row("dni", "DNI 12345678Z", "NATIONAL_ID(12345678Z)");
    row("key", "token ghp_16C7e42F292c6912E7710c838347Ae178B4a leaked",
        "API_KEY(ghp_16C7e42F292c6912E7710c838347Ae178B4a)");
    row("person, named", "My name is Goran and I am angry", "PERSON(Goran)");
    row("person, small letters", "my name is erik baader, fix it", "PERSON(erik baader)");
    row("person, signed", "It fails.\nRegards,\nAnna Schmidt", "PERSON(Anna Schmidt)");
    row("person, german", "Mit freundlichen Grüßen\nJürgen von Ackeren", "PERSON(Jürgen von Ackeren)");
    row("person, french", "Je m'appelle Zoé Lemaître.", "PERSON(Zoé Lemaître)");
    row("person, Russian", "Меня зовут Иван Петров", "PERSON(Иван Петров)");
    row("person, titled", "I spoke to Mr. Henderson yesterday", "PERSON(Mr. Henderson)");
    row("person, an everyday word", "Hi, my name is Will and it fails", "PERSON(Will)");
    row("person in full", "Yesterday Anna Kowalska helped me a lot", "PERSON(Anna Kowalska)");
    row("person, by family name", "asked Vladoje Petrović about it", "PERSON(Vladoje Petrović)");
    row("person does something", "The agent was rude but Matthew was great", "PERSON(Matthew)");
    row("person after contact", "or 052 274 52 15, thanks Gurutz", "PHONE_NUMBER(052 274 52 15) PERSON(Gurutz)");
    row("person, husband", "my husband marius kjær has it too", "PERSON(marius kjær)");
    row("person in capitals", "MY NAME IS JOHN SMITH AND I WANT A REFUND", "PERSON(JOHN SMITH)");
    row("person, Polish", "Nazywam się Wojciech Żak i nie działa", "PERSON(Wojciech Żak)");
    row("person, Spanish", "Me llamo José Luis Peña.", "PERSON(José Luis Peña)");
    row("person, field", "Name: Anna Schmidt\nPhone: 052 274 52 15", "PERSON(Anna Schmidt) PHONE_NUMBER(052 274 52 15)");
    row("phone in groups", "reach me under +34 786 335 913", "PHONE_NUMBER(+34 786 335 913)");
    row("card of an unknown issuer", "my card 3711 0968 4671 1226 was charged", "CREDIT_CARD(3711 0968 4671 1226)");
    row("address with a flat", "at 22829 Jagerij 64, Apt. 591, Mazée", "ADDRESS(22829 Jagerij 64, Apt. 591, Mazée)");
    row("phone inside an address", "I live at Hauptstr. 7, 80331 München, call +49 89 1234567", "ADDRESS(Hauptstr. 7, 80331 München) PHONE_NUMBER(+49 89 1234567)");
    row("user name, a plain word", "my username is Pernedge, help", "USERNAME(Pernedge)");
    row("address", "I live at 363 Mosman Rd, Danielskuil and wait", "ADDRESS(363 Mosman Rd, Danielskuil)");
    row("firm", "I work for Northgate Logistics Ltd in sales", "ORGANIZATION(Northgate Logistics Ltd)");
    row("person said again", "I met Zbigniew Kowalczyk there. Kowalczyk said no.",
        "PERSON(Zbigniew Kowalczyk) PERSON(Kowalczyk)");
    row("place of residence", "I live in Wolverhampton and have no network", "LOCATION(Wolverhampton)");
    row("place, French", "J'habite à Grenoble", "LOCATION(Grenoble)");
    row("age", "I am 67 years old", "AGE(67)");
    row("coordinates", "it shows 48.85837, 2.29448 all day", "COORDINATES(48.85837, 2.29448)");
    row("degrees", "at 48°51'30\"N 2°17'40\"E", "COORDINATES(48°51'30\"N 2°17'40\"E)");
    row("plate", "my plate is AB12 CDE", "LICENSE_PLATE(AB12 CDE)");
    row("address, german", "Lieferung an Kronwiesenweg 95, 8934 Knonau fehlt",
        "ADDRESS(Kronwiesenweg 95, 8934 Knonau)");
}

void TestMask::findsWhatIsPersonal()
{
    QFETCH(QByteArray, text);
    QFETCH(QByteArray, want);
    QCOMPARE(finds(text.toStdString()), want);
}

void TestMask::leavesAlone_data()
{
    QTest::addColumn<QByteArray>("text");
    const auto row = [](const char *name, const char *text) { QTest::newRow(name) << QByteArray(text); };
    row("version", "Since version 10.0.19041.1234 and 4.12.1.7 it crashes on v2.30.45.60");
    row("prices", "I paid $1,299.00 and 49.99 EUR, then 12 000 000 rupees");
    row("dates", "On 12/03/2021 and 2020-11-05 10:30:45 it worked");
    row("years", "bought 2019-2020, still 1999 2000 2001");
    row("sizes", "1920x1080 at 60 fps, 128 GB, 5000000000 bytes of 4G");
    row("models", "Galaxy S10 SM-G973F, iPhone 12, Pixel 6a, P30 Pro, fenix 5");
    row("orders without number", "I ordered 2 pizzas, order 10 times a week, my order in 2020");
    row("account", "my account was deleted 3 times in 24 hours");
    row("plain url", "see https://www.example.com/help/page?id=5");
    row("stars", "5/5 10/10 100% 24/7");
    row("thanks", "Thanks Google. Thank you for this app! Thanks");
    row("name is", "The name is wrong and the user name is not accepted");
    row("regards", "With regards to the last update, it is bad");
    row("at", "I am at home. Look at this dot com nonsense");
    row("dr", "My Dr appointment and Mr robot");
    row("times", "12:30:45 and 1:2:3:4");
    row("hex words", "face: cafe: dead");
    row("shouting", "PLEASE FIX THIS APP REGARDS TO ALL OF YOU");
    row("titles of games", "Thank you Candy Crush! Thanks Subway Surfers");
    row("even a friend", "my friend even said it, my brother can too");
    row("log in", "I can't login anymore. Anyways, fix it. My username is not found");
    row("date", "on my phone since Nov 15 2025 and 12/07/2025");
    row("product names", "Samsung Galaxy Watch Active with Garmin Connect and Google Fit");
    row("title case", "The Best App Ever Made Thanks Google Play Team");
    row("amounts", "12 000 000 points, 1 500 000 steps, 100 000 000");
    row("ratio", "it shows 191.61/191.61 MB");
    row("creative suite", "Adobe Creative Suite 6 and Office Suite 2020");
    row("a brand", "I paid with Paypal on my Galaxy S9");
    row("a theme", "The Paris theme is too bright, the Tokyo one too dark");
    row("may", "May I say that it may crash in May?");
    row("a thing's age", "a 2 year old phone and a 5 year old tablet");
    row("level", "turned 40 pages, reached level 42");
    row("percentages", "0.5, 2.25 and 12.75 per cent");
    row("wrong check digits", "12.531.909-3 and 2341 2341 2347 are refused");
    row("password rules", "password must have 8 characters and 1 digit");
    row("empty", "");
}

void TestMask::leavesAlone()
{
    QFETCH(QByteArray, text);
    QCOMPARE(finds(text.toStdString()), QByteArray());
    QCOMPARE(QByteArray::fromStdString(masked(text.toStdString()).text), text);
}

void TestMask::oneValueOnePseudonym_data()
{
    QTest::addColumn<QByteArray>("a");
    QTest::addColumn<QByteArray>("b");
    const auto row = [](const char *name, const char *a, const char *b) {
        QTest::newRow(name) << QByteArray(a) << QByteArray(b);
    };
    row("card", "4111 1111 1111 1111", "4111-1111-1111-1111");
    row("iban", "DE89 3704 0044 0532 0130 00", "de89370400440532013000");
    row("email", "Anna@Example.org", "anna@example.org");
    row("phone", "+49 171 2345678", "0049-171/2345678");
    row("digits of another script", "+971 50 123 4567", "+٩٧١ ٥٠ ١٢٣ ٤٥٦٧");
    row("person", "my name is Anna Schmidt", "Regards, ANNA SCHMIDT");
    row("person with a title", "my name is Anna Schmidt", "I spoke to Mrs. Anna Schmidt");
}

void TestMask::oneValueOnePseudonym()
{
    QFETCH(QByteArray, a);
    QFETCH(QByteArray, b);
    const auto first = masked(a.toStdString()).spans, second = masked(b.toStdString()).spans;
    QCOMPARE(first.size(), std::size_t(1));
    QCOMPARE(second.size(), std::size_t(1));
    QCOMPARE(first[0].pseudonym, second[0].pseudonym);
}

void TestMask::pseudonymsDependOnKeyAndType()
{
    const std::string one = mask::pseudonym(kKey, "PERSON", "anna");
    QCOMPARE(one.size(), std::size_t(8));
    QVERIFY(one != mask::pseudonym(sha256("another key"), "PERSON", "anna"));
    QVERIFY(one != mask::pseudonym(kKey, "USERNAME", "anna"));
    QVERIFY(one != mask::pseudonym(kKey, "PERSON", "anne"));
    const auto out = masked("mail a@b.org");
    QCOMPARE(out.text, "mail ⟦EMAIL_ADDRESS_" + mask::pseudonym(kKey, "EMAIL_ADDRESS", "a@b.org") + "⟧");
}

void TestMask::bracketsOfTheSenderAreReplaced()
{
    const std::string text = "⟦PERSON_00000000⟧ a@b.org ⟧";
    const auto out = masked(text);
    QVERIFY(out.text.starts_with("[PERSON_00000000] ⟦EMAIL_ADDRESS_"));
    QVERIFY(out.text.ends_with("⟧ ]"));
    QCOMPARE(out.spans.size(), std::size_t(1));
    QCOMPARE(out.toSource.toOriginal({0, 17}).of(text), std::string_view("⟦PERSON_00000000⟧"));
}

void TestMask::offTypesAndAllowedWordsStay()
{
    mask::Options options;
    options.offTypes = {"EMAIL_ADDRESS"};
    options.allow = {"@AcmeHelp"};
    const std::string text = "a@b.org wrote to @acmehelp and @anna_b";
    const auto out = masked(text, options);
    QCOMPARE(out.spans.size(), std::size_t(1));
    QCOMPARE(out.spans[0].source.of(text), std::string_view("@anna_b"));
}

void TestMask::spansAndMapHoldForAnyText()
{
    QVERIFY(rc::check([] {
        const std::string text = *oddText();
        const auto out = masked(text);
        RC_ASSERT(text::isUtf8(out.text));
        std::uint32_t source = 0, at = 0;
        std::size_t open = 0;
        for (const PiiSpan &span : out.spans) {
            RC_ASSERT(span.source.start < span.source.end && span.source.end <= text.size());
            RC_ASSERT(text::isBorder(text, span.source.start) && text::isBorder(text, span.source.end));
            RC_ASSERT(span.source.start >= source && span.masked.start >= at);
            RC_ASSERT(span.masked.of(out.text) == "⟦" + span.type + "_" + span.pseudonym + "⟧");
            RC_ASSERT(out.toSource.toOriginal(span.masked) == span.source);
            RC_ASSERT(out.toSource.toChanged(span.source) == span.masked);
            source = span.source.end;
            at = span.masked.end;
        }
        // the text between the placeholders is the sender's, but for brackets; no bracket of the sender's survives
        for (std::size_t i = out.text.find("⟦"); i != std::string::npos; i = out.text.find("⟦", i + 1))
            ++open;
        RC_ASSERT(open == out.spans.size());
        std::string rebuilt;
        at = 0;
        source = 0;
        for (const OffsetMap::Edit &edit : out.toSource.edits()) {
            RC_ASSERT(text.substr(source, edit.from.start - source) == out.text.substr(at, edit.to.start - at));
            source = edit.from.end;
            at = edit.to.end;
        }
        RC_ASSERT(text.substr(source) == out.text.substr(at));
    }));
}

void TestMask::batchesDoNotMatter()
{
    QVERIFY(rc::check([] {
        const auto texts = *rc::gen::container<std::vector<std::string>>(oddText());
        mask::Input all;
        all.key = kKey;
        for (const std::string &text : texts)
            all.items.push_back({text, {}});
        const auto together = mask::run(all, {}, {});
        RC_ASSERT(together.has_value());
        for (std::size_t i = 0; i < texts.size(); ++i)
            RC_ASSERT(together->items[i] == masked(texts[i]));
    }));
}

void TestMask::hugeTextsAreLinear()
{
    // what makes naive patterns slow: each must take well under a second
    for (const std::string piece : {"a@", "1 ", "1.", "+1(", "a.b.", "@@", "::", "1:", "https://", "order number ",
                                    "Ann ", "⟦", "٣", "e\u0301", "AB12 ", "Rue 1 ", "x at ", "sk-", "Anna Schmidt ", "Dr. Anna ", "1.12345, ", "1°", "plate AB1 ", "I am 42 years old ", "Apt 5 ", "thanks Anna, ", "call 97719559 or ", "x@y.org ", "12 Rue Igreja 25, "}) {
        std::string text;
        while (text.size() < 200'000)
            text += piece;
        QElapsedTimer timer;
        timer.start();
        const auto out = masked(text);
        QVERIFY(text::isUtf8(out.text));
        QVERIFY2(timer.elapsed() < 2000, (piece + ' ' + std::to_string(timer.elapsed()) + " ms").c_str());
    }
}

QTEST_GUILESS_MAIN(TestMask)
#include "tst_mask.moc"
