#include "ui/widgets/bottombar.h"

#include <QHBoxLayout>
#include <QLabel>
#include <QToolButton>

#include "ui/commands/commandregistry.h"
#include "ui/text/words.h"
#include "ui/theme/theme.h"

namespace winnow::ui
{

BottomBar::BottomBar(CommandRegistry &commands, QWidget *parent)
    : QFrame(parent)
    , m_undo(new QToolButton(this))
    , m_outbox(new QToolButton(this))
    , m_notPlaced(new QLabel(this))
    , m_versions(new QLabel(this))
    , m_left(new QLabel(this))
    , m_warning(new QLabel(this))
{
    setObjectName(QStringLiteral("bottomBar"));
    m_undo->setObjectName(QStringLiteral("bottomUndo"));
    m_outbox->setObjectName(QStringLiteral("bottomOutbox"));
    auto *layout = new QHBoxLayout(this);
    layout->setContentsMargins(kUnit, 0, 2 * kUnit, 0);
    layout->setSpacing(2 * kUnit);
    layout->addWidget(m_undo);
    layout->addWidget(m_outbox);
    layout->addWidget(m_notPlaced);
    layout->addWidget(m_warning);
    layout->addStretch(1);
    layout->addWidget(m_versions);
    layout->addWidget(m_left);
    for (QLabel *label : {m_notPlaced, m_versions, m_left, m_warning}) {
        label->setTextFormat(Qt::PlainText);
        setLook(label, "muted");
    }
    connect(m_undo, &QToolButton::clicked, this, [&commands] { commands.trigger(QStringLiteral("edit.history")); });
    connect(m_outbox, &QToolButton::clicked, this, [&commands] { commands.trigger(QStringLiteral("go.tickets")); });
    clearStatus();
}

void BottomBar::clearStatus()
{
    for (QLabel *label : {m_notPlaced, m_versions, m_left, m_warning})
        label->clear();
    m_undo->setVisible(false);
    m_outbox->setVisible(false);
    m_undo->setAccessibleName(tr("Undo depth"));
    m_outbox->setAccessibleName(tr("Outbox"));
}

void BottomBar::setStatus(const DeskInfo &info, const DeskStatus &status)
{
    m_undo->setText(tr("%n to undo", nullptr, int(status.undoDepth)));
    m_undo->setAccessibleName(m_undo->text());
    m_undo->setToolTip(tr("Decisions of %1 that can be taken back").arg(q(info.actor)));
    m_undo->setVisible(true);
    QString outbox = tr("Outbox %1").arg(status.planned);
    if (status.troubled)
        outbox += QStringLiteral(" · ") + tr("%n to look at", nullptr, int(status.troubled));
    m_outbox->setText(outbox);
    m_outbox->setAccessibleName(outbox);
    m_outbox->setToolTip(tr("Tickets that wait to leave"));
    m_outbox->setVisible(true);
    m_notPlaced->setText(status.notPlaced ? tr("%n not placed yet", nullptr, int(status.notPlaced)) : QString());
    m_versions->setText(status.engine.empty() ? tr("No run yet") : tr("Engine %1").arg(oneLine(status.engine)));
    m_versions->setToolTip(oneLine(status.versions));
    m_left->setText(tr("%n left", nullptr, int(status.left)));
    QStringList warnings;
    if (info.testKey)
        warnings.push_back(tr("Test key: nothing here is protected"));
    if (status.needALook)
        warnings.push_back(tr("To look at: %n word(s) on who belongs together", nullptr, int(status.needALook)));
    m_warning->setText(warnings.join(QStringLiteral(" · ")));
}

}
