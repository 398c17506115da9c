#pragma once

#include <QDialog>

class QLineEdit;
class QListWidget;

namespace winnow::ui
{

class CommandRegistry;

/// Finds a command by its words, and shows its key, so that one needs the palette less and less.
class CommandPalette : public QDialog
{
    Q_OBJECT

public:
    CommandPalette(CommandRegistry &commands, QWidget *parent);

protected:
    bool eventFilter(QObject *watched, QEvent *event) override;

private:
    void find(const QString &words);
    void take();

    CommandRegistry &m_commands;
    QLineEdit *m_words;
    QListWidget *m_list;
};

}
