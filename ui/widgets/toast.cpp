#include "ui/widgets/toast.h"

#include <QAccessible>
#include <QEvent>
#include <QHBoxLayout>
#include <QLabel>
#include <QToolButton>

#include "ui/theme/theme.h"

namespace winnow::ui
{

namespace
{

constexpr int kShownMs = 8000;

}

Toast::Toast(QWidget *parent)
    : QFrame(parent)
    , m_text(new QLabel(this))
    , m_action(new QToolButton(this))
    , m_close(new QToolButton(this))
{
    setObjectName(QStringLiteral("toast"));
    setAutoFillBackground(true);
    m_text->setTextFormat(Qt::PlainText);
    m_text->setWordWrap(true);
    m_action->setObjectName(QStringLiteral("toastAction"));
    m_close->setText(QStringLiteral("✕"));
    m_close->setAccessibleName(tr("Close the message"));
    m_close->setToolTip(tr("Close"));
    auto *layout = new QHBoxLayout(this);
    layout->setContentsMargins(2 * kUnit, kUnit, kUnit, kUnit);
    layout->setSpacing(kUnit);
    layout->addWidget(m_text, 1);
    layout->addWidget(m_action);
    layout->addWidget(m_close);
    m_leave.setSingleShot(true);
    m_leave.setInterval(kShownMs);
    connect(&m_leave, &QTimer::timeout, this, &QWidget::hide);
    connect(m_close, &QToolButton::clicked, this, &QWidget::hide);
    connect(m_action, &QToolButton::clicked, this, [this] {
        hide();
        if (m_taken)
            m_taken();
    });
    parent->installEventFilter(this);
    hide();
}

QString Toast::text() const
{
    return isVisible() ? m_text->text() : QString();
}

void Toast::show(const QString &text, const QString &action, std::function<void()> taken)
{
    present(text, action, std::move(taken), false);
}

void Toast::showError(const QString &text)
{
    present(text, {}, {}, true);
}

void Toast::present(const QString &text, const QString &action, std::function<void()> taken, bool stays)
{
    m_taken = std::move(taken);
    m_text->setText(text);
    m_action->setText(action);
    m_action->setAccessibleName(action.isEmpty() ? tr("Action") : action);
    m_action->setVisible(!action.isEmpty());
    const Theme &theme = Theme::instance();
    setStyleSheet(
        QStringLiteral("#toast { background: %1; border-radius: 8px; } QLabel { color: %2; } QToolButton { color: %3; "
                       "font-weight: bold; background: transparent; } QToolButton:focus { border: 2px solid %3; }")
            .arg(theme.color(Role::Toast).name(), theme.color(Role::OnToast).name(),
                 theme.color(Role::ToastAction).name()));
    setAccessibleName(text);
    place();
    QFrame::show();
    raise();
    QAccessibleEvent event(this, QAccessible::Alert);
    QAccessible::updateAccessibility(&event);
    if (stays)
        m_leave.stop();
    else
        m_leave.start();
}

void Toast::place()
{
    const int width = std::min(parentWidget()->width() - 8 * kUnit, 80 * kUnit);
    const int textWidth = width - m_action->sizeHint().width() - m_close->sizeHint().width() - 6 * kUnit;
    const int lines = m_text->heightForWidth(std::max(textWidth, 10 * kUnit));
    const int height = std::max(lines, m_close->sizeHint().height()) + 2 * kUnit;
    setGeometry((parentWidget()->width() - width) / 2, parentWidget()->height() - height - 6 * kUnit, width, height);
}

bool Toast::eventFilter(QObject *watched, QEvent *event)
{
    if (watched == parentWidget() && event->type() == QEvent::Resize && isVisible())
        place();
    return QFrame::eventFilter(watched, event);
}

}
