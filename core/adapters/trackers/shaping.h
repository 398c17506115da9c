#pragma once

#include <string>

#include "core/domain/incident.h"
#include "core/stages/draft/draft.h"

namespace winnow::trackers
{

/// A draft as one tracker takes it.
struct Shaped {
    std::string title;
    std::string body; ///< in the tracker's format, the marker as its last line
    std::string attachment; ///< the whole draft in Markdown, where the body is only part of it
};

struct Limits {
    draft::Format format = draft::Format::Markdown;
    std::size_t title = 255, body = 20'000; ///< UTF-16 units; the body's as it is sent
    bool attachments = true; ///< what does not fit can be attached
};

/// \source contracts/trackers.md 4, Text shaping
[[nodiscard]] Shaped shaped(const Draft &draft, const std::string &externalId, const Limits &limits);
/// Words of an evidence in a tracker's format.
[[nodiscard]] std::string shapedEvidence(const std::string &markdown, const std::string &evidenceId,
                                         const Limits &limits);
/// One line for a title.
[[nodiscard]] std::string titleText(std::string_view text, std::size_t units);
/// White space becomes `-`.
[[nodiscard]] std::string labelText(std::string_view text, std::size_t units);
/// The value of a draft's field; empty where there is none.
[[nodiscard]] std::string fieldOf(const Draft &draft, std::string_view name);
/// The external id that a body's last line names; empty where it names none.
[[nodiscard]] std::string markerIn(std::string_view body);

}
