#pragma once

#include <map>
#include <string>
#include <variant>

namespace winnow
{

/// Which column or member is which canonical field. \source contracts/commands.md 5
struct ImportMapping {
    std::string source;
    std::string channel;
    std::map<std::string, std::variant<std::string, int>> columns; ///< canonical field → column name or 0-based index
    std::string dateOrder; ///< DMY, MDY, YMD; empty: found from the column
    std::string timezone; ///< IANA name; empty: UTC, assumed
    std::string ratingScale;
    std::string encoding = "auto";
    std::string delimiter = "auto";
    bool header = true;
    int headerRow = 1;
    std::string sheet; ///< of a workbook; empty: the one that fits best
    std::string recordsPath; ///< JSON: dotted path to the list of records
    std::string bodyFormat = "auto"; ///< html: title and body are HTML; auto, text: they are text
    bool operator==(const ImportMapping &) const = default;
};

}
