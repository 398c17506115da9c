#pragma once

#include <algorithm>
#include <cerrno>
#include <cstddef>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "core/adapters/files/filelayer.h"

namespace winnow
{

/// Files in memory that remember what would survive a power cut: contents reach the disk with fsync, names with fsync
/// of their folder. Each call is one step; power can be cut before any step, and any step can fail.
class FaultFiles : public FileOps
{
public:
    /// What a disk may hold of that which was not synced.
    enum class Survives {
        Nothing, ///< neither names nor contents
        Names, ///< names without the contents behind them: the file of length nought after a crash
        Contents, ///< contents, in files that have no name yet
        Half, ///< names, and the first half of the contents
        All,
    };
    static constexpr Survives kAll[] = {Survives::Nothing, Survives::Names, Survives::Contents, Survives::Half,
                                        Survives::All};

    /// Nothing works from this step on. \pre not cut yet
    void cutBefore(std::size_t step) { m_cut = step; }
    /// The step answers this errno instead of doing its work.
    void failAt(std::size_t step, int error) { m_failures[step] = error; }
    /// Writes take at most so many bytes at once.
    void writeAtMost(std::size_t bytes) { m_writeAtMost = bytes; }
    void forgetSteps()
    {
        m_steps = 0;
        m_log.clear();
    }
    [[nodiscard]] std::size_t steps() const { return m_steps; }
    [[nodiscard]] const std::vector<std::string> &log() const { return m_log; }

    /// Power comes back: what did not survive is gone.
    void restart(Survives survives)
    {
        const bool names = survives != Survives::Nothing && survives != Survives::Contents;
        if (names)
            m_synced = m_names;
        else
            m_names = m_synced;
        for (auto &[path, file] : m_names) {
            if (survives == Survives::Nothing || survives == Survives::Names)
                file->now = file->synced;
            else if (survives == Survives::Half)
                file->now = file->synced.size() < file->now.size()
                    ? file->now.substr(0, file->synced.size() + (file->now.size() - file->synced.size()) / 2)
                    : file->synced;
            file->synced = file->now;
        }
        m_handles.clear();
        m_cut.reset();
        m_failures.clear();
        m_steps = 0;
        m_log.clear();
    }

    /// Puts a file on the disk, synced.
    void put(const std::string &path, const std::string &bytes)
    {
        auto file = std::make_shared<File>(File{bytes, bytes});
        m_names[path] = m_synced[path] = file;
    }
    [[nodiscard]] std::optional<std::string> get(const std::string &path) const
    {
        const auto it = m_names.find(path);
        return it == m_names.end() ? std::nullopt : std::optional(it->second->now);
    }
    [[nodiscard]] std::vector<std::string> paths() const
    {
        std::vector<std::string> all;
        for (const auto &[path, file] : m_names)
            all.push_back(path);
        return all;
    }

    int open(const std::string &path, Open how, unsigned) override
    {
        if (const int error = step("open " + path))
            return error;
        auto it = m_names.find(path);
        if (it != m_names.end() && how == Open::New)
            return -EEXIST;
        if (it == m_names.end())
            it = m_names.emplace(path, std::make_shared<File>()).first;
        m_handles[++m_lastHandle] = it->second;
        return m_lastHandle;
    }
    std::int64_t write(int handle, std::string_view bytes) override
    {
        if (const int error = step("write"))
            return error;
        const std::size_t taken = std::min(bytes.size(), m_writeAtMost);
        m_handles.at(handle)->now += bytes.substr(0, taken);
        return std::int64_t(taken);
    }
    int fsync(int handle) override
    {
        if (const int error = step("fsync"))
            return error;
        File &file = *m_handles.at(handle);
        file.synced = file.now;
        return 0;
    }
    std::int64_t size(int handle) override
    {
        if (const int error = step("size"))
            return error;
        return std::int64_t(m_handles.at(handle)->now.size());
    }
    int truncate(int handle, std::int64_t size) override
    {
        if (const int error = step("truncate"))
            return error;
        m_handles.at(handle)->now.resize(std::size_t(size));
        return 0;
    }
    int close(int handle) override
    {
        const int error = step("close");
        m_handles.erase(handle);
        return error;
    }
    int rename(const std::string &from, const std::string &to, Rename how) override
    {
        if (const int error = step("rename " + to))
            return error;
        const auto it = m_names.find(from);
        if (it == m_names.end())
            return -ENOENT;
        if (how == Rename::KeepOld && m_names.contains(to))
            return -EEXIST;
        m_names[to] = it->second;
        m_names.erase(from);
        return 0;
    }
    int fsyncFolder(const std::string &path) override
    {
        if (const int error = step("fsync folder " + path))
            return error;
        const auto in = [&](const std::string &name) { return name.starts_with(path + "/"); };
        std::erase_if(m_synced, [&](const auto &entry) { return in(entry.first) && !m_names.contains(entry.first); });
        for (const auto &[name, file] : m_names)
            if (in(name))
                m_synced[name] = file;
        return 0;
    }
    int unlink(const std::string &path) override
    {
        if (const int error = step("unlink " + path))
            return error;
        return m_names.erase(path) ? 0 : -ENOENT;
    }
    int makeFolder(const std::string &path) override
    {
        if (const int error = step("folder " + path))
            return error;
        return m_folders.insert(path).second ? 0 : -EEXIST;
    }
    int exists(const std::string &path) override
    {
        if (const int error = step("exists " + path))
            return error;
        return m_names.contains(path) || m_folders.contains(path) || path == "/" ? 0 : -ENOENT;
    }
    int read(const std::string &path, std::string &bytes) override
    {
        if (const int error = step("read " + path))
            return error;
        const auto it = m_names.find(path);
        if (it == m_names.end())
            return -ENOENT;
        bytes = it->second->now;
        return 0;
    }

private:
    struct File {
        std::string now, synced;
    };

    int step(const std::string &what)
    {
        const std::size_t number = m_steps++;
        m_log.push_back(what);
        if (m_cut && number >= *m_cut)
            return -EIO;
        const auto failure = m_failures.find(number);
        return failure == m_failures.end() ? 0 : -failure->second;
    }

    std::map<std::string, std::shared_ptr<File>> m_names, m_synced;
    std::set<std::string> m_folders;
    std::map<int, std::shared_ptr<File>> m_handles;
    int m_lastHandle = 2;
    std::size_t m_steps = 0;
    std::size_t m_writeAtMost = std::string::npos;
    std::optional<std::size_t> m_cut;
    std::map<std::size_t, int> m_failures;
    std::vector<std::string> m_log;
};

}
