#pragma once
// Internal to core/json: what `normalise` and `silver` share.

#include <array>
#include <span>
#include <string>
#include <string_view>

#include "core/base/result.h"
#include "core/domain/feedback.h"
#include "core/json/flatline.h"
#include "core/json/recordmembers.h"
#include "core/json/stagelines.h"
#include "core/stages/normalise/normalise.h"

namespace winnow::lines
{

/// `id`, then the members of a record.
inline constexpr auto kNormaliseMembers = [] {
    std::array<std::string_view, kRecordMembers.size() + 1> names{};
    names[0] = "id";
    for (std::size_t i = 0; i < kRecordMembers.size(); ++i)
        names[i + 1] = kRecordMembers[i];
    return names;
}();

struct FeedbackRecord {
    std::string id; ///< the line's own, else the derived one
    Record record;
};
/// \param members  as read for kNormaliseMembers; their texts are moved away.
/// \errors InvalidInput, naming the member.
[[nodiscard]] Result<FeedbackRecord> feedbackRecord(std::span<Member> members);

/// The shipped synonyms, with those of `--options FILE` over them.
[[nodiscard]] Result<normalise::Options> normaliseOptions(const StageArguments &arguments);

/// Appends `,"parts":[…]`. \param title, body  empty where there is none
void putParts(std::string &out, ByteSpan title, ByteSpan body);
/// Where title and body stand in the normalised text.
[[nodiscard]] ByteSpan titleOf(const NormalisedText &item);
[[nodiscard]] ByteSpan bodyOf(const NormalisedText &item);
/// Appends the members of the feedback that are no text.
void putFeedbackMembers(std::string &out, const NormalisedText &item);

}
