#include "core/stages/extract/extract.h"

#include <algorithm>
#include <cmath>
#include <set>

#include "core/base/hash.h"

namespace winnow::extract
{

namespace
{

constexpr std::string_view kUnknown = "unknown";
constexpr double kUnit = 1e6; // probabilities are whole multiples of 1e-6

double rounded(double p)
{
    if (!(p > 0)) // also what is no number
        return 0;
    return std::round(std::min(p, 1.0) * kUnit) / kUnit;
}

bool onBorder(std::string_view text, std::uint32_t at)
{
    return at == text.size() || (std::uint8_t(text[at]) & 0xc0) != 0x80;
}

/// The span ends inside ⟦…⟧ at one of its sides.
bool cutsPlaceholder(std::string_view text, std::uint32_t at)
{
    const std::size_t open = text.substr(0, at).rfind("⟦");
    if (open == std::string_view::npos)
        return false;
    const std::size_t close = text.find("⟧", open);
    return open < at && close != std::string_view::npos && at < close + 3;
}

bool isVerbatim(std::string_view text, const Evidence &evidence)
{
    const ByteSpan span = evidence.span;
    return span.start < span.end && span.end <= text.size() && onBorder(text, span.start) && onBorder(text, span.end)
        && span.of(text) == evidence.quote && !cutsPlaceholder(text, span.start) && !cutsPlaceholder(text, span.end);
}

void voidMember(Finding &finding, const std::string &member)
{
    if (member == "type") {
        finding.abstained = true;
    } else if (member == "symptom") {
        finding.symptom.clear();
        finding.suggestedAction.clear();
    } else if (member == "component") {
        finding.component.clear();
        finding.componentP = 0;
    } else if (member == "severity") {
        finding.severity = Severity::None;
        finding.severityP = 0;
    }
}

void checkEvidence(std::string_view text, Finding &finding)
{
    std::set<std::string> supported, doubtful;
    std::vector<Evidence> kept;
    for (Evidence &evidence : finding.evidence) {
        auto &members = isVerbatim(text, evidence) ? supported : doubtful;
        members.insert(evidence.supports.begin(), evidence.supports.end());
        if (&members == &supported)
            kept.push_back(std::move(evidence));
    }
    finding.evidence = std::move(kept);
    for (const std::string &member : doubtful)
        if (!supported.contains(member))
            voidMember(finding, member);
    if (finding.evidence.empty() && isActionable(finding.type))
        finding.abstained = true;
}

void checkCauses(std::vector<RootCause> &causes)
{
    std::vector<RootCause> merged;
    RootCause unknown{std::string(kUnknown), 0, ""};
    double sum = 0;
    for (RootCause &cause : causes) {
        cause.p = rounded(cause.p);
        sum += cause.p;
        const auto same =
            std::find_if(merged.begin(), merged.end(), [&](const RootCause &m) { return m.label == cause.label; });
        if (cause.label == kUnknown || cause.label.empty())
            unknown.p += cause.p;
        else if (same != merged.end())
            same->p += cause.p;
        else
            merged.push_back(std::move(cause));
    }
    // What the named causes leave is unknown; where they claim more than all, they share it.
    double named = 0;
    const double scale = sum > 1 ? sum : 1;
    for (RootCause &cause : merged) {
        cause.p = rounded(cause.p / scale);
        named += cause.p;
    }
    if (named > 1 && !merged.empty()) { // by rounding up
        merged.front().p = rounded(merged.front().p - (named - 1));
        named = 1;
    }
    unknown.p = rounded(1 - named);
    std::stable_sort(merged.begin(), merged.end(), [](const RootCause &a, const RootCause &b) { return a.p > b.p; });
    merged.push_back(std::move(unknown));
    causes = std::move(merged);
}

void check(std::string_view text, const std::string &hash, Finding &finding)
{
    checkEvidence(text, finding);
    checkCauses(finding.rootCauses);
    for (Scored &type : finding.types)
        type.p = rounded(type.p);
    finding.componentP = rounded(finding.componentP);
    finding.severityP = rounded(finding.severityP);
    finding.confidence = rounded(finding.confidence);
    std::sort(finding.flags.begin(), finding.flags.end());
    finding.flags.erase(std::unique(finding.flags.begin(), finding.flags.end()), finding.flags.end());
    std::sort(finding.conditions.begin(), finding.conditions.end());
    finding.textHash = hash;
}

}

Result<Output> run(const Input &input, const Options &, const Ports &ports, std::stop_token stop)
{
    auto answers = ports.extractor.extract(input.items, stop);
    if (!answers)
        return tl::unexpected(answers.error());
    if (answers->size() != input.items.size())
        return fail(ErrorCode::Protocol,
                    "extract: " + std::to_string(answers->size()) + " answers to " + std::to_string(input.items.size())
                        + " requests");
    for (std::size_t i = 0; i < input.items.size(); ++i) {
        if (stop.stop_requested())
            return fail(ErrorCode::Cancelled, "extract");
        const ExtractionRequest &request = input.items[i];
        auto &findings = (*answers)[i];
        const bool same =
            std::equal(findings.begin(), findings.end(), request.segments.begin(), request.segments.end(),
                       [](const Finding &finding, const Segment &segment) { return finding.segment == segment.span; });
        if (!same)
            return fail(ErrorCode::Protocol,
                        "extract: the findings of request " + std::to_string(i) + " are not one per segment");
        if (findings.empty())
            continue;
        const std::string hash = hex(sha256(request.text));
        for (Finding &finding : findings)
            check(request.text, hash, finding);
    }
    return Output{std::move(*answers)};
}

}
