#pragma once

#include <QDialog>

#include "core/domain/triage.h"

class QPushButton;
class QStackedWidget;
class QTableWidget;

namespace winnow::ui
{

class DeskRunner;
class StatePanel;

/// What was decided here, newest first, by everybody; any of it can be taken back.
class HistoryDialog : public QDialog
{
    Q_OBJECT

public:
    HistoryDialog(DeskRunner &desk, QWidget *parent);

Q_SIGNALS:
    void undoWanted(const QString &event, bool withLater);

private:
    void load();
    void showEntries(const std::vector<HistoryEntry> &entries);

    DeskRunner &m_desk;
    QStackedWidget *m_stack;
    StatePanel *m_state;
    QTableWidget *m_table;
    QPushButton *m_undo, *m_undoLater;
};

}
