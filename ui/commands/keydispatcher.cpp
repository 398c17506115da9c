#include "ui/commands/keydispatcher.h"

#include <QAbstractButton>
#include <QAbstractItemView>
#include <QAbstractSlider>
#include <QAbstractSpinBox>
#include <QApplication>
#include <QComboBox>
#include <QKeyEvent>
#include <QKeySequenceEdit>
#include <QLineEdit>
#include <QMenu>
#include <QPlainTextEdit>
#include <QTabBar>
#include <QTextEdit>

#include "ui/commands/commandregistry.h"

namespace winnow::ui
{

namespace
{

constexpr int kChordMs = 4000;

bool isModifier(int key)
{
    return key == Qt::Key_Shift || key == Qt::Key_Control || key == Qt::Key_Alt || key == Qt::Key_Meta
        || key == Qt::Key_AltGr || key == Qt::Key_CapsLock || key == Qt::Key_NumLock || key == 0
        || key == Qt::Key_unknown;
}

/// The key as sequences name it. Which layouts need Shift for a digit or a sign is nobody's business.
QKeyCombination named(const QKeyEvent &event)
{
    Qt::KeyboardModifiers modifiers = event.modifiers() & ~(Qt::KeypadModifier | Qt::GroupSwitchModifier);
    int key = event.key();
    if (key == Qt::Key_Backtab) {
        key = Qt::Key_Tab;
        modifiers |= Qt::ShiftModifier;
    }
    const bool letter = key >= Qt::Key_A && key <= Qt::Key_Z;
    if (!letter && key > Qt::Key_Space && key < 0x100)
        modifiers &= ~Qt::ShiftModifier;
    return QKeyCombination(modifiers, Qt::Key(key));
}

/// Keys that a control answers itself, whatever they mean elsewhere.
bool isOwnKey(const QWidget *widget, QKeyCombination key)
{
    if (key.keyboardModifiers() & ~Qt::ShiftModifier)
        return false;
    const bool arrow = key.key() >= Qt::Key_Left && key.key() <= Qt::Key_Down;
    const bool press = key.key() == Qt::Key_Space || key.key() == Qt::Key_Return || key.key() == Qt::Key_Enter;
    if (qobject_cast<const QAbstractButton *>(widget))
        return key.key() == Qt::Key_Space || arrow;
    if (qobject_cast<const QComboBox *>(widget))
        return press || arrow;
    if (qobject_cast<const QTabBar *>(widget) || qobject_cast<const QAbstractSlider *>(widget))
        return arrow;
    if (const auto *view = qobject_cast<const QAbstractItemView *>(widget))
        return arrow && !view->property("commandsOwnArrows").toBool();
    return false;
}

}

KeyDispatcher::KeyDispatcher(CommandRegistry &commands, QWidget &window)
    : QObject(&window)
    , m_commands(commands)
    , m_window(window)
{
    m_forget.setSingleShot(true);
    m_forget.setInterval(kChordMs);
    connect(&m_forget, &QTimer::timeout, this, &KeyDispatcher::endChord);
    qApp->installEventFilter(this);
}

bool KeyDispatcher::takesText(const QWidget *widget)
{
    if (const auto *line = qobject_cast<const QLineEdit *>(widget))
        return !line->isReadOnly();
    if (const auto *text = qobject_cast<const QTextEdit *>(widget))
        return !text->isReadOnly();
    if (const auto *text = qobject_cast<const QPlainTextEdit *>(widget))
        return !text->isReadOnly();
    if (const auto *box = qobject_cast<const QComboBox *>(widget))
        return box->isEditable();
    return qobject_cast<const QAbstractSpinBox *>(widget) != nullptr;
}

void KeyDispatcher::endChord()
{
    m_forget.stop();
    if (m_first.isEmpty())
        return;
    m_first = {};
    Q_EMIT chordChanged({}, {});
}

bool KeyDispatcher::eventFilter(QObject *watched, QEvent *event)
{
    if (event->type() != QEvent::KeyPress && event->type() != QEvent::ShortcutOverride)
        return false;
    auto *widget = qobject_cast<QWidget *>(watched);
    if (!widget || widget->window() != &m_window || qobject_cast<QMenu *>(widget))
        return false;
    // a key goes to the control that has the focus, and up from there where it is not used: it is looked at once
    if (QWidget *focus = m_window.focusWidget(); focus && focus != widget)
        return false;
    const auto &key = static_cast<const QKeyEvent &>(*event);
    if (event->type() == QEvent::ShortcutOverride)
        return false;
    return press(widget, key);
}

bool KeyDispatcher::press(QWidget *widget, const QKeyEvent &event)
{
    if (isModifier(event.key()) || QApplication::activeModalWidget())
        return false; // a dialog asks something: what is pressed is meant for it
    if (qobject_cast<QKeySequenceEdit *>(widget)) // which wants to know all of them
        return false;
    const QKeyCombination key = named(event);
    const bool plain = !(key.keyboardModifiers() & (Qt::ControlModifier | Qt::AltModifier | Qt::MetaModifier));
    const bool function = key.key() >= Qt::Key_F1 && key.key() <= Qt::Key_F35;
    if ((plain && !function && takesText(widget)) || isOwnKey(widget, key)) {
        endChord();
        return false;
    }
    if (!m_first.isEmpty() && key.key() == Qt::Key_Escape) {
        endChord();
        return true;
    }
    const bool chord = !m_first.isEmpty();
    const QKeySequence typed = chord ? QKeySequence(m_first[0], key) : QKeySequence(key);
    QStringList follow;
    QString exact;
    for (const Command &command : m_commands.commands()) {
        for (const QKeySequence &its : m_commands.keys(command.id)) {
            const auto match = typed.matches(its);
            if (match == QKeySequence::NoMatch || !m_commands.isEnabled(command.id))
                continue;
            if (match == QKeySequence::ExactMatch)
                exact = command.id;
            else
                follow.push_back(command.id);
        }
    }
    endChord();
    if (!exact.isEmpty())
        return m_commands.trigger(exact);
    if (follow.isEmpty())
        return chord; // a chord that leads nowhere does nothing at all
    m_first = typed;
    m_forget.start();
    Q_EMIT chordChanged(CommandRegistry::keyText(typed), follow);
    return true;
}

}
