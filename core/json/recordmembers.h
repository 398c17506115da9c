#pragma once
// Internal to core/json: the members of a canonical record by name.

#include <array>
#include <span>
#include <string_view>

#include "core/domain/record.h"
#include "core/json/flatline.h"

namespace winnow::lines
{

/// Places in kRecordMembers.
enum RecordMember : std::size_t {
    Source,
    SourceRecordId,
    Url,
    AuthorId,
    AuthorName,
    CreatedAt,
    UpdatedAt,
    Language,
    Rating,
    RatingScale,
    Title,
    Body,
    Product,
    AppVersion,
    Os,
    OsVersion,
    Device,
    Region,
    Country,
    PlanTier,
    AccountId,
    Channel,
    ThreadId,
    Flags,
    Tombstone,
    VersionHash,
    IngestedAt,
    Connector,
    BatchId,
    Origin,
    RawPayload,
};

inline constexpr std::array<std::string_view, 31> kRecordMembers{
    "source",   "source_record_id", "url",          "author_id", "author_name",  "created_at",  "updated_at",
    "language", "rating",           "rating_scale", "title",     "body",         "product",     "app_version",
    "os",       "os_version",       "device",       "region",    "country",      "plan_tier",   "account_id",
    "channel",  "thread_id",        "flags",        "tombstone", "version_hash", "ingested_at", "connector",
    "batch_id", "origin",           "raw_payload",
};

/// \param members  as readMembers() filled them for kRecordMembers; their texts are moved away.
/// \errors InvalidInput, naming the member. Source and id may be absent here.
[[nodiscard]] Result<Record> recordFromMembers(std::span<Member> members);

}
