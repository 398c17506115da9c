#include "core/adapters/trackers/jiratracker.h"

#include <algorithm>

#include "core/text/utf8.h"

namespace winnow::trackers
{

namespace
{

using std::chrono::seconds;

constexpr int kMostPages = 1000;
constexpr seconds kOverlap{600}; ///< the search's index lags

std::optional<std::string> errorIn(const Json &body)
{
    if (!body.is_object() || (!body.contains("errorMessages") && !body.contains("errors")))
        return std::nullopt;
    std::string words;
    for (const Json &message : valueAt(body, "/errorMessages"))
        if (message.is_string())
            words += (words.empty() ? "" : "; ") + message.get<std::string>();
    if (const Json &errors = valueAt(body, "/errors"); errors.is_object())
        for (const auto &[field, message] : errors.items())
            words +=
                (words.empty() ? "" : "; ") + field + ": " + (message.is_string() ? message.get<std::string>() : "");
    return words;
}

/// An expired token may give 200 and an empty list; a header tells. \source contracts/trackers.md 5, T20
bool signedOut(const http::Response &response)
{
    const auto reason = response.header("x-seraph-loginreason");
    return reason
        && (reason->find("FAILED") != std::string_view::npos || reason->find("DENIED") != std::string_view::npos);
}

std::string inQuotes(std::string_view text)
{
    std::string result = "\"";
    for (const char c : text) {
        if (c == '"' || c == '\\')
            result += '\\';
        result += c;
    }
    return result + '"';
}

bool oneOf(std::string_view word, std::initializer_list<std::string_view> words)
{
    return std::any_of(words.begin(), words.end(), [&](std::string_view other) { return sameWord(word, other); });
}

/// The allowed value of that name or id.
const Json *allowed(const Json &field, std::initializer_list<std::string_view> names)
{
    for (const std::string_view name : names)
        for (const Json &value : valueAt(field, "/allowedValues"))
            if (sameWord(textAt(value, "/name"), name) || sameWord(textAt(value, "/value"), name)
                || sameWord(textAt(value, "/key"), name) || textAt(value, "/id") == name)
                return &value;
    return nullptr;
}

RestRules rulesOf(const Connection &connection)
{
    RestRules rules;
    rules.base = baseOf(connection);
    rules.headers = {{"Accept", "application/json"}};
    if (connection.kind == "jira_cloud" && !connection.setting("email").empty()) {
        const std::string pair = http::base64(connection.setting("email") + ":" + connection.secret);
        rules.headers.emplace_back("Authorization", "Basic " + pair);
        rules.secrets = {connection.secret, pair};
    } else {
        rules.headers.emplace_back("Authorization", "Bearer " + connection.secret);
        rules.secrets = {connection.secret};
    }
    rules.errorIn = errorIn;
    rules.signedOut = signedOut;
    rules.perSubject = std::chrono::seconds(2);
    return rules;
}

http::Pacer pacerOf(const Connection &connection)
{
    using Reset = http::BudgetHeaders::Reset;
    std::vector<http::BudgetHeaders> headers;
    if (connection.kind == "jira_cloud") {
        headers.push_back({"X-RateLimit-Remaining", "X-RateLimit-Reset", Reset::Iso8601});
        headers.push_back({"Beta-RateLimit-Remaining", "Beta-RateLimit-Reset", Reset::Iso8601});
    } else {
        headers.push_back({"X-RateLimit-Remaining", "X-RateLimit-Interval-Seconds", Reset::Interval});
    }
    return http::Pacer(std::move(headers), {}, {});
}

/// Rank of a priority by its usual names; bigger is more urgent.
int rankOf(std::string_view priority)
{
    return oneOf(priority, {"Highest", "Blocker", "Critical", "P1", "Urgent"}) ? 4
        : oneOf(priority, {"High", "Major", "P2"})                             ? 3
        : oneOf(priority, {"Medium", "Normal", "P3"})                          ? 2
                                                                               : 1;
}

std::optional<TimePoint> changedAt(const Json &created)
{
    if (created.is_string())
        return vendorTime(created.get<std::string>());
    if (!created.is_number())
        return std::nullopt;
    // seconds in the description's example, milliseconds on the wire
    const double value = created.get<double>();
    return TimePoint(std::chrono::milliseconds(std::int64_t(value < 1e11 ? value * 1000 : value)));
}

}

JiraTracker::JiraTracker(const Connection &connection, std::shared_ptr<http::Transport> transport, Clock &clock)
    : m_connection(connection)
    , m_rest(std::move(transport), clock, rulesOf(connection), pacerOf(connection))
    , m_label(labelText(connection.setting("label", "feedback"), 255))
{
}

Result<std::unique_ptr<Tracker>> JiraTracker::make(const Connection &connection,
                                                   std::shared_ptr<http::Transport> transport, Clock &clock)
{
    return std::unique_ptr<Tracker>(std::make_unique<JiraTracker>(connection, std::move(transport), clock));
}

seconds JiraTracker::settles() const
{
    return settlesOf(m_connection, seconds(180));
}

Limits JiraTracker::limits() const
{
    return {cloud() ? draft::Format::Adf : draft::Format::Wiki, 254, 20'000, true};
}

Json JiraTracker::bodyValue(const std::string &text) const
{
    return cloud() ? Json::parse(text, nullptr, false) : Json(text);
}

TicketRef JiraTracker::refOf(const Json &issue) const
{
    const std::string key = textAt(issue, "/key");
    return {textAt(issue, "/id"), m_rest.base() + "/browse/" + (key.empty() ? textAt(issue, "/id") : key)};
}

Result<const JiraTracker::Meta *> JiraTracker::meta(std::stop_token stop)
{
    if (m_meta)
        return &*m_meta;
    Meta meta;
    const std::string project = m_connection.setting("project"), type = m_connection.setting("issue_type", "Bug");
    const bool number = std::all_of(project.begin(), project.end(), [](char c) { return c >= '0' && c <= '9'; });
    meta.project = {{number ? "id" : "key", project}};
    meta.projectTerm = number ? project : inQuotes(project);
    meta.type = {{"name", type}};
    const std::string place = api("/issue/createmeta/" + http::percentEncoded(project) + "/issuetypes");
    // every page; Data Center calls the lists `values`
    const auto pages = [&](const std::string &path, const char *list,
                           const std::function<void(const Json &)> &take) -> Result<> {
        for (std::size_t at = 0, page = 0; page < kMostPages; ++page) {
            const auto answer = m_rest.read(path + "?startAt=" + std::to_string(at) + "&maxResults=50", stop);
            if (!answer)
                return tl::unexpected(answer.error());
            const Json &own = valueAt(answer->body, std::string("/") + list),
                       &values = valueAt(answer->body, "/values"), &results = valueAt(answer->body, "/results");
            const Json &items = !own.empty() ? own : !values.empty() ? values : results;
            for (const Json &item : items)
                take(item);
            at += items.size();
            const Json &total = valueAt(answer->body, "/total");
            if (items.empty() || !total.is_number_integer() || at >= total.get<std::size_t>())
                break;
        }
        return {};
    };
    std::string typeId, names;
    auto done = pages(place, "issueTypes", [&](const Json &item) {
        const std::string id = textAt(item, "/id"), name = textAt(item, "/name");
        names += (names.empty() ? "" : ", ") + name;
        if (typeId.empty() && (sameWord(name, type) || id == type))
            typeId = id;
    });
    if (done && typeId.empty() && !names.empty())
        return fail(ErrorCode::Protocol,
                    "project " + project + " has no issue type " + type + "; it has " + m_rest.spoken(names));
    if (done && !typeId.empty()) {
        meta.type = {{"id", typeId}};
        meta.known = true;
        done = pages(place + "/" + http::percentEncoded(typeId), "fields", [&](const Json &field) {
            const std::string id = textAt(field, "/fieldId");
            meta.fields.emplace(id.empty() ? textAt(field, "/key") : id, field);
        });
    }
    if (!done && done.error().code != ErrorCode::NotFound)
        return tl::unexpected(done.error());
    if (!done || meta.fields.empty())
        meta.known = false;
    if (const auto field = meta.fields.find("project"); field != meta.fields.end())
        if (const Json *value = allowed(field->second, {project}); value && !textAt(*value, "/id").empty()) {
            meta.project = {{"id", textAt(*value, "/id")}};
            meta.projectTerm = textAt(*value, "/id");
        }
    if (meta.projectTerm.front() == '"') {
        const auto answer = m_rest.read(api("/project/" + http::percentEncoded(project)), stop);
        if (answer && !textAt(answer->body, "/id").empty()) {
            meta.project = {{"id", textAt(answer->body, "/id")}};
            meta.projectTerm = textAt(answer->body, "/id");
        } else if (!answer && answer.error().code != ErrorCode::NotFound) {
            return tl::unexpected(answer.error());
        }
    }
    m_meta = std::move(meta);
    return &*m_meta;
}

Result<TimePoint> JiraTracker::search(const std::string &jql, const std::vector<std::string> &fields,
                                      const std::vector<std::string> &known,
                                      const std::function<void(const Json &)> &take, std::stop_token stop)
{
    std::optional<TimePoint> first;
    std::set<std::string> tokens;
    std::string token;
    std::size_t at = 0;
    for (int page = 0; page < kMostPages; ++page) {
        Json body{{"jql", jql}, {"fields", fields}, {"maxResults", 50}};
        if (cloud()) {
            if (!known.empty()) {
                Json ids = Json::array();
                for (const std::string &id : known)
                    if (ids.size() < 50 && !id.empty() && id.size() < 16
                        && std::all_of(id.begin(), id.end(), [](char c) { return c >= '0' && c <= '9'; }))
                        ids.push_back(std::stoll(id));
                body["reconcileIssues"] = ids;
            }
            if (!token.empty())
                body["nextPageToken"] = token;
        } else {
            body["startAt"] = at;
        }
        const auto answer = m_rest.ask(api(cloud() ? "/search/jql" : "/search"), body, stop);
        if (!answer)
            return tl::unexpected(answer.error());
        if (!answer->body.is_object() || !answer->body.contains("issues") || !answer->body["issues"].is_array())
            return fail(ErrorCode::Protocol, "the search answers no list of issues");
        first = first ? first : answer->at;
        for (const Json &issue : answer->body["issues"])
            take(issue);
        if (cloud()) {
            // `isLast` and empty pages end nothing; a missing token does. \source contracts/trackers.md 5, T18
            token = textAt(answer->body, "/nextPageToken");
            if (token.empty())
                return *first;
            if (!tokens.insert(token).second)
                return fail(ErrorCode::Protocol, "the search gives the same page token twice");
        } else {
            const std::size_t count = answer->body["issues"].size();
            at += count;
            const Json &total = valueAt(answer->body, "/total");
            if (count == 0 || !total.is_number_integer() || at >= total.get<std::size_t>())
                return *first;
        }
    }
    return fail(ErrorCode::Protocol, "the search does not end after 1000 pages");
}

Result<std::vector<TicketRef>> JiraTracker::findAll(const TicketKey &key, std::stop_token stop)
{
    const auto setup = meta(stop);
    if (!setup)
        return tl::unexpected(setup.error());
    std::vector<TicketRef> found;
    const auto done = search(
        "project = " + (*setup)->projectTerm + " AND labels = " + inQuotes(key.externalId) + " ORDER BY created ASC",
        {"labels", "status", "summary"}, {},
        [&](const Json &issue) {
            for (const Json &label : valueAt(issue, "/fields/labels"))
                if (label == key.externalId) {
                    found.push_back(refOf(issue));
                    break;
                }
        },
        stop);
    if (!done)
        return tl::unexpected(done.error());
    // the lowest id is the one to keep
    std::stable_sort(found.begin(), found.end(), [](const TicketRef &a, const TicketRef &b) {
        return std::pair(a.id.size(), a.id) < std::pair(b.id.size(), b.id);
    });
    found.erase(std::unique(found.begin(), found.end()), found.end());
    return found;
}

Result<Json> JiraTracker::payload(const TicketKey &key, const Draft &draft, Shaped &result, std::stop_token stop)
{
    const auto setup = meta(stop);
    if (!setup)
        return tl::unexpected(setup.error());
    const Meta &meta = **setup;
    result = shaped(draft, key.externalId, limits());
    // fields that the create screen lacks would make it fail. \source contracts/trackers.md 5, T14
    const auto listed = [&](const std::string &field) { return !meta.known || meta.fields.contains(field); };
    Json fields{{"project", meta.project}, {"issuetype", meta.type}, {"summary", result.title}};
    if (listed("description"))
        fields["description"] = bodyValue(result.body);
    if (!listed("labels"))
        return fail(ErrorCode::Protocol,
                    "the create screen of " + m_connection.setting("project")
                        + " has no field Labels, by which a ticket is found again; ask an administrator to add it");
    fields["labels"] = {m_label, key.externalId};
    if (const auto priority = meta.fields.find("priority"); priority != meta.fields.end()) {
        const std::string word = fieldOf(draft, "priority");
        const Json *value = word == "urgent" ? allowed(priority->second, {"Highest", "Blocker", "Critical", "Urgent"})
            : word == "high"                 ? allowed(priority->second, {"High", "Major"})
            : word == "medium"               ? allowed(priority->second, {"Medium", "Normal"})
            : word == "low"                  ? allowed(priority->second, {"Low", "Minor"})
                                             : nullptr;
        if (value)
            fields["priority"] = {{"id", textAt(*value, "/id")}};
    }
    if (const auto components = meta.fields.find("components"); components != meta.fields.end())
        if (const std::string component = fieldOf(draft, "component"); !component.empty())
            if (const Json *value = allowed(components->second, {component}))
                fields["components"] = Json::array({{{"id", textAt(*value, "/id")}}});
    for (const auto &[name, text] : m_connection.settings) {
        if (!name.starts_with("field.") || !listed(name.substr(6)))
            continue;
        const std::string id = name.substr(6);
        const Json known = meta.known ? meta.fields.at(id) : Json::object();
        const Json *value = allowed(known, {text});
        const std::string type = textAt(known, "/schema/type");
        Json single = value    ? Json{{"id", textAt(*value, "/id")}}
            : type == "number" ? Json::parse(text, nullptr, false)
                               : Json(text);
        fields[id] = type == "array" ? Json::array({single}) : single;
    }
    std::string missing;
    for (const auto &[id, field] : meta.fields)
        if (valueAt(field, "/required") == true && valueAt(field, "/hasDefaultValue") != true && !fields.contains(id)
            && id != "reporter")
            missing += (missing.empty() ? "" : ", ") + id + " (" + textAt(field, "/name") + ")";
    if (!missing.empty())
        return fail(ErrorCode::InvalidInput,
                    "the project requires " + m_rest.spoken(missing) + "; give values with --set field.ID=VALUE");
    return Json{{"fields", fields},
                {"properties",
                 Json::array({{{"key", "feedback.ref"}, {"value", {{"v", 1}, {"external_id", key.externalId}}}}})}};
}

Result<Payload> JiraTracker::preview(const TicketKey &key, const Draft &draft, std::stop_token stop)
{
    Shaped result;
    const auto body = payload(key, draft, result, stop);
    if (!body)
        return tl::unexpected(body.error());
    return Payload{"POST", m_rest.base() + api(cloud() ? "/issue?updateHistory=false" : "/issue"), "application/json",
                   dumped(*body), result.attachment};
}

SendResult JiraTracker::create(const TicketKey &key, const Draft &draft, std::stop_token stop)
{
    Shaped result;
    const auto body = payload(key, draft, result, stop);
    if (!body)
        return {body.error().code == ErrorCode::InvalidInput ? SendState::Rejected : SendState::NotSent,
                {},
                body.error().detail};
    const auto sent = m_rest.once(
        {.method = "POST", .path = api(cloud() ? "/issue?updateHistory=false" : "/issue"), .body = dumped(*body)},
        stop);
    if (sent.state != SendState::Confirmed)
        return {sent.state, {}, sent.detail};
    const TicketRef ref = refOf(sent.answer.body);
    return ref.id.empty() ? SendResult{SendState::Ambiguous, {}, "answered without the id of a ticket"}
                          : SendResult{SendState::Confirmed, ref, ""};
}

std::string JiraTracker::outcomeOf(const Json &fields) const
{
    const std::string category = textAt(fields, "/status/statusCategory/key"),
                      resolution = textAt(fields, "/resolution/name");
    if (category == "new" || category == "undefined")
        return "open";
    if (category == "indeterminate")
        return "in_progress";
    if (category != "done")
        return "unknown";
    if (oneOf(resolution, {"Duplicate"}))
        return "closed_duplicate";
    if (oneOf(resolution, {"Cannot Reproduce", "Incomplete", "Invalid"}))
        return "closed_not_actionable";
    if (oneOf(resolution, {"Won't Do", "Won't Fix", "Won’t Do", "Won’t Fix", "Declined"}))
        return "closed_wont_fix";
    return "resolved_fixed"; // Fixed, Done, or none
}

Result<TicketState> JiraTracker::state(const TicketRef &ticket, std::stop_token stop)
{
    const auto answer = m_rest.read(
        api("/issue/" + http::percentEncoded(ticket.id) + "?fields=status,resolution,priority,updated"), stop);
    if (!answer)
        return answer.error().code == ErrorCode::NotFound ? Result<TicketState>(TicketState{"deleted", "unknown", {}})
                                                          : tl::unexpected(answer.error());
    const Json &fields = valueAt(answer->body, "/fields");
    return TicketState{textAt(fields, "/status/name"), outcomeOf(fields), vendorTime(textAt(fields, "/updated"))};
}

Result<bool> JiraTracker::hasEvidence(const TicketRef &ticket, const std::string &id, std::stop_token stop)
{
    for (std::size_t at = 0, page = 0; page < kMostPages; ++page) {
        const auto answer = m_rest.read(
            api("/issue/" + http::percentEncoded(ticket.id)
                + "/comment?orderBy=-created&maxResults=100&expand=properties&startAt=" + std::to_string(at)),
            stop);
        if (!answer)
            return tl::unexpected(answer.error());
        const Json &comments = valueAt(answer->body, "/comments");
        for (const Json &comment : comments)
            for (const Json &property : valueAt(comment, "/properties"))
                if (textAt(property, "/key") == "feedback.evidence" && textAt(property, "/value/id") == id)
                    return true;
        at += comments.size();
        const Json &total = valueAt(answer->body, "/total");
        if (comments.empty() || (total.is_number_integer() && at >= total.get<std::size_t>()))
            return false;
    }
    return fail(ErrorCode::Protocol, "the comments do not end after 1000 pages");
}

SendResult JiraTracker::addEvidence(const TicketRef &ticket, const TicketEvidence &evidence, std::stop_token stop)
{
    const auto there = hasEvidence(ticket, evidence.id, stop);
    if (!there)
        return {there.error().code == ErrorCode::NotFound ? SendState::Rejected : SendState::NotSent,
                {},
                there.error().detail};
    if (*there)
        return {SendState::Confirmed, ticket, ""};
    const Json body{{"body", bodyValue(shapedEvidence(evidence.body, evidence.id, limits()))},
                    {"properties", Json::array({{{"key", "feedback.evidence"}, {"value", {{"id", evidence.id}}}}})}};
    const auto sent = m_rest.once({.method = "POST",
                                   .path = api("/issue/" + http::percentEncoded(ticket.id) + "/comment"),
                                   .body = dumped(body),
                                   .subject = ticket.id},
                                  stop);
    return {sent.state, ticket, sent.detail};
}

SendResult JiraTracker::complete(const TicketKey &key, const TicketRef &ticket, const Draft &draft,
                                 std::stop_token stop)
{
    const std::string issue = "/issue/" + http::percentEncoded(ticket.id);
    // an upsert by `globalId`; what is left out would become null, so it is always sent whole
    const std::string id = key.externalId.starts_with("fb-") ? key.externalId.substr(3) : key.externalId;
    const Json link{{"globalId", "feedback:" + key.externalId},
                    {"application", {{"type", "winnow"}, {"name", "Winnow"}}},
                    {"relationship", "customer feedback"},
                    {"object",
                     {{"url", "winnow://incident/" + id},
                      {"title", "Incident " + id},
                      {"summary", "The reports behind this ticket"}}}};
    const auto linked = m_rest.once(
        {.method = "POST", .path = api(issue + "/remotelink"), .body = dumped(link), .subject = ticket.id}, stop);
    if (linked.state != SendState::Confirmed)
        return {linked.state, ticket, linked.detail};
    const Shaped result = shaped(draft, key.externalId, limits());
    if (result.attachment.empty())
        return {SendState::Confirmed, ticket, ""};
    const std::string name = key.externalId + ".md";
    const auto answer = m_rest.read(api(issue + "?fields=attachment"), stop);
    if (!answer)
        return {SendState::NotSent, ticket, answer.error().detail};
    for (const Json &attachment : valueAt(answer->body, "/fields/attachment"))
        if (textAt(attachment, "/filename") == name)
            return {SendState::Confirmed, ticket, ""};
    const std::string boundary = "winnow-" + uuid4From(result.attachment);
    const auto sent =
        m_rest.once({.method = "POST",
                     .path = api(issue + "/attachments"),
                     .body = "--" + boundary + "\r\nContent-Disposition: form-data; name=\"file\"; filename=\"" + name
                         + "\"\r\nContent-Type: text/markdown; charset=utf-8\r\n\r\n" + result.attachment + "\r\n--"
                         + boundary + "--\r\n",
                     .contentType = "multipart/form-data; boundary=" + boundary,
                     .headers = {{"X-Atlassian-Token", "no-check"}},
                     .subject = ticket.id,
                     .upload = true},
                    stop);
    return {sent.state, ticket, sent.detail};
}

SendResult JiraTracker::reopen(const TicketRef &ticket, std::stop_token stop)
{
    const std::string place = api("/issue/" + http::percentEncoded(ticket.id) + "/transitions");
    const auto answer = m_rest.read(place, stop);
    if (!answer)
        return {SendState::NotSent, {}, answer.error().detail};
    for (const Json &transition : valueAt(answer->body, "/transitions")) {
        const std::string category = textAt(transition, "/to/statusCategory/key");
        if (category.empty() || category == "done")
            continue;
        const auto sent = m_rest.once({.method = "POST",
                                       .path = place,
                                       .body = dumped({{"transition", {{"id", textAt(transition, "/id")}}}}),
                                       .subject = ticket.id,
                                       .emptyAnswer = true},
                                      stop);
        return {sent.state, ticket, sent.detail};
    }
    return {SendState::Rejected, {}, "the workflow offers no way back to an open status"};
}

Result<std::vector<Proposal>> JiraTracker::findText(const std::string &words, std::stop_token stop)
{
    const auto setup = meta(stop);
    if (!setup)
        return tl::unexpected(setup.error());
    // what the text search reads as an operator becomes a blank
    std::string plain = titleText(words, 200);
    for (char &c : plain)
        if (std::string_view("\"\\+-&|!(){}[]^~*?:/").find(c) != std::string_view::npos)
            c = ' ';
    std::vector<Proposal> found;
    const auto done = search(
        "project = " + (*setup)->projectTerm + " AND statusCategory != Done AND text ~ " + inQuotes(plain),
        {"summary", "status"}, {},
        [&](const Json &issue) {
            if (found.size() < 20)
                found.push_back({refOf(issue), textAt(issue, "/fields/summary"), textAt(issue, "/fields/status/name")});
        },
        stop);
    if (!done)
        return tl::unexpected(done.error());
    return found;
}

Result<std::map<std::string, Json>> JiraTracker::histories(const std::vector<std::string> &ids, std::stop_token stop)
{
    std::map<std::string, Json> result;
    if (!cloud()) {
        for (const std::string &id : ids) {
            const auto answer =
                m_rest.read(api("/issue/" + http::percentEncoded(id) + "?fields=status&expand=changelog"), stop);
            if (answer)
                result[id] = valueAt(answer->body, "/changelog/histories");
            else if (answer.error().code != ErrorCode::NotFound)
                return tl::unexpected(answer.error());
        }
        return result;
    }
    std::string token;
    for (int page = 0; page < kMostPages; ++page) {
        Json body{{"issueIdsOrKeys", ids}, {"fieldIds", {"status", "resolution", "priority"}}};
        if (!token.empty())
            body["nextPageToken"] = token;
        const auto answer = m_rest.ask(api("/changelog/bulkfetch"), body, stop);
        if (!answer)
            return answer.error().code == ErrorCode::NotFound ? Result<std::map<std::string, Json>>(result)
                                                              : tl::unexpected(answer.error());
        for (const Json &log : valueAt(answer->body, "/issueChangeLogs")) {
            Json &list = result.emplace(textAt(log, "/issueId"), Json::array()).first->second;
            for (const Json &entry : valueAt(log, "/changeHistories"))
                list.push_back(entry);
        }
        const std::string next = textAt(answer->body, "/nextPageToken");
        if (next.empty() || next == token)
            break;
        token = next;
    }
    return result;
}

Result<Changes> JiraTracker::changes(const std::string &cursor, const std::vector<FollowedTicket> &tickets,
                                     std::stop_token stop)
{
    const auto setup = meta(stop);
    if (!setup)
        return tl::unexpected(setup.error());
    std::map<std::string, const FollowedTicket *> ours;
    for (const FollowedTicket &ticket : tickets)
        ours.emplace(ticket.ticket.id, &ticket);
    std::map<std::string, Json> issues;
    std::optional<TimePoint> first;
    // by id, because the search's index lags
    std::vector<std::string> ids;
    for (const auto &[id, ticket] : ours)
        ids.push_back(id);
    for (std::size_t begin = 0; begin < ids.size(); begin += 100) {
        const std::vector<std::string> part(ids.begin() + std::ptrdiff_t(begin),
                                            ids.begin() + std::ptrdiff_t(std::min(begin + 100, ids.size())));
        if (cloud()) {
            const auto answer =
                m_rest.ask(api("/issue/bulkfetch"),
                           {{"issueIdsOrKeys", part},
                            {"fields", {"status", "resolution", "priority", "updated", "issuelinks", "labels"}}},
                           stop);
            if (!answer)
                return tl::unexpected(answer.error());
            first = first ? first : answer->at;
            for (const Json &issue : valueAt(answer->body, "/issues"))
                issues[textAt(issue, "/id")] = issue;
        } else {
            for (const std::string &id : part) {
                const auto answer = m_rest.read(
                    api("/issue/" + http::percentEncoded(id) + "?fields=status,resolution,priority,updated,labels"),
                    stop);
                if (answer)
                    issues[id] = answer->body;
                else if (answer.error().code != ErrorCode::NotFound)
                    return tl::unexpected(answer.error());
                if (answer)
                    first = first ? first : answer->at;
            }
        }
    }
    // those that are not followed yet; unquoted milliseconds, because quoted dates are read in the account's own zone
    std::int64_t since = 0;
    if (!cursor.empty())
        if (const auto time = parseTime(cursor))
            since = time->time_since_epoch().count();
    const auto discovered = search(
        "project = " + (*setup)->projectTerm + " AND labels = " + inQuotes(m_label)
            + " AND updated >= " + std::to_string(since) + " ORDER BY updated ASC",
        {"status", "resolution", "priority", "updated", "labels"}, {},
        [&](const Json &issue) { issues.emplace(textAt(issue, "/id"), issue); }, stop);
    if (!discovered)
        return tl::unexpected(discovered.error());
    first = first ? first : *discovered;
    Changes result;
    result.cursor = formatTime(*first - kOverlap);
    std::vector<std::string> moved;
    for (const auto &[id, ticket] : ours)
        if (issues.contains(id) && textAt(issues[id], "/fields/updated") != ticket->memo)
            moved.push_back(id);
    auto logs = moved.empty() ? Result<std::map<std::string, Json>>() : histories(moved, stop);
    if (!logs)
        return tl::unexpected(logs.error());
    // which category a status has: by id, as far as the issues themselves tell
    for (const auto &[id, issue] : issues)
        m_categories[textAt(issue, "/fields/status/id")] = textAt(issue, "/fields/status/statusCategory/key");
    if (const auto statuses = moved.empty()
            ? Result<Answer>(fail(ErrorCode::NotFound, ""))
            : m_rest.read(api("/project/" + http::percentEncoded(m_connection.setting("project")) + "/statuses"), stop))
        for (const Json &type : statuses->body.is_array() ? statuses->body : Json::array())
            for (const Json &status : valueAt(type, "/statuses"))
                if (const std::string key = textAt(status, "/statusCategory/key"); !key.empty())
                    m_categories[textAt(status, "/id")] = key;
    for (const auto &[id, ticket] : ours) {
        const auto issue = issues.find(id);
        if (issue == issues.end()) {
            result.changes.push_back({id, "unknown", "deleted", std::nullopt, ticket->memo});
            continue;
        }
        const Json &fields = valueAt(issue->second, "/fields");
        const std::string updated = textAt(fields, "/updated"), outcome = outcomeOf(fields);
        std::vector<TicketChange> events;
        std::optional<TimePoint> stateAt;
        if (const auto log = logs->find(id); log != logs->end()) {
            const auto seen = vendorTime(ticket->memo);
            for (const Json &entry : log->second) {
                const auto at = changedAt(valueAt(entry, "/created"));
                for (const Json &item : valueAt(entry, "/items")) {
                    const std::string field =
                        textAt(item, "/fieldId").empty() ? textAt(item, "/field") : textAt(item, "/fieldId");
                    const auto category = [&](const char *place) {
                        const auto found = m_categories.find(textAt(item, place));
                        return found == m_categories.end() ? std::string() : found->second;
                    };
                    if (field == "status") {
                        stateAt = std::max(stateAt.value_or(at.value_or(TimePoint())), at.value_or(TimePoint()));
                        if (category("/from") == "done" && !category("/to").empty() && category("/to") != "done"
                            && (!seen || !at || *at > *seen))
                            events.push_back({id, "reopened", textAt(item, "/toString"), at, updated});
                    }
                    if (field == "priority" && rankOf(textAt(item, "/toString")) == 4
                        && rankOf(textAt(item, "/fromString")) < 4 && (!seen || !at || *at > *seen))
                        events.push_back({id, "escalated", textAt(item, "/toString"), at, updated});
                }
            }
        }
        if (events.empty() && isClosedOutcome(ticket->outcome) && !isClosedOutcome(outcome) && outcome != "unknown")
            events.push_back({id, "reopened", textAt(fields, "/status/name"), vendorTime(updated), updated});
        std::stable_sort(events.begin(), events.end(),
                         [](const TicketChange &a, const TicketChange &b) { return a.at < b.at; });
        result.changes.insert(result.changes.end(), events.begin(), events.end());
        result.changes.push_back(
            {id, outcome, textAt(fields, "/status/name"), stateAt ? stateAt : vendorTime(updated), updated});
    }
    return result;
}

std::vector<ProbeStep> JiraTracker::test(std::stop_token stop)
{
    std::vector<ProbeStep> steps;
    const auto step = [&](const char *name, const Result<Answer> &answer, const std::string &good,
                          const std::string &remedy) {
        steps.push_back({name, answer.has_value(), answer ? good : answer.error().detail, answer ? "" : remedy});
        return answer.has_value();
    };
    if (!cloud()) {
        const auto server = m_rest.read(api("/serverInfo"), stop);
        if (!step("server", server, server ? "Jira " + m_rest.spoken(textAt(server->body, "/version")) : "",
                  "check the address: the root of the server, with its context path"))
            return steps;
    }
    const auto myself = m_rest.read(api("/myself"), stop);
    if (!step("credentials", myself, myself ? m_rest.spoken(textAt(myself->body, "/displayName")) : "",
              cloud() ? "make an API token for this e-mail address, and check the address of the site"
                      : "make a personal access token"))
        return steps;
    const std::string project = m_connection.setting("project");
    const auto rights = m_rest.read(
        api("/mypermissions?projectKey=" + http::percentEncoded(project)
            + "&permissions=BROWSE_PROJECTS,CREATE_ISSUES,EDIT_ISSUES,ADD_COMMENTS,CREATE_ATTACHMENTS,LINK_ISSUES"),
        stop);
    if (step("rights", rights, "project " + project, "check the project's key")) {
        std::string missing;
        for (const char *right :
             {"BROWSE_PROJECTS", "CREATE_ISSUES", "EDIT_ISSUES", "ADD_COMMENTS", "CREATE_ATTACHMENTS", "LINK_ISSUES"})
            if (valueAt(rights->body, std::string("/permissions/") + right + "/havePermission") != true)
                missing += (missing.empty() ? "" : ", ") + std::string(right);
        if (!missing.empty())
            steps.back() = {"rights", false, "missing: " + missing,
                            "ask an administrator of project " + project + " for these rights"};
    }
    if (cloud()) {
        const auto attachments = m_rest.read(api("/attachment/meta"), stop);
        if (step("attachments", attachments, "allowed", "ask an administrator to allow attachments")
            && valueAt(attachments->body, "/enabled") == false)
            steps.back() = {"attachments", false, "not allowed", "ask an administrator to allow attachments"};
    }
    m_meta.reset();
    const auto setup = meta(stop);
    if (!setup) {
        steps.push_back({"fields", false, setup.error().detail, "check project and issue_type"});
        return steps;
    }
    Shaped ignored;
    const auto body =
        payload({"fb-00000000000000000000000000"}, {"Connection test", "No ticket is made.", {}}, ignored, stop);
    steps.push_back(
        {"fields", body.has_value(),
         body ? std::to_string((*setup)->fields.size()) + " fields on the create screen" : body.error().detail,
         body ? "" : "give values with --set, or ask an administrator to change the create screen"});
    return steps;
}

}
