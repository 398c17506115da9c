#pragma once

#include <array>
#include <functional>
#include <map>
#include <optional>
#include <stop_token>
#include <string>
#include <vector>

#include "core/base/hash.h"
#include "core/base/result.h"
#include "core/domain/run.h"
#include "core/pipeline/options.h"
#include "core/ports/clock.h"
#include "core/ports/embedder.h"
#include "core/ports/extractor.h"
#include "core/ports/store.h"

namespace winnow
{

/// The twelve stages, in this order everywhere.
inline constexpr std::array<std::string_view, 12> kStageNames{"normalise", "language", "mask",  "near-duplicates",
                                                              "segment",   "extract",  "embed", "cluster",
                                                              "score",     "band",     "match", "draft"};

struct RunRequest {
    std::string runId;
    TimePoint asOf;
    std::string until; ///< last stage to run; empty: draft
    unsigned threads = 1;
    std::size_t batch = 4096; ///< rows a map stage gets at most
    Digest pseudonymKey{};
    StageOptions options;
    std::string configurations; ///< JSON object of configuration ids, for the run's event
    std::map<std::string, std::string> owners; ///< the taxonomy's, by component; the workspace's own map comes first
};

struct Progress {
    std::string_view stage;
    std::size_t done = 0;
};

struct RunReport {
    RunRecord run;
    std::vector<StageFigures> stages;
    bool complete = false; ///< false: ended at `until`
};

/// The road of a review from Bronze to Gold: loads, runs and saves stage by stage. A killed run costs a repeat.
/// \thread one worker.
class Pipeline
{
public:
    Pipeline(Store &store, Extractor &extractor, Embedder &embedder, Clock &clock);
    ~Pipeline();

    /// \param progress  called at most ten times a second.
    /// \errors those of the stages and the store; Cancelled: what was saved stays.
    [[nodiscard]] Result<RunReport> run(const RunRequest &request,
                                        const std::function<void(const Progress &)> &progress, std::stop_token stop);

    /// Sums up, scores, bands, matches and drafts these incidents of the current snapshot again, after a decision on
    /// who belongs to them. \param snapshot  the current one.
    [[nodiscard]] Result<> refresh(const RunRequest &request, RowId snapshot, std::span<const std::string> incidents,
                                   std::stop_token stop);

    /// The ticket draft of one incident of the current snapshot, whatever its band. Nothing is saved.
    /// \errors NotFound where it has no members; those of the stages.
    [[nodiscard]] Result<Draft> draft(const RunRequest &request, RowId snapshot, const std::string &incident,
                                      std::stop_token stop);

private:
    struct Work;
    Store &m_store;
    Extractor &m_extractor;
    Embedder &m_embedder;
    Clock &m_clock;
};

}
