#include <algorithm>
#include <tuple>

#include "core/base/resources.h"
#include "core/json/findingvalue.h"
#include "core/json/lines.h"
#include "core/json/stages.h"
#include "core/local/analyser.h"
#include "core/local/localextractor.h"
#include "core/stages/extract/extract.h"
#include "core/stages/segment/segment.h"

namespace winnow::lines
{

namespace
{

struct ExtractTraits {
    static constexpr bool kNeedsId = true;
    struct Item {
        std::string id, text, lang, product, component, os, version;
        std::optional<double> rating;
        std::optional<std::vector<Segment>> segments;
    };
    std::shared_ptr<Extractor> extractor;
    bool lines = false;

    Result<Item> parse(const Json &object) const
    {
        auto id = requiredText(object, "id"), text = requiredBody(object), lang = optionalText(object, "lang"),
             product = optionalText(object, "product"), component = optionalText(object, "component_hint"),
             os = optionalText(object, "os"), version = optionalText(object, "app_version");
        auto rating = optionalNumber(object, "rating");
        for (const auto *member : {&id, &text, &lang, &product, &component, &os, &version})
            if (!*member)
                return tl::unexpected(member->error());
        if (!rating)
            return tl::unexpected(rating.error());
        Item item{std::move(*id), std::move(*text),    std::move(*lang), std::move(*product), std::move(*component),
                  std::move(*os), std::move(*version), *rating,          std::nullopt};
        const auto segments = object.find("segments");
        if (segments == object.end() || segments->is_null())
            return item;
        if (!segments->is_array())
            return fail(ErrorCode::InvalidInput, "/segments: expected a list");
        item.segments.emplace();
        for (const Json &one : *segments) {
            const std::string place = "/segments/" + std::to_string(item.segments->size());
            if (!one.is_object())
                return fail(ErrorCode::InvalidInput, place + ": expected an object");
            const auto span = requiredSpan(one, item.text.size());
            if (!span)
                return failAt(place, span.error());
            const auto inside = [&](std::uint32_t at) {
                return at < item.text.size() && (std::uint8_t(item.text[at]) & 0xc0) == 0x80;
            };
            if (inside(span->start) || inside(span->end))
                return fail(ErrorCode::InvalidInput, place + ": expected borders of characters");
            const auto issue = one.find("issue");
            item.segments->push_back({*span, issue != one.end() && issue->is_boolean() && issue->get<bool>()});
        }
        return item;
    }

    Result<std::vector<Json>> run(std::vector<Item> &&items, std::stop_token stop) const
    {
        segment::Input uncut;
        std::vector<std::size_t> places;
        for (std::size_t i = 0; i < items.size(); ++i) {
            if (items[i].segments)
                continue;
            uncut.items.push_back({items[i].text, items[i].lang});
            places.push_back(i);
        }
        auto cut = segment::run(uncut, {}, stop);
        if (!cut)
            return tl::unexpected(cut.error());
        for (std::size_t k = 0; k < places.size(); ++k)
            items[places[k]].segments = std::move(cut->items[k]);

        extract::Input input;
        input.items.reserve(items.size());
        for (Item &item : items)
            input.items.push_back({item.text, item.lang, std::move(*item.segments), item.product, item.component,
                                   item.os, item.version, item.rating});
        auto output = extract::run(input, {}, {*extractor}, stop);
        if (!output)
            return tl::unexpected(output.error());
        std::vector<Json> answers;
        answers.reserve(items.size());
        for (std::size_t i = 0; i < items.size(); ++i) {
            Json findings = Json::array();
            // The firmest issue first.
            std::stable_sort(output->items[i].begin(), output->items[i].end(), [](const Finding &a, const Finding &b) {
                return std::tuple(!isActionable(a.type), a.abstained, -a.confidence)
                    < std::tuple(!isActionable(b.type), b.abstained, -b.confidence);
            });
            for (const Finding &finding : output->items[i]) {
                Json one = findingValue(finding);
                if (lines) {
                    one["id"] = items[i].id + ':' + std::to_string(finding.segment.start) + '-'
                        + std::to_string(finding.segment.end);
                    one["feedback"] = items[i].id;
                    one["text"] = finding.segment.of(items[i].text);
                }
                findings.push_back(std::move(one));
            }
            answers.push_back(lines ? std::move(findings)
                                    : Json{{"id", items[i].id}, {"findings", std::move(findings)}});
        }
        return answers;
    }
};

Result<std::unique_ptr<LocalExtractor>> extractorFor(const StageArguments &arguments)
{
    const std::string model = arguments.value("model");
    if (model.empty())
        return LocalExtractor::makeShipped();
    const auto data = readFile(model);
    if (!data)
        return tl::unexpected(data.error());
    auto taxonomy = taxonomyFromJson(*data);
    if (!taxonomy)
        return failAt(model, taxonomy.error());
    auto extractor = LocalExtractor::make(std::move(*taxonomy));
    return extractor ? std::move(extractor) : failAt(model, extractor.error());
}

}

Made makeExtract(const StageArguments &arguments)
{
    if (const auto shipped = local::Analyser::shipped(); !shipped)
        return tl::unexpected(shipped.error());
    auto extractor = extractorFor(arguments);
    if (!extractor)
        return tl::unexpected(extractor.error());
    return std::make_unique<MapLines<ExtractTraits>>(ExtractTraits{std::move(*extractor), arguments.lines},
                                                     arguments.keep);
}

}
