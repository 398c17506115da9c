#include "ui/dialogs/commandpalette.h"

#include <QKeyEvent>
#include <QLineEdit>
#include <QListWidget>
#include <QVBoxLayout>

#include "ui/commands/commandregistry.h"
#include "ui/theme/theme.h"
#include "ui/widgets/keyeddelegate.h"

namespace winnow::ui
{

CommandPalette::CommandPalette(CommandRegistry &commands, QWidget *parent)
    : QDialog(parent)
    , m_commands(commands)
    , m_words(new QLineEdit(this))
    , m_list(new QListWidget(this))
{
    setObjectName(QStringLiteral("commandPalette"));
    setAttribute(Qt::WA_DeleteOnClose);
    setWindowTitle(tr("Commands"));
    resize(72 * kUnit, 56 * kUnit);
    m_words->setObjectName(QStringLiteral("paletteWords"));
    m_words->setPlaceholderText(tr("What do you want to do?"));
    m_words->setAccessibleName(tr("Words of a command"));
    m_words->installEventFilter(this);
    m_list->setObjectName(QStringLiteral("paletteList"));
    m_list->setAccessibleName(tr("Commands"));
    m_list->setFrameShape(QFrame::NoFrame);
    m_list->setItemDelegate(new KeyedDelegate(m_list));
    auto *layout = new QVBoxLayout(this);
    layout->setContentsMargins(2 * kUnit, 2 * kUnit, 2 * kUnit, 2 * kUnit);
    layout->setSpacing(kUnit);
    layout->addWidget(m_words);
    layout->addWidget(m_list, 1);
    connect(m_words, &QLineEdit::textChanged, this, &CommandPalette::find);
    connect(m_words, &QLineEdit::returnPressed, this, &CommandPalette::take);
    connect(m_list, &QListWidget::itemClicked, this, &CommandPalette::take);
    find({});
    m_words->setFocus();
}

void CommandPalette::find(const QString &words)
{
    m_list->clear();
    const QStringList wanted = words.split(QLatin1Char(' '), Qt::SkipEmptyParts);
    for (const Command &command : m_commands.commands()) {
        if (!m_commands.isEnabled(command.id))
            continue;
        const QString text = command.group + QLatin1Char(' ') + command.text;
        if (!std::all_of(wanted.begin(), wanted.end(),
                         [&](const QString &word) { return text.contains(word, Qt::CaseInsensitive); }))
            continue;
        auto *item = new QListWidgetItem(command.text, m_list);
        item->setData(KeyedDelegate::kKey, m_commands.keyText(command.id));
        item->setData(KeyedDelegate::kId, command.id);
    }
    m_list->setCurrentRow(0);
}

void CommandPalette::take()
{
    const QListWidgetItem *item = m_list->currentItem();
    if (!item)
        return;
    const QString id = item->data(KeyedDelegate::kId).toString();
    accept();
    m_commands.trigger(id);
}

bool CommandPalette::eventFilter(QObject *watched, QEvent *event)
{
    if (watched == m_words && event->type() == QEvent::KeyPress) {
        const int key = static_cast<const QKeyEvent *>(event)->key();
        const int step = key == Qt::Key_Down ? 1 : key == Qt::Key_Up ? -1 : 0;
        if (step && m_list->count()) {
            m_list->setCurrentRow(std::clamp(m_list->currentRow() + step, 0, m_list->count() - 1));
            return true;
        }
    }
    return QDialog::eventFilter(watched, event);
}

}
