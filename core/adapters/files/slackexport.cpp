#include "core/adapters/files/slackexport.h"

#include <algorithm>
#include <charconv>
#include <filesystem>
#include <set>

#include "core/adapters/files/authorkey.h"
#include "core/adapters/files/celltext.h"
#include "core/adapters/files/jsonscan.h"
#include "core/adapters/files/rows.h"
#include "core/json/recordjson.h"

namespace winnow::files
{

namespace
{

/// The member of an object, as written; empty: none.
std::string_view memberOf(std::string_view object, std::string_view name)
{
    if (!object.starts_with('{'))
        return {};
    for (JsonWalk walk(object); walk.next();)
        if (walk.key() == name)
            return walk.value();
    return {};
}

/// The text of a member; empty where it is none.
std::string textOf(std::string_view object, std::string_view name)
{
    const std::string_view value = memberOf(object, name);
    std::string text;
    if (value.starts_with('"'))
        unescape(value, text);
    return text;
}

bool isTrue(std::string_view object, std::string_view name)
{
    return memberOf(object, name) == "true";
}

/// Kinds of messages that hold what somebody wrote. Others tell who joined, what was pinned, and what bots say.
bool isWritten(std::string_view subtype)
{
    static constexpr std::string_view kWritten[] = {"", "thread_broadcast", "reply_broadcast", "me_message",
                                                    "file_share"};
    return std::find(std::begin(kWritten), std::end(kWritten), subtype) != std::end(kWritten);
}

/// `1704448800.000200`: seconds, and digits that make it unlike any other. Never through a double.
std::optional<TimePoint> timeOf(std::string_view ts)
{
    const std::size_t point = std::min(ts.find('.'), ts.size());
    std::int64_t seconds = 0;
    const auto [end, error] = std::from_chars(ts.data(), ts.data() + point, seconds);
    if (error != std::errc() || end != ts.data() + point || point == 0 || seconds < 0 || seconds > 253'402'300'799)
        return std::nullopt;
    std::int64_t ms = 0;
    for (std::size_t i = 0; i < 3; ++i) {
        const char c = point + 1 + i < ts.size() ? ts[point + 1 + i] : '0';
        if (c < '0' || c > '9')
            return std::nullopt;
        ms = ms * 10 + (c - '0');
    }
    return TimePoint(std::chrono::milliseconds(seconds * 1000 + ms));
}

bool isTs(std::string_view ts)
{
    return !ts.empty() && ts.size() <= 40 && ts.find_first_not_of("0123456789.") == std::string_view::npos;
}

std::string decoded(std::string_view text)
{
    std::string out;
    for (std::size_t i = 0; i < text.size();) {
        const std::string_view rest = text.substr(i);
        const std::pair<std::string_view, char> entities[] = {{"&lt;", '<'}, {"&gt;", '>'}, {"&amp;", '&'}};
        const auto entity = std::find_if(std::begin(entities), std::end(entities),
                                         [&](const auto &pair) { return rest.starts_with(pair.first); });
        out += entity == std::end(entities) ? text[i] : entity->second;
        i += entity == std::end(entities) ? 1 : entity->first.size();
    }
    return out;
}

std::string resolved(std::string_view form, const SlackNames &names)
{
    const std::size_t bar = form.find('|');
    const std::string_view target = form.substr(0, bar);
    const std::string_view label = bar == std::string_view::npos ? std::string_view() : form.substr(bar + 1);
    const auto marked = [](char mark, std::string_view name) {
        return name.starts_with(mark) ? std::string(name) : mark + std::string(name);
    };
    if (target.starts_with('@')) {
        const auto user = names.users.find(target.substr(1));
        return !label.empty()           ? marked('@', label)
            : user == names.users.end() ? std::string(target)
                                        : marked('@', user->second.name);
    }
    if (target.starts_with('#')) {
        const auto channel = names.channels.find(target.substr(1));
        return !label.empty()                 ? marked('#', label)
            : channel == names.channels.end() ? std::string(target)
                                              : marked('#', channel->second);
    }
    if (target.starts_with('!')) {
        if (!label.empty()) // a group, or a date as it should read
            return target.starts_with("!date") ? std::string(label) : marked('@', label);
        const std::size_t end = target.find('^');
        return '@' + std::string(target.substr(1, end == std::string_view::npos ? end : end - 1));
    }
    if (!label.empty())
        return std::string(label);
    return std::string(target.starts_with("mailto:") ? target.substr(7) : target);
}

class SlackImport
{
public:
    SlackImport(Archive &archive, const ImportOptions &options, const ColumnNames &columns, const ImportSink &sink,
                std::stop_token stop)
        : m_archive(archive)
        , m_options(options)
        , m_columns(columns)
        , m_sink(sink)
        , m_stop(std::move(stop))
    {
        m_source = !options.source.empty()                        ? options.source
            : options.mapping && !options.mapping->source.empty() ? options.mapping->source
                                                                  : "slack";
        m_name =
            options.originName.empty() ? std::filesystem::path(archive.path()).filename().string() : options.originName;
    }

    Result<ImportSummary> run()
    {
        m_root = rootOf(m_archive);
        for (const char *file : {"users.json", "org_users.json"})
            if (auto done = list(file, [&](std::string_view user) { addUser(user); }); !done)
                return tl::unexpected(done.error());
        for (const char *file : {"channels.json", "groups.json"}) // public and private; direct messages stay out
            if (auto done = list(file, [&](std::string_view channel) { addChannel(channel); }); !done)
                return tl::unexpected(done.error());
        for (const Archive::Entry &entry : m_archive.entries()) {
            if (Archive::leadsOut(entry.name)) {
                m_batch.rejects.push_back(
                    {m_name + ": " + shown(entry.name), "its name leads out of the archive", std::string()});
                ++m_summary.rejects;
                continue;
            }
            const std::string_view inside =
                std::string_view(entry.name).substr(entry.name.starts_with(m_root) ? m_root.size() : entry.name.size());
            const std::size_t slash = inside.find('/');
            if (slash == std::string_view::npos || !inside.ends_with(".json"))
                continue;
            const auto channel = m_folders.find(inside.substr(0, slash));
            if (channel == m_folders.end())
                continue; // a direct message, or what is no channel
            if (auto done = day(entry, channel->first, channel->second); !done)
                return tl::unexpected(done.error());
        }
        if (auto done = flush(); !done)
            return tl::unexpected(done.error());
        m_summary.format = "slack";
        m_summary.columns = {{"source_record_id", "ts"}, {"author_id", "user"}, {"created_at", "ts"}, {"body", "text"}};
        return std::move(m_summary);
    }

    static std::string rootOf(const Archive &archive)
    {
        for (const Archive::Entry &entry : archive.entries()) {
            const std::string_view name = entry.name;
            const std::size_t slash = name.rfind('/');
            const std::string_view file = slash == std::string_view::npos ? name : name.substr(slash + 1);
            if (file == "channels.json" && std::count(name.begin(), name.end(), '/') <= 1)
                return std::string(name.substr(0, name.size() - file.size()));
        }
        return "\n"; // no name begins so
    }

private:
    Result<> rows(const std::string &name, std::uint64_t index, const RowReader::Handler &take)
    {
        RowsRequest request;
        request.path = m_archive.path() + ": " + shown(name);
        request.archive = m_archive.shared();
        request.entry = index;
        request.format = Format::Json;
        request.limits = m_options.limits;
        RowReader reader(request, m_columns);
        if (auto opened = reader.open(m_stop); !opened)
            return opened;
        return reader.read(take, m_stop).map([](const RowReader::Ending &) {});
    }

    Result<> list(const std::string &file, const std::function<void(std::string_view)> &take)
    {
        const Archive::Entry *entry = m_archive.find(m_root + file);
        if (!entry)
            return {};
        return rows(file, entry->index, [&](const Row &row) -> Result<bool> {
            if (row.problem.empty())
                take(row.slice);
            return true;
        });
    }

    void addUser(std::string_view user)
    {
        const std::string_view profile = memberOf(user, "profile");
        std::string name = textOf(profile, "display_name");
        for (const std::string &other : {textOf(profile, "real_name"), textOf(user, "real_name"), textOf(user, "name")})
            if (isBlank(name))
                name = other;
        m_names.users[textOf(user, "id")] = {name, isTrue(user, "is_bot")};
    }

    void addChannel(std::string_view channel)
    {
        const std::string id = textOf(channel, "id"), name = textOf(channel, "name");
        if (id.empty() || name.empty())
            return;
        m_names.channels[id] = name;
        m_folders.emplace(name, id); // of two of one name, the first
    }

    Result<> day(const Archive::Entry &entry, const std::string &channel, const std::string &channelId)
    {
        return rows(entry.name, entry.index, [&](const Row &row) -> Result<bool> {
            const std::string place = m_name + ": " + shown(entry.name) + ": item " + std::to_string(row.number)
                + ", byte " + std::to_string(row.offset);
            const std::string ts = row.problem.empty() ? textOf(row.slice, "ts") : std::string();
            if (!row.problem.empty() || !timeOf(ts) || !isTs(ts)) {
                constexpr std::size_t kRawOfReject = 1 << 20;
                m_batch.rejects.push_back({place, row.problem.empty() ? "/ts: no time of a message" : row.problem,
                                           std::string(row.slice.substr(0, kRawOfReject))});
                ++m_summary.rejects;
            } else if (isCustomer(row.slice)) {
                add(row, entry.name, channel, channelId, ts);
            }
            return m_batch.records.size() + m_batch.rejects.size() < m_options.batchRecords
                    && m_bytes < m_options.batchBytes
                ? Result<bool>(true)
                : flush().map([] { return true; });
        });
    }

    bool isCustomer(std::string_view message) const
    {
        if (!isWritten(textOf(message, "subtype")) || !textOf(message, "bot_id").empty() || isTrue(message, "hidden"))
            return false;
        const std::string user = textOf(message, "user");
        const auto known = m_names.users.find(user);
        return !user.empty() && user != "USLACKBOT" && (known == m_names.users.end() || !known->second.bot);
    }

    void add(const Row &row, const std::string &file, const std::string &channel, const std::string &channelId,
             const std::string &ts)
    {
        Record record;
        record.flags |= cleanText(slackText(textOf(row.slice, "text"), m_names), row.damaged, record.body);
        if (record.body.empty())
            return; // a picture without words
        if (row.slice.size() > m_options.limits.bodyBytes && record.body.size() > m_options.limits.bodyBytes) {
            record.body.resize(firstCharacters(record.body, m_options.limits.bodyCharacters).size());
            record.set(RecordFlag::BodyTruncated);
        }
        record.source = m_source;
        record.channel = "chat_message";
        record.sourceRecordId = channelId + ':' + ts;
        if (const std::string thread = textOf(row.slice, "thread_ts"); isTs(thread))
            record.threadId = channelId + ':' + thread;
        const std::string user = textOf(row.slice, "user");
        const auto known = m_names.users.find(user);
        std::string name = known == m_names.users.end() ? std::string() : known->second.name;
        if (isBlank(name)) {
            const std::string_view profile = memberOf(row.slice, "user_profile");
            name = textOf(profile, "display_name");
            if (isBlank(name))
                name = textOf(profile, "real_name");
        }
        record.flags |= cleanText(name, row.damaged, record.authorName);
        record.authorId = authorId(m_options.workspaceKey, record.source, user, {}, record.authorName);
        record.createdAt = timeOf(ts);
        record.updatedAt = timeOf(textOf(memberOf(row.slice, "edited"), "ts"));
        record.flags |= cleanText('#' + channel, true, record.region);
        record.rawPayload = row.slice;
        record.ingestedAt = m_options.now;
        record.connector = "file";
        record.batchId = m_options.batchId;
        std::string sound;
        replaceDamage(m_name + '/' + file, sound);
        record.origin = "{\"file\":";
        appendJsonString(record.origin, sound);
        record.origin += ",\"offset\":" + std::to_string(row.offset) + ",\"row\":" + std::to_string(row.number) + '}';
        record.versionHash = versionHash(record);
        m_bytes += row.slice.size();
        m_batch.records.push_back(std::move(record));
        ++m_summary.records;
    }

    Result<> flush()
    {
        if (m_batch.records.empty() && m_batch.rejects.empty())
            return {};
        ImportBatch batch;
        std::swap(batch, m_batch);
        m_bytes = 0;
        return m_sink(std::move(batch));
    }

    Archive &m_archive;
    const ImportOptions &m_options;
    const ColumnNames &m_columns;
    const ImportSink &m_sink;
    std::stop_token m_stop;
    std::string m_source, m_name, m_root;
    SlackNames m_names;
    std::map<std::string, std::string, std::less<>> m_folders; ///< name of the channel → its id
    ImportBatch m_batch;
    std::size_t m_bytes = 0;
    ImportSummary m_summary;
};

}

std::string slackText(std::string_view text, const SlackNames &names)
{
    std::string out;
    for (std::size_t i = 0; i < text.size();) {
        const std::size_t open = text.find('<', i);
        out += decoded(text.substr(i, open - i));
        if (open == std::string_view::npos)
            break;
        const std::size_t close = text.find('>', open);
        if (close == std::string_view::npos) {
            out += decoded(text.substr(open));
            break;
        }
        out += decoded(resolved(text.substr(open + 1, close - open - 1), names));
        i = close + 1;
    }
    return out;
}

bool isSlackExport(const Archive &archive)
{
    return SlackImport::rootOf(archive) != "\n";
}

Result<ImportSummary> importSlack(Archive &archive, const ImportOptions &options, const ColumnNames &names,
                                  const ImportSink &sink, std::stop_token stop)
{
    return SlackImport(archive, options, names, sink, std::move(stop)).run();
}

}
