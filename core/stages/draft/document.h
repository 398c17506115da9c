#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "core/stages/draft/draft.h"

namespace winnow::draft
{

/// A piece of a line: our own words, or a value that somebody else chose (a version, a component, an owner).
struct Piece {
    std::string text;
    bool foreign = false;
};

/// One line, as a list of pieces.
class Line
{
public:
    Line() = default;
    Line(const char *own) { *this += own; } // NOLINT: lines are written down as literals
    Line &operator+=(std::string_view own);
    /// A value of somebody else's; shaped here, made inert by the format.
    Line &value(std::string_view foreign);
    /// Words of somebody else's, however long.
    Line &words(std::string_view foreign);
    [[nodiscard]] const std::vector<Piece> &pieces() const { return m_pieces; }

private:
    std::vector<Piece> m_pieces;
};

/// A part of a ticket's body.
struct Block {
    enum class Kind {
        Heading, ///< one line
        Paragraph, ///< one line
        List, ///< a line per item
        Quote, ///< a line that says whose words they are, then those words
    };
    Kind kind = Kind::Paragraph;
    std::vector<Line> lines;
    std::string words; ///< of a quote: shaped, else as they were written
};

using Document = std::vector<Block>;

/// The document in a format, the marker with the external id as its last line.
[[nodiscard]] std::string render(const Document &document, std::string_view externalId, Format format);

// One per format. \pre text was shaped
[[nodiscard]] std::string renderMarkdown(const Document &document, std::string_view externalId);
[[nodiscard]] std::string renderAdf(const Document &document, std::string_view externalId);
[[nodiscard]] std::string renderWiki(const Document &document, std::string_view externalId);
[[nodiscard]] std::string renderHtml(const Document &document, std::string_view externalId);
[[nodiscard]] std::string renderPlain(const Document &document, std::string_view externalId);

}
