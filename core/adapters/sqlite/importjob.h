#pragma once

#include <functional>
#include <stop_token>
#include <string>

#include "core/adapters/files/importfile.h"
#include "core/adapters/sqlite/bronze.h"
#include "core/ports/clock.h"
#include "core/ports/importer.h"

namespace winnow::sqlite
{

/// Reads one file into sealed Bronze: one thread reads, the caller's thread seals and writes.
/// A crash costs a repeat, never a gap: what was committed is recognised by its identity.
/// \param progress  at most ten times a second.
/// \errors those of importFile and Bronze.
[[nodiscard]] Result<ImportOutcome> importIntoBronze(Bronze &bronze, Lease &lease, const std::string &path,
                                                     const ImportOptions &options,
                                                     const std::function<void(const ImportProgress &)> &progress,
                                                     std::stop_token stop);

/// Imports into one workspace. \thread one worker at a time.
class WorkspaceImporter : public Importer
{
public:
    /// The references outlive it.
    WorkspaceImporter(Workspace &workspace, Clock &clock)
        : m_workspace(workspace)
        , m_clock(clock)
    {
    }

    Result<std::vector<std::string>> formats() override { return importFormats(); }
    Result<ImportPreview> preview(const ImportRequest &request, std::stop_token stop) override;
    Result<ImportOutcome> import(const ImportRequest &request,
                                 const std::function<void(const ImportProgress &)> &progress,
                                 std::stop_token stop) override;
    Result<> saveMapping(const std::string &path, const ImportMapping &mapping) override;
    Result<ImportMapping> loadMapping(const std::string &path) override { return readMapping(path); }

    /// Under a lease of the caller's, which may be for several files.
    Result<ImportOutcome> import(Bronze &bronze, Lease &lease, const ImportRequest &request,
                                 const std::string &originName,
                                 const std::function<void(const ImportProgress &)> &progress, std::stop_token stop);

private:
    [[nodiscard]] ImportOptions optionsOf(const ImportRequest &request) const;

    Workspace &m_workspace;
    Clock &m_clock;
};

}
