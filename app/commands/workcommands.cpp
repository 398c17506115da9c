// winnowctl: the pipeline and what people look at.

#include <charconv>

#include <nlohmann/json.hpp>

#include "app/commands/command.h"
#include "app/commands/locks.h"
#include "core/adapters/sqlite/reader.h"
#include "core/adapters/sqlite/triage.h"

namespace winnow::app
{

namespace
{

using Json = nlohmann::ordered_json;

std::string dump(const Json &value)
{
    return value.dump(-1, ' ', false, Json::error_handler_t::replace);
}
Json timeOrNull(const std::optional<TimePoint> &time)
{
    return time ? Json(formatTime(*time)) : Json(nullptr);
}
Json textOrNull(const std::string &text)
{
    return text.empty() ? Json(nullptr) : Json(text);
}

Result<std::size_t> numberOption(const Call &call, const std::string &name, std::size_t fallback, std::size_t least = 1)
{
    const std::string text = call.value(name);
    if (text.empty())
        return fallback;
    std::size_t value = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
    if (error != std::errc() || end != text.data() + text.size() || value < least)
        return fail(ErrorCode::Usage, "--" + name + " wants a whole number from " + std::to_string(least));
    return value;
}

Json jsonOf(const QueueRow &row)
{
    return {{"candidate", row.candidate},
            {"title", row.title},
            {"band", toString(row.band)},
            {"priority", row.priority},
            {"confidence", row.confidence},
            {"reports", row.reports},
            {"authors", row.authors},
            {"nearest_ticket", textOrNull(row.nearestTicket)},
            {"type", toString(row.type)},
            {"severity", toString(row.severity)},
            {"component", textOrNull(row.component)},
            {"product", textOrNull(row.product)},
            {"newest_at", timeOrNull(row.newestAt)},
            {"state", row.state}};
}

Json eventJson(const Event &event)
{
    Json refs = Json::parse(event.refs, nullptr, false),
         body = event.body ? Json::parse(*event.body, nullptr, false) : Json(nullptr);
    if (event.body && body.is_discarded())
        body = *event.body;
    return {{"event", event.id},
            {"at", formatTime(event.at)},
            {"actor", event.actor},
            {"kind", event.kind},
            {"refs", refs},
            {"body", body},
            {"body_erased", event.bodyErased}};
}

Json spanJson(ByteSpan span, const std::string &text)
{
    return {{"start", span.start}, {"end", span.end}, {"quote", span.of(text)}};
}

Json jsonOf(const CandidateDetail &c)
{
    const Incident &i = c.incident;
    Json factors = Json::array(), matches = Json::array(), causes = Json::array(), evidence = Json::array(),
         history = Json::array(), filings = Json::array();
    for (const Factor &factor : c.score.factors)
        factors.push_back({{"name", factor.name}, {"value", factor.value}, {"log", factor.log}});
    for (const TicketMatch &match : c.matching.matches)
        matches.push_back({{"ticket", match.ticket}, {"relation", toString(match.relation)}, {"p", match.p}});
    for (const RootCause &cause : i.rootCauses)
        causes.push_back({{"label", cause.label}, {"p", cause.p}, {"basis", cause.basis}});
    for (const MemberDetail &m : c.members) {
        Json quotes = Json::array();
        for (const ByteSpan quote : m.quotes)
            quotes.push_back(spanJson(quote, m.text));
        evidence.push_back({{"segment", m.segment},
                            {"feedback", m.feedback},
                            {"text", m.text},
                            {"start", m.span.start},
                            {"end", m.span.end},
                            {"quotes", quotes},
                            {"channel", m.channel},
                            {"lang", m.lang},
                            {"app_version", textOrNull(m.appVersion)},
                            {"author", textOrNull(m.author)},
                            {"at", timeOrNull(m.at)},
                            {"confidence", m.confidence},
                            {"abstained", m.abstained},
                            {"copy", m.copy}});
    }
    for (const Event &event : c.history)
        history.push_back(eventJson(event));
    for (const Filing &filing : c.filings)
        filings.push_back({{"filing", filing.id},
                           {"tracker", filing.tracker},
                           {"state", filing.state},
                           {"ticket", textOrNull(filing.ticket)},
                           {"url", textOrNull(filing.url)}});
    Json draft = nullptr;
    if (c.draft) {
        Json fields = Json::object();
        for (const auto &[name, value] : c.draft->fields)
            fields[name] = value;
        draft = {{"title", c.draft->title}, {"body", c.draft->body}, {"fields", fields}};
    }
    return {{"candidate", c.id},
            {"title", c.title},
            {"state", c.state},
            {"reason", textOrNull(c.reason)},
            {"ticket", textOrNull(c.ticket)},
            {"band", toString(c.band)},
            {"band_reason", c.bandReason},
            {"next_band", textOrNull(c.nextBand)},
            {"priority", c.score.priority},
            {"factors", factors},
            {"override", textOrNull(c.score.overrideReason)},
            {"type", toString(i.type)},
            {"severity", toString(i.severity)},
            {"product", textOrNull(i.product)},
            {"component", textOrNull(i.component)},
            {"symptom", textOrNull(i.symptom)},
            {"reports", i.reports},
            {"authors", i.authors},
            {"of_authors", i.ofAuthors},
            {"plan_tiers", i.planTiers},
            {"revenue", i.revenue},
            {"channels", i.channels},
            {"languages", i.languages},
            {"versions", i.versions},
            {"first_at", timeOrNull(i.firstAt)},
            {"newest_at", timeOrNull(i.newestAt)},
            {"confidence", i.confidence},
            {"flags", i.flags},
            {"root_causes", causes},
            {"matches", matches},
            {"decision", c.matching.decision},
            {"evidence", evidence},
            {"draft", draft},
            {"aliases", c.aliases},
            {"filings", filings},
            {"history", history}};
}

void printCandidate(const CandidateDetail &c)
{
    const auto money = [](double value) {
        char text[64];
        std::snprintf(text, sizeof text, "%.2f", value);
        return std::string(text);
    };
    print(c.id + "  " + printable(c.title));
    print("band " + std::string(toString(c.band)) + " (" + c.bandReason + ")"
          + (c.nextBand.empty() ? "" : "; " + c.nextBand) + "; state " + c.state);
    std::string factors;
    for (const Factor &factor : c.score.factors)
        factors += "  " + factor.name + " " + money(factor.value) + " (" + money(factor.log) + ")";
    print("priority " + money(c.score.priority) + ":" + factors
          + (c.score.overrideReason.empty() ? "" : "  — " + c.score.overrideReason));
    const Incident &i = c.incident;
    print(std::string(toString(i.type)) + ", " + std::string(toString(i.severity)) + ", " + std::to_string(i.reports)
          + " reports by " + std::to_string(i.authors) + " authors, revenue " + money(i.revenue));
    for (const RootCause &cause : i.rootCauses)
        print("  hypothesis " + money(cause.p) + "  " + cause.label
              + (cause.basis.empty() ? "" : " [" + cause.basis + "]"));
    for (const TicketMatch &match : c.matching.matches)
        print("  ticket " + money(match.p) + "  " + match.ticket + " (" + std::string(toString(match.relation)) + ")");
    print("");
    for (const MemberDetail &m : c.members) {
        print("  " + (m.at ? formatTime(*m.at).substr(0, 10) : std::string("no date   ")) + "  " + m.channel + " "
              + m.lang + " " + m.appVersion + (m.copy ? " (copy)" : ""));
        print("    “" + printable(m.span.of(m.text)) + "”");
    }
    if (c.draft) {
        print("\n--- draft ---\n# " + printable(c.draft->title) + "\n");
        std::string line;
        for (const char ch : c.draft->body + "\n") {
            if (ch != '\n') {
                line += ch;
                continue;
            }
            print(printable(line));
            line.clear();
        }
    }
}

}

Result<int> runRun(Call &call)
{
    auto workspace = openWorkspace(call.workspace, false);
    if (!workspace)
        return tl::unexpected(workspace.error());
    const std::string until = call.value("until"), engine = call.value("engine");
    if (!until.empty() && std::find(kStageNames.begin(), kStageNames.end(), until) == kStageNames.end())
        return fail(ErrorCode::Usage, "no stage " + until);
    if (!engine.empty() && engine != "local")
        return fail(ErrorCode::NotFound, "no engine connection named " + engine);
    const auto threads = numberOption(call, "threads", defaultThreads()), batch = numberOption(call, "batch", 4096);
    if (!threads || !batch)
        return tl::unexpected(!threads ? threads.error() : batch.error());
    auto lease = sqlite::Lease::acquire(**workspace, "run");
    if (!lease)
        return tl::unexpected(lease.error());
    auto engines = makeEngines(**workspace, lease->get());
    if (!engines)
        return tl::unexpected(engines.error());
    RunRequest request = engines->request;
    request.runId = sqlite::uuid7(systemClock().now());
    request.until = until;
    request.threads = unsigned(*threads);
    request.batch = std::min<std::size_t>(*batch, 4096);
    if (!call.value("as-of").empty()) {
        const auto asOf = parseTime(call.value("as-of"));
        if (!asOf)
            return fail(ErrorCode::Usage, "--as-of wants YYYY-MM-DDTHH:MM:SS.mmmZ");
        request.asOf = *asOf;
    }
    const auto report = engines->pipeline->run(
        request, [&](const Progress &p) { showProgress(call, p.stage, p.done); }, call.stop);
    if (!report)
        return tl::unexpected(report.error());
    endProgress(call);
    Json stages = Json::array();
    for (const StageFigures &stage : report->stages)
        stages.push_back({{"name", stage.name},
                          {"in", stage.in},
                          {"out", stage.out},
                          {"refused", stage.refused},
                          {"seconds", double(std::int64_t(stage.seconds * 1000)) / 1000}});
    const RunRecord &run = report->run;
    if (call.json) {
        print(dump({{"run", run.id},
                    {"stages", stages},
                    {"partition_hash", textOrNull(run.partitionHash)},
                    {"state_hash", textOrNull(run.stateHash)},
                    {"as_of", formatTime(run.asOf)},
                    {"births", run.births},
                    {"heirs", run.heirs},
                    {"aliases", run.aliases},
                    {"needs_a_look", run.needALook},
                    {"locks", locksJson<Json>(**workspace)}}));
    } else {
        for (const StageFigures &stage : report->stages) {
            char line[160];
            std::snprintf(line, sizeof line, "%-16s %9zu in %9zu out %8.2f s", stage.name.c_str(), stage.in, stage.out,
                          stage.seconds);
            print(line);
        }
        if (report->complete)
            print("incidents: " + std::to_string(run.births) + " new, " + std::to_string(run.heirs) + " known, "
                  + std::to_string(run.aliases) + " taken in by others\npartition " + run.partitionHash + "\nstate     "
                  + run.stateHash);
    }
    return kDone;
}

Result<int> runQueue(Call &call)
{
    auto desk = openDesk(call.workspace, false);
    if (!desk)
        return tl::unexpected(desk.error());
    QueueRequest request;
    request.now = systemClock().now();
    request.filter = call.value("filter");
    request.decided = call.has("decided");
    const auto limit = numberOption(call, "limit", 0);
    if (!limit)
        return tl::unexpected(limit.error());
    request.limit = *limit;
    if (const std::string sort = call.value("sort"); !sort.empty()) {
        if (sort != "priority" && sort != "reports" && sort != "newest" && sort != "confidence")
            return fail(ErrorCode::Usage, "--sort wants priority, reports, newest or confidence");
        request.sort = sort;
    }
    if (const std::string band = call.value("band"); !band.empty()) {
        request.band = bandFrom(band);
        if (!request.band)
            return fail(ErrorCode::Usage, "--band wants auto, review, backlog or escalate");
    }
    const auto order = (*desk)->order(request);
    if (!order)
        return tl::unexpected(order.error());
    const auto rows = (*desk)->rows(order->keys, request.now);
    if (!rows)
        return tl::unexpected(rows.error());
    for (const QueueRow &row : *rows) {
        if (call.json) {
            print(dump(jsonOf(row)));
            continue;
        }
        char line[160];
        std::snprintf(line, sizeof line, "%-26s %-8s %6.2f %5.2f %5u  %-10s ", row.candidate.c_str(),
                      std::string(toString(row.band)).c_str(), row.priority, row.confidence, row.reports,
                      row.nearestTicket.empty() ? "-" : row.nearestTicket.c_str());
        print(line + printable(row.title));
    }
    return kDone;
}

Result<int> runShow(Call &call)
{
    auto desk = openDesk(call.workspace, false);
    if (!desk)
        return tl::unexpected(desk.error());
    const auto id = (*desk)->incidentId(call.arguments[0]);
    if (!id)
        return tl::unexpected(id.error());
    const auto candidate = (*desk)->candidate(*id, 0, call.stop);
    if (!candidate)
        return tl::unexpected(candidate.error());
    if (call.json)
        print(dump(jsonOf(*candidate)));
    else
        printCandidate(*candidate);
    return kDone;
}

Result<int> runSearch(Call &call)
{
    auto workspace = openWorkspace(call.workspace, false);
    if (!workspace)
        return tl::unexpected(workspace.error());
    const auto limit = numberOption(call, "limit", 50);
    if (!limit)
        return tl::unexpected(limit.error());
    std::string words;
    for (const std::string &word : call.arguments)
        words += (words.empty() ? "" : " ") + word;
    const auto hits =
        sqlite::Reader(**workspace).search({.words = words, .byRelevance = false, .limit = *limit, .before = 0});
    if (!hits)
        return tl::unexpected(hits.error());
    for (const Hit &hit : *hits)
        print(call.json ? dump({{"feedback", hit.feedback},
                                {"at", timeOrNull(hit.at)},
                                {"lang", hit.lang},
                                {"channel", hit.channel},
                                {"text", hit.text}})
                        : hit.feedback + "  " + (hit.at ? formatTime(*hit.at).substr(0, 10) : std::string("no date   "))
                      + "  " + printable(hit.text));
    return kDone;
}

Result<int> runHistory(Call &call)
{
    auto workspace = openWorkspace(call.workspace, false);
    if (!workspace)
        return tl::unexpected(workspace.error());
    sqlite::Triage triage(**workspace, actorName());
    std::string subject;
    if (!call.arguments.empty()) {
        auto id = triage.incidentId(call.arguments[0]);
        if (!id)
            return tl::unexpected(id.error());
        subject = *id;
    }
    sqlite::EventLog log(**workspace);
    const auto events = log.list(subject);
    const auto undone = log.undone();
    if (!events || !undone)
        return tl::unexpected(!events ? events.error() : undone.error());
    for (const Event &event : *events) {
        const bool gone = std::find(undone->begin(), undone->end(), event.id) != undone->end();
        if (call.json) {
            Json line = eventJson(event);
            line["undone"] = gone;
            print(dump(line));
        } else {
            print(event.id + "  " + formatTime(event.at) + "  " + printable(event.actor) + "  " + event.kind
                  + (gone ? " (undone)" : ""));
        }
    }
    return kDone;
}

}
