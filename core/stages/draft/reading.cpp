#include "core/stages/draft/reading.h"

#include <algorithm>

#include "core/stages/draft/shaping.h"

namespace winnow::draft
{

namespace
{

std::size_t runOf(std::string_view text, char c)
{
    const std::size_t end = text.find_first_not_of(c);
    return end == std::string_view::npos ? text.size() : end;
}

/// A line with its code spans unwrapped.
Line lineFrom(std::string_view text)
{
    std::string plain;
    for (std::size_t at = 0; at < text.size();) {
        if (text[at] != '`') {
            plain += text[at++];
            continue;
        }
        const std::size_t ticks = runOf(text.substr(at), '`');
        const std::string mark(ticks, '`');
        std::size_t end = text.find(mark, at + ticks);
        while (end != std::string_view::npos && runOf(text.substr(end), '`') != ticks)
            end = text.find(mark, end + runOf(text.substr(end), '`'));
        if (end == std::string_view::npos) {
            plain += mark;
            at += ticks;
        } else {
            plain += text.substr(at + ticks, end - at - ticks);
            at = end + ticks;
        }
    }
    Line line;
    line.words(plain);
    return line;
}

bool isMarker(std::string_view line)
{
    return line.starts_with("<!-- feedback-ref: ") && line.ends_with(" -->")
        && line.find("-->") == line.size() - std::string_view("-->").size();
}

}

Document documentFrom(std::string_view markdown)
{
    const std::string body = bodyText(markdown);
    std::vector<std::string_view> lines;
    for (std::size_t at = 0; at <= body.size();) {
        const std::size_t end = std::min(body.find('\n', at), body.size());
        lines.push_back(std::string_view(body).substr(at, end - at));
        at = end + 1;
    }
    if (!lines.empty() && isMarker(lines.back()))
        lines.pop_back();
    Document document;
    for (std::size_t i = 0; i < lines.size(); ++i) {
        const std::string_view line = lines[i];
        if (line.find_first_not_of(" \t") == std::string_view::npos)
            continue;
        if (const std::size_t ticks = runOf(line, '`'); ticks >= 3 && line.find('`', ticks) == std::string_view::npos) {
            std::string words;
            std::size_t end = i + 1;
            const auto closes = [&](std::string_view last) {
                return runOf(last, '`') >= ticks && last.find_first_not_of('`') == std::string_view::npos;
            };
            for (; end < lines.size() && !closes(lines[end]); ++end)
                words += (end == i + 1 ? "" : "\n") + std::string(lines[end]);
            // the line in front of a quote says whose it is
            Block quote{Block::Kind::Quote, {Line()}, std::move(words)};
            if (!document.empty() && document.back().kind == Block::Kind::Paragraph) {
                quote.lines = std::move(document.back().lines);
                document.pop_back();
            }
            document.push_back(std::move(quote));
            i = end;
            continue;
        }
        const std::size_t hashes = runOf(line, '#');
        if (hashes >= 1 && hashes <= 6 && hashes < line.size() && line[hashes] == ' ') {
            document.push_back({Block::Kind::Heading, {lineFrom(line.substr(hashes + 1))}, {}});
        } else if (line.starts_with("- ")) {
            if (document.empty() || document.back().kind != Block::Kind::List || i == 0
                || !lines[i - 1].starts_with("- "))
                document.push_back({Block::Kind::List, {}, {}});
            document.back().lines.push_back(lineFrom(line.substr(2)));
        } else {
            document.push_back({Block::Kind::Paragraph, {lineFrom(line)}, {}});
        }
    }
    // what has no words has no place in any format
    for (Block &block : document)
        std::erase_if(block.lines,
                      [&](const Line &line) { return line.pieces().empty() && block.kind != Block::Kind::Quote; });
    std::erase_if(document, [](const Block &block) { return block.lines.empty() && block.words.empty(); });
    return document;
}

}
