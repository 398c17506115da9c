#pragma once

#include <QTimer>

#include "core/domain/triage.h"
#include "ui/pages/page.h"

class QComboBox;
class QLabel;
class QLineEdit;
class QStackedWidget;

namespace winnow::ui
{

class IncidentsModel;
class RowTable;
class StatePanel;

/// All candidates as a table, decided ones too: to sort, to filter, to come back to.
class IncidentsPage : public Page
{
    Q_OBJECT

public:
    explicit IncidentsPage(Surroundings &surroundings, QWidget *parent = nullptr);

    void opened() override;
    void closed() override;
    void refresh() override;
    void shown() override;
    /// Shows what passes, in every state and band.
    void showRows(const QString &filter) override;

private:
    void addCommands();
    void load();
    void take(const QueueOrder &order);
    void showState();
    void fetchRows(const std::vector<std::int64_t> &keys);
    void openRow(int row);
    void sortBy(int column, bool reversed);
    void showAll();

    IncidentsModel *m_model;
    QLineEdit *m_filter;
    QComboBox *m_state, *m_band, *m_sort;
    QStackedWidget *m_stack;
    RowTable *m_table;
    StatePanel *m_word;
    QLabel *m_count;
    QTimer m_delay;
    int m_column = 0;
    bool m_reversed = false;
    bool m_loaded = false, m_failed = false;
};

}
