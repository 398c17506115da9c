#pragma once

#include <cstdint>
#include <stop_token>
#include <string>
#include <string_view>
#include <vector>

#include "core/base/result.h"
#include "core/base/time.h"

namespace winnow::files
{

struct FolderEntry {
    std::string path; ///< relative to the folder
    std::uint64_t size = 0;
    std::int64_t mtime = 0; ///< nanoseconds since 1970
    bool operator==(const FolderEntry &) const = default;
};

/// Is this the name of a file that is still being written, hidden, or a lock? \param name  without its folder.
[[nodiscard]] bool isPassedOver(std::string_view name);

/// The regular files of a folder and of the folders in it, by path. Links to folders are not followed, and neither is
/// what cannot be read. \errors NotFound, Io: the folder itself; Cancelled.
[[nodiscard]] Result<std::vector<FolderEntry>> listFolder(const std::string &folder, std::stop_token stop);
/// One file of it as it is now. \errors NotFound, Io.
[[nodiscard]] Result<FolderEntry> entryOf(const std::string &folder, const std::string &path);

/// Waits for the system to say that something happened in one of some folders. Folders it cannot watch are left to
/// scans. \thread one at a time.
class FolderEvents
{
public:
    FolderEvents();
    ~FolderEvents();
    FolderEvents(const FolderEvents &) = delete;
    FolderEvents &operator=(const FolderEvents &) = delete;

    /// Replaces the list. With each folder come those in it.
    void watch(const std::vector<std::string> &folders);
    /// Until something happened, the time came or a stop. \returns true if something happened.
    bool wait(std::chrono::milliseconds most, std::stop_token stop);

private:
    void drain();

    int m_inotify = -1, m_wake = -1;
    std::vector<int> m_watches;
};

}
