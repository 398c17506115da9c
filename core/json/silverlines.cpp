#include "core/json/flatmap.h"
#include "core/json/languagelines.h"
#include "core/json/masklines.h"
#include "core/json/normaliselines.h"
#include "core/json/stages.h"
#include "core/local/analyser.h"
#include "core/stages/segment/segment.h"

namespace winnow::lines
{

namespace
{

/// Normalise, language, mask and segment in one go. What has not been masked does not leave it: parts and segments are
/// of the masked text; spans are of the normalised text, as those of `mask`.
struct SilverTraits {
    static constexpr auto kMembers = kNormaliseMembers;
    static constexpr bool kNeedsId = false;
    static constexpr std::array kNeverKept{std::string_view("title"),       std::string_view("body"),
                                           std::string_view("raw_payload"), std::string_view("author_name"),
                                           std::string_view("url"),         std::string_view("text")};
    struct Item {
        std::string id;
        Record record;
        NormalisedText text;
        language::Guess guess;
        mask::Masked masked;
        std::vector<Segment> segments;
    };

    normalise::Options normaliseOptions;
    language::Options languageOptions;
    MaskSettings mask;

    Result<Item> parse(std::span<Member> members) const
    {
        return feedbackRecord(members).map(
            [](FeedbackRecord &&read) { return Item{std::move(read.id), std::move(read.record), {}, {}, {}, {}}; });
    }

    Result<> run(std::vector<Item> &items, std::stop_token stop) const
    {
        normalise::Input records;
        for (Item &item : items)
            records.records.push_back(std::move(item.record));
        auto normalised = normalise::run(records, normaliseOptions, stop);
        if (!normalised)
            return tl::unexpected(normalised.error());
        language::Input texts;
        for (std::size_t i = 0; i < items.size(); ++i) {
            items[i].text = std::move(normalised->items[i]);
            texts.texts.push_back(items[i].text.text);
        }
        auto guesses = language::run(texts, languageOptions, stop);
        if (!guesses)
            return tl::unexpected(guesses.error());
        mask::Input raw;
        raw.key = mask.key;
        for (std::size_t i = 0; i < items.size(); ++i) {
            items[i].guess = std::move(guesses->guesses[i]);
            raw.items.push_back({items[i].text.text, items[i].guess.lang});
        }
        auto masked = mask::run(raw, mask.options, stop);
        if (!masked)
            return tl::unexpected(masked.error());
        segment::Input cut;
        for (std::size_t i = 0; i < items.size(); ++i) {
            items[i].masked = std::move(masked->items[i]);
            cut.items.push_back({items[i].masked.text, items[i].guess.lang});
        }
        auto segments = segment::run(cut, {}, stop);
        if (!segments)
            return tl::unexpected(segments.error());
        for (std::size_t i = 0; i < items.size(); ++i)
            items[i].segments = std::move(segments->items[i]);
        return {};
    }

    void write(std::string &out, const Item &item) const
    {
        putMasked(out, item.masked);
        const auto part = [&](ByteSpan span) { return span.size() > 0 ? item.masked.toSource.toChanged(span) : span; };
        putParts(out, part(titleOf(item.text)), part(bodyOf(item.text)));
        putFeedbackMembers(out, item.text);
        out += ",\"lang\":";
        putText(out, item.guess.lang);
        out += ",\"score\":";
        putNumber(out, item.guess.score);
        out += ",\"segments\":[";
        for (std::size_t i = 0; i < item.segments.size(); ++i) {
            const Segment &segment = item.segments[i];
            out += i > 0 ? ",{\"start\":" : "{\"start\":";
            putNumber(out, std::uint64_t(segment.span.start));
            out += ",\"end\":";
            putNumber(out, std::uint64_t(segment.span.end));
            out += segment.issue ? ",\"issue\":true}" : ",\"issue\":false}";
        }
        out += ']';
    }
};

}

Made makeSilver(const StageArguments &arguments)
{
    if (const auto shipped = local::Analyser::shipped(); !shipped)
        return tl::unexpected(shipped.error());
    auto synonyms = normaliseOptions(arguments);
    if (!synonyms)
        return tl::unexpected(synonyms.error());
    auto languages = languageOptions(arguments);
    if (!languages)
        return tl::unexpected(languages.error());
    auto mask = maskSettings(arguments);
    if (!mask)
        return tl::unexpected(mask.error());
    return std::make_unique<FlatMapLines<SilverTraits>>(
        SilverTraits{std::move(*synonyms), std::move(*languages), std::move(*mask)}, arguments.keep);
}

}
