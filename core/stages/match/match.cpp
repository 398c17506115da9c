#include "core/stages/match/match.h"

#include <algorithm>
#include <string>
#include <utility>

#include "core/math/elementary.h"
#include "core/stages/match/search.h"
#include "core/stages/match/tokens.h"

namespace winnow::match {

namespace {

constexpr std::size_t kMaximumMatches = 10, kMaximumNotes = 3;

bool overlap(const std::vector<std::string> &a, const std::vector<std::string> &b)
{
    return std::find_first_of(a.begin(), a.end(), b.begin(), b.end()) != a.end();
}

/// A query against one index, with what does not depend on the index.
struct Asked {
    const Query &query;
    const Options &options;
    std::vector<std::string> component = distinct(wordsOf(query.component));
    std::optional<text::Version> version = text::parseVersion(query.appVersion);
};

std::vector<TicketMatch> ticketMatches(Searcher &searcher, const Index::Private &index, const Asked &asked)
{
    const Query &query = asked.query;
    const Found found = searcher.find(query.text, asked.component);
    std::vector<std::pair<std::uint32_t, TicketMatch>> order;
    for (const Nearness &near : found.nearest) {
        const Ticket &ticket = index.tickets[near.ticket];
        double logOdds = found.logOdds(near);
        if (!asked.component.empty() && !ticket.component.empty())
            logOdds += overlap(asked.component, ticket.component) ? 0.7 : -0.3;
        // who reported this could not have meant a ticket that did not exist: offered, never as the same
        const bool later = query.at && ticket.created && *ticket.created > *query.at;
        double p = math::logistic(logOdds - (later ? 1 : 0));
        if (later)
            p = std::min(p, asked.options.sameScore / 2);
        TicketMatch match{ticket.id, Relation::Related, math::round6(p)};
        if (match.p >= asked.options.sameScore && !later)
            match.relation = Relation::Same;
        const bool inFixed = ticket.fixed && asked.version && !(*asked.version < *ticket.fixed);
        if (match.p >= asked.options.relatedScore && !later && inFixed)
            match.relation = Relation::Regression;
        order.emplace_back(near.ticket, std::move(match));
    }
    std::sort(order.begin(), order.end(), [](const auto &a, const auto &b) {
        return a.second.p != b.second.p ? a.second.p > b.second.p : a.first < b.first;
    });
    std::vector<TicketMatch> matches;
    for (auto &[ticket, match] : order) {
        const bool known = std::any_of(matches.begin(), matches.end(),
                                       [&](const TicketMatch &other) { return other.ticket == match.ticket; });
        if (!known && matches.size() < kMaximumMatches)
            matches.push_back(std::move(match));
    }
    return matches;
}

/// Releases whose notes claim to have fixed it. Notes written after the report may well answer it.
std::vector<NoteMatch> noteMatches(Searcher &searcher, const Index::Private &notes, const Asked &asked)
{
    std::vector<NoteMatch> matches;
    const Found found = searcher.find(asked.query.text, asked.component);
    for (const Nearness &near : found.nearest) { // nearest first: the first line of a release is its best
        const Ticket &note = notes.tickets[near.ticket];
        const double p = math::round6(math::logistic(found.logOdds(near)));
        if (p < kLeastNote || matches.size() == kMaximumNotes)
            break;
        if (std::any_of(matches.begin(), matches.end(), [&](const NoteMatch &m) { return m.version == note.id; }))
            continue;
        const bool inFixed = note.fixed && asked.version && !(*asked.version < *note.fixed);
        matches.push_back({note.id, inFixed ? Relation::Regression : Relation::Same, p});
    }
    return matches;
}

}

Result<Output> run(const Input &input, const Options &options, std::stop_token stop)
{
    Output output;
    output.items.resize(input.queries.size());
    if (!input.index)
        return output;
    const Index::Private &index = input.index->data();
    Searcher tickets(index);
    std::optional<Searcher> notes;
    if (index.notes)
        notes.emplace(*index.notes);
    for (std::size_t i = 0; i < input.queries.size(); ++i) {
        if (stop.stop_requested())
            return fail(ErrorCode::Cancelled, "match");
        Matching &matching = output.items[i];
        const Asked asked{input.queries[i], options};
        matching.matches = ticketMatches(tickets, index, asked);
        if (notes)
            matching.notes = noteMatches(*notes, *index.notes, asked);
        if (!matching.matches.empty()) {
            const TicketMatch &best = matching.matches.front();
            if (best.p >= options.sameScore)
                matching.decision = "same";
            else if (best.p >= options.relatedScore)
                matching.decision = "related";
        }
    }
    return output;
}

}
