#pragma once
// Internal to core/json: the options of stages as JSON values.

#include "core/json/lines.h"
#include "core/pipeline/options.h"

namespace winnow::lines {

/// Reads `--NAME FILE` into the options of one stage where it was given: the stage's own options, or the options of all
/// stages, of which it takes its own. \errors NotFound, Io; InvalidInput `FILE: /pointer: …`.
[[nodiscard]] Result<> readStageOptions(const StageArguments &arguments, const char *name, std::string_view stage,
                                        StageOptions &options);

}
