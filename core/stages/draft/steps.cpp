#include "core/stages/draft/steps.h"

#include <algorithm>
#include <array>

#include "core/base/span.h"
#include "core/text/unicode.h"
#include "core/text/utf8.h"

namespace winnow::draft {

namespace {

/// Beginnings of clauses that tell a circumstance, in lower case. Each starts a word.
constexpr auto kCues = std::to_array<std::string_view>({
    "steps to reproduce", "to reproduce", "when i ", "when you ", "when we ", "when trying", "when opening", "whenever ",
    "every time ", "each time ", "as soon as ", "if i ", "if you ", "after i ", "after opening", "after updating",
    "after the update", "after update", "while trying", "trying to ", "i tap", "i click", "i press",
    "wenn ich ", "wenn man ", "sobald ", "jedes mal ", "nachdem ", "beim ", "nach dem update",
    "quand je ", "quand on ", "lorsque ", "chaque fois ", "dès que ", "si je ", "après la mise à jour", "en essayant",
    "cuando ", "cada vez que ", "al abrir", "al intentar", "si intento", "después de ",
    "quando ", "toda vez que ", "sempre que ", "ao abrir", "ao tentar", "depois de ",
    "ogni volta ", "appena ", "dopo l'aggiornamento", "se provo",
    "als ik ", "wanneer ik ", "zodra ", "elke keer ", "na de update",
});

bool hasCue(std::string_view lower)
{
    return std::any_of(kCues.begin(), kCues.end(), [&](std::string_view cue) {
        for (std::size_t at = lower.find(cue); at != std::string_view::npos; at = lower.find(cue, at + 1))
            if (at == 0 || lower[at - 1] == ' ' || lower[at - 1] == '\n' || lower[at - 1] == '(' || lower[at - 1] == ',')
                return true;
        return false;
    });
}

/// `1. …`, `2) …`
bool isNumbered(std::string_view line)
{
    const std::size_t digits = std::min(line.find_first_not_of("0123456789"), line.size());
    return digits > 0 && digits <= 2 && digits + 1 < line.size() && (line[digits] == '.' || line[digits] == ')')
        && line[digits + 1] == ' ';
}

/// The lines of a numbered list of two or more.
std::string numberedLines(std::string_view text)
{
    std::string result;
    int count = 0;
    for (std::size_t at = 0; at < text.size();) {
        const std::size_t end = std::min(text.find('\n', at), text.size());
        const std::string_view line = text::trimmed(text.substr(at, end - at));
        if (isNumbered(line)) {
            result.append(result.empty() ? "" : "\n").append(line);
            ++count;
        }
        at = end + 1;
    }
    return count >= 2 ? result : std::string();
}

}

std::string reproductionIn(std::string_view text, std::string_view lang)
{
    if (std::string numbered = numberedLines(text); !numbered.empty())
        return numbered;
    if (!hasCue(text::lower(text)))
        return {}; // most texts end here: cutting sentences is dear
    std::string result;
    for (const ByteSpan &sentence : text::sentences(text, lang)) {
        const std::string_view words = text::trimmed(sentence.of(text));
        if (hasCue(text::lower(words)))
            result.append(result.empty() ? "" : "\n").append(words);
    }
    return result;
}

}
