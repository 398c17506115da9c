#include "core/json/lines.h"
#include "core/json/stages.h"
#include "core/local/analyser.h"
#include "core/stages/segment/segment.h"

namespace winnow::lines
{

namespace
{

struct SegmentTraits {
    static constexpr bool kNeedsId = true;
    struct Item {
        std::string id, text, lang;
    };
    bool lines = false;

    Result<Item> parse(const Json &object) const
    {
        auto id = requiredText(object, "id"), text = requiredBody(object), lang = optionalText(object, "lang");
        for (const auto *member : {&id, &text, &lang})
            if (!*member)
                return tl::unexpected(member->error());
        return Item{std::move(*id), std::move(*text), std::move(*lang)};
    }

    Result<std::vector<Json>> run(std::vector<Item> &&items, std::stop_token stop) const
    {
        segment::Input input;
        input.items.reserve(items.size());
        for (const Item &item : items)
            input.items.push_back({item.text, item.lang});
        const auto output = segment::run(input, {}, stop);
        if (!output)
            return tl::unexpected(output.error());
        std::vector<Json> answers;
        answers.reserve(items.size());
        for (std::size_t i = 0; i < items.size(); ++i) {
            Json segments = Json::array();
            for (const Segment &segment : output->items[i]) {
                Json one{{"start", segment.span.start}, {"end", segment.span.end}, {"issue", segment.issue}};
                if (lines) {
                    one["id"] =
                        items[i].id + ':' + std::to_string(segment.span.start) + '-' + std::to_string(segment.span.end);
                    one["feedback"] = items[i].id;
                    one["text"] = segment.span.of(items[i].text);
                    one["lang"] = textOrNull(items[i].lang);
                }
                segments.push_back(std::move(one));
            }
            answers.push_back(lines ? std::move(segments)
                                    : Json{{"id", items[i].id}, {"segments", std::move(segments)}});
        }
        return answers;
    }
};

}

Made makeSegment(const StageArguments &arguments)
{
    if (const auto shipped = local::Analyser::shipped(); !shipped)
        return tl::unexpected(shipped.error());
    return std::make_unique<MapLines<SegmentTraits>>(SegmentTraits{arguments.lines}, arguments.keep);
}

}
