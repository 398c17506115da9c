#include "core/adapters/files/xmlslices.h"

namespace winnow::files
{

tl::unexpected<Error> XmlSlices::damaged(std::size_t at, const std::string &why) const
{
    return fail(ErrorCode::Corrupt, m_name + ": byte " + std::to_string(m_window.offset() + at) + ": " + why);
}

/// What begins at `from`. \returns false where the document ends there.
Result<bool> XmlSlices::markup(std::size_t from, Markup &found)
{
    // How far it goes is known when its end is seen; until then more text is brought in and it is looked at again.
    for (std::size_t searched = from;;) {
        const std::string_view text = m_window.rest();
        if (from < text.size()) {
            if (text[from] != '<') {
                found = {Markup::Kind::Text, {}, std::min(text.find('<', from), text.size())};
                return true;
            }
            const std::string_view here = text.substr(from);
            std::string_view close = ">";
            found.kind = Markup::Kind::Other;
            if (here.starts_with("<!--"))
                close = "-->";
            else if (here.starts_with("<![CDATA["))
                close = "]]>";
            else if (here.starts_with("<?"))
                close = "?>";
            else if (here.starts_with("<!D") || here.starts_with("<!d"))
                return damaged(from, "a document type declaration");
            else if (here.size() >= 2 && here[1] != '!')
                found.kind = here[1] == '/' ? Markup::Kind::End : Markup::Kind::Start;
            std::size_t end = std::string_view::npos;
            if (found.kind == Markup::Kind::Start) {
                char quote = '\0'; // a value may hold the sign that ends a tag
                for (std::size_t i = from + 1; i < text.size() && end == std::string_view::npos; ++i) {
                    const char c = text[i];
                    if (quote)
                        quote = c == quote ? '\0' : quote;
                    else if (c == '"' || c == '\'')
                        quote = c;
                    else if (c == '>')
                        end = i;
                    else if (c == '<')
                        return damaged(i, "a tag within a tag");
                }
            } else if (here.size() >= 9 || m_window.ended()) { // enough to tell what it is
                const std::size_t skip = close == "-->" ? 4 : close == "]]>" ? 9 : 1;
                end = text.find(close, std::max(from + skip, searched));
                // Not found: all but what its end may begin with need not be looked at again.
                searched = std::max(from + skip, text.size() - std::min<std::size_t>(text.size(), close.size() - 1));
            }
            if (end != std::string_view::npos) {
                found.end = end + close.size();
                std::size_t name = from + (found.kind == Markup::Kind::End ? 2 : 1), behind = name;
                while (behind < end && std::string_view(" \t\r\n/>").find(text[behind]) == std::string_view::npos)
                    ++behind;
                found.name = text.substr(name, behind - name);
                if (const auto colon = found.name.find(':'); colon != std::string_view::npos)
                    found.name.remove_prefix(colon + 1);
                if (found.kind == Markup::Kind::Start && text[end - 1] == '/')
                    found.kind = Markup::Kind::Empty;
                if (found.kind != Markup::Kind::Other && found.name.empty())
                    return damaged(from, "a tag without a name");
                return true;
            }
        }
        if (m_window.ended()) {
            if (from >= m_window.rest().size())
                return false;
            return damaged(from, "breaks off");
        }
        if (m_window.rest().size() > m_limits.recordBytes)
            return fail(ErrorCode::InvalidInput,
                        m_name + ": an element is longer than " + std::to_string(m_limits.recordBytes >> 20) + " MiB");
        if (auto more = m_window.more(); !more)
            return tl::unexpected(more.error());
    }
}

Result<bool> XmlSlices::next(std::string_view element)
{
    m_window.consume(m_consumed);
    m_consumed = 0;
    m_slice = {};
    std::size_t at = 0;
    std::optional<std::size_t> open; // where the wanted element begins
    unsigned outside = 0; // the depth it is found at
    for (;;) {
        Markup found;
        const auto there = markup(at, found);
        if (!there)
            return tl::unexpected(there.error());
        if (!*there) {
            if (m_depth)
                return damaged(at, "breaks off");
            return false;
        }
        const std::size_t begin = at;
        at = found.end;
        bool closed = false;
        if (found.kind == Markup::Kind::Start) {
            if (!open && found.name == element) {
                open = begin;
                outside = m_depth;
            }
            if (++m_depth > m_limits.jsonDepth)
                return fail(ErrorCode::InvalidInput,
                            m_name + ": nested deeper than " + std::to_string(m_limits.jsonDepth) + " levels");
        } else if (found.kind == Markup::Kind::Empty) {
            if (!open && found.name == element) {
                open = begin;
                closed = true;
            }
        } else if (found.kind == Markup::Kind::End) {
            if (m_depth == 0)
                return damaged(begin, "an end without a beginning");
            --m_depth;
            closed = open && m_depth == outside;
        }
        if (closed) {
            m_slice = m_window.rest().substr(*open, at - *open);
            m_offset = m_window.offset() + *open;
            m_consumed = at;
            return true;
        }
        if (!open) { // nothing of it is needed any more
            m_window.consume(at);
            at = 0;
        } else if (at - *open > m_limits.recordBytes) {
            return fail(ErrorCode::InvalidInput,
                        m_name + ": an element is longer than " + std::to_string(m_limits.recordBytes >> 20) + " MiB");
        }
    }
}

}
