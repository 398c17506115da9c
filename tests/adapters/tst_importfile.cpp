#include <QtTest>

#include <QTemporaryDir>

#include <filesystem>
#include <fstream>

#include <nlohmann/json.hpp>
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
};

QTEST_GUILESS_MAIN(TestImportFile)
#include "tst_importfile.moc"
