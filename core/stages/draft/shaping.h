#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace winnow::draft {

// Text as trackers may take it. \source contracts/trackers.md 4, Text shaping

/// Length in UTF-16 units. \pre well-formed UTF-8, here and below
[[nodiscard]] std::size_t utf16Length(std::string_view text);

/// Several lines: NFC, LF line ends, no other control but tab, nothing that changes the direction of writing or hides
/// text, no ill-formed bytes, no white space at the ends. Any bytes may come in.
[[nodiscard]] std::string bodyText(std::string_view text);

/// One line: as bodyText(), and every run of white space is one blank.
[[nodiscard]] std::string lineText(std::string_view text);

/// At most `units` UTF-16 units, cut at a grapheme boundary and then ended with `…` inside the limit.
[[nodiscard]] std::string shortened(std::string_view text, std::size_t units);

}
