#include "ui/mainwindow.h"

#include <QApplication>
#include <QButtonGroup>
#include <QCloseEvent>
#include <QCoreApplication>
#include <QDir>
#include <QDragEnterEvent>
#include <QDropEvent>
#include <QFileDialog>
#include <QHBoxLayout>
#include <QLabel>
#include <QMenu>
#include <QMenuBar>
#include <QMimeData>
#include <QSettings>
#include <QStackedWidget>
#include <QToolButton>
#include <QUrl>
#include <QVBoxLayout>

#include "core/ports/desk.h"
#include "core/ports/workshop.h"
#include "ui/commands/commandregistry.h"
#include "ui/commands/keydispatcher.h"
#include "ui/dialogs/commandpalette.h"
#include "ui/dialogs/keysheet.h"
#include "ui/pages/queuepage.h"
#include "ui/pages/sourcespage.h"
#include "ui/pages/welcomepage.h"
#include "ui/runner/deskrunner.h"
#include "ui/runner/jobrunner.h"
#include "ui/text/words.h"
#include "ui/theme/theme.h"
#include "ui/widgets/bottombar.h"
#include "ui/widgets/searchfield.h"
#include "ui/widgets/statepanel.h"
#include "ui/widgets/toast.h"

namespace winnow::ui
{

namespace
{

const QString kGeometry = QStringLiteral("window/geometry"), kLast = QStringLiteral("workspace/last"),
              kRecent = QStringLiteral("workspace/recent");
constexpr int kRecentShown = 8;

/// The files among what is dragged.
QStringList droppedFiles(const QMimeData *data)
{
    QStringList files;
    for (const QUrl &url : data->urls())
        if (const QString path = url.toLocalFile(); !path.isEmpty() && QFileInfo(path).isFile())
            files << path;
    return files;
}

}

MainWindow::MainWindow(DeskMaker &desks, WorkshopMaker &workshops, QWidget *parent)
    : QMainWindow(parent)
    , m_commands(new CommandRegistry(this))
    , m_desk(new DeskRunner(desks, this))
    , m_jobs(new JobRunner(workshops, this))
    , m_keys(new KeyDispatcher(*m_commands, *this))
{
    setObjectName(QStringLiteral("mainWindow"));
    setWindowTitle(tr("Winnow"));
    resize(1440, 900);
    setAcceptDrops(true);
    setMinimumSize(110 * kUnit, 64 * kUnit);
    buildCenter();
    m_toast = new Toast(this);
    m_around = std::make_unique<Surroundings>(
        Surroundings{*m_desk, *m_jobs, *m_commands, *m_toast, [this](const QString &page) { go(page); },
                     [this](const std::string &incident) {
                         go(QStringLiteral("queue"));
                         qobject_cast<QueuePage *>(page(QStringLiteral("queue")))->showCandidate(incident);
                     },
                     [this](const QString &id, const QString &filter) {
                         page(id)->showRows(filter);
                         go(id);
                     }});
    addCommands();
    for (const PageEntry &entry : pageTable()) {
        m_commands->setPlace(QString::fromLatin1(entry.id));
        Page *page = entry.make(*m_around);
        page->setObjectName(QString::fromLatin1(entry.id) + QStringLiteral("Page"));
        page->setAccessibleName(QCoreApplication::translate("pages", entry.title));
        m_pages.push_back(page);
        m_stale.push_back(false);
        m_stack->addWidget(page);
    }
    m_commands->setPlace({});
    makeMenus();
    connect(m_desk, &DeskRunner::opened, this, &MainWindow::opened);
    connect(m_desk, &DeskRunner::failed, this, &MainWindow::failed);
    connect(m_desk, &DeskRunner::closed, this, &MainWindow::closed);
    connect(m_desk, &DeskRunner::changed, this, &MainWindow::changed);
    connect(m_keys, &KeyDispatcher::chordChanged, this, &MainWindow::showChord);
    restoreGeometry(QSettings().value(kGeometry).toByteArray());
    closed();
}

MainWindow::~MainWindow()
{
    m_jobs->close();
    m_desk->close(); // what was decided is worked off before the pages go
}

void MainWindow::buildCenter()
{
    auto *central = new QWidget(this);
    setCentralWidget(central);
    m_top = new QWidget(central);
    m_workspace = new QLabel(m_top);
    m_workspace->setObjectName(QStringLiteral("workspaceName"));
    m_workspace->setTextFormat(Qt::PlainText);
    setLook(m_workspace, "strong");
    m_search = new SearchField(*m_desk, m_top);
    m_search->setMaximumWidth(90 * kUnit);
    auto *palette = new QToolButton(m_top);
    palette->setObjectName(QStringLiteral("paletteButton"));
    palette->setText(tr("Commands"));
    palette->setAccessibleName(tr("Commands"));
    palette->setToolTip(tr("All commands (Ctrl+K)"));
    connect(palette, &QToolButton::clicked, this, [this] { m_commands->trigger(QStringLiteral("help.palette")); });
    auto *top = new QHBoxLayout(m_top);
    top->setContentsMargins(2 * kUnit, kUnit, kUnit, kUnit);
    top->setSpacing(2 * kUnit);
    top->addWidget(m_workspace);
    top->addStretch(1);
    top->addWidget(m_search, 3);
    top->addStretch(1);
    top->addWidget(palette);

    m_side = new QWidget(central);
    m_sideButtons = new QButtonGroup(this);
    auto *side = new QVBoxLayout(m_side);
    side->setContentsMargins(kUnit, kUnit, kUnit, kUnit);
    side->setSpacing(kUnit / 2);
    for (const PageEntry &entry : pageTable()) {
        auto *button = new QToolButton(m_side);
        const QString id = QString::fromLatin1(entry.id), title = QCoreApplication::translate("pages", entry.title);
        button->setObjectName(QStringLiteral("side-") + id);
        button->setText(title);
        button->setAccessibleName(title);
        button->setToolTip(tr("%1 (G %2)").arg(title, QString::fromLatin1(entry.key)));
        button->setCheckable(true);
        button->setSizePolicy(QSizePolicy::Expanding, QSizePolicy::Fixed);
        button->setMinimumHeight(5 * kUnit);
        button->setFocusPolicy(Qt::TabFocus);
        m_sideButtons->addButton(button, int(m_sideButtons->buttons().size()));
        side->addWidget(button);
        connect(button, &QToolButton::clicked, this, [this, id] { go(id); });
    }
    side->addStretch(1);

    m_stack = new QStackedWidget(central);
    m_welcome = new WelcomePage(m_stack);
    m_loading = new StatePanel(m_stack);
    m_stack->addWidget(m_welcome);
    m_stack->addWidget(m_loading);
    connect(m_welcome, &WelcomePage::folderChosen, this, &MainWindow::openWorkspace);
    connect(m_welcome, &WelcomePage::otherWanted, this, &MainWindow::chooseFolder);
    m_bottom = new BottomBar(*m_commands, central);
    auto *middle = new QHBoxLayout;
    middle->setSpacing(0);
    middle->addWidget(m_side);
    middle->addWidget(m_stack, 1);
    auto *layout = new QVBoxLayout(central);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->setSpacing(0);
    layout->addWidget(m_top);
    layout->addLayout(middle, 1);
    layout->addWidget(m_bottom);
    m_chord = new QLabel(this);
    m_chord->setObjectName(QStringLiteral("chordHint"));
    m_chord->setTextFormat(Qt::PlainText);
    m_chord->setContentsMargins(2 * kUnit, kUnit, 2 * kUnit, kUnit);
    m_chord->setAutoFillBackground(true);
    m_chord->hide();
    connect(m_search, &SearchField::hitChosen, this, &MainWindow::showHit);
}

void MainWindow::addCommands()
{
    const QString file = tr("File"), help = tr("Help"), view = tr("View"), goGroup = tr("Go");
    const auto open = [this] { return m_desk->isOpen(); };
    m_commands->add({QStringLiteral("workspace.open"),
                     tr("Open a workspace …"),
                     file,
                     {QKeySequence(Qt::CTRL | Qt::Key_O)},
                     [this] { chooseFolder(); }});
    m_commands->add({QStringLiteral("workspace.close"),
                     tr("Close the workspace"),
                     file,
                     {QKeySequence(Qt::CTRL | Qt::Key_W)},
                     [this] {
                         QSettings().remove(kLast);
                         m_desk->close();
                     },
                     open});
    m_commands->add(
        {QStringLiteral("window.quit"), tr("Quit"), file, {QKeySequence(Qt::CTRL | Qt::Key_Q)}, [this] { close(); }});
    for (const PageEntry &entry : pageTable()) {
        const QString id = QString::fromLatin1(entry.id);
        const Qt::Key key = QKeySequence::fromString(QString::fromLatin1(entry.key))[0].key();
        m_commands->add({QStringLiteral("go.") + id,
                         tr("Go to %1").arg(QCoreApplication::translate("pages", entry.title)),
                         goGroup,
                         {QKeySequence(Qt::Key_G, key)},
                         [this, id] { go(id); },
                         open});
    }
    m_commands->add({QStringLiteral("search.focus"),
                     tr("Search what customers wrote"),
                     goGroup,
                     {QKeySequence(Qt::CTRL | Qt::Key_F), QKeySequence(Qt::Key_Slash)},
                     [this] {
                         m_search->setFocus();
                         m_search->selectAll();
                     },
                     open});
    m_commands->add(
        {QStringLiteral("help.palette"), tr("Commands"), help, {QKeySequence(Qt::CTRL | Qt::Key_K)}, [this] {
             (new CommandPalette(*m_commands, this))->open();
         }});
    m_commands->add({QStringLiteral("help.keys"),
                     tr("Keys"),
                     help,
                     {QKeySequence(Qt::Key_Question), QKeySequence(Qt::Key_F1)},
                     [this] { (new KeySheet(*m_commands, this))->open(); }});
    const auto scheme = [](Theme::Scheme wanted) { return [wanted] { Theme::instance().setScheme(wanted); }; };
    m_commands->add({QStringLiteral("view.light"), tr("Light"), view, {}, scheme(Theme::Scheme::Light)});
    m_commands->add({QStringLiteral("view.dark"), tr("Dark"), view, {}, scheme(Theme::Scheme::Dark)});
    m_commands->add({QStringLiteral("view.system"), tr("As the system"), view, {}, scheme(Theme::Scheme::System)});
}

void MainWindow::makeMenus()
{
    QStringList groups{tr("File"), tr("Edit")};
    for (const Command &command : m_commands->commands())
        if (!groups.contains(command.group) && command.group != tr("Help"))
            groups.push_back(command.group);
    groups.push_back(tr("Help"));
    for (const QString &group : groups) {
        QMenu *menu = menuBar()->addMenu(group);
        for (const Command &command : m_commands->commands()) {
            if (command.group != group)
                continue;
            QAction *action = menu->addAction(command.text, this, [this, id = command.id] { m_commands->trigger(id); });
            action->setData(command.id);
            // the key stands behind the tab; it is not the menu's business to listen to it
            const auto label = [this, action] {
                const QString id = action->data().toString(), key = m_commands->keyText(id);
                const QString text = m_commands->find(id)->text;
                action->setText(key.isEmpty() ? text : text + QLatin1Char('\t') + key);
            };
            label();
            connect(m_commands, &CommandRegistry::keysChanged, action, label);
        }
        connect(menu, &QMenu::aboutToShow, this, [this, menu] {
            for (QAction *action : menu->actions())
                action->setEnabled(m_commands->isEnabled(action->data().toString()));
        });
    }
}

Page *MainWindow::page(const QString &id) const
{
    for (std::size_t i = 0; i < m_pages.size(); ++i)
        if (id == QLatin1String(pageTable()[i].id))
            return m_pages[i];
    return nullptr;
}

void MainWindow::go(const QString &id)
{
    Page *wanted = page(id);
    if (!wanted || !m_desk->isOpen())
        return;
    const std::size_t at = std::size_t(std::find(m_pages.begin(), m_pages.end(), wanted) - m_pages.begin());
    m_sideButtons->button(int(at))->setChecked(true);
    m_front = wanted;
    m_stack->setCurrentWidget(wanted);
    if (m_stale[at]) {
        m_stale[at] = false;
        wanted->refresh();
    }
    wanted->shown();
}

QStringList MainWindow::recent()
{
    return QSettings().value(kRecent).toStringList();
}

void MainWindow::remember(const QString &folder)
{
    QStringList folders = recent();
    folders.removeAll(folder);
    folders.push_front(folder);
    while (folders.size() > kRecentShown)
        folders.removeLast();
    QSettings settings;
    settings.setValue(kRecent, folders);
    settings.setValue(kLast, folder);
}

void MainWindow::chooseFolder()
{
    const QString start = recent().isEmpty() ? QDir::homePath() : QFileInfo(recent().front()).path();
    auto *dialog = new QFileDialog(this, tr("Open the folder of a workspace"), start);
    dialog->setAttribute(Qt::WA_DeleteOnClose);
    dialog->setFileMode(QFileDialog::Directory);
    dialog->setOption(QFileDialog::ShowDirsOnly);
    connect(dialog, &QFileDialog::fileSelected, this, &MainWindow::openWorkspace);
    dialog->open();
}

void MainWindow::openLast()
{
    const QString last = QSettings().value(kLast).toString();
    if (!last.isEmpty())
        openWorkspace(last);
}

void MainWindow::openWorkspace(const QString &folder)
{
    m_welcome->setProblem({});
    const QString path = QFileInfo(folder).absoluteFilePath();
    m_desk->open(path);
    m_loading->showLoading(tr("Opening %1 …").arg(QDir::toNativeSeparators(path)));
    m_stack->setCurrentWidget(m_loading);
}

void MainWindow::opened()
{
    const QString folder = q(m_desk->info().folder);
    remember(folder);
    m_workspace->setText(QFileInfo(folder).fileName());
    m_workspace->setToolTip(QDir::toNativeSeparators(folder));
    setWindowTitle(tr("%1 – Winnow").arg(QFileInfo(folder).fileName()));
    m_side->show();
    m_top->show();
    m_bottom->show();
    m_jobs->open(folder);
    for (Page *page : m_pages)
        page->opened();
    std::fill(m_stale.begin(), m_stale.end(), false);
    go(QStringLiteral("queue"));
    showStatus();
}

void MainWindow::failed(const QString &folder, const Error &error)
{
    m_welcome->setProblem(tr("%1 is not open. %2").arg(QDir::toNativeSeparators(folder), errorText(error)));
    closed();
}

void MainWindow::closed()
{
    m_jobs->close();
    m_front = nullptr;
    for (Page *page : m_pages)
        page->closed();
    m_bottom->clearStatus();
    m_search->clear();
    m_side->hide();
    m_top->hide();
    m_bottom->hide();
    m_welcome->setRecent(recent());
    m_stack->setCurrentWidget(m_welcome);
    setWindowTitle(tr("Winnow"));
}

void MainWindow::changed()
{
    for (std::size_t i = 0; i < m_pages.size(); ++i) {
        if (m_pages[i] == m_front)
            m_pages[i]->refresh();
        else
            m_stale[i] = true;
    }
    showStatus();
}

void MainWindow::showStatus()
{
    m_desk->ask(
        DeskRunner::Thread::Lists, DeskRunner::Status, this, [](Desk &desk, std::stop_token) { return desk.status(); },
        [this](Result<DeskStatus> status) {
            if (status)
                m_bottom->setStatus(m_desk->info(), *status);
        });
}

void MainWindow::showHit(const Hit &hit)
{
    go(QStringLiteral("queue"));
    auto *queue = qobject_cast<QueuePage *>(page(QStringLiteral("queue")));
    if (hit.incident.empty())
        queue->showHit(hit);
    else
        queue->showCandidate(hit.incident);
}

void MainWindow::showChord(const QString &first, const QStringList &ids)
{
    if (ids.isEmpty()) {
        m_chord->hide();
        return;
    }
    QStringList lines;
    for (const QString &id : ids)
        lines.push_back(
            tr("%1   %2").arg(m_commands->keyText(id).section(QLatin1Char(' '), 1), m_commands->find(id)->text));
    m_chord->setText(first + QStringLiteral(" …\n") + lines.join(QLatin1Char('\n')));
    const Theme &theme = Theme::instance();
    m_chord->setStyleSheet(QStringLiteral("background: %1; color: %2; border-radius: 8px; padding: 8px;")
                               .arg(theme.color(Role::Toast).name(), theme.color(Role::OnToast).name()));
    m_chord->adjustSize();
    m_chord->move(width() - m_chord->width() - 3 * kUnit, height() - m_chord->height() - 6 * kUnit);
    m_chord->show();
    m_chord->raise();
}

void MainWindow::dragEnterEvent(QDragEnterEvent *event)
{
    if (m_desk->isOpen() && !droppedFiles(event->mimeData()).isEmpty())
        event->acceptProposedAction();
}

void MainWindow::dropEvent(QDropEvent *event)
{
    const QStringList files = droppedFiles(event->mimeData());
    if (files.isEmpty() || !m_desk->isOpen())
        return;
    event->acceptProposedAction();
    qobject_cast<SourcesPage *>(page(QStringLiteral("sources")))->importFiles(files);
}

void MainWindow::closeEvent(QCloseEvent *event)
{
    QSettings().setValue(kGeometry, saveGeometry());
    QMainWindow::closeEvent(event);
}

}
