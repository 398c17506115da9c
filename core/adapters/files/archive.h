#pragma once
// Internal to core/adapters/files: ZIP archives, read in place.

#include <cstdint>
#include <memory>
#include <stop_token>
#include <string>
#include <string_view>
#include <vector>

#include "core/adapters/files/importfile.h"
#include "core/base/hash.h"
#include "core/base/result.h"

struct zip;
struct zip_file;

namespace winnow::files
{

/// Do these first bytes of a file begin a ZIP archive?
[[nodiscard]] bool isArchive(std::string_view start);

/// The members of a ZIP archive. \thread one at a time.
class Archive
{
public:
    struct Entry {
        std::string name; ///< UTF-8, as written
        std::uint64_t index = 0;
        std::uint64_t bytes = 0; ///< unpacked, as the archive claims
    };

    /// One member being unpacked. Its checksum is proved when its end is reached.
    class Stream
    {
    public:
        ~Stream();
        Stream(const Stream &) = delete;
        Stream &operator=(const Stream &) = delete;
        /// \returns 0 at the end. \errors Corrupt.
        [[nodiscard]] Result<std::size_t> read(char *to, std::size_t room);

    private:
        friend class Archive;
        Stream(std::shared_ptr<Archive> archive, std::string name, zip_file *file)
            : m_archive(std::move(archive))
            , m_name(std::move(name))
            , m_file(file)
        {
        }
        std::shared_ptr<Archive> m_archive;
        std::string m_name;
        zip_file *m_file;
    };

    /// \errors NotFound, Io; InvalidInput: past a limit, or encrypted; Corrupt: no directory that can be read.
    [[nodiscard]] static Result<std::shared_ptr<Archive>> open(const std::string &path, const ImportLimits &limits);
    ~Archive();
    Archive(const Archive &) = delete;
    Archive &operator=(const Archive &) = delete;

    [[nodiscard]] std::shared_ptr<Archive> shared() const { return m_self.lock(); }
    [[nodiscard]] const std::string &path() const { return m_path; }
    [[nodiscard]] std::uint64_t bytesOnDisk() const { return m_onDisk; }
    /// Files in the order of the archive's directory. What file managers leave behind is not among them.
    [[nodiscard]] const std::vector<Entry> &entries() const { return m_entries; }
    /// Null where there is none of this name, without regard to upper and lower case.
    [[nodiscard]] const Entry *find(std::string_view name) const;
    /// \errors Corrupt; InvalidInput: packed in a way that this build does not read.
    [[nodiscard]] Result<std::unique_ptr<Stream>> stream(std::uint64_t index);
    /// Unpacks every member, and what is gzip within them, to the end. \errors Corrupt; InvalidInput: past a limit;
    /// Cancelled.
    [[nodiscard]] Result<> check(std::stop_token stop);
    /// Of the whole file as it lies there now. \errors Io, Cancelled.
    [[nodiscard]] Result<Digest> digest(std::stop_token stop) const;

    /// A name that leads out of the archive, or into the root of a disk.
    [[nodiscard]] static bool leadsOut(std::string_view name);

private:
    Archive(std::string path, const ImportLimits &limits)
        : m_path(std::move(path))
        , m_limits(limits)
    {
    }

    std::string m_path;
    ImportLimits m_limits;
    zip *m_zip = nullptr;
    std::uint64_t m_onDisk = 0;
    std::vector<Entry> m_entries;
    std::weak_ptr<Archive> m_self;
};

}
