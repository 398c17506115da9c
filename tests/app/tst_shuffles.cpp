#include <random>

#include <QTest>

#include "tests/app/sampleworkspace.h"

using namespace winnow;

class TestShuffles : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void theHashesDependOnTheSetAndNothingElse();
    void recordsThatComeLaterGiveTheSamePartition();
};

/// 100 orders of arrival, batch sizes and numbers of threads: one partition hash, one state hash.
void TestShuffles::theHashesDependOnTheSetAndNothingElse()
{
    std::vector<Record> records = test::sampleRecords(sha256("key"));
    records.resize(240);
    std::mt19937 random(7);
    std::string partition, state;
    for (int turn = 0; turn < 100; ++turn) {
        test::TemporaryWorkspace temporary;
        temporary.add(records, 1 + random() % 100);
        const auto report = temporary.run(1 + random() % 4, 1 + random() % 300);
        QVERIFY2(report, report ? "" : report.error().detail.c_str());
        if (turn == 0) {
            partition = report->run.partitionHash;
            state = report->run.stateHash;
            QVERIFY(report->run.births > 20);
        }
        QCOMPARE(report->run.partitionHash, partition);
        QCOMPARE(report->run.stateHash, state);
        std::shuffle(records.begin(), records.end(), random);
    }
}

/// The partition is free of history; only names remember.
void TestShuffles::recordsThatComeLaterGiveTheSamePartition()
{
    const std::vector<Record> records = test::sampleRecords(sha256("key"));
    test::TemporaryWorkspace whole, parts;
    whole.add(records, 1000);
    const auto atOnce = whole.run(2, 4096);
    QVERIFY(atOnce);
    std::string last;
    for (std::size_t begin = 0; begin < records.size(); begin += 250) {
        parts.add(std::span(records).subspan(begin, std::min<std::size_t>(250, records.size() - begin)), 100);
        const auto report = parts.run(2, 4096);
        QVERIFY(report);
        last = report->run.partitionHash;
    }
    QCOMPARE(last, atOnce->run.partitionHash);
}

QTEST_GUILESS_MAIN(TestShuffles)
#include "tst_shuffles.moc"
