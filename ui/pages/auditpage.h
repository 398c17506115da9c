#pragma once

#include <QTimer>

#include "core/domain/triage.h"
#include "ui/pages/page.h"

class QComboBox;
class QLabel;
class QLineEdit;
class QPlainTextEdit;
class QPushButton;
class QStackedWidget;

namespace winnow::ui
{

class HistoryModel;
class RowTable;
class StatePanel;

/// The log: what happened, who did it, what it said; any decision of it can be taken back.
class AuditPage : public Page
{
    Q_OBJECT

public:
    explicit AuditPage(Surroundings &surroundings, QWidget *parent = nullptr);

    void opened() override;
    void closed() override;
    void refresh() override;
    void shown() override;

private:
    QWidget *makeDetail();
    void addCommands();
    [[nodiscard]] HistoryRequest request() const;
    void load();
    void more(const Event &before);
    void showList();
    void showCurrent();
    void undo();
    void undoWith(const HistoryEntry &event, bool withLater);
    [[nodiscard]] const HistoryEntry *current() const;

    HistoryModel *m_model;
    QLineEdit *m_filter;
    QComboBox *m_kind;
    QStackedWidget *m_stack;
    RowTable *m_table;
    StatePanel *m_word;
    QLabel *m_what, *m_who, *m_refs;
    QPlainTextEdit *m_body;
    QPushButton *m_undo, *m_show;
    QWidget *m_detail;
    QTimer m_delay;
    bool m_loaded = false, m_failed = false;
};

}
