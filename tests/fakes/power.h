#pragma once

#include <cstddef>
#include <mutex>

namespace winnow::test
{

/// The power supply of a machine. Everything that makes bytes durable asks it first, whichever layer it lies in, so one
/// number names a moment of the whole program. \thread any
class Power
{
public:
    /// Power fails at the n-th sync point from now on, before it has done its work. 0: it never fails.
    void cutAtSync(std::size_t n) { set(n, 0); }
    /// Power fails at the n-th write or sync from now on, before it has done its work.
    void cutAtStep(std::size_t n) { set(0, n); }
    void cut()
    {
        const std::lock_guard lock(m_mutex);
        m_off = true;
    }
    /// It comes back; counting starts anew.
    void restore() { set(0, 0); }

    [[nodiscard]] bool off() const
    {
        const std::lock_guard lock(m_mutex);
        return m_off;
    }
    /// \returns false when there is no power for it.
    bool sync() { return step(true); }
    bool write() { return step(false); }

    [[nodiscard]] std::size_t syncs() const
    {
        const std::lock_guard lock(m_mutex);
        return m_syncs;
    }
    [[nodiscard]] std::size_t steps() const
    {
        const std::lock_guard lock(m_mutex);
        return m_steps;
    }

private:
    void set(std::size_t sync, std::size_t step)
    {
        const std::lock_guard lock(m_mutex);
        m_off = false;
        m_syncs = m_steps = 0;
        m_cutSync = sync;
        m_cutStep = step;
    }
    bool step(bool isSync)
    {
        const std::lock_guard lock(m_mutex);
        if (m_off)
            return false;
        ++m_steps;
        m_syncs += isSync;
        m_off = m_steps == m_cutStep || (isSync && m_syncs == m_cutSync);
        return !m_off;
    }

    mutable std::mutex m_mutex;
    bool m_off = false;
    std::size_t m_syncs = 0, m_steps = 0, m_cutSync = 0, m_cutStep = 0;
};

}
