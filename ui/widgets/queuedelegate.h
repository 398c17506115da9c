#pragma once

#include <QStyledItemDelegate>

namespace winnow::ui
{

/// Paints a candidate on two lines: title and priority, then band and what there is to know at a glance.
class QueueDelegate : public QStyledItemDelegate
{
    Q_OBJECT

public:
    using QStyledItemDelegate::QStyledItemDelegate;
    void paint(QPainter *painter, const QStyleOptionViewItem &option, const QModelIndex &index) const override;
    QSize sizeHint(const QStyleOptionViewItem &option, const QModelIndex &index) const override;
};

}
