#pragma once

#include <stop_token>
#include <string>
#include <vector>

#include "core/base/result.h"
#include "core/domain/incident.h"
#include "core/domain/record.h"

namespace winnow
{

/// What was read of a file of context, and what could not be, each by its place.
template <typename T> struct Context {
    std::vector<T> rows;
    std::vector<Reject> rejects;
    bool operator==(const Context &) const = default;
};

/// Files that go beside the feedback, as JSON Lines, JSON, CSV or TSV, plain or gzip. Columns are found by the names
/// they go by in other programs' files; members of JSON likewise. \errors NotFound, Io; InvalidInput: no such file of
/// records, or no column has a name that is known; Corrupt: damaged;
///         Cancelled.
/// \source contracts/commands.md 2

/// A row without an id, or with a revenue that is no number, is a reject. Monthly revenue counts twelve times.
[[nodiscard]] Result<Context<Account>> readAccounts(const std::string &path, std::stop_token stop = {});
/// A row without an id, or without title and body, is a reject. Dates that cannot be read stay empty.
[[nodiscard]] Result<Context<KnownTicket>> readTickets(const std::string &path, std::stop_token stop = {});
/// A row without a version is a reject.
[[nodiscard]] Result<Context<Release>> readReleases(const std::string &path, std::stop_token stop = {});
/// One point a row (`name at value`); or a table with a time and one column for each series, empty cells passed over.
/// A row whose time or value cannot be read is a reject.
[[nodiscard]] Result<Context<SignalPoint>> readSignals(const std::string &path, std::stop_token stop = {});

}
