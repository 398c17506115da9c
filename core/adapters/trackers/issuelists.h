#pragma once

#include <chrono>
#include <functional>
#include <string>
#include <vector>

#include "core/adapters/trackers/rest.h"

namespace winnow::trackers
{

/// How a vendor's issues say what became of them.
struct IssueWords {
    std::string changed; ///< path of the list of those that changed, oldest first
    const char *id; ///< pointer into an issue
    std::function<std::string(const std::string &id)> issue, events; ///< paths
    std::function<bool(const Json &event)> reopened;
    std::function<std::string(const Json &issue)> outcome;
};

/// Lists that come in pages, and issues whose history is a list of events: GitHub's and GitLab's.
class IssueLists
{
public:
    /// The page after one, by what its answer says; empty: it was the last.
    using NextPage = std::function<std::string(const Answer &answer, const std::string &page)>;

    IssueLists(Rest &rest, NextPage next, std::chrono::seconds overlap)
        : m_rest(rest)
        , m_next(std::move(next))
        , m_overlap(overlap)
    {
    }
    /// Every item of a list, page after page. \returns the server's time at the first page.
    [[nodiscard]] Result<TimePoint> each(const std::string &path, const std::function<void(const Json &)> &take,
                                         std::stop_token stop);
    /// As Tracker::changes; the memo of a ticket is when it was changed last.
    [[nodiscard]] Result<Changes> changes(const IssueWords &words, const std::vector<FollowedTicket> &tickets,
                                          std::stop_token stop);

private:
    Rest &m_rest;
    NextPage m_next;
    std::chrono::seconds m_overlap;
};

}
