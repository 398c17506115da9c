#include "core/adapters/http/pacing.h"

#include <algorithm>
#include <charconv>
#include <cmath>

namespace winnow::http
{

namespace
{

using std::chrono::milliseconds;

std::optional<double> decimal(std::string_view text)
{
    while (text.starts_with(' '))
        text.remove_prefix(1);
    while (text.ends_with(' '))
        text.remove_suffix(1);
    double value = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value, std::chars_format::fixed);
    if (error != std::errc() || end != text.data() + text.size() || text.empty() || !std::isfinite(value))
        return std::nullopt;
    return value;
}

milliseconds capped(double ms)
{
    return ms > double(milliseconds(kLongestPause).count()) ? milliseconds(kLongestPause)
                                                            : milliseconds(std::int64_t(std::ceil(ms)));
}

constexpr milliseconds kOneSecond{1000};

/// The time at which the budget is full again.
std::optional<TimePoint> resetOf(const BudgetHeaders &headers, const Response &response, TimePoint now)
{
    const auto text = response.header(headers.reset);
    if (!text)
        return std::nullopt;
    if (headers.unit == BudgetHeaders::Reset::Iso8601) {
        // to the minute, and the seconds may be missing: `2026-09-14T08:11Z`
        std::string stamp(*text);
        if (stamp.size() == 17 && stamp.ends_with('Z'))
            stamp.insert(16, ":00");
        auto time = parseTime(stamp);
        if (time && *time == std::chrono::floor<std::chrono::minutes>(*time))
            *time += std::chrono::minutes(1); // the minute is cut off: it may be any second of it
        return time;
    }
    const auto value = decimal(*text);
    if (!value || *value < 0)
        return std::nullopt;
    switch (headers.unit) {
    case BudgetHeaders::Reset::Milliseconds:
        return TimePoint(milliseconds(std::int64_t(std::min(*value, 4e15))));
    case BudgetHeaders::Reset::Interval:
        return now + capped(*value * 1000);
    default:
        return TimePoint(milliseconds(std::int64_t(std::min(*value, 4e12)) * 1000));
    }
}

void forget(std::deque<TimePoint> &times, const std::vector<Quota> &quotas, TimePoint now)
{
    std::size_t most = 0;
    milliseconds longest{0};
    for (const Quota &quota : quotas) {
        most = std::max(most, quota.count);
        longest = std::max(longest, quota.window);
    }
    while (!times.empty() && (times.size() > most || times.front() + longest <= now))
        times.pop_front();
}

TimePoint readyBy(const std::deque<TimePoint> &times, const std::vector<Quota> &quotas, TimePoint now)
{
    TimePoint ready = now;
    for (const Quota &quota : quotas)
        if (quota.count > 0 && times.size() >= quota.count)
            ready = std::max(ready, times[times.size() - quota.count] + quota.window);
    return ready;
}

}

std::optional<milliseconds> retryAfter(const Response &response, TimePoint now)
{
    if (const auto text = response.header("retry-after-ms"))
        if (const auto value = decimal(*text); value && *value >= 0)
            return capped(*value);
    const auto text = response.header("retry-after");
    if (!text)
        return std::nullopt;
    if (const auto seconds = decimal(*text))
        return *seconds < 0 ? kOneSecond : capped(*seconds * 1000);
    const auto date = parseHttpDate(*text);
    if (!date)
        return kOneSecond;
    const auto wait = *date - response.date().value_or(now);
    return wait <= milliseconds(0) ? kOneSecond : std::min<milliseconds>(wait, kLongestPause);
}

TimePoint Pacer::readyAt(bool write, TimePoint now) const
{
    TimePoint ready = std::max(now, m_pause.value_or(now));
    ready = std::max(ready, readyBy(m_allAt, m_all, now));
    return write ? std::max(ready, readyBy(m_writesAt, m_writes, now)) : ready;
}

void Pacer::leaves(bool write, TimePoint now)
{
    if (!m_all.empty())
        m_allAt.push_back(now);
    if (write && !m_writes.empty())
        m_writesAt.push_back(now);
    forget(m_allAt, m_all, now);
    forget(m_writesAt, m_writes, now);
}

void Pacer::answered(const Reply &reply, bool limited, TimePoint now)
{
    if (!reply.answered())
        return;
    const Response &response = reply.response;
    // the server's clock may differ from ours: its times are measured against its own `Date`
    const TimePoint theirs = response.date().value_or(now);
    std::optional<milliseconds> wait = retryAfter(response, now);
    for (const BudgetHeaders &headers : m_headers) {
        const auto remaining = response.header(headers.remaining);
        const double left = remaining ? decimal(*remaining).value_or(-1) : -1; // below zero: unknown
        const auto reset = resetOf(headers, response, theirs);
        if (reset && (limited ? !wait : left >= 0 && left < 1))
            wait = std::clamp<milliseconds>(*reset - theirs, kOneSecond, kLongestPause);
    }
    if (limited && !wait)
        wait = backOff();
    if (!limited)
        m_failures = 0;
    if (wait)
        pauseUntil(now + *wait);
}

milliseconds Pacer::backOff()
{
    // 2, 4, 8 … 300 s with full jitter, from a seed: the same run waits the same
    const std::int64_t most = std::min<std::int64_t>(300'000, std::int64_t(2000) << std::min(m_failures, 8));
    ++m_failures;
    m_seed = m_seed * 6364136223846793005u + 1442695040888963407u;
    return milliseconds(1 + std::int64_t((m_seed >> 33) % std::uint64_t(most)));
}

void Pacer::pauseUntil(TimePoint time)
{
    m_pause = std::max(time, m_pause.value_or(time));
}

std::optional<TimePoint> Pacer::pausedUntil(TimePoint now) const
{
    return m_pause && *m_pause > now ? m_pause : std::nullopt;
}

}
