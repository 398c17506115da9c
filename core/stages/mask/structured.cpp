// E-mail, URL, handles, IP, MAC, keys.

#include <algorithm>
#include <array>

#include "core/stages/mask/detectors.h"
#include "core/text/unicode.h"
#include "core/text/utf8.h"

namespace winnow::mask
{

namespace
{

constexpr std::size_t kLongestLocal = 64, kLongestDomain = 253;

bool isLocalChar(char c)
{
    return isWordChar(c) || std::string_view("._%+-'&=").find(c) != std::string_view::npos || (c & 0x80);
}
bool isDomainChar(char c)
{
    return isWordChar(c) || c == '.' || c == '-' || (c & 0x80);
}

/// Cuts a span's end back to a character that is no part of a sentence's end.
std::size_t withoutTail(std::string_view text, std::size_t start, std::size_t end, std::string_view tail)
{
    while (end > start && tail.find(text[end - 1]) != std::string_view::npos)
        --end;
    return end;
}

/// Steps back from a byte inside a character that is no letter (an emoji, quotation marks).
bool endsInLetter(std::string_view text, std::size_t end)
{
    std::size_t at = end;
    const char32_t c = text::decodeBefore(text, at);
    return c < 0x80 || (text::isLetter(c) && c < 0x2e80);
}

bool isTopDomain(std::string_view label)
{
    return label.size() >= 2 && label.size() <= 24
        && std::all_of(label.begin(), label.end(), [](char c) { return isAsciiLetter(c) || (c & 0x80); });
}

/// Mail hosts that people write without their top domain.
bool isMailHost(std::string_view name)
{
    constexpr std::array kHosts{
        std::string_view("gmail"),   std::string_view("googlemail"), std::string_view("yahoo"),
        std::string_view("hotmail"), std::string_view("outlook"),    std::string_view("icloud"),
        std::string_view("aol"),     std::string_view("gmx"),        std::string_view("protonmail"),
        std::string_view("live"),    std::string_view("msn"),        std::string_view("ymail")};
    const std::string folded = text::foldCase(name);
    return std::find(kHosts.begin(), kHosts.end(), folded) != kHosts.end();
}

/// A top domain that mail addresses usually have: needed where blanks stand around the @.
bool isUsualDomain(std::string_view domain)
{
    const std::size_t dot = domain.rfind('.');
    if (dot == std::string_view::npos)
        return isMailHost(domain);
    const std::string top = text::foldCase(domain.substr(dot + 1));
    for (const std::string_view known :
         {"com", "org", "net", "edu", "gov", "info", "biz", "de", "fr", "es", "it", "pt", "nl", "pl", "uk", "ch",
          "at",  "be",  "se",  "no",  "dk",  "fi",   "cz",  "sk", "hu", "ro", "gr", "ie", "ru", "ua", "tr", "br",
          "mx",  "ar",  "cl",  "ca",  "us",  "au",   "nz",  "in", "jp", "cn", "kr", "za", "eu", "io"})
        if (top == known)
            return true;
    return false;
}

/// End of the domain that starts at `at`: labels with a top domain, or a known host; 0 where there is none.
std::size_t domainEnd(std::string_view text, std::size_t at)
{
    std::size_t end = at;
    while (end < text.size() && end - at < kLongestDomain && isDomainChar(text[end]))
        ++end;
    while (end > at && !text::isBorder(text, end))
        --end;
    while (end > at && ((text[end - 1] & 0x80) ? !endsInLetter(text, end) : !isWordChar(text[end - 1]))) {
        do
            --end;
        while (end > at && !text::isBorder(text, end));
    }
    // the last label that can be a top domain ends it: "me@host.com.thanks" is taken whole, "me@host.com..ok" is not
    if (const std::size_t twice = text.substr(at, end - at).find(".."); twice != std::string_view::npos)
        end = at + twice;
    while (end > at) {
        const std::string_view domain = text.substr(at, end - at);
        const std::size_t dot = domain.rfind('.');
        if (dot == std::string_view::npos)
            return isMailHost(domain) ? end : 0;
        if (dot > 0 && isTopDomain(domain.substr(dot + 1)))
            return end;
        end = at + dot;
    }
    return 0;
}

void findAtSigns(const Scene &scene, Finds &finds)
{
    const std::string_view text = scene.text;
    for (std::size_t at = text.find('@'); at != std::string_view::npos; at = text.find('@', at + 1)) {
        // one blank on either side happens: "name @ host.com"
        std::size_t left = at, right = at + 1;
        const bool spaced = left > 1 && text[left - 1] == ' ' && right < text.size() && text[right] == ' ';
        if (spaced) {
            --left;
            ++right;
        }
        std::size_t start = left;
        while (start > 0 && left - start < kLongestLocal && isLocalChar(text[start - 1]))
            --start;
        while (start < left
               && (!text::isBorder(text, start)
                   || !(isWordChar(text[start]) || text[start] == '_' || (text[start] & 0x80))))
            ++start;
        if (start < left && (text[start] & 0x80)) { // letters of other scripts may stand there, emoji and quotes not
            std::size_t next = start;
            if (const char32_t c = text::decode(text, next); !text::isLetter(c) || c >= 0x2e80) {
                while (start < left && (text[start] & 0x80))
                    ++start;
            }
        }
        const std::size_t end = start < left ? domainEnd(text, right) : 0;
        if (end > 0 && !(spaced && !isUsualDomain(text.substr(right, end - right)))) {
            finds.push_back({{std::uint32_t(start), std::uint32_t(end)}, Type::Email, 0.99, "email"});
            at = end - 1;
            continue;
        }
        // @handle
        if (at > 0 && (isWordChar(text[at - 1]) || text[at - 1] == '.' || text[at - 1] == '@'))
            continue;
        std::size_t last = at + 1;
        while (last < text.size() && last - at < 40
               && (isWordChar(text[last]) || text[last] == '_' || text[last] == '.'))
            ++last;
        last = withoutTail(text, at + 1, last, ".");
        if (last - at >= 4 && (isAsciiLetter(text[at + 1]) || text[at + 1] == '_') && !wordAfter(text, last))
            finds.push_back({{std::uint32_t(at), std::uint32_t(last)}, Type::Username, 0.8, "handle"});
    }
}

/// "name at host dot com", "name [at] host [dot] com", also with the words of other languages.
void findSpeltAddresses(const Scene &scene, Finds &finds)
{
    const auto &words = scene.tokens.words;
    const std::string_view text = scene.text;
    const auto gap = [&](std::size_t i) { return text.substr(words[i].end, words[i + 1].start - words[i].end); };
    const auto joins = [](std::string_view between, bool bracketed) {
        if (between.empty() || between.size() > 3)
            return false;
        for (const char c : between)
            if (c != ' ' && !(bracketed && std::string_view("()[]{}<>*-_").find(c) != std::string_view::npos))
                return false;
        return true;
    };
    for (const Hit &hit : scene.tokens.hits) {
        const std::size_t at = hit.first;
        if (hit.cue != Cue::At || at == 0 || at + 2 >= words.size() || !joins(gap(at - 1), true)
            || !joins(gap(at), true))
            continue;
        if (isA(words[at - 1], Cue::Common) || isA(words[at + 1], Cue::Common))
            continue;
        const bool bracketed = gap(at - 1).find_first_of("([{<*") != std::string_view::npos;
        // host: labels joined by the word for a dot, or by dots
        std::size_t last = at + 1, dots = 0;
        while (last + 2 < words.size() && isA(words[last + 1], Cue::Dot) && joins(gap(last), true)
               && joins(gap(last + 1), true)) {
            last += 2;
            ++dots;
        }
        std::size_t end = words[last].end;
        if (dots == 0) {
            end = domainEnd(text, words[at + 1].start);
            if (end == 0
                || (!bracketed
                    && !isMailHost(text.substr(words[at + 1].start, words[at + 1].end - words[at + 1].start))))
                continue;
        } else if (!isTopDomain(text.substr(words[last].start, words[last].end - words[last].start))) {
            continue;
        }
        // local part: the word before, with what is tied to it
        std::size_t first = at - 1;
        while (first > 0 && words[first].start - words[first - 1].end == 1 && isLocalChar(text[words[first - 1].end])
               && text[words[first - 1].end] != '\'')
            --first;
        while (first > 1 && isA(words[first - 1], Cue::Dot) && joins(gap(first - 1), true)
               && joins(gap(first - 2), true))
            first -= 2;
        finds.push_back(
            {{words[first].start, std::uint32_t(end)}, Type::Email, bracketed ? 0.95 : 0.85, "email_spelt"});
    }
}

bool hasSecret(std::string_view address)
{
    constexpr std::array kNames{
        std::string_view("token"),         std::string_view("secret"),     std::string_view("password"),
        std::string_view("passwd"),        std::string_view("pwd"),        std::string_view("apikey"),
        std::string_view("api_key"),       std::string_view("access_key"), std::string_view("auth"),
        std::string_view("session"),       std::string_view("sig"),        std::string_view("signature"),
        std::string_view("code"),          std::string_view("email"),      std::string_view("mail"),
        std::string_view("user"),          std::string_view("username"),   std::string_view("userid"),
        std::string_view("user_id"),       std::string_view("uid"),        std::string_view("key"),
        std::string_view("sid"),           std::string_view("jwt"),        std::string_view("phone"),
        std::string_view("name"),          std::string_view("order"),      std::string_view("order_id"),
        std::string_view("account"),       std::string_view("invite"),     std::string_view("access_token"),
        std::string_view("refresh_token"), std::string_view("id_token"),   std::string_view("client_secret"),
        std::string_view("sessionid"),     std::string_view("session_id"), std::string_view("x-amz-signature"),
        std::string_view("reset_token"),   std::string_view("customer")};
    for (std::size_t at = address.find_first_of("?#&;"); at != std::string_view::npos;
         at = address.find_first_of("?#&;", at + 1)) {
        const std::size_t equals = address.find('=', at + 1);
        if (equals == std::string_view::npos || equals - at > 40)
            continue;
        const std::string name = text::foldCase(address.substr(at + 1, equals - at - 1));
        if (std::find(kNames.begin(), kNames.end(), name) != kNames.end())
            return true;
    }
    return false;
}

/// Pages that belong to one person.
bool isProfile(std::string_view address)
{
    constexpr std::array kHosts{std::string_view("facebook.com/"),
                                std::string_view("fb.com/"),
                                std::string_view("fb.me/"),
                                std::string_view("instagram.com/"),
                                std::string_view("twitter.com/"),
                                std::string_view("x.com/"),
                                std::string_view("linkedin.com/in/"),
                                std::string_view("t.me/"),
                                std::string_view("wa.me/"),
                                std::string_view("tiktok.com/@"),
                                std::string_view("snapchat.com/add/"),
                                std::string_view("paypal.me/"),
                                std::string_view("github.com/"),
                                std::string_view("vk.com/"),
                                std::string_view("discord.gg/"),
                                std::string_view("reddit.com/u/"),
                                std::string_view("reddit.com/user/"),
                                std::string_view("steamcommunity.com/id/"),
                                std::string_view("strava.com/athletes/"),
                                std::string_view("venmo.com/"),
                                std::string_view("cash.app/$"),
                                std::string_view("keybase.io/"),
                                std::string_view("medium.com/@"),
                                std::string_view("bsky.app/profile/"),
                                std::string_view("youtube.com/@"),
                                std::string_view("connect.garmin.com/modern/profile/")};
    std::string folded = text::foldCase(address.substr(0, 200));
    if (const std::size_t scheme = folded.find("://"); scheme != std::string::npos)
        folded.erase(0, scheme + 3);
    for (const std::string_view prefix : {"www.", "m.", "mobile."})
        if (folded.starts_with(prefix))
            folded.erase(0, prefix.size());
    return std::any_of(kHosts.begin(), kHosts.end(),
                       [&](std::string_view host) { return folded.starts_with(host) && folded.size() > host.size(); });
}

void findUrls(const Scene &scene, Finds &finds)
{
    const std::string_view text = scene.text;
    const auto consider = [&](std::size_t start) {
        std::size_t end = start;
        while (end < text.size() && static_cast<unsigned char>(text[end]) > ' '
               && std::string_view("<>\"`{}|\\^").find(text[end]) == std::string_view::npos)
            ++end;
        end = withoutTail(text, start, end, ".,;:!?)]'*");
        const std::string_view address = text.substr(start, end - start);
        const std::size_t scheme = address.find("://");
        const std::size_t host = scheme == std::string_view::npos ? 0 : scheme + 3;
        const std::size_t hostEnd = std::min(address.find_first_of("/?#", host), address.size());
        const std::string_view authority = address.substr(host, hostEnd - host);
        const bool user = authority.find('@') != std::string_view::npos;
        if (user || hasSecret(address) || isProfile(address))
            finds.push_back({{std::uint32_t(start), std::uint32_t(end)},
                             Type::Url,
                             user ? 0.99 : 0.9,
                             user ? "url_user" : "url_secret"});
        return std::max(end, start + 1);
    };
    std::size_t behind = 0;
    for (std::size_t at = text.find("://"); at != std::string_view::npos;
         at = text.find("://", std::max(at + 1, behind))) {
        std::size_t start = at;
        while (start > behind && at - start < 16 && (isWordChar(text[start - 1]) || text[start - 1] == '+'))
            --start;
        if (start < at)
            behind = consider(start);
    }
    for (std::size_t at = text.find("www."); at != std::string_view::npos; at = text.find("www.", at + 1))
        if (!wordBefore(text, at) && !(at > 0 && text[at - 1] == '/'))
            consider(at);
    // without scheme: facebook.com/name
    for (std::size_t at = text.find('/'); at != std::string_view::npos; at = text.find('/', at + 1)) {
        std::size_t start = at;
        while (start > 0 && at - start < 40
               && (isWordChar(text[start - 1]) || text[start - 1] == '.' || text[start - 1] == '-'))
            --start;
        if (at - start >= 4 && text.substr(start, at - start).find('.') != std::string_view::npos
            && !(start > 0 && text[start - 1] == '/'))
            consider(start);
    }
}

bool isHex(char c)
{
    return isDigit(c) || ((c | 32) >= 'a' && (c | 32) <= 'f');
}

/// Four numbers to 255 with dots. What looks like a version (a word for it before, small leading numbers) is none.
void findIp4(const Scene &scene, Finds &finds)
{
    const std::string_view text = scene.text;
    for (std::size_t at = text.find('.'); at != std::string_view::npos; at = text.find('.', at + 1)) {
        std::size_t start = at;
        while (start > 0 && at - start < 3 && isDigit(text[start - 1]))
            --start;
        if (start == at || wordBefore(text, start) || (start > 0 && (text[start - 1] == '.' || text[start - 1] == ',')))
            continue;
        std::size_t end = start;
        unsigned parts = 0, values[4] = {};
        while (parts < 4) {
            unsigned value = 0, length = 0;
            while (end < text.size() && length < 3 && isDigit(text[end])) {
                value = value * 10 + unsigned(text[end] - '0');
                ++end;
                ++length;
            }
            if (length == 0 || value > 255 || (length > 1 && value < 10))
                break;
            values[parts++] = value;
            if (parts < 4) {
                if (end >= text.size() || text[end] != '.')
                    break;
                ++end;
            }
        }
        if (parts < 4 || wordAfter(text, end) || (end + 1 < text.size() && text[end] == '.' && isDigit(text[end + 1])))
            continue;
        const std::size_t token = tokenAt(scene.tokens, start);
        const bool versionWord = [&] {
            if (start > 0 && (text[start - 1] == 'v' || text[start - 1] == 'V'))
                return true;
            for (std::size_t back = 1; back <= 3 && back <= token; ++back) {
                const Token &word = scene.tokens.words[token - back];
                const std::string folded =
                    text::foldCase(text.substr(word.start, std::min<std::size_t>(word.end - word.start, 12)));
                for (const std::string_view known :
                     {"v",        "ver",      "version", "build",  "firmware", "fw",   "release",
                      "update",   "os",       "app",     "ios",    "android",  "rev",  "sw",
                      "chrome",   "versione", "versao",  "wersja", "versie",   "mise", "aktualisierung",
                      "software", "since",    "to",      "edition"})
                    if (folded == known)
                        return true;
            }
            return false;
        }();
        const bool local = values[0] == 10 || values[0] == 127 || (values[0] == 192 && values[1] == 168)
            || (values[0] == 172 && values[1] >= 16 && values[1] < 32);
        const bool large =
            std::count_if(std::begin(values), std::end(values), [](unsigned value) { return value >= 20; }) >= 2;
        const bool version =
            versionWord ? !(local && large) : !(large || values[0] == 127 || (local && values[0] != 10));
        if (values[0] == 0 || version)
            continue;
        finds.push_back({{std::uint32_t(start), std::uint32_t(end)}, Type::Ip, local ? 0.9 : 0.85, "ip"});
        at = end - 1;
    }
}

/// IPv6 and MAC: hexadecimal groups with colons (MAC also with dashes).
void findColonGroups(const Scene &scene, Finds &finds)
{
    const std::string_view text = scene.text;
    for (std::size_t at = text.find(':'); at != std::string_view::npos;) {
        std::size_t start = at;
        while (start > 0 && at - start < 4 && isHex(text[start - 1]))
            --start;
        std::size_t end = start, groups = 0, colons = 0, letters = 0;
        bool twice = false, six = true;
        while (end < text.size() && end - start < 46) {
            std::size_t length = 0;
            while (end < text.size() && length < 5 && isHex(text[end])) {
                letters += !isDigit(text[end]);
                ++end;
                ++length;
            }
            groups += length > 0;
            six = six && length == 2;
            if (length > 4)
                break;
            if (end >= text.size() || text[end] != ':' || colons == 7)
                break;
            if (end + 1 < text.size() && text[end + 1] == ':') {
                if (twice)
                    break;
                twice = true;
                ++end;
                ++colons;
            }
            if (end + 1 >= text.size() || !isHex(text[end + 1])) {
                if (twice && text[end] == ':' && end > 0 && text[end - 1] == ':')
                    ++end;
                break;
            }
            ++end;
            ++colons;
        }
        const std::size_t next = text.find(':', std::max(end, at + 1));
        const bool free = !wordBefore(text, start) && !wordAfter(text, end);
        if (free && six && groups == 6 && colons == 5)
            finds.push_back({{std::uint32_t(start), std::uint32_t(end)}, Type::Mac, 0.95, "mac"});
        else if (free
                 && ((groups == 8 && colons == 7 && !twice)
                     || (twice && groups >= 3 && groups <= 7 && letters + groups >= 4)))
            finds.push_back({{std::uint32_t(start), std::uint32_t(end)}, Type::Ip, 0.95, "ip6"});
        at = next;
    }
    for (std::size_t at = text.find('-'); at != std::string_view::npos; at = text.find('-', at + 1)) {
        if (at < 2 || at + 15 > text.size())
            continue;
        bool good = !wordBefore(text, at - 2) && !wordAfter(text, at + 15);
        for (std::size_t i = 0; good && i < 17; ++i)
            good = i % 3 == 2 ? text[at - 2 + i] == '-' : isHex(text[at - 2 + i]);
        if (good) {
            finds.push_back({{std::uint32_t(at - 2), std::uint32_t(at + 15)}, Type::Mac, 0.95, "mac"});
            at += 14;
        }
    }
}

/// Keys and tokens of well-known makers, and whatever long word mixes capitals, small letters and digits.
void findKeys(const Scene &scene, Finds &finds)
{
    constexpr std::array kPrefixes{
        std::string_view("sk-"),      std::string_view("sk_live_"), std::string_view("sk_test_"),
        std::string_view("pk_live_"), std::string_view("rk_live_"), std::string_view("ghp_"),
        std::string_view("gho_"),     std::string_view("ghs_"),     std::string_view("github_pat_"),
        std::string_view("glpat-"),   std::string_view("xoxb-"),    std::string_view("xoxp-"),
        std::string_view("xoxa-"),    std::string_view("AKIA"),     std::string_view("ASIA"),
        std::string_view("AIza"),     std::string_view("eyJ"),      std::string_view("SG."),
        std::string_view("npm_"),     std::string_view("dapi"),     std::string_view("ya29.")};
    const std::string_view text = scene.text;
    const auto isKeyChar = [](char c) {
        return isWordChar(c) || c == '-' || c == '_' || c == '.' || c == '/' || c == '+' || c == '=';
    };
    std::size_t behind = 0;
    for (const Token &word : scene.tokens.words) {
        if (word.start < behind)
            continue;
        std::size_t start = word.start, end = word.start;
        while (end < text.size() && end - start < 4096 && isKeyChar(text[end]))
            ++end;
        if (end - start < 16) {
            continue;
        }
        end = withoutTail(text, start, end, ".-/_");
        behind = end;
        const std::string_view key = text.substr(start, end - start);
        if (key.find("//") != std::string_view::npos || wordAfter(text, end))
            continue;
        const bool known = std::any_of(kPrefixes.begin(), kPrefixes.end(),
                                       [&](std::string_view prefix) { return key.starts_with(prefix); });
        std::size_t digits = 0, capitals = 0, small = 0, changes = 0;
        for (std::size_t i = 0; i < key.size(); ++i) {
            digits += isDigit(key[i]);
            capitals += key[i] >= 'A' && key[i] <= 'Z';
            small += key[i] >= 'a' && key[i] <= 'z';
            changes += i > 0 && isDigit(key[i]) != isDigit(key[i - 1]);
        }
        const bool oneWord = key.find_first_of("./+=") == std::string_view::npos;
        const bool hex = oneWord && key.size() >= 32 && digits >= 6
            && std::all_of(key.begin(), key.end(), [](char c) { return isHex(c) || c == '-'; });
        const bool mixed = oneWord && key.size() >= 24 && digits >= 4 && capitals >= 4 && small >= 4 && changes >= 5;
        if ((known && key.size() >= 20 && digits >= 2) || hex || mixed)
            finds.push_back({{std::uint32_t(start), std::uint32_t(end)}, Type::ApiKey, known ? 0.95 : 0.8, "key"});
    }
    for (std::size_t at = text.find("-----BEGIN "); at != std::string_view::npos;
         at = text.find("-----BEGIN ", at + 1)) {
        constexpr std::string_view kEnd = "-----END ";
        if (text.substr(at, 60).find("PRIVATE KEY") == std::string_view::npos)
            continue;
        std::size_t end = text.find(kEnd, at);
        end = end == std::string_view::npos ? text.size()
                                            : std::min(text.size(), text.find("-----", end + kEnd.size()));
        end = std::min(end == text.size() ? end : end + 5, text.size());
        finds.push_back({{std::uint32_t(at), std::uint32_t(end)}, Type::ApiKey, 0.99, "private_key"});
        at = end - 1;
    }
}

}

void findAddresses(const Scene &scene, Finds &finds)
{
    findAtSigns(scene, finds);
    if (scene.tokens.has(Cue::At))
        findSpeltAddresses(scene, finds);
    findUrls(scene, finds);
}

void findMachines(const Scene &scene, Finds &finds)
{
    if (scene.tokens.digits >= 4)
        findIp4(scene, finds);
    findColonGroups(scene, finds);
    findKeys(scene, finds);
}

}
