#include <QtTest>

#include <nlohmann/json.hpp>
#include <rapidcheck.h>

#include "core/adapters/sqlite/triage.h"
#include "tests/fakes/workspacekit.h"

using namespace winnow;
using namespace winnow::sqlite;
using namespace winnow::test;

namespace
{

/// All that a decision about members may change, in words.
struct State {
    World::Partition partition;
    std::vector<std::string> constraints;
    std::map<std::string, std::string> names, aliases;
    bool operator==(const State &) const = default;
};

State stateOf(World &world)
{
    State state{world.partition(), world.constraints(), world.names(), {}};
    must(world.db().query("SELECT uid, incident FROM alias",
                          [&](const Row &row) { state.aliases[row.text(0)] = row.text(1); }));
    return state;
}

}

/// Decisions about who belongs together, and what becomes of them.
class TestGrouping : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void initTestCase()
    {
        m_base = std::make_unique<World>();
        m_base->receive({{"1", "It crashes when I pay", "ann"},
                         {"2", "Crash again", "ben"},
                         {"3", "Crashed", "cem"},
                         {"4", "Slow list", "dee"},
                         {"5", "Very slow", "eve"},
                         {"6", "Login fails\n\nand it is slow", "fay"},
                         {"7", "No login", "gil"}});
        m_base->derive();
        m_ids = m_base->group({{"1", "2", "3"}, {"4", "5"}, {"6", "7"}});
    }
    void init()
    {
        m_world = std::make_unique<World>(*m_base);
        m_triage = std::make_unique<Triage>(*m_world->workspace, "me");
        m_before = stateOf(*m_world);
    }
    void cleanup()
    {
        m_triage.reset();
        m_world.reset();
    }

    // merge
    // --------------------------------------------------------------------------------------------------------------
    void aMergeTakesTheOthersIn()
    {
        const auto done = must(m_triage->merge({m_ids[0], m_ids[1], m_ids[2]}, m_world->tick()));
        QCOMPARE(done.incidents, std::vector{m_ids[0]});
        QCOMPARE(m_world->partition(), (World::Partition{{m_ids[0], all()}}));
        for (const std::string &id : m_ids)
            QCOMPARE(q(must(m_triage->incidentId(id))), q(m_ids[0])); // the old names still lead there
        QCOMPARE(must(m_triage->queue({})).size(), std::size_t(1));
        QCOMPARE(m_world->names(), (std::map<std::string, std::string>{{*all().begin(), m_ids[0]}}));
        QCOMPARE(m_world->count("SELECT count(*) FROM naming WHERE kind = 'absorbed' AND anchor IS NULL"), 2);
        // every member is tied to the others
        QCOMPARE(m_world->constraints().size(), all().size() - 1);
        m_world->refresh(done.incidents);
        QCOMPARE(must(m_triage->queue({}))[0].reports, std::uint32_t(all().size()));
        QVERIFY(stateOf(*m_world) != m_before);
        must(m_triage->undo({}, false, m_world->tick()));
        QCOMPARE(stateOf(*m_world), m_before);
    }

    void mergedAgainThroughAnAlias()
    {
        must(m_triage->merge({m_ids[1], m_ids[2]}, m_world->tick()));
        must(m_triage->merge({m_ids[0], m_ids[1]}, m_world->tick()));
        QCOMPARE(q(must(m_triage->incidentId(m_ids[2]))), q(m_ids[0]));
    }

    void thereMustBeTwo_data()
    {
        QTest::addColumn<int>("which");
        QTest::newRow("none") << 0;
        QTest::newRow("one") << 1;
        QTest::newRow("the same twice") << 2;
    }
    void thereMustBeTwo()
    {
        QFETCH(int, which);
        const auto done = m_triage->merge(
            which == 0 ? std::vector<std::string>{} : std::vector(std::size_t(which), m_ids[0]), m_world->tick());
        QCOMPARE(codeOf(done), codeOf(ErrorCode::InvalidInput));
        QCOMPARE(stateOf(*m_world), m_before);
    }

    void anUnknownOneStopsTheMerge()
    {
        const auto done = m_triage->merge({m_ids[0], "00000000000000000000000000"}, m_world->tick());
        QCOMPARE(codeOf(done), codeOf(ErrorCode::NotFound));
        QCOMPARE(stateOf(*m_world), m_before);
        QCOMPARE(must(EventLog(*m_world->workspace).list()).size(), std::size_t(1));
    }

    // split
    // --------------------------------------------------------------------------------------------------------------
    void aSplitGivesBirth()
    {
        const std::string two = m_world->segment("2"), three = m_world->segment("3");
        const auto done = must(m_triage->split(m_ids[0], {two, three}, false, m_world->tick()));
        const std::string anchor = std::min(two, three);
        // the k-th birth at that segment: the incident they leave may have been the first
        const std::string born =
            derivedId({"incident", anchor, anchor == *m_before.partition.at(m_ids[0]).begin() ? "1" : "0"});
        QCOMPARE(done.incidents, (std::vector{m_ids[0], born}));
        QCOMPARE(m_world->partition().at(born), (std::set{two, three}));
        QCOMPARE(m_world->partition().at(m_ids[0]), std::set{m_world->segment("1")});
        QCOMPARE(q(m_world->names().at(anchor)), q(born));
        const std::string one = m_world->segment("1");
        QCOMPARE(m_world->constraints(),
                 (std::vector{"cannot " + anchor + " " + one, "must " + anchor + " " + std::max(two, three)}));
        must(m_triage->undo({}, false, m_world->tick()));
        QCOMPARE(stateOf(*m_world), m_before);
        // the same again is another birth, but a redo is not
        must(m_triage->redo(m_world->tick()));
        QVERIFY(m_world->partition().contains(born));
        must(m_triage->undo({}, false, m_world->tick()));
        const auto again = must(m_triage->split(m_ids[0], {two, three}, false, m_world->tick()));
        QVERIFY(again.incidents.back() != born);
    }

    void aFeedbackIdMeansAllItsSegments()
    {
        const auto uids = m_world->segments("6");
        QCOMPARE(uids.size(), std::size_t(2));
        const auto done = must(m_triage->split(m_ids[2], {uids[0].substr(0, 26)}, true, m_world->tick()));
        QCOMPARE(m_world->partition().at(done.incidents.back()), (std::set{uids[0], uids[1]}));
        QCOMPARE(q(must(EventLog(*m_world->workspace).find(done.event))->kind), q("expelled"));
    }

    void aSplitLeavesMembersOnBothSides_data()
    {
        QTest::addColumn<QStringList>("members"); // records
        QTest::addColumn<int>("code");
        QTest::newRow("nobody") << QStringList{} << int(ErrorCode::InvalidInput);
        QTest::newRow("everybody") << QStringList{q("1"), q("2"), q("3")} << int(ErrorCode::InvalidInput);
        QTest::newRow("one of another incident") << QStringList{q("1"), q("4")} << int(ErrorCode::NotFound);
    }
    void aSplitLeavesMembersOnBothSides()
    {
        QFETCH(QStringList, members);
        QFETCH(int, code);
        std::vector<std::string> uids;
        for (const QString &record : members)
            uids.push_back(m_world->segment(record.toStdString()));
        const auto done = m_triage->split(m_ids[0], uids, false, m_world->tick());
        QVERIFY(!done);
        QCOMPARE(int(done.error().code), code);
        QCOMPARE(stateOf(*m_world), m_before);
    }

    void anUnknownMemberIsNotFound()
    {
        for (const char *text : {"", "nobody", ":1-2", "00000000000000000000000000:0-5"})
            QCOMPARE(codeOf(m_triage->split(m_ids[0], {text}, false, m_world->tick())), codeOf(ErrorCode::NotFound));
        QCOMPARE(codeOf(m_triage->split("nobody", {m_world->segment("1")}, false, m_world->tick())),
                 codeOf(ErrorCode::NotFound));
    }

    void aSplitMakesAnEarlierMergeGiveWay()
    {
        must(m_triage->merge({m_ids[0], m_ids[1]}, m_world->tick()));
        const auto merged = stateOf(*m_world);
        const std::string four = m_world->segment("4");
        const auto done = must(m_triage->split(m_ids[0], {four}, true, m_world->tick()));
        const auto split = stateOf(*m_world);
        QCOMPARE(split.partition.at(done.incidents.back()), std::set{four});
        // those that stay keep together, none of them is tied to the one that left
        for (const std::string &constraint : split.constraints)
            QVERIFY(!constraint.starts_with("must") || constraint.find(four) == std::string::npos);
        QVERIFY(m_world->count("SELECT count(*) FROM \"constraint\" WHERE superseded IS NOT NULL") > 0);
        // back: the merge counts again, as it was; forth: it gives way again
        must(m_triage->undo({}, false, m_world->tick()));
        QCOMPARE(stateOf(*m_world), merged);
        must(m_triage->redo(m_world->tick()));
        QCOMPARE(stateOf(*m_world), split);
        // the merge cannot go alone
        const auto refused = m_triage->undo(must(EventLog(*m_world->workspace).list())[1].id, false, m_world->tick());
        QCOMPARE(codeOf(refused), codeOf(ErrorCode::Conflict));
    }

    void aSplitWorksThoughTheMergesHubIsGone()
    {
        must(m_triage->merge({m_ids[0], m_ids[1]}, m_world->tick()));
        // whoever the others are tied through takes the review back
        const std::string hub = *m_before.partition.at(m_ids[0]).begin();
        std::string hubRecord;
        for (const char *record : {"1", "2", "3"})
            if (m_world->segment(record) == hub)
                hubRecord = record;
        m_world->receive({{hubRecord, "", "", "", true}});
        m_world->derive();
        const std::string leaving = m_world->segment("4"), staying = m_world->segment("5");
        const auto done = m_triage->split(m_ids[0], {leaving}, true, m_world->tick());
        QVERIFY2(done, done ? "" : done.error().detail.c_str());
        QCOMPARE(m_world->partition().at(done->incidents.back()), std::set{leaving});
        QVERIFY(m_world->partition().at(m_ids[0]).contains(staying));
    }

    // link
    // ---------------------------------------------------------------------------------------------------------------
    void aLinkJoinsTheIncidents()
    {
        const std::string one = m_world->segment("1"), four = m_world->segment("4");
        const auto done = must(m_triage->link(one, four, true, m_world->tick()));
        QCOMPARE(done.incidents, std::vector{m_ids[0]});
        QCOMPARE(m_world->constraints(), std::vector{"must " + one + " " + four});
        QVERIFY(m_world->partition().at(m_ids[0]).contains(m_world->segment("5")));
        QCOMPARE(q(must(m_triage->incidentId(m_ids[1]))), q(m_ids[0]));
        must(m_triage->undo({}, false, m_world->tick()));
        QCOMPARE(stateOf(*m_world), m_before);
    }

    void anUnlinkAcrossIncidentsKeepsThemApart()
    {
        const std::string one = m_world->segment("1"), four = m_world->segment("4");
        must(m_triage->link(one, four, false, m_world->tick()));
        QCOMPARE(m_world->partition(), m_before.partition);
        QCOMPARE(m_world->constraints(), std::vector{"cannot " + one + " " + four});
        const auto merged = m_triage->merge({m_ids[0], m_ids[1]}, m_world->tick());
        QCOMPARE(codeOf(merged), codeOf(ErrorCode::Conflict));
        const auto linked = m_triage->link(one, four, true, m_world->tick());
        QCOMPARE(codeOf(linked), codeOf(ErrorCode::Conflict));
        QCOMPARE(m_world->partition(), m_before.partition);
        must(m_triage->undo({}, false, m_world->tick()));
        QVERIFY(m_triage->link(one, four, true, m_world->tick()));
    }

    void anUnlinkInsideAnIncidentSplitsIt()
    {
        const std::string one = m_world->segment("1"), two = m_world->segment("2");
        const auto done = must(m_triage->link(one, two, false, m_world->tick()));
        QCOMPARE(m_world->partition().at(done.incidents.back()), std::set{two});
        must(m_triage->undo({}, false, m_world->tick()));
        QCOMPARE(stateOf(*m_world), m_before);
    }

    void nobodyIsLinkedToItself()
    {
        for (const bool together : {true, false}) {
            const auto done = m_triage->link(m_world->segment("1"), m_world->segment("1"), together, m_world->tick());
            QCOMPARE(codeOf(done), codeOf(ErrorCode::InvalidInput));
        }
        QCOMPARE(stateOf(*m_world), m_before);
    }

    void aMustLinkAcrossACannotLinkNamesThePath()
    {
        const std::string one = m_world->segment("1"), four = m_world->segment("4"), seven = m_world->segment("7");
        must(m_triage->link(one, seven, false, m_world->tick())); // never
        must(m_triage->link(one, four, true, m_world->tick()));
        const auto before = stateOf(*m_world);
        const std::size_t events = must(EventLog(*m_world->workspace).list()).size();
        const auto done = m_triage->link(four, seven, true, m_world->tick());
        QCOMPARE(codeOf(done), codeOf(ErrorCode::Conflict));
        const bool forth = done.error().detail.find(one + " – " + four + " – " + seven) != std::string::npos;
        const bool back = done.error().detail.find(seven + " – " + four + " – " + one) != std::string::npos;
        QVERIFY2(forth || back, done.error().detail.c_str());
        QCOMPARE(stateOf(*m_world), before);
        QCOMPARE(must(EventLog(*m_world->workspace).list()).size(), events);
    }

    // undo and redo
    // ------------------------------------------------------------------------------------------------------
    void laterOnesGoTooThoughTheMemberMovedTwice()
    {
        const std::string one = m_world->segment("1");
        const auto first = must(m_triage->split(m_ids[0], {one, m_world->segment("2")}, false, m_world->tick()));
        must(m_triage->split(first.incidents.back(), {one}, false, m_world->tick()));
        const auto after = stateOf(*m_world);
        must(m_triage->undo(first.event, true, m_world->tick()));
        QCOMPARE(stateOf(*m_world), m_before);
        must(m_triage->redo(m_world->tick()));
        QCOMPARE(stateOf(*m_world), after);
    }

    void namesFollowTheOrderOfEventsNotTheClock()
    {
        // all within one millisecond, where time-ordered ids are in any order
        for (int i = 0; i < 12; ++i) {
            const auto done = must(m_triage->split(m_ids[0], {m_world->segment("2")}, false, m_world->now));
            QCOMPARE(q(m_world->names()[m_world->segment("2")]), q(done.incidents.back()));
            must(m_triage->undo({}, false, m_world->now));
            QCOMPARE(m_world->names(), m_before.names);
        }
    }

    void aRedoThatBreaksANewerWordIsRefused()
    {
        const std::string one = m_world->segment("1"), four = m_world->segment("4");
        must(m_triage->link(one, four, true, m_world->tick()));
        must(m_triage->undo({}, false, m_world->tick()));
        must(m_triage->link(one, four, false, m_world->tick())); // now they must not
        const auto state = stateOf(*m_world);
        const auto done = m_triage->redo(m_world->tick());
        QCOMPARE(codeOf(done), codeOf(ErrorCode::Conflict));
        QCOMPARE(stateOf(*m_world), state);
    }

    void aDecisionSurvivesAMergeOfItsCandidate()
    {
        Decision reject;
        reject.kind = Decision::Kind::Reject;
        reject.reason = "spam";
        const std::string event = must(m_triage->decide(m_ids[1], reject, m_world->tick()));
        must(m_triage->merge({m_ids[0], m_ids[1]}, m_world->tick()));
        const auto refused = m_triage->undo(event, false, m_world->tick());
        QCOMPARE(codeOf(refused), codeOf(ErrorCode::Conflict));
        must(m_triage->undo({}, false, m_world->tick()));
        must(m_triage->undo(event, false, m_world->tick()));
        QCOMPARE(m_world->count("SELECT count(*) FROM triage"), 0);
    }

    void twoWindowsThatDecideAtOnceAgree()
    {
        for (int round = 0; round < 10; ++round) {
            World world(*m_base);
            const auto other = world.again();
            {
                const std::jthread one([&] {
                    static_cast<void>(Triage(*other, "you").merge({m_ids[0], m_ids[1]}, world.now));
                });
                static_cast<void>(Triage(*world.workspace, "me").merge({m_ids[1], m_ids[2]}, world.now));
            }
            // whoever came first: what people have tied together lies together
            std::map<std::string, std::string> incidentOf;
            for (const auto &[incident, members] : world.partition())
                for (const std::string &member : members)
                    incidentOf[member] = incident;
            must(world.db().query("SELECT a, b FROM \"constraint\"", [&](const Row &row) {
                if (incidentOf.at(row.text(0)) != incidentOf.at(row.text(1)))
                    incidentOf.clear();
            }));
            QVERIFY(!incidentOf.empty());
            for (const auto &[alias, heir] : stateOf(world).aliases)
                QVERIFY(!world.partition().contains(alias));
        }
    }

    void refsNameByIdOnly()
    {
        must(m_triage->merge({m_ids[0], m_ids[2]}, m_world->tick()));
        must(m_triage->split(m_ids[0], {m_world->segment("1")}, false, m_world->tick()));
        for (const Event &event : must(EventLog(*m_world->workspace).list())) {
            for (const char *words : {"crash", "Crash", "Login", "pay", "reviews"})
                QVERIFY2(event.refs.find(words) == std::string::npos, event.refs.c_str());
            QVERIFY(nlohmann::json::accept(event.refs));
        }
        QCOMPARE(must(EventLog(*m_world->workspace).verify()), std::size_t(3));
    }

    void undoingAllBringsAllBack()
    {
        QVERIFY(rc::check("merges, splits, expels and links, undone one by one or at once, and redone", [this] {
            World world(*m_base);
            Triage triage(*world.workspace, "me");
            const State first = stateOf(world);
            std::vector<State> states;
            std::vector<std::string> events;
            const auto steps = *rc::gen::resize(8,
                                                rc::gen::container<std::vector<std::array<std::uint8_t, 4>>>(
                                                    rc::gen::arbitrary<std::array<std::uint8_t, 4>>()));
            for (const auto &[kind, x, y, z] : steps) {
                const auto partition = world.partition();
                std::vector<std::string> incidents, segments;
                for (const auto &[incident, members] : partition) {
                    incidents.push_back(incident);
                    segments.insert(segments.end(), members.begin(), members.end());
                }
                const std::string &a = incidents[x % incidents.size()], &b = incidents[y % incidents.size()];
                const std::string &s = segments[x % segments.size()], &t = segments[y % segments.size()];
                std::vector<std::string> leaving;
                std::size_t bit = 0;
                for (const std::string &member : partition.at(a))
                    if (z >> (bit++ % 8) & 1)
                        leaving.push_back(member);
                const State before = stateOf(world);
                const auto done = kind % 4 == 0 ? triage.merge({a, b}, world.now)
                    : kind % 4 == 1             ? triage.split(a, leaving, z % 2 == 0, world.now)
                    : kind % 4 == 2             ? triage.link(s, t, true, world.now)
                                                : triage.link(s, t, false, world.now);
                if (!done) {
                    RC_ASSERT(done.error().code == ErrorCode::Conflict || done.error().code == ErrorCode::InvalidInput);
                    RC_ASSERT(stateOf(world) == before);
                    continue;
                }
                states.push_back(before);
                events.push_back(done->event);
                // nobody is lost, nobody is in two places
                std::size_t members = 0;
                for (const auto &[incident, uids] : world.partition())
                    members += uids.size();
                RC_ASSERT(members == segments.size());
            }
            const State last = stateOf(world);
            for (auto before = states.rbegin(); before != states.rend(); ++before) {
                must(triage.undo({}, false, world.now));
                RC_ASSERT(stateOf(world) == *before);
            }
            RC_ASSERT(world.constraints().empty());
            for (std::size_t i = 0; i < states.size(); ++i)
                must(triage.redo(world.now));
            RC_ASSERT(stateOf(world) == last);
            // from any place, with all that rests on it, as one step
            if (!events.empty()) {
                must(triage.undo(events[*rc::gen::inRange<std::size_t>(0, events.size())], true, world.now));
                must(triage.redo(world.now));
                RC_ASSERT(stateOf(world) == last);
                must(triage.undo(events.front(), true, world.now));
                while (triage.undo({}, false, world.now)) { }
                RC_ASSERT(stateOf(world) == first);
            }
            RC_ASSERT(EventLog(*world.workspace).verify().has_value());
        }));
    }

    // constraints outlive rows
    // -------------------------------------------------------------------------------------------
    void theWordsAreFoundInAnEditedRecord_data()
    {
        QTest::addColumn<QString>("body");
        QTest::addColumn<QString>("segment"); // empty: needs a look
        QTest::newRow("same place") << "It crashes when I pay\n\nand more"
                                    << "It crashes when I pay";
        QTest::newRow("further down") << "Update: no answer yet.\n\nIt crashes when I pay"
                                      << "It crashes when I pay";
        QTest::newRow("inside a longer one") << "Since then: It crashes when I pay, twice"
                                             << "Since then: It crashes when I pay, twice";
        QTest::newRow("behind a masked name") << "I am ann, ann.\n\nIt crashes when I pay"
                                              << "It crashes when I pay";
        QTest::newRow("other words") << "All is well now"
                                     << "";
        QTest::newRow("almost") << "It crashes when I paid"
                                << "";
        QTest::newRow("shorter") << "It"
                                 << "";
    }
    void theWordsAreFoundInAnEditedRecord()
    {
        QFETCH(QString, body);
        QFETCH(QString, segment);
        must(m_triage->link(m_world->segment("1"), m_world->segment("4"), true, m_world->tick()));
        m_world->receive({{"1", body.toStdString(), "ann"}});
        m_world->derive();
        SqliteStore store(*m_world->workspace, nullptr);
        auto input = must(store.groupingInput());
        const QString state = q(m_world->text("SELECT state FROM \"constraint\""));
        if (segment.isEmpty()) {
            QCOMPARE(input.needALook, std::size_t(1));
            QVERIFY(input.constraints.empty());
            QCOMPARE(state, q("needs_a_look"));
        } else {
            QCOMPARE(input.needALook, std::size_t(0));
            QCOMPARE(input.constraints.size(), std::size_t(1));
            QVERIFY(input.constraints[0].must);
            QCOMPARE(wordsOf(input.constraints[0].a), segment);
            QCOMPARE(wordsOf(input.constraints[0].b), q("Slow list"));
            QCOMPARE(state, q("resolved"));
        }
        // the old words again: nothing was dropped
        m_world->receive({{"1", "It crashes when I pay", "ann"}});
        m_world->derive();
        input = must(store.groupingInput());
        QCOMPARE(input.constraints.size(), std::size_t(1));
        QCOMPARE(q(m_world->text("SELECT state FROM \"constraint\"")), q("resolved"));
    }

    void ofWordsThatStandTwiceTheNearestCounts()
    {
        m_world->receive({{"8", "Intro\n\nbroken\n\nfoo\n\nbroken", "hal"}});
        m_world->derive();
        m_world->group({{"1", "2", "3"}, {"4", "5"}, {"6", "7"}, {"8"}});
        must(m_triage->link(m_world->segment("8", 3), m_world->segment("4"), true, m_world->tick()));
        m_world->receive({{"8", "Intro\n\nbroken\n\nfoot\n\nbroken", "hal"}}); // one letter more in front of it
        m_world->derive();
        const auto input = must(SqliteStore(*m_world->workspace, nullptr).groupingInput());
        QCOMPARE(input.constraints.size(), std::size_t(1));
        QCOMPARE(input.constraints[0].a & 65535, 3);
    }

    void anotherMaskDoesNotMatter()
    {
        m_world->receive({{"8", "hal says hal's app crashes, says hal", "hal"}, {"9", "so does mine", "ida"}});
        m_world->derive();
        m_world->group({{"1", "2", "3"}, {"4", "5"}, {"6", "7"}, {"8"}, {"9"}});
        must(m_triage->link(m_world->segment("8"), m_world->segment("9"), true, m_world->tick()));
        const std::string uid = m_world->segment("8");
        m_world->silverVersion = "2"; // the segments get other offsets
        m_world->maskNames = false;
        m_world->derive();
        QVERIFY(m_world->segment("8") != uid);
        const auto input = must(SqliteStore(*m_world->workspace, nullptr).groupingInput());
        QCOMPARE(input.constraints.size(), std::size_t(1));
        QCOMPARE(wordsOf(input.constraints[0].a), q("hal says hal's app crashes, says hal"));
    }

    void aWithdrawnRecordNeedsALook()
    {
        must(m_triage->link(m_world->segment("1"), m_world->segment("4"), false, m_world->tick()));
        m_world->receive({{"4", "", "dee", "", true}});
        m_world->derive();
        const auto input = must(SqliteStore(*m_world->workspace, nullptr).groupingInput());
        QCOMPARE(input.needALook, std::size_t(1));
        QVERIFY(input.constraints.empty());
    }

    void whatIsUndoneConstrainsNoRun()
    {
        must(m_triage->merge({m_ids[0], m_ids[1]}, m_world->tick()));
        SqliteStore store(*m_world->workspace, nullptr);
        QCOMPARE(must(store.groupingInput()).constraints.size(), std::size_t(4));
        must(m_triage->undo({}, false, m_world->tick()));
        QVERIFY(must(store.groupingInput()).constraints.empty());
    }

    void aRunKeepsTheNamesThatPeopleMade()
    {
        const auto split = must(m_triage->split(m_ids[0], {m_world->segment("2")}, false, m_world->tick()));
        must(m_triage->merge({m_ids[1], m_ids[2]}, m_world->tick()));
        const auto before = stateOf(*m_world);
        const auto ids = m_world->group({{"1", "3"}, {"2"}, {"4", "5", "6", "7"}});
        QCOMPARE(ids, (std::vector{m_ids[0], split.incidents.back(), m_ids[1]}));
        QCOMPARE(stateOf(*m_world), before);
        QCOMPARE(q(must(m_triage->incidentId(m_ids[2]))), q(m_ids[1]));
        // a decision on members is still undone after a run
        must(m_triage->undo({}, false, m_world->tick()));
        must(m_triage->undo({}, false, m_world->tick()));
        QCOMPARE(stateOf(*m_world), m_before);
    }

    void aRunThatDiedLeavesNoNames()
    {
        SqliteStore store(*m_world->workspace, nullptr);
        const std::string two = m_world->segment("2");
        must(
            m_world->db().run("INSERT INTO naming(run, incident, anchor, kind) VALUES('ffff', 'x', ?1, 'birth')", two));
        const RowId half = must(store.beginSnapshot());
        must(store.saveMembership(half, std::vector<std::pair<std::string, std::vector<RowId>>>{{"x", {1 << 16}}}));
        QCOMPARE(stateOf(*m_world), m_before);
        // nor do they count as births
        const auto done = must(m_triage->split(m_ids[0], {two}, false, m_world->tick()));
        const bool first = two == *m_before.partition.at(m_ids[0]).begin();
        QCOMPARE(q(done.incidents.back()), q(derivedId({"incident", two, first ? "1" : "0"})));
        must(store.beginSnapshot());
        QCOMPARE(m_world->count("SELECT count(DISTINCT snapshot) FROM membership"), 1);
    }

private:
    std::set<std::string> all()
    {
        std::set<std::string> uids;
        for (const auto &[incident, members] : m_before.partition)
            uids.insert(members.begin(), members.end());
        return uids;
    }

    QString wordsOf(RowId segment)
    {
        std::string words;
        must(m_world->db().query(
            "SELECT f.text, s.start, s.\"end\" FROM segment s JOIN feedback f ON f.id = s.id >> 16 WHERE s.id = ?1",
            [&](const Row &row) {
                words = ByteSpan{std::uint32_t(row.number(1)), std::uint32_t(row.number(2))}.of(row.bytes(0));
            },
            segment));
        return q(words);
    }

    std::unique_ptr<World> m_base, m_world;
    std::unique_ptr<Triage> m_triage;
    std::vector<std::string> m_ids;
    State m_before;
};

QTEST_GUILESS_MAIN(TestGrouping)
#include "tst_grouping.moc"
