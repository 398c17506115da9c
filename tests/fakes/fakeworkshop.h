#pragma once

#include <condition_variable>
#include <mutex>

#include "core/ports/workshop.h"

namespace winnow::test
{

/// Jobs that take as long as a test wants.
class FakeWorkshops : public WorkshopMaker
{
public:
    /// Every job waits at the gate after it has said that it is there.
    void close()
    {
        const std::lock_guard lock(m_mutex);
        m_open = false;
    }
    void open()
    {
        const std::lock_guard lock(m_mutex);
        m_open = true;
        m_moved.notify_all();
    }
    std::vector<std::string> done()
    {
        const std::lock_guard lock(m_mutex);
        return m_done;
    }
    std::optional<Error> refuse; ///< what imports answer

    Result<std::unique_ptr<Workshop>> open(const std::string &) override
    {
        return std::unique_ptr<Workshop>(std::make_unique<Bench>(*this));
    }

private:
    class Bench : public Workshop, public Importer
    {
    public:
        explicit Bench(FakeWorkshops &all)
            : m_all(all)
        {
        }
        Importer &importer() override { return *this; }
        Result<RunSummary> run(const std::function<void(const RunProgress &)> &progress, std::stop_token stop) override
        {
            progress({"mask", 7, 0.25});
            if (auto passed = m_all.pass("run", stop); !passed)
                return tl::unexpected(passed.error());
            RunSummary summary;
            summary.id = "run-1";
            summary.finishedAt = TimePoint();
            summary.stages = {{"mask", 7, 7, 1, 0.5}};
            return summary;
        }
        Result<std::vector<Filing>> push(bool fileNow, std::stop_token stop) override
        {
            if (auto passed = m_all.pass(fileNow ? "push all" : "push", stop); !passed)
                return tl::unexpected(passed.error());
            Filing filing;
            filing.state = "ambiguous";
            return std::vector{filing};
        }
        Result<std::vector<RunSummary>> runs(std::size_t) override { return std::vector<RunSummary>(); }

        Result<std::vector<std::string>> formats() override { return std::vector<std::string>{"csv", "jsonl"}; }
        Result<ImportPreview> preview(const ImportRequest &, std::stop_token) override { return ImportPreview(); }
        Result<ImportOutcome> import(const ImportRequest &request,
                                     const std::function<void(const ImportProgress &)> &progress,
                                     std::stop_token stop) override
        {
            progress({10, 0.5});
            if (auto passed = m_all.pass("import " + request.path, stop); !passed)
                return tl::unexpected(passed.error());
            if (m_all.refuse)
                return tl::unexpected(*m_all.refuse);
            ImportOutcome outcome;
            outcome.records = 20;
            outcome.unchanged = 20;
            return outcome;
        }
        Result<> saveMapping(const std::string &, const ImportMapping &) override { return {}; }
        Result<ImportMapping> loadMapping(const std::string &) override { return ImportMapping(); }

    private:
        FakeWorkshops &m_all;
    };

    Result<> pass(const std::string &what, std::stop_token stop)
    {
        std::unique_lock lock(m_mutex);
        if (!m_moved.wait(lock, stop, [this] { return m_open; }))
            return fail(ErrorCode::Cancelled, "stopped");
        m_done.push_back(what);
        return {};
    }

    std::mutex m_mutex;
    std::condition_variable_any m_moved;
    bool m_open = true;
    std::vector<std::string> m_done;
};

}
