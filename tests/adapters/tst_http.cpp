#include <QtTest>

#include <thread>

#include "core/adapters/http/nettransport.h"
#include "core/adapters/http/pacing.h"
#include "core/base/log.h"
#include "tests/fakes/loopbackserver.h"

using namespace winnow;
using namespace winnow::http;
using namespace winnow::test;
using namespace std::chrono_literals;

using Fault = Act::Fault;

class TestHttp : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void initTestCase() { m_net = std::move(*NetTransport::make({})); }
    void cleanupTestCase() { m_net.reset(); }

    void theUserAgentIsOurOwn()
    {
        LoopbackServer server([](const Request &) { return Act(200, "{}"); });
        QVERIFY(m_net->send(Request::read(server.url() + "/a?b=c"), {}).ok());
        QVERIFY(m_net->send(Request::once("POST", server.url() + "/a", "x"), {}).ok());
        QCOMPARE(server.requests().size(), std::size_t(2));
        for (const Request &request : server.requests()) {
            const auto agent = headerOf(request.headers, "user-agent");
            QVERIFY(agent && agent->starts_with("winnow/"));
            QVERIFY(!headerOf(request.headers, "cookie"));
        }
        QCOMPARE(server.requests()[0].url, std::string("/a?b=c"));
    }

    void anAnswerComesWholeWithItsStatusHeadersAndBody()
    {
        const std::string body(300'000, 'x');
        LoopbackServer server([&](const Request &request) {
            return Act(request.method == "PATCH" ? 418 : 201, request.body + body).with("X-Left", "7");
        });
        const Reply reply = m_net->send(Request::once("POST", server.url() + "/", "q"), {});
        QVERIFY(reply.ok());
        QCOMPARE(reply.response.status, 201);
        QVERIFY(reply.response.body == "q" + body);
        QVERIFY(reply.response.header("x-left") == "7");
        const Reply odd = m_net->send(Request::once("PATCH", server.url() + "/", ""), {});
        QVERIFY(odd.answered() && !odd.ok());
        QCOMPARE(odd.response.status, 418);
        QVERIFY(odd.response.body == body);
    }

    void everyErrorStatusIsAnAnswer()
    {
        for (const int status :
             {400, 401, 403, 404, 405, 408, 409, 410, 412, 413, 415, 422, 429, 500, 501, 502, 503, 504}) {
            LoopbackServer server([&](const Request &) { return Act(status, R"({"error":"no"})"); });
            for (const bool once : {true, false}) {
                const Reply reply = m_net->send(
                    once ? Request::once("POST", server.url() + "/", "{}") : Request::read(server.url() + "/"), {});
                QVERIFY2(reply.answered(), std::to_string(status).c_str());
                QCOMPARE(reply.response.status, status);
                QCOMPARE(reply.response.body, std::string(R"({"error":"no"})"));
            }
        }
    }

    void aServerThatWantsCredentialsIsAnAnswer()
    {
        for (const char *scheme :
             {"Basic realm=\"x\"", "Negotiate", "Bearer", "NTLM", "Digest realm=\"x\", nonce=\"1\""}) {
            LoopbackServer server([&](const Request &) { return Act(401, "{}").with("WWW-Authenticate", scheme); });
            for (const bool once : {true, false}) {
                Request request =
                    once ? Request::once("POST", server.url() + "/", "{}") : Request::read(server.url() + "/");
                request.headers = {{"Authorization", "Bearer x"}};
                QCOMPARE(m_net->send(request, {}).response.status, 401);
            }
            QCOMPARE(server.requests().size(), std::size_t(2));
        }
    }

    void redirectsOfACallAreNotFollowed()
    {
        LoopbackServer other([](const Request &) { return Act(200, "<html>sign in</html>", "text/html"); });
        LoopbackServer server([&](const Request &) { return Act(302, "").with("Location", other.url() + "/login"); });
        Request request = Request::read(server.url() + "/api");
        request.headers = {{"Authorization", "Bearer secret"}};
        const Reply reply = m_net->send(request, {});
        QVERIFY(reply.answered());
        QCOMPARE(reply.response.status, 302);
        QVERIFY(other.requests().empty());
        // asked to follow, it still goes to no other server
        request.redirects = 5;
        QCOMPARE(int(m_net->send(request, {}).error.code), int(ErrorCode::Protocol));
        QVERIFY(other.requests().empty());
    }

    void redirectsToTheSameServerAreFollowedWhereAsked()
    {
        LoopbackServer server([&](const Request &request) {
            return request.url == "/a" ? Act(307, "").with("Location", "/b") : Act(200, "here");
        });
        Request request = Request::read(server.url() + "/a");
        request.redirects = 2;
        QCOMPARE(m_net->send(request, {}).response.body, std::string("here"));
        // something that must leave once is never redirected
        Request once = Request::once("POST", server.url() + "/a", "x");
        once.redirects = 2;
        QCOMPARE(m_net->send(once, {}).response.status, 307);
        QCOMPARE(server.requests().size(), std::size_t(3));
    }

    void cookiesAreNeitherKeptNorSent()
    {
        LoopbackServer server([&](const Request &) { return Act(200, "{}").with("Set-Cookie", "session=1; Path=/"); });
        for (int i = 0; i < 2; ++i)
            QVERIFY(m_net->send(Request::read(server.url() + "/"), {}).ok());
        QVERIFY(!headerOf(server.requests()[1].headers, "cookie"));
    }

    void aCallLeavesOnceThoughTheServerClosesEarly_data()
    {
        QTest::addColumn<QByteArray>("verb");
        QTest::addColumn<QByteArray>("body");
        QTest::newRow("POST") << QByteArray("POST") << QByteArray("{}");
        QTest::newRow("POST, nothing in it") << QByteArray("POST") << QByteArray();
        QTest::newRow("POST, large") << QByteArray("POST") << QByteArray(400'000, 'x');
        QTest::newRow("PATCH") << QByteArray("PATCH") << QByteArray("{}");
        QTest::newRow("PUT") << QByteArray("PUT") << QByteArray("{}");
        QTest::newRow("DELETE") << QByteArray("DELETE") << QByteArray();
    }
    void aCallLeavesOnceThoughTheServerClosesEarly()
    {
        QFETCH(const QByteArray, verb);
        QFETCH(const QByteArray, body);
        LoopbackServer server([&](const Request &) { return Act(Fault::CloseEarly); });
        for (int i = 1; i <= 3; ++i) {
            const Reply reply =
                m_net->send(Request::once(verb.toStdString(), server.url() + "/", body.toStdString()), {});
            QCOMPARE(int(reply.delivery), int(Delivery::Ambiguous));
            QCOMPARE(int(reply.error.code), int(ErrorCode::Network));
            QTest::qWait(20); // a second one would follow at once
            QCOMPARE(server.requests().size(), std::size_t(i));
        }
        QVERIFY(server.requests()[0].body == body.toStdString());
    }

    void aCallLeavesOnceThoughAKeptConnectionIsClosed()
    {
        int calls = 0;
        LoopbackServer server([&](const Request &) { return ++calls % 2 ? Act(200, "{}") : Act(Fault::CloseEarly); });
        for (int i = 0; i < 4; ++i) {
            QVERIFY(m_net->send(Request::read(server.url() + "/"), {}).ok());
            QCOMPARE(int(m_net->send(Request::once("POST", server.url() + "/", "{}"), {}).delivery),
                     int(Delivery::Ambiguous));
        }
        QTest::qWait(20);
        QCOMPARE(server.requests().size(), std::size_t(8));
    }

    void aRefusedConnectionSentNothing()
    {
        std::string url;
        {
            LoopbackServer gone([](const Request &) { return Act(200, "{}"); });
            url = gone.url();
        }
        for (int i = 0; i < 5; ++i) {
            const Reply reply = m_net->send(Request::once("POST", url + "/", "{}"), {});
            QCOMPARE(int(reply.delivery), int(Delivery::NotSent));
            QCOMPARE(int(reply.error.code), int(ErrorCode::Network));
        }
    }

    void aServerThatSaysNothingIsLeftInTime()
    {
        LoopbackServer server([&](const Request &) { return Act(Fault::Hang); });
        for (const bool once : {true, false}) {
            Request request =
                once ? Request::once("POST", server.url() + "/", "{}") : Request::read(server.url() + "/");
            request.idleTimeout = 100ms;
            const Reply reply = m_net->send(request, {});
            QCOMPARE(int(reply.delivery), int(Delivery::Ambiguous));
            QCOMPARE(int(reply.error.code), int(ErrorCode::Timeout));
        }
    }

    void aConnectionThatIsNeverMadeSentNothing()
    {
        // a listener whose queue is full answers no knock
        QTcpServer deaf;
        deaf.setListenBacklogSize(0);
        QVERIFY(deaf.listen(QHostAddress::LocalHost, 0));
        deaf.pauseAccepting();
        std::vector<std::unique_ptr<QTcpSocket>> knocks;
        for (int i = 0; i < 3; ++i) {
            knocks.push_back(std::make_unique<QTcpSocket>());
            knocks.back()->connectToHost(QHostAddress::LocalHost, deaf.serverPort());
            if (!knocks.back()->waitForConnected(200))
                break;
        }
        Request request = Request::once("POST", "http://127.0.0.1:" + std::to_string(deaf.serverPort()) + "/", "{}");
        request.connectTimeout = 150ms;
        const Reply reply = m_net->send(request, {});
        QCOMPARE(int(reply.error.code), int(ErrorCode::Timeout));
        QCOMPARE(int(reply.delivery), int(Delivery::NotSent));
    }

    void aCutAnswerIsLost()
    {
        LoopbackServer server([&](const Request &) {
            Act act(201, std::string(5000, 'x'));
            act.fault = Fault::CutShort;
            return act;
        });
        QCOMPARE(int(m_net->send(Request::once("POST", server.url() + "/", "{}"), {}).delivery),
                 int(Delivery::Ambiguous));
        QVERIFY(!m_net->send(Request::read(server.url() + "/"), {}).answered());
    }

    void anEndlessAnswerIsCutOff()
    {
        LoopbackServer server([&](const Request &) { return Act(200, std::string(200'000, 'x')); });
        Request request = Request::read(server.url() + "/");
        request.maximumBody = 1000;
        const Reply reply = m_net->send(request, {});
        QVERIFY(!reply.answered());
        QCOMPARE(int(reply.error.code), int(ErrorCode::Protocol));
    }

    void aStopEndsTheWait()
    {
        LoopbackServer server([&](const Request &) { return Act(Fault::Hang); });
        std::stop_source stop;
        std::thread stopper([&] {
            while (server.connections() == 0)
                std::this_thread::yield();
            stop.request_stop();
        });
        const Reply reply = m_net->send(Request::once("POST", server.url() + "/", "{}"), stop.get_token());
        stopper.join();
        QCOMPARE(int(reply.error.code), int(ErrorCode::Cancelled));
        const Reply later = m_net->send(Request::once("POST", server.url() + "/", "{}"), stop.get_token());
        QCOMPARE(int(later.delivery), int(Delivery::NotSent));
    }

    void manyThreadsMaySendAtOnce()
    {
        LoopbackServer server([&](const Request &request) { return Act(200, request.body); });
        std::atomic<int> right = 0;
        std::vector<std::thread> threads;
        for (int t = 0; t < 8; ++t)
            threads.emplace_back([&, t] {
                for (int i = 0; i < 25; ++i) {
                    Request request = Request::once("POST", server.url() + "/", std::to_string(t * 100 + i));
                    request.repeatable = i % 2;
                    right += m_net->send(request, {}).response.body == request.body;
                }
            });
        for (std::thread &thread : threads)
            thread.join();
        QCOMPARE(right.load(), 200);
    }

    void plainHttpGoesToThisMachineOnly_data()
    {
        QTest::addColumn<QByteArray>("url");
        QTest::addColumn<bool>("allowed");
        QTest::newRow("https") << QByteArray("https://jira.example.com/x") << true;
        QTest::newRow("http") << QByteArray("http://jira.example.com/x") << false;
        QTest::newRow("loopback") << QByteArray("http://127.0.0.1:8080/x") << true;
        QTest::newRow("another loopback") << QByteArray("http://127.3.2.1/x") << true;
        QTest::newRow("localhost") << QByteArray("http://LOCALHOST:1/x") << true;
        QTest::newRow("IPv6") << QByteArray("http://[::1]:1/x") << true;
        QTest::newRow("a name that begins like it") << QByteArray("http://127.0.0.1.evil.example/") << false;
        QTest::newRow("another one") << QByteArray("http://127.evil.example.com/") << false;
        QTest::newRow("localhost of somebody") << QByteArray("http://localhost.example/") << false;
        QTest::newRow("user in front") << QByteArray("http://localhost@evil.example/") << false;
        QTest::newRow("password") << QByteArray("https://ann:secret@jira.example/") << false;
        QTest::newRow("file") << QByteArray("file:///etc/passwd") << false;
        QTest::newRow("blank") << QByteArray("https://jira.example/a b") << false;
        QTest::newRow("line end") << QByteArray("https://jira.example/a\r\nX: y") << false;
        QTest::newRow("no host") << QByteArray("https:///a") << false;
        QTest::newRow("no port") << QByteArray("https://a:99999/") << false;
    }
    void plainHttpGoesToThisMachineOnly()
    {
        QFETCH(const QByteArray, url);
        QFETCH(const bool, allowed);
        QCOMPARE(checkUrl(url.toStdString()).has_value(), allowed);
        if (!allowed)
            QCOMPARE(int(m_net->send(Request::read(url.toStdString()), {}).delivery), int(Delivery::NotSent));
    }

    void aHeaderCannotSmuggleAnother()
    {
        Request request = Request::read("https://jira.example.com/");
        request.headers = {{"Authorization", "Bearer a\r\nX-Evil: 1"}};
        QCOMPARE(int(m_net->send(request, {}).error.code), int(ErrorCode::InvalidInput));
    }

    void logsAndErrorsNameNeitherQueryNorSecrets()
    {
        std::string lines;
        std::mutex mutex;
        setLogSink([&](LogLevel, std::string_view, std::string_view message) {
            const std::lock_guard lock(mutex);
            lines += std::string(message) + "\n";
        });
        LoopbackServer server(
            [&](const Request &r) { return r.url.starts_with("/no") ? Act(Fault::CloseEarly) : Act(200, ""); });
        std::string details;
        for (const char *path : {"/yes?token=PLANTED", "/no?token=PLANTED"}) {
            Request request = Request::once("POST", server.url() + path, "PLANTED");
            request.headers = {{"Authorization", "Bearer PLANTED"}};
            details += m_net->send(request, {}).error.detail;
        }
        Request hook = Request::once("POST", server.url() + "/no/PLANTED", "");
        hook.pathIsSecret = true;
        details += m_net->send(hook, {}).error.detail;
        setLogSink({});
        QVERIFY(lines.find("POST 127.0.0.1/yes 200") != std::string::npos);
        QVERIFY(details.find("POST 127.0.0.1/no") != std::string::npos);
        QVERIFY((lines + details).find("PLANTED") == std::string::npos);
    }

    void aProxyServesAllButThisMachine()
    {
        // nothing listens there: whoever goes through it fails, and sent nothing
        auto net = std::move(*NetTransport::make({.proxy = "http://127.0.0.1:9", .caFile = {}, .userAgent = {}}));
        LoopbackServer server([&](const Request &) { return Act(200, "{}"); });
        QVERIFY(net->send(Request::read(server.url() + "/"), {}).ok());
        const Reply reply = net->send(Request::once("POST", "https://jira.example.com/", "{}"), {});
        QCOMPARE(int(reply.delivery), int(Delivery::NotSent));
        QVERIFY(reply.error.detail.find("proxy") != std::string::npos);
        QVERIFY(!NetTransport::make({.proxy = "nonsense", .caFile = {}, .userAgent = {}}));
    }

    void certificatesOfACompanyAreReadOrRefused()
    {
        QTemporaryDir folder;
        const std::string missing = folder.filePath(QStringLiteral("missing.pem")).toStdString();
        QCOMPARE(int(NetTransport::make({.proxy = {}, .caFile = missing, .userAgent = {}}).error().code),
                 int(ErrorCode::NotFound));
        QFile file(folder.filePath(QStringLiteral("text.pem")));
        QVERIFY(file.open(QIODevice::WriteOnly) && file.write("no certificate") > 0);
        file.close();
        QCOMPARE(int(NetTransport::make({.proxy = {}, .caFile = file.fileName().toStdString(), .userAgent = {}})
                         .error()
                         .code),
                 int(ErrorCode::InvalidInput));
    }

    void jsonIsWhatItsTypeSays()
    {
        for (const char *type : {"application/json", "application/json; charset=utf-8", "Application/JSON",
                                 "application/vnd.github+json", "application/problem+json;x=y"})
            QVERIFY2((Response{200, {{"Content-Type", type}}, {}}.claimsJson()), type);
        for (const char *type : {"text/html", "text/plain; x=application/json", "application/jsonx", ""})
            QVERIFY2(!(Response{200, {{"Content-Type", type}}, {}}.claimsJson()), type);
        QVERIFY(!Response().claimsJson());
    }

    void httpDatesAreRead()
    {
        const auto time = parseTime("1994-11-06T08:49:37Z");
        for (const char *text :
             {"Sun, 06 Nov 1994 08:49:37 GMT", "Sunday, 06-Nov-94 08:49:37 GMT", "Sun Nov  6 08:49:37 1994"})
            QVERIFY2(parseHttpDate(text) == time, text);
        QCOMPARE(formatHttpDate(*time), std::string("Sun, 06 Nov 1994 08:49:37 GMT"));
        for (const char *text : {"", "soon", "Sun, 31 Feb 1994 08:49:37 GMT", "Sun, 06 Nov 1994 25:49:37 GMT"})
            QVERIFY2(!parseHttpDate(text), text);
    }

    void retryAfterIsSecondsOrADate_data()
    {
        QTest::addColumn<QByteArray>("value");
        QTest::addColumn<int>("ms");
        QTest::newRow("seconds") << QByteArray("7") << 7000;
        QTest::newRow("decimals") << QByteArray("1.25") << 1250;
        QTest::newRow("a date, by the server's clock") << QByteArray("Sun, 06 Nov 1994 08:50:07 GMT") << 30000;
        QTest::newRow("a date that is past") << QByteArray("Sun, 06 Nov 1994 08:00:00 GMT") << 1000;
        QTest::newRow("nonsense") << QByteArray("in a while") << 1000;
        QTest::newRow("negative") << QByteArray("-5") << 1000;
        QTest::newRow("zero") << QByteArray("0") << 0;
        QTest::newRow("too long") << QByteArray("86400") << 900000;
    }
    void retryAfterIsSecondsOrADate()
    {
        QFETCH(const QByteArray, value);
        QFETCH(const int, ms);
        const Response response{
            429, {{"Retry-After", value.toStdString()}, {"Date", "Sun, 06 Nov 1994 08:49:37 GMT"}}, {}};
        // our own clock is years off
        QCOMPARE(int(retryAfter(response, *parseTime("2026-01-01T00:00:00Z"))->count()), ms);
    }

    void aSpentBudgetPausesUntilItIsFull_data()
    {
        QTest::addColumn<int>("unit");
        QTest::addColumn<QByteArray>("reset");
        QTest::addColumn<int>("seconds");
        const auto unit = [](BudgetHeaders::Reset reset) { return int(reset); };
        QTest::newRow("epoch seconds") << unit(BudgetHeaders::Reset::Seconds) << QByteArray("1000000030") << 30;
        QTest::newRow("epoch milliseconds")
            << unit(BudgetHeaders::Reset::Milliseconds) << QByteArray("1000000030000") << 30;
        QTest::newRow("interval") << unit(BudgetHeaders::Reset::Interval) << QByteArray("12") << 12;
        // 2001-09-09T01:46:40Z: the minute named is the one that runs, and it may end anywhere in it
        QTest::newRow("to the minute") << unit(BudgetHeaders::Reset::Iso8601) << QByteArray("2001-09-09T01:47Z") << 80;
    }
    void aSpentBudgetPausesUntilItIsFull()
    {
        QFETCH(const int, unit);
        QFETCH(const QByteArray, reset);
        QFETCH(const int, seconds);
        const TimePoint now(1000000000s);
        Pacer pacer({{"X-Left", "X-Reset", BudgetHeaders::Reset(unit)}}, {}, {});
        const auto answer = [&](const char *left) {
            return Reply{Delivery::Answered, {200, {{"X-Left", left}, {"X-Reset", reset.toStdString()}}, {}}, {}};
        };
        pacer.answered(answer("1"), false, now);
        QVERIFY(pacer.readyAt(true, now) == now);
        pacer.answered(answer("0"), false, now);
        QVERIFY(pacer.readyAt(true, now) == now + std::chrono::seconds(seconds));
        QVERIFY(pacer.readyAt(false, now) == now + std::chrono::seconds(seconds));
    }

    void retryAfterCountsOn200Too()
    {
        Pacer pacer;
        const TimePoint now(1000000000s);
        pacer.answered({Delivery::Answered, {200, {{"Retry-After", "20"}}, {}}, {}}, false, now);
        QVERIFY(pacer.readyAt(false, now) == now + 20s);
        QVERIFY(pacer.pausedUntil(now) == now + 20s);
        QVERIFY(!pacer.pausedUntil(now + 20s));
    }

    void aLimitWithoutATimeBacksOffLongerEachTime()
    {
        Pacer pacer({}, {}, {}, 7);
        TimePoint now(1000000000s);
        std::int64_t longest = 0;
        for (int i = 0; i < 12; ++i) {
            pacer.answered({Delivery::Answered, {429, {}, {}}, {}}, true, now);
            const TimePoint ready = pacer.readyAt(true, now);
            QVERIFY(ready > now && ready <= now + std::min(300'000ms, 2000ms * (1 << std::min(i, 8))));
            longest = std::max<std::int64_t>(longest, (ready - now).count());
            now = ready;
        }
        QVERIFY(longest > 30'000);
    }

    void publishedQuotasAreKept()
    {
        Pacer pacer({}, {}, {{80, 60s}, {500, 3600s}});
        TimePoint now(1000000000s);
        std::deque<TimePoint> calls;
        for (int i = 0; i < 1200; ++i) {
            now = pacer.readyAt(true, now);
            pacer.leaves(true, now);
            calls.push_back(now);
            const auto within = [&](std::chrono::seconds window) {
                return std::count_if(calls.begin(), calls.end(), [&](TimePoint t) { return t > now - window; });
            };
            QVERIFY(within(60s) <= 80 && within(3600s) <= 500);
            QVERIFY(pacer.readyAt(false, now) == now); // reads are not writes
        }
        QVERIFY(now - calls.front() < 2h + 10min);
    }

    void base64AndPercentAreRight()
    {
        QCOMPARE(base64(""), std::string(""));
        QCOMPARE(base64("f"), std::string("Zg=="));
        QCOMPARE(base64("fo"), std::string("Zm8="));
        QCOMPARE(base64("foobar"), std::string("Zm9vYmFy"));
        QCOMPARE(base64("\xff\xfe\xfd"), std::string("//79"));
        QCOMPARE(percentEncoded("a b/ü~"), std::string("a%20b%2F%C3%BC~"));
        QCOMPARE(query({{"jql", "a = \"b\""}, {"x", ""}}), std::string("?jql=a%20%3D%20%22b%22&x="));
        QCOMPARE(query({}), std::string());
    }

private:
    std::unique_ptr<NetTransport> m_net;
};

QTEST_GUILESS_MAIN(TestHttp)
#include "tst_http.moc"
