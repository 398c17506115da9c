#pragma once

#include <map>
#include <optional>
#include <set>

#include "core/adapters/trackers/connection.h"
#include "core/adapters/trackers/rest.h"
#include "core/adapters/trackers/shaping.h"

namespace winnow::trackers
{

/// Jira Cloud (REST 3, documents) and Data Center (REST 2, wiki markup).
/// A label finds a ticket of ours, an entity property proves it.
/// \source contracts/trackers.md 5
class JiraTracker : public Tracker
{
public:
    JiraTracker(const Connection &connection, std::shared_ptr<http::Transport> transport, Clock &clock);
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
    /// What createmeta says of the project and its type.
    struct Meta {
        Json project, type; ///< as a create names them
        std::string projectTerm; ///< as JQL names it
        std::map<std::string, Json> fields; ///< by id
        bool known = false; ///< false: the server has no createmeta, so that only the basic fields are sent
    };
    [[nodiscard]] bool cloud() const { return m_connection.kind == "jira_cloud"; }
    [[nodiscard]] std::string api(const std::string &path) const
    {
        return (cloud() ? "/rest/api/3" : "/rest/api/2") + path;
    }
    [[nodiscard]] Result<const Meta *> meta(std::stop_token stop);
    [[nodiscard]] Result<Json> payload(const TicketKey &key, const Draft &draft, Shaped &shaped, std::stop_token stop);
    [[nodiscard]] TicketRef refOf(const Json &issue) const;
    /// Every page of a search. \param take  false ends it.
    [[nodiscard]] Result<TimePoint> search(const std::string &jql, const std::vector<std::string> &fields,
                                           const std::vector<std::string> &known,
                                           const std::function<void(const Json &)> &take, std::stop_token stop);
    [[nodiscard]] std::string outcomeOf(const Json &fields) const;
    [[nodiscard]] Result<bool> hasEvidence(const TicketRef &ticket, const std::string &id, std::stop_token stop);
    [[nodiscard]] Json bodyValue(const std::string &text) const;
    [[nodiscard]] Result<std::map<std::string, Json>> histories(const std::vector<std::string> &ids,
                                                                std::stop_token stop);
    [[nodiscard]] Limits limits() const;

    Connection m_connection;
    Rest m_rest;
    std::string m_label;
    std::optional<Meta> m_meta;
    std::map<std::string, std::string> m_categories; ///< status id → category key
};

}
