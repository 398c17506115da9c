#pragma once

#include "tests/fakes/vendors.h"

namespace winnow::test
{

class FakeLinear : public FakeVendor
{
public:
    using FakeVendor::FakeVendor;
    static constexpr const char *kTeam = "team-1", *kLabel = "label-1";

    void move(const std::string &id, const std::string &type)
    {
        Ticket &one = *ticket(id);
        const Json before = one.fields["state"];
        one.fields["state"] = {{"id", "s-" + type}, {"name", type}, {"type", type}};
        one.updated = now();
        one.history.push_back({{"id", std::to_string(one.history.size())},
                               {"createdAt", formatTime(now())},
                               {"fromState", before},
                               {"toState", one.fields["state"]}});
    }

protected:
    std::string credentials() const override { return password; } // no Bearer
    bool isWrite(const http::Request &request) const override
    {
        return request.body.find("mutation ") != std::string::npos;
    }
    Act failure(int status, const std::string &words) const override
    {
        return Act(status,
                   Json{{"errors",
                         Json::array({{{"message", words},
                                       {"extensions",
                                        {{"code", status == 500 ? "INTERNAL_SERVER_ERROR" : "INVALID_INPUT"}}}}})}}
                       .dump());
    }
    Act tooMany() const override
    {
        return Act(400, R"({"errors":[{"message":"Rate limit exceeded","extensions":{"code":"RATELIMITED"}}]})")
            .with("X-RateLimit-Requests-Remaining", "0")
            .with("X-RateLimit-Requests-Reset",
                  std::to_string((now() + std::chrono::seconds(3)).time_since_epoch().count()));
    }
    Json issueJson(const Ticket &one) const
    {
        Json issue = one.fields;
        issue["id"] = one.id;
        issue["url"] = "https://linear.app/x/issue/T-" + one.id.substr(0, 4);
        issue["updatedAt"] = formatTime(one.updated);
        issue["relations"] = {{"nodes", one.fields.value("_relations", Json::array())}};
        return issue;
    }
    Act respond(const http::Request &request) override
    {
        if (request.method == "PUT" && request.url == "/upload")
            return headerText(request, "x-signed") == "yes" ? Act(200, "", "text/plain")
                                                            : violation(403, "a header is missing");
        const Json body = Json::parse(request.body, nullptr, false);
        const std::string query = body.value("query", "");
        const Json &variables = body["variables"];
        const auto is = [&](const char *name) { return query.find(std::string(" ") + name) != std::string::npos; };
        const auto data = [](Json value) { return Act(200, Json{{"data", std::move(value)}}.dump()); };
        if (is("Probe"))
            return data({{"viewer", {{"name", "Me"}}}, {"organization", {{"name", "Org"}}}});
        if (is("TeamSetup"))
            return data({{"team",
                          variables["teamId"] == kTeam
                              ? Json{{"id", kTeam},
                                     {"name", "Team"},
                                     {"defaultIssueState", {{"id", "s-backlog"}}},
                                     {"labels", {{"nodes", Json::array({{{"id", kLabel}, {"name", "feedback"}}})}}}}
                              : Json()}});
        if (is("IssueById")) {
            const Ticket *one = ticket(variables["id"]);
            return one
                ? data({{"issue", issueJson(*one)}})
                : Act(
                    200,
                    R"({"errors":[{"message":"Entity not found: Issue","extensions":{"code":"INVALID_INPUT"}}],"data":null})");
        }
        if (is("IssueCreate")) {
            const Json &input = variables["input"];
            const std::string id = input.value("id", "");
            if (id.size() != 36 || id[14] != '4')
                return violation(400, "id: no UUID of version 4");
            if (ticket(id))
                return failure(400, "Argument Validation Error: id is taken");
            const std::string title = input.value("title", ""), text = input.value("description", "");
            if (title.empty() || units(title) > 255 || hasControl(title) || units(text) > 250'000)
                return violation(400, "Argument Validation Error");
            if (input["teamId"] != kTeam || input["labelIds"] != Json::array({kLabel}))
                return violation(400, "another team or label");
            Ticket made;
            made.id = id;
            const std::size_t mark = text.rfind("feedback-ref: ");
            made.externalId = mark == std::string::npos ? "" : text.substr(mark + 14, 29);
            made.fields = input;
            made.fields["state"] = {{"id", "s-backlog"}, {"name", "Backlog"}, {"type", "backlog"}};
            made.created = made.updated = now();
            tickets.push_back(made);
            return data({{"issueCreate", {{"success", true}, {"issue", issueJson(tickets.back())}}}});
        }
        if (is("CommentById")) {
            for (const Ticket &one : tickets)
                for (const Json &comment : one.comments)
                    if (comment["id"] == variables["id"])
                        return data({{"comment", comment}});
            return Act(
                200,
                R"({"errors":[{"message":"Entity not found: Comment","extensions":{"code":"INVALID_INPUT"}}],"data":null})");
        }
        if (is("CommentCreate")) {
            Ticket *one = ticket(variables["input"]["issueId"]);
            if (!one)
                return failure(200, "Entity not found: Issue");
            for (const Json &comment : one->comments)
                if (comment["id"] == variables["input"]["id"])
                    return failure(400, "id is taken");
            one->comments.push_back(variables["input"]);
            return data({{"commentCreate", {{"success", true}, {"comment", {{"id", variables["input"]["id"]}}}}}});
        }
        if (is("AttachmentCreate")) {
            Ticket *one = ticket(variables["input"]["issueId"]);
            if (!one)
                return failure(200, "Entity not found: Issue");
            one->links[variables["input"]["url"].get<std::string>()] = variables["input"];
            return data({{"attachmentCreate", {{"success", true}, {"attachment", {{"id", "a"}}}}}});
        }
        if (is("FileUpload"))
            return data({{"fileUpload",
                          {{"success", true},
                           {"uploadFile",
                            {{"uploadUrl", "http://127.0.0.1:1/upload"},
                             {"assetUrl", "https://uploads.linear.app/" + variables.value("filename", "")},
                             {"headers", Json::array({{{"key", "x-signed"}, {"value", "yes"}}})}}}}}});
        if (is("IssueUpdate")) {
            move(variables["id"], "backlog");
            return data({{"issueUpdate", {{"success", true}}}});
        }
        if (is("ChangedSince")) {
            if (query.find("includeArchived: true") == std::string::npos)
                return violation(400, "archived issues would vanish");
            Json nodes = Json::array();
            const auto since = parseTime(variables["filter"]["updatedAt"]["gte"].get<std::string>());
            for (const Ticket &one : tickets)
                if (!one.deleted && one.updated >= *since)
                    nodes.push_back(issueJson(one));
            return data({{"issues", {{"nodes", nodes}, {"pageInfo", {{"hasNextPage", false}}}}}});
        }
        if (is("IssueHistoryPage")) {
            const Ticket *one = ticket(variables["id"]);
            return data(
                {{"issue",
                  {{"history",
                    {{"nodes", one ? Json(one->history) : Json::array()}, {"pageInfo", {{"hasNextPage", false}}}}}}}});
        }
        return violation(400, "an operation nobody knows");
    }
};

}
