#include "core/json/incidentvalues.h"
#include "core/json/optionsvalues.h"
#include "core/json/stages.h"
#include "core/stages/score/score.h"

namespace winnow::lines {

namespace {

struct ScoreTraits {
    using Item = Incident;
    static constexpr bool kNeedsId = true;
    score::Options options;
    TimePoint asOf;

    Result<Item> parse(const Json &object) const
    {
        Incident incident;
        if (auto done = read(object, incident); !done)
            return tl::unexpected(done.error());
        if (incident.reports == 0)
            return fail(ErrorCode::InvalidInput, "/reports: expected at least 1");
        return incident;
    }

    Result<std::vector<Json>> run(std::vector<Item> &&items, std::stop_token stop) const
    {
        const auto output = score::run({std::move(items), asOf}, options, stop);
        if (!output)
            return tl::unexpected(output.error());
        std::vector<Json> answers;
        for (const Score &score : output->scores)
            answers.push_back(toValue(score));
        return answers;
    }
};

}

Made makeScore(const StageArguments &arguments)
{
    ScoreTraits traits;
    StageOptions all;
    if (auto done = readStageOptions(arguments, "options", "score", all); !done)
        return tl::unexpected(done.error());
    traits.options = all.score;
    traits.asOf = arguments.asOf.value_or(endOfDay(std::chrono::floor<std::chrono::milliseconds>(std::chrono::system_clock::now())));
    return std::make_unique<MapLines<ScoreTraits>>(std::move(traits), arguments.keep);
}

}
