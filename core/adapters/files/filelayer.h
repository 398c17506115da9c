#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "core/base/result.h"

namespace winnow
{

/// What FileLayer asks of the system. Each answer is 0 (open: a handle; write: bytes taken) or a negative errno.
/// Tests put a layer in between that fails, or forgets what was not synced.
class FileOps
{
public:
    enum class Open { New, Append };
    enum class Rename { Replace, KeepOld };

    virtual ~FileOps() = default;
    /// New: must not exist, for writing. Append: made where absent. \param mode  permission bits of a new file.
    virtual int open(const std::string &path, Open how, unsigned mode) = 0;
    virtual std::int64_t write(int handle, std::string_view bytes) = 0;
    virtual int fsync(int handle) = 0;
    virtual std::int64_t size(int handle) = 0;
    virtual int truncate(int handle, std::int64_t size) = 0;
    virtual int close(int handle) = 0;
    /// KeepOld: -EEXIST where `to` exists, decided in one step with the rename.
    virtual int rename(const std::string &from, const std::string &to, Rename how) = 0;
    virtual int fsyncFolder(const std::string &path) = 0;
    virtual int unlink(const std::string &path) = 0;
    virtual int makeFolder(const std::string &path) = 0;
    /// \returns 0: it exists; -ENOENT: it does not.
    virtual int exists(const std::string &path) = 0;
    virtual int read(const std::string &path, std::string &bytes) = 0;
};

/// The system's own files (POSIX). \thread any.
[[nodiscard]] FileOps &systemFileOps();

/// Every file we write ourselves goes through here: after a power cut at any point of writeWhole or writeNew a reader
/// finds the old file or the new one, never a mixture.
/// \errors  Full: no space or quota left; ReadOnly: the place cannot be written; NotFound; Conflict: it exists; Io.
///          Each names the path.
/// \thread  any; one object may be shared.
class FileLayer
{
public:
    enum class Access {
        Everybody, ///< as the umask allows
        OwnerOnly, ///< 0600
    };

    explicit FileLayer(FileOps &ops = systemFileOps())
        : m_ops(ops)
    {
    }

    /// Replaces or makes a file: temporary file in the same folder, write, fsync, rename, fsync of the folder.
    [[nodiscard]] Result<> writeWhole(const std::string &path, std::string_view bytes,
                                      Access access = Access::Everybody);
    /// As writeWhole, but Conflict where the file exists; of several that try at once, one wins.
    [[nodiscard]] Result<> writeNew(const std::string &path, std::string_view bytes, Access access = Access::Everybody);
    /// Gives a file that somebody else wrote its name, once its bytes are safe. Conflict where `to` exists.
    [[nodiscard]] Result<> publish(const std::string &from, const std::string &to);
    /// Adds to the end and syncs. What could not be added whole is taken back; after a power cut a part may be there.
    [[nodiscard]] Result<> append(const std::string &path, std::string_view bytes, Access access = Access::Everybody);
    /// \errors NotFound where there is none.
    [[nodiscard]] Result<> remove(const std::string &path);
    [[nodiscard]] Result<bool> exists(const std::string &path);
    /// As exists, and a name that is there survives a power cut: it may be the work of a process that died before it
    /// could see to that itself.
    [[nodiscard]] Result<bool> existsForGood(const std::string &path);
    /// Takes away what processes of this machine that are gone left half-written in a folder of ours.
    void sweep(const std::string &folder);
    /// Makes the folder and its parents; one that exists is fine.
    [[nodiscard]] Result<> createFolder(const std::string &path);
    [[nodiscard]] Result<std::string> read(const std::string &path);

private:
    Result<> replace(const std::string &path, std::string_view bytes, Access access, FileOps::Rename how);
    Result<> writeAll(int handle, const std::string &path, std::string_view bytes);

    FileOps &m_ops;
};

}
