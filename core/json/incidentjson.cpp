#include "core/json/incidentjson.h"

#include "core/json/incidentvalues.h"
#include "core/json/memberreader.h"

namespace winnow {

namespace lines {

namespace {

tl::unexpected<Error> wrong(const std::string &pointer, const std::string &want)
{
    return fail(ErrorCode::InvalidInput, "/" + pointer + ": " + want);
}

const Json *present(const Json &object, const char *name)
{
    const auto it = object.find(name);
    return it == object.end() || it->is_null() ? nullptr : &*it;
}

template <typename T>
Result<T> parsed(std::string_view text)
{
    const auto object = parseObject(text);
    if (!object)
        return tl::unexpected(object.error());
    T value;
    if (auto done = read(*object, value); !done)
        return tl::unexpected(done.error());
    return value;
}

Json listOf(const auto &items, auto each)
{
    Json list = Json::array();
    for (const auto &item : items)
        list.push_back(each(item));
    return list;
}

std::optional<Relation> relationFrom(std::string_view name)
{
    for (std::size_t i = 0; i < kRelationNames.size(); ++i)
        if (kRelationNames[i] == name)
            return Relation(i);
    return std::nullopt;
}

}

Json toValue(const std::vector<RootCause> &causes)
{
    return listOf(causes, [](const RootCause &c) { return Json{{"label", c.label}, {"p", c.p}, {"basis", textOrNull(c.basis)}}; });
}

Json toValue(const Incident &incident)
{
    return {{"id", toString(incident.id)},
            {"title", textOrNull(incident.title)},
            {"product", textOrNull(incident.product)},
            {"component", textOrNull(incident.component)},
            {"symptom", textOrNull(incident.symptom)},
            {"type", toString(incident.type)},
            {"severity", toString(incident.severity)},
            {"reports", incident.reports},
            {"authors", incident.authors},
            {"of_authors", incident.ofAuthors},
            {"plan_tiers", incident.planTiers},
            {"revenue", incident.revenue},
            {"first_at", timeOrNull(incident.firstAt)},
            {"newest_at", timeOrNull(incident.newestAt)},
            {"channels", incident.channels},
            {"languages", incident.languages},
            {"versions", incident.versions},
            {"confidence", incident.confidence},
            {"flags", incident.flags},
            {"signals", listOf(incident.signals, [](const SignalReading &s) { return Json{{"name", s.name}, {"z", s.z}}; })},
            {"root_causes", toValue(incident.rootCauses)}};
}

Result<> read(const Json &object, Incident &incident)
{
    std::string id;
    MemberReader reader(object);
    reader.requiredTextOrNumber("id", id)
        .text("title", incident.title)
        .text("product", incident.product)
        .text("component", incident.component)
        .text("symptom", incident.symptom)
        .word("type", incident.type, issueTypeFrom)
        .word("severity", incident.severity, severityFrom)
        .count("reports", incident.reports)
        .count("authors", incident.authors)
        .count("of_authors", incident.ofAuthors)
        .counts("plan_tiers", incident.planTiers)
        .number("revenue", incident.revenue)
        .time("first_at", incident.firstAt)
        .time("newest_at", incident.newestAt)
        .counts("channels", incident.channels)
        .counts("languages", incident.languages)
        .texts("versions", incident.versions)
        .share("confidence", incident.confidence)
        .texts("flags", incident.flags)
        .list("signals", incident.signals, [](MemberReader &r, SignalReading &s) { r.text("name", s.name).number("z", s.z); })
        .list("root_causes", incident.rootCauses,
              [](MemberReader &r, RootCause &c) { r.text("label", c.label).share("p", c.p).text("basis", c.basis); });
    incident.id = IncidentId(std::move(id));
    return reader.done();
}

Json toValue(const Score &score)
{
    return {{"priority", score.priority},
            {"factors", listOf(score.factors, [](const Factor &f) { return Json{{"name", f.name}, {"value", f.value}, {"log", f.log}}; })},
            {"override", textOrNull(score.overrideReason)}};
}

Result<> read(const Json &object, Score &score)
{
    MemberReader reader(object);
    reader.number("priority", score.priority)
        .list("factors", score.factors,
              [](MemberReader &r, Factor &f) { r.text("name", f.name).share("value", f.value).number("log", f.log); })
        .text("override", score.overrideReason);
    if (auto done = reader.done(); !done)
        return done;
    if (!(score.priority >= 0 && score.priority <= 100))
        return wrong("priority", "expected 0 to 100");
    return {};
}

Json toValue(const Banding &banding)
{
    return {{"band", toString(banding.band)}, {"reason", banding.reason}, {"next_band", textOrNull(banding.nextBand)}};
}

Result<> read(const Json &object, Banding &banding)
{
    return MemberReader(object)
        .word("band", banding.band, bandFrom)
        .text("reason", banding.reason)
        .text("next_band", banding.nextBand)
        .done();
}

Json toValue(const Matching &matching)
{
    return {{"matches", listOf(matching.matches,
                               [](const TicketMatch &m) {
                                   return Json{{"ticket", m.ticket}, {"relation", toString(m.relation)}, {"p", m.p}};
                               })},
            {"decision", matching.decision},
            {"notes", listOf(matching.notes, [](const NoteMatch &n) {
                 return Json{{"version", n.version}, {"relation", toString(n.relation)}, {"p", n.p}};
             })}};
}

Result<> read(const Json &object, Matching &matching)
{
    MemberReader reader(object);
    reader
        .list("matches", matching.matches,
              [](MemberReader &r, TicketMatch &m) {
                  r.requiredTextOrNumber("ticket", m.ticket).word("relation", m.relation, relationFrom).share("p", m.p);
              })
        .text("decision", matching.decision)
        .list("notes", matching.notes, [](MemberReader &r, NoteMatch &n) {
            r.text("version", n.version).word("relation", n.relation, relationFrom).share("p", n.p);
        });
    if (auto done = reader.done(); !done)
        return done;
    if (matching.decision.empty())
        matching.decision = "new";
    if (matching.decision != "same" && matching.decision != "related" && matching.decision != "new")
        return wrong("decision", "expected same, related or new");
    return {};
}

Json toValue(const Draft &draft)
{
    Json fields = Json::object();
    for (const auto &[name, value] : draft.fields)
        fields[name] = value;
    return {{"title", draft.title}, {"body", draft.body}, {"fields", std::move(fields)}};
}

Result<> read(const Json &object, Draft &draft)
{
    if (auto done = MemberReader(object).text("title", draft.title).text("body", draft.body).done(); !done)
        return done;
    const Json *fields = present(object, "fields");
    if (!fields)
        return {};
    if (!fields->is_object())
        return wrong("fields", "expected an object of texts");
    for (const auto &[name, value] : fields->items()) {
        if (!value.is_string())
            return wrong("fields/" + name, "expected text");
        draft.fields.emplace_back(name, value.get<std::string>()); // nlohmann's objects are sorted by name
    }
    return {};
}

Json toValue(const KnownTicket &ticket)
{
    return {{"id", ticket.id},
            {"title", ticket.title},
            {"body", ticket.body},
            {"status", textOrNull(ticket.status)},
            {"component", textOrNull(ticket.component)},
            {"created", timeOrNull(ticket.created)},
            {"resolved", timeOrNull(ticket.resolved)},
            {"fix_version", textOrNull(ticket.fixVersion)}};
}

Result<> read(const Json &object, KnownTicket &ticket)
{
    return MemberReader(object)
        .requiredTextOrNumber("id", ticket.id)
        .text("title", ticket.title)
        .text("body", ticket.body)
        .text("status", ticket.status)
        .text("component", ticket.component)
        .time("created", ticket.created)
        .time("resolved", ticket.resolved)
        .text("fix_version", ticket.fixVersion)
        .done();
}

Json toValue(const Release &release)
{
    return {{"version", release.version}, {"date", timeOrNull(release.date)}, {"notes", release.notes}};
}

Result<> read(const Json &object, Release &release)
{
    return MemberReader(object)
        .requiredTextOrNumber("version", release.version)
        .time("date", release.date)
        .text("notes", release.notes)
        .done();
}

Json toValue(const Account &account)
{
    return {{"id", account.id},
            {"name", textOrNull(account.name)},
            {"plan_tier", textOrNull(account.planTier)},
            {"revenue", account.revenue},
            {"region", textOrNull(account.region)}};
}

Result<> read(const Json &object, Account &account)
{
    return MemberReader(object)
        .requiredTextOrNumber("id", account.id)
        .text("name", account.name)
        .text("plan_tier", account.planTier)
        .number("revenue", account.revenue)
        .text("region", account.region)
        .done();
}

Json toValue(const SignalPoint &point)
{
    return {{"name", point.name}, {"at", formatTime(point.at)}, {"value", point.value}};
}

Result<> read(const Json &object, SignalPoint &point)
{
    std::optional<TimePoint> at;
    MemberReader reader(object);
    reader.requiredTextOrNumber("name", point.name).time("at", at).number("value", point.value);
    if (auto done = reader.done(); !done)
        return done;
    if (!at)
        return wrong("at", "missing");
    point.at = *at;
    return {};
}

}

std::string toJson(const Incident &incident) { return lines::dump(lines::toValue(incident)); }
std::string toJson(const Score &score) { return lines::dump(lines::toValue(score)); }
std::string toJson(const Banding &banding) { return lines::dump(lines::toValue(banding)); }
std::string toJson(const Matching &matching) { return lines::dump(lines::toValue(matching)); }
std::string toJson(const Draft &draft) { return lines::dump(lines::toValue(draft)); }
std::string toJson(const KnownTicket &ticket) { return lines::dump(lines::toValue(ticket)); }
std::string toJson(const Release &release) { return lines::dump(lines::toValue(release)); }
std::string toJson(const Account &account) { return lines::dump(lines::toValue(account)); }
std::string toJson(const SignalPoint &point) { return lines::dump(lines::toValue(point)); }

Result<Incident> incidentFromJson(std::string_view text) { return lines::parsed<Incident>(text); }
Result<Score> scoreFromJson(std::string_view text) { return lines::parsed<Score>(text); }
Result<Banding> bandingFromJson(std::string_view text) { return lines::parsed<Banding>(text); }
Result<Matching> matchingFromJson(std::string_view text) { return lines::parsed<Matching>(text); }
Result<Draft> draftFromJson(std::string_view text) { return lines::parsed<Draft>(text); }
Result<KnownTicket> ticketFromJson(std::string_view text) { return lines::parsed<KnownTicket>(text); }
Result<Release> releaseFromJson(std::string_view text) { return lines::parsed<Release>(text); }
Result<Account> accountFromJson(std::string_view text) { return lines::parsed<Account>(text); }
Result<SignalPoint> signalPointFromJson(std::string_view text) { return lines::parsed<SignalPoint>(text); }

}
