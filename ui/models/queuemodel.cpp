#include "ui/models/queuemodel.h"

#include <algorithm>

#include "ui/text/words.h"

namespace winnow::ui
{

namespace
{

constexpr int kKept = 2048; ///< rows in memory
constexpr int kPage = 64; ///< rows that are asked for at once

}

QueueModel::QueueModel(QObject *parent)
    : QAbstractListModel(parent)
    , m_rows(kKept)
{
}

int QueueModel::rowCount(const QModelIndex &parent) const
{
    return parent.isValid() ? 0 : int(m_keys.size());
}

std::int64_t QueueModel::keyAt(int row) const
{
    return row >= 0 && std::size_t(row) < m_keys.size() ? m_keys[std::size_t(row)] : 0;
}

int QueueModel::rowOf(std::int64_t key) const
{
    const auto at = std::find(m_keys.begin(), m_keys.end(), key);
    return at == m_keys.end() ? -1 : int(at - m_keys.begin());
}

const QueueRow *QueueModel::rowAt(int row) const
{
    return m_rows.object(keyAt(row));
}

void QueueModel::want(int row) const
{
    const std::int64_t key = m_keys[std::size_t(row)];
    if (m_wanted.contains(key))
        return;
    const int begin = row / kPage * kPage, end = std::min(begin + kPage, int(m_keys.size()));
    std::vector<std::int64_t> keys;
    for (int i = begin; i < end; ++i) {
        const std::int64_t its = m_keys[std::size_t(i)];
        if (!m_wanted.contains(its) && (!m_rows.contains(its) || m_stale.contains(its))) {
            keys.push_back(its);
            m_wanted.insert(its);
        }
    }
    Q_EMIT rowsWanted(keys);
}

QVariant QueueModel::data(const QModelIndex &index, int role) const
{
    if (!checkIndex(index, CheckIndexOption::IndexIsValid))
        return {};
    const std::int64_t key = m_keys[std::size_t(index.row())];
    if (role == KeyRole)
        return qlonglong(key);
    if (role == MarkedRole)
        return m_marked.contains(key);
    const QueueRow *row = m_rows.object(key);
    if (role == LoadedRole)
        return row != nullptr;
    if (!row || m_stale.contains(key))
        want(index.row());
    if (!row)
        return role == Qt::DisplayRole ? QVariant(tr("Loading …")) : QVariant();
    const auto detail = [&] {
        QStringList parts;
        if (!row->component.empty())
            parts.push_back(oneLine(row->component));
        parts.push_back(tr("%n report(s)", nullptr, int(row->reports)));
        if (!row->nearestTicket.empty())
            parts.push_back(oneLine(row->nearestTicket));
        return parts.join(QStringLiteral(" · "));
    };
    switch (role) {
    case Qt::DisplayRole:
        return oneLine(row->title);
    case Qt::ToolTipRole:
        return QString(oneLine(row->title) + QLatin1Char('\n') + detail());
    case Qt::AccessibleTextRole:
        return tr("%1. %2, priority %3, %4")
            .arg(oneLine(row->title), bandName(row->band), QString::number(row->priority, 'f', 1), detail());
    case CandidateRole:
        return q(row->candidate);
    case BandRole:
        return int(row->band);
    case PriorityRole:
        return row->priority;
    case DetailRole:
        return detail();
    default:
        return {};
    }
}

void QueueModel::setOrder(const std::vector<std::int64_t> &keys)
{
    const auto [oldHead, newHead] = std::mismatch(m_keys.begin(), m_keys.end(), keys.begin(), keys.end());
    const auto head = oldHead - m_keys.begin();
    std::ptrdiff_t tail = 0;
    while (tail < std::ptrdiff_t(m_keys.size()) - head && tail < std::ptrdiff_t(keys.size()) - head
           && m_keys[m_keys.size() - 1 - std::size_t(tail)] == keys[keys.size() - 1 - std::size_t(tail)])
        ++tail;
    const auto oldEnd = std::ptrdiff_t(m_keys.size()) - tail, newEnd = std::ptrdiff_t(keys.size()) - tail;
    if (oldEnd > head) {
        beginRemoveRows({}, int(head), int(oldEnd) - 1);
        m_keys.erase(m_keys.begin() + head, m_keys.begin() + oldEnd);
        endRemoveRows();
    }
    if (newEnd > head) {
        beginInsertRows({}, int(head), int(newEnd) - 1);
        m_keys.insert(m_keys.begin() + head, keys.begin() + head, keys.begin() + newEnd);
        endInsertRows();
    }
    if (!m_marked.isEmpty()) {
        const QSet<std::int64_t> here(m_keys.begin(), m_keys.end());
        if (!here.contains(m_marked)) {
            m_marked.intersect(here);
            Q_EMIT marksChanged();
        }
    }
}

void QueueModel::setRows(const std::vector<std::int64_t> &keys, const std::vector<QueueRow> &rows)
{
    for (const std::int64_t key : keys) {
        m_wanted.remove(key);
        m_stale.remove(key);
    }
    int first = -1, last = -1;
    for (const QueueRow &row : rows) {
        m_rows.insert(row.key, new QueueRow(row));
        // those that were asked for lie together
        int at = last >= 0 && keyAt(last + 1) == row.key ? last + 1 : rowOf(row.key);
        if (at < 0)
            continue;
        first = first < 0 ? at : std::min(first, at);
        last = std::max(last, at);
    }
    if (first >= 0)
        Q_EMIT dataChanged(index(first), index(last));
}

void QueueModel::forget()
{
    m_stale.clear();
    for (const std::int64_t key : m_rows.keys())
        m_stale.insert(key);
    m_wanted.clear();
    if (!m_keys.empty())
        Q_EMIT dataChanged(index(0), index(int(m_keys.size()) - 1));
}

void QueueModel::remove(std::int64_t key)
{
    const int row = rowOf(key);
    if (row < 0)
        return;
    beginRemoveRows({}, row, row);
    m_keys.erase(m_keys.begin() + row);
    endRemoveRows();
    if (m_marked.remove(key))
        Q_EMIT marksChanged();
}

void QueueModel::setMarked(std::int64_t key, bool marked)
{
    if (marked == m_marked.contains(key))
        return;
    if (marked)
        m_marked.insert(key);
    else
        m_marked.remove(key);
    if (const int row = rowOf(key); row >= 0)
        Q_EMIT dataChanged(index(row), index(row), {MarkedRole});
    Q_EMIT marksChanged();
}

void QueueModel::clearMarks()
{
    if (m_marked.isEmpty())
        return;
    m_marked.clear();
    if (!m_keys.empty())
        Q_EMIT dataChanged(index(0), index(int(m_keys.size()) - 1), {MarkedRole});
    Q_EMIT marksChanged();
}

std::vector<std::int64_t> QueueModel::marked() const
{
    std::vector<std::int64_t> keys;
    if (!m_marked.isEmpty())
        std::copy_if(m_keys.begin(), m_keys.end(), std::back_inserter(keys),
                     [this](std::int64_t key) { return m_marked.contains(key); });
    return keys;
}

}
