#pragma once
// Internal to core/json: what `normalise` and `silver` share.

#include <string>

#include "core/base/result.h"
#include "core/domain/feedback.h"
#include "core/json/stagelines.h"
#include "core/stages/normalise/normalise.h"

namespace winnow::lines
{

/// The shipped synonyms, with those of `--options FILE` over them.
[[nodiscard]] Result<normalise::Options> normaliseOptions(const StageArguments &arguments);

/// Appends `,"parts":[…]` and the members of the feedback that are no text.
void putFeedbackMembers(std::string &out, const NormalisedText &item);

}
