// The desk: what pages beside the queue show.

#include <algorithm>
#include <filesystem>

#include <nlohmann/json.hpp>

#include "core/adapters/sqlite/interruptible.h"
#include "core/adapters/sqlite/outbox.h"
#include "core/adapters/sqlite/reader.h"
#include "core/adapters/sqlite/sqlitedesk.h"
#include "core/text/unicode.h"

namespace winnow::sqlite
{

namespace
{

using Json = nlohmann::json;

/// The first incident that an event speaks of.
std::string incidentOf(const Event &event)
{
    const Json refs = Json::parse(event.refs, nullptr, false);
    if (!refs.is_object())
        return {};
    const auto one = refs.find("incident");
    if (one != refs.end() && one->is_string())
        return one->get<std::string>();
    const auto many = refs.find("incidents");
    return many != refs.end() && many->is_array() && !many->empty() && many->front().is_string()
        ? many->front().get<std::string>()
        : std::string();
}

/// Words of a filter, folded.
std::vector<std::string> wordsOf(const std::string &text)
{
    std::vector<std::string> words;
    const std::string folded = text::foldCase(text);
    for (std::size_t at = 0; at < folded.size();) {
        const std::size_t end = std::min(folded.find(' ', at), folded.size());
        if (end > at)
            words.push_back(folded.substr(at, end - at));
        at = end + 1;
    }
    return words;
}

bool passes(const HistoryEntry &entry, const std::vector<std::string> &words)
{
    if (words.empty())
        return true;
    const std::string text = text::foldCase(entry.event.actor + '\n' + entry.event.kind + '\n' + entry.event.id + '\n'
                                            + entry.incident + '\n' + entry.title);
    return std::all_of(words.begin(), words.end(),
                       [&](const std::string &word) { return text.find(word) != std::string::npos; });
}

}

Result<HistoryEntry> SqliteDesk::entryOf(Event event, const std::vector<std::string> &undone)
{
    HistoryEntry entry;
    entry.undone = std::binary_search(undone.begin(), undone.end(), event.id);
    entry.undoable = !entry.undone && Triage::canBeUndone(event.kind);
    entry.incident = incidentOf(event);
    if (!entry.incident.empty()) {
        const auto title = m_workspace->database().text(
            "SELECT coalesce((SELECT title FROM triage WHERE incident = ?1), c.title) FROM incident i JOIN candidate c "
            "ON c.incident = i.id AND c.snapshot = (SELECT value FROM meta WHERE name = 'snapshot') WHERE i.uid8 = ?2 "
            "AND i.uid = ?1",
            entry.incident, prefix64(entry.incident));
        if (!title)
            return tl::unexpected(title.error());
        entry.title = title->value_or(std::string());
    }
    entry.event = std::move(event);
    return entry;
}

Result<std::vector<HistoryEntry>> SqliteDesk::history(std::size_t limit)
{
    HistoryRequest request;
    request.limit = limit;
    return history(request, {});
}

Result<std::vector<HistoryEntry>> SqliteDesk::history(const HistoryRequest &request, std::stop_token stop)
{
    constexpr std::size_t kAtOnce = 500; // a filter may pass few of them
    return interruptible(m_workspace->database(), stop, [&]() -> Result<std::vector<HistoryEntry>> {
        EventLog log(*m_workspace);
        const auto undone = log.undone(); // sorted
        if (!undone)
            return tl::unexpected(undone.error());
        const std::vector<std::string> words = wordsOf(request.words);
        const bool all = words.empty() && request.kinds.empty();
        const std::size_t chunk = all ? request.limit : kAtOnce;
        std::vector<HistoryEntry> entries;
        std::optional<Event> before = request.before;
        while (true) {
            auto events = before ? log.before(*before, chunk) : log.newest(chunk);
            if (!events)
                return tl::unexpected(events.error());
            const bool last = chunk == 0 || events->size() < chunk;
            if (!events->empty())
                before = events->back();
            for (Event &event : *events) {
                if (stop.stop_requested())
                    return fail(ErrorCode::Cancelled, "not wanted any more");
                if (!request.kinds.empty()
                    && std::find(request.kinds.begin(), request.kinds.end(), event.kind) == request.kinds.end())
                    continue;
                auto entry = entryOf(std::move(event), *undone);
                if (!entry)
                    return tl::unexpected(entry.error());
                if (passes(*entry, words))
                    entries.push_back(std::move(*entry));
                if (request.limit && entries.size() == request.limit)
                    return entries;
            }
            if (last)
                return entries;
        }
    });
}

Result<std::vector<HistoryEntry>> SqliteDesk::restingOn(const std::string &event)
{
    auto events = m_triage.restingOn(event);
    if (!events)
        return tl::unexpected(events.error());
    std::vector<HistoryEntry> entries;
    for (Event &resting : *events) {
        auto entry = entryOf(std::move(resting), {});
        if (!entry)
            return tl::unexpected(entry.error());
        entries.push_back(std::move(*entry));
    }
    return entries;
}

Result<Health> SqliteDesk::health(TimePoint now, std::stop_token stop)
{
    return interruptible(m_workspace->database(), stop, [&] { return m_table.health(now); });
}

Result<DeskFacts> SqliteDesk::facts()
{
    DeskFacts facts;
    facts.keyPlace = m_engines.keyPlace(*m_workspace);
    facts.replica = m_workspace->replica();
    const auto schema = m_workspace->database().number("PRAGMA user_version");
    if (!schema)
        return tl::unexpected(schema.error());
    facts.schema = int(schema->value_or(0));
    for (const char *end : {"", "-wal"}) {
        std::error_code none; // without a log beside it there is none to count
        const auto bytes = std::filesystem::file_size(Workspace::databasePath(m_info.folder) + end, none);
        facts.databaseBytes += none ? 0 : std::size_t(bytes);
    }
    auto done =
        m_workspace->database().query("SELECT name, kind, url FROM connection ORDER BY name", [&](const Row &row) {
            facts.connections.push_back({row.text(0), row.text(1), row.text(2)});
        });
    if (!done)
        return tl::unexpected(done.error());
    return facts;
}

Result<> SqliteDesk::release(const std::vector<std::string> &filings)
{
    return Outbox(*m_workspace).release(filings, m_info.actor, m_engines.now());
}

Result<> SqliteDesk::retry(const std::string &filing)
{
    return Outbox(*m_workspace).retry(filing, m_info.actor, m_engines.now());
}

Result<GroupingDone> SqliteDesk::recall(const std::string &filing)
{
    const auto event = Outbox(*m_workspace).approvalOf(filing);
    if (!event)
        return tl::unexpected(event.error());
    return undo(*event, false);
}

}
