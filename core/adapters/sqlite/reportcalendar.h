#pragma once

#include <cstdint>
#include <string>
#include <unordered_set>
#include <vector>

#include "core/adapters/sqlite/database.h"

namespace winnow::sqlite
{

/// Which weeks brought reports to which candidate, counted once per partition.
class ReportCalendar
{
public:
    static constexpr std::int32_t kUndated = INT32_MIN;
    struct Entry {
        std::int32_t week = kUndated; ///< see weekOf
        std::int64_t candidate = 0; ///< its key
        std::uint32_t reports = 0;
        bool operator==(const Entry &) const = default;
    };

    explicit ReportCalendar(Database &database)
        : m_db(database)
    {
    }

    /// Weeks from Monday to Sunday, UTC, numbered from that of 1 January 1970.
    [[nodiscard]] static std::int32_t weekOf(TimePoint time);
    [[nodiscard]] static TimePoint mondayOf(std::int32_t week);

    /// Counts again where `stamp` is not the one of the last count. \errors as Database::query.
    [[nodiscard]] Result<> refresh(const std::string &stamp);
    /// By week, then candidate; reports without a date come first.
    [[nodiscard]] const std::vector<Entry> &entries() const { return m_entries; }
    [[nodiscard]] std::unordered_set<std::int64_t> candidatesOf(std::int32_t week) const;

private:
    Database &m_db;
    std::string m_stamp;
    std::vector<Entry> m_entries;
};

}
