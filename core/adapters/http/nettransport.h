#pragma once

#include <memory>
#include <string>

#include "core/adapters/http/transport.h"

namespace winnow::http
{

/// How this machine reaches a server.
struct NetOptions {
    std::string proxy; ///< empty: the system's; `none`; or `http://host:port`, `socks5://host:port`
    std::string caFile; ///< certificates in PEM that are trusted besides the system's
    std::string userAgent; ///< empty: ours
};

/// The network through QtNetwork. Cookies, caches, stored credentials and redirects by the library are off; HTTP/1.1.
/// \source contracts/trackers.md 1
/// \thread one thread with an event loop of its own does the work; any number of threads may wait in send().
class NetTransport : public Transport
{
public:
    /// \errors InvalidInput: the proxy's address; NotFound, InvalidInput: the certificates.
    [[nodiscard]] static Result<std::unique_ptr<NetTransport>> make(const NetOptions &options);
    ~NetTransport() override;

    [[nodiscard]] Reply send(const Request &request, std::stop_token stop) override;

private:
    struct Private;
    struct Exchange;
    explicit NetTransport(std::unique_ptr<Private> d);
    [[nodiscard]] Reply sendOnce(const Request &request, std::stop_token stop);

    std::unique_ptr<Private> d;
};

}
