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
    /// \returns the filings it looked at, as they stand now.
    /// \errors  Leased; those of the store. What the tracker says is in the filings.
    [[nodiscard]] Result<std::vector<Filing>> push(Lease &lease, const std::string &name, Tracker &tracker,
                                                   bool fileNow, const std::function<TimePoint()> &clock,
                                                   std::stop_token stop);

private:
    struct Step;
    Result<> take(Lease &lease, std::vector<Step> &steps, TimePoint now);

    Workspace &m_workspace;
};

}
