#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "core/base/result.h"
#include "core/base/span.h"

namespace winnow {

/// Leads byte offsets of a changed text back to the text it was made from. Between edits the bytes are equal.
class OffsetMap
{
public:
    struct Edit {
        ByteSpan from; ///< in the original
        ByteSpan to;   ///< in the changed text
        bool operator==(const Edit &) const = default;
    };

    /// Adds an edit behind all others; one with an empty `from` (an insertion) belongs to neither neighbour.
    /// \pre edits are in order and do not overlap on either side.
    void add(ByteSpan from, ByteSpan to);
    [[nodiscard]] const std::vector<Edit> &edits() const { return m_edits; }
    [[nodiscard]] bool identity() const { return m_edits.empty(); }

    /// A span of the changed text in the original. A border inside an edit widens to the whole edit.
    [[nodiscard]] ByteSpan toOriginal(ByteSpan changed) const;
    /// A span of the original in the changed text, widened likewise.
    [[nodiscard]] ByteSpan toChanged(ByteSpan original) const;

    /// Compact bytes for the store: three varints an edit (unchanged bytes before it, bytes replaced, bytes put in).
    [[nodiscard]] std::string encode() const;
    /// \errors Corrupt.
    [[nodiscard]] static Result<OffsetMap> decode(std::string_view bytes);
    bool operator==(const OffsetMap &) const = default;

private:
    std::vector<Edit> m_edits;
};

}
