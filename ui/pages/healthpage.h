#pragma once

#include "core/ports/desk.h"
#include "ui/pages/page.h"

class QLabel;
class QPushButton;
class QStackedWidget;

namespace winnow::ui
{

class BarChart;
class StatePanel;

/// How sure the candidates are and when their reports came in. Every bar opens the rows that it counts.
class HealthPage : public Page
{
    Q_OBJECT

public:
    explicit HealthPage(Surroundings &surroundings, QWidget *parent = nullptr);

    void opened() override;
    void closed() override;
    void refresh() override;
    void shown() override;

private:
    struct Figure {
        QLabel *value, *name;
    };
    /// A chart with its heading, and below it the bar that is pointed at.
    struct Card {
        QWidget *widget;
        BarChart *chart;
        QLabel *bar, *rest;
        QPushButton *open;
    };
    Figure makeFigure(const QString &id, const QString &name);
    Card makeCard(const QString &id, const QString &heading, const QString &accessible);
    void connectCard(Card &card, QString (HealthPage::*words)(int, Band) const,
                     QString (HealthPage::*filter)(int, Band) const);
    void load();
    void show(const Health &health, const DeskStatus &status);
    [[nodiscard]] QString confidenceWords(int bin, Band band) const;
    [[nodiscard]] QString confidenceFilter(int bin, Band band) const;
    [[nodiscard]] QString weekWords(int week, Band band) const;
    [[nodiscard]] QString weekFilter(int week, Band band) const;

    Health m_health;
    QStackedWidget *m_stack;
    StatePanel *m_word;
    QWidget *m_content;
    Figure m_reports, m_candidates, m_middle, m_notPlaced, m_looks;
    Card m_confidence, m_weeks;
};

}
