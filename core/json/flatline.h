#pragma once
// Internal to core/json: the lines of the fast stages, read without a tree and written by hand.

#include <array>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "core/base/result.h"

namespace winnow::lines
{

/// One member of a line.
struct Member {
    enum class Kind { Absent, Null, Text, Number, Flag, Other };
    Kind kind = Kind::Absent;
    std::string text; ///< of a text; of a list or object its JSON on one line
    double number = 0; ///< of a number
    bool flag = false; ///< of true and false

    [[nodiscard]] bool empty() const { return kind == Kind::Absent || kind == Kind::Null; }
};

/// Reads those members of a JSON object that are named; of two with one name the last counts. Same rules as
/// parseObject(). \param members  one per name; what they held before goes, their memory is used again. \errors
/// InvalidInput: no JSON, not an object, not UTF-8, deeper than 256 levels.
[[nodiscard]] Result<> readMembers(std::string_view line, std::span<const std::string_view> names,
                                   std::span<Member> members);

/// \errors InvalidInput `/name: …`, where the member is there and no text.
[[nodiscard]] Result<> wantText(const Member &member, std::string_view name, bool required);

/// Appends a JSON string. \pre well-formed UTF-8
void putText(std::string &out, std::string_view text);
/// Appends a JSON string, or null where the text is empty.
void putTextOrNull(std::string &out, std::string_view text);
/// Appends a number in its shortest form that reads back the same; whole numbers without a point.
void putNumber(std::string &out, double number);
void putNumber(std::string &out, std::uint64_t number);

/// Appends `{"id":…,"line":n,"error":{…}}` and a line end.
/// \param id  null where the line has none that is text.
void putErrorLine(std::string &out, const Member &id, std::size_t line, const Error &error);

}
