#include "ui/widgets/statepanel.h"

#include <QLabel>
#include <QPushButton>
#include <QVBoxLayout>

#include "ui/theme/theme.h"

namespace winnow::ui
{

StatePanel::StatePanel(QWidget *parent)
    : QWidget(parent)
    , m_heading(new QLabel(this))
    , m_sentence(new QLabel(this))
    , m_action(new QPushButton(this))
{
    m_heading->setTextFormat(Qt::PlainText);
    m_heading->setAlignment(Qt::AlignCenter);
    m_heading->setWordWrap(true);
    m_sentence->setTextFormat(Qt::PlainText);
    m_sentence->setAlignment(Qt::AlignCenter);
    m_sentence->setWordWrap(true);
    m_action->setProperty("primary", true);
    auto *layout = new QVBoxLayout(this);
    layout->setContentsMargins(4 * kUnit, 4 * kUnit, 4 * kUnit, 4 * kUnit);
    layout->setSpacing(2 * kUnit);
    layout->addStretch();
    layout->addWidget(m_heading);
    layout->addWidget(m_sentence);
    layout->addWidget(m_action, 0, Qt::AlignHCenter);
    layout->addStretch();
    connect(m_action, &QPushButton::clicked, this, &StatePanel::actionTaken);
    showLoading({});
}

void StatePanel::set(const QString &heading, const QString &sentence, const QString &action, bool bad)
{
    m_heading->setText(heading);
    m_heading->setVisible(!heading.isEmpty());
    setLook(m_heading, bad ? "bad" : "title");
    setLook(m_sentence, "muted");
    m_sentence->setText(sentence);
    m_action->setText(action);
    m_action->setAccessibleName(action.isEmpty() ? tr("Action") : action);
    m_action->setVisible(!action.isEmpty());
    setAccessibleName(heading);
    setAccessibleDescription(sentence);
}

void StatePanel::showLoading(const QString &sentence)
{
    set({}, sentence, {}, false);
}

void StatePanel::showEmpty(const QString &heading, const QString &sentence, const QString &action)
{
    set(heading, sentence, action, false);
}

void StatePanel::showError(const QString &heading, const QString &sentence, const QString &action)
{
    set(heading, sentence, action, true);
}

}
