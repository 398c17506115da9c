#pragma once

#include <functional>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "core/adapters/sqlite/eventlog.h"
#include "core/adapters/sqlite/workspace.h"
#include "core/domain/triage.h"
#include "core/ports/store.h"

namespace winnow::sqlite
{

/// People's decisions: each one short transaction that appends an event and folds it into what the queue shows.
/// \source design.md (Undo, Human constraints, After the decision)
class Triage
{
public:
    static constexpr std::chrono::minutes kHold{10};

    Triage(Workspace &workspace, std::string actor)
        : m_workspace(workspace)
        , m_db(workspace.database())
        , m_actor(std::move(actor))
    {
    }

    /// The incident that an id, an alias or an unambiguous beginning of one means. \errors NotFound, Conflict.
    [[nodiscard]] Result<std::string> incidentId(const std::string &text);
    [[nodiscard]] Result<std::vector<QueueRow>> queue(const QueueRequest &request);

    /// \errors NotFound; InvalidInput: reason, no draft; Conflict: decided already (approved, attached), taken in by
    /// another one meanwhile, or several trackers.
    [[nodiscard]] Result<std::string> decide(const std::string &incident, const Decision &decision, TimePoint now);
    [[nodiscard]] Result<std::string> rename(const std::string &incident, const std::string &title, TimePoint now);

    /// The first one takes the others in. \errors NotFound; Conflict with the witness path across a cannot-link.
    [[nodiscard]] Result<GroupingDone> merge(const std::vector<std::string> &incidents, TimePoint now);
    /// \param members  segment or feedback ids. \errors NotFound, InvalidInput: all of them or none.
    [[nodiscard]] Result<GroupingDone> split(const std::string &incident, const std::vector<std::string> &members,
                                             bool expel, TimePoint now);
    /// Two members belong together, or never. \errors NotFound, Conflict.
    [[nodiscard]] Result<GroupingDone> link(const std::string &a, const std::string &b, bool together, TimePoint now);

    /// Takes back `event`, or my newest. \errors NotFound; Conflict with the later events, or where a filing has left.
    [[nodiscard]] Result<GroupingDone> undo(const std::string &event, bool withLater, TimePoint now);
    /// Live events that an undo of `event` would have to take back too, oldest first. \errors NotFound; Conflict: it
    /// is undone already or cannot be.
    [[nodiscard]] Result<std::vector<Event>> restingOn(const std::string &event);
    /// Whether a person's word of this kind can be taken back at all.
    [[nodiscard]] static bool canBeUndone(const std::string &kind);
    /// Brings back what I took back last. \errors NotFound; Conflict with newer decisions on the same candidates, or
    /// on who belongs together.
    [[nodiscard]] Result<GroupingDone> redo(TimePoint now);

    /// Folds an incident's live events into its row of `triage`. Inside the caller's transaction.
    [[nodiscard]] Result<> fold(const std::string &incident);
    /// The draft that would be filed: a person's, else the store's; nothing where there is none.
    [[nodiscard]] Result<std::optional<Draft>> draftOf(const std::string &incident);

private:
    struct Member {
        RowId segment = 0;
        std::string uid;
    };
    struct Move {
        Member member;
        std::string from, to;
    };
    struct Link {
        bool must = false;
        std::string a, b;
    };
    /// A must-link that gives way, as it lies in the store.
    struct Superseded {
        std::string event;
        std::int64_t ordinal = 0;
        std::string a, b;
    };
    struct Grouping; // a decision about members, ready to be written
    /// What a decision was worked out on; other processes decide too.
    struct Ground {
        std::int64_t clock = 0; ///< of the newest event
        RowId snapshot = 0;
        bool operator==(const Ground &) const = default;
    };
    Result<Ground> ground();
    /// Works a decision out and writes it, again where somebody else was faster. \errors Busy.
    Result<GroupingDone> onSteadyGround(const std::function<Result<GroupingDone>(const Ground &)> &decide);
    /// Begins the transaction of a decision. \errors Conflict, marked by m_moved: the ground is another one by now.
    Result<Transaction> beginOn(const Ground &ground, const char *what);
    /// \errors NotFound; Conflict: another incident has taken it in.
    Result<> checkThere(const std::string &incident);
    Result<RowId> snapshot();
    Result<RowId> incidentRow(const std::string &incident, bool create);
    Result<std::vector<Member>> membersOf(const std::string &incident);
    Result<std::vector<Member>> findMembers(const std::string &text, std::string &incident);
    Result<std::string> seen(const std::string &incident, const Decision &decision);
    Result<std::string> chooseTracker(const std::string &wanted);
    Result<std::string> write(const Grouping &grouping, const Ground &ground, TimePoint now);
    Result<> moveMembers(const std::vector<Move> &moves);
    Result<> renameGroups(const std::string &event, const std::vector<std::string> &incidents,
                          const std::map<std::string, std::string> &heirs, const std::string &born);
    Result<std::string> anchorsOf(const std::vector<Link> &links);
    Result<> checkLinks(const std::vector<Link> &links, const std::vector<Superseded> &superseded);
    Result<bool> live(const std::string &event);
    Result<GroupingDone> splitOn(const Ground &ground, const std::string &incident,
                                 const std::vector<std::string> &members, bool expel, TimePoint now);
    Result<std::vector<Event>> chainOf(const std::string &event);
    Result<GroupingDone> undoOn(const Ground &ground, const std::string &event, bool withLater, TimePoint now);
    Result<GroupingDone> redoOn(const Ground &ground, TimePoint now);
    Result<GroupingDone> apply(const std::vector<Event> &events, bool back, const Ground &ground, TimePoint now);
    Result<std::vector<Move>> movesOf(const std::vector<Event> &events, bool back);
    Result<std::string> birthId(const std::string &anchor);

    Workspace &m_workspace;
    Database &m_db;
    std::string m_actor;
    bool m_moved = false; ///< the ground was not the same any more
};

}
