#include "ui/dialogs/keysheet.h"

#include <QDialogButtonBox>
#include <QHBoxLayout>
#include <QHeaderView>
#include <QKeySequenceEdit>
#include <QLabel>
#include <QLineEdit>
#include <QPushButton>
#include <QTreeWidget>
#include <QVBoxLayout>

#include "ui/commands/commandregistry.h"
#include "ui/theme/theme.h"

namespace winnow::ui
{

KeySheet::KeySheet(CommandRegistry &commands, QWidget *parent)
    : QDialog(parent)
    , m_commands(commands)
    , m_tree(new QTreeWidget(this))
    , m_key(new QKeySequenceEdit(this))
    , m_set(new QPushButton(tr("Use this key"), this))
    , m_reset(new QPushButton(tr("As delivered"), this))
    , m_word(new QLabel(this))
{
    setObjectName(QStringLiteral("keySheet"));
    setAttribute(Qt::WA_DeleteOnClose);
    setWindowTitle(tr("Keys"));
    resize(80 * kUnit, 80 * kUnit);
    m_tree->setObjectName(QStringLiteral("keyTree"));
    m_tree->setAccessibleName(tr("Commands and their keys"));
    m_tree->setHeaderLabels({tr("Command"), tr("Key")});
    m_tree->setFrameShape(QFrame::NoFrame);
    m_tree->header()->setSectionResizeMode(0, QHeaderView::Stretch);
    m_tree->header()->setSectionResizeMode(1, QHeaderView::ResizeToContents);
    m_tree->header()->setStretchLastSection(false);
    m_key->setObjectName(QStringLiteral("keyEdit"));
    m_key->setAccessibleName(tr("Another key for the selected command"));
    if (auto *line = m_key->findChild<QLineEdit *>())
        line->setAccessibleName(m_key->accessibleName());
    m_set->setAccessibleName(m_set->text());
    m_reset->setAccessibleName(m_reset->text());
    m_word->setTextFormat(Qt::PlainText);
    m_word->setWordWrap(true);
    auto *row = new QHBoxLayout;
    row->setSpacing(kUnit);
    row->addWidget(m_key, 1);
    row->addWidget(m_set);
    row->addWidget(m_reset);
    auto *buttons = new QDialogButtonBox(QDialogButtonBox::Close, this);
    for (QAbstractButton *button : buttons->buttons())
        button->setAccessibleName(button->text().remove(QLatin1Char('&')));
    auto *layout = new QVBoxLayout(this);
    layout->setContentsMargins(2 * kUnit, 2 * kUnit, 2 * kUnit, 2 * kUnit);
    layout->setSpacing(kUnit);
    layout->addWidget(m_tree, 1);
    layout->addLayout(row);
    layout->addWidget(m_word);
    layout->addWidget(buttons);
    connect(buttons, &QDialogButtonBox::rejected, this, &QDialog::reject);
    connect(m_set, &QPushButton::clicked, this, &KeySheet::setKey);
    connect(m_reset, &QPushButton::clicked, this, [this] {
        if (!current().isEmpty())
            m_commands.resetKeys(current());
    });
    connect(&m_commands, &CommandRegistry::keysChanged, this, &KeySheet::fill);
    fill();
    m_tree->setFocus();
}

void KeySheet::fill()
{
    const QString before = current();
    m_tree->clear();
    QHash<QString, QTreeWidgetItem *> groups;
    for (const Command &command : m_commands.commands()) {
        QTreeWidgetItem *&group = groups[command.group];
        if (!group) {
            group = new QTreeWidgetItem(m_tree, {command.group});
            group->setFont(0, Theme::font(1, true));
            group->setFlags(Qt::ItemIsEnabled);
            group->setExpanded(true);
        }
        QStringList keys;
        for (const QKeySequence &key : m_commands.keys(command.id))
            keys.push_back(CommandRegistry::keyText(key));
        auto *item = new QTreeWidgetItem(group, {command.text, keys.join(QStringLiteral(",  "))});
        item->setData(0, Qt::UserRole, command.id);
        if (command.id == before)
            m_tree->setCurrentItem(item);
    }
}

QString KeySheet::current() const
{
    const QTreeWidgetItem *item = m_tree->currentItem();
    return item ? item->data(0, Qt::UserRole).toString() : QString();
}

void KeySheet::setKey()
{
    const QString id = current();
    if (id.isEmpty() || m_key->keySequence().isEmpty()) {
        m_word->setText(tr("Select a command and press a key in the field."));
        return;
    }
    const QString other = m_commands.setKeys(id, {m_key->keySequence()});
    if (const Command *command = m_commands.find(other))
        m_word->setText(tr("This key is taken by “%1”. Give that one another key first.").arg(command->text));
    else
        m_word->setText(tr("Done."));
    m_key->clear();
}

}
