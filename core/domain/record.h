#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "core/base/time.h"

namespace winnow {

/// Flags of a record, as in the canonical schema; stored as a bit set.
enum class RecordFlag : std::uint32_t {
    TzAssumed = 1u << 0,
    DateOnly = 1u << 1,
    DateAmbiguous = 1u << 2,
    DateUnparsed = 1u << 3,
    CreatedAtMissing = 1u << 4,
    EncodingReplaced = 1u << 5,
    NulRemoved = 1u << 6,
    BodyTruncated = 1u << 7,
    IdDerived = 1u << 8,
    RaggedRow = 1u << 9,
    HtmlStripped = 1u << 10,
    Edited = 1u << 11,
    Deleted = 1u << 12,
    Redacted = 1u << 13,
    RatingOutOfRange = 1u << 14,
};

/// One version of one customer statement in canonical fields. Empty text means null.
/// \source specs/canonical/feedback-record.schema.json, contracts/sources.md 2
struct Record {
    std::string source;
    std::string sourceRecordId;
    std::string channel = "other";
    std::string url;
    std::string authorId; ///< 32 hex digits of HMAC-SHA-256(workspace key, source U+001F author key)
    std::string authorName;
    std::optional<TimePoint> createdAt;
    std::optional<TimePoint> updatedAt;
    std::string language;
    std::optional<double> rating;
    std::string ratingScale;
    std::string title;
    std::string body;
    std::string product;
    std::string appVersion;
    std::string os;
    std::string osVersion;
    std::string device;
    std::string region;
    std::string country;
    std::string planTier;
    std::string accountId;
    std::string threadId;
    std::uint32_t flags = 0;
    bool tombstone = false;
    std::string versionHash; ///< 64 hex digits, over {rating, title, body, language, app_version, tombstone}
    std::optional<TimePoint> ingestedAt;
    std::string connector;
    std::string batchId;
    std::string origin; ///< JSON object: file, byte offset, row; or request and page
    std::string rawPayload;

    void set(RecordFlag flag) { flags |= std::uint32_t(flag); }
    [[nodiscard]] bool has(RecordFlag flag) const { return flags & std::uint32_t(flag); }
    bool operator==(const Record &) const = default;
};

/// Something that could not be read. \source contracts/sources.md 1.5
struct Reject {
    std::string place; ///< file, line or row, byte offset
    std::string reason;
    std::string raw; ///< the bytes as received
    bool operator==(const Reject &) const = default;
};

}
