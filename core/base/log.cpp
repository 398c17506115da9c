#include "core/base/log.h"

#include <utility>

namespace winnow
{

namespace
{

LogSink &sink()
{
    static LogSink instance;
    return instance;
}

}

void setLogSink(LogSink newSink)
{
    sink() = std::move(newSink);
}

void log(LogLevel level, std::string_view category, std::string_view message)
{
    if (sink())
        sink()(level, category, message);
}

}
