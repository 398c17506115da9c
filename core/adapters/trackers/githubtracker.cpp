#include "core/adapters/trackers/githubtracker.h"

#include <algorithm>

namespace winnow::trackers
{

namespace
{

using std::chrono::seconds;

constexpr seconds kOverlap{600};
constexpr Limits kLimits{draft::Format::Markdown, 256, 60'000, false};

std::optional<std::string> errorIn(const Json &body)
{
    if (!body.is_object() || !body.contains("message"))
        return std::nullopt;
    std::string words = textAt(body, "/message");
    for (const Json &error : valueAt(body, "/errors"))
        words += "; " + textAt(error, "/field") + " " + textAt(error, "/code") + " " + textAt(error, "/message");
    return words;
}

/// 403 means too much as well as forbidden. \source contracts/trackers.md 11
bool limited(const http::Response &response, const Json &body)
{
    if (response.status != 403 && response.status != 429)
        return false;
    return response.header("retry-after") || response.header("x-ratelimit-remaining").value_or("") == "0"
        || textAt(body, "/message").find("rate limit") != std::string::npos;
}

RestRules rulesOf(const Connection &connection)
{
    RestRules rules;
    rules.base = baseOf(connection);
    rules.headers = {{"Accept", "application/vnd.github+json"},
                     {"X-GitHub-Api-Version", "2022-11-28"},
                     {"Authorization", "Bearer " + connection.secret}};
    rules.secrets = {connection.secret};
    rules.errorIn = errorIn;
    rules.limited = limited;
    return rules;
}

std::string nextPage(const Answer &answer, const std::string &page)
{
    const auto link = answer.header("link");
    const bool more = link ? link->find("rel=\"next\"") != std::string_view::npos : answer.body.size() >= 100;
    return more ? std::to_string(std::stoi(page) + 1) : std::string();
}

std::string outcomeOf(const Json &issue)
{
    const std::string reason = textAt(issue, "/state_reason");
    if (textAt(issue, "/state") == "open")
        return valueAt(issue, "/assignees").empty() ? "open" : "in_progress";
    return reason == "duplicate" ? "closed_duplicate" : reason == "not_planned" ? "closed_wont_fix" : "resolved_fixed";
}

TicketRef refOf(const Json &issue)
{
    return {textAt(issue, "/number"), textAt(issue, "/html_url")};
}

}

GitHubTracker::GitHubTracker(const Connection &connection, std::shared_ptr<http::Transport> transport, Clock &clock)
    : m_connection(connection)
    , m_rest(std::move(transport), clock, rulesOf(connection),
             http::Pacer({{"x-ratelimit-remaining", "x-ratelimit-reset", http::BudgetHeaders::Reset::Seconds}}, {},
                         {{80, seconds(60)}, {500, seconds(3600)}}))
    , m_lists(m_rest, nextPage, kOverlap)
    , m_label(titleText(connection.setting("label", "feedback"), 50))
{
}

Result<std::unique_ptr<Tracker>> GitHubTracker::make(const Connection &connection,
                                                     std::shared_ptr<http::Transport> transport, Clock &clock)
{
    return std::unique_ptr<Tracker>(std::make_unique<GitHubTracker>(connection, std::move(transport), clock));
}

seconds GitHubTracker::settles() const
{
    return settlesOf(m_connection, seconds(600));
}

std::string GitHubTracker::repository(const std::string &path) const
{
    return "/repos/" + http::percentEncoded(m_connection.setting("owner")) + "/"
        + http::percentEncoded(m_connection.setting("repo")) + path;
}

Result<std::vector<TicketRef>> GitHubTracker::findAll(const TicketKey &key, std::stop_token stop)
{
    std::vector<TicketRef> found;
    const auto done = m_lists.each(
        repository("/issues"
                   + http::query({{"labels", m_label}, {"state", "all"}, {"sort", "created"}, {"direction", "desc"}})),
        [&](const Json &item) {
            if (!item.contains("pull_request") && markerIn(textAt(item, "/body")) == key.externalId)
                found.push_back(refOf(item));
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

Json GitHubTracker::issue(const TicketKey &key, const Draft &draft, Shaped &result) const
{
    result = shaped(draft, key.externalId, kLimits);
    return {{"title", result.title}, {"body", result.body}, {"labels", Json::array({m_label})}};
}

Result<Payload> GitHubTracker::preview(const TicketKey &key, const Draft &draft, std::stop_token)
{
    Shaped result;
    const Json body = issue(key, draft, result);
    return Payload{"POST", m_rest.base() + repository("/issues"), "application/json", dumped(body), {}};
}

SendResult GitHubTracker::create(const TicketKey &key, const Draft &draft, std::stop_token stop)
{
    Shaped result;
    const auto sent =
        m_rest.once({.method = "POST", .path = repository("/issues"), .body = dumped(issue(key, draft, result))}, stop);
    if (sent.state != SendState::Confirmed)
        return {sent.state, {}, sent.detail};
    const TicketRef ref = refOf(sent.answer.body);
    if (ref.id.empty())
        return {SendState::Ambiguous, {}, "answered without the number of an issue"};
    // without push access labels are dropped without a word
    const Json &labels = valueAt(sent.answer.body, "/labels");
    const bool labelled = std::any_of(labels.begin(), labels.end(),
                                      [&](const Json &label) { return sameWord(textAt(label, "/name"), m_label); });
    return {SendState::Confirmed, ref,
            labelled ? "" : "the label was dropped: the token needs push access, or the issue cannot be found again"};
}

Result<TicketState> GitHubTracker::state(const TicketRef &ticket, std::stop_token stop)
{
    const auto answer = m_rest.read(repository("/issues/" + http::percentEncoded(ticket.id)), stop);
    if (!answer)
        return answer.error().code == ErrorCode::NotFound ? Result<TicketState>(TicketState{"deleted", "unknown", {}})
                                                          : tl::unexpected(answer.error());
    return TicketState{textAt(answer->body, "/state"), outcomeOf(answer->body),
                       vendorTime(textAt(answer->body, "/updated_at"))};
}

SendResult GitHubTracker::addEvidence(const TicketRef &ticket, const TicketEvidence &evidence, std::stop_token stop)
{
    const std::string place = repository("/issues/" + http::percentEncoded(ticket.id) + "/comments");
    bool there = false;
    const auto done = m_lists.each(
        place, [&](const Json &comment) { there = there || markerIn(textAt(comment, "/body")) == evidence.id; }, stop);
    if (!done)
        return {done.error().code == ErrorCode::NotFound ? SendState::Rejected : SendState::NotSent, ticket,
                done.error().detail};
    if (there)
        return {SendState::Confirmed, ticket, ""};
    const auto sent =
        m_rest.once({.method = "POST",
                     .path = place,
                     .body = dumped({{"body", shaped({"", evidence.body, {}}, evidence.id, kLimits).body}})},
                    stop);
    return {sent.state, ticket, sent.detail};
}

SendResult GitHubTracker::complete(const TicketKey &, const TicketRef &ticket, const Draft &, std::stop_token)
{
    return {SendState::Confirmed, ticket, ""}; // the link back is part of the body, and there are no attachments
}

SendResult GitHubTracker::reopen(const TicketRef &ticket, std::stop_token stop)
{
    const auto sent = m_rest.once({.method = "PATCH",
                                   .path = repository("/issues/" + http::percentEncoded(ticket.id)),
                                   .body = dumped({{"state", "open"}})},
                                  stop);
    return {sent.state, ticket, sent.detail};
}

Result<std::vector<Proposal>> GitHubTracker::findText(const std::string &words, std::stop_token stop)
{
    std::string plain = titleText(words, 150);
    for (char &c : plain)
        if (std::string_view("\":()").find(c) != std::string_view::npos)
            c = ' ';
    const std::string where =
        " repo:" + m_connection.setting("owner") + "/" + m_connection.setting("repo") + " is:issue is:open";
    const auto answer = m_rest.read("/search/issues" + http::query({{"q", plain + where}, {"per_page", "20"}}), stop);
    if (!answer)
        return tl::unexpected(answer.error());
    std::vector<Proposal> found;
    for (const Json &item : valueAt(answer->body, "/items"))
        if (!item.contains("pull_request") && textAt(item, "/state") == "open")
            found.push_back({refOf(item), textAt(item, "/title"), textAt(item, "/state")});
    return found;
}

Result<Changes> GitHubTracker::changes(const std::string &cursor, const std::vector<FollowedTicket> &tickets,
                                       std::stop_token stop)
{
    const auto issue = [this](const std::string &id) { return repository("/issues/" + http::percentEncoded(id)); };
    return m_lists.changes(
        {repository("/issues"
                    + http::query({{"labels", m_label},
                                   {"state", "all"},
                                   {"sort", "updated"},
                                   {"direction", "asc"},
                                   {"since", cursor.empty() ? "1970-01-01T00:00:00Z" : cursor.substr(0, 19) + "Z"}})),
         "/number", issue, [issue](const std::string &id) { return issue(id) + "/events"; },
         [](const Json &event) { return textAt(event, "/event") == "reopened"; }, outcomeOf},
        tickets, stop);
}

std::vector<ProbeStep> GitHubTracker::test(std::stop_token stop)
{
    std::vector<ProbeStep> steps;
    const auto user = m_rest.read("/user", stop);
    steps.push_back({"credentials", user.has_value(),
                     user ? m_rest.spoken(textAt(user->body, "/login")) : user.error().detail,
                     user ? ""
                          : "make a token that may read and write issues; the address is https://api.github.com, or "
                            "https://HOST/api/v3"});
    if (!user)
        return steps;
    const auto repo = m_rest.read(repository(""), stop);
    const bool issues = repo && valueAt(repo->body, "/has_issues") != false,
               push = repo && valueAt(repo->body, "/permissions/push") == true;
    steps.push_back({"repository", repo && issues,
                     !repo        ? repo.error().detail
                         : issues ? m_rest.spoken(textAt(repo->body, "/full_name"))
                                  : "issues are turned off",
                     repo && issues ? "" : "check owner and repo, and that issues are turned on"});
    if (repo)
        steps.push_back({"rights", push, push ? "labels can be set" : "missing: push",
                         push ? "" : "without push access labels are dropped, by which an issue is found again"});
    return steps;
}

}
