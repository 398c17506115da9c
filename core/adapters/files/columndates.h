#pragma once
// Internal to core/adapters/files: the dates of one column, whose order is decided once.

#include <stop_token>
#include <string>
#include <string_view>

#include "core/adapters/files/dates.h"
#include "core/adapters/files/rows.h"

namespace winnow::files
{

/// Reads the dates of one column. The first date that two orders fit makes it look through the whole file for one that
/// proves which; where none does, such dates stay null.
class ColumnDates
{
public:
    /// The references outlive it. \param request  what the rows are read by.
    ColumnDates(const RowsRequest &request, const ColumnNames &names, int field, std::stop_token stop)
        : m_request(request)
        , m_names(names)
        , m_field(field)
        , m_stop(std::move(stop))
    {
    }

    /// What the mapping says. \param zone  outlives it; null: UTC.
    /// \param zoneKnown  the export's times are in UTC: nothing is assumed.
    void setRules(DateOrder order, const Zone *zone, bool zoneKnown = false)
    {
        m_rules.order = order;
        m_rules.zone = zone;
        m_zoneKnown = zoneKnown;
    }
    /// \param column  the name it has in the file, which may say that it is in UTC.
    /// \errors those of reading the file once more.
    [[nodiscard]] Result<DateRead> read(std::string_view text, const std::string &column);

private:
    const RowsRequest &m_request;
    const ColumnNames &m_names;
    int m_field;
    std::stop_token m_stop;
    DateRules m_rules;
    bool m_named = false, m_asked = false, m_zoneKnown = false;
};

}
