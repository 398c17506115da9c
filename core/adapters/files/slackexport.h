#pragma once
// Internal to core/adapters/files: Slack's exports.

#include <map>
#include <stop_token>
#include <string>
#include <string_view>

#include "core/adapters/files/archive.h"
#include "core/adapters/files/columnnames.h"
#include "core/adapters/files/importfile.h"

namespace winnow::files
{

/// Names of users and channels by their ids.
struct SlackNames {
    struct User {
        std::string name; ///< as shown
        bool bot = false;
    };
    std::map<std::string, User, std::less<>> users;
    std::map<std::string, std::string, std::less<>> channels; ///< id → name
};

/// What a message says to its readers: `<…>` resolved, then `&lt; &gt; &amp;` decoded.
[[nodiscard]] std::string slackText(std::string_view text, const SlackNames &names);

[[nodiscard]] bool isSlackExport(const Archive &archive);

/// The messages of people in the channels of an export, folder by folder. \param archive  checked.
/// \param names  of a record's fields. \errors Corrupt: no sound export; Cancelled; those of the sink.
/// \source contracts/sources.md 4
[[nodiscard]] Result<ImportSummary> importSlack(Archive &archive, const ImportOptions &options,
                                                const ColumnNames &names, const ImportSink &sink, std::stop_token stop);

}
