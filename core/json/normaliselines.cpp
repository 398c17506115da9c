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
    static constexpr auto kMembers = kNormaliseMembers;
    static constexpr bool kNeedsId = false;
    struct Item {
        std::string id;
        Record record;
        NormalisedText text;
    };

    normalise::Options options;

    Result<Item> parse(std::span<Member> members) const
    {
        return feedbackRecord(members).map([](FeedbackRecord &&read) {
            return Item{std::move(read.id), std::move(read.record), {}};
        });
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
        putParts(out, titleOf(item.text), bodyOf(item.text));
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

Result<FeedbackRecord> feedbackRecord(std::span<Member> members)
{
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
    std::string id = hasId ? members[0].text : feedbackId(*record);
    return FeedbackRecord{std::move(id), std::move(*record)};
}

ByteSpan titleOf(const NormalisedText &item)
{
    return {0, item.titleBytes};
}

ByteSpan bodyOf(const NormalisedText &item)
{
    const std::uint32_t start = item.titleBytes > 0 ? item.titleBytes + 2 : 0;
    const auto size = std::uint32_t(item.text.size());
    return start < size ? ByteSpan{start, size} : ByteSpan{};
}

void putParts(std::string &out, ByteSpan title, ByteSpan body)
{
    out += ",\"parts\":[";
    bool first = true;
    for (const auto &[field, span] : {std::pair<std::string_view, ByteSpan>("title", title), {"body", body}}) {
        if (span.size() == 0)
            continue;
        out += first ? "{\"field\":" : ",{\"field\":";
        first = false;
        putText(out, field);
        out += ",\"start\":";
        putNumber(out, std::uint64_t(span.start));
        out += ",\"end\":";
        putNumber(out, std::uint64_t(span.end));
        out += '}';
    }
    out += ']';
}

void putFeedbackMembers(std::string &out, const NormalisedText &item)
{
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
