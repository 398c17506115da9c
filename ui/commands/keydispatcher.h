#pragma once

#include <QKeySequence>
#include <QObject>
#include <QTimer>

class QKeyEvent;
class QWidget;

namespace winnow::ui
{

class CommandRegistry;

/// Turns keys into commands: letters are dead where text is written, and keys that a control needs stay with it.
class KeyDispatcher : public QObject
{
    Q_OBJECT

public:
    /// \param window  whose keys count.
    KeyDispatcher(CommandRegistry &commands, QWidget &window);

    /// Whether letters typed there become text.
    [[nodiscard]] static bool takesText(const QWidget *widget);

Q_SIGNALS:
    /// The first key of a chord was pressed; `ids` may follow. Nothing: the chord is over.
    void chordChanged(const QString &first, const QStringList &ids);

protected:
    bool eventFilter(QObject *watched, QEvent *event) override;

private:
    /// \returns whether the key was used.
    bool press(QWidget *widget, const QKeyEvent &event);
    void endChord();

    CommandRegistry &m_commands;
    QWidget &m_window;
    QKeySequence m_first; ///< of a chord under way
    QTimer m_forget;
};

}
