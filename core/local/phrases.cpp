#include "core/local/phrases.h"

#include <algorithm>
#include <tuple>

namespace winnow::local
{

namespace
{

constexpr std::array<std::string_view, 12> kLanguages{"en", "de", "fr", "es", "it", "pt",
                                                      "nl", "pl", "ja", "zh", "sv", "tr"};
constexpr std::size_t kMaximumExpansion = 50000;
constexpr std::uint32_t kAny = 1;
constexpr int kMaximumDepth = 8;
constexpr LangMask kNames = LangMask(1) << 31; // what belongs to no language knows its own words only

std::vector<std::string_view> split(std::string_view text, char by)
{
    std::vector<std::string_view> parts;
    for (std::size_t at = 0; at <= text.size();) {
        const std::size_t end = std::min(text.find(by, at), text.size());
        if (end > at)
            parts.push_back(text.substr(at, end - at));
        at = end + 1;
    }
    return parts;
}

}

LangMask langBit(std::string_view lang)
{
    const auto it = std::find(kLanguages.begin(), kLanguages.end(), lang);
    return it == kLanguages.end() ? 0 : LangMask(1) << (it - kLanguages.begin());
}

void PhraseBook::define(const std::string &name, LangMask langs, const std::vector<std::string> &phrases)
{
    auto &list = m_lists[{name, langs}];
    list.insert(list.end(), phrases.begin(), phrases.end());
}

std::uint32_t PhraseBook::symbol(std::string_view word, bool prefix)
{
    std::uint32_t node = 0;
    for (const char c : word) {
        const auto next = m_wordNodes[node].next.find(std::uint8_t(c));
        if (next != m_wordNodes[node].next.end()) {
            node = next->second;
        } else {
            m_wordNodes[node].next.emplace(std::uint8_t(c), std::uint32_t(m_wordNodes.size()));
            node = std::uint32_t(m_wordNodes.size());
            m_wordNodes.emplace_back();
        }
    }
    std::uint32_t &id = prefix ? m_wordNodes[node].prefix : m_wordNodes[node].exact;
    if (id == 0) {
        id = m_symbols++;
        m_symbolLangs.push_back(0);
    }
    return id;
}

Result<std::vector<PhraseBook::Sequence>> PhraseBook::expand(std::string_view phrase, LangMask langs, int depth)
{
    if (depth > kMaximumDepth)
        return fail(ErrorCode::InvalidInput, "a named list that holds itself");
    std::vector<Sequence> all{{}};
    Words words;
    for (std::string_view element : split(phrase, ' ')) {
        std::vector<Sequence> choices;
        if (element == "_") {
            choices = {{}, {kAny}, {kAny, kAny}};
        } else {
            if (element.size() > 1 && element.ends_with('?')) {
                choices.push_back({});
                element.remove_suffix(1);
            }
            for (std::string_view choice : split(element, '|')) {
                if (choice.starts_with('{') && choice.ends_with('}')) {
                    const std::string name(choice.substr(1, choice.size() - 2));
                    const auto list = m_lists.find({name, langs});
                    if (list == m_lists.end())
                        return fail(ErrorCode::InvalidInput, "no list named " + name + " in this language");
                    for (const std::string &item : list->second) {
                        auto expanded = expand(item, langs, depth + 1);
                        if (!expanded)
                            return expanded;
                        choices.insert(choices.end(), expanded->begin(), expanded->end());
                    }
                    continue;
                }
                const bool prefix = choice.ends_with('*');
                if (prefix)
                    choice.remove_suffix(1);
                readWords(choice, words);
                if (words.size() == 0)
                    return fail(ErrorCode::InvalidInput, "no word in it");
                Sequence sequence;
                for (std::size_t i = 0; i < words.size(); ++i)
                    sequence.push_back(symbol(words[i], prefix && i + 1 == words.size()));
                choices.push_back(std::move(sequence));
            }
        }
        if (all.size() * choices.size() > kMaximumExpansion)
            return fail(ErrorCode::InvalidInput, "stands for too many phrases");
        std::vector<Sequence> longer;
        longer.reserve(all.size() * choices.size());
        for (const Sequence &head : all)
            for (const Sequence &tail : choices) {
                longer.push_back(head);
                longer.back().insert(longer.back().end(), tail.begin(), tail.end());
            }
        all = std::move(longer);
    }
    return all;
}

Result<> PhraseBook::add(std::string_view phrase, LangMask langs, std::uint32_t payload)
{
    auto sequences = expand(phrase, langs, 0);
    if (!sequences)
        return failAt("\"" + std::string(phrase) + "\"", sequences.error());
    for (const Sequence &sequence : *sequences) {
        if (sequence.empty() || sequence.front() == kAny || sequence.back() == kAny)
            return fail(ErrorCode::InvalidInput, "\"" + std::string(phrase) + "\": must begin and end with a word");
        std::uint32_t node = 0;
        for (const std::uint32_t id : sequence) {
            m_symbolLangs[id] |= langs == kAnyLanguage ? kNames : langs;
            const auto next = m_phraseNodes[node].next.find(id);
            if (next != m_phraseNodes[node].next.end()) {
                node = next->second;
            } else {
                m_phraseNodes[node].next.emplace(id, std::uint32_t(m_phraseNodes.size()));
                node = std::uint32_t(m_phraseNodes.size());
                m_phraseNodes.emplace_back();
            }
        }
        auto &ends = m_phraseNodes[node].ends;
        const auto same = std::find_if(ends.begin(), ends.end(), [&](const auto &end) { return end.first == payload; });
        if (same != ends.end())
            same->second |= langs;
        else
            ends.emplace_back(payload, langs);
    }
    return {};
}

void PhraseBook::freeze()
{
    for (const WordNode &node : m_wordNodes) {
        m_words.push_back(
            {{std::uint32_t(m_wordNext.size()), std::uint32_t(node.next.size())}, node.exact, node.prefix});
        m_wordNext.insert(m_wordNext.end(), node.next.begin(), node.next.end());
    }
    for (const auto &[byte, next] : m_wordNodes[0].next)
        m_firstByte[byte] = next;
    for (PhraseNode &node : m_phraseNodes) {
        FlatPhraseNode flat;
        if (const auto any = node.next.find(kAny); any != node.next.end()) {
            flat.any = any->second;
            node.next.erase(any);
        }
        flat.next = {std::uint32_t(m_phraseNext.size()), std::uint32_t(node.next.size())};
        flat.ends = {std::uint32_t(m_ends.size()), std::uint32_t(node.ends.size())};
        m_phraseNext.insert(m_phraseNext.end(), node.next.begin(), node.next.end());
        m_ends.insert(m_ends.end(), node.ends.begin(), node.ends.end());
        m_phrases.push_back(flat);
    }
    m_starts.assign(m_symbols, 0);
    for (const auto &[id, next] : m_phraseNodes[0].next)
        m_starts[id] = next;
    m_wordNodes = {};
    m_phraseNodes = {};
    m_lists.clear();
}

struct PhraseBook::Scan {
    const Words &words;
    std::vector<Match> &matches;
    std::vector<std::uint32_t> symbols;
    std::vector<std::uint32_t> symbolsAt; // by word: where its symbols begin
};

void PhraseBook::walk(Scan &scan, std::uint32_t node, std::uint32_t first, std::uint32_t at) const
{
    const FlatPhraseNode &here = m_phrases[node];
    for (std::uint32_t i = 0; i < here.ends.count; ++i) {
        const auto &[payload, langs] = m_ends[here.ends.first + i];
        scan.matches.push_back({first, at, payload, langs});
    }
    const std::uint32_t next = at + 1;
    if (next >= scan.words.size() || scan.words.all[next].before > Gap::Comma)
        return;
    if (here.any)
        walk(scan, here.any, first, next);
    if (here.next.count == 0)
        return;
    const auto begin = m_phraseNext.begin() + here.next.first, end = begin + here.next.count;
    for (std::uint32_t s = scan.symbolsAt[next]; s < scan.symbolsAt[next + 1]; ++s) {
        const auto it = std::lower_bound(begin, end, scan.symbols[s],
                                         [](const auto &edge, std::uint32_t id) { return edge.first < id; });
        if (it != end && it->first == scan.symbols[s])
            walk(scan, it->second, first, next);
    }
}

void PhraseBook::find(const Words &words, std::vector<Match> &matches) const
{
    thread_local std::vector<std::uint32_t> symbols, symbolsAt;
    matches.clear();
    symbols.clear();
    symbolsAt.clear();
    for (std::size_t i = 0; i < words.size(); ++i) {
        symbolsAt.push_back(std::uint32_t(symbols.size()));
        forEachSymbol(words[i], [&](std::uint32_t id, bool) { symbols.push_back(id); });
    }
    symbolsAt.push_back(std::uint32_t(symbols.size()));
    Scan scan{words, matches, std::move(symbols), std::move(symbolsAt)};
    for (std::uint32_t i = 0; i < words.size(); ++i)
        for (std::uint32_t s = scan.symbolsAt[i]; s < scan.symbolsAt[i + 1]; ++s)
            if (const std::uint32_t node = m_starts[scan.symbols[s]])
                walk(scan, node, i, i);
    symbols = std::move(scan.symbols);
    symbolsAt = std::move(scan.symbolsAt);
    std::sort(matches.begin(), matches.end(), [](const Match &a, const Match &b) {
        return std::tie(a.first, a.last, a.payload) < std::tie(b.first, b.last, b.payload);
    });
    // Two ways through one phrase are one match.
    std::size_t kept = 0;
    for (const Match &match : matches) {
        if (kept > 0 && matches[kept - 1].first == match.first && matches[kept - 1].last == match.last
            && matches[kept - 1].payload == match.payload)
            matches[kept - 1].langs |= match.langs;
        else
            matches[kept++] = match;
    }
    matches.resize(kept);
}

}
