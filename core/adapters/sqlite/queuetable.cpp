#include "core/adapters/sqlite/queuetable.h"

#include <algorithm>
#include <charconv>
#include <unordered_set>

#include "core/text/unicode.h"

namespace winnow::sqlite
{

namespace
{

/// What a candidate is today: a snooze ends, and what was rejected comes back when its reports double.
std::string stateNow(const std::string &state, std::uint32_t reports, const std::optional<TimePoint> &until,
                     const std::optional<std::int64_t> &moreReports, const std::optional<std::int64_t> &reportsThen,
                     TimePoint now)
{
    const bool awake =
        state == "snoozed" && ((until && now >= *until) || (moreReports && std::int64_t(reports) >= *moreReports));
    const bool doubled =
        state == "rejected" && reportsThen && *reportsThen > 0 && std::int64_t(reports) >= 2 * *reportsThen;
    return state.empty() || awake || doubled ? "open" : state;
}

constexpr std::int64_t kMillion = 1'000'000; // what probabilities are rounded to

std::int64_t millionths(double value)
{
    return std::int64_t(value * double(kMillion) + 0.5);
}

/// `0.80-0.85`.
bool readRange(const std::string &text, std::int64_t &from, std::int64_t &to)
{
    const char *const end = text.data() + text.size();
    double low = 0, high = 0;
    const auto first = std::from_chars(text.data(), end, low);
    if (first.ec != std::errc() || first.ptr == end || *first.ptr != '-')
        return false;
    const auto second = std::from_chars(first.ptr + 1, end, high);
    if (second.ec != std::errc() || second.ptr != end || low < 0 || high < low || high > 1)
        return false;
    from = millionths(low);
    to = millionths(high);
    return true;
}

std::optional<std::int64_t> optionalNumber(const Row &row, int column)
{
    return row.null(column) ? std::nullopt : std::optional(row.number(column));
}

}

struct QueueTable::Term {
    enum class Kind { Words, Component, Product, Type, Severity, Band, State, Confidence, Week, Unknown };
    Kind kind = Kind::Unknown;
    std::string value; ///< words folded
    std::int64_t from = 0, to = 0; ///< of a range of confidence, in millionths
    std::unordered_set<std::int64_t> keys; ///< of a week
};

std::uint32_t QueueTable::word(const std::string &text)
{
    const auto [at, fresh] = m_wordOf.emplace(text, std::uint32_t(m_words.size()));
    if (fresh)
        m_words.push_back(text);
    return at->second;
}

Result<> QueueTable::refresh()
{
    // another run, another decision, or sums made anew after one
    const auto stamp = m_db.text(
        "SELECT coalesce((SELECT value FROM meta WHERE name = 'snapshot'), 0) || ' ' || coalesce((SELECT max(clock) "
        "FROM event), 0) || ' ' || (SELECT count(*) FROM meta WHERE name >= 'regrouped:' AND name < 'regrouped;')");
    if (!stamp)
        return tl::unexpected(stamp.error());
    if (m_stamp == **stamp)
        return {};
    m_stamp.clear();
    m_entries.clear();
    auto done = m_db.query(
        "SELECT c.incident, i.uid8, coalesce(t.title, c.title), c.type, c.severity, c.product, c.component, c.band, "
        "c.priority, c.confidence, c.reports, c.newest_at, t.state, t.snooze_until, t.snooze_reports, t.reports_then, "
        "c.authors, c.nearest_ticket "
        "FROM candidate c JOIN incident i ON i.id = c.incident LEFT JOIN triage t ON t.incident = i.uid "
        "WHERE c.snapshot = (SELECT value FROM meta WHERE name = 'snapshot')",
        [&](const Row &row) {
            Entry &entry = m_entries.emplace_back();
            entry.key = row.number(0);
            entry.name = std::uint64_t(row.number(1));
            entry.title = row.text(2);
            entry.type = IssueType(row.number(3));
            entry.severity = Severity(row.number(4));
            entry.product = word(row.text(5));
            entry.component = word(row.text(6));
            entry.band = Band(row.number(7));
            entry.priority = row.real(8);
            entry.confidence = row.real(9);
            entry.reports = std::uint32_t(row.number(10));
            entry.newestAt = row.time(11);
            entry.state = row.text(12);
            entry.until = row.time(13);
            entry.moreReports = optionalNumber(row, 14);
            entry.reportsThen = optionalNumber(row, 15);
            entry.authors = std::uint32_t(row.number(16));
            entry.ticket = word(row.text(17));
        });
    std::sort(m_entries.begin(), m_entries.end(), [](const Entry &a, const Entry &b) { return a.key < b.key; });
    if (done)
        m_stamp = **stamp;
    return done;
}

Result<std::vector<QueueTable::Term>> QueueTable::termsOf(const std::string &filter)
{
    using Kind = Term::Kind;
    static const std::map<std::string, Kind> kKinds{
        {"component", Kind::Component},   {"product", Kind::Product}, {"type", Kind::Type},
        {"severity", Kind::Severity},     {"band", Kind::Band},       {"state", Kind::State},
        {"confidence", Kind::Confidence}, {"week", Kind::Week}};
    std::vector<Term> terms;
    for (std::size_t at = 0; at < filter.size();) {
        const std::size_t end = std::min(filter.find(' ', at), filter.size());
        const std::string text = filter.substr(at, end - at);
        at = end + 1;
        if (text.empty())
            continue;
        Term &term = terms.emplace_back();
        const std::size_t equals = text.find('=');
        if (equals == std::string::npos) {
            term.kind = Kind::Words;
            term.value = text::foldCase(text);
            continue;
        }
        const auto known = kKinds.find(text.substr(0, equals));
        term.kind = known == kKinds.end() ? Kind::Unknown : known->second;
        term.value = text.substr(equals + 1);
        if (term.kind == Kind::Confidence && !readRange(term.value, term.from, term.to))
            term.kind = Kind::Unknown;
        if (term.kind != Kind::Week)
            continue;
        const auto monday = term.value.size() == 10 ? parseTime(term.value) : std::nullopt;
        if (!monday) {
            term.kind = Kind::Unknown;
            continue;
        }
        if (auto done = m_calendar.refresh(m_stamp); !done)
            return tl::unexpected(done.error());
        term.keys = m_calendar.candidatesOf(ReportCalendar::weekOf(*monday));
    }
    return terms;
}

bool QueueTable::holds(const Term &term, Entry &entry, const std::string &state, Band band,
                       const std::vector<std::string> &words)
{
    switch (term.kind) {
    case Term::Kind::Words:
        if (entry.folded.empty())
            entry.folded = text::foldCase(entry.title);
        return entry.folded.find(term.value) != std::string::npos;
    case Term::Kind::Component:
        return words[entry.component] == term.value;
    case Term::Kind::Product:
        return words[entry.product] == term.value;
    case Term::Kind::Type:
        return toString(entry.type) == term.value;
    case Term::Kind::Severity:
        return toString(entry.severity) == term.value;
    case Term::Kind::Band:
        return toString(band) == term.value;
    case Term::Kind::State:
        return state == term.value;
    case Term::Kind::Confidence: {
        const std::int64_t confidence = millionths(entry.confidence);
        return confidence >= term.from && (confidence < term.to || term.to >= kMillion);
    }
    case Term::Kind::Week:
        return term.keys.contains(entry.key);
    case Term::Kind::Unknown:
        break;
    }
    return false;
}

Result<QueueOrder> QueueTable::order(const QueueRequest &request)
{
    if (auto done = refresh(); !done)
        return tl::unexpected(done.error());
    const auto terms = termsOf(request.filter);
    if (!terms)
        return tl::unexpected(terms.error());
    struct Ranked {
        double rank = 0;
        const std::string *word = nullptr; ///< where words are sorted
        std::uint64_t name = 0;
        std::int64_t key = 0;
    };
    static const std::string kStates[] = {"open", "escalated", "snoozed", "approved", "attached", "rejected"};
    std::vector<Ranked> ranked;
    QueueOrder order;
    for (Entry &entry : m_entries) {
        const std::string state =
            stateNow(entry.state, entry.reports, entry.until, entry.moreReports, entry.reportsThen, request.now);
        if (!request.decided && state != "open" && state != "escalated")
            continue;
        const Band band = state == "escalated" ? Band::Escalate : entry.band;
        if (!std::all_of(terms->begin(), terms->end(),
                         [&](const Term &term) { return holds(term, entry, state, band, m_words); }))
            continue;
        ++order.perBand[std::size_t(band)];
        if (request.band && *request.band != band)
            continue;
        Ranked &row = ranked.emplace_back();
        row.name = entry.name;
        row.key = entry.key;
        if (request.sort == "title") {
            if (entry.folded.empty())
                entry.folded = text::foldCase(entry.title);
            row.word = &entry.folded;
        } else if (request.sort == "ticket") {
            row.word = &m_words[entry.ticket];
        } else if (request.sort == "state") {
            row.rank = -double(std::find(std::begin(kStates), std::end(kStates), state) - std::begin(kStates));
        } else if (request.sort == "band") {
            // what needs a person soonest first
            static constexpr std::array<int, kBandNames.size()> kUrgency{1, 2, 0, 3};
            row.rank = kUrgency[std::size_t(band)];
        } else {
            row.rank = request.sort == "reports" ? double(entry.reports)
                : request.sort == "authors"      ? double(entry.authors)
                : request.sort == "confidence"   ? entry.confidence
                : request.sort == "newest" ? double(entry.newestAt ? entry.newestAt->time_since_epoch().count() : 0)
                                           : entry.priority;
        }
    }
    std::sort(ranked.begin(), ranked.end(), [&](const Ranked &a, const Ranked &b) {
        if (a.word && *a.word != *b.word) {
            if (a.word->empty() || b.word->empty())
                return b.word->empty(); // what has none stands last, either way round
            return request.reversed ? *a.word > *b.word : *a.word < *b.word;
        }
        if (a.rank != b.rank)
            return request.reversed ? a.rank < b.rank : a.rank > b.rank;
        return a.name != b.name ? a.name < b.name : a.key < b.key;
    });
    if (request.limit && ranked.size() > request.limit)
        ranked.resize(request.limit);
    order.keys.reserve(ranked.size());
    for (const Ranked &row : ranked)
        order.keys.push_back(row.key);
    return order;
}

Result<Health> QueueTable::health(TimePoint now)
{
    if (auto done = refresh(); !done)
        return tl::unexpected(done.error());
    if (auto done = m_calendar.refresh(m_stamp); !done)
        return tl::unexpected(done.error());
    Health health;
    std::vector<Band> bands;
    bands.reserve(m_entries.size());
    for (const Entry &entry : m_entries) {
        const bool escalated =
            stateNow(entry.state, entry.reports, entry.until, entry.moreReports, entry.reportsThen, now) == "escalated";
        bands.push_back(escalated ? Band::Escalate : entry.band);
        const auto bin = std::size_t(millionths(entry.confidence)) * Health::kBins / std::size_t(kMillion);
        ++health.confidence[std::min(bin, Health::kBins - 1)][std::size_t(bands.back())];
    }
    std::int32_t last = ReportCalendar::kUndated;
    const std::int32_t today = ReportCalendar::weekOf(now);
    for (const ReportCalendar::Entry &entry : m_calendar.entries())
        if (entry.week <= today)
            last = std::max(last, entry.week);
    std::int32_t first = last;
    if (last != ReportCalendar::kUndated) {
        for (const ReportCalendar::Entry &entry : m_calendar.entries())
            if (entry.week > last - std::int32_t(Health::kWeeks))
                first = std::min(first, entry.week);
        for (std::int32_t week = first; week <= last; ++week)
            health.weeks.push_back({ReportCalendar::mondayOf(week), {}, {}});
    }
    for (const ReportCalendar::Entry &entry : m_calendar.entries()) {
        const auto at = std::lower_bound(m_entries.begin(), m_entries.end(), entry.candidate,
                                         [](const Entry &known, std::int64_t key) { return known.key < key; });
        if (at == m_entries.end() || at->key != entry.candidate)
            continue; // its sums are being made
        const auto band = std::size_t(bands[std::size_t(at - m_entries.begin())]);
        health.reports[band] += entry.reports;
        if (entry.week == ReportCalendar::kUndated) {
            health.undated[band] += entry.reports;
        } else if (entry.week < first) {
            health.earlier[band] += entry.reports;
        } else if (entry.week > last) {
            health.later[band] += entry.reports;
        } else {
            Health::Week &week = health.weeks[std::size_t(entry.week - first)];
            week.reports[band] += entry.reports;
            ++week.candidates[band];
        }
    }
    return health;
}

Result<std::vector<QueueRow>> QueueTable::rows(std::span<const std::int64_t> keys, TimePoint now)
{
    std::vector<QueueRow> rows;
    rows.reserve(keys.size());
    for (const std::int64_t key : keys) {
        auto done = m_db.query(
            "SELECT i.uid, coalesce(t.title, c.title), c.type, c.severity, c.product, c.component, c.band, c.priority, "
            "c.confidence, c.reports, c.authors, c.newest_at, c.nearest_ticket, t.state, t.snooze_until, "
            "t.snooze_reports, t.reports_then FROM candidate c JOIN incident i ON i.id = c.incident LEFT JOIN triage t "
            "ON t.incident = i.uid WHERE c.snapshot = (SELECT value FROM meta WHERE name = 'snapshot') AND "
            "c.incident = ?1",
            [&](const Row &row) {
                QueueRow &entry = rows.emplace_back();
                entry.key = key;
                entry.candidate = row.text(0);
                entry.title = row.text(1);
                entry.type = IssueType(row.number(2));
                entry.severity = Severity(row.number(3));
                entry.product = row.text(4);
                entry.component = row.text(5);
                entry.band = Band(row.number(6));
                entry.priority = row.real(7);
                entry.confidence = row.real(8);
                entry.reports = std::uint32_t(row.number(9));
                entry.authors = std::uint32_t(row.number(10));
                entry.newestAt = row.time(11);
                entry.nearestTicket = row.text(12);
                entry.state = stateNow(row.text(13), entry.reports, row.time(14), optionalNumber(row, 15),
                                       optionalNumber(row, 16), now);
                if (entry.state == "escalated")
                    entry.band = Band::Escalate;
            },
            key);
        if (!done)
            return tl::unexpected(done.error());
    }
    return rows;
}

}
