#pragma once

#include <deque>
#include <functional>
#include <map>
#include <mutex>
#include <set>
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

    Result<std::vector<TicketRef>> findAll(const TicketKey &key, std::stop_token) override
    {
        const std::string &externalId = key.externalId;
        calls.push_back("find " + externalId);
        if (beforeFind)
            beforeFind();
        if (findError)
            return tl::unexpected(*findError);
        std::vector<TicketRef> found;
        const auto [begin, end] = m_tickets.equal_range(externalId);
        for (auto it = begin; it != end; ++it)
            if (m_clock() >= it->second.second + lag)
                found.push_back(it->second.first);
        return found;
    }

    SendResult create(const TicketKey &key, const Draft &, std::stop_token) override
    {
        const std::string &externalId = key.externalId;
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
    Result<Payload> preview(const TicketKey &key, const Draft &draft, std::stop_token) override
    {
        return Payload{"POST", "https://tracker.example/" + key.externalId, "text/plain", draft.body, {}};
    }
    SendResult addEvidence(const TicketRef &ticket, const TicketEvidence &evidence, std::stop_token) override
    {
        calls.push_back("evidence " + ticket.id + " " + evidence.id);
        evidences[ticket.id].insert(evidence.id);
        return {SendState::Confirmed, ticket, {}};
    }
    SendResult complete(const TicketKey &, const TicketRef &ticket, const Draft &, std::stop_token) override
    {
        return {SendState::Confirmed, ticket, {}};
    }
    SendResult reopen(const TicketRef &ticket, std::stop_token) override
    {
        calls.push_back("reopen " + ticket.id);
        return {SendState::Confirmed, ticket, {}};
    }
    Result<std::vector<Proposal>> findText(const std::string &, std::stop_token) override
    {
        return std::vector<Proposal>();
    }
    Result<Changes> changes(const std::string &, const std::vector<FollowedTicket> &, std::stop_token) override
    {
        if (changesError)
            return tl::unexpected(*changesError);
        return upcoming;
    }
    std::vector<ProbeStep> test(std::stop_token) override { return {}; }

    Changes upcoming; ///< what the next look tells
    std::optional<Error> changesError;
    std::map<std::string, std::set<std::string>> evidences; ///< by ticket

private:
    std::function<TimePoint()> m_clock;
    std::multimap<std::string, std::pair<TicketRef, TimePoint>> m_tickets; ///< with when it was made
};

}
