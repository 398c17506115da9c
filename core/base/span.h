#pragma once

#include <compare>
#include <cstdint>
#include <string_view>

namespace winnow
{

/// A half-open range of UTF-8 byte offsets.
struct ByteSpan {
    std::uint32_t start = 0;
    std::uint32_t end = 0;
    [[nodiscard]] std::uint32_t size() const { return end - start; }
    [[nodiscard]] bool contains(ByteSpan other) const { return start <= other.start && other.end <= end; }
    [[nodiscard]] bool overlaps(ByteSpan other) const { return start < other.end && other.start < end; }
    [[nodiscard]] std::string_view of(std::string_view text) const { return text.substr(start, size()); }
    auto operator<=>(const ByteSpan &) const = default;
};

}
