#include "core/stages/match/index.h"

#include <algorithm>
#include <cmath>

#include "core/local/analyser.h"
#include "core/math/elementary.h"
#include "core/stages/match/search.h"
#include "core/stages/match/ticketbody.h"
#include "core/stages/match/tokens.h"

namespace winnow::match {

namespace {

// BM25F: a word of the title counts four times one of the body; long bodies are held back more than long titles.
constexpr double kTitleWeight = 4, kTitleLength = 0.5, kBodyLength = 0.75, kSaturation = 1.2;

/// "Bug fixes and improvements" says nothing.
constexpr std::size_t kLeastNoteWords = 2;
/// A release so long after a ticket was closed was not the one that brought its fix.
constexpr std::chrono::days kFixToRelease{120};

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

/// How rare something is that `in` of `all` have; never 0, so that titles of common words alone still have a direction.
double rarity(std::size_t in, std::size_t all) { return math::log((1 + double(all)) / (1 + double(in))) + 1; }

}

Counts countsOf(const std::vector<std::string> &words)
{
    Counts counts;
    for (const std::string &word : words)
        ++counts[word];
    return counts;
}

std::vector<std::string> distinct(std::vector<std::string> words)
{
    std::sort(words.begin(), words.end());
    words.erase(std::unique(words.begin(), words.end()), words.end());
    return words;
}

std::vector<std::pair<std::uint64_t, double>> gramCounts(const std::vector<std::uint64_t> &sorted)
{
    std::vector<std::pair<std::uint64_t, double>> counts;
    for (std::size_t i = 0, end = 0; i < sorted.size(); i = end) {
        while (end < sorted.size() && sorted[end] == sorted[i])
            ++end;
        counts.emplace_back(sorted[i], end - i == 1 ? 1.0 : 1 + math::log(double(end - i)));
    }
    return counts;
}

std::vector<std::string> Index::Private::termsOf(std::string_view text) const
{
    auto words = wordsOf(text);
    addConcepts(text, words);
    return words;
}

void Index::Private::addConcepts(std::string_view text, std::vector<std::string> &words) const
{
    if (!analyser)
        return;
    local::Reading reading;
    analyser->read(text, {}, reading);
    for (const local::Hit &hit : reading.hits) {
        if (hit.negated || hit.kind == local::Hit::Kind::Cue)
            continue;
        // no word holds a blank
        words.push_back((hit.kind == local::Hit::Kind::Component ? "component " : "symptom ") + std::to_string(hit.index));
    }
}

void Index::Private::addWords(std::span<const KnownTicket> known)
{
    const BodyReader reader(known);
    std::vector<Counts> titles(known.size()), bodies(known.size());
    std::vector<double> titleLengths(known.size()), bodyLengths(known.size());
    double titleSum = 0, bodySum = 0;
    for (std::size_t i = 0; i < known.size(); ++i) {
        const auto title = termsOf(known[i].title), body = termsOf(reader.read(known[i].body));
        titleSum += titleLengths[i] = double(title.size());
        bodySum += bodyLengths[i] = double(body.size());
        titles[i] = countsOf(title);
        bodies[i] = countsOf(body);
    }
    const double count = std::max<double>(1, double(known.size()));
    const double titleMean = std::max(1.0, titleSum / count), bodyMean = std::max(1.0, bodySum / count);
    std::vector<std::uint32_t> inTitles; // by term
    for (std::uint32_t i = 0; i < known.size(); ++i) {
        const double titlePart = kTitleWeight / (1 - kTitleLength + kTitleLength * titleLengths[i] / titleMean);
        const double bodyPart = 1 / (1 - kBodyLength + kBodyLength * bodyLengths[i] / bodyMean);
        const auto add = [&](const std::string &word, double frequency, bool inTitle) {
            const auto [it, fresh] = vocabulary.try_emplace(word, std::uint32_t(terms.size()));
            if (fresh) {
                terms.emplace_back();
                inTitles.push_back(0);
            }
            inTitles[it->second] += inTitle;
            terms[it->second].postings.push_back({i, float(frequency / (kSaturation + frequency)), 0});
        };
        for (const auto &[word, n] : titles[i]) {
            const auto body = bodies[i].find(word);
            add(word, n * titlePart + (body == bodies[i].end() ? 0.0 : body->second * bodyPart), true);
        }
        for (const auto &[word, n] : bodies[i])
            if (!titles[i].contains(word))
                add(word, n * bodyPart, false);
    }
    const auto weight = [&](double in) { return math::log(1 + (double(known.size()) - in + 0.5) / (in + 0.5)); };
    unknownTerm = weight(0);
    for (std::size_t t = 0; t < terms.size(); ++t) {
        terms[t].weight = weight(double(terms[t].postings.size()));
        terms[t].titleWeight = rarity(inTitles[t], known.size());
    }
    for (std::uint32_t i = 0; i < known.size(); ++i) {
        double squares = 0;
        const auto entry = [](const Term &term, unsigned n) { return (1 + math::log(n)) * term.titleWeight; };
        for (const auto &[word, n] : titles[i])
            squares += entry(*find(word), n) * entry(*find(word), n);
        for (const auto &[word, n] : titles[i]) {
            Term &term = terms[vocabulary.at(word)];
            const auto posting = std::lower_bound(term.postings.begin(), term.postings.end(), i,
                                                  [](const Posting &p, std::uint32_t wanted) { return p.ticket < wanted; });
            posting->title = float(entry(term, n) / std::sqrt(squares));
        }
    }
}

void Index::Private::addGrams(std::span<const KnownTicket> known)
{
    std::vector<std::vector<std::pair<std::uint32_t, double>>> titles(known.size()); // gram, how often
    std::vector<std::size_t> inTitles;
    for (std::size_t i = 0; i < known.size(); ++i)
        for (const auto &[hash, n] : gramCounts(tokensOf(known[i].title).grams)) {
            const auto [it, fresh] = grams.try_emplace(hash, std::uint32_t(inTitles.size()));
            if (fresh)
                inTitles.push_back(0);
            ++inTitles[it->second];
            titles[i].emplace_back(it->second, n);
        }
    for (const std::size_t in : inTitles)
        gramWeights.push_back(rarity(in, known.size()));
    for (std::size_t i = 0; i < known.size(); ++i) {
        double squares = 0;
        for (auto &[gram, n] : titles[i]) {
            n *= gramWeights[gram];
            squares += n * n;
        }
        for (const auto &[gram, weight] : titles[i])
            tickets[i].title.push_back({gram, float(weight / std::sqrt(squares))});
    }
}

void Index::Private::build(std::span<const KnownTicket> known)
{
    for (const KnownTicket &ticket : known)
        tickets.push_back({ticket.id, distinct(wordsOf(ticket.component)), {}, ticket.created, text::parseVersion(ticket.fixVersion)});
    unknownWeight = rarity(0, known.size());
    addWords(known);
    addGrams(known);
}

void Index::Private::addNotes(std::span<const Release> releases)
{
    std::vector<KnownTicket> lines;
    for (const Release &release : releases)
        for (std::size_t at = 0; at < release.notes.size();) {
            const std::size_t end = std::min(release.notes.find('\n', at), release.notes.size());
            KnownTicket line;
            line.title = release.notes.substr(at, end - at);
            at = end + 1;
            if (distinct(wordsOf(line.title)).size() < kLeastNoteWords)
                continue;
            line.id = line.fixVersion = release.version;
            line.created = release.date;
            lines.push_back(std::move(line));
        }
    if (lines.empty())
        return;
    notes = std::make_unique<Private>();
    notes->analyser = analyser;
    notes->build(lines);
}

void Index::Private::addFixes(std::span<const KnownTicket> known, std::span<const Release> releases)
{
    std::optional<Searcher> searcher;
    if (notes)
        searcher.emplace(*notes);
    for (std::size_t i = 0; i < known.size(); ++i) {
        auto &fixed = tickets[i].fixed;
        if (fixed || known[i].id.empty())
            continue;
        for (const Release &release : releases) // the first release whose notes name the ticket holds the fix
            if (names(release.notes, known[i].id))
                if (auto version = text::parseVersion(release.version); version && (!fixed || *version < *fixed))
                    fixed = std::move(version);
        if (fixed || !searcher || !known[i].resolved)
            continue;
        const Found found = searcher->find(known[i].title);
        for (const Nearness &near : found.nearest) {
            const Ticket &note = notes->tickets[near.ticket];
            if (math::logistic(found.logOdds(near)) < kLeastNote)
                break;
            // a day of grace: a release is often dated before its tickets are closed
            const bool timely = note.created && *note.created + std::chrono::days(1) >= *known[i].resolved
                && *note.created - *known[i].resolved <= kFixToRelease;
            if (!timely || !note.fixed)
                continue;
            fixed = note.fixed;
            break;
        }
    }
}

Index::Index(std::span<const KnownTicket> tickets, std::span<const Release> releases, const local::Analyser *analyser)
    : m_data(std::make_unique<Private>())
{
    // the analyser takes longer to make than a decision: where there is nothing to find, nobody needs it
    const bool nothing = tickets.empty() && releases.empty();
    m_data->analyser = analyser || nothing ? analyser : local::Analyser::shipped().value_or(nullptr);
    m_data->build(tickets);
    m_data->addNotes(releases);
    m_data->addFixes(tickets, releases);
}

Index::~Index() = default;
Index::Index(Index &&) noexcept = default;
Index &Index::operator=(Index &&) noexcept = default;

}
