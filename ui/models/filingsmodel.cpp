#include "ui/models/filingsmodel.h"

#include <algorithm>

#include "ui/text/words.h"
#include "ui/theme/theme.h"
#include "ui/widgets/rowtable.h"

namespace winnow::ui
{

namespace
{

Role chipOf(const std::string &state)
{
    return state == "rejected" || state == "ambiguous" ? Role::EscalateBand
        : state == "planned" || state == "sending"     ? Role::ReviewBand
        : state == "confirmed"                         ? Role::AutoBand
                                                       : Role::BacklogBand;
}

}

FilingsModel::Kind FilingsModel::kindOf(const Filing &filing)
{
    return filing.state == "rejected" || filing.state == "ambiguous" ? Kind::NeedsALook
        : filing.state == "planned" || filing.state == "sending"     ? Kind::Waiting
        : filing.state == "confirmed"                                ? Kind::Filed
                                                                     : Kind::CalledBack;
}

QString FilingsModel::whenText(const Filing &filing, TimePoint now)
{
    if (filing.state != "planned")
        return timeText(filing.changedAt);
    const auto left = std::chrono::ceil<std::chrono::seconds>(filing.dueAt - now).count();
    if (left <= 0)
        return tr("Due");
    return tr("Leaves in %1:%2").arg(left / 60).arg(left % 60, 2, 10, QLatin1Char('0'));
}

int FilingsModel::rowCount(const QModelIndex &parent) const
{
    return parent.isValid() ? 0 : int(m_filings.size());
}

int FilingsModel::columnCount(const QModelIndex &parent) const
{
    return parent.isValid() ? 0 : int(ColumnCount);
}

QVariant FilingsModel::data(const QModelIndex &index, int role) const
{
    if (!checkIndex(index, CheckIndexOption::IndexIsValid))
        return {};
    const Filing &filing = m_filings[std::size_t(index.row())];
    const int column = index.column();
    if (role == FilingRole)
        return q(filing.id);
    if (role == kChipRole)
        return column == StateColumn ? QVariant(int(chipOf(filing.state))) : QVariant();
    if (role == kMutedRole)
        return filing.state == "cancelled" || column == WhyColumn || column == TrackerColumn;
    if (role == Qt::AccessibleTextRole)
        return tr("%1: %2").arg(headerData(column, Qt::Horizontal, Qt::DisplayRole).toString(),
                                data(index, Qt::DisplayRole).toString());
    if (role == Qt::ToolTipRole && (column == TitleColumn || column == WhyColumn))
        return data(index, Qt::DisplayRole);
    if (role == SortRole && column == WhenColumn)
        return qlonglong((filing.state == "planned" ? filing.dueAt : filing.changedAt).time_since_epoch().count());
    if (role != Qt::DisplayRole && role != SortRole)
        return {};
    switch (column) {
    case StateColumn:
        return stateName(filing.state == "rejected" ? "refused" : filing.state);
    case TitleColumn:
        return oneLine(filing.draft.title);
    case TicketColumn:
        return oneLine(filing.ticket);
    case WhenColumn:
        return whenText(filing, m_now);
    case TrackerColumn:
        return oneLine(filing.tracker);
    case WhyColumn:
        return oneLine(filing.detail);
    default:
        return {};
    }
}

QVariant FilingsModel::headerData(int section, Qt::Orientation orientation, int role) const
{
    if (orientation != Qt::Horizontal || role != Qt::DisplayRole || section < 0 || section >= ColumnCount)
        return {};
    const QStringList names{tr("State"), tr("Title"), tr("Ticket"), tr("When"), tr("Tracker"), tr("Why")};
    return names[section];
}

void FilingsModel::setFilings(std::vector<Filing> filings, std::optional<Kind> only, TimePoint now)
{
    if (only)
        std::erase_if(filings, [&](const Filing &filing) { return kindOf(filing) != *only; });
    std::stable_sort(filings.begin(), filings.end(), [](const Filing &a, const Filing &b) {
        const Kind left = kindOf(a), right = kindOf(b);
        if (left != right)
            return left < right;
        return left == Kind::Waiting ? a.dueAt < b.dueAt : a.changedAt > b.changedAt;
    });
    if (filings == m_filings) {
        setNow(now);
        return;
    }
    beginResetModel();
    m_filings = std::move(filings);
    m_now = now;
    endResetModel();
}

void FilingsModel::setNow(TimePoint now)
{
    m_now = now;
    int first = -1, last = -1;
    for (int row = 0; row < rowCount(); ++row) {
        if (m_filings[std::size_t(row)].state != "planned")
            continue;
        first = first < 0 ? row : first;
        last = row;
    }
    if (first >= 0)
        Q_EMIT dataChanged(index(first, WhenColumn), index(last, WhenColumn), {Qt::DisplayRole});
}

const Filing *FilingsModel::filingAt(int row) const
{
    return row >= 0 && row < rowCount() ? &m_filings[std::size_t(row)] : nullptr;
}

int FilingsModel::rowOf(const std::string &filing) const
{
    const auto at =
        std::find_if(m_filings.begin(), m_filings.end(), [&](const Filing &its) { return its.id == filing; });
    return at == m_filings.end() ? -1 : int(at - m_filings.begin());
}

}
