#include "ui/models/incidentsmodel.h"

#include "ui/text/words.h"
#include "ui/theme/theme.h"
#include "ui/widgets/rowtable.h"

namespace winnow::ui
{

IncidentsModel::IncidentsModel(QObject *parent)
    : QAbstractTableModel(parent)
{
    connect(&m_rows, &QueueModel::rowsAboutToBeInserted, this,
            [this](const QModelIndex &, int first, int last) { beginInsertRows({}, first, last); });
    connect(&m_rows, &QueueModel::rowsInserted, this, [this] { endInsertRows(); });
    connect(&m_rows, &QueueModel::rowsAboutToBeRemoved, this,
            [this](const QModelIndex &, int first, int last) { beginRemoveRows({}, first, last); });
    connect(&m_rows, &QueueModel::rowsRemoved, this, [this] { endRemoveRows(); });
    connect(&m_rows, &QueueModel::dataChanged, this, [this](const QModelIndex &first, const QModelIndex &last) {
        Q_EMIT dataChanged(index(first.row(), 0), index(last.row(), ColumnCount - 1));
    });
}

int IncidentsModel::rowCount(const QModelIndex &parent) const
{
    return parent.isValid() ? 0 : m_rows.rowCount();
}

int IncidentsModel::columnCount(const QModelIndex &parent) const
{
    return parent.isValid() ? 0 : int(ColumnCount);
}

QVariant IncidentsModel::data(const QModelIndex &index, int role) const
{
    if (!checkIndex(index, CheckIndexOption::IndexIsValid))
        return {};
    const int column = index.column();
    const bool number = column == PriorityColumn || column == ReportsColumn || column == AuthorsColumn;
    if (role == Qt::TextAlignmentRole)
        return int((number ? Qt::AlignRight : Qt::AlignLeft) | Qt::AlignVCenter);
    const QVariant title = m_rows.data(m_rows.index(index.row()), Qt::DisplayRole); // asks for what is not there
    const QueueRow *row = m_rows.rowAt(index.row());
    if (!row)
        return column == TitleColumn && role == Qt::DisplayRole ? title : QVariant();
    const bool text = role == Qt::DisplayRole, sort = role == SortRole;
    if (role == CandidateRole)
        return q(row->candidate);
    if (role == Qt::AccessibleTextRole)
        return tr("%1: %2").arg(headerData(column, Qt::Horizontal, Qt::DisplayRole).toString(),
                                data(index, Qt::DisplayRole).toString());
    if (role == Qt::ToolTipRole)
        return column == TitleColumn || column == TicketColumn ? data(index, Qt::DisplayRole) : QVariant();
    if (role == kChipRole)
        return column == BandColumn ? QVariant(int(Theme::band(row->band))) : QVariant();
    if (role == kMutedRole)
        return column == StateColumn && row->state != "open" && row->state != "escalated";
    if (!text && !sort)
        return {};
    switch (column) {
    case TitleColumn:
        return title;
    case StateColumn:
        return stateName(row->state);
    case BandColumn:
        return text ? QVariant(bandName(row->band)) : QVariant(int(row->band));
    case PriorityColumn:
        return text ? QVariant(QString::number(row->priority, 'f', 1)) : QVariant(row->priority);
    case ReportsColumn:
        return text ? QVariant(QLocale().toString(row->reports)) : QVariant(row->reports);
    case AuthorsColumn:
        return text ? QVariant(QLocale().toString(row->authors)) : QVariant(row->authors);
    case NewestColumn:
        return text ? QVariant(dateText(row->newestAt))
                    : QVariant(qlonglong(row->newestAt ? row->newestAt->time_since_epoch().count() : 0));
    case TicketColumn:
        return oneLine(row->nearestTicket);
    default:
        return {};
    }
}

QVariant IncidentsModel::headerData(int section, Qt::Orientation orientation, int role) const
{
    if (orientation != Qt::Horizontal || section < 0 || section >= ColumnCount)
        return {};
    if (role == Qt::TextAlignmentRole) {
        const bool number = section == PriorityColumn || section == ReportsColumn || section == AuthorsColumn;
        return int((number ? Qt::AlignRight : Qt::AlignLeft) | Qt::AlignVCenter);
    }
    if (role != Qt::DisplayRole)
        return {};
    const QStringList names{tr("Candidate"), tr("State"),   tr("Band"),   tr("Priority"),
                            tr("Reports"),   tr("Authors"), tr("Newest"), tr("Nearest ticket")};
    return names[section];
}

std::string IncidentsModel::sortOf(int column)
{
    static const std::array<std::string, ColumnCount> kNames{"title",   "state",   "band",   "priority",
                                                             "reports", "authors", "newest", "ticket"};
    return kNames[std::size_t(column)];
}

bool IncidentsModel::goesUp(int column)
{
    return column == TitleColumn || column == StateColumn || column == BandColumn || column == TicketColumn;
}

}
