#include "core/stages/incident/title.h"

#include <algorithm>
#include <array>
#include <string_view>

#include "core/text/unicode.h"
#include "core/text/utf8.h"

namespace winnow::incident {

namespace {

/// What it is called without a symptom, with `in` or its like before a component.
struct Phrase {
    std::string_view alone;
    std::string_view with;
};
constexpr std::array<Phrase, kIssueTypeNames.size()> kPhrases{{
    {"Bug", "Bug in "},
    {"Slow or unresponsive", "Slow or unresponsive: "},
    {"Battery drain", "Battery drain in "},
    {"Security concern", "Security concern in "},
    {"Privacy concern", "Privacy concern in "},
    {"Billing problem", "Billing problem in "},
    {"Hard to use", "Hard to use: "},
    {"Feature request", "Feature request for "},
    {"Question", "Question about "},
    {"Praise", "Praise for "},
    {"Feedback", "Feedback on "},
}};

/// A taxonomy's label: up to eight words and 60 bytes of letters, with blanks and a little punctuation between, and no
/// number longer than a version's. Engines are asked for such labels; whoever answers with a sentence is not believed.
bool isLabel(std::string_view label)
{
    if (label.empty() || label.size() > 60 || !text::isUtf8(label))
        return false;
    constexpr std::u32string_view kAllowed = U" -/&'(),.+";
    int words = 1, digits = 0;
    for (std::size_t at = 0; at < label.size();) {
        const char32_t c = text::decode(label, at);
        const bool digit = c >= U'0' && c <= U'9';
        digits = digit ? digits + 1 : 0;
        words += c == U' ';
        if (digits > 4 || words > 8 || !(digit || text::isLetter(c) || kAllowed.find(c) != std::u32string_view::npos))
            return false;
    }
    return label.find("//") == std::string_view::npos;
}

std::string capitalised(std::string_view label)
{
    std::string result(label);
    if (!result.empty() && result[0] >= 'a' && result[0] <= 'z')
        result[0] = char(result[0] - 'a' + 'A');
    return result;
}

}

std::string titleOf(const Incident &incident)
{
    const std::string_view component = isLabel(incident.component) ? std::string_view(incident.component) : std::string_view();
    const std::string_view symptom = isLabel(incident.symptom) ? std::string_view(incident.symptom) : std::string_view();
    const Phrase &phrase = kPhrases[std::size_t(incident.type)];
    if (symptom.empty())
        return component.empty() ? std::string(phrase.alone) : std::string(phrase.with) + std::string(component);
    if (component.empty() || text::lower(symptom).find(text::lower(component)) != std::string::npos)
        return capitalised(symptom);
    // one word of what happens reads as "Crash in …"; more read better behind the component
    if (symptom.find(' ') == std::string_view::npos)
        return capitalised(symptom) + " in " + std::string(component);
    return capitalised(component) + ": " + std::string(symptom);
}

}
