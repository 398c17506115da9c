// winnowctl: decisions.

#include <algorithm>
#include <charconv>

#include <nlohmann/json.hpp>

#include "app/commands/command.h"
#include "app/commands/locks.h"
#include "core/base/resources.h"

namespace winnow::app
{

namespace
{

using Json = nlohmann::ordered_json;

std::string dump(const Json &value)
{
    return value.dump(-1, ' ', false, Json::error_handler_t::replace);
}

Result<int> finishGrouping(const Call &call, sqlite::SqliteDesk &desk, const Result<GroupingDone> &done)
{
    if (!done)
        return tl::unexpected(done.error());
    if (call.json) {
        Json out{{"event", done->event}, {"incidents", done->incidents}};
        out["locks"] = locksJson<Json>(desk.workspace());
        print(dump(out));
    } else {
        std::string incidents;
        for (const std::string &incident : done->incidents)
            incidents += ' ' + incident;
        print("event " + done->event + ";" + incidents);
    }
    return kDone;
}

Result<Decision> decisionOf(const Call &call)
{
    Decision decision;
    const std::string &verb = call.arguments[1];
    const std::string argument = call.arguments.size() > 2 ? call.arguments[2] : std::string();
    using Kind = Decision::Kind;
    decision.note = call.value("note");
    decision.tracker = call.value("to");
    decision.fileNow = call.has("now");
    if (verb == "approve" || verb == "escalate") {
        decision.kind = verb == "approve" ? Kind::Approve : Kind::Escalate;
        if (!argument.empty())
            return fail(ErrorCode::Usage, verb + " takes nothing more");
    } else if (verb == "attach") {
        decision.kind = Kind::Attach;
        decision.ticket = argument;
    } else if (verb == "reject") {
        decision.kind = Kind::Reject;
        decision.reason = argument;
    } else if (verb == "snooze") {
        decision.kind = Kind::Snooze;
        std::uint32_t more = 0;
        if (argument.starts_with('+')
            && std::from_chars(argument.data() + 1, argument.data() + argument.size(), more).ptr
                == argument.data() + argument.size()
            && more > 0)
            decision.moreReports = more;
        else if (const auto until = parseTime(argument))
            decision.until = until;
        else
            return fail(ErrorCode::Usage, "snooze wants a date (YYYY-MM-DD) or +N reports");
    } else if (verb == "edit") {
        decision.kind = Kind::Edit;
        const auto text = readFile(argument);
        if (!text)
            return tl::unexpected(text.error());
        const Json draft = Json::parse(*text, nullptr, false);
        if (!draft.is_object() || !draft.contains("title") || !draft["title"].is_string() || !draft.contains("body")
            || !draft["body"].is_string())
            return fail(ErrorCode::InvalidInput,
                        argument + ": expected an object with the texts title and body, and fields");
        decision.draft = Draft{draft["title"], draft["body"], {}};
        const Json fields = draft.value("fields", Json::object());
        for (const auto &[name, value] : fields.items()) {
            if (!value.is_string())
                return fail(ErrorCode::InvalidInput, argument + ": /fields/" + name + ": expected text");
            decision.draft->fields.emplace_back(name, value.get<std::string>());
        }
        std::sort(decision.draft->fields.begin(), decision.draft->fields.end());
    } else {
        return fail(ErrorCode::Usage, "no decision " + verb + "; approve, attach, reject, snooze, escalate or edit");
    }
    return decision;
}

}

Result<int> runDecide(Call &call)
{
    auto decision = decisionOf(call);
    if (!decision)
        return tl::unexpected(decision.error());
    auto desk = openDesk(call.workspace, true);
    if (!desk)
        return tl::unexpected(desk.error());
    const auto id = (*desk)->incidentId(call.arguments[0]);
    if (!id)
        return tl::unexpected(id.error());
    const auto event = (*desk)->decide(*id, *decision);
    if (!event)
        return tl::unexpected(event.error());
    Json out{{"event", *event}, {"candidate", *id}};
    out["locks"] = locksJson<Json>((*desk)->workspace());
    print(call.json ? dump(out) : "event " + *event);
    return kDone;
}

Result<int> runMerge(Call &call)
{
    auto desk = openDesk(call.workspace, true);
    if (!desk)
        return tl::unexpected(desk.error());
    std::vector<std::string> ids;
    for (const std::string &text : call.arguments) {
        auto id = (*desk)->incidentId(text);
        if (!id)
            return tl::unexpected(id.error());
        ids.push_back(*id);
    }
    return finishGrouping(call, **desk, (*desk)->merge(ids));
}

Result<int> runSplit(Call &call)
{
    auto desk = openDesk(call.workspace, true);
    if (!desk)
        return tl::unexpected(desk.error());
    const auto id = (*desk)->incidentId(call.arguments[0]);
    if (!id)
        return tl::unexpected(id.error());
    return finishGrouping(call, **desk, (*desk)->split(*id, {call.arguments.begin() + 1, call.arguments.end()}, false));
}

Result<int> runExpel(Call &call)
{
    auto desk = openDesk(call.workspace, true);
    if (!desk)
        return tl::unexpected(desk.error());
    const auto id = (*desk)->incidentId(call.arguments[0]);
    if (!id)
        return tl::unexpected(id.error());
    return finishGrouping(call, **desk, (*desk)->split(*id, {call.arguments[1]}, true));
}

Result<int> runLink(Call &call)
{
    auto desk = openDesk(call.workspace, true);
    return desk ? finishGrouping(call, **desk, (*desk)->link(call.arguments[0], call.arguments[1], true))
                : tl::unexpected(desk.error());
}

Result<int> runUnlink(Call &call)
{
    auto desk = openDesk(call.workspace, true);
    return desk ? finishGrouping(call, **desk, (*desk)->link(call.arguments[0], call.arguments[1], false))
                : tl::unexpected(desk.error());
}

Result<int> runRename(Call &call)
{
    auto desk = openDesk(call.workspace, true);
    if (!desk)
        return tl::unexpected(desk.error());
    const auto id = (*desk)->incidentId(call.arguments[0]);
    if (!id)
        return tl::unexpected(id.error());
    const auto event = (*desk)->rename(*id, call.arguments[1]);
    if (!event)
        return tl::unexpected(event.error());
    print(call.json ? dump({{"event", *event}, {"incidents", {*id}}}) : "event " + *event);
    return kDone;
}

Result<int> runUndo(Call &call)
{
    auto desk = openDesk(call.workspace, true);
    return desk ? finishGrouping(call, **desk,
                                 (*desk)->undo(call.arguments.empty() ? "" : call.arguments[0], call.has("with-later")))
                : tl::unexpected(desk.error());
}

Result<int> runRedo(Call &call)
{
    auto desk = openDesk(call.workspace, true);
    return desk ? finishGrouping(call, **desk, (*desk)->redo()) : tl::unexpected(desk.error());
}

}
