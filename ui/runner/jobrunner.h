#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <vector>

#include <QObject>
#include <QString>

#include "core/ports/workshop.h"
#include "ui/runner/seat.h"

namespace winnow::ui
{

/// A long job, from the moment it was asked for.
struct Job {
    enum class Kind { Import, Run, Push };
    enum class State { Waiting, Running, Done, Refused, Failed, Stopped };

    int id = 0;
    Kind kind = Kind::Run;
    State state = State::Waiting;
    QString title;
    QString step; ///< what it is at: a stage
    quint64 rows = 0; ///< done so far of that step
    double share = -1; ///< 0 to 1; negative: nobody knows
    qint64 startedMs = 0, endedMs = 0; ///< since the epoch, UTC
    std::optional<Error> error;
    std::optional<ImportOutcome> imported;
    std::optional<RunSummary> run;
    std::vector<Filing> filings;

    [[nodiscard]] bool isOver() const { return state != State::Waiting && state != State::Running; }
    /// Milliseconds that it will still take if it goes on like this; nothing where nobody knows.
    [[nodiscard]] std::optional<qint64> leftMs(qint64 now) const;
};

/// Works off imports, runs and filings, one after the other, on a thread of its own. Only a person stops one.
class JobRunner : public QObject
{
    Q_OBJECT

public:
    explicit JobRunner(WorkshopMaker &maker, QObject *parent = nullptr);
    /// Stops what runs at its next batch, which is saved.
    ~JobRunner() override;

    void open(const QString &folder);
    void close();
    [[nodiscard]] bool isOpen() const { return m_bench != nullptr; }

    /// Newest last.
    [[nodiscard]] const std::vector<Job> &jobs() const { return m_jobs; }
    [[nodiscard]] const Job *find(int id) const;
    [[nodiscard]] bool busy() const;

    /// \pre a workspace is open. \returns the job's id.
    int importFile(ImportRequest request);
    int run();
    int push(bool fileNow);
    /// One that waits never begins; one that runs ends at its next batch.
    void stop(int id);

    enum Lane { InTurn = Worker::kInTurn, Preview, Runs, Formats };
    /// Asks the workshop something short, on another thread than the jobs. \param work  `Result<T>(Workshop &, stop)`.
    template <typename Work, typename Done> void ask(Lane lane, QObject *context, Work work, Done done)
    {
        if (m_desk)
            m_desk->ask(context, lane, std::move(work), std::move(done));
    }

Q_SIGNALS:
    void added(int row);
    void changed(int row);
    void finished(int id);
    /// The list is another one.
    void reset();

private:
    struct Ending; // what a job leaves
    using Work = std::function<Ending(Workshop &, int id, std::stop_token)>;
    void end();
    int add(Job job, Work work);
    void begun(int id);
    void progressed(int id, const QString &step, quint64 rows, double share);
    void ended(int id, Ending &&ending);
    [[nodiscard]] int rowOf(int id) const;

    WorkshopMaker &m_maker;
    std::unique_ptr<Seat<Workshop>> m_bench, m_desk; ///< for jobs, and for what is asked meanwhile
    std::vector<Job> m_jobs;
    std::vector<std::pair<int, std::stop_source>> m_stops; ///< of those that are not over
    int m_last = 0;
};

}
