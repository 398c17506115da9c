#include "core/stages/cluster/constraints.h"

#include <algorithm>
#include <map>
#include <numeric>
#include <tuple>
#include <unordered_map>

#include "core/base/parallel.h"

namespace winnow::cluster
{

namespace
{

/// Sorts chunks side by side, then merges them: the result of std::sort for any number of threads.
template <typename Less> void sortRanks(std::vector<std::uint32_t> &values, unsigned threads, const Less &less)
{
    const std::size_t half = values.size() / 2;
    if (threads < 2 || half < 4096) {
        std::sort(values.begin(), values.end(), less);
        return;
    }
    const auto middle = values.begin() + std::ptrdiff_t(half);
    parallelFor(2, 1, threads, {}, [&](std::size_t begin, std::size_t) {
        begin == 0 ? std::sort(values.begin(), middle, less) : std::sort(middle, values.end(), less);
    });
    std::inplace_merge(values.begin(), middle, values.end(), less);
}

/// Groups of items tied by must-links, and who must not meet whom.
class Groups
{
public:
    std::uint32_t find(std::uint32_t item)
    {
        auto it = m_parent.try_emplace(item, item).first;
        while (it->second != it->first) {
            const auto up = m_parent.find(it->second);
            it->second = up->second;
            it = up;
        }
        return it->first;
    }

    /// \returns the items that join a and b against the must-link, empty where it was taken.
    std::vector<std::uint32_t> tie(std::uint32_t a, std::uint32_t b)
    {
        const std::uint32_t x = find(a), y = find(b);
        if (x != y) {
            if (const auto witness = enemies(x, y)) {
                std::vector<std::uint32_t> path = way(a, witness->first);
                const std::vector<std::uint32_t> rest = way(witness->second, b);
                path.insert(path.end(), rest.begin(), rest.end());
                return path;
            }
            unite(x, y);
        }
        m_ties[a].push_back(b);
        m_ties[b].push_back(a);
        return {};
    }

    /// \returns the must-links' way from a to b, empty where the cannot-link was taken.
    std::vector<std::uint32_t> part(std::uint32_t a, std::uint32_t b)
    {
        const std::uint32_t x = find(a), y = find(b);
        if (x == y)
            return way(a, b);
        m_enemies[x].try_emplace(y, a, b);
        m_enemies[y].try_emplace(x, b, a);
        return {};
    }

    /// Joins two groups unless they must not meet.
    bool tryUnite(std::uint32_t a, std::uint32_t b)
    {
        const std::uint32_t x = find(a), y = find(b);
        if (x == y)
            return true;
        if (enemies(x, y))
            return false;
        unite(x, y);
        return true;
    }

    [[nodiscard]] bool knows(std::uint32_t item) const { return m_parent.contains(item); }
    [[nodiscard]] const auto &allEnemies() const { return m_enemies; }

private:
    using Witness = std::pair<std::uint32_t, std::uint32_t>; ///< the ends of a cannot-link, the own side first

    const Witness *enemies(std::uint32_t x, std::uint32_t y) const
    {
        const auto own = m_enemies.find(x);
        if (own == m_enemies.end())
            return nullptr;
        const auto found = own->second.find(y);
        return found == own->second.end() ? nullptr : &found->second;
    }

    void unite(std::uint32_t x, std::uint32_t y)
    {
        if (y < x)
            std::swap(x, y);
        m_parent[y] = x;
        const auto moved = m_enemies.find(y);
        if (moved == m_enemies.end())
            return;
        const auto theirs = std::move(moved->second);
        m_enemies.erase(moved);
        for (const auto &[other, witness] : theirs) {
            m_enemies[x].try_emplace(other, witness);
            auto &back = m_enemies[other];
            back.erase(y);
            back.try_emplace(x, witness.second, witness.first);
        }
    }

    std::vector<std::uint32_t> way(std::uint32_t from, std::uint32_t to)
    {
        std::map<std::uint32_t, std::uint32_t> before{{from, from}};
        std::vector<std::uint32_t> queue{from};
        for (std::size_t i = 0; i < queue.size() && !before.contains(to); ++i)
            for (const std::uint32_t next : m_ties[queue[i]])
                if (before.try_emplace(next, queue[i]).second)
                    queue.push_back(next);
        std::vector<std::uint32_t> path{to};
        while (path.back() != from)
            path.push_back(before.at(path.back()));
        std::reverse(path.begin(), path.end());
        return path;
    }

    std::unordered_map<std::uint32_t, std::uint32_t> m_parent;
    std::map<std::uint32_t, std::map<std::uint32_t, Witness>> m_enemies;
    std::unordered_map<std::uint32_t, std::vector<std::uint32_t>> m_ties;
};

struct CanonicalLink {
    std::uint32_t a = 0, b = 0; ///< ranks, a ≤ b
    bool cannot = false;
    std::size_t place = 0; ///< in the input, for the report only
    [[nodiscard]] auto key() const { return std::tuple(a, b, cannot); }
};

std::vector<CanonicalLink> sortedLinks(const Input &input, const std::vector<std::uint32_t> &rankOf)
{
    std::vector<CanonicalLink> links;
    const auto add = [&](const std::vector<Link> &given, bool cannot) {
        for (std::size_t i = 0; i < given.size(); ++i) {
            const auto [low, high] = std::minmax(rankOf[given[i].a], rankOf[given[i].b]);
            links.push_back({low, high, cannot, i});
        }
    };
    add(input.mustLinks, false);
    add(input.cannotLinks, true);
    std::sort(links.begin(), links.end(),
              [](const auto &x, const auto &y) { return std::tuple(x.key(), x.place) < std::tuple(y.key(), y.place); });
    links.erase(
        std::unique(links.begin(), links.end(), [](const auto &x, const auto &y) { return x.key() == y.key(); }),
        links.end());
    return links;
}

}

Result<Canon> canonical(const std::vector<Item> &items, unsigned threads)
{
    Canon canon;
    canon.items.resize(items.size());
    std::iota(canon.items.begin(), canon.items.end(), 0u);
    sortRanks(canon.items, threads,
              [&](std::uint32_t a, std::uint32_t b) { return std::tie(items[a].id, a) < std::tie(items[b].id, b); });
    for (std::size_t i = 1; i < items.size(); ++i)
        if (items[canon.items[i]].id == items[canon.items[i - 1]].id)
            return fail(ErrorCode::InvalidInput, "cluster: id " + std::string(items[canon.items[i]].id) + " twice");

    canon.members.resize(items.size());
    std::iota(canon.members.begin(), canon.members.end(), 0u);
    const auto key = [&](std::uint32_t rank) {
        const Item &item = items[canon.items[rank]];
        return std::tie(item.node, item.block);
    };
    sortRanks(canon.members, threads, [&](std::uint32_t a, std::uint32_t b) {
        const auto x = key(a), y = key(b);
        return x != y ? x < y : a < b;
    });
    canon.nodeOf.resize(items.size());
    for (std::size_t i = 0; i < items.size(); ++i) {
        if (i == 0 || key(canon.members[i]) != key(canon.members[i - 1]))
            canon.nodeStart.push_back(std::uint32_t(i));
        canon.nodeOf[canon.members[i]] = std::uint32_t(canon.nodeStart.size() - 1);
    }
    canon.nodeStart.push_back(std::uint32_t(items.size()));
    return canon;
}

Units resolve(const Input &input, const Canon &canon)
{
    std::vector<std::uint32_t> rankOf(canon.items.size());
    for (std::size_t rank = 0; rank < canon.items.size(); ++rank)
        rankOf[canon.items[rank]] = std::uint32_t(rank);

    Units result;
    Groups groups;
    std::vector<std::uint32_t> linkedNodes;
    for (const CanonicalLink &link : sortedLinks(input, rankOf)) {
        linkedNodes.push_back(canon.nodeOf[link.a]);
        linkedNodes.push_back(canon.nodeOf[link.b]);
        const auto path = link.cannot ? groups.part(link.a, link.b) : groups.tie(link.a, link.b);
        if (path.empty())
            continue;
        const Link &given = (link.cannot ? input.cannotLinks : input.mustLinks)[link.place];
        Refused refused{given, !link.cannot, {}};
        for (const std::uint32_t rank : path)
            refused.path.push_back(canon.items[rank]);
        if (canon.items[path.front()] != given.a)
            std::reverse(refused.path.begin(), refused.path.end());
        result.refused.push_back(std::move(refused));
    }
    std::sort(linkedNodes.begin(), linkedNodes.end());
    linkedNodes.erase(std::unique(linkedNodes.begin(), linkedNodes.end()), linkedNodes.end());
    for (const std::uint32_t node : linkedNodes) {
        std::vector<std::uint32_t> parts;
        for (const std::uint32_t rank : canon.membersOf(node))
            if (std::none_of(parts.begin(), parts.end(),
                             [&](std::uint32_t part) { return groups.tryUnite(part, rank); }))
                parts.push_back(rank);
    }

    // One unit per node without links, one per group of tied items.
    std::unordered_map<std::uint32_t, std::uint32_t> unitOfGroup;
    result.unitOf.resize(canon.items.size());
    for (std::size_t node = 0; node < canon.nodes(); ++node) {
        const auto members = canon.membersOf(node);
        const bool linked = std::binary_search(linkedNodes.begin(), linkedNodes.end(), std::uint32_t(node));
        if (!linked) {
            result.units.push_back({std::uint32_t(node), members.front(), false});
            for (const std::uint32_t rank : members)
                result.unitOf[rank] = std::uint32_t(result.units.size() - 1);
            continue;
        }
        for (const std::uint32_t rank : members) {
            const auto [unit, added] = unitOfGroup.try_emplace(groups.find(rank), std::uint32_t(result.units.size()));
            if (added)
                result.units.push_back({std::uint32_t(node), rank, true});
            Unit &own = result.units[unit->second];
            own.firstRank = std::min(own.firstRank, rank);
            result.unitOf[rank] = unit->second;
        }
    }
    for (const auto &[group, others] : groups.allEnemies())
        for (const auto &[other, witness] : others)
            if (group < other) {
                const auto [low, high] = std::minmax(unitOfGroup.at(group), unitOfGroup.at(other));
                result.apart.emplace_back(low, high);
            }
    std::sort(result.apart.begin(), result.apart.end());
    return result;
}

}
