#pragma once

#include <functional>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include <nlohmann/json.hpp>

#include "core/adapters/http/pacing.h"
#include "core/adapters/http/transport.h"
#include "core/ports/clock.h"
#include "core/ports/tracker.h"

namespace winnow::trackers
{

using Json = nlohmann::json;

/// A JSON answer.
struct Answer {
    int status = 0;
    http::Headers headers;
    Json body;
    TimePoint at; ///< by the server's clock

    [[nodiscard]] std::optional<std::string_view> header(std::string_view name) const
    {
        return http::headerOf(headers, name);
    }
};

/// What one vendor's interface is like.
struct RestRules {
    std::string base; ///< without `/` at its end
    http::Headers headers; ///< credentials and what each request carries
    std::vector<std::string> secrets; ///< never in words of ours
    /// What the vendor's error envelope says; nothing where the answer is no such envelope.
    std::function<std::optional<std::string>(const Json &)> errorIn;
    /// Too many calls, besides status 429.
    std::function<bool(const http::Response &, const Json &)> limited;
    /// Not signed in, whatever the status.
    std::function<bool(const http::Response &)> signedOut;
    std::chrono::milliseconds perSubject{0}; ///< between two writes on one ticket
    std::chrono::milliseconds patience{20'000}; ///< what one call waits at most for its turn
    bool pathIsSecret = false;
};

/// Requests to a tracker: paced, read again where that is harmless, and with one meaning for every way they end.
/// \source contracts/trackers.md 1, 2.3, 11
class Rest
{
public:
    Rest(std::shared_ptr<http::Transport> transport, Clock &clock, RestRules rules, http::Pacer pacer)
        : m_transport(std::move(transport))
        , m_clock(clock)
        , m_rules(std::move(rules))
        , m_pacer(std::move(pacer))
    {
    }

    /// \param path  behind the base, or a whole address on the same server.
    /// \errors NotFound: 404, 410; Protocol: refused, no credentials, no JSON; Network: limits and failures that
    /// outlast five tries or the patience; Timeout; Cancelled.
    [[nodiscard]] Result<Answer> read(const std::string &path, std::stop_token stop);
    /// A POST that only asks.
    [[nodiscard]] Result<Answer> ask(const std::string &path, const Json &body, std::stop_token stop);

    struct Sent {
        SendState state = SendState::Ambiguous;
        Answer answer; ///< where the tracker spoke its own language
        std::string detail;
    };
    struct Write {
        std::string method, path, body;
        std::string contentType = "application/json";
        http::Headers headers = {};
        std::string subject = {}; ///< the ticket that it changes
        bool emptyAnswer = false; ///< 2xx without JSON is right
        bool upload = false;
    };
    /// Leaves once.
    [[nodiscard]] Sent once(const Write &write, std::stop_token stop);

    /// Text from the tracker, short and without secrets.
    [[nodiscard]] std::string spoken(std::string_view text) const;
    [[nodiscard]] const std::string &base() const { return m_rules.base; }
    [[nodiscard]] const RestRules &rules() const { return m_rules; }
    [[nodiscard]] Clock &clock() { return m_clock; }
    [[nodiscard]] http::Pacer &pacer() { return m_pacer; }
    [[nodiscard]] std::optional<TimePoint> pausedUntil() const { return m_pacer.pausedUntil(m_clock.now()); }

private:
    struct Heard;
    [[nodiscard]] Heard hear(const http::Reply &reply) const;
    [[nodiscard]] Result<Answer> readAgain(http::Request request, std::stop_token stop);
    [[nodiscard]] Result<> wait(bool write, std::stop_token stop);
    [[nodiscard]] http::Request requestTo(const std::string &path) const;

    std::shared_ptr<http::Transport> m_transport;
    Clock &m_clock;
    RestRules m_rules;
    http::Pacer m_pacer;
    std::map<std::string, TimePoint> m_written; ///< by ticket
};

/// JSON as it is sent: ill-formed bytes replaced.
[[nodiscard]] std::string dumped(const Json &value);
/// A member's text; a number becomes its digits; empty where there is none.
[[nodiscard]] std::string textAt(const Json &value, std::string_view pointer);
/// A list or object at a place; an empty list where there is none.
[[nodiscard]] const Json &valueAt(const Json &value, std::string_view pointer);
/// Times as trackers write them: `2026-09-14T08:11:02.000+0200`, `…Z`, with or without fractions.
[[nodiscard]] std::optional<TimePoint> vendorTime(std::string_view text);
/// A UUID of version 4 made from the first 16 bytes of SHA-256. \source contracts/trackers.md 2
[[nodiscard]] std::string uuid4From(std::string_view text);
/// Compares without regard to ASCII case.
[[nodiscard]] bool sameWord(std::string_view a, std::string_view b);

}
