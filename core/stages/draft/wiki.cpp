#include "core/stages/draft/document.h"

namespace winnow::draft {

namespace {

/// \source contracts/trackers.md 5; `+`, `?`, `@`, `:` and parentheses start marks of their own (insertion, citation,
/// mention, faces and icons).
std::string escaped(std::string_view text)
{
    constexpr std::string_view kSpecial = "\\{}[]*_^~!|-#+?@:()";
    std::string result;
    result.reserve(text.size() + text.size() / 4);
    for (const char c : text) {
        if (kSpecial.find(c) != std::string_view::npos)
            result += '\\';
        if (c == '<')
            result += "&lt;";
        else if (c == '>')
            result += "&gt;";
        else if (c == '&')
            result += "&amp;";
        else
            result += c;
    }
    return result;
}

std::string lineOf(const Line &line)
{
    std::string result;
    for (const Piece &piece : line.pieces())
        result += piece.foreign ? escaped(piece.text) : piece.text;
    return result;
}

/// Headings and the like (`h1.`, `bq.`) count only at the start of a line: no line of the words starts with one.
std::string quoted(std::string_view words)
{
    constexpr std::string_view kNoBreakSpace = "\u00a0";
    std::string result(kNoBreakSpace);
    for (const char c : escaped(words)) {
        result += c;
        if (c == '\n')
            result += kNoBreakSpace;
    }
    return result;
}

}

std::string renderWiki(const Document &document, std::string_view externalId)
{
    std::string out;
    for (const Block &block : document) {
        switch (block.kind) {
        case Block::Kind::Heading:
            out += "h3. " + lineOf(block.lines.front()) + "\n";
            break;
        case Block::Kind::Paragraph:
            out += lineOf(block.lines.front()) + "\n\n";
            break;
        case Block::Kind::List:
            for (const Line &line : block.lines)
                out += "* " + lineOf(line) + "\n";
            out += '\n';
            break;
        case Block::Kind::Quote:
            out += lineOf(block.lines.front()) + "\n{quote}\n" + quoted(block.words) + "\n{quote}\n";
            break;
        }
    }
    return out += "feedback-ref: " + std::string(externalId);
}

}
