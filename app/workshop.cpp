#include "app/workshop.h"

#include <algorithm>
#include <map>
#include <optional>

#include "app/composition.h"
#include "app/push.h"
#include "core/adapters/sqlite/eventlog.h"
#include "core/adapters/sqlite/reader.h"

namespace winnow::app
{

namespace
{

/// Says how far a run is by how long the stages of the run before took.
class Forecast
{
public:
    explicit Forecast(const std::vector<RunSummary> &before)
    {
        if (before.empty())
            return;
        double all = 0;
        for (const StageFigures &stage : before.front().stages)
            all += stage.seconds;
        if (all <= 0)
            return;
        double at = 0;
        for (const StageFigures &stage : before.front().stages) {
            m_spans[stage.name] = {at / all, stage.seconds / all, stage.in};
            at += stage.seconds;
        }
    }

    [[nodiscard]] double share(std::string_view stage, std::size_t done) const
    {
        const auto span = m_spans.find(std::string(stage));
        if (span == m_spans.end())
            return -1;
        // a stage meets about as much as last time
        const std::size_t rows = std::max<std::size_t>({span->second.rows, done, 1});
        return std::min(1.0, span->second.from + span->second.size * (double(done) / double(rows)));
    }

private:
    struct Span {
        double from, size;
        std::size_t rows;
    };
    std::map<std::string, Span> m_spans;
};

class DesktopWorkshop : public Workshop
{
public:
    explicit DesktopWorkshop(std::unique_ptr<sqlite::Workspace> workspace)
        : m_workspace(std::move(workspace))
        , m_importer(makeImporter(*m_workspace))
    {
    }

    Importer &importer() override { return *m_importer; }

    Result<RunSummary> run(const std::function<void(const RunProgress &)> &progress, std::stop_token stop) override
    {
        const auto before = runs(1);
        if (!before)
            return tl::unexpected(before.error());
        auto lease = sqlite::Lease::acquire(*m_workspace, "run");
        if (!lease)
            return tl::unexpected(lease.error());
        auto engines = makeEngines(*m_workspace, lease->get());
        if (!engines)
            return tl::unexpected(engines.error());
        const Forecast forecast(*before);
        RunRequest request = engines->request;
        request.runId = sqlite::uuid7(systemClock().now());
        const auto report = engines->pipeline->run(
            request,
            [&](const Progress &p) {
                progress({std::string(p.stage), p.done, forecast.share(p.stage, p.done)});
            },
            stop);
        if (!report)
            return tl::unexpected(report.error());
        const RunRecord &run = report->run;
        return RunSummary{run.id,         run.engine,        run.startedAt, run.asOf,
                          run.finishedAt, run.partitionHash, run.stateHash, report->stages};
    }

    Result<std::vector<Filing>> push(bool fileNow, std::stop_token stop) override
    {
        if (!m_durable) { // what is sent must be on the disk before
            auto opened = openWorkspace(m_workspace->folder(), true);
            if (!opened)
                return tl::unexpected(opened.error());
            m_durable = std::move(*opened);
        }
        std::vector<Filing> filings;
        std::optional<Error> unreachable;
        const auto done = pushFilings(*m_durable, {{}, fileNow, false},
                                      {[&](const Filing &filing, Tracker *) { filings.push_back(filing); },
                                       [&](const Error &error) { unreachable = unreachable.value_or(error); }},
                                      stop);
        if (!done)
            return tl::unexpected(done.error());
        if (unreachable)
            return tl::unexpected(*unreachable);
        return filings;
    }

    Result<std::vector<RunSummary>> runs(std::size_t limit) override
    {
        return sqlite::Reader(*m_workspace).runs(limit);
    }

private:
    std::unique_ptr<sqlite::Workspace> m_workspace, m_durable;
    std::unique_ptr<Importer> m_importer;
};

class DesktopWorkshops : public WorkshopMaker
{
public:
    Result<std::unique_ptr<Workshop>> open(const std::string &folder) override
    {
        return openWorkspace(folder, false).map([](std::unique_ptr<sqlite::Workspace> workspace) {
            return std::unique_ptr<Workshop>(std::make_unique<DesktopWorkshop>(std::move(workspace)));
        });
    }
};

}

WorkshopMaker &workshopMaker()
{
    static DesktopWorkshops maker;
    return maker;
}

}
