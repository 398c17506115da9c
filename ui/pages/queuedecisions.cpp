// The Queue page: commands and decisions.

#include <QLabel>
#include <QLineEdit>
#include <QListView>

#include "ui/commands/commandregistry.h"
#include "ui/dialogs/choicepopup.h"
#include "ui/dialogs/historydialog.h"
#include "ui/dialogs/splitdialog.h"
#include "ui/pages/queuepage.h"
#include "ui/runner/deskrunner.h"
#include "ui/text/words.h"
#include "ui/widgets/decisionpane.h"
#include "ui/widgets/evidencepane.h"
#include "ui/widgets/toast.h"

namespace winnow::ui
{

namespace
{

constexpr std::size_t kTicketsListed = 2000;

QString doneText(const Decision &decision, const QString &subject)
{
    switch (decision.kind) {
    case Decision::Kind::Approve:
        return QueuePage::tr("Approved into the outbox: %1").arg(subject);
    case Decision::Kind::Attach:
        return QueuePage::tr("Attached to %1: %2").arg(q(decision.ticket), subject);
    case Decision::Kind::Reject:
        return QueuePage::tr("Rejected (%1): %2").arg(reasonName(decision.reason), subject);
    case Decision::Kind::Snooze:
        return QueuePage::tr("Snoozed: %1").arg(subject);
    case Decision::Kind::Escalate:
        return QueuePage::tr("Escalated: %1").arg(subject);
    case Decision::Kind::Edit:
        break;
    }
    return QueuePage::tr("Draft saved: %1").arg(subject);
}

/// `2026-12-01` or `+20`; nothing for anything else.
std::optional<Decision> snoozeFrom(const QString &text)
{
    Decision decision;
    decision.kind = Decision::Kind::Snooze;
    bool good = false;
    if (text.startsWith(QLatin1Char('+'))) {
        const uint more = text.mid(1).toUInt(&good);
        decision.moreReports = more;
        return good && more > 0 ? std::optional(decision) : std::nullopt;
    }
    decision.until = parseTime(text.toStdString());
    return decision.until && *decision.until > thisMoment() ? std::optional(decision) : std::nullopt;
}

}

void QueuePage::addCommands()
{
    addSteps();
    addDecisions();
    addGroups();
}

void QueuePage::addSteps()
{
    const auto front = [this] { return isInFront() && m_around.desk.isOpen(); };
    const auto shows = [this, front] { return front() && m_shown.has_value(); };
    const QString group = tr("Look");
    CommandRegistry &commands = m_around.commands;
    const auto add = [&](const char *id, const QString &text, const QList<QKeySequence> &keys,
                         std::function<void()> run, std::function<bool()> enabled) {
        commands.add({QString::fromLatin1(id), text, group, keys, std::move(run), std::move(enabled)});
    };
    add(
        "queue.next", tr("Next candidate"), {QKeySequence(Qt::Key_J), QKeySequence(Qt::Key_Down)},
        [this] { moveBy(1, false); }, front);
    add(
        "queue.previous", tr("Previous candidate"), {QKeySequence(Qt::Key_K), QKeySequence(Qt::Key_Up)},
        [this] { moveBy(-1, false); }, front);
    add(
        "queue.first", tr("First candidate"), {QKeySequence(Qt::Key_Home)}, [this] { setCurrent(0); }, front);
    add(
        "queue.last", tr("Last candidate"), {QKeySequence(Qt::Key_End)},
        [this] { setCurrent(m_model->rowCount() - 1); }, front);
    add(
        "quote.next", tr("Next quote"), {QKeySequence(Qt::Key_Q)}, [this] { m_evidence->stepQuote(1); }, shows);
    add(
        "quote.previous", tr("Previous quote"), {QKeySequence(Qt::SHIFT | Qt::Key_Q)},
        [this] { m_evidence->stepQuote(-1); }, shows);
    add(
        "evidence.full", tr("Full source"), {QKeySequence(Qt::Key_Space)},
        [this] { m_evidence->setFull(!m_evidence->isFull()); }, shows);
    add(
        "score.why", tr("Why this score"), {QKeySequence(Qt::Key_W)}, [this] { m_decision->toggleWhy(); }, shows);
    add(
        "queue.filter", tr("Filter the queue"), {QKeySequence(Qt::CTRL | Qt::Key_L)},
        [this] {
            m_filter->setFocus();
            m_filter->selectAll();
        },
        front);
    add(
        "select.toggle", tr("Select"), {QKeySequence(Qt::Key_X)},
        [this] {
            const std::int64_t key = m_model->keyAt(m_list->currentIndex().row());
            if (key)
                m_model->setMarked(key, !m_model->isMarked(key));
        },
        front);
    add(
        "select.down", tr("Extend the selection down"),
        {QKeySequence(Qt::SHIFT | Qt::Key_J), QKeySequence(Qt::SHIFT | Qt::Key_Down)}, [this] { moveBy(1, true); },
        front);
    add(
        "select.up", tr("Extend the selection up"),
        {QKeySequence(Qt::SHIFT | Qt::Key_K), QKeySequence(Qt::SHIFT | Qt::Key_Up)}, [this] { moveBy(-1, true); },
        front);
    add(
        "select.similar", tr("Select all similar"), {QKeySequence(Qt::Key_Asterisk)}, [this] { markSimilar(); }, shows);
    add(
        "select.none", tr("Select nothing"), {QKeySequence(Qt::Key_Escape)},
        [this] {
            m_decision->endEdit();
            m_model->clearMarks();
            m_list->setFocus();
        },
        front);
}

void QueuePage::addDecisions()
{
    const QString group = tr("Decide");
    CommandRegistry &commands = m_around.commands;
    const auto can = [this] { return canDecide(); };
    const auto simple = [this](Decision::Kind kind) {
        return [this, kind] {
            Decision decision;
            decision.kind = kind;
            decide(decision);
        };
    };
    commands.add({QStringLiteral("decide.approve"),
                  tr("Approve"),
                  group,
                  {QKeySequence(Qt::Key_1)},
                  simple(Decision::Kind::Approve),
                  can});
    commands.add({QStringLiteral("decide.attach"),
                  tr("Attach to a ticket"),
                  group,
                  {QKeySequence(Qt::Key_2)},
                  [this] { attach(); },
                  can});
    int digit = 0;
    for (const std::string_view reason : kRejectReasons) {
        ++digit;
        commands.add({QStringLiteral("reject.") + QString::fromLatin1(reason.data(), int(reason.size())),
                      tr("Reject: %1").arg(reasonName(reason)),
                      group,
                      {QKeySequence(Qt::Key_3, Qt::Key(Qt::Key_0 + digit))},
                      [this, reason] {
                          Decision decision;
                          decision.kind = Decision::Kind::Reject;
                          decision.reason = std::string(reason);
                          decide(decision);
                      },
                      can});
    }
    commands.add({QStringLiteral("decide.edit"),
                  tr("Edit the draft"),
                  group,
                  {QKeySequence(Qt::Key_4)},
                  [this] { m_decision->startEdit(); },
                  [this, can] { return can() && m_model->markedCount() == 0; }});
    commands.add({QStringLiteral("draft.approve"),
                  tr("Approve the draft"),
                  group,
                  {QKeySequence(Qt::CTRL | Qt::Key_Return), QKeySequence(Qt::CTRL | Qt::Key_Enter)},
                  [this] {
                      m_decision->isEditing() ? saveEdit(true)
                                              : void(m_around.commands.trigger(QStringLiteral("decide.approve")));
                  },
                  can});
    commands.add({QStringLiteral("draft.leave"),
                  tr("Leave the draft as it was"),
                  group,
                  {},
                  [this] {
                      m_decision->endEdit();
                      m_list->setFocus();
                  },
                  [this] { return m_decision->isEditing(); }});
    commands.add(
        {QStringLiteral("decide.snooze"), tr("Snooze"), group, {QKeySequence(Qt::Key_H)}, [this] { snooze(); }, can});
    commands.add({QStringLiteral("decide.escalate"),
                  tr("Escalate"),
                  group,
                  {QKeySequence(Qt::Key_E)},
                  simple(Decision::Kind::Escalate),
                  can});
    commands.add({QStringLiteral("decide.repeat"),
                  tr("Repeat the last decision"),
                  group,
                  {QKeySequence(Qt::Key_Period)},
                  [this] { decide(Decision(*m_last)); },
                  [this, can] { return can() && m_last.has_value(); }});
}

void QueuePage::addGroups()
{
    CommandRegistry &commands = m_around.commands;
    const auto open = [this] { return m_around.desk.isOpen(); };
    const auto shows = [this] { return isInFront() && m_around.desk.isOpen() && m_shown.has_value(); };
    const QString group = tr("Group");
    commands.add({QStringLiteral("group.merge"),
                  tr("Merge the selected"),
                  group,
                  {QKeySequence(Qt::Key_M)},
                  [this] { merge(); },
                  shows});
    commands.add(
        {QStringLiteral("group.split"), tr("Split"), group, {QKeySequence(Qt::Key_S)}, [this] { split(); }, shows});
    commands.add({QStringLiteral("group.expel"),
                  tr("Expel this report"),
                  group,
                  {QKeySequence(Qt::Key_Delete)},
                  [this] { expel(); },
                  shows});
    const QString edit = tr("Edit");
    commands.add({QStringLiteral("edit.undo"),
                  tr("Undo"),
                  edit,
                  {QKeySequence(Qt::CTRL | Qt::Key_Z)},
                  [this] { undo(); },
                  open});
    commands.add({QStringLiteral("edit.redo"),
                  tr("Redo"),
                  edit,
                  {QKeySequence(Qt::CTRL | Qt::SHIFT | Qt::Key_Z), QKeySequence(Qt::CTRL | Qt::Key_Y)},
                  [this] { redo(); },
                  open});
    commands.add({QStringLiteral("edit.history"),
                  tr("History"),
                  edit,
                  {QKeySequence(Qt::CTRL | Qt::Key_H)},
                  [this] { showHistory(); },
                  open});
}

std::vector<QueuePage::Subject> QueuePage::subjects() const
{
    std::vector<Subject> list;
    for (const std::int64_t key : m_model->marked())
        if (const QueueRow *row = m_model->rowAt(m_model->rowOf(key)))
            list.push_back({key, row->candidate, oneLine(row->title)});
    if (list.empty() && m_shown)
        list.push_back({m_shownKey, m_shown->id, oneLine(m_shown->title)});
    return list;
}

bool QueuePage::canDecide() const
{
    return isInFront() && m_around.desk.isOpen() && m_shown.has_value()
        && (m_shown->state == "open" || m_shown->state == "escalated" || m_shown->state == "snoozed"
            || m_shown->state == "rejected");
}

void QueuePage::decide(const Decision &given)
{
    const std::vector<Subject> all = subjects();
    if (all.empty())
        return;
    Decision decision = given;
    decision.millisecondsOnScreen = m_onScreen.isValid() ? m_onScreen.elapsed() : 0;
    const bool leaves = decision.kind != Decision::Kind::Escalate && decision.kind != Decision::Kind::Edit;
    if (decision.kind != Decision::Kind::Edit)
        m_last = given;
    ++m_made;
    // the next one comes at once; what the disk refuses comes back
    const int row = m_list->currentIndex().row();
    std::vector<std::string> incidents;
    for (const Subject &subject : all) {
        incidents.push_back(subject.incident);
        m_details.remove(q(subject.incident));
    }
    const bool alone = all.size() == 1 && m_shownKey == 0; // shown, but not in the queue
    m_visiting = false; // decided: the queue goes on
    if (leaves && !alone) {
        m_removing = true;
        int above = 0;
        for (const Subject &subject : all) {
            const int at = m_model->rowOf(subject.key);
            above += at >= 0 && at < row;
            m_model->remove(subject.key);
        }
        m_removing = false;
        m_shown.reset();
        ++m_looks;
        setCurrent(std::clamp(row - above, 0, std::max(0, m_model->rowCount() - 1)));
        currentChanged();
    } else if (!alone && decision.kind != Decision::Kind::Edit) {
        m_model->clearMarks();
        moveBy(1, false);
    }
    m_list->setFocus();
    const QString subject = all.size() == 1 ? all.front().title : tr("%n candidate(s)", nullptr, int(all.size()));
    m_around.desk.ask(
        DeskRunner::Thread::Hands, DeskRunner::InTurn, this,
        [incidents, decision](Desk &desk, std::stop_token) -> Result<std::vector<std::string>> {
            std::vector<std::string> events;
            for (const std::string &incident : incidents) {
                auto event = desk.decide(incident, decision);
                if (!event)
                    return tl::unexpected(event.error());
                events.push_back(std::move(*event));
            }
            return events;
        },
        [this, decision, subject, key = all.front().key](Result<std::vector<std::string>> events) {
            if (!events) {
                m_wantedKey = key;
                refused(events.error());
                return;
            }
            QStringList ids;
            for (const std::string &event : *events)
                ids.push_back(q(event));
            Q_EMIT confirmed(ids);
            m_around.toast.show(doneText(decision, subject), tr("Undo"), [this, events = *events] {
                m_around.desk.ask(
                    DeskRunner::Thread::Hands, DeskRunner::InTurn, this,
                    [events](Desk &desk, std::stop_token) -> Result<GroupingDone> {
                        Result<GroupingDone> done;
                        for (auto event = events.rbegin(); event != events.rend(); ++event)
                            if (done = desk.undo(*event, false); !done)
                                return done;
                        return done;
                    },
                    [this](Result<GroupingDone> done) { regrouped(done, tr("Undone")); });
            });
        });
}

void QueuePage::saveEdit(bool approve)
{
    if (!m_shown)
        return;
    Decision edit;
    edit.kind = Decision::Kind::Edit;
    edit.draft = m_decision->edited();
    const bool changed = !m_shown->draft || *m_shown->draft != *edit.draft;
    m_decision->endEdit();
    m_list->setFocus();
    if (changed)
        decide(edit);
    if (approve) {
        Decision decision; // follows the edit on the same thread
        decide(decision);
    }
}

void QueuePage::attach()
{
    QList<ChoicePopup::Entry> entries;
    for (const TicketMatch &match : m_shown->matching.matches) {
        QString text =
            tr("%1  %2 % %3").arg(oneLine(match.ticket)).arg(qRound(match.p * 100)).arg(relationName(match.relation));
        for (const KnownTicket &ticket : m_shown->tickets)
            if (ticket.id == match.ticket)
                text += QStringLiteral("  ") + oneLine(ticket.title).left(60);
        entries.push_back({text, q(match.ticket)});
    }
    auto *popup =
        new ChoicePopup(tr("Attach to which ticket?"), entries, tr("Words or the number of another ticket"), {}, this);
    m_around.desk.ask(
        DeskRunner::Thread::Lists, DeskRunner::Table, popup,
        [](Desk &desk, std::stop_token) { return desk.tickets(kTicketsListed); },
        [popup](Result<std::vector<KnownTicket>> tickets) {
            QList<ChoicePopup::Entry> others;
            if (tickets)
                for (const KnownTicket &ticket : *tickets)
                    others.push_back(
                        {oneLine(ticket.id) + QStringLiteral("  ") + oneLine(ticket.title).left(80), q(ticket.id)});
            popup->addEntries(others);
        });
    connect(popup, &ChoicePopup::chosen, this, [this](const QString &ticket) {
        Decision decision;
        decision.kind = Decision::Kind::Attach;
        decision.ticket = ticket.toStdString();
        decide(decision);
    });
    popup->open();
}

void QueuePage::snooze()
{
    const auto day = [](int days) { return q(formatTime(thisMoment() + std::chrono::hours(24 * days))).left(10); };
    const std::uint32_t reports = m_shown->incident.reports;
    const QList<ChoicePopup::Entry> entries{
        {tr("Until tomorrow"), day(1)},
        {tr("For a week, until %1").arg(day(7)), day(7)},
        {tr("For four weeks, until %1").arg(day(28)), day(28)},
        {tr("Until its reports double (%n more)", nullptr, int(reports)), QStringLiteral("+%1").arg(reports)},
    };
    auto *popup = new ChoicePopup(
        tr("Snooze until when?"), entries, tr("A date (2026-12-01), or + and a number of reports"),
        [](const QString &typed) {
            return snoozeFrom(typed) ? QString()
                                     : tr("Write a date to come as 2026-12-01, or + and how many more reports.");
        },
        this);
    connect(popup, &ChoicePopup::chosen, this, [this](const QString &until) {
        if (const auto decision = snoozeFrom(until))
            decide(*decision);
    });
    popup->open();
}

void QueuePage::merge()
{
    const std::vector<Subject> all = subjects();
    if (all.size() < 2) {
        m_around.toast.show(tr("Select two or more candidates with %1 first: the first one takes the others in.")
                                .arg(m_around.commands.keyText(QStringLiteral("select.toggle"))));
        return;
    }
    std::vector<std::string> incidents;
    for (const Subject &subject : all)
        incidents.push_back(subject.incident);
    m_wantedKey = all.front().key;
    m_model->clearMarks();
    m_around.desk.ask(
        DeskRunner::Thread::Hands, DeskRunner::InTurn, this,
        [incidents](Desk &desk, std::stop_token) { return desk.merge(incidents); },
        [this, count = int(all.size())](Result<GroupingDone> done) {
            regrouped(done, tr("Merged %n candidate(s)", nullptr, count));
        });
}

void QueuePage::split()
{
    auto *dialog = new SplitDialog(*m_shown, m_evidence->currentSegment(), this);
    connect(dialog, &SplitDialog::chosen, this,
            [this, incident = m_shown->id](const std::vector<std::string> &members) {
                m_around.desk.ask(
                    DeskRunner::Thread::Hands, DeskRunner::InTurn, this,
                    [incident, members](Desk &desk, std::stop_token) { return desk.split(incident, members, false); },
                    [this](Result<GroupingDone> done) { regrouped(done, tr("Split in two")); });
            });
    dialog->open();
}

void QueuePage::expel()
{
    const std::string segment = m_evidence->currentSegment();
    if (segment.empty())
        return;
    m_around.desk.ask(
        DeskRunner::Thread::Hands, DeskRunner::InTurn, this,
        [incident = m_shown->id, segment](Desk &desk, std::stop_token) {
            return desk.split(incident, {segment}, true);
        },
        [this](Result<GroupingDone> done) { regrouped(done, tr("Report expelled; it will not come back here")); });
}

void QueuePage::undo()
{
    m_around.desk.ask(
        DeskRunner::Thread::Hands, DeskRunner::InTurn, this,
        [](Desk &desk, std::stop_token) { return desk.undo({}, false); },
        [this](Result<GroupingDone> done) { regrouped(done, tr("Undone")); });
}

void QueuePage::redo()
{
    m_around.desk.ask(
        DeskRunner::Thread::Hands, DeskRunner::InTurn, this, [](Desk &desk, std::stop_token) { return desk.redo(); },
        [this](Result<GroupingDone> done) { regrouped(done, tr("Done again")); });
}

void QueuePage::showHistory()
{
    auto *dialog = new HistoryDialog(m_around.desk, this);
    connect(dialog, &HistoryDialog::undoWanted, this, [this](const QString &event, bool withLater) {
        m_around.desk.ask(
            DeskRunner::Thread::Hands, DeskRunner::InTurn, this,
            [event = event.toStdString(), withLater](Desk &desk, std::stop_token) {
                return desk.undo(event, withLater);
            },
            [this](Result<GroupingDone> done) { regrouped(done, tr("Undone")); });
    });
    dialog->open();
}

void QueuePage::regrouped(const Result<GroupingDone> &done, const QString &toast)
{
    if (!done) {
        refused(done.error());
        return;
    }
    m_around.toast.show(toast);
    ++m_made;
    refresh();
    if (isInFront() && !done->incidents.empty())
        comeTo(done->incidents.front());
}

void QueuePage::comeTo(const std::string &incident)
{
    // where it stands in the queue is known by its key
    m_around.desk.ask(
        DeskRunner::Thread::Lists, DeskRunner::Table, this,
        [incident, now = thisMoment()](Desk &desk, std::stop_token) -> Result<std::int64_t> {
            const auto id = desk.incidentId(incident);
            if (!id)
                return tl::unexpected(id.error());
            return desk.keyOf(*id);
        },
        [this](Result<std::int64_t> key) {
            if (!key)
                return; // it is gone with what was undone
            if (const int row = m_model->rowOf(*key); row >= 0) {
                setCurrent(row);
                return;
            }
            m_wantedKey = *key;
            load();
        });
}

void QueuePage::refused(const Error &error)
{
    m_around.toast.showError(errorText(error));
    ++m_made;
    refresh();
}

}
