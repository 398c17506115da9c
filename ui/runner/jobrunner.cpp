#include "ui/runner/jobrunner.h"

#include <algorithm>

#include <QDateTime>
#include <QFileInfo>

#include "ui/text/words.h"

namespace winnow::ui
{

struct JobRunner::Ending {
    std::optional<Error> error;
    std::optional<ImportOutcome> imported;
    std::optional<RunSummary> run;
    std::vector<Filing> filings;
};

std::optional<qint64> Job::leftMs(qint64 now) const
{
    const qint64 spent = now - startedMs;
    if (state != State::Running || share < 0.02 || spent < 1000)
        return std::nullopt;
    return qint64(double(spent) / share * (1 - share));
}

JobRunner::JobRunner(WorkshopMaker &maker, QObject *parent)
    : QObject(parent)
    , m_maker(maker)
{
}

JobRunner::~JobRunner()
{
    end(); // whoever listened may be gone
}

void JobRunner::open(const QString &folder)
{
    close();
    const auto workshop = [this, where = folder.toStdString()] { return m_maker.open(where); };
    m_bench = std::make_unique<Seat<Workshop>>(workshop);
    m_desk = std::make_unique<Seat<Workshop>>(workshop);
}

void JobRunner::close()
{
    end();
    Q_EMIT reset();
}

void JobRunner::end()
{
    for (auto &[id, stop] : m_stops)
        stop.request_stop();
    m_bench.reset();
    m_desk.reset();
    m_stops.clear();
    m_jobs.clear();
}

int JobRunner::rowOf(int id) const
{
    const auto it = std::find_if(m_jobs.begin(), m_jobs.end(), [&](const Job &job) { return job.id == id; });
    return it == m_jobs.end() ? -1 : int(it - m_jobs.begin());
}

const Job *JobRunner::find(int id) const
{
    const int row = rowOf(id);
    return row < 0 ? nullptr : &m_jobs[std::size_t(row)];
}

bool JobRunner::busy() const
{
    return std::any_of(m_jobs.begin(), m_jobs.end(), [](const Job &job) { return !job.isOver(); });
}

int JobRunner::add(Job job, Work work)
{
    Q_ASSERT(m_bench);
    const int id = job.id = ++m_last;
    m_jobs.push_back(std::move(job));
    Q_EMIT added(int(m_jobs.size()) - 1);
    std::stop_source source;
    m_stops.emplace_back(id, source);
    m_bench->worker.ask(
        this, InTurn,
        [this, id, bench = m_bench.get(), work = std::move(work),
         stop = source.get_token()](std::stop_token) -> Ending {
            if (stop.stop_requested())
                return {Error{ErrorCode::Cancelled, "stopped before it began"}, {}, {}, {}};
            QMetaObject::invokeMethod(
                this, [this, id] { begun(id); }, Qt::QueuedConnection);
            if (auto ready = bench->ready(); !ready)
                return {ready.error(), {}, {}, {}};
            return work(*bench->thing, id, stop);
        },
        [this, id](Ending ending) { ended(id, std::move(ending)); });
    return id;
}

void JobRunner::begun(int id)
{
    const int row = rowOf(id);
    if (row < 0)
        return;
    Job &job = m_jobs[std::size_t(row)];
    job.state = Job::State::Running;
    job.startedMs = QDateTime::currentMSecsSinceEpoch();
    Q_EMIT changed(row);
}

void JobRunner::progressed(int id, const QString &step, quint64 rows, double share)
{
    const int row = rowOf(id);
    if (row < 0 || m_jobs[std::size_t(row)].isOver())
        return;
    Job &job = m_jobs[std::size_t(row)];
    job.step = step;
    job.rows = rows;
    job.share = share;
    Q_EMIT changed(row);
}

void JobRunner::ended(int id, Ending &&ending)
{
    std::erase_if(m_stops, [&](const auto &entry) { return entry.first == id; });
    const int row = rowOf(id);
    if (row < 0)
        return;
    Job &job = m_jobs[std::size_t(row)];
    job.endedMs = QDateTime::currentMSecsSinceEpoch();
    if (!job.startedMs)
        job.startedMs = job.endedMs;
    job.error = std::move(ending.error);
    job.imported = std::move(ending.imported);
    job.run = std::move(ending.run);
    job.filings = std::move(ending.filings);
    const bool refusals = (job.imported && (job.imported->rejects || job.imported->erased || job.imported->brokenOff))
        || std::any_of(job.filings.begin(), job.filings.end(),
                       [](const Filing &filing) { return filing.state == "rejected" || filing.state == "ambiguous"; });
    job.state = job.error ? job.error->code == ErrorCode::Cancelled ? Job::State::Stopped : Job::State::Failed
        : refusals        ? Job::State::Refused
                          : Job::State::Done;
    Q_EMIT changed(row);
    Q_EMIT finished(id);
}

int JobRunner::importFile(ImportRequest request)
{
    Job job;
    job.kind = Job::Kind::Import;
    job.title = request.pasted ? tr("Import of the pasted table")
                               : tr("Import of %1").arg(QFileInfo(q(request.path)).fileName());
    return add(std::move(job), [this, request = std::move(request)](Workshop &workshop, int id, std::stop_token stop) {
        auto outcome = workshop.importer().import(
            request,
            [&](const ImportProgress &progress) {
                QMetaObject::invokeMethod(
                    this, [this, id, progress] { progressed(id, tr("Reading"), progress.records, progress.done); },
                    Qt::QueuedConnection);
            },
            stop);
        return outcome ? Ending{{}, std::move(*outcome), {}, {}} : Ending{outcome.error(), {}, {}, {}};
    });
}

int JobRunner::run()
{
    Job job;
    job.kind = Job::Kind::Run;
    job.title = tr("Run");
    return add(std::move(job), [this](Workshop &workshop, int id, std::stop_token stop) {
        auto summary = workshop.run(
            [&](const RunProgress &progress) {
                QMetaObject::invokeMethod(
                    this, [this, id, progress] { progressed(id, q(progress.stage), progress.done, progress.share); },
                    Qt::QueuedConnection);
            },
            stop);
        return summary ? Ending{{}, {}, std::move(*summary), {}} : Ending{summary.error(), {}, {}, {}};
    });
}

int JobRunner::push(bool fileNow)
{
    Job job;
    job.kind = Job::Kind::Push;
    job.title = fileNow ? tr("Filing of all that waits") : tr("Filing of what is due");
    return add(std::move(job), [fileNow](Workshop &workshop, int, std::stop_token stop) {
        auto filings = workshop.push(fileNow, stop);
        return filings ? Ending{{}, {}, {}, std::move(*filings)} : Ending{filings.error(), {}, {}, {}};
    });
}

void JobRunner::stop(int id)
{
    for (auto &[job, source] : m_stops)
        if (job == id)
            source.request_stop();
}

}
