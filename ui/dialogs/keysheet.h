#pragma once

#include <QDialog>

class QTreeWidget;
class QKeySequenceEdit;
class QLabel;
class QPushButton;

namespace winnow::ui
{

class CommandRegistry;

/// All commands with their keys, by group; another key can be given to each.
class KeySheet : public QDialog
{
    Q_OBJECT

public:
    KeySheet(CommandRegistry &commands, QWidget *parent);

private:
    void fill();
    [[nodiscard]] QString current() const;
    void setKey();

    CommandRegistry &m_commands;
    QTreeWidget *m_tree;
    QKeySequenceEdit *m_key;
    QPushButton *m_set, *m_reset;
    QLabel *m_word;
};

}
