#include "ui/dialogs/historydialog.h"

#include <QDialogButtonBox>
#include <QHeaderView>
#include <QPushButton>
#include <QStackedWidget>
#include <QTableWidget>
#include <QVBoxLayout>

#include "ui/runner/deskrunner.h"
#include "ui/text/words.h"
#include "ui/theme/theme.h"
#include "ui/widgets/statepanel.h"

namespace winnow::ui
{

namespace
{

constexpr std::size_t kShown = 500;

bool canBeUndone(const HistoryEntry &entry)
{
    const std::string &kind = entry.event.kind;
    return !entry.undone && kind != "undone" && kind != "redone" && kind != "run_finished" && kind != "config_released"
        && kind != "erased";
}

}

HistoryDialog::HistoryDialog(DeskRunner &desk, QWidget *parent)
    : QDialog(parent)
    , m_desk(desk)
    , m_stack(new QStackedWidget(this))
    , m_state(new StatePanel(m_stack))
    , m_table(new QTableWidget(0, 4, m_stack))
{
    setObjectName(QStringLiteral("historyDialog"));
    setAttribute(Qt::WA_DeleteOnClose);
    setWindowTitle(tr("History"));
    resize(100 * kUnit, 64 * kUnit);
    m_table->setObjectName(QStringLiteral("historyTable"));
    m_table->setAccessibleName(tr("History"));
    m_table->setHorizontalHeaderLabels({tr("When"), tr("Who"), tr("What"), tr("Candidate")});
    m_table->horizontalHeader()->setSectionResizeMode(QHeaderView::ResizeToContents);
    m_table->horizontalHeader()->setSectionResizeMode(3, QHeaderView::Stretch);
    m_table->verticalHeader()->hide();
    m_table->setSelectionBehavior(QAbstractItemView::SelectRows);
    m_table->setSelectionMode(QAbstractItemView::SingleSelection);
    m_table->setEditTriggers(QAbstractItemView::NoEditTriggers);
    m_table->setTabKeyNavigation(false);
    m_table->setShowGrid(false);
    m_table->setFrameShape(QFrame::NoFrame);
    m_stack->addWidget(m_table);
    m_stack->addWidget(m_state);
    auto *buttons = new QDialogButtonBox(QDialogButtonBox::Close, this);
    m_undo = buttons->addButton(tr("Undo this"), QDialogButtonBox::ActionRole);
    m_undo->setObjectName(QStringLiteral("historyUndo"));
    m_undoLater = buttons->addButton(tr("Undo this and what rests on it"), QDialogButtonBox::ActionRole);
    for (QAbstractButton *button : buttons->buttons())
        button->setAccessibleName(button->text().remove(QLatin1Char('&')));
    auto *layout = new QVBoxLayout(this);
    layout->setContentsMargins(2 * kUnit, 2 * kUnit, 2 * kUnit, 2 * kUnit);
    layout->setSpacing(kUnit);
    layout->addWidget(m_stack, 1);
    layout->addWidget(buttons);
    connect(buttons, &QDialogButtonBox::rejected, this, &QDialog::reject);
    const auto want = [this](bool later) {
        if (const QTableWidgetItem *item = m_table->item(m_table->currentRow(), 0))
            Q_EMIT undoWanted(item->data(Qt::UserRole).toString(), later);
    };
    connect(m_undo, &QPushButton::clicked, this, [want] { want(false); });
    connect(m_undoLater, &QPushButton::clicked, this, [want] { want(true); });
    const auto enable = [this] {
        const QTableWidgetItem *item = m_table->item(m_table->currentRow(), 0);
        const bool can = item && item->data(Qt::UserRole + 1).toBool();
        m_undo->setEnabled(can);
        m_undoLater->setEnabled(can);
    };
    connect(m_table, &QTableWidget::currentCellChanged, this, enable);
    enable();
    connect(&m_desk, &DeskRunner::changed, this, &HistoryDialog::load);
    m_state->showLoading(tr("Reading the history …"));
    m_stack->setCurrentWidget(m_state);
    load();
}

void HistoryDialog::load()
{
    m_desk.ask(
        DeskRunner::Thread::Lists, DeskRunner::Words, this,
        [](Desk &desk, std::stop_token) { return desk.history(kShown); },
        [this](Result<std::vector<HistoryEntry>> entries) {
            if (entries && !entries->empty()) {
                showEntries(*entries);
                m_stack->setCurrentWidget(m_table);
                return;
            }
            if (entries)
                m_state->showEmpty(tr("Nothing has happened yet"), tr("Each decision stands here once it is made."));
            else
                m_state->showError(tr("The history cannot be read"), errorText(entries.error()));
            m_stack->setCurrentWidget(m_state);
        });
}

void HistoryDialog::showEntries(const std::vector<HistoryEntry> &entries)
{
    const int current = std::max(0, m_table->currentRow());
    m_table->setRowCount(int(entries.size()));
    for (int row = 0; row < int(entries.size()); ++row) {
        const HistoryEntry &entry = entries[std::size_t(row)];
        const QString what =
            entry.undone ? tr("%1 (taken back)").arg(eventName(entry.event.kind)) : eventName(entry.event.kind);
        const QStringList cells{timeText(entry.event.at), oneLine(entry.event.actor), what, oneLine(entry.title)};
        for (int column = 0; column < cells.size(); ++column) {
            auto *item = new QTableWidgetItem(cells[column]);
            if (entry.undone)
                item->setForeground(Theme::instance().color(Role::Muted));
            if (column == 0) {
                item->setData(Qt::UserRole, q(entry.event.id));
                item->setData(Qt::UserRole + 1, canBeUndone(entry));
            }
            m_table->setItem(row, column, item);
        }
    }
    m_table->setCurrentCell(std::min(current, int(entries.size()) - 1), 0);
}

}
