#pragma once

#include <QAbstractTableModel>

#include "ui/models/queuemodel.h"

namespace winnow::ui
{

/// Candidates as a table: the window of rows that QueueModel keeps, cell by cell.
class IncidentsModel : public QAbstractTableModel
{
    Q_OBJECT

public:
    enum Column {
        TitleColumn,
        StateColumn,
        BandColumn,
        PriorityColumn,
        ReportsColumn,
        AuthorsColumn,
        NewestColumn,
        TicketColumn,
        ColumnCount
    };
    enum Role { SortRole = Qt::UserRole, CandidateRole };
    Q_ENUM(Role)

    explicit IncidentsModel(QObject *parent = nullptr);

    int rowCount(const QModelIndex &parent = {}) const override;
    int columnCount(const QModelIndex &parent = {}) const override;
    QVariant data(const QModelIndex &index, int role) const override;
    QVariant headerData(int section, Qt::Orientation orientation, int role) const override;

    /// The window behind it: orders and rows are given to it.
    [[nodiscard]] QueueModel &rows() { return m_rows; }
    [[nodiscard]] const QueueModel &rows() const { return m_rows; }
    /// What QueueRequest::sort calls a column.
    [[nodiscard]] static std::string sortOf(int column);
    /// Whether its sort goes up unless it is reversed.
    [[nodiscard]] static bool goesUp(int column);

private:
    QueueModel m_rows;
};

}
