#include "ui/models/jobmodel.h"

#include <QDateTime>
#include <QLocale>

#include "ui/runner/jobrunner.h"
#include "ui/text/words.h"
#include "ui/theme/theme.h"
#include "ui/widgets/rowtable.h"

namespace winnow::ui
{

namespace
{

QString number(quint64 value)
{
    return QLocale().toString(value);
}

/// A span of time as people say it.
QString spanText(qint64 ms)
{
    if (ms < 9950)
        return JobModel::tr("%1 s").arg(QLocale().toString(double(ms) / 1000, 'f', 1));
    const qint64 seconds = (ms + 500) / 1000;
    return seconds < 100 ? JobModel::tr("%1 s").arg(seconds) : JobModel::tr("%1 min").arg((seconds + 30) / 60);
}

}

JobModel::JobModel(JobRunner &jobs, QObject *parent)
    : QAbstractTableModel(parent)
    , m_jobs(jobs)
    , m_count(int(jobs.jobs().size()))
{
    connect(&jobs, &JobRunner::added, this, [this] {
        beginInsertRows({}, 0, 0);
        ++m_count;
        endInsertRows();
    });
    connect(&jobs, &JobRunner::changed, this, [this](int job) {
        const int row = rowOf(job);
        Q_EMIT dataChanged(index(row, 0), index(row, ColumnCount - 1));
    });
    connect(&jobs, &JobRunner::reset, this, [this] {
        beginResetModel();
        m_count = int(m_jobs.jobs().size());
        endResetModel();
    });
}

int JobModel::rowOf(int job) const
{
    return m_count - 1 - job;
}

int JobModel::rowCount(const QModelIndex &parent) const
{
    return parent.isValid() ? 0 : m_count;
}

int JobModel::columnCount(const QModelIndex &parent) const
{
    return parent.isValid() ? 0 : int(ColumnCount);
}

QString JobModel::stateText(const Job &job)
{
    switch (job.state) {
    case Job::State::Waiting:
        return tr("Waiting");
    case Job::State::Running:
        return tr("Running");
    case Job::State::Done:
        return tr("Done");
    case Job::State::Refused:
        return tr("Done, with refusals");
    case Job::State::Failed:
        return tr("Failed");
    case Job::State::Stopped:
        return tr("Stopped");
    }
    return {};
}

QString JobModel::resultText(const Job &job)
{
    if (job.state == Job::State::Waiting)
        return tr("Begins when the one before has ended.");
    if (job.state == Job::State::Running) {
        const auto left = job.leftMs(QDateTime::currentMSecsSinceEpoch());
        const QString rows = job.step.isEmpty() ? QString() : tr("%1: %2 rows").arg(job.step, number(job.rows));
        return left ? tr("%1, about %2 left").arg(rows, spanText(*left)) : rows;
    }
    if (job.state == Job::State::Stopped)
        return tr("Stopped by you; what was saved stays.");
    if (job.error)
        return errorText(*job.error);
    if (job.imported) {
        const ImportOutcome &i = *job.imported;
        QString text =
            tr("%1 new, %2 edited, %3 unchanged").arg(number(i.fresh), number(i.edited), number(i.unchanged));
        if (i.tombstones)
            text += tr(", %1 deleted").arg(number(i.tombstones));
        if (i.rejects)
            text += tr(", %1 could not be read").arg(number(i.rejects));
        if (i.erased)
            text += tr(", %1 of erased persons refused").arg(number(i.erased));
        if (i.brokenOff)
            text += QLatin1String(". ") + errorText(*i.brokenOff);
        return text;
    }
    if (job.run)
        return tr("All stages in %1").arg(spanText(job.endedMs - job.startedMs));
    std::size_t filed = 0;
    for (const Filing &filing : job.filings)
        filed += filing.state == "confirmed";
    return job.filings.empty() ? tr("Nothing was due.")
                               : tr("%1 of %2 filed").arg(number(filed), number(job.filings.size()));
}

QVariant JobModel::data(const QModelIndex &index, int role) const
{
    if (!checkIndex(index, CheckIndexOption::IndexIsValid | CheckIndexOption::ParentIsInvalid))
        return {};
    const Job &job = m_jobs.jobs()[std::size_t(rowOf(index.row()))];
    switch (role) {
    case JobIdRole:
        return job.id;
    case kShareRole:
        return index.column() == ProgressColumn && job.state == Job::State::Running ? QVariant(job.share) : QVariant();
    case Qt::ToolTipRole:
    case Qt::DisplayRole:
        switch (Column(index.column())) {
        case TitleColumn:
            return job.title;
        case StateColumn:
            return stateText(job);
        case ProgressColumn:
            return role == Qt::ToolTipRole || job.isOver() || job.share < 0 ? QString()
                                                                            : tr("%1 %").arg(qRound(job.share * 100));
        case ResultColumn:
            return resultText(job);
        case ColumnCount:
            break;
        }
        return {};
    case Qt::ForegroundRole:
        if (index.column() == StateColumn && job.state == Job::State::Failed)
            return Theme::instance().color(winnow::ui::Role::Negative);
        return {};
    default:
        return {};
    }
}

QVariant JobModel::headerData(int section, Qt::Orientation orientation, int role) const
{
    if (orientation != Qt::Horizontal || role != Qt::DisplayRole)
        return {};
    switch (Column(section)) {
    case TitleColumn:
        return tr("Job");
    case StateColumn:
        return tr("State");
    case ProgressColumn:
        return tr("Progress");
    case ResultColumn:
        return tr("Result");
    case ColumnCount:
        break;
    }
    return {};
}

}
