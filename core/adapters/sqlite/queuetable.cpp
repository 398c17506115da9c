#include "core/adapters/sqlite/queuetable.h"

#include <algorithm>

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

std::optional<std::int64_t> optionalNumber(const Row &row, int column)
{
    return row.null(column) ? std::nullopt : std::optional(row.number(column));
}

}

struct QueueTable::Term {
    std::string name, value; ///< no name: words of the title
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
        "c.priority, c.confidence, c.reports, c.newest_at, t.state, t.snooze_until, t.snooze_reports, t.reports_then "
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
        });
    if (done)
        m_stamp = **stamp;
    return done;
}

Result<QueueOrder> QueueTable::order(const QueueRequest &request)
{
    if (auto done = refresh(); !done)
        return tl::unexpected(done.error());
    std::vector<Term> terms;
    bool words = false;
    for (std::size_t at = 0; at < request.filter.size();) {
        const std::size_t end = std::min(request.filter.find(' ', at), request.filter.size());
        const std::string term = request.filter.substr(at, end - at);
        at = end + 1;
        const std::size_t equals = term.find('=');
        if (term.empty())
            continue;
        if (equals == std::string::npos)
            terms.push_back({{}, text::foldCase(term)});
        else
            terms.push_back({term.substr(0, equals), term.substr(equals + 1)});
        words = words || equals == std::string::npos;
    }
    struct Ranked {
        double rank = 0;
        std::uint64_t name = 0;
        std::int64_t key = 0;
    };
    std::vector<Ranked> ranked;
    QueueOrder order;
    for (Entry &entry : m_entries) {
        const std::string state =
            stateNow(entry.state, entry.reports, entry.until, entry.moreReports, entry.reportsThen, request.now);
        if (!request.decided && state != "open" && state != "escalated")
            continue;
        const Band band = state == "escalated" ? Band::Escalate : entry.band;
        if (words && entry.folded.empty())
            entry.folded = text::foldCase(entry.title);
        const auto holds = [&](const Term &term) {
            return term.name.empty()       ? entry.folded.find(term.value) != std::string::npos
                : term.name == "component" ? m_words[entry.component] == term.value
                : term.name == "product"   ? m_words[entry.product] == term.value
                : term.name == "type"      ? toString(entry.type) == term.value
                : term.name == "severity"  ? toString(entry.severity) == term.value
                : term.name == "band"      ? toString(band) == term.value
                : term.name == "state"     ? state == term.value
                                           : false;
        };
        if (!std::all_of(terms.begin(), terms.end(), holds))
            continue;
        ++order.perBand[std::size_t(band)];
        if (request.band && *request.band != band)
            continue;
        const double rank = request.sort == "reports" ? double(entry.reports)
            : request.sort == "confidence"            ? entry.confidence
            : request.sort == "newest" ? double(entry.newestAt ? entry.newestAt->time_since_epoch().count() : 0)
                                       : entry.priority;
        ranked.push_back({rank, entry.name, entry.key});
    }
    std::sort(ranked.begin(), ranked.end(), [](const Ranked &a, const Ranked &b) {
        return a.rank != b.rank ? a.rank > b.rank : a.name != b.name ? a.name < b.name : a.key < b.key;
    });
    if (request.limit && ranked.size() > request.limit)
        ranked.resize(request.limit);
    order.keys.reserve(ranked.size());
    for (const Ranked &row : ranked)
        order.keys.push_back(row.key);
    return order;
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
