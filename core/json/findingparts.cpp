#include "core/json/findingparts.h"

#include <algorithm>

#include "core/json/memberreader.h"

namespace winnow::lines {

namespace {

/// `{"os":"Android 14","app_version":null}`; nulls are left out.
Result<> readConditions(const Json &object, Finding &finding)
{
    const auto found = object.find("conditions");
    if (found == object.end() || found->is_null())
        return {};
    if (!found->is_object())
        return fail(ErrorCode::InvalidInput, "/conditions: expected an object of texts");
    for (const auto &[name, value] : found->items()) {
        if (value.is_string())
            finding.conditions.emplace_back(name, value.get<std::string>());
        else if (!value.is_null())
            return fail(ErrorCode::InvalidInput, "/conditions/" + name + ": expected text or null");
    }
    return {};
}

}

Result<> readParts(const Json &object, Finding &finding)
{
    MemberReader reader(object);
    reader.word("type", finding.type, issueTypeFrom)
        .text("component", finding.component)
        .text("symptom", finding.symptom)
        .word("severity", finding.severity, severityFrom)
        .share("confidence", finding.confidence)
        .texts("flags", finding.flags)
        .list("root_causes", finding.rootCauses,
              [](MemberReader &r, RootCause &c) { r.text("label", c.label).share("p", c.p).text("basis", c.basis); })
        .list("evidence", finding.evidence,
              [](MemberReader &r, Evidence &e) { r.text("quote", e.quote).texts("supports", e.supports); });
    if (auto done = reader.done(); !done)
        return done;
    std::sort(finding.flags.begin(), finding.flags.end());
    return readConditions(object, finding);
}

Result<> readFeedbackParts(const Json &object, FindingLine &line)
{
    MemberReader reader(object);
    reader.text("incident", line.incident)
        .text("product", line.product)
        .text("author", line.author)
        .text("account_id", line.accountId)
        .text("plan_tier", line.planTier)
        .text("channel", line.channel)
        .text("lang", line.lang)
        .text("app_version", line.appVersion)
        .time("at", line.at)
        .count("copies", line.copies);
    if (auto done = reader.done(); !done)
        return done;
    if (line.copies == 0)
        return fail(ErrorCode::InvalidInput, "/copies: expected at least 1");
    return {};
}

Result<FindingLine> findingLine(const Json &object, const FindingLine &around)
{
    FindingLine line = around;
    line.finding = {};
    if (auto done = readFeedbackParts(object, line); !done)
        return tl::unexpected(done.error());
    // an absent member keeps what the line around it says
    const auto keep = [](std::string &value, const std::string &other) {
        if (value.empty())
            value = other;
    };
    keep(line.incident, around.incident);
    keep(line.product, around.product);
    keep(line.author, around.author);
    keep(line.accountId, around.accountId);
    keep(line.planTier, around.planTier);
    keep(line.channel, around.channel);
    keep(line.lang, around.lang);
    keep(line.appVersion, around.appVersion);
    if (!line.at)
        line.at = around.at;
    if (auto done = readParts(object, line.finding); !done)
        return tl::unexpected(done.error());
    return line;
}

}
