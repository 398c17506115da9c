#pragma once

#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "core/adapters/http/transport.h"
#include "core/ports/clock.h"
#include "core/ports/tracker.h"

namespace winnow::trackers
{

/// A connection as the workspace keeps it, with its secret from the key store or the environment.
struct Connection {
    std::string name, kind, url;
    std::map<std::string, std::string> settings;
    std::string secret;

    [[nodiscard]] std::string setting(const std::string &key, std::string fallback = {}) const
    {
        const auto it = settings.find(key);
        return it == settings.end() || it->second.empty() ? std::move(fallback) : it->second;
    }
};

/// A kind of tracker: what its connections need.
struct Kind {
    std::string_view name;
    std::vector<std::string_view> required, optional; ///< settings
    std::string_view secretField; ///< empty: none
    Result<std::unique_ptr<Tracker>> (*make)(const Connection &, std::shared_ptr<http::Transport>, Clock &) = nullptr;
};

/// Every kind that speaks HTTP, by name. \source contracts/commands.md 6
[[nodiscard]] const std::vector<Kind> &kinds();
/// Null where there is none of that name.
[[nodiscard]] const Kind *kindNamed(std::string_view name);

/// Checks what a person gave: the address, settings that are missing, unknown or ill-formed. What may be set for all:
/// `proxy`, `ca_file`, `settles` (seconds until the index of the tracker is up to date), `field.NAME` (a value for a
/// field that the tracker requires).
/// \errors InvalidInput, Forbidden: plain http to another machine.
[[nodiscard]] Result<> check(const Kind &kind, const Connection &connection);

/// The address without `/` at its end.
[[nodiscard]] std::string baseOf(const Connection &connection);
[[nodiscard]] std::chrono::seconds settlesOf(const Connection &connection, std::chrono::seconds fallback);

}
