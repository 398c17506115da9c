#include "ui/pages/sourcespage.h"

#include <QApplication>
#include <QClipboard>
#include <QFileDialog>
#include <QHBoxLayout>
#include <QLabel>
#include <QPushButton>
#include <QSplitter>
#include <QStackedWidget>
#include <QVBoxLayout>

#include "ui/commands/commandregistry.h"
#include "ui/dialogs/importdialog.h"
#include "ui/models/jobmodel.h"
#include "ui/models/runmodel.h"
#include "ui/runner/jobrunner.h"
#include "ui/text/words.h"
#include "ui/theme/theme.h"
#include "ui/widgets/rowtable.h"
#include "ui/widgets/statepanel.h"
#include "ui/widgets/toast.h"

namespace winnow::ui
{

namespace
{

constexpr int kTickMs = 1000;
constexpr std::size_t kRuns = 200;

RowTable *makeTable(QWidget *parent, QAbstractItemModel *model, const QString &objectName, const QString &name)
{
    auto *table = new RowTable(parent);
    table->setModel(model);
    table->setObjectName(objectName);
    table->setAccessibleName(name);
    return table;
}

QLabel *makeHeading(QWidget *parent, const QString &text)
{
    auto *label = new QLabel(text, parent);
    label->setFont(Theme::font(1.125, true));
    return label;
}

}

SourcesPage::SourcesPage(Surroundings &surroundings, QWidget *parent)
    : Page(surroundings, parent)
    , m_jobs(new JobModel(surroundings.jobs, this))
    , m_runs(new RunModel(this))
    , m_stages(new StageModel(this))
{
    auto *split = new QSplitter(Qt::Vertical, this);
    split->setChildrenCollapsible(false);
    split->setHandleWidth(1);
    split->addWidget(makeJobs());
    split->addWidget(makeRuns());
    split->setStretchFactor(0, 2);
    split->setStretchFactor(1, 3);
    auto *layout = new QVBoxLayout(this);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->addWidget(split);
    m_tick.setInterval(kTickMs);
    connect(&m_tick, &QTimer::timeout, this, [this] {
        if (!m_around.jobs.busy())
            m_tick.stop();
        if (m_jobs->rowCount())
            Q_EMIT m_jobs->dataChanged(m_jobs->index(0, 0),
                                       m_jobs->index(m_jobs->rowCount() - 1, JobModel::ColumnCount - 1));
    });
    connect(&m_around.jobs, &JobRunner::added, this, &SourcesPage::jobChanged);
    connect(&m_around.jobs, &JobRunner::changed, this, &SourcesPage::jobChanged);
    connect(&m_around.jobs, &JobRunner::reset, this, &SourcesPage::jobChanged);
    connect(&m_around.jobs, &JobRunner::finished, this, &SourcesPage::jobFinished);
    addCommands();
    jobChanged();
}

QWidget *SourcesPage::makeJobs()
{
    auto *pane = new QWidget(this);
    auto *buttons = new QHBoxLayout;
    buttons->setSpacing(kUnit);
    buttons->addWidget(makeHeading(pane, tr("Jobs")));
    buttons->addStretch();
    const auto add = [&](const QString &text, const QString &name, const QString &command, bool primary) {
        auto *button = new QPushButton(text, pane);
        button->setObjectName(name);
        button->setAccessibleName(text);
        button->setProperty("primary", primary);
        connect(button, &QPushButton::clicked, this, [this, command] { m_around.commands.trigger(command); });
        buttons->addWidget(button);
        return button;
    };
    add(tr("Import files…"), QStringLiteral("importButton"), QStringLiteral("sources.import"), true);
    add(tr("Paste table"), QStringLiteral("pasteButton"), QStringLiteral("sources.paste"), false);
    add(tr("Run now"), QStringLiteral("runButton"), QStringLiteral("sources.run"), false);
    add(tr("File what is due"), QStringLiteral("pushButton"), QStringLiteral("sources.push"), false);
    m_stop = add(tr("Stop"), QStringLiteral("stopButton"), QStringLiteral("sources.stop"), false);

    m_jobTable = makeTable(pane, m_jobs, QStringLiteral("jobTable"), tr("Jobs"));
    m_jobTable->setWidths({34, 18, 22, 0});
    connect(m_jobTable->selectionModel(), &QItemSelectionModel::currentChanged, this, &SourcesPage::updateButtons);
    m_jobState = new StatePanel(pane);
    connect(m_jobState, &StatePanel::actionTaken, this, &SourcesPage::chooseFiles);
    m_jobStack = new QStackedWidget(pane);
    m_jobStack->addWidget(m_jobTable);
    m_jobStack->addWidget(m_jobState);
    auto *layout = new QVBoxLayout(pane);
    layout->setContentsMargins(2 * kUnit, 2 * kUnit, 2 * kUnit, kUnit);
    layout->setSpacing(kUnit);
    layout->addLayout(buttons);
    layout->addWidget(m_jobStack, 1);
    return pane;
}

QWidget *SourcesPage::makeRuns()
{
    auto *pane = new QWidget(this);
    m_runTable = makeTable(pane, m_runs, QStringLiteral("runTable"), tr("Runs"));
    m_runTable->setWidths({24, 8, 8, 8, 17, 0});
    connect(m_runTable->selectionModel(), &QItemSelectionModel::currentChanged, this, &SourcesPage::showStages);
    m_stageTable = makeTable(pane, m_stages, QStringLiteral("stageTable"), tr("Stages of the chosen run"));
    m_stageTable->setWidths({0, 10, 10, 8, 9, 11});
    m_runState = new StatePanel(pane);
    auto *tables = new QSplitter(Qt::Horizontal, pane);
    tables->setChildrenCollapsible(false);
    tables->setHandleWidth(1);
    tables->addWidget(m_runTable);
    tables->addWidget(m_stageTable);
    m_runStack = new QStackedWidget(pane);
    m_runStack->addWidget(tables);
    m_runStack->addWidget(m_runState);
    m_runStack->setCurrentWidget(m_runState);
    auto *layout = new QVBoxLayout(pane);
    layout->setContentsMargins(2 * kUnit, kUnit, 2 * kUnit, 2 * kUnit);
    layout->setSpacing(kUnit);
    layout->addWidget(makeHeading(pane, tr("Runs")));
    layout->addWidget(m_runStack, 1);
    return pane;
}

void SourcesPage::addCommands()
{
    const QString group = tr("Sources");
    const auto open = [this] { return m_around.jobs.isOpen(); };
    CommandRegistry &commands = m_around.commands;
    commands.add({QStringLiteral("sources.import"),
                  tr("Import files…"),
                  group,
                  {QKeySequence(QStringLiteral("Ctrl+I"))},
                  [this] { chooseFiles(); },
                  open});
    commands.add({QStringLiteral("sources.paste"),
                  tr("Import a table from the clipboard"),
                  group,
                  {QKeySequence(QStringLiteral("Ctrl+Shift+V"))},
                  [this] { pasteTable(); },
                  open});
    commands.add({QStringLiteral("sources.run"),
                  tr("Run all stages now"),
                  group,
                  {QKeySequence(QStringLiteral("Ctrl+R"))},
                  [this] {
                      m_around.jobs.run();
                      m_around.go(QStringLiteral("sources"));
                  },
                  open});
    commands.add({QStringLiteral("sources.push"),
                  tr("File tickets that are due"),
                  group,
                  {},
                  [this] { m_around.jobs.push(false); },
                  open});
    commands.add({QStringLiteral("sources.stop"),
                  tr("Stop the chosen job"),
                  group,
                  {},
                  [this] { stopJob(); },
                  [this] { return selectedJob() != 0; }});
}

void SourcesPage::opened()
{
    m_stale = true;
    if (isInFront())
        refresh();
    updateButtons();
}

void SourcesPage::closed()
{
    m_runs->show({});
    m_stages->show({});
}

void SourcesPage::refresh()
{
    loadRuns();
}

void SourcesPage::shown()
{
    if (m_stale)
        loadRuns();
    (m_jobStack->currentWidget() == m_jobTable ? static_cast<QWidget *>(m_jobTable) : m_runTable)->setFocus();
}

void SourcesPage::importFiles(const QStringList &paths)
{
    if (!m_around.jobs.isOpen())
        return;
    for (const QString &path : paths) {
        ImportRequest request;
        request.path = path.toStdString();
        m_asked.push_back(std::move(request));
    }
    m_around.go(QStringLiteral("sources"));
    askNext();
}

void SourcesPage::askNext()
{
    if (m_asking || m_asked.empty())
        return;
    m_asking = true;
    auto *dialog = new ImportDialog(m_around.jobs, std::move(m_asked.front()), this);
    m_asked.pop_front();
    connect(dialog, &ImportDialog::chosen, this,
            [this](const ImportRequest &request) { m_around.jobs.importFile(request); });
    connect(dialog, &QDialog::finished, this, [this] {
        m_asking = false;
        askNext();
    });
    dialog->open();
}

void SourcesPage::chooseFiles()
{
    auto *dialog =
        new QFileDialog(this, tr("Import feedback"), {},
                        tr("Feedback (*.csv *.tsv *.txt *.json *.jsonl *.ndjson *.xlsx *.zip *.gz);;All files (*)"));
    dialog->setAttribute(Qt::WA_DeleteOnClose);
    dialog->setFileMode(QFileDialog::ExistingFiles);
    connect(dialog, &QFileDialog::filesSelected, this, &SourcesPage::importFiles);
    dialog->open();
}

void SourcesPage::pasteTable()
{
    const QString text = QApplication::clipboard()->text();
    if (text.trimmed().isEmpty()) {
        m_around.toast.show(tr("There is no table in the clipboard. Copy some rows with their headings first."));
        return;
    }
    ImportRequest request;
    request.path = tr("clipboard").toStdString();
    request.pasted = std::make_shared<const std::string>(text.toStdString());
    m_asked.push_back(std::move(request));
    m_around.go(QStringLiteral("sources"));
    askNext();
}

int SourcesPage::selectedJob() const
{
    const QModelIndex current = m_jobTable->currentIndex();
    const int id = current.isValid() ? current.data(JobModel::JobIdRole).toInt() : 0;
    const Job *job = m_around.jobs.find(id);
    if (job && !job->isOver())
        return id;
    // with nothing chosen, the one that runs is meant
    for (const Job &each : m_around.jobs.jobs())
        if (each.state == Job::State::Running)
            return each.id;
    return 0;
}

void SourcesPage::stopJob()
{
    if (const int id = selectedJob())
        m_around.jobs.stop(id);
}

void SourcesPage::jobChanged()
{
    const bool any = !m_around.jobs.jobs().empty();
    if (!any)
        m_jobState->showEmpty(tr("Nothing under way"),
                              tr("Drop an export here, or choose one: CSV, TSV, JSON, Excel, ZIP and Slack exports."),
                              m_around.jobs.isOpen() ? tr("Import files…") : QString());
    m_jobStack->setCurrentWidget(any ? static_cast<QWidget *>(m_jobTable) : m_jobState);
    if (m_around.jobs.busy() && !m_tick.isActive())
        m_tick.start();
    updateButtons();
}

void SourcesPage::jobFinished(int id)
{
    const Job *job = m_around.jobs.find(id);
    if (!job)
        return;
    m_stale = true;
    if (isInFront())
        loadRuns();
    m_around.toast.show(tr("%1: %2").arg(job->title, JobModel::resultText(*job)));
    // new feedback is of use once it has run
    if (job->kind == Job::Kind::Import && job->imported && job->imported->fresh + job->imported->edited > 0
        && !m_around.jobs.busy())
        m_around.jobs.run();
}

void SourcesPage::loadRuns()
{
    m_around.jobs.ask(
        JobRunner::Runs, this, [](Workshop &workshop, std::stop_token) { return workshop.runs(kRuns); },
        [this](Result<std::vector<RunSummary>> runs) {
            if (!runs) {
                m_runState->showError(tr("The runs cannot be read"), errorText(runs.error()));
                m_runStack->setCurrentWidget(m_runState);
                return;
            }
            m_stale = false;
            if (runs->empty()) {
                m_runState->showEmpty(tr("No run yet"), tr("Import feedback; a run follows by itself."));
                m_runStack->setCurrentWidget(m_runState);
                return;
            }
            const RunSummary *chosen = m_runs->at(m_runTable->currentIndex().row());
            const bool first = !chosen || m_runTable->currentIndex().row() == 0;
            m_runs->show(std::move(*runs));
            m_runStack->setCurrentIndex(0);
            if (first && m_runs->rowCount())
                m_runTable->setCurrentIndex(m_runs->index(0, 0));
        });
}

void SourcesPage::showStages()
{
    const RunSummary *run = m_runs->at(m_runTable->currentIndex().row());
    m_stages->show(run ? run->stages : std::vector<StageFigures>());
}

void SourcesPage::updateButtons()
{
    m_stop->setEnabled(selectedJob() != 0);
    for (const char *name : {"importButton", "pasteButton", "runButton", "pushButton"})
        if (auto *button = findChild<QPushButton *>(QLatin1String(name)))
            button->setEnabled(m_around.jobs.isOpen());
}

}
