#pragma once

#include <functional>
#include <map>
#include <string>
#include <vector>

#include "core/adapters/sqlite/eventlog.h"
#include "core/adapters/sqlite/outbox.h"
#include "core/adapters/sqlite/workspace.h"
#include "core/domain/run.h"
#include "core/domain/triage.h"

namespace winnow::sqlite
{

/// Reads what people look at. \thread one at a time.
class Reader
{
public:
    explicit Reader(Workspace &workspace)
        : m_workspace(workspace)
        , m_db(workspace.database())
    {
    }

    /// \param members  at most so many, best evidence first; 0: all. \errors NotFound.
    [[nodiscard]] Result<CandidateDetail> candidate(const std::string &incident, std::size_t members = 0);
    /// Masked feedback that holds all words, the last one as a beginning.
    [[nodiscard]] Result<std::vector<Hit>> search(const SearchRequest &request);
    /// All feedback, masked, in order of arrival. \errors the taker's.
    [[nodiscard]] Result<> eachFeedback(const std::function<Result<>(const Hit &)> &take);
    /// Newest first.
    [[nodiscard]] Result<std::vector<RunSummary>> runs(std::size_t limit);
    /// Rows per table.
    [[nodiscard]] Result<std::map<std::string, std::int64_t>> counts();

private:
    Result<std::vector<MemberDetail>> members(std::int64_t incident, std::size_t limit);
    Workspace &m_workspace;
    Database &m_db;
};

}
