#pragma once
// Internal to core/json: findings as Gold reads them, from lines that also carry members of their feedback.

#include "core/domain/finding.h"
#include "core/json/lines.h"

namespace winnow::lines {

/// What counts for incidents and drafts; whatever is absent keeps its default, other members are ignored.
/// \errors InvalidInput `/member: …`.
[[nodiscard]] Result<> readParts(const Json &object, Finding &finding);

/// A finding with its feedback's members.
struct FindingLine {
    Finding finding;
    std::string incident;
    std::string product;
    std::string author;
    std::string accountId;
    std::string planTier;
    std::string channel;
    std::string lang;
    std::string appVersion;
    std::optional<TimePoint> at;
    std::uint32_t copies = 1;
};

/// One finding whose feedback's members stand beside it, or else in the line that holds it.
[[nodiscard]] Result<FindingLine> findingLine(const Json &object, const FindingLine &around = {});

/// Members of the feedback, without a finding. \errors InvalidInput `/member: …`.
[[nodiscard]] Result<> readFeedbackParts(const Json &object, FindingLine &line);

}
