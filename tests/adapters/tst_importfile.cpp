#include <QtTest>

#include <QTemporaryDir>

#include <filesystem>
#include <fstream>

#include <nlohmann/json.hpp>
#include <rapidcheck.h>
#include <zlib.h>

#include "core/adapters/files/importfile.h"
#include "core/json/recordjson.h"

using namespace winnow;
using Json = nlohmann::json;

namespace
{

QString q(const std::string &text)
{
    return QString::fromUtf8(text.data(), qsizetype(text.size()));
}

std::string gzip(std::string_view text)
{
    z_stream stream = {};
    deflateInit2(&stream, 9, Z_DEFLATED, 15 + 16, 8, Z_DEFAULT_STRATEGY);
    std::string packed(deflateBound(&stream, text.size()) + 64, '\0');
    stream.next_in = reinterpret_cast<Bytef *>(const_cast<char *>(text.data()));
    stream.avail_in = uInt(text.size());
    stream.next_out = reinterpret_cast<Bytef *>(packed.data());
    stream.avail_out = uInt(packed.size());
    deflate(&stream, Z_FINISH);
    packed.resize(stream.total_out);
    deflateEnd(&stream);
    return packed;
}

/// A file of its own for each import.
class Files
{
public:
    std::string write(const std::string &name, std::string_view bytes)
    {
        const std::string path = m_folder.filePath(q(name)).toStdString();
        std::ofstream(path, std::ios::binary).write(bytes.data(), std::streamsize(bytes.size()));
        return path;
    }

private:
    QTemporaryDir m_folder;
};

struct Imported {
    std::vector<Record> records;
    std::vector<Reject> rejects;
    std::vector<std::uint64_t> ends;
    ImportSummary summary;
    std::optional<Error> error;
};

Imported import(const std::string &path, ImportOptions options = {})
{
    Imported result;
    if (options.now == TimePoint())
        options.now = *parseTime("2024-06-01T00:00:00.000Z");
    auto summary = importFile(path, options,
                              [&](ImportBatch &&batch) -> Result<> {
                                  for (Record &record : batch.records)
                                      result.records.push_back(std::move(record));
                                  for (Reject &reject : batch.rejects)
                                      result.rejects.push_back(std::move(reject));
                                  result.ends.push_back(batch.endOffset);
                                  return {};
                              },
                              {});
    if (summary)
        result.summary = std::move(*summary);
    else
        result.error = summary.error();
    return result;
}

Imported importText(std::string_view text, const ImportOptions &options = {})
{
    static Files files;
    static int number = 0;
    return import(files.write("f" + std::to_string(number++), text), options);
}

ImportMapping mapping(std::map<std::string, std::variant<std::string, int>> columns)
{
    ImportMapping map;
    map.source = "generic";
    map.columns = std::move(columns);
    return map;
}

ImportOptions mapped(const ImportMapping &map)
{
    ImportOptions options;
    options.mapping = map;
    return options;
}

std::string when(const std::optional<TimePoint> &time)
{
    return time ? formatTime(*time) : "null";
}

}

class TestImportFile : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void readsATableByTheNamesOfItsColumns()
    {
        const auto got = importText("Review ID,Star Rating,Review Title,Review Text,Date,Language,App Version\n"
                                    "r1,4,Good,\"Works, mostly\",2024-01-05T10:00:00Z,pt_BR,9.2\n"
                                    "r2,,,Crashes,2024-01-06,,\n");
        QVERIFY2(!got.error, got.error ? got.error->detail.c_str() : "");
        QCOMPARE(got.records.size(), 2u);
        const Record &first = got.records[0];
        QCOMPARE(q(first.source), QStringLiteral("generic"));
        QCOMPARE(q(first.sourceRecordId), QStringLiteral("r1"));
        QCOMPARE(first.rating, std::optional<double>(4));
        QCOMPARE(q(first.ratingScale), QStringLiteral("stars_1_5"));
        QCOMPARE(q(first.title), QStringLiteral("Good"));
        QCOMPARE(q(first.body), QStringLiteral("Works, mostly"));
        QCOMPARE(q(first.language), QStringLiteral("pt-BR"));
        QCOMPARE(q(first.appVersion), QStringLiteral("9.2"));
        QCOMPARE(q(when(first.createdAt)), QStringLiteral("2024-01-05T10:00:00.000Z"));
        QCOMPARE(first.flags, 0u);
        QCOMPARE(q(first.versionHash), q(versionHash(first)));
        QCOMPARE(q(first.rawPayload),
                 QStringLiteral(
                     "[[\"Review ID\",\"r1\"],[\"Star Rating\",\"4\"],[\"Review Title\",\"Good\"],[\"Review Text\","
                     "\"Works, mostly\"],[\"Date\",\"2024-01-05T10:00:00Z\"],[\"Language\",\"pt_BR\"],[\"App "
                     "Version\",\"9.2\"]]"));
        const Record &second = got.records[1];
        QVERIFY(!second.rating);
        QVERIFY(second.title.empty());
        QCOMPARE(second.flags, std::uint32_t(RecordFlag::DateOnly));
        QCOMPARE(q(got.summary.format), QStringLiteral("csv"));
    }

    void readsJsonLinesAndRejectsTheBadOnes()
    {
        const auto got = importText("{\"id\":12345678901234567890,\"text\":\"a\\u00e9\\ud83d\\ude00\",\"rating\":5}\n"
                                    "\n"
                                    "{\"id\":2,\"text\":\n"
                                    "[1]\n"
                                    "{\"id\":\"3\",\"text\":\"c\",\"created_at\":1700000000}\r\n");
        QVERIFY(!got.error);
        QCOMPARE(q(got.summary.format), QStringLiteral("jsonl"));
        QCOMPARE(got.records.size(), 2u);
        QCOMPARE(q(got.records[0].sourceRecordId), QStringLiteral("12345678901234567890"));
        QCOMPARE(q(got.records[0].body), QString::fromUtf8("aé😀"));
        QCOMPARE(q(got.records[0].rawPayload),
                 QStringLiteral("{\"id\":12345678901234567890,\"text\":\"a\\u00e9\\ud83d\\ude00\",\"rating\":5}"));
        QVERIFY(got.records[0].has(RecordFlag::CreatedAtMissing));
        QCOMPARE(q(when(got.records[1].createdAt)), QStringLiteral("2023-11-14T22:13:20.000Z"));
        QCOMPARE(got.rejects.size(), 2u);
        QCOMPARE(q(got.rejects[0].raw), QStringLiteral("{\"id\":2,\"text\":"));
        QVERIFY(q(got.rejects[0].place).endsWith(QStringLiteral(": line 3, byte 69")));
        QCOMPARE(q(got.rejects[1].reason), QStringLiteral("not an object"));
    }

    void gzipIsUnpackedAllMembers()
    {
        const auto got = importText(gzip("id,body\n1,one\n") + gzip("2,two\n"));
        QVERIFY(!got.error);
        QCOMPARE(got.records.size(), 2u);
        QCOMPARE(q(got.records[1].body), QStringLiteral("two"));
    }

    void damagedGzipGivesNothing()
    {
        std::string packed = gzip("id,body\n1,one\n2,two\n");
        packed.resize(packed.size() - 5);
        const auto got = importText(packed);
        QVERIFY(got.error);
        QVERIFY(got.error->code == ErrorCode::Corrupt);
        QVERIFY(got.records.empty());
    }

    void equalRowsGetNumbers()
    {
        const auto got = importText("body,date\nsame,2024-01-01\nother,2024-01-01\nsame,2024-01-01\nsame,2024-01-01\n");
        QCOMPARE(got.records.size(), 4u);
        const QString id = q(got.records[0].sourceRecordId);
        QCOMPARE(id,
                 QStringLiteral("x-")
                     + QString::fromLatin1(QCryptographicHash::hash("same\x1f"
                                                                    "2024-01-01",
                                                                    QCryptographicHash::Sha256)
                                               .toHex()
                                               .left(32)));
        QCOMPARE(q(got.records[2].sourceRecordId), id + QStringLiteral("#2"));
        QCOMPARE(q(got.records[3].sourceRecordId), id + QStringLiteral("#3"));
        QVERIFY(got.records[0].has(RecordFlag::IdDerived));
    }

    void aTableThatBreaksOffKeepsItsGoodRecords()
    {
        const auto got = importText("id,body\n1,one\n2,\"two\n3,three\n");
        QVERIFY(!got.error);
        QCOMPARE(got.records.size(), 1u);
        QVERIFY(got.summary.brokenOff);
        QVERIFY(q(got.summary.brokenOff->detail).contains(QStringLiteral("row 3, byte 14")));
        QCOMPARE(got.ends.back(), 14u);
        QCOMPARE(q(got.rejects.at(0).raw), QStringLiteral("2,\"two\n3,three\n"));
    }

    void aMappingNamesWhatIsNotThere()
    {
        const auto got = importText("a,b\n1,2\n", mapped(mapping({{"body", "Kommentar"}})));
        QVERIFY(got.error);
        QVERIFY(got.error->code == ErrorCode::InvalidInput);
        QVERIFY(q(got.error->detail)
                    .endsWith(QStringLiteral(": /mapping/body: no column 'Kommentar'; columns are 'a', 'b'")));
    }

    void canonicalLinesComeBackAsTheyAre()
    {
        auto got = importText("id,body,date,author,email\n1,\"one\ntwo\",05/13/2024,Ann,Ann@Example.org\n");
        QCOMPARE(got.records.size(), 1u);
        Record record = got.records[0];
        QVERIFY(!record.authorId.empty());
        record.set(RecordFlag::Edited);
        const auto again = importText(toJson(record) + "\n");
        QVERIFY(!again.error);
        QCOMPARE(again.records.size(), 1u);
        QCOMPARE(q(toJson(again.records[0])), q(toJson(record)));
    }

    void resumesBehindWhatWasCommitted()
    {
        const std::string text = "body,rating\nsame,1\nsame,1\nlast,2\nsame,1\n";
        ImportOptions options;
        options.batchRecords = 2;
        const auto whole = importText(text, options);
        QCOMPARE(whole.records.size(), 4u);
        options.skipBytes = whole.ends.at(0);
        const auto rest = importText(text, options);
        QCOMPARE(rest.records.size(), 2u);
        QCOMPARE(q(rest.records[1].sourceRecordId), q(whole.records[3].sourceRecordId));
        QVERIFY(rest.records[1].sourceRecordId.ends_with("#3"));
        QCOMPARE(q(rest.summary.sha256), q(whole.summary.sha256));
    }

    void encodings_data()
    {
        QTest::addColumn<QByteArray>("bytes");
        QTest::addColumn<QByteArray>("encoding");
        QTest::addColumn<QByteArray>("body");
        QTest::addColumn<bool>("replaced");
        const QString text = QStringLiteral("id,body\n1,Gr\u00f6\u00dfe \u20ac \U0001f600\n");
        const auto utf16 = [&](bool little, bool mark) {
            QByteArray bytes;
            for (const QChar c : (mark ? QStringLiteral("\ufeff") : QString()) + text) {
                bytes += char(little ? c.unicode() & 255 : c.unicode() >> 8);
                bytes += char(little ? c.unicode() >> 8 : c.unicode() & 255);
            }
            return bytes;
        };
        const QByteArray body = QByteArray("Gr\xc3\xb6\xc3\x9f"
                                           "e \xe2\x82\xac \xf0\x9f\x98\x80");
        QTest::newRow("UTF-8") << text.toUtf8() << QByteArray("auto") << body << false;
        QTest::newRow("UTF-8 with a mark") << "\xef\xbb\xbf" + text.toUtf8() << QByteArray("auto") << body << false;
        QTest::newRow("UTF-16LE with a mark") << utf16(true, true) << QByteArray("auto") << body << false;
        QTest::newRow("UTF-16BE with a mark") << utf16(false, true) << QByteArray("auto") << body << false;
        QTest::newRow("UTF-16BE by what is said") << utf16(false, false) << QByteArray("utf-16be") << body << false;
        QTest::newRow("UTF-16LE by its zeros") << QByteArray("i\0d\0,\0b\0o\0d\0y\0\n\0"
                                                             "1\0,\0x\0\n\0",
                                                             24)
                                               << QByteArray("auto") << QByteArray("x") << false;
        QTest::newRow("UTF-16 with half a pair") << QByteArray("\xff\xfe"
                                                               "b\0o\0d\0y\0\n\0a\0\x3d\xd8"
                                                               "b\0\n\0",
                                                               20)
                                                 << QByteArray("auto")
                                                 << QByteArray("a\xef\xbf\xbd"
                                                               "b")
                                                 << true;
        QTest::newRow("UTF-16 with half a character") << QByteArray("\xff\xfe"
                                                                    "b\0o\0d\0y\0\n\0a\0b",
                                                                    15)
                                                      << QByteArray("auto") << QByteArray("a\xef\xbf\xbd") << true;
        QTest::newRow("Windows-1252") << QByteArray("body\nGr\xf6\xdf"
                                                    "e \x80 \x93x\x94\n")
                                      << QByteArray("auto")
                                      << QByteArray("Gr\xc3\xb6\xc3\x9f"
                                                    "e \xe2\x82\xac \xe2\x80\x9cx\xe2\x80\x9d")
                                      << false;
        QTest::newRow("Windows-1252 where nothing is defined")
            << QByteArray("body\na\x81\xe4\n") << QByteArray("auto") << QByteArray("a\xef\xbf\xbd\xc3\xa4") << true;
        QByteArray mostly = "body\n";
        for (int i = 0; i < 20; ++i)
            mostly += "\xc3\xa4";
        QTest::newRow("UTF-8 with a damaged byte") << mostly + "\xff\n"
                                                   << QByteArray("auto") << mostly.mid(5) + "\xef\xbf\xbd" << true;
        QTest::newRow("UTF-8 by what is said")
            << QByteArray("body\na\xff\n") << QByteArray("utf-8") << QByteArray("a\xef\xbf\xbd") << true;
    }
    void encodings()
    {
        QFETCH(QByteArray, bytes);
        QFETCH(QByteArray, encoding);
        QFETCH(QByteArray, body);
        QFETCH(bool, replaced);
        ImportMapping map = mapping({{"body", "body"}});
        map.encoding = encoding.toStdString();
        const auto got = importText(bytes.toStdString(), mapped(map));
        QVERIFY2(!got.error, got.error ? got.error->detail.c_str() : "");
        QCOMPARE(got.records.size(), 1u);
        QCOMPARE(QByteArray::fromStdString(got.records[0].body), body);
        QCOMPARE(got.records[0].has(RecordFlag::EncodingReplaced), replaced);
        QVERIFY(Json::accept(got.records[0].rawPayload));
    }

    void whatIsNoFileOfRecordsIsRefusedByName_data()
    {
        QTest::addColumn<QByteArray>("bytes");
        QTest::addColumn<QString>("words");
        const auto row = [](const char *name, const QByteArray &bytes, const char *words) {
            QTest::newRow(name) << bytes << QString::fromLatin1(words);
        };
        row("Parquet", "PAR1rest", "Parquet");
        row("PNG", "\x89PNG\r\n\x1a\n", "not a file of records");
        row("binary", QByteArray("\1\2\3\4\5\6\7\10\0\0\0\0", 12), "not text");
        row("gzip in gzip", QByteArray::fromStdString(gzip(gzip("id,body\n1,x\n"))), "packed twice");
        row("other columns", "colour,size\nred,1\n", "columns are 'colour', 'size'");
        row("open quote in the header", "\"id,body\n1,x\n", "not closed");
        row("a number", "12", "no column has a known name");
        row("two lists", "{\"a\":[{\"body\":\"x\"}],\"b\":[{\"body\":\"y\"}]}", "lists are 'a', 'b'");
    }
    void whatIsNoFileOfRecordsIsRefusedByName()
    {
        QFETCH(QByteArray, bytes);
        QFETCH(QString, words);
        const auto got = importText(bytes.toStdString());
        QVERIFY(got.error);
        QVERIFY(got.error->code == ErrorCode::InvalidInput);
        QVERIFY2(q(got.error->detail).contains(words), got.error->detail.c_str());
        QVERIFY(got.records.empty());
    }

    void emptyFilesHaveNoRecords_data()
    {
        QTest::addColumn<QByteArray>("bytes");
        QTest::newRow("nothing") << QByteArray();
        QTest::newRow("a mark") << QByteArray("\xef\xbb\xbf");
        QTest::newRow("line ends") << QByteArray("\n\r\n\n");
        QTest::newRow("a header") << QByteArray("id,body\n");
        QTest::newRow("an empty list") << QByteArray("[]");
        QTest::newRow("an empty list of something") << QByteArray("{\"next\":null,\"reviews\":[]}");
        QTest::newRow("an empty gzip") << QByteArray::fromStdString(gzip(""));
    }
    void emptyFilesHaveNoRecords()
    {
        QFETCH(QByteArray, bytes);
        const auto got = importText(bytes.toStdString());
        QVERIFY2(!got.error, got.error ? got.error->detail.c_str() : "");
        QCOMPARE(got.summary.records, 0u);
        QCOMPARE(got.summary.rejects, 0u);
        QVERIFY(!got.summary.brokenOff);
        QCOMPARE(q(got.summary.sha256),
                 QString::fromLatin1(QCryptographicHash::hash(bytes, QCryptographicHash::Sha256).toHex()));
        QCOMPARE(got.summary.bytes, std::uint64_t(bytes.size()));
    }

    void theFileThatIsNotThere()
    {
        QVERIFY(import("/nowhere/at/all.csv").error->code == ErrorCode::NotFound);
        QVERIFY(import("/").error->code == ErrorCode::InvalidInput);
    }

    void tablesAreReadLeniently()
    {
        const auto got = importText("sep=;\r\n"
                                    "id;rating;comment;comment;extra\r\n"
                                    "1;4,5;;second;e\r\n"
                                    "\r\n"
                                    "2;3\r\n"
                                    "3;2;\"a;b\r\nc \"\"d\"\"\";x;e;too;many\r\n"
                                    ";;;;\r\n"
                                    "4;1; \ta ;=1+1;@x\r\n");
        QVERIFY(!got.error);
        QCOMPARE(got.records.size(), 4u);
        QCOMPARE(got.records[0].rating, std::optional<double>(4.5));
        QCOMPARE(q(got.records[0].body), QStringLiteral("second"));
        QVERIFY(got.records[1].has(RecordFlag::RaggedRow));
        QVERIFY(got.records[1].body.empty());
        QCOMPARE(q(got.records[1].rawPayload), QStringLiteral("[[\"id\",\"2\"],[\"rating\",\"3\"]]"));
        QCOMPARE(q(got.records[2].body), QStringLiteral("a;b\nc \"d\""));
        QVERIFY(!got.records[2].has(RecordFlag::RaggedRow));
        const auto raw = Json::parse(got.records[2].rawPayload);
        QCOMPARE(raw.size(), 7u);
        QVERIFY(raw[2] == Json::array({"comment", "a;b\r\nc \"d\""}));
        QVERIFY(raw[6] == Json::array({"", "many"}));
        QCOMPARE(q(got.records[3].body), QStringLiteral(" \ta "));
        QVERIFY(q(got.records[3].rawPayload).contains(QStringLiteral("[\"comment\",\"=1+1\"]")));
        QCOMPARE(q(got.records[3].origin).section(QLatin1Char(','), 1), QStringLiteral("\"offset\":103,\"row\":8}"));
    }

    void amazonsTablesHaveNoQuotes()
    {
        const auto got = importText("marketplace\tcustomer_id\treview_id\tproduct_title\tstar_rating\treview_"
                                    "headline\treview_body\treview_date\n"
                                    "US\t1\tR1\t\"A\" thing\t5\t\"Open\tnever closed\" 5\"\t2015-08-31\n");
        QVERIFY(!got.error);
        QCOMPARE(q(got.summary.format), QStringLiteral("tsv"));
        QCOMPARE(got.records.size(), 1u);
        QCOMPARE(q(got.records[0].title), QStringLiteral("\"Open"));
        QCOMPARE(q(got.records[0].body), QStringLiteral("never closed\" 5\""));
        QCOMPARE(q(got.records[0].country), QStringLiteral("US"));
    }

    void decimalCommasNeedAReason()
    {
        const auto plain = importText("id,rating,body\n1,\"4,5\",x\n2,4.5,y\n");
        QCOMPARE(plain.records[0].rating, std::optional<double>(4.5));
        QCOMPARE(plain.records[1].rating, std::optional<double>(4.5));
    }

    void scalesAreFoundByNameAndByValue_data()
    {
        QTest::addColumn<QByteArray>("column");
        QTest::addColumn<QByteArray>("values");
        QTest::addColumn<QByteArray>("scale");
        QTest::addColumn<QByteArray>("ratings");
        const auto row = [](const char *column, const char *values, const char *scale, const char *ratings) {
            QTest::addRow("%s %s", column, values)
                << QByteArray(column) << QByteArray(values) << QByteArray(scale) << QByteArray(ratings);
        };
        row("stars", "1 5 0 6", "stars_1_5", "1 5 - -");
        row("rating", "1 5 4.5 0", "stars_1_5", "1 5 4.5 -");
        row("score", "1 5 10 87", "other", "1 5 10 87");
        row("rating", "7/10 4/10", "other", "7 4");
        row("nps", "0 10 11", "nps_0_10", "0 10 -");
        row("csat", "1 5 6", "csat_1_5", "1 5 -");
        row("csat", "good bad", "csat_0_1", "1 0");
        row("thumbs", "up down", "thumbs_0_1", "1 0");
        row("ces", "7 8", "ces_1_7", "7 -");
    }
    void scalesAreFoundByNameAndByValue()
    {
        QFETCH(QByteArray, column);
        QFETCH(QByteArray, values);
        QFETCH(QByteArray, scale);
        QFETCH(QByteArray, ratings);
        QByteArray text = "id," + column + ",body\n";
        for (const QByteArray &value : values.split(' '))
            text += "r" + QByteArray::number(text.size()) + "," + value + ",x\n";
        const auto got = importText(text.toStdString());
        QVERIFY(!got.error);
        QByteArrayList read;
        for (const Record &record : got.records) {
            read += record.rating ? QByteArray::number(*record.rating) : QByteArray("-");
            QCOMPARE(record.has(RecordFlag::RatingOutOfRange), !record.rating);
            QCOMPARE(QByteArray::fromStdString(record.ratingScale), scale);
        }
        QCOMPARE(read.join(' '), ratings);
    }

    void noRatingIsNeverNought()
    {
        const auto got = importText("id,rating,body\n1,,x\n2,n/a,y\n3,5,z\n");
        for (int i = 0; i < 2; ++i) {
            QVERIFY(!got.records[std::size_t(i)].rating);
            QVERIFY(got.records[std::size_t(i)].ratingScale.empty());
            QVERIFY(!got.records[std::size_t(i)].has(RecordFlag::RatingOutOfRange));
        }
    }

    void theOrderOfDatesIsProvedAnywhereInTheFile()
    {
        std::string text = "id,body,date\n";
        for (int i = 0; i < 3000; ++i)
            text += std::to_string(i) + ",x,03/04/2024\n";
        const auto unknown = importText(text);
        QVERIFY(!unknown.records[0].createdAt);
        QCOMPARE(unknown.records[0].flags, std::uint32_t(RecordFlag::DateAmbiguous));
        const auto proved = importText(text + "last,x,13/04/2024\n");
        QCOMPARE(q(when(proved.records[0].createdAt)), QStringLiteral("2024-04-03T00:00:00.000Z"));
        QCOMPARE(q(when(proved.records[3000].createdAt)), QStringLiteral("2024-04-13T00:00:00.000Z"));
        const auto contradicted = importText(text + "a,x,13/04/2024\nb,x,04/13/2024\n");
        QVERIFY(contradicted.records[3001].has(RecordFlag::DateUnparsed));
    }

    void datesThatAreNotThere()
    {
        const auto got = importText(
            "id,body,created at,updated "
            "at\n1,x,,\n2,x,,2024-01-05T00:00:00Z\n3,x,soon,2024-01-05T00:00:00Z\n4,x,2024-01-04T00:00:00Z,\n");
        QCOMPARE(got.records[0].flags, std::uint32_t(RecordFlag::CreatedAtMissing));
        QCOMPARE(q(when(got.records[1].createdAt)), QStringLiteral("2024-01-05T00:00:00.000Z"));
        QCOMPARE(got.records[1].createdAt, got.records[1].updatedAt);
        QCOMPARE(got.records[1].flags, 0u);
        QVERIFY(!got.records[2].createdAt);
        QCOMPARE(got.records[2].flags, std::uint32_t(RecordFlag::DateUnparsed));
        QVERIFY(!got.records[3].updatedAt);
    }

    void columnsInUtcAreBelieved()
    {
        ImportMapping map = mapping({{"body", "b"}, {"created_at", "Submit Date (UTC)"}, {"updated_at", "changed"}});
        map.timezone = "Europe/Berlin";
        const auto got = importText("b,Submit Date (UTC),changed\nx,2024-01-05 10:00,2024-01-05 10:00\n", mapped(map));
        QCOMPARE(q(when(got.records[0].createdAt)), QStringLiteral("2024-01-05T10:00:00.000Z"));
        QCOMPARE(q(when(got.records[0].updatedAt)), QStringLiteral("2024-01-05T09:00:00.000Z"));
        QCOMPARE(got.records[0].flags, std::uint32_t(RecordFlag::TzAssumed) | std::uint32_t(RecordFlag::IdDerived));
    }

    void placesAreCountriesOrRegions_data()
    {
        QTest::addColumn<QByteArray>("header");
        QTest::addColumn<QByteArray>("cells");
        QTest::addColumn<QByteArray>("country");
        QTest::addColumn<QByteArray>("region");
        const auto row = [](const char *header, const char *cells, const char *country, const char *region) {
            QTest::addRow("%s=%s", header, cells)
                << QByteArray(header) << QByteArray(cells) << QByteArray(country) << QByteArray(region);
        };
        row("country", "DE", "DE", "");
        row("country", "de", "DE", "");
        row("territory", "DEU", "DE", "");
        row("territory", "XKS", "XK", "");
        row("country", "Germany", "", "Germany");
        row("country", "UK", "", "UK");
        row("location", "FR", "FR", "");
        row("location", "fr", "", "fr");
        row("location", "FRA", "", "FRA");
        row("location", "Paris", "", "Paris");
        row("country,region", "US,CA", "US", "CA");
        row("country,region", ",Bavaria", "", "Bavaria");
    }
    void placesAreCountriesOrRegions()
    {
        QFETCH(QByteArray, header);
        QFETCH(QByteArray, cells);
        QFETCH(QByteArray, country);
        QFETCH(QByteArray, region);
        const auto got = importText(("body," + header + "\nx," + cells + "\n").toStdString());
        QCOMPARE(QByteArray::fromStdString(got.records[0].country), country);
        QCOMPARE(QByteArray::fromStdString(got.records[0].region), region);
    }

    void authorsAreKeyedAndAddressesAreNotKept()
    {
        ImportOptions options;
        options.workspaceKey = {7};
        const auto expected = [&](const std::string &key) {
            return q(hex(hmacSha256(options.workspaceKey, "generic\x1f" + key)).substr(0, 32));
        };
        const auto got = importText(
            "id,body,user id,email,name\n1,x,u1,a@b.example,Ann\n2,x,,A@B.example,Ann\n3,x,,,Ann\n4,x,,,\n", options);
        QCOMPARE(q(got.records[0].authorId), expected("id:u1"));
        QCOMPARE(q(got.records[1].authorId), expected("mail:a@b.example"));
        QCOMPARE(q(got.records[1].authorName), QStringLiteral("Ann"));
        QCOMPARE(q(got.records[2].authorId), expected("nick:Ann"));
        QVERIFY(got.records[3].authorId.empty());
        const auto onlyMail = importText("id,body,email\n1,x,a@b.example\n", options);
        QVERIFY(onlyMail.records[0].authorName.empty());
    }

    void nestedMembersAreFound()
    {
        const auto got = importText("{\"id\":\"1\",\"text\":\"x\",\"author\":{\"id\":9007199254740993,\"name\":\"Ann\"}"
                                    ",\"tags\":[\"a\"],\"data\":{\"x\":1}}\n"
                                    "{\"id\":\"2\",\"text\":\"y\",\"author\":\"Bob\"}\n");
        QVERIFY(!got.error);
        QCOMPARE(q(got.records[0].authorName), QStringLiteral("Ann"));
        QCOMPARE(q(got.records[0].authorId), q(hex(hmacSha256({}, "generic\x1fid:9007199254740993")).substr(0, 32)));
        QCOMPARE(q(got.records[1].authorName), QStringLiteral("Bob"));
        QCOMPARE(got.records[0].flags, std::uint32_t(RecordFlag::CreatedAtMissing));

        ImportMapping map = mapping({{"body", "review.words.text"}, {"source_record_id", "key"}});
        const auto deep =
            importText("{\"key\":1,\"review\":{\"words\":{\"text\":\"deep\"}}}\n{\"key\":2,\"body\":\"not mapped\"}\n",
                       mapped(map));
        QCOMPARE(deep.records.size(), 1u);
        QCOMPARE(q(deep.records[0].body), QStringLiteral("deep"));
        QCOMPARE(q(deep.rejects[0].reason), QStringLiteral("no member holds a text, a title or a rating"));
    }

    void documentsAreFoundOut_data()
    {
        QTest::addColumn<QByteArray>("text");
        QTest::addColumn<QByteArray>("format");
        QTest::addColumn<int>("records");
        QTest::addColumn<int>("rejects");
        const auto row = [](const char *text, const char *format, int records, int rejects = 0) {
            QTest::newRow(text) << QByteArray(text) << QByteArray(format) << records << rejects;
        };
        row("[{\"body\":\"a\"},{\"body\":\"b\"}]", "json", 2);
        row("\n [\n{\"body\":\"a\"}\n,\n{\"body\":\"b\"}\n]\n", "json", 2);
        row("[{\"body\":\"a\"},7,null,[{}]]", "json", 1, 3);
        row("{\"reviews\":[{\"body\":\"a\"}],\"tags\":[\"x\"]}", "json", 1);
        row("{\"data\":{\"reviews\":[{\"body\":\"a\"}]}}", "json", 1);
        row("{\"meta\":{\"pages\":[{\"n\":1}]},\"reviews\":[{\"body\":\"a\"},{\"body\":\"b\"}]}", "json", 2);
        row("{\n \"body\": \"a\",\n \"tags\": [{\"t\":1}]\n}", "json", 1);
        row("{\"body\":\"a\"}", "jsonl", 1);
        row("{\"body\":\"a\"}\n", "jsonl", 1);
        row("{\"body\":\"a\",\"tags\":[{\"t\":1}]}", "jsonl", 1);
        row("{\"body\":\"a\"}\n{\"body\":\"b\"}", "jsonl", 2);
        row("{\"body\":\"a\n{\"body\":\"b\"}\n", "jsonl", 1, 1);
        row("{\"body\":\"a\"},\n{\"body\":\"b\"}\n", "jsonl", 1, 1);
    }
    void documentsAreFoundOut()
    {
        QFETCH(QByteArray, text);
        QFETCH(QByteArray, format);
        QFETCH(int, records);
        QFETCH(int, rejects);
        const auto got = importText(text.toStdString());
        QVERIFY2(!got.error, got.error ? got.error->detail.c_str() : "");
        QCOMPARE(QByteArray::fromStdString(got.summary.format), format);
        QCOMPARE(int(got.records.size()), records);
        QCOMPARE(int(got.rejects.size()), rejects);
    }

    void aPathLeadsToTheRecords()
    {
        ImportMapping map = mapping({{"body", "text"}});
        map.recordsPath = "export.items";
        const std::string text =
            "{\"other\":[{\"text\":\"no\"}],\"export\":{\"items\":[{\"text\":\"a\"},{\"text\":\"b\"}]}}";
        QCOMPARE(importText(text, mapped(map)).records.size(), 2u);
        map.recordsPath = "export.none";
        const auto got = importText(text, mapped(map));
        QVERIFY(
            q(got.error->detail)
                .contains(QStringLiteral("/records_path: no list 'export.none'; lists are 'other', 'export.items'")));
    }

    void damagedDocumentsGiveNothing_data()
    {
        QTest::addColumn<QByteArray>("text");
        const char *const texts[] = {"[{\"body\":\"a\"}",
                                     "[{\"body\":\"a\"},]",
                                     "[{\"body\":\"a\"}] x",
                                     "[{\"body\":\"a\"}][]",
                                     "[{\"body\":\"a\"} {\"body\":\"b\"}]",
                                     "{\"reviews\":[{\"body\":\"a\"}]",
                                     "{\"reviews\":[{\"body\":\"a\"}],}",
                                     "{\"reviews\" [{\"body\":\"a\"}]}",
                                     "[{\"body\":\"a\tb\"}]",
                                     "{\"reviews\":",
                                     "[",
                                     "{"};
        for (const char *text : texts)
            QTest::newRow(text) << QByteArray(text);
    }
    void damagedDocumentsGiveNothing()
    {
        QFETCH(QByteArray, text);
        const auto got = importText(text.toStdString());
        QVERIFY(got.error);
        QVERIFY2(got.error->code == ErrorCode::Corrupt, got.error->detail.c_str());
        QVERIFY(got.records.empty() && got.rejects.empty());
    }

    void linesThatBreakOffAreReadAgainLater()
    {
        const std::string good = "{\"body\":\"a\"}\n{\"body\":\"b\"}\n";
        const auto got = importText(good + "{\"body\":\"c");
        QVERIFY(got.summary.brokenOff);
        QVERIFY(q(got.summary.brokenOff->detail).contains(QStringLiteral("line 3, byte 26")));
        QCOMPARE(got.records.size(), 2u);
        QCOMPARE(got.rejects.size(), 1u);
        QCOMPARE(got.ends.back(), good.size());
        const auto bad = importText(good + "nonsense");
        QVERIFY(!bad.summary.brokenOff);
        QCOMPARE(bad.rejects.size(), 1u);
    }

    void deepLinesAreRejected()
    {
        const auto nested = [](int levels) {
            return "{\"body\":\"x\",\"a\":" + std::string(std::size_t(levels - 1), '[')
                + std::string(std::size_t(levels - 1), ']') + "}\n";
        };
        const auto got = importText(nested(256) + nested(257) + nested(100000));
        QCOMPARE(got.records.size(), 1u);
        QCOMPARE(got.rejects.size(), 2u);
        QCOMPARE(q(got.rejects[0].reason), QStringLiteral("nested deeper than 256 levels"));
    }

    void longBodiesAreCutAndKeptWholeInTheRaw()
    {
        const std::string word = "\xc3\xa4";
        std::string longText, most;
        for (std::size_t i = 0; i < (1 << 19) + 1; ++i)
            longText += word;
        most = longText.substr(2);
        const auto got = importText("id,body\n1," + longText + "\n2," + most + "\n");
        QVERIFY(got.records[0].has(RecordFlag::BodyTruncated));
        QCOMPARE(got.records[0].body.size(), 2u * 65536);
        QVERIFY(got.records[0].rawPayload.find(longText) != std::string::npos);
        QVERIFY(!got.records[1].has(RecordFlag::BodyTruncated));
        QCOMPARE(got.records[1].body.size(), most.size());
    }

    void longRecordsComeInSmallBatches()
    {
        std::string text = "id,body\n";
        for (int i = 0; i < 20; ++i)
            text += std::to_string(i) + "," + std::string(500000, 'x') + "\n";
        const auto got = importText(text);
        QCOMPARE(got.records.size(), 20u);
        QVERIFY(got.ends.size() >= 2);
        QVERIFY(std::is_sorted(got.ends.begin(), got.ends.end()));
        QCOMPARE(got.ends.back(), text.size());
    }

    void ratingsOfJsonAreNumbers()
    {
        const auto got = importText("{\"body\":\"a\",\"stars\":4e0}\n{\"body\":\"b\",\"stars\":4.50}\n"
                                    "{\"body\":\"c\",\"stars\":-0}\n{\"body\":\"d\",\"stars\":\"4 / 5\"}\n"
                                    "{\"body\":\"e\",\"stars\":1e999}\n{\"body\":\"f\",\"stars\":{\"x\":1}}\n");
        QCOMPARE(got.records.size(), 6u);
        QCOMPARE(got.records[0].rating, std::optional<double>(4));
        QCOMPARE(got.records[1].rating, std::optional<double>(4.5));
        QVERIFY(!got.records[2].rating && got.records[2].has(RecordFlag::RatingOutOfRange));
        QCOMPARE(got.records[3].rating, std::optional<double>(4));
        QVERIFY(!got.records[4].rating && got.records[4].has(RecordFlag::RatingOutOfRange));
        QVERIFY(!got.records[5].rating && !got.records[5].has(RecordFlag::RatingOutOfRange));
    }

    void longIdsAreRejected()
    {
        const std::string id(513, 'i');
        const auto got = importText("id,body\n" + id + ",x\n" + id.substr(1) + ",y\n");
        QCOMPARE(got.records.size(), 1u);
        QCOMPARE(q(got.rejects[0].reason), QStringLiteral("source_record_id is longer than 512 characters"));
    }

    void limitsHold()
    {
        ImportOptions options;
        options.limits.fileBytes = 20;
        const auto large = importText("id,body\n1,0123456789\n", options);
        QVERIFY(large.error->code == ErrorCode::InvalidInput);
        QVERIFY(q(large.error->detail).contains(QStringLiteral("is larger than")));

        const auto bomb = importText(gzip("id,body\n1," + std::string(3 << 20, 'a') + "\n"));
        QVERIFY(bomb.error->code == ErrorCode::InvalidInput);
        QVERIFY(q(bomb.error->detail).contains(QStringLiteral("200 times its size")));
        QVERIFY(bomb.records.empty());

        options = {};
        options.limits.unpackedBytes = 100;
        const auto unpacked = importText(gzip("id,body\n1," + std::string(200, 'a') + "\n"), options);
        QVERIFY(q(unpacked.error->detail).contains(QStringLiteral("unpacks to more than")));

        options = {};
        options.limits.recordBytes = 1 << 20;
        const std::string body(1 << 21, 'b');
        const auto line = importText("{\"body\":\"a\"}\n{\"body\":\"" + body + "\"}\n{\"body\":\"c\"}\n", options);
        QCOMPARE(line.records.size(), 2u);
        QCOMPARE(line.rejects.size(), 1u);
        QCOMPARE(q(line.rejects[0].reason), QStringLiteral("line longer than 1 MiB"));
        const auto row = importText("id,body\n1,a\n2,\"" + body + "\n3,c\n", options);
        QCOMPARE(row.records.size(), 1u);
        QVERIFY(row.summary.brokenOff);
        const auto document = importText("[{\"body\":\"a\"},{\"body\":\"" + body + "\"}]", options);
        QVERIFY(document.error->code == ErrorCode::Corrupt);
    }

    void gzipMayBePaddedButNotFollowed()
    {
        const std::string packed = gzip("id,body\n1,one\n");
        QCOMPARE(importText(packed + std::string(1000, '\0')).records.size(), 1u);
        QVERIFY(importText(packed + "garbage").error->code == ErrorCode::Corrupt);
        std::string flipped = packed;
        flipped[flipped.size() - 6] = char(flipped[flipped.size() - 6] ^ 1); // of the checksum
        const auto got = importText(flipped);
        QVERIFY(got.error->code == ErrorCode::Corrupt);
        QVERIFY(got.records.empty());
    }

    void aFileThatChangesWhileItIsReadIsWithdrawn()
    {
        Files files;
        std::string text = "[";
        for (int i = 0; i < 40000; ++i)
            text += (i ? "," : "") + std::string("{\"id\":") + std::to_string(i) + ",\"body\":\"words of a review\"}";
        text += "]";
        const std::string path = files.write("changing.json", text);
        ImportOptions options;
        bool changed = false;
        const auto summary =
            importFile(path, options,
                       [&](ImportBatch &&) -> Result<> {
                           if (!std::exchange(changed, true)) {
                               std::fstream file(path, std::ios::binary | std::ios::in | std::ios::out);
                               file.seekp(std::streamoff(text.size() - 10));
                               file << 'W';
                           }
                           return {};
                       },
                       {});
        QVERIFY(!summary);
        QVERIFY(summary.error().code == ErrorCode::Corrupt);
        QVERIFY(q(summary.error().detail).endsWith(QStringLiteral("changed while it was read")));
    }

    void stopsAreHeardAndErrorsOfTheSinkArePassedOn()
    {
        Files files;
        std::string text = "id,body\n";
        for (int i = 0; i < 5000; ++i)
            text += std::to_string(i) + ",x\n";
        const std::string path = files.write("f.csv", text);
        ImportOptions options;
        options.batchRecords = 100;
        std::stop_source source;
        int batches = 0;
        const auto stopped = importFile(
            path, options,
            [&](ImportBatch &&) -> Result<> {
                return ++batches == 3 ? (source.request_stop(), Result<>()) : Result<>();
            },
            source.get_token());
        QVERIFY(stopped.error().code == ErrorCode::Cancelled);
        QVERIFY(batches < 10);
        const auto full =
            importFile(path, options, [&](ImportBatch &&) -> Result<> { return fail(ErrorCode::Full, "disk"); }, {});
        QVERIFY(full.error() == (Error{ErrorCode::Full, "disk"}));
    }

    void htmlIsReadWhereTheMappingSaysSo()
    {
        ImportMapping map = mapping({{"body", "text"}, {"title", "head"}});
        const std::string text = "head,text\n<b>T</b>,\"<p>One &amp; two</p><p>three</p>\"\n";
        const auto plain = importText(text, mapped(map));
        QCOMPARE(q(plain.records[0].body), QStringLiteral("<p>One &amp; two</p><p>three</p>"));
        QVERIFY(!plain.records[0].has(RecordFlag::HtmlStripped));
        map.bodyFormat = "html";
        const auto html = importText(text, mapped(map));
        QCOMPARE(q(html.records[0].title), QStringLiteral("T"));
        QCOMPARE(q(html.records[0].body), QStringLiteral("One & two\nthree"));
        QVERIFY(html.records[0].has(RecordFlag::HtmlStripped));
    }

    void mappingsByNumberNeedNoHeader()
    {
        ImportMapping map = mapping({{"source_record_id", 0}, {"body", 2}});
        map.header = false;
        const auto got = importText("1;a;one\n2;b;two\n", mapped(map));
        QVERIFY(!got.error);
        QCOMPARE(got.records.size(), 2u);
        QCOMPARE(q(got.records[1].body), QStringLiteral("two"));
        QCOMPARE(q(got.records[1].rawPayload), QStringLiteral("[[\"0\",\"2\"],[\"1\",\"b\"],[\"2\",\"two\"]]"));
        map.header = true;
        map.columns["body"] = 7;
        QVERIFY(q(importText("1;a;one\n2;b;two\n", mapped(map)).error->detail)
                    .contains(QStringLiteral("/mapping/body: no column 7; there are 3")));
        map.columns["body"] = 2;
        map.headerRow = 2;
        QCOMPARE(importText("title line\nid;x;text\n1;a;one\n", mapped(map)).records.size(), 1u);
    }

    void aMappingTakesOnlyWhatItNames()
    {
        const auto got = importText("Id,Text,title,author,account_id,plan\n1,x,t,Ann,acc,pro\n",
                                    mapped(mapping({{"source_record_id", "id"}, {"body", " TEXT "}})));
        QVERIFY(!got.error);
        const Record &record = got.records[0];
        QCOMPARE(q(record.sourceRecordId), QStringLiteral("1"));
        QCOMPARE(q(record.body), QStringLiteral("x"));
        QVERIFY(record.title.empty() && record.authorName.empty());
        QCOMPARE(q(record.accountId), QStringLiteral("acc"));
        QCOMPARE(q(record.planTier), QStringLiteral("pro"));
    }

    void mappingFilesAreChecked_data()
    {
        QTest::addColumn<QByteArray>("text");
        QTest::addColumn<QByteArray>("error");
        const auto row = [](const char *text, const char *error) {
            QTest::newRow(text) << QByteArray(text) << QByteArray(error);
        };
        row("{\"source\":\"s\",\"mapping\":{\"body\":\"B\"}}", "");
        row("{\"source\":\"s\",\"channel\":\"survey\",\"mapping\":{\"body\":2,\"author_email\":\"m\"},\"date_order\":"
            "\"DMY\",\"timezone\":\"Europe/"
            "Berlin\",\"rating_scale\":\"nps_0_10\",\"encoding\":\"windows-1252\",\"delimiter\":\"\\t\",\"header\":"
            "false,\"header_row\":3,"
            "\"sheet\":\"x\",\"records_path\":\"a.b\",\"body_format\":\"html\",\"_note\":1}",
            "");
        row("[]", "not a JSON object");
        row("{\"mapping\":{\"body\":\"B\"}}", "/source: is missing");
        row("{\"source\":\"s\"}", "/mapping: is missing");
        row("{\"source\":\"S p\",\"mapping\":{\"body\":\"B\"}}", "/source: expected lower-case letters, digits and _");
        row("{\"source\":\"s\",\"mapping\":{}}", "/mapping: names no column");
        row("{\"source\":\"s\",\"mapping\":{\"boddy\":\"B\"}}", "/mapping/boddy: no such field");
        row("{\"source\":\"s\",\"mapping\":{\"body\":-1}}",
            "/mapping/body: expected the name of a column or its number from 0");
        row("{\"source\":\"s\",\"mapping\":{\"body\":1.5}}",
            "/mapping/body: expected the name of a column or its number from 0");
        row("{\"source\":\"s\",\"mapping\":{\"body\":\"B\"},\"channel\":\"mail\"}",
            "/channel: expected a channel of the canonical schema");
        row("{\"source\":\"s\",\"mapping\":{\"body\":\"B\"},\"timezone\":\"Mars\"}",
            "/timezone: expected the IANA name of a time zone");
        row("{\"source\":\"s\",\"mapping\":{\"body\":\"B\"},\"date_order\":\"XYZ\"}",
            "/date_order: expected DMY, MDY or YMD");
        row("{\"source\":\"s\",\"mapping\":{\"body\":\"B\"},\"header\":1}", "/header: expected true or false");
        row("{\"source\":\"s\",\"mapping\":{\"body\":\"B\"},\"header_row\":0}",
            "/header_row: expected a row from 1 to 1000");
        row("{\"source\":\"s\",\"mapping\":{\"body\":\"B\"},\"date_ordr\":\"DMY\"}", "/date_ordr: no such member");
    }
    void mappingFilesAreChecked()
    {
        QFETCH(QByteArray, text);
        QFETCH(QByteArray, error);
        Files files;
        const std::string path = files.write("map.json", text.toStdString());
        const auto map = readMapping(path);
        QCOMPARE(map.has_value(), error.isEmpty());
        if (!map)
            QCOMPARE(QByteArray::fromStdString(map.error().detail), QByteArray::fromStdString(path) + ": " + error);
        else if (text.contains("Berlin"))
            QVERIFY(map->columns.at("body") == (std::variant<std::string, int>(2)) && map->delimiter == "\t"
                    && map->bodyFormat == "html");
    }

    void sourcesAndFormatsAreChecked()
    {
        ImportOptions options;
        options.source = "Not a source";
        QVERIFY(importText("id,body\n1,x\n", options).error->code == ErrorCode::InvalidInput);
        options.source = "google_play";
        const auto got = importText("id,body\n1,x\n", options);
        QCOMPARE(q(got.records[0].source), QStringLiteral("google_play"));
        QCOMPARE(q(got.records[0].channel), QStringLiteral("app_review"));
        options.format = "doc";
        QVERIFY(importText("id,body\n1,x\n", options).error->code == ErrorCode::InvalidInput);
        options.format = "jsonl";
        QCOMPARE(importText("id,body\n", options).rejects.size(), 1u);
    }

    void ourOwnColumnsKeepTheirSourceAndAuthor()
    {
        const std::string author(32, 'a');
        const auto got = importText("source,source_record_id,author_id,body\nzendesk,7," + author + ",x\n");
        QCOMPARE(q(got.records[0].source), QStringLiteral("zendesk"));
        QCOMPARE(q(got.records[0].authorId), q(author));
        const auto other = importText("source,id,author_id,body\nweb,7," + author + ",x\n");
        QCOMPARE(q(other.records[0].source), QStringLiteral("generic"));
        QVERIFY(other.records[0].authorId != author);
    }

    void canonicalLinesThatAreWrongAreRejected()
    {
        const auto got = importText("{\"source\":\"s\",\"source_record_id\":\"1\",\"channel\":\"mail\",\"raw_payload\":"
                                    "\"{}\",\"ingested_at\":\"2024-01-05T00:00:00.000Z\"}\n");
        QCOMPARE(got.records.size(), 0u);
        QVERIFY(q(got.rejects.at(0).reason).startsWith(QStringLiteral("/channel: ")));
    }

    /// Rows of every length across the borders of the reader's chunks, all ways of writing a table.
    void bordersOfChunksDoNotShow_data()
    {
        QTest::addColumn<bool>("packed");
        QTest::addColumn<bool>("wide");
        QTest::newRow("plain") << false << false;
        QTest::newRow("gzip") << true << false;
        QTest::newRow("UTF-16") << false << true;
    }
    void bordersOfChunksDoNotShow()
    {
        QFETCH(bool, packed);
        QFETCH(bool, wide);
        std::string text = "id,body,rating\r\n";
        std::vector<std::string> bodies;
        std::uint32_t random = 1;
        const auto next = [&](std::uint32_t most) {
            return (random = random * 1664525 + 1013904223) >> 8 & 0xffff ? (random >> 8) % most : 0;
        };
        const std::string pieces[] = {"a", ",", "\"", "\r\n", "\n", "\xc3\xa4", "\xf0\x9f\x98\x80", " ", "word "};
        for (int i = 0; text.size() < 1500000; ++i) {
            std::string body = "b";
            for (std::uint32_t n = next(300); n; --n)
                body += pieces[next(std::size(pieces))];
            bodies.push_back(body);
            std::string cell;
            for (const char c : body)
                cell += c == '"' ? std::string("\"\"") : std::string(1, c);
            text += std::to_string(i) + ",\"" + cell + "\"," + std::to_string(1 + next(5)) + (next(2) ? "\r\n" : "\n");
        }
        if (wide) {
            std::string units = "\xff\xfe";
            for (const QChar c : q(text)) {
                units += char(c.unicode() & 255);
                units += char(c.unicode() >> 8);
            }
            text = units;
        }
        const auto got = importText(packed ? gzip(text) : text);
        QVERIFY2(!got.error, got.error ? got.error->detail.c_str() : "");
        QCOMPARE(got.records.size(), bodies.size());
        for (std::size_t i = 0; i < bodies.size(); ++i) {
            QString expected = q(bodies[i]);
            expected.replace(QStringLiteral("\r\n"), QStringLiteral("\n"));
            QCOMPARE(q(got.records[i].body), expected);
            QCOMPARE(q(got.records[i].sourceRecordId), QString::number(i));
        }
        QCOMPARE(got.summary.rejects, 0u);
    }

    void linesAcrossBordersOfChunksAreWhole()
    {
        std::string text;
        std::size_t count = 0;
        for (; text.size() < 1500000; ++count)
            text += Json{{"id", std::to_string(count)},
                         {"body", std::string(1 + count * 7919 % 5000, char('a' + count % 26))}}
                        .dump()
                + "\n";
        const auto got = importText(text);
        QCOMPARE(got.records.size(), count);
        std::uint64_t offset = 0;
        for (std::size_t i = 0; i < count; ++i) {
            QCOMPARE(got.records[i].body.size(), 1 + i * 7919 % 5000);
            QCOMPARE(Json::parse(got.records[i].origin)["offset"].get<std::uint64_t>(), offset);
            offset += got.records[i].rawPayload.size() + 1;
        }
    }

    /// Whatever the bytes, the importer answers, and what it makes fits the canonical schema.
    void anyBytesAreAnswered()
    {
        QVERIFY(rc::check([] {
            const auto piece = rc::gen::element<std::string>(
                "id", "body", "rating", ",", ";", "\t", "\n", "\r\n", "\"", "{", "}", "[", "]", ":", "\"body\":", "1",
                "x", "\xff", std::string(1, '\0'), "\xef\xbb\xbf", "2024-01-05", "=", "sep=;");
            std::string bytes;
            for (const std::string &part : *rc::gen::container<std::vector<std::string>>(piece))
                bytes += part;
            if (*rc::gen::arbitrary<bool>())
                bytes = "id,body,rating,date\n" + bytes;
            const auto got = importText(bytes);
            for (const Record &record : got.records) {
                const auto json = Json::parse(toJson(record), nullptr, false);
                RC_ASSERT(json.is_object());
                RC_ASSERT(!record.sourceRecordId.empty());
                RC_ASSERT(record.versionHash == versionHash(record));
            }
            if (!got.error) {
                RC_ASSERT(got.summary.records == got.records.size());
                RC_ASSERT(got.summary.rejects == got.rejects.size());
                RC_ASSERT(got.summary.bytes == bytes.size());
            }
        }));
    }
};

QTEST_GUILESS_MAIN(TestImportFile)
#include "tst_importfile.moc"
