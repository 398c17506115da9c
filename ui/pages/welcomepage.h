#pragma once

#include <QWidget>

class QLabel;
class QListWidget;
class QVBoxLayout;

namespace winnow::ui
{

/// What stands in the window while no workspace is open.
class WelcomePage : public QWidget
{
    Q_OBJECT

public:
    explicit WelcomePage(QWidget *parent = nullptr);

    void setRecent(const QStringList &folders);
    /// Why the workspace that was asked for is not open. Empty: no word.
    void setProblem(const QString &text);

Q_SIGNALS:
    void folderChosen(const QString &folder);
    void otherWanted();

private:
    QLabel *m_problem;
    QListWidget *m_recent;
    QLabel *m_recentHeading;
};

}
