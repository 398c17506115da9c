#pragma once

#include <map>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "core/adapters/sqlite/reportcalendar.h"
#include "core/adapters/sqlite/workspace.h"
#include "core/domain/health.h"
#include "core/domain/triage.h"

namespace winnow::sqlite
{

/// The candidates that can stand in a queue, kept in memory as narrow rows, so that another filter or sort costs no
/// read. \thread one at a time.
class QueueTable
{
public:
    explicit QueueTable(Workspace &workspace)
        : m_db(workspace.database())
        , m_calendar(m_db)
    {
    }

    [[nodiscard]] Result<QueueOrder> order(const QueueRequest &request);
    [[nodiscard]] Result<Health> health(TimePoint now);
    [[nodiscard]] Result<std::vector<QueueRow>> rows(std::span<const std::int64_t> keys, TimePoint now);

private:
    struct Entry {
        std::int64_t key = 0;
        std::uint64_t name = 0; ///< the beginning of the incident's id: ties keep its order
        std::string title;
        std::string folded; ///< the title as filters compare it; made when the first one asks
        std::uint32_t component = 0, product = 0, ticket = 0; ///< in m_words
        IssueType type = IssueType::Other;
        Severity severity = Severity::None;
        Band band = Band::Backlog;
        double priority = 0, confidence = 0;
        std::uint32_t reports = 0, authors = 0;
        std::optional<TimePoint> newestAt;
        // of the fold of people's decisions
        std::string state;
        std::optional<TimePoint> until;
        std::optional<std::int64_t> moreReports, reportsThen;
    };
    /// What a term of a filter asks for.
    struct Term;
    [[nodiscard]] Result<std::vector<Term>> termsOf(const std::string &filter);
    [[nodiscard]] static bool holds(const Term &term, Entry &entry, const std::string &state, Band band,
                                    const std::vector<std::string> &words);
    /// Reads again where decisions or a run have changed what is here.
    Result<> refresh();
    std::uint32_t word(const std::string &text);

    Database &m_db;
    ReportCalendar m_calendar;
    std::string m_stamp;
    std::vector<Entry> m_entries; ///< by key
    std::vector<std::string> m_words;
    std::map<std::string, std::uint32_t> m_wordOf;
};

}
