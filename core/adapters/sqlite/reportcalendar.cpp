#include "core/adapters/sqlite/reportcalendar.h"

#include <algorithm>
#include <map>

namespace winnow::sqlite
{

namespace
{

using Weeks = std::chrono::duration<std::int32_t, std::ratio<7 * 24 * 3600>>;
constexpr std::chrono::days kToMonday{3}; // 1 January 1970 was a Thursday

}

std::int32_t ReportCalendar::weekOf(TimePoint time)
{
    return std::chrono::floor<Weeks>(time + kToMonday).time_since_epoch().count();
}

TimePoint ReportCalendar::mondayOf(std::int32_t week)
{
    return TimePoint(Weeks(week)) - kToMonday;
}

Result<> ReportCalendar::refresh(const std::string &stamp)
{
    if (m_stamp == stamp)
        return {};
    m_stamp.clear();
    m_entries.clear();
    std::map<std::int32_t, std::uint32_t> weeks; // of one candidate
    std::int64_t candidate = 0;
    const auto settle = [&] {
        for (const auto &[week, reports] : weeks)
            m_entries.push_back({week, candidate, reports});
        weeks.clear();
    };
    auto done =
        m_db.query("SELECT m.incident, f.at FROM membership m JOIN feedback f ON f.id = m.segment >> 16 "
                   "WHERE m.snapshot = (SELECT value FROM meta WHERE name = 'snapshot') ORDER BY m.incident, m.segment",
                   [&](const Row &row) {
                       if (row.number(0) != candidate)
                           settle();
                       candidate = row.number(0);
                       const auto at = row.time(1);
                       ++weeks[at ? weekOf(*at) : kUndated];
                   });
    if (!done)
        return done;
    settle();
    std::sort(m_entries.begin(), m_entries.end(), [](const Entry &a, const Entry &b) {
        return a.week != b.week ? a.week < b.week : a.candidate < b.candidate;
    });
    m_stamp = stamp;
    return {};
}

std::unordered_set<std::int64_t> ReportCalendar::candidatesOf(std::int32_t week) const
{
    std::unordered_set<std::int64_t> keys;
    const auto begin = std::lower_bound(m_entries.begin(), m_entries.end(), week,
                                        [](const Entry &entry, std::int32_t wanted) { return entry.week < wanted; });
    for (auto at = begin; at != m_entries.end() && at->week == week; ++at)
        keys.insert(at->candidate);
    return keys;
}

}
