#pragma once

#include <functional>
#include <memory>
#include <stop_token>
#include <string>
#include <vector>

#include "core/base/result.h"
#include "core/domain/run.h"
#include "core/domain/triage.h"
#include "core/ports/importer.h"

namespace winnow
{

/// How far a run is.
struct RunProgress {
    std::string stage;
    std::size_t done = 0; ///< rows of the stage
    double share = -1; ///< 0 to 1 of the whole run, by the times of the run before; negative: there was none
};

/// The long jobs of a workspace. \thread one worker; a job ends with Leased where another process does the same one.
class Workshop
{
public:
    virtual ~Workshop() = default;
    /// Brings files in. It lives as long as the workshop.
    [[nodiscard]] virtual Importer &importer() = 0;
    /// All twelve stages, as of the end of this day. \param progress  at most ten times a second.
    /// \errors Leased; those of the stages and the store; Cancelled: what was saved stays.
    [[nodiscard]] virtual Result<RunSummary> run(const std::function<void(const RunProgress &)> &progress,
                                                 std::stop_token stop) = 0;
    /// Takes filings one step further. \param fileNow  also those whose hold time has not passed.
    /// \returns those it looked at, as they stand now. \errors Leased; NotFound, InvalidInput: a connection.
    [[nodiscard]] virtual Result<std::vector<Filing>> push(bool fileNow, std::stop_token stop) = 0;
    /// Newest first.
    [[nodiscard]] virtual Result<std::vector<RunSummary>> runs(std::size_t limit) = 0;
};

/// Opens workshops.
class WorkshopMaker
{
public:
    virtual ~WorkshopMaker() = default;
    /// \errors as DeskMaker::open. \thread any.
    [[nodiscard]] virtual Result<std::unique_ptr<Workshop>> open(const std::string &folder) = 0;
};

}
