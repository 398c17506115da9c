#pragma once

#include <cerrno>

#include "core/adapters/files/filelayer.h"
#include "tests/fakes/power.h"

namespace winnow::test
{

/// Puts another layer on the power supply: the two fsyncs are sync points, and without power nothing answers.
class PowerFiles : public FileOps
{
public:
    PowerFiles(FileOps &files, Power &power)
        : m_files(files)
        , m_power(power)
    {
    }

    int open(const std::string &path, Open how, unsigned mode) override
    {
        return m_power.write() ? m_files.open(path, how, mode) : -EIO;
    }
    std::int64_t write(int handle, std::string_view bytes) override
    {
        return m_power.write() ? m_files.write(handle, bytes) : -EIO;
    }
    int fsync(int handle) override { return m_power.sync() ? m_files.fsync(handle) : -EIO; }
    std::int64_t size(int handle) override { return m_power.off() ? -EIO : m_files.size(handle); }
    int truncate(int handle, std::int64_t size) override
    {
        return m_power.write() ? m_files.truncate(handle, size) : -EIO;
    }
    int close(int handle) override { return m_power.off() ? -EIO : m_files.close(handle); }
    int rename(const std::string &from, const std::string &to, Rename how) override
    {
        return m_power.write() ? m_files.rename(from, to, how) : -EIO;
    }
    int fsyncFolder(const std::string &path) override { return m_power.sync() ? m_files.fsyncFolder(path) : -EIO; }
    int unlink(const std::string &path) override { return m_power.write() ? m_files.unlink(path) : -EIO; }
    int makeFolder(const std::string &path) override { return m_power.write() ? m_files.makeFolder(path) : -EIO; }
    int exists(const std::string &path) override { return m_power.off() ? -EIO : m_files.exists(path); }
    int read(const std::string &path, std::string &bytes) override
    {
        return m_power.off() ? -EIO : m_files.read(path, bytes);
    }

private:
    FileOps &m_files;
    Power &m_power;
};

}
