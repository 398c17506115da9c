#pragma once

#include <vector>

#include <QAbstractTableModel>

#include "core/domain/triage.h"

namespace winnow::ui
{

/// The outbox as a table: what needs a look first, then what waits, then what has left, newest first.
class FilingsModel : public QAbstractTableModel
{
    Q_OBJECT

public:
    enum Column { StateColumn, TitleColumn, TicketColumn, WhenColumn, TrackerColumn, WhyColumn, ColumnCount };
    enum Role { SortRole = Qt::UserRole, FilingRole };
    Q_ENUM(Role)
    /// What a state means for a person.
    enum class Kind { NeedsALook, Waiting, Filed, CalledBack };

    using QAbstractTableModel::QAbstractTableModel;

    int rowCount(const QModelIndex &parent = {}) const override;
    int columnCount(const QModelIndex &parent = {}) const override;
    QVariant data(const QModelIndex &index, int role) const override;
    QVariant headerData(int section, Qt::Orientation orientation, int role) const override;

    /// A new snapshot, put into its order; of a kind, or all.
    void setFilings(std::vector<Filing> filings, std::optional<Kind> only, TimePoint now);
    /// Time goes on: what is left of hold times changes.
    void setNow(TimePoint now);
    [[nodiscard]] const Filing *filingAt(int row) const;
    [[nodiscard]] int rowOf(const std::string &filing) const;
    [[nodiscard]] static Kind kindOf(const Filing &filing);
    /// When it leaves, or when it last moved.
    [[nodiscard]] static QString whenText(const Filing &filing, TimePoint now);

private:
    std::vector<Filing> m_filings;
    TimePoint m_now;
};

}
