#pragma once

#include "core/adapters/sqlite/workspace.h"

namespace winnow::app
{

/// The program's own log of lock holds, for `--json`.
template <typename Json> Json locksJson(sqlite::Workspace &workspace)
{
    const sqlite::LockHolds &holds = workspace.database().holds();
    const auto ms = [](std::chrono::microseconds time) { return double(time.count()) / 1000; };
    return {{"count", holds.count},
            {"over_50_ms", holds.overBudget},
            {"longest_ms", ms(holds.longest)},
            {"longest_wall_ms", ms(holds.longestWall)},
            {"longest_wait_ms", ms(holds.longestWait)},
            {"longest_sync_ms", ms(holds.longestSync)}};
}

}
