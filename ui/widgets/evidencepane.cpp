#include "ui/widgets/evidencepane.h"

#include <algorithm>

#include <QAbstractTextDocumentLayout>
#include <QMimeData>
#include <QMouseEvent>
#include <QPainter>
#include <QScrollBar>
#include <QTextBlock>
#include <QTextCursor>
#include <QTextObjectInterface>

#include "ui/text/words.h"
#include "ui/theme/theme.h"

namespace winnow::ui
{

namespace
{

constexpr int kChip = QTextFormat::UserObject + 1;
constexpr int kMaskType = QTextFormat::UserProperty + 1;
constexpr std::string_view kOpen = "\u27e6", kClose = "\u27e7"; // as the mask writes them

/// Draws a mask as a small plate with the name of what was there.
class ChipObject : public QObject, public QTextObjectInterface
{
    Q_OBJECT
    Q_INTERFACES(QTextObjectInterface)

public:
    using QObject::QObject;

    static QString name(const QTextFormat &format) { return maskName(format.property(kMaskType).toString()); }

    QSizeF intrinsicSize(QTextDocument *, int, const QTextFormat &format) override
    {
        const QFontMetricsF metrics(font(format));
        return {metrics.horizontalAdvance(name(format)) + 2 * kUnit, metrics.height()};
    }
    void drawObject(QPainter *painter, const QRectF &rect, QTextDocument *, int, const QTextFormat &format) override
    {
        painter->save();
        painter->setRenderHint(QPainter::Antialiasing);
        painter->setPen(Qt::NoPen);
        painter->setBrush(Theme::instance().color(Role::Chip));
        painter->drawRoundedRect(rect.adjusted(1, 1, -1, -1), 4, 4);
        painter->setPen(Theme::instance().color(Role::OnChip));
        painter->setFont(font(format));
        painter->drawText(rect, Qt::AlignCenter, name(format));
        painter->restore();
    }

private:
    static QFont font(const QTextFormat &format)
    {
        QFont font = format.toCharFormat().font();
        font.setPointSizeF(font.pointSizeF() > 0 ? font.pointSizeF() * 0.9 : Theme::font(0.9).pointSizeF());
        return font;
    }
};

QString text(std::string_view bytes)
{
    return QString::fromUtf8(bytes.data(), qsizetype(bytes.size()));
}

/// The mask that begins at the front of the text: its type and its length; nothing where none does.
std::optional<std::pair<std::string_view, std::size_t>> maskAt(std::string_view bytes)
{
    if (!bytes.starts_with(kOpen))
        return {};
    const std::size_t end = bytes.find(kClose);
    if (end == std::string_view::npos)
        return {};
    const std::string_view inner = bytes.substr(kOpen.size(), end - kOpen.size());
    const std::size_t line = inner.rfind('_');
    if (line == std::string_view::npos || line == 0 || inner.size() - line != 9)
        return {};
    return std::pair(inner.substr(0, line), end + kClose.size());
}

}

EvidencePane::EvidencePane(QWidget *parent)
    : QTextEdit(parent)
{
    setReadOnly(true);
    setUndoRedoEnabled(false);
    setAcceptRichText(false);
    setFrameShape(QFrame::NoFrame);
    setTabChangesFocus(true);
    setAccessibleName(tr("Evidence"));
    setTextInteractionFlags(Qt::TextSelectableByMouse | Qt::TextSelectableByKeyboard);
    document()->setDocumentMargin(2 * kUnit);
    document()->documentLayout()->registerHandler(kChip, new ChipObject(this));
    connect(&Theme::instance(), &Theme::changed, this, &EvidencePane::rebuild);
}

void EvidencePane::setCandidate(const CandidateDetail &candidate)
{
    m_members = candidate.members;
    m_reports = candidate.incident.reports;
    m_current = -1;
    rebuild();
    verticalScrollBar()->setValue(0);
}

void EvidencePane::clearCandidate()
{
    m_members.clear();
    m_reports = 0;
    m_current = -1;
    rebuild();
}

void EvidencePane::setHit(const Hit &hit)
{
    MemberDetail member;
    member.feedback = hit.feedback;
    member.text = hit.text;
    member.span = {0, std::uint32_t(hit.text.size())};
    member.channel = hit.channel;
    member.lang = hit.lang;
    member.at = hit.at;
    m_members = {member};
    m_reports = 1;
    m_current = -1;
    rebuild();
}

void EvidencePane::setFull(bool full)
{
    m_full = full;
    const int current = m_current;
    rebuild();
    if (current >= 0)
        setCurrent(current);
}

void EvidencePane::rebuild()
{
    m_quotes.clear();
    m_headers.clear();
    clear();
    QTextCursor cursor(document());
    cursor.beginEditBlock();
    for (std::size_t i = 0; i < m_members.size(); ++i)
        addMember(cursor, m_members[i], int(i));
    if (m_reports > m_members.size() && !m_members.empty()) {
        QTextBlockFormat block;
        block.setTopMargin(2 * kUnit);
        QTextCharFormat muted;
        muted.setForeground(Theme::instance().color(Role::Muted));
        cursor.insertBlock(block, muted);
        cursor.insertText(
            tr("%1 of %2 reports are shown, those with the best evidence first.").arg(m_members.size()).arg(m_reports),
            muted);
    }
    cursor.endEditBlock();
    m_current = m_quotes.empty() ? -1 : 0;
    if (m_current >= 0)
        paintQuote(0, true);
    Q_EMIT quoteChanged(m_current, quoteCount());
}

void EvidencePane::addMember(QTextCursor &cursor, const MemberDetail &member, int number)
{
    const Theme &theme = Theme::instance();
    QTextBlockFormat header;
    header.setTopMargin(number ? 2.5 * kUnit : 0);
    header.setBottomMargin(kUnit / 2);
    QTextCharFormat muted;
    muted.setForeground(theme.color(Role::Muted));
    muted.setFontPointSize(Theme::font(0.9).pointSizeF());
    if (number)
        cursor.insertBlock(header, muted);
    else
        cursor.setBlockFormat(header);
    QStringList facts;
    for (const QString &fact :
         {dateText(member.at), channelName(member.channel), q(member.lang), oneLine(member.appVersion)})
        if (!fact.isEmpty())
            facts.push_back(fact);
    if (member.copy)
        facts.push_back(tr("a copy"));
    if (member.abstained)
        facts.push_back(tr("not understood"));
    m_headers.push_back({cursor.position(), 0, number});
    cursor.insertText(facts.join(QStringLiteral(" · ")), muted);
    m_headers.back().end = cursor.position();
    QTextBlockFormat body;
    body.setLineHeight(130, QTextBlockFormat::ProportionalHeight);
    QTextCharFormat plain;
    plain.setForeground(theme.color(Role::Text));
    cursor.insertBlock(body, plain);
    ByteSpan shown = m_full ? ByteSpan{0, std::uint32_t(member.text.size())} : member.span;
    shown.end = std::min(shown.end, std::uint32_t(member.text.size()));
    addText(cursor, member, shown, number);
}

void EvidencePane::addText(QTextCursor &cursor, const MemberDetail &member, ByteSpan shown, int number)
{
    const Theme &theme = Theme::instance();
    QTextCharFormat plain, muted, quote;
    plain.setForeground(theme.color(Role::Text));
    muted.setForeground(theme.color(Role::Muted));
    quote.setForeground(theme.color(Role::OnQuote));
    quote.setBackground(theme.color(Role::Quote));
    const std::string_view bytes = member.text;
    std::vector<ByteSpan> quotes;
    for (const ByteSpan &span : member.quotes)
        if (span.start < span.end && shown.contains(span))
            quotes.push_back(span);
    std::sort(quotes.begin(), quotes.end());
    if (shown.start > 0)
        cursor.insertText(QStringLiteral("… "), muted);
    std::size_t next = 0; // in quotes
    for (std::uint32_t at = shown.start; at < shown.end;) {
        while (next < quotes.size() && quotes[next].end <= at)
            ++next;
        const bool inside = next < quotes.size() && quotes[next].start <= at;
        const bool issue = member.span.start <= at && at < member.span.end;
        const QTextCharFormat &format = inside ? quote : issue ? plain : muted;
        if (inside && (m_quotes.empty() || m_quotes.back().member != number || quotes[next].start == at))
            m_quotes.push_back({cursor.position(), cursor.position(), number});
        std::uint32_t end = inside ? quotes[next].end : next < quotes.size() ? quotes[next].start : shown.end;
        for (const std::uint32_t border : {member.span.start, member.span.end})
            if (border > at)
                end = std::min(end, border);
        end = std::min(end, shown.end);
        if (const auto mask = maskAt(bytes.substr(at))) {
            QTextCharFormat chip = format;
            chip.setObjectType(kChip);
            chip.setVerticalAlignment(QTextCharFormat::AlignBaseline);
            chip.setProperty(kMaskType, text(mask->first));
            cursor.insertText(QString(QChar::ObjectReplacementCharacter), chip);
            at += std::uint32_t(mask->second);
        } else {
            const std::size_t open = bytes.find(kOpen, at + 1);
            if (open < end)
                end = std::uint32_t(open);
            QString part = text(bytes.substr(at, end - at));
            part.replace(QLatin1Char('\n'), QChar::LineSeparator); // one block a report
            cursor.insertText(part, format);
            at = end;
        }
        if (inside)
            m_quotes.back().end = cursor.position();
    }
    if (shown.end < bytes.size())
        cursor.insertText(QStringLiteral(" …"), muted);
}

void EvidencePane::paintQuote(int quote, bool current)
{
    const Theme &theme = Theme::instance();
    const Place &place = m_quotes[std::size_t(quote)];
    QTextCursor cursor(document());
    cursor.setPosition(place.begin);
    cursor.setPosition(place.end, QTextCursor::KeepAnchor);
    QTextCharFormat format;
    format.setBackground(theme.color(current ? Role::QuoteNow : Role::Quote));
    cursor.mergeCharFormat(format);
    const Place &header = m_headers[std::size_t(place.member)];
    cursor.setPosition(header.begin);
    cursor.setPosition(header.end, QTextCursor::KeepAnchor);
    QTextCharFormat line;
    line.setForeground(theme.color(current ? Role::Accent : Role::Muted));
    line.setFontWeight(current ? QFont::Bold : QFont::Normal);
    cursor.mergeCharFormat(line);
}

void EvidencePane::setCurrent(int quote)
{
    if (quote < 0 || quote >= quoteCount())
        return;
    if (m_current >= 0)
        paintQuote(m_current, false);
    m_current = quote;
    paintQuote(quote, true);
    const Place &place = m_quotes[std::size_t(quote)];
    QTextCursor cursor(document());
    cursor.setPosition(place.end);
    setTextCursor(cursor);
    ensureCursorVisible();
    Q_EMIT quoteChanged(m_current, quoteCount());
}

void EvidencePane::stepQuote(int step)
{
    if (!m_quotes.empty())
        setCurrent((m_current + step + quoteCount()) % quoteCount());
}

QString EvidencePane::currentQuoteText() const
{
    if (m_current < 0)
        return {};
    QTextCursor cursor(document());
    cursor.setPosition(m_quotes[std::size_t(m_current)].begin);
    cursor.setPosition(m_quotes[std::size_t(m_current)].end, QTextCursor::KeepAnchor);
    return cursor.selectedText();
}

std::string EvidencePane::currentSegment() const
{
    if (m_current >= 0)
        return m_members[std::size_t(m_quotes[std::size_t(m_current)].member)].segment;
    return m_members.empty() ? std::string() : m_members.front().segment;
}

QStringList EvidencePane::chips() const
{
    QStringList names;
    for (QTextBlock block = document()->begin(); block.isValid(); block = block.next())
        for (auto it = block.begin(); !it.atEnd(); ++it)
            if (it.fragment().charFormat().objectType() == kChip)
                for (int i = 0; i < it.fragment().length(); ++i)
                    names.push_back(ChipObject::name(it.fragment().charFormat()));
    return names;
}

QMimeData *EvidencePane::createMimeDataFromSelection() const
{
    // plain text, with the names of masks in brackets
    const QTextCursor selection = textCursor();
    QString copied;
    QTextCursor at(document());
    for (int position = selection.selectionStart(); position < selection.selectionEnd(); ++position) {
        const QChar c = document()->characterAt(position);
        at.setPosition(position + 1);
        if (c == QChar::ObjectReplacementCharacter)
            copied += QLatin1Char('[') + ChipObject::name(at.charFormat()) + QLatin1Char(']');
        else
            copied += c == QChar::ParagraphSeparator || c == QChar::LineSeparator ? QChar(QLatin1Char('\n')) : c;
    }
    auto *mime = new QMimeData;
    mime->setText(copied);
    return mime;
}

void EvidencePane::mousePressEvent(QMouseEvent *event)
{
    QTextEdit::mousePressEvent(event);
    // a click into a report makes its first quote the current one
    const int position = cursorForPosition(event->pos()).position();
    int member = -1;
    for (const Place &header : m_headers)
        if (header.begin <= position)
            member = header.member;
    if (m_current >= 0 && m_quotes[std::size_t(m_current)].member == member)
        return;
    for (int i = 0; i < quoteCount(); ++i)
        if (m_quotes[std::size_t(i)].member == member) {
            paintQuote(m_current, false);
            m_current = i;
            paintQuote(i, true);
            Q_EMIT quoteChanged(m_current, quoteCount());
            return;
        }
}

}

#include "evidencepane.moc"
