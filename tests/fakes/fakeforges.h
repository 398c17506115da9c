#pragma once

#include "tests/fakes/vendors.h"

namespace winnow::test
{

/// GitHub: lists hold pull requests, and labels are dropped without push access.
class FakeGitHub : public FakeVendor
{
public:
    using FakeVendor::FakeVendor;
    bool push = true;

    void move(const std::string &id, const std::string &state, const std::string &reason)
    {
        Ticket &one = *ticket(id);
        one.fields["state"] = state;
        one.fields["state_reason"] = reason;
        one.updated = now();
        one.history.push_back(
            {{"event", reason == "reopened" ? "reopened" : "closed"}, {"created_at", formatTime(now())}});
    }

protected:
    std::string credentials() const override { return "Bearer " + password; }
    bool isWrite(const http::Request &request) const override { return request.method != "GET"; }
    Act failure(int status, const std::string &words) const override
    {
        return Act(status, Json{{"message", words}, {"documentation_url", "x"}}.dump());
    }
    Act tooMany() const override // not 429: forbidden
    {
        return failure(403, "You have exceeded a secondary rate limit").with("retry-after", "2");
    }
    Json issueJson(const Ticket &one) const
    {
        Json issue = one.fields;
        issue["number"] = std::stoi(one.id);
        issue["html_url"] = "https://github.com/o/r/issues/" + one.id;
        issue["updated_at"] = formatTime(one.updated);
        issue["assignees"] = Json::array();
        return issue;
    }
    Act respond(const http::Request &request) override
    {
        if (headerText(request, "accept") != "application/vnd.github+json"
            || headerText(request, "x-github-api-version") != "2022-11-28")
            return violation(400, "no version of the interface");
        const std::string path = pathOf(request);
        const Json body = Json::parse(request.body, nullptr, false);
        if (path == "/user")
            return Act(200, R"({"login":"me"})");
        if (path == "/repos/o/r")
            return Act(200, Json{{"full_name", "o/r"}, {"has_issues", true}, {"permissions", {{"push", push}}}}.dump());
        if (path == "/repos/o/r/issues" && request.method == "POST") {
            const std::string title = body.value("title", ""), text = body.value("body", "");
            if (title.empty() || units(title) > 256 || units(text) > 65536 || hasControl(title))
                return violation(422, "Validation Failed");
            Ticket made;
            const std::size_t mark = text.rfind("feedback-ref: ");
            made.externalId = mark == std::string::npos ? "" : text.substr(mark + 14, 29);
            made.id = std::to_string(1 + tickets.size());
            made.fields = {{"title", title},
                           {"body", text},
                           {"state", "open"},
                           {"state_reason", nullptr},
                           {"labels", Json::array()}};
            if (push)
                for (const Json &label : body["labels"])
                    made.fields["labels"].push_back({{"name", label}});
            made.created = made.updated = now();
            tickets.push_back(made);
            return Act(201, issueJson(tickets.back()).dump());
        }
        if (path == "/repos/o/r/issues") {
            Json list = Json::array();
            const auto since = parseTime(parameter(request, "since"));
            for (const Ticket &one : tickets)
                if (indexed(one) && !one.fields["labels"].empty() && (!since || one.updated >= *since)) {
                    list.push_back(issueJson(one));
                    list.push_back(issueJson(one));
                    list.back()["number"] = 9000 + std::stoi(one.id);
                    list.back()["pull_request"] = Json::object();
                }
            return Act(200, list.dump());
        }
        if (!path.starts_with("/repos/o/r/issues/"))
            return failure(404, "Not Found");
        const std::size_t slash = path.find('/', 18);
        Ticket *one = ticket(path.substr(18, slash == std::string::npos ? slash : slash - 18));
        const std::string part = slash == std::string::npos ? "" : path.substr(slash);
        if (!one)
            return failure(404, "Not Found");
        if (part == "/events")
            return Act(200, Json(one->history).dump());
        if (part == "/comments" && request.method == "GET")
            return Act(200, Json(one->comments).dump());
        if (part == "/comments") {
            one->comments.push_back(body);
            return Act(201, R"({"id":1})");
        }
        if (request.method == "PATCH")
            move(one->id, "open", "reopened");
        return Act(200, issueJson(*one).dump());
    }
};

/// GitLab: its titles are searched for mentions.
class FakeGitLab : public FakeVendor
{
public:
    using FakeVendor::FakeVendor;

    void move(const std::string &id, const std::string &state)
    {
        Ticket &one = *ticket(id);
        one.fields["state"] = state;
        one.updated = now();
        one.history.push_back({{"state", state == "opened" ? "reopened" : state}, {"created_at", formatTime(now())}});
    }

protected:
    std::string credentials() const override { return password; }
    bool authorized(const http::Request &request) const override
    {
        return headerText(request, "private-token") == password;
    }
    bool isWrite(const http::Request &request) const override { return request.method != "GET"; }
    Act failure(int status, const std::string &words) const override
    {
        return Act(status, Json{{"message", words}}.dump());
    }
    Act tooMany() const override { return Act(429, "Retry later", "text/plain").with("Retry-After", "2"); }
    Json issueJson(const Ticket &one) const
    {
        Json issue = one.fields;
        issue["iid"] = std::stoi(one.id);
        issue["id"] = 7000 + std::stoi(one.id);
        issue["web_url"] = "https://gitlab.com/g/p/-/issues/" + one.id;
        issue["updated_at"] = formatTime(one.updated);
        return issue;
    }
    Act respond(const http::Request &request) override
    {
        if (request.url.find("/projects/g%2Fp") == std::string::npos
            && request.url.find("/projects/") != std::string::npos)
            return violation(404, "404 Project Not Found");
        const std::string path = pathOf(request);
        const Json body = Json::parse(request.body, nullptr, false);
        if (path == "/api/v4/user")
            return Act(200, R"({"username":"me"})");
        if (path == "/api/v4/personal_access_tokens/self")
            return Act(200, R"({"scopes":["api"]})");
        const std::string root = "/api/v4/projects/g/p";
        if (path == root)
            return Act(200, R"({"path_with_namespace":"g/p"})");
        if (path == root + "/uploads") {
            const std::string name = quotedBehind(request.body, "filename=", '"');
            return Act(201, Json{{"markdown", "[" + name + "](/uploads/" + name + ")"}}.dump());
        }
        if (path == root + "/issues" && request.method == "POST") {
            const std::string title = body.value("title", ""), labels = body.value("labels", "");
            if (title.empty() || units(title) > 255 || hasControl(title) || title.find('@') != std::string::npos)
                return violation(400, "title is too long, or mentions somebody");
            Ticket made;
            made.externalId = labels.substr(std::min(labels.find("fb-"), labels.size()));
            made.id = std::to_string(1 + tickets.size());
            made.fields = {{"title", title},
                           {"description", body["description"]},
                           {"state", "opened"},
                           {"labels", Json::array({labels.substr(0, labels.find(',')), made.externalId})}};
            made.created = made.updated = now();
            tickets.push_back(made);
            return Act(201, issueJson(tickets.back()).dump());
        }
        if (path == root + "/issues") {
            const std::string label = parameter(request, "labels");
            const auto after = parseTime(parameter(request, "updated_after"));
            Json list = Json::array();
            for (const Ticket &one : tickets)
                if (indexed(one) && (label == "feedback" || one.externalId.substr(0, 20) == label.substr(0, 20))
                    && (!after || one.updated >= *after))
                    list.push_back(issueJson(one));
            return Act(200, list.dump());
        }
        if (!path.starts_with(root + "/issues/"))
            return failure(404, "404 Not Found");
        const std::string rest = path.substr(root.size() + 8);
        const std::size_t slash = rest.find('/');
        Ticket *one = ticket(rest.substr(0, slash));
        const std::string part = slash == std::string::npos ? "" : rest.substr(slash);
        if (!one)
            return failure(404, "404 Not found");
        if (part == "/resource_state_events")
            return Act(200, Json(one->history).dump());
        if (part == "/notes" && request.method == "GET")
            return Act(200, Json(one->comments).dump());
        if (part == "/notes") {
            one->comments.push_back(body);
            return Act(201, R"({"id":1})");
        }
        if (request.method == "PUT")
            move(one->id, "opened");
        return Act(200, issueJson(*one).dump());
    }
};

}
