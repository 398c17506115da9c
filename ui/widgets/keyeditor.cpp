#include "ui/widgets/keyeditor.h"

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

KeyEditor::KeyEditor(CommandRegistry &commands, QWidget *parent)
    : QWidget(parent)
    , m_commands(commands)
    , m_filter(new QLineEdit(this))
    , m_tree(new QTreeWidget(this))
    , m_key(new QKeySequenceEdit(this))
    , m_set(new QPushButton(tr("Use this key"), this))
    , m_take(new QPushButton(tr("Take it over"), this))
    , m_reset(new QPushButton(tr("As delivered"), this))
    , m_resetAll(new QPushButton(tr("All as delivered"), this))
    , m_word(new QLabel(this))
{
    m_filter->setObjectName(QStringLiteral("keyFilter"));
    m_filter->setAccessibleName(tr("Find a command"));
    m_filter->setPlaceholderText(tr("Find a command or a key"));
    m_filter->setClearButtonEnabled(true);
    m_tree->setObjectName(QStringLiteral("keyTree"));
    m_tree->setAccessibleName(tr("Commands and their keys"));
    m_tree->setHeaderLabels({tr("Command"), tr("Key")});
    m_tree->setFrameShape(QFrame::NoFrame);
    m_tree->header()->setSectionResizeMode(0, QHeaderView::Stretch);
    m_tree->header()->setSectionResizeMode(1, QHeaderView::ResizeToContents);
    m_tree->header()->setStretchLastSection(false);
    m_key->setObjectName(QStringLiteral("keyEdit"));
    m_key->setAccessibleName(tr("Another key for the selected command"));
    if (auto *line = m_key->findChild<QLineEdit *>()) {
        line->setAccessibleName(m_key->accessibleName());
        line->setPlaceholderText(tr("Press a key here"));
    }
    m_set->setObjectName(QStringLiteral("keySet"));
    m_take->setObjectName(QStringLiteral("keyTake"));
    m_reset->setObjectName(QStringLiteral("keyReset"));
    m_resetAll->setObjectName(QStringLiteral("keyResetAll"));
    for (QPushButton *button : {m_set, m_take, m_reset, m_resetAll})
        button->setAccessibleName(button->text());
    m_take->hide();
    m_word->setObjectName(QStringLiteral("keyWord"));
    m_word->setTextFormat(Qt::PlainText);
    m_word->setWordWrap(true);
    auto *row = new QHBoxLayout;
    row->setSpacing(kUnit);
    row->addWidget(m_key, 1);
    row->addWidget(m_set);
    row->addWidget(m_reset);
    row->addWidget(m_resetAll);
    auto *answer = new QHBoxLayout;
    answer->setSpacing(kUnit);
    answer->addWidget(m_word, 1);
    answer->addWidget(m_take);
    auto *layout = new QVBoxLayout(this);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->setSpacing(kUnit);
    layout->addWidget(m_filter);
    layout->addWidget(m_tree, 1);
    layout->addLayout(row);
    layout->addLayout(answer);
    QWidget *before = m_filter;
    for (QWidget *next :
         {static_cast<QWidget *>(m_tree), static_cast<QWidget *>(m_key), static_cast<QWidget *>(m_set),
          static_cast<QWidget *>(m_reset), static_cast<QWidget *>(m_resetAll), static_cast<QWidget *>(m_take)}) {
        setTabOrder(before, next);
        before = next;
    }
    connect(m_filter, &QLineEdit::textChanged, this, &KeyEditor::filter);
    connect(m_tree, &QTreeWidget::currentItemChanged, this, &KeyEditor::showCurrent);
    connect(m_key, &QKeySequenceEdit::keySequenceChanged, m_take, &QWidget::hide);
    connect(m_set, &QPushButton::clicked, this, [this] { setKey(false); });
    connect(m_take, &QPushButton::clicked, this, [this] { setKey(true); });
    connect(m_reset, &QPushButton::clicked, this, [this] {
        if (const Command *command = m_commands.find(current())) {
            m_commands.resetKeys(command->id);
            say(tr("“%1” has its own key again.").arg(command->text), false);
        }
    });
    connect(m_resetAll, &QPushButton::clicked, this, [this] {
        for (const Command &command : m_commands.commands())
            m_commands.resetKeys(command.id);
        say(tr("All keys are as delivered."), false);
    });
    connect(&m_commands, &CommandRegistry::keysChanged, this, &KeyEditor::fill);
    fill();
    showCurrent();
}

QKeySequence KeyEditor::normal(const QKeySequence &pressed)
{
    std::array<int, 2> keys{};
    for (int i = 0; i < std::min(2, pressed.count()); ++i) {
        Qt::KeyboardModifiers modifiers = pressed[uint(i)].keyboardModifiers();
        const Qt::Key key = pressed[uint(i)].key();
        const bool letter = key >= Qt::Key_A && key <= Qt::Key_Z;
        if (!letter && key > Qt::Key_Space && key < 0x100)
            modifiers &= ~Qt::ShiftModifier;
        keys[std::size_t(i)] = QKeyCombination(modifiers, key).toCombined();
    }
    return pressed.count() > 1 ? QKeySequence(keys[0], keys[1]) : QKeySequence(keys[0]);
}

void KeyEditor::fill()
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
        if (m_commands.keys(command.id) != command.keys)
            item->setFont(1, Theme::font(1, true));
        if (command.id == before)
            m_tree->setCurrentItem(item);
    }
    filter();
}

void KeyEditor::filter()
{
    const QString wanted = m_filter->text().trimmed();
    for (int i = 0; i < m_tree->topLevelItemCount(); ++i) {
        QTreeWidgetItem *group = m_tree->topLevelItem(i);
        int shown = 0;
        for (int j = 0; j < group->childCount(); ++j) {
            QTreeWidgetItem *item = group->child(j);
            const bool fits = wanted.isEmpty() || item->text(0).contains(wanted, Qt::CaseInsensitive)
                || item->text(1).compare(wanted, Qt::CaseInsensitive) == 0;
            item->setHidden(!fits);
            shown += fits;
        }
        group->setHidden(shown == 0);
    }
}

QString KeyEditor::current() const
{
    const QTreeWidgetItem *item = m_tree->currentItem();
    return item ? item->data(0, Qt::UserRole).toString() : QString();
}

void KeyEditor::showCurrent()
{
    const bool one = !current().isEmpty();
    m_set->setEnabled(one);
    m_reset->setEnabled(one);
    m_take->hide();
}

void KeyEditor::say(const QString &text, bool bad)
{
    QPalette palette;
    palette.setColor(QPalette::WindowText, Theme::instance().color(bad ? Role::Negative : Role::Text));
    m_word->setPalette(palette);
    m_word->setText(text);
}

void KeyEditor::setKey(bool takeOver)
{
    const QString id = current();
    const QKeySequence wanted = normal(m_key->keySequence());
    if (id.isEmpty() || wanted.isEmpty()) {
        say(tr("Select a command and press a key in the field."), true);
        return;
    }
    const QString text = m_commands.find(id)->text, key = CommandRegistry::keyText(wanted);
    QString other = m_commands.setKeys(id, {wanted});
    while (takeOver && !other.isEmpty()) {
        QList<QKeySequence> left;
        for (const QKeySequence &its : m_commands.keys(other))
            if (its.matches(wanted) == QKeySequence::NoMatch && wanted.matches(its) == QKeySequence::NoMatch)
                left.push_back(its);
        if (!m_commands.setKeys(other, left).isEmpty())
            break; // what it keeps is taken too: nothing more is taken from it
        other = m_commands.setKeys(id, {wanted});
    }
    if (const Command *command = m_commands.find(other)) {
        say(tr("%1 is taken by “%2”.").arg(key, command->text), true);
        m_take->setAccessibleName(tr("Take %1 from “%2”").arg(key, command->text));
        m_take->show();
        return;
    }
    m_take->hide();
    m_key->clear();
    say(tr("“%1” has the key %2 now.").arg(text, key), false);
}

}
