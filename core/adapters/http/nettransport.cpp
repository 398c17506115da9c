#include "core/adapters/http/nettransport.h"

#include <algorithm>
#include <charconv>
#include <condition_variable>
#include <mutex>

#include <QElapsedTimer>
#include <QFile>
#include <QIODevice>
#include <QNetworkAccessManager>
#include <QNetworkProxy>
#include <QNetworkReply>
#include <QNetworkRequest>
#include <QSslCertificate>
#include <QSslConfiguration>
#include <QThread>
#include <QTimer>
#include <QUrl>

#include "core/base/log.h"

namespace winnow::http
{

namespace
{

constexpr std::string_view kCategory = "winnow.adapters.http";

/// A body that can be read once: what cannot be rewound the library cannot send again behind our back.
class OnceBody : public QIODevice
{
public:
    explicit OnceBody(std::string body, QObject *parent)
        : QIODevice(parent)
        , m_body(std::move(body))
    {
        open(QIODevice::ReadOnly | QIODevice::Unbuffered);
    }
    bool isSequential() const override { return true; }
    bool seek(qint64) override { return false; }
    qint64 bytesAvailable() const override { return qint64(m_body.size() - m_at) + QIODevice::bytesAvailable(); }
    bool atEnd() const override { return m_at == m_body.size(); }

protected:
    qint64 readData(char *data, qint64 maximum) override
    {
        const std::size_t count = std::min(std::size_t(maximum), m_body.size() - m_at);
        std::copy_n(m_body.data() + m_at, count, data);
        m_at += count;
        return count == 0 && maximum > 0 ? -1 : qint64(count);
    }
    qint64 writeData(const char *, qint64) override { return -1; }

private:
    std::string m_body;
    std::size_t m_at = 0;
};

/// The connection itself failed, so that no request left on it.
bool neverConnected(QNetworkReply::NetworkError error)
{
    switch (error) {
    case QNetworkReply::ConnectionRefusedError:
    case QNetworkReply::HostNotFoundError:
    case QNetworkReply::SslHandshakeFailedError:
    case QNetworkReply::ProxyConnectionRefusedError:
    case QNetworkReply::ProxyNotFoundError:
    case QNetworkReply::ProxyAuthenticationRequiredError:
    case QNetworkReply::ProxyTimeoutError:
    case QNetworkReply::ProxyConnectionClosedError:
    case QNetworkReply::UnknownProxyError:
    case QNetworkReply::NetworkSessionFailedError:
    case QNetworkReply::ProtocolUnknownError:
        return true;
    default:
        return false;
    }
}

/// Errors that only say what the status says already.
bool saysTheStatus(QNetworkReply::NetworkError error)
{
    switch (error) {
    case QNetworkReply::NoError:
    case QNetworkReply::ContentAccessDenied:
    case QNetworkReply::ContentOperationNotPermittedError:
    case QNetworkReply::ContentNotFoundError:
    case QNetworkReply::AuthenticationRequiredError:
    case QNetworkReply::ContentConflictError:
    case QNetworkReply::ContentGoneError:
    case QNetworkReply::UnknownContentError:
    case QNetworkReply::ProtocolInvalidOperationError:
    case QNetworkReply::InternalServerError:
    case QNetworkReply::OperationNotImplementedError:
    case QNetworkReply::ServiceUnavailableError:
    case QNetworkReply::UnknownServerError:
        return true;
    default:
        return false;
    }
}

/// In our words: the library's hold the address with its query.
const char *wordsOf(QNetworkReply::NetworkError error)
{
    switch (error) {
    case QNetworkReply::ConnectionRefusedError:
        return "the server refuses connections";
    case QNetworkReply::HostNotFoundError:
        return "no such host";
    case QNetworkReply::SslHandshakeFailedError:
        return "its certificate is not trusted, or it speaks no TLS; a company's own authority goes into ca_file";
    case QNetworkReply::ProxyConnectionRefusedError:
    case QNetworkReply::ProxyConnectionClosedError:
    case QNetworkReply::ProxyNotFoundError:
    case QNetworkReply::ProxyTimeoutError:
    case QNetworkReply::UnknownProxyError:
        return "the proxy does not answer";
    case QNetworkReply::ProxyAuthenticationRequiredError:
        return "the proxy wants a name and a password";
    case QNetworkReply::RemoteHostClosedError:
        return "the server closed the connection before it had answered";
    case QNetworkReply::ContentReSendError:
        return "the server closed the connection before it had answered";
    case QNetworkReply::TimeoutError:
        return "no answer in time";
    default:
        return "the connection failed";
    }
}

/// The server promised more than came: the library lets that pass where the connection closes in time.
bool isCutShort(const Request &request, const Response &response)
{
    const auto promised = response.header("content-length");
    if (!promised || request.method == "HEAD" || response.status == 204 || response.status == 304
        || response.header("content-encoding"))
        return false;
    std::size_t length = 0;
    const auto [end, error] = std::from_chars(promised->data(), promised->data() + promised->size(), length);
    return error == std::errc() && end == promised->data() + promised->size() && response.body.size() < length;
}

bool hasControl(std::string_view text)
{
    return std::any_of(text.begin(), text.end(), [](char c) { return c == '\r' || c == '\n' || c == '\0'; });
}

QByteArray bytesOf(const std::string &text)
{
    return QByteArray(text.data(), qsizetype(text.size()));
}

}

/// One request on its way. Lives on the worker but for `done` and `reply`.
struct NetTransport::Exchange {
    Request request;
    Url url;
    std::mutex mutex;
    std::condition_variable wake;
    bool done = false;
    Reply reply;

    // worker only
    QNetworkAccessManager *manager = nullptr; ///< its own, of what must leave once
    QNetworkReply *network = nullptr;
    QTimer *connecting = nullptr, *idle = nullptr, *total = nullptr;
    QElapsedTimer clock;
    bool left = false; ///< a server took it
    bool proxied = false;
    std::optional<Error> reason; ///< why it was ended by us
    std::string body;
};

struct NetTransport::Private {
    NetOptions options;
    QSslConfiguration tls;
    QNetworkProxy proxy;
    bool systemProxy = true;
    QThread thread;
    QObject *worker = nullptr; ///< lives on the thread
    QNetworkAccessManager *shared = nullptr;

    QNetworkProxy proxyFor(const Url &url, const QUrl &address) const
    {
        if (isLoopback(url.host))
            return QNetworkProxy(QNetworkProxy::NoProxy);
        if (!systemProxy)
            return proxy;
        const auto list = QNetworkProxyFactory::systemProxyForQuery(QNetworkProxyQuery(address));
        return list.isEmpty() ? QNetworkProxy(QNetworkProxy::NoProxy) : list.first();
    }
    void start(const std::shared_ptr<Exchange> &exchange);
    static void end(const std::shared_ptr<Exchange> &exchange, Error reason);
    static void finish(const std::shared_ptr<Exchange> &exchange);
    static void watch(const std::shared_ptr<Exchange> &exchange);
};

Result<std::unique_ptr<NetTransport>> NetTransport::make(const NetOptions &options)
{
    auto made = std::make_unique<Private>();
    made->options = options;
    if (made->options.userAgent.empty())
        made->options.userAgent = "winnow/0.1 (feedback triage)";
    made->tls = QSslConfiguration::defaultConfiguration();
    if (!options.caFile.empty()) {
        QFile file(QString::fromStdString(options.caFile));
        if (!file.open(QIODevice::ReadOnly))
            return fail(ErrorCode::NotFound, "ca_file: cannot read " + options.caFile);
        const auto certificates = QSslCertificate::fromDevice(&file, QSsl::Pem);
        if (certificates.isEmpty())
            return fail(ErrorCode::InvalidInput, "ca_file: no certificate in PEM in " + options.caFile);
        made->tls.addCaCertificates(certificates);
    }
    if (options.proxy == "none") {
        made->systemProxy = false;
        made->proxy = QNetworkProxy(QNetworkProxy::NoProxy);
    } else if (!options.proxy.empty()) {
        const bool socks = options.proxy.starts_with("socks5://");
        const auto url = parseUrl(socks ? "http://" + options.proxy.substr(9) : options.proxy);
        if (!url)
            return failAt("proxy", url.error());
        made->systemProxy = false;
        made->proxy = QNetworkProxy(socks ? QNetworkProxy::Socks5Proxy : QNetworkProxy::HttpProxy,
                                    QString::fromStdString(url->host), quint16(url->port));
    }
    return std::unique_ptr<NetTransport>(new NetTransport(std::move(made)));
}

NetTransport::NetTransport(std::unique_ptr<Private> made)
    : d(std::move(made))
{
    d->thread.setObjectName(QStringLiteral("http"));
    d->worker = new QObject;
    d->worker->moveToThread(&d->thread);
    QObject::connect(&d->thread, &QThread::finished, d->worker, &QObject::deleteLater);
    d->thread.start();
}

NetTransport::~NetTransport()
{
    d->thread.quit();
    d->thread.wait();
}

/// Ends what is in flight, for a reason of ours.
void NetTransport::Private::end(const std::shared_ptr<Exchange> &exchange, Error reason)
{
    if (exchange->done || !exchange->network || exchange->reason)
        return;
    exchange->reason = std::move(reason);
    exchange->network->abort(); // emits finished()
}

void NetTransport::Private::watch(const std::shared_ptr<Exchange> &exchange)
{
    QNetworkReply *network = exchange->network;
    const auto timer = [&](std::chrono::milliseconds patience, const char *what) {
        auto *made = new QTimer(network);
        made->setSingleShot(true);
        made->setInterval(patience);
        QObject::connect(made, &QTimer::timeout, network, [exchange, what] {
            end(exchange, {ErrorCode::Timeout, exchange->request.label() + ": " + what});
        });
        made->start();
        return made;
    };
    exchange->connecting = timer(exchange->request.connectTimeout, "no connection in time");
    exchange->idle = timer(exchange->request.idleTimeout, "no answer in time");
    exchange->total = timer(exchange->request.totalTimeout, "no whole answer in time");
    const auto moved = [exchange] {
        exchange->left = true;
        exchange->connecting->stop();
        exchange->idle->start();
    };
    QObject::connect(network, &QNetworkReply::requestSent, network, moved);
    QObject::connect(network, &QNetworkReply::metaDataChanged, network, moved);
    QObject::connect(network, &QNetworkReply::uploadProgress, network, [moved](qint64 sent, qint64) {
        if (sent > 0)
            moved();
    });
    QObject::connect(network, &QNetworkReply::readyRead, network, [exchange, moved] {
        moved();
        const QByteArray piece = exchange->network->readAll();
        exchange->body.append(piece.constData(), std::size_t(piece.size()));
        if (exchange->body.size() > exchange->request.maximumBody)
            end(exchange, {ErrorCode::Protocol, exchange->request.label() + ": the answer is too long"});
    });
}

void NetTransport::Private::start(const std::shared_ptr<Exchange> &exchange)
{
    const Request &request = exchange->request;
    const QUrl address = QUrl::fromEncoded(bytesOf(request.url), QUrl::StrictMode);
    QNetworkRequest head(address);
    head.setRawHeader("User-Agent", bytesOf(options.userAgent));
    for (const auto &[name, value] : request.headers)
        head.setRawHeader(bytesOf(name), bytesOf(value));
    head.setAttribute(QNetworkRequest::RedirectPolicyAttribute, QNetworkRequest::ManualRedirectPolicy);
    head.setAttribute(QNetworkRequest::CookieLoadControlAttribute, QNetworkRequest::Manual);
    head.setAttribute(QNetworkRequest::CookieSaveControlAttribute, QNetworkRequest::Manual);
    head.setAttribute(QNetworkRequest::AuthenticationReuseAttribute, QNetworkRequest::Manual);
    head.setAttribute(QNetworkRequest::CacheLoadControlAttribute, QNetworkRequest::AlwaysNetwork);
    head.setAttribute(QNetworkRequest::CacheSaveControlAttribute, false);
    head.setAttribute(QNetworkRequest::HttpPipeliningAllowedAttribute, false);
    head.setAttribute(QNetworkRequest::Http2AllowedAttribute, false);
    if (exchange->url.scheme == "https")
        head.setSslConfiguration(tls);
    if (!shared)
        shared = new QNetworkAccessManager(worker);
    QNetworkAccessManager *manager = shared;
    if (!request.repeatable)
        // a kept connection that the server is just closing would make it ambiguous for nothing
        manager = exchange->manager = new QNetworkAccessManager(worker);
    const QNetworkProxy way = proxyFor(exchange->url, address);
    exchange->proxied = way.type() != QNetworkProxy::NoProxy;
    manager->setProxy(way);
    exchange->clock.start();
    const QByteArray verb = bytesOf(request.method);
    if (!request.repeatable) {
        auto *body = new OnceBody(request.body, manager);
        head.setAttribute(QNetworkRequest::DoNotBufferUploadDataAttribute, true);
        head.setHeader(QNetworkRequest::ContentLengthHeader, qulonglong(request.body.size()));
        if (!headerOf(request.headers, "content-type"))
            head.setHeader(QNetworkRequest::ContentTypeHeader, QByteArray("application/octet-stream"));
        exchange->network = verb == "POST" ? manager->post(head, body)
            : verb == "PUT"                ? manager->put(head, body)
                                           : manager->sendCustomRequest(head, verb, body);
    } else if (verb == "GET") {
        exchange->network = manager->get(head);
    } else if (verb == "HEAD") {
        exchange->network = manager->head(head);
    } else {
        if (!request.body.empty() && !headerOf(request.headers, "content-type"))
            head.setHeader(QNetworkRequest::ContentTypeHeader, QByteArray("application/octet-stream"));
        exchange->network = manager->sendCustomRequest(head, verb, bytesOf(request.body));
    }
    watch(exchange);
    QObject::connect(exchange->network, &QNetworkReply::finished, worker, [exchange] { finish(exchange); });
}

void NetTransport::Private::finish(const std::shared_ptr<Exchange> &exchange)
{
    QNetworkReply *network = exchange->network;
    const QNetworkReply::NetworkError error = network->error();
    const int status = network->attribute(QNetworkRequest::HttpStatusCodeAttribute).toInt();
    Reply reply;
    Response &response = reply.response;
    // asked to go elsewhere or to show credentials, the library would rewind the body before it lets us know
    const bool wantsAgain = error == QNetworkReply::ContentReSendError
        && (status == 301 || status == 302 || status == 303 || status == 307 || status == 308 || status == 401);
    const bool whole = error == QNetworkReply::NoError || (saysTheStatus(error) && status >= 400) || wantsAgain;
    if (!exchange->reason && status > 0 && whole) {
        const QByteArray rest = network->readAll();
        exchange->body.append(rest.constData(), std::size_t(rest.size()));
        reply.delivery = Delivery::Answered;
        response.status = status;
        for (const auto &[name, value] : network->rawHeaderPairs())
            response.headers.emplace_back(name.toStdString(), value.toStdString());
        response.body = std::move(exchange->body);
        if (!wantsAgain && isCutShort(exchange->request, response))
            reply = {Delivery::Ambiguous,
                     {},
                     {ErrorCode::Network, exchange->request.label() + ": the answer was cut short"}};
    } else {
        // what a proxy's refusal becomes is not in the library's list
        const bool noTunnel = exchange->proxied && error == QNetworkReply::UnknownNetworkError;
        const bool unsent =
            status == 0 && !exchange->left && (neverConnected(error) || noTunnel || exchange->reason.has_value());
        reply.delivery = unsent ? Delivery::NotSent : Delivery::Ambiguous;
        reply.error = exchange->reason
            ? *exchange->reason
            : Error{error == QNetworkReply::TimeoutError ? ErrorCode::Timeout : ErrorCode::Network,
                    exchange->request.label() + ": " + wordsOf(noTunnel ? QNetworkReply::UnknownProxyError : error)};
    }
    log(reply.answered() ? LogLevel::Info : LogLevel::Warning, kCategory,
        reply.answered() ? exchange->request.label() + " " + std::to_string(status) + " in "
                + std::to_string(exchange->clock.elapsed()) + " ms"
                         : reply.error.detail + (reply.delivery == Delivery::NotSent ? " (not sent)" : ""));
    network->deleteLater();
    exchange->network = nullptr;
    if (exchange->manager)
        exchange->manager->deleteLater();
    const std::lock_guard lock(exchange->mutex);
    exchange->reply = std::move(reply);
    exchange->done = true;
    exchange->wake.notify_all();
}

Reply NetTransport::sendOnce(const Request &request, std::stop_token stop)
{
    auto exchange = std::make_shared<Exchange>();
    exchange->request = request;
    auto url = checkUrl(request.url);
    if (!url)
        return {Delivery::NotSent, {}, url.error()};
    exchange->url = std::move(*url);
    for (const auto &[name, value] : request.headers)
        if (name.empty() || hasControl(name) || hasControl(value))
            return {Delivery::NotSent, {}, {ErrorCode::InvalidInput, request.label() + ": a header holds a line end"}};
    if (stop.stop_requested())
        return {Delivery::NotSent, {}, {ErrorCode::Cancelled, request.label() + ": stopped"}};
    QMetaObject::invokeMethod(
        d->worker, [this, exchange] { d->start(exchange); }, Qt::QueuedConnection);
    const std::stop_callback stopped(stop, [this, exchange] {
        QMetaObject::invokeMethod(
            d->worker,
            [exchange] {
                Private::end(exchange, {ErrorCode::Cancelled, exchange->request.label() + ": stopped"});
            },
            Qt::QueuedConnection);
    });
    std::unique_lock lock(exchange->mutex);
    exchange->wake.wait(lock, [&] { return exchange->done; });
    return std::move(exchange->reply);
}

Reply NetTransport::send(const Request &request, std::stop_token stop)
{
    Reply reply = sendOnce(request, stop);
    Request next = request;
    for (int left = request.repeatable ? request.redirects : 0; left > 0 && reply.answered(); --left) {
        const int status = reply.response.status;
        const auto location = reply.response.header("location");
        if (!location || (status != 301 && status != 302 && status != 303 && status != 307 && status != 308))
            break;
        const QUrl target =
            QUrl::fromEncoded(bytesOf(next.url)).resolved(QUrl::fromEncoded(bytesOf(std::string(*location))));
        const std::string url = target.toEncoded().toStdString();
        const auto from = parseUrl(next.url), to = checkUrl(url);
        if (!to || !from->sameServer(*to))
            return {Delivery::Ambiguous,
                    {},
                    {ErrorCode::Protocol,
                     request.label()
                         + ": the server sends us to another host; "
                           "the address of the connection is wrong"}};
        next.url = url;
        reply = sendOnce(next, stop);
    }
    return reply;
}

}
