#include "ui/widgets/searchfield.h"

#include <QFrame>
#include <QKeyEvent>
#include <QLabel>
#include <QListWidget>
#include <QScrollBar>
#include <QVBoxLayout>

#include "ui/runner/deskrunner.h"
#include "ui/text/words.h"
#include "ui/theme/theme.h"

namespace winnow::ui
{

namespace
{

constexpr int kDelayMs = 20;
constexpr int kLeast = 2; ///< letters
constexpr std::size_t kPage = 50;

/// One line of a review, with masks named.
QString lineOf(const Hit &hit)
{
    QString line = oneLine(hit.text.substr(0, 400)), out;
    for (qsizetype at = 0; at < line.size();) {
        const qsizetype close = line[at] == QChar(0x27e6) ? line.indexOf(QChar(0x27e7), at) : -1;
        if (close < 0) {
            out += line[at++];
            continue;
        }
        out += QLatin1Char('[') + maskName(line.mid(at + 1, close - at - 10)) + QLatin1Char(']');
        at = close + 1;
    }
    return out;
}

}

SearchField::SearchField(DeskRunner &desk, QWidget *parent)
    : QLineEdit(parent)
    , m_desk(desk)
    , m_panel(new QFrame(parent->window()))
    , m_list(new QListWidget(m_panel))
    , m_word(new QLabel(m_panel))
{
    setObjectName(QStringLiteral("searchField"));
    setPlaceholderText(tr("Search what customers wrote"));
    setAccessibleName(tr("Search what customers wrote"));
    setClearButtonEnabled(true);
    m_panel->setObjectName(QStringLiteral("searchPanel"));
    m_panel->setFrameShape(QFrame::StyledPanel);
    m_panel->setAutoFillBackground(true);
    m_panel->setBackgroundRole(QPalette::Base);
    m_list->setObjectName(QStringLiteral("searchList"));
    m_list->setAccessibleName(tr("What was found"));
    m_list->setFrameShape(QFrame::NoFrame);
    m_list->setUniformItemSizes(true);
    m_list->setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    m_list->setTextElideMode(Qt::ElideRight);
    m_word->setTextFormat(Qt::PlainText);
    m_word->setWordWrap(true);
    setLook(m_word, "muted");
    m_word->setContentsMargins(kUnit, kUnit / 2, kUnit, kUnit / 2);
    auto *layout = new QVBoxLayout(m_panel);
    layout->setContentsMargins(kUnit / 2, kUnit / 2, kUnit / 2, kUnit / 2);
    layout->setSpacing(0);
    layout->addWidget(m_word);
    layout->addWidget(m_list, 1);
    m_panel->hide();
    m_delay.setSingleShot(true);
    m_delay.setInterval(kDelayMs);
    connect(&m_delay, &QTimer::timeout, this, [this] { search(false); });
    connect(this, &QLineEdit::textEdited, &m_delay, qOverload<>(&QTimer::start));
    connect(this, &QLineEdit::textChanged, this, [this](const QString &text) {
        if (text.isEmpty())
            closeResults();
    });
    connect(m_list, &QListWidget::itemClicked, this, [this] { take(m_list->currentRow()); });
    connect(m_list, &QListWidget::itemActivated, this, [this] { take(m_list->currentRow()); });
    connect(m_list->verticalScrollBar(), &QScrollBar::valueChanged, this, [this](int value) {
        if (m_hasMore && value >= m_list->verticalScrollBar()->maximum())
            more();
    });
    window()->installEventFilter(this);
}

void SearchField::search(bool byRelevance)
{
    m_answered = false;
    const QString words = text().simplified();
    if (words.size() < kLeast || !m_desk.isOpen()) {
        closeResults();
        return;
    }
    SearchRequest request;
    request.words = words.toStdString();
    request.byRelevance = byRelevance;
    request.limit = kPage;
    m_desk.ask(
        DeskRunner::Thread::Search, DeskRunner::Words, this,
        [request](Desk &desk, std::stop_token stop) { return desk.search(request, stop); },
        [this, byRelevance](Result<std::vector<Hit>> hits) { showHits(hits, byRelevance, false); });
}

void SearchField::more()
{
    m_hasMore = false;
    SearchRequest request;
    request.words = text().simplified().toStdString();
    request.limit = kPage;
    request.before = m_hits.back().key;
    m_desk.ask(
        DeskRunner::Thread::Search, DeskRunner::Words, this,
        [request](Desk &desk, std::stop_token stop) { return desk.search(request, stop); },
        [this](Result<std::vector<Hit>> hits) { showHits(hits, false, true); });
}

void SearchField::showHits(const Result<std::vector<Hit>> &hits, bool byRelevance, bool append)
{
    if (!hits) {
        if (hits.error().code == ErrorCode::Cancelled)
            return;
        m_list->clear();
        m_hits.clear();
        m_word->setText(errorText(hits.error()));
    } else {
        if (!append) {
            m_list->clear();
            m_hits.clear();
        }
        for (const Hit &hit : *hits) {
            QStringList parts;
            if (const QString date = dateText(hit.at); !date.isEmpty())
                parts.push_back(date);
            parts.push_back(channelName(hit.channel));
            m_list->addItem(parts.join(QStringLiteral(" · ")) + QStringLiteral("   ") + lineOf(hit));
            m_hits.push_back(hit);
        }
        m_byRelevance = byRelevance;
        m_hasMore = !byRelevance && hits->size() == kPage;
        if (m_hits.empty())
            m_word->setText(tr("Nobody wrote that. Fewer words, or the beginning of a word, find more."));
        else if (byRelevance)
            m_word->setText(tr("The most relevant first"));
        else
            m_word->setText(tr("Newest first · Enter sorts by relevance"));
        if (!append && !m_hits.empty())
            m_list->setCurrentRow(0);
    }
    place();
    m_panel->show();
    m_panel->raise();
    m_answered = true;
    Q_EMIT answered();
}

void SearchField::place()
{
    const QPoint below = mapTo(window(), QPoint(0, height() + kUnit / 2));
    const int rows = m_list->count() ? m_list->count() * m_list->sizeHintForRow(0) : 0;
    const int height = std::min(m_word->sizeHint().height() + rows + 2 * kUnit,
                                std::min(60 * kUnit, window()->height() - below.y() - 4 * kUnit));
    m_panel->setGeometry(below.x(), below.y(), width(), height);
}

void SearchField::closeResults()
{
    m_delay.stop();
    m_panel->hide();
}

void SearchField::take(int row)
{
    if (row < 0 || std::size_t(row) >= m_hits.size())
        return;
    const Hit hit = m_hits[std::size_t(row)];
    closeResults();
    Q_EMIT hitChosen(hit);
}

void SearchField::keyPressEvent(QKeyEvent *event)
{
    const bool open = m_panel->isVisible();
    if (event->key() == Qt::Key_Escape) {
        if (open)
            closeResults();
        else
            clear();
        return;
    }
    if (open && (event->key() == Qt::Key_Down || event->key() == Qt::Key_Up)) {
        const int step = event->key() == Qt::Key_Down ? 1 : -1;
        m_list->setCurrentRow(std::clamp(m_list->currentRow() + step, 0, std::max(0, m_list->count() - 1)));
        return;
    }
    if (event->key() == Qt::Key_Return || event->key() == Qt::Key_Enter) {
        // the first Enter sorts, the next one opens
        if (open && m_byRelevance && m_answered)
            take(m_list->currentRow());
        else
            search(true);
        return;
    }
    QLineEdit::keyPressEvent(event);
}

bool SearchField::eventFilter(QObject *watched, QEvent *event)
{
    if (watched == window() && event->type() == QEvent::Resize && m_panel->isVisible())
        place();
    return QLineEdit::eventFilter(watched, event);
}

}
