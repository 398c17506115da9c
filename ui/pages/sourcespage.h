#pragma once

#include <deque>

#include <QTimer>

#include "core/ports/importer.h"
#include "ui/pages/page.h"

class QLabel;
class QPushButton;
class QStackedWidget;

namespace winnow::ui
{

class JobModel;
class RowTable;
class RunModel;
class StageModel;
class StatePanel;

/// What comes in and what is made of it: imports, runs and filings with their progress, and the runs that have ended.
class SourcesPage : public Page
{
    Q_OBJECT

public:
    explicit SourcesPage(Surroundings &surroundings, QWidget *parent = nullptr);

    void opened() override;
    void closed() override;
    void refresh() override;
    void shown() override;

    /// Asks what each of these files is, one after the other, then imports it.
    void importFiles(const QStringList &paths);

private:
    void addCommands();
    QWidget *makeJobs();
    QWidget *makeRuns();
    void chooseFiles();
    void askNext();
    void pasteTable();
    void stopJob();
    void jobChanged();
    void jobFinished(int id);
    void loadRuns();
    void showStages();
    void updateButtons();
    [[nodiscard]] int selectedJob() const;

    JobModel *m_jobs;
    RunModel *m_runs;
    StageModel *m_stages;
    RowTable *m_jobTable = nullptr, *m_runTable = nullptr, *m_stageTable = nullptr;
    QStackedWidget *m_jobStack = nullptr, *m_runStack = nullptr;
    StatePanel *m_jobState = nullptr, *m_runState = nullptr;
    QPushButton *m_stop = nullptr;
    std::deque<ImportRequest> m_asked; ///< to be looked at by a person, one after the other
    bool m_asking = false;
    QTimer m_tick; ///< time left goes on while nothing is reported
    bool m_stale = true;
};

}
