#pragma once
// Internal to core/json: one maker per stage; the table in stagelines.cpp names them.

#include <memory>

#include "core/base/result.h"
#include "core/json/stagelines.h"

namespace winnow::lines {

using Made = Result<std::unique_ptr<StageLines>>;

[[nodiscard]] Made makeNormalise(const StageArguments &arguments);
[[nodiscard]] Made makeLanguage(const StageArguments &arguments);
[[nodiscard]] Made makeMask(const StageArguments &arguments);
[[nodiscard]] Made makeSilver(const StageArguments &arguments);
[[nodiscard]] Made makeNearDuplicates(const StageArguments &arguments);
[[nodiscard]] Made makeSegment(const StageArguments &arguments);
[[nodiscard]] Made makeExtract(const StageArguments &arguments);
[[nodiscard]] Made makeEmbed(const StageArguments &arguments);
[[nodiscard]] Made makeCluster(const StageArguments &arguments);
[[nodiscard]] Made makeIncident(const StageArguments &arguments);
[[nodiscard]] Made makeScore(const StageArguments &arguments);
[[nodiscard]] Made makeBand(const StageArguments &arguments);
[[nodiscard]] Made makeMatch(const StageArguments &arguments);
[[nodiscard]] Made makeTrain(const StageArguments &arguments);
[[nodiscard]] Made makeClassify(const StageArguments &arguments);
[[nodiscard]] Made makeCalibrate(const StageArguments &arguments);
[[nodiscard]] Made makeDraft(const StageArguments &arguments);

}
