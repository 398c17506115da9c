#pragma once

#include <deque>
#include <functional>
#include <map>
#include <memory>
#include <set>
#include <string>
#include <vector>

#include <nlohmann/json.hpp>

#include "core/ports/clock.h"
#include "tests/fakes/loopbackserver.h"

namespace winnow::test
{

using Json = nlohmann::json;

/// Time that passes when somebody waits.
class VirtualClock : public Clock
{
public:
    TimePoint time = *parseTime("2026-03-02T08:00:00Z");
    TimePoint now() const override { return time; }
    bool waitUntil(TimePoint until, std::stop_token stop) override
    {
        time = std::max(time, until);
        return !stop.stop_requested();
    }
};

/// How a fake misbehaves, at one request.
enum class Trouble {
    None,
    Refused, ///< no connection
    TimeoutBefore, ///< nothing happens, no answer
    TimeoutAfter, ///< it happens, no answer
    ResetAfter, ///< it happens, the connection breaks
    Error500After, ///< it happens, and a 500 says it did not
    CutAfter, ///< it happens, half of the answer comes
    SignIn, ///< a sign-in page in HTML
    Limit, ///< too many requests
};

/// A tracker that answers like its vendor's: strict, with state and an index that lags.
class FakeVendor
{
public:
    explicit FakeVendor(std::function<TimePoint()> clock)
        : now(std::move(clock))
    {
    }
    virtual ~FakeVendor() = default;

    struct Ticket {
        std::string id, externalId;
        Json fields;
        TimePoint created, updated;
        std::vector<Json> comments, history;
        std::map<std::string, Json> links; ///< by global id
        std::map<std::string, std::string> files;
        bool deleted = false;
    };

    std::function<TimePoint()> now;
    std::chrono::seconds lag{0}; ///< until a search sees a ticket
    std::deque<Trouble> troubles; ///< one per write; then none
    std::function<Trouble(bool write)> chance; ///< instead of the list
    std::string password = "s3cret"; ///< what requests must carry
    std::vector<Ticket> tickets;
    std::vector<std::string> violations; ///< what no client may do
    std::vector<http::Request> requests;
    std::size_t limited = 0; ///< times it had to say that it was too much
    bool keepRequests = true;

    [[nodiscard]] std::size_t count(const std::string &externalId) const
    {
        return std::size_t(
            std::count_if(tickets.begin(), tickets.end(), [&](const Ticket &t) { return t.externalId == externalId; }));
    }
    Ticket *ticket(const std::string &id)
    {
        for (Ticket &one : tickets)
            if (one.id == id && !one.deleted)
                return &one;
        return nullptr;
    }

    Act handle(const http::Request &request)
    {
        if (keepRequests)
            requests.push_back(request);
        const bool write = isWrite(request);
        Trouble trouble = chance ? chance(write) : Trouble::None;
        if (!chance && write && !troubles.empty()) {
            trouble = troubles.front();
            troubles.pop_front();
        }
        switch (trouble) {
        case Trouble::Refused:
            return Act(Act::Fault::Refuse);
        case Trouble::TimeoutBefore:
            return Act(Act::Fault::Hang);
        case Trouble::SignIn:
            return Act(200, "<html><title>Sign in</title></html>", "text/html");
        case Trouble::Limit:
            ++limited;
            return tooMany();
        default:
            break;
        }
        Act act = authorized(request) ? respond(request) : unauthorized();
        act.response.headers.emplace_back("Date", http::formatHttpDate(now()));
        switch (trouble) {
        case Trouble::TimeoutAfter:
            return Act(Act::Fault::Hang);
        case Trouble::ResetAfter:
            return Act(Act::Fault::CloseEarly);
        case Trouble::CutAfter:
            act.fault = Act::Fault::CutShort;
            return act;
        case Trouble::Error500After:
            return failure(500, "Internal error");
        default:
            return act;
        }
    }
    [[nodiscard]] Handler handler()
    {
        return [this](const http::Request &request) { return handle(request); };
    }

protected:
    [[nodiscard]] virtual bool isWrite(const http::Request &request) const = 0;
    [[nodiscard]] virtual Act respond(const http::Request &request) = 0;
    [[nodiscard]] virtual Act failure(int status, const std::string &words) const = 0;
    [[nodiscard]] virtual Act tooMany() const { return failure(429, "Rate limit exceeded").with("Retry-After", "2"); }
    [[nodiscard]] virtual Act unauthorized() const { return failure(401, "not signed in"); }
    [[nodiscard]] virtual bool authorized(const http::Request &request) const
    {
        const auto given = http::headerOf(request.headers, "authorization");
        return given && *given == credentials();
    }
    [[nodiscard]] virtual std::string credentials() const = 0;

    [[nodiscard]] bool indexed(const Ticket &one) const { return !one.deleted && one.created + lag <= now(); }
    Act violation(int status, const std::string &words)
    {
        violations.push_back(words);
        return failure(status, words);
    }
    [[nodiscard]] static std::string decoded(std::string_view text)
    {
        std::string result;
        for (std::size_t i = 0; i < text.size(); ++i) {
            if (text[i] == '%' && i + 2 < text.size()) {
                result += char(std::stoi(std::string(text.substr(i + 1, 2)), nullptr, 16));
                i += 2;
            } else {
                result += text[i];
            }
        }
        return result;
    }
    /// The value of a query parameter.
    [[nodiscard]] static std::string parameter(const http::Request &request, const std::string &name)
    {
        const std::size_t mark = request.url.find('?');
        std::string_view rest = mark == std::string::npos ? "" : std::string_view(request.url).substr(mark + 1);
        while (!rest.empty()) {
            const std::size_t end = std::min(rest.find('&'), rest.size());
            const std::string_view pair = rest.substr(0, end);
            const std::size_t equals = std::min(pair.find('='), pair.size());
            if (decoded(pair.substr(0, equals)) == name)
                return decoded(pair.substr(std::min(equals + 1, pair.size())));
            rest.remove_prefix(std::min(end + 1, rest.size()));
        }
        return {};
    }
    [[nodiscard]] static std::string pathOf(const http::Request &request)
    {
        return decoded(request.url.substr(0, request.url.find('?')));
    }
    [[nodiscard]] static std::size_t units(const std::string &text)
    {
        std::size_t count = 0;
        for (const char c : text) {
            count += (std::uint8_t(c) & 0xc0) != 0x80;
            count += std::uint8_t(c) >= 0xf0;
        }
        return count;
    }
    [[nodiscard]] static bool hasControl(const std::string &text)
    {
        return std::any_of(text.begin(), text.end(), [](char c) { return std::uint8_t(c) < 0x20; });
    }
    /// Between two quotes, behind a word.
    [[nodiscard]] static std::string quotedBehind(const std::string &text, const std::string &word, char quote)
    {
        const std::size_t at = text.find(word);
        if (at == std::string::npos)
            return {};
        const std::size_t begin = text.find(quote, at + word.size());
        const std::size_t end = begin == std::string::npos ? begin : text.find(quote, begin + 1);
        return end == std::string::npos ? std::string() : text.substr(begin + 1, end - begin - 1);
    }
    [[nodiscard]] static std::string headerText(const http::Request &request, const char *name)
    {
        return std::string(http::headerOf(request.headers, name).value_or(""));
    }
};

}
