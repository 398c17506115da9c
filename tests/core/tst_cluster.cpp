#include <QtTest>

#include <algorithm>
#include <memory>
#include <numeric>
#include <random>
#include <rapidcheck.h>

#include "core/local/lexicalembedder.h"
#include "core/stages/cluster/cluster.h"

using namespace winnow;

namespace
{

/// Owns what cluster::Input refers to.
struct Texts {
    explicit Texts(LexicalEmbedder &embedder, std::vector<std::pair<std::string, std::string>> given,
                   std::string block = "shop")
        : rows(std::move(given))
        , name(std::move(block))
    {
        for (const auto &[id, text] : rows)
            vectors.push_back(embedder.embedOne(text, "en"));
        for (std::size_t i = 0; i < rows.size(); ++i)
            input.items.push_back({rows[i].first, cluster::nodeHash("space", name, rows[i].second), &vectors[i], name});
    }
    std::vector<std::pair<std::string, std::string>> rows;
    std::string name;
    std::vector<SparseVector> vectors;
    cluster::Input input;
};

/// The groups by id, whatever the order of the items was.
std::vector<std::vector<std::string>> groupsOf(const cluster::Input &input, const cluster::Output &output)
{
    std::vector<std::vector<std::string>> groups(output.incidents);
    for (std::size_t i = 0; i < input.items.size(); ++i)
        groups[output.incident[i]].emplace_back(input.items[i].id);
    for (auto &group : groups)
        std::sort(group.begin(), group.end());
    std::sort(groups.begin(), groups.end());
    return groups;
}

}

class TestCluster : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void initTestCase();
    void similarTextsMeetAndOthersDoNot();
    void textsWithoutTermsMeetOnlyTheirEquals();
    void mustLinksCrossBlocks();
    void cannotLinkPartsEqualTexts();
    void cannotLinkIsInherited();
    void contradictionsAreRefusedWithTheirWitness();
    void secondIdIsAnError();
    void incidentsAreNumberedBySmallestId();
    void placeholdersDoNotEnterTheNode();
    void partitionIsAFunctionOfTheSet_data();
    void partitionIsAFunctionOfTheSet();
    void linksHoldOrAreRefused_data();
    void linksHoldOrAreRefused();
    void asksNameTwoIncidents();
    void meaningsMeetAcrossLanguages();

private:
    std::unique_ptr<LexicalEmbedder> m_embedder;
};

void TestCluster::initTestCase()
{
    auto embedder = shippedLexicalEmbedder();
    QVERIFY(embedder);
    m_embedder = std::move(*embedder);
}

void TestCluster::similarTextsMeetAndOthersDoNot()
{
    const Texts texts(*m_embedder,
                      {{"a", "The camera crashes when I scan a barcode"},
                       {"b", "camera crashes every time i scan the barcode!"},
                       {"c", "Invoices are exported without the tax number"}});
    const auto output = cluster::run(texts.input, {}, {});
    QVERIFY(output);
    QCOMPARE(output->incident[0], output->incident[1]);
    QVERIFY(output->incident[0] != output->incident[2]);
    QCOMPARE(output->incidents, 2u);
}

void TestCluster::textsWithoutTermsMeetOnlyTheirEquals()
{
    const Texts texts(*m_embedder, {{"a", "great!"}, {"b", "great!"}, {"c", ":-("}, {"d", ""}});
    const auto output = cluster::run(texts.input, {}, {});
    QVERIFY(output);
    QCOMPARE(groupsOf(texts.input, *output), (std::vector<std::vector<std::string>>{{"a", "b"}, {"c"}, {"d"}}));
}

void TestCluster::mustLinksCrossBlocks()
{
    Texts texts(*m_embedder, {{"a", "login fails"}, {"b", "printer is offline"}});
    texts.input.items[1].block = "office";
    texts.input.mustLinks = {{1, 0}};
    const auto output = cluster::run(texts.input, {}, {});
    QVERIFY(output);
    QCOMPARE(output->incidents, 1u);
}

void TestCluster::cannotLinkPartsEqualTexts()
{
    Texts texts(*m_embedder, {{"a", "login fails"}, {"b", "login fails"}, {"c", "login fails"}});
    texts.input.cannotLinks = {{2, 0}};
    const auto output = cluster::run(texts.input, {}, {});
    QVERIFY(output);
    QCOMPARE(groupsOf(texts.input, *output), (std::vector<std::vector<std::string>>{{"a", "b"}, {"c"}}));
    QVERIFY(output->refused.empty());
}

void TestCluster::cannotLinkIsInherited()
{
    // b and c would meet each other and d; a holds b away from d, so c cannot bring them together.
    Texts texts(*m_embedder,
                {{"a", "sync with garmin watch fails"},
                 {"b", "sync garmin watch fails again"},
                 {"c", "garmin watch sync fails today"},
                 {"d", "watch fails to sync garmin data"}});
    texts.input.mustLinks = {{0, 1}};
    texts.input.cannotLinks = {{0, 3}};
    const auto output = cluster::run(texts.input, {}, {});
    QVERIFY(output);
    QCOMPARE(output->incident[0], output->incident[1]);
    QVERIFY(output->incident[0] != output->incident[3]);
    QVERIFY(output->incident[1] != output->incident[3]);
}

void TestCluster::contradictionsAreRefusedWithTheirWitness()
{
    Texts texts(*m_embedder, {{"a", "one two three"}, {"b", "four five six"}, {"c", "seven eight nine"}, {"d", "ten"}});
    texts.input.mustLinks = {{0, 1}, {1, 2}};
    texts.input.cannotLinks = {{2, 0}, {3, 3}};
    const auto output = cluster::run(texts.input, {}, {});
    QVERIFY(output);
    // By the order of the ids: a-b must, a-c cannot, b-c must (against a-c), d-d cannot.
    const std::vector<cluster::Refused> wanted{{{1, 2}, true, {1, 0, 2}}, {{3, 3}, false, {3}}};
    QCOMPARE(output->refused, wanted);
    QCOMPARE(output->incident[0], output->incident[1]);
    QVERIFY(output->incident[0] != output->incident[2]);
}

void TestCluster::secondIdIsAnError()
{
    const Texts texts(*m_embedder, {{"a", "x"}, {"a", "y"}});
    const auto output = cluster::run(texts.input, {}, {});
    QVERIFY(!output);
    QVERIFY(output.error().code == ErrorCode::InvalidInput);
}

void TestCluster::incidentsAreNumberedBySmallestId()
{
    const Texts texts(*m_embedder, {{"z", "printer offline"}, {"b", "login fails"}, {"a", "printer offline"}});
    const auto output = cluster::run(texts.input, {}, {});
    QVERIFY(output);
    QCOMPARE(output->incident, (std::vector<std::uint32_t>{0, 1, 0}));
    QCOMPARE(output->partitionHash, cluster::partitionHash({{"b"}, {"z", "a"}}));
}

void TestCluster::placeholdersDoNotEnterTheNode()
{
    const auto hash = [](const char *text) { return cluster::nodeHash("s", "b", text); };
    QCOMPARE(hash("call ⟦PERSON_7f3k2m9q⟧ now"), hash("call ⟦PERSON_aaaaaaaa⟧ now"));
    QVERIFY(hash("call ⟦PERSON_7f3k2m9q⟧ now") != hash("call me now"));
    QVERIFY(cluster::nodeHash("s", "b", "x") != cluster::nodeHash("s", "c", "x"));
}

void TestCluster::partitionIsAFunctionOfTheSet_data()
{
    QTest::addColumn<int>("denseLimit");
    QTest::newRow("all with all") << 4096;
    QTest::newRow("by pivots") << 0;
}

void TestCluster::partitionIsAFunctionOfTheSet()
{
    QFETCH(int, denseLimit);
    const std::vector<std::string> words{"login", "crash", "camera", "sync", "watch", "battery", "printer", "invoice"};
    const bool holds = rc::check("any order and thread count gives the same partition", [&] {
        const auto count = *rc::gen::inRange<std::size_t>(1, 40);
        std::vector<std::pair<std::string, std::string>> rows;
        for (std::size_t i = 0; i < count; ++i) {
            std::string text;
            for (const std::string &word : *rc::gen::container<std::vector<std::string>>(
                     *rc::gen::inRange<std::size_t>(0, 4), rc::gen::elementOf(words)))
                text += word + ' ';
            rows.emplace_back("id" + std::to_string(i), text);
        }
        Texts texts(*m_embedder, rows);
        const auto links = rc::gen::container<std::vector<std::pair<std::size_t, std::size_t>>>(
            *rc::gen::inRange<std::size_t>(0, 6),
            rc::gen::pair(rc::gen::inRange<std::size_t>(0, count), rc::gen::inRange<std::size_t>(0, count)));
        for (const auto &[a, b] : *links)
            texts.input.mustLinks.push_back({a, b});
        for (const auto &[a, b] : *links)
            texts.input.cannotLinks.push_back({a, b});
        cluster::Options options;
        options.denseLimit = std::size_t(denseLimit);
        const auto first = cluster::run(texts.input, options, {});
        RC_ASSERT(first.has_value());

        std::vector<std::size_t> order(count);
        std::iota(order.begin(), order.end(), 0u);
        std::shuffle(order.begin(), order.end(), std::mt19937(*rc::gen::arbitrary<unsigned>()));
        cluster::Input shuffled;
        std::vector<std::size_t> place(count);
        for (std::size_t i = 0; i < count; ++i) {
            place[order[i]] = i;
            shuffled.items.push_back(texts.input.items[order[i]]);
        }
        for (auto *list : {&texts.input.mustLinks, &texts.input.cannotLinks})
            for (auto link = list->rbegin(); link != list->rend(); ++link)
                (list == &texts.input.mustLinks ? shuffled.mustLinks : shuffled.cannotLinks)
                    .push_back({place[link->b], place[link->a]});
        options.threads = 2;
        const auto second = cluster::run(shuffled, options, {});
        RC_ASSERT(second.has_value());
        RC_ASSERT(first->partitionHash == second->partitionHash);
        RC_ASSERT(groupsOf(texts.input, *first) == groupsOf(shuffled, *second));
        RC_ASSERT(first->refused.size() == second->refused.size());
    });
    QVERIFY(holds);
}

void TestCluster::linksHoldOrAreRefused_data()
{
    partitionIsAFunctionOfTheSet_data();
}

void TestCluster::linksHoldOrAreRefused()
{
    QFETCH(int, denseLimit);
    const std::vector<std::string> words{"login", "crash", "camera", "sync", "watch"};
    QVERIFY(rc::check([&] {
        const auto count = *rc::gen::inRange<std::size_t>(2, 25);
        std::vector<std::pair<std::string, std::string>> rows;
        for (std::size_t i = 0; i < count; ++i)
            rows.emplace_back("id" + std::to_string(i), *rc::gen::elementOf(words) + ' ' + *rc::gen::elementOf(words));
        Texts texts(*m_embedder, rows);
        auto &input = texts.input;
        for (auto *links : {&input.mustLinks, &input.cannotLinks}) {
            const auto links_ = *rc::gen::inRange(0, 8);
            for (int i = 0; i < links_; ++i)
                links->push_back({*rc::gen::inRange<std::size_t>(0, count), *rc::gen::inRange<std::size_t>(0, count)});
        }
        cluster::Options options;
        options.denseLimit = std::size_t(denseLimit);
        const auto output = cluster::run(input, options, {});
        RC_ASSERT(output.has_value());
        const auto refused = [&](const cluster::Link &link, bool must) {
            return std::any_of(output->refused.begin(), output->refused.end(), [&](const cluster::Refused &r) {
                return r.must == must && std::minmax(r.link.a, r.link.b) == std::minmax(link.a, link.b);
            });
        };
        for (const cluster::Link &link : input.mustLinks)
            RC_ASSERT(refused(link, true) || output->incident[link.a] == output->incident[link.b]);
        for (const cluster::Link &link : input.cannotLinks)
            RC_ASSERT(refused(link, false) || output->incident[link.a] != output->incident[link.b]);
        for (const cluster::Refused &r : output->refused) {
            RC_ASSERT(r.path.front() == r.link.a);
            RC_ASSERT(r.path.back() == r.link.b);
        }
    }));
}

void TestCluster::asksNameTwoIncidents()
{
    const Texts texts(*m_embedder,
                      {{"a", "cannot login with google account"},
                       {"b", "login with google account broken"},
                       {"c", "google login page is white"},
                       {"d", "white page when opening settings"},
                       {"e", "battery empty after an hour"}});
    cluster::Options options;
    options.ask = 10;
    const auto output = cluster::run(texts.input, options, {});
    QVERIFY(output);
    QVERIFY(!output->asks.empty());
    for (const cluster::Ask &ask : output->asks) {
        QVERIFY(output->incident[ask.link.a] != output->incident[ask.link.b]);
        QVERIFY(texts.input.items[ask.link.a].id < texts.input.items[ask.link.b].id);
        QVERIFY(ask.link.a < 4 && ask.link.b < 4);
    }
    options.ask = 0;
    QVERIFY(cluster::run(texts.input, options, {})->asks.empty());
}

void TestCluster::meaningsMeetAcrossLanguages()
{
    const Texts texts(*m_embedder,
                      {{"a", "photo upload crashes"},
                       {"b", "plantage au téléversement de photos"},
                       {"c", "Absturz beim Hochladen der Bilder"},
                       {"d", "the invoice shows a wrong balance"}});
    const auto output = cluster::run(texts.input, {}, {});
    QVERIFY(output);
    QCOMPARE(groupsOf(texts.input, *output), (std::vector<std::vector<std::string>>{{"a", "b", "c"}, {"d"}}));
}

QTEST_GUILESS_MAIN(TestCluster)
#include "tst_cluster.moc"
