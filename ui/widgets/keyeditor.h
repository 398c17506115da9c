#pragma once

#include <QKeySequence>
#include <QWidget>

class QKeySequenceEdit;
class QLabel;
class QLineEdit;
class QPushButton;
class QTreeWidget;

namespace winnow::ui
{

class CommandRegistry;

/// All commands with their keys, by group. Each can be given another key; a key that is taken says by what, and can be
/// taken over.
class KeyEditor : public QWidget
{
    Q_OBJECT

public:
    explicit KeyEditor(CommandRegistry &commands, QWidget *parent = nullptr);

    /// As the keyboard will name it: at most two keys, and no Shift where a sign needs it on some keyboards only.
    [[nodiscard]] static QKeySequence normal(const QKeySequence &pressed);

private:
    void fill();
    void filter();
    void showCurrent();
    [[nodiscard]] QString current() const;
    void setKey(bool takeOver);
    void say(const QString &text, bool bad);

    CommandRegistry &m_commands;
    QLineEdit *m_filter;
    QTreeWidget *m_tree;
    QKeySequenceEdit *m_key;
    QPushButton *m_set, *m_take, *m_reset, *m_resetAll;
    QLabel *m_word;
};

}
