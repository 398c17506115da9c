#pragma once

#include <string>
#include <vector>

#include "core/adapters/sqlite/workspace.h"
#include "core/adapters/trackers/connection.h"

namespace winnow::sqlite
{

/// Connections of a workspace, by name; their secrets lie elsewhere.
[[nodiscard]] Result<std::vector<trackers::Connection>> connections(Workspace &workspace);
/// \errors NotFound.
[[nodiscard]] Result<trackers::Connection> connectionNamed(Workspace &workspace, const std::string &name);
/// Adds one, or replaces that of its name. \returns the event.
[[nodiscard]] Result<std::string> addConnection(Workspace &workspace, const trackers::Connection &connection,
                                                const std::string &actor, TimePoint now);
/// \errors NotFound; Conflict: tickets wait to be filed there.
[[nodiscard]] Result<std::string> removeConnection(Workspace &workspace, const std::string &name,
                                                   const std::string &actor, TimePoint now);

}
