#include "core/adapters/files/spool.h"

#include <cerrno>
#include <cstdlib>
#include <cstring>
#include <filesystem>

#include <fcntl.h>
#include <sys/mman.h>
#include <unistd.h>

#include "core/base/assert.h"

namespace winnow::files
{

namespace
{

constexpr std::size_t kWrite = 1 << 20;

tl::unexpected<Error> failed()
{
    return fail(errno == ENOSPC || errno == EDQUOT ? ErrorCode::Full : ErrorCode::Io,
                std::string("temporary file: ") + std::strerror(errno));
}

int openNameless()
{
    std::error_code error;
    const std::string folder = std::filesystem::temp_directory_path(error).string();
    const int file = ::open(folder.c_str(), O_TMPFILE | O_RDWR | O_CLOEXEC, 0600);
    if (file >= 0 || (errno != EOPNOTSUPP && errno != EISDIR))
        return file;
    std::string name = folder + "/winnow-XXXXXX"; // a file system that knows no nameless files
    const int named = ::mkostemp(name.data(), O_CLOEXEC);
    if (named >= 0)
        ::unlink(name.c_str());
    return named;
}

}

Spool::~Spool()
{
    for (File *file : {&m_texts, &m_ends}) {
        if (file->mapped)
            ::munmap(const_cast<char *>(file->mapped), file->bytes);
        if (file->handle >= 0)
            ::close(file->handle);
    }
}

Result<> Spool::append(File &file, std::string_view bytes)
{
    file.waiting += bytes;
    file.bytes += bytes.size();
    return file.waiting.size() < kWrite ? Result<>() : flush(file);
}

Result<> Spool::flush(File &file)
{
    if (file.handle < 0 && (file.handle = openNameless()) < 0)
        return failed();
    for (std::string_view rest = file.waiting; !rest.empty();) {
        const ssize_t taken = ::write(file.handle, rest.data(), rest.size());
        if (taken < 0 && errno == EINTR)
            continue;
        if (taken < 0)
            return failed();
        rest.remove_prefix(std::size_t(taken));
    }
    file.waiting.clear();
    return {};
}

Result<> Spool::map(File &file)
{
    if (file.bytes == 0)
        return {};
    if (auto done = flush(file); !done)
        return done;
    void *memory = ::mmap(nullptr, file.bytes, PROT_READ, MAP_SHARED, file.handle, 0);
    if (memory == MAP_FAILED)
        return failed();
    file.mapped = static_cast<const char *>(memory);
    return {};
}

Result<> Spool::add(std::string_view text)
{
    if (auto done = append(m_texts, text); !done)
        return done;
    char end[sizeof(std::uint64_t)];
    std::memcpy(end, &m_texts.bytes, sizeof end);
    ++m_count;
    return append(m_ends, {end, sizeof end});
}

Result<> Spool::seal()
{
    return map(m_texts).and_then([&] { return map(m_ends); });
}

std::string_view Spool::at(std::uint64_t index) const
{
    WINNOW_ASSERT(index < m_count && m_ends.mapped);
    std::uint64_t begin = 0, end;
    if (index > 0)
        std::memcpy(&begin, m_ends.mapped + (index - 1) * sizeof begin, sizeof begin);
    std::memcpy(&end, m_ends.mapped + index * sizeof end, sizeof end);
    return end == begin ? std::string_view() : std::string_view(m_texts.mapped + begin, end - begin);
}

}
