#pragma once

#include <atomic>
#include <functional>
#include <mutex>
#include <string>
#include <vector>

#include <QHostAddress>
#include <QTcpServer>
#include <QTcpSocket>
#include <QThread>
#include <QTimer>

#include "core/adapters/http/transport.h"

namespace winnow::test
{

/// What a server does with a request: an answer, or a way to lose it.
struct Act {
    enum class Fault {
        None,
        Refuse, ///< no connection: nothing arrives
        CloseEarly, ///< takes the request, closes without a word
        CutShort, ///< half of the answer, then closes
        Hang, ///< takes the request, says nothing
    };
    http::Response response;
    Fault fault = Fault::None;

    Act() = default;
    Act(int status, std::string body, std::string type = "application/json")
        : response{status, {{"Content-Type", std::move(type)}}, std::move(body)}
    {
    }
    Act(http::Response given)
        : response(std::move(given))
    {
    }
    Act(Fault given)
        : fault(given)
    {
    }
    Act &&with(std::string name, std::string value) &&
    {
        response.headers.emplace_back(std::move(name), std::move(value));
        return std::move(*this);
    }
};

/// What arrived: `url` is the path with its query.
using Handler = std::function<Act(const http::Request &)>;

/// An HTTP server on loopback with a thread of its own; the handler runs there, one call at a time.
class LoopbackServer
{
public:
    explicit LoopbackServer(Handler handler)
        : m_handler(std::move(handler))
    {
        m_thread.start();
        m_context.moveToThread(&m_thread);
        QMetaObject::invokeMethod(
            &m_context, [this] { listen(); }, Qt::BlockingQueuedConnection);
    }
    ~LoopbackServer()
    {
        QMetaObject::invokeMethod(
            &m_context,
            [this] {
                delete m_server;
                m_server = nullptr;
            },
            Qt::BlockingQueuedConnection);
        m_thread.quit();
        m_thread.wait();
    }

    [[nodiscard]] std::string url() const { return "http://127.0.0.1:" + std::to_string(m_port); }
    [[nodiscard]] int connections() const { return m_connections; }
    /// Requests that arrived whole.
    [[nodiscard]] std::vector<http::Request> requests() const
    {
        const std::lock_guard lock(m_mutex);
        return m_requests;
    }

private:
    void listen()
    {
        m_server = new QTcpServer;
        m_server->listen(QHostAddress::LocalHost, 0);
        m_port = m_server->serverPort();
        QObject::connect(m_server, &QTcpServer::newConnection, m_server, [this] {
            while (QTcpSocket *socket = m_server->nextPendingConnection()) {
                ++m_connections;
                auto buffer = std::make_shared<QByteArray>();
                QObject::connect(socket, &QTcpSocket::disconnected, socket, &QObject::deleteLater);
                QObject::connect(socket, &QTcpSocket::readyRead, socket, [this, socket, buffer] {
                    buffer->append(socket->readAll());
                    while (takeRequest(socket, *buffer)) { }
                });
            }
        });
    }
    /// \returns whether a whole request was there.
    bool takeRequest(QTcpSocket *socket, QByteArray &buffer)
    {
        const qsizetype end = buffer.indexOf("\r\n\r\n");
        if (end < 0)
            return false;
        http::Request request;
        const QList<QByteArray> lines = buffer.left(end).split('\n');
        const QList<QByteArray> first = lines[0].trimmed().split(' ');
        request.method = first.value(0).toStdString();
        request.url = first.value(1).toStdString();
        for (qsizetype i = 1; i < lines.size(); ++i) {
            const qsizetype colon = lines[i].indexOf(':');
            request.headers.emplace_back(lines[i].left(colon).trimmed().toStdString(),
                                         lines[i].mid(colon + 1).trimmed().toStdString());
        }
        const auto length = http::headerOf(request.headers, "content-length");
        const qsizetype size = length ? qsizetype(std::stoll(std::string(*length))) : 0;
        if (buffer.size() < end + 4 + size)
            return false;
        request.body = buffer.mid(end + 4, size).toStdString();
        buffer.remove(0, end + 4 + size);
        const Act act = m_handler(request);
        {
            const std::lock_guard lock(m_mutex);
            m_requests.push_back(std::move(request));
        }
        answer(socket, act);
        return act.fault == Act::Fault::None;
    }
    static void answer(QTcpSocket *socket, const Act &act)
    {
        if (act.fault == Act::Fault::Hang)
            return;
        if (act.fault == Act::Fault::CloseEarly || act.fault == Act::Fault::Refuse) {
            socket->disconnectFromHost();
            return;
        }
        const http::Response &response = act.response;
        std::string text = "HTTP/1.1 " + std::to_string(response.status) + " Said\r\n";
        for (const auto &[name, value] : response.headers)
            text += name + ": " + value + "\r\n";
        text += "Content-Length: " + std::to_string(response.body.size()) + "\r\n\r\n";
        if (act.fault == Act::Fault::CutShort) {
            text += response.body.substr(0, response.body.size() / 2);
            socket->write(text.data(), qint64(text.size()));
            socket->disconnectFromHost();
            return;
        }
        text += response.body;
        socket->write(text.data(), qint64(text.size()));
        socket->flush();
    }

    Handler m_handler;
    QThread m_thread;
    QObject m_context;
    QTcpServer *m_server = nullptr;
    quint16 m_port = 0;
    std::atomic<int> m_connections = 0;
    mutable std::mutex m_mutex;
    std::vector<http::Request> m_requests;
};

/// The same handler without a network, for virtual time.
class DirectTransport : public http::Transport
{
public:
    explicit DirectTransport(Handler handler)
        : m_handler(std::move(handler))
    {
    }
    std::size_t sent = 0;

    http::Reply send(const http::Request &request, std::stop_token) override
    {
        ++sent;
        const auto url = http::checkUrl(request.url);
        if (!url)
            return {http::Delivery::NotSent, {}, url.error()};
        http::Request arrived = request;
        const std::size_t host = request.url.find("://") + 3;
        const std::size_t path = request.url.find('/', host);
        arrived.url = path == std::string::npos ? "/" : request.url.substr(path);
        Act act = m_handler(arrived);
        switch (act.fault) {
        case Act::Fault::None:
            return {http::Delivery::Answered, std::move(act.response), {}};
        case Act::Fault::Refuse:
            return {http::Delivery::NotSent, {}, {ErrorCode::Network, request.label() + ": refused"}};
        case Act::Fault::Hang:
            return {http::Delivery::Ambiguous, {}, {ErrorCode::Timeout, request.label() + ": no answer in time"}};
        default:
            return {http::Delivery::Ambiguous, {}, {ErrorCode::Network, request.label() + ": closed"}};
        }
    }

private:
    Handler m_handler;
};

}
