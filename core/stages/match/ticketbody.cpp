#include "core/stages/match/ticketbody.h"

#include <algorithm>
#include <array>
#include <set>
#include <vector>

namespace winnow::match {

namespace {

/// A line as it is compared: letters and digits only, ASCII in lower case.
std::string keyOf(std::string_view line)
{
    std::string key;
    for (const char c : line) {
        const bool letter = (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || static_cast<unsigned char>(c) >= 0x80;
        if (letter)
            key += c;
        else if (c >= 'A' && c <= 'Z')
            key += char(c | 0x20);
        else if (!key.empty() && key.back() != ' ')
            key += ' ';
    }
    while (!key.empty() && key.back() == ' ')
        key.pop_back();
    return key;
}

template <typename Each>
void eachLine(std::string_view text, Each each)
{
    for (std::size_t at = 0; at <= text.size();) {
        const std::size_t end = std::min(text.find('\n', at), text.size());
        each(text.substr(at, end - at));
        at = end + 1;
    }
}

bool isTrace(std::string_view line)
{
    const std::size_t first = line.find_first_not_of(" \t");
    if (first == std::string_view::npos)
        return false;
    line.remove_prefix(first);
    return (line.starts_with("at ") && line.find('(') != std::string_view::npos) || line.starts_with("Caused by:")
        || line.starts_with("... ");
}

/// Blocks of code, logs and what a reader has to unfold; the ends of an unclosed block is the end of the text.
struct Block {
    std::string_view open;
    std::string_view close;
};
constexpr std::array<Block, 5> kBlocks{{
    {"```", "```"}, {"<details", "</details>"}, {"{code", "{code}"}, {"{noformat", "{noformat}"}, {"<!--", "-->"},
}};

std::string withoutBlocks(std::string_view text)
{
    std::string result;
    std::size_t at = 0;
    while (at < text.size()) {
        std::size_t begin = std::string_view::npos;
        const Block *block = nullptr;
        for (const Block &candidate : kBlocks) {
            const std::size_t found = text.find(candidate.open, at);
            if (found < begin) {
                begin = found;
                block = &candidate;
            }
        }
        if (!block)
            break;
        result += text.substr(at, begin - at);
        result += '\n';
        // an opening tag may hold attributes: {code:java}
        const std::size_t close = text.find(block->close, begin + block->open.size());
        at = close == std::string_view::npos ? text.size() : close + block->close.size();
    }
    return result += text.substr(std::min(at, text.size()));
}

}

BodyReader::BodyReader(std::span<const KnownTicket> tickets)
{
    for (const KnownTicket &ticket : tickets) {
        std::set<std::string> keys;
        eachLine(ticket.body, [&](std::string_view line) { keys.insert(keyOf(line)); });
        for (const std::string &key : keys)
            ++m_lines[key];
    }
    // three bodies with one line may quote each other; in a large tracker a form's lines are far more common
    m_common = std::max<unsigned>(3, unsigned(tickets.size() / 1000));
}

std::string BodyReader::read(std::string_view body) const
{
    std::string result;
    eachLine(withoutBlocks(body), [&](std::string_view line) {
        const std::string key = keyOf(line);
        if (key.empty() || isTrace(line))
            return;
        const auto shared = m_lines.find(key);
        if (shared != m_lines.end() && shared->second >= m_common)
            return;
        result.append(line) += '\n';
    });
    return result;
}

}
