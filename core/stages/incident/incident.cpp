#include "core/stages/incident/incident.h"

#include <algorithm>
#include <cmath>
#include <map>
#include <set>
#include <utility>

#include "core/math/elementary.h"
#include "core/stages/incident/signals.h"
#include "core/stages/incident/title.h"
#include "core/stages/score/score.h"
#include "core/text/versions.h"

namespace winnow::incident {

namespace {

/// Weights are whole millionths, so that sums do not depend on the order of the members.
using Weight = std::int64_t;
constexpr Weight kOne = 1'000'000;

Weight millionths(double p) { return Weight(std::llround(std::clamp(p, 0.0, 1.0) * double(kOne))); }

/// A finding that is sure of nothing still counts a little: it is a report.
Weight weightOf(const Member &member)
{
    return std::max<Weight>(millionths(member.finding->confidence), kOne / 100) * member.copies;
}

template <typename Key>
using Votes = std::map<Key, Weight>;

/// The key with the most weight; of equals the first. \pre not empty
template <typename Key>
const Key &heaviest(const Votes<Key> &votes)
{
    return std::max_element(votes.begin(), votes.end(), [](const auto &a, const auto &b) { return a.second < b.second; })->first;
}

/// The heaviest text where there is one with a name and it outweighs silence by a quarter of all.
std::string named(const Votes<std::string> &votes)
{
    Weight all = 0;
    for (const auto &[name, weight] : votes)
        all += weight;
    Votes<std::string> spoken = votes;
    spoken.erase(std::string());
    if (spoken.empty())
        return {};
    const std::string &best = heaviest(spoken);
    return spoken[best] * 4 >= all ? best : std::string();
}

/// The severity that at least half of the weight reaches: half of those who report it feel it this badly or worse.
Severity upperMedian(const Votes<Severity> &votes)
{
    Weight all = 0, sum = 0;
    for (const auto &[severity, weight] : votes)
        all += weight;
    for (const auto &[severity, weight] : votes) { // worst first
        sum += weight;
        if (2 * sum >= all)
            return severity;
    }
    return Severity::None;
}

/// A flag of a few among many is more likely a slip of the engine than the point of the incident.
bool flagHolds(std::uint64_t flagged, std::uint64_t reports)
{
    return flagged >= std::min<std::uint64_t>(3, (reports + 19) / 20);
}

std::vector<RootCause> averaged(const std::map<std::string, std::pair<Weight, std::map<std::string, Weight>>> &causes)
{
    constexpr std::size_t kMaximumCauses = 5;
    constexpr std::string_view kUnknown = "unknown";
    Weight all = 0;
    std::vector<std::pair<Weight, const std::string *>> order;
    for (const auto &[label, sum] : causes) {
        all += sum.first;
        if (label != kUnknown)
            order.emplace_back(sum.first, &label);
    }
    std::vector<RootCause> result;
    if (all > 0) {
        std::stable_sort(order.begin(), order.end(), [](const auto &a, const auto &b) { return a.first > b.first; });
        if (order.size() > kMaximumCauses)
            order.resize(kMaximumCauses);
        for (const auto &[sum, label] : order) {
            const auto &bases = causes.at(*label).second;
            result.push_back({*label, math::round6(double(sum) / double(all)), bases.empty() ? std::string() : heaviest(bases)});
        }
    }
    double rest = 1;
    for (const RootCause &cause : result)
        rest -= cause.p;
    result.push_back({std::string(kUnknown), math::round6(std::max(0.0, rest)), {}});
    std::stable_sort(result.begin(), result.end(), [](const RootCause &a, const RootCause &b) { return a.p > b.p; });
    return result;
}

std::vector<std::string> inVersionOrder(const std::set<std::string> &names)
{
    std::vector<std::pair<text::Version, std::string>> versions;
    for (const std::string &name : names)
        if (auto version = text::parseVersion(name))
            versions.emplace_back(std::move(*version), name);
    std::stable_sort(versions.begin(), versions.end(), [](const auto &a, const auto &b) { return (a.first <=> b.first) < 0; });
    std::vector<std::string> result;
    for (auto &[version, name] : versions)
        result.push_back(std::move(name));
    return result;
}

/// The plan tiers of one author's reports: the best one counts.
struct Tier {
    std::string name;
    double weight = -1;
    void take(std::string_view other)
    {
        if (other.empty())
            return;
        const double w = score::tierWeight(other);
        if (w > weight || (w == weight && other < name)) {
            weight = w;
            name = other;
        }
    }
};

Incident summed(const IncidentId &id, const std::vector<const Member *> &members, const Input &input, const SignalTable &signals)
{
    Incident incident;
    incident.id = id;
    incident.ofAuthors = input.ofAuthors;
    std::map<std::string_view, Tier> authors;
    std::set<std::string_view> accounts;
    std::set<std::string> versions;
    std::map<std::string, std::uint64_t> flags;
    Votes<IssueType> types;
    Votes<std::string> components, symptoms, products;
    Votes<Severity> severities;
    std::map<std::string, std::pair<Weight, std::map<std::string, Weight>>> causes;
    Weight confidence = 0;
    std::uint64_t reports = 0, nameless = 0;
    const auto tierOf = [&](const Member &member) -> std::string_view {
        const auto account = input.accounts.find(std::string(member.accountId));
        if (!member.accountId.empty() && account != input.accounts.end() && !account->second.planTier.empty())
            return account->second.planTier;
        return member.planTier;
    };
    for (const Member *member : members) {
        const Finding &finding = *member->finding;
        const Weight weight = weightOf(*member);
        reports += member->copies;
        confidence += millionths(finding.confidence) * member->copies;
        types[finding.type] += weight;
        components[finding.component] += weight;
        symptoms[finding.symptom] += weight;
        severities[finding.severity] += weight;
        if (!member->product.empty())
            products[std::string(member->product)] += weight;
        for (const std::string &flag : finding.flags)
            flags[flag] += member->copies;
        for (const RootCause &cause : finding.rootCauses) {
            auto &[sum, bases] = causes[cause.label];
            const Weight share = millionths(cause.p) * member->copies;
            sum += share;
            if (!cause.basis.empty())
                bases[cause.basis] += share;
        }
        const std::string_view tier = tierOf(*member);
        if (member->author.empty()) {
            nameless += member->copies;
            if (!tier.empty())
                incident.planTiers[std::string(tier)] += member->copies;
        } else {
            authors[member->author].take(tier);
        }
        if (!member->accountId.empty())
            accounts.insert(member->accountId);
        if (!member->channel.empty())
            incident.channels[std::string(member->channel)] += member->copies;
        if (!member->lang.empty())
            incident.languages[std::string(member->lang)] += member->copies;
        if (!member->appVersion.empty())
            versions.emplace(member->appVersion);
        if (member->at) {
            incident.firstAt = incident.firstAt ? std::min(*incident.firstAt, *member->at) : *member->at;
            incident.newestAt = incident.newestAt ? std::max(*incident.newestAt, *member->at) : *member->at;
        }
    }
    for (const auto &[author, tier] : authors)
        if (!tier.name.empty())
            ++incident.planTiers[tier.name];
    std::int64_t cents = 0; // whole numbers: the same sum in any order
    for (const std::string_view account : accounts)
        if (const auto found = input.accounts.find(std::string(account)); found != input.accounts.end())
            cents += std::llround(std::clamp(found->second.revenue, 0.0, 1e13) * 100);
    incident.revenue = double(cents) / 100;
    incident.reports = std::uint32_t(std::min<std::uint64_t>(reports, UINT32_MAX));
    incident.authors = std::uint32_t(std::min<std::uint64_t>(authors.size() + nameless, UINT32_MAX));
    incident.confidence = reports == 0 ? 0 : math::round6(double(confidence) / double(reports) / double(kOne));
    incident.type = heaviest(types);
    incident.component = named(components);
    incident.symptom = named(symptoms);
    incident.severity = upperMedian(severities);
    incident.product = products.empty() ? std::string() : heaviest(products);
    for (const auto &[flag, count] : flags)
        if (flagHolds(count, reports))
            incident.flags.push_back(flag);
    incident.versions = inVersionOrder(versions);
    incident.rootCauses = averaged(causes);
    if (incident.newestAt)
        incident.signals = signals.readings(std::min(*incident.newestAt, input.asOf));
    incident.title = titleOf(incident);
    return incident;
}

}

Result<Output> run(const Input &input, const Options &, std::stop_token stop)
{
    std::vector<std::vector<const Member *>> members(input.ids.size());
    for (const Member &member : input.members) {
        if (member.incident >= members.size() || !member.finding || member.copies == 0)
            return fail(ErrorCode::InvalidInput, "a member without incident, finding or copies");
        members[member.incident].push_back(&member);
    }
    const SignalTable signals(input.signals);
    Output output;
    output.incidents.reserve(members.size());
    for (std::size_t i = 0; i < members.size(); ++i) {
        if (stop.stop_requested())
            return fail(ErrorCode::Cancelled, "incident");
        if (members[i].empty())
            return fail(ErrorCode::InvalidInput, "incident " + toString(input.ids[i]) + " has no member");
        output.incidents.push_back(summed(input.ids[i], members[i], input, signals));
    }
    return output;
}

}
