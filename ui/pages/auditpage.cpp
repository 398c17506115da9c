#include "ui/pages/auditpage.h"

#include <QComboBox>
#include <QHBoxLayout>
#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>
#include <QLabel>
#include <QLineEdit>
#include <QPlainTextEdit>
#include <QPushButton>
#include <QSplitter>
#include <QStackedWidget>
#include <QVBoxLayout>

#include "ui/commands/commandregistry.h"
#include "ui/dialogs/undodialog.h"
#include "ui/models/historymodel.h"
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

constexpr int kFilterDelayMs = 120;

struct KindGroup {
    const char *name; ///< to be translated
    std::vector<std::string> kinds;
};

const std::vector<KindGroup> &kindGroups()
{
    static const std::vector<KindGroup> groups{
        {QT_TRANSLATE_NOOP("winnow::ui::AuditPage", "Everything"), {}},
        {QT_TRANSLATE_NOOP("winnow::ui::AuditPage", "Decisions"),
         {"approved", "attached", "rejected", "snoozed", "escalated", "edited", "renamed"}},
        {QT_TRANSLATE_NOOP("winnow::ui::AuditPage", "Who belongs together"),
         {"merged", "split", "expelled", "linked", "unlinked"}},
        {QT_TRANSLATE_NOOP("winnow::ui::AuditPage", "Undo and redo"), {"undone", "redone"}},
        {QT_TRANSLATE_NOOP("winnow::ui::AuditPage", "Tickets"),
         {"filing_confirmed", "filing_rejected", "filing_released", "filing_retried", "filing_double", "outcome"}},
        {QT_TRANSLATE_NOOP("winnow::ui::AuditPage", "Runs"), {"run_finished"}},
    };
    return groups;
}

/// A value of the log on one line, shortened as ids may be.
QString valueText(const QJsonValue &value)
{
    if (value.isString())
        return oneLine(value.toString().toStdString());
    if (value.isArray()) {
        QStringList parts;
        for (const QJsonValue &part : value.toArray())
            parts.push_back(valueText(part));
        return parts.join(QStringLiteral(", "));
    }
    if (value.isObject())
        return QString::fromUtf8(QJsonDocument(value.toObject()).toJson(QJsonDocument::Compact));
    return value.toVariant().toString();
}

/// A JSON object as lines `name: value`; anything else as it is.
QString linesOf(const std::string &json)
{
    const QJsonDocument document = QJsonDocument::fromJson(QByteArray::fromStdString(json));
    if (!document.isObject())
        return q(json);
    QStringList lines;
    const QJsonObject object = document.object();
    for (auto at = object.begin(); at != object.end(); ++at) {
        QString name = at.key();
        const QString text = at.value().isString() ? at.value().toString() : valueText(at.value());
        lines.push_back(QStringLiteral("%1: %2").arg(name.replace(QLatin1Char('_'), QLatin1Char(' ')), text));
    }
    return lines.join(QLatin1Char('\n'));
}

}

AuditPage::AuditPage(Surroundings &surroundings, QWidget *parent)
    : Page(surroundings, parent)
    , m_model(new HistoryModel(this))
    , m_filter(new QLineEdit(this))
    , m_kind(new QComboBox(this))
    , m_stack(new QStackedWidget(this))
    , m_table(nullptr)
    , m_word(new StatePanel(m_stack))
{
    m_filter->setObjectName(QStringLiteral("auditFilter"));
    m_filter->setAccessibleName(tr("Filter of the log"));
    m_filter->setPlaceholderText(tr("Filter: a person, a candidate’s title, an id"));
    m_filter->setClearButtonEnabled(true);
    m_kind->setObjectName(QStringLiteral("auditKind"));
    m_kind->setAccessibleName(tr("Which events"));
    for (const KindGroup &group : kindGroups())
        m_kind->addItem(tr(group.name));
    auto *split = new QSplitter(Qt::Horizontal, m_stack);
    split->setChildrenCollapsible(false);
    split->setHandleWidth(1);
    m_table = new RowTable(split);
    m_table->setObjectName(QStringLiteral("auditTable"));
    m_table->setAccessibleName(tr("Log"));
    m_table->setModel(m_model);
    m_table->setWidths({18, 14, 24, 0});
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
    head->addWidget(m_filter, 1);
    head->addWidget(m_kind);
    auto *layout = new QVBoxLayout(this);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->setSpacing(0);
    layout->addLayout(head);
    layout->addWidget(m_stack, 1);
    setTabOrder(m_filter, m_kind);
    setTabOrder(m_kind, m_table);
    setTabOrder(m_table, m_undo);
    setTabOrder(m_undo, m_show);
    setTabOrder(m_show, m_body);
    m_delay.setSingleShot(true);
    m_delay.setInterval(kFilterDelayMs);
    connect(&m_delay, &QTimer::timeout, this, &AuditPage::load);
    connect(m_filter, &QLineEdit::textChanged, &m_delay, qOverload<>(&QTimer::start));
    connect(m_filter, &QLineEdit::returnPressed, m_table, qOverload<>(&QWidget::setFocus));
    connect(m_kind, &QComboBox::currentIndexChanged, this, &AuditPage::load);
    connect(m_model, &HistoryModel::pageWanted, this, &AuditPage::more, Qt::QueuedConnection);
    connect(m_table, &RowTable::rowChanged, this, &AuditPage::showCurrent);
    connect(m_table, &RowTable::rowOpened, this,
            [this] { m_around.commands.trigger(QStringLiteral("audit.candidate")); });
    connect(m_word, &StatePanel::actionTaken, this, [this] {
        if (!m_failed) {
            m_filter->clear();
            m_kind->setCurrentIndex(0);
        }
        load();
    });
    addCommands();
    showCurrent();
}

QWidget *AuditPage::makeDetail()
{
    m_detail = new QWidget(this);
    m_detail->setMinimumWidth(36 * kUnit);
    m_what = new QLabel(m_detail);
    m_what->setObjectName(QStringLiteral("auditWhat"));
    m_what->setProperty("look", QStringLiteral("title"));
    m_who = new QLabel(m_detail);
    m_who->setObjectName(QStringLiteral("auditWho"));
    m_who->setProperty("look", QStringLiteral("muted"));
    m_refs = new QLabel(m_detail);
    m_refs->setObjectName(QStringLiteral("auditRefs"));
    m_refs->setTextInteractionFlags(Qt::TextSelectableByMouse);
    for (QLabel *label : {m_what, m_who, m_refs}) {
        label->setTextFormat(Qt::PlainText);
        label->setWordWrap(true);
    }
    m_body = new QPlainTextEdit(m_detail);
    m_body->setObjectName(QStringLiteral("auditBody"));
    m_body->setAccessibleName(tr("What the event says"));
    m_body->setReadOnly(true);
    m_body->setTabChangesFocus(true);
    m_undo = new QPushButton(tr("Undo this"), m_detail);
    m_undo->setObjectName(QStringLiteral("auditUndo"));
    m_show = new QPushButton(tr("Show the candidate"), m_detail);
    m_show->setObjectName(QStringLiteral("auditShow"));
    for (QPushButton *button : {m_undo, m_show})
        button->setAccessibleName(button->text());
    connect(m_undo, &QPushButton::clicked, this, [this] { m_around.commands.trigger(QStringLiteral("audit.undo")); });
    connect(m_show, &QPushButton::clicked, this,
            [this] { m_around.commands.trigger(QStringLiteral("audit.candidate")); });
    auto *buttons = new QHBoxLayout;
    buttons->setSpacing(kUnit);
    buttons->addWidget(m_undo);
    buttons->addWidget(m_show);
    buttons->addStretch(1);
    auto *layout = new QVBoxLayout(m_detail);
    layout->setContentsMargins(2 * kUnit, kUnit, 2 * kUnit, 2 * kUnit);
    layout->setSpacing(kUnit);
    layout->addWidget(m_what);
    layout->addWidget(m_who);
    layout->addLayout(buttons);
    layout->addWidget(m_refs);
    layout->addWidget(m_body, 1);
    return m_detail;
}

void AuditPage::addCommands()
{
    const QString group = tr("Log");
    const auto front = [this] { return isInFront() && m_around.desk.isOpen(); };
    const auto add = [&](const char *id, const QString &text, const QKeySequence &key, std::function<void()> run,
                         std::function<bool()> enabled) {
        m_around.commands.add({QString::fromLatin1(id), text, group, {key}, std::move(run), std::move(enabled)});
    };
    add(
        "audit.next", tr("Next event"), Qt::Key_J, [this] { m_table->step(1); }, front);
    add(
        "audit.previous", tr("Previous event"), Qt::Key_K, [this] { m_table->step(-1); }, front);
    add(
        "audit.undo", tr("Undo this event"), Qt::Key_U, [this] { undo(); },
        [this, front] { return front() && current() && current()->undoable; });
    add(
        "audit.candidate", tr("Show the event’s candidate"), Qt::Key_O,
        [this] { m_around.showCandidate(current()->incident); },
        [this, front] { return front() && current() && !current()->incident.empty(); });
    add(
        "audit.filter", tr("Filter the log"), QKeySequence(Qt::CTRL | Qt::Key_L),
        [this] {
            m_filter->setFocus();
            m_filter->selectAll();
        },
        front);
}

void AuditPage::opened()
{
    m_loaded = false;
    m_word->showLoading(tr("Reading the log …"));
    m_stack->setCurrentWidget(m_word);
    load();
}

void AuditPage::closed()
{
    m_loaded = false;
    m_model->reset({}, false);
    showCurrent();
}

void AuditPage::refresh()
{
    load();
}

void AuditPage::shown()
{
    m_table->setFocus();
    showCurrent();
}

HistoryRequest AuditPage::request() const
{
    HistoryRequest request;
    request.kinds = kindGroups()[std::size_t(m_kind->currentIndex())].kinds;
    request.words = m_filter->text().simplified().toStdString();
    request.limit = HistoryModel::kPage;
    return request;
}

void AuditPage::load()
{
    if (!m_around.desk.isOpen())
        return;
    HistoryRequest wanted = request();
    // what somebody has scrolled to stays in sight
    wanted.limit = std::max(wanted.limit, std::size_t(m_table->currentRow() + 1));
    m_around.desk.ask(
        DeskRunner::Thread::Lists, DeskRunner::Audit, this,
        [wanted](Desk &desk, std::stop_token stop) { return desk.history(wanted, stop); },
        [this, limit = wanted.limit](Result<std::vector<HistoryEntry>> entries) {
            m_failed = !entries;
            if (!entries) {
                m_word->showError(tr("The log cannot be read"), errorText(entries.error()), tr("Try again"));
                m_stack->setCurrentWidget(m_word);
                return;
            }
            const bool first = !m_loaded;
            m_loaded = true;
            const int row = m_table->currentRow();
            const std::string before = current() ? current()->event.id : std::string();
            const bool all = entries->size() < limit;
            m_model->reset(std::move(*entries), !all);
            const int same = row > 0 ? m_model->rowOf(before) : -1; // at the top one sees what comes
            m_table->setCurrentRow(same >= 0 ? same : std::clamp(row, 0, std::max(0, m_model->rowCount() - 1)));
            showList();
            if (first && isInFront())
                m_table->setFocus(); // it could not have it before it was there to be seen
        });
}

void AuditPage::more(const Event &before)
{
    HistoryRequest wanted = request();
    wanted.before = before;
    m_around.desk.ask(
        DeskRunner::Thread::Lists, DeskRunner::Audit, this,
        [wanted](Desk &desk, std::stop_token stop) { return desk.history(wanted, stop); },
        [this, limit = wanted.limit](Result<std::vector<HistoryEntry>> entries) {
            if (!entries) {
                m_around.toast.showError(errorText(entries.error()));
                m_model->append({}, false);
                return;
            }
            const bool all = entries->size() < limit;
            m_model->append(std::move(*entries), !all);
        });
}

void AuditPage::showList()
{
    showCurrent();
    if (!m_loaded)
        return;
    if (m_model->rowCount() > 0) {
        m_stack->setCurrentIndex(0);
        return;
    }
    if (!m_filter->text().isEmpty() || m_kind->currentIndex() > 0)
        m_word->showEmpty(tr("Nothing matches"), tr("No event passes this filter."), tr("Show all"));
    else
        m_word->showEmpty(tr("Nothing has happened yet"), tr("Each decision and each run stands here for good."));
    m_stack->setCurrentWidget(m_word);
}

const HistoryEntry *AuditPage::current() const
{
    return m_table ? m_model->entryAt(m_table->currentRow()) : nullptr;
}

void AuditPage::showCurrent()
{
    const HistoryEntry *entry = current();
    m_detail->setVisible(entry != nullptr);
    if (!entry)
        return;
    const Event &event = entry->event;
    m_what->setText(entry->undone ? tr("%1 (taken back)").arg(eventName(event.kind)) : eventName(event.kind));
    m_who->setText(tr("%1 · %2").arg(oneLine(event.actor), timeText(event.at)));
    m_refs->setText(entry->title.empty() ? QString() : oneLine(entry->title));
    m_refs->setVisible(!entry->title.empty());
    QStringList parts{tr("event: %1").arg(q(event.id)), linesOf(event.refs)};
    if (event.bodyErased)
        parts.push_back(tr("Its words were erased with a person; the chain still holds."));
    else if (event.body)
        parts.push_back(linesOf(*event.body));
    if (const QString text = parts.join(QStringLiteral("\n\n")); text != m_body->toPlainText())
        m_body->setPlainText(text);
    m_undo->setEnabled(m_around.commands.isEnabled(QStringLiteral("audit.undo")));
    m_show->setEnabled(m_around.commands.isEnabled(QStringLiteral("audit.candidate")));
}

void AuditPage::undo()
{
    m_around.desk.ask(
        DeskRunner::Thread::Hands, DeskRunner::InTurn, this,
        [id = current()->event.id](Desk &desk, std::stop_token) { return desk.restingOn(id); },
        [this, event = *current()](Result<std::vector<HistoryEntry>> later) {
            if (!later) {
                m_around.toast.showError(errorText(later.error()));
                return;
            }
            if (later->empty()) {
                undoWith(event, false);
                return;
            }
            auto *dialog = new UndoDialog(event, *later, this);
            connect(dialog, &QDialog::accepted, this, [this, event] { undoWith(event, true); });
            dialog->open();
        });
}

void AuditPage::undoWith(const HistoryEntry &event, bool withLater)
{
    m_around.desk.ask(
        DeskRunner::Thread::Hands, DeskRunner::InTurn, this,
        [id = event.event.id, withLater](Desk &desk, std::stop_token) { return desk.undo(id, withLater); },
        [this, event](Result<GroupingDone> done) {
            if (done)
                m_around.toast.show(tr("Undone: %1").arg(eventName(event.event.kind)));
            else
                m_around.toast.showError(errorText(done.error()));
            load();
        });
}

}
