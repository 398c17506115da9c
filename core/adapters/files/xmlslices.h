#pragma once
// Internal to core/adapters/files: elements cut out of a long XML document, one after the other.

#include <cstdint>
#include <string>
#include <string_view>

#include "core/adapters/files/bytesource.h"
#include "core/base/result.h"

namespace winnow::files
{

/// Walks through markup without building anything. Names are compared without their prefix.
/// A document type declaration is refused: no program that writes these files makes one, and entities grow without end.
class XmlSlices
{
public:
    /// The window outlives it. \param name  what the document is called in messages.
    XmlSlices(TextWindow &window, std::string name, const ImportLimits &limits)
        : m_window(window)
        , m_name(std::move(name))
        , m_limits(limits)
    {
    }

    /// Finds the next element of this name. \returns false at the end of the document.
    /// \errors Corrupt: not well formed; InvalidInput: nested or long beyond the limits; those of reading.
    [[nodiscard]] Result<bool> next(std::string_view element);
    /// The element, with its tags. Lasts until the next call.
    [[nodiscard]] std::string_view slice() const { return m_slice; }
    [[nodiscard]] std::uint64_t offset() const { return m_offset; }

private:
    struct Markup {
        enum class Kind { Text, Start, End, Empty, Other } kind = Kind::Text;
        std::string_view name; ///< without prefix
        std::size_t end = 0; ///< behind it
    };
    Result<bool> markup(std::size_t from, Markup &found);
    [[nodiscard]] tl::unexpected<Error> damaged(std::size_t at, const std::string &why) const;

    TextWindow &m_window;
    std::string m_name;
    const ImportLimits &m_limits;
    std::string_view m_slice;
    std::uint64_t m_offset = 0;
    unsigned m_depth = 0;
    std::size_t m_consumed = 0; ///< of the window: the last slice
};

}
