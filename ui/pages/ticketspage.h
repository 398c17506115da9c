#pragma once

#include <vector>

#include <QTimer>

#include "core/domain/triage.h"
#include "ui/pages/page.h"

class QComboBox;
class QLabel;
class QPlainTextEdit;
class QPushButton;
class QSplitter;
class QStackedWidget;

namespace winnow
{
class Desk;
}

namespace winnow::ui
{

class FilingsModel;
class RowTable;
class StatePanel;

/// Tickets and the outbox: what waits and how long, what went where, what was refused or is unclear, and why.
class TicketsPage : public Page
{
    Q_OBJECT

public:
    explicit TicketsPage(Surroundings &surroundings, QWidget *parent = nullptr);

    void opened() override;
    void closed() override;
    void refresh() override;
    void shown() override;

    /// Whether an address may be handed to the system: a web page or a file, nothing else.
    [[nodiscard]] static bool canOpen(const std::string &url);

private:
    QWidget *makeDetail();
    void addCommands();
    QPushButton *addButton(const QString &command);
    void load();
    void take(std::vector<Filing> filings);
    void showList();
    void showCurrent();
    void enable();
    [[nodiscard]] const Filing *current() const;
    void order(const QString &toast, std::function<Result<>(Desk &)> work);
    void openTicket();

    FilingsModel *m_model;
    QComboBox *m_kind;
    QPushButton *m_all;
    QStackedWidget *m_stack;
    RowTable *m_table;
    StatePanel *m_word;
    QLabel *m_title, *m_state, *m_why;
    QPlainTextEdit *m_body;
    QWidget *m_detail;
    std::vector<std::pair<QPushButton *, QString>> m_buttons; ///< with their commands
    std::vector<Filing> m_filings; ///< all of them
    QTimer m_clock;
    bool m_loaded = false;
};

}
