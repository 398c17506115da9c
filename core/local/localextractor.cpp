#include "core/local/localextractor.h"

#include <algorithm>
#include <cmath>

#include "core/local/analyser.h"
#include "core/local/conditions.h"

namespace winnow
{

namespace
{

using local::Analyser;
using local::Gap;
using local::Hit;
using local::Reading;
using local::Verdict;
using local::WordRange;

constexpr std::string_view kRulesVersion = "1";
constexpr int kPointsPerBit = 7; // a type with so many more points is twice as likely
constexpr double kLeastConfidence = 0.4; // below it the engine would rather not say
constexpr std::size_t kMostEvidence = 3;
constexpr std::uint32_t kOtherClause = 20;  // words that a component in another clause is further away
constexpr std::uint32_t kClauseReach = 14; // words that a quote grows to each side
constexpr std::size_t kNamingBytes = 3; // shorter words name nothing
constexpr std::uint8_t kFirstIdeographByte = 0xe3;
constexpr int kUnknownWeight = 4;
constexpr int kWhenFactor = 3;

/// 2^(points / kPointsPerBit) by a table of the steps between two powers: the same on every machine.
double weightOf(int points)
{
    static constexpr double kSteps[kPointsPerBit] = {1.0,
                                                     1.1040895136738123,
                                                     1.2190136542044754,
                                                     1.3459001926323562,
                                                     1.4859942891369484,
                                                     1.6406707120152757,
                                                     1.8114473285278132};
    const int whole = points >= 0 ? points / kPointsPerBit : -((-points + kPointsPerBit - 1) / kPointsPerBit);
    return std::ldexp(kSteps[points - whole * kPointsPerBit], whole);
}

Severity usualSeverity(IssueType type)
{
    switch (type) {
    case IssueType::Security:
        return Severity::Critical;
    case IssueType::Privacy:
    case IssueType::Billing:
        return Severity::High;
    case IssueType::Bug:
    case IssueType::Performance:
    case IssueType::Battery:
        return Severity::Medium;
    case IssueType::Usability:
    case IssueType::FeatureRequest:
        return Severity::Low;
    default:
        return Severity::None;
    }
}

}

struct LocalExtractor::Private {
    std::unique_ptr<Analyser> own;
    const Analyser *analyser = nullptr;
    std::string version;

    [[nodiscard]] Finding find(const ExtractionRequest &request, const Reading &reading, const Segment &segment) const;
    void weighTypes(const ExtractionRequest &request, Verdict &verdict, Finding &finding) const;
    void nameComponent(const Reading &reading, WordRange range, const Verdict &verdict, Finding &finding) const;
    void nameCauses(Finding &finding, const Taxonomy::Symptom *symptom) const;
    void rate(const ExtractionRequest &request, const Verdict &verdict, Finding &finding) const;
    void quote(const ExtractionRequest &request, const Reading &reading, WordRange range, Finding &finding) const;
    /// The clause names what the trouble is with.
    [[nodiscard]] bool speaksOf(const Reading &reading, WordRange clause, IssueType type) const;
    [[nodiscard]] WordRange clauseOf(const Reading &reading, WordRange range, const Hit &hit) const;
};

WordRange LocalExtractor::Private::clauseOf(const Reading &reading, WordRange range, const Hit &hit) const
{
    const auto parts = [&](std::uint32_t word) { // a clause begins with this word
        if (reading.words.all[word].before >= Gap::Comma)
            return true;
        for (const Hit &other : Analyser::hitsFrom(reading, {word, word + 1}))
            if (analyser->hasRole(other, Cues::Role::Contrast) || analyser->hasRole(other, Cues::Role::Additive))
                return true;
        return false;
    };
    WordRange clause{hit.first, hit.last + 1};
    while (clause.first > range.first && hit.first - clause.first < kClauseReach && !parts(clause.first))
        --clause.first;
    while (clause.end < range.end && clause.end - hit.last <= kClauseReach && !parts(clause.end))
        ++clause.end;
    // "and the app crashes" begins behind its connective.
    for (const Hit &other : Analyser::hitsFrom(reading, {clause.first, clause.first + 1}))
        if ((analyser->hasRole(other, Cues::Role::Contrast) || analyser->hasRole(other, Cues::Role::Additive))
            && other.last < hit.first)
            clause.first = other.last + 1;
    return clause;
}

void LocalExtractor::Private::weighTypes(const ExtractionRequest &request, Verdict &verdict, Finding &finding) const
{
    if (request.rating) {
        const int nudge = *request.rating <= 2 ? 4 : *request.rating >= 5 ? -3 : 0;
        for (std::size_t i = 0; i < verdict.points.size(); ++i)
            if (isActionable(IssueType(i)) && verdict.points[i] > 0)
                verdict.points[i] += nudge;
        Analyser::settle(verdict);
    }
    double sum = 0;
    std::array<double, kIssueTypeNames.size()> weights{};
    for (std::size_t i = 0; i < weights.size(); ++i)
        if (verdict.points[i] > 0) // what nothing speaks for is no candidate
            sum += weights[i] = weightOf(verdict.points[i]);
    finding.type = verdict.type;
    for (std::size_t i = 0; i < weights.size(); ++i)
        if (const double p = weights[i] / sum; p >= 0.01)
            finding.types.push_back({std::string(kIssueTypeNames[i]), p});
    std::stable_sort(finding.types.begin(), finding.types.end(),
                     [](const Scored &a, const Scored &b) { return a.p > b.p; });
}

void LocalExtractor::Private::nameComponent(const Reading &reading, WordRange range, const Verdict &verdict,
                                            Finding &finding) const
{
    const Taxonomy &taxonomy = analyser->taxonomy();
    const WordRange clause = verdict.symptom ? clauseOf(reading, range, *verdict.symptom) : range;
    const Hit *nearest = nullptr;
    std::uint32_t least = 0;
    int others = 0;
    for (const Hit &hit : Analyser::hitsFrom(reading, range)) {
        if (hit.kind != Hit::Kind::Component || hit.last >= range.end)
            continue;
        std::uint32_t distance = hit.first - range.first;
        if (verdict.symptom)
            distance = hit.last < verdict.symptom->first ? verdict.symptom->first - hit.last
                : hit.first > verdict.symptom->last      ? hit.first - verdict.symptom->last
                                                         : 0;
        if (hit.first < clause.first || hit.last >= clause.end)
            distance += kOtherClause;
        if (nearest && nearest->index != hit.index)
            ++others;
        if (!nearest || distance < least || (distance == least && hit.size() > nearest->size())) {
            nearest = &hit;
            least = distance;
        }
    }
    if (nearest) {
        finding.component = taxonomy.components[nearest->index].name;
        finding.componentP = others == 0 ? 0.85 : others == 1 ? 0.65 : 0.5;
    } else if (verdict.symptom && !analyser->symptom(*verdict.symptom).component.empty()) {
        finding.component = analyser->symptom(*verdict.symptom).component;
        finding.componentP = 0.55;
    }
}

void LocalExtractor::Private::nameCauses(Finding &finding, const Taxonomy::Symptom *symptom) const
{
    int sum = kUnknownWeight;
    std::vector<std::pair<const Taxonomy::Cause *, int>> candidates;
    if (symptom) {
        for (const Taxonomy::Cause &cause : symptom->causes) {
            if (!cause.component.empty() && cause.component != finding.component)
                continue;
            const bool when = !cause.when.empty()
                && std::any_of(finding.conditions.begin(), finding.conditions.end(),
                               [&](const auto &c) { return c.first == cause.when; });
            candidates.emplace_back(&cause, when ? cause.weight * kWhenFactor : cause.weight);
            sum += candidates.back().second;
        }
    }
    for (const auto &[cause, weight] : candidates)
        finding.rootCauses.push_back({cause->label, double(weight) / sum, "taxonomy"});
    finding.rootCauses.push_back({"unknown", double(kUnknownWeight) / sum, ""});
}

void LocalExtractor::Private::rate(const ExtractionRequest &request, const Verdict &verdict, Finding &finding) const
{
    const bool named = verdict.symptom && analyser->symptom(*verdict.symptom).type == finding.type;
    const Severity usual = named ? analyser->symptom(*verdict.symptom).severity : usualSeverity(finding.type);
    if (usual == Severity::None)
        return;
    int level = (int(Severity::None) - int(usual)) * 10 + std::clamp(verdict.severity, -12, 12);
    if (request.rating)
        level += *request.rating <= 1 ? 2 : *request.rating >= 4 ? -3 : 0;
    level = std::clamp(level, 5, 44);
    const int step = (level + 5) / 10; // 1 low to 4 critical
    const int distance = std::abs(level - step * 10); // 0: in the middle of its step
    finding.severity = Severity(int(Severity::None) - step);
    finding.severityP = (80 - 5 * distance) / 100.0;
}

bool LocalExtractor::Private::speaksOf(const Reading &reading, WordRange clause, IssueType type) const
{
    const auto isVague = [&](std::uint32_t word) {
        const std::string_view text = reading.words[word];
        const auto known = analyser->classOf(text);
        const bool letters = text.size() >= kNamingBytes && std::uint8_t(text[0]) < kFirstIdeographByte;
        return !letters || known.generic || known.vague || reading.words.all[word].number
            || reading.words.all[word].placeholder;
    };
    std::vector<bool> taken(clause.size()); // by phrases of complaint
    for (const Hit &hit : Analyser::hitsFrom(reading, clause)) {
        if (hit.last >= clause.end)
            continue;
        if (hit.kind == Hit::Kind::Symptom && !hit.negated && analyser->symptom(hit).type == type
            && !analyser->symptom(hit).vague)
            return true;
        if (hit.kind == Hit::Kind::Component) {
            for (std::uint32_t word = hit.first; word <= hit.last; ++word)
                if (const auto known = analyser->classOf(reading.words[word]); !known.generic && !known.vague)
                    return true;
        } else {
            for (std::uint32_t word = hit.first; word <= hit.last; ++word)
                taken[word - clause.first] = true;
        }
    }
    for (std::uint32_t word = clause.first; word < clause.end; ++word)
        if (!taken[word - clause.first] && !isVague(word))
            return true;
    return false;
}

void LocalExtractor::Private::quote(const ExtractionRequest &request, const Reading &reading, WordRange range,
                                    Finding &finding) const
{
    struct Clause {
        WordRange words;
        int points = 0;
        std::vector<std::string> supports;
        void support(const char *member)
        {
            if (std::find(supports.begin(), supports.end(), member) == supports.end())
                supports.emplace_back(member);
        }
    };
    std::vector<Clause> clauses;
    const auto at = [&](const Hit &hit) -> Clause & {
        for (Clause &clause : clauses)
            if (clause.words.first <= hit.first && hit.last < clause.words.end)
                return clause;
        clauses.push_back({clauseOf(reading, range, hit), 0, {}});
        return clauses.back();
    };
    for (const Hit &hit : Analyser::hitsFrom(reading, range)) {
        if (hit.last >= range.end || hit.negated)
            continue;
        if (hit.kind == Hit::Kind::Symptom && analyser->symptom(hit).type == finding.type) {
            Clause &clause = at(hit);
            clause.points += analyser->symptom(hit).points;
            clause.support("type");
            if (analyser->symptom(hit).name == finding.symptom)
                clause.support("symptom");
        } else if (hit.kind == Hit::Kind::Cue && analyser->cue(hit).points[std::size_t(finding.type)] > 0) {
            Clause &clause = at(hit);
            clause.points += analyser->cue(hit).points[std::size_t(finding.type)];
            clause.support("type");
        }
    }
    for (const Hit &hit : Analyser::hitsFrom(reading, range)) {
        if (hit.last >= range.end)
            continue;
        const bool component =
            hit.kind == Hit::Kind::Component && analyser->taxonomy().components[hit.index].name == finding.component;
        const bool severity = hit.kind == Hit::Kind::Cue && !hit.negated && analyser->cue(hit).severity != 0;
        if (!component && !severity)
            continue;
        for (Clause &clause : clauses)
            if (clause.words.first <= hit.first && hit.last < clause.words.end)
                clause.support(component ? "component" : "severity");
    }
    // What the customer was doing: "whenever I scan a code, …".
    if (finding.type < IssueType::FeatureRequest && !clauses.empty())
        for (const Hit &hit : Analyser::hitsFrom(reading, range))
            if (hit.last + 1 < range.end && analyser->hasRole(hit, Cues::Role::Condition))
                at(hit).support(finding.symptom.empty() ? "type" : "symptom");
    // "Please fix this" is no evidence of anything.
    std::erase_if(clauses, [&](const Clause &clause) { return !speaksOf(reading, clause.words, finding.type); });
    std::stable_sort(clauses.begin(), clauses.end(),
                     [](const Clause &a, const Clause &b) { return a.points > b.points; });
    if (clauses.size() > kMostEvidence)
        clauses.resize(kMostEvidence);
    std::sort(clauses.begin(), clauses.end(),
              [](const Clause &a, const Clause &b) { return a.words.first < b.words.first; });
    std::uint32_t free = 0; // quotes do not overlap
    for (Clause &clause : clauses) {
        const std::uint32_t first = std::max(clause.words.first, free);
        if (first >= clause.words.end)
            continue;
        free = clause.words.end;
        const ByteSpan span{reading.words.all[first].span.start, reading.words.all[clause.words.end - 1].span.end};
        std::sort(clause.supports.begin(), clause.supports.end());
        finding.evidence.push_back({span, std::string(span.of(request.text)), std::move(clause.supports)});
    }
}

Finding LocalExtractor::Private::find(const ExtractionRequest &request, const Reading &reading,
                                      const Segment &segment) const
{
    Finding finding;
    finding.segment = segment.span;
    finding.model = version;
    const auto &words = reading.words.all;
    const auto wordAt = [&](std::uint32_t byte) {
        return std::uint32_t(std::lower_bound(words.begin(), words.end(), byte,
                                              [](const auto &word, std::uint32_t b) { return word.span.start < b; })
                             - words.begin());
    };
    const WordRange range{wordAt(segment.span.start), wordAt(segment.span.end)};
    Verdict verdict = analyser->judge(reading, range);
    weighTypes(request, verdict, finding);
    finding.conditions = local::conditionsOf(*analyser, request, reading, range);

    const Taxonomy::Symptom *symptom =
        verdict.symptom && isActionable(finding.type) ? &analyser->symptom(*verdict.symptom) : nullptr;
    if (symptom && symptom->type != finding.type)
        symptom = nullptr;
    if (symptom)
        finding.symptom = symptom->name;
    nameComponent(reading, range, verdict, finding);
    if (isActionable(finding.type)) {
        nameCauses(finding, symptom);
        rate(request, verdict, finding);
        finding.suggestedAction = symptom && !symptom->action.empty()
            ? symptom->action
            : analyser->taxonomy().actions[std::size_t(finding.type)];
        quote(request, reading, range, finding);
        if (finding.type == IssueType::Security || finding.type == IssueType::Privacy
            || finding.type == IssueType::Billing)
            finding.flags.emplace_back(toString(finding.type));
    } else {
        finding.rootCauses.push_back({"unknown", 1, ""});
    }
    for (const Hit &hit : Analyser::hitsFrom(reading, range)) {
        if (hit.last >= range.end || hit.negated)
            continue;
        if (hit.kind == Hit::Kind::Cue && !analyser->cue(hit).flag.empty())
            finding.flags.push_back(analyser->cue(hit).flag);
        else if (hit.kind == Hit::Kind::Symptom)
            finding.flags.insert(finding.flags.end(), analyser->symptom(hit).flags.begin(),
                                 analyser->symptom(hit).flags.end());
    }
    const int points = verdict.at(finding.type);
    finding.confidence = finding.types.front().p * (60 + std::min(points, 40)) / 100.0;
    if (finding.type == IssueType::Other)
        finding.confidence /= 2;
    finding.abstained = finding.type == IssueType::Other || finding.confidence < kLeastConfidence
        || (isActionable(finding.type) && finding.evidence.empty());
    return finding;
}

LocalExtractor::LocalExtractor(std::unique_ptr<Private> p)
    : d(std::move(p))
{
}
LocalExtractor::~LocalExtractor() = default;

Result<std::unique_ptr<LocalExtractor>> LocalExtractor::make(Taxonomy taxonomy)
{
    auto cues = shippedCues();
    if (!cues)
        return tl::unexpected(cues.error());
    auto analyser = Analyser::make(std::move(*cues), std::move(taxonomy));
    if (!analyser)
        return tl::unexpected(analyser.error());
    auto p = std::make_unique<Private>();
    p->own = std::make_unique<Analyser>(std::move(*analyser));
    p->analyser = p->own.get();
    p->version = "local-" + p->analyser->taxonomy().version + '-' + p->analyser->cues().version.substr(0, 6) + '-'
        + std::string(kRulesVersion);
    return std::unique_ptr<LocalExtractor>(new LocalExtractor(std::move(p)));
}

Result<std::unique_ptr<LocalExtractor>> LocalExtractor::makeShipped()
{
    const auto analyser = Analyser::shipped();
    if (!analyser)
        return tl::unexpected(analyser.error());
    auto p = std::make_unique<Private>();
    p->analyser = *analyser;
    p->version = "local-" + p->analyser->taxonomy().version + '-' + p->analyser->cues().version.substr(0, 6) + '-'
        + std::string(kRulesVersion);
    return std::unique_ptr<LocalExtractor>(new LocalExtractor(std::move(p)));
}

std::string LocalExtractor::version() const
{
    return d->version;
}

Result<std::vector<std::vector<Finding>>> LocalExtractor::extract(std::span<const ExtractionRequest> requests,
                                                                  std::stop_token stop)
{
    std::vector<std::vector<Finding>> answers(requests.size());
    Reading reading;
    for (std::size_t i = 0; i < requests.size(); ++i) {
        if (stop.stop_requested())
            return fail(ErrorCode::Cancelled, "local extractor");
        if (requests[i].segments.empty())
            continue;
        d->analyser->read(requests[i].text, requests[i].lang, reading);
        answers[i].reserve(requests[i].segments.size());
        for (const Segment &segment : requests[i].segments)
            answers[i].push_back(d->find(requests[i], reading, segment));
    }
    return answers;
}

}
