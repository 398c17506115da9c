#include <QAbstractItemModelTester>
#include <QSignalSpy>
#include <QTest>

#include "tests/fakes/fakeworkshop.h"
#include "ui/models/jobmodel.h"
#include "ui/models/runmodel.h"
#include "ui/runner/jobrunner.h"

using namespace winnow;
using namespace winnow::ui;

class TestJobs : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void jobsAreWorkedOffInTheirOrder();
    void oneThatIsStoppedBeforeItsTurnNeverBegins();
    void oneThatRunsStopsAndTheNextFollows();
    void closingStopsWhatRuns();
    void failuresAndRefusalsAreToldApart();
    void timeLeftFollowsTheShare();
    void modelsKeepTheRules();
};

namespace
{

ImportRequest file(const std::string &path)
{
    ImportRequest request;
    request.path = path;
    return request;
}

}

void TestJobs::jobsAreWorkedOffInTheirOrder()
{
    test::FakeWorkshops workshops;
    JobRunner jobs(workshops);
    jobs.open(QStringLiteral("w"));
    jobs.importFile(file("a.csv"));
    jobs.importFile(file("b.csv"));
    jobs.run();
    const int last = jobs.push(false);
    QTRY_VERIFY(jobs.find(last)->isOver());
    QCOMPARE(workshops.done(), (std::vector<std::string>{"import a.csv", "import b.csv", "run", "push"}));
    QVERIFY(!jobs.busy());
}

void TestJobs::oneThatIsStoppedBeforeItsTurnNeverBegins()
{
    test::FakeWorkshops workshops;
    workshops.close();
    JobRunner jobs(workshops);
    jobs.open(QStringLiteral("w"));
    const int first = jobs.run(), second = jobs.importFile(file("a.csv"));
    QTRY_VERIFY(jobs.find(first)->state == Job::State::Running);
    QCOMPARE(int(jobs.find(second)->state), int(Job::State::Waiting));
    jobs.stop(second);
    workshops.open();
    QTRY_VERIFY(jobs.find(second)->isOver());
    QCOMPARE(int(jobs.find(second)->state), int(Job::State::Stopped));
    QCOMPARE(workshops.done(), std::vector<std::string>{"run"});
}

void TestJobs::oneThatRunsStopsAndTheNextFollows()
{
    test::FakeWorkshops workshops;
    workshops.close();
    JobRunner jobs(workshops);
    jobs.open(QStringLiteral("w"));
    const int first = jobs.run(), second = jobs.push(true);
    QTRY_COMPARE(jobs.find(first)->step, QStringLiteral("mask"));
    QCOMPARE(jobs.find(first)->rows, quint64(7));
    jobs.stop(first);
    QTRY_VERIFY(jobs.find(first)->isOver());
    QCOMPARE(int(jobs.find(first)->state), int(Job::State::Stopped));
    workshops.open();
    QTRY_VERIFY(jobs.find(second)->isOver());
    QCOMPARE(workshops.done(), std::vector<std::string>{"push all"});
}

void TestJobs::closingStopsWhatRuns()
{
    test::FakeWorkshops workshops;
    workshops.close();
    JobRunner jobs(workshops);
    jobs.open(QStringLiteral("w"));
    const int first = jobs.run();
    jobs.run();
    QTRY_VERIFY(jobs.find(first)->state == Job::State::Running);
    jobs.close(); // would wait for ever otherwise
    QVERIFY(jobs.jobs().empty());
    QCOMPARE(workshops.done(), std::vector<std::string>());
}

void TestJobs::failuresAndRefusalsAreToldApart()
{
    test::FakeWorkshops workshops;
    workshops.refuse = Error{ErrorCode::InvalidInput, "a.csv: no column holds text"};
    JobRunner jobs(workshops);
    jobs.open(QStringLiteral("w"));
    const int failing = jobs.importFile(file("a.csv")), refused = jobs.push(false);
    QTRY_VERIFY(jobs.find(refused)->isOver());
    QCOMPARE(int(jobs.find(failing)->state), int(Job::State::Failed));
    QVERIFY(JobModel::resultText(*jobs.find(failing)).contains(QLatin1String("no column holds text")));
    QCOMPARE(int(jobs.find(refused)->state), int(Job::State::Refused));
}

void TestJobs::timeLeftFollowsTheShare()
{
    Job job;
    job.state = Job::State::Running;
    job.startedMs = 1000;
    QVERIFY(!job.leftMs(11000));
    job.share = 0.25;
    QCOMPARE(job.leftMs(11000), std::optional<qint64>(30000));
    job.state = Job::State::Done;
    QVERIFY(!job.leftMs(11000));
}

void TestJobs::modelsKeepTheRules()
{
    test::FakeWorkshops workshops;
    JobRunner jobs(workshops);
    jobs.open(QStringLiteral("w"));
    JobModel model(jobs);
    const QAbstractItemModelTester tester(&model, QAbstractItemModelTester::FailureReportingMode::QtTest);
    jobs.importFile(file("a.csv"));
    const int last = jobs.run();
    QTRY_VERIFY(jobs.find(last)->isOver());
    QCOMPARE(model.rowCount(), 2);
    QCOMPARE(model.index(0, 0).data(JobModel::JobIdRole).toInt(), last); // newest first
    jobs.close();
    QCOMPARE(model.rowCount(), 0);

    RunModel runs;
    StageModel stages;
    const QAbstractItemModelTester runTester(&runs, QAbstractItemModelTester::FailureReportingMode::QtTest);
    const QAbstractItemModelTester stageTester(&stages, QAbstractItemModelTester::FailureReportingMode::QtTest);
    RunSummary run;
    run.id = "r";
    run.finishedAt = run.startedAt + std::chrono::milliseconds(2500);
    run.stages = {{"mask", 1000, 999, 1, 0.5}};
    runs.show({run, run});
    stages.show(run.stages);
    QCOMPARE(runs.rowCount(), 2);
    QCOMPARE(runs.index(0, RunModel::DurationColumn).data().toString(), QStringLiteral("2.50 s"));
    QCOMPARE(stages.index(0, StageModel::RateColumn).data().toString(), QStringLiteral("2,000/s"));
    runs.show({});
    QCOMPARE(runs.rowCount(), 0);
}

QTEST_MAIN(TestJobs)
#include "tst_jobs.moc"
