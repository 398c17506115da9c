#pragma once

#include <string>
#include <vector>

#include <QDialog>

#include "core/domain/triage.h"

class QListWidget;
class QPushButton;

namespace winnow::ui
{

/// Which reports leave a candidate and become one of their own.
class SplitDialog : public QDialog
{
    Q_OBJECT

public:
    /// \param segment  the report that is taken to leave at first.
    SplitDialog(const CandidateDetail &candidate, const std::string &segment, QWidget *parent);

Q_SIGNALS:
    void chosen(const std::vector<std::string> &members);

private:
    void check();

    QListWidget *m_list;
    QPushButton *m_done;
};

}
