#pragma once

#include <chrono>
#include <cstdint>
#include <deque>
#include <optional>
#include <string>
#include <vector>

#include "core/adapters/http/message.h"

namespace winnow::http
{

inline constexpr std::chrono::seconds kLongestPause{900};

/// The wait that `retry-after-ms` or `Retry-After` asks for: seconds (decimals too), or a date, measured against the
/// same response's `Date`. Past or unparsable means one second; at most kLongestPause.
/// \source contracts/trackers.md 11; contracts/ai.md
[[nodiscard]] std::optional<std::chrono::milliseconds> retryAfter(const Response &response, TimePoint now);

/// How a server writes down what is left of a budget. \source contracts/trackers.md 11
struct BudgetHeaders {
    enum class Reset { Seconds, Milliseconds, Iso8601, Interval };
    std::string remaining, reset; ///< names of headers
    Reset unit = Reset::Seconds; ///< since 1970; Interval: seconds from now
};

/// At most `count` calls in any `window`.
struct Quota {
    std::size_t count = 0;
    std::chrono::milliseconds window{0};
};

/// When the next call may leave, by what the server said and by the budgets that its vendor publishes.
class Pacer
{
public:
    Pacer() = default;
    /// \param writes  budgets of calls that change something; those of all calls in `all`.
    Pacer(std::vector<BudgetHeaders> headers, std::vector<Quota> all, std::vector<Quota> writes, std::uint64_t seed = 1)
        : m_headers(std::move(headers))
        , m_all(std::move(all))
        , m_writes(std::move(writes))
        , m_seed(seed)
    {
    }

    [[nodiscard]] TimePoint readyAt(bool write, TimePoint now) const;
    /// A call leaves.
    void leaves(bool write, TimePoint now);
    /// Its answer is here. \param limited  the server says that it was too much (429, and what else its vendor uses).
    void answered(const Reply &reply, bool limited, TimePoint now);
    /// A call was lost or failed on the server's side: the wait before the next one, growing.
    [[nodiscard]] std::chrono::milliseconds backOff();
    void pauseUntil(TimePoint time);
    [[nodiscard]] std::optional<TimePoint> pausedUntil(TimePoint now) const;

private:
    std::vector<BudgetHeaders> m_headers;
    std::vector<Quota> m_all, m_writes;
    std::deque<TimePoint> m_allAt, m_writesAt;
    std::optional<TimePoint> m_pause;
    std::uint64_t m_seed = 1;
    int m_failures = 0; ///< in a row
};

}
