#include "core/adapters/files/filelayer.h"

#include <atomic>
#include <cerrno>
#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <filesystem>

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include "core/base/resources.h"

namespace winnow
{

namespace
{

class SystemFileOps : public FileOps
{
public:
    int open(const std::string &path, Open how, unsigned mode) override
    {
        const int flags = O_WRONLY | O_CREAT | O_CLOEXEC | O_NOFOLLOW | (how == Open::New ? O_EXCL : O_APPEND);
        return answer(::open(path.c_str(), flags, mode_t(mode)));
    }

    std::int64_t write(int handle, std::string_view bytes) override
    {
        const ssize_t taken = ::write(handle, bytes.data(), bytes.size());
        return taken < 0 ? -std::int64_t(errno) : taken;
    }

    int fsync(int handle) override { return answer(::fsync(handle)); }

    std::int64_t size(int handle) override
    {
        struct stat status = {};
        return ::fstat(handle, &status) < 0 ? -std::int64_t(errno) : std::int64_t(status.st_size);
    }

    int truncate(int handle, std::int64_t size) override { return answer(::ftruncate(handle, size)); }
    int close(int handle) override { return answer(::close(handle)); }

    int rename(const std::string &from, const std::string &to, Rename how) override
    {
        if (how == Rename::Replace)
            return answer(::rename(from.c_str(), to.c_str()));
#ifdef RENAME_NOREPLACE
        if (::renameat2(AT_FDCWD, from.c_str(), AT_FDCWD, to.c_str(), RENAME_NOREPLACE) == 0)
            return 0;
        if (errno != EINVAL && errno != ENOSYS)
            return -errno;
#endif
        // A hard link is the other step that never replaces; some file systems know only one of the two.
        if (::link(from.c_str(), to.c_str()) < 0)
            return -errno;
        return answer(::unlink(from.c_str()));
    }

    int fsyncFolder(const std::string &path) override
    {
        const int folder = ::open(path.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
        if (folder < 0)
            return -errno;
        const int synced = answer(::fsync(folder));
        ::close(folder);
        return synced == -EINVAL ? 0 : synced; // file systems without it sync folders by themselves
    }

    int unlink(const std::string &path) override
    {
        return answer(::unlink(path.c_str()));
    }
    int makeFolder(const std::string &path) override
    {
        return answer(::mkdir(path.c_str(), 0777));
    }

    int exists(const std::string &path) override
    {
        struct stat status = {};
        return answer(::stat(path.c_str(), &status));
    }

    int read(const std::string &path, std::string &bytes) override
    {
        errno = 0;
        auto whole = readFile(path);
        if (!whole)
            return errno ? -errno : -EIO;
        bytes = std::move(*whole);
        return 0;
    }

private:
    static int answer(int result)
    {
        return result < 0 ? -errno : result;
    }
};

tl::unexpected<Error> failed(const std::string &path, std::int64_t answer)
{
    const int number = int(-answer);
    const std::string detail = path + ": " + std::strerror(number);
    switch (number) {
    case ENOSPC:
    case EDQUOT:
        return fail(ErrorCode::Full, detail);
    case EROFS:
    case EACCES:
    case EPERM:
        return fail(ErrorCode::ReadOnly, detail);
    case ENOENT:
        return fail(ErrorCode::NotFound, detail);
    case EEXIST:
        return fail(ErrorCode::Conflict, detail);
    default:
        return fail(ErrorCode::Io, detail);
    }
}

std::string folderOf(const std::string &path)
{
    const std::size_t slash = path.rfind('/');
    if (slash == std::string::npos)
        return ".";
    return slash == 0 ? "/" : path.substr(0, slash);
}

/// In the same folder, hidden and ending in .tmp, so that watched folders pass it over.
std::string temporaryName(const std::string &path)
{
    static std::atomic<unsigned> counter{0};
    const std::size_t slash = path.rfind('/');
    const std::size_t name = slash == std::string::npos ? 0 : slash + 1;
    return path.substr(0, name) + "." + path.substr(name, 200) + "." + std::to_string(::getpid()) + "-"
        + std::to_string(counter++) + ".tmp";
}

unsigned modeOf(FileLayer::Access access)
{
    return access == FileLayer::Access::OwnerOnly ? 0600 : 0666;
}

}

FileOps &systemFileOps()
{
    static SystemFileOps ops;
    return ops;
}

Result<> FileLayer::writeAll(int handle, const std::string &path, std::string_view bytes)
{
    while (!bytes.empty()) {
        const std::int64_t taken = m_ops.write(handle, bytes);
        if (taken == -EINTR)
            continue;
        if (taken <= 0)
            return failed(path, taken == 0 ? -EIO : taken);
        bytes.remove_prefix(std::size_t(taken));
    }
    if (const int synced = m_ops.fsync(handle); synced < 0)
        return failed(path, synced);
    return {};
}

Result<> FileLayer::publish(const std::string &from, const std::string &to)
{
    const int handle = m_ops.open(from, FileOps::Open::Append, modeOf(Access::Everybody));
    if (handle < 0)
        return failed(from, handle);
    const int synced = m_ops.fsync(handle), closed = m_ops.close(handle);
    if (synced < 0 || closed < 0)
        return failed(from, synced < 0 ? synced : closed);
    if (const int renamed = m_ops.rename(from, to, FileOps::Rename::KeepOld); renamed < 0)
        return failed(to, renamed);
    if (const int folder = m_ops.fsyncFolder(folderOf(to)); folder < 0)
        return failed(to, folder);
    return {};
}

Result<> FileLayer::replace(const std::string &path, std::string_view bytes, Access access, FileOps::Rename how)
{
    std::string temporary;
    int handle = -EEXIST;
    for (int tries = 0; handle == -EEXIST && tries < 100; ++tries) { // left over by a process of the same number
        temporary = temporaryName(path);
        handle = m_ops.open(temporary, FileOps::Open::New, modeOf(access));
    }
    if (handle < 0)
        return failed(path, handle);
    Result<> done = writeAll(handle, path, bytes);
    if (const int closed = m_ops.close(handle); done && closed < 0)
        done = failed(path, closed);
    if (done)
        if (const int renamed = m_ops.rename(temporary, path, how); renamed < 0)
            done = failed(path, renamed);
    if (!done) {
        m_ops.unlink(temporary);
        return done;
    }
    if (const int synced = m_ops.fsyncFolder(folderOf(path)); synced < 0)
        return failed(path, synced);
    return {};
}

Result<> FileLayer::writeWhole(const std::string &path, std::string_view bytes, Access access)
{
    return replace(path, bytes, access, FileOps::Rename::Replace);
}

Result<> FileLayer::writeNew(const std::string &path, std::string_view bytes, Access access)
{
    return replace(path, bytes, access, FileOps::Rename::KeepOld);
}

Result<> FileLayer::append(const std::string &path, std::string_view bytes, Access access)
{
    const int known = m_ops.exists(path);
    const int handle = m_ops.open(path, FileOps::Open::Append, modeOf(access));
    if (handle < 0)
        return failed(path, handle);
    const std::int64_t before = m_ops.size(handle);
    Result<> done;
    if (before < 0) {
        done = failed(path, before);
    } else {
        done = writeAll(handle, path, bytes);
        if (!done && m_ops.truncate(handle, before) == 0)
            m_ops.fsync(handle);
    }
    if (const int closed = m_ops.close(handle); done && closed < 0)
        done = failed(path, closed);
    if (done && known < 0)
        if (const int synced = m_ops.fsyncFolder(folderOf(path)); synced < 0)
            done = failed(path, synced);
    return done;
}

Result<> FileLayer::remove(const std::string &path)
{
    if (const int gone = m_ops.unlink(path); gone < 0)
        return failed(path, gone);
    if (const int synced = m_ops.fsyncFolder(folderOf(path)); synced < 0)
        return failed(path, synced);
    return {};
}

Result<bool> FileLayer::exists(const std::string &path)
{
    const int answer = m_ops.exists(path);
    if (answer == 0)
        return true;
    if (answer == -ENOENT)
        return false;
    return failed(path, answer);
}

Result<bool> FileLayer::existsForGood(const std::string &path)
{
    const auto there = exists(path);
    if (there && *there)
        if (const int synced = m_ops.fsyncFolder(folderOf(path)); synced < 0)
            return failed(path, synced);
    return there;
}

void FileLayer::sweep(const std::string &folder)
{
    std::error_code error;
    for (std::filesystem::directory_iterator entry(folder, error), end; !error && entry != end; entry.increment(error)) {
        // .NAME.PROCESS-COUNT.tmp, as temporaryName makes them
        const std::string name = entry->path().filename().string();
        if (!name.starts_with('.') || !name.ends_with(".tmp") || name.size() < 6)
            continue;
        const std::size_t dot = name.rfind('.', name.size() - 5);
        const long process = std::atol(name.c_str() + dot + 1);
        if (dot > 0 && process > 0 && ::kill(pid_t(process), 0) < 0 && errno == ESRCH)
            m_ops.unlink(entry->path().string());
    }
}

Result<> FileLayer::createFolder(const std::string &path)
{
    std::string folder = path;
    while (folder.size() > 1 && folder.back() == '/')
        folder.pop_back();
    const int known = folder.empty() ? 0 : m_ops.exists(folder);
    if (known == 0)
        return {};
    if (known != -ENOENT || folder == "/" || folder == ".")
        return failed(folder, known);
    const std::string parent = folderOf(folder);
    if (auto made = createFolder(parent); !made)
        return made;
    if (const int made = m_ops.makeFolder(folder); made < 0 && made != -EEXIST)
        return failed(folder, made);
    if (const int synced = m_ops.fsyncFolder(parent); synced < 0)
        return failed(folder, synced);
    return {};
}

Result<std::string> FileLayer::read(const std::string &path)
{
    std::string bytes;
    if (const int answer = m_ops.read(path, bytes); answer < 0)
        return failed(path, answer);
    return bytes;
}

}
