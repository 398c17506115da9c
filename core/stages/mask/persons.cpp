// Names of persons by what stands around them, and postal addresses.

#include <algorithm>
#include <array>

#include "core/stages/mask/detectors.h"
#include "core/stages/mask/names.h"
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
    /// \param told  a cue says so: then a given name may be an everyday word too ("My name is Will")
    [[nodiscard]] bool isName(std::size_t i, bool told = false) const
    {
        const Token &token = m_words[i];
        if (!token.letters || token.digits || !token.upperFirst || token.end - token.start > 40
            || isA(token, Cue::Honorific))
            return false;
        if (isA(token, Cue::SignOff) || isA(token, Cue::Thanks))
            return false;
        if (isA(token, Cue::Common) && !(told && given(i) != Given::No && !isA(token, Cue::Filler)))
            return false;
        return !token.upperAll || token.end - token.start <= 2 || m_scene.caseless || upperName(i);
    }
    [[nodiscard]] Given given(std::size_t i) const { return givenName(m_words[i].hash); }
    [[nodiscard]] bool isInitial(std::size_t i) const
    {
        return m_words[i].upperFirst && m_words[i].end - m_words[i].start == 1;
    }

    /// End (behind the last word) of the name that starts at word `i`; `i` where none does.
    [[nodiscard]] std::size_t capitalised(std::size_t i, bool told = false) const
    {
        std::size_t end = i, at = i;
        while (at < m_words.size() && at < i + kMostNames + 2) {
            if (isName(at, told && at == i) || (isInitial(at) && (at > i || dottedInitial(at)))) {
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

    /// The same for a name in small letters: until punctuation, a capital or an everyday word.
    [[nodiscard]] std::size_t small(std::size_t i, std::size_t most = 3) const
    {
        std::size_t end = i, at = i;
        while (at < m_words.size() && at < i + most) {
            const Token &token = m_words[at];
            const bool particle = at > i && isParticle(word(at));
            if (!token.letters || token.digits || token.end - token.start < 2 || (token.upperFirst && !m_scene.caseless)
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

    /// A given name in small letters and the word behind it, unless that looks like a verb ("maria loves").
    [[nodiscard]] std::size_t smallGiven(std::size_t i) const
    {
        if (m_words[i].upperFirst || given(i) != Given::Yes)
            return i;
        const std::size_t end = small(i);
        if (end <= i + 1 || closes(end - 1))
            return std::max(end, i + 1);
        const std::string_view last = word(i + 1);
        const bool verb = last.ends_with('s') || last.ends_with("ed") || last.ends_with("ing") || last.ends_with("en")
            || last.ends_with("t");
        return verb ? i + 1 : i + 2;
    }

    /// Nothing of the sentence goes on behind word `i`: punctuation, a line end, or the end.
    [[nodiscard]] bool closes(std::size_t i) const
    {
        if (i + 1 >= m_words.size())
            return true;
        return gap(i).find_first_of(".,;:!?\n)|") != std::string_view::npos
            || (m_words[i + 1].upperFirst && !m_words[i].upperFirst);
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
    finds.push_back({{words[first].start, words[end - 1].end}, Type::Person, score, detector});
}

}

namespace
{

/// What follows a cue, by the kind of the cue.
class CuedNames
{
public:
    CuedNames(const Scene &scene, const NameReader &names, Finds &finds)
        : m_scene(scene)
        , m_words(scene.tokens.words)
        , m_names(names)
        , m_finds(finds)
    {
    }

    void look(const Hit &hit)
    {
        std::size_t next = hit.end;
        while (hit.cue != Cue::Honorific && next + 1 < m_words.size() && m_words[next].upperFirst
               && isA(m_words[next], Cue::Honorific) && lightGap(m_names.gap(next), " ."))
            ++next; // "spoke to Mr. Henderson": the title is no part of the name
        if (next >= m_words.size())
            return;
        m_gap = m_names.gap(next - 1);
        m_upper = m_words[next].upperFirst && !m_scene.caseless;
        switch (hit.cue) {
        case Cue::NameIs:
            named(hit, next);
            break;
        case Cue::SignOff:
            signedBy(next);
            break;
        case Cue::Thanks:
            thanked(hit, next);
            break;
        case Cue::Honorific:
            titled(hit, next);
            break;
        case Cue::Kin:
            related(next, 0.7, "person_kin", true);
            break;
        case Cue::Role:
            related(next, 0.65, "person_role", hit.end - hit.first >= 2);
            break;
        case Cue::IAm:
            introduced(next);
            break;
        default:
            break;
        }
    }

private:
    void add(std::size_t first, std::size_t end, double score, const char *detector)
    {
        if (end > first)
            addName(m_scene, first, end, score, detector, m_finds);
    }

    void named(const Hit &hit, std::size_t next)
    {
        const bool field = hit.end - hit.first == 1 || m_gap.find(':') != std::string_view::npos;
        if (!lightGap(m_gap, " :\n-'\"=,\t|*") || (field && m_gap.find(':') == std::string_view::npos))
            return;
        std::size_t end = m_names.capitalised(next, true);
        if (end == next && !m_upper && isCased(m_names.word(next)))
            end = hit.end - hit.first < 3 ? m_names.smallGiven(next) : m_names.small(next);
        add(next, end, 0.9, "person_named");
    }

    void signedBy(std::size_t next)
    {
        if (!lightGap(m_gap, " ,.!:;\n\r-~*_"))
            return;
        std::size_t end = m_names.capitalised(next, true);
        const bool tight = m_gap.find_first_of(",:\n") != std::string_view::npos;
        if (end == next && !m_upper) {
            end = m_names.smallGiven(next);
            if (end == next && tight)
                if (end = m_names.small(next); end > next && !m_names.closes(end - 1))
                    end = next;
        }
        if (end > next && (tight || end - next >= 2 || m_names.given(next) == Given::Yes || m_names.closes(end - 1)))
            add(next, end, 0.85, "person_signed");
    }

    /// An address or number right before: "… or 052 274 52 15, thanks Anna".
    [[nodiscard]] bool followsContact(const Hit &hit) const
    {
        const std::size_t at = m_words[hit.first].start;
        const std::string_view before = m_scene.text.substr(at > 24 ? at - 24 : 0, std::min<std::size_t>(at, 24));
        return before.find('@') != std::string_view::npos || digitsOf(before).size() >= 7;
    }

    void thanked(const Hit &hit, std::size_t next)
    {
        if (!lightGap(m_gap, " ,.!:;\n\r-~*_"))
            return;
        if (!m_upper)
            return add(next, followsContact(hit) ? m_names.small(next, 2) : m_names.smallGiven(next), 0.6,
                       "person_thanks");
        const std::size_t end = m_names.capitalised(next, true);
        const bool line = m_gap.find_first_of("\n,") != std::string_view::npos;
        const Given given = m_names.given(next);
        if (end > next
            && (given == Given::Yes || (given == Given::Maybe && (line || end >= next + 2)) || followsContact(hit)
                || (line && end >= next + 2 && m_names.closes(end - 1) && !m_scene.titled)))
            add(next, end, 0.6, "person_thanks");
    }

    void titled(const Hit &hit, std::size_t next)
    {
        const Token &title = m_words[hit.first];
        const bool dot = m_gap.starts_with('.');
        if (!lightGap(m_gap, " .") || m_gap.empty() || (!title.upperFirst && !dot) || title.upperAll || !m_upper
            || (m_scene.titled && !dot))
            return;
        add(next, m_names.capitalised(next, true), 0.8, "person_titled");
    }

    /// \param alone  one capitalised word that is not known as a name will do
    void related(std::size_t next, double score, const char *detector, bool alone)
    {
        if (!lightGap(m_gap, " ,(:"))
            return;
        if (!m_upper)
            return add(next, m_names.smallGiven(next), score, detector);
        const std::size_t end = m_names.capitalised(next, true);
        if (end > next && (m_names.given(next) != Given::No || ((alone || end >= next + 2) && !m_scene.titled)))
            add(next, end, score, detector);
    }

    void introduced(std::size_t next)
    {
        if (!m_upper || m_scene.titled || !lightGap(m_gap, " ,:") || m_names.given(next) != Given::Yes)
            return;
        add(next, m_names.capitalised(next, true), 0.55, "person_introduced");
    }

    const Scene &m_scene;
    const std::vector<Token> &m_words;
    const NameReader &m_names;
    Finds &m_finds;
    std::string_view m_gap; ///< before the name
    bool m_upper = false; ///< the name starts with a capital that says something
};

/// What persons do in reviews: "Matthew was very helpful", "Sharon's".
bool isDeed(const Token &word)
{
    return isA(word, Cue::Deed);
}

/// "Anna Schmidt" anywhere: a given name and another name behind it; or a given name that does something.
void findFullNames(const Scene &scene, const NameReader &names, Finds &finds)
{
    if (scene.caseless || scene.titled)
        return;
    const auto &words = scene.tokens.words;
    for (std::size_t i = 0; i + 1 < words.size(); ++i) {
        if (!words[i].upperFirst || !names.isName(i))
            continue;
        const std::size_t end = names.capitalised(i);
        const Given given = names.given(i);
        if (end == i + 1 && given == Given::Yes
            && (names.gap(i) == "'" ? words[i + 1].end - words[i + 1].start == 1
                                    : names.gap(i) == " " && isDeed(words[i + 1])))
            addName(scene, i, end, 0.5, "person_subject", finds);
        if (end < i + 2)
            continue;
        const bool family = endsLikeFamilyName(names.word(end - 1));
        if (given == Given::Yes || family) {
            addName(scene, i, end, given == Given::Yes ? 0.7 : 0.55, "person_full", finds);
            i = end - 1;
        }
    }
}

}

void findPersons(const Scene &scene, Finds &finds)
{
    const NameReader names(scene);
    CuedNames cued(scene, names, finds);
    std::uint32_t behind = 0;
    for (const Hit &hit : scene.tokens.hits) {
        if (hit.first >= behind) // "user name is": the name inside another cue is none
            cued.look(hit);
        behind = std::max(behind, hit.end);
    }
    findFullNames(scene, names, finds);
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
         {"strasse", "straße", "str",    "weg",   "gasse", "platz",  "allee", "vej",  "gade",
          "gata",    "gatan",  "vägen",  "veien", "vegen", "tie",    "katu",  "kuja", "straat",
          "laan",    "plein",  "gracht", "dijk",  "utca",  "stigen", "backen"})
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
    finds.push_back({{words[first].start, words[end - 1].end}, Type::Address, score, detector});
}

/// "22829 Jagerij 64, Apt. 591, Mazée": a flat or box with a number, and what hangs together around it.
void findUnit(const Scene &scene, const NameReader &names, const Hit &hit, Finds &finds)
{
    const auto &words = scene.tokens.words;
    if (hit.end >= words.size() || !words[hit.end].digits || !lightGap(names.gap(hit.end - 1), " .:#-"))
        return;
    std::size_t first = hit.first, numbers = 0, capitals = 0;
    while (first > 0 && hit.first - first < 7) {
        const Token &word = words[first - 1];
        if (!lightGap(names.gap(first - 1), " ,.\n|/-#?")
            || names.gap(first - 1).find("\n\n") != std::string_view::npos)
            break;
        const std::string_view text = names.word(first - 1);
        if (word.digits ? word.end - word.start > 6 : !(word.upperFirst || isConnector(text) || isA(word, Cue::Street)))
            break;
        numbers += word.digits;
        capitals += word.letters && (word.upperFirst || isA(word, Cue::Street)) && !isA(word, Cue::Common);
        --first;
    }
    while (first < hit.first && !words[first].digits && !words[first].upperFirst)
        ++first;
    if (numbers == 0 || capitals == 0)
        return;
    // a name before the house number is a person's or a firm's
    std::size_t number = first;
    while (number < hit.first && !words[number].digits)
        ++number;
    if (number < hit.first && number > first && !isA(words[number - 1], Cue::Street)
        && names.gap(number - 1).find_first_of("\n|") != std::string_view::npos)
        first = number;
    const Place place = readPlace(scene, first);
    addPlace(scene, first, std::max(place.end, std::size_t(hit.end) + 1), 0.75, "address_unit", finds);
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
    if (scene.tokens.has(Cue::Unit))
        for (const Hit &hit : scene.tokens.hits)
            if (hit.cue == Cue::Unit)
                findUnit(scene, names, hit, finds);
    if (scene.caseless || scene.tokens.digits < 2)
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
        if (!good)
            continue;
        const Place place = readPlace(scene, first);
        if (place.end > i) {
            addPlace(scene, first, place.end, 0.7, "address_form", finds);
            i = place.end - 1;
        }
    }
}

}
