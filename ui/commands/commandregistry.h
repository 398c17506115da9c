#pragma once

#include <functional>
#include <vector>

#include <QHash>
#include <QKeySequence>
#include <QList>
#include <QObject>

namespace winnow::ui
{

/// Something that a person can do here, by key, menu, palette or button.
struct Command {
    QString id; ///< `decide.approve`: what settings name it by
    QString text; ///< what it is called
    QString group; ///< the menu, and the heading in the sheet
    QList<QKeySequence> keys; ///< defaults; a sequence of two is a chord
    std::function<void()> run;
    std::function<bool()> enabled = {}; ///< none: always
    QString place = {}; ///< the page that added it: two pages can share a key
};

/// All commands of the window: the one list that feeds menus, palette, key sheet, remapping and the keyboard.
class CommandRegistry : public QObject
{
    Q_OBJECT

public:
    using QObject::QObject;

    /// \pre the id is new.
    void add(Command command);
    /// What is added from now on belongs to this page; empty: to the window.
    void setPlace(const QString &place) { m_place = place; }
    [[nodiscard]] const std::vector<Command> &commands() const { return m_commands; }
    [[nodiscard]] const Command *find(const QString &id) const;
    [[nodiscard]] bool isEnabled(const QString &id) const;
    /// Runs it if it is enabled. \returns whether it was.
    bool trigger(const QString &id);

    /// A person's keys, else the defaults.
    [[nodiscard]] QList<QKeySequence> keys(const QString &id) const;
    /// The first key as people read it, `3 1` for a chord; empty: none.
    [[nodiscard]] QString keyText(const QString &id) const;
    [[nodiscard]] static QString keyText(const QKeySequence &keys);
    /// Remembers a person's keys in the settings.
    /// \returns the id of the command that has one of them already; empty: done.
    QString setKeys(const QString &id, const QList<QKeySequence> &keys);
    void resetKeys(const QString &id);

Q_SIGNALS:
    /// A command came, or a key is another one.
    void keysChanged();

private:
    std::vector<Command> m_commands;
    QHash<QString, int> m_index;
    QHash<QString, QList<QKeySequence>> m_own;
    QString m_place;
};

}
