#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "core/base/result.h"
#include "core/domain/feedback.h"
#include "core/domain/finding.h"
#include "core/domain/incident.h"
#include "core/domain/record.h"
#include "core/stages/language/language.h"
#include "core/stages/mask/mask.h"

namespace winnow {

/// A local row number. \source design.md, Store
using RowId = std::int64_t;

/// The map stages that keep a watermark of their own.
enum class Pass { Silver, Segment, Extract };

struct PendingRecord {
    RowId id = 0;
    bool current = false; ///< the newest version of its identity
    Record record;        ///< title and body unsealed
};

struct SilverRow {
    RowId id = 0; ///< the record's
    FeedbackId uid;
    NormalisedText normalised; ///< its text is not stored
    mask::Masked masked;
    language::Guess language;
};

/// A masked feedback as the later map stages read it.
struct FeedbackRow {
    RowId id = 0;
    std::string uid, text, lang, product, componentHint, os, appVersion;
    std::optional<double> rating;
    std::vector<Segment> segments; ///< where the pass asks for them
};

struct DuplicateRow {
    RowId feedback = 0, representative = 0;
    double similarity = 1;
    bool operator==(const DuplicateRow &) const = default;
};

/// A segment that enters the grouping.
struct PlacedSegment {
    RowId segment = 0;
    std::string uid; ///< feedback:start-end
    std::string text, lang, block;
    std::string topic; ///< the taxonomy's words for its component and symptom, which are the same in every language
};

/// People's word, resolved to the segments of today.
struct ConstraintRow {
    std::string event;
    bool must = false;
    RowId a = 0, b = 0;
};

/// The snapshot that is current.
struct CurrentPartition {
    std::vector<std::pair<RowId, RowId>> members; ///< segment, incident; by segment
    std::map<RowId, std::string> incidents;       ///< incident ids; a smaller row is older
};

struct GroupingInput {
    std::vector<ConstraintRow> constraints;
    std::size_t needALook = 0;               ///< constraints that could not be resolved
    std::map<std::string, std::string> names; ///< smallest segment id → incident id, folded from the naming log
    std::map<std::string, std::uint32_t> births; ///< segment id → how often an incident was born with it
    std::int64_t clock = 0; ///< of the newest event that it knows
};

/// What happened to the name of a group in a run. \source design.md, The one idea
struct NamingRow {
    std::string incident;
    std::string anchor; ///< the group's smallest segment id; empty: the id no longer names a group
    std::string kind;   ///< birth, moved, absorbed, gone
    std::string other;  ///< parent of a birth by splitting; heir of an absorbed one
    bool operator==(const NamingRow &) const = default;
};

/// One incident's member as the set stages read it.
struct MemberRow {
    RowId segment = 0;
    std::string segmentUid, text; ///< the segment's words, masked
    Finding finding;
    std::string product, author, accountId, planTier, channel, lang, appVersion;
    std::optional<TimePoint> at;
};

struct IncidentMembers {
    RowId incident = 0;
    IncidentId uid;
    std::vector<MemberRow> members; ///< in order of segment ids
};

/// What a run makes of one incident.
struct GoldRow {
    RowId incident = 0;
    Incident data;
    Score score;
    Banding banding;
    Matching matching;
    std::optional<Draft> draft; ///< only in auto, review, escalate
};

struct RunRecord {
    std::string id;
    TimePoint startedAt, finishedAt, asOf;
    std::string engine;
    std::string versions; ///< JSON object
    std::string stages;   ///< JSON list: name, in, out, refused, seconds
    std::string partitionHash, stateHash;
    std::size_t births = 0, heirs = 0, aliases = 0, notPlaced = 0, needALook = 0;
    RowId watermark = 0;
    RowId snapshot = 0;
    std::int64_t knows = 0; ///< GroupingInput::clock
};

/// Loads and appends rows of each layer. Every method that writes does so in short transactions of its own.
/// \errors of all: Io, Full, ReadOnly, Corrupt, Busy, Leased.
/// \thread one at a time.
class Store
{
public:
    virtual ~Store() = default;

    // map stages -------------------------------------------------------------------------------------------------------
    /// Begins a pass anew when its stages are of another version than last time.
    [[nodiscard]] virtual Result<> preparePass(Pass pass, const std::string &version) = 0;
    /// Records behind the Silver watermark, in order of arrival; empty: all done.
    [[nodiscard]] virtual Result<std::vector<PendingRecord>> pendingRecords(std::size_t limit) = 0;
    /// Replaces what these records had, and moves the watermark. \param last  newest record looked at.
    [[nodiscard]] virtual Result<> saveSilver(std::span<const SilverRow> rows, std::span<const RowId> dropped, RowId last) = 0;
    /// Feedback behind the watermark of a pass.
    [[nodiscard]] virtual Result<std::vector<FeedbackRow>> pendingFeedback(Pass pass, std::size_t limit) = 0;
    [[nodiscard]] virtual Result<> saveSegments(std::span<const FeedbackRow> rows) = 0;
    /// \param findings  per row, one list of findings with the segments' order.
    [[nodiscard]] virtual Result<> saveFindings(std::span<const FeedbackRow> rows,
                                                std::span<const std::vector<Finding>> findings) = 0;

    // set stages -------------------------------------------------------------------------------------------------------
    [[nodiscard]] virtual Result<> eachText(const std::function<void(RowId, std::string_view uid, std::string_view text)> &take) = 0;
    [[nodiscard]] virtual Result<> saveDuplicates(std::span<const DuplicateRow> rows) = 0;
    /// Segments that speak of a problem or a wish. Where an unhappy feedback (rated 2 or less, or sent to support) has
    /// none that the engine is sure of, its longest segment: what is not understood goes to people, not away.
    [[nodiscard]] virtual Result<> eachPlaced(const std::function<void(PlacedSegment &&)> &take) = 0;
    [[nodiscard]] virtual Result<GroupingInput> groupingInput() = 0;
    [[nodiscard]] virtual Result<CurrentPartition> currentPartition() = 0;

    /// A new snapshot, not current yet; leftovers of runs that died are removed.
    [[nodiscard]] virtual Result<RowId> beginSnapshot() = 0;
    /// \param groups  incident id and the segments in it.
    [[nodiscard]] virtual Result<> saveMembership(RowId snapshot,
                                                  std::span<const std::pair<std::string, std::vector<RowId>>> groups) = 0;
    /// Incidents with their members, in chunks. \param only  empty: all, else these incident ids.
    [[nodiscard]] virtual Result<> eachIncident(RowId snapshot, std::size_t chunk, std::span<const std::string> only,
                                                const std::function<Result<>(std::vector<IncidentMembers> &&)> &take) = 0;
    [[nodiscard]] virtual Result<> saveGold(RowId snapshot, std::span<const GoldRow> rows) = 0;
    [[nodiscard]] virtual Result<std::string> stateHash(RowId snapshot) = 0;
    /// The snapshot becomes current by one last transaction with the run's event; then the older one is removed.
    /// \errors Conflict: people have said who belongs together after RunRecord::knows; the snapshot lacks their word.
    [[nodiscard]] virtual Result<> finishRun(const RunRecord &run, std::span<const NamingRow> naming) = 0;

    // context ----------------------------------------------------------------------------------------------------------
    [[nodiscard]] virtual Result<std::map<std::string, Account>> accounts() = 0;
    [[nodiscard]] virtual Result<std::vector<SignalPoint>> signalPoints() = 0;
    [[nodiscard]] virtual Result<std::vector<KnownTicket>> knownTickets() = 0;
    [[nodiscard]] virtual Result<std::vector<Release>> releases() = 0;
    /// Distinct authors of all feedback; one without an author counts as its own.
    [[nodiscard]] virtual Result<std::uint32_t> authorCount() = 0;
    /// Component → owner.
    [[nodiscard]] virtual Result<std::map<std::string, std::string>> owners() = 0;
};

}
