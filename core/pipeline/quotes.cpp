#include "core/pipeline/quotes.h"

#include <algorithm>
#include <map>
#include <set>

namespace winnow
{

std::vector<draft::Quote> telling(std::span<const MemberRow> members, std::size_t most)
{
    std::vector<const MemberRow *> order;
    for (const MemberRow &member : members)
        order.push_back(&member);
    const auto firm = [](const MemberRow &m) {
        return m.finding.abstained ? m.finding.confidence / 2 : m.finding.confidence;
    };
    std::sort(order.begin(), order.end(), [&](const MemberRow *a, const MemberRow *b) {
        return firm(*a) != firm(*b) ? firm(*a) > firm(*b) : a->segmentUid < b->segmentUid;
    });
    std::vector<draft::Quote> quotes;
    std::set<std::string_view> texts, authors;
    std::set<std::pair<std::string_view, std::string_view>> kinds;
    // first one of each language and channel, then the rest
    for (const bool rest : {false, true}) {
        for (const MemberRow *member : order) {
            if (quotes.size() >= most)
                break;
            if (texts.contains(member->text) || (!member->author.empty() && authors.contains(member->author)))
                continue;
            if (!kinds.insert({member->lang, member->channel}).second && !rest)
                continue;
            texts.insert(member->text);
            authors.insert(member->author);
            quotes.push_back(
                {member->text, member->channel, member->lang, member->appVersion, member->author, member->at});
        }
    }
    return quotes;
}

std::vector<std::pair<std::string, std::string>> commonConditions(std::span<const MemberRow> members)
{
    std::map<std::string, std::map<std::string, std::size_t>> said;
    for (const MemberRow &member : members)
        for (const auto &[name, value] : member.finding.conditions)
            ++said[name][value];
    std::vector<std::pair<std::string, std::string>> common;
    for (const auto &[name, values] : said) {
        std::size_t total = 0;
        const auto best = std::max_element(values.begin(), values.end(),
                                           [](const auto &a, const auto &b) { return a.second < b.second; });
        for (const auto &[value, count] : values)
            total += count;
        if (best->second * 2 >= total)
            common.emplace_back(name, best->first);
    }
    return common;
}

std::string matchText(const Incident &incident, std::span<const MemberRow> members)
{
    constexpr std::size_t kQuotes = 4, kBytes = 400;
    std::string text = incident.title + '\n' + incident.component + ' ' + incident.symptom;
    for (const draft::Quote &quote : telling(members, kQuotes)) {
        text += '\n';
        std::size_t size = std::min(quote.text.size(), kBytes);
        while (size < quote.text.size() && size > 0 && (quote.text[size] & 0xc0) == 0x80)
            --size;
        text += quote.text.substr(0, size);
    }
    return text;
}

}
