#pragma once

#include <functional>
#include <map>
#include <string>
#include <vector>

#include "core/adapters/sqlite/eventlog.h"
#include "core/adapters/sqlite/outbox.h"
#include "core/adapters/sqlite/workspace.h"
#include "core/domain/feedback.h"
#include "core/domain/incident.h"

namespace winnow::sqlite
{

/// One report of a candidate, with the words that support it.
struct MemberDetail {
    std::string segment; ///< feedback:start-end
    std::string feedback;
    std::string text; ///< the whole masked feedback
    ByteSpan span; ///< the segment in it
    std::vector<ByteSpan> quotes; ///< evidence, in it
    std::string channel, lang, appVersion, author;
    std::optional<TimePoint> at;
    double confidence = 0;
    bool abstained = false;
    bool copy = false; ///< the same text as another report
};

struct CandidateDetail {
    std::string id, state, reason, ticket, title;
    Incident incident;
    Score score;
    Band band = Band::Backlog;
    std::string bandReason, nextBand;
    Matching matching;
    std::optional<Draft> draft;
    std::vector<MemberDetail> members;
    std::vector<std::string> aliases;
    std::vector<Event> history;
    std::vector<Filing> filings;
};

struct Hit {
    std::string feedback, text, lang, channel;
    std::optional<TimePoint> at;
};

/// Reads what people look at. \thread one at a time.
class Reader
{
public:
    explicit Reader(Workspace &workspace)
        : m_workspace(workspace)
        , m_db(workspace.database())
    {
    }

    /// \errors NotFound.
    [[nodiscard]] Result<CandidateDetail> candidate(const std::string &incident);
    /// Masked feedback that holds all words, the last one as a beginning; newest first.
    [[nodiscard]] Result<std::vector<Hit>> search(const std::string &words, std::size_t limit);
    /// All feedback, masked, in order of arrival. \errors the taker's.
    [[nodiscard]] Result<> eachFeedback(const std::function<Result<>(const Hit &)> &take);
    /// Rows per table.
    [[nodiscard]] Result<std::map<std::string, std::int64_t>> counts();

private:
    Result<std::vector<MemberDetail>> members(std::int64_t incident);
    Workspace &m_workspace;
    Database &m_db;
};

}
