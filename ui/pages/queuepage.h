#pragma once

#include <optional>

#include <QCache>
#include <QElapsedTimer>
#include <QTimer>

#include "core/domain/triage.h"
#include "ui/models/queuemodel.h"
#include "ui/pages/page.h"

class QComboBox;
class QLabel;
class QLineEdit;
class QListView;
class QSplitter;
class QStackedWidget;

namespace winnow::ui
{

class DecisionPane;
class EvidencePane;
class StatePanel;

/// Where candidates are decided on: the queue, the evidence and the decision side by side. Each decision takes the
/// candidate out and brings the next one, before the disk has answered; what the disk refuses comes back.
class QueuePage : public Page
{
    Q_OBJECT

public:
    explicit QueuePage(Surroundings &surroundings, QWidget *parent = nullptr);

    void opened() override;
    void closed() override;
    void refresh() override;
    void shown() override;

    /// Makes a candidate the current one, also one that is not in the queue.
    void showCandidate(const std::string &incident);
    /// Shows one feedback that belongs to no candidate.
    void showHit(const Hit &hit);

Q_SIGNALS:
    /// The candidate in sight is another one, and painted next.
    void candidateShown(const QString &incident);
    /// Decisions are safe on the disk. \param events  theirs.
    void confirmed(const QStringList &events);

private:
    void addCommands();
    void addDecisions();
    void addSteps();
    void addGroups();
    QWidget *makeList();
    QWidget *makeEvidence();

    void load();
    void takeOrder(const QueueOrder &order);
    void showCounts(const QueueOrder &order);
    void fetchRows(const std::vector<std::int64_t> &keys);
    void setCurrent(int row);
    void currentChanged();
    void look(const std::string &incident, std::int64_t key);
    void present(const CandidateDetail &candidate);
    void prefetch();
    void showState();
    void moveBy(int step, bool extend);
    void markSimilar();

    /// The candidates that a decision is about: the marked ones, else the current one.
    struct Subject {
        std::int64_t key = 0;
        std::string incident;
        QString title;
    };
    [[nodiscard]] std::vector<Subject> subjects() const;
    [[nodiscard]] bool canDecide() const;
    void decide(const Decision &decision);
    void saveEdit(bool approve);
    void attach();
    void snooze();
    void merge();
    void split();
    void expel();
    void undo();
    void redo();
    void showHistory();
    /// A decision about members, or an undo: the queue is read again, and this candidate looked at.
    void regrouped(const Result<GroupingDone> &done, const QString &toast);
    /// Makes it the current one as soon as the queue has it.
    void comeTo(const std::string &incident);
    void refused(const Error &error);
    /// Goes where the order has put the row; what is shown goes along, unless it was asked for elsewhere.
    void follow(int row);

    QueueModel *m_model;
    QSplitter *m_split;
    QComboBox *m_band, *m_sort;
    QLineEdit *m_filter;
    QListView *m_list;
    QStackedWidget *m_listStack;
    StatePanel *m_listState;
    QLabel *m_count;
    QStackedWidget *m_evidenceStack;
    StatePanel *m_evidenceState;
    EvidencePane *m_evidence;
    QLabel *m_quoteCount;
    DecisionPane *m_decision;

    QTimer m_filterDelay;
    QCache<QString, CandidateDetail> m_details;
    std::optional<CandidateDetail> m_shown;
    std::int64_t m_shownKey = 0; ///< 0: it is not in the queue
    std::int64_t m_wantedKey = 0; ///< what comes to the front once the order has it
    QElapsedTimer m_onScreen;
    std::optional<Decision> m_last; ///< what `.` repeats
    std::uint64_t m_made = 0; ///< decisions
    std::uint64_t m_looks = 0; ///< at candidates
    bool m_loaded = false;
    bool m_visiting = false; ///< what is shown was asked for elsewhere: a new order does not take it away
    bool m_removing = false; ///< rows leave by a decision: the next one is chosen by us
};

}
