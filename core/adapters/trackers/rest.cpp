#include "core/adapters/trackers/rest.h"

#include <algorithm>
#include <array>
#include <cstdio>

#include "core/base/hash.h"
#include "core/stages/draft/shaping.h"

namespace winnow::trackers
{

namespace
{

constexpr int kReads = 5; ///< tries

bool isRefusal(int status)
{
    constexpr std::array kRefusals{400, 401, 403, 404, 409, 410, 412, 413, 415, 422};
    return std::find(kRefusals.begin(), kRefusals.end(), status) != kRefusals.end();
}

}

/// What an answer means.
struct Rest::Heard {
    enum class Kind { Good, Refused, SignedOut, Limited, Unavailable, Lost, Unsent };
    Kind kind = Kind::Lost;
    bool envelope = false; ///< the tracker itself said so
    Json body;
    std::string detail;
    ErrorCode code = ErrorCode::Network;
};

Rest::Heard Rest::hear(const http::Reply &reply) const
{
    Heard heard;
    if (!reply.answered()) {
        heard.kind = reply.delivery == http::Delivery::NotSent ? Heard::Kind::Unsent : Heard::Kind::Lost;
        heard.detail = reply.error.detail;
        heard.code = reply.error.code;
        return heard;
    }
    const http::Response &response = reply.response;
    const int status = response.status;
    if (response.claimsJson())
        heard.body = Json::parse(response.body, nullptr, false);
    const bool json = response.claimsJson() && !heard.body.is_discarded();
    if (!json)
        heard.body = Json();
    const auto said = json && m_rules.errorIn ? m_rules.errorIn(heard.body) : std::nullopt;
    heard.envelope = said.has_value();
    const std::string words = said && !said->empty() ? ": " + spoken(*said) : std::string();
    if (status == 429 || (m_rules.limited && m_rules.limited(response, heard.body))) {
        heard.kind = Heard::Kind::Limited;
        heard.detail = "the tracker asks to wait" + words;
    } else if (m_rules.signedOut && m_rules.signedOut(response)) {
        heard.kind = Heard::Kind::SignedOut;
        heard.code = ErrorCode::Protocol;
        heard.detail = "the credentials are not valid, or have expired" + words;
    } else if (status == 401 || status == 203 || (status >= 300 && status < 400) || (status == 403 && !json)) {
        heard.kind = Heard::Kind::SignedOut;
        heard.code = ErrorCode::Protocol;
        heard.detail = (status >= 300 && status < 400 ? "the credentials or the address are wrong: it leads elsewhere"
                            : status == 403           ? "forbidden, and not by the tracker itself"
                                                      : "the credentials are not valid, or have expired")
            + (" (" + std::to_string(status)) + ")" + words;
    } else if (status >= 200 && status < 300) {
        heard.kind = json || response.body.empty() ? Heard::Kind::Good : Heard::Kind::Unavailable;
        if (heard.kind == Heard::Kind::Unavailable)
            heard.detail = "answered something that is no JSON (" + std::to_string(status) + ")";
    } else if (isRefusal(status)) {
        heard.kind = Heard::Kind::Refused;
        heard.code = status == 404 || status == 410 ? ErrorCode::NotFound : ErrorCode::Protocol;
        heard.detail = "refused (" + std::to_string(status) + ")" + words;
    } else {
        heard.kind = Heard::Kind::Unavailable;
        heard.detail = "not available (" + std::to_string(status) + ")" + words;
    }
    return heard;
}

std::string Rest::spoken(std::string_view text) const
{
    std::string line = draft::lineText(text);
    for (const std::string &secret : m_rules.secrets)
        for (std::size_t at = line.find(secret); at != std::string::npos && !secret.empty(); at = line.find(secret, at))
            line.replace(at, secret.size(), "…");
    return draft::shortened(line, 300);
}

http::Request Rest::requestTo(const std::string &path) const
{
    const bool whole = path.starts_with("http://") || path.starts_with("https://");
    http::Request request = http::Request::read(whole ? path : m_rules.base + path);
    request.headers = m_rules.headers;
    request.pathIsSecret = m_rules.pathIsSecret;
    if (whole) {
        // credentials never go to another server than the connection's
        const auto ours = http::parseUrl(m_rules.base), theirs = http::parseUrl(path);
        if (!ours || !theirs || !ours->sameServer(*theirs))
            request.headers.clear();
    }
    return request;
}

/// Waits for its turn. \errors Network: that would take too long; Cancelled.
Result<> Rest::wait(bool write, std::stop_token stop)
{
    const TimePoint now = m_clock.now(), ready = m_pacer.readyAt(write, now);
    if (ready - now > m_rules.patience)
        return fail(ErrorCode::Network, "the tracker asks to wait until " + formatTime(ready));
    if (ready > now && !m_clock.waitUntil(ready, stop))
        return fail(ErrorCode::Cancelled, "stopped while waiting for the tracker");
    return {};
}

Result<Answer> Rest::readAgain(http::Request request, std::stop_token stop)
{
    Heard heard;
    for (int attempt = 0; attempt < kReads; ++attempt) {
        if (auto ready = wait(false, stop); !ready)
            return tl::unexpected(ready.error());
        m_pacer.leaves(false, m_clock.now());
        http::Reply reply = m_transport->send(request, stop);
        heard = hear(reply);
        m_pacer.answered(reply, heard.kind == Heard::Kind::Limited, m_clock.now());
        if (heard.kind == Heard::Kind::Good) {
            Answer answer{reply.response.status, std::move(reply.response.headers), std::move(heard.body), {}};
            const auto date = answer.header("date");
            answer.at = (date ? http::parseHttpDate(*date) : std::nullopt).value_or(m_clock.now());
            return answer;
        }
        if (heard.kind == Heard::Kind::Refused || heard.kind == Heard::Kind::SignedOut
            || heard.code == ErrorCode::Cancelled || heard.code == ErrorCode::InvalidInput
            || heard.code == ErrorCode::Forbidden)
            break;
        if (heard.kind != Heard::Kind::Limited)
            m_pacer.pauseUntil(m_clock.now() + m_pacer.backOff());
    }
    // what the transport says names the request already
    return fail(heard.code,
                heard.kind == Heard::Kind::Lost || heard.kind == Heard::Kind::Unsent
                    ? heard.detail
                    : request.label() + ": " + heard.detail);
}

Result<Answer> Rest::read(const std::string &path, std::stop_token stop)
{
    return readAgain(requestTo(path), stop);
}

Result<Answer> Rest::ask(const std::string &path, const Json &body, std::stop_token stop)
{
    http::Request request = requestTo(path);
    request.method = "POST";
    request.headers.emplace_back("Content-Type", "application/json");
    request.body = dumped(body);
    return readAgain(std::move(request), stop);
}

Rest::Sent Rest::once(const Write &write, std::stop_token stop)
{
    Sent sent;
    if (m_rules.perSubject.count() > 0 && !write.subject.empty()) {
        const auto last = m_written.find(write.subject);
        if (last != m_written.end() && !m_clock.waitUntil(last->second + m_rules.perSubject, stop))
            return {SendState::NotSent, {}, "stopped before it was sent"};
    }
    if (auto ready = wait(true, stop); !ready)
        return {SendState::NotSent, {}, ready.error().detail};
    http::Request request = requestTo(write.path);
    request.method = write.method;
    request.repeatable = false;
    request.body = write.body;
    request.headers.emplace_back("Content-Type", write.contentType);
    request.headers.insert(request.headers.end(), write.headers.begin(), write.headers.end());
    if (write.upload)
        request.idleTimeout = std::chrono::seconds(300);
    m_pacer.leaves(true, m_clock.now());
    http::Reply reply = m_transport->send(request, stop);
    if (!write.subject.empty() && reply.delivery != http::Delivery::NotSent)
        m_written[write.subject] = m_clock.now();
    Heard heard = hear(reply);
    m_pacer.answered(reply, heard.kind == Heard::Kind::Limited, m_clock.now());
    sent.detail = heard.detail;
    sent.answer = {reply.response.status, std::move(reply.response.headers), std::move(heard.body), {}};
    switch (heard.kind) {
    case Heard::Kind::Good:
        // 2xx that carries nothing says nothing about what was made
        sent.state = write.emptyAnswer || !sent.answer.body.is_null() ? SendState::Confirmed : SendState::Ambiguous;
        if (sent.state == SendState::Ambiguous)
            sent.detail = "answered without a word";
        break;
    case Heard::Kind::Refused:
        sent.state = heard.envelope ? SendState::Rejected : SendState::Ambiguous;
        break;
    case Heard::Kind::SignedOut:
        sent.state = heard.envelope && (sent.answer.status == 401 || sent.answer.status == 403) ? SendState::Rejected
                                                                                                : SendState::Ambiguous;
        break;
    case Heard::Kind::Limited:
    case Heard::Kind::Unsent:
        sent.state = SendState::NotSent;
        break;
    case Heard::Kind::Unavailable:
    case Heard::Kind::Lost:
        sent.state = SendState::Ambiguous;
        break;
    }
    return sent;
}

std::string dumped(const Json &value)
{
    return value.dump(-1, ' ', false, Json::error_handler_t::replace);
}

const Json &valueAt(const Json &value, std::string_view pointer)
{
    static const Json kNone = Json::array();
    const Json *at = &value;
    while (!pointer.empty()) {
        const std::size_t end = std::min(pointer.find('/', 1), pointer.size());
        const std::string name(pointer.substr(1, end - 1));
        pointer.remove_prefix(end);
        if (at->is_array() && !name.empty()
            && std::all_of(name.begin(), name.end(), [](char c) { return c >= '0' && c <= '9'; }) && name.size() < 9
            && std::size_t(std::stoul(name)) < at->size()) {
            at = &(*at)[std::size_t(std::stoul(name))];
            continue;
        }
        if (!at->is_object())
            return kNone;
        const auto found = at->find(name);
        if (found == at->end())
            return kNone;
        at = &*found;
    }
    return *at;
}

std::string textAt(const Json &value, std::string_view pointer)
{
    const Json &found = valueAt(value, pointer);
    if (found.is_string())
        return found.get<std::string>();
    return found.is_number_integer() ? found.dump() : std::string();
}

std::optional<TimePoint> vendorTime(std::string_view text)
{
    // ServiceNow's has a blank in the middle, Jira's an offset without a colon
    std::string stamp(text);
    if (stamp.size() >= 19 && stamp[10] == ' ')
        stamp[10] = 'T';
    if (stamp.size() < 19)
        return parseTime(stamp);
    std::size_t zone = stamp.find_first_of("Z+-", 19);
    std::chrono::minutes offset{0};
    if (zone == std::string::npos) {
        zone = stamp.size();
    } else if (stamp[zone] != 'Z') {
        std::string digits;
        for (std::size_t i = zone + 1; i < stamp.size(); ++i)
            if (stamp[i] >= '0' && stamp[i] <= '9')
                digits += stamp[i];
        if (digits.size() != 4 && digits.size() != 2)
            return std::nullopt;
        const int hours = std::stoi(digits.substr(0, 2)),
                  minutes = digits.size() == 4 ? std::stoi(digits.substr(2)) : 0;
        offset = std::chrono::minutes(hours * 60 + minutes) * (stamp[zone] == '-' ? -1 : 1);
    }
    const auto time = parseTime(stamp.substr(0, zone) + "Z");
    return time ? std::optional(*time - offset) : std::nullopt;
}

std::string uuid4From(std::string_view text)
{
    Digest digest = sha256(text);
    digest[6] = std::uint8_t((digest[6] & 0x0f) | 0x40);
    digest[8] = std::uint8_t((digest[8] & 0x3f) | 0x80);
    std::string digits = hex(std::span(digest).first(16));
    for (const std::size_t at : {20u, 16u, 12u, 8u})
        digits.insert(at, "-");
    return digits;
}

bool sameWord(std::string_view a, std::string_view b)
{
    const auto lower = [](char c) { return c >= 'A' && c <= 'Z' ? char(c - 'A' + 'a') : c; };
    return std::equal(a.begin(), a.end(), b.begin(), b.end(), [&](char x, char y) { return lower(x) == lower(y); });
}

}
