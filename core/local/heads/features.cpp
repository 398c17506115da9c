#include "core/local/heads/features.h"

#include <algorithm>

namespace winnow::local
{

namespace
{

constexpr std::uint64_t kOffset = 0xcbf29ce484222325u, kPrime = 0x100000001b3u;
constexpr std::size_t kShortestGram = 3, kLongestGram = 5; // characters, the blanks around a word included
constexpr std::uint32_t kMostPoints = 60;
constexpr std::uint32_t kPointStep = 12;

std::uint64_t hashOf(std::string_view bytes, std::uint64_t hash)
{
    for (const char c : bytes)
        hash = (hash ^ std::uint8_t(c)) * kPrime;
    return hash;
}

std::uint32_t folded(std::uint64_t hash)
{
    hash ^= hash >> 32;
    hash *= 0x9e3779b97f4a7c15u;
    return std::uint32_t(hash >> 32);
}

std::uint32_t named(std::string_view kind, std::string_view name)
{
    return folded(hashOf(name, hashOf(kind, kOffset)));
}

/// Sorts, and turns equals into counts.
void settle(std::vector<Feature> &features)
{
    std::sort(features.begin(), features.end(), [](const Feature &a, const Feature &b) { return a.hash < b.hash; });
    std::size_t kept = 0;
    for (const Feature &feature : features) {
        if (kept > 0 && features[kept - 1].hash == feature.hash)
            features[kept - 1].count += feature.count;
        else
            features[kept++] = feature;
    }
    features.resize(kept);
}

std::uint32_t lengthClass(std::uint32_t words)
{
    std::uint32_t step = 0;
    while (words > 1) {
        words /= 2;
        ++step;
    }
    return step;
}

}

FeatureReader::FeatureReader(const Analyser &analyser)
    : m_analyser(analyser)
{
    for (const Cues::Group &group : analyser.cues().groups)
        m_cues.push_back(named("cue ", group.name));
    for (const Taxonomy::Symptom &symptom : analyser.taxonomy().symptoms)
        m_symptoms.push_back(named("symptom ", symptom.name));
    for (const Taxonomy::Component &component : analyser.taxonomy().components)
        m_components.push_back(named("component ", component.name));
}

void FeatureReader::read(std::string_view text, std::string_view lang, FeatureSet &features) const
{
    thread_local Reading reading;
    m_analyser.read(text, lang, reading);
    read(text, reading, {0, std::uint32_t(reading.words.size())}, features);
}

void FeatureReader::read(std::string_view text, const Reading &reading, WordRange range, FeatureSet &features) const
{
    auto &[words, characters, phrases] = features.blocks;
    words.clear();
    characters.clear();
    phrases.clear();
    std::uint64_t before = 0; // hash of the neighbour, 0: none
    for (std::uint32_t i = range.first; i < range.end; ++i) {
        const Word &word = reading.words.all[i];
        if (word.placeholder) {
            before = 0;
            continue;
        }
        const std::string_view own = reading.words[i];
        const std::uint64_t hash = hashOf(own, kOffset);
        words.push_back({folded(hash), 1});
        if (before != 0 && word.before <= Gap::Comma)
            words.push_back({folded(hashOf(own, (before ^ ' ') * kPrime)), 1});
        before = hash;
        // Grams begin at every character of " word ", so that they tell beginnings and ends from the middle.
        thread_local std::string padded;
        padded.assign(1, ' ');
        padded += own;
        padded += ' ';
        const auto begins = [&](std::size_t at) { return (std::uint8_t(padded[at]) & 0xc0) != 0x80; };
        for (std::size_t start = 0; start < padded.size(); ++start) {
            if (!begins(start))
                continue;
            std::uint64_t gram = kOffset ^ 0x5bd1e995u;
            std::size_t length = 0;
            for (std::size_t at = start; at < padded.size() && length < kLongestGram;) {
                do
                    gram = (gram ^ std::uint8_t(padded[at++])) * kPrime;
                while (at < padded.size() && !begins(at));
                if (++length >= kShortestGram)
                    characters.push_back({folded(gram), 1});
            }
        }
    }
    const auto add = [&](std::uint32_t hash, std::uint32_t mark) {
        phrases.push_back({folded(hash + kOffset * (mark + 1)), 1});
    };
    for (const Hit &hit : Analyser::hitsFrom(reading, range)) {
        if (hit.last >= range.end)
            continue;
        const auto &names = hit.kind == Hit::Kind::Cue ? m_cues
            : hit.kind == Hit::Kind::Symptom           ? m_symptoms
                                                       : m_components;
        add(names[hit.index], hit.negated ? 1 : 0);
    }
    // What the points say, for the whole and sentence by sentence.
    const Verdict whole = m_analyser.judge(reading, range);
    for (std::size_t type = 0; type < whole.points.size(); ++type) {
        const int points = std::min(whole.points[type], int(kMostPoints));
        for (int level = int(kPointStep); level <= points; level += int(kPointStep))
            add(named("points ", kIssueTypeNames[type]), std::uint32_t(level));
    }
    add(named("verdict ", kIssueTypeNames[std::size_t(whole.type)]), 0);
    std::uint32_t start = range.first;
    for (std::uint32_t i = range.first + 1; i <= range.end && start < range.end; ++i) {
        if (i < range.end && reading.words.all[i].before < Gap::Sentence)
            continue;
        add(named("sentence ", kIssueTypeNames[std::size_t(m_analyser.judge(reading, {start, i}).type)]), 0);
        start = i;
    }
    const ByteSpan span = range.empty()
        ? ByteSpan{0, std::uint32_t(text.size())}
        : ByteSpan{reading.words.all[range.first].span.start, reading.words.all[range.end - 1].span.end};
    const std::string_view stretch =
        text.substr(span.start, std::min<std::size_t>(text.size(), span.end + 2) - span.start);
    for (const char mark : {'?', '!'})
        if (stretch.find(mark) != std::string_view::npos)
            add(named("mark ", std::string_view(&mark, 1)), 0);
    for (std::uint32_t step = 1; step <= lengthClass(range.size()); ++step)
        add(named("length ", ""), step);
    settle(words);
    settle(characters);
    settle(phrases);
}

}
