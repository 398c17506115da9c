#pragma once
// Internal to core/adapters/files: exports whose columns are known by heart.

#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "core/base/result.h"

namespace winnow::files
{

/// How one program's export is read. \source resources/import/layouts.json, contracts/sources.md 4
struct Layout {
    std::string name; ///< as `import --format` takes it
    std::string rows; ///< csv, jsonl; what the file is read as
    std::string source, channel, ratingScale, timezone, bodyFormat;
    std::vector<std::string> known; ///< columns by which the export is recognised; all of them are there
    int headerRows = 1; ///< names, then questions, then what the columns are
    std::map<std::string, std::vector<std::string>> columns; ///< field → columns, of which the first not empty counts
    std::map<std::string, std::string> constants; ///< field → text of every record
    std::vector<std::string> identity; ///< columns that an id is derived from where there is none
    std::vector<std::string> loweredIdentity; ///< of these, what is compared in lower case
    std::vector<std::string> joinedId; ///< columns whose texts, joined by colons, are the id
    std::string idPrefix; ///< before an id as read
    std::string idParameter; ///< the id is this parameter of the url
    std::string urlBefore; ///< an address without the id at its end
    bool othersAreText = false; ///< every further column is a question whose answers are lines of the text
    std::vector<std::string> notAsked; ///< columns that are no questions
    bool ratingAmongOthers = false; ///< the first question that is answered by numbers of 0 to 10 only
    std::string skipColumn; ///< rows that hold one of skipValues here are no answers of customers
    std::vector<std::string> skipValues;
    bool operator==(const Layout &) const = default;
};

/// All that are shipped, by name. \errors NotFound, Io; Corrupt: not the shipped file.
[[nodiscard]] Result<std::vector<std::shared_ptr<const Layout>>> shippedLayouts();
/// Null where there is none of this name.
[[nodiscard]] Result<std::shared_ptr<const Layout>> layoutNamed(std::string_view name);
/// The layout whose columns all stand in this header; null: none.
[[nodiscard]] Result<std::shared_ptr<const Layout>> layoutOf(const std::vector<std::string> &header);

/// Names of columns are the same without regard to case and to white space around them.
[[nodiscard]] bool isColumn(std::string_view there, std::string_view wanted);

}
