#include "core/stages/normalise/normalise.h"

#include <algorithm>

#include "core/math/elementary.h"
#include "core/text/unicode.h"
#include "core/text/utf8.h"
#include "core/text/versions.h"

namespace winnow::normalise
{

namespace
{

constexpr std::string_view kBetween = "\n\n";
constexpr std::string_view kOpen = "⟦", kClose = "⟧";

/// Appends the normal form of `text`, which starts at `from` in the record's joined text.
void appendNormal(std::string &out, OffsetMap &map, std::string_view text, std::size_t from)
{
    // what leads to nothing: most reviews are ASCII, most others are in form C already
    if (text::isNfc(text) && text.find("\xe2\x9f") == std::string_view::npos) {
        out += text;
        return;
    }
    const auto appendPiece = [&](std::string_view piece, std::size_t at) {
        OffsetMap inner;
        const std::string changed = text::nfc(piece, &inner);
        for (const OffsetMap::Edit &edit : inner.edits()) {
            const auto a = std::uint32_t(at), b = std::uint32_t(out.size());
            map.add({edit.from.start + a, edit.from.end + a}, {edit.to.start + b, edit.to.end + b});
        }
        out += changed;
    };
    // no character composes with a bracket, so the pieces between brackets may be normalised one by one
    std::size_t done = 0;
    for (std::size_t at = 0; (at = text.find("\xe2\x9f", at)) != std::string_view::npos;) {
        const std::string_view here = text.substr(at, kOpen.size());
        if (here != kOpen && here != kClose) {
            at += 2;
            continue;
        }
        appendPiece(text.substr(done, at - done), from + done);
        const auto a = std::uint32_t(from + at), b = std::uint32_t(out.size());
        map.add({a, a + std::uint32_t(here.size())}, {b, b + 1});
        out += here == kOpen ? '[' : ']';
        at += here.size();
        done = at;
    }
    appendPiece(text.substr(done), from + done);
}

/// Trimmed, with runs of white space folded into one blank.
std::string tidy(std::string_view text)
{
    std::string out;
    text = text::trimmed(text);
    bool space = false;
    for (std::size_t at = 0; at < text.size();) {
        const std::size_t start = at;
        if (text::isSpace(text::decode(text, at))) {
            space = true;
            continue;
        }
        if (space)
            out += ' ';
        space = false;
        out.append(text, start, at - start);
    }
    return out;
}

std::string byName(const std::map<std::string, std::string> &names, std::string_view text)
{
    std::string name = tidy(text);
    if (name.empty())
        return name;
    const auto known = names.find(text::foldCase(name));
    return known == names.end() ? name : known->second;
}

/// "Android", "API 34" → "Android 14"; "iOS 17.1", "" stays.
std::string system(const Record &record, const Options &options)
{
    std::string name = byName(options.systems, record.os);
    std::string version = tidy(record.osVersion);
    std::string level = text::foldCase(version);
    if (level.starts_with("api "))
        level.erase(0, 4);
    else if (level.starts_with("api"))
        level.erase(0, 3);
    else if (name != "Android" || level.find('.') != std::string::npos || level.size() != 2 || level < "19")
        level.clear(); // no Android of today counts beyond 18: such a number alone is a level
    if (const auto known = options.apiLevels.find(level); known != options.apiLevels.end())
        version = known->second;
    if (name.empty() || version.empty() || name.ends_with(version))
        return name.empty() ? version : name;
    return name + ' ' + version;
}

/// The first word of a product, thread or place name that hints at a component.
std::string componentHint(const Record &record, const Options &options)
{
    if (options.components.empty())
        return {};
    for (const std::string *name : {&record.product, &record.threadId, &record.region}) {
        if (name->empty() || name->size() > 512)
            continue;
        const std::string folded = text::foldCase(*name);
        for (std::size_t at = 0; at < folded.size();) {
            const auto isWord = [&](std::size_t i) {
                return (folded[i] >= 'a' && folded[i] <= 'z') || (folded[i] & 0x80);
            };
            if (!isWord(at)) {
                ++at;
                continue;
            }
            const std::size_t start = at;
            while (at < folded.size() && isWord(at))
                ++at;
            if (const auto known = options.components.find(folded.substr(start, at - start));
                known != options.components.end())
                return known->second;
        }
    }
    return {};
}

std::string country(std::string_view text)
{
    std::string code = tidy(text);
    for (char &c : code)
        if (c >= 'a' && c <= 'z')
            c = char(c - 32);
    return code;
}

NormalisedText normalised(const Record &record, const Options &options)
{
    NormalisedText out;
    out.langHint = record.language;
    out.product = byName(options.products, record.product);
    out.componentHint = componentHint(record, options);
    if (!record.appVersion.empty())
        out.appVersion = text::tidyVersion(record.appVersion);
    out.os = system(record, options);
    out.device = tidy(record.device);
    out.planTier = byName(options.planTiers, record.planTier);
    out.accountId = tidy(record.accountId);
    out.country = country(record.country);
    out.region = tidy(record.region);
    out.channel = record.channel;
    out.author = record.authorId;
    out.at = record.createdAt ? record.createdAt : record.updatedAt;
    if (record.tombstone)
        return out;
    if (record.rating)
        out.rating = onFive(*record.rating, record.ratingScale);
    const bool title = !text::trimmed(record.title).empty(), body = !text::trimmed(record.body).empty();
    out.text.reserve(record.title.size() + record.body.size() + kBetween.size());
    if (title) {
        appendNormal(out.text, out.toRecord, record.title, 0);
        out.titleBytes = std::uint32_t(out.text.size());
        out.recordTitleBytes = std::uint32_t(record.title.size());
    }
    if (title && body)
        out.text += kBetween;
    if (body)
        appendNormal(out.text, out.toRecord, record.body, title ? record.title.size() + kBetween.size() : 0);
    return out;
}

}

std::string joined(std::string_view title, std::string_view body)
{
    const bool hasTitle = !text::trimmed(title).empty(), hasBody = !text::trimmed(body).empty();
    std::string text;
    if (hasTitle)
        text += title;
    if (hasTitle && hasBody)
        text += kBetween;
    if (hasBody)
        text += body;
    return text;
}

std::optional<double> onFive(double rating, std::string_view scale)
{
    double low, high;
    if (scale == "stars_1_5" || scale == "csat_1_5" || scale.empty())
        low = 1, high = 5;
    else if (scale == "nps_0_10")
        low = 0, high = 10;
    else if (scale == "csat_0_1" || scale == "thumbs_0_1")
        low = 0, high = 1;
    else if (scale == "ces_1_7")
        low = 1, high = 7;
    else
        return std::nullopt;
    if (!(rating >= low && rating <= high))
        return std::nullopt;
    return math::round6(1 + 4 * (rating - low) / (high - low));
}

Result<Output> run(const Input &input, const Options &options, std::stop_token stop)
{
    Output output;
    output.items.reserve(input.records.size());
    for (const Record &record : input.records) {
        if (stop.stop_requested())
            return fail(ErrorCode::Cancelled, "normalise: stopped");
        output.items.push_back(normalised(record, options));
    }
    return output;
}

}
