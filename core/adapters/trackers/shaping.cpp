#include "core/adapters/trackers/shaping.h"

#include <algorithm>

#include "core/stages/draft/reading.h"
#include "core/stages/draft/shaping.h"
#include "core/text/utf8.h"

namespace winnow::trackers
{

namespace
{

using draft::Block;
using draft::Document;

/// The first `count` blocks, and the line that says that there is more.
Document beginning(const Document &document, std::size_t count, const std::string &rest)
{
    Document part(document.begin(), document.begin() + std::ptrdiff_t(count));
    while (!part.empty() && part.back().kind == Block::Kind::Heading)
        part.pop_back();
    part.push_back({Block::Kind::Paragraph, {draft::Line(rest.c_str())}, {}});
    return part;
}

/// Quotes and paragraphs of at most that length.
Document cut(Document document, std::size_t units)
{
    for (Block &block : document) {
        block.words = draft::shortened(block.words, units);
        for (draft::Line &line : block.lines) {
            std::string text;
            for (const draft::Piece &piece : line.pieces())
                text += piece.text;
            if (draft::utf16Length(text) > units)
                line = std::move(draft::Line().words(draft::shortened(text, units)));
        }
    }
    return document;
}

/// The body, and whether all of it is there.
std::pair<std::string, bool> fitted(const Document &document, const std::string &id, const Limits &limits)
{
    const auto fits = [&](const std::string &text) { return draft::utf16Length(text) <= limits.body; };
    std::string whole = draft::render(document, id, limits.format);
    if (fits(whole))
        return {std::move(whole), true};
    const std::string rest =
        limits.attachments ? "The rest is attached as " + id + ".md" : "The rest is in the incident.";
    std::string best = draft::render({}, id, limits.format); // the marker is what finds the ticket again
    for (const std::size_t units : {std::size_t(1200), std::size_t(300), limits.body / 8}) {
        const Document shorter = cut(document, units);
        std::size_t few = 0, many = shorter.size();
        while (few < many) {
            const std::size_t middle = (few + many + 1) / 2;
            fits(draft::render(beginning(shorter, middle, rest), id, limits.format)) ? few = middle : many = middle - 1;
        }
        std::string text = draft::render(beginning(shorter, few, rest), id, limits.format);
        if (fits(text))
            best = std::move(text);
        if (few > 0)
            break;
    }
    return {std::move(best), false};
}

}

std::string titleText(std::string_view text, std::size_t units)
{
    std::string spaced;
    for (std::size_t at = 0; at < text.size();) {
        const std::size_t begin = at;
        const char32_t c = text::decode(text, at);
        if (c == 0)
            continue;
        if (c < 0x20 || (c >= 0x7f && c <= 0x9f))
            spaced += ' ';
        else
            spaced.append(text, begin, at - begin);
    }
    return draft::shortened(draft::lineText(spaced), units);
}

std::string labelText(std::string_view text, std::size_t units)
{
    std::string label = titleText(text, units);
    std::replace(label.begin(), label.end(), ' ', '-');
    return label;
}

Shaped shaped(const Draft &draft, const std::string &externalId, const Limits &limits)
{
    Shaped result;
    result.title = titleText(draft.title, limits.title);
    if (result.title.empty())
        result.title = "Feedback";
    const Document document = draft::documentFrom(draft.body);
    if (limits.format == draft::Format::Markdown) {
        // what a person wrote in Markdown stays as it is; only the marker is ours
        std::string body = draft::bodyText(draft.body);
        const std::size_t last = body.rfind('\n');
        if (markerIn(body) != "" || body.starts_with("<!-- feedback-ref: "))
            body.resize(last == std::string::npos ? 0 : last);
        body = std::string(text::trimmed(body));
        body += (body.empty() ? "" : "\n\n") + draft::render({}, externalId, limits.format);
        if (draft::utf16Length(body) <= limits.body) {
            result.body = std::move(body);
            return result;
        }
    }
    auto [body, whole] = fitted(document, externalId, limits);
    result.body = std::move(body);
    if (!whole)
        result.attachment = draft::bodyText(draft.body) + "\n";
    return result;
}

std::string shapedEvidence(const std::string &markdown, const std::string &evidenceId, const Limits &limits)
{
    return fitted(draft::documentFrom(markdown), evidenceId, limits).first;
}

std::string fieldOf(const Draft &draft, std::string_view name)
{
    for (const auto &[key, value] : draft.fields)
        if (key == name)
            return value;
    return {};
}

std::string markerIn(std::string_view body)
{
    body = text::trimmed(body);
    const std::size_t start = body.rfind('\n');
    const std::string_view line = text::trimmed(start == std::string_view::npos ? body : body.substr(start + 1));
    constexpr std::string_view kOpen = "<!-- feedback-ref: ", kClose = " -->";
    if (!line.starts_with(kOpen) || !line.ends_with(kClose) || line.size() <= kOpen.size() + kClose.size())
        return {};
    return std::string(line.substr(kOpen.size(), line.size() - kOpen.size() - kClose.size()));
}

}
