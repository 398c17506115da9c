#pragma once

#include <vector>

#include <QDialog>

#include "core/domain/triage.h"

namespace winnow::ui
{

/// Asks before an event is taken back that later decisions rest on, and lists these.
class UndoDialog : public QDialog
{
    Q_OBJECT

public:
    UndoDialog(const HistoryEntry &event, const std::vector<HistoryEntry> &later, QWidget *parent);
};

}
