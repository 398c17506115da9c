#pragma once
// Internal to core/adapters/files: dates as other programs write them.

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "core/base/result.h"
#include "core/base/time.h"

namespace winnow::files
{

/// A time zone of the IANA data. \thread one.
class Zone
{
public:
    /// \errors InvalidInput: no such zone.
    [[nodiscard]] static Result<Zone> named(const std::string &name);
    Zone(Zone &&) noexcept;
    Zone &operator=(Zone &&) noexcept;
    ~Zone();

    /// The moment a wall clock shows this. In a spring gap: forward by the gap; in a doubled hour: the first of the
    /// two; `ambiguous` says so. \param local  milliseconds since 1970 on the wall clock.
    [[nodiscard]] TimePoint toUtc(std::int64_t local, bool &ambiguous) const;

private:
    struct Private;
    explicit Zone(std::unique_ptr<Private> p);
    std::unique_ptr<Private> d;
};

/// Which of two numbers is the day.
enum class DateOrder { Unknown, DayFirst, MonthFirst, YearFirst };

/// `DMY`, `MDY`, `YMD`; empty is Unknown.
[[nodiscard]] std::optional<DateOrder> dateOrderFrom(std::string_view name);

struct DateRules {
    DateOrder order = DateOrder::Unknown;
    const Zone *zone = nullptr; ///< of times that name none; null: UTC
    bool zoneKnown = false; ///< the column's name says that it is UTC
};

struct DateRead {
    std::optional<TimePoint> time;
    std::uint32_t flags = 0; ///< of RecordFlag
    bool needsOrder = false; ///< null only because the order is not known
};

/// Reads a date: ISO 8601 and near it, seconds, milliseconds or microseconds since 1970, RFC 2822, month names in
/// English, numbers with / . or - in the order given. \source contracts/sources.md 2
[[nodiscard]] DateRead readDate(std::string_view text, const DateRules &rules);

/// The order that this date proves: one of its first two numbers is above 12.
[[nodiscard]] DateOrder provenOrder(std::string_view text);

}
