// winnowctl: the workspace itself.

#include <algorithm>
#include <filesystem>

#include <nlohmann/json.hpp>

#include "app/commands/command.h"
#include "core/adapters/files/filelayer.h"
#include "core/adapters/sqlite/maintenance.h"
#include "core/adapters/sqlite/reader.h"
#include "core/adapters/sqlite/triage.h"
#include "core/base/resources.h"
#include "core/local/taxonomy.h"

namespace winnow::app
{

namespace
{

using Json = nlohmann::ordered_json;

std::string dump(const Json &value)
{
    return value.dump(-1, ' ', false, Json::error_handler_t::replace);
}

const std::vector<std::string> kConfigKinds{"options", "owners", "taxonomy"};

Result<> checkConfig(const std::string &kind, const std::string &body)
{
    if (std::find(kConfigKinds.begin(), kConfigKinds.end(), kind) == kConfigKinds.end())
        return fail(ErrorCode::InvalidInput, "no configuration " + kind + "; options, owners or taxonomy");
    if (kind == "options")
        return optionsFromJson(body).map([](const StageOptions &) {});
    if (kind == "taxonomy")
        return taxonomyFromJson(body).map([](const Taxonomy &) {});
    const Json owners = Json::parse(body, nullptr, false);
    if (!owners.is_object())
        return fail(ErrorCode::InvalidInput, "not a JSON object of component and owner");
    for (const auto &[component, owner] : owners.items())
        if (!owner.is_string())
            return fail(ErrorCode::InvalidInput, "/" + component + ": expected the owner's name");
    return {};
}

/// A configuration version becomes the one that counts, by an event.
Result<std::string> releaseConfig(sqlite::Workspace &workspace, const std::string &kind, const std::string &id)
{
    sqlite::Database &db = workspace.database();
    auto transaction = sqlite::Transaction::begin(db, "config");
    if (!transaction)
        return tl::unexpected(transaction.error());
    const auto known = db.number("SELECT 1 FROM config WHERE kind = ?1 AND id = ?2", kind, id);
    if (!known)
        return tl::unexpected(known.error());
    if (!*known)
        return fail(ErrorCode::NotFound, "no version " + id + " of " + kind);
    sqlite::EventLog log(workspace);
    const auto event =
        log.append({"config_released", actorName(), dump({{"kind", kind}, {"id", id}}), {}, {}}, systemClock().now());
    if (!event)
        return event;
    if (auto done =
            db.run("INSERT OR REPLACE INTO config_released(kind, id, event) VALUES(?1, ?2, ?3)", kind, id, *event)
                .and_then([&] { return transaction->commit(); });
        !done)
        return tl::unexpected(done.error());
    return event;
}

std::uint64_t fileSize(const std::string &path)
{
    std::error_code error;
    const auto size = std::filesystem::file_size(path, error);
    return error ? 0 : size;
}

}

Result<int> runStats(Call &call)
{
    auto workspace = openWorkspace(call.workspace, false);
    if (!workspace)
        return tl::unexpected(workspace.error());
    const auto counts = sqlite::Reader(**workspace).counts();
    if (!counts)
        return tl::unexpected(counts.error());
    Json runs = Json::array();
    if (auto done = (*workspace)
                        ->database()
                        .query("SELECT id, started_at, finished_at, engine, stages, partition_hash, state_hash FROM "
                               "run ORDER BY id DESC LIMIT 10",
                               [&](const sqlite::Row &row) {
                                   runs.push_back({{"run", row.text(0)},
                                                   {"started_at", formatTime(*row.time(1))},
                                                   {"finished_at", formatTime(*row.time(2))},
                                                   {"engine", row.text(3)},
                                                   {"stages", Json::parse(row.text(4), nullptr, false)},
                                                   {"partition_hash", row.text(5)},
                                                   {"state_hash", row.text(6)}});
                               });
        !done)
        return tl::unexpected(done.error());
    const std::string path = sqlite::Workspace::databasePath(call.workspace);
    const Json out{{"workspace", (*workspace)->id()},
                   {"test_key", (*workspace)->usesTestKey()},
                   {"bytes", fileSize(path) + fileSize(path + "-wal")},
                   {"tables", *counts},
                   {"runs", runs}};
    if (call.json) {
        print(dump(out));
        return kDone;
    }
    if ((*workspace)->usesTestKey())
        print("made with a TEST KEY: nothing in it is protected");
    for (const auto &[table, count] : *counts)
        print(table + ": " + std::to_string(count));
    return kDone;
}

Result<int> runVerify(Call &call)
{
    auto workspace = openWorkspace(call.workspace, false);
    if (!workspace)
        return tl::unexpected(workspace.error());
    const auto verified = sqlite::verify(**workspace);
    if (!verified)
        return tl::unexpected(verified.error());
    const bool ok = !verified->firstBad;
    if (call.json)
        print(dump({{"ok", ok},
                    {"first_bad", ok ? Json(nullptr) : Json(verified->firstBad->detail)},
                    {"events", verified->events},
                    {"records", verified->records},
                    {"rejects", verified->rejects},
                    {"feedback", verified->feedback},
                    {"state_hash", verified->stateHash}}));
    else
        print(ok ? "sound: " + std::to_string(verified->events) + " events, " + std::to_string(verified->records)
                      + " records, " + std::to_string(verified->feedback) + " feedback\nstate " + verified->stateHash
                 : "DAMAGED: " + printable(verified->firstBad->detail)
                      + "\nRestore a backup with `winnowctl --workspace NEW restore FILE`.");
    return ok ? kDone : kWorkspace;
}

Result<int> runErase(Call &call)
{
    const std::string author = call.value("author");
    if (author.empty())
        return fail(ErrorCode::Usage, "erase whom? --author ID");
    auto workspace = openWorkspace(call.workspace, true);
    if (!workspace)
        return tl::unexpected(workspace.error());
    const auto erased = sqlite::eraseAuthor(**workspace, author, actorName(), systemClock().now());
    if (!erased)
        return tl::unexpected(erased.error());
    if (auto done = refreshRegrouped(**workspace, call.stop); !done)
        return tl::unexpected(done.error());
    if (call.json) {
        print(dump(
            {{"event", erased->event},
             {"rows",
              {{"records", erased->records}, {"feedback", erased->feedback}, {"event_bodies", erased->eventBodies}}},
             {"incidents", erased->incidents},
             {"tickets", erased->tickets}}));
    } else {
        print("erased: " + std::to_string(erased->records) + " records, " + std::to_string(erased->feedback)
              + " feedback; event " + erased->event);
        for (const std::string &ticket : erased->tickets)
            print("this ticket quotes the person: " + ticket);
    }
    return kDone;
}

Result<int> runBackup(Call &call)
{
    auto workspace = openWorkspace(call.workspace, false);
    if (!workspace)
        return tl::unexpected(workspace.error());
    if (auto done = sqlite::backup(**workspace, call.arguments[0]); !done)
        return tl::unexpected(done.error());
    print(call.json ? dump({{"file", call.arguments[0]}, {"bytes", fileSize(call.arguments[0])}})
                    : "saved in " + call.arguments[0]
                  + "; its text opens only with the workspace key (`winnowctl key export FILE`)");
    return kDone;
}

Result<int> runRestore(Call &call)
{
    if (auto done = sqlite::restore(call.arguments[0], call.workspace); !done)
        return tl::unexpected(done.error());
    auto workspace = openWorkspace(call.workspace, false);
    print(call.json
              ? dump({{"folder", call.workspace}, {"key", workspace ? Json(true) : Json(workspace.error().detail)}})
              : "restored in " + call.workspace + (workspace ? std::string() : "; " + workspace.error().detail));
    return workspace ? kDone : kWorkspace;
}

Result<int> runKey(Call &call)
{
    const std::string &verb = call.arguments[0], &file = call.arguments[1];
    if (verb == "export") {
        auto workspace = openWorkspace(call.workspace, false);
        if (!workspace)
            return tl::unexpected(workspace.error());
        const std::string name = sqlite::Workspace::secretName((*workspace)->id());
        if (auto done = FileLayer().writeNew(file, name + ' ' + hex((*workspace)->key().authorKey()) + '\n',
                                             FileLayer::Access::OwnerOnly);
            !done)
            return tl::unexpected(done.error());
        print(call.json ? dump({{"file", file}})
                        : "the key is in " + file
                      + "; whoever has it and the workspace can read everything: keep them apart");
        return kDone;
    }
    if (verb != "import")
        return fail(ErrorCode::Usage, "key export FILE or key import FILE");
    const auto text = readFile(file);
    if (!text)
        return tl::unexpected(text.error());
    const std::size_t blank = text->find(' ');
    bool good = false;
    std::string digits = blank == std::string::npos ? std::string() : text->substr(blank + 1);
    while (!digits.empty() && (digits.back() == '\n' || digits.back() == '\r'))
        digits.pop_back();
    const std::string raw = fromHex(digits, &good), name = text->substr(0, blank);
    if (!good || raw.size() != 32 || !name.starts_with("workspace-") || name.find('/') != std::string::npos)
        return fail(ErrorCode::InvalidInput, file + ": not a key file of `winnowctl key export`");
    if (auto done = secretStore().set(name, digits + '\n'); !done)
        return tl::unexpected(done.error());
    print(call.json ? dump({{"key", secretStore().place(name)}}) : "the key lies in " + secretStore().place(name));
    return kDone;
}

Result<int> runConfig(Call &call)
{
    const std::string &verb = call.arguments[0];
    auto workspace = openWorkspace(call.workspace, true);
    if (!workspace)
        return tl::unexpected(workspace.error());
    sqlite::Database &db = (*workspace)->database();
    if (verb == "list") {
        return db
            .query("SELECT c.kind, c.id, c.created_at, r.id IS NOT NULL FROM config c LEFT JOIN config_released r ON "
                   "r.kind = c.kind AND r.id = c.id ORDER BY c.kind, c.created_at",
                   [&](const sqlite::Row &row) {
                       print(call.json ? dump({{"kind", row.text(0)},
                                               {"id", row.text(1)},
                                               {"created_at", formatTime(*row.time(2))},
                                               {"released", row.number(3) != 0}})
                                       : row.text(0) + ' ' + row.text(1) + ' ' + formatTime(*row.time(2))
                                     + (row.number(3) ? " released" : ""));
                   })
            .map([] { return kDone; });
    }
    if (call.arguments.size() < 2)
        return fail(ErrorCode::Usage, "config " + verb + " wants a kind: options, owners or taxonomy");
    const std::string &kind = call.arguments[1];
    if (verb == "get") {
        auto body = db.text(
            "SELECT c.body FROM config c JOIN config_released r ON r.kind = c.kind AND r.id = c.id WHERE c.kind = ?1",
            kind);
        if (!body)
            return tl::unexpected(body.error());
        if (!*body && kind == "options")
            *body = toJson(StageOptions());
        if (!*body)
            return fail(ErrorCode::NotFound, "no " + kind + " of its own in this workspace");
        print(**body);
        return kDone;
    }
    std::string id = call.arguments.size() > 2 ? call.arguments[2] : std::string();
    if (verb == "set") {
        const auto body = readFile(id);
        if (!body)
            return tl::unexpected(body.error());
        if (auto done = checkConfig(kind, *body); !done)
            return failAt(id, done.error());
        id = base32(sha256(*body));
        auto transaction = sqlite::Transaction::begin(db, "config");
        if (!transaction)
            return tl::unexpected(transaction.error());
        if (auto done = db.run("INSERT OR IGNORE INTO config(id, kind, body, created_at) VALUES(?1, ?2, ?3, ?4)", id,
                               kind, *body, systemClock().now())
                            .and_then([&] { return transaction->commit(); });
            !done)
            return tl::unexpected(done.error());
        print(call.json ? dump({{"kind", kind}, {"id", id}})
                        : kind + ' ' + id + "; release it with `winnowctl config release " + kind + ' ' + id + '`');
        return kDone;
    }
    if (verb == "rollback") {
        // the version that was released before the one that counts now
        const auto before = db.text("SELECT json_extract(e.refs, '$.id') FROM event e WHERE e.kind = 'config_released' "
                                    "AND json_extract(e.refs, '$.kind') = ?1 "
                                    "AND json_extract(e.refs, '$.id') <> (SELECT id FROM config_released WHERE kind = "
                                    "?1) ORDER BY e.clock DESC LIMIT 1",
                                    kind);
        if (!before)
            return tl::unexpected(before.error());
        if (!*before)
            return fail(ErrorCode::NotFound, "no earlier version of " + kind + " was released");
        id = **before;
    } else if (verb != "release" || id.empty()) {
        return fail(ErrorCode::Usage, "config list | get KIND | set KIND FILE | release KIND ID | rollback KIND");
    }
    const auto event = releaseConfig(**workspace, kind, id);
    if (!event)
        return tl::unexpected(event.error());
    print(call.json ? dump({{"event", *event}, {"kind", kind}, {"id", id}})
                    : "event " + *event + "; " + kind + ' ' + id + " counts from the next run on");
    return kDone;
}

}
