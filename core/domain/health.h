#pragma once

#include <array>
#include <cstddef>
#include <vector>

#include "core/base/time.h"
#include "core/domain/incident.h"

namespace winnow
{

/// How sure the candidates are, and when their reports came in. Each figure counts rows that a filter of the queue
/// finds again, decided ones among them.
struct Health {
    using PerBand = std::array<std::size_t, kBandNames.size()>;
    static constexpr std::size_t kBins = 20;
    static constexpr std::size_t kWeeks = 26;

    struct Week {
        TimePoint monday; ///< UTC: filter `week=2026-11-16`
        PerBand reports{}, candidates{}; ///< candidates with a report in that week
        bool operator==(const Week &) const = default;
    };

    std::array<PerBand, kBins> confidence{}; ///< candidates: bin 16 is filter `confidence=0.80-0.85`
    std::vector<Week> weeks; ///< those up to the newest report that is not of the future, oldest first, without gaps
    PerBand reports{}; ///< all of them
    PerBand earlier{}, later{}, undated{}; ///< reports of no week above
    bool operator==(const Health &) const = default;
};

}
