#pragma once

#include <condition_variable>
#include <deque>
#include <functional>
#include <memory>
#include <mutex>
#include <stop_token>
#include <thread>
#include <utility>
#include <vector>

#include <QObject>
#include <QPointer>

namespace winnow::ui
{

/// A thread that works off what the GUI thread asks for. Answers come back in the GUI thread.
class Worker : public QObject
{
    Q_OBJECT

public:
    /// Jobs of one lane replace each other: a newer one takes the place of an older one that waits, stops one that
    /// runs, and an answer that came too late is dropped.
    using Lane = int;
    static constexpr Lane kInTurn = -1; ///< none is ever replaced or stopped

    explicit Worker(QObject *parent = nullptr);
    /// Works off what is in turn, drops the rest.
    ~Worker() override;

    /// \param work  `T(std::stop_token)`, on the thread.
    /// \param done  `void(T)`, in the GUI thread, unless `context` is gone by then.
    template <typename Work, typename Done> void ask(QObject *context, Lane lane, Work work, Done done)
    {
        post(lane,
             [this, lane, guard = QPointer<QObject>(context), work = std::move(work),
              done = std::move(done)](std::stop_token stop, std::uint64_t serial) mutable {
                 auto answer = work(stop);
                 deliver([this, lane, serial, guard = std::move(guard), done = std::move(done),
                          answer = std::move(answer)]() mutable {
                     if (guard && isNewest(lane, serial))
                         done(std::move(answer));
                 });
             });
    }

    /// Jobs that wait or run.
    [[nodiscard]] std::size_t busy() const;

private:
    using Job = std::function<void(std::stop_token, std::uint64_t serial)>;
    struct Entry {
        Lane lane = kInTurn;
        std::uint64_t serial = 0;
        Job job;
    };
    template <typename Callable> static auto shared(Callable callable)
    {
        auto kept = std::make_shared<Callable>(std::move(callable)); // std::function wants what can be copied
        return [kept](auto &&...arguments) { return (*kept)(std::forward<decltype(arguments)>(arguments)...); };
    }
    template <typename Callable> void post(Lane lane, Callable callable) { enqueue(lane, shared(std::move(callable))); }
    template <typename Callable> void deliver(Callable callable)
    {
        QMetaObject::invokeMethod(this, shared(std::move(callable)), Qt::QueuedConnection);
    }
    void enqueue(Lane lane, Job job);
    [[nodiscard]] bool isNewest(Lane lane, std::uint64_t serial) const;
    void loop(std::stop_token quit);

    mutable std::mutex m_mutex;
    std::condition_variable_any m_wake;
    std::deque<Entry> m_waiting;
    std::vector<std::uint64_t> m_newest; ///< serial of the newest job by lane
    std::stop_source m_stopRunning;
    Lane m_running = kInTurn;
    bool m_busy = false;
    std::uint64_t m_serial = 0;
    std::jthread m_thread; ///< last: ends first
};

}
