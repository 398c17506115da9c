#include "core/adapters/files/archive.h"

#include <cerrno>
#include <cstring>

#include <sys/stat.h>
#include <zip.h>

#include "core/adapters/files/bytesource.h"
#include "core/adapters/files/celltext.h"

namespace winnow::files
{

namespace
{

constexpr std::uint64_t kRatioFrom = 1024 * 1024; ///< small files may well pack better than the limit
constexpr std::size_t kChunk = 256 * 1024;

std::string reasonOf(int code)
{
    zip_error_t error;
    zip_error_init_with_code(&error, code);
    const std::string text = zip_error_strerror(&error);
    zip_error_fini(&error);
    return text;
}

/// Folders, and what file managers put beside the files they pack.
bool isLitter(std::string_view name)
{
    const std::size_t slash = name.rfind('/');
    const std::string_view file = slash == std::string_view::npos ? name : name.substr(slash + 1);
    return file.empty() || name.starts_with("__MACOSX/") || file.starts_with("._") || file == ".DS_Store"
        || file == "Thumbs.db" || file == "desktop.ini";
}

}

bool isArchive(std::string_view start)
{
    return start.starts_with("PK\x03\x04") || start.starts_with("PK\x05\x06");
}

bool Archive::leadsOut(std::string_view name)
{
    if (name.empty() || name.front() == '/' || name.front() == '\\' || (name.size() > 1 && name[1] == ':'))
        return true;
    for (std::size_t from = 0; from <= name.size();) {
        const std::size_t end = std::min(name.find_first_of("/\\", from), name.size());
        if (name.substr(from, end - from) == "..")
            return true;
        from = end + 1;
    }
    return false;
}

Result<std::shared_ptr<Archive>> Archive::open(const std::string &path, const ImportLimits &limits)
{
    struct stat status = {};
    if (::stat(path.c_str(), &status) < 0)
        return fail(errno == ENOENT ? ErrorCode::NotFound : ErrorCode::Io, path + ": " + std::strerror(errno));
    if (std::uint64_t(status.st_size) > limits.fileBytes)
        return fail(ErrorCode::InvalidInput,
                    path + ": is larger than " + std::to_string(limits.fileBytes >> 20) + " MiB");
    std::shared_ptr<Archive> archive(new Archive(path, limits));
    archive->m_self = archive;
    archive->m_onDisk = std::uint64_t(status.st_size);
    int code = 0;
    archive->m_zip = zip_open(path.c_str(), ZIP_RDONLY, &code);
    if (!archive->m_zip)
        return fail(ErrorCode::Corrupt, path + ": the archive cannot be read: " + reasonOf(code));
    const auto count = zip_get_num_entries(archive->m_zip, 0);
    if (count < 0 || std::uint64_t(count) > limits.archiveEntries)
        return fail(ErrorCode::InvalidInput,
                    path + ": holds more than " + std::to_string(limits.archiveEntries) + " files");
    std::uint64_t claimed = 0;
    for (std::uint64_t index = 0; index < std::uint64_t(count); ++index) {
        zip_stat_t entry;
        if (zip_stat_index(archive->m_zip, index, 0, &entry) != 0 || !(entry.valid & ZIP_STAT_NAME))
            return fail(ErrorCode::Corrupt, path + ": file " + std::to_string(index + 1) + " has no sound entry");
        const std::string name = entry.name;
        if (isLitter(name))
            continue;
        if ((entry.valid & ZIP_STAT_ENCRYPTION_METHOD) && entry.encryption_method != ZIP_EM_NONE)
            return fail(ErrorCode::InvalidInput,
                        path + ": '" + shown(name) + "' is encrypted; save it without password");
        const std::uint64_t bytes = entry.valid & ZIP_STAT_SIZE ? entry.size : 0;
        claimed += bytes;
        if (bytes > limits.unpackedBytes || claimed > limits.unpackedBytes)
            return fail(ErrorCode::InvalidInput,
                        path + ": unpacks to more than " + std::to_string(limits.unpackedBytes >> 20) + " MiB");
        archive->m_entries.push_back({name, index, bytes});
    }
    if (claimed > kRatioFrom && claimed / limits.ratio > archive->m_onDisk)
        return fail(ErrorCode::InvalidInput,
                    path + ": unpacks to more than " + std::to_string(limits.ratio) + " times its size");
    return archive;
}

Archive::~Archive()
{
    if (m_zip)
        zip_discard(m_zip);
}

const Archive::Entry *Archive::find(std::string_view name) const
{
    const std::string wanted = lowered(name);
    for (const Entry &entry : m_entries)
        if (entry.name.size() == wanted.size() && lowered(entry.name) == wanted)
            return &entry;
    return nullptr;
}

Result<std::unique_ptr<Archive::Stream>> Archive::stream(std::uint64_t index)
{
    const char *name = zip_get_name(m_zip, index, 0);
    zip_file_t *file = zip_fopen_index(m_zip, index, 0);
    if (!file) {
        const int code = zip_error_code_zip(zip_get_error(m_zip));
        return fail(code == ZIP_ER_COMPNOTSUPP || code == ZIP_ER_NOPASSWD || code == ZIP_ER_ENCRNOTSUPP
                        ? ErrorCode::InvalidInput
                        : ErrorCode::Corrupt,
                    m_path + ": '" + shown(name ? name : "") + "': " + reasonOf(code));
    }
    return std::unique_ptr<Stream>(new Stream(m_self.lock(), name ? name : "", file));
}

Archive::Stream::~Stream()
{
    zip_fclose(m_file);
}

Result<std::size_t> Archive::Stream::read(char *to, std::size_t room)
{
    const auto got = zip_fread(m_file, to, room);
    if (got < 0)
        return fail(ErrorCode::Corrupt,
                    m_archive->m_path + ": '" + shown(m_name)
                        + "' is damaged: " + reasonOf(zip_error_code_zip(zip_file_get_error(m_file))));
    return std::size_t(got);
}

Result<> Archive::check(std::stop_token stop)
{
    std::uint64_t unpacked = 0;
    std::vector<char> sink(kChunk);
    for (const Entry &entry : m_entries) {
        auto source = ByteSource::open({.path = m_path, .archive = m_self.lock(), .entry = entry.index}, m_limits);
        if (!source)
            return tl::unexpected(source.error());
        for (;;) {
            if (stop.stop_requested())
                return fail(ErrorCode::Cancelled, m_path + ": stopped");
            const auto got = (*source)->read(sink.data(), sink.size());
            if (!got)
                return tl::unexpected(got.error());
            if (*got == 0)
                break;
            unpacked += *got;
            if (unpacked > m_limits.unpackedBytes)
                return fail(ErrorCode::InvalidInput,
                            m_path + ": unpacks to more than " + std::to_string(m_limits.unpackedBytes >> 20) + " MiB");
            if (unpacked > kRatioFrom && unpacked / m_limits.ratio > m_onDisk)
                return fail(ErrorCode::InvalidInput,
                            m_path + ": unpacks to more than " + std::to_string(m_limits.ratio) + " times its size");
        }
    }
    return {};
}

Result<Digest> Archive::digest(std::stop_token stop) const
{
    return digestOfFile(m_path, m_limits, std::move(stop));
}

}
