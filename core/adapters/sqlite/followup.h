#pragma once

#include <functional>
#include <stop_token>
#include <string>
#include <vector>

#include "core/adapters/sqlite/workspace.h"
#include "core/ports/tracker.h"

namespace winnow::sqlite
{

/// What became of a ticket. \source contracts/trackers.md 10
struct Outcome {
    std::string incident, tracker, ticket, outcome, status;
    TimePoint at;
};

/// Brings back what became of filed tickets: each new outcome is an event on its candidate.
class FollowUp
{
public:
    explicit FollowUp(Workspace &workspace)
        : m_workspace(workspace)
    {
    }

    /// One look at one tracker. The cursor moves with the outcomes, after the whole round.
    /// \returns the outcomes that were not known yet, oldest first.
    /// \errors Leased; those of the tracker and the store: nothing is lost, the next look begins where this one did.
    [[nodiscard]] Result<std::vector<Outcome>> sync(Lease &lease, const std::string &name, Tracker &tracker,
                                                    TimePoint now, std::stop_token stop);

private:
    Workspace &m_workspace;
};

}
