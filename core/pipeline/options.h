#pragma once

#include <string>
#include <string_view>

#include "core/base/result.h"
#include "core/stages/band/band.h"
#include "core/stages/cluster/cluster.h"
#include "core/stages/draft/draft.h"
#include "core/stages/embed/embed.h"
#include "core/stages/extract/extract.h"
#include "core/stages/incident/incident.h"
#include "core/stages/language/language.h"
#include "core/stages/mask/mask.h"
#include "core/stages/match/match.h"
#include "core/stages/nearduplicates/nearduplicates.h"
#include "core/stages/normalise/normalise.h"
#include "core/stages/score/score.h"
#include "core/stages/segment/segment.h"

namespace winnow
{

/// The options of all stages with their defaults, in the order of the pipeline: the content of a configuration version.
/// How many threads a stage may use is no option of the workspace and not written.
struct StageOptions {
    normalise::Options normalise;
    language::Options language;
    mask::Options mask;
    nearduplicates::Options nearDuplicates;
    segment::Options segment;
    extract::Options extract;
    embed::Options embed;
    cluster::Options cluster;
    incident::Options incident;
    score::Options score;
    band::Options band;
    match::Options match;
    draft::Options draft;
};

/// `{"score":{"severity_weight":0.6,…},"band":{…},…}` on one line, every option, stages by name.
[[nodiscard]] std::string toJson(const StageOptions &options);
/// The options of one stage, `{}` where it has none.
[[nodiscard]] std::string toJson(const StageOptions &options, std::string_view stage);

/// Absent stages and members keep their defaults.
/// \errors InvalidInput that names the pointer: no JSON object, an unknown member, one of another type or out of range.
[[nodiscard]] Result<StageOptions> optionsFromJson(std::string_view text);

}
