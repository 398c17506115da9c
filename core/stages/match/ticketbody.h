#pragma once

#include <span>
#include <string>
#include <string_view>
#include <unordered_map>

#include "core/domain/incident.h"

namespace winnow::match {

/// What a ticket's body says itself: without code, logs and stack traces, folded-away details, and the lines that many
/// tickets share because a form asked for them.
class BodyReader
{
public:
    explicit BodyReader(std::span<const KnownTicket> tickets);
    [[nodiscard]] std::string read(std::string_view body) const;

private:
    std::unordered_map<std::string, unsigned> m_lines; ///< a line without punctuation → bodies that hold it
    unsigned m_common = 0;                             ///< as many bodies make a line a form's
};

}
