#pragma once

#include <optional>

#include "core/adapters/trackers/connection.h"
#include "core/adapters/trackers/issuelists.h"
#include "core/adapters/trackers/rest.h"
#include "core/adapters/trackers/shaping.h"

namespace winnow::trackers
{

/// GitLab: issues, by a label of their own.
/// \source contracts/trackers.md 9
class GitLabTracker : public Tracker
{
public:
    GitLabTracker(const Connection &connection, std::shared_ptr<http::Transport> transport, Clock &clock);
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
    [[nodiscard]] std::string project(const std::string &path) const;
    [[nodiscard]] Json issue(const TicketKey &key, const Draft &draft, Shaped &shaped) const;
    [[nodiscard]] Result<bool> hasNote(const TicketRef &ticket, const std::string &id, std::stop_token stop);

    Connection m_connection;
    Rest m_rest;
    IssueLists m_lists;
    std::string m_project, m_label;
};

}
