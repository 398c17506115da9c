#include "core/adapters/files/folder.h"

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <filesystem>

#include <poll.h>
#include <sys/eventfd.h>
#include <sys/inotify.h>
#include <sys/stat.h>
#include <unistd.h>

#include "core/adapters/files/celltext.h"

namespace winnow::files
{

namespace
{

namespace fs = std::filesystem;

constexpr std::size_t kFolders = 10'000; ///< that events are asked of: the system's own limit is not much above

/// Calls `visit(folder)` for a folder and those in it. Links are not followed.
template <typename Visit> void eachFolder(const std::string &folder, Visit &&visit)
{
    visit(folder);
    std::error_code error;
    for (fs::recursive_directory_iterator it(folder, fs::directory_options::skip_permission_denied, error), end;
         !error && it != end; it.increment(error)) {
        std::error_code failed;
        if (!it->is_symlink(failed) && it->is_directory(failed) && !failed) {
            if (it->path().filename().string().starts_with('.'))
                it.disable_recursion_pending();
            else
                visit(it->path().string());
        }
    }
}

}

bool isPassedOver(std::string_view name)
{
    const std::string plain = lowered(name);
    if (name.starts_with('.') || name.starts_with("~$") || name.ends_with('~'))
        return true;
    static constexpr std::string_view kUnfinished[] = {".part", ".tmp", ".crdownload", ".lock", ".lck", ".download"};
    return std::any_of(std::begin(kUnfinished), std::end(kUnfinished),
                       [&](std::string_view ending) { return plain.ends_with(ending); });
}

Result<FolderEntry> entryOf(const std::string &folder, const std::string &path)
{
    struct stat status = {};
    if (::stat((folder + '/' + path).c_str(), &status) < 0)
        return fail(errno == ENOENT ? ErrorCode::NotFound : ErrorCode::Io,
                    folder + '/' + path + ": " + std::strerror(errno));
    if (!S_ISREG(status.st_mode))
        return fail(ErrorCode::NotFound, folder + '/' + path + ": is no file");
    return FolderEntry{path, std::uint64_t(status.st_size),
                       std::int64_t(status.st_mtim.tv_sec) * 1'000'000'000 + status.st_mtim.tv_nsec};
}

Result<std::vector<FolderEntry>> listFolder(const std::string &folder, std::stop_token stop)
{
    std::error_code error;
    if (!fs::is_directory(folder, error))
        return fail(error ? ErrorCode::Io : ErrorCode::NotFound,
                    folder + ": " + (error ? error.message() : std::string("is no folder")));
    fs::recursive_directory_iterator it(folder, fs::directory_options::skip_permission_denied, error);
    if (error)
        return fail(ErrorCode::Io, folder + ": " + error.message());
    std::vector<FolderEntry> entries;
    for (const fs::recursive_directory_iterator end; it != end; it.increment(error)) {
        if (error)
            return fail(ErrorCode::Io, folder + ": " + error.message());
        if (stop.stop_requested())
            return fail(ErrorCode::Cancelled, folder + ": stopped");
        const std::string name = it->path().filename().string();
        std::error_code failed;
        const bool isFolder = it->is_directory(failed);
        if (isFolder && (name.starts_with('.') || it->is_symlink(failed)))
            it.disable_recursion_pending();
        if (isFolder || isPassedOver(name))
            continue;
        auto entry = entryOf(folder, it->path().lexically_relative(folder).string());
        if (entry)
            entries.push_back(std::move(*entry)); // what vanished meanwhile was no file of ours
    }
    std::sort(entries.begin(), entries.end(),
              [](const FolderEntry &a, const FolderEntry &b) { return a.path < b.path; });
    return entries;
}

FolderEvents::FolderEvents()
    : m_inotify(::inotify_init1(IN_NONBLOCK | IN_CLOEXEC))
    , m_wake(::eventfd(0, EFD_NONBLOCK | EFD_CLOEXEC))
{
}

FolderEvents::~FolderEvents()
{
    for (const int handle : {m_inotify, m_wake})
        if (handle >= 0)
            ::close(handle);
}

void FolderEvents::watch(const std::vector<std::string> &folders)
{
    if (m_inotify < 0)
        return;
    for (const int watch : m_watches)
        ::inotify_rm_watch(m_inotify, watch);
    m_watches.clear();
    for (const std::string &folder : folders)
        eachFolder(folder, [&](const std::string &inner) {
            if (m_watches.size() >= kFolders)
                return;
            const int watch = ::inotify_add_watch(m_inotify, inner.c_str(),
                                                  IN_CLOSE_WRITE | IN_MOVED_TO | IN_CREATE | IN_ATTRIB | IN_ONLYDIR);
            if (watch >= 0)
                m_watches.push_back(watch);
        });
    drain(); // that we watch no more is told as well; what it tells of files, a scan behind this sees
}

void FolderEvents::drain()
{
    char events[16384];
    while (::read(m_inotify, events, sizeof events) > 0) { }
}

bool FolderEvents::wait(std::chrono::milliseconds most, std::stop_token stop)
{
    const std::stop_callback wake(stop, [this] {
        const std::uint64_t one = 1;
        [[maybe_unused]] const auto written = ::write(m_wake, &one, sizeof one);
    });
    pollfd handles[] = {{m_inotify, POLLIN, 0}, {m_wake, POLLIN, 0}};
    const int ready = ::poll(handles, 2, int(std::clamp<std::int64_t>(most.count(), 0, 3'600'000)));
    if (ready <= 0 || !(handles[0].revents & POLLIN))
        return false;
    drain();
    return true;
}

}
