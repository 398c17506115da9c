#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <vector>

#include "core/base/time.h"

namespace winnow
{

/// What one stage of a run did.
struct StageFigures {
    std::string name;
    std::size_t in = 0, out = 0, refused = 0;
    double seconds = 0;
    bool operator==(const StageFigures &) const = default;
};

/// A run that has ended, as people look back at it.
struct RunSummary {
    std::string id, engine;
    TimePoint startedAt, asOf;
    std::optional<TimePoint> finishedAt;
    std::string partitionHash, stateHash; ///< empty: it ended before its groups were made
    std::vector<StageFigures> stages;
    bool operator==(const RunSummary &) const = default;
};

}
