#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "core/ports/store.h"

namespace winnow
{

struct NamedGroups {
    std::vector<std::string> ids; ///< one incident id per group
    std::vector<NamingRow> changes; ///< against the current partition; by incident id
    std::size_t births = 0, heirs = 0, aliases = 0;
};

/// Gives groups the ids of the incidents they continue. The majority heir keeps the id (ties: the group with the
/// smaller anchor), a group that several continue into takes the id with the largest overlap (ties: the older), the
/// others become its aliases; the rest are born, with the incident they were split from as parent. A group that the
/// naming log knows by its anchor takes that id again, so that a rebuild reads names instead of guessing them.
/// \param groups   segments of each group.
/// \param anchors  smallest segment id of each group.
[[nodiscard]] NamedGroups nameGroups(std::span<const std::vector<RowId>> groups,
                                     std::span<const std::string_view> anchors, const CurrentPartition &current,
                                     const GroupingInput &known);

}
