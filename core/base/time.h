#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <string_view>

namespace winnow
{

/// A point in time, UTC, whole milliseconds.
using TimePoint = std::chrono::sys_time<std::chrono::milliseconds>;

/// \returns `YYYY-MM-DDTHH:MM:SS.mmmZ`.
[[nodiscard]] std::string formatTime(TimePoint time);

/// Reads the contract form (`YYYY-MM-DDTHH:MM:SS[.f…]Z`), or a date alone (midnight UTC); extra digits are cut.
[[nodiscard]] std::optional<TimePoint> parseTime(std::string_view text);

/// The last millisecond of the UTC day that holds `time`: the default as-of time of a run.
[[nodiscard]] TimePoint endOfDay(TimePoint time);

}
