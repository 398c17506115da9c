#include "core/stages/incident/signals.h"

#include <algorithm>
#include <cmath>
#include <map>

#include "core/math/elementary.h"

namespace winnow::incident {

namespace {

constexpr std::int64_t kRecentDays = 7, kNormalDays = 28;
constexpr std::size_t kLeastNormalDays = 7;
constexpr double kLargestZ = 99;

std::int64_t dayOf(TimePoint time) { return std::chrono::floor<std::chrono::days>(time).time_since_epoch().count(); }

}

SignalTable::SignalTable(const std::vector<SignalPoint> &points)
{
    std::map<std::string, std::map<std::int64_t, std::vector<double>>> byName;
    for (const SignalPoint &point : points)
        byName[point.name][dayOf(point.at)].push_back(point.value);
    for (auto &[name, days] : byName) {
        Series &series = m_series.emplace_back();
        series.name = name;
        for (auto &[day, values] : days) {
            std::sort(values.begin(), values.end()); // the same sum whatever order the points came in
            double sum = 0;
            for (const double value : values)
                sum += value;
            series.days.push_back({day, sum / double(values.size())});
        }
    }
}

std::vector<SignalReading> SignalTable::readings(TimePoint newest) const
{
    std::vector<SignalReading> result;
    const std::int64_t end = dayOf(newest) + 1, recent = end - kRecentDays, normal = recent - kNormalDays;
    for (const Series &series : m_series) {
        const auto at = [&](std::int64_t day) {
            return std::lower_bound(series.days.begin(), series.days.end(), day,
                                    [](const Day &d, std::int64_t wanted) { return d.day < wanted; });
        };
        const auto first = at(normal), middle = at(recent), last = at(end);
        const auto before = std::size_t(middle - first), now = std::size_t(last - middle);
        if (before < kLeastNormalDays || now == 0)
            continue;
        double sum = 0, recentSum = 0, squares = 0;
        for (auto day = first; day != middle; ++day)
            sum += day->mean;
        for (auto day = middle; day != last; ++day)
            recentSum += day->mean;
        const double mean = sum / double(before);
        for (auto day = first; day != middle; ++day)
            squares += (day->mean - mean) * (day->mean - mean);
        const double deviation = std::sqrt(squares / double(before - 1));
        // below the noise of the additions themselves
        if (deviation <= 1e-9 * std::max(1.0, std::abs(mean)))
            continue;
        const double z = (recentSum / double(now) - mean) / deviation;
        result.push_back({series.name, math::round6(std::clamp(z, -kLargestZ, kLargestZ))});
    }
    return result;
}

}
