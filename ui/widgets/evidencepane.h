#pragma once

#include <vector>

#include <QTextEdit>

#include "core/domain/triage.h"

namespace winnow::ui
{

/// What customers wrote, masked, with the words that support the candidate. It is plain text, never markup: masks are
/// shown as chips that name what was there, quotes are highlighted, one of them is the current one.
class EvidencePane : public QTextEdit
{
    Q_OBJECT

public:
    explicit EvidencePane(QWidget *parent = nullptr);

    void setCandidate(const CandidateDetail &candidate);
    void clearCandidate();
    /// One feedback that a search has found.
    void setHit(const Hit &hit);

    /// Steps to the next quote, around the end. \param step  1 or −1.
    void stepQuote(int step);
    [[nodiscard]] int quoteCount() const { return int(m_quotes.size()); }
    /// −1: there is none.
    [[nodiscard]] int currentQuote() const { return m_current; }
    [[nodiscard]] QString currentQuoteText() const;
    /// The segment that the current quote stands in; empty: none.
    [[nodiscard]] std::string currentSegment() const;

    /// Whole texts, or only the parts that speak of this issue.
    void setFull(bool full);
    [[nodiscard]] bool isFull() const { return m_full; }
    /// The names of the masks in sight, in order: what the chips say.
    [[nodiscard]] QStringList chips() const;

protected:
    QMimeData *createMimeDataFromSelection() const override;
    void mousePressEvent(QMouseEvent *event) override;

Q_SIGNALS:
    void quoteChanged(int current, int count);

private:
    struct Place {
        int begin = 0, end = 0; ///< in the document
        int member = 0;
    };
    void rebuild();
    void addMember(QTextCursor &cursor, const MemberDetail &member, int number);
    void addText(QTextCursor &cursor, const MemberDetail &member, ByteSpan shown, int number);
    void paintQuote(int quote, bool current);
    void setCurrent(int quote);

    std::vector<MemberDetail> m_members;
    std::size_t m_reports = 0; ///< all of the candidate's
    std::vector<Place> m_quotes;
    std::vector<Place> m_headers;
    int m_current = -1;
    bool m_full = false;
};

}
