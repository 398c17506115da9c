#pragma once

#include <map>
#include <optional>
#include <set>

#include "core/adapters/trackers/connection.h"
#include "core/adapters/trackers/rest.h"
#include "core/adapters/trackers/shaping.h"

namespace winnow::trackers
{

/// Linear: issues with ids of our choice, so that a look-up needs no index.
/// \source contracts/trackers.md 7
class LinearTracker : public Tracker
{
public:
    LinearTracker(const Connection &connection, std::shared_ptr<http::Transport> transport, Clock &clock);
    [[nodiscard]] static Result<std::unique_ptr<Tracker>>
    make(const Connection &connection, std::shared_ptr<http::Transport> transport, Clock &clock);

    std::string kind() const override { return m_connection.kind; }
    std::chrono::seconds settles() const override;
    Result<std::vector<TicketRef>> findAll(const TicketKey &key, std::stop_token stop) override;
    SendResult create(const TicketKey &key, const Draft &draft, std::stop_token stop) override;
    Result<Payload> preview(const TicketKey &key, const Draft &draft, std::stop_token stop) override;
    Result<TicketState> state(const TicketRef &ticket, std::stop_token stop) override;
    SendResult addEvidence(const TicketRef &ticket, const TicketEvidence &evidence, std::stop_token stop) override;
    SendResult complete(const TicketKey &key, const TicketRef &ticket, const Draft &draft,
                        std::stop_token stop) override;
    SendResult reopen(const TicketRef &ticket, std::stop_token stop) override;
    Result<std::vector<Proposal>> findText(const std::string &words, std::stop_token stop) override;
    Result<Changes> changes(const std::string &cursor, const std::vector<FollowedTicket> &tickets,
                            std::stop_token stop) override;
    std::vector<ProbeStep> test(std::stop_token stop) override;
    std::optional<TimePoint> pausedUntil() const override { return m_rest.pausedUntil(); }
    void pauseUntil(TimePoint time) override { m_rest.pacer().pauseUntil(time); }

private:
    struct Said {
        SendState state = SendState::Ambiguous;
        Json data;
        std::string detail;
        bool taken = false; ///< there is something with that id already
    };
    [[nodiscard]] Result<Json> ask(const char *operation, const Json &variables, std::stop_token stop);
    [[nodiscard]] Said change(const char *operation, const char *field, const Json &variables, std::stop_token stop);
    [[nodiscard]] Json input(const TicketKey &key, const Draft &draft, Shaped &shaped) const;
    [[nodiscard]] Result<Json> issue(const std::string &id, std::stop_token stop);
    [[nodiscard]] static std::string outcomeOf(const Json &issue);

    Connection m_connection;
    Rest m_rest;
    std::string m_team, m_label;
};

}
