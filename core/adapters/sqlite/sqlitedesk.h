#pragma once

#include <functional>
#include <memory>

#include "core/adapters/sqlite/queuetable.h"
#include "core/adapters/sqlite/triage.h"
#include "core/adapters/sqlite/workspace.h"
#include "core/ports/desk.h"

namespace winnow::sqlite
{

/// A desk over one connection to the workspace.
class SqliteDesk : public Desk
{
public:
    /// What a decision needs of the pipeline.
    struct Engines {
        /// Sums of incidents whose members changed. \errors the decision itself is safe.
        std::function<Result<>(Workspace &, std::stop_token)> refresh;
        /// A draft where the store holds none.
        std::function<Result<Draft>(Workspace &, const std::string &incident, std::stop_token)> draft;
        std::function<TimePoint()> now;
        /// Where the workspace key lies, in words.
        std::function<std::string(const Workspace &)> keyPlace = [](const Workspace &) { return std::string(); };
    };
    SqliteDesk(std::unique_ptr<Workspace> workspace, std::string actor, Engines engines);
    ~SqliteDesk() override;

    [[nodiscard]] Workspace &workspace() { return *m_workspace; }

    const DeskInfo &info() const override { return m_info; }
    Result<std::uint64_t> changes() override;
    Result<DeskStatus> status() override;
    Result<QueueOrder> order(const QueueRequest &request) override;
    Result<std::vector<QueueRow>> rows(std::span<const std::int64_t> keys, TimePoint now) override;
    Result<std::string> incidentId(const std::string &text) override;
    Result<std::int64_t> keyOf(const std::string &incident) override;
    Result<CandidateDetail> candidate(const std::string &incident, std::size_t members, std::stop_token stop) override;
    Result<std::vector<Hit>> search(const SearchRequest &request, std::stop_token stop) override;
    Result<std::vector<KnownTicket>> tickets(std::size_t limit) override;
    Result<std::vector<Filing>> filings(const std::vector<std::string> &states) override;
    Result<std::vector<HistoryEntry>> history(std::size_t limit) override;
    Result<std::vector<HistoryEntry>> history(const HistoryRequest &request, std::stop_token stop) override;
    Result<std::vector<HistoryEntry>> restingOn(const std::string &event) override;
    Result<Health> health(TimePoint now, std::stop_token stop) override;
    Result<DeskFacts> facts() override;

    Result<std::string> decide(const std::string &incident, const Decision &decision) override;
    Result<std::string> rename(const std::string &incident, const std::string &title) override;
    Result<GroupingDone> merge(const std::vector<std::string> &incidents) override;
    Result<GroupingDone> split(const std::string &incident, const std::vector<std::string> &members,
                               bool expel) override;
    Result<GroupingDone> link(const std::string &a, const std::string &b, bool together) override;
    Result<GroupingDone> undo(const std::string &event, bool withLater) override;
    Result<GroupingDone> redo() override;
    Result<> release(const std::vector<std::string> &filings) override;
    Result<> retry(const std::string &filing) override;
    Result<GroupingDone> recall(const std::string &filing) override;

private:
    /// \param undone  ids of the events that are taken back, sorted.
    Result<HistoryEntry> entryOf(Event event, const std::vector<std::string> &undone);
    /// A decision about members changes sums, scores and drafts of the incidents that it touched.
    Result<GroupingDone> regrouped(Result<GroupingDone> done);

    std::unique_ptr<Workspace> m_workspace;
    Engines m_engines;
    DeskInfo m_info;
    Triage m_triage;
    QueueTable m_table;
};

}
