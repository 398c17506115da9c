#include <QtTest>

#include "core/adapters/files/dates.h"
#include "core/domain/record.h"

using namespace winnow;
using namespace winnow::files;

namespace
{

QString shownTime(const std::optional<TimePoint> &time)
{
    return time ? QString::fromStdString(formatTime(*time)) : QStringLiteral("null");
}

QString flagsOf(std::uint32_t flags)
{
    QStringList names;
    if (flags & std::uint32_t(RecordFlag::TzAssumed))
        names += QStringLiteral("tz_assumed");
    if (flags & std::uint32_t(RecordFlag::DateOnly))
        names += QStringLiteral("date_only");
    if (flags & std::uint32_t(RecordFlag::DateAmbiguous))
        names += QStringLiteral("date_ambiguous");
    if (flags & std::uint32_t(RecordFlag::DateUnparsed))
        names += QStringLiteral("date_unparsed");
    return names.join(QLatin1Char(' '));
}

}

class TestDates : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void readsWhatOthersWrite_data()
    {
        QTest::addColumn<QByteArray>("text");
        QTest::addColumn<QString>("time");
        QTest::addColumn<QString>("flags");
        const auto row = [](const char *text, const char *time, const char *flags = "") {
            QTest::newRow(*text ? text : "(empty)")
                << QByteArray(text) << QString::fromLatin1(time) << QString::fromLatin1(flags);
        };
        // ISO 8601 and near it
        row("2024-01-05T10:11:12Z", "2024-01-05T10:11:12.000Z");
        row("2024-01-05T10:11:12.3456789Z", "2024-01-05T10:11:12.345Z");
        row("2024-01-05T10:11:12,5Z", "2024-01-05T10:11:12.500Z");
        row("2024-01-05T10:11:12+02:00", "2024-01-05T08:11:12.000Z");
        row("2024-01-05T10:11:12.250-0530", "2024-01-05T15:41:12.250Z");
        row("2024-01-05T10:11:12+02", "2024-01-05T08:11:12.000Z");
        row("2024-01-05T10:11Z", "2024-01-05T10:11:00.000Z");
        row("2024-01-05t10:11:12z", "2024-01-05T10:11:12.000Z");
        row("2024-01-05 10:11:12", "2024-01-05T10:11:12.000Z", "tz_assumed");
        row("2024-01-05 10:11:12 UTC", "2024-01-05T10:11:12.000Z");
        row("2024-01-05 10:11:12 +0100", "2024-01-05T09:11:12.000Z");
        row("2024-01-05 10:11:12 Etc/GMT", "2024-01-05T10:11:12.000Z");
        row("  2024-01-05 10:11  ", "2024-01-05T10:11:00.000Z", "tz_assumed");
        row("2024-01-05", "2024-01-05T00:00:00.000Z", "date_only");
        row("2024/1/5", "2024-01-05T00:00:00.000Z", "date_only");
        row("2024.01.05", "2024-01-05T00:00:00.000Z", "date_only");
        row("20240105", "2024-01-05T00:00:00.000Z", "date_only");
        row("20240105T101112Z", "2024-01-05T10:11:12.000Z");
        row("20240105101112", "2024-01-05T10:11:12.000Z", "tz_assumed");
        row("2024-02-29", "2024-02-29T00:00:00.000Z", "date_only");
        row("2016-12-31T23:59:60Z", "2017-01-01T00:00:00.000Z");
        // since 1970
        row("1700000000", "2023-11-14T22:13:20.000Z");
        row("1700000000.1239", "2023-11-14T22:13:20.123Z");
        row("1700000000123", "2023-11-14T22:13:20.123Z");
        row("1700000000123456", "2023-11-14T22:13:20.123Z");
        row("1700000000123456789", "2023-11-14T22:13:20.123Z");
        row("999999999", "2001-09-09T01:46:39.000Z");
        // month names
        row("Jan 5, 2024", "2024-01-05T00:00:00.000Z", "date_only");
        row("January 5th, 2024 3:04 PM", "2024-01-05T15:04:00.000Z", "tz_assumed");
        row("5 January 2024", "2024-01-05T00:00:00.000Z", "date_only");
        row("5th of January, 2024 at 10:00", "2024-01-05T10:00:00.000Z", "tz_assumed");
        row("05-Jan-2024", "2024-01-05T00:00:00.000Z", "date_only");
        row("05-Jan-24 10:11:12", "2024-01-05T10:11:12.000Z", "tz_assumed");
        row("2024-Jan-05", "2024-01-05T00:00:00.000Z", "date_only");
        row("Sept. 9, 2023", "2023-09-09T00:00:00.000Z", "date_only");
        row("Fri, 05 Jan 2024 10:11:12 +0000", "2024-01-05T10:11:12.000Z");
        row("Fri, 5 Jan 2024 10:11:12 PST", "2024-01-05T18:11:12.000Z");
        row("Fri Jan  5 10:11:12 2024", "2024-01-05T10:11:12.000Z", "tz_assumed");
        row("Fri Jan 05 10:11:12 UTC 2024", "2024-01-05T10:11:12.000Z");
        row("Fri Jan 05 2024 10:11:12 GMT+0100 (Central European Standard Time)", "2024-01-05T09:11:12.000Z");
        row("Jan 5, 2024, 12:00:00 AM UTC", "2024-01-05T00:00:00.000Z");
        row("Jan 5, 2024, 12:00 p.m. UTC", "2024-01-05T12:00:00.000Z");
        row("Jan 5, 2024 3 PM", "2024-01-05T15:00:00.000Z", "tz_assumed");
        row("Jan 5, 2024, 3:04:05\xe2\x80\xafPM", "2024-01-05T15:04:05.000Z", "tz_assumed");
        row("05/Jan/2024:10:11:12 +0000", "2024-01-05T10:11:12.000Z");
        // no dates
        row("yesterday", "null", "date_unparsed");
        row("n/a", "null", "date_unparsed");
        row("5", "null", "date_unparsed");
        row("2024", "null", "date_unparsed");
        row("January 2024", "null", "date_unparsed");
        row("2024-02-30", "null", "date_unparsed");
        row("2023-02-29", "null", "date_unparsed");
        row("2024-13-01", "null", "date_unparsed");
        row("0001-01-01T00:00:00Z", "null", "date_unparsed");
        row("2024-01-05T25:00:00Z", "null", "date_unparsed");
        row("2024-01-05T10:61:00Z", "null", "date_unparsed");
        row("2024-01-05 13:00 PM", "null", "date_unparsed");
        row("2024-01-05T10:11:12+99:00", "null", "date_unparsed");
        row("2024-01-05 2024-01-06", "null", "date_unparsed");
        row("10:11:12", "null", "date_unparsed");
        row("2024-01-05 10:11:12 11:12:13", "null", "date_unparsed");
        row("99999999999999999999999", "null", "date_unparsed");
        row("2024-01-05; DROP", "null", "date_unparsed");
        row("\xff\xfe", "null", "date_unparsed");
        row("", "null", "date_unparsed");
        // numbers whose order is not known
        row("03/04/2024", "null", "date_ambiguous");
        row("3.4.24 10:00", "null", "date_ambiguous");
    }
    void readsWhatOthersWrite()
    {
        QFETCH(QByteArray, text);
        QFETCH(QString, time);
        QFETCH(QString, flags);
        const auto read = readDate(text.toStdString(), {});
        QCOMPARE(flagsOf(read.flags), flags);
        QCOMPARE(shownTime(read.time), time);
        QCOMPARE(read.needsOrder, flags == QStringLiteral("date_ambiguous"));
    }

    void theOrderIsObeyed_data()
    {
        QTest::addColumn<QByteArray>("text");
        QTest::addColumn<QString>("order");
        QTest::addColumn<QString>("time");
        const auto row = [](const char *text, const char *order, const char *time) {
            QTest::addRow("%s %s", text, order)
                << QByteArray(text) << QString::fromLatin1(order) << QString::fromLatin1(time);
        };
        row("03/04/2024", "DMY", "2024-04-03T00:00:00.000Z");
        row("03/04/2024", "MDY", "2024-03-04T00:00:00.000Z");
        row("3.4.2024 10:11 Uhr", "DMY", "2024-04-03T10:11:00.000Z");
        row("3-4-69", "DMY", "2069-04-03T00:00:00.000Z");
        row("3-4-70", "DMY", "1970-04-03T00:00:00.000Z");
        row("24/04/03", "YMD", "2024-04-03T00:00:00.000Z");
        row("13/04/2024", "MDY", "null");
        row("2024-04-03", "DMY", "2024-04-03T00:00:00.000Z");
        row("1/5/2024, 3:04:05 PM", "MDY", "2024-01-05T15:04:05.000Z");
    }
    void theOrderIsObeyed()
    {
        QFETCH(QByteArray, text);
        QFETCH(QString, order);
        QFETCH(QString, time);
        DateRules rules;
        rules.order = *dateOrderFrom(order.toStdString());
        QCOMPARE(shownTime(readDate(text.toStdString(), rules).time), time);
    }

    void aValueAboveTwelveProvesTheOrder()
    {
        QVERIFY(provenOrder("13/04/2024") == DateOrder::DayFirst);
        QVERIFY(provenOrder("04/13/2024 10:00") == DateOrder::MonthFirst);
        QVERIFY(provenOrder("12/12/2024") == DateOrder::Unknown);
        QVERIFY(provenOrder("13/13/2024") == DateOrder::Unknown);
        QVERIFY(provenOrder("32/04/2024") == DateOrder::Unknown);
        QVERIFY(provenOrder("2024-04-13") == DateOrder::Unknown);
        QVERIFY(provenOrder("words 13/04/2024") == DateOrder::Unknown);
    }

    void zonesAreObeyed_data()
    {
        QTest::addColumn<QString>("zone");
        QTest::addColumn<QByteArray>("text");
        QTest::addColumn<QString>("time");
        QTest::addColumn<QString>("flags");
        const auto row = [](const char *zone, const char *text, const char *time, const char *flags) {
            QTest::addRow("%s %s", zone, text) << QString::fromLatin1(zone) << QByteArray(text)
                                               << QString::fromLatin1(time) << QString::fromLatin1(flags);
        };
        row("Europe/Berlin", "2024-01-05 10:00", "2024-01-05T09:00:00.000Z", "tz_assumed");
        row("Europe/Berlin", "2024-07-05 10:00", "2024-07-05T08:00:00.000Z", "tz_assumed");
        row("Europe/Berlin", "2024-07-05", "2024-07-04T22:00:00.000Z", "date_only");
        row("Europe/Berlin", "2024-01-05 10:00Z", "2024-01-05T10:00:00.000Z", "");
        // 31 March 2024: from 02:00 to 03:00
        row("Europe/Berlin", "2024-03-31 01:59:59", "2024-03-31T00:59:59.000Z", "tz_assumed");
        row("Europe/Berlin", "2024-03-31 02:00", "2024-03-31T01:00:00.000Z", "tz_assumed date_ambiguous");
        row("Europe/Berlin", "2024-03-31 02:30", "2024-03-31T01:30:00.000Z", "tz_assumed date_ambiguous");
        row("Europe/Berlin", "2024-03-31 03:00", "2024-03-31T01:00:00.000Z", "tz_assumed");
        // 27 October 2024: the hour from 02:00 to 03:00 twice
        row("Europe/Berlin", "2024-10-27 01:59:59", "2024-10-26T23:59:59.000Z", "tz_assumed");
        row("Europe/Berlin", "2024-10-27 02:00", "2024-10-27T00:00:00.000Z", "tz_assumed date_ambiguous");
        row("Europe/Berlin", "2024-10-27 02:59:59", "2024-10-27T00:59:59.000Z", "tz_assumed date_ambiguous");
        row("Europe/Berlin", "2024-10-27 03:00", "2024-10-27T02:00:00.000Z", "tz_assumed");
        row("America/New_York", "2024-03-10 02:30", "2024-03-10T07:30:00.000Z", "tz_assumed date_ambiguous");
        row("America/New_York", "2024-11-03 01:30", "2024-11-03T05:30:00.000Z", "tz_assumed date_ambiguous");
        row("America/New_York", "2024-11-03 02:00", "2024-11-03T07:00:00.000Z", "tz_assumed");
        row("Asia/Kathmandu", "2024-01-05 10:00", "2024-01-05T04:15:00.000Z", "tz_assumed");
        // Samoa left out 30 December 2011; Cuba's clocks change at midnight
        row("Pacific/Apia", "2011-12-30 10:00", "2011-12-30T20:00:00.000Z", "tz_assumed date_ambiguous");
        row("America/Havana", "2024-03-10", "2024-03-10T05:00:00.000Z", "date_only date_ambiguous");
        row("Europe/Berlin", "1950-01-05 10:00", "1950-01-05T09:00:00.000Z", "tz_assumed");
    }
    void zonesAreObeyed()
    {
        QFETCH(QString, zone);
        QFETCH(QByteArray, text);
        QFETCH(QString, time);
        QFETCH(QString, flags);
        const auto there = Zone::named(zone.toStdString());
        QVERIFY(there);
        DateRules rules;
        rules.zone = &*there;
        // A zone remembers where it looked last: the answer must not depend on it.
        (void)readDate("2024-03-30 12:00", rules);
        (void)readDate("2024-10-28 12:00", rules);
        for (int again = 0; again < 2; ++again) {
            const auto read = readDate(text.toStdString(), rules);
            QCOMPARE(shownTime(read.time), time);
            QCOMPARE(flagsOf(read.flags), flags);
        }
    }

    void everyHourOfAYearComesBack()
    {
        // Berlin by the rule of the Union: summer time from 01:00 UTC on the last Sunday of March to that of October.
        const auto zone = Zone::named("Europe/Berlin");
        const auto from = *parseTime("2024-03-31T01:00:00.000Z"), to = *parseTime("2024-10-27T01:00:00.000Z");
        int ambiguous = 0;
        for (auto utc = *parseTime("2023-12-31T23:00:00.000Z"); utc < *parseTime("2024-12-31T23:00:00.000Z");
             utc += std::chrono::minutes(30)) {
            const auto local = utc + std::chrono::hours(utc >= from && utc < to ? 2 : 1);
            bool doubled = false;
            const auto back = zone->toUtc(local.time_since_epoch().count(), doubled);
            ambiguous += doubled;
            QCOMPARE(shownTime(back), shownTime(doubled && utc >= to ? utc - std::chrono::hours(1) : utc));
        }
        QCOMPARE(ambiguous, 4);
    }

    void aColumnThatSaysUtcIsBelieved()
    {
        const auto zone = Zone::named("Europe/Berlin");
        DateRules rules;
        rules.zone = &*zone;
        rules.zoneKnown = true;
        const auto read = readDate("2024-01-05 10:00", rules);
        QCOMPARE(shownTime(read.time), QStringLiteral("2024-01-05T10:00:00.000Z"));
        QCOMPARE(flagsOf(read.flags), QString());
    }

    void thereIsNoSuchZone()
    {
        for (const char *zone : {"Europe/Nowhere", "", "berlin", "UTC+25", "../etc/localtime"})
            QVERIFY2(!Zone::named(zone), zone);
        QVERIFY(Zone::named("UTC"));
    }
};

QTEST_GUILESS_MAIN(TestDates)
#include "tst_dates.moc"
