#pragma once

#include <functional>
#include <string>
#include <string_view>

namespace winnow
{

enum class LogLevel { Debug, Info, Warning, Error };

/// One line of the log: ids, counts and durations; never review text, keys or people's names.
using LogSink = std::function<void(LogLevel, std::string_view category, std::string_view message)>;

/// Connects core's log; without a sink, lines go nowhere. \thread call before workers start.
void setLogSink(LogSink sink);

/// \param category  the folder's path: `winnow.adapters.sqlite`.
void log(LogLevel level, std::string_view category, std::string_view message);

}
