#include <QtTest>

#include <algorithm>
#include <rapidcheck.h>

#include "core/stages/incident/incident.h"

using namespace winnow;

namespace {

const TimePoint kDay = *parseTime("2026-01-10");

Finding finding(IssueType type, const char *component, const char *symptom, Severity severity, double confidence)
{
    Finding f;
    f.type = type;
    f.component = component;
    f.symptom = symptom;
    f.severity = severity;
    f.confidence = confidence;
    return f;
}

/// Members point into what they are made from, so both live together.
struct Case {
    std::vector<Finding> findings;
    incident::Input input;

    explicit Case(std::vector<Finding> all) : findings(std::move(all))
    {
        input.ids = {IncidentId("i")};
        input.ofAuthors = 100;
        input.asOf = kDay;
        for (const Finding &f : findings) {
            incident::Member member;
            member.finding = &f;
            member.at = kDay;
            input.members.push_back(member);
        }
    }

    [[nodiscard]] Incident run() const
    {
        const auto output = incident::run(input, {}, {});
        return output ? output->incidents.front() : Incident();
    }
};

Finding bug(Severity severity = Severity::Medium, double confidence = 0.5)
{
    return finding(IssueType::Bug, "checkout", "payment declined", severity, confidence);
}

std::vector<SignalPoint> steps(int days, double before, double after, int recent)
{
    std::vector<SignalPoint> points;
    for (int i = 0; i < days; ++i)
        points.push_back({"errors", kDay - std::chrono::days(days - 1 - i),
                          (i >= days - recent ? after : before) + (i % 2 == 0 ? 1 : -1)});
    return points;
}

}

class TestIncident : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void anIncidentWithoutMembersIsAnError();
    void aMemberOfNoIncidentIsAnError();
    void copiesCountAsReports();
    void authorsCountOnceAndTheUnknownEach();
    void theAccountsTierBeatsTheMembers();
    void anAuthorsBestTierCounts();
    void revenueCountsEachAccountOnce();
    void severityIsTheUpperMedian_data();
    void severityIsTheUpperMedian();
    void theSurerTypeWins();
    void aComponentOfFewIsNone();
    void rareFlagsFall_data();
    void rareFlagsFall();
    void rootCausesSumToOne();
    void versionsStandInTheirOrder();
    void signalsStandAgainstTheirNormal();
    void signalsWithoutEnoughDaysSayNothing_data();
    void signalsWithoutEnoughDaysSayNothing();
    void titles_data();
    void titles();
    void theOrderOfMembersDoesNotMatter();
};

void TestIncident::anIncidentWithoutMembersIsAnError()
{
    Case c({bug()});
    c.input.ids.emplace_back("empty");
    const auto output = incident::run(c.input, {}, {});
    QVERIFY(!output);
    QVERIFY(output.error().code == ErrorCode::InvalidInput);
}

void TestIncident::aMemberOfNoIncidentIsAnError()
{
    Case c({bug()});
    c.input.members[0].incident = 7;
    QVERIFY(!incident::run(c.input, {}, {}));
}

void TestIncident::copiesCountAsReports()
{
    Case c({bug(), bug()});
    c.input.members[0].copies = 5;
    c.input.members[0].channel = "zendesk";
    const Incident i = c.run();
    QCOMPARE(i.reports, 6u);
    QCOMPARE(i.channels.at("zendesk"), 5u);
    QCOMPARE(i.ofAuthors, 100u);
}

void TestIncident::authorsCountOnceAndTheUnknownEach()
{
    Case c({bug(), bug(), bug(), bug()});
    c.input.members[0].author = "a";
    c.input.members[1].author = "a";
    c.input.members[2].author = "b";
    QCOMPARE(c.run().authors, 3u);
}

void TestIncident::theAccountsTierBeatsTheMembers()
{
    Case c({bug()});
    c.input.accounts["acc"] = {"acc", "", "enterprise", 100, ""};
    c.input.members[0].accountId = "acc";
    c.input.members[0].planTier = "free";
    QCOMPARE(c.run().planTiers, (std::map<std::string, std::uint32_t>{{"enterprise", 1}}));
}

void TestIncident::anAuthorsBestTierCounts()
{
    Case c({bug(), bug(), bug()});
    for (auto &member : c.input.members)
        member.author = "a";
    c.input.members[0].planTier = "free";
    c.input.members[1].planTier = "pro";
    QCOMPARE(c.run().planTiers, (std::map<std::string, std::uint32_t>{{"pro", 1}}));
}

void TestIncident::revenueCountsEachAccountOnce()
{
    Case c({bug(), bug(), bug()});
    c.input.accounts["x"] = {"x", "", "pro", 0.1, ""};
    c.input.accounts["y"] = {"y", "", "pro", 0.2, ""};
    c.input.members[0].accountId = "x";
    c.input.members[1].accountId = "x";
    c.input.members[2].accountId = "y";
    QCOMPARE(c.run().revenue, 0.3);
}

void TestIncident::severityIsTheUpperMedian_data()
{
    QTest::addColumn<QList<int>>("severities"); // 0 is critical
    QTest::addColumn<int>("median");
    QTest::newRow("one") << QList<int>{2} << 2;
    QTest::newRow("the worse of two") << QList<int>{3, 1} << 1;
    QTest::newRow("the middle of three") << QList<int>{3, 1, 2} << 2;
    QTest::newRow("one outlier does not decide") << QList<int>{0, 3, 3, 3} << 3;
}

void TestIncident::severityIsTheUpperMedian()
{
    QFETCH(QList<int>, severities);
    QFETCH(int, median);
    std::vector<Finding> findings;
    for (const int s : severities)
        findings.push_back(bug(Severity(s)));
    QCOMPARE(int(Case(findings).run().severity), median);
}

void TestIncident::theSurerTypeWins()
{
    const Incident i = Case({finding(IssueType::Question, "", "", Severity::Low, 0.2),
                             finding(IssueType::Question, "", "", Severity::Low, 0.2), bug(Severity::High, 0.9)})
                           .run();
    QVERIFY(i.type == IssueType::Bug);
    QCOMPARE(i.confidence, 0.433333);
}

void TestIncident::aComponentOfFewIsNone()
{
    std::vector<Finding> findings(9, finding(IssueType::Bug, "", "", Severity::Low, 0.5));
    findings.push_back(bug());
    QCOMPARE(Case(findings).run().component, std::string());
    findings.resize(2);
    findings.push_back(bug());
    QCOMPARE(Case(findings).run().component, std::string("checkout"));
}

void TestIncident::rareFlagsFall_data()
{
    QTest::addColumn<int>("reports");
    QTest::addColumn<int>("flagged");
    QTest::addColumn<bool>("holds");
    QTest::newRow("a single report") << 1 << 1 << true;
    QTest::newRow("one of twenty") << 20 << 1 << true;
    QTest::newRow("one of twenty-one") << 21 << 1 << false;
    QTest::newRow("three always hold") << 400 << 3 << true;
    QTest::newRow("two of many") << 400 << 2 << false;
}

void TestIncident::rareFlagsFall()
{
    QFETCH(int, reports);
    QFETCH(int, flagged);
    QFETCH(bool, holds);
    std::vector<Finding> findings(std::size_t(reports), bug());
    for (int i = 0; i < flagged; ++i)
        findings[std::size_t(i)].flags = {"security"};
    QCOMPARE(!Case(findings).run().flags.empty(), holds);
}

void TestIncident::rootCausesSumToOne()
{
    std::vector<Finding> findings;
    for (int i = 0; i < 9; ++i) {
        findings.push_back(bug());
        findings.back().rootCauses = {{"cause " + std::to_string(i), 0.5 + i * 0.01, i == 8 ? "ticket A-1" : ""},
                                      {"unknown", 0.5 - i * 0.01, ""}};
    }
    const Incident i = Case(findings).run();
    double sum = 0;
    for (const RootCause &cause : i.rootCauses)
        sum += cause.p;
    QVERIFY(std::abs(sum - 1) < 1e-6);
    QCOMPARE(i.rootCauses.size(), std::size_t(6)); // five and the unknown
    QCOMPARE(i.rootCauses[0].label, std::string("unknown"));
    QCOMPARE(i.rootCauses[1].basis, std::string("ticket A-1"));
    const Incident bare = Case({bug()}).run();
    QCOMPARE(bare.rootCauses, (std::vector<RootCause>{{"unknown", 1, ""}}));
}

void TestIncident::versionsStandInTheirOrder()
{
    Case c({bug(), bug(), bug(), bug(), bug()});
    const char *versions[] = {"9.10", "9.2", "9.2", "unknown", "10.0-beta"};
    for (std::size_t i = 0; i < 5; ++i)
        c.input.members[i].appVersion = versions[i];
    QCOMPARE(c.run().versions, (std::vector<std::string>{"9.2", "9.10", "10.0-beta"}));
}

void TestIncident::signalsStandAgainstTheirNormal()
{
    Case c({bug()});
    c.input.signals = steps(35, 10, 15, 7);
    const Incident i = c.run();
    QCOMPARE(i.signals.size(), std::size_t(1));
    QCOMPARE(i.signals[0].name, std::string("errors"));
    // 28 days that alternate between 9 and 11: deviation √(28/27); seven days around 15, one more of 16 than of 14
    QVERIFY(std::abs(i.signals[0].z - (5 + 1.0 / 7) / std::sqrt(28.0 / 27)) < 1e-6);
    c.input.members[0].at = kDay + std::chrono::days(365); // later than as-of
    QCOMPARE(c.run().signals, i.signals);
    c.input.members[0].at = kDay - std::chrono::days(7);
    QVERIFY(c.run().signals[0].z < 1);
}

void TestIncident::signalsWithoutEnoughDaysSayNothing_data()
{
    QTest::addColumn<int>("days");
    QTest::addColumn<double>("amplitude");
    QTest::addColumn<bool>("reads");
    QTest::newRow("enough") << 14 << 5.0 << true;
    QTest::newRow("six days before") << 13 << 5.0 << false;
    QTest::newRow("nothing") << 0 << 5.0 << false;
}

void TestIncident::signalsWithoutEnoughDaysSayNothing()
{
    QFETCH(int, days);
    QFETCH(double, amplitude);
    QFETCH(bool, reads);
    Case c({bug()});
    c.input.signals = steps(days, 10, 10 + amplitude, 7);
    QCOMPARE(!c.run().signals.empty(), reads);
    for (SignalPoint &point : c.input.signals)
        point.value = 4;
    QVERIFY(c.run().signals.empty()); // never varies
}

void TestIncident::titles_data()
{
    QTest::addColumn<int>("type");
    QTest::addColumn<QString>("component");
    QTest::addColumn<QString>("symptom");
    QTest::addColumn<QString>("title");
    const int bugType = int(IssueType::Bug);
    QTest::newRow("both") << bugType << "checkout" << "payment declined" << "Checkout: payment declined";
    QTest::newRow("one word") << bugType << "barcode scanner" << "crash" << "Crash in barcode scanner";
    QTest::newRow("symptom names the component") << bugType << "login" << "login fails" << "Login fails";
    QTest::newRow("no symptom") << int(IssueType::FeatureRequest) << "settings" << "" << "Feature request for settings";
    QTest::newRow("no component") << bugType << "" << "data loss" << "Data loss";
    QTest::newRow("neither") << int(IssueType::Performance) << "" << "" << "Slow or unresponsive";
    QTest::newRow("a sentence is no label") << bugType << "" << "it crashed when I was trying to pay my rent yesterday" << "Bug";
    QTest::newRow("a placeholder is no label") << bugType << "checkout" << "call ⟦PERSON_7f3k2m9q⟧" << "Bug in checkout";
    QTest::newRow("an address is no label") << bugType << "bob@example.com" << "" << "Bug";
    QTest::newRow("markup is no label") << bugType << "<b>checkout</b>" << "" << "Bug";
    QTest::newRow("a number is no label") << bugType << "4111111111111111" << "" << "Bug";
    QTest::newRow("a line is no label") << bugType << "check\nout" << "" << "Bug";
    QTest::newRow("another script is") << bugType << "支付" << "" << "Bug in 支付";
}

void TestIncident::titles()
{
    QFETCH(int, type);
    QFETCH(QString, component);
    QFETCH(QString, symptom);
    QFETCH(QString, title);
    const Incident i = Case({finding(IssueType(type), component.toStdString().c_str(), symptom.toStdString().c_str(),
                                     Severity::Low, 0.5)})
                           .run();
    QCOMPARE(QString::fromStdString(i.title), title);
}

void TestIncident::theOrderOfMembersDoesNotMatter()
{
    const bool ok = rc::check([] {
        std::vector<Finding> findings;
        const int count = *rc::gen::inRange(1, 12);
        for (int i = 0; i < count; ++i) {
            Finding f = finding(IssueType(*rc::gen::inRange(0, 3)), *rc::gen::element("", "checkout", "login"),
                                *rc::gen::element("", "crash", "slow start"), Severity(*rc::gen::inRange(0, 5)),
                                *rc::gen::inRange(0, 1001) / 1000.0);
            f.rootCauses = {{*rc::gen::element<std::string>("a", "b"), 0.3, ""}, {"unknown", 0.7, ""}};
            findings.push_back(f);
        }
        Case c(findings);
        for (auto &member : c.input.members) {
            member.author = *rc::gen::element("", "x", "y");
            member.planTier = *rc::gen::element("", "free", "pro", "business");
            member.appVersion = *rc::gen::element("", "1.0", "1.10", "1.9");
            member.copies = *rc::gen::inRange(1u, 4u);
        }
        const Incident before = c.run();
        const auto turns = *rc::gen::inRange<std::ptrdiff_t>(0, count);
        std::rotate(c.input.members.begin(), c.input.members.begin() + turns, c.input.members.end());
        std::reverse(c.input.members.begin(), c.input.members.end());
        RC_ASSERT(c.run() == before);
    });
    QVERIFY(ok);
}

QTEST_GUILESS_MAIN(TestIncident)
#include "tst_incident.moc"
