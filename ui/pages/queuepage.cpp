// The Queue page: what is in sight. Decisions are in queuedecisions.cpp.

#include "ui/pages/queuepage.h"

#include <utility>

#include <QComboBox>
#include <QHBoxLayout>
#include <QItemSelectionModel>
#include <QLabel>
#include <QLineEdit>
#include <QListView>
#include <QScrollBar>
#include <QSettings>
#include <QSplitter>
#include <QStackedWidget>
#include <QToolButton>
#include <QVBoxLayout>

#include "ui/commands/commandregistry.h"
#include "ui/runner/deskrunner.h"
#include "ui/text/words.h"
#include "ui/theme/theme.h"
#include "ui/widgets/decisionpane.h"
#include "ui/widgets/evidencepane.h"
#include "ui/widgets/queuedelegate.h"
#include "ui/widgets/statepanel.h"

namespace winnow::ui
{

namespace
{

constexpr std::size_t kMembers = 60; ///< reports that are read at once
constexpr int kFilterDelayMs = 60;
const QString kSplitSetting = QStringLiteral("queue/split");

struct Looked {
    CandidateDetail candidate;
    QueueRow row;
};

}

QueuePage::QueuePage(Surroundings &surroundings, QWidget *parent)
    : Page(surroundings, parent)
    , m_model(new QueueModel(this))
    , m_split(new QSplitter(Qt::Horizontal, this))
    , m_details(8)
{
    auto *layout = new QHBoxLayout(this);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->addWidget(m_split);
    m_decision = new DecisionPane(m_around.commands, m_split);
    m_split->setChildrenCollapsible(false);
    m_split->setHandleWidth(1);
    m_split->addWidget(makeList());
    m_split->addWidget(makeEvidence());
    m_split->addWidget(m_decision);
    // 28 %, 44 %, 28 %
    for (const auto &[pane, share] : {std::pair(0, 28), {1, 44}, {2, 28}}) {
        m_split->setStretchFactor(pane, share);
        m_split->widget(pane)->setMinimumWidth(30 * kUnit);
    }
    m_split->setSizes({280, 440, 280});
    m_split->restoreState(QSettings().value(kSplitSetting).toByteArray());
    connect(m_split, &QSplitter::splitterMoved, this,
            [this] { QSettings().setValue(kSplitSetting, m_split->saveState()); });
    m_filterDelay.setSingleShot(true);
    m_filterDelay.setInterval(kFilterDelayMs);
    connect(&m_filterDelay, &QTimer::timeout, this, &QueuePage::load);
    connect(m_model, &QueueModel::rowsWanted, this, &QueuePage::fetchRows, Qt::QueuedConnection);
    connect(m_list->selectionModel(), &QItemSelectionModel::currentChanged, this, &QueuePage::currentChanged);
    connect(m_decision, &DecisionPane::ticketChosen, this, [this](const QString &ticket) {
        Decision decision;
        decision.kind = Decision::Kind::Attach;
        decision.ticket = ticket.toStdString();
        decide(decision);
    });
    connect(m_decision, &DecisionPane::editSaved, this, [this] { saveEdit(false); });
    addCommands();
    setTabOrder(m_filter, m_band);
    setTabOrder(m_band, m_sort);
    setTabOrder(m_sort, m_list);
}

QWidget *QueuePage::makeList()
{
    auto *pane = new QWidget(m_split);
    m_filter = new QLineEdit(pane);
    m_filter->setObjectName(QStringLiteral("queueFilter"));
    m_filter->setPlaceholderText(tr("Filter: words, component=…, type=…"));
    m_filter->setAccessibleName(tr("Filter of the queue"));
    m_filter->setClearButtonEnabled(true);
    m_band = new QComboBox(pane);
    m_band->setObjectName(QStringLiteral("queueBand"));
    m_band->setAccessibleName(tr("Band"));
    m_band->addItem(tr("All bands"), -1);
    for (const Band band : {Band::Escalate, Band::Review, Band::Auto, Band::Backlog})
        m_band->addItem(bandName(band), int(band));
    m_sort = new QComboBox(pane);
    m_sort->setObjectName(QStringLiteral("queueSort"));
    m_sort->setAccessibleName(tr("Order of the queue"));
    m_sort->addItem(tr("By priority"), QStringLiteral("priority"));
    m_sort->addItem(tr("By reports"), QStringLiteral("reports"));
    m_sort->addItem(tr("Newest first"), QStringLiteral("newest"));
    m_sort->addItem(tr("By confidence"), QStringLiteral("confidence"));
    m_list = new QListView(pane);
    m_list->setObjectName(QStringLiteral("queueList"));
    m_list->setAccessibleName(tr("Queue"));
    m_list->setModel(m_model);
    m_list->setItemDelegate(new QueueDelegate(m_list));
    m_list->setUniformItemSizes(true); // a million rows
    m_list->setSelectionMode(QAbstractItemView::SingleSelection);
    m_list->setEditTriggers(QAbstractItemView::NoEditTriggers);
    m_list->setVerticalScrollMode(QAbstractItemView::ScrollPerItem);
    m_list->setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    m_list->setFrameShape(QFrame::NoFrame);
    m_list->setTabKeyNavigation(false);
    m_list->setProperty("commandsOwnArrows", true);
    m_listState = new StatePanel(pane);
    m_listStack = new QStackedWidget(pane);
    m_listStack->addWidget(m_list);
    m_listStack->addWidget(m_listState);
    m_count = new QLabel(pane);
    m_count->setTextFormat(Qt::PlainText);
    setLook(m_count, "muted");
    m_count->setObjectName(QStringLiteral("queueCount"));
    m_count->setContentsMargins(2 * kUnit, kUnit / 2, 2 * kUnit, kUnit / 2);

    auto *head = new QVBoxLayout;
    head->setContentsMargins(kUnit, kUnit, kUnit, kUnit);
    head->setSpacing(kUnit);
    head->addWidget(m_filter);
    auto *row = new QHBoxLayout;
    row->setSpacing(kUnit);
    row->addWidget(m_band, 1);
    row->addWidget(m_sort, 1);
    head->addLayout(row);
    auto *layout = new QVBoxLayout(pane);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->setSpacing(0);
    layout->addLayout(head);
    layout->addWidget(m_listStack, 1);
    layout->addWidget(m_count);
    connect(m_filter, &QLineEdit::textChanged, &m_filterDelay, qOverload<>(&QTimer::start));
    connect(m_filter, &QLineEdit::returnPressed, this, [this] { m_list->setFocus(); });
    connect(m_band, &QComboBox::currentIndexChanged, this, &QueuePage::load);
    connect(m_sort, &QComboBox::currentIndexChanged, this, &QueuePage::load);
    connect(m_model, &QueueModel::marksChanged, this, &QueuePage::showState);
    connect(m_listState, &StatePanel::actionTaken, this, [this] {
        if (!m_filter->text().isEmpty() || m_band->currentIndex() > 0) {
            m_filter->clear();
            m_band->setCurrentIndex(0);
        } else {
            load();
        }
    });
    return pane;
}

QWidget *QueuePage::makeEvidence()
{
    auto *pane = new QWidget(m_split);
    m_evidence = new EvidencePane(pane);
    m_evidence->setObjectName(QStringLiteral("evidence"));
    m_evidenceState = new StatePanel(pane);
    m_evidenceStack = new QStackedWidget(pane);
    m_evidenceStack->addWidget(m_evidence);
    m_evidenceStack->addWidget(m_evidenceState);
    m_quoteCount = new QLabel(pane);
    m_quoteCount->setTextFormat(Qt::PlainText);
    setLook(m_quoteCount, "muted");
    m_quoteCount->setObjectName(QStringLiteral("quoteCount"));
    auto *bar = new QHBoxLayout;
    bar->setContentsMargins(2 * kUnit, kUnit, kUnit, kUnit);
    bar->setSpacing(kUnit / 2);
    bar->addWidget(m_quoteCount, 1);
    const auto add = [&](const QString &id, const QString &text) {
        auto *button = new QToolButton(pane);
        button->setObjectName(id);
        button->setText(text);
        button->setFocusPolicy(Qt::TabFocus);
        connect(button, &QToolButton::clicked, this, [this, id] { m_around.commands.trigger(id); });
        const auto name = [this, button, id] {
            const Command *command = m_around.commands.find(id);
            if (!command)
                return;
            button->setAccessibleName(command->text);
            button->setToolTip(tr("%1 (%2)").arg(command->text, m_around.commands.keyText(id)));
        };
        connect(&m_around.commands, &CommandRegistry::keysChanged, button, name);
        button->setAccessibleName(text);
        bar->addWidget(button);
    };
    add(QStringLiteral("quote.previous"), QStringLiteral("‹"));
    add(QStringLiteral("quote.next"), QStringLiteral("›"));
    add(QStringLiteral("evidence.full"), tr("Full source"));
    add(QStringLiteral("group.split"), tr("Split"));
    add(QStringLiteral("group.expel"), tr("Expel"));
    connect(m_evidence, &EvidencePane::quoteChanged, this, [this](int current, int count) {
        m_quoteCount->setText(count ? tr("Quote %1 of %2").arg(current + 1).arg(count) : tr("No quote"));
    });
    auto *layout = new QVBoxLayout(pane);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->setSpacing(0);
    layout->addLayout(bar);
    layout->addWidget(m_evidenceStack, 1);
    return pane;
}

void QueuePage::opened()
{
    m_loaded = false;
    m_listState->showLoading(tr("Reading the queue …"));
    m_listStack->setCurrentWidget(m_listState);
    load();
}

void QueuePage::closed()
{
    m_model->setOrder({});
    m_details.clear();
    m_shown.reset();
    m_shownKey = 0;
    m_visiting = false;
    m_evidence->clearCandidate();
    m_decision->clearCandidate();
    m_loaded = false;
}

void QueuePage::refresh()
{
    m_details.clear();
    m_model->forget();
    load();
    if (m_shown && !m_decision->isEditing())
        look(m_shown->id, m_shownKey);
}

void QueuePage::shown()
{
    m_list->setFocus();
}

void QueuePage::load()
{
    if (!m_around.desk.isOpen())
        return;
    QueueRequest request;
    const int band = m_band->currentData().toInt();
    if (band >= 0)
        request.band = Band(band);
    request.sort = m_sort->currentData().toString().toStdString();
    request.filter = m_filter->text().simplified().toStdString();
    request.now = thisMoment();
    m_around.desk.ask(
        DeskRunner::Thread::Lists, DeskRunner::Order, this,
        [request](Desk &desk, std::stop_token) { return desk.order(request); },
        [this, made = m_made](Result<QueueOrder> order) {
            if (order && (made != m_made || m_around.desk.undecided() > 0) && m_loaded) {
                // it does not know of decisions that were made meanwhile: what they write brings the next one
                showCounts(*order);
                if (m_around.desk.undecided() == 0)
                    load();
                return;
            }
            if (order) {
                takeOrder(*order);
                return;
            }
            m_listState->showError(tr("The queue cannot be read"), errorText(order.error()), tr("Try again"));
            m_listStack->setCurrentWidget(m_listState);
        });
}

void QueuePage::takeOrder(const QueueOrder &order)
{
    const std::int64_t before = m_model->keyAt(m_list->currentIndex().row());
    const int row = m_list->currentIndex().row();
    const bool first = !m_loaded;
    m_loaded = true;
    m_removing = true;
    m_model->setOrder(order.keys);
    m_removing = false;
    showCounts(order);
    const int wanted = m_wantedKey ? m_model->rowOf(m_wantedKey) : -1;
    const int same = before ? m_model->rowOf(before) : -1;
    if (wanted >= 0) {
        m_wantedKey = 0;
        setCurrent(wanted);
    } else if (same >= 0) {
        follow(same);
    } else {
        follow(std::clamp(row, 0, std::max(0, m_model->rowCount() - 1)));
    }
    showState();
    if (first && isInFront())
        m_list->setFocus(); // it could not have it before it was there to be seen
}

void QueuePage::follow(int row)
{
    const bool removing = std::exchange(m_removing, m_visiting);
    setCurrent(row);
    m_removing = removing;
    if (!m_visiting)
        currentChanged(); // the view may have gone there by itself
}

void QueuePage::showCounts(const QueueOrder &order)
{
    std::size_t all = 0;
    for (int i = 1; i < m_band->count(); ++i) {
        const std::size_t count = order.perBand[std::size_t(m_band->itemData(i).toInt())];
        all += count;
        m_band->setItemText(i, tr("%1 (%2)").arg(bandName(Band(m_band->itemData(i).toInt()))).arg(count));
    }
    m_band->setItemText(0, tr("All bands (%1)").arg(all));
}

void QueuePage::showState()
{
    const int rows = m_model->rowCount(), row = m_list->currentIndex().row(), marked = m_model->markedCount();
    QString text = rows ? tr("%1 of %2").arg(row + 1).arg(rows) : QString();
    if (marked)
        text += QStringLiteral(" · ") + tr("%n selected", nullptr, marked);
    m_count->setText(text);
    if (rows || !m_loaded) {
        if (rows)
            m_listStack->setCurrentWidget(m_list);
        return;
    }
    if (!m_filter->text().isEmpty() || m_band->currentIndex() > 0)
        m_listState->showEmpty(tr("Nothing matches"), tr("No open candidate passes this filter."), tr("Show all"));
    else
        m_listState->showEmpty(tr("The queue is clear"),
                               tr("Every candidate is decided. New ones come with the next import and run."));
    m_listStack->setCurrentWidget(m_listState);
    if (m_visiting)
        return;
    m_shown.reset();
    m_shownKey = 0;
    m_evidence->clearCandidate();
    m_decision->clearCandidate();
    m_evidenceState->showEmpty({}, tr("The words of customers stand here once a candidate is selected."));
    m_evidenceStack->setCurrentWidget(m_evidenceState);
}

void QueuePage::fetchRows(const std::vector<std::int64_t> &keys)
{
    if (!m_around.desk.isOpen())
        return;
    m_around.desk.ask(
        DeskRunner::Thread::Eyes, DeskRunner::InTurn, this,
        [keys, now = thisMoment()](Desk &desk, std::stop_token) { return desk.rows(keys, now); },
        [this, keys](Result<std::vector<QueueRow>> rows) {
            m_model->setRows(keys, rows ? *rows : std::vector<QueueRow>());
            if (rows && !m_shown && !m_visiting)
                currentChanged(); // the current row has its name now
        });
}

void QueuePage::setCurrent(int row)
{
    if (row < 0 || row >= m_model->rowCount())
        return;
    m_list->setCurrentIndex(m_model->index(row));
    m_list->scrollTo(m_model->index(row));
}

void QueuePage::currentChanged()
{
    if (m_removing)
        return;
    showState();
    const int row = m_list->currentIndex().row();
    const std::int64_t key = m_model->keyAt(row);
    if (!key || (key == m_shownKey && m_shown))
        return;
    m_visiting = false;
    const QueueRow *known = m_model->rowAt(row);
    if (!known) {
        m_shown.reset();
        m_model->data(m_model->index(row), Qt::DisplayRole); // asks for it; fetchRows comes back here
        return;
    }
    look(known->candidate, key);
}

void QueuePage::look(const std::string &incident, std::int64_t key)
{
    // an answer that was asked for before something else came to the front is not shown any more
    const std::uint64_t look = ++m_looks;
    if (const CandidateDetail *kept = m_details.object(q(incident))) {
        m_shownKey = key;
        present(*kept);
        return;
    }
    m_around.desk.ask(
        DeskRunner::Thread::Eyes, DeskRunner::Look, this,
        [incident](Desk &desk, std::stop_token stop) { return desk.candidate(incident, kMembers, stop); },
        [this, key, incident, look](Result<CandidateDetail> candidate) {
            if (look != m_looks)
                return;
            if (candidate) {
                m_shownKey = key;
                m_details.insert(q(incident), new CandidateDetail(*candidate));
                present(*candidate);
                return;
            }
            if (candidate.error().code == ErrorCode::Cancelled)
                return;
            m_shown.reset();
            m_decision->clearCandidate();
            m_evidence->clearCandidate();
            m_evidenceState->showError(tr("This candidate cannot be shown"), errorText(candidate.error()));
            m_evidenceStack->setCurrentWidget(m_evidenceState);
        });
}

void QueuePage::present(const CandidateDetail &candidate)
{
    const bool same = m_shown && m_shown->id == candidate.id;
    if (same && *m_shown == candidate) {
        prefetch();
        return;
    }
    m_shown = candidate;
    m_evidenceStack->setCurrentWidget(m_evidence);
    m_evidence->setCandidate(candidate);
    m_decision->setCandidate(candidate);
    if (!same)
        m_onScreen.start();
    Q_EMIT candidateShown(q(candidate.id));
    prefetch();
}

void QueuePage::prefetch()
{
    // the next one is read while this one is looked at
    const QueueRow *next = m_model->rowAt(m_list->currentIndex().row() + 1);
    if (!next || m_details.contains(q(next->candidate)))
        return;
    m_around.desk.ask(
        DeskRunner::Thread::Eyes, DeskRunner::Prefetch, this,
        [incident = next->candidate](Desk &desk, std::stop_token stop) {
            return desk.candidate(incident, kMembers, stop);
        },
        [this](Result<CandidateDetail> candidate) {
            if (candidate)
                m_details.insert(q(candidate->id), new CandidateDetail(*candidate));
        });
}

void QueuePage::showCandidate(const std::string &incident)
{
    const std::uint64_t look = ++m_looks;
    m_visiting = true;
    m_around.desk.ask(
        DeskRunner::Thread::Eyes, DeskRunner::Look, this,
        [incident](Desk &desk, std::stop_token stop) {
            return desk.incidentId(incident).and_then(
                [&](const std::string &id) { return desk.candidate(id, kMembers, stop); });
        },
        [this, look](Result<CandidateDetail> candidate) {
            if (look != m_looks)
                return;
            if (!candidate) {
                m_visiting = false;
                refused(candidate.error());
                return;
            }
            int row = -1;
            for (int i = 0; i < m_model->rowCount() && row < 0; ++i)
                if (const QueueRow *known = m_model->rowAt(i); known && known->candidate == candidate->id)
                    row = i;
            m_details.insert(q(candidate->id), new CandidateDetail(*candidate));
            m_visiting = row < 0;
            if (row >= 0 && row != m_list->currentIndex().row()) {
                setCurrent(row);
                return;
            }
            m_shownKey = row >= 0 ? m_model->keyAt(row) : 0;
            present(*candidate);
        });
}

void QueuePage::showHit(const Hit &hit)
{
    ++m_looks;
    m_visiting = true;
    m_shown.reset();
    m_shownKey = 0;
    m_decision->clearCandidate();
    m_evidenceStack->setCurrentWidget(m_evidence);
    m_evidence->setHit(hit);
}

void QueuePage::moveBy(int step, bool extend)
{
    const int row = m_list->currentIndex().row();
    const int next = std::clamp(row + step, 0, std::max(0, m_model->rowCount() - 1));
    if (extend) {
        m_model->setMarked(m_model->keyAt(row), true);
        m_model->setMarked(m_model->keyAt(next), true);
    }
    setCurrent(next);
}

void QueuePage::markSimilar()
{
    if (!m_shown)
        return;
    // the same component and kind: what the filter would show
    const std::string component = m_shown->incident.component;
    QueueRequest request;
    request.filter = "type=" + std::string(toString(m_shown->incident.type));
    request.now = thisMoment();
    m_around.desk.ask(
        DeskRunner::Thread::Lists, DeskRunner::Table, this,
        [request, component](Desk &desk, std::stop_token stop) -> Result<std::vector<std::int64_t>> {
            const auto order = desk.order(request);
            if (!order)
                return tl::unexpected(order.error());
            const auto rows = desk.rows(order->keys, request.now);
            if (!rows)
                return tl::unexpected(rows.error());
            std::vector<std::int64_t> keys;
            for (const QueueRow &row : *rows) {
                if (stop.stop_requested())
                    break;
                if (row.component == component)
                    keys.push_back(row.key);
            }
            return keys;
        },
        [this](Result<std::vector<std::int64_t>> keys) {
            if (!keys) {
                refused(keys.error());
                return;
            }
            for (const std::int64_t key : *keys)
                if (m_model->rowOf(key) >= 0)
                    m_model->setMarked(key, true);
        });
}

}
