// winnowctl: tickets on their way out, and what became of them.

#include <algorithm>

#include <nlohmann/json.hpp>

#include "app/commands/command.h"
#include "app/commands/locks.h"
#include "app/push.h"
#include "core/adapters/sqlite/followup.h"
#include "core/adapters/sqlite/outbox.h"

namespace winnow::app
{

namespace
{

using Json = nlohmann::ordered_json;

std::string dump(const Json &value)
{
    return value.dump(-1, ' ', false, Json::error_handler_t::replace);
}

Json textOrNull(const std::string &text)
{
    return text.empty() ? Json(nullptr) : Json(text);
}

/// The request that would leave for a filing.
Json payloadOf(const Filing &filing, Tracker &tracker, std::stop_token stop)
{
    Json fields = Json::object();
    for (const auto &[name, value] : filing.draft.fields)
        fields[name] = value;
    Json payload{{"external_id", filing.externalId},
                 {"title", filing.draft.title},
                 {"body", filing.draft.body},
                 {"fields", fields}};
    if (filing.kind == "evidence") {
        payload["evidence_id"] = filing.evidenceId;
        return payload;
    }
    const auto request = tracker.preview({filing.externalId, filing.generation}, filing.draft, stop);
    if (!request) {
        payload["error"] = request.error().detail;
        return payload;
    }
    Json body = Json::parse(request->body, nullptr, false);
    if (body.is_discarded())
        body = request->body;
    payload["request"] = {{"method", request->method},
                          {"url", request->url},
                          {"content_type", request->contentType},
                          {"body", body},
                          {"attachment", textOrNull(request->attachment)}};
    return payload;
}

}

Result<int> runPush(Call &call)
{
    auto workspace = openWorkspace(call.workspace, true);
    if (!workspace)
        return tl::unexpected(workspace.error());
    Json filings = Json::array();
    int status = kDone;
    const auto add = [&](const Filing &filing, const Json &payload) {
        Json entry{{"filing", filing.id},
                   {"candidate", filing.incident},
                   {"tracker", filing.tracker},
                   {"state", filing.state},
                   {"ticket", textOrNull(filing.ticket)},
                   {"url", textOrNull(filing.url)},
                   {"attempts", filing.attempts},
                   {"kind", filing.kind}};
        if (!filing.detail.empty())
            entry["detail"] = filing.detail;
        if (!filing.doubles.empty())
            entry["doubles"] = filing.doubles;
        if (filing.state == "rejected")
            status = std::max(status, kRefusals);
        if (!payload.is_null())
            entry["payload"] = payload;
        if (!call.json) {
            print(filing.state + "  " + filing.tracker + "  "
                  + (filing.ticket.empty() ? filing.externalId : filing.ticket)
                  + (filing.detail.empty() ? "" : "  " + printable(filing.detail)));
            if (!payload.is_null())
                print(printable(payload.dump(2, ' ', false, Json::error_handler_t::replace)));
        }
        filings.push_back(std::move(entry));
    };
    const bool dry = call.has("dry-run");
    const auto done =
        pushFilings(**workspace, {call.arguments.empty() ? std::string() : call.arguments[0], call.has("now"), dry},
                    {[&](const Filing &filing, Tracker *tracker) {
                         add(filing, dry && tracker ? payloadOf(filing, *tracker, call.stop) : Json());
                     },
                     [&](const Error &error) {
                         std::fprintf(stderr, "winnowctl: %s\n", printable(error.detail).c_str());
                         status = kNetwork;
                     }},
                    call.stop);
    if (!done)
        return tl::unexpected(done.error());
    if (call.json)
        print(dump({{"filings", filings}, {"locks", locksJson<Json>(**workspace)}}));
    return status;
}

Result<int> runSync(Call &call)
{
    auto workspace = openWorkspace(call.workspace, true);
    if (!workspace)
        return tl::unexpected(workspace.error());
    const auto made = sqlite::Outbox(**workspace).list({"confirmed"});
    if (!made)
        return tl::unexpected(made.error());
    auto lease = sqlite::Lease::acquire(**workspace, "sync");
    if (!lease)
        return tl::unexpected(lease.error());
    const std::string only = call.arguments.empty() ? std::string() : call.arguments[0];
    Json outcomes = Json::array();
    int status = kDone;
    for (const std::string &name : trackersOf(*made, only)) {
        auto tracker = makeTracker(**workspace, name);
        const auto seen = tracker
            ? sqlite::FollowUp(**workspace).sync(**lease, name, **tracker, systemClock().now(), call.stop)
            : Result<std::vector<sqlite::Outcome>>(tl::unexpected(tracker.error()));
        if (!seen) {
            if (seen.error().code == ErrorCode::Cancelled || seen.error().code == ErrorCode::Leased)
                return tl::unexpected(seen.error());
            // one tracker that cannot be reached hides nothing of the others
            std::fprintf(stderr, "winnowctl: %s: %s\n", printable(name).c_str(),
                         printable(seen.error().detail).c_str());
            status = kNetwork;
            continue;
        }
        for (const sqlite::Outcome &outcome : *seen) {
            outcomes.push_back({{"candidate", outcome.incident},
                                {"ticket", outcome.ticket},
                                {"outcome", outcome.outcome},
                                {"at", formatTime(outcome.at)},
                                {"tracker", outcome.tracker},
                                {"status", textOrNull(outcome.status)}});
            if (!call.json)
                print(formatTime(outcome.at) + "  " + outcome.tracker + "  " + outcome.ticket + "  " + outcome.outcome);
        }
    }
    if (call.json)
        print(dump({{"outcomes", outcomes}, {"locks", locksJson<Json>(**workspace)}}));
    return status;
}

}
