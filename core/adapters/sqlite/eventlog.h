#pragma once

#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/adapters/sqlite/workspace.h"
#include "core/base/result.h"
#include "core/domain/triage.h"

namespace winnow::sqlite
{

/// What happened, before it is in the log.
struct NewEvent {
    std::string kind; ///< run_finished, approved, merged, undone …
    std::string actor; ///< a person's login or `rule:…`
    std::string refs; ///< JSON object of ids, codes and numbers; never free text
    std::string body; ///< free text and quotes; empty: none
    std::vector<std::string> subjects; ///< incident and feedback ids that it touches
};

/// The append-only log: one hash chain per replica; the order is (clock, replica, seq), never time.
/// \source design.md, Store
class EventLog
{
public:
    explicit EventLog(Workspace &workspace)
        : m_workspace(workspace)
    {
    }

    /// Appends inside the caller's open transaction. \returns the event's id.
    [[nodiscard]] Result<std::string> append(const NewEvent &event, TimePoint now);

    [[nodiscard]] Result<std::optional<Event>> find(const std::string &id);
    /// Events in order. \param subject  empty: all.
    [[nodiscard]] Result<std::vector<Event>> list(const std::string &subject = {});
    /// The newest events, newest first. \param limit  0: all.
    [[nodiscard]] Result<std::vector<Event>> newest(std::size_t limit);
    /// Those before `event` in the order of the log, newest first.
    [[nodiscard]] Result<std::vector<Event>> before(const Event &event, std::size_t limit);
    /// Ids of the events that an undo has taken back and no redo has brought back; sorted.
    [[nodiscard]] Result<std::vector<std::string>> undone();

    /// Walks the chains. \errors Corrupt naming the first bad event.
    [[nodiscard]] Result<std::size_t> verify();

private:
    Workspace &m_workspace;
};

}
