#include "ui/runner/worker.h"

#include <algorithm>

namespace winnow::ui
{

Worker::Worker(QObject *parent)
    : QObject(parent)
    , m_thread([this](std::stop_token quit) { loop(quit); })
{
}

Worker::~Worker()
{
    {
        const std::lock_guard lock(m_mutex);
        std::erase_if(m_waiting, [](const Entry &entry) { return entry.lane != kInTurn; });
        if (m_running != kInTurn)
            m_stopRunning.request_stop();
    }
    m_thread.request_stop();
    m_thread.join();
}

void Worker::enqueue(Lane lane, Job job)
{
    {
        const std::lock_guard lock(m_mutex);
        ++m_serial;
        if (lane != kInTurn) {
            std::erase_if(m_waiting, [&](const Entry &entry) { return entry.lane == lane; });
            if (m_busy && m_running == lane)
                m_stopRunning.request_stop();
            m_newest.resize(std::max(m_newest.size(), std::size_t(lane) + 1));
            m_newest[std::size_t(lane)] = m_serial;
        }
        m_waiting.push_back({lane, m_serial, std::move(job)});
    }
    m_wake.notify_one();
}

bool Worker::isNewest(Lane lane, std::uint64_t serial) const
{
    const std::lock_guard lock(m_mutex);
    return lane == kInTurn || m_newest[std::size_t(lane)] == serial;
}

std::size_t Worker::busy() const
{
    const std::lock_guard lock(m_mutex);
    return m_waiting.size() + m_busy;
}

void Worker::loop(std::stop_token quit)
{
    std::unique_lock lock(m_mutex);
    while (true) {
        m_wake.wait(lock, quit, [this] { return !m_waiting.empty(); });
        if (m_waiting.empty())
            return;
        Entry entry = std::move(m_waiting.front());
        m_waiting.pop_front();
        m_stopRunning = std::stop_source();
        m_running = entry.lane;
        m_busy = true;
        const std::stop_token stop = m_stopRunning.get_token();
        lock.unlock();
        entry.job(stop, entry.serial);
        entry.job = nullptr; // what it holds goes before the next one starts
        lock.lock();
        m_busy = false;
        m_running = kInTurn;
    }
}

}
