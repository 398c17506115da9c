#pragma once

#include <string>
#include <vector>

#include "core/adapters/sqlite/workspace.h"
#include "core/ports/secretstore.h"

namespace winnow::sqlite
{

struct Verified {
    std::size_t events = 0, records = 0, rejects = 0, feedback = 0;
    std::string stateHash;
    std::optional<Error> firstBad;
};

/// Walks the file's pages, foreign keys, hash chains, sealed slices and text hashes.
/// \errors Io; what is damaged is in firstBad.
[[nodiscard]] Result<Verified> verify(Workspace &workspace);

struct Erased {
    std::string event;
    std::size_t records = 0, feedback = 0, eventBodies = 0;
    std::vector<std::string> incidents; ///< touched, to be summed up again
    std::vector<std::string> tickets; ///< filed ones that quote the person
};

/// Erases an author: keys, records, everything derived, bodies of events that rest on them, the search index's pages
/// and the file's free ones. A keyed commitment stays that refuses the person at every later import. Who is erased
/// already may be erased again, which cleans the file once more. \errors NotFound; Leased while a job runs; Full (it
/// needs room for a copy of the file); Busy where another process still reads the state of before: erase again later.
[[nodiscard]] Result<Erased> eraseAuthor(Workspace &workspace, const std::string &authorId, const std::string &actor,
                                         TimePoint now);

/// A consistent copy of the whole workspace in one file. \errors Conflict where the file exists; Full, ReadOnly.
[[nodiscard]] Result<> backup(Workspace &workspace, const std::string &file);
/// Makes a workspace of a backup: the same one, as a replica of its own.
/// \errors Conflict where the folder holds a workspace; NotFound, Corrupt, Newer.
[[nodiscard]] Result<> restore(const std::string &file, const std::string &folder);

}
