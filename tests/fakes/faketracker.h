#pragma once

#include <deque>
#include <functional>
#include <map>
#include <mutex>
#include <string>
#include <vector>

#include "core/ports/tracker.h"

namespace winnow::test
{

/// A tracker in memory that does what the test says: answers that get lost, an index that lags.
class FakeTracker : public Tracker
{
public:
    enum class Answer {
        Create, ///< makes the ticket and says so
        Refuse, ///< makes none and says so
        NotSent, ///< makes none, asks to wait
        LoseAnswer, ///< makes the ticket, but nobody hears of it
        LoseRequest, ///< makes none, and nobody hears of it
    };

    explicit FakeTracker(std::function<TimePoint()> clock)
        : m_clock(std::move(clock))
    {
    }

    std::deque<Answer> script; ///< one per create; then Create
    std::chrono::seconds lag{0}; ///< until find() sees a ticket
    std::chrono::seconds settling{60};
    std::optional<Error> findError;
    std::function<void()> beforeFind, beforeCreate; ///< what happens at that moment
    std::vector<std::string> calls; ///< `find fb-…`, `create fb-…`

    /// Tickets that exist under an external id.
    [[nodiscard]] std::size_t tickets(const std::string &externalId) const { return m_tickets.count(externalId); }
    [[nodiscard]] std::size_t tickets() const { return m_tickets.size(); }

    std::string kind() const override { return "file"; }
    std::chrono::seconds settles() const override { return settling; }

    Result<std::optional<TicketRef>> find(const std::string &externalId, std::stop_token) override
    {
        calls.push_back("find " + externalId);
        if (beforeFind)
            beforeFind();
        if (findError)
            return tl::unexpected(*findError);
        const auto it = m_tickets.find(externalId);
        if (it == m_tickets.end() || m_clock() < it->second.second + lag)
            return std::optional<TicketRef>();
        return std::optional(it->second.first);
    }

    SendResult create(const std::string &externalId, const Draft &, std::stop_token) override
    {
        calls.push_back("create " + externalId);
        if (beforeCreate)
            beforeCreate();
        const Answer answer = script.empty() ? Answer::Create : script.front();
        if (!script.empty())
            script.pop_front();
        switch (answer) {
        case Answer::Refuse:
            return {SendState::Rejected, {}, "no such project"};
        case Answer::NotSent:
            return {SendState::NotSent, {}, "asked to wait"};
        case Answer::LoseRequest:
            return {SendState::Ambiguous, {}, "the connection broke"};
        case Answer::Create:
        case Answer::LoseAnswer:
            break;
        }
        const TicketRef ticket{"T-" + std::to_string(m_tickets.size() + 1), "https://tracker.example/" + externalId};
        m_tickets.emplace(externalId, std::pair(ticket, m_clock()));
        return answer == Answer::Create ? SendResult{SendState::Confirmed, ticket, {}}
                                        : SendResult{SendState::Ambiguous, {}, "the answer was lost"};
    }

    Result<TicketState> state(const TicketRef &, std::stop_token) override { return TicketState{"open", "open", {}}; }

private:
    std::function<TimePoint()> m_clock;
    std::multimap<std::string, std::pair<TicketRef, TimePoint>> m_tickets; ///< with when it was made
};

}
