#include "app/workshop.h"

#include <algorithm>
#include <map>

#include "app/composition.h"
#include "core/adapters/sqlite/eventlog.h"
#include "core/adapters/sqlite/outbox.h"
#include "core/adapters/sqlite/reader.h"
#include "core/base/parallel.h"

namespace winnow::app
{

namespace
{

/// Says how far a run is by how long the stages of the run before took.
class Forecast
{
public:
    explicit Forecast(const std::vector<RunSummary> &before, std::size_t feedback)
        : m_feedback(feedback)
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
        // a stage meets at most all that was received, and the sets about as much as last time
        const std::size_t rows = std::max<std::size_t>({span->second.rows, std::min(done, m_feedback), 1});
        return std::min(1.0, span->second.from + span->second.size * std::min(1.0, double(done) / double(rows)));
    }

private:
    struct Span {
        double from, size;
        std::size_t rows;
    };
    std::map<std::string, Span> m_spans;
    std::size_t m_feedback;
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
        const auto received = m_workspace->database().number("SELECT count(*) FROM record");
        if (!received)
            return tl::unexpected(received.error());
        const Forecast forecast(*before, std::size_t(received->value_or(0)));
        RunRequest request = engines->request;
        request.runId = sqlite::uuid7(systemClock().now());
        request.threads = defaultThreads();
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
        sqlite::Outbox outbox(*m_durable);
        const auto open = outbox.list({"planned", "sending", "ambiguous"});
        if (!open)
            return tl::unexpected(open.error());
        std::vector<std::string> trackers;
        for (const Filing &filing : *open)
            if (std::find(trackers.begin(), trackers.end(), filing.tracker) == trackers.end())
                trackers.push_back(filing.tracker);
        std::vector<Filing> filings;
        if (trackers.empty())
            return filings;
        auto lease = sqlite::Lease::acquire(*m_durable, "push");
        if (!lease)
            return tl::unexpected(lease.error());
        for (const std::string &name : trackers) {
            auto tracker = makeTracker(*m_durable, name);
            if (!tracker)
                return tl::unexpected(tracker.error());
            auto pushed = outbox.push(
                **lease, name, **tracker, fileNow, [] { return systemClock().now(); }, stop);
            if (!pushed)
                return tl::unexpected(pushed.error());
            filings.insert(filings.end(), pushed->begin(), pushed->end());
        }
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
