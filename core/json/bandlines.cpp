#include "core/json/incidentvalues.h"
#include "core/json/optionsvalues.h"
#include "core/json/stages.h"
#include "core/stages/band/band.h"

namespace winnow::lines {

namespace {

struct BandTraits {
    struct Item {
        Incident incident;
        Score score;
    };
    static constexpr bool kNeedsId = true;
    band::Options options;

    Result<Item> parse(const Json &object) const
    {
        Item item;
        if (auto done = read(object, item.incident); !done)
            return tl::unexpected(done.error());
        if (auto done = read(object, item.score); !done)
            return tl::unexpected(done.error());
        if (!object.contains("priority"))
            return fail(ErrorCode::InvalidInput, "/priority: missing");
        return item;
    }

    Result<std::vector<Json>> run(std::vector<Item> &&items, std::stop_token stop) const
    {
        band::Input input;
        for (const Item &item : items)
            input.items.push_back({&item.incident, item.score.priority, item.incident.confidence});
        const auto output = band::run(input, options, stop);
        if (!output)
            return tl::unexpected(output.error());
        std::vector<Json> answers;
        for (const Banding &banding : output->bandings)
            answers.push_back(toValue(banding));
        return answers;
    }
};

}

Made makeBand(const StageArguments &arguments)
{
    StageOptions all;
    for (const char *option : {"options", "thresholds"})
        if (auto done = readStageOptions(arguments, option, "band", all); !done)
            return tl::unexpected(done.error());
    return std::make_unique<MapLines<BandTraits>>(BandTraits{all.band}, arguments.keep);
}

}
