#include "ui/widgets/barchart.h"

#include <QBarSet>
#include <cmath>

#include <QCategoryAxis>
#include <QChart>
#include <QGraphicsLayout>
#include <QKeyEvent>
#include <QLegend>
#include <QPainter>
#include <QStackedBarSeries>
#include <QValueAxis>

#include "ui/text/words.h"
#include "ui/theme/theme.h"

namespace winnow::ui
{

namespace
{

/// From the ground up: what waits for nobody, then what asks for somebody.
constexpr std::array<Band, kBandNames.size()> kStack{Band::Backlog, Band::Auto, Band::Review, Band::Escalate};

/// 1, 2 or 5 times a power of ten: at most five lines.
double lineStep(double top)
{
    double step = 1;
    for (const double factor : {2.0, 2.5, 2.0}) {
        if (top / step <= 5)
            return step;
        step *= factor;
    }
    return top / step <= 5 ? step : 10 * lineStep(top / 10);
}

}

BarChart::BarChart(QWidget *parent)
    : QChartView(new QChart, parent)
{
    setRenderHint(QPainter::Antialiasing);
    setFrameShape(NoFrame);
    setFocusPolicy(Qt::StrongFocus);
    setMinimumHeight(24 * kUnit);
    chart()->setMargins({0, 0, 0, 0});
    chart()->layout()->setContentsMargins(0, 0, 0, 0);
    chart()->setBackgroundRoundness(0);
    chart()->setAnimationOptions(QChart::NoAnimation);
    chart()->legend()->setAlignment(Qt::AlignTop);
    chart()->legend()->setMarkerShape(QLegend::MarkerShapeRectangle);
    connect(&Theme::instance(), &Theme::changed, this, &BarChart::build);
    build();
}

void BarChart::setBars(const std::vector<Bar> &bars, const std::vector<Tick> &ticks)
{
    if (bars == m_bars && ticks == m_ticks)
        return;
    m_bars = bars;
    m_ticks = ticks;
    if (m_bar >= int(m_bars.size()) || (m_bar >= 0 && count(m_bar, m_band) == 0))
        m_bar = -1;
    build();
}

void BarChart::build()
{
    const Theme &theme = Theme::instance();
    chart()->removeAllSeries();
    for (QAbstractAxis *axis : chart()->axes()) {
        chart()->removeAxis(axis);
        delete axis;
    }
    chart()->setBackgroundBrush(theme.color(Role::Surface));
    chart()->legend()->setLabelColor(theme.color(Role::Muted));
    setBackgroundBrush(theme.color(Role::Surface));
    auto *series = new QStackedBarSeries;
    series->setBarWidth(0.8);
    double top = 1;
    for (const Band band : kStack) {
        auto *set = new QBarSet(bandName(band));
        set->setColor(theme.color(Theme::onBand(band))); // the strong one of the two: bars are narrow
        set->setBorderColor(theme.color(Role::Surface));
        set->setSelectedColor(theme.color(Role::Text));
        for (const Bar &bar : m_bars)
            set->append(double(bar.parts[std::size_t(band)]));
        m_sets[std::size_t(band)] = set;
        series->append(set);
        connect(set, &QBarSet::clicked, this, [this, band](int bar) {
            point(bar, band);
            Q_EMIT chosen(bar, band);
        });
        connect(set, &QBarSet::hovered, this, [this, band](bool on, int bar) {
            setCursor(on ? Qt::PointingHandCursor : Qt::ArrowCursor);
            if (on)
                Q_EMIT pointed(bar, band);
            else if (m_bar >= 0)
                Q_EMIT pointed(m_bar, m_band);
        });
    }
    for (const Bar &bar : m_bars) {
        double sum = 0;
        for (const std::size_t part : bar.parts)
            sum += double(part);
        top = std::max(top, sum);
    }
    chart()->addSeries(series);
    auto *across = new QCategoryAxis;
    across->setStartValue(-0.5);
    across->setLabelsPosition(QCategoryAxis::AxisLabelsPositionOnValue);
    for (const Tick &tick : m_ticks)
        across->append(tick.text, tick.at);
    across->setRange(-0.5, std::max(1.0, double(m_bars.size())) - 0.5);
    across->setGridLineVisible(false);
    auto *up = new QValueAxis;
    const double step = lineStep(top);
    up->setRange(0, std::ceil(top / step) * step);
    up->setTickType(QValueAxis::TicksDynamic);
    up->setTickInterval(step);
    up->setLabelFormat(QStringLiteral("%d"));
    for (QAbstractAxis *axis : {static_cast<QAbstractAxis *>(across), static_cast<QAbstractAxis *>(up)}) {
        axis->setLabelsColor(theme.color(Role::Muted));
        axis->setLinePenColor(theme.color(Role::Outline));
        axis->setGridLineColor(theme.color(Role::Hairline));
        QFont font = Theme::font(0.9);
        axis->setLabelsFont(font);
    }
    up->setLineVisible(false);
    chart()->legend()->setFont(Theme::font(0.9));
    chart()->addAxis(across, Qt::AlignBottom);
    chart()->addAxis(up, Qt::AlignLeft);
    series->attachAxis(across);
    series->attachAxis(up);
    if (m_bar >= 0)
        m_sets[std::size_t(m_band)]->setBarSelected(m_bar, true);
}

std::size_t BarChart::count(int bar, Band band) const
{
    return bar >= 0 && std::size_t(bar) < m_bars.size() ? m_bars[std::size_t(bar)].parts[std::size_t(band)] : 0;
}

void BarChart::point(int bar, Band band)
{
    if (m_bar >= 0)
        m_sets[std::size_t(m_band)]->setBarSelected(m_bar, false);
    m_bar = bar;
    m_band = band;
    m_sets[std::size_t(m_band)]->setBarSelected(m_bar, true);
    Q_EMIT pointed(bar, band);
}

void BarChart::moveBar(int step)
{
    const int size = int(m_bars.size());
    for (int bar = m_bar < 0 && step < 0 ? size - 1 : m_bar + step; bar >= 0 && bar < size; bar += step) {
        if (count(bar, m_band) > 0) {
            point(bar, m_band);
            return;
        }
        for (const Band band : kStack) {
            if (count(bar, band) > 0) {
                point(bar, band);
                return;
            }
        }
    }
}

void BarChart::movePart(int step)
{
    if (m_bar < 0) {
        moveBar(1);
        return;
    }
    const int from = int(std::find(kStack.begin(), kStack.end(), m_band) - kStack.begin());
    for (int part = from + step; part >= 0 && part < int(kStack.size()); part += step) {
        if (count(m_bar, kStack[std::size_t(part)]) > 0) {
            point(m_bar, kStack[std::size_t(part)]);
            return;
        }
    }
}

QPoint BarChart::middleOf(int bar, Band band) const
{
    double below = 0;
    for (const Band its : kStack) {
        if (its == band)
            break;
        below += double(count(bar, its));
    }
    const QPointF place = chart()->mapToPosition({double(bar), below + double(count(bar, band)) / 2});
    return mapFromScene(chart()->mapToScene(place));
}

void BarChart::keyPressEvent(QKeyEvent *event)
{
    switch (event->key()) {
    case Qt::Key_Left:
        moveBar(-1);
        return;
    case Qt::Key_Right:
        moveBar(1);
        return;
    case Qt::Key_Up:
        movePart(1);
        return;
    case Qt::Key_Down:
        movePart(-1);
        return;
    case Qt::Key_Return:
    case Qt::Key_Enter:
        if (m_bar >= 0)
            Q_EMIT chosen(m_bar, m_band);
        return;
    default:
        QChartView::keyPressEvent(event);
    }
}

void BarChart::focusInEvent(QFocusEvent *event)
{
    QChartView::focusInEvent(event);
    if (m_bar < 0 && event->reason() != Qt::MouseFocusReason)
        moveBar(-1); // the newest, the surest
    viewport()->update();
}

void BarChart::focusOutEvent(QFocusEvent *event)
{
    QChartView::focusOutEvent(event);
    viewport()->update();
}

void BarChart::paintEvent(QPaintEvent *event)
{
    QChartView::paintEvent(event);
    if (!hasFocus())
        return;
    QPainter painter(viewport());
    painter.setPen(QPen(Theme::instance().color(Role::Accent), 2));
    painter.drawRect(viewport()->rect().adjusted(1, 1, -1, -1));
}

}
