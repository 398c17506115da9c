#include "core/stages/mask/mask.h"

#include <algorithm>
#include <iterator>
#include <set>

#include "core/math/elementary.h"
#include "core/stages/mask/detectors.h"
#include "core/stages/mask/tagger.h"
#include "core/stages/mask/view.h"
#include "core/text/unicode.h"
#include "core/text/utf8.h"

namespace winnow::mask
{

namespace
{

constexpr std::string_view kOpen = "⟦", kClose = "⟧";
constexpr std::size_t kPseudonymLength = 8;

/// A name without the titles before it: the person stays the same.
std::string_view withoutTitles(std::string_view view)
{
    const Tokens words = wordsOf(view);
    std::size_t first = 0;
    while (first + 1 < words.words.size() && isA(words.words[first], Cue::Honorific))
        ++first;
    return words.words.empty() ? view : view.substr(words.words[first].start);
}

/// The value behind its writing: what is the same for one person gets one pseudonym.
std::string canonical(Type type, std::string_view view)
{
    std::string out;
    const auto keep = [&](auto good) {
        for (const char c : view)
            if (good(c))
                out += c >= 'A' && c <= 'Z' ? char(c + 32) : c;
    };
    switch (type) {
    case Type::Phone: {
        keep(isDigit);
        std::size_t zeros = 0; // 00 for +
        while (zeros < 2 && zeros < out.size() && out[zeros] == '0')
            ++zeros;
        if (zeros == 2)
            out.erase(0, 2);
        return out;
    }
    case Type::Card:
    case Type::Iban:
    case Type::Mac:
    case Type::NationalId:
    case Type::Licence:
    case Type::Passport:
    case Type::Device:
    case Type::Order:
    case Type::Account:
        keep(isWordChar);
        return out;
    case Type::ApiKey:
    case Type::Password:
    case Type::Url:
        return std::string(view);
    case Type::Username:
        if (view.starts_with('@'))
            view.remove_prefix(1);
        return text::foldCase(view);
    default:
        break;
    }
    if (type == Type::Person)
        view = withoutTitles(view);
    // words, folded, one blank between them
    const std::string folded = text::foldCase(view);
    bool space = false;
    for (const char c : folded) {
        if (c == ' ' || c == '\n' || c == '\t' || c == '.' || c == ',' || (c == '\'' && type == Type::Person)) {
            space = type != Type::Email || c == ' ';
            if (type == Type::Email && c == '.')
                out += c;
            continue;
        }
        if (space && !out.empty() && type != Type::Email)
            out += ' ';
        space = false;
        out += c;
    }
    return out;
}

/// A person, an address, a place or a firm: found by what stands around it, its borders are not proved.
bool isSoft(Type type)
{
    return type == Type::Person || type == Type::Address || type == Type::Place || type == Type::Organisation
        || type == Type::Occupation;
}

/// Finds of one soft type that overlap are one: "Anna" by a cue and "Anna Schmidt" by the tagger.
void unite(Finds &finds)
{
    std::stable_sort(finds.begin(), finds.end(), [](const Found &a, const Found &b) {
        return a.type != b.type ? a.type < b.type : a.span.start < b.span.start;
    });
    std::size_t kept = 0;
    for (std::size_t i = 1; i < finds.size(); ++i) {
        Found &last = finds[kept];
        const Found &next = finds[i];
        if (next.type == last.type && isSoft(next.type) && next.span.start < last.span.end) {
            last.span.end = std::max(last.span.end, next.span.end);
            if (next.score > last.score) {
                last.score = next.score;
                last.detector = next.detector;
            }
        } else {
            finds[++kept] = next;
        }
    }
    finds.resize(kept + 1);
}

/// What is left of an address or name beside finds that are surer, a house number taken for a phone number say.
void addRests(std::string_view text, const Found &found, const std::set<ByteSpan> &sorted, Finds &kept)
{
    std::uint32_t at = found.span.start;
    const auto add = [&](std::uint32_t end) {
        while (at < end && !(text[at] & 0x80) && !isWordChar(text[at]))
            ++at;
        while (end > at && !(text[end - 1] & 0x80) && !isWordChar(text[end - 1]))
            --end;
        if (end >= at + 3)
            kept.push_back({{at, end}, found.type, found.score, found.detector});
    };
    auto next = sorted.lower_bound(ByteSpan{found.span.start, 0});
    if (next != sorted.begin() && std::prev(next)->end > at)
        at = std::prev(next)->end;
    for (; next != sorted.end() && next->start < found.span.end; ++next) {
        if (next->start > at)
            add(next->start);
        at = next->end;
    }
    if (at < found.span.end)
        add(found.span.end);
}

/// Takes the title before a name into the name: "Mrs Schmidt" says more than "Schmidt".
void takeTitles(const Scene &scene, Finds &finds)
{
    const auto &words = scene.tokens.words;
    for (Found &found : finds) {
        if (found.type != Type::Person)
            continue;
        std::size_t first = tokenAt(scene.tokens, found.span.start);
        while (first > 0 && first < words.size() && isA(words[first - 1], Cue::Honorific)
               && (words[first - 1].upperFirst || scene.caseless)) {
            const std::string_view gap =
                scene.text.substr(words[first - 1].end, words[first].start - words[first - 1].end);
            if (gap != " " && gap != ". " && gap != ".")
                break;
            --first;
        }
        if (first < words.size())
            found.span.start = std::min(found.span.start, words[first].start);
    }
}

/// What someone does identifies nobody but beside a name or a firm.
void dropLoneOccupations(Finds &finds)
{
    constexpr std::uint32_t kBeside = 8;
    if (std::none_of(finds.begin(), finds.end(), [](const Found &found) { return found.type == Type::Occupation; }))
        return;
    std::stable_sort(finds.begin(), finds.end(),
                     [](const Found &a, const Found &b) { return a.span.start < b.span.start; });
    const auto isName = [](const Found &found) {
        return found.type == Type::Person || found.type == Type::Organisation;
    };
    Finds kept;
    for (std::size_t i = 0; i < finds.size(); ++i) {
        const bool beside = (i > 0 && isName(finds[i - 1]) && finds[i - 1].span.end + kBeside >= finds[i].span.start)
            || (i + 1 < finds.size() && isName(finds[i + 1]) && finds[i + 1].span.start <= finds[i].span.end + kBeside);
        if (finds[i].type != Type::Occupation || beside)
            kept.push_back(finds[i]);
    }
    finds = std::move(kept);
}

/// A name that was found once is a name wherever it stands again: "Anna Schmidt … said Schmidt".
void takeNamesAgain(const Scene &scene, const Tagger &tagger, Finds &finds)
{
    const auto &words = scene.tokens.words;
    std::vector<std::uint32_t> names;
    for (const Found &found : finds) {
        if (found.type != Type::Person)
            continue;
        for (std::size_t i = tokenAt(scene.tokens, found.span.start);
             i < words.size() && words[i].end <= found.span.end; ++i)
            if (words[i].end - words[i].start >= 4 && !words[i].digits && !isA(words[i], Cue::Common)
                && !isA(words[i], Cue::Honorific) && !(tagger.knownAs(words[i]) & KnownCommon))
                names.push_back(words[i].hash);
    }
    if (names.empty())
        return;
    std::sort(names.begin(), names.end());
    for (const Token &word : words)
        if ((word.upperFirst || scene.caseless) && std::binary_search(names.begin(), names.end(), word.hash))
            finds.push_back({word.span(), Type::Person, 0.5, "person_again"});
}

/// Keeps the surest of those that overlap; where they are equally sure the longest, then the first.
void resolve(std::string_view text, Finds &finds)
{
    if (finds.size() < 2)
        return;
    unite(finds);
    // what proves itself, or was announced, goes before what a name only looks like
    const auto rank = [](const Found &found) {
        return found.score + (!isSoft(found.type) && found.score >= 0.7 ? 1 : 0);
    };
    std::stable_sort(finds.begin(), finds.end(), [&](const Found &a, const Found &b) {
        if (rank(a) != rank(b))
            return rank(a) > rank(b);
        if (a.span.size() != b.span.size())
            return a.span.size() > b.span.size();
        return a.span.start < b.span.start;
    });
    // the kept ones by their start, without overlap: a new one is checked against its two neighbours only
    Finds kept;
    std::set<ByteSpan> sorted;
    for (const Found &found : finds) {
        const auto next = sorted.lower_bound({found.span.start, 0});
        if ((next == sorted.end() || next->start >= found.span.end)
            && (next == sorted.begin() || std::prev(next)->end <= found.span.start)) {
            sorted.insert(found.span);
            kept.push_back(found);
        } else if (isSoft(found.type)) {
            Finds rests;
            addRests(text, found, sorted, rests);
            for (const Found &rest : rests) {
                sorted.insert(rest.span);
                kept.push_back(rest);
            }
        }
    }
    std::sort(kept.begin(), kept.end(), [](const Found &a, const Found &b) { return a.span.start < b.span.start; });
    finds = std::move(kept);
}

class Masker
{
public:
    Masker(const Digest &key, const Options &options, const Tagger &tagger)
        : m_key(key)
        , m_tagger(tagger)
        , m_options(options)
    {
        for (const std::string &word : options.allow)
            m_allow.push_back(text::foldCase(word));
        std::sort(m_allow.begin(), m_allow.end());
    }

    Masked mask(const Item &item)
    {
        Masked out;
        m_view.look(item.text);
        find(item.lang);
        write(item.text, out);
        return out;
    }

private:
    void find(std::string_view lang)
    {
        m_finds.clear();
        const std::string_view text = m_view.text();
        tokenise(text, m_tokens);
        const Scene scene = sceneOf(text, m_tokens, lang);
        if (mayTell(text))
            look(scene);
        else if (m_tokens.digits > 0)
            findProfile(scene, m_finds);
        m_tagger.find(scene, m_finds);
        if (m_finds.empty())
            return;
        dropLoneOccupations(m_finds);
        takeNamesAgain(scene, m_tagger, m_finds);
        takeTitles(scene, m_finds);
        resolve(text, m_finds);
    }

    /// Without a digit, a sign or a cue nothing is found by rules.
    [[nodiscard]] bool mayTell(std::string_view text) const
    {
        constexpr auto bit = [](Cue cue) { return 1u << unsigned(cue); };
        constexpr std::uint32_t kTelling = bit(Cue::Username) | bit(Cue::Password) | bit(Cue::NameIs)
            | bit(Cue::SignOff) | bit(Cue::Thanks) | bit(Cue::Honorific) | bit(Cue::Kin) | bit(Cue::Role)
            | bit(Cue::Dot);
        constexpr std::uint32_t kTellingWithDigit =
            bit(Cue::LiveAt) | bit(Cue::AddressIs) | bit(Cue::Street) | bit(Cue::Unit);
        return m_tokens.digits >= 3 || (m_tokens.cues & kTelling) || m_tokens.given
            || (m_tokens.digits > 0 && (m_tokens.cues & kTellingWithDigit))
            || text.find_first_of("@:/([{") != std::string_view::npos;
    }

    void look(const Scene &scene)
    {
        findAddresses(scene, m_finds);
        if (m_tokens.digits >= 3 || scene.text.find(':') != std::string_view::npos)
            findMachines(scene, m_finds);
        findNumbers(scene, m_finds);
        findByContext(scene, m_finds);
        findProfile(scene, m_finds);
        findPersons(scene, m_finds);
        findPlaces(scene, m_finds);
        std::stable_sort(m_finds.begin(), m_finds.end(),
                         [](const Found &a, const Found &b) { return a.span.start < b.span.start; });
        findPhones(scene, m_finds);
    }

    [[nodiscard]] bool stays(const Found &found, std::string_view words) const
    {
        if (std::find(m_options.offTypes.begin(), m_options.offTypes.end(), nameOf(found.type))
            != m_options.offTypes.end())
            return true;
        return !m_allow.empty() && std::binary_search(m_allow.begin(), m_allow.end(), text::foldCase(words));
    }

    void write(std::string_view text, Masked &out) const
    {
        const bool brackets = text.find(kOpen) != std::string_view::npos || text.find(kClose) != std::string_view::npos;
        if (m_finds.empty() && !brackets) {
            out.text = text;
            return;
        }
        std::size_t done = 0;
        out.text.reserve(text.size() + m_finds.size() * 24);
        for (const Found &found : m_finds) {
            const std::string_view seen = found.span.of(m_view.text());
            const ByteSpan source = m_view.toSource(found.span);
            if (stays(found, seen))
                continue;
            copy(text, done, source.start, out);
            PiiSpan span;
            span.source = source;
            span.type = nameOf(found.type);
            span.score = math::round6(found.score);
            span.detector = found.detector;
            span.pseudonym = pseudonym(m_key, span.type, canonical(found.type, seen));
            const auto start = std::uint32_t(out.text.size());
            out.text += kOpen;
            out.text += span.type;
            out.text += '_';
            out.text += span.pseudonym;
            out.text += kClose;
            span.masked = {start, std::uint32_t(out.text.size())};
            out.toSource.add(source, span.masked);
            out.spans.push_back(std::move(span));
            done = source.end;
        }
        copy(text, done, text.size(), out);
    }

    /// What stays; ⟦ and ⟧ of the sender become [ and ].
    static void copy(std::string_view text, std::size_t start, std::size_t end, Masked &out)
    {
        std::string_view rest = text.substr(0, end);
        for (std::size_t at = start; (at = rest.find("\xe2\x9f", at)) != std::string_view::npos;) {
            const std::string_view here = rest.substr(at, kOpen.size());
            if (here != kOpen && here != kClose) {
                at += 2;
                continue;
            }
            out.text.append(rest, start, at - start);
            const auto to = std::uint32_t(out.text.size());
            out.text += here == kOpen ? '[' : ']';
            out.toSource.add({std::uint32_t(at), std::uint32_t(at + here.size())}, {to, to + 1});
            at += here.size();
            start = at;
        }
        out.text.append(rest, start, end - start);
    }

    const Digest &m_key;
    const Tagger &m_tagger;
    const Options &m_options;
    std::vector<std::string> m_allow;
    View m_view;
    Tokens m_tokens;
    Finds m_finds;
};

}

std::string_view nameOf(Type type)
{
    switch (type) {
    case Type::Email:
        return "EMAIL_ADDRESS";
    case Type::Phone:
        return "PHONE_NUMBER";
    case Type::Card:
        return "CREDIT_CARD";
    case Type::Iban:
        return "IBAN_CODE";
    case Type::Ip:
        return "IP_ADDRESS";
    case Type::Mac:
        return "MAC_ADDRESS";
    case Type::Url:
        return "URL";
    case Type::ApiKey:
        return "API_KEY";
    case Type::Order:
        return "ORDER_ID";
    case Type::Account:
        return "ACCOUNT_ID";
    case Type::Username:
        return "USERNAME";
    case Type::Password:
        return "PASSWORD";
    case Type::BirthDate:
        return "DATE_OF_BIRTH";
    case Type::NationalId:
        return "NATIONAL_ID";
    case Type::Licence:
        return "DRIVER_LICENSE";
    case Type::Passport:
        return "PASSPORT";
    case Type::Device:
        return "DEVICE_ID";
    case Type::Person:
        return "PERSON";
    case Type::Address:
        return "ADDRESS";
    case Type::Place:
        return "LOCATION";
    case Type::Organisation:
        return "ORGANIZATION";
    case Type::Occupation:
        return "OCCUPATION";
    case Type::Age:
        return "AGE";
    case Type::Plate:
        return "LICENSE_PLATE";
    case Type::Coordinates:
        return "COORDINATES";
    }
    return "OTHER";
}

std::string pseudonym(const Digest &key, std::string_view type, std::string_view canonicalValue)
{
    std::string value(type);
    value += '\x1f';
    value += canonicalValue;
    return base32(hmacSha256(key, value), kPseudonymLength);
}

Result<Output> run(const Input &input, const Options &options, std::stop_token stop)
{
    Output output;
    output.items.reserve(input.items.size());
    const auto tagger = Tagger::shipped();
    if (!tagger)
        return tl::unexpected(tagger.error());
    Masker masker(input.key, options, **tagger);
    for (const Item &item : input.items) {
        if (stop.stop_requested())
            return fail(ErrorCode::Cancelled, "mask: stopped");
        output.items.push_back(masker.mask(item));
    }
    return output;
}

}
