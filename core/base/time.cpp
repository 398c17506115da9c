#include "core/base/time.h"

#include <charconv>
#include <cstdio>

namespace winnow
{

namespace
{

bool number(std::string_view text, std::size_t at, std::size_t length, int &value)
{
    if (at + length > text.size())
        return false;
    const char *end = text.data() + at + length;
    const auto [last, error] = std::from_chars(text.data() + at, end, value);
    return error == std::errc() && last == end && text[at] != '-';
}

}

std::string formatTime(TimePoint time)
{
    const auto day = std::chrono::floor<std::chrono::days>(time);
    const std::chrono::year_month_day date(day);
    const auto ms = (time - day).count();
    char buffer[80];
    std::snprintf(buffer, sizeof buffer, "%04d-%02u-%02uT%02d:%02d:%02d.%03dZ", int(date.year()),
                  unsigned(date.month()), unsigned(date.day()), int(ms / 3'600'000), int(ms / 60'000 % 60),
                  int(ms / 1000 % 60), int(ms % 1000));
    return buffer;
}

std::optional<TimePoint> parseTime(std::string_view text)
{
    int year = 0, month = 0, day = 0, hour = 0, minute = 0, second = 0, milli = 0;
    if (text.size() < 10 || text[4] != '-' || text[7] != '-' || !number(text, 0, 4, year) || !number(text, 5, 2, month)
        || !number(text, 8, 2, day))
        return std::nullopt;
    const std::chrono::year_month_day date{std::chrono::year(year), std::chrono::month(unsigned(month)),
                                           std::chrono::day(unsigned(day))};
    if (!date.ok())
        return std::nullopt;
    if (text.size() > 10) {
        if (text.size() < 20 || (text[10] != 'T' && text[10] != ' ') || text[13] != ':' || text[16] != ':'
            || text.back() != 'Z' || !number(text, 11, 2, hour) || !number(text, 14, 2, minute)
            || !number(text, 17, 2, second) || hour > 23 || minute > 59 || second > 60)
            return std::nullopt;
        if (text[19] == '.') {
            int scale = 100;
            for (std::size_t i = 20; i + 1 < text.size(); ++i, scale /= 10) {
                if (text[i] < '0' || text[i] > '9')
                    return std::nullopt;
                milli += (text[i] - '0') * scale;
            }
        } else if (text.size() != 20) {
            return std::nullopt;
        }
    }
    return std::chrono::sys_days(date) + std::chrono::hours(hour) + std::chrono::minutes(minute)
        + std::chrono::seconds(second) + std::chrono::milliseconds(milli);
}

TimePoint endOfDay(TimePoint time)
{
    return std::chrono::floor<std::chrono::days>(time) + std::chrono::days(1) - std::chrono::milliseconds(1);
}

}
