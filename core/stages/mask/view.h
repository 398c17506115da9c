#pragma once
// Internal to the mask.

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "core/base/span.h"

namespace winnow::mask
{

/// A text as the detectors read it: digits of any script, full-width forms, odd blanks and dashes in ASCII, what shows
/// nothing left out. Spans lead back to the text, and always lie on its characters. Most texts are their own view.
class View
{
public:
    /// \pre well-formed UTF-8 that outlives the view. Memory of the last text is used again.
    void look(std::string_view source);
    [[nodiscard]] std::string_view text() const { return m_changed ? std::string_view(m_text) : m_source; }
    [[nodiscard]] ByteSpan toSource(ByteSpan span) const;

private:
    std::string_view m_source;
    std::string m_text;
    std::vector<std::uint32_t> m_from; ///< per byte of m_text: where its character starts in the source
    bool m_changed = false;
};

}
