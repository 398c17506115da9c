#include "core/json/recordjson.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <utility>

#include <nlohmann/json.hpp>

#include "core/base/hash.h"
#include "core/json/flatline.h"
#include "core/json/recordmembers.h"

namespace winnow
{

namespace
{

using lines::Member;

constexpr std::array kChannels{
    std::string_view("app_review"),
    std::string_view("business_review"),
    std::string_view("product_review"),
    std::string_view("support_ticket"),
    std::string_view("support_message"),
    std::string_view("csat"),
    std::string_view("nps"),
    std::string_view("survey"),
    std::string_view("forum_post"),
    std::string_view("chat_message"),
    std::string_view("social_post"),
    std::string_view("call_transcript"),
    std::string_view("call_note"),
    std::string_view("other"),
};

constexpr std::array kScales{
    std::string_view("stars_1_5"), std::string_view("nps_0_10"), std::string_view("csat_1_5"),
    std::string_view("csat_0_1"),  std::string_view("ces_1_7"),  std::string_view("thumbs_0_1"),
    std::string_view("other"),
};

/// In the order of RecordFlag's bits.
constexpr std::array kFlags{
    std::string_view("tz_assumed"),    std::string_view("date_only"),          std::string_view("date_ambiguous"),
    std::string_view("date_unparsed"), std::string_view("created_at_missing"), std::string_view("encoding_replaced"),
    std::string_view("nul_removed"),   std::string_view("body_truncated"),     std::string_view("id_derived"),
    std::string_view("ragged_row"),    std::string_view("html_stripped"),      std::string_view("edited"),
    std::string_view("deleted"),       std::string_view("redacted"),           std::string_view("rating_out_of_range"),
};

tl::unexpected<Error> wrong(std::string_view name, std::string_view want)
{
    return fail(ErrorCode::InvalidInput, "/" + std::string(name) + ": expected " + std::string(want));
}

Result<> readTime(const Member &member, std::string_view name, std::optional<TimePoint> &time)
{
    if (auto text = lines::wantText(member, name, false); !text)
        return text;
    if (member.empty())
        return {};
    time = parseTime(member.text);
    if (!time)
        return wrong(name, "YYYY-MM-DDTHH:MM:SS.mmmZ");
    return {};
}

Result<> readFlags(const Member &member, std::uint32_t &flags)
{
    if (member.empty())
        return {};
    const auto list = nlohmann::json::parse(member.kind == Member::Kind::Other ? member.text : "0", nullptr, false);
    if (!list.is_array())
        return wrong("flags", "a list");
    for (const auto &name : list) {
        const auto known = name.is_string()
            ? std::find(kFlags.begin(), kFlags.end(), name.get_ref<const std::string &>())
            : kFlags.end();
        if (known == kFlags.end())
            return wrong("flags", "known flags");
        flags |= 1u << (known - kFlags.begin());
    }
    return {};
}

bool isHash(std::string_view text)
{
    return text.size() == 64 && text.find_first_not_of("0123456789abcdef") == std::string_view::npos;
}

}

namespace lines
{

Result<Record> recordFromMembers(std::span<Member> members)
{
    Record record;
    // the texts, by the order of kRecordMembers
    const std::pair<std::size_t, std::string *> texts[] = {
        {Source, &record.source},
        {SourceRecordId, &record.sourceRecordId},
        {Url, &record.url},
        {AuthorId, &record.authorId},
        {AuthorName, &record.authorName},
        {Language, &record.language},
        {RatingScale, &record.ratingScale},
        {Title, &record.title},
        {Body, &record.body},
        {Product, &record.product},
        {AppVersion, &record.appVersion},
        {Os, &record.os},
        {OsVersion, &record.osVersion},
        {Device, &record.device},
        {Region, &record.region},
        {Country, &record.country},
        {PlanTier, &record.planTier},
        {AccountId, &record.accountId},
        {ThreadId, &record.threadId},
        {VersionHash, &record.versionHash},
        {Connector, &record.connector},
        {BatchId, &record.batchId},
        {RawPayload, &record.rawPayload},
    };
    for (const auto &[index, target] : texts) {
        if (auto text = wantText(members[index], kRecordMembers[index], false); !text)
            return tl::unexpected(text.error());
        if (!members[index].empty())
            *target = std::move(members[index].text);
    }
    if (auto channel = wantText(members[Channel], "channel", false); !channel)
        return tl::unexpected(channel.error());
    if (!members[Channel].empty()) {
        if (std::find(kChannels.begin(), kChannels.end(), members[Channel].text) == kChannels.end())
            return wrong("channel", "a channel of the canonical schema");
        record.channel = std::move(members[Channel].text);
    }
    if (!record.ratingScale.empty() && std::find(kScales.begin(), kScales.end(), record.ratingScale) == kScales.end())
        return wrong("rating_scale", "a scale of the canonical schema");
    if (const Member &rating = members[Rating]; !rating.empty()) {
        if (rating.kind != Member::Kind::Number || !std::isfinite(rating.number))
            return wrong("rating", "a number or null");
        record.rating = rating.number;
    }
    if (const Member &tombstone = members[Tombstone]; !tombstone.empty()) {
        if (tombstone.kind != Member::Kind::Flag)
            return wrong("tombstone", "true or false");
        record.tombstone = tombstone.flag;
    }
    if (const Member &origin = members[Origin]; !origin.empty()) {
        if (origin.kind != Member::Kind::Other || !origin.text.starts_with('{'))
            return wrong("origin", "an object or null");
        record.origin = std::move(members[Origin].text);
    }
    if (!record.versionHash.empty() && !isHash(record.versionHash))
        return wrong("version_hash", "64 hex digits");
    const std::pair<std::size_t, std::optional<TimePoint> *> times[] = {
        {CreatedAt, &record.createdAt}, {UpdatedAt, &record.updatedAt}, {IngestedAt, &record.ingestedAt}};
    for (const auto &[index, target] : times)
        if (auto time = readTime(members[index], kRecordMembers[index], *target); !time)
            return tl::unexpected(time.error());
    if (auto flags = readFlags(members[Flags], record.flags); !flags)
        return tl::unexpected(flags.error());
    return record;
}

}

Result<Record> recordFromJson(std::string_view line)
{
    std::array<Member, lines::kRecordMembers.size()> members;
    if (auto read = lines::readMembers(line, lines::kRecordMembers, members); !read)
        return tl::unexpected(read.error());
    for (const auto index : {lines::Source, lines::SourceRecordId}) {
        if (auto text = lines::wantText(members[index], lines::kRecordMembers[index], true); !text)
            return tl::unexpected(text.error());
        if (members[index].text.empty())
            return wrong(lines::kRecordMembers[index], "text that is not empty");
    }
    return lines::recordFromMembers(members);
}

std::string toJson(const Record &record)
{
    std::string out;
    out.reserve(700 + record.title.size() + record.body.size() + record.rawPayload.size() * 5 / 4);
    const auto name = [&](std::string_view member) {
        out += out.empty() ? '{' : ',';
        out += '"';
        out += member;
        out += "\":";
    };
    const auto text = [&](std::string_view member, std::string_view value) {
        name(member);
        lines::putTextOrNull(out, value);
    };
    const auto time = [&](std::string_view member, const std::optional<TimePoint> &value) {
        text(member, value ? formatTime(*value) : std::string());
    };
    text("source", record.source);
    text("source_record_id", record.sourceRecordId);
    text("url", record.url);
    text("author_id", record.authorId);
    text("author_name", record.authorName);
    time("created_at", record.createdAt);
    time("updated_at", record.updatedAt);
    text("language", record.language);
    name("rating");
    if (record.rating)
        lines::putNumber(out, *record.rating);
    else
        out += "null";
    text("rating_scale", record.ratingScale);
    text("title", record.title);
    text("body", record.body);
    text("product", record.product);
    text("app_version", record.appVersion);
    text("os", record.os);
    text("os_version", record.osVersion);
    text("device", record.device);
    text("region", record.region);
    text("country", record.country);
    text("plan_tier", record.planTier);
    text("account_id", record.accountId);
    text("channel", record.channel);
    text("thread_id", record.threadId);
    name("flags");
    out += '[';
    for (std::size_t i = 0, written = 0; i < kFlags.size(); ++i)
        if (record.flags >> i & 1) {
            if (written++)
                out += ',';
            lines::putText(out, kFlags[i]);
        }
    out += ']';
    name("tombstone");
    out += record.tombstone ? "true" : "false";
    text("version_hash", record.versionHash);
    time("ingested_at", record.ingestedAt);
    text("connector", record.connector);
    text("batch_id", record.batchId);
    name("origin");
    out += record.origin.empty() ? "null" : record.origin;
    text("raw_payload", record.rawPayload);
    out += '}';
    return out;
}

std::string versionHash(const Record &record)
{
    std::string text;
    text.reserve(96 + record.title.size() + record.body.size() * 9 / 8);
    text += "{\"app_version\":";
    lines::putTextOrNull(text, record.appVersion);
    text += ",\"body\":";
    lines::putTextOrNull(text, record.body);
    text += ",\"language\":";
    lines::putTextOrNull(text, record.language);
    text += ",\"rating\":";
    if (record.rating)
        lines::putNumber(text, *record.rating);
    else
        text += "null";
    text += ",\"title\":";
    lines::putTextOrNull(text, record.title);
    text += ",\"tombstone\":";
    text += record.tombstone ? "true}" : "false}";
    return hex(sha256(text));
}

std::string feedbackId(const Record &record)
{
    return derivedId(
        {record.source, record.sourceRecordId, record.versionHash.empty() ? versionHash(record) : record.versionHash});
}

}
