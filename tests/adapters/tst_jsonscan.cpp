#include <QtTest>

#include <nlohmann/json.hpp>
#include <rapidcheck.h>

#include "core/adapters/files/celltext.h"
#include "core/adapters/files/jsonscan.h"

using namespace winnow::files;
using Json = nlohmann::json;

namespace
{

rc::Gen<Json> values(int depth)
{
    const auto text = rc::gen::map(rc::gen::container<std::vector<std::uint32_t>>(rc::gen::element<std::uint32_t>(
                                       'a', '"', '\\', '\n', 0, 0x1f, '/', 0xe9, 0x2028, 0xffff, 0x1f600)),
                                   [](const std::vector<std::uint32_t> &points) {
                                       std::string bytes;
                                       for (const auto point : points)
                                           appendUtf8(bytes, point);
                                       return bytes;
                                   });
    const auto scalar =
        rc::gen::oneOf(rc::gen::construct<Json>(text), rc::gen::construct<Json>(rc::gen::arbitrary<std::int64_t>()),
                       rc::gen::map(rc::gen::inRange(-1000, 1000), [](int n) { return Json(n / 8.0); }),
                       rc::gen::element(Json(true), Json(false), Json(nullptr)));
    if (depth == 0)
        return scalar;
    const auto list =
        rc::gen::map(rc::gen::container<std::vector<Json>>(rc::gen::lazy([depth] { return values(depth - 1); })),
                     [](const std::vector<Json> &items) { return Json(items); });
    const auto object = rc::gen::map(
        rc::gen::container<std::map<std::string, Json>>(text, rc::gen::lazy([depth] { return values(depth - 1); })),
        [](const std::map<std::string, Json> &members) { return Json(members); });
    return rc::gen::oneOf(scalar, list, object);
}

/// Puts a value together again from its slices.
Json rebuilt(std::string_view slice)
{
    if (slice.front() == '{') {
        Json object = Json::object();
        JsonWalk walk(slice);
        while (walk.next()) {
            std::string key;
            unescape("\"" + std::string(walk.key()) + "\"", key);
            object[key] = rebuilt(walk.value());
        }
        return object;
    }
    if (slice.front() == '[') {
        Json list = Json::array();
        JsonWalk walk(slice);
        while (walk.next())
            list.push_back(rebuilt(walk.value()));
        return list;
    }
    if (slice.front() == '"') {
        std::string text;
        unescape(slice, text);
        return text;
    }
    return Json::parse(slice);
}

}

class TestJsonScan : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void whatIsWrittenIsWalked()
    {
        QVERIFY(rc::check([] {
            const Json value = *rc::gen::resize(6, values(3));
            const std::string text = value.dump(*rc::gen::element(-1, 0, 2), ' ', *rc::gen::arbitrary<bool>());
            const auto scan = scanJson(text, 0, true);
            RC_ASSERT(int(scan.state) == int(JsonScan::State::Complete));
            RC_ASSERT(scan.end == text.size());
            RC_ASSERT(rebuilt(text) == value);
        }));
    }

    void damageIsSeenAsAnotherParserSeesIt()
    {
        QVERIFY(rc::check([] {
            std::string text = (*rc::gen::resize(6, values(3))).dump();
            for (int changes = *rc::gen::inRange(1, 4); changes; --changes) {
                const auto at = *rc::gen::inRange<std::size_t>(0, text.size());
                const char c =
                    *rc::gen::element('{', '}', '[', ']', ',', ':', '"', '\\', '0', '-', '.', 'e', 'u', ' ', '\n', 't');
                if (*rc::gen::arbitrary<bool>())
                    text[at] = c;
                else
                    text.insert(at, 1, c);
            }
            if (!isUtf8(text))
                return; // the other parser looks at that too
            const auto scan = scanJson(text, 0, true);
            const bool whole = scan.state == JsonScan::State::Complete && skipWhiteSpace(text, scan.end) == text.size();
            RC_ASSERT(whole == Json::accept(text));
        }));
    }

    void aPieceNeverGivesAnotherAnswer()
    {
        QVERIFY(rc::check([] {
            const std::string text = (*rc::gen::resize(5, values(2))).dump(*rc::gen::element(-1, 1)) + "\n";
            for (std::size_t cut = 0; cut < text.size(); ++cut) {
                const auto scan = scanJson(std::string_view(text).substr(0, cut), 0, false);
                RC_ASSERT(int(scan.state) == int(JsonScan::State::NeedMore)
                          || (scan.state == JsonScan::State::Complete && scan.end <= cut && cut + 1 == text.size()));
            }
        }));
    }

    void strictlyJson_data()
    {
        QTest::addColumn<QByteArray>("text");
        QTest::addColumn<bool>("good");
        const auto row = [](const char *text, bool good) {
            QTest::newRow(*text ? text : "(empty)") << QByteArray(text) << good;
        };
        row("{}", true);
        row(" [ ] ", true);
        row("-0.5e+10", true);
        row("\"\\u00e9\\/\"", true);
        row("", false);
        row("{", false);
        row("{\"a\"}", false);
        row("{\"a\":}", false);
        row("{\"a\":1,}", false);
        row("[1,]", false);
        row("[,1]", false);
        row("[1 2]", false);
        row("{a:1}", false);
        row("{'a':1}", false);
        row("01", false);
        row("1.", false);
        row(".5", false);
        row("+1", false);
        row("1e", false);
        row("NaN", false);
        row("Infinity", false);
        row("tru", false);
        row("nulll", false);
        row("\"\\x\"", false);
        row("\"\\u12g4\"", false);
        row("\"a\nb\"", false);
        row("\"a\tb\"", false);
        row("{\"a\":1]", false);
        row("// x", false);
    }
    void strictlyJson()
    {
        QFETCH(QByteArray, text);
        QFETCH(bool, good);
        const std::string bytes = text.toStdString();
        const auto scan = scanJson(bytes, 0, true);
        QCOMPARE(scan.state == JsonScan::State::Complete && skipWhiteSpace(bytes, scan.end) == bytes.size(), good);
    }

    void depthIsCountedWithoutAStack()
    {
        const std::string deep = std::string(300000, '[') + std::string(300000, ']');
        const auto scan = scanJson(deep, 0, true);
        QCOMPARE(int(scan.state), int(JsonScan::State::Complete));
        QCOMPARE(scan.depth, 300000u);
        QCOMPARE(scanJson("{\"a\":[{\"b\":1}]}", 0, true).depth, 3u);
        QCOMPARE(scanJson("1", 0, true).depth, 0u);
    }

    void halfASurrogatePairIsReplaced()
    {
        std::string text;
        QVERIFY(unescape("\"a\\ud83d\\u0041\"", text));
        QCOMPARE(QByteArray::fromStdString(text),
                 QByteArray("a\xef\xbf\xbd"
                            "A"));
        QVERIFY(unescape("\"\\ude00\\ud83d\"", text));
        QCOMPARE(QByteArray::fromStdString(text), QByteArray("\xef\xbf\xbd\xef\xbf\xbd"));
        QVERIFY(!unescape("\"\\ud83d\\ude00\"", text));
        QCOMPARE(QByteArray::fromStdString(text), QByteArray("\xf0\x9f\x98\x80"));
    }
};

QTEST_GUILESS_MAIN(TestJsonScan)
#include "tst_jsonscan.moc"
