#pragma once

#include <map>
#include <optional>
#include <set>

#include "core/adapters/trackers/connection.h"
#include "core/adapters/trackers/rest.h"
#include "core/adapters/trackers/shaping.h"

namespace winnow::trackers
{

/// ServiceNow: incidents or problems through the Table API, by `correlation_id`.
/// \source contracts/trackers.md 8
class ServiceNowTracker : public Tracker
{
public:
    ServiceNowTracker(const Connection &connection, std::shared_ptr<http::Transport> transport, Clock &clock);
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
    [[nodiscard]] std::string table(const std::string &query) const;
    [[nodiscard]] Json record(const TicketKey &key, const Draft &draft, Shaped &shaped) const;
    [[nodiscard]] TicketRef refOf(const Json &row) const;
    [[nodiscard]] std::string outcomeOf(const Json &row) const;
    [[nodiscard]] Limits limits() const;
    /// Attaches a file unless one of that name is there.
    [[nodiscard]] SendResult attach(const TicketRef &ticket, const std::string &name, const std::string &type,
                                    const std::string &content, std::stop_token stop);
    /// An instance that drops a condition it does not know answers with strangers' rows.
    [[nodiscard]] Result<> guard(std::stop_token stop);
    [[nodiscard]] Result<> learnLengths(std::stop_token stop);

    Connection m_connection;
    Rest m_rest;
    std::string m_table;
    bool m_guarded = false, m_learned = false;
    std::size_t m_titleLength = 160, m_bodyLength = 4000;
};

}
