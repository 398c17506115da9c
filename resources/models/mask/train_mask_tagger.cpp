// Trains the mask's tagger: a linear chain by the averaged perceptron, on the texts that make_mask_tagger.py makes.
//
//     train-mask-tagger TEXTS LEXICON OUT [--rounds N] [--bias N] [--rows LOG2]
//
// TEXTS: a line per text, the text (\n for a line end, \\ for \), a tab, then `start-end:TAG` parted by blanks: bytes
// of the text, TAG one of PER ADR LOC ORG JOB. LEXICON: lines of `bits word`, bits as in Known.
//
// OUT: zlib of "WMT1", u32 rows, u32 known words, i16 × 12 × 11 steps from a tag (the last: from the start) to a tag,
// per known word u32 hash and u16 bits, then i8 × rows × 11 weights. Little endian.

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <iostream>
#include <map>
#include <sstream>
#include <string>
#include <string_view>
#include <vector>

#include <zlib.h>

#include "core/stages/mask/tagger.h"

using namespace winnow::mask;

namespace
{

constexpr std::int64_t kScale = 127; // what the largest weight becomes
// how often a name is taught as a word that nobody knows, and as one whose lists nobody has
constexpr unsigned kForgetWord = 45, kForgetLists = 30, kForgetCommon = 4; // per cent

struct Sentence {
    std::string text;
    Tokens tokens;
    std::vector<std::uint8_t> gold;
};

class Random
{
public:
    std::uint64_t next()
    {
        std::uint64_t z = (m_state += 0x9e3779b97f4a7c15ull);
        z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9ull;
        z = (z ^ (z >> 27)) * 0x94d049bb133111ebull;
        return z ^ (z >> 31);
    }
    bool percent(unsigned share) { return next() % 100 < share; }

private:
    std::uint64_t m_state = 7;
};

std::vector<Sentence> readTexts(const std::string &path)
{
    const std::map<std::string, std::uint8_t> tags{{"PER", 1}, {"ADR", 3}, {"LOC", 5}, {"ORG", 7}, {"JOB", 9}};
    std::vector<Sentence> sentences;
    std::ifstream in(path);
    for (std::string line; std::getline(in, line);) {
        const std::size_t tab = line.find('\t');
        Sentence sentence;
        for (std::size_t i = 0; i < tab && i < line.size(); ++i) {
            if (line[i] == '\\' && i + 1 < line.size())
                sentence.text += line[++i] == 'n' ? '\n' : line[i];
            else
                sentence.text += line[i];
        }
        tokenise(sentence.text, sentence.tokens);
        sentence.gold.assign(sentence.tokens.words.size(), 0);
        if (tab != std::string::npos) {
            std::istringstream spans(line.substr(tab + 1));
            for (std::string span; spans >> span;) {
                unsigned start = 0, end = 0;
                char name[4] = {};
                if (std::sscanf(span.c_str(), "%u-%u:%3s", &start, &end, name) != 3 || !tags.contains(name)) {
                    std::cerr << path << ": cannot read " << span << '\n';
                    std::exit(2);
                }
                bool first = true;
                for (std::size_t i = 0; i < sentence.gold.size(); ++i) {
                    const Token &word = sentence.tokens.words[i];
                    if (word.start < start || word.start >= end)
                        continue;
                    sentence.gold[i] = std::uint8_t(tags.at(name) + (first ? 0 : 1));
                    first = false;
                }
            }
        }
        if (!sentence.gold.empty())
            sentences.push_back(std::move(sentence));
    }
    return sentences;
}

template <typename T> void put(std::string &out, T value)
{
    for (std::size_t i = 0; i < sizeof(T); ++i)
        out += char(std::uint64_t(value) >> 8 * i & 0xff);
}

using Steps = std::array<std::array<std::int16_t, kTags>, kTags + 1>;

std::string packed(std::uint32_t rows, const Steps &steps, const std::map<std::uint32_t, std::uint16_t> &lexicon,
                   const std::vector<std::int8_t> &weights)
{
    std::string out = "WMT1";
    put(out, rows);
    put(out, std::uint32_t(lexicon.size()));
    for (const auto &from : steps)
        for (const std::int16_t step : from)
            put(out, std::uint16_t(step));
    for (const auto &[hash, bits] : lexicon) {
        put(out, hash);
        put(out, bits);
    }
    out.append(reinterpret_cast<const char *>(weights.data()), weights.size());
    std::string zipped(compressBound(out.size()), '\0');
    uLongf size = zipped.size();
    if (compress2(reinterpret_cast<Bytef *>(zipped.data()), &size, reinterpret_cast<const Bytef *>(out.data()),
                  out.size(), 9)
        != Z_OK)
        std::exit(3);
    zipped.resize(size);
    return zipped;
}

class Trainer
{
public:
    Trainer(std::uint32_t rows, const Tagger &lexicon)
        : m_lexicon(lexicon)
        , m_mask(rows - 1)
        , m_weights(std::size_t(rows) * kTags)
        , m_sums(std::size_t(rows) * kTags)
        , m_steps((kTags + 1) * kTags)
        , m_stepSums((kTags + 1) * kTags)
    {
    }

    /// \returns whether it was right
    bool learn(const Sentence &sentence, Random &random)
    {
        ++m_time;
        Tokens tokens = sentence.tokens;
        std::vector<std::uint16_t> known(tokens.words.size());
        for (std::size_t i = 0; i < known.size(); ++i) {
            Token &word = tokens.words[i];
            known[i] = m_lexicon.knownAs(word);
            const bool named = sentence.gold[i] != 0;
            if ((named || word.upperFirst) && random.percent(named ? kForgetLists : kForgetCommon))
                known[i] &= named ? KnownStreet | KnownCommon | KnownCompany : ~KnownCommon;
            if (named && word.letters && random.percent(kForgetWord))
                word.hash = std::uint32_t(random.next());
        }
        const Scene scene = sceneOf(sentence.text, tokens, {});
        m_text.look(scene, known);
        m_features.resize(known.size());
        for (std::size_t i = 0; i < known.size(); ++i)
            m_text.features(i, m_features[i]);
        const std::vector<std::uint8_t> guess = decode(sentence.gold);
        if (guess == sentence.gold)
            return true;
        for (std::size_t i = 0; i < guess.size(); ++i) {
            const std::size_t wrong = guess[i], right = sentence.gold[i];
            if (wrong != right)
                for (const std::uint32_t hash : m_features[i]) {
                    add(m_weights, m_sums, std::size_t(hash & m_mask) * kTags + right, 1);
                    add(m_weights, m_sums, std::size_t(hash & m_mask) * kTags + wrong, -1);
                }
            const std::size_t wrongFrom = i > 0 ? guess[i - 1] : kTags,
                              rightFrom = i > 0 ? sentence.gold[i - 1] : kTags;
            if (wrong != right || wrongFrom != rightFrom) {
                add(m_steps, m_stepSums, rightFrom * kTags + right, 1);
                add(m_steps, m_stepSums, wrongFrom * kTags + wrong, -1);
            }
        }
        return false;
    }

    /// The averages, scaled to small whole numbers.
    void result(Steps &steps, std::vector<std::int8_t> &weights, double bias) const
    {
        std::vector<double> mean(m_weights.size());
        std::vector<double> sizes;
        for (std::size_t i = 0; i < mean.size(); ++i) {
            mean[i] = double(m_weights[i]) - double(m_sums[i]) / double(m_time);
            if (mean[i] != 0)
                sizes.push_back(std::abs(mean[i]));
        }
        std::nth_element(sizes.begin(), sizes.begin() + std::ptrdiff_t(sizes.size() * 9998 / 10000), sizes.end());
        const double scale = double(kScale) / sizes[sizes.size() * 9998 / 10000];
        std::cerr << "scale " << scale << ", " << sizes.size() << " weights\n";
        weights.resize(mean.size());
        for (std::size_t i = 0; i < mean.size(); ++i)
            weights[i] = std::int8_t(std::clamp(std::lround(mean[i] * scale), -127l, 127l));
        for (std::size_t from = 0; from <= kTags; ++from)
            for (std::size_t to = 0; to < kTags; ++to) {
                const std::size_t i = from * kTags + to;
                const double value = double(m_steps[i]) - double(m_stepSums[i]) / double(m_time);
                steps[from][to] =
                    std::int16_t(std::clamp(std::lround(value * scale + (to == 0 ? bias : 0)), -30000l, 30000l));
            }
    }

private:
    void add(std::vector<std::int32_t> &weights, std::vector<std::int64_t> &sums, std::size_t i, std::int32_t by) const
    {
        weights[i] += by;
        sums[i] += std::int64_t(by) * m_time;
    }

    /// The best tags where a wrong one is given a lead: what is right has to win clearly.
    std::vector<std::uint8_t> decode(const std::vector<std::uint8_t> &gold) const
    {
        constexpr std::int32_t kNever = -1'000'000'000, kLead = 12;
        const std::size_t count = gold.size();
        std::vector<std::array<std::int32_t, kTags>> best(count);
        std::vector<std::array<std::uint8_t, kTags>> back(count);
        for (std::size_t i = 0; i < count; ++i) {
            std::array<std::int32_t, kTags> emit{};
            for (const std::uint32_t hash : m_features[i])
                for (std::size_t t = 0; t < kTags; ++t)
                    emit[t] += m_weights[std::size_t(hash & m_mask) * kTags + t];
            for (std::size_t to = 0; to < kTags; ++to) {
                std::int32_t most = kNever * 2;
                for (std::size_t from = 0; from < kTags; ++from) {
                    const bool ok = to == 0 || to % 2 == 1 || (i > 0 && (from == to || from + 1 == to));
                    const std::int32_t value = !ok ? kNever
                        : i == 0                   ? m_steps[kTags * kTags + to]
                                                   : best[i - 1][from] + m_steps[from * kTags + to];
                    if (value > most) {
                        most = value;
                        back[i][to] = std::uint8_t(from);
                    }
                }
                best[i][to] = std::max(most, kNever) + emit[to] + (to != gold[i] ? kLead : 0);
            }
        }
        std::vector<std::uint8_t> tags(count);
        auto tag = std::size_t(std::max_element(best.back().begin(), best.back().end()) - best.back().begin());
        for (std::size_t i = count; i-- > 0;) {
            tags[i] = std::uint8_t(tag);
            tag = back[i][tag];
        }
        return tags;
    }

    const Tagger &m_lexicon;
    std::uint32_t m_mask;
    std::vector<std::int32_t> m_weights;
    std::vector<std::int64_t> m_sums;
    std::vector<std::int32_t> m_steps;
    std::vector<std::int64_t> m_stepSums;
    std::int64_t m_time = 0;
    TaggerText m_text;
    std::vector<Tagger::Features> m_features;
};

}

int main(int count, char **arguments)
{
    if (count < 4) {
        std::cerr << "train-mask-tagger TEXTS LEXICON OUT [--rounds N] [--bias N] [--rows LOG2]\n";
        return 2;
    }
    int rounds = 6, log2 = 18;
    double bias = 0;
    for (int i = 4; i + 1 < count; i += 2) {
        const std::string_view name = arguments[i];
        if (name == "--rounds")
            rounds = std::atoi(arguments[i + 1]);
        else if (name == "--bias")
            bias = std::atof(arguments[i + 1]);
        else if (name == "--rows")
            log2 = std::atoi(arguments[i + 1]);
    }
    std::map<std::uint32_t, std::uint16_t> lexicon;
    std::ifstream words(arguments[2]);
    for (std::string line; std::getline(words, line);) {
        const std::size_t blank = line.find(' ');
        const Tokens word = wordsOf(std::string_view(line).substr(blank + 1));
        for (const Token &token : word.words)
            if (const auto bits = std::uint16_t(std::atoi(line.c_str())); token.letters && bits != 0)
                lexicon[token.hash] |= bits;
    }
    const std::uint32_t rows = 1u << log2;
    Steps steps{};
    std::vector<std::int8_t> weights(std::size_t(rows) * kTags);
    const auto empty = Tagger::read(packed(rows, steps, lexicon, weights));
    if (!empty) {
        std::cerr << empty.error().detail << '\n';
        return 2;
    }
    const std::vector<Sentence> sentences = readTexts(arguments[1]);
    std::cerr << sentences.size() << " texts, " << lexicon.size() << " known words\n";
    if (sentences.empty())
        return 2;
    Trainer trainer(rows, *empty);
    Random random;
    std::vector<std::uint32_t> order(sentences.size());
    for (std::size_t i = 0; i < order.size(); ++i)
        order[i] = std::uint32_t(i);
    for (int round = 0; round < rounds; ++round) {
        for (std::size_t i = order.size(); i > 1; --i)
            std::swap(order[i - 1], order[random.next() % i]);
        std::size_t right = 0;
        for (const std::uint32_t i : order)
            right += trainer.learn(sentences[i], random);
        std::cerr << "round " << round + 1 << ": " << double(right) / double(order.size()) << " of the texts right\n";
    }
    trainer.result(steps, weights, bias);
    const std::string out = packed(rows, steps, lexicon, weights);
    std::ofstream(arguments[3], std::ios::binary).write(out.data(), std::streamsize(out.size()));
    std::cerr << out.size() << " bytes\n";
}
