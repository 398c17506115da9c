#include "core/adapters/sqlite/connections.h"

#include <nlohmann/json.hpp>

#include "core/adapters/sqlite/eventlog.h"

namespace winnow::sqlite
{

namespace
{

using Json = nlohmann::json;

std::string dump(const Json &value)
{
    return value.dump(-1, ' ', false, Json::error_handler_t::replace);
}

}

Result<std::vector<trackers::Connection>> connections(Workspace &workspace)
{
    std::vector<trackers::Connection> all;
    auto done = workspace.database().query("SELECT name, kind, url, settings FROM connection ORDER BY name",
                                           [&](const Row &row) {
                                               trackers::Connection &connection = all.emplace_back();
                                               connection.name = row.text(0);
                                               connection.kind = row.text(1);
                                               connection.url = row.text(2);
                                               const Json settings = Json::parse(row.text(3), nullptr, false);
                                               if (settings.is_object())
                                                   for (const auto &[name, value] : settings.items())
                                                       if (value.is_string())
                                                           connection.settings[name] = value.get<std::string>();
                                           });
    return done ? Result<std::vector<trackers::Connection>>(std::move(all)) : tl::unexpected(done.error());
}

Result<trackers::Connection> connectionNamed(Workspace &workspace, const std::string &name)
{
    auto all = connections(workspace);
    if (!all)
        return tl::unexpected(all.error());
    for (trackers::Connection &connection : *all)
        if (connection.name == name)
            return std::move(connection);
    return fail(ErrorCode::NotFound, "no connection named " + name);
}

Result<std::string> addConnection(Workspace &workspace, const trackers::Connection &connection,
                                  const std::string &actor, TimePoint now)
{
    auto transaction = Transaction::begin(workspace.database(), "connection");
    if (!transaction)
        return tl::unexpected(transaction.error());
    const auto event = EventLog(workspace).append(
        {"connection_added", actor, dump({{"name", connection.name}, {"kind", connection.kind}}), {}, {}}, now);
    if (!event)
        return event;
    const Json settings(connection.settings);
    auto done =
        workspace.database()
            .run("INSERT OR REPLACE INTO connection(name, kind, url, settings) VALUES(?1, ?2, ?3, ?4)", connection.name,
                 connection.kind, connection.url, connection.settings.empty() ? std::string("{}") : dump(settings))
            .and_then([&] { return transaction->commit(); });
    return done ? event : tl::unexpected(done.error());
}

Result<std::string> removeConnection(Workspace &workspace, const std::string &name, const std::string &actor,
                                     TimePoint now)
{
    Database &db = workspace.database();
    auto transaction = Transaction::begin(db, "connection");
    if (!transaction)
        return tl::unexpected(transaction.error());
    const auto kind = db.text("SELECT kind FROM connection WHERE name = ?1", name);
    const auto waiting = db.number(
        "SELECT count(*) FROM filing WHERE tracker = ?1 AND state IN ('planned', 'sending', 'ambiguous')", name);
    if (!kind || !waiting)
        return tl::unexpected(!kind ? kind.error() : waiting.error());
    if (!*kind)
        return fail(ErrorCode::NotFound, "no connection named " + name);
    if (waiting->value_or(0) > 0)
        return fail(ErrorCode::Conflict,
                    std::to_string(**waiting) + " tickets wait to be filed through " + name
                        + "; push them, or undo their approval");
    const auto event = EventLog(workspace).append(
        {"connection_removed", actor, dump({{"name", name}, {"kind", **kind}}), {}, {}}, now);
    if (!event)
        return event;
    auto done = db.run("DELETE FROM connection WHERE name = ?1", name).and_then([&] { return transaction->commit(); });
    return done ? event : tl::unexpected(done.error());
}

}
