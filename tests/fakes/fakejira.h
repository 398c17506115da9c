#pragma once

#include "tests/fakes/vendors.h"

namespace winnow::test
{

class FakeJira : public FakeVendor
{
public:
    FakeJira(std::function<TimePoint()> clock, bool cloud)
        : FakeVendor(std::move(clock))
        , m_cloud(cloud)
    {
    }
    bool quietlySignedOut = false; ///< 200 with an empty list and a header
    bool labelsOnScreen = true, permission = true;
    int pageSize = 50;
    bool repeatToken = false, emptyPages = false;

    void move(const std::string &id, const std::string &status, const std::string &resolution = {})
    {
        Ticket &one = *ticket(id);
        const Json before = one.fields["status"];
        one.fields["status"] = statusOf(status);
        one.fields["resolution"] = resolution.empty() ? Json() : Json{{"id", "1"}, {"name", resolution}};
        one.updated = now();
        one.history.push_back(
            {{"id", std::to_string(one.history.size() + 1)},
             {"created", std::chrono::duration_cast<std::chrono::milliseconds>(now().time_since_epoch()).count()},
             {"items",
              Json::array({{{"field", "status"},
                            {"fieldId", "status"},
                            {"from", before["id"]},
                            {"fromString", before["name"]},
                            {"to", one.fields["status"]["id"]},
                            {"toString", status}}})}});
    }

protected:
    std::string credentials() const override
    {
        return m_cloud ? "Basic " + http::base64("me@example.com:" + password) : "Bearer " + password;
    }
    bool isWrite(const http::Request &request) const override
    {
        const std::string path = pathOf(request);
        return request.method != "GET" && path.find("/search") == std::string::npos
            && path.find("bulkfetch") == std::string::npos;
    }
    Act failure(int status, const std::string &words) const override
    {
        return Act(status, Json{{"errorMessages", {words}}, {"errors", Json::object()}}.dump());
    }
    static Json statusOf(const std::string &name)
    {
        const bool done = name == "Done" || name == "Closed", doing = name == "In Progress";
        return {{"id",
                 done        ? "30"
                     : doing ? "20"
                             : "10"},
                {"name", name},
                {"statusCategory",
                 {{"key",
                   done        ? "done"
                       : doing ? "indeterminate"
                               : "new"}}}};
    }
    Json issueJson(const Ticket &one) const
    {
        Json fields = one.fields;
        fields["updated"] = stamp(one.updated);
        return {{"id", one.id}, {"key", "KEY-" + one.id}, {"self", "x"}, {"fields", fields}};
    }
    static std::string stamp(TimePoint time) { return formatTime(time).substr(0, 23) + "+0000"; }
    static void texts(const Json &node, bool inCode, std::string &wrong, std::size_t &length)
    {
        if (node.value("type", "") == "text") {
            const std::string text = node.value("text", "");
            length += units(text);
            if (text.empty())
                wrong = "an empty text node";
            if (!inCode && text.find('\n') != std::string::npos)
                wrong = "a line feed in a text node";
            if (node.contains("marks"))
                wrong = "marks on user text";
        }
        for (const Json &child : node.value("content", Json::array()))
            texts(child, inCode || node.value("type", "") == "codeBlock", wrong, length);
    }
    Act checkBody(const Json &body, const char *what)
    {
        if (m_cloud) {
            if (!body.is_object() || body.value("type", "") != "doc" || body.value("version", 0) != 1)
                return violation(400, std::string(what) + ": Operation value must be an Atlassian Document");
            std::string wrong;
            std::size_t length = 0;
            texts(body, false, wrong, length);
            if (!wrong.empty() || length > 32767)
                return violation(400, std::string(what) + ": " + (wrong.empty() ? "too long" : wrong));
        } else if (!body.is_string() || units(body.get<std::string>()) > 32767) {
            return violation(400, std::string(what) + " must be a string");
        }
        return Act(0, "");
    }

    Act respond(const http::Request &request) override
    {
        const std::string root = m_cloud ? "/rest/api/3" : "/rest/api/2", path = pathOf(request);
        if (!path.starts_with(root))
            return failure(404, "no such resource");
        if (quietlySignedOut)
            return Act(200, R"({"issues":[],"total":0,"startAt":0,"maxResults":50})")
                .with("x-seraph-loginreason", "AUTHENTICATED_FAILED");
        const std::string place = path.substr(root.size());
        const Json body = Json::parse(request.body, nullptr, false);
        if (request.method != "GET" && headerText(request, "content-type").starts_with("application/json")
            && body.is_discarded())
            return violation(400, "no JSON");
        if (place == "/search")
            return m_cloud ? Act(410, R"({"errorMessages":["The requested API has been removed."],"errors":{}})")
                           : search(body);
        if (place == "/search/jql" && m_cloud)
            return search(body);
        if (place == "/myself")
            return Act(200, R"({"displayName":"Me","accountId":"1"})");
        if (place == "/serverInfo")
            return Act(200, R"({"version":"11.3.1"})");
        if (place == "/attachment/meta")
            return Act(200, R"({"enabled":true,"uploadLimit":1000000})");
        if (place == "/mypermissions") {
            Json rights;
            for (const char *name : {"BROWSE_PROJECTS", "CREATE_ISSUES", "EDIT_ISSUES", "ADD_COMMENTS",
                                     "CREATE_ATTACHMENTS", "LINK_ISSUES"})
                rights[name] = {{"havePermission", permission || std::string(name) != "CREATE_ISSUES"}};
            return Act(200, Json{{"permissions", rights}}.dump());
        }
        const char *list = m_cloud ? "issueTypes" : "values";
        if (place == "/issue/createmeta/KEY/issuetypes")
            return Act(200, Json{{list, Json::array({{{"id", "10004"}, {"name", "Bug"}}})}, {"total", 1}}.dump());
        if (place == "/issue/createmeta/KEY/issuetypes/10004") {
            Json fields = Json::array();
            const auto field = [&](const char *id, bool required, Json allowed = Json::array()) {
                fields.push_back({{"fieldId", id},
                                  {"key", id},
                                  {"name", id},
                                  {"required", required},
                                  {"hasDefaultValue", false},
                                  {"operations", {"set"}},
                                  {"schema", {{"type", "string"}}},
                                  {"allowedValues", allowed}});
            };
            field("project", true, Json::array({{{"id", "10000"}, {"key", "KEY"}}}));
            field("issuetype", true);
            field("summary", true);
            field("description", false);
            if (labelsOnScreen)
                field("labels", false);
            field("priority", false,
                  Json::array({{{"id", "1"}, {"name", "Highest"}}, {{"id", "2"}, {"name", "High"}}}));
            return Act(200, Json{{m_cloud ? "fields" : "values", fields}, {"total", fields.size()}}.dump());
        }
        if (place == "/project/KEY/statuses") {
            Json statuses = Json::array();
            for (const char *name : {"To Do", "In Progress", "Done"})
                statuses.push_back(statusOf(name));
            return Act(200, Json::array({{{"id", "10004"}, {"statuses", statuses}}}).dump());
        }
        if (place == "/issue" && request.method == "POST")
            return create(body);
        if (place == "/issue/bulkfetch") {
            Json issues = Json::array();
            if (body["issueIdsOrKeys"].size() > 100)
                return violation(400, "more than 100 at once");
            for (const Json &id : body["issueIdsOrKeys"])
                if (const Ticket *one = ticket(id.get<std::string>()))
                    issues.push_back(issueJson(*one));
            return Act(200, Json{{"issues", issues}, {"issueErrors", Json::array()}}.dump());
        }
        if (place == "/changelog/bulkfetch") {
            Json logs = Json::array();
            for (const Json &id : body["issueIdsOrKeys"])
                if (const Ticket *one = ticket(id.get<std::string>()))
                    logs.push_back({{"issueId", one->id}, {"changeHistories", one->history}});
            return Act(200, Json{{"issueChangeLogs", logs}}.dump());
        }
        if (!place.starts_with("/issue/"))
            return failure(404, "no such resource");
        const std::size_t slash = place.find('/', 7);
        Ticket *one = ticket(place.substr(7, slash == std::string::npos ? slash : slash - 7));
        const std::string part = slash == std::string::npos ? "" : place.substr(slash);
        if (!one)
            return failure(404, "Issue does not exist or you do not have permission to see it.");
        if (part.empty()) {
            Json issue = issueJson(*one);
            Json files = Json::array();
            for (const auto &[name, content] : one->files)
                files.push_back({{"filename", name}});
            issue["fields"]["attachment"] = files;
            issue["changelog"] = {{"histories", one->history}};
            return Act(200, issue.dump());
        }
        if (part == "/comment" && request.method == "GET")
            return Act(200, Json{{"comments", one->comments}, {"total", one->comments.size()}}.dump());
        if (part == "/comment") {
            if (Act bad = checkBody(body["body"], "comment"); bad.response.status != 0)
                return bad;
            one->comments.push_back(body);
            return Act(201, R"({"id":"1"})");
        }
        if (part == "/remotelink") {
            if (!body.contains("globalId") || !body["object"].contains("url") || !body["object"].contains("title"))
                return violation(400, "a remote link without its parts");
            one->links[body["globalId"].get<std::string>()] = body;
            return Act(201, R"({"id":1})");
        }
        if (part == "/attachments") {
            if (headerText(request, "x-atlassian-token") != "no-check")
                return violation(403, "XSRF check failed");
            const std::string name = quotedBehind(request.body, "filename=", '"');
            if (request.body.find("name=\"file\"") == std::string::npos || one->files.contains(name))
                return violation(400, "a second file, or under another name");
            one->files[name] = request.body;
            return Act(200, R"([{"id":"1"}])");
        }
        if (part == "/transitions" && request.method == "GET")
            return Act(
                200,
                Json{{"transitions",
                      Json::array({{{"id", "5"}, {"to", statusOf("Done")}}, {{"id", "6"}, {"to", statusOf("To Do")}}})}}
                    .dump());
        if (part == "/transitions") {
            if (body["transition"]["id"] != "6")
                return violation(400, "not the way back");
            move(one->id, "To Do");
            return Act(http::Response{204, {}, {}});
        }
        return failure(404, "no such resource");
    }

    Act create(const Json &body)
    {
        const Json &fields = body["fields"];
        for (const auto &[name, value] : fields.items())
            if (!std::set<std::string>{"project", "issuetype", "summary", "description", "labels", "priority"}.contains(
                    name)
                || (name == "labels" && !labelsOnScreen))
                return violation(400, "Field '" + name + "' cannot be set. It is not on the appropriate screen");
        const std::string summary = fields.value("summary", "");
        if (summary.empty() || units(summary) > 255 || hasControl(summary))
            return violation(400, "summary: must be less than 255 characters, without line ends");
        if (Act bad = checkBody(fields["description"], "description"); bad.response.status != 0)
            return bad;
        Ticket made;
        for (const Json &label : fields["labels"]) {
            const std::string text = label;
            if (text.find_first_of(" \t\n") != std::string::npos || text.size() > 255)
                return violation(400, "The label '" + text + "' contains spaces which is invalid.");
            if (text.starts_with("fb-"))
                made.externalId = text;
        }
        if (body["properties"][0]["key"] != "feedback.ref"
            || body["properties"][0]["value"]["external_id"] != made.externalId)
            return violation(400, "no entity property");
        made.id = std::to_string(20001 + tickets.size());
        made.fields = fields;
        made.fields["status"] = statusOf("To Do");
        made.created = made.updated = now();
        tickets.push_back(made);
        return Act(201, Json{{"id", made.id}, {"key", "KEY-" + made.id}, {"self", "x"}}.dump());
    }

    Act search(const Json &body)
    {
        const std::string jql = body.value("jql", "");
        if (jql.find("project = 10000") == std::string::npos)
            return violation(400, "the project is named by its id: " + jql);
        const std::string label = quotedBehind(jql, "labels = ", '"');
        const bool byId = label.starts_with("fb-");
        Json issues = Json::array();
        for (const Ticket &one : tickets) {
            if (!indexed(one))
                continue;
            bool has = false;
            for (const Json &own : one.fields["labels"])
                has = has || own == label || (byId && own.get<std::string>().starts_with(label.substr(0, 20)));
            if (has)
                issues.push_back(issueJson(one)); // an index that also gives what only looks alike
        }
        if (jql.find("updated >=") != std::string::npos && jql.find('"', jql.find("updated >=")) != std::string::npos)
            return violation(400, "a quoted date");
        if (!m_cloud)
            return Act(200,
                       Json{{"issues", issues},
                            {"total", issues.size()},
                            {"startAt", body.value("startAt", 0)},
                            {"maxResults", 50}}
                           .dump());
        const std::size_t from =
            body.contains("nextPageToken") ? std::stoul(body["nextPageToken"].get<std::string>()) : 0;
        Json page = Json::array();
        const std::size_t step = std::size_t(pageSize);
        for (std::size_t i = from; i < std::min(from + step, issues.size()); ++i)
            page.push_back(issues[i]);
        Json answer{{"issues", page}, {"isLast", true}}; // not to be believed
        if (repeatToken)
            answer["nextPageToken"] = "0";
        else if (emptyPages && from == 0)
            answer = {{"issues", Json::array()}, {"nextPageToken", "0"}};
        else if (from + step < issues.size())
            answer["nextPageToken"] = std::to_string(from + step);
        emptyPages = false;
        return Act(200, answer.dump());
    }

    bool m_cloud;
};

}
