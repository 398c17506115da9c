#include "core/stages/draft/document.h"

#include <algorithm>
#include <array>
#include <cstdio>

namespace winnow::draft {

namespace {

// Text is only ever the value of a text node, so nothing in it can be markup. \source contracts/trackers.md 5

std::string jsonText(std::string_view text)
{
    std::string result = "\"";
    for (const char c : text) {
        if (c == '"' || c == '\\') {
            result += '\\';
            result += c;
        } else if (static_cast<unsigned char>(c) < 0x20) {
            std::array<char, 8> buffer;
            std::snprintf(buffer.data(), buffer.size(), "\\u%04x", unsigned(static_cast<unsigned char>(c)));
            result += buffer.data();
        } else {
            result += c;
        }
    }
    return result += '"';
}

/// Text nodes are never empty and never hold a line feed; hard breaks part them.
std::string inlineNodes(std::string_view text)
{
    std::string result;
    for (std::size_t at = 0; at <= text.size();) {
        const std::size_t end = std::min(text.find('\n', at), text.size());
        if (at > 0)
            result += ",{\"type\":\"hardBreak\"}";
        if (end > at)
            result += ",{\"type\":\"text\",\"text\":" + jsonText(text.substr(at, end - at)) + "}";
        at = end + 1;
    }
    return result.empty() ? result : result.substr(1);
}

std::string node(std::string_view type, std::string_view content)
{
    return "{\"type\":\"" + std::string(type) + "\",\"content\":[" + std::string(content) + "]}";
}

std::string inlineOf(const Line &line)
{
    std::string text;
    for (const Piece &piece : line.pieces())
        text += piece.text;
    return inlineNodes(text);
}

}

std::string renderAdf(const Document &document, std::string_view externalId)
{
    std::string out = "{\"type\":\"doc\",\"version\":1,\"content\":[";
    for (const Block &block : document) {
        switch (block.kind) {
        case Block::Kind::Heading:
            out += "{\"type\":\"heading\",\"attrs\":{\"level\":3},\"content\":[" + inlineOf(block.lines.front()) + "]}";
            break;
        case Block::Kind::Paragraph:
            out += node("paragraph", inlineOf(block.lines.front()));
            break;
        case Block::Kind::List: {
            std::string items;
            for (const Line &line : block.lines)
                items += (items.empty() ? "" : ",") + node("listItem", node("paragraph", inlineOf(line)));
            out += node("bulletList", items);
            break;
        }
        case Block::Kind::Quote:
            out += node("paragraph", inlineOf(block.lines.front())) + ","
                + node("blockquote", node("paragraph", inlineNodes(block.words)));
            break;
        }
        out += ',';
    }
    return out += node("paragraph", inlineNodes("feedback-ref: " + std::string(externalId))) + "]}";
}

}
