#pragma once
// Internal to core/json: Gold's values as JSON values.

#include "core/domain/incident.h"
#include "core/json/lines.h"

namespace winnow::lines {

[[nodiscard]] Json toValue(const Incident &incident);
[[nodiscard]] Json toValue(const Score &score);
[[nodiscard]] Json toValue(const Banding &banding);
[[nodiscard]] Json toValue(const Matching &matching);
[[nodiscard]] Json toValue(const Draft &draft);
[[nodiscard]] Json toValue(const KnownTicket &ticket);
[[nodiscard]] Json toValue(const Release &release);
[[nodiscard]] Json toValue(const Account &account);
[[nodiscard]] Json toValue(const SignalPoint &point);
[[nodiscard]] Json toValue(const std::vector<RootCause> &causes);

/// Each reads an object's members; others are ignored. \errors InvalidInput `/member: …`.
[[nodiscard]] Result<> read(const Json &object, Incident &incident);
[[nodiscard]] Result<> read(const Json &object, Score &score);
[[nodiscard]] Result<> read(const Json &object, Banding &banding);
[[nodiscard]] Result<> read(const Json &object, Matching &matching);
[[nodiscard]] Result<> read(const Json &object, Draft &draft);
[[nodiscard]] Result<> read(const Json &object, KnownTicket &ticket);
[[nodiscard]] Result<> read(const Json &object, Release &release);
[[nodiscard]] Result<> read(const Json &object, Account &account);
[[nodiscard]] Result<> read(const Json &object, SignalPoint &point);

/// The objects of a file of JSON Lines as values. \errors as readJsonLines; InvalidInput `FILE object N: …`.
template <typename T>
[[nodiscard]] Result<std::vector<T>> readValues(const std::string &path)
{
    auto objects = readJsonLines(path);
    if (!objects)
        return tl::unexpected(objects.error());
    std::vector<T> values(objects->size());
    for (std::size_t i = 0; i < values.size(); ++i)
        if (auto done = read((*objects)[i], values[i]); !done)
            return failAt(path + " object " + std::to_string(i + 1), done.error());
    return values;
}

}
