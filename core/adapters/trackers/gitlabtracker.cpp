#include "core/adapters/trackers/gitlabtracker.h"

#include <algorithm>

namespace winnow::trackers
{

namespace
{

using std::chrono::seconds;

constexpr seconds kOverlap{120};
constexpr Limits kLimits{draft::Format::Markdown, 255, 200'000, true};

std::optional<std::string> errorIn(const Json &body)
{
    if (!body.is_object() || (!body.contains("message") && !body.contains("error")))
        return std::nullopt;
    const Json &message = body.contains("message") ? body["message"] : body["error"];
    return message.is_string() ? message.get<std::string>() : dumped(message); // text, a list or an object
}

RestRules rulesOf(const Connection &connection)
{
    RestRules rules;
    rules.base = baseOf(connection);
    if (!rules.base.ends_with("/api/v4"))
        rules.base += "/api/v4";
    rules.headers = {{"Accept", "application/json"}, {"PRIVATE-TOKEN", connection.secret}};
    rules.secrets = {connection.secret};
    rules.errorIn = errorIn;
    return rules;
}

std::string nextPage(const Answer &answer, const std::string &page)
{
    const std::string next(answer.header("x-next-page").value_or(""));
    return next == page ? std::string() : next;
}

std::string outcomeOf(const Json &issue)
{
    if (textAt(issue, "/state") == "opened")
        return valueAt(issue, "/assignees").empty() ? "open" : "in_progress";
    return textAt(issue, "/state") == "closed" ? "resolved_fixed" : "unknown";
}

TicketRef refOf(const Json &issue)
{
    return {textAt(issue, "/iid"), textAt(issue, "/web_url")};
}

/// A title is searched for mentions and references too, and knows no fence.
std::string inertTitle(std::string title)
{
    for (const auto &[mark, alike] :
         {std::pair("@", "＠"), {"#", "＃"}, {"!", "！"}, {"~", "～"}, {"%", "％"}, {"&", "＆"}, {"$", "＄"}})
        for (std::size_t at = title.find(mark); at != std::string::npos; at = title.find(mark, at + 3))
            title.replace(at, 1, alike);
    return title;
}

}

GitLabTracker::GitLabTracker(const Connection &connection, std::shared_ptr<http::Transport> transport, Clock &clock)
    : m_connection(connection)
    , m_rest(std::move(transport), clock, rulesOf(connection),
             http::Pacer({{"RateLimit-Remaining", "RateLimit-Reset", http::BudgetHeaders::Reset::Seconds}}, {}, {}))
    , m_lists(m_rest, nextPage, kOverlap)
    , m_project(connection.setting("project"))
    , m_label(titleText(connection.setting("label", "feedback"), 255))
{
    std::replace(m_label.begin(), m_label.end(), ',', '-'); // labels are parted by it
}

Result<std::unique_ptr<Tracker>> GitLabTracker::make(const Connection &connection,
                                                     std::shared_ptr<http::Transport> transport, Clock &clock)
{
    return std::unique_ptr<Tracker>(std::make_unique<GitLabTracker>(connection, std::move(transport), clock));
}

seconds GitLabTracker::settles() const
{
    return settlesOf(m_connection, seconds(180));
}

std::string GitLabTracker::project(const std::string &path) const
{
    return "/projects/" + http::percentEncoded(m_project) + path;
}

Result<std::vector<TicketRef>> GitLabTracker::findAll(const TicketKey &key, std::stop_token stop)
{
    std::vector<TicketRef> found;
    const auto done = m_lists.each(
        project("/issues" + http::query({{"labels", key.externalId}, {"state", "all"}, {"scope", "all"}})),
        [&](const Json &item) {
            for (const Json &label : valueAt(item, "/labels"))
                if (label == key.externalId) {
                    found.push_back(refOf(item));
                    break;
                }
        },
        stop);
    if (!done)
        return tl::unexpected(done.error());
    std::stable_sort(found.begin(), found.end(), [](const TicketRef &a, const TicketRef &b) {
        return std::pair(a.id.size(), a.id) < std::pair(b.id.size(), b.id);
    });
    found.erase(std::unique(found.begin(), found.end()), found.end());
    return found;
}

Json GitLabTracker::issue(const TicketKey &key, const Draft &draft, Shaped &result) const
{
    result = shaped(draft, key.externalId, kLimits);
    return {
        {"title", inertTitle(result.title)}, {"description", result.body}, {"labels", m_label + "," + key.externalId}};
}

Result<Payload> GitLabTracker::preview(const TicketKey &key, const Draft &draft, std::stop_token)
{
    Shaped result;
    const Json body = issue(key, draft, result);
    return Payload{"POST", m_rest.base() + project("/issues"), "application/json", dumped(body), result.attachment};
}

SendResult GitLabTracker::create(const TicketKey &key, const Draft &draft, std::stop_token stop)
{
    Shaped result;
    const auto sent =
        m_rest.once({.method = "POST", .path = project("/issues"), .body = dumped(issue(key, draft, result))}, stop);
    if (sent.state != SendState::Confirmed)
        return {sent.state, {}, sent.detail};
    const TicketRef ref = refOf(sent.answer.body);
    return ref.id.empty() ? SendResult{SendState::Ambiguous, {}, "answered without the number of an issue"}
                          : SendResult{SendState::Confirmed, ref, ""};
}

Result<TicketState> GitLabTracker::state(const TicketRef &ticket, std::stop_token stop)
{
    const auto answer = m_rest.read(project("/issues/" + http::percentEncoded(ticket.id)), stop);
    if (!answer)
        return answer.error().code == ErrorCode::NotFound ? Result<TicketState>(TicketState{"deleted", "unknown", {}})
                                                          : tl::unexpected(answer.error());
    return TicketState{textAt(answer->body, "/state"), outcomeOf(answer->body),
                       vendorTime(textAt(answer->body, "/updated_at"))};
}

Result<bool> GitLabTracker::hasNote(const TicketRef &ticket, const std::string &id, std::stop_token stop)
{
    bool there = false;
    return m_lists
        .each(
            project("/issues/" + http::percentEncoded(ticket.id) + "/notes?sort=desc"),
            [&](const Json &note) { there = there || markerIn(textAt(note, "/body")) == id; }, stop)
        .map([&](TimePoint) { return there; });
}

SendResult GitLabTracker::addEvidence(const TicketRef &ticket, const TicketEvidence &evidence, std::stop_token stop)
{
    const auto there = hasNote(ticket, evidence.id, stop);
    if (!there)
        return {there.error().code == ErrorCode::NotFound ? SendState::Rejected : SendState::NotSent, ticket,
                there.error().detail};
    if (*there)
        return {SendState::Confirmed, ticket, ""};
    const auto sent =
        m_rest.once({.method = "POST",
                     .path = project("/issues/" + http::percentEncoded(ticket.id) + "/notes"),
                     .body = dumped({{"body", shaped({"", evidence.body, {}}, evidence.id, kLimits).body}})},
                    stop);
    return {sent.state, ticket, sent.detail};
}

SendResult GitLabTracker::complete(const TicketKey &key, const TicketRef &ticket, const Draft &draft,
                                   std::stop_token stop)
{
    Shaped result;
    static_cast<void>(issue(key, draft, result));
    if (result.attachment.empty())
        return {SendState::Confirmed, ticket, ""};
    // the file is told of in a note, which bears its name
    const std::string name = key.externalId + ".md";
    const auto there = hasNote(ticket, name, stop);
    if (!there || *there)
        return {there ? SendState::Confirmed : SendState::NotSent, ticket, there ? "" : there.error().detail};
    const std::string boundary = "winnow-" + uuid4From(result.attachment);
    const auto stored = m_rest.once(
        {.method = "POST",
         .path = project("/uploads"),
         .body = "--" + boundary + "\r\nContent-Disposition: form-data; name=\"file\"; filename=\"" + name
             + "\"\r\nContent-Type: text/markdown\r\n\r\n" + result.attachment + "\r\n--" + boundary + "--\r\n",
         .contentType = "multipart/form-data; boundary=" + boundary,
         .upload = true},
        stop);
    if (stored.state != SendState::Confirmed)
        return {stored.state, ticket, stored.detail};
    const auto noted = m_rest.once(
        {.method = "POST",
         .path = project("/issues/" + http::percentEncoded(ticket.id) + "/notes"),
         .body =
             dumped({{"body", textAt(stored.answer.body, "/markdown") + "\n\n<!-- feedback-ref: " + name + " -->"}})},
        stop);
    return {noted.state, ticket, noted.detail};
}

SendResult GitLabTracker::reopen(const TicketRef &ticket, std::stop_token stop)
{
    const auto sent = m_rest.once({.method = "PUT",
                                   .path = project("/issues/" + http::percentEncoded(ticket.id)),
                                   .body = dumped({{"state_event", "reopen"}})},
                                  stop);
    return {sent.state, ticket, sent.detail};
}

Result<std::vector<Proposal>> GitLabTracker::findText(const std::string &words, std::stop_token stop)
{
    const auto answer = m_rest.read(project("/issues"
                                            + http::query({{"search", titleText(words, 150)},
                                                           {"in", "title,description"},
                                                           {"state", "opened"},
                                                           {"scope", "all"},
                                                           {"per_page", "20"}})),
                                    stop);
    if (!answer)
        return tl::unexpected(answer.error());
    std::vector<Proposal> found;
    for (const Json &item : answer->body.is_array() ? answer->body : Json::array())
        if (textAt(item, "/state") == "opened")
            found.push_back({refOf(item), textAt(item, "/title"), textAt(item, "/state")});
    return found;
}

Result<Changes> GitLabTracker::changes(const std::string &cursor, const std::vector<FollowedTicket> &tickets,
                                       std::stop_token stop)
{
    const auto issue = [this](const std::string &id) { return project("/issues/" + http::percentEncoded(id)); };
    return m_lists.changes(
        {project("/issues"
                 + http::query({{"labels", m_label},
                                {"state", "all"},
                                {"scope", "all"},
                                {"order_by", "updated_at"},
                                {"sort", "asc"},
                                {"updated_after", cursor.empty() ? "1970-01-01T00:00:00.000Z" : cursor}})),
         "/iid", issue, [issue](const std::string &id) { return issue(id) + "/resource_state_events"; },
         [](const Json &event) { return textAt(event, "/state") == "reopened"; }, outcomeOf},
        tickets, stop);
}

std::vector<ProbeStep> GitLabTracker::test(std::stop_token stop)
{
    std::vector<ProbeStep> steps;
    const auto user = m_rest.read("/user", stop);
    steps.push_back({"credentials", user.has_value(),
                     user ? m_rest.spoken(textAt(user->body, "/username")) : user.error().detail,
                     user ? "" : "make an access token with the scope api"});
    if (!user)
        return steps;
    if (const auto token = m_rest.read("/personal_access_tokens/self", stop)) {
        const Json &scopes = valueAt(token->body, "/scopes");
        const bool api = std::any_of(scopes.begin(), scopes.end(), [](const Json &scope) { return scope == "api"; });
        steps.push_back({"rights", api, api ? "scope api" : "missing: the scope api",
                         api ? "" : "make an access token with the scope api"});
    }
    const auto found = m_rest.read(project(""), stop);
    steps.push_back({"project", found.has_value(),
                     found ? m_rest.spoken(textAt(found->body, "/path_with_namespace")) : found.error().detail,
                     found ? "" : "set project to its path (group/name) or its number"});
    return steps;
}

}
