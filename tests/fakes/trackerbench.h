#pragma once

#include "core/adapters/trackers/connection.h"
#include "tests/fakes/fakeazure.h"
#include "tests/fakes/fakeforges.h"
#include "tests/fakes/fakejira.h"
#include "tests/fakes/fakelinear.h"
#include "tests/fakes/fakeservicenow.h"

namespace winnow::test
{

/// One kind of tracker with its fake behind it, in virtual time.
struct TrackerBench {
    explicit TrackerBench(const std::string &kind, std::map<std::string, std::string> settings = {})
    {
        const auto now = [this] { return clock.now(); };
        connection.name = "trk";
        connection.kind = kind;
        connection.url = "http://127.0.0.1:1";
        if (kind == "jira_cloud" || kind == "jira_dc") {
            connection.settings = {{"project", "KEY"}, {"issue_type", "Bug"}, {"label", "feedback"}};
            if (kind == "jira_cloud")
                connection.settings["email"] = "me@example.com";
            fake = std::make_unique<FakeJira>(now, kind == "jira_cloud");
        } else if (kind == "azure_devops") {
            connection.url += "/org";
            connection.settings = {{"project", "My Project"}, {"type", "Bug"}};
            fake = std::make_unique<FakeAzure>(now);
        } else if (kind == "linear") {
            connection.url += "/graphql";
            connection.settings = {{"team", FakeLinear::kTeam}, {"label", FakeLinear::kLabel}};
            fake = std::make_unique<FakeLinear>(now);
        } else if (kind == "github") {
            connection.settings = {{"owner", "o"}, {"repo", "r"}};
            fake = std::make_unique<FakeGitHub>(now);
        } else if (kind == "gitlab") {
            connection.settings = {{"project", "g/p"}};
            fake = std::make_unique<FakeGitLab>(now);
        } else {
            connection.settings = {{"user", "me"}, {"table", "incident"}};
            fake = std::make_unique<FakeServiceNow>(now);
        }
        connection.settings.merge(settings);
        connection.secret = fake->password;
        transport = std::make_shared<DirectTransport>(fake->handler());
        restart();
    }
    /// As a new process would begin.
    void restart() { tracker = std::move(*trackers::kindNamed(connection.kind)->make(connection, transport, clock)); }
    FakeJira &jira() { return static_cast<FakeJira &>(*fake); }
    FakeAzure &azure() { return static_cast<FakeAzure &>(*fake); }
    FakeLinear &linear() { return static_cast<FakeLinear &>(*fake); }
    FakeGitHub &gitHub() { return static_cast<FakeGitHub &>(*fake); }
    FakeGitLab &gitLab() { return static_cast<FakeGitLab &>(*fake); }
    FakeServiceNow &serviceNow() { return static_cast<FakeServiceNow &>(*fake); }
    /// Brings the ticket to the vendor's own `done`, or back to open.
    void close(const std::string &id)
    {
        clock.time += std::chrono::minutes(1);
        const std::string &kind = connection.kind;
        kind == "linear"             ? linear().move(id, "completed")
            : kind == "azure_devops" ? azure().move(id, "Closed", "Fixed")
            : kind == "servicenow"   ? serviceNow().move(id, "6", "Solved")
            : kind == "github"       ? gitHub().move(id, "closed", "completed")
            : kind == "gitlab"       ? gitLab().move(id, "closed")
                                     : jira().move(id, "Done", "Fixed");
    }
    void open(const std::string &id)
    {
        clock.time += std::chrono::minutes(1);
        const std::string &kind = connection.kind;
        kind == "linear"             ? linear().move(id, "started")
            : kind == "azure_devops" ? azure().move(id, "Active", "Reactivated")
            : kind == "servicenow"   ? serviceNow().move(id, "2", "", 1)
            : kind == "github"       ? gitHub().move(id, "open", "reopened")
            : kind == "gitlab"       ? gitLab().move(id, "opened")
                                     : jira().move(id, "In Progress");
    }

    VirtualClock clock;
    trackers::Connection connection;
    std::unique_ptr<FakeVendor> fake;
    std::shared_ptr<DirectTransport> transport;
    std::unique_ptr<Tracker> tracker;
};

inline const std::vector<std::string> kBenchKinds{"jira_cloud", "jira_dc", "azure_devops", "linear",
                                                  "servicenow", "github",  "gitlab"};

}
