#include "core/json/stagelines.h"

#include "core/json/lines.h"
#include "core/json/stages.h"

namespace winnow {

Result<std::string> StageLines::map(std::span<const std::string>, std::size_t, std::size_t &, std::stop_token) const
{
    return fail(ErrorCode::Internal, "not a map stage");
}

Result<> StageLines::set(std::vector<std::string>, const Sink &, std::size_t &, std::stop_token) const
{
    return fail(ErrorCode::Internal, "not a set stage");
}

const std::vector<StageEntry> &stageTable()
{
    static const std::vector<StageEntry> table{
        {"normalise", false, {}, lines::makeNormalise},
        {"language", false, {"languages"}, lines::makeLanguage},
        {"mask", false, {"key", "allow"}, lines::makeMask},
        {"near-duplicates", true, {}, lines::makeNearDuplicates},
        {"segment", false, {"lines"}, lines::makeSegment},
        {"silver", false, {"key", "allow", "languages"}, lines::makeSilver},
        {"extract", false, {"lines"}, lines::makeExtract},
        {"embed", false, {"space"}, lines::makeEmbed},
        {"cluster", true, {"ask"}, lines::makeCluster},
        {"incident", true, {"accounts", "signals"}, lines::makeIncident},
        {"score", false, {}, lines::makeScore},
        {"band", false, {"thresholds"}, lines::makeBand},
        {"match", false, {"tickets", "releases"}, lines::makeMatch},
        {"draft", false, {"format"}, lines::makeDraft},
        {"train", true, {"out"}, lines::makeTrain},
        {"classify", false, {}, lines::makeClassify},
        {"calibrate", true, {"out", "precision", "confidence"}, lines::makeCalibrate},
    };
    return table;
}

Result<std::string> stageVersion()
{
    return lines::dump({{"program", "winnow-stage"}, {"version", WINNOW_VERSION}, {"schema", 1}, {"models", lines::Json::object()}});
}

}
