// winnowctl: what comes in and what is read back as it came.

#include <algorithm>
#include <cstdlib>
#include <filesystem>

#include <nlohmann/json.hpp>

#include "app/commands/command.h"
#include "app/commands/locks.h"
#include "core/adapters/files/filelayer.h"
#include "core/adapters/files/preview.h"
#include "core/adapters/sqlite/importjob.h"
#include "core/base/resources.h"
#include "core/json/recordjson.h"

namespace winnow::app
{

namespace
{

using Json = nlohmann::ordered_json;

std::string dump(const Json &value)
{
    return value.dump(-1, ' ', false, Json::error_handler_t::replace);
}

Json jsonOf(const ImportOutcome &file)
{
    Json out{{"file", file.file},
             {"format", file.format},
             {"records", file.records},
             {"new", file.fresh},
             {"edited", file.edited},
             {"unchanged", file.unchanged},
             {"tombstones", file.tombstones},
             {"rejects", file.rejects}};
    if (file.erased)
        out["erased"] = file.erased;
    for (const auto &[field, column] : file.columns)
        out["columns"][field] = column;
    if (file.sheets.size() + file.otherSheets.size() > 1) {
        out["sheets"] = file.sheets;
        out["other_sheets"] = file.otherSheets;
    }
    if (file.brokenOff)
        out["broken_off"] = file.brokenOff->detail;
    return out;
}

struct Source {
    std::string path, map;
};

/// What a file argument names: `-` is what is piped or pasted into the program.
Result<ImportRequest> requestOf(const Call &call, const Source &source)
{
    ImportRequest request;
    request.path = source.path;
    request.source = call.value("source");
    request.format = call.value("format");
    if (!source.map.empty()) {
        auto mapping = readMapping(source.map);
        if (!mapping)
            return tl::unexpected(mapping.error());
        request.mapping = std::move(*mapping);
    }
    if (source.path != "-")
        return request;
    // A pasted table lies in memory: as much as a clipboard holds, not as much as a file may.
    constexpr std::size_t kMost = 256u << 20;
    auto pasted = std::make_shared<std::string>();
    char chunk[65536];
    while (const std::size_t got = std::fread(chunk, 1, sizeof chunk, stdin)) {
        pasted->append(chunk, got);
        if (pasted->size() > kMost)
            return fail(ErrorCode::InvalidInput, "standard input: is larger than 256 MiB; save it as a file");
    }
    request.path = "pasted";
    request.pasted = std::move(pasted);
    return request;
}

/// Imports files one after the other; a file that cannot be read does not keep the others out.
Result<Json> importFiles(Call &call, sqlite::Workspace &workspace, const std::vector<Source> &sources, int &status)
{
    auto lease = sqlite::Lease::acquire(workspace, "import");
    if (!lease)
        return tl::unexpected(lease.error());
    sqlite::Bronze bronze(workspace);
    sqlite::WorkspaceImporter importer(workspace, systemClock());
    Json files = Json::array();
    std::optional<Error> first;
    for (const Source &source : sources) {
        const auto request = requestOf(call, source);
        const Result<ImportOutcome> imported = !request
            ? tl::unexpected(request.error())
            : importer.import(
                bronze, **lease, *request, {},
                [&](const ImportProgress &progress) { showProgress(call, source.path, progress.records); }, call.stop);
        if (!imported) {
            const ErrorCode code = imported.error().code;
            if (code == ErrorCode::Cancelled || code == ErrorCode::Full || code == ErrorCode::ReadOnly
                || code == ErrorCode::Leased || sources.size() == 1)
                return tl::unexpected(imported.error());
            files.push_back({{"file", source.path}, {"error", imported.error().detail}});
            std::fprintf(stderr, "winnowctl: %s\n", printable(imported.error().detail).c_str());
            status = kRefusals;
            if (!first)
                first = imported.error();
            continue;
        }
        files.push_back(jsonOf(*imported));
        if (imported->rejects || imported->erased || imported->brokenOff)
            status = kRefusals;
        endProgress(call);
        if (imported->brokenOff)
            std::fprintf(stderr, "winnowctl: %s\n", printable(imported->brokenOff->detail).c_str());
        if (!call.json)
            print(source.path + ": " + imported->format + ", " + std::to_string(imported->records) + " records, "
                  + std::to_string(imported->fresh) + " new, " + std::to_string(imported->edited) + " edited, "
                  + std::to_string(imported->unchanged) + " unchanged, " + std::to_string(imported->tombstones)
                  + " deleted, " + std::to_string(imported->rejects) + " rejected");
    }
    if (first && files.size() == sources.size()
        && std::all_of(files.begin(), files.end(), [](const Json &file) { return file.contains("error"); }))
        return tl::unexpected(*first);
    return files;
}

Json jsonOf(const ImportPreview &preview)
{
    Json out{{"looks_like", preview.layout.empty() ? Json() : Json(preview.layout)}};
    if (!preview.encoding.empty())
        out["encoding"] = preview.encoding;
    if (!preview.delimiter.empty())
        out["delimiter"] = preview.delimiter == "\t" ? "tab" : preview.delimiter;
    if (preview.header)
        out["header_row"] = preview.headerRow;
    if (!preview.sheets.empty()) {
        out["sheets"] = preview.sheets;
        out["sheets_read"] = preview.sheetsRead;
    }
    if (!preview.recordsPath.empty())
        out["records_path"] = preview.recordsPath;
    out["fields"] = Json::array();
    for (const auto &column : preview.columns)
        out["fields"].push_back(
            {{"column", column.name}, {"field", column.field.empty() ? Json() : Json(column.field)}});
    out["rows"] = preview.rows;
    out["date_orders"] = Json::object();
    for (const auto &[column, order] : preview.dateOrders)
        out["date_orders"][column] = order;
    out["questions"] = Json::array();
    for (const auto &question : preview.dateQuestions) {
        Json choices = Json::array();
        for (const auto &choice : question.choices)
            choices.push_back({{"date_order", choice.order}, {"reads", choice.reading}});
        out["questions"].push_back({{"column", question.column},
                                    {"field", question.field},
                                    {"example", question.example},
                                    {"choices", choices}});
    }
    out["mapping"] = Json::parse(mappingJson(preview.mapping));
    return out;
}

void printPreview(const std::string &path, const ImportPreview &preview)
{
    std::string line = path + ":";
    if (!preview.encoding.empty())
        line += " " + preview.encoding;
    if (!preview.delimiter.empty())
        line += ", delimiter " + (preview.delimiter == "\t" ? "tab" : preview.delimiter);
    if (preview.header)
        line += ", header in row " + std::to_string(preview.headerRow);
    for (const std::string &sheet : preview.sheetsRead)
        line += ", sheet " + printable(sheet);
    print(line);
    if (!preview.layout.empty())
        print("  looks like " + preview.layout + ": import it with --format " + preview.layout);
    for (const auto &column : preview.columns)
        print("  " + printable(column.name) + " → " + (column.field.empty() ? "kept raw only" : column.field));
    for (const auto &question : preview.dateQuestions) {
        line = "  which date is " + printable(question.example) + " in " + printable(question.column) + "?";
        for (const auto &choice : question.choices)
            line += " " + choice.order + ": " + choice.reading + ";";
        print(line + " say so as date_order in a mapping");
    }
}

Result<int> dryRun(Call &call)
{
    Json files = Json::array();
    int status = kDone;
    for (const std::string &path : call.arguments) {
        const auto request = requestOf(call, {path, call.value("map")});
        if (!request)
            return tl::unexpected(request.error());
        ImportOptions options;
        options.source = request->source;
        options.format = request->format;
        options.mapping = request->mapping;
        options.pasted = request->pasted;
        options.now = systemClock().now();
        const auto preview = previewFile(request->path, options, call.stop);
        if (!preview)
            return tl::unexpected(preview.error());
        if (!call.value("save-map").empty())
            if (auto saved = FileLayer().writeWhole(call.value("save-map"), mappingJson(preview->mapping)); !saved)
                return tl::unexpected(saved.error());
        std::uint64_t tombstones = 0;
        Json rejects = Json::array();
        const auto summary = importFile(
            request->path, options,
            [&](ImportBatch &&batch) -> Result<> {
                for (const Record &record : batch.records)
                    tombstones += record.tombstone;
                for (const Reject &reject : batch.rejects)
                    if (rejects.size() < 20)
                        rejects.push_back({{"place", reject.place}, {"reason", reject.reason}, {"raw", reject.raw}});
                return {};
            },
            call.stop);
        Json file{{"file", path}, {"format", preview->format}};
        if (summary) {
            Json columns = Json::object();
            for (const auto &[field, column] : summary->columns)
                columns[field] = column;
            file = {{"file", path},
                    {"format", summary->format},
                    {"records", summary->records},
                    {"tombstones", tombstones},
                    {"rejects", summary->rejects},
                    {"columns", columns},
                    {"first_rejects", rejects}};
            if (summary->brokenOff)
                file["broken_off"] = summary->brokenOff->detail;
            if (summary->rejects || summary->brokenOff)
                status = kRefusals;
        } else if (summary.error().code == ErrorCode::InvalidInput) {
            file["error"] = summary.error().detail; // the columns below say what a mapping may name
            status = kRefusals;
        } else {
            return tl::unexpected(summary.error());
        }
        file.update(jsonOf(*preview));
        if (!call.json) {
            printPreview(path, *preview);
            print(summary ? path + ": " + summary->format + ", " + std::to_string(summary->records) + " records, "
                          + std::to_string(summary->rejects) + " rejected"
                          : printable(summary.error().detail));
        }
        files.push_back(std::move(file));
    }
    if (call.json)
        print(dump({{"files", files}}));
    return status;
}

}

Result<int> runInit(Call &call)
{
    const char *testKey = std::getenv("WINNOW_TEST_KEY");
    const auto created =
        sqlite::Workspace::create(call.arguments[0], secretStore(), testKey ? testKey : "", systemClock().now());
    if (!created)
        return tl::unexpected(created.error());
    if (!call.json) {
        print("Workspace " + created->id + " in " + call.arguments[0]);
        print("Its key lies in " + created->keyPlace + "; keep a copy with `winnowctl --workspace " + call.arguments[0]
              + " key export FILE`.");
    }
    int status = kDone;
    Json files = Json::array();
    if (call.has("sample")) {
        const auto folder = resourcePath("samples");
        if (!folder)
            return tl::unexpected(folder.error());
        call.workspace = call.arguments[0];
        auto workspace = openWorkspace(call.workspace, false);
        if (!workspace)
            return tl::unexpected(workspace.error());
        std::vector<Source> sources;
        for (const auto &entry : std::filesystem::directory_iterator(*folder + "/feedback")) {
            const std::string path = entry.path().string();
            if (path.ends_with(".map.json"))
                continue;
            const std::string name = entry.path().filename().string(),
                              map = *folder + "/feedback/" + name.substr(0, name.find('.')) + ".map.json";
            sources.push_back({path, std::filesystem::exists(map) ? map : std::string()});
        }
        std::sort(sources.begin(), sources.end(), [](const Source &a, const Source &b) { return a.path < b.path; });
        auto imported = importFiles(call, **workspace, sources, status);
        if (!imported)
            return tl::unexpected(imported.error());
        files = std::move(*imported);
        workspace->reset();
        using Importer = Result<int> (*)(Call &);
        for (const auto &[file, command] : {std::pair<const char *, Importer>("tickets.jsonl", runTickets),
                                            {"releases.jsonl", runReleases},
                                            {"accounts.csv", runAccounts},
                                            {"signals.jsonl", runSignals}}) {
            Call context = call;
            context.silent = call.json;
            context.arguments = {*folder + "/context/" + file};
            if (auto done = command(context); !done)
                return done;
        }
    }
    if (call.json)
        print(dump({{"workspace", created->id},
                    {"folder", call.arguments[0]},
                    {"key", created->keyPlace},
                    {"test_key", created->testKey},
                    {"files", files}}));
    return status;
}

Result<int> runImport(Call &call)
{
    if (call.has("formats")) {
        const auto formats = importFormats();
        if (!formats)
            return tl::unexpected(formats.error());
        if (call.json)
            print(dump({{"formats", *formats}}));
        else
            for (const std::string &format : *formats)
                print(format);
        return kDone;
    }
    if (call.arguments.empty())
        return fail(ErrorCode::Usage, "import which file?");
    if (call.has("dry-run"))
        return dryRun(call);
    auto workspace = openWorkspace(call.workspace, false);
    if (!workspace)
        return tl::unexpected(workspace.error());
    std::vector<Source> sources;
    for (const std::string &path : call.arguments)
        sources.push_back({path, call.value("map")});
    int status = kDone;
    const auto files = importFiles(call, **workspace, sources, status);
    if (!files)
        return tl::unexpected(files.error());
    if (call.json)
        print(dump({{"files", *files}, {"locks", locksJson<Json>(**workspace)}}));
    return status;
}

Result<int> runRecords(Call &call)
{
    auto workspace = openWorkspace(call.workspace, false);
    if (!workspace)
        return tl::unexpected(workspace.error());
    sqlite::Bronze bronze(**workspace);
    for (std::int64_t after = 0;;) {
        const auto rows = bronze.read(after, 1024);
        if (!rows)
            return tl::unexpected(rows.error());
        if (rows->empty())
            return kDone;
        for (const auto &row : *rows)
            if (row.current || call.has("all-versions")) {
                if (call.json)
                    print(toJson(row.record));
                else
                    print(row.record.source + ' ' + row.record.sourceRecordId + ' '
                          + (row.record.createdAt ? formatTime(*row.record.createdAt) : "-") + ' '
                          + printable(row.record.title) + " | " + printable(row.record.body));
            }
        after = rows->back().id;
        if (call.stop.stop_requested())
            return fail(ErrorCode::Cancelled, "stopped");
    }
}

Result<int> runRejects(Call &call)
{
    auto workspace = openWorkspace(call.workspace, false);
    if (!workspace)
        return tl::unexpected(workspace.error());
    sqlite::Bronze bronze(**workspace);
    return bronze
        .eachReject([&](const sqlite::Bronze::StoredReject &reject) -> Result<> {
            print(call.json ? dump(
                      {{"file", reject.file}, {"place", reject.place}, {"reason", reject.reason}, {"raw", reject.raw}})
                            : reject.file + ' ' + reject.place + ": " + printable(reject.reason));
            return {};
        })
        .map([] { return kDone; });
}

}
