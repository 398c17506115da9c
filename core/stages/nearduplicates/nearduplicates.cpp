#include "core/stages/nearduplicates/nearduplicates.h"

#include <algorithm>
#include <numeric>
#include <optional>
#include <string>
#include <tuple>

#include "core/base/hash.h"
#include "core/base/parallel.h"
#include "core/math/elementary.h"
#include "core/stages/nearduplicates/difference.h"
#include "core/stages/nearduplicates/shingles.h"
#include "core/text/utf8.h"

namespace winnow::nearduplicates
{

namespace
{

constexpr std::size_t kChunk = 1024;
constexpr std::size_t kShortest = 20; // characters; below it only equal texts are copies
constexpr double kLeastJaccard = 0.4;
constexpr double kLeastAgreement = 0.27; // three deviations below it
constexpr std::size_t kCandidatesPerBand = 8; // earliest members of a bucket that a text is compared with

/// One text that others may equal, its copies behind it.
struct Distinct {
    std::size_t item = 0; ///< the copy that comes first in the order of priority
    std::string text; ///< normalised
};

using Pair = std::pair<std::uint32_t, std::uint32_t>;

/// Pairs (later, earlier) of texts that look alike, sorted: they share a bucket of some band, and enough of their bins.
/// \param ranks  of the signatures' texts, rising.
std::vector<Pair> candidatePairs(const std::vector<Signature> &signatures, const std::vector<std::uint32_t> &ranks,
                                 unsigned threads, std::stop_token stop)
{
    std::vector<std::vector<Pair>> found(kBands);
    parallelFor(kBands, 1, threads, stop, [&](std::size_t begin, std::size_t end) {
        std::vector<std::pair<std::uint64_t, std::uint32_t>> keys(signatures.size());
        for (std::size_t band = begin; band < end; ++band) {
            const auto offer = [&](std::uint32_t later, std::uint32_t earlier) {
                const Signature &a = signatures[later], &b = signatures[earlier];
                for (std::size_t before = 0; before < band; ++before)
                    if (sharesBand(a, b, before))
                        return; // found there
                if (agreement(a, b) >= kLeastAgreement)
                    found[band].emplace_back(ranks[later], ranks[earlier]);
            };
            for (std::uint32_t i = 0; i < signatures.size(); ++i)
                keys[i] = {bandKey(signatures[i], band), i};
            std::sort(keys.begin(), keys.end());
            for (std::size_t first = 0, last = 1; first < keys.size(); first = last++)
                for (; last < keys.size() && keys[last].first == keys[first].first; ++last)
                    for (std::size_t k = first; k < last && k < first + kCandidatesPerBand; ++k)
                        offer(keys[last].second, keys[k].second);
        }
    });
    std::vector<Pair> pairs;
    for (auto &list : found) {
        pairs.insert(pairs.end(), list.begin(), list.end());
        list = {};
    }
    std::sort(pairs.begin(), pairs.end());
    return pairs;
}

/// Compares texts; what it made of the first one serves the next call with it.
class Judge
{
public:
    Judge(const local::Analyser &analyser, std::span<const Distinct> distinct, std::span<const Item> items)
        : m_analyser(analyser)
        , m_distinct(distinct)
        , m_items(items)
    {
    }

    /// \returns the similarity, 0 where the two are no copies.
    double similarity(std::uint32_t a, std::uint32_t b)
    {
        if (!m_filled || *m_filled != a) {
            readShingles(m_distinct[a].text, m_shingles);
            m_table.fill(m_shingles);
            m_filled = a;
        }
        readShingles(m_distinct[b].text, m_shingles);
        const double value = m_table.similarity(m_shingles);
        return value >= kLeastJaccard && saySame(a, b) ? value : 0;
    }

    bool saySame(std::uint32_t a, std::uint32_t b)
    {
        readWordList(m_items[m_distinct[a].item].text, m_analyser, m_leftWords);
        readWordList(m_items[m_distinct[b].item].text, m_analyser, m_rightWords);
        return nearduplicates::saySame(m_leftWords, m_rightWords);
    }

private:
    const local::Analyser &m_analyser;
    std::span<const Distinct> m_distinct;
    std::span<const Item> m_items;
    std::optional<std::uint32_t> m_filled; ///< what m_table holds
    ShingleTable m_table;
    std::vector<std::uint64_t> m_shingles;
    WordList m_leftWords, m_rightWords;
};

}

Result<Output> run(const Input &input, const Options &options, std::stop_token stop)
{
    const auto analyser = local::Analyser::shipped();
    if (!analyser)
        return tl::unexpected(analyser.error());
    const std::size_t count = input.items.size();
    std::vector<Digest> content(count), priority(count);
    std::vector<std::string> texts(count);
    bool going = parallelFor(count, kChunk, options.threads, stop, [&](std::size_t begin, std::size_t end) {
        for (std::size_t i = begin; i < end; ++i) {
            const Item &item = input.items[i];
            texts[i] = normalised(item.text);
            // A text without a letter or digit is only like itself; one without anything is like nothing.
            if (!texts[i].empty())
                content[i] = sha256(texts[i]);
            else if (const std::string_view bare = text::trimmed(item.text); !bare.empty())
                content[i] = Sha256().field("bare").field(bare).finish();
            else
                content[i] = Sha256().field("id").field(item.id).finish();
            priority[i] = Sha256().field(texts[i]).field(item.id).finish();
        }
    });
    if (!going)
        return fail(ErrorCode::Cancelled, "near-duplicates");

    // Equal texts: the copy with the least hash stands for all. The distinct texts follow in the order of their hashes,
    // which neither the order of the items nor a text added later changes.
    std::vector<std::uint32_t> order(count);
    std::iota(order.begin(), order.end(), 0u);
    std::sort(order.begin(), order.end(), [&](std::uint32_t a, std::uint32_t b) {
        return std::tie(content[a], priority[a], input.items[a].id)
            < std::tie(content[b], priority[b], input.items[b].id);
    });
    std::vector<Distinct> distinct;
    std::vector<std::uint32_t> rankOf(count);
    for (std::size_t k = 0; k < count; ++k) {
        const std::uint32_t item = order[k];
        if (k == 0 || content[item] != content[order[k - 1]])
            distinct.push_back({item, std::move(texts[item])});
        rankOf[item] = std::uint32_t(distinct.size() - 1);
    }
    texts = {};

    std::vector<Signature> signatures;
    std::vector<std::uint32_t> ranks; // of those long enough
    for (std::size_t rank = 0; rank < distinct.size(); ++rank)
        if (text::length(distinct[rank].text) >= kShortest)
            ranks.push_back(std::uint32_t(rank));
    signatures.resize(ranks.size());
    going = parallelFor(ranks.size(), kChunk, options.threads, stop, [&](std::size_t begin, std::size_t end) {
        std::vector<std::uint64_t> shingles;
        for (std::size_t i = begin; i < end; ++i) {
            readShingles(distinct[ranks[i]].text, shingles);
            signatures[i] = signatureOf(shingles);
        }
    });
    if (!going)
        return fail(ErrorCode::Cancelled, "near-duplicates");
    const auto pairs = candidatePairs(signatures, ranks, options.threads, stop);
    signatures = {};
    std::vector<double> similarities(pairs.size());
    going = parallelFor(pairs.size(), kChunk, options.threads, stop, [&](std::size_t begin, std::size_t end) {
        Judge judge(**analyser, distinct, input.items);
        for (std::size_t i = begin; i < end; ++i)
            similarities[i] = judge.similarity(pairs[i].first, pairs[i].second);
    });
    if (!going || stop.stop_requested())
        return fail(ErrorCode::Cancelled, "near-duplicates");

    // In the order of the hashes: a text that is no copy of a pivot before it becomes one.
    std::vector<Assignment> groups(distinct.size());
    std::size_t next = 0;
    for (std::uint32_t rank = 0; rank < distinct.size(); ++rank) {
        groups[rank] = {rank, 1};
        for (; next < pairs.size() && pairs[next].first == rank; ++next) {
            const std::uint32_t earlier = pairs[next].second;
            if (groups[rank].representative == rank && groups[earlier].representative == earlier
                && similarities[next] > 0)
                groups[rank] = {earlier, math::round6(similarities[next])};
        }
    }
    // Two copies of one original may be too far from each other to be compared: a text that stands alone goes where its
    // nearest copy went, if nothing in it speaks against the pivot. This is one step, from groups that are complete, so
    // that no chain of look-alikes forms.
    std::vector<std::pair<double, std::uint32_t>> nearest(distinct.size()); // similarity, neighbour
    std::vector<bool> alone(distinct.size(), true);
    for (std::uint32_t rank = 0; rank < distinct.size(); ++rank)
        if (groups[rank].representative != rank)
            alone[rank] = alone[groups[rank].representative] = false;
    for (std::size_t k = 0; k < pairs.size(); ++k) {
        const auto [later, earlier] = pairs[k];
        if (similarities[k] <= 0 || alone[later] == alone[earlier])
            continue;
        const std::uint32_t single = alone[later] ? later : earlier, other = alone[later] ? earlier : later;
        if (similarities[k] > nearest[single].first
            || (similarities[k] == nearest[single].first && other < nearest[single].second))
            nearest[single] = {similarities[k], other};
    }
    Judge judge(**analyser, distinct, input.items);
    for (std::uint32_t rank = 0; rank < distinct.size(); ++rank) {
        if (nearest[rank].first <= 0)
            continue;
        const std::size_t pivot = groups[nearest[rank].second].representative;
        if (judge.saySame(rank, std::uint32_t(pivot)))
            groups[rank] = {pivot, math::round6(nearest[rank].first)};
    }

    Output output;
    output.items.resize(count);
    for (std::size_t i = 0; i < count; ++i) {
        const Assignment &group = groups[rankOf[i]];
        output.items[i] = {distinct[group.representative].item, group.similarity};
    }
    return output;
}

}
