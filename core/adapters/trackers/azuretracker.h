#pragma once

#include <map>
#include <optional>
#include <set>

#include "core/adapters/trackers/connection.h"
#include "core/adapters/trackers/rest.h"
#include "core/adapters/trackers/shaping.h"

namespace winnow::trackers
{

/// Azure DevOps Services and Server: work items, by a tag.
/// \source contracts/trackers.md 6
class AzureTracker : public Tracker
{
public:
    AzureTracker(const Connection &connection, std::shared_ptr<http::Transport> transport, Clock &clock);
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
    /// What the project says of the work item type.
    struct Meta {
        std::map<std::string, Json> fields; ///< by reference name
        std::map<std::string, std::string> categories; ///< state → category
        std::vector<std::pair<std::string, std::string>> states; ///< the same, in the workflow's order
    };
    [[nodiscard]] std::string api(const std::string &path) const;
    [[nodiscard]] Result<const Meta *> meta(std::stop_token stop);
    [[nodiscard]] Result<Json> payload(const TicketKey &key, const Draft &draft, Shaped &shaped, std::stop_token stop);
    [[nodiscard]] TicketRef refOf(const std::string &id) const;
    [[nodiscard]] std::string outcomeOf(const Json &fields) const;
    /// Changes one work item under a test of its revision.
    /// \param change  the operations for the item as it stands; empty: there is nothing left to do.
    [[nodiscard]] SendResult patch(const TicketRef &ticket, const std::function<Json(const Json &)> &change,
                                   std::stop_token stop);

    Connection m_connection;
    Rest m_rest;
    std::string m_project, m_type, m_label;
    std::optional<Meta> m_meta;
};

}
