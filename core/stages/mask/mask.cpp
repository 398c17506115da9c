#include "core/stages/mask/mask.h"

#include <algorithm>
#include <iterator>
#include <set>

#include "core/math/elementary.h"
#include "core/stages/mask/detectors.h"
#include "core/stages/mask/view.h"
#include "core/text/unicode.h"
#include "core/text/utf8.h"

namespace winnow::mask
{

namespace
{

constexpr std::string_view kOpen = "⟦", kClose = "⟧";
constexpr std::size_t kPseudonymLength = 8;

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
    // words, folded, one blank between them
    const std::string folded = text::foldCase(view);
    bool space = false;
    for (const char c : folded) {
        if (c == ' ' || c == '\n' || c == '\t' || c == '.' || c == ',') {
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

/// What is left of an address beside finds that are surer, a house number taken for a phone number say.
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

/// Keeps the surest of those that overlap; where they are equally sure the longest, then the first.
void resolve(std::string_view text, Finds &finds)
{
    if (finds.size() < 2)
        return;
    std::stable_sort(finds.begin(), finds.end(), [](const Found &a, const Found &b) {
        if (a.score != b.score)
            return a.score > b.score;
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
        } else if (found.type == Type::Address) {
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

struct Capitals {
    bool none = false; ///< no capital at all, or nothing else
    bool titled = false;
};

/// What a capital says in this text.
Capitals lookAtCapitals(const Tokens &tokens)
{
    std::size_t words = 0, first = 0, all = 0;
    for (const Token &word : tokens.words) {
        if (!word.letters || word.end - word.start < 2)
            continue;
        ++words;
        first += word.upperFirst;
        all += word.upperAll;
    }
    return {words >= 4 && (first == 0 || all * 10 > words * 6), words >= 6 && first * 10 > words * 7};
}

class Masker
{
public:
    Masker(const Digest &key, const Options &options)
        : m_key(key)
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
        const bool at = text.find('@') != std::string_view::npos;
        const bool colon = text.find(':') != std::string_view::npos;
        constexpr auto bit = [](Cue cue) { return 1u << unsigned(cue); };
        constexpr std::uint32_t kTelling = bit(Cue::Username) | bit(Cue::Password) | bit(Cue::NameIs)
            | bit(Cue::SignOff) | bit(Cue::Thanks) | bit(Cue::Honorific) | bit(Cue::Kin) | bit(Cue::Role)
            | bit(Cue::Dot);
        constexpr std::uint32_t kTellingWithDigit =
            bit(Cue::LiveAt) | bit(Cue::AddressIs) | bit(Cue::Street) | bit(Cue::Unit);
        const bool slash = text.find('/') != std::string_view::npos;
        if (m_tokens.digits < 3 && !at && !colon && !slash && !(m_tokens.cues & kTelling) && !m_tokens.given
            && !(m_tokens.digits > 0 && (m_tokens.cues & kTellingWithDigit)))
            return;
        const Capitals capitals = lookAtCapitals(m_tokens);
        const Scene scene{text, m_tokens, lang, capitals.none, capitals.titled};
        findAddresses(scene, m_finds);
        if (m_tokens.digits >= 3 || colon)
            findMachines(scene, m_finds);
        findNumbers(scene, m_finds);
        findByContext(scene, m_finds);
        findPersons(scene, m_finds);
        findPlaces(scene, m_finds);
        std::stable_sort(m_finds.begin(), m_finds.end(),
                         [](const Found &a, const Found &b) { return a.span.start < b.span.start; });
        findPhones(scene, m_finds);
        if (!m_finds.empty())
            resolve(text, m_finds);
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
    Masker masker(input.key, options);
    for (const Item &item : input.items) {
        if (stop.stop_requested())
            return fail(ErrorCode::Cancelled, "mask: stopped");
        output.items.push_back(masker.mask(item));
    }
    return output;
}

}
