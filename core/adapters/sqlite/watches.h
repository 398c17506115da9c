#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <stop_token>
#include <string>
#include <vector>

#include "core/adapters/files/folder.h"
#include "core/adapters/sqlite/importjob.h"
#include "core/adapters/sqlite/workspace.h"
#include "core/base/result.h"
#include "core/domain/importmapping.h"

namespace winnow::sqlite
{

/// A folder whose files are imported as they come.
struct Watch {
    std::int64_t id = 0;
    std::string folder; ///< absolute
    std::string source, format;
    std::optional<ImportMapping> mapping;
    std::vector<std::string> otherColumns; ///< seen in its files, and read into no field
    std::uint64_t files = 0, failed = 0; ///< noted so far
};

/// What happened to one file of a watched folder.
struct WatchedFile {
    std::string folder, path;
    std::string outcome; ///< imported, known (its content was there before), failed, waiting (it is still changing)
    std::string detail; ///< why it failed
    std::optional<ImportOutcome> imported;
    std::vector<std::string> newColumns; ///< that no file before it had, offered for mapping
};

/// Folders to watch and the state of their files, in the workspace. \source contracts/sources.md 6
class Watches
{
public:
    static constexpr std::chrono::seconds kStill{2}; ///< how long size and time must stand
    static constexpr std::chrono::minutes kScanEvery{5};
    static constexpr std::chrono::hours kHashEvery{24};

    /// The references outlive it.
    Watches(Workspace &workspace, Clock &clock)
        : m_workspace(workspace)
        , m_clock(clock)
    {
    }

    /// \errors NotFound: no such folder; Conflict: it, or one around it or in it, is watched already; InvalidInput: the
    /// workspace lies in it, or options that fit nothing.
    [[nodiscard]] Result<> add(const std::string &folder, const ImportRequest &how);
    [[nodiscard]] Result<std::vector<Watch>> list();
    /// Forgets the folder; what came from it stays. \errors NotFound.
    [[nodiscard]] Result<> remove(const std::string &folder);

    using Report = std::function<void(const WatchedFile &)>;
    /// Looks at every file once, waiting until those that are new or changed stand still, and imports what is new.
    /// \param all  hash every file, also those that look unchanged.
    /// \errors Leased: somebody else imports; those of the store. What is wrong with one file is only reported.
    [[nodiscard]] Result<> scan(bool all, const Report &report, std::stop_token stop);
    /// Goes on scanning until a stop: when the system tells of a change, every kScanEvery, and at the start.
    [[nodiscard]] Result<> run(const Report &report, std::stop_token stop);

private:
    struct Note {
        std::uint64_t size = 0;
        std::int64_t mtime = 0;
        std::string sha256; ///< 32 bytes, or empty
        TimePoint hashedAt;
    };
    struct Due {
        Watch *watch = nullptr;
        files::FolderEntry entry;
    };
    using Notes = std::map<std::string, Note>;
    [[nodiscard]] Result<Notes> notesOf(const Watch &watch);
    [[nodiscard]] Result<std::vector<Due>> dueFiles(std::vector<Watch> &watches, bool all, const Report &report,
                                                    std::stop_token stop);
    [[nodiscard]] Result<> take(Bronze &bronze, Lease &lease, const Due &due, const Report &report,
                                std::stop_token stop);
    [[nodiscard]] Result<> note(Lease &lease, const Due &due, const std::string &sha256, std::uint64_t records,
                                const WatchedFile &file);
    [[nodiscard]] Result<> noteColumns(Lease &lease, Watch &watch, WatchedFile &file);

    Workspace &m_workspace;
    Clock &m_clock;
    bool m_waiting = false; ///< files that did not stand still at the last scan
};

}
