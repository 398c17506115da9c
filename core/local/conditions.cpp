#include "core/local/conditions.h"

#include <algorithm>

namespace winnow::local
{

namespace
{

constexpr std::size_t kLongestVersion = 16; // bytes

bool isVersionByte(char c)
{
    return (c >= '0' && c <= '9') || c == '.';
}

/// The digits and dots that begin at a byte; a full stop at the end belongs to the sentence.
std::string_view versionAt(std::string_view text, std::size_t at)
{
    std::size_t end = at;
    while (end < text.size() && isVersionByte(text[end]))
        ++end;
    while (end > at && text[end - 1] == '.')
        --end;
    const std::string_view version = text.substr(at, end - at);
    return version.size() <= kLongestVersion ? version : std::string_view();
}

}

std::vector<std::pair<std::string, std::string>>
conditionsOf(const Analyser &analyser, const ExtractionRequest &request, const Reading &reading, WordRange range)
{
    std::vector<std::pair<std::string, std::string>> conditions;
    const auto put = [&](const std::string &name, std::string value) {
        const bool known =
            std::any_of(conditions.begin(), conditions.end(), [&](const auto &c) { return c.first == name; });
        if (!known && !value.empty())
            conditions.emplace_back(name, std::move(value));
    };
    const auto &words = reading.words.all;
    for (const Hit &hit : Analyser::hitsFrom(reading, range)) {
        if (hit.last >= range.end || !analyser.hasRole(hit, Cues::Role::Slot))
            continue;
        const Cues::Group &group = analyser.cue(hit);
        const std::uint32_t next = hit.last + 1;
        std::string_view version;
        if (next < range.end && words[next].before == Gap::Blank && words[next].number)
            version = versionAt(request.text, words[next].span.start);
        if (group.slot == "app_version") {
            // "version 4" may be anything's; "update 4.2" is the product's.
            if (version.find('.') != std::string_view::npos)
                put(group.slot, std::string(version));
        } else if ((group.slot == "os" || group.slot == "device") && !version.empty()) {
            put(group.slot, group.name + ' ' + std::string(version));
        } else {
            put(group.slot, group.name);
        }
    }
    // "v4.2.1"
    for (std::uint32_t i = range.first; i < range.end; ++i) {
        const std::string_view word = words[i].span.of(request.text);
        if (word.size() >= 2 && (word[0] == 'v' || word[0] == 'V') && word[1] >= '0' && word[1] <= '9') {
            const std::string_view version = versionAt(request.text, words[i].span.start + 1);
            if (version.find('.') != std::string_view::npos)
                put("app_version", std::string(version));
        }
    }
    put("os", std::string(request.os));
    put("app_version", std::string(request.appVersion));
    std::sort(conditions.begin(), conditions.end());
    return conditions;
}

}
