#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <stop_token>
#include <string>
#include <vector>

#include "core/base/result.h"
#include "core/domain/health.h"
#include "core/domain/triage.h"

namespace winnow
{

/// The workspace that a desk stands in.
struct DeskInfo {
    std::string folder, id;
    std::string actor; ///< who decides here
    bool testKey = false; ///< made with a test key: nothing in it is protected
    bool operator==(const DeskInfo &) const = default;
};

/// What the bar below the window shows.
struct DeskStatus {
    std::size_t undoDepth = 0; ///< decisions of this actor that can be undone
    std::size_t planned = 0, troubled = 0; ///< filings that wait; that were refused or may exist twice
    std::size_t left = 0; ///< candidates in the queue
    std::size_t feedback = 0, incidents = 0; ///< as of the newest run's end
    std::size_t notPlaced = 0; ///< segments that wait for a vector
    std::size_t needALook = 0; ///< people's words on who belongs together that could not be resolved
    std::string engine; ///< of the newest run; empty: there was none
    std::string versions; ///< of its parts, JSON object
    std::optional<TimePoint> runAt;
    bool operator==(const DeskStatus &) const = default;
};

/// A workspace as those see it who look at candidates and decide on them. Readers see their own decisions and those of
/// other processes at once.
/// \errors of all: Io, Full, ReadOnly, Corrupt, Busy.
/// \thread one at a time; a second thread opens a desk of its own.
class Desk
{
public:
    virtual ~Desk() = default;
    [[nodiscard]] virtual const DeskInfo &info() const = 0;

    /// Grows whenever somebody else has written; costs next to nothing. What the desk itself wrote does not count.
    [[nodiscard]] virtual Result<std::uint64_t> changes() = 0;
    [[nodiscard]] virtual Result<DeskStatus> status() = 0;

    /// The whole queue in its order, by key.
    [[nodiscard]] virtual Result<QueueOrder> order(const QueueRequest &request) = 0;
    /// Rows by key, in the order of the keys; those that are gone are left out.
    [[nodiscard]] virtual Result<std::vector<QueueRow>> rows(std::span<const std::int64_t> keys, TimePoint now) = 0;
    /// \param text  an id, an alias or an unambiguous beginning of one. \errors NotFound, Conflict.
    [[nodiscard]] virtual Result<std::string> incidentId(const std::string &text) = 0;
    /// The key of a candidate's row. \errors NotFound.
    [[nodiscard]] virtual Result<std::int64_t> keyOf(const std::string &incident) = 0;
    /// \param members  at most so many, best evidence first; 0: all. \errors NotFound, Cancelled.
    [[nodiscard]] virtual Result<CandidateDetail> candidate(const std::string &incident, std::size_t members,
                                                            std::stop_token stop) = 0;
    /// \errors Cancelled.
    [[nodiscard]] virtual Result<std::vector<Hit>> search(const SearchRequest &request, std::stop_token stop) = 0;
    /// Tickets that the workspace knows, newest first. \param limit  0: all.
    [[nodiscard]] virtual Result<std::vector<KnownTicket>> tickets(std::size_t limit) = 0;
    /// \param states  planned, sending, confirmed, rejected, ambiguous, cancelled; empty: all.
    [[nodiscard]] virtual Result<std::vector<Filing>> filings(const std::vector<std::string> &states) = 0;
    /// Newest first. \param limit  0: all.
    [[nodiscard]] virtual Result<std::vector<HistoryEntry>> history(std::size_t limit) = 0;
    /// \errors Cancelled.
    [[nodiscard]] virtual Result<std::vector<HistoryEntry>> history(const HistoryRequest &request,
                                                                    std::stop_token stop) = 0;
    /// Decisions that an undo of this event would have to take back too, oldest first. \errors NotFound; Conflict: it
    /// is undone already or cannot be.
    [[nodiscard]] virtual Result<std::vector<HistoryEntry>> restingOn(const std::string &event) = 0;
    /// \errors Cancelled.
    [[nodiscard]] virtual Result<Health> health(TimePoint now, std::stop_token stop) = 0;
    [[nodiscard]] virtual Result<DeskFacts> facts() = 0;

    // Decisions: each is safe on the disk when the call returns. A draft that is missing is made.
    /// \errors NotFound; InvalidInput; Conflict: decided already, taken in by another one, several trackers.
    [[nodiscard]] virtual Result<std::string> decide(const std::string &incident, const Decision &decision) = 0;
    [[nodiscard]] virtual Result<std::string> rename(const std::string &incident, const std::string &title) = 0;
    /// The first one takes the others in. \errors NotFound; Conflict with the witness path across a cannot-link.
    [[nodiscard]] virtual Result<GroupingDone> merge(const std::vector<std::string> &incidents) = 0;
    /// \param members  segment or feedback ids. \errors NotFound, InvalidInput: all of them or none.
    [[nodiscard]] virtual Result<GroupingDone> split(const std::string &incident,
                                                     const std::vector<std::string> &members, bool expel) = 0;
    /// Two members belong together, or never. \errors NotFound, Conflict.
    [[nodiscard]] virtual Result<GroupingDone> link(const std::string &a, const std::string &b, bool together) = 0;
    /// Takes back an event, or this actor's newest where it is empty.
    /// \errors NotFound; Conflict with the later events, or where a filing has left.
    [[nodiscard]] virtual Result<GroupingDone> undo(const std::string &event, bool withLater) = 0;
    /// \errors NotFound; Conflict with newer decisions.
    [[nodiscard]] virtual Result<GroupingDone> redo() = 0;

    // The outbox. Nothing leaves here: what is due goes with the next push.
    /// Ends the hold time of filings that wait. \errors NotFound; Conflict: one does not wait any more, and none has
    /// changed.
    [[nodiscard]] virtual Result<> release(const std::vector<std::string> &filings) = 0;
    /// A filing that the tracker refused waits again and is due at once. \errors NotFound; Conflict: it was not
    /// refused; one that may exist already is looked up by every push.
    [[nodiscard]] virtual Result<> retry(const std::string &filing) = 0;
    /// Takes the approval of a filing back, so that it does not leave. \errors as undo.
    [[nodiscard]] virtual Result<GroupingDone> recall(const std::string &filing) = 0;
};

/// Opens desks.
class DeskMaker
{
public:
    virtual ~DeskMaker() = default;
    /// \param decides  what it writes survives a power cut as soon as the call returns; costs an fsync each.
    /// \errors NotFound, MissingKey (with where it was looked for), Newer, Corrupt, ReadOnly, Leased.
    /// \thread any.
    [[nodiscard]] virtual Result<std::unique_ptr<Desk>> open(const std::string &folder, bool decides) = 0;
};

}
