#include "ui/pages/healthpage.h"

#include <numeric>

#include <QHBoxLayout>
#include <QLabel>
#include <QLocale>
#include <QPushButton>
#include <QStackedWidget>
#include <QVBoxLayout>

#include "ui/commands/commandregistry.h"
#include "ui/runner/deskrunner.h"
#include "ui/text/words.h"
#include "ui/theme/theme.h"
#include "ui/widgets/barchart.h"
#include "ui/widgets/statepanel.h"

namespace winnow::ui
{

namespace
{

std::size_t sum(const Health::PerBand &parts)
{
    return std::accumulate(parts.begin(), parts.end(), std::size_t(0));
}

QString edge(int bin)
{
    return QString::number(double(bin) / double(Health::kBins), 'f', 2);
}

/// The bin of the median.
QString middleOf(const Health &health)
{
    std::size_t all = 0, below = 0;
    for (const Health::PerBand &bin : health.confidence)
        all += sum(bin);
    for (int bin = 0; bin < int(Health::kBins) && all > 0; ++bin) {
        below += sum(health.confidence[std::size_t(bin)]);
        if (2 * below >= all)
            return QStringLiteral("%1–%2").arg(edge(bin), edge(bin + 1));
    }
    return QStringLiteral("–");
}

}

HealthPage::HealthPage(Surroundings &surroundings, QWidget *parent)
    : Page(surroundings, parent)
    , m_stack(new QStackedWidget(this))
    , m_word(new StatePanel(m_stack))
    , m_content(new QWidget(m_stack))
{
    m_reports = makeFigure(QStringLiteral("healthReports"), tr("Reports in incidents"));
    m_candidates = makeFigure(QStringLiteral("healthCandidates"), tr("Incidents"));
    m_middle = makeFigure(QStringLiteral("healthMiddle"), tr("Middle confidence"));
    m_notPlaced = makeFigure(QStringLiteral("healthNotPlaced"), tr("Not placed yet"));
    m_looks = makeFigure(QStringLiteral("healthLooks"), tr("People’s words that need a look"));
    m_confidence = makeCard(QStringLiteral("healthConfidence"), tr("Confidence of incidents, by band"),
                            tr("Chart: how many incidents have which confidence"));
    m_weeks = makeCard(QStringLiteral("healthWeeks"), tr("Reports per week, by band of their incident"),
                       tr("Chart: how many reports came in which week"));
    auto *figures = new QHBoxLayout;
    figures->setSpacing(2 * kUnit);
    for (const Figure &figure : {m_reports, m_candidates, m_middle, m_notPlaced, m_looks})
        figures->addWidget(figure.value->parentWidget(), 1);
    auto *layout = new QVBoxLayout(m_content);
    layout->setContentsMargins(2 * kUnit, 2 * kUnit, 2 * kUnit, 2 * kUnit);
    layout->setSpacing(2 * kUnit);
    layout->addLayout(figures);
    layout->addWidget(m_confidence.widget, 1);
    layout->addWidget(m_weeks.widget, 1);
    m_stack->addWidget(m_content);
    m_stack->addWidget(m_word);
    auto *all = new QVBoxLayout(this);
    all->setContentsMargins(0, 0, 0, 0);
    all->addWidget(m_stack);
    setTabOrder(m_confidence.chart, m_confidence.open);
    setTabOrder(m_confidence.open, m_weeks.chart);
    setTabOrder(m_weeks.chart, m_weeks.open);
    connectCard(m_confidence, &HealthPage::confidenceWords, &HealthPage::confidenceFilter);
    connectCard(m_weeks, &HealthPage::weekWords, &HealthPage::weekFilter);
    connect(m_word, &StatePanel::actionTaken, this, &HealthPage::load);
}

HealthPage::Figure HealthPage::makeFigure(const QString &id, const QString &name)
{
    auto *tile = new QFrame(m_content);
    tile->setProperty("card", true);
    Figure figure{new QLabel(tile), new QLabel(name, tile)};
    figure.value->setObjectName(id);
    figure.value->setProperty("look", QStringLiteral("number"));
    figure.name->setProperty("look", QStringLiteral("muted"));
    figure.name->setWordWrap(true);
    for (QLabel *label : {figure.value, figure.name})
        label->setTextFormat(Qt::PlainText);
    auto *layout = new QVBoxLayout(tile);
    layout->setContentsMargins(2 * kUnit, kUnit, 2 * kUnit, kUnit);
    layout->setSpacing(0);
    layout->addWidget(figure.value);
    layout->addWidget(figure.name);
    return figure;
}

HealthPage::Card HealthPage::makeCard(const QString &id, const QString &heading, const QString &accessible)
{
    auto *frame = new QFrame(m_content);
    frame->setProperty("card", true);
    Card card{frame, new BarChart(frame), new QLabel(frame), new QLabel(frame),
              new QPushButton(tr("Open these rows"), frame)};
    card.chart->setObjectName(id + QStringLiteral("Chart"));
    card.chart->setAccessibleName(accessible);
    card.bar->setObjectName(id + QStringLiteral("Bar"));
    card.rest->setObjectName(id + QStringLiteral("Rest"));
    card.rest->setProperty("look", QStringLiteral("muted"));
    card.open->setObjectName(id + QStringLiteral("Open"));
    card.open->setEnabled(false);
    for (QLabel *label : {card.bar, card.rest})
        label->setTextFormat(Qt::PlainText);
    auto *title = new QLabel(heading, frame);
    title->setProperty("look", QStringLiteral("strong"));
    auto *foot = new QHBoxLayout;
    foot->setSpacing(2 * kUnit);
    foot->addWidget(card.bar, 1);
    foot->addWidget(card.open);
    auto *head = new QHBoxLayout;
    head->addWidget(title, 1);
    head->addWidget(card.rest);
    auto *layout = new QVBoxLayout(frame);
    layout->setContentsMargins(2 * kUnit, kUnit, 2 * kUnit, kUnit);
    layout->setSpacing(kUnit);
    layout->addLayout(head);
    layout->addWidget(card.chart, 1);
    layout->addLayout(foot);
    return card;
}

void HealthPage::connectCard(Card &card, QString (HealthPage::*words)(int, Band) const,
                             QString (HealthPage::*filter)(int, Band) const)
{
    const auto open = [this, filter](int bar, Band band) {
        m_around.showRows(QStringLiteral("incidents"), (this->*filter)(bar, band));
    };
    connect(card.chart, &BarChart::chosen, this, open);
    connect(card.chart, &BarChart::pointed, this, [this, &card, words](int bar, Band band) {
        const QString text = (this->*words)(bar, band);
        card.bar->setText(text);
        card.chart->setAccessibleDescription(text);
        card.open->setEnabled(card.chart->bar() >= 0);
        card.open->setAccessibleName(tr("Open these rows: %1").arg(text));
    });
    card.open->setAccessibleName(card.open->text());
    connect(card.open, &QPushButton::clicked, this, [chart = card.chart, open] {
        if (chart->bar() >= 0)
            open(chart->bar(), chart->band());
    });
}

void HealthPage::opened()
{
    m_word->showLoading(tr("Counting …"));
    m_stack->setCurrentWidget(m_word);
    load();
}

void HealthPage::closed()
{
    m_health = {};
    for (Card *card : {&m_confidence, &m_weeks}) {
        card->chart->setBars({}, {});
        card->bar->clear();
        card->rest->clear();
        card->open->setEnabled(false);
    }
}

void HealthPage::refresh()
{
    load();
}

void HealthPage::shown()
{
    m_confidence.chart->setFocus();
}

void HealthPage::load()
{
    if (!m_around.desk.isOpen())
        return;
    struct Both {
        Health health;
        DeskStatus status;
    };
    m_around.desk.ask(
        DeskRunner::Thread::Lists, DeskRunner::Charts, this,
        [now = thisMoment()](Desk &desk, std::stop_token stop) -> Result<Both> {
            auto health = desk.health(now, stop);
            if (!health)
                return tl::unexpected(health.error());
            auto status = desk.status();
            if (!status)
                return tl::unexpected(status.error());
            return Both{std::move(*health), std::move(*status)};
        },
        [this](Result<Both> both) {
            if (both) {
                show(both->health, both->status);
                return;
            }
            m_word->showError(tr("This cannot be counted"), errorText(both.error()), tr("Try again"));
            m_stack->setCurrentWidget(m_word);
        });
}

void HealthPage::show(const Health &health, const DeskStatus &status)
{
    m_health = health;
    std::size_t candidates = 0;
    for (const Health::PerBand &bin : health.confidence)
        candidates += sum(bin);
    if (candidates == 0) {
        m_word->showEmpty(tr("Nothing to count yet"), tr("Figures come with the first import and run."));
        m_stack->setCurrentWidget(m_word);
        return;
    }
    const QLocale locale;
    const auto number = [&](std::size_t value) { return locale.toString(qulonglong(value)); };
    m_reports.value->setText(number(sum(health.reports)));
    m_candidates.value->setText(number(candidates));
    m_middle.value->setText(middleOf(health));
    m_notPlaced.value->setText(number(status.notPlaced));
    m_looks.value->setText(number(status.needALook));

    std::vector<BarChart::Bar> bars;
    std::vector<BarChart::Tick> ticks;
    for (int bin = 0; bin < int(Health::kBins); ++bin) {
        bars.push_back({tr("Confidence %1 to %2").arg(edge(bin), edge(bin + 1)), health.confidence[std::size_t(bin)]});
        if (bin % 2 == 0)
            ticks.push_back({bin - 0.5, edge(bin)});
    }
    ticks.push_back({double(Health::kBins) - 0.5, edge(int(Health::kBins))});
    m_confidence.chart->setBars(bars, ticks);

    bars.clear();
    ticks.clear();
    const int every = health.weeks.size() > 13 ? 4 : 1;
    for (int week = 0; week < int(health.weeks.size()); ++week) {
        const Health::Week &its = health.weeks[std::size_t(week)];
        bars.push_back({tr("Week of %1").arg(dateText(its.monday)), its.reports});
        if ((int(health.weeks.size()) - 1 - week) % every == 0)
            ticks.push_back({double(week), dateText(its.monday)});
    }
    m_weeks.chart->setBars(bars, ticks);
    QStringList rest;
    if (const std::size_t count = sum(health.earlier))
        rest.push_back(tr("%n report(s) before", nullptr, int(count)));
    if (const std::size_t count = sum(health.later))
        rest.push_back(tr("%n report(s) of the future", nullptr, int(count)));
    if (const std::size_t count = sum(health.undated))
        rest.push_back(tr("%n report(s) without a date", nullptr, int(count)));
    m_weeks.rest->setText(rest.join(QStringLiteral(" · ")));
    for (Card *card : {&m_confidence, &m_weeks}) {
        if (card->chart->bar() >= 0) {
            Q_EMIT card->chart->pointed(card->chart->bar(), card->chart->band());
        } else {
            card->bar->setText(tr("Arrow keys walk the bars; Enter or a click opens the rows of one."));
            card->open->setEnabled(false);
        }
    }
    const bool was = m_stack->currentWidget() == m_content;
    m_stack->setCurrentWidget(m_content);
    if (!was && isInFront())
        shown();
}

QString HealthPage::confidenceWords(int bin, Band band) const
{
    if (bin < 0 || bin >= int(Health::kBins))
        return {};
    return tr("Confidence %1 to %2 · %3 · %4")
        .arg(edge(bin), edge(bin + 1), bandName(band),
             tr("%n incident(s)", nullptr, int(m_health.confidence[std::size_t(bin)][std::size_t(band)])));
}

QString HealthPage::confidenceFilter(int bin, Band band) const
{
    return QStringLiteral("band=%1 confidence=%2-%3")
        .arg(QString::fromLatin1(toString(band).data(), int(toString(band).size())), edge(bin), edge(bin + 1));
}

QString HealthPage::weekWords(int week, Band band) const
{
    if (week < 0 || week >= int(m_health.weeks.size()))
        return {};
    const Health::Week &its = m_health.weeks[std::size_t(week)];
    return tr("Week of %1 · %2 · %3 in %4")
        .arg(dateText(its.monday), bandName(band), tr("%n report(s)", nullptr, int(its.reports[std::size_t(band)])),
             tr("%n incident(s)", nullptr, int(its.candidates[std::size_t(band)])));
}

QString HealthPage::weekFilter(int week, Band band) const
{
    return QStringLiteral("band=%1 week=%2")
        .arg(QString::fromLatin1(toString(band).data(), int(toString(band).size())),
             q(formatTime(m_health.weeks[std::size_t(week)].monday)).left(10));
}

}
