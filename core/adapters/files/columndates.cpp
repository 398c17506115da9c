#include "core/adapters/files/columndates.h"

#include "core/adapters/files/celltext.h"

namespace winnow::files
{

Result<DateRead> ColumnDates::read(std::string_view text, const std::string &column)
{
    if (!m_named) {
        const std::string name = lowered(column);
        m_named = true;
        m_rules.zoneKnown = m_zoneKnown || name.find("(utc)") != std::string::npos
            || name.find("(gmt)") != std::string::npos || name.ends_with("_utc");
    }
    auto read = readDate(text, m_rules);
    if (!read.needsOrder || m_asked)
        return read;
    m_asked = true;
    RowReader reader(m_request, m_names);
    if (auto opened = reader.open(m_stop); !opened)
        return tl::unexpected(opened.error());
    auto looked = reader.read(
        [&](const Row &row) -> Result<bool> {
            if (row.problem.empty() && row.values[std::size_t(m_field)].kind == Value::Kind::Text)
                m_rules.order = provenOrder(row.values[std::size_t(m_field)].text);
            return m_rules.order == DateOrder::Unknown && row.offset < m_request.datesLookedThrough;
        },
        m_stop);
    if (!looked)
        return tl::unexpected(looked.error());
    return readDate(text, m_rules);
}

}
