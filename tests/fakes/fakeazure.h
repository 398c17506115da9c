#pragma once

#include "tests/fakes/vendors.h"

namespace winnow::test
{

class FakeAzure : public FakeVendor
{
public:
    using FakeVendor::FakeVendor;
    int staleRevisions = 0; ///< so often somebody is faster
    bool expired = false;
    std::vector<Json> feed;

    void move(const std::string &id, const std::string &state, const std::string &reason = {})
    {
        Ticket &one = *ticket(id);
        one.fields["System.State"] = state;
        one.fields["System.Reason"] = reason;
        touch(one);
    }

protected:
    std::string credentials() const override { return "Basic " + http::base64(":" + password); }
    bool isWrite(const http::Request &request) const override
    {
        const std::string path = pathOf(request);
        return request.method != "GET" && path.find("wiql") == std::string::npos
            && path.find("batch") == std::string::npos;
    }
    Act failure(int status, const std::string &words) const override
    {
        return Act(status, Json{{"$id", "1"}, {"message", words}, {"typeKey", "X"}, {"errorCode", 0}}.dump());
    }
    Act unauthorized() const override { return Act(203, "<html>Azure DevOps Services | Sign In</html>", "text/html"); }
    void touch(Ticket &one)
    {
        one.updated = now();
        one.fields["System.Rev"] = one.fields.value("System.Rev", 0) + 1;
        Json fields = one.fields;
        fields["System.ChangedDate"] = formatTime(now());
        feed.push_back({{"id", std::stoi(one.id)}, {"rev", fields["System.Rev"]}, {"fields", fields}});
    }
    Act respond(const http::Request &request) override
    {
        if (headerText(request, "x-tfs-fedauthredirect") != "Suppress")
            return violation(302, "a client that wants sign-in pages");
        if (expired)
            return unauthorized();
        const std::string path = pathOf(request);
        const Json body = Json::parse(request.body, nullptr, false);
        if (path == "/org/_apis/connectionData")
            return Act(200, R"({"authenticatedUser":{"providerDisplayName":"Me"}})");
        if (path == "/org/_apis/projects/My Project")
            return Act(200, R"({"name":"My Project"})");
        const std::string root = "/org/My Project/_apis/wit/";
        if (!path.starts_with(root))
            return failure(404, "TF200016: no such project");
        const std::string place = path.substr(root.size());
        if (!(request.url.find("api-version=7.1") != std::string::npos))
            return violation(400, "no api-version");
        if (place == "workitemtypes/Bug/fields") {
            Json fields = Json::array();
            for (const char *name : {"System.Title", "System.Description", "Microsoft.VSTS.TCM.ReproSteps",
                                     "Microsoft.VSTS.Common.Severity", "Microsoft.VSTS.Common.Priority"})
                fields.push_back(
                    {{"referenceName", name}, {"alwaysRequired", false}, {"allowedValues", Json::array()}});
            fields[3]["allowedValues"] = {"1 - Critical", "2 - High", "3 - Medium", "4 - Low"};
            fields[4]["allowedValues"] = {"1", "2", "3", "4"};
            return Act(200, Json{{"count", 5}, {"value", fields}}.dump());
        }
        if (place == "workitemtypes/Bug/states")
            return Act(
                200,
                R"({"count":4,"value":[{"name":"New","category":"Proposed"},{"name":"Active","category":"InProgress"},)"
                R"({"name":"Resolved","category":"Resolved"},{"name":"Closed","category":"Completed"}]})");
        if (place == "wiql") {
            if (request.url.find("timePrecision=true") == std::string::npos)
                return violation(400,
                                 "You cannot supply a time with the date when running a query using date precision.");
            const std::string tag = quotedBehind(body.value("query", ""), "[System.Tags] CONTAINS ", '\'');
            Json items = Json::array();
            for (const Ticket &one : tickets)
                if (indexed(one) && one.externalId.substr(0, 20) == tag.substr(0, 20))
                    items.push_back({{"id", std::stoi(one.id)}});
            return Act(200, Json{{"workItems", items}}.dump());
        }
        if (place == "workitemsbatch") {
            if (body["ids"].size() > 200)
                return violation(400, "more than 200 ids");
            Json items = Json::array();
            for (const Json &id : body["ids"])
                if (const Ticket *one = ticket(std::to_string(id.get<int>())))
                    items.push_back({{"id", id}, {"rev", one->fields["System.Rev"]}, {"fields", one->fields}});
            return Act(200, Json{{"count", items.size()}, {"value", items}}.dump());
        }
        if (place == "workitems/$Bug" && request.method == "POST")
            return create(request, body);
        if (place == "attachments")
            return Act(201, Json{{"id", "a"}, {"url", "http://files/" + parameter(request, "fileName")}}.dump());
        if (place == "reporting/workitemrevisions") {
            const std::string token = parameter(request, "continuationToken");
            if (token.empty() == parameter(request, "startDateTime").empty())
                return violation(400, "a start or a token");
            const std::size_t from = token.empty() ? 0 : std::stoul(token), end = std::min(from + 3, feed.size());
            Json values = Json::array();
            for (std::size_t i = from; i < end; ++i)
                values.push_back(feed[i]);
            return Act(200,
                       Json{{"values", values},
                            {"continuationToken", std::to_string(end)},
                            {"isLastBatch", end == feed.size()}}
                           .dump());
        }
        const bool comments = place.starts_with("workItems/") && place.ends_with("/comments");
        const std::string id =
            place.substr(place.find('/') + 1, comments ? place.find('/', 10) - 10 : std::string::npos);
        Ticket *one = ticket(id);
        if (!one)
            return failure(404,
                           "TF401232: Work item " + id + " does not exist, or you do not have permissions to read it.");
        if (comments && request.method == "GET")
            return Act(200, Json{{"comments", one->comments}}.dump());
        if (comments) {
            one->comments.push_back(body);
            touch(*one);
            return Act(200, R"({"id":1})");
        }
        if (request.method == "GET")
            return Act(200,
                       Json{{"id", std::stoi(id)},
                            {"rev", one->fields["System.Rev"]},
                            {"fields", one->fields},
                            {"relations", one->fields.value("_relations", Json::array())}}
                           .dump());
        if (!headerText(request, "content-type").starts_with("application/json-patch+json"))
            return violation(415, "the wrong content type");
        if (body[0].value("op", "") != "test" || body[0].value("path", "") != "/rev")
            return violation(400, "an update without a test of the revision");
        if (staleRevisions > 0) {
            --staleRevisions;
            touch(*one);
        }
        if (body[0]["value"] != one->fields["System.Rev"])
            return failure(412, "VS403351: The test operation failed");
        for (const Json &operation : body) {
            if (operation.value("path", "") == "/relations/-")
                one->fields["_relations"].push_back(operation["value"]);
            else if (operation.value("path", "").starts_with("/fields/"))
                one->fields[operation.value("path", "").substr(8)] = operation["value"];
        }
        touch(*one);
        return Act(200, Json{{"id", std::stoi(id)}}.dump());
    }
    Act create(const http::Request &request, const Json &body)
    {
        if (!headerText(request, "content-type").starts_with("application/json-patch+json") || !body.is_array())
            return violation(415, "the wrong content type");
        if (request.url.find("/$Bug") == std::string::npos)
            return violation(404, "the dollar sign is literal");
        Ticket made;
        made.fields = {{"System.State", "New"}, {"System.Reason", "New"}};
        for (const Json &operation : body) {
            const std::string path = operation.value("path", "");
            if (path.starts_with("/fields/"))
                made.fields[path.substr(8)] = operation["value"];
            else if (path == "/relations/-")
                made.fields["_relations"].push_back(operation["value"]);
            else
                return violation(400, "an operation on " + path);
        }
        const std::string title = made.fields.value("System.Title", ""), tags = made.fields.value("System.Tags", "");
        if (title.empty() || units(title) > 255 || hasControl(title))
            return violation(400, "TF401320: Rule Error for field Title.");
        made.externalId = tags.substr(std::min(tags.find("fb-"), tags.size()), 29);
        if (parameter(request, "validateOnly") == "true")
            return Act(200, R"({"id":0})");
        made.id = std::to_string(101 + tickets.size());
        made.created = now();
        touch(made);
        tickets.push_back(made);
        return Act(200, Json{{"id", std::stoi(made.id)}, {"rev", 1}}.dump());
    }
};

}
