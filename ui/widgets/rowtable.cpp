#include "ui/widgets/rowtable.h"

#include <QHeaderView>
#include <QKeyEvent>
#include <QPainter>
#include <QStyledItemDelegate>

#include "ui/theme/theme.h"

namespace winnow::ui
{

namespace
{

class RowDelegate : public QStyledItemDelegate
{
public:
    using QStyledItemDelegate::QStyledItemDelegate;

    void paint(QPainter *painter, const QStyleOptionViewItem &option, const QModelIndex &index) const override
    {
        const Theme &theme = Theme::instance();
        const auto *view = qobject_cast<const QTableView *>(option.widget);
        const bool current = view && view->currentIndex().row() == index.row();
        painter->save();
        painter->setRenderHint(QPainter::Antialiasing);
        painter->fillRect(option.rect, theme.color(current ? Role::Selection : Role::Surface));
        painter->setPen(theme.color(Role::Hairline));
        painter->drawLine(option.rect.bottomLeft(), option.rect.bottomRight());
        if (current && view->visualRect(index).left() == view->visualRect(index.siblingAtColumn(0)).left())
            painter->fillRect(QRect(option.rect.topLeft(), QSize(kUnit / 2, option.rect.height())),
                              theme.color(view->hasFocus() ? Role::Accent : Role::Outline));
        const QRect inner = option.rect.adjusted(kUnit + kUnit / 2, 0, -kUnit, -1);
        const QString text = index.data().toString();
        const QVariant alignment = index.data(Qt::TextAlignmentRole);
        const int align = alignment.isValid() ? alignment.toInt() : int(Qt::AlignLeft | Qt::AlignVCenter);
        if (const QVariant share = index.data(kShareRole); share.isValid()) {
            QRect track(inner.left(), inner.center().y() - kUnit / 4, inner.width() - 6 * kUnit, kUnit / 2);
            painter->setPen(Qt::NoPen);
            painter->setBrush(theme.color(Role::Outline));
            painter->drawRoundedRect(track, kUnit / 4, kUnit / 4);
            painter->setBrush(theme.color(Role::Accent));
            track.setWidth(qMax(kUnit / 2, qRound(track.width() * qMax(share.toDouble(), 0.0))));
            painter->drawRoundedRect(track, kUnit / 4, kUnit / 4);
            painter->setFont(option.font);
            painter->setPen(theme.color(current ? Role::OnSelection : Role::Text));
            painter->drawText(inner, int(Qt::AlignRight | Qt::AlignVCenter), text);
        } else if (const QVariant chip = index.data(kChipRole); chip.isValid() && !text.isEmpty()) {
            QFont small = option.font;
            small.setPointSizeF(small.pointSizeF() * 0.9);
            const QFontMetrics metrics(small);
            const int width = std::min(inner.width(), metrics.horizontalAdvance(text) + 2 * kUnit);
            const int height = metrics.height() + kUnit / 2;
            const QRect plate(inner.left(), inner.center().y() - height / 2, width, height);
            painter->setPen(Qt::NoPen);
            painter->setBrush(theme.color(Role(chip.toInt())));
            painter->drawRoundedRect(plate, 4, 4);
            painter->setFont(small);
            painter->setPen(theme.color(Role(chip.toInt() + 1)));
            painter->drawText(plate, Qt::AlignCenter, metrics.elidedText(text, Qt::ElideRight, width - kUnit));
        } else {
            QFont font = option.font;
            if (const QVariant own = index.data(Qt::FontRole); own.isValid())
                font = own.value<QFont>();
            painter->setFont(font);
            const bool muted = index.data(kMutedRole).toBool();
            const QVariant own = index.data(Qt::ForegroundRole);
            painter->setPen(own.isValid() ? own.value<QColor>()
                                          : theme.color(muted         ? Role::Muted
                                                            : current ? Role::OnSelection
                                                                      : Role::Text));
            painter->drawText(inner, align, QFontMetrics(font).elidedText(text, Qt::ElideRight, inner.width()));
        }
        painter->restore();
    }
};

}

RowTable::RowTable(QWidget *parent)
    : QTableView(parent)
{
    setItemDelegate(new RowDelegate(this));
    setSelectionBehavior(SelectRows);
    setSelectionMode(SingleSelection);
    setEditTriggers(NoEditTriggers);
    setShowGrid(false);
    setFrameShape(NoFrame);
    setWordWrap(false);
    setTabKeyNavigation(false);
    setCornerButtonEnabled(false);
    setVerticalScrollMode(ScrollPerItem);
    setHorizontalScrollMode(ScrollPerPixel);
    verticalHeader()->hide();
    verticalHeader()->setSectionResizeMode(QHeaderView::Fixed);
    verticalHeader()->setDefaultSectionSize(fontMetrics().height() + 2 * kUnit);
    horizontalHeader()->setHighlightSections(false);
    horizontalHeader()->setDefaultAlignment(Qt::AlignLeft | Qt::AlignVCenter);
    horizontalHeader()->setFixedHeight(fontMetrics().height() + 2 * kUnit);
    horizontalHeader()->setMinimumSectionSize(6 * kUnit);
    connect(this, &QTableView::doubleClicked, this,
            [this](const QModelIndex &index) { Q_EMIT rowOpened(index.row()); });
    connect(&Theme::instance(), &Theme::changed, this, &RowTable::restyle);
    restyle();
}

void RowTable::restyle()
{
    const Theme &theme = Theme::instance();
    horizontalHeader()->setStyleSheet(
        QStringLiteral("QHeaderView { background: %1; border: none; }"
                       "QHeaderView::section { background: %1; color: %2; border: none; border-bottom: 1px solid %3; "
                       "padding: 0 8px 0 12px; }")
            .arg(theme.color(Role::Window).name(), theme.color(Role::Muted).name(),
                 theme.color(Role::Hairline).name()));
    viewport()->update();
}

void RowTable::setWidths(const QList<int> &characters)
{
    const int character = fontMetrics().averageCharWidth();
    for (int column = 0; column < characters.size(); ++column) {
        const bool rest = characters[column] == 0;
        horizontalHeader()->setSectionResizeMode(column, rest ? QHeaderView::Stretch : QHeaderView::Interactive);
        if (!rest)
            setColumnWidth(column, characters[column] * character + 3 * kUnit);
    }
}

void RowTable::setCurrentRow(int row)
{
    if (!model() || row < 0 || row >= model()->rowCount())
        return;
    setCurrentIndex(model()->index(row, 0));
    scrollTo(model()->index(row, 0));
}

void RowTable::step(int by)
{
    if (model() && model()->rowCount() > 0)
        setCurrentRow(std::clamp(currentRow() + by, 0, model()->rowCount() - 1));
}

void RowTable::keyPressEvent(QKeyEvent *event)
{
    if ((event->key() == Qt::Key_Return || event->key() == Qt::Key_Enter) && currentRow() >= 0) {
        Q_EMIT rowOpened(currentRow());
        return;
    }
    QTableView::keyPressEvent(event);
}

void RowTable::currentChanged(const QModelIndex &current, const QModelIndex &previous)
{
    QTableView::currentChanged(current, previous);
    viewport()->update(); // the whole row changes
    if (current.row() != previous.row())
        Q_EMIT rowChanged(current.row());
}

}
