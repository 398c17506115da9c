#include "ui/models/historymodel.h"

#include <algorithm>

#include "ui/text/words.h"
#include "ui/widgets/rowtable.h"

namespace winnow::ui
{

int HistoryModel::rowCount(const QModelIndex &parent) const
{
    return parent.isValid() ? 0 : int(m_entries.size());
}

int HistoryModel::columnCount(const QModelIndex &parent) const
{
    return parent.isValid() ? 0 : int(ColumnCount);
}

QVariant HistoryModel::data(const QModelIndex &index, int role) const
{
    if (!checkIndex(index, CheckIndexOption::IndexIsValid))
        return {};
    const HistoryEntry &entry = m_entries[std::size_t(index.row())];
    const int column = index.column();
    if (role == EventRole)
        return q(entry.event.id);
    if (role == kMutedRole)
        return entry.undone;
    if (role == Qt::AccessibleTextRole)
        return tr("%1: %2").arg(headerData(column, Qt::Horizontal, Qt::DisplayRole).toString(),
                                data(index, Qt::DisplayRole).toString());
    if (role == SortRole && column == WhenColumn)
        return qlonglong(entry.event.at.time_since_epoch().count());
    if (role != Qt::DisplayRole && role != SortRole)
        return {};
    switch (column) {
    case WhenColumn:
        return timeText(entry.event.at);
    case WhoColumn:
        return oneLine(entry.event.actor);
    case WhatColumn:
        return entry.undone ? tr("%1 (taken back)").arg(eventName(entry.event.kind)) : eventName(entry.event.kind);
    case CandidateColumn:
        return oneLine(entry.title);
    default:
        return {};
    }
}

QVariant HistoryModel::headerData(int section, Qt::Orientation orientation, int role) const
{
    if (orientation != Qt::Horizontal || role != Qt::DisplayRole || section < 0 || section >= ColumnCount)
        return {};
    const QStringList names{tr("When"), tr("Who"), tr("What"), tr("Candidate")};
    return names[section];
}

bool HistoryModel::canFetchMore(const QModelIndex &parent) const
{
    return !parent.isValid() && m_more && !m_waiting && !m_entries.empty();
}

void HistoryModel::fetchMore(const QModelIndex &)
{
    m_waiting = true;
    Q_EMIT pageWanted(m_entries.back().event);
}

void HistoryModel::reset(std::vector<HistoryEntry> entries, bool more)
{
    m_more = more;
    m_waiting = false;
    if (entries == m_entries)
        return;
    beginResetModel();
    m_entries = std::move(entries);
    endResetModel();
}

void HistoryModel::append(std::vector<HistoryEntry> entries, bool more)
{
    m_waiting = false;
    m_more = more;
    if (entries.empty())
        return;
    beginInsertRows({}, rowCount(), rowCount() + int(entries.size()) - 1);
    std::move(entries.begin(), entries.end(), std::back_inserter(m_entries));
    endInsertRows();
}

const HistoryEntry *HistoryModel::entryAt(int row) const
{
    return row >= 0 && row < rowCount() ? &m_entries[std::size_t(row)] : nullptr;
}

int HistoryModel::rowOf(const std::string &event) const
{
    const auto at = std::find_if(m_entries.begin(), m_entries.end(),
                                 [&](const HistoryEntry &entry) { return entry.event.id == event; });
    return at == m_entries.end() ? -1 : int(at - m_entries.begin());
}

}
