#include "core/adapters/files/importfile.h"

#include <algorithm>
#include <filesystem>

#include "core/adapters/files/archive.h"
#include "core/adapters/files/celltext.h"
#include "core/adapters/files/columnnames.h"
#include "core/adapters/files/layouts.h"
#include "core/adapters/files/recordmaker.h"
#include "core/adapters/files/rows.h"
#include "core/adapters/files/slackexport.h"

namespace winnow
{

using namespace files;

Result<RowsRequest> files::requestOf(const std::string &path, const ImportOptions &options)
{
    RowsRequest request;
    request.path = path;
    request.pasted = options.pasted;
    request.limits = options.limits;
    request.textFields = {"title", "body", "rating"};
    if (!options.format.empty() && options.format != "zip" && options.format != "slack") {
        request.format = formatFrom(options.format);
        if (!request.format) {
            const auto layout = layoutNamed(options.format);
            if (!layout)
                return tl::unexpected(layout.error());
            if (!*layout)
                return fail(ErrorCode::InvalidInput, path + ": no format '" + shown(options.format) + "'");
            request.layout = *layout;
            if (request.layout->rows == "jsonl")
                request.format = Format::JsonLines;
        }
    }
    request.findHeader = !options.mapping;
    if (!options.mapping)
        return request;
    const ImportMapping &mapping = *options.mapping;
    const auto encoding = encodingFrom(mapping.encoding);
    if (!encoding)
        return fail(ErrorCode::InvalidInput, path + ": /encoding: no encoding '" + shown(mapping.encoding) + "'");
    request.encoding = *encoding;
    if (mapping.delimiter != "auto" && !mapping.delimiter.empty())
        request.delimiter = mapping.delimiter == "tab" ? '\t' : mapping.delimiter.front();
    request.header = mapping.header;
    request.headerRow = std::max(1, mapping.headerRow);
    request.sheet = mapping.sheet;
    request.recordsPath = mapping.recordsPath;
    request.mapped = mapping.columns;
    // Attributes that have names of their own by contract, so that a mapping need not repeat them.
    request.alsoByName = {"account_id", "plan_tier"};
    return request;
}

Result<bool> files::startsArchive(const RowsRequest &request)
{
    const auto source = ByteSource::open(request.origin(), request.limits);
    if (!source)
        return tl::unexpected(source.error());
    if ((*source)->packed())
        return false;
    char start[4];
    return (*source)->read(start, sizeof start).map([&](std::size_t got) { return isArchive({start, got}); });
}

namespace
{

/// One file, or one member of an archive, or one workbook.
class Importer
{
public:
    Importer(const ImportOptions &options, const ColumnNames &names, const ImportSink &sink, std::stop_token stop)
        : m_options(options)
        , m_names(names)
        , m_sink(sink)
        , m_stop(std::move(stop))
    {
    }

    ImportSummary summary;

    Result<> file(const std::string &path)
    {
        auto request = requestOf(path, m_options);
        if (!request)
            return tl::unexpected(request.error());
        const auto archive = startsArchive(*request);
        if (!archive)
            return tl::unexpected(archive.error());
        if (*archive && m_options.pasted)
            return fail(ErrorCode::InvalidInput, path + ": is an archive, not a table");
        if (*archive)
            return archiveFile(std::move(*request));
        if (m_options.format == "zip" || m_options.format == "slack")
            return fail(ErrorCode::InvalidInput, path + ": is no ZIP archive");
        return rows(*request, m_options).map([&](const RowReader::Ending &ending) {
            summary.sha256 = hex(ending.sha256);
            summary.bytes = ending.bytes;
        });
    }

private:
    Result<RowReader::Ending> rows(const RowsRequest &request, const ImportOptions &options)
    {
        RowReader reader(request, m_names);
        if (auto opened = reader.open(m_stop); !opened)
            return tl::unexpected(opened.error());
        RecordMaker maker(options, m_names, request, m_sink, m_stop);
        if (auto prepared = maker.prepare(reader); !prepared)
            return tl::unexpected(prepared.error());
        m_begun = true;
        auto ending = reader.read([&](const Row &row) { return maker.take(row); }, m_stop);
        if (!ending)
            return ending;
        if (auto flushed = maker.flush(); !flushed)
            return tl::unexpected(flushed.error());
        summary.format = request.layout ? request.layout->name : toString(reader.format());
        summary.records += maker.records();
        summary.rejects += maker.rejects();
        for (std::size_t i = 0; i < reader.header().size(); ++i)
            if (const std::string &column = reader.header()[i]; !column.empty() && !maker.reads(int(i))
                && std::find(summary.otherColumns.begin(), summary.otherColumns.end(), column)
                    == summary.otherColumns.end())
                summary.otherColumns.push_back(column);
        summary.sheets = reader.sheetsRead();
        for (const std::string &sheet : reader.sheets())
            if (std::find(summary.sheets.begin(), summary.sheets.end(), sheet) == summary.sheets.end())
                summary.otherSheets.push_back(sheet);
        if (!summary.brokenOff)
            summary.brokenOff = ending->brokenOff;
        for (std::size_t field = 0; field < RecordMaker::FieldCount; ++field) {
            const std::string &column = reader.columnOf(int(field));
            const std::string name(RecordMaker::kFieldNames[field]);
            const bool known = std::any_of(summary.columns.begin(), summary.columns.end(),
                                           [&](const auto &pair) { return pair.first == name; });
            if (!column.empty() && !known)
                summary.columns.emplace_back(name, column);
        }
        return ending;
    }

    Result<> archiveFile(RowsRequest &&request)
    {
        auto archive = Archive::open(request.path, m_options.limits);
        if (!archive)
            return tl::unexpected(archive.error());
        const auto before = (*archive)->digest(m_stop);
        if (!before)
            return tl::unexpected(before.error());
        if (auto sound = (*archive)->check(m_stop); !sound)
            return sound;
        request.archive = *archive;
        Result<> done;
        if (Workbook::isWorkbook(**archive)) {
            auto workbook = Workbook::open(*archive, m_options.limits, m_stop);
            if (!workbook)
                return tl::unexpected(workbook.error());
            request.workbook = std::move(*workbook);
            if (auto read = rows(request, m_options); !read)
                done = tl::unexpected(read.error());
        } else if (m_options.format != "zip" && isSlackExport(**archive)) {
            auto read = importSlack(**archive, m_options, m_names, m_sink, m_stop);
            if (read) {
                summary = std::move(*read);
            } else {
                done = tl::unexpected(read.error());
            }
        } else if (m_options.format == "slack") {
            return fail(ErrorCode::InvalidInput, request.path + ": is no Slack export; there is no channels.json");
        } else {
            done = members(request);
        }
        if (!done)
            return done;
        const auto after = (*archive)->digest(m_stop);
        if (!after)
            return tl::unexpected(after.error());
        if (*after != *before)
            return fail(ErrorCode::Corrupt, request.path + ": changed while it was read");
        summary.sha256 = hex(*before);
        summary.bytes = (*archive)->bytesOnDisk();
        return {};
    }

    /// Every file within, each by itself.
    Result<> members(const RowsRequest &request)
    {
        const std::string name = m_options.originName.empty() ? std::filesystem::path(request.path).filename().string()
                                                              : m_options.originName;
        std::size_t readable = 0;
        std::optional<Error> first;
        ImportBatch refused;
        for (const Archive::Entry &entry : request.archive->entries()) {
            Result<> done;
            if (Archive::leadsOut(entry.name)) {
                done = fail(ErrorCode::InvalidInput, "its name leads out of the archive");
            } else {
                RowsRequest member = request;
                member.path = request.path + ": " + shown(entry.name);
                member.entry = entry.index;
                ImportOptions options = m_options;
                options.originName = name + '/' + entry.name;
                options.skipBytes = 0;
                m_begun = false;
                const auto read = rows(member, options);
                readable += read.has_value();
                if (!read) {
                    const ErrorCode code = read.error().code;
                    if (m_begun || (code != ErrorCode::InvalidInput && code != ErrorCode::Corrupt))
                        return tl::unexpected(read.error());
                    done = tl::unexpected(read.error());
                }
            }
            if (done)
                continue;
            auto raw = startOf(*request.archive, entry);
            if (!raw)
                return tl::unexpected(raw.error());
            refused.rejects.push_back({name + ": " + shown(entry.name), done.error().detail, std::move(*raw)});
            if (!first)
                first = done.error();
        }
        if (!readable)
            return fail(ErrorCode::InvalidInput,
                        request.path + ": holds no file that can be read"
                            + (first ? "; the first: " + first->detail : std::string()));
        summary.format = "zip";
        summary.rejects += refused.rejects.size();
        return refused.rejects.empty() ? Result<>() : m_sink(std::move(refused));
    }

    static Result<std::string> startOf(Archive &archive, const Archive::Entry &entry)
    {
        constexpr std::size_t kKept = 64 * 1024;
        auto stream = archive.stream(entry.index);
        if (!stream)
            return tl::unexpected(stream.error());
        std::string raw(std::size_t(std::min<std::uint64_t>(entry.bytes, kKept)), '\0');
        std::size_t filled = 0;
        while (filled < raw.size()) {
            const auto got = (*stream)->read(raw.data() + filled, raw.size() - filled);
            if (!got)
                return tl::unexpected(got.error());
            if (*got == 0)
                break;
            filled += *got;
        }
        raw.resize(filled);
        return raw;
    }

    const ImportOptions &m_options;
    const ColumnNames &m_names;
    const ImportSink &m_sink;
    std::stop_token m_stop;
    bool m_begun = false; ///< records of the member in hand may have been handed on
};

}

Result<std::vector<std::string>> importFormats()
{
    std::vector<std::string> formats{"csv", "json", "jsonl", "slack", "tsv", "xlsx", "zip"};
    return shippedLayouts().map([&](const auto &layouts) {
        for (const auto &layout : layouts)
            formats.push_back(layout->name);
        std::sort(formats.begin(), formats.end());
        return formats;
    });
}

Result<ImportSummary> importFile(const std::string &path, const ImportOptions &options, const ImportSink &sink,
                                 std::stop_token stop)
{
    const auto names = recordColumns();
    if (!names)
        return tl::unexpected(names.error());
    Importer importer(options, *names, sink, std::move(stop));
    if (auto done = importer.file(path); !done)
        return tl::unexpected(done.error());
    return std::move(importer.summary);
}

}
