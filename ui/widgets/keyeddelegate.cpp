#include "ui/widgets/keyeddelegate.h"

#include <QPainter>

#include "ui/theme/theme.h"

namespace winnow::ui
{

QSize KeyedDelegate::sizeHint(const QStyleOptionViewItem &option, const QModelIndex &) const
{
    return {20 * kUnit, option.fontMetrics.height() + 2 * kUnit};
}

void KeyedDelegate::paint(QPainter *painter, const QStyleOptionViewItem &option, const QModelIndex &index) const
{
    const Theme &theme = Theme::instance();
    const bool current = option.state & QStyle::State_Selected;
    painter->save();
    painter->setRenderHint(QPainter::Antialiasing);
    painter->fillRect(option.rect, theme.color(current ? Role::Selection : Role::Surface));
    QRect line = option.rect.adjusted(kUnit, 0, -kUnit, 0);
    const QString key = index.data(kKey).toString();
    if (!key.isEmpty()) {
        const int width = option.fontMetrics.horizontalAdvance(key) + 2 * kUnit;
        const QRect plate(line.right() - width, line.top() + kUnit / 2, width, line.height() - kUnit);
        painter->setPen(theme.color(Role::Outline));
        painter->setBrush(theme.color(Role::Sunken));
        painter->drawRoundedRect(plate, 4, 4);
        painter->setPen(theme.color(Role::Text));
        painter->drawText(plate, Qt::AlignCenter, key);
        line.setRight(plate.left() - kUnit);
    }
    painter->setPen(theme.color(current ? Role::OnSelection : Role::Text));
    painter->drawText(line, Qt::AlignVCenter | Qt::AlignLeft,
                      option.fontMetrics.elidedText(index.data().toString(), Qt::ElideRight, line.width()));
    painter->restore();
}

}
