#include "ui/pages/ticketspage.h"

#include <QComboBox>
#include <QDesktopServices>
#include <QHBoxLayout>
#include <QLabel>
#include <QPlainTextEdit>
#include <QPushButton>
#include <QSplitter>
#include <QStackedWidget>
#include <QUrl>
#include <QVBoxLayout>

#include "ui/commands/commandregistry.h"
#include "ui/models/filingsmodel.h"
#include "ui/runner/deskrunner.h"
#include "ui/text/words.h"
#include "ui/theme/theme.h"
#include "ui/widgets/rowtable.h"
#include "ui/widgets/statepanel.h"
#include "ui/widgets/toast.h"

namespace winnow::ui
{

namespace
{

constexpr int kClockMs = 1000;

QString kindName(FilingsModel::Kind kind, int count)
{
    switch (kind) {
    case FilingsModel::Kind::NeedsALook:
        return TicketsPage::tr("Needs a look (%1)").arg(count);
    case FilingsModel::Kind::Waiting:
        return TicketsPage::tr("Waiting (%1)").arg(count);
    case FilingsModel::Kind::Filed:
        return TicketsPage::tr("Filed (%1)").arg(count);
    case FilingsModel::Kind::CalledBack:
        break;
    }
    return TicketsPage::tr("Called back (%1)").arg(count);
}

/// What the state means, and what comes next.
QString meaning(const Filing &filing)
{
    if (filing.state == "planned")
        return filing.attempts == 0
            ? TicketsPage::tr("It waits here, and can be called back until it leaves.")
            : TicketsPage::tr("It was tried %n time(s) and did not get through. It waits for the next try.", nullptr,
                              filing.attempts);
    if (filing.state == "sending")
        return TicketsPage::tr("It is on its way. Nobody can call it back now.");
    if (filing.state == "confirmed")
        return TicketsPage::tr("The tracker has it.");
    if (filing.state == "rejected")
        return TicketsPage::tr("The tracker refused it; nothing was made there. Mend the cause and try again.");
    if (filing.state == "ambiguous")
        return TicketsPage::tr("The answer was lost: the ticket may exist or not. It is looked up again before it is "
                               "sent again, so that none is made twice.");
    return TicketsPage::tr("It was called back before it left.");
}

}

TicketsPage::TicketsPage(Surroundings &surroundings, QWidget *parent)
    : Page(surroundings, parent)
    , m_model(new FilingsModel(this))
    , m_kind(new QComboBox(this))
    , m_all(nullptr)
    , m_stack(new QStackedWidget(this))
    , m_table(nullptr)
    , m_word(new StatePanel(m_stack))
{
    m_kind->setObjectName(QStringLiteral("ticketsKind"));
    m_kind->setAccessibleName(tr("Which tickets"));
    m_kind->addItem(tr("All"), -1);
    for (int kind = 0; kind <= int(FilingsModel::Kind::CalledBack); ++kind)
        m_kind->addItem(kindName(FilingsModel::Kind(kind), 0), kind);
    m_kind->setSizeAdjustPolicy(QComboBox::AdjustToContents);
    addCommands();
    auto *split = new QSplitter(Qt::Horizontal, m_stack);
    split->setObjectName(QStringLiteral("ticketsSplit"));
    split->setChildrenCollapsible(false);
    split->setHandleWidth(1);
    m_table = new RowTable(split);
    m_table->setObjectName(QStringLiteral("ticketsTable"));
    m_table->setAccessibleName(tr("Tickets and outbox"));
    m_table->setModel(m_model);
    m_table->setWidths({11, 0, 12, 16, 10, 20});
    split->addWidget(m_table);
    split->addWidget(makeDetail());
    split->setStretchFactor(0, 68);
    split->setStretchFactor(1, 32);
    split->setSizes({680, 320});
    m_stack->addWidget(split);
    m_stack->addWidget(m_word);
    auto *head = new QHBoxLayout;
    head->setContentsMargins(2 * kUnit, kUnit, 2 * kUnit, kUnit);
    head->setSpacing(kUnit);
    head->addWidget(m_kind);
    head->addStretch(1);
    m_all = addButton(QStringLiteral("outbox.releaseAll"));
    head->addWidget(m_all);
    auto *layout = new QVBoxLayout(this);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->setSpacing(0);
    layout->addLayout(head);
    layout->addWidget(m_stack, 1);
    setTabOrder(m_kind, m_all);
    setTabOrder(m_all, m_table);
    QWidget *before = m_table;
    for (const auto &[button, id] : m_buttons) {
        if (button == m_all)
            continue;
        setTabOrder(before, button);
        before = button;
    }
    setTabOrder(before, m_body);
    m_clock.setInterval(kClockMs);
    connect(&m_clock, &QTimer::timeout, this, [this] {
        if (!isInFront())
            return;
        m_model->setNow(thisMoment());
        if (const Filing *filing = current())
            m_state->setText(FilingsModel::whenText(*filing, thisMoment()));
    });
    connect(m_kind, &QComboBox::currentIndexChanged, this, &TicketsPage::showList);
    connect(m_table, &RowTable::rowChanged, this, &TicketsPage::showCurrent);
    connect(m_table, &RowTable::rowOpened, this,
            [this] { m_around.commands.trigger(QStringLiteral("outbox.candidate")); });
    connect(m_word, &StatePanel::actionTaken, this, [this] {
        m_kind->setCurrentIndex(0);
        load();
    });
    showCurrent();
}

QWidget *TicketsPage::makeDetail()
{
    m_detail = new QWidget(this);
    m_detail->setMinimumWidth(36 * kUnit);
    m_title = new QLabel(m_detail);
    m_title->setObjectName(QStringLiteral("ticketTitle"));
    m_title->setProperty("look", QStringLiteral("title"));
    m_state = new QLabel(m_detail);
    m_state->setObjectName(QStringLiteral("ticketState"));
    m_state->setProperty("look", QStringLiteral("strong"));
    m_why = new QLabel(m_detail);
    m_why->setObjectName(QStringLiteral("ticketWhy"));
    m_why->setProperty("look", QStringLiteral("muted"));
    for (QLabel *label : {m_title, m_state, m_why}) {
        label->setTextFormat(Qt::PlainText);
        label->setWordWrap(true);
    }
    m_body = new QPlainTextEdit(m_detail);
    m_body->setObjectName(QStringLiteral("ticketBody"));
    m_body->setAccessibleName(tr("Text of the ticket"));
    m_body->setReadOnly(true);
    m_body->setTabChangesFocus(true);
    auto *buttons = new QHBoxLayout;
    buttons->setSpacing(kUnit);
    for (const char *command : {"outbox.release", "outbox.retry", "outbox.recall"})
        buttons->addWidget(addButton(QString::fromLatin1(command)));
    buttons->addStretch(1);
    auto *ways = new QHBoxLayout;
    ways->setSpacing(kUnit);
    for (const char *command : {"outbox.open", "outbox.candidate"})
        ways->addWidget(addButton(QString::fromLatin1(command)));
    ways->addStretch(1);
    auto *layout = new QVBoxLayout(m_detail);
    layout->setContentsMargins(2 * kUnit, kUnit, 2 * kUnit, 2 * kUnit);
    layout->setSpacing(kUnit);
    layout->addWidget(m_title);
    layout->addWidget(m_state);
    layout->addWidget(m_why);
    layout->addLayout(buttons);
    layout->addLayout(ways);
    layout->addWidget(m_body, 1);
    return m_detail;
}

QPushButton *TicketsPage::addButton(const QString &id)
{
    auto *button = new QPushButton(this);
    button->setObjectName(QStringLiteral("button-") + id);
    const auto name = [this, button, id] {
        const QString text = m_around.commands.find(id)->text, key = m_around.commands.keyText(id);
        button->setText(text);
        button->setAccessibleName(text);
        button->setToolTip(key.isEmpty() ? text : tr("%1 (%2)").arg(text, key));
    };
    name();
    connect(&m_around.commands, &CommandRegistry::keysChanged, button, name);
    connect(button, &QPushButton::clicked, this, [this, id] { m_around.commands.trigger(id); });
    m_buttons.emplace_back(button, id);
    return button;
}

void TicketsPage::addCommands()
{
    const QString group = tr("Outbox");
    const auto add = [&](const char *id, const QString &text, const QList<QKeySequence> &keys,
                         std::function<void()> run, std::function<bool(const Filing &)> fits) {
        m_around.commands.add({QString::fromLatin1(id), text, group, keys, std::move(run), [this, fits] {
                                   const Filing *filing = current();
                                   return isInFront() && m_around.desk.isOpen() && filing && fits(*filing);
                               }});
    };
    const auto in = [](const char *state) { return [state](const Filing &filing) { return filing.state == state; }; };
    const auto any = [](const Filing &) { return true; };
    add(
        "outbox.next", tr("Next ticket"), {QKeySequence(Qt::Key_J)}, [this] { m_table->step(1); }, any);
    add(
        "outbox.previous", tr("Previous ticket"), {QKeySequence(Qt::Key_K)}, [this] { m_table->step(-1); }, any);
    add(
        "outbox.release", tr("File now"), {QKeySequence(Qt::Key_F)},
        [this] {
            order(tr("Leaves with the next push: %1").arg(oneLine(current()->draft.title)),
                  [id = current()->id](Desk &desk) { return desk.release({id}); });
        },
        [](const Filing &filing) { return filing.state == "planned" && filing.dueAt > thisMoment(); });
    add(
        "outbox.retry", tr("Try again"), {QKeySequence(Qt::Key_R)},
        [this] {
            order(tr("Tried again with the next push: %1").arg(oneLine(current()->draft.title)),
                  [id = current()->id](Desk &desk) { return desk.retry(id); });
        },
        in("rejected"));
    add(
        "outbox.recall", tr("Call back"), {QKeySequence(Qt::Key_C)},
        [this] {
            order(tr("Called back: %1").arg(oneLine(current()->draft.title)),
                  [id = current()->id](Desk &desk) { return desk.recall(id).map([](const GroupingDone &) {}); });
        },
        in("planned"));
    add(
        "outbox.open", tr("Open the ticket"), {QKeySequence(Qt::Key_O)}, [this] { openTicket(); },
        [](const Filing &filing) { return canOpen(filing.url); });
    add(
        "outbox.candidate", tr("Show the candidate"), {QKeySequence(Qt::Key_I)},
        [this] { m_around.showCandidate(current()->incident); }, any);
    m_around.commands.add({QStringLiteral("outbox.releaseAll"),
                           tr("File all now"),
                           group,
                           {QKeySequence(Qt::SHIFT | Qt::Key_F)},
                           [this] {
                               std::vector<std::string> waiting;
                               for (const Filing &filing : m_filings)
                                   if (filing.state == "planned" && filing.dueAt > thisMoment())
                                       waiting.push_back(filing.id);
                               order(tr("With the next push: %n ticket(s)", nullptr, int(waiting.size())),
                                     [waiting](Desk &desk) { return desk.release(waiting); });
                           },
                           [this] {
                               return isInFront() && m_around.desk.isOpen()
                                   && std::any_of(m_filings.begin(), m_filings.end(), [](const Filing &filing) {
                                          return filing.state == "planned" && filing.dueAt > thisMoment();
                                      });
                           }});
}

void TicketsPage::opened()
{
    m_loaded = false;
    m_word->showLoading(tr("Reading the outbox …"));
    m_stack->setCurrentWidget(m_word);
    m_clock.start();
    load();
}

void TicketsPage::closed()
{
    m_clock.stop();
    m_filings.clear();
    m_loaded = false;
    m_model->setFilings({}, {}, {});
    showCurrent();
}

void TicketsPage::refresh()
{
    load();
}

void TicketsPage::shown()
{
    m_table->setFocus();
    enable();
}

void TicketsPage::load()
{
    if (!m_around.desk.isOpen())
        return;
    m_around.desk.ask(
        DeskRunner::Thread::Lists, DeskRunner::Outbox, this,
        [](Desk &desk, std::stop_token) { return desk.filings({}); },
        [this](Result<std::vector<Filing>> filings) {
            if (filings) {
                take(std::move(*filings));
                return;
            }
            m_word->showError(tr("The outbox cannot be read"), errorText(filings.error()), tr("Try again"));
            m_stack->setCurrentWidget(m_word);
        });
}

void TicketsPage::take(std::vector<Filing> filings)
{
    m_filings = std::move(filings);
    const bool first = !m_loaded;
    m_loaded = true;
    for (int i = 1; i < m_kind->count(); ++i) {
        const auto kind = FilingsModel::Kind(m_kind->itemData(i).toInt());
        const auto count = std::count_if(m_filings.begin(), m_filings.end(),
                                         [&](const Filing &filing) { return FilingsModel::kindOf(filing) == kind; });
        m_kind->setItemText(i, kindName(kind, int(count)));
    }
    m_kind->setItemText(0, tr("All (%1)").arg(m_filings.size()));
    showList();
    if (first && isInFront())
        m_table->setFocus(); // it could not have it before it was there to be seen
}

void TicketsPage::showList()
{
    const int row = m_table->currentRow();
    const std::string before = current() ? current()->id : std::string();
    const int kind = m_kind->currentData().toInt();
    m_model->setFilings(m_filings, kind < 0 ? std::nullopt : std::optional(FilingsModel::Kind(kind)), thisMoment());
    const int same = m_model->rowOf(before);
    m_table->setCurrentRow(same >= 0 ? same : std::clamp(row, 0, std::max(0, m_model->rowCount() - 1)));
    showCurrent();
    if (!m_loaded)
        return;
    if (m_model->rowCount() > 0) {
        m_stack->setCurrentIndex(0);
        return;
    }
    if (m_filings.empty())
        m_word->showEmpty(tr("No tickets yet"),
                          tr("What is approved in the queue waits here for ten minutes, and then leaves."));
    else
        m_word->showEmpty(tr("None of these"), tr("No ticket is in this state."), tr("Show all"));
    m_stack->setCurrentWidget(m_word);
}

const Filing *TicketsPage::current() const
{
    return m_table ? m_model->filingAt(m_table->currentRow()) : nullptr;
}

void TicketsPage::showCurrent()
{
    const Filing *filing = current();
    m_detail->setVisible(filing != nullptr);
    if (filing) {
        m_title->setText(oneLine(filing->draft.title));
        m_state->setText(FilingsModel::whenText(*filing, thisMoment()));
        QString why = meaning(*filing);
        if (!filing->detail.empty())
            why += QLatin1Char('\n') + oneLine(filing->detail);
        if (!filing->ticket.empty())
            why += QLatin1Char('\n') + tr("%1 in %2").arg(oneLine(filing->ticket), oneLine(filing->tracker));
        m_why->setText(why);
        if (const QString body = q(filing->draft.body); body != m_body->toPlainText())
            m_body->setPlainText(body);
    }
    enable();
}

void TicketsPage::enable()
{
    for (const auto &[button, id] : m_buttons)
        button->setEnabled(m_around.commands.isEnabled(id));
}

void TicketsPage::order(const QString &toast, std::function<Result<>(Desk &)> work)
{
    m_around.desk.ask(
        DeskRunner::Thread::Hands, DeskRunner::InTurn, this,
        [work = std::move(work)](Desk &desk, std::stop_token) { return work(desk); },
        [this, toast](Result<> done) {
            if (done)
                m_around.toast.show(toast);
            else
                m_around.toast.showError(errorText(done.error()));
            load();
        });
}

bool TicketsPage::canOpen(const std::string &url)
{
    const QUrl address(q(url), QUrl::StrictMode);
    const QString scheme = address.scheme();
    if (!address.isValid())
        return false;
    if (scheme == QLatin1String("file")) // of this machine
        return address.host().isEmpty() && !address.path().isEmpty();
    return (scheme == QLatin1String("https") || scheme == QLatin1String("http")) && !address.host().isEmpty();
}

void TicketsPage::openTicket()
{
    const Filing *filing = current();
    if (filing && canOpen(filing->url) && !QDesktopServices::openUrl(QUrl(q(filing->url), QUrl::StrictMode)))
        m_around.toast.showError(tr("The system knows no program that opens %1.").arg(oneLine(filing->url)));
}

}
