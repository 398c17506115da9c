#include "core/adapters/trackers/lineartracker.h"

#include <algorithm>

#include "core/adapters/trackers/linearoperations.h"

namespace winnow::trackers
{

namespace
{

using std::chrono::seconds;

constexpr int kMostPages = 1000;
constexpr seconds kOverlap{120};

/// The words and codes of GraphQL errors; nothing where there are none.
std::optional<std::string> errorIn(const Json &body)
{
    if (!body.is_object() || !body.contains("errors") || !body["errors"].is_array() || body["errors"].empty())
        return std::nullopt;
    std::string words;
    for (const Json &error : body["errors"]) {
        std::string message = textAt(error, "/extensions/userPresentableMessage");
        if (message.empty())
            message = textAt(error, "/message");
        const std::string code = textAt(error, "/extensions/code");
        words += (words.empty() ? "" : "; ") + message + (code.empty() ? "" : " [" + code + "]");
    }
    return words;
}

bool hasCode(const Json &body, std::initializer_list<std::string_view> codes)
{
    for (const Json &error : valueAt(body, "/errors"))
        for (const std::string_view code : codes)
            if (sameWord(textAt(error, "/extensions/code"), code) || sameWord(textAt(error, "/extensions/type"), code))
                return true;
    return false;
}

bool saysNotFound(std::string_view detail)
{
    return detail.find("ot found") != std::string_view::npos || detail.find("NOT_FOUND") != std::string_view::npos;
}

RestRules rulesOf(const Connection &connection)
{
    RestRules rules;
    rules.base = baseOf(connection);
    rules.headers = {{"Accept", "application/json"},
                     {"Authorization", (connection.setting("auth") == "oauth" ? "Bearer " : "") + connection.secret}};
    rules.secrets = {connection.secret};
    rules.errorIn = errorIn;
    // on any status, 400 for one
    rules.limited = [](const http::Response &, const Json &body) { return hasCode(body, {"RATELIMITED"}); };
    return rules;
}

http::Pacer pacer()
{
    using Reset = http::BudgetHeaders::Reset;
    return http::Pacer({{"X-RateLimit-Requests-Remaining", "X-RateLimit-Requests-Reset", Reset::Milliseconds},
                        {"X-RateLimit-Complexity-Remaining", "X-RateLimit-Complexity-Reset", Reset::Milliseconds}},
                       {}, {});
}

std::string issueId(const TicketKey &key)
{
    return uuid4From("issue|" + key.externalId + "|" + std::to_string(key.generation));
}

bool closedType(std::string_view type)
{
    return type == "completed" || type == "canceled" || type == "duplicate";
}

}

LinearTracker::LinearTracker(const Connection &connection, std::shared_ptr<http::Transport> transport, Clock &clock)
    : m_connection(connection)
    , m_rest(std::move(transport), clock, rulesOf(connection), pacer())
    , m_team(connection.setting("team"))
    , m_label(connection.setting("label"))
{
}

Result<std::unique_ptr<Tracker>> LinearTracker::make(const Connection &connection,
                                                     std::shared_ptr<http::Transport> transport, Clock &clock)
{
    return std::unique_ptr<Tracker>(std::make_unique<LinearTracker>(connection, std::move(transport), clock));
}

seconds LinearTracker::settles() const
{
    return settlesOf(m_connection, seconds(0)); // found by an id of ours, not through an index
}

Result<Json> LinearTracker::ask(const char *operation, const Json &variables, std::stop_token stop)
{
    const auto answer = m_rest.ask("", {{"query", operation}, {"variables", variables}}, stop);
    if (!answer)
        return tl::unexpected(answer.error());
    if (const auto wrong = errorIn(answer->body))
        return fail(saysNotFound(*wrong) ? ErrorCode::NotFound : ErrorCode::Protocol,
                    "Linear: " + m_rest.spoken(*wrong));
    Json result = valueAt(answer->body, "/data");
    if (!result.is_object())
        return fail(ErrorCode::Protocol, "Linear: an answer without data");
    result["_at"] = formatTime(answer->at);
    return result;
}

LinearTracker::Said LinearTracker::change(const char *operation, const char *field, const Json &variables,
                                          std::stop_token stop)
{
    auto sent = m_rest.once(
        {.method = "POST", .path = "", .body = dumped({{"query", operation}, {"variables", variables}})}, stop);
    Said said{sent.state, {}, sent.detail, false};
    const auto wrong = errorIn(sent.answer.body);
    if (sent.state == SendState::Confirmed && wrong) {
        // the status says little: what the server blames on itself may have happened
        said.state = hasCode(sent.answer.body,
                             {"INTERNAL_SERVER_ERROR", "internal error", "other", "unknown", "lock timeout",
                              "network error", "bootstrap error"})
            ? SendState::Ambiguous
            : SendState::Rejected;
        said.detail = m_rest.spoken(*wrong);
    } else if (sent.state == SendState::Confirmed) {
        said.data = valueAt(sent.answer.body, std::string("/data/") + field);
        if (valueAt(said.data, "/success") != true) {
            said.state = SendState::Ambiguous;
            said.detail = "answered without success";
        }
    }
    return said;
}

Result<Json> LinearTracker::issue(const std::string &id, std::stop_token stop)
{
    auto data = ask(linear::kIssueById, {{"id", id}}, stop);
    if (!data)
        return saysNotFound(data.error().detail) ? Result<Json>(Json()) : tl::unexpected(data.error());
    Json found = valueAt(*data, "/issue");
    return found.is_object() ? found : Json();
}

Result<std::vector<TicketRef>> LinearTracker::findAll(const TicketKey &key, std::stop_token stop)
{
    const std::string id = issueId(key);
    const auto found = issue(id, stop);
    if (!found)
        return tl::unexpected(found.error());
    if (textAt(*found, "/id") != id)
        return std::vector<TicketRef>();
    return std::vector{TicketRef{id, textAt(*found, "/url")}};
}

Json LinearTracker::input(const TicketKey &key, const Draft &draft, Shaped &result) const
{
    result = shaped(draft, key.externalId, {draft::Format::Markdown, 255, 50'000, true});
    Json input{{"id", issueId(key)}, {"teamId", m_team}, {"title", result.title}, {"description", result.body}};
    if (!m_label.empty())
        input["labelIds"] = Json::array({m_label});
    const std::string word = fieldOf(draft, "priority");
    input["priority"] = word == "urgent" ? 1 : word == "high" ? 2 : word == "medium" ? 3 : word == "low" ? 4 : 0;
    for (const auto &[name, value] : m_connection.settings)
        if (name.starts_with("field."))
            input[name.substr(6)] = value;
    return input;
}

Result<Payload> LinearTracker::preview(const TicketKey &key, const Draft &draft, std::stop_token)
{
    Shaped result;
    const Json variables{{"input", input(key, draft, result)}};
    return Payload{"POST", m_rest.base(), "application/json",
                   dumped({{"query", linear::kIssueCreate}, {"variables", variables}}), result.attachment};
}

SendResult LinearTracker::create(const TicketKey &key, const Draft &draft, std::stop_token stop)
{
    Shaped result;
    const Said said = change(linear::kIssueCreate, "issueCreate", {{"input", input(key, draft, result)}}, stop);
    const std::string id = textAt(said.data, "/issue/id");
    if (said.state == SendState::Confirmed)
        return id == issueId(key) ? SendResult{SendState::Confirmed, {id, textAt(said.data, "/issue/url")}, ""}
                                  : SendResult{SendState::Ambiguous, {}, "answered with another id than ours"};
    if (said.state == SendState::Rejected)
        // perhaps because the id is taken, by a send of ours whose answer was lost
        if (const auto found = find(key, stop); found && *found)
            return {SendState::Confirmed, **found, "was there already"};
    return {said.state, {}, said.detail};
}

std::string LinearTracker::outcomeOf(const Json &issue)
{
    const std::string type = textAt(issue, "/state/type");
    if (valueAt(issue, "/trashed") == true)
        return "closed_not_actionable";
    const Json &relations = valueAt(issue, "/relations/nodes");
    const bool duplicate = std::any_of(relations.begin(), relations.end(),
                                       [](const Json &relation) { return textAt(relation, "/type") == "duplicate"; });
    if (type == "duplicate" || (duplicate && closedType(type)))
        return "closed_duplicate";
    if (type == "triage" || type == "backlog" || type == "unstarted")
        return "open";
    if (type == "started")
        return "in_progress";
    if (type == "completed")
        return "resolved_fixed";
    if (type == "canceled")
        return textAt(issue, "/autoClosedAt").empty() ? "closed_wont_fix" : "closed_not_actionable";
    return "unknown";
}

Result<TicketState> LinearTracker::state(const TicketRef &ticket, std::stop_token stop)
{
    const auto found = issue(ticket.id, stop);
    if (!found)
        return tl::unexpected(found.error());
    if (found->is_null())
        return TicketState{"deleted", "unknown", {}};
    return TicketState{textAt(*found, "/state/name"), outcomeOf(*found), vendorTime(textAt(*found, "/updatedAt"))};
}

SendResult LinearTracker::addEvidence(const TicketRef &ticket, const TicketEvidence &evidence, std::stop_token stop)
{
    const std::string id = uuid4From("comment|" + evidence.id);
    const auto there = [&]() -> Result<bool> {
        auto data = ask(linear::kCommentById, {{"id", id}}, stop);
        if (!data)
            return saysNotFound(data.error().detail) ? Result<bool>(false) : tl::unexpected(data.error());
        return textAt(*data, "/comment/id") == id;
    };
    const auto known = there();
    if (!known || *known)
        return {known ? SendState::Confirmed : SendState::NotSent, ticket, known ? "" : known.error().detail};
    const std::string body =
        shaped({"", evidence.body, {}}, evidence.id, {draft::Format::Markdown, 255, 50'000, false}).body;
    const Said said = change(linear::kCommentCreate, "commentCreate",
                             {{"input", {{"id", id}, {"issueId", ticket.id}, {"body", body}}}}, stop);
    if (said.state == SendState::Rejected)
        if (const auto now = there(); now && *now)
            return {SendState::Confirmed, ticket, "was there already"};
    return {said.state, ticket, said.detail};
}

SendResult LinearTracker::complete(const TicketKey &key, const TicketRef &ticket, const Draft &draft,
                                   std::stop_token stop)
{
    const std::string id = key.externalId.starts_with("fb-") ? key.externalId.substr(3) : key.externalId;
    // one per issue and address: sent again it changes nothing
    const Said linked = change(linear::kAttachmentCreate, "attachmentCreate",
                               {{"input",
                                 {{"issueId", ticket.id},
                                  {"title", "Incident " + id},
                                  {"subtitle", "The reports behind this issue"},
                                  {"url", "winnow://incident/" + id}}}},
                               stop);
    if (linked.state != SendState::Confirmed)
        return {linked.state, ticket, linked.detail};
    Shaped result;
    static_cast<void>(input(key, draft, result));
    if (result.attachment.empty())
        return {SendState::Confirmed, ticket, ""};
    const std::string name = key.externalId + ".md", type = "text/markdown";
    const Said place = change(linear::kFileUpload, "fileUpload",
                              {{"contentType", type}, {"filename", name}, {"size", result.attachment.size()}}, stop);
    if (place.state != SendState::Confirmed)
        return {place.state, ticket, place.detail};
    Rest::Write upload{.method = "PUT",
                       .path = textAt(place.data, "/uploadFile/uploadUrl"),
                       .body = result.attachment,
                       .contentType = type,
                       .emptyAnswer = true,
                       .upload = true};
    for (const Json &header : valueAt(place.data, "/uploadFile/headers"))
        if (!sameWord(textAt(header, "/key"), "content-type"))
            upload.headers.emplace_back(textAt(header, "/key"), textAt(header, "/value"));
    if (const auto stored = m_rest.once(upload, stop); stored.state != SendState::Confirmed)
        return {stored.state, ticket, stored.detail};
    const Said attached = change(
        linear::kAttachmentCreate, "attachmentCreate",
        {{"input", {{"issueId", ticket.id}, {"title", name}, {"url", textAt(place.data, "/uploadFile/assetUrl")}}}},
        stop);
    return {attached.state, ticket, attached.detail};
}

SendResult LinearTracker::reopen(const TicketRef &ticket, std::stop_token stop)
{
    const auto team = ask(linear::kTeamSetup, {{"teamId", m_team}}, stop);
    if (!team)
        return {SendState::NotSent, ticket, team.error().detail};
    std::string target = textAt(*team, "/team/defaultIssueState/id");
    for (const char *type : {"started", "unstarted", "backlog"})
        for (const Json &state : valueAt(*team, "/team/states/nodes"))
            if (target.empty() && textAt(state, "/type") == type)
                target = textAt(state, "/id");
    if (target.empty())
        return {SendState::Rejected, ticket, "the team has no open state"};
    const Said said =
        change(linear::kIssueUpdate, "issueUpdate", {{"id", ticket.id}, {"input", {{"stateId", target}}}}, stop);
    return {said.state, ticket, said.detail};
}

Result<std::vector<Proposal>> LinearTracker::findText(const std::string &words, std::stop_token stop)
{
    const auto data = ask(linear::kSearchOpen,
                          {{"term", titleText(words, 200)},
                           {"filter",
                            {{"team", {{"id", {{"eq", m_team}}}}},
                             {"state", {{"type", {{"nin", {"completed", "canceled", "duplicate"}}}}}}}}},
                          stop);
    if (!data)
        return tl::unexpected(data.error());
    std::vector<Proposal> found;
    for (const Json &node : valueAt(*data, "/searchIssues/nodes"))
        if (!closedType(textAt(node, "/state/type")))
            found.push_back(
                {{textAt(node, "/id"), textAt(node, "/url")}, textAt(node, "/title"), textAt(node, "/state/name")});
    return found;
}

Result<Changes> LinearTracker::changes(const std::string &cursor, const std::vector<FollowedTicket> &tickets,
                                       std::stop_token stop)
{
    std::map<std::string, const FollowedTicket *> ours;
    for (const FollowedTicket &ticket : tickets)
        ours.emplace(ticket.ticket.id, &ticket);
    Json filter{{"team", {{"id", {{"eq", m_team}}}}},
                {"updatedAt", {{"gte", cursor.empty() ? "1970-01-01T00:00:00.000Z" : cursor}}}};
    if (!m_label.empty())
        filter["labels"] = {{"some", {{"id", {{"eq", m_label}}}}}};
    std::map<std::string, Json> issues;
    std::optional<TimePoint> first;
    std::string after;
    for (int page = 0; page < kMostPages; ++page) {
        Json variables{{"filter", filter}};
        if (!after.empty())
            variables["after"] = after;
        const auto data = ask(linear::kChangedSince, variables, stop);
        if (!data)
            return tl::unexpected(data.error());
        first = first ? first : parseTime(textAt(*data, "/_at"));
        for (const Json &node : valueAt(*data, "/issues/nodes"))
            if (ours.contains(textAt(node, "/id")))
                issues[textAt(node, "/id")] = node;
        const std::string next = textAt(*data, "/issues/pageInfo/endCursor");
        if (valueAt(*data, "/issues/pageInfo/hasNextPage") != true || next.empty() || next == after)
            break;
        after = next;
    }
    // moved out of the team, or without the label: asked for by id while nothing was heard of it
    Changes result;
    for (const auto &[id, ticket] : ours) {
        if (issues.contains(id) || !ticket->outcome.empty())
            continue;
        auto found = issue(id, stop);
        if (!found)
            return tl::unexpected(found.error());
        if (found->is_null())
            result.changes.push_back({id, "unknown", "deleted", std::nullopt, ticket->memo});
        else
            issues[id] = std::move(*found);
    }
    for (const auto &[id, node] : issues) {
        const FollowedTicket &ticket = *ours.at(id);
        const std::string updated = textAt(node, "/updatedAt");
        if (updated == ticket.memo)
            continue;
        const auto seen = vendorTime(ticket.memo);
        std::vector<TicketChange> events;
        std::string page;
        for (int i = 0; i < kMostPages; ++i) {
            Json variables{{"id", id}};
            if (!page.empty())
                variables["after"] = page;
            const auto history = ask(linear::kIssueHistoryPage, variables, stop);
            if (!history)
                return tl::unexpected(history.error());
            for (const Json &entry : valueAt(*history, "/issue/history/nodes")) {
                const auto at = vendorTime(textAt(entry, "/createdAt"));
                if (seen && at && *at <= *seen)
                    continue;
                const std::string from = textAt(entry, "/fromState/type"), to = textAt(entry, "/toState/type");
                if (closedType(from) && !to.empty() && !closedType(to))
                    events.push_back({id, "reopened", textAt(entry, "/toState/name"), at, updated});
                const Json &was = valueAt(entry, "/fromPriority"), &is = valueAt(entry, "/toPriority");
                if (valueAt(entry, "/toSlaBreached") == true || (is.is_number() && is == 1 && was != 1))
                    events.push_back({id, "escalated", textAt(node, "/state/name"), at, updated});
            }
            const std::string next = textAt(*history, "/issue/history/pageInfo/endCursor");
            if (valueAt(*history, "/issue/history/pageInfo/hasNextPage") != true || next.empty() || next == page)
                break;
            page = next;
        }
        const std::string outcome = outcomeOf(node);
        if (events.empty() && isClosedOutcome(ticket.outcome) && !isClosedOutcome(outcome) && outcome != "unknown")
            events.push_back({id, "reopened", textAt(node, "/state/name"), vendorTime(updated), updated});
        std::stable_sort(events.begin(), events.end(),
                         [](const TicketChange &a, const TicketChange &b) { return a.at < b.at; });
        result.changes.insert(result.changes.end(), events.begin(), events.end());
        std::string at = textAt(node, "/completedAt");
        if (at.empty() || outcome != "resolved_fixed")
            at = textAt(node, "/canceledAt").empty() || !isClosedOutcome(outcome) ? updated
                                                                                  : textAt(node, "/canceledAt");
        result.changes.push_back({id, outcome, textAt(node, "/state/name"), vendorTime(at), updated});
    }
    result.cursor = formatTime(first.value_or(m_rest.clock().now()) - kOverlap);
    return result;
}

std::vector<ProbeStep> LinearTracker::test(std::stop_token stop)
{
    std::vector<ProbeStep> steps;
    const auto probe = ask(linear::kProbe, Json::object(), stop);
    steps.push_back({"credentials", probe.has_value(),
                     probe ? m_rest.spoken(textAt(*probe, "/viewer/name") + ", " + textAt(*probe, "/organization/name"))
                           : probe.error().detail,
                     probe ? "" : "make a personal API key"});
    if (!probe)
        return steps;
    const auto team = ask(linear::kTeamSetup, {{"teamId", m_team}}, stop);
    const bool there = team && !textAt(*team, "/team/id").empty();
    steps.push_back({"team", there,
                     there      ? m_rest.spoken(textAt(*team, "/team/name"))
                         : team ? "no such team"
                                : team.error().detail,
                     there ? "" : "set team to the id of a team that the key may see"});
    if (!there || m_label.empty())
        return steps;
    bool known = false, retired = false;
    for (const Json &label : valueAt(*team, "/team/labels/nodes"))
        if (textAt(label, "/id") == m_label) {
            known = true;
            retired = !textAt(label, "/retiredAt").empty() || valueAt(label, "/isGroup") == true;
        }
    const bool more = valueAt(*team, "/team/labels/pageInfo/hasNextPage") == true;
    const bool good = (known && !retired) || (!known && more);
    steps.push_back({"label", good,
                     good          ? "there"
                         : retired ? "the label is retired, or a group"
                                   : "the team has no such label",
                     good ? "" : "set label to the id of a label of the team"});
    return steps;
}

}
