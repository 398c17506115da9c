#include "core/stages/score/score.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <string>
#include <utility>

#include "core/base/assert.h"
#include "core/math/elementary.h"

namespace winnow::score {

namespace {

constexpr double kLeast = 0.01;
constexpr std::array<double, kSeverityNames.size()> kSeverityValue{1.0, 0.7, 0.4, 0.2, 0.05};

/// Reach is full at this many authors where nobody knows how many there are.
constexpr double kFullReach = 1'000;
/// Weighted paying reporters and yearly revenue at which the revenue factor is full.
constexpr double kFullTiers = 200;
constexpr double kRevenueUnit = 1'000;
constexpr double kFullRevenue = 10'000'000;
/// A factor without any sign in its favour: no paying reporter; one channel and quiet signals.
constexpr double kRevenueBase = 0.5;
constexpr double kCorroborationBase = 0.6;
/// Signals within this many standard deviations are quiet.
constexpr double kQuietZ = 1;

constexpr std::array<std::string_view, 4> kGatingFlags{"security", "privacy", "billing", "regulatory"};

constexpr std::array<std::pair<std::string_view, double>, 17> kTierWords{{
    {"enterprise", 1.0}, {"platinum", 1.0}, {"corporate", 0.9}, {"business", 0.8}, {"team", 0.7}, {"gold", 0.7},
    {"professional", 0.6}, {"premium", 0.6}, {"silver", 0.5}, {"pro", 0.5}, {"plus", 0.4}, {"standard", 0.4},
    {"paid", 0.4}, {"basic", 0.3}, {"starter", 0.3}, {"lite", 0.2}, {"personal", 0.2},
}};

double bounded(double value) { return math::round6(std::clamp(value, kLeast, 1.0)); }

/// 0 at 0, 1 at `full` and above, even steps per factor of ten far from 0.
double logShare(double value, double full) { return std::min(1.0, math::log1p(std::max(0.0, value)) / math::log1p(full)); }

/// Both speak for it: as strong as the stronger, stronger together.
double either(double a, double b) { return 1 - (1 - a) * (1 - b); }

double reach(const Incident &incident)
{
    const double authors = std::max(1u, incident.authors);
    const double absolute = logShare(authors, kFullReach);
    if (incident.ofAuthors == 0)
        return absolute;
    // the share among those who write at all: 40 authors are a lot in a workspace of 200
    return (absolute + logShare(authors, std::max(authors, double(incident.ofAuthors)))) / 2;
}

double revenueWeight(const Incident &incident)
{
    double paying = 0;
    for (const auto &[tier, count] : incident.planTiers)
        paying += tierWeight(tier) * count;
    const double money = logShare(incident.revenue / kRevenueUnit, kFullRevenue / kRevenueUnit);
    return kRevenueBase + (1 - kRevenueBase) * either(logShare(paying, kFullTiers), money);
}

double recency(const Incident &incident, TimePoint asOf, int halfLifeDays)
{
    if (!incident.newestAt)
        return kLeast;
    const auto age = std::max(asOf - *incident.newestAt, std::chrono::milliseconds(0));
    const double days = double(age.count()) / 86'400'000.0;
    return math::exp(-days / std::max(1, halfLifeDays) * 0.6931471805599453);
}

double corroboration(const Incident &incident)
{
    const auto channels = std::count_if(incident.channels.begin(), incident.channels.end(),
                                        [](const auto &channel) { return channel.second > 0; });
    const double more = double(std::max<std::ptrdiff_t>(channels, 1) - 1);
    double loudest = 0;
    for (const SignalReading &signal : incident.signals)
        loudest = std::max(loudest, std::abs(signal.z)); // a fall corroborates like a rise: names do not say which is bad
    const double excess = std::max(0.0, loudest - kQuietZ);
    return kCorroborationBase + (1 - kCorroborationBase) * either(more / (more + 1.5), excess / (excess + 3));
}

Score scored(const Incident &incident, TimePoint asOf, const Options &options)
{
    Score score;
    const std::string_view gate = gatingFlag(incident);
    double sum = 0;
    const auto add = [&](const char *name, double value, double weight) {
        const double shown = bounded(value);
        const double part = weight == 0 ? 0.0 : math::round6(weight * math::log(shown));
        score.factors.push_back({name, shown, part});
        sum += part;
    };
    add("severity", kSeverityValue[std::size_t(incident.severity)], options.severityWeight);
    add("reach", reach(incident), options.reachWeight);
    add("revenue_weight", revenueWeight(incident), options.revenueWeight);
    add("recency", recency(incident, asOf, options.halfLifeDays), options.recencyWeight);
    add("confidence", incident.confidence, gate.empty() ? options.confidenceWeight : 0);
    add("corroboration", corroboration(incident), options.corroborationWeight);
    // from the shares as they are shown, so that whoever adds them up arrives at the same number
    score.priority = std::round(100 * math::exp(sum) * 100) / 100;
    if (!gate.empty())
        score.overrideReason = std::string(gate) + ": confidence gates only";
    return score;
}

}

bool isGating(std::string_view flag)
{
    return std::find(kGatingFlags.begin(), kGatingFlags.end(), flag) != kGatingFlags.end();
}

std::string_view gatingFlag(const Incident &incident)
{
    for (const std::string_view flag : kGatingFlags)
        if (std::find(incident.flags.begin(), incident.flags.end(), flag) != incident.flags.end())
            return flag;
    return {};
}

double tierWeight(std::string_view planTier)
{
    std::string word;
    double best = 0;
    const auto look = [&] {
        for (const auto &[name, weight] : kTierWords)
            if (word == name)
                best = std::max(best, weight);
        word.clear();
    };
    for (const char c : planTier) {
        if ((c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'))
            word += char(c | 0x20);
        else
            look();
    }
    look();
    return best;
}

Result<Output> run(const Input &input, const Options &options, std::stop_token stop)
{
    Output output;
    output.scores.reserve(input.incidents.size());
    for (const Incident &incident : input.incidents) {
        if (stop.stop_requested())
            return fail(ErrorCode::Cancelled, "score");
        if (incident.reports == 0)
            return fail(ErrorCode::InvalidInput, "incident " + toString(incident.id) + " has no reports");
        output.scores.push_back(scored(incident, input.asOf, options));
    }
    return output;
}

}
