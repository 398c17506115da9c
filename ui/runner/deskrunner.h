#pragma once

#include <array>
#include <memory>

#include <QObject>
#include <QTimer>

#include "core/ports/desk.h"
#include "ui/runner/seat.h"

namespace winnow::ui
{

/// The workspace that the window shows, worked on by threads: nothing of it is ever read or written in the GUI thread.
/// Each thread has a desk of its own, so that none waits for another.
class DeskRunner : public QObject
{
    Q_OBJECT

public:
    /// A thread each.
    enum class Thread {
        Eyes, ///< what is in sight: rows, the candidate that is looked at
        Lists, ///< whole orders, counts, tables
        Search,
        Hands, ///< decisions, in order
    };
    /// What replaces what; lanes of different threads do not mix.
    enum Lane {
        InTurn = Worker::kInTurn,
        Look,
        Prefetch,
        Rows,
        Order,
        Status,
        Words,
        Table,
        Poll,
        Incidents,
        Charts,
        Outbox,
        Audit,
        Facts,
        LaneCount
    };

    explicit DeskRunner(DeskMaker &maker, QObject *parent = nullptr);
    ~DeskRunner() override;

    /// Closes what is open, and opens a workspace in the background; `opened` or `failed` follows.
    void open(const QString &folder);
    /// Decisions that wait are worked off first.
    void close();
    [[nodiscard]] bool isOpen() const { return m_open; }
    [[nodiscard]] const DeskInfo &info() const { return m_info; }
    /// Decisions that are not on the disk yet.
    [[nodiscard]] std::size_t undecided() const;

    /// Asks the workspace something. \pre one is open.
    /// \param work  `Result<T>(Desk &, std::stop_token)`, on the thread.
    /// \param done  `void(Result<T>)`, in the GUI thread, unless `context` is gone or the workspace another one by
    /// then.
    template <typename Work, typename Done> void ask(Thread thread, Lane lane, QObject *context, Work work, Done done)
    {
        if (auto &seat = m_seats[std::size_t(thread)])
            seat->ask(context, lane, std::move(work), std::move(done));
    }

Q_SIGNALS:
    void opened();
    void failed(const QString &folder, const winnow::Error &error);
    void closed();
    /// Somebody has written, here or elsewhere.
    void changed();

private:
    void poll();

    DeskMaker &m_maker;
    std::array<std::unique_ptr<Seat<Desk>>, 4> m_seats;
    DeskInfo m_info;
    QTimer m_poll;
    std::uint64_t m_seen = 0;
    bool m_open = false;
};

}
