// Names of persons by what stands around them, and postal addresses.

#include <algorithm>
#include <array>

#include "core/stages/mask/detectors.h"
#include "core/text/unicode.h"
#include "core/text/utf8.h"

namespace winnow::mask
{

namespace
{

constexpr std::size_t kMostNames = 4;

bool isParticle(std::string_view word)
{
    constexpr std::array kParticles{
        std::string_view("de"),  std::string_view("da"),  std::string_view("do"),    std::string_view("dos"),
        std::string_view("das"), std::string_view("del"), std::string_view("della"), std::string_view("di"),
        std::string_view("van"), std::string_view("von"), std::string_view("der"),   std::string_view("den"),
        std::string_view("ter"), std::string_view("ten"), std::string_view("la"),    std::string_view("le"),
        std::string_view("bin"), std::string_view("ibn"), std::string_view("ben"),   std::string_view("al"),
        std::string_view("el"),  std::string_view("st"),  std::string_view("zu"),    std::string_view("af"),
        std::string_view("y")};
    return word.size() <= 5
        && std::find(kParticles.begin(), kParticles.end(), text::foldCase(word)) != kParticles.end();
}

/// Latin, Cyrillic or Greek: scripts in which a name starts with a capital.
bool isCased(std::string_view word)
{
    std::size_t at = 0;
    const char32_t c = text::decode(word, at);
    return c < 0x530 || (c >= 0x1e00 && c < 0x2000);
}

class NameReader
{
public:
    explicit NameReader(const Scene &scene)
        : m_scene(scene)
        , m_words(scene.tokens.words)
    {
    }

    [[nodiscard]] std::string_view gap(std::size_t i) const
    {
        return m_scene.text.substr(m_words[i].end, m_words[i + 1].start - m_words[i].end);
    }
    [[nodiscard]] std::string_view word(std::size_t i) const { return m_words[i].span().of(m_scene.text); }

    /// A capitalised word that is no everyday word.
    [[nodiscard]] bool isName(std::size_t i) const
    {
        const Token &token = m_words[i];
        return token.letters && !token.digits && token.upperFirst && token.end - token.start <= 40
            && !isA(token, Cue::Common)
            && !(token.upperAll && token.end - token.start > 2 && !m_scene.caseless && !upperName(i));
    }
    [[nodiscard]] bool isInitial(std::size_t i) const
    {
        return m_words[i].upperFirst && m_words[i].end - m_words[i].start == 1;
    }

    /// End (behind the last word) of the name that starts at word `i`; `i` where none does.
    [[nodiscard]] std::size_t capitalised(std::size_t i) const
    {
        std::size_t end = i, at = i;
        while (at < m_words.size() && at < i + kMostNames + 2) {
            if (isName(at) || (isInitial(at) && (at > i || dottedInitial(at)))) {
                end = at + 1;
            } else if (!(at > i && isParticle(word(at)))) {
                break;
            }
            if (end - i >= kMostNames || at + 1 >= m_words.size() || !binds(at))
                break;
            ++at;
        }
        return end;
    }

    /// The same for a name in small letters: until punctuation or an everyday word.
    [[nodiscard]] std::size_t small(std::size_t i) const
    {
        std::size_t end = i, at = i;
        while (at < m_words.size() && at < i + 3) {
            const Token &token = m_words[at];
            const bool particle = at > i && isParticle(word(at));
            if (!token.letters || token.digits || token.end - token.start < 2
                || (!particle && (isA(token, Cue::Common) || isA(token, Cue::Filler))))
                break;
            if (!particle)
                end = at + 1;
            if (at + 1 >= m_words.size() || !binds(at))
                break;
            ++at;
        }
        return end;
    }

    /// Nothing of the sentence goes on behind word `i`: punctuation, a line end, or the end.
    [[nodiscard]] bool closes(std::size_t i) const
    {
        if (i + 1 >= m_words.size())
            return true;
        return gap(i).find_first_of(".,;:!?\n)|") != std::string_view::npos;
    }

private:
    /// A blank, hyphen or apostrophe, or the dot of an initial, holds two words together.
    [[nodiscard]] bool binds(std::size_t i) const
    {
        const std::string_view between = gap(i);
        if (between == " " || between == "-" || between == "'")
            return true;
        return between == ". " && (isInitial(i) || isA(m_words[i], Cue::Honorific));
    }
    [[nodiscard]] bool dottedInitial(std::size_t i) const
    {
        return i + 1 < m_words.size() && (gap(i) == ". " || gap(i) == ".");
    }
    /// A name in capitals ("JOHN SMITH") has a neighbour in capitals and small letters around it.
    [[nodiscard]] bool upperName(std::size_t i) const
    {
        return (i + 1 < m_words.size() && m_words[i + 1].upperAll && gap(i) == " ")
            || (i > 0 && m_words[i - 1].upperAll && gap(i - 1) == " ");
    }

    const Scene &m_scene;
    const std::vector<Token> &m_words;
};

bool lightGap(std::string_view gap, std::string_view allowed)
{
    return gap.size() <= 6 && gap.find_first_not_of(allowed) == std::string_view::npos;
}

void addName(const Scene &scene, std::size_t first, std::size_t end, double score, const char *detector, Finds &finds)
{
    const auto &words = scene.tokens.words;
    const ByteSpan span{words[first].start, words[end - 1].end};
    if (!taken(finds, span))
        finds.push_back({span, Type::Person, score, detector});
}

}

void findPersons(const Scene &scene, Finds &finds)
{
    const auto &words = scene.tokens.words;
    const NameReader names(scene);
    for (const Hit &hit : scene.tokens.hits) {
        std::size_t next = hit.end;
        while (hit.cue != Cue::Honorific && next + 1 < words.size() && words[next].upperFirst
               && isA(words[next], Cue::Honorific) && lightGap(names.gap(next), " ."))
            ++next; // "spoke to Mr. Henderson": the title is no part of the name
        if (next >= words.size())
            break;
        const std::string_view gap = names.gap(next - 1);
        switch (hit.cue) {
        case Cue::NameIs: {
            if (!lightGap(gap, " :\n-'\"=,"))
                break;
            std::size_t end = names.capitalised(next);
            if (end == next && (scene.caseless || !words[next].upperFirst) && isCased(names.word(next))
                && hit.end - hit.first >= 2)
                end = names.small(next);
            if (end > next)
                addName(scene, next, end, 0.9, "person_named", finds);
            break;
        }
        case Cue::SignOff: {
            if (!lightGap(gap, " ,.!:;\n\r-~*_"))
                break;
            std::size_t end = names.capitalised(next);
            const bool tight = gap.find_first_of(",:\n") != std::string_view::npos;
            if (end == next && tight && (scene.caseless || !words[next].upperFirst)) {
                end = names.small(next);
                if (end > next && !names.closes(end - 1))
                    end = next;
            }
            if (end > next && (tight || end - next >= 2 || names.closes(end - 1)))
                addName(scene, next, end, 0.85, "person_signed", finds);
            break;
        }
        case Cue::Thanks: {
            if (scene.caseless || !lightGap(gap, " ,.!:;\n\r-~*_"))
                break;
            const std::size_t end = names.capitalised(next);
            const bool tight = gap.find_first_of(",\n") != std::string_view::npos;
            if (end >= next + 2 || (end == next + 1 && tight && end == words.size()))
                addName(scene, next, end, 0.6, "person_thanks", finds);
            break;
        }
        case Cue::Honorific: {
            if (scene.caseless || !lightGap(gap, " .") || gap.empty() || !words[hit.first].upperFirst
                || words[hit.first].upperAll)
                break;
            const std::size_t end = names.capitalised(next);
            if (end > next)
                addName(scene, next, end, 0.8, "person_titled", finds);
            break;
        }
        case Cue::Kin: {
            if (scene.caseless || !lightGap(gap, " ,("))
                break;
            const std::size_t end = names.capitalised(next);
            if (end > next)
                addName(scene, next, end, 0.7, "person_kin", finds);
            break;
        }
        default:
            break;
        }
    }
}

namespace
{

/// Words that carry their street in them: "Sludevej", "Kronwiesenweg", "Hauptstr".
bool endsInStreet(std::string_view word)
{
    if (word.size() < 6)
        return false;
    const std::string folded = text::foldCase(word);
    for (const std::string_view ending :
         {"strasse", "straße", "str",   "weg",   "gasse", "platz", "allee",  "vej",    "gade", "gata",
          "gatan",   "vägen",  "veien", "vegen", "tie",   "katu",  "kuja",   "straat", "laan", "plein",
          "gracht",  "dijk",   "utca",  "ring",  "damm",  "stig",  "stigen", "backen"})
        if (folded.ends_with(ending) && folded.size() > ending.size() + 2)
            return true;
    return false;
}

bool isConnector(std::string_view word)
{
    if (isParticle(word))
        return true;
    const std::string folded = text::foldCase(word);
    for (const std::string_view known :
         {"of", "am", "an",  "im",   "in",    "du",   "des",  "d",     "l",   "t",   "op",   "aan", "nad", "pod", "pri",
          "no", "nr", "apt", "apto", "suite", "unit", "flat", "floor", "po",  "box", "bus",  "bis", "ter", "etg", "th",
          "st", "og", "et",  "und",  "e",     "i",    "sur",  "sous",  "les", "lès", "piso", "esc", "s",   "n"})
        if (folded == known)
            return true;
    return false;
}

struct Place {
    std::size_t end = 0; ///< behind the last word that counts
    std::size_t numbers = 0;
    std::size_t names = 0;
    bool street = false;
};

/// Reads numbers, capitalised words and street words as far as they hang together.
Place readPlace(const Scene &scene, std::size_t first)
{
    const auto &words = scene.tokens.words;
    const NameReader names(scene);
    Place place{first, 0, 0, false};
    for (std::size_t i = first; i < words.size() && i < first + 14; ++i) {
        const Token &word = words[i];
        const std::string_view text = names.word(i);
        const bool street = isA(word, Cue::Street) || endsInStreet(text);
        if (word.digits) {
            if (word.end - word.start > 8)
                break;
            ++place.numbers;
            place.end = i + 1;
        } else if ((word.upperFirst && !isA(word, Cue::Filler) && (!isA(word, Cue::Common) || street))
                   || (street && (word.upperFirst || scene.caseless || i > first))) {
            place.names += !street || endsInStreet(text);
            place.street = place.street || street;
            place.end = i + 1;
        } else if (scene.caseless && word.letters && !isA(word, Cue::Common) && !isA(word, Cue::Filler)
                   && place.end + 2 >= i) {
            ++place.names;
            place.end = i + 1;
        } else if (!isConnector(text)) {
            break;
        }
        if (i + 1 < words.size()) {
            const std::string_view gap = names.gap(i);
            if (gap.size() > 4 || gap.find_first_not_of(" ,.-/'\n|#()º°") != std::string_view::npos
                || gap.find("\n\n") != std::string_view::npos)
                break;
            // a full stop ends a sentence unless an abbreviation or a number stands before it
            if (gap.find(". ") != std::string_view::npos && !(word.end - word.start <= 4 || street))
                break;
        }
    }
    return place;
}

void addPlace(const Scene &scene, std::size_t first, std::size_t end, double score, const char *detector, Finds &finds)
{
    const auto &words = scene.tokens.words;
    const ByteSpan span{words[first].start, words[end - 1].end};
    if (!taken(finds, span))
        finds.push_back({span, Type::Address, score, detector});
}

}

void findPlaces(const Scene &scene, Finds &finds)
{
    if (scene.tokens.digits == 0)
        return;
    const auto &words = scene.tokens.words;
    const NameReader names(scene);
    for (const Hit &hit : scene.tokens.hits) {
        if ((hit.cue != Cue::LiveAt && hit.cue != Cue::AddressIs) || hit.end >= words.size()
            || !lightGap(names.gap(hit.end - 1), " :\n,-"))
            continue;
        std::size_t first = hit.end;
        while (first < words.size() && first < hit.end + 3 && !words[first].digits && !words[first].upperFirst
               && phraseAt(scene.tokens, first, Cue::Filler))
            ++first;
        const Place place = readPlace(scene, first);
        if (place.numbers > 0 && place.names > 0
            && (place.street || place.names + place.numbers >= 3 || hit.cue == Cue::LiveAt)
            && (!scene.caseless || place.street))
            addPlace(scene, first, place.end, 0.8, "address_told", finds);
    }
    if (!scene.tokens.has(Cue::Street) && scene.tokens.digits < 2)
        return;
    for (std::size_t i = 0; i < words.size(); ++i) {
        const bool suffix = !words[i].digits && words[i].upperFirst && endsInStreet(names.word(i));
        if (!suffix && !(words[i].upperFirst && isA(words[i], Cue::Street)))
            continue;
        std::size_t first = i;
        bool good = false;
        if (suffix) { // Sludevej 65
            good = i + 1 < words.size() && words[i + 1].digits && names.gap(i) == " ";
        } else { // 363 Mosman Rd; Rue Igreja 25; Nieuwe Baan 473
            std::size_t back = i, capitals = 0;
            while (back > 0 && capitals < 3 && names.gap(back - 1) == " " && names.isName(back - 1)) {
                --back;
                ++capitals;
            }
            if (capitals > 0 && back > 0 && words[back - 1].digits && !words[back - 1].letters
                && words[back - 1].end - words[back - 1].start <= 5 && lightGap(names.gap(back - 1), " ,")) {
                first = back - 1;
                good = true;
            } else {
                const std::size_t end = names.capitalised(i + 1);
                const std::size_t number = std::max(end, i + 1);
                if ((end > i + 1 || capitals > 0) && number < words.size() && words[number].digits
                    && words[number].end - words[number].start <= 5 && lightGap(names.gap(number - 1), " ,.")) {
                    good = true;
                    first = end > i + 1 ? i : back;
                } else if (i > 0 && words[i - 1].digits && !words[i - 1].letters && end > i + 1
                           && lightGap(names.gap(i - 1), " ,")) {
                    first = i - 1; // 12 rue Victor Hugo
                    good = true;
                }
            }
        }
        if (!good || scene.caseless)
            continue;
        const Place place = readPlace(scene, first);
        if (place.end > i) {
            addPlace(scene, first, place.end, 0.7, "address_form", finds);
            i = place.end - 1;
        }
    }
}

}
