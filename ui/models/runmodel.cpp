#include "ui/models/runmodel.h"

#include <algorithm>

#include <QLocale>

#include "ui/text/words.h"

namespace winnow::ui
{

namespace
{

QString count(std::size_t value)
{
    return QLocale().toString(qulonglong(value));
}

QString seconds(double value)
{
    return RunModel::tr("%1 s").arg(QLocale().toString(value, 'f', value < 10 ? 2 : 1));
}

constexpr int kRight = int(Qt::AlignRight | Qt::AlignVCenter);

}

void RunModel::show(std::vector<RunSummary> runs)
{
    if (runs == m_runs)
        return;
    beginResetModel();
    m_runs = std::move(runs);
    endResetModel();
}

const RunSummary *RunModel::at(int row) const
{
    return row >= 0 && std::size_t(row) < m_runs.size() ? &m_runs[std::size_t(row)] : nullptr;
}

int RunModel::rowCount(const QModelIndex &parent) const
{
    return parent.isValid() ? 0 : int(m_runs.size());
}

int RunModel::columnCount(const QModelIndex &parent) const
{
    return parent.isValid() ? 0 : int(ColumnCount);
}

QVariant RunModel::data(const QModelIndex &index, int role) const
{
    if (!checkIndex(index, CheckIndexOption::IndexIsValid | CheckIndexOption::ParentIsInvalid))
        return {};
    const RunSummary &run = m_runs[std::size_t(index.row())];
    if (role == Qt::TextAlignmentRole && index.column() >= DurationColumn && index.column() <= RefusedColumn)
        return kRight;
    if (role != Qt::DisplayRole)
        return {};
    std::size_t most = 0, refused = 0;
    for (const StageFigures &stage : run.stages) {
        most = std::max(most, stage.in);
        refused += stage.refused;
    }
    switch (Column(index.column())) {
    case StartColumn:
        return timeText(run.startedAt);
    case DurationColumn:
        return run.finishedAt ? seconds(std::chrono::duration<double>(*run.finishedAt - run.startedAt).count())
                              : QString();
    case RowsColumn:
        return count(most);
    case RefusedColumn:
        return count(refused);
    case EngineColumn:
        return q(run.engine);
    case StateColumn:
        return run.finishedAt ? q(run.stateHash.substr(0, 12)) : tr("never ended");
    case ColumnCount:
        break;
    }
    return {};
}

QVariant RunModel::headerData(int section, Qt::Orientation orientation, int role) const
{
    if (orientation != Qt::Horizontal)
        return {};
    if (role == Qt::TextAlignmentRole && section >= DurationColumn && section <= RefusedColumn)
        return kRight;
    if (role != Qt::DisplayRole)
        return {};
    switch (Column(section)) {
    case StartColumn:
        return tr("Began");
    case DurationColumn:
        return tr("Took");
    case RowsColumn:
        return tr("Rows");
    case RefusedColumn:
        return tr("Refused");
    case EngineColumn:
        return tr("Engine");
    case StateColumn:
        return tr("State hash");
    case ColumnCount:
        break;
    }
    return {};
}

void StageModel::show(std::vector<StageFigures> stages)
{
    if (stages == m_stages)
        return;
    beginResetModel();
    m_stages = std::move(stages);
    endResetModel();
}

int StageModel::rowCount(const QModelIndex &parent) const
{
    return parent.isValid() ? 0 : int(m_stages.size());
}

int StageModel::columnCount(const QModelIndex &parent) const
{
    return parent.isValid() ? 0 : int(ColumnCount);
}

QVariant StageModel::data(const QModelIndex &index, int role) const
{
    if (!checkIndex(index, CheckIndexOption::IndexIsValid | CheckIndexOption::ParentIsInvalid))
        return {};
    const StageFigures &stage = m_stages[std::size_t(index.row())];
    if (role == Qt::TextAlignmentRole && index.column() != NameColumn)
        return kRight;
    if (role != Qt::DisplayRole)
        return {};
    switch (Column(index.column())) {
    case NameColumn:
        return q(stage.name);
    case InColumn:
        return count(stage.in);
    case OutColumn:
        return count(stage.out);
    case RefusedColumn:
        return count(stage.refused);
    case SecondsColumn:
        return seconds(stage.seconds);
    case RateColumn:
        return stage.seconds > 0.005 && stage.in >= 100
            ? tr("%1/s").arg(count(std::size_t(double(stage.in) / stage.seconds)))
            : QString();
    case ColumnCount:
        break;
    }
    return {};
}

QVariant StageModel::headerData(int section, Qt::Orientation orientation, int role) const
{
    if (orientation != Qt::Horizontal)
        return {};
    if (role == Qt::TextAlignmentRole && section != NameColumn)
        return kRight;
    if (role != Qt::DisplayRole)
        return {};
    switch (Column(section)) {
    case NameColumn:
        return tr("Stage");
    case InColumn:
        return tr("Rows in");
    case OutColumn:
        return tr("Rows out");
    case RefusedColumn:
        return tr("Refused");
    case SecondsColumn:
        return tr("Time");
    case RateColumn:
        return tr("Speed");
    case ColumnCount:
        break;
    }
    return {};
}

}
