#include "core/stages/match/match.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <map>
#include <string>
#include <unordered_map>
#include <utility>

#include "core/math/elementary.h"
#include "core/stages/match/ticketbody.h"
#include "core/stages/match/tokens.h"
#include "core/text/versions.h"

namespace winnow::match {

namespace {

// BM25F: a word of the title counts four times one of the body; long bodies are held back more than long titles.
constexpr double kTitleWeight = 4, kTitleLength = 0.5, kBodyLength = 0.75, kSaturation = 1.2;
constexpr std::size_t kMaximumMatches = 10;
/// What is taken by words before component, time and version are looked at.
constexpr std::size_t kCandidates = 40;

struct Posting {
    std::uint32_t ticket = 0;
    float bm25 = 0;  ///< saturated frequency, 0 to 1
    float title = 0; ///< share of the title's unit vector
};

struct Term {
    std::vector<Posting> postings;
    double weight = 0;      ///< how rare it is among tickets
    double titleWeight = 0; ///< and among titles
};

struct Ticket {
    std::string id;
    std::vector<std::string> component;
    std::optional<TimePoint> created;
    std::optional<TimePoint> resolved;
    std::optional<text::Version> fixed;
};

using Counts = std::map<std::string, unsigned>; // in order: sums do not depend on hashing

Counts countsOf(const std::vector<std::string> &tokens)
{
    Counts counts;
    for (const std::string &token : tokens)
        ++counts[token];
    return counts;
}

std::vector<std::string> distinct(std::vector<std::string> tokens)
{
    std::sort(tokens.begin(), tokens.end());
    tokens.erase(std::unique(tokens.begin(), tokens.end()), tokens.end());
    return tokens;
}

bool overlap(const std::vector<std::string> &a, const std::vector<std::string> &b)
{
    return std::find_first_of(a.begin(), a.end(), b.begin(), b.end()) != a.end();
}

/// True where `id` stands in `notes` as a word of its own: `#123` names 123, `APP-8120` does not name APP-812.
bool names(std::string_view notes, std::string_view id)
{
    const auto isWord = [](char c) {
        return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' || c == '_';
    };
    const bool number = std::all_of(id.begin(), id.end(), [](char c) { return c >= '0' && c <= '9'; });
    for (std::size_t at = notes.find(id); at != std::string_view::npos; at = notes.find(id, at + 1)) {
        const char before = at == 0 ? ' ' : notes[at - 1];
        const char after = at + id.size() < notes.size() ? notes[at + id.size()] : ' ';
        if (number ? before == '#' && !isWord(after) : !isWord(before) && !isWord(after))
            return true;
    }
    return false;
}

}

struct Index::Private {
    std::vector<Ticket> tickets;
    std::vector<Term> terms;
    std::unordered_map<std::string, std::uint32_t> vocabulary; // looked up, never walked

    [[nodiscard]] const Term *find(const std::string &token) const
    {
        const auto it = vocabulary.find(token);
        return it == vocabulary.end() ? nullptr : &terms[it->second];
    }
    [[nodiscard]] double unknownTitleWeight() const { return math::log(1.0 + double(tickets.size())) + 1; }
};

Index::Index(std::span<const KnownTicket> tickets, std::span<const Release> releases)
    : m_data(std::make_unique<Private>())
{
    const BodyReader reader(tickets);
    std::vector<Counts> titles(tickets.size()), bodies(tickets.size());
    std::vector<double> titleLengths(tickets.size()), bodyLengths(tickets.size());
    double titleSum = 0, bodySum = 0;
    for (std::size_t i = 0; i < tickets.size(); ++i) {
        const KnownTicket &ticket = tickets[i];
        const auto title = tokensOf(ticket.title), body = tokensOf(reader.read(ticket.body));
        titleLengths[i] = double(title.size());
        bodyLengths[i] = double(body.size());
        titleSum += titleLengths[i];
        bodySum += bodyLengths[i];
        titles[i] = countsOf(title);
        bodies[i] = countsOf(body);
        Ticket &known = m_data->tickets.emplace_back();
        known.id = ticket.id;
        known.component = distinct(tokensOf(ticket.component));
        known.created = ticket.created;
        known.resolved = ticket.resolved;
        known.fixed = text::parseVersion(ticket.fixVersion);
        if (known.fixed || ticket.id.empty())
            continue;
        for (const Release &release : releases) // notes that name the ticket say when it was fixed
            if (names(release.notes, ticket.id))
                if (auto version = text::parseVersion(release.version); version && (!known.fixed || *version < *known.fixed))
                    known.fixed = std::move(version);
    }
    const double count = std::max<double>(1, double(tickets.size()));
    const double titleMean = std::max(1.0, titleSum / count), bodyMean = std::max(1.0, bodySum / count);
    std::vector<std::uint32_t> titleTickets;
    for (std::uint32_t i = 0; i < tickets.size(); ++i) {
        const double titlePart = kTitleWeight / (1 - kTitleLength + kTitleLength * titleLengths[i] / titleMean);
        const double bodyPart = 1 / (1 - kBodyLength + kBodyLength * bodyLengths[i] / bodyMean);
        const auto add = [&](const std::string &token, double frequency, bool inTitle) {
            const auto [it, fresh] = m_data->vocabulary.try_emplace(token, std::uint32_t(m_data->terms.size()));
            if (fresh) {
                m_data->terms.emplace_back();
                titleTickets.push_back(0);
            }
            titleTickets[it->second] += inTitle;
            m_data->terms[it->second].postings.push_back({i, float(frequency / (kSaturation + frequency)), 0});
        };
        for (const auto &[token, n] : titles[i]) {
            const auto body = bodies[i].find(token);
            add(token, n * titlePart + (body == bodies[i].end() ? 0.0 : body->second * bodyPart), true);
        }
        for (const auto &[token, n] : bodies[i])
            if (!titles[i].contains(token))
                add(token, n * bodyPart, false);
    }
    for (std::size_t t = 0; t < m_data->terms.size(); ++t) {
        Term &term = m_data->terms[t];
        const double in = double(term.postings.size());
        term.weight = math::log(1 + (double(tickets.size()) - in + 0.5) / (in + 0.5));
        term.titleWeight = math::log((1 + double(tickets.size())) / (1 + double(titleTickets[t]))) + 1;
    }
    for (std::uint32_t i = 0; i < tickets.size(); ++i) {
        double squares = 0;
        const auto entry = [](const Term &term, unsigned n) { return (1 + math::log(n)) * term.titleWeight; };
        for (const auto &[token, n] : titles[i])
            squares += entry(*m_data->find(token), n) * entry(*m_data->find(token), n);
        for (const auto &[token, n] : titles[i]) {
            Term &term = m_data->terms[m_data->vocabulary.at(token)];
            const auto posting = std::lower_bound(term.postings.begin(), term.postings.end(), i,
                                                  [](const Posting &p, std::uint32_t wanted) { return p.ticket < wanted; });
            posting->title = float(entry(term, n) / std::sqrt(squares));
        }
    }
}

Index::~Index() = default;
Index::Index(Index &&) noexcept = default;
Index &Index::operator=(Index &&) noexcept = default;

namespace {

/// How near a ticket's words are to a query's.
struct Nearness {
    std::uint32_t ticket = 0;
    double coverage = 0; ///< share of the query's weight found in it, 0 to 1
    double title = 0;    ///< cosine with its title, 0 to 1
    [[nodiscard]] double sum() const { return 2 * std::sqrt(coverage) + title; }
};

class Searcher
{
public:
    explicit Searcher(const Index::Private &index)
        : m_index(index), m_bm25(index.tickets.size()), m_title(index.tickets.size()) { }

    /// The nearest tickets, nearest first.
    std::vector<Nearness> nearest(const Counts &query)
    {
        double self = 0, squares = 0;
        m_touched.clear();
        for (const auto &[token, n] : query) {
            const Term *term = m_index.find(token);
            const double title = (1 + math::log(n)) * (term ? term->titleWeight : m_index.unknownTitleWeight());
            squares += title * title;
            if (!term)
                continue;
            const double weight = term->weight * 2 * n / (n + 1.0);
            self += weight;
            for (const Posting &posting : term->postings) {
                if (m_bm25[posting.ticket] == 0)
                    m_touched.push_back(posting.ticket);
                m_bm25[posting.ticket] += weight * double(posting.bm25);
                m_title[posting.ticket] += title * double(posting.title);
            }
        }
        std::vector<Nearness> result;
        result.reserve(m_touched.size());
        const double norm = std::sqrt(squares);
        for (const std::uint32_t ticket : m_touched) {
            result.push_back({ticket, std::min(1.0, m_bm25[ticket] / self), std::min(1.0, m_title[ticket] / norm)});
            m_bm25[ticket] = m_title[ticket] = 0;
        }
        const auto nearer = [](const Nearness &a, const Nearness &b) {
            const double x = a.sum(), y = b.sum();
            return x != y ? x > y : a.ticket < b.ticket;
        };
        const std::size_t kept = std::min(result.size(), kCandidates);
        std::partial_sort(result.begin(), result.begin() + std::ptrdiff_t(kept), result.end(), nearer);
        result.resize(kept);
        return result;
    }

private:
    const Index::Private &m_index;
    std::vector<double> m_bm25, m_title;
    std::vector<std::uint32_t> m_touched;
};

/// Probability that the ticket is about what the query is about.
double probability(const Nearness &near, const Ticket &ticket, const std::vector<std::string> &component, bool later)
{
    double logit = -6.5 + 6.0 * std::sqrt(near.coverage) + 5.0 * near.title;
    if (!component.empty() && !ticket.component.empty())
        logit += overlap(component, ticket.component) ? 0.7 : -0.3;
    if (later)
        logit -= 1;
    return math::logistic(logit);
}

Matching matched(Searcher &searcher, const Index::Private &index, const Query &query, const Options &options)
{
    auto tokens = tokensOf(query.text);
    const auto component = distinct(tokensOf(query.component));
    tokens.insert(tokens.end(), component.begin(), component.end());
    const auto version = text::parseVersion(query.appVersion);
    Matching matching;
    std::vector<std::pair<std::uint32_t, TicketMatch>> found;
    for (const Nearness &near : searcher.nearest(countsOf(tokens))) {
        const Ticket &ticket = index.tickets[near.ticket];
        // who reported this could not have meant a ticket that did not exist: offered, never as the same
        const bool later = query.at && ticket.created && *ticket.created > *query.at;
        TicketMatch match{ticket.id, Relation::Related, math::round6(probability(near, ticket, component, later))};
        if (later)
            match.p = std::min(match.p, math::round6(std::max(0.0, options.sameScore - 1e-6)));
        if (match.p >= options.sameScore && !later)
            match.relation = Relation::Same;
        if (match.p >= options.relatedScore && !later && ticket.fixed && version && !(*version < *ticket.fixed))
            match.relation = Relation::Regression;
        found.emplace_back(near.ticket, std::move(match));
    }
    std::sort(found.begin(), found.end(), [](const auto &a, const auto &b) {
        return a.second.p != b.second.p ? a.second.p > b.second.p : a.first < b.first;
    });
    for (auto &[ticket, match] : found) {
        const bool known = std::any_of(matching.matches.begin(), matching.matches.end(),
                                       [&](const TicketMatch &other) { return other.ticket == match.ticket; });
        if (!known && matching.matches.size() < kMaximumMatches)
            matching.matches.push_back(std::move(match));
    }
    if (!matching.matches.empty()) {
        const TicketMatch &best = matching.matches.front();
        if (best.p >= options.sameScore)
            matching.decision = "same";
        else if (best.p >= options.relatedScore)
            matching.decision = "related";
    }
    return matching;
}

}

Result<Output> run(const Input &input, const Options &options, std::stop_token stop)
{
    Output output;
    output.items.resize(input.queries.size());
    if (!input.index)
        return output;
    const Index::Private &index = input.index->data();
    Searcher searcher(index);
    for (std::size_t i = 0; i < input.queries.size(); ++i) {
        if (stop.stop_requested())
            return fail(ErrorCode::Cancelled, "match");
        output.items[i] = matched(searcher, index, input.queries[i], options);
    }
    return output;
}

}
