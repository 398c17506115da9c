#pragma once

#include <functional>
#include <stop_token>
#include <string>
#include <vector>

#include "app/composition.h"
#include "core/domain/triage.h"

namespace winnow::app
{

/// Where these filings go, in their order. \param only  one connection's name; empty: all.
[[nodiscard]] std::vector<std::string> trackersOf(const std::vector<Filing> &filings, const std::string &only);

struct PushRequest {
    std::string only; ///< one connection's name; empty: all
    bool fileNow = false; ///< also those whose hold time has not passed
    bool dry = false; ///< nothing leaves
};

/// Who is told of each filing, as it stands then.
struct PushTold {
    /// \param tracker  where it goes; null: it cannot be reached, and the filing's detail says why.
    std::function<void(const Filing &, Tracker *tracker)> filing;
    std::function<void(const Error &)> unreachable;
};

/// Takes filings one step further, tracker by tracker; one that cannot be reached keeps none of the others back.
/// Tickets that were made but lack their link, or wait for the late look-up, are seen to as well.
/// \param workspace  opened as durable.
/// \errors Leased; those of the outbox.
[[nodiscard]] Result<> pushFilings(sqlite::Workspace &workspace, const PushRequest &request, const PushTold &told,
                                   std::stop_token stop);

}
