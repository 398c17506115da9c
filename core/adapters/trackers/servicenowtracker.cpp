#include "core/adapters/trackers/servicenowtracker.h"

#include <algorithm>
#include <charconv>

namespace winnow::trackers
{

namespace
{

using std::chrono::seconds;

constexpr int kMostPages = 1000;
constexpr int kPage = 200;
constexpr seconds kOverlap{120};
constexpr const char *kFields =
    "sys_id,number,correlation_id,state,incident_state,close_code,resolution_code,reopen_count,escalation,priority,"
    "sys_updated_on,sys_created_on,short_description,active";

std::optional<std::string> errorIn(const Json &body)
{
    if (!body.is_object() || !body.contains("error") || !body["error"].is_object())
        return std::nullopt;
    const std::string message = textAt(body, "/error/message"), detail = textAt(body, "/error/detail");
    return message + (message.empty() || detail.empty() ? "" : ": ") + detail;
}

RestRules rulesOf(const Connection &connection)
{
    RestRules rules;
    rules.base = baseOf(connection);
    const std::string pair = http::base64(connection.setting("user") + ":" + connection.secret);
    rules.headers = {{"Accept", "application/json"}, {"Authorization", "Basic " + pair}};
    rules.secrets = {connection.secret, pair};
    rules.errorIn = errorIn;
    return rules;
}

/// A value travels as text, or as an object of a reference.
std::string valueOf(const Json &row, const char *name)
{
    const Json &found = valueAt(row, std::string("/") + name);
    return found.is_object() ? textAt(found, "/value") : textAt(row, std::string("/") + name);
}

std::string lower(std::string text)
{
    std::transform(text.begin(), text.end(), text.begin(),
                   [](char c) { return c >= 'A' && c <= 'Z' ? char(c - 'A' + 'a') : c; });
    return text;
}

/// `2026-09-14 08:11:02`, UTC.
std::string utcText(TimePoint time)
{
    std::string text = formatTime(time).substr(0, 19);
    text[10] = ' ';
    return text;
}

std::size_t numberIn(const std::string &text, std::size_t fallback)
{
    std::size_t value = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
    return error == std::errc() && end == text.data() + text.size() && value > 0 ? value : fallback;
}

}

ServiceNowTracker::ServiceNowTracker(const Connection &connection, std::shared_ptr<http::Transport> transport,
                                     Clock &clock)
    : m_connection(connection)
    , m_rest(std::move(transport), clock, rulesOf(connection),
             http::Pacer({{"X-RateLimit-Remaining", "X-RateLimit-Reset", http::BudgetHeaders::Reset::Seconds}}, {}, {}))
    , m_table(connection.setting("table", "incident"))
{
}

Result<std::unique_ptr<Tracker>> ServiceNowTracker::make(const Connection &connection,
                                                         std::shared_ptr<http::Transport> transport, Clock &clock)
{
    return std::unique_ptr<Tracker>(std::make_unique<ServiceNowTracker>(connection, std::move(transport), clock));
}

seconds ServiceNowTracker::settles() const
{
    return settlesOf(m_connection, seconds(180));
}

Limits ServiceNowTracker::limits() const
{
    return {draft::Format::Plain, m_titleLength, m_bodyLength, true};
}

std::string ServiceNowTracker::table(const std::string &query) const
{
    return "/api/now/table/" + m_table + query;
}

TicketRef ServiceNowTracker::refOf(const Json &row) const
{
    const std::string id = valueOf(row, "sys_id");
    return {id, m_rest.base() + "/" + m_table + ".do?sys_id=" + id};
}

Result<> ServiceNowTracker::guard(std::stop_token stop)
{
    if (m_guarded)
        return {};
    const auto answer = m_rest.read(table(http::query({{"sysparm_query", "correlation_id=fb-guard-does-not-exist"},
                                                       {"sysparm_fields", "sys_id,correlation_id"},
                                                       {"sysparm_limit", "1"}})),
                                    stop);
    if (!answer)
        return tl::unexpected(answer.error());
    if (!valueAt(answer->body, "/result").empty())
        return fail(ErrorCode::Protocol,
                    "table " + m_table
                        + " answers a query by correlation_id with other records: tickets could not be "
                          "found again; the account must be able to read that column");
    const auto any =
        m_rest.read(table(http::query({{"sysparm_fields", "sys_id,correlation_id"}, {"sysparm_limit", "1"}})), stop);
    if (!any)
        return tl::unexpected(any.error());
    for (const Json &row : valueAt(any->body, "/result"))
        if (!row.contains("correlation_id"))
            return fail(ErrorCode::Protocol, "table " + m_table + " has no readable column correlation_id");
    m_guarded = true;
    return {};
}

Result<> ServiceNowTracker::learnLengths(std::stop_token stop)
{
    if (m_learned)
        return {};
    const auto answer = m_rest.read(
        "/api/now/table/sys_dictionary"
            + http::query({{"sysparm_query", "nameIN" + m_table + ",task^elementINshort_description,description"},
                           {"sysparm_fields", "name,element,max_length"},
                           {"sysparm_limit", "10"}}),
        stop);
    if (!answer && answer.error().code != ErrorCode::NotFound && answer.error().code != ErrorCode::Protocol)
        return tl::unexpected(answer.error());
    // an account that may not read the dictionary gets the base system's lengths
    if (answer)
        for (const Json &row : valueAt(answer->body, "/result")) {
            const std::string element = valueOf(row, "element");
            const std::size_t length = numberIn(valueOf(row, "max_length"), 0);
            if (element == "short_description" && length >= 20)
                m_titleLength = std::min<std::size_t>(length, 255);
            if (element == "description" && length >= 200)
                m_bodyLength = std::min<std::size_t>(length, 200'000);
        }
    m_learned = true;
    return {};
}

Result<std::vector<TicketRef>> ServiceNowTracker::findAll(const TicketKey &key, std::stop_token stop)
{
    if (key.externalId.find('^') != std::string::npos)
        return fail(ErrorCode::InvalidInput, "an id must not hold ^");
    if (auto good = guard(stop); !good)
        return tl::unexpected(good.error());
    const auto answer =
        m_rest.read(table(http::query({{"sysparm_query", "correlation_id=" + key.externalId + "^ORDERBYsys_created_on"},
                                       {"sysparm_fields", kFields},
                                       {"sysparm_limit", "50"}})),
                    stop);
    if (!answer)
        return tl::unexpected(answer.error());
    if (!answer->body.is_object() || !answer->body.contains("result") || !answer->body["result"].is_array())
        return fail(ErrorCode::Protocol, "the table answers no list of records");
    std::vector<TicketRef> found;
    for (const Json &row : answer->body["result"])
        if (valueOf(row, "correlation_id") == key.externalId)
            found.push_back(refOf(row));
    return found;
}

Json ServiceNowTracker::record(const TicketKey &key, const Draft &draft, Shaped &result) const
{
    result = shaped(draft, key.externalId, limits());
    const std::string severity = fieldOf(draft, "severity"), priority = fieldOf(draft, "priority");
    Json record{{"short_description", result.title},
                {"description", result.body},
                {"correlation_id", key.externalId},
                {"correlation_display", m_connection.setting("label", "feedback")},
                {"impact",
                 severity == "critical"                           ? "1"
                     : severity == "high" || severity == "medium" ? "2"
                                                                  : "3"},
                {"urgency",
                 priority == "urgent"                             ? "1"
                     : priority == "high" || priority == "medium" ? "2"
                                                                  : "3"}};
    if (m_table == "incident")
        record["category"] = "software";
    for (const auto &[name, value] : m_connection.settings)
        if (name.starts_with("field."))
            record[name.substr(6)] = value;
    return record;
}

Result<Payload> ServiceNowTracker::preview(const TicketKey &key, const Draft &draft, std::stop_token stop)
{
    if (auto learned = learnLengths(stop); !learned)
        return tl::unexpected(learned.error());
    Shaped result;
    const Json body = record(key, draft, result);
    return Payload{"POST", m_rest.base() + table(""), "application/json", dumped(body), result.attachment};
}

SendResult ServiceNowTracker::create(const TicketKey &key, const Draft &draft, std::stop_token stop)
{
    if (auto ready = guard(stop).and_then([&] { return learnLengths(stop); }); !ready)
        return {SendState::NotSent, {}, ready.error().detail};
    Shaped result;
    const Json body = record(key, draft, result);
    const auto sent = m_rest.once({.method = "POST", .path = table(""), .body = dumped(body)}, stop);
    if (sent.state != SendState::Confirmed)
        return {sent.state, {}, sent.detail};
    const Json &row = valueAt(sent.answer.body, "/result");
    const TicketRef ref = refOf(row);
    if (ref.id.empty())
        return {SendState::Ambiguous, {}, "answered without a sys_id"};
    // fields that rules bar are dropped without a word
    const bool kept = !row.contains("correlation_id") || valueOf(row, "correlation_id") == key.externalId;
    return {SendState::Confirmed, ref,
            kept ? "" : "the instance did not store correlation_id: this record cannot be found again by its id"};
}

std::string ServiceNowTracker::outcomeOf(const Json &row) const
{
    std::string state = valueOf(row, "state");
    if (state.empty())
        state = valueOf(row, "incident_state");
    const std::string code = lower(valueOf(row, "close_code") + " " + valueOf(row, "resolution_code"));
    const auto says = [&](std::string_view word) { return code.find(word) != std::string::npos; };
    const auto closed = [&]() -> std::string {
        if (says("duplicate"))
            return "closed_duplicate";
        if (says("cancel"))
            return "closed_not_actionable";
        if (says("risk accepted") || says("risk_accepted"))
            return "closed_wont_fix";
        if (says("not reproducible") || says("no resolution provided"))
            return "closed_not_actionable";
        return "resolved_fixed";
    };
    if (m_table == "problem") {
        if (state == "101" || state == "1")
            return "open";
        if (state == "102" || state == "103" || state == "104" || state == "2" || state == "3")
            return "in_progress";
        if (state == "106" || state == "107" || state == "4")
            return closed();
        return state == "8" ? "closed_not_actionable" : "unknown";
    }
    if (state == "1")
        return "open";
    if (state == "2" || state == "3" || state == "4" || state == "5")
        return "in_progress";
    if (state == "6" || state == "7")
        return closed();
    return state == "8" ? "closed_not_actionable" : "unknown";
}

Result<TicketState> ServiceNowTracker::state(const TicketRef &ticket, std::stop_token stop)
{
    const auto answer =
        m_rest.read(table("/" + http::percentEncoded(ticket.id) + http::query({{"sysparm_fields", kFields}})), stop);
    if (!answer)
        return answer.error().code == ErrorCode::NotFound ? Result<TicketState>(TicketState{"deleted", "unknown", {}})
                                                          : tl::unexpected(answer.error());
    const Json &row = valueAt(answer->body, "/result");
    return TicketState{valueOf(row, "state"), outcomeOf(row), vendorTime(valueOf(row, "sys_updated_on"))};
}

SendResult ServiceNowTracker::attach(const TicketRef &ticket, const std::string &name, const std::string &type,
                                     const std::string &content, std::stop_token stop)
{
    const auto known =
        m_rest.read("/api/now/attachment"
                        + http::query({{"sysparm_query",
                                        "table_name=" + m_table + "^table_sys_id=" + ticket.id + "^file_name=" + name},
                                       {"sysparm_limit", "10"}}),
                    stop);
    if (!known)
        return {SendState::NotSent, ticket, known.error().detail};
    for (const Json &row : valueAt(known->body, "/result"))
        if (valueOf(row, "file_name") == name && valueOf(row, "table_sys_id") == ticket.id)
            return {SendState::Confirmed, ticket, "was there already"};
    const auto sent =
        m_rest.once({.method = "POST",
                     .path = "/api/now/attachment/file"
                         + http::query({{"table_name", m_table}, {"table_sys_id", ticket.id}, {"file_name", name}}),
                     .body = content,
                     .contentType = type,
                     .subject = ticket.id,
                     .upload = true},
                    stop);
    return {sent.state, ticket, sent.detail};
}

SendResult ServiceNowTracker::addEvidence(const TicketRef &ticket, const TicketEvidence &evidence, std::stop_token stop)
{
    const auto attached = attach(ticket, evidence.id + ".json", "application/json",
                                 dumped({{"id", evidence.id}, {"text", evidence.body}}), stop);
    if (attached.state != SendState::Confirmed || attached.detail == "was there already")
        return attached;
    const std::string note = shapedEvidence(evidence.body, evidence.id, {draft::Format::Plain, 160, 4000, false});
    const auto sent = m_rest.once({.method = "PATCH",
                                   .path = table("/" + http::percentEncoded(ticket.id) + "?sysparm_fields=sys_id"),
                                   .body = dumped({{"work_notes", note}}),
                                   .subject = ticket.id},
                                  stop);
    // a note cannot be told from another; the attachment holds the evidence, so that it is never written twice
    return {SendState::Confirmed, ticket,
            sent.state == SendState::Confirmed ? "" : "attached, without a note: " + sent.detail};
}

SendResult ServiceNowTracker::complete(const TicketKey &key, const TicketRef &ticket, const Draft &draft,
                                       std::stop_token stop)
{
    if (auto learned = learnLengths(stop); !learned)
        return {SendState::NotSent, ticket, learned.error().detail};
    const Shaped result = shaped(draft, key.externalId, limits());
    if (result.attachment.empty())
        return {SendState::Confirmed, ticket, ""};
    SendResult sent = attach(ticket, key.externalId + ".md", "text/plain", result.attachment, stop);
    if (sent.state == SendState::Confirmed)
        sent.detail.clear();
    return sent;
}

SendResult ServiceNowTracker::reopen(const TicketRef &ticket, std::stop_token stop)
{
    const auto now = state(ticket, stop);
    if (!now)
        return {SendState::NotSent, ticket, now.error().detail};
    const bool problem = m_table == "problem";
    if (now->status != (problem ? "106" : "6"))
        return {SendState::Rejected, ticket,
                isClosedOutcome(now->outcome) ? "a closed record is not opened again; file a new one" : "it is open"};
    const auto sent =
        m_rest.once({.method = "PATCH",
                     .path = table("/" + http::percentEncoded(ticket.id) + "?sysparm_fields=sys_id,state"),
                     .body = dumped({{"state", problem ? "103" : "2"}}),
                     .subject = ticket.id},
                    stop);
    if (sent.state == SendState::Confirmed && valueOf(valueAt(sent.answer.body, "/result"), "state") == now->status)
        return {SendState::Rejected, ticket, "the instance ignored the change: the account may not write the state"};
    return {sent.state, ticket, sent.detail};
}

Result<std::vector<Proposal>> ServiceNowTracker::findText(const std::string &words, std::stop_token stop)
{
    const std::string plain = titleText(words, 100);
    if (plain.find('^') != std::string::npos)
        return fail(ErrorCode::InvalidInput, "words to look for must not hold ^");
    const auto answer = m_rest.read(table(http::query({{"sysparm_query", "active=true^short_descriptionLIKE" + plain},
                                                       {"sysparm_fields", kFields},
                                                       {"sysparm_limit", "20"}})),
                                    stop);
    if (!answer)
        return tl::unexpected(answer.error());
    std::vector<Proposal> found;
    for (const Json &row : valueAt(answer->body, "/result"))
        if (valueOf(row, "active") != "false")
            found.push_back({refOf(row), valueOf(row, "short_description"), valueOf(row, "state")});
    return found;
}

Result<Changes> ServiceNowTracker::changes(const std::string &cursor, const std::vector<FollowedTicket> &tickets,
                                           std::stop_token stop)
{
    if (auto good = guard(stop); !good)
        return tl::unexpected(good.error());
    std::map<std::string, const FollowedTicket *> ours;
    for (const FollowedTicket &ticket : tickets)
        ours.emplace(ticket.ticket.id, &ticket);
    const std::string since = utcText(parseTime(cursor).value_or(TimePoint()));
    std::map<std::string, Json> rows;
    std::optional<TimePoint> first;
    // the limit applies before access rules, so that a short page ends nothing: the total does
    for (std::size_t offset = 0, page = 0; page < kMostPages; ++page, offset += kPage) {
        const auto answer =
            m_rest.read(table(http::query({{"sysparm_query",
                                            "sys_updated_on>=" + since
                                                + "^correlation_idSTARTSWITHfb-^ORDERBYsys_updated_on^ORDERBYsys_id"},
                                           {"sysparm_fields", kFields},
                                           {"sysparm_limit", std::to_string(kPage)},
                                           {"sysparm_offset", std::to_string(offset)}})),
                        stop);
        if (!answer)
            return tl::unexpected(answer.error());
        first = first ? first : answer->at;
        const Json &result = valueAt(answer->body, "/result");
        for (const Json &row : result)
            if (valueOf(row, "correlation_id").starts_with("fb-") && ours.contains(valueOf(row, "sys_id")))
                rows[valueOf(row, "sys_id")] = row;
        const auto total = answer->header("x-total-count");
        const std::size_t count = total ? numberIn(std::string(*total), 0)
            : result.size() < kPage     ? 0
                                        : offset + kPage + 1;
        if (offset + kPage >= count)
            break;
    }
    Changes changes;
    for (const auto &[id, ticket] : ours) {
        if (!rows.contains(id) && ticket->outcome.empty()) {
            const auto answer =
                m_rest.read(table("/" + http::percentEncoded(id) + http::query({{"sysparm_fields", kFields}})), stop);
            if (answer)
                rows[id] = valueAt(answer->body, "/result");
            else if (answer.error().code == ErrorCode::NotFound)
                changes.changes.push_back({id, "unknown", "deleted", std::nullopt, ticket->memo});
            else
                return tl::unexpected(answer.error());
        }
        const auto found = rows.find(id);
        if (found == rows.end())
            continue;
        const Json &row = found->second;
        const std::string outcome = outcomeOf(row), status = valueOf(row, "state");
        const auto at = vendorTime(valueOf(row, "sys_updated_on"));
        // the memo: reopened so often, escalation, priority
        const std::size_t reopened = numberIn(valueOf(row, "reopen_count"), 0);
        const std::size_t escalation = numberIn(valueOf(row, "escalation"), 0);
        const std::size_t priority = numberIn(valueOf(row, "priority"), 9);
        const std::string memo =
            std::to_string(reopened) + " " + std::to_string(escalation) + " " + std::to_string(priority);
        std::size_t wasReopened = reopened, wasEscalated = escalation, wasPriority = priority;
        if (const std::size_t a = ticket->memo.find(' '), b = ticket->memo.rfind(' ');
            a != std::string::npos && a != b) {
            wasReopened = numberIn(ticket->memo.substr(0, a), 0);
            wasEscalated = numberIn(ticket->memo.substr(a + 1, b - a - 1), 0);
            wasPriority = numberIn(ticket->memo.substr(b + 1), 9);
        }
        const bool again = reopened > wasReopened
            || (isClosedOutcome(ticket->outcome) && !isClosedOutcome(outcome) && outcome != "unknown");
        if (again)
            changes.changes.push_back({id, "reopened", status, at, memo});
        if (escalation > wasEscalated || priority < wasPriority)
            changes.changes.push_back({id, "escalated", status, at, memo});
        changes.changes.push_back({id, outcome, status, at, memo});
    }
    changes.cursor = formatTime(first.value_or(m_rest.clock().now()) - kOverlap);
    return changes;
}

std::vector<ProbeStep> ServiceNowTracker::test(std::stop_token stop)
{
    std::vector<ProbeStep> steps;
    const auto row = m_rest.read(table(http::query({{"sysparm_limit", "1"}, {"sysparm_fields", "sys_id"}})), stop);
    steps.push_back(
        {"credentials", row.has_value(), row ? "table " + m_table : row.error().detail,
         row ? "" : "check the user, the password and the table, and wake a sleeping instance in a browser"});
    if (!row)
        return steps;
    m_guarded = false;
    const auto good = guard(stop);
    steps.push_back({"guard", good.has_value(), good ? "records are found by correlation_id" : good.error().detail,
                     good ? "" : "ask an administrator to let the account read correlation_id"});
    m_learned = false;
    const auto learned = learnLengths(stop);
    steps.push_back(
        {"fields", learned.has_value(),
         learned ? "title up to " + std::to_string(m_titleLength) + ", text up to " + std::to_string(m_bodyLength)
                 : learned.error().detail,
         learned ? "" : "ask an administrator to let the account read sys_dictionary"});
    return steps;
}

}
