#pragma once

#include <string>
#include <string_view>

#include "core/base/result.h"
#include "core/domain/record.h"

namespace winnow
{

/// One canonical record. Absent and null members are empty; members of other names are passed over.
/// \source specs/canonical/feedback-record.schema.json
/// \errors InvalidInput, naming the member: no source or source_record_id, another type, a value outside its list.
[[nodiscard]] Result<Record> recordFromJson(std::string_view line);

/// Every canonical member in the order of the schema, null when empty, on one line without its end.
[[nodiscard]] std::string toJson(const Record &record);

/// SHA-256, as 64 hex digits, of compact JSON with sorted keys of {app_version, body, language, rating, title,
/// tombstone}: UTF-8 as it is, null when empty, whole numbers without a point.
/// \source contracts/sources.md 1.2
[[nodiscard]] std::string versionHash(const Record &record);

/// The id of the feedback a record becomes; computes the version hash where the record has none.
[[nodiscard]] std::string feedbackId(const Record &record);

}
