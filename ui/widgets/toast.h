#pragma once

#include <functional>

#include <QFrame>
#include <QTimer>

class QLabel;
class QToolButton;

namespace winnow::ui
{

/// One line that floats above the bottom of the window for a while: what was done, and a way back.
class Toast : public QFrame
{
    Q_OBJECT

public:
    explicit Toast(QWidget *parent);

    /// \param action  a button's text; empty: none.
    void show(const QString &text, const QString &action = {}, std::function<void()> taken = {});
    /// What stays until somebody closes it or the next one comes.
    void showError(const QString &text);
    [[nodiscard]] QString text() const;

protected:
    bool eventFilter(QObject *watched, QEvent *event) override;

private:
    void present(const QString &text, const QString &action, std::function<void()> taken, bool stays);
    void place();

    QLabel *m_text;
    QToolButton *m_action;
    QToolButton *m_close;
    std::function<void()> m_taken;
    QTimer m_leave;
};

}
