#include <QtTest>

#include "core/adapters/trackers/rest.h"
#include "core/adapters/trackers/shaping.h"
#include "core/stages/draft/shaping.h"
#include "tests/fakes/trackerbench.h"

using namespace winnow;
using namespace winnow::test;
using namespace std::chrono_literals;

namespace
{

const std::string kId = "fb-01j9zk3v5w8x7y6t5r4s3q2p1n";

Draft aDraft()
{
    return {"Crash on upload",
            "Crash on upload. 52 reports by 41 authors.\n\n## Evidence\n\nzendesk, 2026-03-01:\n\n```text\nIt "
            "<b>crashes</b> @all\n"
            "second line\n```\n\n## Affected\n\n- Reports: 52\n- Authors: 41\n\nIncident: "
            "winnow://incident/01j9\n\n<!-- feedback-ref: "
                + kId + " -->",
            {{"priority", "urgent"}, {"severity", "high"}, {"type", "bug"}}};
}

/// The body of the last write.
Json lastWrite(TrackerBench &bench)
{
    Json found;
    for (const http::Request &request : bench.fake->requests)
        if (request.method != "GET" && request.url.find("search") == std::string::npos
            && request.body.find("\"query\":\"query ") == std::string::npos
            && request.url.find("wiql") == std::string::npos && request.url.find("batch") == std::string::npos)
            found = Json::parse(request.body, nullptr, false);
    return found;
}

void kindRows()
{
    QTest::addColumn<QByteArray>("kind");
    for (const std::string &kind : kBenchKinds)
        QTest::newRow(kind.c_str()) << QByteArray(kind.c_str());
}

}

class TestTrackers : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void aTicketIsMadeFoundAndRead_data() { kindRows(); }
    void aTicketIsMadeFoundAndRead()
    {
        QFETCH(const QByteArray, kind);
        TrackerBench bench(kind.toStdString());
        QVERIFY(bench.tracker->find(kId, {}).value() == std::nullopt);
        const SendResult sent = bench.tracker->create(kId, aDraft(), {});
        QVERIFY2(sent.state == SendState::Confirmed, sent.detail.c_str());
        QVERIFY(sent.ticket.url.starts_with("http"));
        QCOMPARE(bench.fake->count(kId), std::size_t(1));
        bench.restart();
        QVERIFY(bench.tracker->find(kId, {}).value() == sent.ticket);
        QCOMPARE(bench.tracker->state(sent.ticket, {}).value().outcome, std::string("open"));
        bench.close(sent.ticket.id);
        QCOMPARE(bench.tracker->state(sent.ticket, {}).value().outcome, std::string("resolved_fixed"));
        QVERIFY(bench.tracker->find(kId, {}).value() == sent.ticket); // in whatever state
        QVERIFY(bench.fake->violations.empty());
    }

    void theTrackerNeverFilters_data() { kindRows(); }
    void theTrackerNeverFilters()
    {
        // contracts/trackers.md 2: compare the returned id, never trust that the server filtered
        QFETCH(const QByteArray, kind);
        TrackerBench bench(kind.toStdString());
        QVERIFY(bench.tracker->create(kId, aDraft(), {}).state == SendState::Confirmed);
        std::string similar = kId;
        similar.back() = 'z';
        QVERIFY(bench.tracker->find(similar, {}).value() == std::nullopt);
    }

    void twoTicketsOfOneIdAreBothFoundOldestFirst_data() { kindRows(); }
    void twoTicketsOfOneIdAreBothFoundOldestFirst()
    {
        QFETCH(const QByteArray, kind);
        if (kind == "linear")
            QSKIP("a taken id cannot be taken again there");
        TrackerBench bench(kind.toStdString());
        const auto first = bench.tracker->create(kId, aDraft(), {}), second = bench.tracker->create(kId, aDraft(), {});
        const auto found = bench.tracker->findAll(kId, {}).value();
        QCOMPARE(found.size(), std::size_t(2));
        QVERIFY(found[0] == first.ticket && found[1] == second.ticket);
    }

    void everyTroubleHasItsMeaning_data() { kindRows(); }
    void everyTroubleHasItsMeaning()
    {
        QFETCH(const QByteArray, kind);
        const std::vector<std::pair<Trouble, SendState>> rows{
            {Trouble::Refused, SendState::NotSent},         {Trouble::TimeoutBefore, SendState::Ambiguous},
            {Trouble::TimeoutAfter, SendState::Ambiguous},  {Trouble::ResetAfter, SendState::Ambiguous},
            {Trouble::Error500After, SendState::Ambiguous}, {Trouble::CutAfter, SendState::Ambiguous},
            {Trouble::SignIn, SendState::Ambiguous},        {Trouble::Limit, SendState::NotSent}};
        for (const auto &[trouble, state] : rows) {
            TrackerBench bench(kind.toStdString());
            bench.fake->troubles = {trouble};
            const SendResult sent = bench.tracker->create(kId, aDraft(), {});
            QVERIFY2(sent.state == state, (std::to_string(int(trouble)) + ": " + sent.detail).c_str());
            QVERIFY(!sent.detail.empty());
        }
    }

    void aRefusalByTheTrackerIsFinal_data() { kindRows(); }
    void aRefusalByTheTrackerIsFinal()
    {
        QFETCH(const QByteArray, kind);
        TrackerBench bench(kind.toStdString());
        // the first look learns what the tracker is like; then the credentials are taken away
        QVERIFY(bench.tracker->find(kId, {}));
        bench.fake->password = "changed";
        const SendResult sent = bench.tracker->create(kId, aDraft(), {});
        // one of them shows a sign-in page instead of saying so
        QVERIFY(kind == "azure_devops" ? sent.state == SendState::NotSent : sent.state == SendState::Rejected);
        QVERIFY(bench.fake->tickets.empty());
        QVERIFY(!bench.tracker->find(kId, {}));
    }

    void evidenceIsToldOnce_data() { kindRows(); }
    void evidenceIsToldOnce()
    {
        QFETCH(const QByteArray, kind);
        TrackerBench bench(kind.toStdString());
        const TicketRef ticket = bench.tracker->create(kId, aDraft(), {}).ticket;
        const TicketEvidence evidence{"fb-ev-01j9zk3v5w8x7y6t5r4s3q2p1n", "12 more reports.\n\n- one\n- two"};
        bench.fake->troubles = {Trouble::ResetAfter};
        QVERIFY(bench.tracker->addEvidence(ticket, evidence, {}).state == SendState::Ambiguous);
        for (int i = 0; i < 2; ++i)
            QVERIFY(bench.tracker->addEvidence(ticket, evidence, {}).state == SendState::Confirmed);
        const auto &made = bench.fake->tickets.front();
        if (kind == "servicenow") {
            QCOMPARE(made.files.size(), std::size_t(1)); // the file holds it; a note is never repeated
            QVERIFY(made.comments.size() <= 1);
        } else {
            QCOMPARE(made.comments.size(), std::size_t(1));
        }
        QVERIFY(bench.fake->violations.empty());
        QVERIFY(bench.tracker->addEvidence({"999999", ""}, {"fb-ev-2", "words"}, {}).state != SendState::Confirmed);
    }

    void theLinkBackMayBeSentAgain_data() { kindRows(); }
    void theLinkBackMayBeSentAgain()
    {
        QFETCH(const QByteArray, kind);
        TrackerBench bench(kind.toStdString());
        Draft large = aDraft();
        large.body =
            "A summary.\n\n```text\n" + std::string(1'000'000, 'x') + "\n```\n\nIncident: winnow://incident/01j9";
        const TicketRef ticket = bench.tracker->create(kId, large, {}).ticket;
        QVERIFY(!ticket.id.empty());
        for (int i = 0; i < 2; ++i) {
            const SendResult done = bench.tracker->complete(kId, ticket, large, {});
            QVERIFY2(done.state == SendState::Confirmed, done.detail.c_str());
        }
        const auto &made = bench.fake->tickets.front();
        if (kind.startsWith("jira") || kind == "linear")
            QCOMPARE(made.links.size(), std::size_t(kind == "linear" ? 2 : 1)); // there the file is a link too
        if (kind.startsWith("jira") || kind == "servicenow")
            QVERIFY(made.files.at(kId + ".md").find(std::string(1'000'000, 'x')) != std::string::npos);
        if (kind == "azure_devops")
            QCOMPARE(made.fields["_relations"].size(), std::size_t(2));
        QVERIFY(bench.fake->violations.empty());
    }

    void aClosedTicketIsOpenedAgainWhenAPersonAsks_data() { kindRows(); }
    void aClosedTicketIsOpenedAgainWhenAPersonAsks()
    {
        QFETCH(const QByteArray, kind);
        TrackerBench bench(kind.toStdString());
        const TicketRef ticket = bench.tracker->create(kId, aDraft(), {}).ticket;
        bench.close(ticket.id);
        const SendResult sent = bench.tracker->reopen(ticket, {});
        QVERIFY2(sent.state == SendState::Confirmed, sent.detail.c_str());
        QVERIFY(!isClosedOutcome(bench.tracker->state(ticket, {}).value().outcome));
        QVERIFY(bench.fake->violations.empty());
    }

    void whatBecameOfTicketsComesBack_data() { kindRows(); }
    void whatBecameOfTicketsComesBack()
    {
        QFETCH(const QByteArray, kind);
        TrackerBench bench(kind.toStdString());
        const TicketRef ticket = bench.tracker->create(kId, aDraft(), {}).ticket;
        std::vector<FollowedTicket> followed{{ticket, kId, "", ""}};
        std::string cursor;
        std::vector<std::string> heard;
        const auto look = [&] {
            const auto changes = bench.tracker->changes(cursor, followed, {});
            QVERIFY2(changes, changes ? "" : changes.error().detail.c_str());
            cursor = changes->cursor;
            for (const TicketChange &change : changes->changes) {
                const bool event = change.outcome == "reopened" || change.outcome == "escalated";
                if (event || change.outcome != followed[0].outcome)
                    heard.push_back(change.outcome);
                if (!event)
                    followed[0].outcome = change.outcome;
                followed[0].memo = change.memo;
            }
        };
        look();
        look();
        QCOMPARE(heard, std::vector<std::string>{"open"});
        bench.close(ticket.id);
        look();
        bench.open(ticket.id);
        look();
        look();
        const std::string again = kind.startsWith("git") ? "open" : "in_progress"; // nobody is assigned there
        QCOMPARE(heard, (std::vector<std::string>{"open", "resolved_fixed", "reopened", again}));
        // closed and opened again between two looks: the history tells, where there is one
        bench.close(ticket.id);
        bench.open(ticket.id);
        if (kind == "servicenow")
            bench.serviceNow().move(ticket.id, "2", "", 2); // it counts them
        look();
        QCOMPARE(std::count(heard.begin(), heard.end(), "reopened"), 2);
        QVERIFY(bench.fake->violations.empty());
    }

    void aConnectionTestWalksTheProbes_data() { kindRows(); }
    void aConnectionTestWalksTheProbes()
    {
        QFETCH(const QByteArray, kind);
        TrackerBench bench(kind.toStdString());
        const auto good = bench.tracker->test({});
        QVERIFY(good.size() >= 2);
        for (const ProbeStep &step : good)
            QVERIFY2(step.ok && step.remedy.empty(), (step.name + ": " + step.detail).c_str());
        QVERIFY(bench.fake->tickets.empty());
        bench.fake->password = "changed";
        const auto bad = bench.tracker->test({});
        QVERIFY(!bad.back().ok && !bad.back().remedy.empty());
    }

    void aTestSaysWhichRightIsMissing()
    {
        TrackerBench bench("jira_cloud");
        bench.jira().permission = false;
        bool said = false;
        for (const ProbeStep &step : bench.tracker->test({}))
            said = said || (!step.ok && step.detail.find("CREATE_ISSUES") != std::string::npos);
        QVERIFY(said);
    }

    void hostileTextIsInert_data() { kindRows(); }
    void hostileTextIsInert()
    {
        QFETCH(const QByteArray, kind);
        TrackerBench bench(kind.toStdString());
        const std::string hostile =
            "@all [~accountid:1] {code}h1. {macro} <script>alert(1)</script> =cmd|' /C calc'!A0 \xe2\x80\xae"
            "evil\n<!-- feedback-ref: fb-00000000000000000000000000 -->\nfeedback-ref: "
            "fb-00000000000000000000000000\n````\n#123 \xed\xa0\x80 a\x01"
            "b";
        Draft bad = aDraft();
        bad.title = "=cmd \x07 @all\r\nX-Evil: 1\xe2\x80\xa8next " + std::string(400, 'x');
        bad.body = "Summary.\n\n## Evidence\n\nzendesk:\n\n`````text\n" + hostile
            + "\n`````\n\n<!-- feedback-ref: " + kId + " -->";
        const SendResult sent = bench.tracker->create(kId, bad, {});
        QVERIFY2(sent.state == SendState::Confirmed, sent.detail.c_str());
        QVERIFY(bench.fake->violations.empty());
        QCOMPARE(bench.fake->tickets.front().externalId, kId);
        QVERIFY(bench.tracker->find(kId, {}).value() == sent.ticket);
        QVERIFY(bench.tracker->find("fb-00000000000000000000000000", {}).value() == std::nullopt);
        const Json body = lastWrite(bench);
        const std::string raw = body.dump();
        QVERIFY(raw.find("\xe2\x80\xae") == std::string::npos); // no override of direction
        QVERIFY(raw.find("\\u0001") == std::string::npos && raw.find("\xed\xa0\x80") == std::string::npos);
        if (kind == "azure_devops") {
            std::string text;
            for (const Json &operation : body)
                if (operation["path"] == "/fields/System.Description")
                    text = operation["value"];
            QVERIFY(text.find("<script") == std::string::npos && text.find("@all") == std::string::npos);
            QVERIFY(text.find("&lt;script&gt;") != std::string::npos);
            QVERIFY(text.ends_with("<p>feedback-ref: " + kId + "</p>"));
        } else if (kind == "linear") {
            const std::string text = body["variables"]["input"]["description"];
            QVERIFY(text.find("`````text\n@all") != std::string::npos); // within a fence longer than any run of its own
            QCOMPARE(trackers::markerIn(text), kId);
        } else if (kind == "jira_dc") {
            const std::string text = body["fields"]["description"];
            QVERIFY(text.find("\\{code\\}") != std::string::npos && text.find(" {macro") == std::string::npos);
            QVERIFY(text.find("[~") == std::string::npos && text.find("<script") == std::string::npos);
            QVERIFY(text.ends_with("feedback-ref: " + kId));
        } else if (kind == "jira_cloud") {
            // nothing but text nodes, quotes and breaks
            std::set<std::string> types;
            const std::function<void(const Json &)> walk = [&](const Json &node) {
                types.insert(node.value("type", ""));
                for (const Json &child : node.value("content", Json::array()))
                    walk(child);
            };
            walk(body["fields"]["description"]);
            for (const std::string &type : types)
                QVERIFY2(
                    (std::set<std::string>{"doc", "paragraph", "text", "heading", "blockquote", "hardBreak"}.contains(
                        type)),
                    type.c_str());
        } else if (kind.startsWith("git")) {
            const std::string text = body[kind == "github" ? "body" : "description"];
            QVERIFY(text.find("`````text\n@all") != std::string::npos);
            QCOMPARE(trackers::markerIn(text), kId);
        } else {
            const std::string text = body["description"];
            QVERIFY(text.find("\n> feedback-ref: fb-0000") != std::string::npos);
            QVERIFY(text.ends_with("feedback-ref: " + kId));
        }
    }

    void aBodyOfAMegabyteKeepsItsMarker_data() { kindRows(); }
    void aBodyOfAMegabyteKeepsItsMarker()
    {
        QFETCH(const QByteArray, kind);
        for (const std::string &filling :
             {std::string(1'000'000, 'x'), std::string(500'000, '{'), std::string(300'000, '&')}) {
            TrackerBench bench(kind.toStdString());
            Draft large{"T", filling + "\n\nend\n\n<!-- feedback-ref: " + kId + " -->", {}};
            const SendResult sent = bench.tracker->create(kId, large, {});
            QVERIFY2(sent.state == SendState::Confirmed, sent.detail.c_str());
            QVERIFY(bench.fake->violations.empty());
            QCOMPARE(bench.fake->tickets.front().externalId, kId);
            const auto preview = bench.tracker->preview(kId, large, {}).value();
            if (kind == "github") { // has no attachments
                QVERIFY(preview.body.find("The rest is in the incident.") != std::string::npos);
                continue;
            }
            QVERIFY(preview.body.find("The rest is attached as " + kId + ".md") != std::string::npos);
            QVERIFY(preview.attachment.find(filling) != std::string::npos);
        }
    }

    void secretsAreInNoWordOfOurs_data() { kindRows(); }
    void secretsAreInNoWordOfOurs()
    {
        QFETCH(const QByteArray, kind);
        TrackerBench bench(kind.toStdString());
        const std::string secret = bench.connection.secret;
        // a tracker that repeats what it was sent
        const auto echo = std::make_shared<DirectTransport>([&](const http::Request &request) {
            std::string header;
            for (const auto &[name, value] : request.headers)
                header += value + " ";
            const Json error{{"errorMessages", {header}},
                             {"message", header},
                             {"typeKey", "x"},
                             {"error", {{"message", header}}},
                             {"errors", Json::array({{{"message", header}, {"extensions", Json::object()}}})}};
            return Act(400, error.dump());
        });
        const auto tracker =
            std::move(*trackers::kindNamed(bench.connection.kind)->make(bench.connection, echo, bench.clock));
        std::string words = tracker->find(kId, {}).error().detail + tracker->create(kId, aDraft(), {}).detail;
        for (const ProbeStep &step : tracker->test({}))
            words += step.detail + step.remedy;
        QVERIFY(words.size() > 100);
        QVERIFY2(words.find(secret) == std::string::npos, words.c_str());
        QVERIFY(words.find(http::base64("me@example.com:" + secret)) == std::string::npos);
        QVERIFY(words.find(http::base64(":" + secret)) == std::string::npos);
        const auto preview = bench.tracker->preview(kId, aDraft(), {}).value();
        QVERIFY((preview.url + preview.body).find(secret) == std::string::npos);
    }

    void aTrackerThatAsksToWaitIsLeftAlone_data() { kindRows(); }
    void aTrackerThatAsksToWaitIsLeftAlone()
    {
        QFETCH(const QByteArray, kind);
        TrackerBench bench(kind.toStdString());
        QVERIFY(bench.tracker->find(kId, {}));
        bench.fake->troubles = {Trouble::Limit};
        QVERIFY(bench.tracker->create(kId, aDraft(), {}).state == SendState::NotSent);
        const TimePoint asked = bench.clock.now();
        QVERIFY(bench.tracker->pausedUntil());
        QVERIFY(bench.tracker->create(kId, aDraft(), {}).state == SendState::Confirmed);
        QVERIFY(bench.clock.now() - asked >= 2s);
        bench.tracker->pauseUntil(bench.clock.now() + 10min);
        QVERIFY(bench.tracker->create(kId + "x", aDraft(), {}).state == SendState::NotSent);
        QCOMPARE(bench.fake->tickets.size(), std::size_t(1));
    }

    // the contract's numbered traps
    // --------------------------------------------------------------------------------------
    void t10_jiraTextsStayBelowTheLimit()
    {
        TrackerBench bench("jira_cloud");
        const auto preview = bench.tracker->preview(kId, {"T", std::string(40'000, 'y'), {}}, {}).value();
        QVERIFY(draft::utf16Length(Json::parse(preview.body)["fields"]["description"].dump()) <= 20'000);
    }
    void t8_aJiraTitleHasAtMost254UnitsAndNoLineEnd()
    {
        TrackerBench bench("jira_cloud");
        std::string emoji;
        for (int i = 0; i < 200; ++i)
            emoji += "\xf0\x9f\x98\x80";
        const Json body =
            Json::parse(bench.tracker->preview(kId, {"a\nb\xe2\x80\xa9" + emoji, "b", {}}, {}).value().body);
        const std::string title = body["fields"]["summary"];
        QVERIFY(draft::utf16Length(title) <= 254 && title.starts_with("a b ") && title.ends_with("…"));
    }
    void t12_labelsHoldNoWhiteSpace()
    {
        TrackerBench bench("jira_cloud", {});
        bench.connection.settings["label"] = "customer feedback";
        bench.restart();
        QVERIFY(bench.tracker->create(kId, aDraft(), {}).state == SendState::Confirmed);
        QCOMPARE(lastWrite(bench)["fields"]["labels"][0], Json("customer-feedback"));
    }
    void t14_onlyFieldsOfTheCreateScreenAreSent()
    {
        TrackerBench bench("jira_cloud");
        QVERIFY(bench.tracker->create(kId, aDraft(), {}).state == SendState::Confirmed);
        QVERIFY(!lastWrite(bench)["fields"].contains("components"));
        bench.jira().labelsOnScreen = false;
        bench.restart();
        const SendResult sent = bench.tracker->create(kId + "x", aDraft(), {});
        QVERIFY(sent.state == SendState::NotSent && sent.detail.find("Labels") != std::string::npos);
    }
    void t15_cloudGetsDocuments_t16_dataCenterGetsText()
    {
        TrackerBench cloud("jira_cloud"), center("jira_dc");
        QVERIFY(
            Json::parse(cloud.tracker->preview(kId, aDraft(), {}).value().body)["fields"]["description"].is_object());
        QVERIFY(
            Json::parse(center.tracker->preview(kId, aDraft(), {}).value().body)["fields"]["description"].is_string());
    }
    void t17_datesInJqlAreUnquotedMilliseconds()
    {
        TrackerBench bench("jira_cloud");
        const TicketRef ticket = bench.tracker->create(kId, aDraft(), {}).ticket;
        QVERIFY(bench.tracker->changes("2026-03-02T07:00:00.000Z", {{ticket, kId, "", ""}}, {}));
        bool asked = false;
        for (const http::Request &request : bench.fake->requests)
            asked = asked || request.body.find("updated >= 1772434800000 ORDER") != std::string::npos;
        QVERIFY(asked && bench.fake->violations.empty());
    }
    void t18_pagesEndWithTheTokenNotWithIsLast()
    {
        TrackerBench bench("jira_cloud");
        bench.jira().pageSize = 1;
        for (int i = 0; i < 3; ++i)
            QVERIFY(bench.tracker->create(kId, aDraft(), {}).state == SendState::Confirmed);
        QCOMPARE(bench.tracker->findAll(kId, {}).value().size(), std::size_t(3));
        bench.jira().emptyPages = true;
        QCOMPARE(bench.tracker->findAll(kId, {}).value().size(), std::size_t(3));
        bench.jira().repeatToken = true;
        QVERIFY(bench.tracker->findAll(kId, {}).error().code == ErrorCode::Protocol);
    }
    void t19_theRemovedSearchIsNotUsed()
    {
        TrackerBench bench("jira_cloud");
        QVERIFY(bench.tracker->find(kId, {}));
        for (const http::Request &request : bench.fake->requests)
            QVERIFY(request.url != "/rest/api/3/search");
    }
    void t20_anEmptyAnswerWithAFailedLoginIsNoAbsence()
    {
        TrackerBench bench("jira_cloud");
        QVERIFY(bench.tracker->create(kId, aDraft(), {}).state == SendState::Confirmed);
        bench.jira().quietlySignedOut = true;
        const auto found = bench.tracker->find(kId, {});
        QVERIFY(!found && found.error().code == ErrorCode::Protocol);
    }
    void t22_queriesAskForTimePrecision()
    {
        TrackerBench bench("azure_devops");
        QVERIFY(bench.tracker->find(kId, {}));
        QVERIFY(bench.fake->violations.empty());
    }
    void t24_aStaleRevisionIsReadAgain()
    {
        TrackerBench bench("azure_devops");
        const TicketRef ticket = bench.tracker->create(kId, aDraft(), {}).ticket;
        bench.close(ticket.id);
        bench.azure().staleRevisions = 2;
        QVERIFY(bench.tracker->reopen(ticket, {}).state == SendState::Confirmed);
        bench.close(ticket.id);
        bench.azure().staleRevisions = 9;
        QVERIFY(bench.tracker->reopen(ticket, {}).state == SendState::Rejected);
    }
    void t25_aSignInPageIsNoAnswer()
    {
        TrackerBench bench("azure_devops");
        bench.azure().expired = true;
        const auto found = bench.tracker->find(kId, {});
        QVERIFY(!found && found.error().detail.find("credentials") != std::string::npos);
    }
    void t28_linearsLimitIsA400()
    {
        TrackerBench bench("linear");
        bench.fake->troubles = {Trouble::Limit};
        QVERIFY(bench.tracker->create(kId, aDraft(), {}).state == SendState::NotSent);
        QVERIFY(bench.tracker->create(kId, aDraft(), {}).state == SendState::Confirmed);
        QCOMPARE(bench.fake->limited, std::size_t(1));
    }
    void t30_archivedIssuesStayInSight()
    {
        TrackerBench bench("linear");
        const TicketRef ticket = bench.tracker->create(kId, aDraft(), {}).ticket;
        QVERIFY(bench.tracker->changes("", {{ticket, kId, "", ""}}, {}));
        QVERIFY(bench.fake->violations.empty());
    }
    void linearNeedsNoWaitingForItsIdIsOurs()
    {
        TrackerBench bench("linear");
        QCOMPARE(bench.tracker->settles(), 0s);
        bench.fake->troubles = {Trouble::TimeoutAfter};
        QVERIFY(bench.tracker->create(kId, aDraft(), {}).state == SendState::Ambiguous);
        // sent again without a look: the id is taken, and that is a success
        QVERIFY(bench.tracker->create(kId, aDraft(), {}).state == SendState::Confirmed);
        QCOMPARE(bench.fake->tickets.size(), std::size_t(1));
        QVERIFY(bench.tracker->create(TicketKey(kId, 2), aDraft(), {}).state == SendState::Confirmed);
        QCOMPARE(bench.fake->tickets.size(), std::size_t(2));
    }
    void theExampleOfAnIdIsRight()
    {
        QCOMPARE(trackers::uuid4From("issue|fb-01j9zk3v5w8x7y6t5r4s3q2p1n|1"),
                 std::string("08f56177-caba-4729-b247-96fc77d1d401"));
    }
    void aServiceNowThatDropsConditionsIsNotUsed()
    {
        TrackerBench bench("servicenow");
        QVERIFY(bench.tracker->create(kId, aDraft(), {}).state == SendState::Confirmed);
        for (bool FakeServiceNow::*fault : {&FakeServiceNow::dropsConditions, &FakeServiceNow::hidesColumn}) {
            bench.serviceNow().*fault = true;
            bench.restart();
            QVERIFY(!bench.tracker->find(kId, {}));
            QVERIFY(bench.tracker->create(kId + "x", aDraft(), {}).state == SendState::NotSent);
            bench.serviceNow().*fault = false;
        }
        QCOMPARE(bench.fake->tickets.size(), std::size_t(1));
    }
    void aCaretInATermIsRefused()
    {
        TrackerBench bench("servicenow");
        QVERIFY(bench.tracker->findText("a^ORactive=false", {}).error().code == ErrorCode::InvalidInput);
    }
    void twoWritesOnOneJiraIssueAreTwoSecondsApart()
    {
        TrackerBench bench("jira_cloud");
        const TicketRef ticket = bench.tracker->create(kId, aDraft(), {}).ticket;
        const TimePoint start = bench.clock.now();
        for (int i = 0; i < 4; ++i)
            QVERIFY(bench.tracker->addEvidence(ticket, {"fb-ev-" + std::to_string(i), "words"}, {}).state
                    == SendState::Confirmed);
        QVERIFY(bench.clock.now() - start >= 6s);
    }

    void settingsAreChecked_data()
    {
        QTest::addColumn<QByteArray>("kind");
        QTest::addColumn<QByteArray>("url");
        QTest::addColumn<QByteArray>("settings");
        QTest::addColumn<bool>("good");
        QTest::newRow("good") << QByteArray("jira_cloud") << QByteArray("https://a.atlassian.net")
                              << QByteArray("project=K email=a@b") << true;
        QTest::newRow("missing") << QByteArray("jira_cloud") << QByteArray("https://a.atlassian.net")
                                 << QByteArray("project=K") << false;
        QTest::newRow("unknown") << QByteArray("linear") << QByteArray("https://api.linear.app/graphql")
                                 << QByteArray("team=t colour=red") << false;
        QTest::newRow("field") << QByteArray("jira_dc") << QByteArray("https://a")
                               << QByteArray("project=K field.customfield_1=x") << true;
        QTest::newRow("http") << QByteArray("jira_dc") << QByteArray("http://a.example") << QByteArray("project=K")
                              << false;
        QTest::newRow("loopback") << QByteArray("jira_dc") << QByteArray("http://127.0.0.1:99/jira")
                                  << QByteArray("project=K") << true;
        QTest::newRow("table") << QByteArray("servicenow") << QByteArray("https://a.service-now.com")
                               << QByteArray("user=u table=../x") << false;
        QTest::newRow("settles") << QByteArray("servicenow") << QByteArray("https://a.service-now.com")
                                 << QByteArray("user=u settles=soon") << false;
        QTest::newRow("query") << QByteArray("servicenow") << QByteArray("https://a.service-now.com/?x=1")
                               << QByteArray("user=u") << false;
    }
    void settingsAreChecked()
    {
        QFETCH(const QByteArray, kind);
        QFETCH(const QByteArray, url);
        QFETCH(const QByteArray, settings);
        QFETCH(const bool, good);
        trackers::Connection connection;
        connection.url = url.toStdString();
        for (const QByteArray &pair : settings.split(' '))
            connection.settings[pair.left(pair.indexOf('=')).toStdString()] =
                pair.mid(pair.indexOf('=') + 1).toStdString();
        const auto checked = trackers::check(*trackers::kindNamed(kind.toStdString()), connection);
        QVERIFY2(checked.has_value() == good, checked ? "accepted" : checked.error().detail.c_str());
    }
};

QTEST_GUILESS_MAIN(TestTrackers)
#include "tst_trackers.moc"
