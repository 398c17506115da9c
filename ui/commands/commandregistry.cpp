#include "ui/commands/commandregistry.h"

#include <QSettings>

#include "core/base/assert.h"

namespace winnow::ui
{

namespace
{

const QString kGroup = QStringLiteral("keys/");

}

void CommandRegistry::add(Command command)
{
    WINNOW_ASSERT(!m_index.contains(command.id));
    command.place = m_place;
    const QSettings settings;
    if (settings.contains(kGroup + command.id)) {
        QList<QKeySequence> keys; // none: a person took them away
        const QStringList texts = settings.value(kGroup + command.id).toStringList();
        for (const QString &text : texts)
            if (const auto key = QKeySequence::fromString(text, QKeySequence::PortableText);
                !key.isEmpty() && key[0].key() != Qt::Key_unknown)
                keys.push_back(key);
        if (keys.size() == texts.size()) // nonsense in the file leaves the defaults
            m_own.insert(command.id, keys);
    }
    m_index.insert(command.id, int(m_commands.size()));
    m_commands.push_back(std::move(command));
    Q_EMIT keysChanged();
}

const Command *CommandRegistry::find(const QString &id) const
{
    const auto at = m_index.constFind(id);
    return at == m_index.cend() ? nullptr : &m_commands[std::size_t(*at)];
}

bool CommandRegistry::isEnabled(const QString &id) const
{
    const Command *command = find(id);
    return command && (!command->enabled || command->enabled());
}

bool CommandRegistry::trigger(const QString &id)
{
    if (!isEnabled(id))
        return false;
    find(id)->run();
    return true;
}

QList<QKeySequence> CommandRegistry::keys(const QString &id) const
{
    if (const auto own = m_own.constFind(id); own != m_own.cend())
        return *own;
    const Command *command = find(id);
    return command ? command->keys : QList<QKeySequence>();
}

QString CommandRegistry::keyText(const QKeySequence &keys)
{
    QStringList parts;
    for (int i = 0; i < keys.count(); ++i)
        parts.push_back(QKeySequence(keys[uint(i)]).toString(QKeySequence::NativeText));
    return parts.join(QLatin1Char(' '));
}

QString CommandRegistry::keyText(const QString &id) const
{
    const QList<QKeySequence> all = keys(id);
    return all.isEmpty() ? QString() : keyText(all.front());
}

QString CommandRegistry::setKeys(const QString &id, const QList<QKeySequence> &wanted)
{
    const Command *own = find(id);
    for (const Command &command : m_commands) {
        if (command.id == id
            || (own && !own->place.isEmpty() && !command.place.isEmpty() && own->place != command.place))
            continue;
        for (const QKeySequence &its : keys(command.id))
            for (const QKeySequence &key : wanted)
                if (its.matches(key) != QKeySequence::NoMatch || key.matches(its) != QKeySequence::NoMatch)
                    return command.id;
    }
    QStringList texts;
    for (const QKeySequence &key : wanted)
        texts.push_back(key.toString(QKeySequence::PortableText));
    QSettings().setValue(kGroup + id, texts);
    m_own.insert(id, wanted);
    Q_EMIT keysChanged();
    return {};
}

void CommandRegistry::resetKeys(const QString &id)
{
    QSettings().remove(kGroup + id);
    m_own.remove(id);
    Q_EMIT keysChanged();
}

}
