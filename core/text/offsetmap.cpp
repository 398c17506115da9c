#include "core/text/offsetmap.h"

#include <algorithm>

#include "core/base/assert.h"

namespace winnow {

namespace {

void putNumber(std::string &out, std::uint32_t value)
{
    for (; value >= 0x80; value >>= 7)
        out += char(value | 0x80);
    out += char(value);
}

bool getNumber(std::string_view bytes, std::size_t &at, std::uint32_t &value)
{
    value = 0;
    for (unsigned shift = 0; at < bytes.size() && shift < 32; shift += 7) {
        const std::uint8_t byte = std::uint8_t(bytes[at++]);
        value |= std::uint32_t(byte & 0x7f) << shift;
        if (!(byte & 0x80))
            return true;
    }
    return false;
}

/// One border from side `a` to side `b`: inside an edit it goes to that edit's start or end.
template <typename SideA, typename SideB>
std::uint32_t moved(const std::vector<OffsetMap::Edit> &edits, std::uint32_t at, bool isEnd, SideA a, SideB b)
{
    // the last edit that starts before the border (or, for a span's start, at it)
    auto next = std::upper_bound(edits.begin(), edits.end(), at, [&](std::uint32_t offset, const OffsetMap::Edit &edit) {
        return isEnd ? offset <= a(edit).start : offset < a(edit).start;
    });
    if (next == edits.begin())
        return at;
    const OffsetMap::Edit &edit = *std::prev(next);
    if (at >= a(edit).end)
        return b(edit).end + (at - a(edit).end);
    return isEnd ? b(edit).end : b(edit).start;
}

ByteSpan from(const OffsetMap::Edit &edit) { return edit.from; }
ByteSpan to(const OffsetMap::Edit &edit) { return edit.to; }

}

void OffsetMap::add(ByteSpan original, ByteSpan changed)
{
    WINNOW_ASSERT(m_edits.empty() || (m_edits.back().from.end <= original.start && m_edits.back().to.end <= changed.start));
    m_edits.push_back({original, changed});
}

ByteSpan OffsetMap::toOriginal(ByteSpan span) const
{
    return {moved(m_edits, span.start, false, to, from), moved(m_edits, span.end, true, to, from)};
}

ByteSpan OffsetMap::toChanged(ByteSpan span) const
{
    return {moved(m_edits, span.start, false, from, to), moved(m_edits, span.end, true, from, to)};
}

std::string OffsetMap::encode() const
{
    std::string out;
    std::uint32_t last = 0;
    for (const Edit &edit : m_edits) {
        putNumber(out, edit.from.start - last);
        putNumber(out, edit.from.size());
        putNumber(out, edit.to.size());
        last = edit.from.end;
    }
    return out;
}

Result<OffsetMap> OffsetMap::decode(std::string_view bytes)
{
    OffsetMap map;
    std::uint32_t original = 0, changed = 0;
    for (std::size_t at = 0; at < bytes.size();) {
        std::uint32_t gap, fromSize, toSize;
        if (!getNumber(bytes, at, gap) || !getNumber(bytes, at, fromSize) || !getNumber(bytes, at, toSize))
            return fail(ErrorCode::Corrupt, "offset map: cut off");
        original += gap;
        changed += gap;
        map.add({original, original + fromSize}, {changed, changed + toSize});
        original += fromSize;
        changed += toSize;
    }
    return map;
}

}
