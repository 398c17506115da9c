#include <QtTest>

#include <algorithm>
#include <map>
#include <set>

#include <rapidcheck.h>

#include "core/base/hash.h"
#include "core/pipeline/naming.h"

using namespace winnow;

namespace
{

using Groups = std::vector<std::vector<RowId>>;

/// Segment 7 is named `s07`: ids sort as rows do.
std::string uidOf(RowId segment)
{
    return (segment < 10 ? "s0" : "s") + std::to_string(segment);
}

std::string born(RowId anchor, int k = 0)
{
    return derivedId({"incident", uidOf(anchor), std::to_string(k)});
}

/// The naming log as a store keeps it, and the partition of the last run.
struct Log {
    CurrentPartition current;
    GroupingInput known;
    std::map<std::string, std::string> anchorOf; // incident → anchor
    std::map<std::string, RowId> rows; // incident → row

    NamedGroups run(const Groups &groups, bool rebuild = false)
    {
        std::vector<std::string> anchors;
        for (const auto &group : groups)
            anchors.push_back(uidOf(*std::min_element(group.begin(), group.end())));
        known.names.clear();
        for (const auto &[incident, anchor] : anchorOf)
            known.names[anchor] = incident;
        return nameGroups(groups, std::vector<std::string_view>(anchors.begin(), anchors.end()),
                          rebuild ? CurrentPartition() : current, known);
    }

    /// The run is finished: what it said counts.
    void keep(const Groups &groups, const NamedGroups &named)
    {
        for (const NamingRow &row : named.changes) {
            if (row.anchor.empty()) {
                anchorOf.erase(row.incident);
                continue;
            }
            anchorOf[row.incident] = row.anchor;
            known.births[row.anchor] += row.kind == "birth";
        }
        current = {};
        for (std::size_t g = 0; g < groups.size(); ++g) {
            const RowId row = rows.emplace(named.ids[g], RowId(rows.size() + 1)).first->second;
            current.incidents[row] = named.ids[g];
            for (const RowId segment : groups[g])
                current.members.emplace_back(segment, row);
        }
        std::sort(current.members.begin(), current.members.end());
    }

    /// Between two runs: the segment's rows vanish from the last partition, as when its record is edited.
    void vanish(RowId segment)
    {
        std::erase_if(current.members, [&](const auto &member) { return member.first == segment; });
        std::erase_if(current.incidents, [&](const auto &incident) {
            return std::none_of(current.members.begin(), current.members.end(),
                                [&](const auto &member) { return member.second == incident.first; });
        });
    }

    std::vector<std::string> runAndKeep(const Groups &groups)
    {
        const NamedGroups named = run(groups);
        keep(groups, named);
        return named.ids;
    }
};

const NamingRow *changeOf(const NamedGroups &named, const std::string &incident)
{
    for (const NamingRow &row : named.changes)
        if (row.incident == incident)
            return &row;
    return nullptr;
}

}

class TestNaming : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void aFirstRunGivesBirth()
    {
        Log log;
        const auto named = log.run({{1, 2}, {3}});
        QCOMPARE(named.ids, (std::vector{born(1), born(3)}));
        QCOMPARE(named.births, std::size_t(2));
        QCOMPARE(named.changes.size(), std::size_t(2));
        QCOMPARE(*changeOf(named, born(3)), (NamingRow{born(3), "s03", "birth", ""}));
        QVERIFY(std::is_sorted(named.changes.begin(), named.changes.end(),
                               [](const NamingRow &a, const NamingRow &b) { return a.incident < b.incident; }));
    }

    void theSameGroupsChangeNothing()
    {
        Log log;
        log.runAndKeep({{1, 2}, {3}});
        const auto named = log.run({{3}, {1, 2}});
        QCOMPARE(named.ids, (std::vector{born(3), born(1)}));
        QVERIFY(named.changes.empty());
        QCOMPARE(named.heirs, std::size_t(2));
        QCOMPARE(named.births + named.aliases, std::size_t(0));
    }

    void growthKeepsTheNameThoughTheAnchorMoves()
    {
        Log log;
        log.runAndKeep({{5, 6}});
        const auto named = log.run({{1, 5, 6}});
        QCOMPARE(named.ids, std::vector{born(5)});
        QCOMPARE(named.changes, (std::vector{NamingRow{born(5), "s01", "moved", ""}}));
    }

    void theMajorityKeepsTheName()
    {
        Log log;
        log.runAndKeep({{1, 2, 3, 4, 5}});
        const auto named = log.run({{1, 2}, {3, 4, 5}});
        QCOMPARE(named.ids, (std::vector{born(1, 1), born(1)})); // the smaller anchor was used once already
        QCOMPARE(*changeOf(named, born(1, 1)), (NamingRow{born(1, 1), "s01", "birth", born(1)}));
        QCOMPARE(*changeOf(named, born(1)), (NamingRow{born(1), "s03", "moved", ""}));
    }

    void evenHalvesGoByTheSmallerAnchor()
    {
        Log log;
        log.runAndKeep({{1, 2, 3, 4}});
        for (const Groups &groups : {Groups{{2, 4}, {1, 3}}, Groups{{1, 3}, {2, 4}}}) {
            const auto named = log.run(groups);
            QCOMPARE(named.ids[groups[0][0] == 1 ? 0 : 1], born(1));
            QCOMPARE(named.ids[groups[0][0] == 1 ? 1 : 0], born(2));
        }
    }

    void ofSeveralThatJoinTheLargestOverlapNames()
    {
        Log log;
        log.runAndKeep({{1}, {2, 3, 4}, {5}});
        const auto named = log.run({{1, 2, 3, 4}, {5}});
        QCOMPARE(named.ids[0], born(2));
        QCOMPARE(named.aliases, std::size_t(1));
        QCOMPARE(*changeOf(named, born(1)), (NamingRow{born(1), "", "absorbed", born(2)}));
        QCOMPARE(*changeOf(named, born(2)), (NamingRow{born(2), "s01", "moved", ""}));
    }

    void ofEquallyLargeOnesTheOlderNames()
    {
        Log log;
        log.runAndKeep({{3, 4}}); // the older one, though its id and anchor are larger
        log.runAndKeep({{3, 4}, {1, 2}});
        const auto named = log.run({{1, 2, 3, 4}});
        QCOMPARE(named.ids[0], born(3));
        QCOMPARE(*changeOf(named, born(1)), (NamingRow{born(1), "", "absorbed", born(3)}));
    }

    void whatHasNoMembersLeftIsGone()
    {
        Log log;
        log.runAndKeep({{1, 2}, {3}});
        const auto named = log.run({{1, 2}});
        QCOMPARE(named.changes, (std::vector{NamingRow{born(3), "", "gone", ""}}));
    }

    void aNameIsNeverGivenToAnotherGroup()
    {
        Log log;
        log.runAndKeep({{1}});
        log.runAndKeep({{2}}); // 1 is gone
        log.runAndKeep({{1}, {2}}); // and comes back: as a second birth
        const auto named = log.run({{1}, {2}});
        QCOMPARE(named.ids, (std::vector{born(1, 1), born(2)}));
    }

    void aRebuildReadsNames()
    {
        Log log;
        log.runAndKeep({{1, 2, 3}, {4, 5}});
        log.runAndKeep({{1}, {2, 3}, {4, 5}}); // 2, 3 keep the name of the first
        log.runAndKeep({{1, 4, 5}, {2, 3}});
        const Groups groups{{1, 4, 5}, {2, 3}};
        const auto named = log.run(groups, true);
        QCOMPARE(named.ids, log.run(groups).ids);
        QVERIFY(named.changes.empty());
        QCOMPARE(named.births, std::size_t(0));
    }

    void aNameWhoseSegmentCameBackElsewhereEnds()
    {
        Log log;
        log.runAndKeep({{1}, {2, 3}});
        // the record of 1 was edited: its rows vanished from every snapshot, so no run ever said that it is gone
        log.vanish(1);
        log.runAndKeep({{2, 3}});
        // then edited back, and this time it is like 2 and 3
        const Groups groups{{1, 2, 3}};
        QCOMPARE(log.runAndKeep(groups), std::vector{born(2)});
        QCOMPARE(log.run(groups, true).ids, std::vector{born(2)});
    }

    void oneNameEach()
    {
        QVERIFY(
            rc::check("ids are unique, stable, found again by a rebuild, and do not depend on the order of groups", [] {
                Log log;
                const int runs = *rc::gen::inRange(1, 7);
                for (int run = 0; run < runs; ++run) {
                    std::map<int, std::vector<RowId>> byColour;
                    for (RowId segment = 0; segment < 12; ++segment)
                        if (const int colour = *rc::gen::inRange(0, 6); colour > 0) // 0: the segment is not there
                            byColour[colour].push_back(segment);
                    Groups groups;
                    for (auto &[colour, members] : byColour)
                        groups.push_back(members);
                    for (RowId segment = 0; segment < 12; ++segment)
                        if (*rc::gen::inRange(0, 8) == 0)
                            log.vanish(segment);
                    std::map<std::string, std::set<RowId>> before;
                    for (const auto &[segment, row] : log.current.members)
                        before[log.current.incidents.at(row)].insert(segment);
                    const auto named = log.run(groups);
                    RC_ASSERT(named.ids.size() == groups.size());
                    RC_ASSERT(std::set(named.ids.begin(), named.ids.end()).size() == groups.size());
                    RC_ASSERT(named.births + named.heirs == groups.size());

                    Groups turned(groups.rbegin(), groups.rend());
                    for (auto &group : turned)
                        std::reverse(group.begin(), group.end());
                    auto again = log.run(turned);
                    std::reverse(again.ids.begin(), again.ids.end());
                    RC_ASSERT(again.ids == named.ids);
                    RC_ASSERT(again.changes == named.changes);

                    // every incident of before still has a group, or an heir, or is gone
                    std::set<std::string> today(named.ids.begin(), named.ids.end());
                    for (const auto &[incident, members] : before) {
                        if (today.contains(incident))
                            continue;
                        const NamingRow *change = changeOf(named, incident);
                        RC_ASSERT(change && change->anchor.empty());
                        RC_ASSERT(change->kind == (change->other.empty() ? "gone" : "absorbed"));
                        RC_ASSERT(change->other.empty() || today.contains(change->other));
                    }
                    // an incident that lives on in one piece, alone, keeps its id
                    for (std::size_t g = 0; g < groups.size(); ++g)
                        for (const auto &[incident, members] : before)
                            if (std::set(groups[g].begin(), groups[g].end()) == members)
                                RC_ASSERT(named.ids[g] == incident);

                    log.keep(groups, named);
                    RC_ASSERT(log.run(groups).changes.empty());
                    const auto rebuilt = log.run(groups, true);
                    RC_ASSERT(rebuilt.ids == named.ids);
                    RC_ASSERT(rebuilt.changes.empty());
                }
            }));
    }
};

QTEST_GUILESS_MAIN(TestNaming)
#include "tst_naming.moc"
