#pragma once

#include <QWidget>

class QLabel;
class QPushButton;

namespace winnow::ui
{

/// What stands where nothing can be shown: empty, loading, failed. A heading, a sentence, and what can be done.
class StatePanel : public QWidget
{
    Q_OBJECT

public:
    explicit StatePanel(QWidget *parent = nullptr);

    void showLoading(const QString &sentence);
    void showEmpty(const QString &heading, const QString &sentence, const QString &action = {});
    void showError(const QString &heading, const QString &sentence, const QString &action = {});

Q_SIGNALS:
    void actionTaken();

private:
    void set(const QString &heading, const QString &sentence, const QString &action, bool bad);

    QLabel *m_heading;
    QLabel *m_sentence;
    QPushButton *m_action;
};

}
