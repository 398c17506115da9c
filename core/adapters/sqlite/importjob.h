#pragma once

#include <functional>
#include <stop_token>
#include <string>

#include "core/adapters/files/importfile.h"
#include "core/adapters/sqlite/bronze.h"

namespace winnow::sqlite
{

struct ImportedFile {
    std::string file;
    std::string format;
    BronzeCounts counts;
    std::vector<std::pair<std::string, std::string>> columns;
    std::optional<Error> brokenOff; ///< its good records are kept
};

/// Reads one file into sealed Bronze: one thread reads, the caller's thread seals and writes.
/// A crash costs a repeat, never a gap: what was committed is recognised by its identity.
/// \param progress  records so far, at most ten times a second.
/// \errors those of importFile and Bronze.
[[nodiscard]] Result<ImportedFile> importIntoBronze(Bronze &bronze, Lease &lease, const std::string &path,
                                                    const ImportOptions &options,
                                                    const std::function<void(std::uint64_t)> &progress,
                                                    std::stop_token stop);

}
