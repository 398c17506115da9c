#include "core/json/normaliselines.h"

#include <nlohmann/json.hpp>

#include "core/base/resources.h"
#include "core/json/flatmap.h"
#include "core/json/recordjson.h"
#include "core/json/recordmembers.h"
#include "core/json/stages.h"
#include "core/text/unicode.h"

namespace winnow::lines
{

namespace
{

Result<> readNames(const Json &object, const char *member, std::map<std::string, std::string> &names)
{
    const auto found = object.find(member);
    if (found == object.end())
        return {};
    if (!found->is_object())
        return fail(ErrorCode::InvalidInput, std::string("/") + member + ": expected an object of texts");
    for (const auto &[spelling, name] : found->items()) {
        if (!name.is_string())
            return fail(ErrorCode::InvalidInput, std::string("/") + member + '/' + spelling + ": expected text");
        names[text::foldCase(spelling)] = name.get<std::string>();
    }
    return {};
}

Result<> readOptions(const Json &object, normalise::Options &options)
{
    return readNames(object, "products", options.products)
        .and_then([&] { return readNames(object, "plan_tiers", options.planTiers); })
        .and_then([&] { return readNames(object, "components", options.components); })
        .and_then([&] { return readNames(object, "systems", options.systems); })
        .and_then([&] { return readNames(object, "android_api_levels", options.apiLevels); });
}

struct NormaliseTraits {
    static constexpr auto kMembers = [] {
        std::array<std::string_view, kRecordMembers.size() + 1> names{};
        names[0] = "id";
        for (std::size_t i = 0; i < kRecordMembers.size(); ++i)
            names[i + 1] = kRecordMembers[i];
        return names;
    }();
    static constexpr bool kNeedsId = false;
    struct Item {
        std::string id;
        Record record;
        NormalisedText text;
    };

    normalise::Options options;

    Result<Item> parse(std::span<Member> members) const
    {
        Item item;
        const bool hasId = !members[0].empty();
        if (hasId && members[0].text.empty())
            return fail(ErrorCode::InvalidInput, "/id: expected text that is not empty");
        const auto canonical = members.subspan(1);
        for (const auto index : {Source, SourceRecordId})
            if (auto text = wantText(canonical[index], kRecordMembers[index], !hasId); !text)
                return tl::unexpected(text.error());
        auto record = recordFromMembers(canonical);
        if (!record)
            return tl::unexpected(record.error());
        item.record = std::move(*record);
        item.id = hasId ? members[0].text : feedbackId(item.record);
        return item;
    }

    Result<> run(std::vector<Item> &items, std::stop_token stop) const
    {
        normalise::Input input;
        input.records.reserve(items.size());
        for (Item &item : items)
            input.records.push_back(std::move(item.record));
        auto output = normalise::run(input, options, stop);
        if (!output)
            return tl::unexpected(output.error());
        for (std::size_t i = 0; i < items.size(); ++i)
            items[i].text = std::move(output->items[i]);
        return {};
    }

    void write(std::string &out, const Item &item) const
    {
        out += ",\"text\":";
        putText(out, item.text.text);
        putFeedbackMembers(out, item.text);
    }
};

}

Result<normalise::Options> normaliseOptions(const StageArguments &arguments)
{
    auto options = normalise::shippedOptions();
    const std::string path = arguments.value("options");
    if (!options || path.empty())
        return options;
    auto file = readJsonFile(path);
    if (!file)
        return tl::unexpected(file.error());
    if (auto read = readOptions(*file, *options); !read)
        return failAt(path, read.error());
    return options;
}

void putFeedbackMembers(std::string &out, const NormalisedText &item)
{
    const auto part = [&](std::string_view field, std::size_t start, std::size_t end) {
        out += "{\"field\":";
        putText(out, field);
        out += ",\"start\":";
        putNumber(out, std::uint64_t(start));
        out += ",\"end\":";
        putNumber(out, std::uint64_t(end));
        out += '}';
    };
    out += ",\"parts\":[";
    if (item.titleBytes > 0)
        part("title", 0, item.titleBytes);
    const std::size_t body = item.titleBytes > 0 ? item.titleBytes + 2 : 0;
    if (item.text.size() > body) {
        if (item.titleBytes > 0)
            out += ',';
        part("body", body, item.text.size());
    }
    out += ']';
    const std::pair<std::string_view, const std::string *> texts[] = {
        {"lang_hint", &item.langHint},
        {"product", &item.product},
        {"component_hint", &item.componentHint},
        {"app_version", &item.appVersion},
        {"os", &item.os},
        {"device", &item.device},
        {"plan_tier", &item.planTier},
        {"account_id", &item.accountId},
        {"country", &item.country},
        {"region", &item.region},
        {"channel", &item.channel},
    };
    for (const auto &[name, value] : texts) {
        out += ",\"";
        out += name;
        out += "\":";
        putTextOrNull(out, *value);
    }
    out += ",\"rating\":";
    if (item.rating)
        putNumber(out, *item.rating);
    else
        out += "null";
    out += ",\"author\":";
    putTextOrNull(out, item.author);
    out += ",\"at\":";
    putTextOrNull(out, item.at ? formatTime(*item.at) : std::string());
}

Made makeNormalise(const StageArguments &arguments)
{
    auto options = normaliseOptions(arguments);
    if (!options)
        return tl::unexpected(options.error());
    return std::make_unique<FlatMapLines<NormaliseTraits>>(NormaliseTraits{std::move(*options)}, arguments.keep);
}

}

namespace winnow::normalise
{

Result<Options> shippedOptions()
{
    constexpr std::string_view kFile = "taxonomies/synonyms.json";
    auto data = readResource(kFile);
    if (!data)
        return tl::unexpected(data.error());
    const auto object = lines::parseObject(*data);
    Options options;
    auto read = object ? lines::readOptions(*object, options) : Result<>(tl::unexpected(object.error()));
    if (!read)
        return fail(ErrorCode::Corrupt, std::string(kFile) + ": " + read.error().detail);
    return options;
}

}
