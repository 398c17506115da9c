#include "ui/widgets/decisionpane.h"

#include <algorithm>

#include <QAbstractTextDocumentLayout>
#include <QGridLayout>
#include <QLabel>
#include <QLineEdit>
#include <QMenu>
#include <QPlainTextEdit>
#include <QPushButton>
#include <QStackedWidget>
#include <QTextBlock>
#include <QTextDocument>
#include <QTextEdit>
#include <QVBoxLayout>

#include "ui/commands/commandregistry.h"
#include "ui/text/words.h"
#include "ui/theme/theme.h"
#include "ui/widgets/factorbars.h"

namespace winnow::ui
{

namespace
{

/// A document that fetches nothing: a draft holds words of customers.
class ClosedDocument : public QTextDocument
{
public:
    using QTextDocument::QTextDocument;

protected:
    QVariant loadResource(int, const QUrl &) override { return {}; }
};

QLabel *plainLabel(QWidget *parent)
{
    auto *label = new QLabel(parent);
    label->setTextFormat(Qt::PlainText);
    label->setWordWrap(true);
    return label;
}

}

DecisionPane::DecisionPane(CommandRegistry &commands, QWidget *parent)
    : QScrollArea(parent)
    , m_commands(commands)
{
    setWidgetResizable(true);
    setFrameShape(QFrame::NoFrame);
    setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    setAccessibleName(tr("Decision"));
    setFocusPolicy(Qt::NoFocus);
    auto *content = new QWidget(this);
    content->setAutoFillBackground(true);
    content->setBackgroundRole(QPalette::Base);
    m_layout = new QVBoxLayout(content);
    m_layout->setContentsMargins(2 * kUnit, 2 * kUnit, 2 * kUnit, 2 * kUnit);
    m_layout->setSpacing(kUnit);

    m_title = plainLabel(content);
    m_title->setObjectName(QStringLiteral("candidateTitle"));
    m_band = plainLabel(content);
    m_band->setWordWrap(false);
    m_kind = plainLabel(content);
    m_priority = plainLabel(content);
    m_next = plainLabel(content);
    m_layout->addWidget(m_title);
    auto *facts = new QHBoxLayout;
    facts->setSpacing(kUnit);
    facts->addWidget(m_band);
    facts->addWidget(m_kind, 1);
    facts->addWidget(m_priority);
    m_layout->addLayout(facts);
    m_layout->addWidget(m_next);

    auto *grid = new QGridLayout;
    grid->setSpacing(kUnit);
    const std::array<QString, 6> commandsShown{QStringLiteral("decide.approve"), QStringLiteral("decide.attach"),
                                               QStringLiteral("decide.reject"),  QStringLiteral("decide.edit"),
                                               QStringLiteral("decide.snooze"),  QStringLiteral("decide.escalate")};
    for (std::size_t i = 0; i < commandsShown.size(); ++i)
        grid->addWidget(button(commandsShown[i], i == 0), int(i) / 2, int(i) % 2);
    m_layout->addSpacing(kUnit);
    m_layout->addLayout(grid);

    m_layout->addWidget(heading(tr("Why this priority")));
    m_bars = new FactorBars(content);
    m_layout->addWidget(m_bars);
    m_override = plainLabel(content);
    m_layout->addWidget(m_override);

    m_layout->addWidget(heading(tr("What may cause it")));
    for (QLabel *&cause : m_causes) {
        cause = plainLabel(content);
        m_layout->addWidget(cause);
    }

    m_layout->addWidget(heading(tr("Nearest tickets")));
    for (std::size_t i = 0; i < m_tickets.size(); ++i) {
        m_tickets[i] = new QPushButton(content);
        m_tickets[i]->setObjectName(QStringLiteral("ticket%1").arg(i + 1));
        m_tickets[i]->setFocusPolicy(Qt::TabFocus);
        m_tickets[i]->setSizePolicy(QSizePolicy::Ignored, QSizePolicy::Fixed);
        m_layout->addWidget(m_tickets[i]);
        connect(m_tickets[i], &QPushButton::clicked, this,
                [this, i] { Q_EMIT ticketChosen(m_tickets[i]->property("ticket").toString()); });
    }
    m_noTickets = plainLabel(content);
    m_noTickets->setText(tr("None is near: this is new."));
    m_layout->addWidget(m_noTickets);

    m_layout->addWidget(heading(tr("Draft of the ticket")));
    m_draft = new QStackedWidget(content);
    auto *shown = new QWidget(m_draft);
    auto *shownLayout = new QVBoxLayout(shown);
    shownLayout->setContentsMargins(0, 0, 0, 0);
    shownLayout->setSpacing(kUnit);
    m_draftTitle = plainLabel(shown);
    m_preview = new QTextEdit(shown);
    m_preview->setDocument(new ClosedDocument(m_preview));
    m_preview->setReadOnly(true);
    m_preview->setTabChangesFocus(true);
    m_preview->setAccessibleName(tr("Preview of the draft"));
    m_preview->setVerticalScrollBarPolicy(Qt::ScrollBarAlwaysOff); // the pane scrolls, with all that is in it
    m_preview->document()->setDocumentMargin(0);
    connect(m_preview->document()->documentLayout(), &QAbstractTextDocumentLayout::documentSizeChanged, this,
            [this](const QSizeF &size) { m_preview->setFixedHeight(int(size.height()) + kUnit); });
    m_preview->setFrameShape(QFrame::NoFrame);
    shownLayout->addWidget(m_draftTitle);
    shownLayout->addWidget(m_preview, 1);
    auto *edit = new QWidget(m_draft);
    auto *editLayout = new QVBoxLayout(edit);
    editLayout->setContentsMargins(0, 0, 0, 0);
    editLayout->setSpacing(kUnit);
    m_editTitle = new QLineEdit(edit);
    m_editTitle->setObjectName(QStringLiteral("draftTitle"));
    m_editTitle->setAccessibleName(tr("Title of the draft"));
    m_editBody = new QPlainTextEdit(edit);
    m_editBody->setObjectName(QStringLiteral("draftBody"));
    m_editBody->setTabChangesFocus(true);
    m_editBody->setAccessibleName(tr("Text of the draft"));
    m_editBody->setMinimumHeight(40 * kUnit);
    editLayout->addWidget(m_editTitle);
    editLayout->addWidget(m_editBody, 1);
    auto *row = new QHBoxLayout;
    row->setSpacing(kUnit);
    auto *save = new QPushButton(tr("Save"), edit);
    save->setAccessibleName(tr("Save the draft"));
    save->setObjectName(QStringLiteral("draftSave"));
    connect(save, &QPushButton::clicked, this, &DecisionPane::editSaved);
    row->addWidget(button(QStringLiteral("draft.approve"), true));
    row->addWidget(save);
    row->addWidget(button(QStringLiteral("draft.leave")));
    editLayout->addLayout(row);
    m_draft->addWidget(shown);
    m_draft->addWidget(edit);
    m_layout->addWidget(m_draft, 1);
    setWidget(content);
    connect(&m_commands, &CommandRegistry::keysChanged, this, &DecisionPane::showKeys);
    connect(&Theme::instance(), &Theme::changed, this, &DecisionPane::restyle);
    for (const auto &[label, look] : {std::pair(m_title, "title"),
                                      {m_priority, "number"},
                                      {m_draftTitle, "strong"},
                                      {m_kind, "muted"},
                                      {m_next, "muted"},
                                      {m_override, "muted"},
                                      {m_noTickets, "muted"}})
        setLook(label, look);
    showKeys();
    clearCandidate();
}

QLabel *DecisionPane::heading(const QString &text)
{
    auto *label = plainLabel(widget() ? widget() : this);
    label->setText(text);
    label->setContentsMargins(0, 2 * kUnit, 0, 0);
    setLook(label, "heading");
    return label;
}

QPushButton *DecisionPane::button(const QString &command, bool primary)
{
    auto *button = new QPushButton(this);
    button->setObjectName(command);
    button->setProperty("primary", primary);
    button->setSizePolicy(QSizePolicy::Ignored, QSizePolicy::Fixed); // as wide as the pane, not as its text
    button->setFocusPolicy(Qt::TabFocus); // a click leaves the focus where the keys are
    if (command == QLatin1String("decide.reject")) {
        auto *menu = new QMenu(button);
        for (const std::string_view reason : kRejectReasons) {
            const QString id = QStringLiteral("reject.") + QString::fromLatin1(reason.data(), int(reason.size()));
            menu->addAction(reasonName(reason), this, [this, id] { m_commands.trigger(id); });
        }
        connect(button, &QPushButton::clicked, this,
                [button, menu] { menu->popup(button->mapToGlobal(QPoint(0, button->height()))); });
    } else {
        connect(button, &QPushButton::clicked, this, [this, command] { m_commands.trigger(command); });
    }
    m_buttons.emplace_back(button, command);
    return button;
}

void DecisionPane::showKeys()
{
    for (auto &[button, id] : m_buttons) {
        const bool reject = id == QLatin1String("decide.reject");
        const Command *command = m_commands.find(reject ? QStringLiteral("reject.not_issue") : id);
        QString key = m_commands.keyText(reject ? QStringLiteral("reject.not_issue") : id);
        if (reject)
            key = key.section(QLatin1Char(' '), 0, 0);
        const QString text = reject ? tr("Reject …") : command ? command->text : QString();
        button->setText(key.isEmpty() ? text : text + QStringLiteral("   ") + key);
        button->setAccessibleName(text);
        button->setToolTip(key.isEmpty() ? text : tr("%1 (%2)").arg(text, key));
    }
}

void DecisionPane::restyle()
{
    if (m_has)
        setCandidate(CandidateDetail(m_candidate)); // what is coloured by hand
}

void DecisionPane::clearCandidate()
{
    m_has = false;
    m_candidate = {};
    endEdit();
    widget()->setVisible(false);
}

void DecisionPane::setCandidate(const CandidateDetail &candidate)
{
    m_candidate = candidate;
    m_has = true;
    endEdit();
    const Theme &theme = Theme::instance();
    const Incident &incident = candidate.incident;
    const Band band = candidate.state == "escalated" ? Band::Escalate : candidate.band;
    m_title->setText(oneLine(candidate.title));
    m_band->setText(bandName(band));
    m_band->setStyleSheet(QStringLiteral("background: %1; color: %2; border-radius: 4px; padding: 2px 8px;")
                              .arg(theme.color(Theme::band(band)).name(), theme.color(Theme::onBand(band)).name()));
    QStringList kind{typeName(incident.type), severityName(incident.severity)};
    if (candidate.state != "open" && candidate.state != "escalated")
        kind.push_front(stateName(candidate.state));
    kind.push_back(tr("%n report(s)", nullptr, int(incident.reports)));
    kind.push_back(tr("%n customer(s)", nullptr, int(incident.authors)));
    m_kind->setText(kind.join(QStringLiteral(" · ")));
    m_priority->setText(QString::number(candidate.score.priority, 'f', 1));
    m_priority->setAccessibleName(tr("Priority %1").arg(m_priority->text()));
    m_next->setText(oneLine(candidate.nextBand));
    m_next->setVisible(!candidate.nextBand.empty());
    m_bars->setScore(candidate.score);
    m_override->setText(oneLine(candidate.score.overrideReason));
    m_override->setVisible(!candidate.score.overrideReason.empty());
    for (std::size_t i = 0; i < m_causes.size(); ++i) {
        const bool there = i < incident.rootCauses.size();
        m_causes[i]->setVisible(there);
        if (!there)
            continue;
        const RootCause &cause = incident.rootCauses[i];
        const QString label = cause.label == "unknown" ? tr("not known") : oneLine(cause.label);
        const QString line = tr("%1 %  %2").arg(qRound(cause.p * 100)).arg(label);
        m_causes[i]->setText(cause.basis.empty() ? line : tr("%1 (%2)").arg(line, oneLine(cause.basis)));
    }
    for (std::size_t i = 0; i < m_tickets.size(); ++i) {
        const bool there = i < candidate.matching.matches.size();
        m_tickets[i]->setVisible(there);
        if (!there)
            continue;
        const TicketMatch &match = candidate.matching.matches[i];
        const auto known = std::find_if(candidate.tickets.begin(), candidate.tickets.end(),
                                        [&](const KnownTicket &ticket) { return ticket.id == match.ticket; });
        const QString id = oneLine(match.ticket),
                      title = known == candidate.tickets.end() ? QString() : oneLine(known->title);
        const QString status = known == candidate.tickets.end() ? QString() : oneLine(known->status);
        QString line = tr("%1  %2 % %3").arg(id).arg(qRound(match.p * 100)).arg(relationName(match.relation));
        if (!status.isEmpty())
            line += QStringLiteral(" · ") + status;
        m_tickets[i]->setProperty("ticket", q(match.ticket));
        m_tickets[i]->setText(QString(line).replace(QLatin1Char('&'), QStringLiteral("&&")));
        m_tickets[i]->setAccessibleName(tr("Attach to %1, %2").arg(line, title));
        m_tickets[i]->setToolTip(title);
    }
    m_noTickets->setVisible(candidate.matching.matches.empty());
    const Draft draft = candidate.draft.value_or(Draft{});
    m_draftTitle->setText(oneLine(draft.title));
    m_preview->document()->setMarkdown(q(draft.body),
                                       QTextDocument::MarkdownFeatures(QTextDocument::MarkdownDialectCommonMark)
                                           | QTextDocument::MarkdownNoHTML);
    // the headings of a ticket are no headings here
    for (QTextBlock block = m_preview->document()->begin(); block.isValid(); block = block.next()) {
        if (block.blockFormat().headingLevel() == 0)
            continue;
        QTextCursor cursor(block);
        cursor.select(QTextCursor::BlockUnderCursor);
        QTextCharFormat format;
        format.setProperty(QTextFormat::FontSizeAdjustment, 0);
        format.setFontWeight(QFont::Bold);
        cursor.mergeCharFormat(format);
    }
    m_preview->moveCursor(QTextCursor::Start);
    m_editTitle->setText(oneLine(draft.title));
    m_editBody->setPlainText(q(draft.body));
    widget()->setVisible(true);
    ensureVisible(0, 0);
}

void DecisionPane::startEdit()
{
    if (!m_has)
        return;
    m_draft->setCurrentIndex(1);
    ensureWidgetVisible(m_editBody);
    m_editTitle->setFocus();
    m_editTitle->selectAll();
}

void DecisionPane::endEdit()
{
    if (m_draft->currentIndex() == 1)
        m_draft->setCurrentIndex(0);
}

bool DecisionPane::isEditing() const
{
    return m_draft->currentIndex() == 1;
}

Draft DecisionPane::edited() const
{
    Draft draft = m_candidate.draft.value_or(Draft{});
    draft.title = m_editTitle->text().toStdString();
    draft.body = m_editBody->toPlainText().toStdString();
    return draft;
}

void DecisionPane::toggleWhy()
{
    m_bars->setDetailed(!m_bars->isDetailed());
    ensureWidgetVisible(m_bars);
}

}
