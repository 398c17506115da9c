#pragma once

#include <stop_token>

#include "core/adapters/http/message.h"

namespace winnow::http
{

/// Carries one request to its server and the answer back.
class Transport
{
public:
    virtual ~Transport() = default;
    /// Waits for the answer; a stop ends the wait and the request. Statuses are no errors: 500 is an answer.
    /// \thread any number at once.
    [[nodiscard]] virtual Reply send(const Request &request, std::stop_token stop) = 0;
};

}
