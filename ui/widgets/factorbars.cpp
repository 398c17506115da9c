#include "ui/widgets/factorbars.h"

#include <cmath>

#include <QPainter>

#include "ui/text/words.h"
#include "ui/theme/theme.h"

namespace winnow::ui
{

FactorBars::FactorBars(QWidget *parent)
    : QWidget(parent)
{
    setSizePolicy(QSizePolicy::Preferred, QSizePolicy::Fixed);
    setAccessibleName(tr("Factors of the priority"));
    connect(&Theme::instance(), &Theme::changed, this, qOverload<>(&QWidget::update));
}

void FactorBars::setScore(const Score &score)
{
    m_score = score;
    QStringList words;
    for (const Factor &factor : score.factors)
        words.push_back(tr("%1 %2, share %3")
                            .arg(factorName(factor.name), QString::number(factor.value, 'f', 2),
                                 QString::number(factor.log, 'f', 2)));
    setAccessibleDescription(words.join(QStringLiteral("; ")));
    setToolTip(words.join(QLatin1Char('\n')));
    updateGeometry();
    update();
}

void FactorBars::setDetailed(bool detailed)
{
    m_detailed = detailed;
    updateGeometry();
    update();
}

int FactorBars::rowHeight() const
{
    return fontMetrics().height() + kUnit;
}

QSize FactorBars::sizeHint() const
{
    return {24 * kUnit, std::max(1, int(m_score.factors.size())) * rowHeight()};
}

void FactorBars::paintEvent(QPaintEvent *)
{
    QPainter painter(this);
    painter.setRenderHint(QPainter::Antialiasing);
    const Theme &theme = Theme::instance();
    int nameWidth = 0;
    double most = 0.5; // bars of unremarkable candidates stay short
    for (const Factor &factor : m_score.factors) {
        nameWidth = std::max(nameWidth, fontMetrics().horizontalAdvance(factorName(factor.name)));
        most = std::max(most, std::abs(factor.log));
    }
    const QString widest = m_detailed ? QStringLiteral("0.00 → −0.00") : QStringLiteral("−0.00");
    const int numberWidth = fontMetrics().horizontalAdvance(widest) + kUnit;
    const int left = nameWidth + kUnit, right = width() - numberWidth;
    // shares are mostly below zero: the zero line stands right, with room for those above it
    bool above = false;
    for (const Factor &factor : m_score.factors)
        above = above || factor.log > 0;
    const double zero = above ? left + (right - left) * 0.5 : right;
    const double scale = (zero - left) / most;
    int y = 0;
    for (const Factor &factor : m_score.factors) {
        const QRect line(0, y, width(), rowHeight());
        painter.setPen(theme.color(Role::Text));
        painter.drawText(QRect(0, y, nameWidth, rowHeight()), Qt::AlignVCenter | Qt::AlignLeft,
                         factorName(factor.name));
        const double thickness = kUnit, top = line.center().y() - thickness / 2;
        painter.setPen(Qt::NoPen);
        painter.setBrush(theme.color(Role::Sunken));
        painter.drawRoundedRect(QRectF(left, top, right - left, thickness), 2, 2);
        const double length = std::max(std::abs(factor.log) * scale, 2.0);
        painter.setBrush(theme.color(factor.log < 0 ? Role::Negative : Role::Positive));
        painter.drawRoundedRect(factor.log < 0 ? QRectF(zero - length, top, length, thickness)
                                               : QRectF(above ? zero : zero - 2, top, length, thickness),
                                2, 2);
        painter.setPen(theme.color(Role::Muted));
        QString number = QString::number(factor.log, 'f', 2);
        number.replace(QLatin1Char('-'), QChar(0x2212));
        if (m_detailed)
            number = QString::number(factor.value, 'f', 2) + QStringLiteral(" → ") + number;
        painter.drawText(QRect(right, y, numberWidth, rowHeight()), Qt::AlignVCenter | Qt::AlignRight, number);
        y += rowHeight();
    }
}

}
