#include "core/stages/draft/document.h"

#include "core/stages/draft/shaping.h"

namespace winnow::draft
{

Line &Line::operator+=(std::string_view own)
{
    if (own.empty())
        return *this;
    if (!m_pieces.empty() && !m_pieces.back().foreign)
        m_pieces.back().text += own;
    else
        m_pieces.push_back({std::string(own), false});
    return *this;
}

Line &Line::value(std::string_view foreign)
{
    constexpr std::size_t kLongestValue = 200;
    std::string shaped = shortened(lineText(foreign), kLongestValue);
    if (!shaped.empty())
        m_pieces.push_back({std::move(shaped), true});
    return *this;
}

Line &Line::words(std::string_view foreign)
{
    if (std::string shaped = lineText(foreign); !shaped.empty())
        m_pieces.push_back({std::move(shaped), true});
    return *this;
}

std::string render(const Document &document, std::string_view externalId, Format format)
{
    switch (format) {
    case Format::Adf:
        return renderAdf(document, externalId);
    case Format::Wiki:
        return renderWiki(document, externalId);
    case Format::Html:
        return renderHtml(document, externalId);
    case Format::Plain:
        return renderPlain(document, externalId);
    case Format::Markdown:
        break;
    }
    return renderMarkdown(document, externalId);
}

}
