#pragma once
// Internal to the cluster stage.

#include <cstdint>
#include <span>
#include <utility>
#include <vector>

#include "core/stages/cluster/cluster.h"

namespace winnow::cluster
{

/// Items in the order that stands for the set: by id, and their nodes by hash.
struct Canon {
    std::vector<std::uint32_t> items; ///< rank (place by id) → item
    std::vector<std::uint32_t> nodeOf; ///< rank → node; nodes are numbered by (hash, block)
    std::vector<std::uint32_t> members; ///< ranks, by node, then rank
    std::vector<std::uint32_t> nodeStart; ///< node → first place in members; one more at the end
    [[nodiscard]] std::size_t nodes() const { return nodeStart.size() - 1; }
    [[nodiscard]] std::span<const std::uint32_t> membersOf(std::size_t node) const
    {
        return std::span(members).subspan(nodeStart[node], nodeStart[node + 1] - nodeStart[node]);
    }
};

/// \errors InvalidInput for an id twice.
[[nodiscard]] Result<Canon> canonical(const std::vector<Item> &items, unsigned threads);

/// What always stays together: a node, or what must-links tie.
struct Unit {
    std::uint32_t node = 0; ///< the first of its nodes
    std::uint32_t firstRank = 0; ///< its smallest item
    bool bound = false; ///< an item of it has a link
};

struct Units {
    std::vector<Unit> units; ///< by (node, firstRank): the order of priority
    std::vector<std::uint32_t> unitOf; ///< rank → unit
    std::vector<std::pair<std::uint32_t, std::uint32_t>> apart; ///< units that must not meet, smaller first, sorted
    std::vector<Refused> refused; ///< in the order of their ids
};

/// Takes the links one by one in the order of the ids of their ends, must-links first where the ends are equal, and
/// refuses each that the ones before it contradict. Equal nodes then join where no cannot-link parts them.
[[nodiscard]] Units resolve(const Input &input, const Canon &canon);

}
