#pragma once

#include <QFrame>

#include "core/ports/desk.h"

class QLabel;
class QToolButton;

namespace winnow::ui
{

class CommandRegistry;

/// The thin bar below all pages: how far one can undo, what waits in the outbox, what is not placed, which versions
/// made what is in sight, how much is left.
class BottomBar : public QFrame
{
    Q_OBJECT

public:
    BottomBar(CommandRegistry &commands, QWidget *parent);

    void setStatus(const DeskInfo &info, const DeskStatus &status);
    void clearStatus();

private:
    QToolButton *m_undo, *m_outbox;
    QLabel *m_notPlaced, *m_versions, *m_left, *m_warning;
};

}
