#include "core/stages/draft/document.h"

namespace winnow::draft {

namespace {

/// Text of an element. `@` and `#` are written as entities too: editors look for people and tickets in plain text.
std::string escaped(std::string_view text)
{
    std::string result;
    result.reserve(text.size() + text.size() / 8);
    for (const char c : text) {
        switch (c) {
        case '&': result += "&amp;"; break;
        case '<': result += "&lt;"; break;
        case '>': result += "&gt;"; break;
        case '"': result += "&quot;"; break;
        case '\'': result += "&#39;"; break;
        case '@': result += "&#64;"; break;
        case '#': result += "&#35;"; break;
        case '\n': result += "<br>"; break;
        default: result += c;
        }
    }
    return result;
}

std::string lineOf(const Line &line)
{
    std::string result;
    for (const Piece &piece : line.pieces())
        result += escaped(piece.text);
    return result;
}

}

std::string renderHtml(const Document &document, std::string_view externalId)
{
    std::string out;
    for (const Block &block : document) {
        switch (block.kind) {
        case Block::Kind::Heading:
            out += "<h3>" + lineOf(block.lines.front()) + "</h3>\n";
            break;
        case Block::Kind::Paragraph:
            out += "<p>" + lineOf(block.lines.front()) + "</p>\n";
            break;
        case Block::Kind::List:
            out += "<ul>\n";
            for (const Line &line : block.lines)
                out += "<li>" + lineOf(line) + "</li>\n";
            out += "</ul>\n";
            break;
        case Block::Kind::Quote:
            out += "<p>" + lineOf(block.lines.front()) + "</p>\n<blockquote>" + escaped(block.words) + "</blockquote>\n";
            break;
        }
    }
    return out += "<p>feedback-ref: " + std::string(externalId) + "</p>";
}

}
