// winnowctl: folders whose files are imported as they come.

#include <nlohmann/json.hpp>

#include "app/commands/command.h"
#include "core/adapters/sqlite/watches.h"

namespace winnow::app
{

namespace
{

using Json = nlohmann::ordered_json;

std::string dump(const Json &value)
{
    return value.dump(-1, ' ', false, Json::error_handler_t::replace);
}

Json jsonOf(const sqlite::WatchedFile &file)
{
    Json out{{"folder", file.folder}, {"path", file.path}, {"outcome", file.outcome}};
    if (!file.detail.empty())
        out["detail"] = file.detail;
    if (file.imported) {
        const ImportOutcome &imported = *file.imported;
        out.update({{"format", imported.format},
                    {"records", imported.records},
                    {"new", imported.fresh},
                    {"edited", imported.edited},
                    {"unchanged", imported.unchanged},
                    {"tombstones", imported.tombstones},
                    {"rejects", imported.rejects}});
        if (imported.erased)
            out["erased"] = imported.erased;
    }
    if (!file.newColumns.empty())
        out["new_columns"] = file.newColumns;
    return out;
}

void printFile(const Call &call, const sqlite::WatchedFile &file)
{
    if (call.json) {
        print(dump(jsonOf(file)));
    } else {
        std::string line = printable(file.folder + '/' + file.path) + ": " + file.outcome;
        if (file.imported)
            line += ", " + std::to_string(file.imported->records) + " records, " + std::to_string(file.imported->fresh)
                + " new, " + std::to_string(file.imported->edited) + " edited, "
                + std::to_string(file.imported->rejects) + " rejected";
        if (!file.detail.empty())
            line += ": " + printable(file.detail);
        for (const std::string &column : file.newColumns)
            line += "; new column " + printable(column);
        print(line);
    }
    std::fflush(stdout); // whoever waits for a file sees it at once
}

Result<int> runList(const Call &call, sqlite::Watches &watches)
{
    const auto list = watches.list();
    if (!list)
        return tl::unexpected(list.error());
    for (const sqlite::Watch &watch : *list) {
        if (!call.json) {
            print(printable(watch.folder) + ": " + std::to_string(watch.files) + " files, "
                  + std::to_string(watch.failed) + " failed");
            continue;
        }
        Json out{{"folder", watch.folder}, {"source", watch.source}, {"format", watch.format},
                 {"files", watch.files},   {"failed", watch.failed}, {"other_columns", watch.otherColumns}};
        out["mapping"] = watch.mapping ? Json::parse(mappingJson(*watch.mapping)) : Json();
        print(dump(out));
    }
    return kDone;
}

}

Result<int> runWatch(Call &call)
{
    auto workspace = openWorkspace(call.workspace, false);
    if (!workspace)
        return tl::unexpected(workspace.error());
    sqlite::Watches watches(**workspace, systemClock());
    const std::string &what = call.arguments[0];
    const bool named = what == "add" || what == "remove";
    if (call.arguments.size() != (named ? 2u : 1u))
        return fail(ErrorCode::Usage, named ? "watch " + what + " which folder?" : "watch " + what + " takes no name");
    if (what == "list")
        return runList(call, watches);
    if (what == "remove")
        return watches.remove(call.arguments[1]).map([] { return kDone; });
    if (what == "add") {
        ImportRequest how;
        how.source = call.value("source");
        how.format = call.value("format");
        if (!call.value("map").empty()) {
            auto mapping = readMapping(call.value("map"));
            if (!mapping)
                return tl::unexpected(mapping.error());
            how.mapping = std::move(*mapping);
        }
        return watches.add(call.arguments[1], how).map([] { return kDone; });
    }
    if (what != "run")
        return fail(ErrorCode::Usage, "watch " + what + ": expected add, list, remove or run");
    int status = kDone;
    const auto report = [&](const sqlite::WatchedFile &file) {
        printFile(call, file);
        if (file.outcome == "failed" || file.outcome == "waiting"
            || (file.imported && (file.imported->rejects || file.imported->erased)))
            status = kRefusals;
    };
    const auto done =
        call.has("once") ? watches.scan(call.has("rehash"), report, call.stop) : watches.run(report, call.stop);
    if (!done)
        return tl::unexpected(done.error());
    return call.stop.stop_requested() ? kStopped : status;
}

}
