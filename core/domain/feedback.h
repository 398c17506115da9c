#pragma once

#include <optional>
#include <string>
#include <vector>

#include "core/base/id.h"
#include "core/base/span.h"
#include "core/base/time.h"
#include "core/text/offsetmap.h"

namespace winnow {

/// What normalise makes of a record, in memory only: this text has not been masked.
struct NormalisedText {
    std::string text;            ///< title, LF LF, body (either may be absent); NFC
    std::uint32_t titleBytes = 0;    ///< of `text`; 0 where there is no title
    OffsetMap toRecord;          ///< text → record title + LF LF + record body, joined the same way, as stored
    std::uint32_t recordTitleBytes = 0; ///< of that joined record text
    std::string langHint;        ///< the source's own word on the language, BCP 47
    std::string product;
    std::string componentHint;
    std::string appVersion;
    std::string os;
    std::string device;
    std::string planTier;
    std::string accountId;
    std::string country;
    std::string region;
    std::string channel;
    std::optional<double> rating; ///< 1 to 5, whatever the scale it came on
    std::string author;
    std::optional<TimePoint> at;
    bool operator==(const NormalisedText &) const = default;
};

/// One masked stretch. \source commands.md, stage mask
struct PiiSpan {
    ByteSpan source;   ///< in the text that was read
    ByteSpan masked;   ///< where the placeholder stands in the masked text
    std::string type;  ///< EMAIL_ADDRESS, PHONE_NUMBER, CREDIT_CARD, IBAN_CODE, IP_ADDRESS, URL, ORDER_ID, ACCOUNT_ID, PERSON …
    double score = 0;  ///< 0 to 1
    std::string detector;
    std::string pseudonym; ///< the placeholder's 8 base32 characters
    bool operator==(const PiiSpan &) const = default;
};

/// The part of a feedback that speaks of one issue.
struct Segment {
    ByteSpan span; ///< of the masked text
    bool issue = false; ///< speaks of a problem or a wish
    bool operator==(const Segment &) const = default;
};

}
