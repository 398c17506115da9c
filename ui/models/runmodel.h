#pragma once

#include <vector>

#include <QAbstractTableModel>

#include "core/domain/run.h"

namespace winnow::ui
{

/// The runs that have ended, newest first.
class RunModel : public QAbstractTableModel
{
    Q_OBJECT

public:
    enum Column { StartColumn, DurationColumn, RowsColumn, RefusedColumn, EngineColumn, StateColumn, ColumnCount };

    using QAbstractTableModel::QAbstractTableModel;
    void show(std::vector<RunSummary> runs);
    [[nodiscard]] const RunSummary *at(int row) const;

    [[nodiscard]] int rowCount(const QModelIndex &parent = {}) const override;
    [[nodiscard]] int columnCount(const QModelIndex &parent = {}) const override;
    [[nodiscard]] QVariant data(const QModelIndex &index, int role) const override;
    [[nodiscard]] QVariant headerData(int section, Qt::Orientation orientation, int role) const override;

private:
    std::vector<RunSummary> m_runs;
};

/// The stages of one run, in their order.
class StageModel : public QAbstractTableModel
{
    Q_OBJECT

public:
    enum Column { NameColumn, InColumn, OutColumn, RefusedColumn, SecondsColumn, RateColumn, ColumnCount };

    using QAbstractTableModel::QAbstractTableModel;
    void show(std::vector<StageFigures> stages);

    [[nodiscard]] int rowCount(const QModelIndex &parent = {}) const override;
    [[nodiscard]] int columnCount(const QModelIndex &parent = {}) const override;
    [[nodiscard]] QVariant data(const QModelIndex &index, int role) const override;
    [[nodiscard]] QVariant headerData(int section, Qt::Orientation orientation, int role) const override;

private:
    std::vector<StageFigures> m_stages;
};

}
