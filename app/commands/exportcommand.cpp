// winnowctl export: tables for other programs.

#include <cerrno>
#include <cstdio>
#include <cstring>
#include <filesystem>
#include <map>
#include <span>
#include <utility>

#include <nlohmann/json.hpp>
#include <unistd.h>

#include "app/commands/command.h"
#include "core/adapters/files/export.h"
#include "core/adapters/files/filelayer.h"
#include "core/adapters/sqlite/eventlog.h"
#include "core/adapters/sqlite/outbox.h"
#include "core/adapters/sqlite/reader.h"
#include "core/adapters/sqlite/triage.h"
#include "core/base/time.h"

namespace winnow::app
{

namespace
{

/// A table on its way to disk, under a name of its own until it is whole.
class ExportFile
{
public:
    ExportFile(std::string path, ExportFormat format, std::vector<std::string> columns)
        : m_path(std::move(path))
        , m_part(m_path + ".part")
        , m_writer(format, std::move(columns))
        , m_file(std::fopen(m_part.c_str(), "wxe"))
        , m_error(m_file ? 0 : errno)
    {
        write(m_writer.head());
    }
    ~ExportFile()
    {
        if (!m_file)
            return;
        std::fclose(m_file);
        ::unlink(m_part.c_str());
    }
    ExportFile(const ExportFile &) = delete;
    ExportFile &operator=(const ExportFile &) = delete;

    void row(std::span<const ExportCell> cells)
    {
        write(m_writer.row(cells));
        ++m_rows;
    }
    /// \returns how many rows it holds. \errors Full, ReadOnly, Io; Conflict: a file of that name is there.
    Result<std::uint64_t> finish()
    {
        if (m_file) {
            if (std::fclose(std::exchange(m_file, nullptr)) != 0 && !m_error)
                m_error = errno;
            if (!m_error) {
                auto published = FileLayer().publish(m_part, m_path);
                if (published)
                    return m_rows;
                ::unlink(m_part.c_str());
                return tl::unexpected(published.error());
            }
            ::unlink(m_part.c_str());
        }
        const auto code = m_error == ENOSPC || m_error == EDQUOT ? ErrorCode::Full
            : m_error == EACCES || m_error == EROFS              ? ErrorCode::ReadOnly
            : m_error == EEXIST                                  ? ErrorCode::Conflict
            : m_error == ENOENT                                  ? ErrorCode::NotFound
                                                                 : ErrorCode::Io;
        return fail(code, m_part + ": " + std::strerror(m_error));
    }

private:
    void write(const std::string &text)
    {
        if (m_file && !m_error && std::fwrite(text.data(), 1, text.size(), m_file) != text.size())
            m_error = errno;
    }

    std::string m_path, m_part;
    TableWriter m_writer;
    std::FILE *m_file;
    int m_error;
    std::uint64_t m_rows = 0;
};

ExportCell timeCell(const std::optional<TimePoint> &at)
{
    return at ? ExportCell(formatTime(*at)) : ExportCell();
}

ExportCell textCell(const std::string &text)
{
    return text.empty() ? ExportCell() : ExportCell(text);
}

using Columns = std::vector<std::string>;
using Rows = Result<> (*)(sqlite::Workspace &, ExportFile &, std::stop_token);

Result<> queueRows(sqlite::Workspace &workspace, ExportFile &file, std::stop_token)
{
    QueueRequest request;
    request.now = systemClock().now();
    request.decided = true;
    const auto rows = sqlite::Triage(workspace, actorName()).queue(request);
    if (!rows)
        return tl::unexpected(rows.error());
    for (const QueueRow &row : *rows)
        file.row(std::vector<ExportCell>{row.candidate, row.title, std::string(toString(row.type)),
                                         std::string(toString(row.severity)), textCell(row.product),
                                         textCell(row.component), std::string(toString(row.band)), row.priority,
                                         row.confidence, std::int64_t(row.reports), std::int64_t(row.authors),
                                         timeCell(row.newestAt), textCell(row.nearestTicket), row.state});
    return {};
}

Result<> feedbackRows(sqlite::Workspace &workspace, ExportFile &file, std::stop_token stop)
{
    return sqlite::Reader(workspace).eachFeedback([&](const Hit &hit) -> Result<> {
        if (stop.stop_requested())
            return fail(ErrorCode::Cancelled, "stopped");
        file.row(std::vector<ExportCell>{hit.feedback, timeCell(hit.at), textCell(hit.lang), textCell(hit.channel),
                                         hit.text});
        return {};
    });
}

Result<> historyRows(sqlite::Workspace &workspace, ExportFile &file, std::stop_token)
{
    const auto events = sqlite::EventLog(workspace).list("");
    if (!events)
        return tl::unexpected(events.error());
    for (const Event &event : *events)
        file.row(std::vector<ExportCell>{event.id, formatTime(event.at), event.actor, event.kind, event.refs,
                                         event.body ? ExportCell(*event.body) : ExportCell()});
    return {};
}

Result<> filingRows(sqlite::Workspace &workspace, ExportFile &file, std::stop_token)
{
    const auto filings = sqlite::Outbox(workspace).list({});
    if (!filings)
        return tl::unexpected(filings.error());
    for (const Filing &filing : *filings)
        file.row(std::vector<ExportCell>{filing.id, filing.incident, filing.externalId, filing.tracker, filing.state,
                                         textCell(filing.ticket), textCell(filing.url), std::int64_t(filing.attempts),
                                         filing.draft.title, formatTime(filing.changedAt)});
    return {};
}

struct Table {
    Columns columns;
    Rows rows;
};

const std::map<std::string, Table> &tables()
{
    static const std::map<std::string, Table> all{
        {"queue",
         {{"candidate", "title", "type", "severity", "product", "component", "band", "priority", "confidence",
           "reports", "authors", "newest_at", "nearest_ticket", "state"},
          queueRows}},
        {"feedback", {{"feedback", "at", "lang", "channel", "text"}, feedbackRows}},
        {"history", {{"event", "at", "actor", "kind", "refs", "body"}, historyRows}},
        {"filings",
         {{"filing", "candidate", "external_id", "tracker", "state", "ticket", "url", "attempts", "title",
           "changed_at"},
          filingRows}},
    };
    return all;
}

}

Result<int> runExport(Call &call)
{
    const auto table = tables().find(call.arguments[0]);
    if (table == tables().end())
        return fail(ErrorCode::Usage, "export what? feedback, filings, history or queue");
    const std::string &path = call.arguments[1];
    std::string name = call.value("format");
    if (name.empty()) {
        const std::string ending = std::filesystem::path(path).extension().string();
        name = exportFormatFrom(ending.empty() ? "" : ending.substr(1)) ? ending.substr(1) : "csv";
    }
    const auto format = exportFormatFrom(name);
    if (!format)
        return fail(ErrorCode::Usage, "--format wants csv, jsonl or md");
    std::error_code ignored;
    if (std::filesystem::exists(path, ignored))
        return fail(ErrorCode::InvalidInput, path + ": is there already; name another file or take it away");
    auto workspace = openWorkspace(call.workspace, false);
    if (!workspace)
        return tl::unexpected(workspace.error());
    ExportFile file(path, *format, table->second.columns);
    if (auto done = table->second.rows(**workspace, file, call.stop); !done)
        return tl::unexpected(done.error());
    const auto rows = file.finish();
    if (!rows)
        return tl::unexpected(rows.error());
    if (call.json)
        print(nlohmann::ordered_json{{"file", path}, {"format", name}, {"rows", *rows}}.dump(
            -1, ' ', false, nlohmann::ordered_json::error_handler_t::replace));
    else
        print(path + ": " + std::to_string(*rows) + " rows");
    return kDone;
}

}
