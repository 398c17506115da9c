#pragma once

#include <string>
#include <vector>

#include "core/domain/incident.h"

namespace winnow::incident {

/// Operational time series by day, asked for any day.
class SignalTable
{
public:
    explicit SignalTable(const std::vector<SignalPoint> &points);

    /// Each signal's mean of the seven days that end with `newest`'s day against the mean and standard deviation of the
    /// 28 days before those, by name. A signal with fewer than 7 of those 28 days, none of the seven or no variation at
    /// all has no reading; |z| is at most 99.
    [[nodiscard]] std::vector<SignalReading> readings(TimePoint newest) const;

private:
    struct Day {
        std::int64_t day = 0; ///< since 1970
        double mean = 0;      ///< of the points of that day
    };
    struct Series {
        std::string name;
        std::vector<Day> days; ///< in order
    };
    std::vector<Series> m_series; ///< by name
};

}
