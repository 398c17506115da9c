#include "core/pipeline/naming.h"

#include <algorithm>
#include <set>
#include <tuple>

#include "core/base/hash.h"

namespace winnow
{

NamedGroups nameGroups(std::span<const std::vector<RowId>> groups, std::span<const std::string_view> anchors,
                       const CurrentPartition &current, const GroupingInput &known)
{
    struct Overlap {
        RowId incident;
        std::size_t group;
        std::size_t size;
    };
    std::vector<Overlap> overlaps;
    std::map<RowId, std::size_t> counts;
    for (std::size_t g = 0; g < groups.size(); ++g) {
        counts.clear();
        for (const RowId segment : groups[g]) {
            const auto it =
                std::lower_bound(current.members.begin(), current.members.end(), std::pair(segment, RowId(0)));
            if (it != current.members.end() && it->first == segment)
                ++counts[it->second];
        }
        for (const auto &[incident, size] : counts)
            overlaps.push_back({incident, g, size});
    }
    // the heir of each incident, then the incident that names each group
    std::map<RowId, const Overlap *> heir;
    for (const Overlap &overlap : overlaps) {
        const Overlap *&best = heir[overlap.incident];
        if (!best || overlap.size > best->size
            || (overlap.size == best->size && anchors[overlap.group] < anchors[best->group]))
            best = &overlap;
    }
    std::vector<const Overlap *> name(groups.size()), parent(groups.size());
    for (const auto &[incident, best] : heir) { // by age, so that ties go to the older
        const Overlap *&taken = name[best->group];
        if (!taken || best->size > taken->size)
            taken = best;
    }
    for (const Overlap &overlap : overlaps) {
        const Overlap *&largest = parent[overlap.group];
        if (!largest || overlap.size > largest->size)
            largest = &overlap;
    }

    NamedGroups named;
    named.ids.resize(groups.size());
    std::set<std::string> used;
    const auto change = [&](std::string incident, std::string_view anchor, const char *kind, std::string other = {}) {
        named.changes.push_back({std::move(incident), std::string(anchor), kind, std::move(other)});
    };
    std::map<std::string, std::string_view> anchorOf; // folded names, the other way round
    for (const auto &[anchor, incident] : known.names)
        anchorOf[incident] = anchor;
    const auto movedTo = [&](const std::string &id, std::string_view anchor) {
        const auto before = anchorOf.find(id);
        return before == anchorOf.end() || before->second != anchor;
    };
    for (std::size_t g = 0; g < groups.size(); ++g)
        if (name[g]) {
            named.ids[g] = current.incidents.at(name[g]->incident);
            used.insert(named.ids[g]);
            ++named.heirs;
            if (movedTo(named.ids[g], anchors[g]))
                change(named.ids[g], anchors[g], "moved");
        }
    for (std::size_t g = 0; g < groups.size(); ++g) {
        if (!named.ids[g].empty())
            continue;
        const auto before = known.names.find(std::string(anchors[g]));
        if (before != known.names.end() && used.insert(before->second).second) {
            named.ids[g] = before->second;
            ++named.heirs;
            continue;
        }
        const auto births = known.births.find(std::string(anchors[g]));
        std::uint32_t k = births == known.births.end() ? 0 : births->second;
        do
            named.ids[g] = derivedId({"incident", anchors[g], std::to_string(k++)});
        while (!used.insert(named.ids[g]).second);
        ++named.births;
        change(named.ids[g], anchors[g], "birth",
               parent[g] ? current.incidents.at(parent[g]->incident) : std::string());
    }
    for (const auto &[incident, id] : current.incidents) {
        if (!used.insert(id).second)
            continue;
        const auto best = heir.find(incident);
        if (best == heir.end()) {
            change(id, {}, "gone");
        } else {
            ++named.aliases;
            change(id, {}, "absorbed", named.ids[best->second->group]);
        }
    }
    // an incident may have lost its rows between two runs (its only record was edited); if its segment is back under
    // another name, a rebuild must not find two names for it
    for (std::size_t g = 0; g < groups.size(); ++g) {
        const auto before = known.names.find(std::string(anchors[g]));
        if (before != known.names.end() && used.insert(before->second).second) {
            ++named.aliases;
            change(before->second, {}, "absorbed", named.ids[g]);
        }
    }
    std::sort(named.changes.begin(), named.changes.end(),
              [](const NamingRow &a, const NamingRow &b) { return a.incident < b.incident; });
    return named;
}

}
