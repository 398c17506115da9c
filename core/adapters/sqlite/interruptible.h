#pragma once

#include <stop_token>

#include <sqlite3.h>

#include "core/adapters/sqlite/database.h"

namespace winnow::sqlite
{

/// Runs a read that whoever asked may not want any more.
template <typename Work> auto interruptible(Database &db, const std::stop_token &stop, Work &&work) -> decltype(work())
{
    const std::stop_callback interrupt(stop, [&db] { sqlite3_interrupt(db.handle()); });
    if (stop.stop_requested())
        return fail(ErrorCode::Cancelled, "not wanted any more");
    auto result = work();
    if (!result && stop.stop_requested())
        return fail(ErrorCode::Cancelled, "not wanted any more");
    return result;
}

}
