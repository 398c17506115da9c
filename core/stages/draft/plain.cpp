#include "core/stages/draft/document.h"

namespace winnow::draft {

namespace {

std::string lineOf(const Line &line)
{
    std::string result;
    for (const Piece &piece : line.pieces())
        result += piece.text;
    return result;
}

/// Every line of the words starts with a mark, so that none can pass for ours, or for the start of a formula.
std::string quoted(std::string_view words)
{
    std::string result = "> ";
    for (const char c : words) {
        result += c;
        if (c == '\n')
            result += "> ";
    }
    return result += '\n';
}

}

std::string renderPlain(const Document &document, std::string_view externalId)
{
    std::string out;
    for (const Block &block : document) {
        switch (block.kind) {
        case Block::Kind::Heading:
            out += lineOf(block.lines.front()) + "\n";
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
            out += lineOf(block.lines.front()) + "\n" + quoted(block.words) + "\n";
            break;
        }
    }
    return out += "feedback-ref: " + std::string(externalId);
}

}
