#pragma once

#include <span>
#include <string>
#include <utility>
#include <vector>

#include "core/ports/store.h"
#include "core/stages/draft/draft.h"

namespace winnow
{

/// The members that tell most about an incident, for its ticket: firm before unsure, each text and each author once,
/// other languages and channels before more of the same. Views point into `members`.
[[nodiscard]] std::vector<draft::Quote> telling(std::span<const MemberRow> members, std::size_t most);

/// What most members that say anything agree on (os, app_version, device …): those with at least half of them.
[[nodiscard]] std::vector<std::pair<std::string, std::string>> commonConditions(std::span<const MemberRow> members);

/// What a search for known tickets asks for: the incident's words and the most telling quotes.
[[nodiscard]] std::string matchText(const Incident &incident, std::span<const MemberRow> members);

}
