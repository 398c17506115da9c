#include "ui/widgets/queuedelegate.h"

#include <QPainter>

#include "ui/models/queuemodel.h"
#include "ui/text/words.h"
#include "ui/theme/theme.h"

namespace winnow::ui
{

QSize QueueDelegate::sizeHint(const QStyleOptionViewItem &option, const QModelIndex &) const
{
    return {20 * kUnit, 2 * option.fontMetrics.height() + 3 * kUnit};
}

void QueueDelegate::paint(QPainter *painter, const QStyleOptionViewItem &option, const QModelIndex &index) const
{
    const Theme &theme = Theme::instance();
    painter->save();
    painter->setRenderHint(QPainter::Antialiasing);
    const bool current = option.state & QStyle::State_Selected, marked = index.data(QueueModel::MarkedRole).toBool();
    painter->fillRect(option.rect, theme.color(current ? Role::Selection : Role::Surface));
    if (current)
        painter->fillRect(QRect(option.rect.topLeft(), QSize(kUnit / 2, option.rect.height())),
                          theme.color(Role::Accent));
    painter->setPen(theme.color(Role::Hairline));
    painter->drawLine(option.rect.bottomLeft(), option.rect.bottomRight());
    QRect inner = option.rect.adjusted(2 * kUnit, kUnit, -2 * kUnit, -kUnit);
    if (marked) {
        const QRect mark(inner.left(), inner.top() + (option.fontMetrics.height() - 2 * kUnit) / 2, 2 * kUnit,
                         2 * kUnit);
        painter->setPen(Qt::NoPen);
        painter->setBrush(theme.color(Role::Accent));
        painter->drawRoundedRect(mark, 4, 4);
        painter->setPen(QPen(theme.color(Role::OnAccent), 2));
        painter->drawPolyline(
            QPolygon({mark.topLeft() + QPoint(4, 8), mark.topLeft() + QPoint(7, 11), mark.topLeft() + QPoint(12, 5)}));
        inner.setLeft(inner.left() + 3 * kUnit);
    }
    const QColor front = theme.color(current ? Role::OnSelection : Role::Text), muted = theme.color(Role::Muted);
    const int height = option.fontMetrics.height();
    QRect first(inner.left(), inner.top(), inner.width(), height);
    QRect second(inner.left(), inner.bottom() - height + 1, inner.width(), height);
    if (!index.data(QueueModel::LoadedRole).toBool()) {
        index.data(Qt::DisplayRole); // asks for it
        painter->setPen(Qt::NoPen);
        painter->setBrush(theme.color(Role::Sunken));
        painter->drawRoundedRect(first.adjusted(0, 3, -first.width() / 4, -3), 4, 4);
        painter->drawRoundedRect(second.adjusted(0, 3, -first.width() / 2, -3), 4, 4);
        painter->restore();
        return;
    }
    QFont bold = option.font;
    bold.setBold(true);
    const QString priority = QString::number(index.data(QueueModel::PriorityRole).toDouble(), 'f', 1);
    const int priorityWidth = QFontMetrics(bold).horizontalAdvance(priority);
    painter->setFont(bold);
    painter->setPen(front);
    painter->drawText(first, Qt::AlignRight | Qt::AlignVCenter, priority);
    first.setRight(first.right() - priorityWidth - kUnit);
    painter->setFont(option.font);
    painter->drawText(
        first, Qt::AlignLeft | Qt::AlignVCenter,
        option.fontMetrics.elidedText(index.data(Qt::DisplayRole).toString(), Qt::ElideRight, first.width()));
    const Band band = Band(index.data(QueueModel::BandRole).toInt());
    QFont small = option.font;
    small.setPointSizeF(small.pointSizeF() * 0.85);
    const QFontMetrics metrics(small);
    const QString name = bandName(band);
    const QRect chip(second.left(), second.top(), metrics.horizontalAdvance(name) + 2 * kUnit, height);
    painter->setPen(Qt::NoPen);
    painter->setBrush(theme.color(Theme::band(band)));
    painter->drawRoundedRect(chip, 4, 4);
    painter->setFont(small);
    painter->setPen(theme.color(Theme::onBand(band)));
    painter->drawText(chip, Qt::AlignCenter, name);
    painter->setPen(muted);
    second.setLeft(chip.right() + kUnit);
    painter->drawText(
        second, Qt::AlignLeft | Qt::AlignVCenter,
        metrics.elidedText(index.data(QueueModel::DetailRole).toString(), Qt::ElideRight, second.width()));
    painter->restore();
}

}
