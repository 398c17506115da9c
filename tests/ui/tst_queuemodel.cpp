#include <QAbstractItemModelTester>
#include <QSignalSpy>
#include <QTest>

#include "ui/models/queuemodel.h"

using namespace winnow;
using namespace winnow::ui;

namespace
{

QueueRow rowOf(std::int64_t key)
{
    QueueRow row;
    row.key = key;
    row.title = "Candidate " + std::to_string(key);
    row.reports = std::uint32_t(key);
    return row;
}

/// Answers what a model asks for, as the workspace would.
class Answering : public QObject
{
public:
    explicit Answering(QueueModel &model)
    {
        connect(
            &model, &QueueModel::rowsWanted, this,
            [this, &model](const std::vector<std::int64_t> &keys) {
                asked += int(keys.size());
                std::vector<QueueRow> rows;
                for (const std::int64_t key : keys)
                    rows.push_back(rowOf(key));
                model.setRows(keys, rows);
            },
            Qt::QueuedConnection);
    }
    int asked = 0;
};

std::vector<std::int64_t> keysUpTo(std::int64_t count)
{
    std::vector<std::int64_t> keys;
    for (std::int64_t key = 1; key <= count; ++key)
        keys.push_back(key);
    return keys;
}

}

class TestQueueModel : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void everyChangeKeepsTheRulesOfModels()
    {
        QueueModel model;
        QAbstractItemModelTester tester(&model, QAbstractItemModelTester::FailureReportingMode::QtTest);
        Answering answering(model);
        model.setOrder({1, 2, 3, 4, 5, 6});
        QTRY_COMPARE(model.index(0).data().toString(), QStringLiteral("Candidate 1"));
        model.setMarked(3, true);
        model.setMarked(6, true);
        model.remove(3);
        QCOMPARE(model.markedCount(), 1);
        model.setOrder({1, 9, 2, 4, 5});
        QCOMPARE(model.rowCount(), 5);
        QCOMPARE(model.markedCount(), 0); // what is marked has left
        model.forget();
        QTRY_COMPARE(model.index(1).data().toString(), QStringLiteral("Candidate 9"));
        model.clearMarks();
        model.setOrder({});
        QCOMPARE(model.rowCount(), 0);
        model.setOrder({7});
        QCOMPARE(model.keyAt(0), 7);
        QCOMPARE(model.rowOf(8), -1);
    }

    void jumpsAnywhereInAMillionRowsAndReadsOnlyWhatIsInSight()
    {
        QueueModel model;
        Answering answering(model);
        model.setOrder(keysUpTo(1'000'000));
        for (const int row : {999'999, 0, 500'000}) {
            model.index(row).data();
            QTRY_COMPARE(model.index(row).data().toString(), QStringLiteral("Candidate %1").arg(row + 1));
        }
        QVERIFY2(answering.asked <= 3 * 64, qPrintable(QString::number(answering.asked)));
    }

    void memoryIsFlatHoweverFarOneScrolls()
    {
        QueueModel model;
        Answering answering(model);
        model.setOrder(keysUpTo(100'000));
        for (int row = 0; row < 100'000; row += 64) {
            model.index(row).data();
            QCoreApplication::processEvents();
        }
        int known = 0;
        for (int row = 0; row < model.rowCount(); ++row)
            known += model.rowAt(row) != nullptr;
        QVERIFY2(known > 0 && known <= 2048, qPrintable(QString::number(known)));
    }

    void rowsOutsideWhatChangedKeepTheirPlace()
    {
        QueueModel model;
        model.setOrder({1, 2, 3, 4, 5});
        const QPersistentModelIndex fifth = model.index(4), second = model.index(1);
        QSignalSpy reset(&model, &QAbstractItemModel::modelReset);
        model.setOrder({1, 2, 4, 5});
        QCOMPARE(fifth.row(), 3);
        QCOMPARE(second.row(), 1);
        model.setOrder({8, 1, 2, 4, 5});
        QCOMPARE(fifth.row(), 4);
        QCOMPARE(reset.count(), 0);
    }

    void aRowIsAskedForOnce()
    {
        QueueModel model;
        model.setOrder(keysUpTo(200));
        QSignalSpy wanted(&model, &QueueModel::rowsWanted);
        model.index(10).data();
        model.index(11).data();
        QCOMPARE(wanted.count(), 1);
        model.index(150).data();
        QCOMPARE(wanted.count(), 2);
    }
};

QTEST_GUILESS_MAIN(TestQueueModel)
#include "tst_queuemodel.moc"
