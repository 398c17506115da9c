// The models of the tables beside the queue.

#include <QAbstractItemModelTester>
#include <QSignalSpy>
#include <QTest>

#include "ui/models/filingsmodel.h"
#include "ui/models/historymodel.h"
#include "ui/models/incidentsmodel.h"
#include "ui/widgets/rowtable.h"

using namespace winnow;
using namespace winnow::ui;

namespace
{

constexpr auto kStrict = QAbstractItemModelTester::FailureReportingMode::QtTest;
const TimePoint kNow = *parseTime("2026-11-18T12:00:00Z");

QueueRow rowOf(std::int64_t key)
{
    QueueRow row;
    row.key = key;
    row.candidate = "c" + std::to_string(key);
    row.title = "Candidate " + std::to_string(key);
    row.state = key % 2 ? "open" : "approved";
    row.band = key % 2 ? Band::Review : Band::Auto;
    row.priority = 12.5;
    row.reports = 1234;
    row.nearestTicket = "APP-1";
    return row;
}

Filing filingOf(const char *id, const char *state, std::chrono::seconds due, std::chrono::seconds changed = {})
{
    Filing filing;
    filing.id = id;
    filing.state = state;
    filing.draft.title = std::string("Title of ") + id;
    filing.dueAt = kNow + due;
    filing.changedAt = kNow + changed;
    return filing;
}

HistoryEntry entryOf(int number)
{
    HistoryEntry entry;
    entry.event.id = "e" + std::to_string(number);
    entry.event.kind = "approved";
    entry.event.actor = "ann";
    entry.event.clock = number;
    entry.event.at = kNow;
    entry.undone = number % 2 == 0;
    return entry;
}

QString text(const QAbstractItemModel &model, int row, int column)
{
    return model.data(model.index(row, column), Qt::DisplayRole).toString();
}

}

class TestTableModels : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void incidentsKeepTheRulesOfModelsAndAskForWhatIsInSight()
    {
        IncidentsModel model;
        QAbstractItemModelTester tester(&model, kStrict);
        QSignalSpy wanted(&model.rows(), &QueueModel::rowsWanted);
        model.rows().setOrder({1, 2, 3, 4});
        QCOMPARE(text(model, 2, IncidentsModel::TitleColumn), QStringLiteral("Loading …"));
        QCOMPARE(text(model, 2, IncidentsModel::ReportsColumn), QString());
        QVERIFY(wanted.count() > 0);
        QSignalSpy changed(&model, &QAbstractItemModel::dataChanged);
        model.rows().setRows({1, 2, 3, 4}, {rowOf(1), rowOf(2), rowOf(3), rowOf(4)});
        QCOMPARE(changed.count(), 1);
        QCOMPARE(changed.first().at(1).toModelIndex().column(), int(IncidentsModel::ColumnCount) - 1);
        QCOMPARE(text(model, 1, IncidentsModel::TitleColumn), QStringLiteral("Candidate 2"));
        QCOMPARE(text(model, 1, IncidentsModel::StateColumn), QStringLiteral("Approved"));
        QCOMPARE(text(model, 1, IncidentsModel::BandColumn), QStringLiteral("Auto"));
        QCOMPARE(text(model, 1, IncidentsModel::PriorityColumn), QStringLiteral("12.5"));
        QCOMPARE(text(model, 1, IncidentsModel::TicketColumn), QStringLiteral("APP-1"));
        QCOMPARE(model.data(model.index(1, IncidentsModel::ReportsColumn), IncidentsModel::SortRole).toInt(), 1234);
        QVERIFY(model.data(model.index(1, IncidentsModel::BandColumn), kChipRole).isValid());
        QVERIFY(!model.data(model.index(1, IncidentsModel::TitleColumn), kChipRole).isValid());
        model.rows().setOrder({2, 4, 5});
        QCOMPARE(model.rowCount(), 3);
        QCOMPARE(text(model, 0, IncidentsModel::TitleColumn), QStringLiteral("Candidate 2"));
        model.rows().setOrder({});
        QCOMPARE(model.rowCount(), 0);
    }

    void everyColumnOfIncidentsCanBeSorted()
    {
        QSet<QString> names;
        for (int column = 0; column < IncidentsModel::ColumnCount; ++column)
            names.insert(QString::fromStdString(IncidentsModel::sortOf(column)));
        QCOMPARE(names.size(), int(IncidentsModel::ColumnCount));
    }

    void theOutboxPutsWhatNeedsALookFirst()
    {
        using namespace std::chrono_literals;
        FilingsModel model;
        QAbstractItemModelTester tester(&model, kStrict);
        std::vector<Filing> filings{
            filingOf("late", "planned", 500s),        filingOf("old", "confirmed", 0s, -100s),
            filingOf("back", "cancelled", 0s),        filingOf("soon", "planned", 65s),
            filingOf("new", "confirmed", 0s, -1s),    filingOf("unclear", "ambiguous", 0s, -9s),
            filingOf("refused", "rejected", 0s, -2s),
        };
        model.setFilings(filings, {}, kNow);
        QStringList order;
        for (int row = 0; row < model.rowCount(); ++row)
            order.push_back(model.data(model.index(row, 0), FilingsModel::FilingRole).toString());
        QCOMPARE(order.join(QLatin1Char(' ')), QStringLiteral("refused unclear soon late new old back"));
        QCOMPARE(text(model, 2, FilingsModel::WhenColumn), QStringLiteral("Leaves in 1:05"));
        QSignalSpy changed(&model, &QAbstractItemModel::dataChanged);
        model.setNow(kNow + 64'500ms);
        QCOMPARE(text(model, 2, FilingsModel::WhenColumn), QStringLiteral("Leaves in 0:01"));
        QCOMPARE(changed.count(), 1); // and only of those that wait
        QCOMPARE(changed.first().at(0).toModelIndex().row(), 2);
        QCOMPARE(changed.first().at(1).toModelIndex().row(), 3);
        model.setNow(kNow + 65s);
        QCOMPARE(text(model, 2, FilingsModel::WhenColumn), QStringLiteral("Due"));
        model.setFilings(filings, FilingsModel::Kind::Waiting, kNow);
        QCOMPARE(model.rowCount(), 2);
        QCOMPARE(model.rowOf("soon"), 0);
        QCOMPARE(model.rowOf("old"), -1);
    }

    void theLogGrowsPageByPage()
    {
        HistoryModel tested;
        QAbstractItemModelTester tester(&tested, kStrict); // which fetches more by itself
        tested.reset({entryOf(9), entryOf(8)}, true);
        tested.append({entryOf(7)}, false);
        tested.reset({entryOf(10)}, false);
        HistoryModel model;
        QSignalSpy wanted(&model, &HistoryModel::pageWanted);
        QVERIFY(!model.canFetchMore({}));
        model.reset({entryOf(9), entryOf(8)}, true);
        QVERIFY(model.canFetchMore({}));
        model.fetchMore({});
        QVERIFY(!model.canFetchMore({})); // once is enough
        QCOMPARE(wanted.count(), 1);
        QCOMPARE(QString::fromStdString(wanted.first().at(0).value<Event>().id), QStringLiteral("e8"));
        model.append({entryOf(7)}, false);
        QCOMPARE(model.rowCount(), 3);
        QVERIFY(!model.canFetchMore({}));
        QCOMPARE(text(model, 0, HistoryModel::WhatColumn), QStringLiteral("Approved"));
        QCOMPARE(text(model, 1, HistoryModel::WhatColumn), QStringLiteral("Approved (taken back)"));
        QCOMPARE(model.rowOf("e7"), 2);
    }
};

QTEST_MAIN(TestTableModels)
#include "tst_tablemodels.moc"
