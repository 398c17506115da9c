// winnowctl: what comes in and what is read back as it came.

#include <algorithm>
#include <cstdlib>
#include <filesystem>

#include <nlohmann/json.hpp>

#include "app/commands/command.h"
#include "app/commands/locks.h"
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

Json jsonOf(const sqlite::ImportedFile &file)
{
    Json out{{"file", file.file},
             {"format", file.format},
             {"records", file.counts.records},
             {"new", file.counts.fresh},
             {"edited", file.counts.edited},
             {"unchanged", file.counts.unchanged},
             {"tombstones", file.counts.tombstones},
             {"rejects", file.counts.rejects}};
    if (file.counts.erased)
        out["erased"] = file.counts.erased;
    for (const auto &[field, column] : file.columns)
        out["columns"][field] = column;
    if (file.brokenOff)
        out["broken_off"] = file.brokenOff->detail;
    return out;
}

/// Records of one transaction: as many as fit into half the lock budget. Fewer would write the pages of the identity
/// index more often than need be.
constexpr std::size_t kBatchRecords = 2048;

struct Source {
    std::string path, map;
};

/// Imports files one after the other; a file that cannot be read does not keep the others out.
Result<Json> importFiles(Call &call, sqlite::Workspace &workspace, const std::vector<Source> &sources, int &status)
{
    auto lease = sqlite::Lease::acquire(workspace, "import");
    if (!lease)
        return tl::unexpected(lease.error());
    sqlite::Bronze bronze(workspace);
    Json files = Json::array();
    std::optional<Error> first;
    for (const Source &source : sources) {
        ImportOptions options;
        options.source = call.value("source");
        options.format = call.value("format");
        options.workspaceKey = workspace.key().authorKey();
        options.now = systemClock().now();
        options.batchId = sqlite::uuid7(options.now);
        options.batchRecords = kBatchRecords;
        Result<sqlite::ImportedFile> imported = [&]() -> Result<sqlite::ImportedFile> {
            if (!source.map.empty()) {
                auto mapping = readMapping(source.map);
                if (!mapping)
                    return tl::unexpected(mapping.error());
                options.mapping = std::move(*mapping);
            }
            return sqlite::importIntoBronze(
                bronze, **lease, source.path, options,
                [&](std::uint64_t done) { showProgress(call, source.path, done); }, call.stop);
        }();
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
        if (imported->counts.rejects || imported->counts.erased || imported->brokenOff)
            status = kRefusals;
        endProgress(call);
        if (imported->brokenOff)
            std::fprintf(stderr, "winnowctl: %s\n", printable(imported->brokenOff->detail).c_str());
        if (!call.json)
            print(source.path + ": " + imported->format + ", " + std::to_string(imported->counts.records) + " records, "
                  + std::to_string(imported->counts.fresh) + " new, " + std::to_string(imported->counts.edited)
                  + " edited, " + std::to_string(imported->counts.unchanged) + " unchanged, "
                  + std::to_string(imported->counts.tombstones) + " deleted, "
                  + std::to_string(imported->counts.rejects) + " rejected");
    }
    if (first && files.size() == sources.size()
        && std::all_of(files.begin(), files.end(), [](const Json &file) { return file.contains("error"); }))
        return tl::unexpected(*first);
    return files;
}

Result<int> dryRun(Call &call)
{
    Json files = Json::array();
    int status = kDone;
    for (const std::string &path : call.arguments) {
        ImportOptions options;
        options.source = call.value("source");
        options.format = call.value("format");
        options.now = systemClock().now();
        if (!call.value("map").empty()) {
            auto mapping = readMapping(call.value("map"));
            if (!mapping)
                return tl::unexpected(mapping.error());
            options.mapping = std::move(*mapping);
        }
        std::uint64_t tombstones = 0;
        Json rejects = Json::array();
        const auto summary = importFile(
            path, options,
            [&](ImportBatch &&batch) -> Result<> {
                for (const Record &record : batch.records)
                    tombstones += record.tombstone;
                for (const Reject &reject : batch.rejects)
                    if (rejects.size() < 20)
                        rejects.push_back({{"place", reject.place}, {"reason", reject.reason}});
                return {};
            },
            call.stop);
        if (!summary)
            return tl::unexpected(summary.error());
        Json columns = Json::object();
        for (const auto &[field, column] : summary->columns)
            columns[field] = column;
        files.push_back({{"file", path},
                         {"format", summary->format},
                         {"records", summary->records},
                         {"tombstones", tombstones},
                         {"rejects", summary->rejects},
                         {"columns", columns},
                         {"first_rejects", rejects}});
        if (summary->rejects)
            status = kRefusals;
        if (!call.json)
            print(path + ": " + summary->format + ", " + std::to_string(summary->records) + " records, "
                  + std::to_string(summary->rejects) + " rejected; columns " + dump(columns));
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
