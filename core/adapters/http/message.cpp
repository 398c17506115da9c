#include "core/adapters/http/message.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <cstdint>
#include <cstdio>

namespace winnow::http
{

namespace
{

char lowerChar(char c)
{
    return c >= 'A' && c <= 'Z' ? char(c - 'A' + 'a') : c;
}

std::string lowerText(std::string_view text)
{
    std::string result(text);
    std::transform(result.begin(), result.end(), result.begin(), lowerChar);
    return result;
}

bool sameText(std::string_view a, std::string_view b)
{
    return std::equal(a.begin(), a.end(), b.begin(), b.end(),
                      [](char x, char y) { return lowerChar(x) == lowerChar(y); });
}

std::optional<int> number(std::string_view text)
{
    int value = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
    return error == std::errc() && end == text.data() + text.size() && !text.empty() ? std::optional(value)
                                                                                     : std::nullopt;
}

constexpr std::array<std::string_view, 12> kMonths{"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                                   "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
constexpr std::array<std::string_view, 7> kDays{"Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"};

}

std::optional<std::string_view> headerOf(const Headers &headers, std::string_view name)
{
    for (const auto &[key, value] : headers)
        if (sameText(key, name))
            return std::string_view(value);
    return std::nullopt;
}

std::string Request::label() const
{
    const auto parts = parseUrl(url);
    if (!parts)
        return method + " of an address that is none";
    return method + ' ' + parts->host + (pathIsSecret ? std::string() : parts->path);
}

std::optional<TimePoint> Response::date() const
{
    const auto text = header("date");
    return text ? parseHttpDate(*text) : std::nullopt;
}

bool Response::claimsJson() const
{
    const auto type = header("content-type");
    if (!type)
        return false;
    std::string essence = lowerText(type->substr(0, type->find(';')));
    while (essence.ends_with(' ') || essence.ends_with('\t'))
        essence.pop_back();
    return essence == "application/json" || essence == "text/json" || essence.ends_with("+json");
}

Result<Url> parseUrl(std::string_view url)
{
    const auto wrong = [](const char *why) { return fail(ErrorCode::InvalidInput, std::string("the address ") + why); };
    for (const char c : url)
        if (std::uint8_t(c) <= 0x20 || std::uint8_t(c) >= 0x7f)
            return wrong("holds a blank, a control character or a letter beyond ASCII");
    Url parts;
    const std::size_t colon = url.find("://");
    if (colon == std::string_view::npos)
        return wrong("must begin with https://");
    parts.scheme = lowerText(url.substr(0, colon));
    if (parts.scheme != "https" && parts.scheme != "http")
        return wrong("must begin with https://");
    std::string_view rest = url.substr(colon + 3);
    const std::size_t slash = rest.find_first_of("/?#");
    std::string_view authority = rest.substr(0, slash);
    rest = slash == std::string_view::npos ? std::string_view() : rest.substr(slash);
    parts.path = std::string(rest.substr(0, rest.find_first_of("?#")));
    if (parts.path.empty())
        parts.path = "/";
    if (authority.find('@') != std::string_view::npos)
        return wrong("must not hold a user name or a password");
    std::string_view port;
    if (authority.starts_with('[')) {
        const std::size_t end = authority.find(']');
        if (end == std::string_view::npos)
            return wrong("has no host");
        parts.host = lowerText(authority.substr(1, end - 1));
        port = authority.substr(end + 1);
        if (!port.empty() && port.front() != ':')
            return wrong("has no host");
    } else {
        const std::size_t end = authority.find(':');
        parts.host = lowerText(authority.substr(0, end));
        port = end == std::string_view::npos ? std::string_view() : authority.substr(end);
    }
    if (parts.host.empty())
        return wrong("has no host");
    parts.port = parts.scheme == "https" ? 443 : 80;
    if (!port.empty()) {
        const auto value = number(port.substr(1));
        if (!value || *value < 1 || *value > 65535)
            return wrong("has no such port");
        parts.port = *value;
    }
    return parts;
}

bool isLoopback(std::string_view host)
{
    if (host == "localhost" || host == "::1")
        return true;
    // four numbers, the first one 127: `127.evil.example` is somewhere else
    std::size_t numbers = 0;
    bool first = true;
    while (true) {
        const std::size_t dot = host.find('.');
        const auto value = number(host.substr(0, dot));
        if (!value || *value < 0 || *value > 255 || (first && *value != 127))
            return false;
        first = false;
        ++numbers;
        if (dot == std::string_view::npos)
            return numbers == 4;
        host.remove_prefix(dot + 1);
    }
}

Result<Url> checkUrl(std::string_view url)
{
    auto parts = parseUrl(url);
    if (parts && parts->scheme == "http" && !isLoopback(parts->host))
        return fail(ErrorCode::Forbidden, "plain http goes to this machine only; " + parts->host + " wants https");
    return parts;
}

std::string percentEncoded(std::string_view text)
{
    constexpr std::string_view kHex = "0123456789ABCDEF";
    std::string result;
    for (const char c : text) {
        const auto byte = std::uint8_t(c);
        if ((c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' || c == '.'
            || c == '_' || c == '~') {
            result += c;
        } else {
            result += '%';
            result += kHex[byte >> 4];
            result += kHex[byte & 15];
        }
    }
    return result;
}

std::string query(const Headers &parameters)
{
    std::string result;
    for (const auto &[name, value] : parameters)
        result += (result.empty() ? "?" : "&") + percentEncoded(name) + "=" + percentEncoded(value);
    return result;
}

std::optional<TimePoint> parseHttpDate(std::string_view text)
{
    // `Sun, 06 Nov 1994 08:49:37 GMT`, `Sunday, 06-Nov-94 08:49:37 GMT`, `Sun Nov  6 08:49:37 1994`
    std::vector<std::string_view> words;
    for (std::size_t at = 0; at < text.size();) {
        const std::size_t end = std::min(text.find_first_of(" ,-", at), text.size());
        if (end > at)
            words.push_back(text.substr(at, end - at));
        at = end + 1;
    }
    if (words.size() < 5)
        return std::nullopt;
    const bool asctime = !number(words[1]);
    const std::string_view dayWord = words[asctime ? 2 : 1], monthWord = words[asctime ? 1 : 2],
                           timeWord = words[asctime ? 3 : 4], yearWord = words[asctime ? 4 : 3];
    const auto month = std::find(kMonths.begin(), kMonths.end(), monthWord);
    const auto day = number(dayWord), year = number(yearWord);
    if (month == kMonths.end() || !day || !year || timeWord.size() != 8 || timeWord[2] != ':' || timeWord[5] != ':')
        return std::nullopt;
    const auto hour = number(timeWord.substr(0, 2)), minute = number(timeWord.substr(3, 2)),
               second = number(timeWord.substr(6, 2));
    if (!hour || !minute || !second || *hour > 23 || *minute > 59 || *second > 60)
        return std::nullopt;
    const int full = yearWord.size() > 2 ? *year : *year + (*year < 70 ? 2000 : 1900);
    const std::chrono::year_month_day date{std::chrono::year(full),
                                           std::chrono::month(unsigned(month - kMonths.begin() + 1)),
                                           std::chrono::day(unsigned(*day))};
    if (!date.ok())
        return std::nullopt;
    return TimePoint(std::chrono::sys_days(date)) + std::chrono::hours(*hour) + std::chrono::minutes(*minute)
        + std::chrono::seconds(*second);
}

std::string formatHttpDate(TimePoint time)
{
    const auto days = std::chrono::floor<std::chrono::days>(time);
    const std::chrono::year_month_day date(days);
    const std::chrono::hh_mm_ss clock(std::chrono::floor<std::chrono::seconds>(time - days));
    char text[40];
    std::snprintf(text, sizeof text, "%s, %02u %s %04d %02d:%02d:%02d GMT",
                  kDays[std::chrono::weekday(days).c_encoding()].data(), unsigned(date.day()),
                  kMonths[unsigned(date.month()) - 1].data(), int(date.year()), int(clock.hours().count()),
                  int(clock.minutes().count()), int(clock.seconds().count()));
    return text;
}

std::string base64(std::string_view bytes)
{
    constexpr std::string_view kDigits = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    std::string result;
    for (std::size_t at = 0; at < bytes.size(); at += 3) {
        std::uint32_t group = 0;
        const std::size_t have = std::min<std::size_t>(3, bytes.size() - at);
        for (std::size_t i = 0; i < 3; ++i)
            group = group << 8 | (i < have ? std::uint8_t(bytes[at + i]) : 0u);
        for (std::size_t i = 0; i < 4; ++i)
            result += i <= have ? kDigits[group >> (18 - 6 * i) & 63] : '=';
    }
    return result;
}

}
