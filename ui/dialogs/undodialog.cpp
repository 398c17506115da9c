#include "ui/dialogs/undodialog.h"

#include <QDialogButtonBox>
#include <QLabel>
#include <QListWidget>
#include <QPushButton>
#include <QVBoxLayout>

#include "ui/text/words.h"
#include "ui/theme/theme.h"

namespace winnow::ui
{

UndoDialog::UndoDialog(const HistoryEntry &event, const std::vector<HistoryEntry> &later, QWidget *parent)
    : QDialog(parent)
{
    setObjectName(QStringLiteral("undoDialog"));
    setAttribute(Qt::WA_DeleteOnClose);
    setWindowTitle(tr("Undo"));
    resize(72 * kUnit, 44 * kUnit);
    auto *heading = new QLabel(tr("Later decisions rest on “%1”").arg(eventName(event.event.kind)), this);
    heading->setProperty("look", QStringLiteral("title"));
    auto *sentence = new QLabel(tr("They would be taken back too, in one step that can be done again:"), this);
    for (QLabel *label : {heading, sentence}) {
        label->setTextFormat(Qt::PlainText);
        label->setWordWrap(true);
    }
    auto *list = new QListWidget(this);
    list->setObjectName(QStringLiteral("undoList"));
    list->setAccessibleName(tr("Later decisions"));
    for (const HistoryEntry &entry : later)
        list->addItem(tr("%1 · %2 · %3 · %4")
                          .arg(timeText(entry.event.at), oneLine(entry.event.actor), eventName(entry.event.kind),
                               oneLine(entry.title)));
    auto *buttons = new QDialogButtonBox(QDialogButtonBox::Cancel, this);
    auto *all = buttons->addButton(tr("Undo all %n", nullptr, int(later.size()) + 1), QDialogButtonBox::AcceptRole);
    all->setObjectName(QStringLiteral("undoAll"));
    all->setProperty("primary", true);
    for (QAbstractButton *button : buttons->buttons())
        button->setAccessibleName(button->text().remove(QLatin1Char('&')));
    auto *layout = new QVBoxLayout(this);
    layout->setContentsMargins(2 * kUnit, 2 * kUnit, 2 * kUnit, 2 * kUnit);
    layout->setSpacing(kUnit);
    layout->addWidget(heading);
    layout->addWidget(sentence);
    layout->addWidget(list, 1);
    layout->addWidget(buttons);
    connect(buttons, &QDialogButtonBox::accepted, this, &QDialog::accept);
    connect(buttons, &QDialogButtonBox::rejected, this, &QDialog::reject);
}

}
