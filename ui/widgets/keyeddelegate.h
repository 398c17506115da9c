#pragma once

#include <QStyledItemDelegate>

namespace winnow::ui
{

/// A line with a key at its right end.
class KeyedDelegate : public QStyledItemDelegate
{
    Q_OBJECT

public:
    static constexpr int kKey = Qt::UserRole, kId = Qt::UserRole + 1;
    using QStyledItemDelegate::QStyledItemDelegate;
    void paint(QPainter *painter, const QStyleOptionViewItem &option, const QModelIndex &index) const override;
    QSize sizeHint(const QStyleOptionViewItem &option, const QModelIndex &index) const override;
};

}
