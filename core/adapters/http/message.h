#pragma once

#include <chrono>
#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "core/base/result.h"
#include "core/base/time.h"

namespace winnow::http
{

using Headers = std::vector<std::pair<std::string, std::string>>;

/// The first header of that name, whatever its case; nothing where there is none.
[[nodiscard]] std::optional<std::string_view> headerOf(const Headers &headers, std::string_view name);

struct Request {
    std::string method = "GET";
    std::string url; ///< absolute, with its query
    Headers headers;
    std::string body;
    /// May be sent again without harm: a kept connection serves it, and the library may repeat it by itself. All else
    /// leaves once, on a connection of its own, and whoever closes that early makes it ambiguous.
    /// \source contracts/trackers.md 1.3
    bool repeatable = false;
    /// Redirects that are followed, by hand: a repeatable request, to the same host and port over https (loopback:
    /// http).
    int redirects = 0;
    std::size_t maximumBody = 64u << 20; ///< a longer answer is cut off and counts as lost
    std::chrono::milliseconds connectTimeout{10'000}, ///< until the server takes the request
        idleTimeout{60'000}, ///< without a byte in either direction
        totalTimeout{600'000};
    bool pathIsSecret = false; ///< an address that lets in whoever knows it: only its host is named

    /// A GET, or what else may be repeated.
    [[nodiscard]] static Request read(std::string url)
    {
        Request request;
        request.url = std::move(url);
        request.repeatable = true;
        return request;
    }
    /// What must leave once.
    [[nodiscard]] static Request once(std::string method, std::string url, std::string body)
    {
        Request request;
        request.method = std::move(method);
        request.url = std::move(url);
        request.body = std::move(body);
        return request;
    }
    /// `POST host/path`, for logs and errors: neither query nor headers.
    [[nodiscard]] std::string label() const;
};

struct Response {
    int status = 0;
    Headers headers;
    std::string body;

    [[nodiscard]] std::optional<std::string_view> header(std::string_view name) const
    {
        return headerOf(headers, name);
    }
    /// The server's clock: its `Date`.
    [[nodiscard]] std::optional<TimePoint> date() const;
    /// The content type says JSON. Whether it is, its parser says.
    [[nodiscard]] bool claimsJson() const;
};

/// What is known of a request after it. \source contracts/trackers.md 2.3
enum class Delivery {
    Answered, ///< the whole answer is here
    NotSent, ///< no connection was established, so that nothing left
    Ambiguous, ///< it left, or part of it did, and its answer is lost
};

struct Reply {
    Delivery delivery = Delivery::NotSent;
    Response response; ///< where answered
    /// Where not: Network, Timeout, Cancelled, Protocol (the answer is too long), InvalidInput or Forbidden (the
    /// address).
    Error error;

    [[nodiscard]] bool answered() const { return delivery == Delivery::Answered; }
    [[nodiscard]] bool ok() const { return answered() && response.status >= 200 && response.status < 300; }
};

/// An address in parts.
struct Url {
    std::string scheme, host, path; ///< scheme and host in lower case; path from `/`, without query
    int port = 0; ///< the scheme's, where none is named
    [[nodiscard]] bool sameServer(const Url &other) const
    {
        return scheme == other.scheme && host == other.host && port == other.port;
    }
};

/// Reads an absolute http(s) address. \errors InvalidInput: no such address, a user name or password in it.
[[nodiscard]] Result<Url> parseUrl(std::string_view url);
/// localhost, 127.0.0.0/8, ::1.
[[nodiscard]] bool isLoopback(std::string_view host);
/// An address that requests may go to: https, or http to this machine. \errors InvalidInput, Forbidden.
[[nodiscard]] Result<Url> checkUrl(std::string_view url);

/// Everything but letters, digits and `-._~` as %XX.
[[nodiscard]] std::string percentEncoded(std::string_view text);
/// `?a=b&c=d`, encoded; empty for none.
[[nodiscard]] std::string query(const Headers &parameters);

/// IMF-fixdate and the two older forms.
[[nodiscard]] std::optional<TimePoint> parseHttpDate(std::string_view text);
[[nodiscard]] std::string formatHttpDate(TimePoint time);

[[nodiscard]] std::string base64(std::string_view bytes);

}
