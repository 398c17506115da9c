#include "ui/pages/incidentspage.h"

#include <QComboBox>
#include <QHBoxLayout>
#include <QHeaderView>
#include <QLabel>
#include <QLineEdit>
#include <QSignalBlocker>
#include <QStackedWidget>
#include <QVBoxLayout>

#include "ui/commands/commandregistry.h"
#include "ui/models/incidentsmodel.h"
#include "ui/runner/deskrunner.h"
#include "ui/text/words.h"
#include "ui/theme/theme.h"
#include "ui/widgets/rowtable.h"
#include "ui/widgets/statepanel.h"

namespace winnow::ui
{

namespace
{

constexpr int kFilterDelayMs = 60;

}

IncidentsPage::IncidentsPage(Surroundings &surroundings, QWidget *parent)
    : Page(surroundings, parent)
    , m_model(new IncidentsModel(this))
    , m_filter(new QLineEdit(this))
    , m_state(new QComboBox(this))
    , m_band(new QComboBox(this))
    , m_sort(new QComboBox(this))
    , m_stack(new QStackedWidget(this))
    , m_table(new RowTable(m_stack))
    , m_word(new StatePanel(m_stack))
    , m_count(new QLabel(this))
    , m_column(IncidentsModel::PriorityColumn)
{
    m_filter->setObjectName(QStringLiteral("incidentsFilter"));
    m_filter->setAccessibleName(tr("Filter of the incidents"));
    m_filter->setPlaceholderText(tr("Filter: words, component=…, type=…, week=2026-11-16, confidence=0.80-0.85"));
    m_filter->setClearButtonEnabled(true);
    m_state->setObjectName(QStringLiteral("incidentsState"));
    m_state->setAccessibleName(tr("State"));
    m_state->addItem(tr("All states"), QString());
    for (const char *state : {"open", "escalated", "snoozed", "approved", "attached", "rejected"})
        m_state->addItem(stateName(state), QString::fromLatin1(state));
    m_band->setObjectName(QStringLiteral("incidentsBand"));
    m_band->setAccessibleName(tr("Band"));
    m_band->addItem(tr("All bands"), -1);
    for (const Band band : {Band::Escalate, Band::Review, Band::Auto, Band::Backlog})
        m_band->addItem(bandName(band), int(band));
    m_sort->setObjectName(QStringLiteral("incidentsSort"));
    m_sort->setAccessibleName(tr("Order"));
    for (int column = 0; column < IncidentsModel::ColumnCount; ++column)
        m_sort->addItem(
            tr("By %1").arg(m_model->headerData(column, Qt::Horizontal, Qt::DisplayRole).toString().toLower()));
    m_sort->setCurrentIndex(m_column);
    m_table->setObjectName(QStringLiteral("incidentsTable"));
    m_table->setAccessibleName(tr("Incidents"));
    m_table->setModel(m_model);
    m_table->setWidths({0, 10, 10, 10, 8, 8, 14, 16});
    m_table->horizontalHeader()->setSectionsClickable(true);
    m_table->horizontalHeader()->setSortIndicatorShown(true);
    m_count->setObjectName(QStringLiteral("incidentsCount"));
    m_count->setTextFormat(Qt::PlainText);
    m_count->setProperty("look", QStringLiteral("muted"));
    m_count->setContentsMargins(2 * kUnit, kUnit / 2, 2 * kUnit, kUnit / 2);
    m_stack->addWidget(m_table);
    m_stack->addWidget(m_word);
    auto *head = new QHBoxLayout;
    head->setContentsMargins(2 * kUnit, kUnit, 2 * kUnit, kUnit);
    head->setSpacing(kUnit);
    head->addWidget(m_filter, 1);
    head->addWidget(m_state);
    head->addWidget(m_band);
    head->addWidget(m_sort);
    auto *layout = new QVBoxLayout(this);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->setSpacing(0);
    layout->addLayout(head);
    layout->addWidget(m_stack, 1);
    layout->addWidget(m_count);
    setTabOrder(m_filter, m_state);
    setTabOrder(m_state, m_band);
    setTabOrder(m_band, m_sort);
    setTabOrder(m_sort, m_table);

    m_delay.setSingleShot(true);
    m_delay.setInterval(kFilterDelayMs);
    connect(&m_delay, &QTimer::timeout, this, &IncidentsPage::load);
    connect(m_filter, &QLineEdit::textChanged, &m_delay, qOverload<>(&QTimer::start));
    connect(m_filter, &QLineEdit::returnPressed, m_table, qOverload<>(&QWidget::setFocus));
    connect(m_state, &QComboBox::currentIndexChanged, this, &IncidentsPage::load);
    connect(m_band, &QComboBox::currentIndexChanged, this, &IncidentsPage::load);
    connect(m_sort, &QComboBox::currentIndexChanged, this, [this](int column) { sortBy(column, false); });
    connect(m_table->horizontalHeader(), &QHeaderView::sectionClicked, this,
            [this](int column) { sortBy(column, column == m_column && !m_reversed); });
    connect(m_table, &RowTable::rowOpened, this, &IncidentsPage::openRow);
    connect(m_table, &RowTable::rowChanged, this, &IncidentsPage::showState);
    connect(&m_model->rows(), &QueueModel::rowsWanted, this, &IncidentsPage::fetchRows, Qt::QueuedConnection);
    connect(m_word, &StatePanel::actionTaken, this, [this] { m_failed ? load() : showAll(); });
    addCommands();
    sortBy(m_column, false);
}

void IncidentsPage::addCommands()
{
    const auto front = [this] { return isInFront() && m_around.desk.isOpen(); };
    const QString group = tr("Look");
    const auto add = [&](const char *id, const QString &text, const QKeySequence &key, std::function<void()> run) {
        m_around.commands.add({QString::fromLatin1(id), text, group, {key}, std::move(run), front});
    };
    add("incidents.next", tr("Next incident"), Qt::Key_J, [this] { m_table->step(1); });
    add("incidents.previous", tr("Previous incident"), Qt::Key_K, [this] { m_table->step(-1); });
    add("incidents.open", tr("Open the incident"), Qt::Key_O, [this] { openRow(m_table->currentRow()); });
    add("incidents.filter", tr("Filter the incidents"), QKeySequence(Qt::CTRL | Qt::Key_L), [this] {
        m_filter->setFocus();
        m_filter->selectAll();
    });
    add("incidents.reverse", tr("Turn the order of the incidents round"), Qt::Key_R,
        [this] { sortBy(m_column, !m_reversed); });
}

void IncidentsPage::opened()
{
    m_loaded = false;
    m_word->showLoading(tr("Reading the incidents …"));
    m_stack->setCurrentWidget(m_word);
    load();
}

void IncidentsPage::closed()
{
    m_model->rows().setOrder({});
    m_model->rows().forget();
    m_loaded = false;
    m_count->clear();
}

void IncidentsPage::refresh()
{
    m_model->rows().forget();
    load();
}

void IncidentsPage::shown()
{
    m_table->setFocus();
}

void IncidentsPage::showRows(const QString &filter)
{
    {
        const QSignalBlocker state(m_state), band(m_band);
        m_state->setCurrentIndex(0);
        m_band->setCurrentIndex(0);
    }
    m_filter->setText(filter);
    m_delay.stop();
    load();
}

void IncidentsPage::showAll()
{
    showRows({});
    m_table->setFocus();
}

void IncidentsPage::sortBy(int column, bool reversed)
{
    m_column = column;
    m_reversed = reversed;
    const bool up = IncidentsModel::goesUp(column) != reversed;
    m_table->horizontalHeader()->setSortIndicator(column, up ? Qt::AscendingOrder : Qt::DescendingOrder);
    const QSignalBlocker quiet(m_sort);
    m_sort->setCurrentIndex(column);
    load();
}

void IncidentsPage::load()
{
    if (!m_around.desk.isOpen())
        return;
    QueueRequest request;
    request.decided = true;
    if (const int band = m_band->currentData().toInt(); band >= 0)
        request.band = Band(band);
    request.sort = IncidentsModel::sortOf(m_column);
    request.reversed = m_reversed;
    request.filter = m_filter->text().simplified().toStdString();
    if (const QString state = m_state->currentData().toString(); !state.isEmpty())
        request.filter += " state=" + state.toStdString();
    request.now = thisMoment();
    m_around.desk.ask(
        DeskRunner::Thread::Lists, DeskRunner::Incidents, this,
        [request](Desk &desk, std::stop_token) { return desk.order(request); },
        [this](Result<QueueOrder> order) {
            m_failed = !order;
            if (order) {
                take(*order);
                return;
            }
            m_word->showError(tr("The incidents cannot be read"), errorText(order.error()), tr("Try again"));
            m_stack->setCurrentWidget(m_word);
        });
}

void IncidentsPage::take(const QueueOrder &order)
{
    const int row = m_table->currentRow();
    const std::int64_t before = m_model->rows().keyAt(row);
    const bool first = !m_loaded;
    m_loaded = true;
    m_model->rows().setOrder(order.keys);
    std::size_t all = 0;
    for (int i = 1; i < m_band->count(); ++i) {
        const int band = m_band->itemData(i).toInt();
        all += order.perBand[std::size_t(band)];
        m_band->setItemText(i, tr("%1 (%2)").arg(bandName(Band(band))).arg(order.perBand[std::size_t(band)]));
    }
    m_band->setItemText(0, tr("All bands (%1)").arg(all));
    const int same = before ? m_model->rows().rowOf(before) : -1;
    m_table->setCurrentRow(same >= 0 ? same : std::clamp(row, 0, std::max(0, m_model->rowCount() - 1)));
    showState();
    if (first && isInFront())
        m_table->setFocus(); // it could not have it before it was there to be seen
}

void IncidentsPage::showState()
{
    const int rows = m_model->rowCount();
    m_count->setText(rows ? tr("%1 of %2").arg(m_table->currentRow() + 1).arg(rows) : QString());
    if (rows) {
        m_stack->setCurrentWidget(m_table);
        return;
    }
    if (!m_loaded)
        return;
    if (!m_filter->text().isEmpty() || m_state->currentIndex() > 0 || m_band->currentIndex() > 0)
        m_word->showEmpty(tr("Nothing matches"), tr("No incident passes this filter."), tr("Show all"));
    else
        m_word->showEmpty(
            tr("No incidents yet"),
            tr("They come with the first import and run: reports that speak of one cause are put together."));
    m_stack->setCurrentWidget(m_word);
}

void IncidentsPage::fetchRows(const std::vector<std::int64_t> &keys)
{
    if (!m_around.desk.isOpen())
        return;
    m_around.desk.ask(
        DeskRunner::Thread::Eyes, DeskRunner::InTurn, this,
        [keys, now = thisMoment()](Desk &desk, std::stop_token) { return desk.rows(keys, now); },
        [this, keys](Result<std::vector<QueueRow>> rows) {
            m_model->rows().setRows(keys, rows ? *rows : std::vector<QueueRow>());
        });
}

void IncidentsPage::openRow(int row)
{
    if (const QueueRow *known = m_model->rows().rowAt(row))
        m_around.showCandidate(known->candidate);
}

}
