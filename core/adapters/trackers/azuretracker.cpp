#include "core/adapters/trackers/azuretracker.h"

#include <algorithm>

namespace winnow::trackers
{

namespace
{

using std::chrono::seconds;

constexpr int kMostPages = 1000;
constexpr seconds kOverlap{120};
constexpr const char *kPatch = "application/json-patch+json";

std::optional<std::string> errorIn(const Json &body)
{
    if (!body.is_object() || !body.contains("message") || !(body.contains("typeKey") || body.contains("errorCode")))
        return std::nullopt;
    std::string words = textAt(body, "/message");
    for (const Json &error : valueAt(body, "/customProperties/RuleValidationErrors"))
        if (const std::string message = textAt(error, "/errorMessage"); !message.empty())
            words += "; " + message;
    return words;
}

RestRules rulesOf(const Connection &connection)
{
    RestRules rules;
    rules.base = baseOf(connection);
    const std::string pair = http::base64(":" + connection.secret);
    // without the last one an expired token becomes a sign-in page
    rules.headers = {
        {"Accept", "application/json"}, {"Authorization", "Basic " + pair}, {"X-TFS-FedAuthRedirect", "Suppress"}};
    rules.secrets = {connection.secret, pair};
    rules.errorIn = errorIn;
    return rules;
}

std::vector<std::string> tagsOf(const std::string &text)
{
    std::vector<std::string> tags;
    for (std::size_t at = 0; at <= text.size();) {
        const std::size_t end = std::min(text.find(';', at), text.size());
        std::string tag = text.substr(at, end - at);
        tag.erase(0, std::min(tag.find_first_not_of(' '), tag.size()));
        tag.erase(tag.find_last_not_of(' ') + 1);
        if (!tag.empty())
            tags.push_back(std::move(tag));
        at = end + 1;
    }
    return tags;
}

bool hasTag(const Json &fields, const std::string &tag)
{
    const Json &value = fields.is_object() && fields.contains("System.Tags") ? fields["System.Tags"] : Json();
    const std::vector<std::string> tags = tagsOf(value.is_string() ? value.get<std::string>() : "");
    return std::any_of(tags.begin(), tags.end(), [&](const std::string &one) { return sameWord(one, tag); });
}

/// Reference names hold dots, so that a pointer does for them as well.
std::string fieldText(const Json &fields, const char *name)
{
    return textAt(fields, std::string("/") + name);
}

Json add(const std::string &path, Json value)
{
    return {{"op", "add"}, {"path", path}, {"value", std::move(value)}};
}

std::string doubled(std::string_view text)
{
    std::string result;
    for (const char c : text) {
        result += c;
        if (c == '\'')
            result += c;
    }
    return result;
}

bool oneOf(std::string_view word, std::initializer_list<std::string_view> words)
{
    return std::any_of(words.begin(), words.end(), [&](std::string_view other) { return sameWord(word, other); });
}

std::optional<std::string> allowed(const Json &field, std::initializer_list<std::string_view> words)
{
    for (const std::string_view word : words)
        for (const Json &value : valueAt(field, "/allowedValues")) {
            const std::string text = value.is_string() ? value.get<std::string>() : value.dump();
            if (sameWord(text, word))
                return text;
        }
    return std::nullopt;
}

}

AzureTracker::AzureTracker(const Connection &connection, std::shared_ptr<http::Transport> transport, Clock &clock)
    : m_connection(connection)
    , m_rest(std::move(transport), clock, rulesOf(connection),
             http::Pacer({{"X-RateLimit-Remaining", "X-RateLimit-Reset", http::BudgetHeaders::Reset::Seconds}}, {}, {}))
    , m_project(connection.setting("project"))
    , m_type(connection.setting("type", "Bug"))
    , m_label(titleText(connection.setting("label", "feedback"), 100))
{
    // tags are parted by these
    for (char &c : m_label)
        if (c == ';' || c == ',')
            c = '-';
}

Result<std::unique_ptr<Tracker>> AzureTracker::make(const Connection &connection,
                                                    std::shared_ptr<http::Transport> transport, Clock &clock)
{
    return std::unique_ptr<Tracker>(std::make_unique<AzureTracker>(connection, std::move(transport), clock));
}

seconds AzureTracker::settles() const
{
    return settlesOf(m_connection, seconds(180));
}

std::string AzureTracker::api(const std::string &path) const
{
    return "/" + http::percentEncoded(m_project) + "/_apis/wit/" + path;
}

TicketRef AzureTracker::refOf(const std::string &id) const
{
    return {id, m_rest.base() + "/" + http::percentEncoded(m_project) + "/_workitems/edit/" + id};
}

Result<const AzureTracker::Meta *> AzureTracker::meta(std::stop_token stop)
{
    if (m_meta)
        return &*m_meta;
    Meta meta;
    const std::string type = "workitemtypes/" + http::percentEncoded(m_type);
    const auto fields = m_rest.read(api(type + "/fields?$expand=All&api-version=7.1"), stop);
    if (!fields && fields.error().code != ErrorCode::NotFound)
        return tl::unexpected(fields.error());
    if (fields)
        for (const Json &field : valueAt(fields->body, "/value"))
            meta.fields.emplace(textAt(field, "/referenceName"), field);
    const auto states = m_rest.read(api(type + "/states?api-version=7.1"), stop);
    if (!states && states.error().code != ErrorCode::NotFound)
        return tl::unexpected(states.error());
    if (states)
        for (const Json &state : valueAt(states->body, "/value")) {
            meta.categories[textAt(state, "/name")] = textAt(state, "/category");
            meta.states.emplace_back(textAt(state, "/name"), textAt(state, "/category"));
        }
    m_meta = std::move(meta);
    return &*m_meta;
}

Result<std::vector<TicketRef>> AzureTracker::findAll(const TicketKey &key, std::stop_token stop)
{
    const std::string mapped = m_connection.setting("id_field");
    const std::string where = mapped.empty() ? "[System.Tags] CONTAINS '" + doubled(key.externalId) + "'"
                                             : "[" + mapped + "] = '" + doubled(key.externalId) + "'";
    const auto hits = m_rest.ask(api("wiql?timePrecision=true&$top=50&api-version=7.1"),
                                 {{"query",
                                   "SELECT [System.Id] FROM WorkItems WHERE [System.TeamProject] = '"
                                       + doubled(m_project) + "' AND " + where + " ORDER BY [System.Id] ASC"}},
                                 stop);
    if (!hits)
        return tl::unexpected(hits.error());
    if (!hits->body.is_object() || !valueAt(hits->body, "/workItems").is_array())
        return fail(ErrorCode::Protocol, "the query answers no list of work items");
    Json ids = Json::array();
    for (const Json &item : valueAt(hits->body, "/workItems"))
        if (ids.size() < 200 && item.contains("id"))
            ids.push_back(item["id"]);
    std::vector<TicketRef> found;
    if (ids.empty())
        return found;
    std::vector<std::string> names{"System.Id", "System.Tags", "System.State"};
    if (!mapped.empty())
        names.push_back(mapped);
    const auto items = m_rest.ask(api("workitemsbatch?api-version=7.1"),
                                  {{"ids", ids}, {"fields", names}, {"errorPolicy", "omit"}}, stop);
    if (!items)
        return tl::unexpected(items.error());
    for (const Json &item : valueAt(items->body, "/value")) {
        const Json &fields = valueAt(item, "/fields");
        if (mapped.empty() ? hasTag(fields, key.externalId) : fieldText(fields, mapped.c_str()) == key.externalId)
            found.push_back(refOf(textAt(item, "/id")));
    }
    std::stable_sort(found.begin(), found.end(), [](const TicketRef &a, const TicketRef &b) {
        return std::pair(a.id.size(), a.id) < std::pair(b.id.size(), b.id);
    });
    return found;
}

Result<Json> AzureTracker::payload(const TicketKey &key, const Draft &draft, Shaped &result, std::stop_token stop)
{
    const auto setup = meta(stop);
    if (!setup)
        return tl::unexpected(setup.error());
    const Meta &meta = **setup;
    result = shaped(draft, key.externalId, {draft::Format::Html, 255, 200'000, true});
    Json patch = Json::array();
    std::set<std::string> given;
    const auto set = [&](const std::string &field, Json value) {
        if (given.insert(field).second)
            patch.push_back(add("/fields/" + field, std::move(value)));
    };
    const auto listed = [&](const std::string &field) { return meta.fields.contains(field); };
    set("System.Title", result.title);
    set("System.Description", result.body);
    // the form of a bug shows these instead of the description
    if (listed("Microsoft.VSTS.TCM.ReproSteps"))
        set("Microsoft.VSTS.TCM.ReproSteps", result.body);
    if (const std::string area = m_connection.setting("area"); !area.empty())
        set("System.AreaPath", area);
    set("System.Tags", m_label + "; " + key.externalId);
    if (const std::string mapped = m_connection.setting("id_field"); !mapped.empty())
        set(mapped, key.externalId);
    if (listed("Microsoft.VSTS.Common.Severity")) {
        const Json &field = meta.fields.at("Microsoft.VSTS.Common.Severity");
        const std::string word = fieldOf(draft, "severity");
        const auto value = word == "critical" ? allowed(field, {"1 - Critical"})
            : word == "high"                  ? allowed(field, {"2 - High"})
            : word == "medium"                ? allowed(field, {"3 - Medium"})
            : word == "low"                   ? allowed(field, {"4 - Low"})
                                              : std::nullopt;
        if (value)
            set("Microsoft.VSTS.Common.Severity", *value);
    }
    if (listed("Microsoft.VSTS.Common.Priority")) {
        const std::string word = fieldOf(draft, "priority");
        const int value = word == "urgent" ? 1 : word == "high" ? 2 : word == "medium" ? 3 : word == "low" ? 4 : 0;
        if (value > 0 && allowed(meta.fields.at("Microsoft.VSTS.Common.Priority"), {std::to_string(value)}))
            set("Microsoft.VSTS.Common.Priority", value);
    }
    for (const auto &[name, value] : m_connection.settings)
        if (name.starts_with("field."))
            set(name.substr(6), value);
    const std::string id = key.externalId.starts_with("fb-") ? key.externalId.substr(3) : key.externalId;
    patch.push_back(
        add("/relations/-",
            {{"rel", "Hyperlink"}, {"url", "winnow://incident/" + id}, {"attributes", {{"comment", "feedback"}}}}));
    return patch;
}

Result<Payload> AzureTracker::preview(const TicketKey &key, const Draft &draft, std::stop_token stop)
{
    Shaped result;
    const auto body = payload(key, draft, result, stop);
    if (!body)
        return tl::unexpected(body.error());
    return Payload{"POST", m_rest.base() + api("workitems/$" + http::percentEncoded(m_type) + "?api-version=7.1"),
                   kPatch, dumped(*body), result.attachment};
}

SendResult AzureTracker::create(const TicketKey &key, const Draft &draft, std::stop_token stop)
{
    Shaped result;
    const auto body = payload(key, draft, result, stop);
    if (!body)
        return {SendState::NotSent, {}, body.error().detail};
    const auto sent = m_rest.once({.method = "POST",
                                   .path = api("workitems/$" + http::percentEncoded(m_type) + "?api-version=7.1"),
                                   .body = dumped(*body),
                                   .contentType = kPatch},
                                  stop);
    if (sent.state != SendState::Confirmed)
        return {sent.state, {}, sent.detail};
    const std::string id = textAt(sent.answer.body, "/id");
    return id.empty() ? SendResult{SendState::Ambiguous, {}, "answered without the id of a work item"}
                      : SendResult{SendState::Confirmed, refOf(id), ""};
}

std::string AzureTracker::outcomeOf(const Json &fields) const
{
    const std::string state = fieldText(fields, "System.State"), reason = fieldText(fields, "System.Reason");
    const auto found = m_meta ? m_meta->categories.find(state) : std::map<std::string, std::string>::const_iterator();
    const std::string category = m_meta && found != m_meta->categories.end() ? found->second
        : oneOf(state, {"New", "Proposed", "To Do", "Approved"})             ? "Proposed"
        : oneOf(state, {"Active", "Committed", "Doing", "In Progress"})      ? "InProgress"
        : oneOf(state, {"Resolved"})                                         ? "Resolved"
        : oneOf(state, {"Closed", "Done"})                                   ? "Completed"
        : oneOf(state, {"Removed"})                                          ? "Removed"
                                                                             : "";
    if (category == "Proposed")
        return "open";
    if (category == "InProgress")
        return "in_progress";
    if (category == "Removed")
        return "closed_not_actionable";
    if (category != "Resolved" && category != "Completed")
        return "unknown";
    if (oneOf(reason, {"Duplicate"}))
        return "closed_duplicate";
    if (oneOf(reason, {"Cannot Reproduce", "As Designed", "Obsolete"}))
        return "closed_not_actionable";
    if (oneOf(reason, {"Deferred", "Rejected"}))
        return "closed_wont_fix";
    return "resolved_fixed";
}

Result<TicketState> AzureTracker::state(const TicketRef &ticket, std::stop_token stop)
{
    if (const auto setup = meta(stop); !setup)
        return tl::unexpected(setup.error());
    const auto answer = m_rest.read(api("workitems/" + http::percentEncoded(ticket.id) + "?api-version=7.1"), stop);
    if (!answer)
        return answer.error().code == ErrorCode::NotFound ? Result<TicketState>(TicketState{"deleted", "unknown", {}})
                                                          : tl::unexpected(answer.error());
    const Json &fields = valueAt(answer->body, "/fields");
    return TicketState{fieldText(fields, "System.State"), outcomeOf(fields),
                       vendorTime(fieldText(fields, "System.ChangedDate"))};
}

SendResult AzureTracker::patch(const TicketRef &ticket, const std::function<Json(const Json &)> &change,
                               std::stop_token stop)
{
    const std::string place = api("workitems/" + http::percentEncoded(ticket.id));
    Rest::Sent sent;
    for (int attempt = 0; attempt < 3; ++attempt) {
        const auto item = m_rest.read(place + "?$expand=relations&api-version=7.1", stop);
        if (!item)
            return {item.error().code == ErrorCode::NotFound ? SendState::Rejected : SendState::NotSent, ticket,
                    item.error().detail};
        Json operations = change(item->body);
        if (operations.empty())
            return {SendState::Confirmed, ticket, ""};
        operations.insert(operations.begin(),
                          Json{{"op", "test"}, {"path", "/rev"}, {"value", valueAt(item->body, "/rev")}});
        sent = m_rest.once({.method = "PATCH",
                            .path = place + "?api-version=7.1",
                            .body = dumped(operations),
                            .contentType = kPatch,
                            .subject = ticket.id},
                           stop);
        // somebody was faster, and nothing was applied: look again
        if (sent.answer.status != 412)
            break;
    }
    return {sent.state, ticket, sent.detail};
}

SendResult AzureTracker::addEvidence(const TicketRef &ticket, const TicketEvidence &evidence, std::stop_token stop)
{
    const std::string place = api("workItems/" + http::percentEncoded(ticket.id) + "/comments");
    const std::string reference = "Ref: " + evidence.id;
    std::string token;
    for (int page = 0; page < kMostPages; ++page) {
        const auto answer =
            m_rest.read(place + "?$top=200&order=desc&api-version=7.1-preview.4"
                            + (token.empty() ? "" : "&continuationToken=" + http::percentEncoded(token)),
                        stop);
        if (!answer)
            return {answer.error().code == ErrorCode::NotFound ? SendState::Rejected : SendState::NotSent, ticket,
                    answer.error().detail};
        for (const Json &comment : valueAt(answer->body, "/comments"))
            if (textAt(comment, "/text").find(reference) != std::string::npos)
                return {SendState::Confirmed, ticket, ""};
        const std::string next = textAt(answer->body, "/continuationToken");
        if (next.empty() || next == token)
            break;
        token = next;
    }
    std::string text = shapedEvidence(evidence.body, evidence.id, {draft::Format::Html, 255, 190'000, false});
    text += "<p>" + reference + "</p>";
    const auto sent = m_rest.once({.method = "POST",
                                   .path = place + "?api-version=7.1-preview.4",
                                   .body = dumped({{"text", text}}),
                                   .subject = ticket.id},
                                  stop);
    return {sent.state, ticket, sent.detail};
}

SendResult AzureTracker::complete(const TicketKey &key, const TicketRef &ticket, const Draft &draft,
                                  std::stop_token stop)
{
    // the link back went with the create
    const Shaped result = shaped(draft, key.externalId, {draft::Format::Html, 255, 200'000, true});
    if (result.attachment.empty())
        return {SendState::Confirmed, ticket, ""};
    const std::string name = key.externalId + ".md";
    const auto named = [&](const Json &item) {
        for (const Json &relation : valueAt(item, "/relations"))
            if (textAt(relation, "/rel") == "AttachedFile" && textAt(relation, "/attributes/name") == name)
                return true;
        return false;
    };
    const auto item =
        m_rest.read(api("workitems/" + http::percentEncoded(ticket.id) + "?$expand=relations&api-version=7.1"), stop);
    if (!item)
        return {SendState::NotSent, ticket, item.error().detail};
    if (named(item->body))
        return {SendState::Confirmed, ticket, ""};
    const auto stored =
        m_rest.once({.method = "POST",
                     .path = api("attachments?fileName=" + http::percentEncoded(name) + "&api-version=7.1"),
                     .body = result.attachment,
                     .contentType = "application/octet-stream",
                     .upload = true},
                    stop);
    if (stored.state != SendState::Confirmed)
        return {stored.state, ticket, stored.detail};
    const std::string url = textAt(stored.answer.body, "/url");
    return patch(
        ticket,
        [&](const Json &now) {
            return named(now) ? Json::array()
                              : Json::array({add("/relations/-",
                                                 {{"rel", "AttachedFile"},
                                                  {"url", url},
                                                  {"attributes", {{"name", name}, {"comment", "feedback"}}}})});
        },
        stop);
}

SendResult AzureTracker::reopen(const TicketRef &ticket, std::stop_token stop)
{
    const auto setup = meta(stop);
    if (!setup)
        return {SendState::NotSent, ticket, setup.error().detail};
    std::string target;
    for (const char *category : {"InProgress", "Proposed"})
        for (const auto &[name, own] : (*setup)->states)
            if (target.empty() && own == category)
                target = name;
    if (target.empty())
        return {SendState::Rejected, ticket, "the type has no open state"};
    return patch(
        ticket,
        [&](const Json &item) {
            return isClosedOutcome(outcomeOf(valueAt(item, "/fields")))
                ? Json::array({add("/fields/System.State", target)})
                : Json::array();
        },
        stop);
}

Result<std::vector<Proposal>> AzureTracker::findText(const std::string &words, std::stop_token stop)
{
    // the search service is another host; the query language finds words in titles of open items here
    std::string where;
    std::string word;
    int count = 0;
    for (const char c : titleText(words, 200) + ' ') {
        if (c != ' ') {
            word += c;
            continue;
        }
        if (word.size() > 3 && count++ < 5)
            where += (where.empty() ? "" : " OR ") + ("[System.Title] CONTAINS WORDS '" + doubled(word)) + "'";
        word.clear();
    }
    std::vector<Proposal> found;
    if (where.empty())
        return found;
    const auto hits = m_rest.ask(
        api("wiql?timePrecision=true&$top=50&api-version=7.1"),
        {{"query",
          "SELECT [System.Id] FROM WorkItems WHERE [System.TeamProject] = '" + doubled(m_project) + "' AND (" + where
              + ") AND [System.State] NOT IN ('Closed', 'Done', 'Removed', 'Resolved') ORDER BY [System.ChangedDate] "
                "DESC"}},
        stop);
    if (!hits)
        return tl::unexpected(hits.error());
    Json ids = Json::array();
    for (const Json &item : valueAt(hits->body, "/workItems"))
        if (ids.size() < 20 && item.contains("id"))
            ids.push_back(item["id"]);
    if (ids.empty())
        return found;
    const auto items = m_rest.ask(
        api("workitemsbatch?api-version=7.1"),
        {{"ids", ids}, {"fields", {"System.Id", "System.Title", "System.State"}}, {"errorPolicy", "omit"}}, stop);
    if (!items)
        return tl::unexpected(items.error());
    for (const Json &item : valueAt(items->body, "/value"))
        found.push_back({refOf(textAt(item, "/id")), fieldText(valueAt(item, "/fields"), "System.Title"),
                         fieldText(valueAt(item, "/fields"), "System.State")});
    return found;
}

Result<Changes> AzureTracker::changes(const std::string &cursor, const std::vector<FollowedTicket> &tickets,
                                      std::stop_token stop)
{
    if (const auto setup = meta(stop); !setup)
        return tl::unexpected(setup.error());
    std::map<std::string, FollowedTicket> ours;
    for (const FollowedTicket &ticket : tickets)
        ours.emplace(ticket.ticket.id, ticket);
    Changes result;
    result.cursor = cursor;
    std::map<std::string, std::pair<std::string, std::string>> last; ///< outcome and memo, as the feed goes on
    std::set<std::string> seen;
    std::string token = cursor.starts_with("token ") ? cursor.substr(6) : std::string();
    const std::string fields = "System.Id,System.State,System.Reason,System.Tags,System.ChangedDate,System.Rev,"
                               "System.IsDeleted,Microsoft.VSTS.Common.Priority,Microsoft.VSTS.Common.Severity";
    for (int page = 0; page < kMostPages; ++page) {
        std::string path =
            api("reporting/workitemrevisions?types=" + http::percentEncoded(m_type)
                + "&fields=" + http::percentEncoded(fields) + "&includeDeleted=true&$maxPageSize=200&api-version=7.1");
        path +=
            token.empty() ? "&startDateTime=1970-01-01T00:00:00Z" : "&continuationToken=" + http::percentEncoded(token);
        const auto answer = m_rest.read(path, stop);
        if (!answer)
            return tl::unexpected(answer.error());
        for (const Json &revision : valueAt(answer->body, "/values")) {
            const std::string id = textAt(revision, "/id");
            const auto ticket = ours.find(id);
            if (ticket == ours.end())
                continue;
            const Json &now = valueAt(revision, "/fields");
            auto [state, first] = last.emplace(id, std::pair(ticket->second.outcome, ticket->second.memo));
            auto &[before, memo] = state->second;
            const std::string rank =
                std::to_string(std::max(fieldText(now, "Microsoft.VSTS.Common.Priority") == "1" ? 2 : 1,
                                        fieldText(now, "Microsoft.VSTS.Common.Severity").starts_with("1") ? 2 : 1));
            const std::string rev = textAt(revision, "/rev");
            // the memo is `rev rank` of the newest revision that was told
            const std::size_t blank = memo.find(' ');
            const std::string knownRev = memo.substr(0, blank),
                              knownRank = blank == std::string::npos ? "" : memo.substr(blank + 1);
            if (!knownRev.empty() && std::pair(rev.size(), rev) <= std::pair(knownRev.size(), knownRev))
                continue;
            const auto at = vendorTime(fieldText(now, "System.ChangedDate"));
            const std::string status = fieldText(now, "System.State");
            const bool deleted = valueAt(now, "/System.IsDeleted") == true;
            const std::string outcome = deleted ? "unknown" : outcomeOf(now);
            memo = rev + " " + rank;
            if (isClosedOutcome(before) && (outcome == "open" || outcome == "in_progress"))
                result.changes.push_back({id, "reopened", status, at, memo});
            if (knownRank == "1" && rank == "2")
                result.changes.push_back({id, "escalated", status, at, memo});
            if (outcome != before || first)
                result.changes.push_back({id, outcome, deleted ? "deleted" : status, at, memo});
            before = outcome;
            seen.insert(id);
        }
        std::string next = textAt(answer->body, "/continuationToken");
        if (next.empty()) {
            // some answers hold it in the link to the next page only
            const std::string link = textAt(answer->body, "/nextLink");
            const std::size_t at = link.find("continuationToken=");
            if (at != std::string::npos)
                next = link.substr(at + 18, link.find('&', at) - at - 18);
        }
        const bool done = valueAt(answer->body, "/isLastBatch") == true;
        if (!next.empty())
            result.cursor = "token " + next;
        if (done || next.empty() || next == token)
            break;
        token = next;
    }
    // what left the feed (moved to another project or type) is asked for by name, when nothing was heard of it yet
    for (const auto &[id, ticket] : ours) {
        if (seen.contains(id) || !ticket.outcome.empty())
            continue;
        const auto now = state(ticket.ticket, stop);
        if (!now)
            return tl::unexpected(now.error());
        result.changes.push_back({id, now->outcome, now->status, now->at, ticket.memo});
    }
    return result;
}

std::vector<ProbeStep> AzureTracker::test(std::stop_token stop)
{
    std::vector<ProbeStep> steps;
    const auto step = [&](const char *name, const Result<Answer> &answer, const std::string &good,
                          const std::string &remedy) {
        steps.push_back({name, answer.has_value(), answer ? good : answer.error().detail, answer ? "" : remedy});
        return answer.has_value();
    };
    const auto data = m_rest.read("/_apis/connectionData", stop);
    if (!step("credentials", data,
              data ? m_rest.spoken(textAt(data->body, "/authenticatedUser/providerDisplayName")) : "",
              "make a personal access token of this organisation with the scope Work Items (read & write)"))
        return steps;
    const auto project = m_rest.read(
        "/_apis/projects/" + http::percentEncoded(m_project) + "?includeCapabilities=true&api-version=7.1", stop);
    if (!step("project", project, project ? m_rest.spoken(textAt(project->body, "/name")) : "",
              "check the project's name"))
        return steps;
    m_meta.reset();
    const auto setup = meta(stop);
    const bool type = setup && !(*setup)->fields.empty();
    steps.push_back({"fields", type,
                     type        ? std::to_string((*setup)->fields.size()) + " fields of type " + m_type
                         : setup ? "the project has no type " + m_type
                                 : setup.error().detail,
                     type ? "" : "check the type's name"});
    if (!type)
        return steps;
    Shaped ignored;
    const auto body =
        payload({"fb-00000000000000000000000000"}, {"Connection test", "No work item is made.", {}}, ignored, stop);
    if (!body) {
        steps.push_back({"create", false, body.error().detail, "check the settings"});
        return steps;
    }
    const auto tried =
        m_rest.once({.method = "POST",
                     .path = api("workitems/$" + http::percentEncoded(m_type) + "?validateOnly=true&api-version=7.1"),
                     .body = dumped(*body),
                     .contentType = kPatch},
                    stop);
    steps.push_back(
        {"create", tried.state == SendState::Confirmed,
         tried.state == SendState::Confirmed ? "a work item would be taken" : tried.detail,
         tried.state == SendState::Confirmed
             ? ""
             : "give values of required fields with --set field.NAME=VALUE, or ask for the right to edit work items"});
    return steps;
}

}
