#pragma once

#include <vector>

#include <QAbstractListModel>
#include <QCache>
#include <QSet>

#include "core/domain/triage.h"

namespace winnow::ui
{

/// The queue: all keys in their order, and the rows that were in sight lately. Jumps anywhere; memory is flat.
class QueueModel : public QAbstractListModel
{
    Q_OBJECT

public:
    enum Role { KeyRole = Qt::UserRole, CandidateRole, BandRole, PriorityRole, DetailRole, MarkedRole, LoadedRole };
    Q_ENUM(Role)

    explicit QueueModel(QObject *parent = nullptr);

    int rowCount(const QModelIndex &parent = {}) const override;
    QVariant data(const QModelIndex &index, int role) const override;

    /// Shows another order. Rows before and behind what differs stay where they are, so that nobody's place is lost.
    void setOrder(const std::vector<std::int64_t> &keys);
    /// What `rowsWanted` asked for. \param keys  those that were asked; what no row came for is gone.
    void setRows(const std::vector<std::int64_t> &keys, const std::vector<QueueRow> &rows);
    /// The rows that are known say what was true before: they are asked for again as they come into sight.
    void forget();
    /// A decision takes it out, before the workspace says so.
    void remove(std::int64_t key);

    [[nodiscard]] std::int64_t keyAt(int row) const;
    /// −1 where it is not in the queue.
    [[nodiscard]] int rowOf(std::int64_t key) const;
    /// Null where it has not been in sight.
    [[nodiscard]] const QueueRow *rowAt(int row) const;

    void setMarked(std::int64_t key, bool marked);
    void clearMarks();
    [[nodiscard]] bool isMarked(std::int64_t key) const { return m_marked.contains(key); }
    /// Keys of marked rows, in the order of the queue.
    [[nodiscard]] std::vector<std::int64_t> marked() const;
    [[nodiscard]] int markedCount() const { return int(m_marked.size()); }

Q_SIGNALS:
    void rowsWanted(const std::vector<std::int64_t> &keys) const;
    void marksChanged();

private:
    void want(int row) const;

    std::vector<std::int64_t> m_keys;
    mutable QCache<std::int64_t, QueueRow> m_rows;
    mutable QSet<std::int64_t> m_wanted; ///< asked for, not answered yet
    QSet<std::int64_t> m_stale; ///< shown, but asked for again when in sight
    QSet<std::int64_t> m_marked;
};

}
