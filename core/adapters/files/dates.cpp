#include "core/adapters/files/dates.h"

#include <array>
#include <charconv>
#include <utility>

#include <unicode/timezone.h>
#include <unicode/unistr.h>

#include "core/adapters/files/celltext.h"
#include "core/domain/record.h"

namespace winnow::files
{

namespace
{

constexpr std::int64_t kDay = 86'400'000;
constexpr int kFirstYear = 1900, kLastYear = 2200; ///< others are fillers such as 0001-01-01

bool isDigit(char c)
{
    return c >= '0' && c <= '9';
}
bool isLetter(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

constexpr std::array<std::string_view, 12> kMonths{"january",   "february", "march",    "april",
                                                   "may",       "june",     "july",     "august",
                                                   "september", "october",  "november", "december"};
constexpr std::array<std::string_view, 7> kWeekdays{"monday", "tuesday",  "wednesday", "thursday",
                                                    "friday", "saturday", "sunday"};

/// 1 to 12; 0: no month.
int monthOf(std::string_view word)
{
    if (word == "sept")
        return 9;
    for (std::size_t i = 0; i < kMonths.size(); ++i)
        if (word == kMonths[i] || (word.size() == 3 && kMonths[i].starts_with(word)))
            return int(i + 1);
    return 0;
}

bool isWeekday(std::string_view word)
{
    for (const std::string_view day : kWeekdays)
        if (word == day || (word.size() >= 3 && word.size() <= 5 && day.starts_with(word)))
            return true;
    return false;
}

/// Minutes east of UTC. The abbreviations of RFC 2822, and those of central Europe that mean one thing.
std::optional<int> zoneOf(std::string_view word)
{
    static constexpr std::pair<std::string_view, int> kZones[] = {
        {"z", 0},      {"utc", 0},    {"gmt", 0},    {"ut", 0},     {"est", -300}, {"edt", -240},
        {"cst", -360}, {"cdt", -300}, {"mst", -420}, {"mdt", -360}, {"pst", -480}, {"pdt", -420},
        {"cet", 60},   {"cest", 120}, {"eet", 120},  {"eest", 180}};
    for (const auto &[name, minutes] : kZones)
        if (word == name)
            return minutes;
    return std::nullopt;
}

/// What the words and numbers of a date came to.
struct Parts {
    int a = 0, b = 0, c = 0; ///< the three numbers as written, where their order is not known
    bool numeric = false;
    int day = 0, month = 0, year = -1;
    bool haveTime = false;
    int hour = 0, minute = 0, second = 0, milli = 0;
    int half = 0; ///< 1: am, 2: pm
    std::optional<int> zone;
};

int fullYear(int year, std::size_t digits)
{
    return digits > 2 ? year : year < 70 ? 2000 + year : 1900 + year;
}

class Scanner
{
public:
    explicit Scanner(std::string_view text)
        : m_text(text)
    {
    }

    bool run(Parts &parts)
    {
        while (m_at < m_text.size()) {
            const char c = m_text[m_at];
            if (c == ' ' || c == ',' || c == '\t' || std::uint8_t(c) == 0xe2 || std::uint8_t(c) == 0xc2) {
                if (!space())
                    return false;
            } else if (isDigit(c)) {
                if (!number(parts))
                    return false;
            } else if (isLetter(c)) {
                if (!word(parts))
                    return false;
            } else if ((c == '+' || c == '-') && parts.haveTime) {
                if (!offset(parts))
                    return false;
            } else if (c == '(') {
                const std::size_t close = m_text.find(')', m_at);
                if (close == std::string_view::npos || !parts.haveTime)
                    return false;
                if (const auto zone = zoneOf(lowered(m_text.substr(m_at + 1, close - m_at - 1))); zone && !parts.zone)
                    parts.zone = zone;
                m_at = close + 1;
            } else {
                return false;
            }
        }
        return true;
    }

private:
    [[nodiscard]] char peek(std::size_t ahead = 0) const
    {
        return m_at + ahead < m_text.size() ? m_text[m_at + ahead] : '\0';
    }

    /// A space, also one that does not break (JavaScript's dates have one before AM and PM).
    bool space()
    {
        if (m_text.substr(m_at).starts_with("\xe2\x80\xaf"))
            m_at += 3;
        else if (m_text.substr(m_at).starts_with("\xc2\xa0"))
            m_at += 2;
        else if (m_text[m_at] & 0x80)
            return false;
        else
            ++m_at;
        return true;
    }

    bool digits(int &value, std::size_t &length, std::size_t most)
    {
        length = 0;
        value = 0;
        while (isDigit(peek())) {
            if (++length > most)
                return false;
            value = value * 10 + (peek() - '0');
            ++m_at;
        }
        return length > 0;
    }

    bool number(Parts &parts)
    {
        const std::size_t from = m_at;
        int value;
        std::size_t length;
        if (!digits(value, length, 8))
            return false;
        const bool dated = parts.numeric || (parts.day && parts.month);
        if (peek() == ':' && length <= 2)
            return time(parts, value);
        if (length == 8 && !dated) {
            parts.year = value / 10000;
            parts.month = value / 100 % 100;
            parts.day = value % 100;
            return separator();
        }
        if ((length == 6 || length == 4) && parts.day && parts.month && parts.year >= 0 && m_compact
            && !parts.haveTime) {
            parts.haveTime = true;
            parts.hour = length == 6 ? value / 10000 : value / 100;
            parts.minute = length == 6 ? value / 100 % 100 : value % 100;
            parts.second = length == 6 ? value % 100 : 0;
            return fraction(parts);
        }
        const char mark = peek();
        if ((mark == '-' || mark == '/' || mark == '.') && isDigit(peek(1)) && !dated && !parts.month)
            return triple(parts, value, length, mark);
        if (length > 4)
            return false;
        if (length <= 2 && dayPart(parts, value))
            return true;
        if (parts.month && parts.day && parts.year < 0 && (length == 4 || length == 2)) {
            parts.year = fullYear(value, length);
            return separator();
        }
        if (length == 4 && parts.year < 0 && !dated) { // 2024 Jan 5, 2024-Jan-05
            parts.year = value;
            if (peek() == '-' && isLetter(peek(1)))
                ++m_at;
            return true;
        }
        m_at = from;
        return half(parts, value, length);
    }

    /// A day beside a month's name.
    bool dayPart(Parts &parts, int value)
    {
        if (parts.day || parts.numeric || value < 1 || value > 31)
            return false;
        parts.day = value;
        for (const std::string_view ending : {"st", "nd", "rd", "th"})
            if (lowered(m_text.substr(m_at, 2)) == ending && !isLetter(peek(2)))
                m_at += 2;
        const bool joint = peek() == '-' || peek() == '/';
        if (peek() == '.' || (joint && (isLetter(peek(1)) || (parts.month && isDigit(peek(1))))))
            ++m_at;
        separator();
        return true;
    }

    /// "3 PM": an hour without minutes.
    bool half(Parts &parts, int value, std::size_t length)
    {
        m_at += length;
        const std::size_t space = peek() == ' ' ? 1 : 0;
        const std::string next = lowered(m_text.substr(m_at + space, 2));
        if (parts.haveTime || length > 2 || (next != "am" && next != "pm"))
            return false;
        parts.haveTime = true;
        parts.hour = value;
        return true;
    }

    bool triple(Parts &parts, int first, std::size_t firstLength, char mark)
    {
        int second, third;
        std::size_t secondLength, thirdLength;
        ++m_at;
        if (!digits(second, secondLength, 2) || peek() != mark)
            return false;
        ++m_at;
        if (!digits(third, thirdLength, 4) || thirdLength == 3)
            return false;
        if (firstLength == 4) {
            if (thirdLength > 2)
                return false;
            parts.year = first;
            parts.month = second;
            parts.day = third;
            return separator();
        }
        if (firstLength > 2)
            return false;
        parts.numeric = true;
        parts.a = first;
        parts.b = second;
        parts.c = third;
        parts.year = fullYear(third, thirdLength);
        return separator();
    }

    /// The T between date and time.
    bool separator()
    {
        if ((peek() == 'T' || peek() == 't') && isDigit(peek(1))) {
            ++m_at;
            m_compact = true;
        } else if (peek() == ':' && isDigit(peek(1))) { // 05/Jan/2024:10:00:00
            ++m_at;
        }
        return true;
    }

    bool time(Parts &parts, int hour)
    {
        if (parts.haveTime)
            return false;
        parts.haveTime = true;
        parts.hour = hour;
        std::size_t length;
        ++m_at;
        if (!digits(parts.minute, length, 2) || length != 2)
            return false;
        if (peek() != ':')
            return true;
        ++m_at;
        if (!digits(parts.second, length, 2) || length != 2)
            return false;
        return fraction(parts);
    }

    bool fraction(Parts &parts)
    {
        if ((peek() != '.' && peek() != ',') || !isDigit(peek(1)))
            return true;
        ++m_at;
        int scale = 100;
        for (; isDigit(peek()); ++m_at, scale /= 10)
            parts.milli += (peek() - '0') * scale;
        return true;
    }

    bool offset(Parts &parts)
    {
        const int sign = peek() == '-' ? -1 : 1;
        ++m_at;
        int hours, minutes = 0;
        std::size_t length;
        if (!digits(hours, length, 4) || length == 3)
            return false;
        if (length == 4) {
            minutes = hours % 100;
            hours /= 100;
        } else if (peek() == ':') {
            ++m_at;
            if (!digits(minutes, length, 2) || length != 2)
                return false;
        }
        if (hours > 18 || minutes > 59)
            return false;
        parts.zone = sign * (hours * 60 + minutes);
        return true;
    }

    bool word(Parts &parts)
    {
        const std::size_t from = m_at;
        while (isLetter(peek()))
            ++m_at;
        std::string word = lowered(m_text.substr(from, m_at - from));
        if (peek() == '.' && (word == "a" || word == "p") && (peek(1) == 'm' || peek(1) == 'M')) { // a.m.
            word += 'm';
            m_at += 2;
        }
        if (peek() == '.')
            ++m_at;
        if (const int month = monthOf(word); month && !parts.month && !parts.numeric) {
            parts.month = month;
            if ((peek() == '-' || peek() == '/') && isDigit(peek(1)))
                ++m_at;
            return true;
        }
        if (word == "am" || word == "pm") {
            parts.half = word == "am" ? 1 : 2;
            return parts.haveTime;
        }
        if (word == "etc" && peek() == '/') { // Etc/GMT, as some stores write
            ++m_at;
            return true;
        }
        if (const auto zone = zoneOf(word)) {
            if (!parts.haveTime || parts.zone)
                return false;
            parts.zone = zone;
            return true;
        }
        return isWeekday(word) || word == "at" || word == "of" || word == "the" || word == "uhr";
    }

    std::string_view m_text;
    std::size_t m_at = 0;
    bool m_compact = false;
};

std::optional<std::int64_t> daysOf(int year, int month, int day)
{
    if (year < kFirstYear || year > kLastYear)
        return std::nullopt;
    const std::chrono::year_month_day date{std::chrono::year(year), std::chrono::month(unsigned(month)),
                                           std::chrono::day(unsigned(day))};
    if (!date.ok())
        return std::nullopt;
    return std::chrono::sys_days(date).time_since_epoch().count();
}

/// Digits alone, perhaps with a fraction: a moment since 1970 if they are as many as such moments have.
std::optional<TimePoint> sinceEpoch(std::string_view text)
{
    std::size_t whole = 0;
    while (whole < text.size() && isDigit(text[whole]))
        ++whole;
    for (std::size_t i = whole + 1; i < text.size(); ++i)
        if (!isDigit(text[i]))
            return std::nullopt;
    if (whole < text.size() && (text[whole] != '.' || whole + 1 == text.size()))
        return std::nullopt;
    std::int64_t value = 0;
    if (whole < 9 || whole > 19 || std::from_chars(text.data(), text.data() + whole, value).ec != std::errc())
        return std::nullopt;
    std::int64_t milli = 0;
    switch (whole) {
    case 9:
    case 10:
        milli = value * 1000;
        for (std::size_t i = whole + 1, scale = 100; i < text.size() && scale; ++i, scale /= 10)
            milli += std::int64_t(scale) * (text[i] - '0');
        break;
    case 12:
    case 13:
        milli = value;
        break;
    case 15:
    case 16:
        milli = value / 1000;
        break;
    case 18:
    case 19:
        milli = value / 1'000'000;
        break;
    default:
        return std::nullopt;
    }
    return TimePoint(std::chrono::milliseconds(milli));
}

bool scan(std::string_view text, Parts &parts)
{
    return text.size() <= 100 && Scanner(text).run(parts);
}

}

struct Zone::Private {
    std::unique_ptr<icu::TimeZone> zone;
    // The last local day that was looked up and is near no change of offset: reviews come in runs.
    mutable std::int64_t from = 1, to = 0, offset = 0;
};

Zone::Zone(std::unique_ptr<Private> p)
    : d(std::move(p))
{
}
Zone::Zone(Zone &&) noexcept = default;
Zone &Zone::operator=(Zone &&) noexcept = default;
Zone::~Zone() = default;

Result<Zone> Zone::named(const std::string &name)
{
    const auto id = icu::UnicodeString::fromUTF8(name);
    std::unique_ptr<icu::TimeZone> zone(icu::TimeZone::createTimeZone(id));
    icu::UnicodeString found;
    if (!zone || zone->getID(found) == UCAL_UNKNOWN_ZONE_ID || found != id)
        return fail(ErrorCode::InvalidInput, "no time zone '" + shown(name) + "'");
    auto p = std::make_unique<Private>();
    p->zone = std::move(zone);
    return Zone(std::move(p));
}

TimePoint Zone::toUtc(std::int64_t local, bool &ambiguous) const
{
    ambiguous = false;
    if (local >= d->from && local < d->to)
        return TimePoint(std::chrono::milliseconds(local - d->offset));
    const auto offsetAt = [&](std::int64_t utc) {
        std::int32_t raw = 0, saving = 0;
        UErrorCode status = U_ZERO_ERROR;
        d->zone->getOffset(UDate(utc), false, raw, saving, status);
        return std::int64_t(raw) + saving;
    };
    const std::int64_t before = offsetAt(local - kDay), after = offsetAt(local + kDay);
    const std::int64_t first = local - before, second = local - after;
    if (before == after && offsetAt(first) == before) {
        const std::int64_t day = local - ((local % kDay) + kDay) % kDay;
        if (offsetAt(day - 2 * kDay) == before && offsetAt(day + 3 * kDay) == before) { // no change anywhere near
            d->from = day;
            d->to = day + kDay;
            d->offset = before;
        }
        return TimePoint(std::chrono::milliseconds(first));
    }
    const bool firstHolds = offsetAt(first) == before, secondHolds = offsetAt(second) == after;
    if (firstHolds && secondHolds && first != second) {
        ambiguous = true;
        return TimePoint(std::chrono::milliseconds(std::min(first, second)));
    }
    if (!firstHolds && !secondHolds) {
        ambiguous = true;
        return TimePoint(std::chrono::milliseconds(first));
    }
    return TimePoint(std::chrono::milliseconds(firstHolds ? first : second));
}

std::optional<DateOrder> dateOrderFrom(std::string_view name)
{
    if (name.empty())
        return DateOrder::Unknown;
    if (name == "DMY")
        return DateOrder::DayFirst;
    if (name == "MDY")
        return DateOrder::MonthFirst;
    if (name == "YMD")
        return DateOrder::YearFirst;
    return std::nullopt;
}

DateOrder provenOrder(std::string_view text)
{
    Parts parts;
    if (!scan(trimmed(text), parts) || !parts.numeric)
        return DateOrder::Unknown;
    if (parts.a > 12 && parts.a <= 31 && parts.b >= 1 && parts.b <= 12)
        return DateOrder::DayFirst;
    if (parts.b > 12 && parts.b <= 31 && parts.a >= 1 && parts.a <= 12)
        return DateOrder::MonthFirst;
    return DateOrder::Unknown;
}

DateRead readDate(std::string_view text, const DateRules &rules)
{
    DateRead read;
    const auto unreadable = [&] {
        read.time.reset();
        read.flags = std::uint32_t(RecordFlag::DateUnparsed);
        return read;
    };
    text = trimmed(text);
    if (const auto moment = sinceEpoch(text)) {
        read.time = moment;
        return read;
    }
    Parts parts;
    std::string compact; // YYYYMMDDHHMMSS
    if (text.size() == 14 && text.find_first_not_of("0123456789") == std::string_view::npos)
        text = compact = std::string(text.substr(0, 8)) + "T" + std::string(text.substr(8));
    if (!scan(text, parts))
        return unreadable();
    int year = parts.year, month = parts.month, day = parts.day;
    if (parts.numeric) {
        switch (rules.order) {
        case DateOrder::DayFirst:
            day = parts.a;
            month = parts.b;
            break;
        case DateOrder::MonthFirst:
            month = parts.a;
            day = parts.b;
            break;
        case DateOrder::YearFirst:
            year = fullYear(parts.a, 2);
            month = parts.b;
            day = parts.c;
            break;
        case DateOrder::Unknown:
            if (!daysOf(year, 1, 1) || parts.a < 1 || parts.b < 1 || std::min(parts.a, parts.b) > 12
                || std::max(parts.a, parts.b) > 31)
                return unreadable();
            read.flags = std::uint32_t(RecordFlag::DateAmbiguous);
            read.needsOrder = true;
            return read;
        }
    }
    const auto days = daysOf(year, month, day);
    if (!days)
        return unreadable();
    const auto onTheClock = [&](std::int64_t local) {
        bool ambiguous = false;
        read.time = rules.zone && !rules.zoneKnown ? rules.zone->toUtc(local, ambiguous)
                                                   : TimePoint(std::chrono::milliseconds(local));
        if (ambiguous)
            read.flags |= std::uint32_t(RecordFlag::DateAmbiguous);
    };
    if (!parts.haveTime) {
        read.flags = std::uint32_t(RecordFlag::DateOnly);
        onTheClock(*days * kDay);
        return read;
    }
    if (parts.half) {
        if (parts.hour < 1 || parts.hour > 12)
            return unreadable();
        parts.hour = parts.hour % 12 + (parts.half == 2 ? 12 : 0);
    }
    if (parts.hour > 23 || parts.minute > 59 || parts.second > 60)
        return unreadable();
    const std::int64_t local =
        *days * kDay + ((parts.hour * 60 + parts.minute) * 60 + parts.second) * std::int64_t(1000) + parts.milli;
    if (parts.zone) {
        read.time = TimePoint(std::chrono::milliseconds(local - *parts.zone * std::int64_t(60'000)));
    } else {
        if (!rules.zoneKnown)
            read.flags = std::uint32_t(RecordFlag::TzAssumed);
        onTheClock(local);
    }
    return read;
}

}
