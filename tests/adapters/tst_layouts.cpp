#include <QtTest>

#include <QTemporaryDir>

#include <fstream>

#include "core/adapters/files/importfile.h"
#include "core/adapters/files/layouts.h"

using namespace winnow;

namespace
{

QString q(std::string_view text)
{
    return QString::fromUtf8(text.data(), qsizetype(text.size()));
}

struct Imported {
    std::vector<Record> records;
    ImportSummary summary;
    std::optional<Error> error;
};

Imported importAs(const std::string &format, std::string_view text)
{
    const QTemporaryDir folder;
    const std::string path = folder.filePath(QStringLiteral("file")).toStdString();
    std::ofstream(path, std::ios::binary).write(text.data(), std::streamsize(text.size()));
    ImportOptions options;
    options.format = format;
    Imported got;
    auto summary = importFile(path, options,
                              [&](ImportBatch &&batch) -> Result<> {
                                  for (Record &record : batch.records)
                                      got.records.push_back(std::move(record));
                                  return {};
                              },
                              {});
    if (summary)
        got.summary = std::move(*summary);
    else
        got.error = summary.error();
    return got;
}

std::string when(const std::optional<TimePoint> &time)
{
    return time ? formatTime(*time) : "null";
}

std::string utf16(std::string_view ascii)
{
    std::string wide = "\xff\xfe";
    for (const char c : ascii) {
        wide += c;
        wide += '\0';
    }
    return wide;
}

}

class TestLayouts : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void everyLayoutNamesFieldsAndTellsItself()
    {
        const auto layouts = files::shippedLayouts();
        QVERIFY(layouts);
        QVERIFY(layouts->size() >= 13);
        const auto formats = importFormats();
        QVERIFY(formats);
        for (const auto &layout : *layouts) {
            QVERIFY2(std::find(formats->begin(), formats->end(), layout->name) != formats->end(), layout->name.c_str());
            const auto found = files::layoutOf(layout->known);
            QVERIFY(found);
            QVERIFY2(*found && (*found)->name == layout->name, layout->name.c_str());
        }
        const auto none = files::layoutOf({"id", "body"});
        QVERIFY(none && !*none);
    }

    void googlePlaysFilesNameReviewsByTheirLinks()
    {
        const std::string header =
            "Package Name,App Version Code,App Version Name,Reviewer Language,Device,Review Submit Date and "
            "Time,Review "
            "Submit Millis Since Epoch,Review Last Update Date and Time,Review Last Update Millis Since Epoch,Star "
            "Rating,Review Title,Review Text,Developer Reply Date and Time,Developer Reply Millis Since "
            "Epoch,Developer "
            "Reply Text,Review Link\n";
        const auto got = importAs(
            "google_play_csv",
            utf16(
                header
                + "com.x,904,9.2,pt_BR,walleye,2024-01-05T10:00:00Z,1704448800123,2024-01-06T10:00:00Z,1704535200000,1,"
                  "Bad,\"It, crashes\nalways\",2024-01-07T00:00:00Z,1,Thanks,http://play.google.com/console/?p="
                  "com.x&reviewId=gp%3AAOq1&corpus=x\n"
                  "com.x,904,,en,walleye,2024-01-05T10:00:00Z,1704448800123,,,5,,,,,,\n"));
        QVERIFY2(!got.error, got.error ? got.error->detail.c_str() : "");
        QCOMPARE(got.records.size(), 2u);
        const Record &first = got.records[0], &second = got.records[1];
        QCOMPARE(q(first.source), QStringLiteral("google_play"));
        QCOMPARE(q(first.channel), QStringLiteral("app_review"));
        QCOMPARE(q(first.sourceRecordId), QStringLiteral("gp:AOq1"));
        QCOMPARE(q(first.body), QStringLiteral("It, crashes\nalways"));
        QCOMPARE(q(first.language), QStringLiteral("pt-BR"));
        QCOMPARE(q(first.os), QStringLiteral("Android"));
        QCOMPARE(q(first.appVersion), QStringLiteral("9.2"));
        QCOMPARE(q(when(first.createdAt)), QStringLiteral("2024-01-05T10:00:00.123Z"));
        QCOMPARE(q(when(first.updatedAt)), QStringLiteral("2024-01-06T10:00:00.000Z"));
        QCOMPARE(first.rating, std::optional<double>(1));
        QVERIFY(first.authorId.empty());
        QCOMPARE(q(second.appVersion), QStringLiteral("904"));
        // Package, milliseconds, device and language say which review it is.
        const std::string parts = "com.x\x1f"
                                  "1704448800123\x1f"
                                  "walleye\x1f"
                                  "en";
        QCOMPARE(q(second.sourceRecordId), q("x-" + hex(sha256(parts)).substr(0, 32)));
        QVERIFY(second.has(RecordFlag::IdDerived));
    }

    void typeformsAnswersAreLines()
    {
        const auto got =
            importAs("typeform_csv",
                     "#,How likely are you to recommend us?,What should be better?,Which plan?,email,Start Date "
                     "(UTC),Submit Date (UTC),Network ID\n"
                     "t1,0,\"Export fails, often\",Pro,Ann@X.example,2024-01-05 09:00:00,2024-01-05 "
                     "10:00:00,abc\n"
                     "t2,10,,Free,,2024-01-05 09:00:00,2024-01-05 10:00:00,abd\n");
        QVERIFY2(!got.error, got.error ? got.error->detail.c_str() : "");
        QCOMPARE(got.records.size(), 2u);
        QCOMPARE(q(got.records[0].sourceRecordId), QStringLiteral("t1"));
        QCOMPARE(got.records[0].rating, std::optional<double>(0));
        QCOMPARE(q(got.records[0].ratingScale), QStringLiteral("nps_0_10"));
        QCOMPARE(q(got.records[0].body),
                 QStringLiteral("What should be better?: Export fails, often\nWhich plan?: Pro"));
        QCOMPARE(q(when(got.records[0].createdAt)), QStringLiteral("2024-01-05T10:00:00.000Z"));
        QVERIFY(!got.records[0].has(RecordFlag::TzAssumed));
        QVERIFY(!got.records[0].authorId.empty());
        QCOMPARE(q(got.records[0].channel), QStringLiteral("survey"));
        QCOMPARE(q(got.records[1].body), QStringLiteral("Which plan?: Free"));
    }

    void surveysWithTwoAndThreeRowsOfHeaders()
    {
        const auto monkey =
            importAs("surveymonkey_csv",
                     "Respondent ID,Collector ID,Start Date,End Date,IP Address,Email Address,First Name,Last "
                     "Name,Custom Data 1,What do you use?,,Tell us more\n"
                     ",,,,,,,,,Web,Mobile,Open-Ended Response\n"
                     "77,1,01/05/2024 09:00:00,01/25/2024 10:00:00,1.2.3.4,,,,,Web,,Too slow\n");
        QVERIFY2(!monkey.error, monkey.error ? monkey.error->detail.c_str() : "");
        QCOMPARE(monkey.records.size(), 1u);
        QCOMPARE(q(monkey.records[0].sourceRecordId), QStringLiteral("77"));
        QCOMPARE(q(monkey.records[0].body), QStringLiteral("What do you use? / Web: Web\nTell us more: Too slow"));
        QCOMPARE(q(when(monkey.records[0].createdAt)), QStringLiteral("2024-01-25T10:00:00.000Z"));

        const auto qualtrics = importAs(
            "qualtrics_csv",
            "StartDate,EndDate,Status,RecordedDate,ResponseId,RecipientEmail,UserLanguage,Q1,Q2\n"
            "Start Date,End Date,Response Type,Recorded Date,Response ID,Email,Language,\"How was\nit?\",Why?\n"
            "\"{\"\"ImportId\"\":\"\"startDate\"\",\"\"timeZone\"\":\"\"America/Denver\"\"}\",x,x,x,x,x,x,x,x\n"
            "2024-01-05 09:00:00,2024-01-05 09:05:00,IP Address,2024-01-05 09:05:01,R_1,,EN,4,It hangs\n"
            "2024-01-05 09:00:00,2024-01-05 09:05:00,Survey Preview,2024-01-05 09:05:01,R_2,,EN,4,Test\n"
            "2024-01-05 09:00:00,2024-01-05 09:05:00,Spam,2024-01-05 09:05:01,R_3,,EN,4,Buy\n");
        QVERIFY2(!qualtrics.error, qualtrics.error ? qualtrics.error->detail.c_str() : "");
        QCOMPARE(qualtrics.records.size(), 1u);
        QCOMPARE(q(qualtrics.records[0].body), QStringLiteral("Why?: It hangs"));
        QCOMPARE(qualtrics.records[0].rating, std::optional<double>(4));
        QCOMPARE(q(when(qualtrics.records[0].createdAt)), QStringLiteral("2024-01-05T16:05:01.000Z"));
        QCOMPARE(q(qualtrics.records[0].language), QStringLiteral("en"));
    }

    void shopsDeriveTheirIdsFromWhoWroteAndWhen()
    {
        const std::string header =
            "title,body,rating,review_date,source,curated,reviewer_name,reviewer_email,product_id,"
            "product_handle,reply,ip_address,location\n";
        const auto one =
            importAs("judgeme_csv",
                     header + "Good,Works,5,2024-01-05 10:00:00 UTC,web,ok,Ann,Ann@X.example,12,lamp,,1.2.3.4,DE\n");
        const auto again = importAs(
            "judgeme_csv",
            header
                + "Good,Works no more,1,2024-01-05 10:00:00 UTC,web,ok,Ann,ann@x.example,12,lamp,thanks,1.2.3.4,DE\n");
        QVERIFY2(!one.error, one.error ? one.error->detail.c_str() : "");
        QCOMPARE(one.records.size(), 1u);
        QCOMPARE(q(one.records[0].sourceRecordId), q(again.records[0].sourceRecordId));
        QVERIFY(one.records[0].versionHash != again.records[0].versionHash);
        QCOMPARE(q(one.records[0].country), QStringLiteral("DE"));
        QCOMPARE(q(one.records[0].product), QStringLiteral("lamp"));
    }

    void othersAreReadByTheirColumns()
    {
        const auto zendesk =
            importAs("zendesk_csv",
                     "Id,Requester,Requester id,Requester email,Subject,Status,Created at,Updated at,"
                     "Organization,Satisfaction Score\n"
                     "35,Ann,9,a@x.example,Login fails,open,2024-01-05 10:00,2024-01-06 10:00,Acme,Bad\n"
                     "36,Ann,9,a@x.example,Login works,open,2024-01-05 10:00,2024-01-06 10:00,Acme,Offered\n");
        QVERIFY2(!zendesk.error, zendesk.error ? zendesk.error->detail.c_str() : "");
        QCOMPARE(q(zendesk.records[0].sourceRecordId), QStringLiteral("ticket:35"));
        QCOMPARE(q(zendesk.records[0].threadId), QStringLiteral("35"));
        QCOMPARE(zendesk.records[0].rating, std::optional<double>(0));
        QVERIFY(!zendesk.records[1].rating);
        const auto trustpilot = importAs(
            "trustpilot_csv",
            "Domain Url,Review Id,Review Created (UTC),Review Consumer User Id,Review Username,Review Title,Review "
            "Content,Review Stars\nx.example,abc,2024-01-05 10:00:00,u1,Ann,Late,Never came,1\n");
        QCOMPARE(q(trustpilot.records[0].url), QStringLiteral("https://www.trustpilot.com/reviews/abc"));
        const auto amazon =
            importAs("amazon_2023_jsonl",
                     "{\"rating\":5.0,\"title\":\"Nice\",\"text\":\"It \\\"works\\\"\",\"asin\":\"B1\",\"parent_asin\":"
                     "\"P1\",\"user_id\":\"AE\",\"timestamp\":1588687728923}\n{\"rating\":1}\n");
        QCOMPARE(amazon.records.size(), 2u);
        QCOMPARE(q(amazon.records[0].sourceRecordId), QStringLiteral("AE:B1:1588687728923"));
        QCOMPARE(q(amazon.records[0].product), QStringLiteral("P1"));
        QCOMPARE(q(when(amazon.records[0].createdAt)), QStringLiteral("2020-05-05T14:08:48.923Z"));
        QVERIFY(amazon.records[1].has(RecordFlag::IdDerived));
        const auto tsv =
            importAs("amazon_us_tsv",
                     "marketplace\tcustomer_id\treview_id\tproduct_id\tproduct_parent\tproduct_title\tproduct_"
                     "category\tstar_rating\thelpful_votes\ttotal_votes\tvine\tverified_purchase\treview_"
                     "headline\treview_body\treview_date\n"
                     "US\t1\tR1\tB1\t2\tLamp\tHome\t4\t0\t0\tN\tY\t\"Nice\tso \"so\t2015-08-31\n");
        QCOMPARE(tsv.records.size(), 1u);
        QCOMPARE(q(tsv.records[0].title), QStringLiteral("\"Nice"));
        QCOMPARE(q(tsv.records[0].body), QStringLiteral("so \"so"));
        QCOMPARE(q(tsv.records[0].country), QStringLiteral("US"));
    }

    void anotherFileIsRefusedByName()
    {
        const auto got = importAs("google_play_csv", "id,comment\n1,x\n");
        QVERIFY(got.error);
        QVERIFY2(q(got.error->detail)
                     .contains(QStringLiteral("is not what google_play_csv reads; columns are 'id', 'comment'")),
                 got.error->detail.c_str());
        const auto none = importAs("no_such", "id,comment\n1,x\n");
        QVERIFY(none.error);
        QVERIFY(q(none.error->detail).contains(QStringLiteral("no format 'no_such'")));
    }
};

QTEST_GUILESS_MAIN(TestLayouts)
#include "tst_layouts.moc"
