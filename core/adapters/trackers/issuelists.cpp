#include "core/adapters/trackers/issuelists.h"

#include <map>
#include <optional>

#include "core/base/time.h"

namespace winnow::trackers
{

namespace
{

constexpr int kMostPages = 1000;

}

Result<TimePoint> IssueLists::each(const std::string &path, const std::function<void(const Json &)> &take,
                                   std::stop_token stop)
{
    std::optional<TimePoint> first;
    const std::string joint = path.find('?') == std::string::npos ? "?" : "&";
    std::string page = "1";
    for (int i = 0; i < kMostPages; ++i) {
        const auto answer = m_rest.read(path + joint + "per_page=100&page=" + http::percentEncoded(page), stop);
        if (!answer)
            return tl::unexpected(answer.error());
        if (!answer->body.is_array())
            return fail(ErrorCode::Protocol, "expected a list");
        first = first ? first : answer->at;
        for (const Json &item : answer->body)
            take(item);
        std::string next = m_next(*answer, page);
        if (next.empty())
            return *first;
        page = std::move(next);
    }
    return fail(ErrorCode::Protocol, "the list does not end after 1000 pages");
}

Result<Changes> IssueLists::changes(const IssueWords &words, const std::vector<FollowedTicket> &tickets,
                                    std::stop_token stop)
{
    std::map<std::string, const FollowedTicket *> ours;
    for (const FollowedTicket &ticket : tickets)
        ours.emplace(ticket.ticket.id, &ticket);
    std::map<std::string, Json> issues;
    const auto first = each(
        words.changed,
        [&](const Json &item) {
            if (ours.contains(textAt(item, words.id)))
                issues[textAt(item, words.id)] = item;
        },
        stop);
    if (!first)
        return tl::unexpected(first.error());
    Changes result{{}, formatTime(*first - m_overlap)};
    for (const auto &[id, ticket] : ours) {
        if (!issues.contains(id) && ticket->outcome.empty()) {
            const auto answer = m_rest.read(words.issue(id), stop);
            if (answer)
                issues[id] = answer->body;
            else if (answer.error().code == ErrorCode::NotFound)
                result.changes.push_back({id, "unknown", "deleted", std::nullopt, ticket->memo});
            else
                return tl::unexpected(answer.error());
        }
        const auto found = issues.find(id);
        const std::string updated = found == issues.end() ? std::string() : textAt(found->second, "/updated_at");
        if (found == issues.end() || updated == ticket->memo)
            continue;
        const auto seen = vendorTime(ticket->memo);
        const std::string outcome = words.outcome(found->second), status = textAt(found->second, "/state");
        std::vector<TicketChange> events;
        const auto history = each(
            words.events(id),
            [&](const Json &event) {
                const auto at = vendorTime(textAt(event, "/created_at"));
                if (words.reopened(event) && (!seen || !at || *at > *seen))
                    events.push_back({id, "reopened", status, at, updated});
            },
            stop);
        if (!history && history.error().code != ErrorCode::NotFound)
            return tl::unexpected(history.error());
        if (events.empty() && isClosedOutcome(ticket->outcome) && !isClosedOutcome(outcome) && outcome != "unknown")
            events.push_back({id, "reopened", status, vendorTime(updated), updated});
        result.changes.insert(result.changes.end(), events.begin(), events.end());
        const std::string closed = textAt(found->second, "/closed_at");
        result.changes.push_back({id, outcome, status, vendorTime(closed.empty() ? updated : closed), updated});
    }
    return result;
}

}
