#include "tests/fakes/faultvfs.h"

#include <cstring>
#include <fstream>
#include <map>
#include <mutex>
#include <new>
#include <random>
#include <string>
#include <string_view>
#include <vector>

#include <sqlite3.h>
#include <unistd.h>

#include "core/base/assert.h"

namespace winnow::test
{

namespace
{

constexpr const char *kName = "winnow-fault";
constexpr std::size_t kSector = 512;

/// A write that was not synced; without bytes it is a truncation.
struct Change {
    std::size_t at;
    std::string bytes;
    bool truncates;
};

/// One file as the running system sees it, open or not.
struct File {
    std::string now;
    std::vector<Change> pending;
    bool fresh = false; ///< made since the last start, and its name was not synced
    int handles = 0;
};

void applyTo(std::string &bytes, const Change &change)
{
    if (change.truncates) {
        bytes.resize(change.at);
        return;
    }
    if (bytes.size() < change.at + change.bytes.size())
        bytes.resize(change.at + change.bytes.size());
    bytes.replace(change.at, change.bytes.size(), change.bytes);
}

std::string readAll(const std::string &path)
{
    std::ifstream in(path, std::ios::binary);
    return {std::istreambuf_iterator<char>(in), {}};
}

void writeAll(const std::string &path, const std::string &bytes)
{
    std::ofstream out(path, std::ios::binary | std::ios::trunc);
    out.write(bytes.data(), std::streamsize(bytes.size()));
    WINNOW_ASSERT(out.flush());
}

}

struct FaultVfs::Private {
    explicit Private(Power &supply)
        : power(supply)
    {
    }
    Power &power;
    sqlite3_vfs *real = sqlite3_vfs_find(nullptr);
    sqlite3_vfs own = *real;
    std::mutex mutex;
    std::map<std::string, File> files;
};

namespace
{

// One object at a time, as SQLite has one default.
FaultVfs::Private *current = nullptr;

struct Handle {
    sqlite3_file base;
    File *file;
    sqlite3_file *real;
};

Handle &of(sqlite3_file *file)
{
    return *reinterpret_cast<Handle *>(file);
}

int closeFile(sqlite3_file *file)
{
    Handle &handle = of(file);
    const std::lock_guard lock(current->mutex);
    --handle.file->handles;
    return handle.real->pMethods->xClose(handle.real);
}

int readFile(sqlite3_file *file, void *to, int size, sqlite3_int64 at)
{
    if (current->power.off())
        return SQLITE_IOERR_READ;
    const std::lock_guard lock(current->mutex);
    const std::string &now = of(file).file->now;
    const std::size_t from = std::min(std::size_t(at), now.size());
    const std::size_t there = std::min(std::size_t(size), now.size() - from);
    std::memcpy(to, now.data() + from, there);
    std::memset(static_cast<char *>(to) + there, 0, std::size_t(size) - there);
    return there == std::size_t(size) ? SQLITE_OK : SQLITE_IOERR_SHORT_READ;
}

int change(sqlite3_file *file, Change change)
{
    const std::lock_guard lock(current->mutex);
    applyTo(of(file).file->now, change);
    of(file).file->pending.push_back(std::move(change));
    return SQLITE_OK;
}

int writeFile(sqlite3_file *file, const void *from, int size, sqlite3_int64 at)
{
    if (!current->power.write())
        return SQLITE_IOERR_WRITE;
    return change(file, {std::size_t(at), std::string(static_cast<const char *>(from), std::size_t(size)), false});
}

int truncateFile(sqlite3_file *file, sqlite3_int64 size)
{
    if (!current->power.write())
        return SQLITE_IOERR_TRUNCATE;
    return change(file, {std::size_t(size), {}, true});
}

int syncFile(sqlite3_file *file, int)
{
    if (!current->power.sync())
        return SQLITE_IOERR_FSYNC;
    const std::lock_guard lock(current->mutex);
    Handle &handle = of(file);
    const sqlite3_io_methods &real = *handle.real->pMethods;
    for (const Change &change : handle.file->pending) {
        const int done = change.truncates
            ? real.xTruncate(handle.real, sqlite3_int64(change.at))
            : real.xWrite(handle.real, change.bytes.data(), int(change.bytes.size()), sqlite3_int64(change.at));
        if (done != SQLITE_OK)
            return done;
    }
    handle.file->pending.clear();
    handle.file->fresh = false;
    return SQLITE_OK;
}

int fileSize(sqlite3_file *file, sqlite3_int64 *size)
{
    if (current->power.off())
        return SQLITE_IOERR_FSTAT;
    const std::lock_guard lock(current->mutex);
    *size = sqlite3_int64(of(file).file->now.size());
    return SQLITE_OK;
}

int lockFile(sqlite3_file *file, int level)
{
    return current->power.off() ? SQLITE_IOERR_LOCK : of(file).real->pMethods->xLock(of(file).real, level);
}

int unlockFile(sqlite3_file *file, int level)
{
    return of(file).real->pMethods->xUnlock(of(file).real, level);
}

int checkReserved(sqlite3_file *file, int *reserved)
{
    return of(file).real->pMethods->xCheckReservedLock(of(file).real, reserved);
}

int control(sqlite3_file *file, int operation, void *argument)
{
    // these would change the file behind our back
    if (operation == SQLITE_FCNTL_SIZE_HINT || operation == SQLITE_FCNTL_CHUNK_SIZE
        || operation == SQLITE_FCNTL_MMAP_SIZE)
        return SQLITE_NOTFOUND;
    return of(file).real->pMethods->xFileControl(of(file).real, operation, argument);
}

int sectorSize(sqlite3_file *file)
{
    return of(file).real->pMethods->xSectorSize(of(file).real);
}

int characteristics(sqlite3_file *file)
{
    return of(file).real->pMethods->xDeviceCharacteristics(of(file).real);
}

int shmMap(sqlite3_file *file, int region, int size, int extend, void volatile **memory)
{
    return of(file).real->pMethods->xShmMap(of(file).real, region, size, extend, memory);
}

int shmLock(sqlite3_file *file, int offset, int count, int flags)
{
    return of(file).real->pMethods->xShmLock(of(file).real, offset, count, flags);
}

void shmBarrier(sqlite3_file *file)
{
    of(file).real->pMethods->xShmBarrier(of(file).real);
}

int shmUnmap(sqlite3_file *file, int remove)
{
    return of(file).real->pMethods->xShmUnmap(of(file).real, remove);
}

constexpr sqlite3_io_methods kMethods{2,          closeFile,  readFile,        writeFile,  truncateFile,
                                      syncFile,   fileSize,   lockFile,        unlockFile, checkReserved,
                                      control,    sectorSize, characteristics, shmMap,     shmLock,
                                      shmBarrier, shmUnmap,   nullptr,         nullptr};

int openFile(sqlite3_vfs *, const char *name, sqlite3_file *file, int flags, int *outFlags)
{
    sqlite3_vfs *real = current->real;
    if (!name || (flags & SQLITE_OPEN_DELETEONCLOSE)) // temporary: gone with the power anyway
        return real->xOpen(real, name, file, flags, outFlags);
    file->pMethods = nullptr;
    if (current->power.off())
        return SQLITE_CANTOPEN;
    const std::lock_guard lock(current->mutex);
    Handle *handle = new (file) Handle{};
    handle->real = reinterpret_cast<sqlite3_file *>(handle + 1);
    const bool existed = ::access(name, F_OK) == 0;
    if (const int done = real->xOpen(real, name, handle->real, flags, outFlags); done != SQLITE_OK)
        return done;
    const auto [entry, isNew] = current->files.try_emplace(name);
    if (isNew) {
        entry->second.now = readAll(name);
        entry->second.fresh = !existed;
    }
    ++entry->second.handles;
    handle->file = &entry->second;
    handle->base.pMethods = &kMethods;
    return SQLITE_OK;
}

int deleteFile(sqlite3_vfs *, const char *name, int syncFolder)
{
    if (syncFolder ? !current->power.sync() : !current->power.write())
        return SQLITE_IOERR_DELETE;
    const std::lock_guard lock(current->mutex);
    current->files.erase(name);
    return current->real->xDelete(current->real, name, syncFolder);
}

int accessFile(sqlite3_vfs *, const char *name, int flags, int *answer)
{
    if (current->power.off())
        return SQLITE_IOERR_ACCESS;
    const std::lock_guard lock(current->mutex);
    const auto known = current->files.find(name);
    if (known == current->files.end() || flags != SQLITE_ACCESS_EXISTS)
        return current->real->xAccess(current->real, name, flags, answer);
    *answer = !known->second.now.empty(); // as the default VFS answers for an empty file
    return SQLITE_OK;
}

}

FaultVfs::FaultVfs(Power &power)
    : d(new Private(power))
{
    WINNOW_ASSERT(!current);
    current = d.get();
    d->own.zName = kName;
    d->own.pNext = nullptr;
    d->own.szOsFile = int(sizeof(Handle)) + d->real->szOsFile;
    d->own.xOpen = openFile;
    d->own.xDelete = deleteFile;
    d->own.xAccess = accessFile;
    sqlite3_vfs_register(&d->own, 1);
}

FaultVfs::~FaultVfs()
{
    sqlite3_vfs_unregister(&d->own);
    sqlite3_vfs_register(d->real, 1);
    current = nullptr;
}

void FaultVfs::restart(Survives survives, std::uint64_t seed)
{
    std::mt19937_64 random(seed);
    for (auto &[path, file] : d->files) {
        WINNOW_ASSERT(file.handles == 0);
        if (survives == Survives::Nothing) {
            if (file.fresh)
                ::unlink(path.c_str());
            continue;
        }
        if (file.pending.empty())
            continue;
        std::string disk = readAll(path);
        for (const Change &change : file.pending) {
            if (change.truncates) {
                if (random() % 2)
                    applyTo(disk, change);
                continue;
            }
            for (std::size_t from = 0; from < change.bytes.size();) {
                const std::size_t end = std::min(change.bytes.size(), from + kSector - (change.at + from) % kSector);
                if (random() % 2)
                    applyTo(disk, {change.at + from, change.bytes.substr(from, end - from), false});
                from = end;
            }
        }
        writeAll(path, disk);
    }
    d->files.clear();
    d->power.restore();
}

}
