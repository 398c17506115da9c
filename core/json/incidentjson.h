#pragma once

#include <string>
#include <string_view>

#include "core/base/result.h"
#include "core/domain/incident.h"

namespace winnow {

// What Gold is made of, as JSON on one line, and back. Writing then reading gives an equal value; members that are
// absent or null read as empty. A number or a text of another type is an InvalidInput that names its pointer.

[[nodiscard]] std::string toJson(const Incident &incident);
[[nodiscard]] std::string toJson(const Score &score);
[[nodiscard]] std::string toJson(const Banding &banding);
[[nodiscard]] std::string toJson(const Matching &matching);
[[nodiscard]] std::string toJson(const Draft &draft);
[[nodiscard]] std::string toJson(const KnownTicket &ticket);
[[nodiscard]] std::string toJson(const Release &release);
[[nodiscard]] std::string toJson(const Account &account);
[[nodiscard]] std::string toJson(const SignalPoint &point);

/// \source contracts/commands.md 4
[[nodiscard]] Result<Incident> incidentFromJson(std::string_view text);
[[nodiscard]] Result<Score> scoreFromJson(std::string_view text);
[[nodiscard]] Result<Banding> bandingFromJson(std::string_view text);
[[nodiscard]] Result<Matching> matchingFromJson(std::string_view text);
[[nodiscard]] Result<Draft> draftFromJson(std::string_view text);
/// `id title body status component created resolved fix_version`; the id may be a number.
[[nodiscard]] Result<KnownTicket> ticketFromJson(std::string_view text);
/// `version date notes`
[[nodiscard]] Result<Release> releaseFromJson(std::string_view text);
/// `id name plan_tier revenue region`
[[nodiscard]] Result<Account> accountFromJson(std::string_view text);
/// `name at value`
[[nodiscard]] Result<SignalPoint> signalPointFromJson(std::string_view text);

}
