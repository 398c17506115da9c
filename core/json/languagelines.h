#pragma once
// Internal to core/json: what `language` and `silver` share.

#include "core/base/result.h"
#include "core/json/stagelines.h"
#include "core/stages/language/language.h"

namespace winnow::lines
{

/// `--languages en,fr,…`, or `languages` and `minimum_score` of `--options FILE`.
/// \errors Usage, NotFound, Io, InvalidInput.
[[nodiscard]] Result<language::Options> languageOptions(const StageArguments &arguments);

}
