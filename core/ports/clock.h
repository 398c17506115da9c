#pragma once

#include <stop_token>

#include "core/base/time.h"

namespace winnow {

class Clock
{
public:
    virtual ~Clock() = default;
    [[nodiscard]] virtual TimePoint now() const = 0;
    /// Waits until the time or a stop. \returns false when stopped.
    virtual bool waitUntil(TimePoint time, std::stop_token stop) = 0;
};

}
