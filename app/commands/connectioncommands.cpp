// winnowctl: connections to other programs.

#include <algorithm>
#include <filesystem>
#include <iostream>

#include <nlohmann/json.hpp>

#include "app/commands/command.h"
#include "core/adapters/keys/environmentsecrets.h"
#include "core/adapters/sqlite/connections.h"

namespace winnow::app
{

namespace
{

using Json = nlohmann::ordered_json;

std::string dump(const Json &value)
{
    return value.dump(-1, ' ', false, Json::error_handler_t::replace);
}

constexpr const char *kUsageText =
    "connection add NAME --kind KIND --url URL [--set K=V]… | secret NAME | test NAME | list | remove NAME";

/// What is part of a variable's name and of a key store's entry.
bool isName(const std::string &name)
{
    return !name.empty() && name.size() <= 64 && std::all_of(name.begin(), name.end(), [](char c) {
        return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' || c == '-';
    });
}

Result<trackers::Connection> connectionOf(const Call &call, const std::string &name)
{
    trackers::Connection connection;
    connection.name = name;
    connection.kind = call.value("kind");
    connection.url = call.value("url");
    if (!isName(name) || name == "files")
        return fail(ErrorCode::Usage, "a connection's name is letters, digits, - and _; `files` is the embedded one");
    const auto set = call.options.find("set");
    for (const std::string &pair : set == call.options.end() ? std::vector<std::string>() : set->second) {
        const std::size_t equals = pair.find('=');
        if (equals == std::string::npos || equals == 0)
            return fail(ErrorCode::Usage, "--set wants K=V");
        connection.settings[pair.substr(0, equals)] = pair.substr(equals + 1);
    }
    if (connection.kind == "file") {
        if (connection.url.empty())
            return fail(ErrorCode::Usage, "--url wants a folder");
        connection.url = std::filesystem::absolute(connection.url).lexically_normal().string();
        return connection;
    }
    const trackers::Kind *kind = trackers::kindNamed(connection.kind);
    if (!kind) {
        std::string list = "file";
        for (const trackers::Kind &known : trackers::kinds())
            list += ", " + std::string(known.name);
        return fail(ErrorCode::InvalidInput, "no connection of kind '" + connection.kind + "'; there are " + list);
    }
    if (connection.url.empty())
        return fail(ErrorCode::Usage, "--url wants the tracker's address");
    for (const char *secret : {"token", "password", "key", "secret", "authorization"})
        for (const auto &[name_, value] : connection.settings)
            if (name_ == secret)
                return fail(ErrorCode::Usage,
                            "secrets are no settings: set " + secretVariable(name, kind->secretField)
                                + ", or use `connection secret " + name + "`");
    if (auto good = trackers::check(*kind, connection); !good)
        return tl::unexpected(good.error());
    return connection;
}

Result<int> testConnection(Call &call, sqlite::Workspace &workspace, const std::string &name)
{
    Json steps = Json::array();
    bool good = true;
    const auto add = [&](const ProbeStep &step) {
        good = good && step.ok;
        steps.push_back({{"name", step.name}, {"ok", step.ok}, {"detail", step.detail}, {"remedy", step.remedy}});
        if (!call.json)
            print(std::string(step.ok ? "ok      " : "failed  ") + step.name
                  + (step.detail.empty() ? "" : ": " + printable(step.detail))
                  + (step.remedy.empty() ? "" : "\n        " + printable(step.remedy)));
    };
    auto tracker = makeTracker(workspace, name);
    if (!tracker && tracker.error().code != ErrorCode::Network)
        return tl::unexpected(tracker.error());
    if (!tracker)
        add({"secret", false, tracker.error().detail, "give the connection its secret"});
    else
        for (const ProbeStep &step : (*tracker)->test(call.stop))
            add(step);
    if (call.json)
        print(dump({{"name", name}, {"ok", good}, {"steps", steps}}));
    return good ? kDone : kNetwork;
}

Result<int> keepSecret(const Call &call, sqlite::Workspace &workspace, const std::string &name)
{
    const auto connection = sqlite::connectionNamed(workspace, name);
    if (!connection)
        return tl::unexpected(connection.error());
    const trackers::Kind *kind = trackers::kindNamed(connection->kind);
    if (!kind || kind->secretField.empty())
        return fail(ErrorCode::InvalidInput, "a connection of kind " + connection->kind + " has no secret");
    std::string secret;
    std::getline(std::cin, secret);
    while (secret.ends_with('\r'))
        secret.pop_back();
    if (secret.empty())
        return fail(ErrorCode::Usage, "the secret is read from standard input, on one line");
    if (auto kept = keepConnectionSecret(workspace, name, std::string(kind->secretField), secret); !kept)
        return tl::unexpected(kept.error());
    print(call.json ? dump({{"name", name}, {"field", kind->secretField}}) : "kept in the system's key store");
    return kDone;
}

}

Result<int> runConnection(Call &call)
{
    const std::string &verb = call.arguments[0];
    const std::string name = call.arguments.size() > 1 ? call.arguments[1] : std::string();
    auto workspace = openWorkspace(call.workspace, true);
    if (!workspace)
        return tl::unexpected(workspace.error());
    if (verb == "list") {
        const auto all = sqlite::connections(**workspace);
        if (!all)
            return tl::unexpected(all.error());
        for (const trackers::Connection &connection : *all) {
            Json settings = Json::object();
            for (const auto &[key, value] : connection.settings)
                settings[key] = value;
            print(call.json ? dump({{"name", connection.name},
                                    {"kind", connection.kind},
                                    {"url", connection.url},
                                    {"settings", settings}})
                            : connection.name + ' ' + connection.kind + ' ' + connection.url);
        }
        return kDone;
    }
    if (name.empty())
        return fail(ErrorCode::Usage, kUsageText);
    if (verb == "test")
        return testConnection(call, **workspace, name);
    if (verb == "secret")
        return keepSecret(call, **workspace, name);
    Result<std::string> event = fail(ErrorCode::Usage, kUsageText);
    if (verb == "add") {
        const auto connection = connectionOf(call, name);
        if (!connection)
            return tl::unexpected(connection.error());
        event = sqlite::addConnection(**workspace, *connection, actorName(), systemClock().now());
    } else if (verb == "remove") {
        const auto connection = sqlite::connectionNamed(**workspace, name);
        if (!connection)
            return tl::unexpected(connection.error());
        event = sqlite::removeConnection(**workspace, name, actorName(), systemClock().now());
        const trackers::Kind *kind = trackers::kindNamed(connection->kind);
        if (event && kind && !kind->secretField.empty())
            if (auto gone = forgetConnectionSecret(**workspace, name, std::string(kind->secretField)); !gone)
                return tl::unexpected(gone.error());
    }
    if (!event)
        return tl::unexpected(event.error());
    print(call.json ? dump({{"event", *event}, {"name", name}}) : "event " + *event);
    return kDone;
}

}
