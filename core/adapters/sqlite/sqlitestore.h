#pragma once

#include <functional>
#include <memory>

#include "core/adapters/sqlite/bronze.h"
#include "core/adapters/sqlite/workspace.h"
#include "core/ports/store.h"

namespace winnow::sqlite
{

/// The workspace as the pipeline sees it. Writes under the lease of a `run`.
class SqliteStore : public Store
{
public:
    /// \param lease  of the job `run`; null for a store that only reads.
    SqliteStore(Workspace &workspace, Lease *lease);
    ~SqliteStore() override;

    Result<> preparePass(Pass pass, const std::string &version) override;
    Result<std::vector<PendingRecord>> pendingRecords(std::size_t limit) override;
    Result<> saveSilver(std::span<const SilverRow> rows, std::span<const RowId> dropped, RowId last) override;
    Result<std::vector<FeedbackRow>> pendingFeedback(Pass pass, std::size_t limit) override;
    Result<> saveSegments(std::span<const FeedbackRow> rows) override;
    Result<> saveFindings(std::span<const FeedbackRow> rows, std::span<const std::vector<Finding>> findings) override;

    Result<> eachText(const std::function<void(RowId, std::string_view, std::string_view)> &take) override;
    Result<> saveDuplicates(std::span<const DuplicateRow> rows) override;
    Result<> eachPlaced(const std::function<void(PlacedSegment &&)> &take) override;
    Result<GroupingInput> groupingInput() override;
    Result<CurrentPartition> currentPartition() override;

    Result<RowId> beginSnapshot() override;
    Result<> saveMembership(RowId snapshot,
                            std::span<const std::pair<std::string, std::vector<RowId>>> groups) override;
    Result<> eachIncident(RowId snapshot, std::size_t chunk, std::span<const std::string> only,
                          const std::function<Result<>(std::vector<IncidentMembers> &&)> &take) override;
    Result<> saveGold(RowId snapshot, std::span<const GoldRow> rows) override;
    Result<std::string> stateHash(RowId snapshot) override;
    Result<> finishRun(const RunRecord &run, std::span<const NamingRow> naming) override;

    Result<std::map<std::string, Account>> accounts() override;
    Result<std::vector<SignalPoint>> signalPoints() override;
    Result<std::vector<KnownTicket>> knownTickets() override;
    Result<std::vector<Release>> releases() override;
    Result<std::uint32_t> authorCount() override;
    Result<std::map<std::string, std::string>> owners() override;

    /// An incident got or lost members by a decision: its sums, score and draft are to be made again. What a process
    /// that dies in between leaves to do, the next one finds here. Inside the caller's transaction.
    [[nodiscard]] static Result<> markRegrouped(Database &db, const std::string &incident, const std::string &event);
    /// Incidents that are marked, with the event that did it last.
    [[nodiscard]] Result<std::map<std::string, std::string>> regrouped();
    /// They were made again; a mark that a later event has set stays.
    [[nodiscard]] Result<> summedUp(const std::map<std::string, std::string> &regrouped);
    /// Whether people have said who belongs together after an event. \param clock  the event's.
    [[nodiscard]] Result<bool> regroupedSince(std::int64_t clock);
    /// The snapshot that is current; 0 before the first run.
    [[nodiscard]] Result<RowId> currentSnapshot();
    /// Takes a feedback and all that rests on it out of the derived layers. Inside the caller's transaction.
    [[nodiscard]] Result<> removeFeedback(RowId feedback);
    /// Record `from` is to be read again by every pass that has come as far as record `seen`. Inside the caller's
    /// transaction.
    [[nodiscard]] Result<> rereadFrom(RowId from, RowId seen);
    /// What passes have read and not saved yet is void: its rows are gone. Inside the caller's transaction.
    [[nodiscard]] Result<> forgetPending();
    /// The segment of today that a constraint's end means: by its id, else by the quote it is anchored to.
    /// \returns nothing where it needs a look.
    [[nodiscard]] Result<std::optional<RowId>> resolve(const std::string &event, const std::string &segmentUid);

private:
    struct Batch;
    /// Writes item after item, in transactions that stay far below the lock budget.
    /// \param write  writes item i; \param close  runs at the end of each transaction, with the last item written.
    Result<> inBatches(const char *what, std::size_t count, const std::function<Result<>(std::size_t)> &write,
                       const std::function<Result<>(std::size_t last)> &close);
    /// As inBatches, for what pendingRecords or pendingFeedback gave; ends quietly where that is void by now.
    Result<> savePending(const char *what, std::size_t count, const std::function<Result<>(std::size_t)> &write,
                         const std::function<Result<>(std::size_t last)> &close);
    Result<std::int64_t> withdrawals();
    Result<Transaction> begin(const char *what);
    Result<> removeSnapshot(RowId snapshot);
    /// Names given by runs that never finished.
    Result<> removeDeadNames();
    Result<> writeFeedback(const SilverRow &row);
    Result<> keepIncidents(RowId feedback, RowId successor);
    Result<> removeOlderVersions(RowId record);
    Result<> removeFindings(RowId feedback);
    Result<std::int64_t> extractionId(const Finding &finding);
    Result<RowId> incidentRow(const std::string &uid);

    Workspace &m_workspace;
    Lease *m_lease;
    Database &m_db;
    Bronze m_bronze;
    std::vector<std::pair<std::int64_t, std::string>> m_searchRows; ///< of the open transaction
    std::map<std::string, std::int64_t> m_extractions;
    std::int64_t m_pendingSince = 0; ///< withdrawals() when rows were last read
};

/// A feedback's place in the search index: newest first by descending rowid.
[[nodiscard]] std::int64_t searchRow(RowId feedback, const std::optional<TimePoint> &at);
/// `feedback:start-end`.
[[nodiscard]] std::string segmentUid(std::string_view feedback, ByteSpan span);

}
