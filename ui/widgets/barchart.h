#pragma once

#include <array>
#include <vector>

#include <QChartView>

#include "core/domain/incident.h"

class QBarSet;

namespace winnow::ui
{

/// Stacked bars, a part for each band. Each part can be pointed at and opened: by mouse, or with the arrow keys and
/// Enter.
class BarChart : public QChartView
{
    Q_OBJECT

public:
    struct Bar {
        QString name; ///< what it stands for, in words
        std::array<std::size_t, kBandNames.size()> parts{};
        bool operator==(const Bar &) const = default;
    };
    struct Tick {
        double at = 0; ///< bar 0 is in the middle of 0
        QString text;
        bool operator==(const Tick &) const = default;
    };
    explicit BarChart(QWidget *parent = nullptr);

    /// \param noun  what is counted: "%n candidate(s)" put into words for a number.
    void setBars(const std::vector<Bar> &bars, const std::vector<Tick> &ticks);
    [[nodiscard]] const std::vector<Bar> &bars() const { return m_bars; }
    /// The part that the keys stand on. −1: none.
    [[nodiscard]] int bar() const { return m_bar; }
    [[nodiscard]] Band band() const { return m_band; }
    /// Where a part is drawn, for a test's mouse.
    [[nodiscard]] QPoint middleOf(int bar, Band band) const;

Q_SIGNALS:
    void pointed(int bar, winnow::Band band);
    void chosen(int bar, winnow::Band band);

protected:
    void keyPressEvent(QKeyEvent *event) override;
    void focusInEvent(QFocusEvent *event) override;
    void focusOutEvent(QFocusEvent *event) override;
    void paintEvent(QPaintEvent *event) override;

private:
    void build();
    void point(int bar, Band band);
    void moveBar(int step);
    void movePart(int step);
    [[nodiscard]] std::size_t count(int bar, Band band) const;

    std::vector<Bar> m_bars;
    std::vector<Tick> m_ticks;
    std::array<QBarSet *, kBandNames.size()> m_sets{}; ///< by band
    int m_bar = -1;
    Band m_band = Band::Review;
};

}
