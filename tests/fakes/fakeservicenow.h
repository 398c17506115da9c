#pragma once

#include "tests/fakes/vendors.h"

namespace winnow::test
{

class FakeServiceNow : public FakeVendor
{
public:
    using FakeVendor::FakeVendor;
    bool dropsConditions = false; ///< an instance that ignores what it does not know
    bool hidesColumn = false;

    void move(const std::string &id, const std::string &state, const std::string &code = {}, int reopened = 0)
    {
        Ticket &one = *ticket(id);
        one.fields["state"] = state;
        one.fields["close_code"] = code;
        one.fields["reopen_count"] = std::to_string(reopened);
        one.updated = now();
    }

protected:
    std::string credentials() const override { return "Basic " + http::base64("me:" + password); }
    bool isWrite(const http::Request &request) const override { return request.method != "GET"; }
    Act failure(int status, const std::string &words) const override
    {
        return Act(status, Json{{"error", {{"message", words}, {"detail", nullptr}}}, {"status", "failure"}}.dump());
    }
    Json row(const Ticket &one) const
    {
        Json record = one.fields;
        record["sys_id"] = one.id;
        std::string stamp = formatTime(one.updated).substr(0, 19);
        stamp[10] = ' ';
        record["sys_updated_on"] = stamp;
        if (hidesColumn)
            record.erase("correlation_id");
        return record;
    }
    Act respond(const http::Request &request) override
    {
        if (headerText(request, "accept") != "application/json"
            || (request.method != "GET" && headerText(request, "content-type").empty()))
            return violation(400, "no Accept or Content-Type");
        const std::string path = pathOf(request), query = parameter(request, "sysparm_query");
        const Json body = Json::parse(request.body, nullptr, false);
        if (path == "/api/now/table/sys_dictionary")
            return Act(
                200,
                R"({"result":[{"element":"short_description","max_length":"160"},{"element":"description","max_length":"4000"}]})");
        if (path == "/api/now/attachment") {
            Json result = Json::array();
            for (const Ticket &one : tickets)
                for (const auto &[name, content] : one.files)
                    if (query == "table_name=incident^table_sys_id=" + one.id + "^file_name=" + name)
                        result.push_back({{"file_name", name}, {"table_sys_id", one.id}});
            return Act(200, Json{{"result", result}}.dump());
        }
        if (path == "/api/now/attachment/file") {
            Ticket *one = ticket(parameter(request, "table_sys_id"));
            if (!one || !one->files.emplace(parameter(request, "file_name"), request.body).second)
                return violation(400, "no record, or a second file of that name");
            return Act(201, R"({"result":{"sys_id":"f"}})");
        }
        if (path == "/api/now/table/incident" && request.method == "POST") {
            for (const auto &[name, value] : body.items())
                if (!value.is_string() || name == "priority" || name == "sys_id")
                    return violation(400, name + ": only text, and nothing that is computed");
            Ticket made;
            made.fields = body;
            made.fields["state"] = "1";
            made.fields["active"] = "true";
            made.externalId = body.value("correlation_id", "");
            if (units(body.value("short_description", "")) > 160 || units(body.value("description", "")) > 4000)
                return violation(400, "cut without a word");
            made.id = std::string(26, '0') + std::to_string(100000 + tickets.size());
            made.created = made.updated = now();
            tickets.push_back(made);
            return Act(201, Json{{"result", row(tickets.back())}}.dump());
        }
        if (path == "/api/now/table/incident") {
            Json result = Json::array();
            for (const Ticket &one : tickets) {
                if (!indexed(one))
                    continue;
                const std::size_t id = query.find("correlation_id=");
                const bool every = dropsConditions || query.empty() || query.find("STARTSWITH") != std::string::npos;
                if (every
                    || (id != std::string::npos
                        && query.substr(id + 15, query.find('^', id) - id - 15) == one.externalId))
                    result.push_back(row(one));
            }
            return Act(200, Json{{"result", result}}.dump()).with("X-Total-Count", std::to_string(result.size()));
        }
        Ticket *one = ticket(path.substr(path.rfind('/') + 1));
        if (!one)
            return failure(404, "No Record found");
        if (request.method == "PATCH") {
            for (const auto &[name, value] : body.items()) {
                if (name == "work_notes")
                    one->comments.push_back(value);
                else
                    one->fields[name] = value;
            }
        }
        return Act(200, Json{{"result", row(*one)}}.dump());
    }
};

}
