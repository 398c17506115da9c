#include <memory>

#include "core/json/incidentvalues.h"
#include "core/json/optionsvalues.h"
#include "core/json/stages.h"
#include "core/stages/match/match.h"

namespace winnow::lines {

namespace {

struct MatchTraits {
    struct Item {
        std::string text;
        std::string component;
        std::string appVersion;
        std::optional<TimePoint> at;
    };
    static constexpr bool kNeedsId = true;
    match::Options options;
    std::shared_ptr<const match::Index> index;

    Result<Item> parse(const Json &object) const
    {
        auto text = requiredBody(object);
        auto component = optionalText(object, "component");
        auto appVersion = optionalText(object, "app_version");
        auto at = optionalTime(object, "at");
        if (!text)
            return tl::unexpected(text.error());
        if (!component)
            return tl::unexpected(component.error());
        if (!appVersion)
            return tl::unexpected(appVersion.error());
        if (!at)
            return tl::unexpected(at.error());
        return Item{std::move(*text), std::move(*component), std::move(*appVersion), *at};
    }

    Result<std::vector<Json>> run(std::vector<Item> &&items, std::stop_token stop) const
    {
        match::Input input;
        for (const Item &item : items)
            input.queries.push_back({item.text, item.component, item.appVersion, item.at});
        input.index = index.get();
        const auto output = match::run(input, options, stop);
        if (!output)
            return tl::unexpected(output.error());
        std::vector<Json> answers;
        for (const Matching &matching : output->items)
            answers.push_back(toValue(matching));
        return answers;
    }
};

template <typename T>
Result<std::vector<T>> optionalValues(const std::string &path)
{
    return path.empty() ? Result<std::vector<T>>(std::vector<T>()) : readValues<T>(path);
}

}

Made makeMatch(const StageArguments &arguments)
{
    StageOptions all;
    if (auto done = readStageOptions(arguments, "options", "match", all); !done)
        return tl::unexpected(done.error());
    const auto tickets = optionalValues<KnownTicket>(arguments.value("tickets"));
    if (!tickets)
        return tl::unexpected(tickets.error());
    const auto releases = optionalValues<Release>(arguments.value("releases"));
    if (!releases)
        return tl::unexpected(releases.error());
    return std::make_unique<MapLines<MatchTraits>>(
        MatchTraits{all.match, std::make_shared<const match::Index>(*tickets, *releases)}, arguments.keep);
}

}
