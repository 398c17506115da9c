#include "core/local/lexicalembedder.h"

#include <algorithm>
#include <bit>
#include <cmath>
#include <cstring>

#include "core/base/bytereader.h"
#include "core/base/hash.h"
#include "core/base/resources.h"
#include "core/local/lexicalterms.h"

namespace winnow
{

namespace
{

constexpr std::uint32_t kFormat = 2;
constexpr std::string_view kMethod =
    "words, meanings, pairs; cut 6; 64 terms; unit 1024"; ///< part of the version beside the table
constexpr std::uint64_t kGeneric = 1;

/// 100 · (1 + ln n), rounded.
constexpr std::array<std::uint32_t, 17> kCounted{0,   100, 169, 210, 239, 261, 279, 295, 308,
                                                 320, 330, 340, 348, 356, 364, 371, 377};
/// In hundredths of the weight that rarity gives: a pair by its rarer word, a word beside its meaning, the meaning.
constexpr std::uint32_t kPairShare = 40, kNamedShare = 50, kWholeShare = 100;

/// Weights of the rarities, in hundredths.
constexpr std::array<std::uint32_t, lexical::kRarityMask + 1> kWeights = [] {
    std::array<std::uint32_t, lexical::kRarityMask + 1> weights{};
    for (unsigned i = 0; i < weights.size(); ++i)
        weights[i] = std::uint32_t(100 * lexical::burstWeight(lexical::kTypicalShare, i) + 0.5);
    return weights;
}();

struct Entry {
    std::uint32_t term = 0;
    std::uint32_t weight = 0;
};

std::uint32_t pairHash(std::uint32_t a, std::uint32_t b)
{
    std::uint64_t h = (std::uint64_t(a) << 32 | b) * 0x9e3779b97f4a7c15;
    h = (h ^ (h >> 29)) * 0xbf58476d1ce4e5b9;
    return std::uint32_t(h >> 32);
}

}

Result<std::unique_ptr<LexicalEmbedder>> LexicalEmbedder::fromTable(std::string_view bytes)
{
    const auto corrupt = [] { return fail(ErrorCode::Corrupt, "lexical table: damaged"); };
    ByteReader reader(bytes);
    if (reader.bytes(4) != "WLEX")
        return corrupt();
    if (const auto format = reader.number<std::uint32_t>(); format != kFormat)
        return fail(format > kFormat ? ErrorCode::Newer : ErrorCode::Corrupt,
                    "lexical table: format " + std::to_string(format));
    auto embedder = std::make_unique<LexicalEmbedder>();
    const auto languages = reader.number<std::uint32_t>();
    if (languages > 64)
        return corrupt();
    unsigned bit = 0;
    for (std::uint32_t i = 0; i < languages && !reader.failed(); ++i) {
        const std::string name(reader.bytes(reader.number<std::uint8_t>()));
        const unsigned own = name.empty() ? 0 : ++bit;
        if (own >= 64)
            return corrupt();
        if (!name.empty())
            embedder->m_languages[name] = own;
        const auto count = reader.number<std::uint32_t>();
        for (std::uint32_t k = 0; k < count && !reader.failed(); ++k)
            embedder->m_words[reader.number<std::uint32_t>()].languages |= std::uint64_t(1) << own;
    }
    const auto meanings = reader.number<std::uint32_t>();
    for (std::uint32_t i = 0; i < meanings && !reader.failed(); ++i) {
        const auto hash = reader.number<std::uint32_t>();
        const unsigned rarity = std::min<unsigned>(reader.number<std::uint8_t>(), lexical::kRarityMask);
        const auto count = reader.number<std::uint32_t>();
        for (std::uint32_t k = 0; k < count && !reader.failed(); ++k)
            embedder->m_words[reader.number<std::uint32_t>()].meaning = lexical::makeTerm(hash, false, rarity);
    }
    const auto terms = reader.number<std::uint32_t>();
    if (reader.failed() || reader.left() != std::size_t(terms) * 5)
        return corrupt();
    std::vector<std::uint32_t> hashes(terms);
    for (std::uint32_t &hash : hashes)
        hash = reader.number<std::uint32_t>();
    for (const std::uint32_t hash : hashes)
        embedder->m_words[hash].rarity = std::min<std::uint8_t>(reader.number<std::uint8_t>(), lexical::kRarityMask);
    const Digest version = Sha256().field(kMethod).field(bytes).finish();
    embedder->m_space = "lexical-" + hex(std::span(version).first(6));
    return embedder;
}

std::uint64_t LexicalEmbedder::guessLanguages(const std::vector<std::uint32_t> &words) const
{
    std::array<std::uint32_t, 64> votes{};
    for (const std::uint32_t word : words) {
        const auto known = m_words.find(word);
        if (known == m_words.end())
            continue;
        for (std::uint64_t left = known->second.languages & ~kGeneric; left; left &= left - 1)
            ++votes[std::size_t(std::countr_zero(left))];
    }
    const std::uint32_t most = *std::max_element(votes.begin(), votes.end());
    std::uint64_t best = 0;
    for (std::size_t i = 1; i < votes.size() && most > 0; ++i)
        if (votes[i] == most)
            best |= std::uint64_t(1) << i;
    return best;
}

SparseVector LexicalEmbedder::embedOne(std::string_view text, std::string_view lang) const
{
    thread_local std::vector<std::uint32_t> words;
    thread_local std::vector<Entry> terms; ///< each with its share
    lexical::wordHashes(text, words);
    const auto language = m_languages.find(lang);
    const std::uint64_t stop =
        kGeneric | (language == m_languages.end() ? guessLanguages(words) : std::uint64_t(1) << language->second);
    terms.clear();
    std::uint32_t before = 0;
    unsigned rarityBefore = 0;
    bool first = true;
    for (const std::uint32_t word : words) {
        unsigned rarity = lexical::kRarityMask;
        std::uint32_t meaning = 0;
        if (const auto known = m_words.find(word); known != m_words.end()) {
            if (known->second.languages & stop)
                continue;
            rarity = known->second.rarity;
            meaning = known->second.meaning;
        }
        terms.push_back({lexical::makeTerm(word, false, rarity), meaning ? kNamedShare : kWholeShare});
        if (meaning)
            terms.push_back({meaning, kWholeShare});
        if (!first)
            terms.push_back(
                {lexical::makeTerm(pairHash(before, word), true, std::max(rarity, rarityBefore)), kPairShare});
        before = word;
        rarityBefore = rarity;
        first = false;
    }
    const auto byTerm = [](const Entry &a, const Entry &b) { return a.term < b.term; };
    std::sort(terms.begin(), terms.end(),
              [](const Entry &a, const Entry &b) { return a.term != b.term ? a.term < b.term : a.weight < b.weight; });

    thread_local std::vector<Entry> entries;
    entries.clear();
    for (std::size_t i = 0; i < terms.size();) {
        std::size_t end = i;
        while (end < terms.size() && terms[end].term == terms[i].term)
            ++end;
        const std::uint32_t counted = kCounted[std::min(end - i, kCounted.size() - 1)];
        entries.push_back({terms[i].term, kWeights[lexical::rarity(terms[i].term)] * counted * terms[i].weight / 100});
        i = end;
    }
    if (entries.size() > lexical::kMaximumTerms) {
        std::sort(entries.begin(), entries.end(), [](const Entry &a, const Entry &b) {
            return a.weight != b.weight ? a.weight > b.weight : a.term < b.term;
        });
        entries.resize(lexical::kMaximumTerms);
        std::sort(entries.begin(), entries.end(), byTerm);
    }
    std::uint64_t square = 0;
    for (const Entry &entry : entries)
        square += std::uint64_t(entry.weight) * entry.weight;
    SparseVector vector;
    vector.entries.reserve(entries.size());
    // The square root is exactly rounded everywhere, so these are the same integers on every machine.
    const double unit = square ? lexical::kScale / std::sqrt(double(square)) : 0.0;
    for (const Entry &entry : entries)
        if (const auto weight = std::uint16_t(entry.weight * unit + 0.5); weight > 0)
            vector.entries.emplace_back(entry.term, weight);
    return vector;
}

Result<Vectors> LexicalEmbedder::embed(std::span<const std::string_view> texts, std::span<const std::string_view> langs,
                                       std::stop_token stop)
{
    Vectors vectors;
    vectors.sparse.reserve(texts.size());
    for (std::size_t i = 0; i < texts.size(); ++i) {
        if (stop.stop_requested())
            return fail(ErrorCode::Cancelled, "embed");
        vectors.sparse.push_back(embedOne(texts[i], i < langs.size() ? langs[i] : std::string_view()));
    }
    return vectors;
}

Result<std::unique_ptr<LexicalEmbedder>> shippedLexicalEmbedder()
{
    return readResource("models/lexical.bin").and_then([](const std::string &bytes) {
        return LexicalEmbedder::fromTable(bytes);
    });
}

}
