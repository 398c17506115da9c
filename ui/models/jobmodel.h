#pragma once

#include <QAbstractTableModel>

namespace winnow::ui
{

class JobRunner;
struct Job;

/// The jobs of this window, newest first.
class JobModel : public QAbstractTableModel
{
    Q_OBJECT

public:
    enum Column { TitleColumn, StateColumn, ProgressColumn, ResultColumn, ColumnCount };
    enum Role { JobIdRole = Qt::UserRole };
    Q_ENUM(Role)

    explicit JobModel(JobRunner &jobs, QObject *parent = nullptr);

    [[nodiscard]] int rowCount(const QModelIndex &parent = {}) const override;
    [[nodiscard]] int columnCount(const QModelIndex &parent = {}) const override;
    [[nodiscard]] QVariant data(const QModelIndex &index, int role) const override;
    [[nodiscard]] QVariant headerData(int section, Qt::Orientation orientation, int role) const override;

    /// What became of a job, or where it is, in a sentence.
    [[nodiscard]] static QString resultText(const Job &job);
    [[nodiscard]] static QString stateText(const Job &job);

private:
    [[nodiscard]] int rowOf(int job) const;

    JobRunner &m_jobs;
    int m_count = 0;
};

}
