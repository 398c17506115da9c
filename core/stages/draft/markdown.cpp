#include "core/stages/draft/document.h"

#include <algorithm>

#include "core/text/unicode.h"
#include "core/text/utf8.h"

namespace winnow::draft {

namespace {

std::size_t longestRun(std::string_view text, char c)
{
    std::size_t longest = 0, run = 0;
    for (const char at : text) {
        run = at == c ? run + 1 : 0;
        longest = std::max(longest, run);
    }
    return longest;
}

/// Letters, digits, blanks and a little punctuation between them mean nothing to any dialect; escaping with a backslash
/// would not do, because mentions and references are looked for after it has been taken away.
bool isHarmless(std::string_view value)
{
    const auto wordAt = [&](std::size_t at) {
        return at < value.size() && text::isLetter(text::decode(value, at));
    };
    const auto blankOrEnd = [&](std::size_t at) { return at == value.size() || value[at] == ' '; };
    bool afterWord = false; // the character before is a letter
    for (std::size_t at = 0; at < value.size();) {
        const char32_t c = text::decode(value, at);
        const bool letter = text::isLetter(c), digit = c >= '0' && c <= '9';
        const bool between = (c == '-' || c == '_' || c == '\'') && afterWord && wordAt(at); // sign-in, google_play
        const bool decimal = c == '.' && at < value.size() && value[at] >= '0' && value[at] <= '9';
        const bool pause = (c == ',' || c == ':') && afterWord && blankOrEnd(at);
        if (!(letter || digit || c == ' ' || between || decimal || pause))
            return false;
        afterWord = letter;
    }
    return !value.empty() && value.front() != ' ' && value.back() != ' ';
}

/// A value as words or as a code span. A backtick in it becomes an apostrophe: longer spans could open a fence where
/// they start a line.
std::string inert(std::string_view value)
{
    if (isHarmless(value))
        return std::string(value);
    std::string span(value);
    std::replace(span.begin(), span.end(), '`', '\'');
    return "`" + span + "`";
}

std::string lineOf(const Line &line)
{
    std::string result;
    for (const Piece &piece : line.pieces())
        result += piece.foreign ? inert(piece.text) : piece.text;
    return result;
}

}

std::string renderMarkdown(const Document &document, std::string_view externalId)
{
    std::string out;
    for (const Block &block : document) {
        switch (block.kind) {
        case Block::Kind::Heading:
            out += "## " + lineOf(block.lines.front()) + "\n\n";
            break;
        case Block::Kind::Paragraph:
            out += lineOf(block.lines.front()) + "\n\n";
            break;
        case Block::Kind::List:
            for (const Line &line : block.lines)
                out += "- " + lineOf(line) + "\n";
            out += '\n';
            break;
        case Block::Kind::Quote: {
            const std::string fence(std::max<std::size_t>(3, longestRun(block.words, '`') + 1), '`');
            out += lineOf(block.lines.front()) + "\n\n" + fence + "text\n" + block.words + "\n" + fence + "\n\n";
            break;
        }
        }
    }
    return out += "<!-- feedback-ref: " + std::string(externalId) + " -->";
}

}
