#pragma once
// Internal to core/adapters/files: JSON by slices, without building anything, so that digits and bytes stay as written.

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace winnow::files
{

struct JsonScan {
    enum class State { Complete, NeedMore, Bad } state = State::Bad;
    std::size_t end = 0; ///< behind the value; where it is bad
    unsigned depth = 0; ///< deepest nesting of objects and lists
    const char *reason = "";
};

/// Checks the value that begins at `from` (white space before it is passed over). Bytes that are no UTF-8 are let
/// through. \param last  no more text follows.
[[nodiscard]] JsonScan scanJson(std::string_view text, std::size_t from, bool last);

[[nodiscard]] std::size_t skipWhiteSpace(std::string_view text, std::size_t from);

/// Walks over the members of a checked object, or the elements of a checked list.
class JsonWalk
{
public:
    /// \pre `slice` is a Complete object or list, without white space around it.
    explicit JsonWalk(std::string_view slice)
        : m_slice(slice)
        , m_at(1)
        , m_object(slice.front() == '{')
    {
    }
    /// \returns false behind the last one.
    bool next();
    /// Between its quotes, escapes as written. Empty for elements of a list.
    [[nodiscard]] std::string_view key() const { return m_key; }
    [[nodiscard]] std::string_view value() const { return m_value; }

private:
    std::string_view m_slice;
    std::size_t m_at;
    bool m_object;
    std::string_view m_key, m_value;
};

/// The text of a checked string, given with its quotes. Half a surrogate pair becomes U+FFFD. \returns true if there
/// was one.
bool unescape(std::string_view quoted, std::string &out);

/// A string without a backslash needs no unescaping: its text is the slice between the quotes.
[[nodiscard]] inline bool isPlainString(std::string_view quoted)
{
    return quoted.find('\\') == std::string_view::npos;
}

}
