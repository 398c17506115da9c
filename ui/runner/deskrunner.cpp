#include "ui/runner/deskrunner.h"

namespace winnow::ui
{

namespace
{

constexpr int kPollMs = 250;

}

DeskRunner::DeskRunner(DeskMaker &maker, QObject *parent)
    : QObject(parent)
    , m_maker(maker)
{
    m_poll.setInterval(kPollMs);
    connect(&m_poll, &QTimer::timeout, this, &DeskRunner::poll);
}

DeskRunner::~DeskRunner() = default;

void DeskRunner::open(const QString &folder)
{
    close();
    for (std::size_t i = 0; i < m_seats.size(); ++i)
        m_seats[i] =
            std::make_unique<Seat<Desk>>([this, where = folder.toStdString(), decides = Thread(i) == Thread::Hands] {
                return m_maker.open(where, decides);
            });
    struct Found {
        DeskInfo info;
        std::uint64_t version = 0;
    };
    ask(
        Thread::Lists, InTurn, this,
        [](Desk &desk, std::stop_token) -> Result<Found> {
            const auto version = desk.changes();
            return version ? Result<Found>(Found{desk.info(), *version}) : tl::unexpected(version.error());
        },
        [this, folder](Result<Found> found) {
            if (!found) {
                // not from within an answer of what is closed
                QMetaObject::invokeMethod(
                    this,
                    [this, folder, error = found.error()] {
                        close();
                        Q_EMIT failed(folder, error);
                    },
                    Qt::QueuedConnection);
                return;
            }
            m_info = found->info;
            m_seen = found->version;
            m_open = true;
            m_poll.start();
            Q_EMIT opened();
        });
}

void DeskRunner::close()
{
    m_poll.stop();
    const bool was = m_open;
    m_open = false;
    for (auto &seat : m_seats)
        seat.reset();
    m_info = {};
    if (was)
        Q_EMIT closed();
}

std::size_t DeskRunner::undecided() const
{
    const auto &hands = m_seats[std::size_t(Thread::Hands)];
    return hands ? hands->worker.busy() : 0;
}

void DeskRunner::poll()
{
    ask(
        Thread::Lists, Poll, this, [](Desk &desk, std::stop_token) { return desk.changes(); },
        [this](Result<std::uint64_t> version) {
            if (!version || *version == m_seen)
                return;
            m_seen = *version;
            Q_EMIT changed();
        });
}

}
