#include "core/adapters/files/importfile.h"

#include <algorithm>

#include "core/adapters/files/celltext.h"
#include "core/adapters/files/columnnames.h"
#include "core/adapters/files/recordmaker.h"
#include "core/adapters/files/rows.h"

namespace winnow
{

namespace
{

using namespace files;

Result<RowsRequest> requestOf(const std::string &path, const ImportOptions &options)
{
    RowsRequest request;
    request.path = path;
    request.limits = options.limits;
    request.textFields = {"title", "body", "rating"};
    if (!options.format.empty()) {
        request.format = formatFrom(options.format);
        if (!request.format)
            return fail(ErrorCode::InvalidInput, path + ": no format '" + shown(options.format) + "'");
    }
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
    request.recordsPath = mapping.recordsPath;
    request.mapped = mapping.columns;
    // Attributes that have names of their own by contract, so that a mapping need not repeat them.
    request.alsoByName = {"account_id", "plan_tier"};
    return request;
}

}

std::vector<std::string> importFormats()
{
    return {"csv", "json", "jsonl", "tsv"};
}

Result<ImportSummary> importFile(const std::string &path, const ImportOptions &options, const ImportSink &sink,
                                 std::stop_token stop)
{
    const auto names = ColumnNames::shipped("records");
    if (!names)
        return tl::unexpected(names.error());
    if (!std::equal(names->fields().begin(), names->fields().end(), RecordMaker::kFieldNames.begin(),
                    RecordMaker::kFieldNames.end()))
        return fail(ErrorCode::Corrupt, "import/columns.json: /records: not the fields of a record");
    const auto request = requestOf(path, options);
    if (!request)
        return tl::unexpected(request.error());
    RowReader reader(*request, *names);
    if (auto opened = reader.open(stop); !opened)
        return tl::unexpected(opened.error());
    RecordMaker maker(options, *names, *request, sink, stop);
    if (auto prepared = maker.prepare(reader); !prepared)
        return tl::unexpected(prepared.error());
    const auto ending = reader.read([&](const Row &row) { return maker.take(row); }, stop);
    if (!ending)
        return tl::unexpected(ending.error());
    if (auto flushed = maker.flush(); !flushed)
        return tl::unexpected(flushed.error());
    ImportSummary summary;
    summary.format = toString(reader.format());
    summary.sha256 = hex(ending->sha256);
    summary.bytes = ending->bytes;
    summary.records = maker.records();
    summary.rejects = maker.rejects();
    summary.brokenOff = ending->brokenOff;
    for (std::size_t field = 0; field < RecordMaker::FieldCount; ++field)
        if (const std::string &column = reader.columnOf(int(field)); !column.empty())
            summary.columns.emplace_back(std::string(RecordMaker::kFieldNames[field]), column);
    return summary;
}

}
