// Files as the world produces them, made here: imported, rejected with place and raw bytes kept, or refused whole.

#include <QtTest>

#include <QTemporaryDir>

#include <fstream>

#include "core/adapters/files/importfile.h"
#include "tests/fakes/zipfile.h"

using namespace winnow;
using namespace winnow::fakes;

namespace
{

QString q(std::string_view text)
{
    return QString::fromUtf8(text.data(), qsizetype(text.size()));
}

/// What must come of a file.
struct Fate {
    int records = 0; ///< -1: refused whole, nothing stored
    int rejects = 0;
    std::string says; ///< in the refusal, in the first reject, or where the file broke off
    std::string body = {}; ///< of the last record
    std::uint32_t flags = 0; ///< of the last record, as far as they are named
    bool brokenOff = false;
    std::string raw = {}; ///< begins the first reject's bytes
};

struct Case {
    std::string name, bytes;
    Fate fate;
    ImportOptions options = {};
};

std::string utf16(std::u16string_view text, bool little, bool mark)
{
    std::string bytes = mark ? (little ? "\xff\xfe" : "\xfe\xff") : "";
    for (const char16_t unit : text) {
        bytes += char(little ? unit & 255 : unit >> 8);
        bytes += char(little ? unit >> 8 : unit & 255);
    }
    return bytes;
}

ImportOptions mapped(const std::function<void(ImportMapping &)> &change)
{
    ImportOptions options;
    options.mapping = ImportMapping();
    options.mapping->source = "generic";
    options.mapping->columns = {{"body", std::string("body")}};
    change(*options.mapping);
    return options;
}

std::string nested(int depth)
{
    return std::string(std::size_t(depth), '[') + std::string(std::size_t(depth), ']');
}

std::uint32_t flag(RecordFlag one)
{
    return std::uint32_t(one);
}

ImportOptions small()
{
    ImportOptions options;
    options.limits.recordBytes = 1 << 20;
    return options;
}

std::vector<Case> cases()
{
    const std::string rows = inlineRow({"body"}) + inlineRow({"fine"});
    const std::string book = zipped(membersOf({{{"S", rows}}, {}, {}, {}, false, {}, {}}));
    const std::string packed = gzipped("id,body\n1,one\n2,two\n");
    const std::string tenMb(10u << 20, 'x');
    const std::string russian =
        "id,body\n1,\xd0\xbf\xd1\x80\xd0\xb8\xd0\xb2\xd0\xb5\xd1\x82 \xd0\xbf\xd1\x80\xd0\xb8\xd0\xb2\xd0\xb5\xd1\x82 "
        "\xd0\xbf\xd1\x80\xd0\xb8\xd0\xb2\xd0\xb5\xd1\x82 \xd0\xbf\xd1\x80\xd0\xb8\xd0\xb2\xd0\xb5\xd1\x82\n";
    std::string manyMembers;
    for (int i = 0; i < 50; ++i)
        manyMembers += gzipped((i ? "" : "id,body\n") + std::to_string(i) + ",t\n");
    std::string wrongSum = packed;
    wrongSum[wrongSum.size() - 8] ^= 1;
    std::string flipped = packed;
    flipped[flipped.size() / 2] ^= 0x55;
    std::string parquet = "PAR1";
    parquet += std::string(100, '\x15') + "PAR1";
    std::string sheetless = zipped({{"[Content_Types].xml", "<Types/>"}, {"xl/workbook.xml", "<workbook/>"}});
    const std::string csv = "id,body\n1,one\n";
    std::string broken = zipped({{"a.csv", csv}});
    std::string lying = zipped({{"a.csv", "body\n" + std::string(4u << 20, 'z'), false, 50, false}});

    return {
        // encodings
        {"UTF-8 with a mark", "\xef\xbb\xbfid,body\n1,gr\xc3\xbc\xc3\x9f\n", {1, 0, "", "gr\xc3\xbc\xc3\x9f"}},
        {"UTF-16 little, with a mark", utf16(u"id,body\n1,grüß 😀\n", true, true), {1, 0, "", "grüß 😀"}},
        {"UTF-16 big, with a mark", utf16(u"id,body\n1,grüß\n", false, true), {1, 0, "", "grüß"}},
        {"UTF-16 little, no mark", utf16(u"id,body\n1,crashes again\n", true, false), {1, 0, "", "crashes again"}},
        {"UTF-16 big, no mark", utf16(u"id,body\n1,crashes again\n", false, false), {1, 0, "", "crashes again"}},
        {"UTF-16, no mark, beyond Latin",
         utf16(u"id,body,rating,date\n1,приложение,5,2024-01-05\n", true, false),
         {1, 0, "", "приложение"}},
        {"UTF-16 with half a pair",
         utf16(u"id,body\n1,a" + std::u16string(1, char16_t(0xd83d)) + u"b\n", true, true),
         {1, 0, "", "a\uFFFDb", flag(RecordFlag::EncodingReplaced)}},
        {"UTF-16 with an odd byte", utf16(u"id,body\n1,a\n", true, true) + "x", {2, 0, "", ""}},
        {"Windows-1252", "id,body\n1,gr\xfc\xdf \x80 5\n2,na\xefve caf\xe9\n", {2, 0, "", "naïve café"}},
        {"Windows-1252 with a byte that is none",
         "id,body\n1,gr\xfc\xdf \x81\n",
         {1, 0, "", "grüß \uFFFD", flag(RecordFlag::EncodingReplaced)}},
        {"UTF-8 with one damaged byte",
         russian
             + "2,a\xff"
               "b\n",
         {2, 0, "", "a\uFFFDb", flag(RecordFlag::EncodingReplaced)}},
        {"UTF-8 overlong and surrogates",
         russian + "2,\xc0\xaf\n",
         {2, 0, "", "\uFFFD\uFFFD", flag(RecordFlag::EncodingReplaced)}},
        {"the user knows better", "id,body\n1,\xc3\xbc\n", {1, 0, "", "Ã¼"}, mapped([](ImportMapping &m) {
             m.encoding = "windows-1252";
         })},
        {"NUL bytes", std::string("id,body\n1,a\0b\n", 14), {1, 0, "", "ab", flag(RecordFlag::NulRemoved)}},
        // tables
        {"semicolons", "id;body;rating\n1;a,b;4,5\n", {1, 0, "", "a,b"}},
        {"tabs", "id\tbody\n1\ta,b;c\n", {1, 0, "", "a,b;c"}},
        {"bars", "id|body\n1|a,b\n", {1, 0, "", "a,b"}},
        {"sep= in the first line", "sep=;\r\nid;body\r\n1;a,b,c\r\n", {1, 0, "", "a,b,c"}},
        {"line ends and quotes in cells", "id,body\r\n1,\"a \"\"b\"\"\r\nc, d\"\r\n", {1, 0, "", "a \"b\"\nc, d"}},
        {"lone CR ends records", "id,body\r1,one\r2,two\r", {2, 0, "", "two"}},
        {"a quote within a cell", "id,body\n1,5\" screen\n", {1, 0, "", "5\" screen"}},
        {"text behind a closing quote", "id,body\n1,\"a\"b\n", {1, 0, "", "ab"}},
        {"a missing end quote",
         "id,body\n1,one\n2,\"two\n3,three\n",
         {1, 1, "quotes are not closed", "one", 0, true, "2,\"two"}},
        {"a missing end quote in the header", "id,\"body\n1,one\n", {-1, 0, "not closed"}},
        {"ragged rows", "id,body,rating\n1,one\n2,two,5,extra,more\n3\n", {3, 0, "", "", flag(RecordFlag::RaggedRow)}},
        {"doubled headers", "id,body,body\n1,,second\n", {1, 0, "", "second"}},
        {"empty lines and empty rows", "\n\nid,body\n\n1,one\n,\n\n", {1, 0, "", "one"}},
        {"no header", "1,one\n2,two\n", {2, 0, "", "two"}, mapped([](ImportMapping &m) {
             m.header = false;
             m.columns = {{"body", 1}, {"source_record_id", 0}};
         })},
        {"a header without rows", "id,body\n", {0, 0, ""}},
        {"an empty file", "", {0, 0, ""}},
        {"columns nobody knows", "colour,size\nred,1\n", {-1, 0, "columns are 'colour', 'size'"}},
        {"Amazon's table without quoting",
         "marketplace\tcustomer_id\treview_id\tstar_rating\treview_headline\treview_body\nUS\t1\tR1\t5\t\"open\tsays "
         "\"hi\n",
         {1, 0, "", "says \"hi"}},
        {"formulas", "id,body\n1,\"=HYPERLINK(\"\"http://x\"\")\"\n2,@SUM(A1)\n", {2, 0, "", "@SUM(A1)"}},
        {"a field of ten megabytes",
         "id,body\n1,\"" + tenMb + "\"\n2,\"" + tenMb + "\"\n",
         {2, 0, "", std::string(65536, 'x'), flag(RecordFlag::BodyTruncated)}},
        {"a record that never ends",
         "id,body\n1,one\n2,\"" + std::string(2u << 20, 'x'),
         {1, 1, "longer than 1 MiB", "one", 0, true, "2,\"xxx"},
         small()},
        {"dates that fit two orders",
         "id,body,date\n1,one,01/02/2024\n",
         {1, 0, "", "one", flag(RecordFlag::DateAmbiguous)}},
        {"dates that are none", "id,body,date\n1,one,yesterday\n", {1, 0, "", "one", flag(RecordFlag::DateUnparsed)}},
        {"a rating out of range", "id,body,stars\n1,one,9\n", {1, 0, "", "one", flag(RecordFlag::RatingOutOfRange)}},
        // JSON
        {"lines of JSON, one bad",
         "{\"id\":1,\"body\":\"one\"}\n{\"id\":2,\n{\"id\":3,\"body\":\"three\"}\n",
         {2, 1, "line 2, byte 22", "three", 0, false, "{\"id\":2,"}},
        {"lines of JSON that break off",
         "{\"id\":1,\"body\":\"one\"}\n{\"id\":2,\"bo",
         {1, 1, "breaks off", "one", 0, true, "{\"id\":2,\"bo"}},
        {"a line too deep",
         "{\"id\":1,\"body\":\"one\"}\n{\"id\":2,\"body\":\"x\",\"d\":" + nested(300) + "}\n",
         {1, 1, "deeper than 256", "one", 0, false, "{\"id\":2"}},
        {"a document nested 100,000 deep", nested(100'000), {0, 1, "not an object"}},
        {"a document that breaks off", "[{\"id\":1,\"body\":\"one\"},{\"id\":2", {-1, 0, "breaks off"}},
        {"half a surrogate pair",
         "{\"id\":1,\"body\":\"a\\ud83d\"}\n",
         {1, 0, "", "a\uFFFD", flag(RecordFlag::EncodingReplaced)}},
        {"numbers beyond a double", "{\"id\":12345678901234567890123,\"body\":\"one\"}\n", {1, 0, "", "one"}},
        {"a member twice", "{\"id\":1,\"body\":\"a\",\"body\":\"b\"}\n", {1, 0, "", "b"}},
        {"JSON with a mark", "\xef\xbb\xbf[{\"body\":\"one\"}]", {1, 0, "", "one"}},
        {"a line of ten megabytes",
         "{\"id\":1,\"body\":\"" + tenMb + "\"}\n{\"id\":2,\"body\":\"two\"}\n",
         {2, 0, "", "two"}},
        // packed
        {"gzip", packed, {2, 0, "", "two"}},
        {"gzip of fifty members", manyMembers, {50, 0, "", "t"}},
        {"gzip padded with zeros", packed + std::string(512, '\0'), {2, 0, "", "two"}},
        {"gzip with something behind it", packed + "garbage", {-1, 0, "gzip is damaged"}},
        {"gzip cut off", packed.substr(0, packed.size() - 9), {-1, 0, "gzip breaks off"}},
        {"gzip with a wrong checksum", wrongSum, {-1, 0, "gzip is damaged"}},
        {"gzip with a flipped bit", flipped, {-1, 0, "gzip"}},
        {"a gzip bomb", gzipped("id,body\n1," + std::string(64u << 20, 'a') + "\n"), {-1, 0, "times its size"}},
        {"gzip in gzip", gzipped(packed), {-1, 0, "packed twice"}},
        // archives
        {"a ZIP of tables",
         zipped({{"a.csv", csv}, {"b/c.jsonl", "{\"id\":\"9\",\"body\":\"nine\"}\n"}}),
         {2, 0, "", "nine"}},
        {"a ZIP that leads out",
         zipped({{"a.csv", csv}, {"../../etc/cron.d/x.csv", csv}}),
         {1, 1, "leads out", "one", 0, false, csv}},
        {"a ZIP with an absolute name",
         zipped({{"a.csv", csv}, {"C:\\x.csv", csv}}),
         {1, 1, "leads out", "one", 0, false, csv}},
        {"a ZIP with a wrong checksum", zipped({{"a.csv", csv}, {"b.csv", csv, false, 0, true}}), {-1, 0, "damaged"}},
        {"a ZIP cut off", broken.substr(0, broken.size() - 30), {-1, 0, "cannot be read"}},
        {"a ZIP under a password", zipped({{"a.csv", csv, true, 0, false}}), {-1, 0, "encrypted"}},
        {"a ZIP bomb", zipped({{"a.csv", "body\n" + std::string(8u << 20, 'a')}}), {-1, 0, "200 times"}},
        {"a ZIP that lies about its size", lying, {-1, 0, ""}},
        {"a ZIP in a ZIP",
         zipped({{"a.csv", csv}, {"b.zip", zipped({{"c.csv", csv}})}}),
         {1, 1, "archive within an archive", "one", 0, false, "PK"}},
        {"a ZIP of pictures", zipped({{"a.png", "\x89PNG\r\n\x1a\n"}}), {-1, 0, "no file that can be read"}},
        {"an empty ZIP", zipped({}), {-1, 0, "no file that can be read"}},
        // workbooks
        {"a workbook", book, {1, 0, "", "fine"}},
        {"a workbook without sheets", sheetless, {-1, 0, "is missing"}},
        {"a workbook cut off", book.substr(0, book.size() - 40), {-1, 0, "cannot be read"}},
        {"a workbook with entities",
         zipped([&] {
             auto members = membersOf({{{"S", rows}}, {}, {}, {}, false, {}, {}});
             members[1].text.insert(members[1].text.find('\n') + 1,
                                    "<!DOCTYPE x [<!ENTITY a \"aa\"><!ENTITY b \"&a;&a;\">]>");
             return members;
         }()),
         {-1, 0, "document type"}},
        {"a workbook under a password",
         "\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + std::string(600, '\0'),
         {-1, 0, "without a password"}},
        // what is no file of records
        {"Parquet", parquet, {-1, 0, "Parquet"}},
        {"a PDF", "%PDF-1.7\n...", {-1, 0, "PDF"}},
        {"a picture", "\x89PNG\r\n\x1a\n....", {-1, 0, "image"}},
        {"a program",
         "\x7f"
         "ELF\2\1\1"
             + std::string(64, '\0'),
         {-1, 0, "not text"}},
    };
}

}

class TestHostileFiles : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void thereAreMoreThanFortyOfThem() { QVERIFY(cases().size() > 40); }

    void eachFileMeetsItsFate_data()
    {
        QTest::addColumn<int>("index");
        int index = 0;
        for (const Case &file : cases())
            QTest::newRow(file.name.c_str()) << index++;
    }
    void eachFileMeetsItsFate()
    {
        QFETCH(int, index);
        static const std::vector<Case> all = cases();
        const Case &file = all[std::size_t(index)];
        const Fate &fate = file.fate;
        const QTemporaryDir folder;
        const std::string path = folder.filePath(QStringLiteral("file")).toStdString();
        std::ofstream(path, std::ios::binary).write(file.bytes.data(), std::streamsize(file.bytes.size()));
        std::vector<Record> records;
        std::vector<Reject> rejects;
        const auto summary = importFile(path, file.options,
                                        [&](ImportBatch &&batch) -> Result<> {
                                            for (Record &record : batch.records)
                                                records.push_back(std::move(record));
                                            for (Reject &reject : batch.rejects)
                                                rejects.push_back(std::move(reject));
                                            return {};
                                        },
                                        {});
        if (fate.records < 0) {
            QVERIFY2(!summary, "was not refused");
            QVERIFY2(q(summary.error().detail).contains(q(fate.says)), summary.error().detail.c_str());
            QVERIFY2(q(summary.error().detail).contains(q(path)), "does not name the file");
            QVERIFY2(summary.error().code == ErrorCode::InvalidInput || summary.error().code == ErrorCode::Corrupt,
                     std::string(toString(summary.error().code)).c_str());
            QCOMPARE(records.size(), 0u);
            return;
        }
        QVERIFY2(summary, summary ? "" : summary.error().detail.c_str());
        QCOMPARE(int(records.size()), fate.records);
        QCOMPARE(int(rejects.size()), fate.rejects);
        QCOMPARE(summary->records, records.size());
        QCOMPARE(summary->rejects, rejects.size());
        QCOMPARE(summary->brokenOff.has_value(), fate.brokenOff);
        if (fate.brokenOff)
            QVERIFY2(q(summary->brokenOff->detail).contains(QStringLiteral("byte")),
                     summary->brokenOff->detail.c_str());
        if (!rejects.empty()) {
            QVERIFY2(q(rejects[0].place + rejects[0].reason).contains(q(fate.says)),
                     (rejects[0].place + ": " + rejects[0].reason).c_str());
            QVERIFY2(!rejects[0].place.empty() && q(rejects[0].place).startsWith(QStringLiteral("file: ")),
                     rejects[0].place.c_str());
            QVERIFY2(rejects[0].raw.starts_with(fate.raw), rejects[0].raw.c_str());
        }
        if (!records.empty()) {
            if (!fate.body.empty())
                QCOMPARE(q(records.back().body), q(fate.body));
            QCOMPARE(records.back().flags & fate.flags, fate.flags);
            for (const Record &record : records)
                QVERIFY(!record.rawPayload.empty() && !record.origin.empty());
        }
    }
};

QTEST_GUILESS_MAIN(TestHostileFiles)
#include "tst_hostilefiles.moc"
