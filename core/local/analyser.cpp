#include "core/local/analyser.h"

#include <algorithm>

namespace winnow::local
{

namespace
{

constexpr std::uint32_t kKindShift = 24;
constexpr std::uint32_t kIndexMask = (1u << kKindShift) - 1;
constexpr std::uint32_t kNegationReach = 3; // words between a negation and what it denies
constexpr int kOtherPoints = 14; // what must be beaten to be an issue
constexpr int kSureSymptom = 40; // points of a symptom that no wish outweighs
constexpr int kSureLead = 12;
constexpr int kDeniedProblem = 14; // "no crashes" praises
constexpr int kLanguageVotes = 2;

LangMask maskOf(const std::string &lang)
{
    return lang == "*" ? kAnyLanguage : langBit(lang);
}

Result<> addTerms(PhraseBook &book, const Terms &terms, const std::string &place, std::uint32_t payload)
{
    for (const auto &[lang, phrases] : terms) {
        const LangMask mask = maskOf(lang);
        if (mask == 0)
            return fail(ErrorCode::InvalidInput, place + ": unknown language " + lang);
        for (const std::string &phrase : phrases)
            if (auto done = book.add(phrase, mask, payload); !done)
                return failAt(place + "/" + lang, done.error());
    }
    return {};
}

std::uint32_t payloadOf(Hit::Kind kind, std::size_t index)
{
    return std::uint32_t(kind) << kKindShift | std::uint32_t(index);
}

}

Result<Analyser> Analyser::make(Cues cues, Taxonomy taxonomy)
{
    Analyser analyser;
    for (const auto *lists : {&cues.lists, &taxonomy.lists})
        for (const auto &[name, terms] : *lists)
            for (const auto &[lang, phrases] : terms)
                analyser.m_book.define(name, maskOf(lang), phrases);
    for (std::size_t i = 0; i < cues.groups.size(); ++i)
        if (auto done = addTerms(analyser.m_book, cues.groups[i].terms, "cue " + cues.groups[i].name,
                                 payloadOf(Hit::Kind::Cue, i));
            !done)
            return tl::unexpected(done.error());
    for (std::size_t i = 0; i < taxonomy.components.size(); ++i)
        if (auto done = addTerms(analyser.m_book, taxonomy.components[i].terms,
                                 "component " + taxonomy.components[i].name, payloadOf(Hit::Kind::Component, i));
            !done)
            return tl::unexpected(done.error());
    for (std::size_t i = 0; i < taxonomy.symptoms.size(); ++i)
        if (auto done = addTerms(analyser.m_book, taxonomy.symptoms[i].terms, "symptom " + taxonomy.symptoms[i].name,
                                 payloadOf(Hit::Kind::Symptom, i));
            !done)
            return tl::unexpected(done.error());
    analyser.m_book.freeze();
    analyser.m_cues = std::move(cues);
    analyser.m_taxonomy = std::move(taxonomy);
    return analyser;
}

Result<const Analyser *> Analyser::shipped()
{
    static const Result<Analyser> analyser = [] {
        auto cues = shippedCues();
        if (!cues)
            return Result<Analyser>(tl::unexpected(cues.error()));
        auto taxonomy = shippedTaxonomy();
        if (!taxonomy)
            return Result<Analyser>(tl::unexpected(taxonomy.error()));
        return make(std::move(*cues), std::move(*taxonomy));
    }();
    if (!analyser)
        return tl::unexpected(analyser.error());
    return &*analyser;
}

void Analyser::read(std::string_view text, std::string_view lang, Reading &reading) const
{
    thread_local std::vector<Match> matches;
    readWords(text, reading.words);
    m_book.find(reading.words, matches);
    reading.langs = langBit(lang);
    if (reading.langs == 0 && lang.empty()) {
        std::array<int, 32> votes{};
        for (const Match &match : matches) {
            if (match.langs == kAnyLanguage)
                continue;
            const bool common = match.payload >> kKindShift == std::uint32_t(Hit::Kind::Cue)
                && m_cues.groups[match.payload & kIndexMask].role == Cues::Role::FunctionWord;
            for (std::size_t bit = 0; bit < votes.size(); ++bit)
                if (match.langs >> bit & 1)
                    votes[bit] += common ? kLanguageVotes : 1;
        }
        const int most = *std::max_element(votes.begin(), votes.end());
        for (std::size_t bit = 0; bit < votes.size() && most > 0; ++bit)
            if (votes[bit] == most)
                reading.langs |= LangMask(1) << bit;
    }
    if (reading.langs == 0)
        reading.langs = langBit("en");
    reading.hits.clear();
    for (const Match &match : matches) {
        const Hit hit{Hit::Kind(match.payload >> kKindShift), false, std::uint16_t(match.payload & kIndexMask),
                      match.first, match.last};
        // Words that only tell the language or say nothing have done their part.
        const bool idle = hasRole(hit, Cues::Role::FunctionWord) || hasRole(hit, Cues::Role::Vague);
        if ((match.langs & reading.langs) && !idle)
            reading.hits.push_back(hit);
    }
    dropInSetPhrases(reading);
    markNegated(reading);
}

void Analyser::dropInSetPhrases(Reading &reading) const
{
    thread_local std::vector<Hit> phrases;
    phrases.clear();
    for (const Hit &hit : reading.hits)
        if (hasRole(hit, Cues::Role::SetPhrase))
            phrases.push_back(hit);
    if (phrases.empty())
        return;
    std::erase_if(reading.hits, [&](const Hit &hit) {
        const bool complaint = hit.kind == Hit::Kind::Symptom
            || (hit.kind == Hit::Kind::Cue && !hasRole(hit, Cues::Role::SetPhrase)
                && cue(hit).points[std::size_t(IssueType::Bug)] > 0);
        return complaint && std::any_of(phrases.begin(), phrases.end(), [&](const Hit &phrase) {
                   return hit.first <= phrase.last && phrase.first <= hit.last;
               });
    });
}

Analyser::WordClass Analyser::classOf(std::string_view word) const
{
    WordClass found;
    bool topic = false;
    found.known = m_book.lookUp(word, [&](std::uint32_t payload) {
        if (payload >> kKindShift != std::uint32_t(Hit::Kind::Cue)) {
            topic = true;
            return;
        }
        const Cues::Group &group = m_cues.groups[payload & kIndexMask];
        const Cues::Role role = group.role;
        const auto points = [&](IssueType type) { return group.points[std::size_t(type)]; };
        found.praise = found.praise || points(IssueType::Praise) > 0;
        found.complaint = found.complaint || group.name == "dislike" || points(IssueType::Bug) > 20;
        found.negation = found.negation || role == Cues::Role::Negation;
        found.vague = found.vague || role == Cues::Role::Vague;
        found.generic = found.generic || (role != Cues::Role::Slot && role != Cues::Role::Vague);
        topic = topic || role == Cues::Role::Slot;
    });
    found.generic = found.generic && !topic;
    return found;
}

void Analyser::markNegated(Reading &reading) const
{
    enum : std::uint8_t { Nothing = 0, Denies = 1, Parts = 2, DeniesBefore = 4 };
    thread_local std::vector<std::uint8_t> marks;
    marks.assign(reading.words.size(), Nothing);
    bool any = false;
    for (const Hit &hit : reading.hits) {
        if (hit.kind != Hit::Kind::Cue)
            continue;
        const Cues::Role role = cue(hit).role;
        if (role == Cues::Role::Negation) {
            marks[hit.last] |= Denies;
            any = true;
        } else if (role == Cues::Role::NegationBehind) {
            marks[hit.first] |= DeniesBefore;
            any = true;
        } else if (role == Cues::Role::Contrast || role == Cues::Role::Additive || role == Cues::Role::Condition) {
            marks[hit.last] |= Parts;
        }
    }
    if (!any)
        return;
    for (Hit &hit : reading.hits) {
        if (hit.kind == Hit::Kind::Component || (hit.kind == Hit::Kind::Cue && !cue(hit).negatable))
            continue;
        for (std::uint32_t back = 0; back <= kNegationReach && hit.first > back; ++back) {
            if (reading.words.all[hit.first - back].before > Gap::Blank)
                break;
            const std::uint8_t mark = marks[hit.first - back - 1];
            if (mark & (Denies | Parts)) {
                hit.negated = (mark & Denies) != 0;
                break;
            }
        }
        // "ne plante pas", "stürzt nicht"
        if (hit.kind == Hit::Kind::Symptom && hit.first == hit.last && hit.last + 1 < marks.size()
            && (marks[hit.last + 1] & DeniesBefore) && reading.words.all[hit.last + 1].before == Gap::Blank)
            hit.negated = true;
    }
}

void Analyser::settle(Verdict &verdict)
{
    auto &points = verdict.points;
    const auto best = std::max_element(points.begin(), points.begin() + std::ptrdiff_t(IssueType::Question));
    // Who praises and complains in one breath has a complaint.
    if (*best > verdict.at(IssueType::Other))
        for (const IssueType type : {IssueType::Praise, IssueType::Question})
            points[std::size_t(type)] = std::min(points[std::size_t(type)], *best - 1);
    // The last of equals: what is no surer than nothing is nothing.
    verdict.type =
        IssueType(points.size() - 1 - std::size_t(std::max_element(points.rbegin(), points.rend()) - points.rbegin()));
}

std::span<const Hit> Analyser::hitsFrom(const Reading &reading, WordRange range)
{
    const auto begin = std::lower_bound(reading.hits.begin(), reading.hits.end(), range.first,
                                        [](const Hit &hit, std::uint32_t first) { return hit.first < first; });
    const auto end = std::lower_bound(begin, reading.hits.end(), range.end,
                                      [](const Hit &hit, std::uint32_t first) { return hit.first < first; });
    return {begin, end};
}

Verdict Analyser::judge(const Reading &reading, WordRange range) const
{
    Verdict verdict;
    auto &points = verdict.points;
    const auto at = [&](IssueType type) -> int & { return points[std::size_t(type)]; };
    at(IssueType::Other) = kOtherPoints;
    const auto hits = hitsFrom(reading, range);
    // Where one phrase lies in a longer one of its kind, the longer one speaks ("log in" in "cannot log in").
    const auto covered = [&](const Hit &hit) {
        return std::any_of(hits.begin(), hits.end(), [&](const Hit &other) {
            return other.kind == hit.kind && other.index != hit.index && other.size() > hit.size()
                && other.first <= hit.first && hit.last <= other.last && other.last < range.end;
        });
    };
    const auto seen = [&](const Hit &hit) {
        return std::any_of(hits.data(), &hit, [&](const Hit &other) {
            return other.kind == hit.kind && other.index == hit.index && other.negated == hit.negated
                && other.last < range.end;
        });
    };
    int best = 0, bestComponent = 0;
    for (const Hit &hit : hits) {
        if (hit.last >= range.end || seen(hit))
            continue;
        switch (hit.kind) {
        case Hit::Kind::Cue: {
            const Cues::Group &group = cue(hit);
            if (hit.negated) {
                if (group.points[std::size_t(IssueType::Praise)] > 0)
                    at(IssueType::Usability) += 8;
                else if (group.points[std::size_t(IssueType::Bug)] > 0)
                    at(IssueType::Praise) += kDeniedProblem;
                break;
            }
            for (std::size_t i = 0; i < points.size(); ++i)
                points[i] += group.points[i];
            verdict.severity += group.severity;
            verdict.flagged = verdict.flagged || !group.flag.empty();
            break;
        }
        case Hit::Kind::Symptom: {
            const Taxonomy::Symptom &known = symptom(hit);
            if (hit.negated) {
                at(IssueType::Praise) += kDeniedProblem;
                break;
            }
            if (covered(hit))
                break;
            // What is said twice in other words is surer, but not twice as sure.
            int &sum = at(known.type);
            sum += sum >= known.points ? known.points / 4 : known.points;
            if (known.points > best) {
                best = known.points;
                verdict.symptom = &hit;
            }
            break;
        }
        case Hit::Kind::Component:
            if (int(hit.size()) > bestComponent) {
                bestComponent = int(hit.size());
                verdict.component = &hit;
            }
            break;
        }
    }
    // Who wants a refund, or wishes that it would not crash, has no wish for a feature.
    if (best >= kSureSymptom && symptom(*verdict.symptom).type < IssueType::FeatureRequest)
        at(IssueType::FeatureRequest) =
            std::min(at(IssueType::FeatureRequest), at(symptom(*verdict.symptom).type) - kSureLead);
    settle(verdict);
    if (verdict.symptom && symptom(*verdict.symptom).type != verdict.type) {
        const Hit *own = nullptr;
        int most = 0;
        for (const Hit &hit : hits)
            if (hit.kind == Hit::Kind::Symptom && hit.last < range.end && !hit.negated
                && symptom(hit).type == verdict.type && symptom(hit).points > most) {
                most = symptom(hit).points;
                own = &hit;
            }
        if (own)
            verdict.symptom = own;
    }
    return verdict;
}

}
