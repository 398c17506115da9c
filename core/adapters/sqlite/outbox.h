#pragma once

#include <functional>
#include <stop_token>
#include <string>
#include <vector>

#include "core/adapters/sqlite/eventlog.h"
#include "core/adapters/sqlite/workspace.h"
#include "core/domain/triage.h"
#include "core/ports/tracker.h"

namespace winnow::sqlite
{

/// The journal of tickets to be created: planned → sending → confirmed | rejected | ambiguous, each committed with
/// fsync before the next step. \source contracts/trackers.md 2
class Outbox
{
public:
    explicit Outbox(Workspace &workspace)
        : m_workspace(workspace)
    {
    }

    /// \param states  empty: all. \param incident  empty: of all.
    [[nodiscard]] Result<std::vector<Filing>> list(const std::vector<std::string> &states,
                                                   const std::string &incident = {});

    /// Takes every filing of `tracker` that is due (or all planned ones with `now`) one step further.
    /// \param tracker  the connection's name.
    /// Afterwards it gives new tickets their link and attachment, and looks ten minutes after a create whether there is
    /// a second ticket.
    /// \returns the filings it looked at, as they stand now.
    /// \errors  Leased; those of the store. What the tracker says is in the filings.
    [[nodiscard]] Result<std::vector<Filing>> push(Lease &lease, const std::string &name, Tracker &tracker,
                                                   bool fileNow, const std::function<TimePoint()> &clock,
                                                   std::stop_token stop);

    // A person's word on filings, each with an event.
    /// Ends the hold time of those that wait. \errors NotFound; Conflict: one does not wait, and none has changed.
    [[nodiscard]] Result<> release(const std::vector<std::string> &filings, const std::string &actor, TimePoint now);
    /// What the tracker refused waits again, and is due. \errors NotFound; Conflict: it was not refused.
    [[nodiscard]] Result<> retry(const std::string &filing, const std::string &actor, TimePoint now);
    /// The approval that a filing came from. \errors NotFound.
    [[nodiscard]] Result<std::string> approvalOf(const std::string &filing);

private:
    struct Step;
    Result<> take(Lease &lease, std::vector<Step> &steps, TimePoint now);
    Result<> look(Filing &filing, Tracker &tracker, TimePoint now, std::vector<Step> &settled,
                  std::vector<Step> &looked, std::vector<Step> &sending, std::stop_token stop);
    Result<> finish(Lease &lease, const std::string &name, Tracker &tracker, TimePoint now,
                    std::vector<Filing> &touched, std::stop_token stop);
    Result<> order(const std::string &filing, const char *kind, const std::string &actor, TimePoint now);

    Workspace &m_workspace;
};

/// What is remembered of a connection from one command to the next; empty where there is nothing.
[[nodiscard]] Result<std::string> connectionState(Workspace &workspace, const std::string &connection,
                                                  const std::string &name);
/// \pre inside a transaction
[[nodiscard]] Result<> setConnectionState(Workspace &workspace, const std::string &connection, const std::string &name,
                                          const std::string &value);

}
