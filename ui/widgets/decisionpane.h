#pragma once

#include <array>
#include <vector>

#include <QScrollArea>

#include "core/domain/triage.h"

class QGridLayout;
class QLabel;
class QLineEdit;
class QPlainTextEdit;
class QPushButton;
class QStackedWidget;
class QTextEdit;
class QVBoxLayout;

namespace winnow::ui
{

class CommandRegistry;
class FactorBars;

/// What a person needs to decide on one candidate: the score and why, what may have caused it, tickets that are near,
/// the draft, and the buttons.
class DecisionPane : public QScrollArea
{
    Q_OBJECT

public:
    /// \param commands  the buttons run its commands and show its keys.
    DecisionPane(CommandRegistry &commands, QWidget *parent = nullptr);

    void setCandidate(const CandidateDetail &candidate);
    void clearCandidate();

    void startEdit();
    void endEdit();
    [[nodiscard]] bool isEditing() const;
    /// The draft as it stands in the fields.
    [[nodiscard]] Draft edited() const;
    void toggleWhy();

Q_SIGNALS:
    void ticketChosen(const QString &ticket);
    void editSaved();

private:
    QLabel *heading(const QString &text);
    QPushButton *button(const QString &command, bool primary = false);
    void showKeys();
    void restyle();

    CommandRegistry &m_commands;
    CandidateDetail m_candidate;
    bool m_has = false;
    QVBoxLayout *m_layout = nullptr;
    QLabel *m_title, *m_band, *m_kind, *m_priority, *m_next, *m_override, *m_noTickets;
    FactorBars *m_bars;
    std::array<QLabel *, 4> m_causes{};
    std::array<QPushButton *, 3> m_tickets{};
    std::vector<std::pair<QPushButton *, QString>> m_buttons;
    QStackedWidget *m_draft;
    QLabel *m_draftTitle;
    QTextEdit *m_preview;
    QLineEdit *m_editTitle;
    QPlainTextEdit *m_editBody;
};

}
