#include "core/adapters/sqlite/watches.h"

#include <algorithm>
#include <filesystem>
#include <sstream>

#include "core/adapters/files/archive.h"
#include "core/adapters/files/bytesource.h"

namespace winnow::sqlite
{

namespace
{

namespace fs = std::filesystem;

std::vector<std::string> linesOf(const std::string &text)
{
    std::vector<std::string> lines;
    std::istringstream stream(text);
    for (std::string line; std::getline(stream, line);)
        lines.push_back(line);
    return lines;
}

std::string oneLine(std::string text)
{
    std::replace(text.begin(), text.end(), '\n', ' ');
    return text;
}

/// Is `inner` the same folder as `outer`, or in it? Both canonical.
bool liesIn(const std::string &inner, const std::string &outer)
{
    return inner == outer || inner.starts_with(outer == "/" ? outer : outer + '/');
}

}

Result<> Watches::add(const std::string &folder, const ImportRequest &how)
{
    std::error_code error;
    const std::string whole = fs::canonical(folder, error).string();
    if (error || !fs::is_directory(whole, error))
        return fail(ErrorCode::NotFound, folder + ": there is no such folder");
    if (liesIn(fs::canonical(m_workspace.folder(), error).string(), whole))
        return fail(ErrorCode::InvalidInput, folder + ": the workspace itself lies in it");
    const auto known = list();
    if (!known)
        return tl::unexpected(known.error());
    for (const Watch &watch : *known)
        if (liesIn(whole, watch.folder) || liesIn(watch.folder, whole))
            return fail(ErrorCode::Conflict, folder + ": " + watch.folder + " is watched already");
    auto transaction = Transaction::begin(m_workspace.database(), "watch: add");
    if (!transaction)
        return tl::unexpected(transaction.error());
    return m_workspace.database()
        .run("INSERT INTO watch(folder, source, format, mapping, columns, added_at) VALUES(?1, ?2, ?3, ?4, '', ?5)",
             whole, how.source, how.format, how.mapping ? mappingJson(*how.mapping) : std::string(), m_clock.now())
        .and_then([&] { return transaction->commit(); });
}

Result<std::vector<Watch>> Watches::list()
{
    std::vector<Watch> watches;
    auto done = m_workspace.database().query(
        "SELECT id, folder, source, format, mapping, columns, (SELECT count(*) FROM watched_file f WHERE f.watch = "
        "w.id), (SELECT count(*) FROM watched_file f WHERE f.watch = w.id AND f.outcome = 'failed') FROM watch w "
        "ORDER BY folder",
        [&](const Row &row) -> Result<> {
            Watch watch{row.number(0),
                        row.text(1),
                        row.text(2),
                        row.text(3),
                        std::nullopt,
                        linesOf(row.text(5)),
                        std::uint64_t(row.number(6)),
                        std::uint64_t(row.number(7))};
            if (const std::string mapping = row.text(4); !mapping.empty()) {
                auto read = mappingFromJson(mapping, "mapping of " + watch.folder);
                if (!read)
                    return tl::unexpected(read.error());
                watch.mapping = std::move(*read);
            }
            watches.push_back(std::move(watch));
            return {};
        });
    if (!done)
        return tl::unexpected(done.error());
    return watches;
}

Result<> Watches::remove(const std::string &folder)
{
    std::error_code error;
    const fs::path whole = fs::weakly_canonical(folder, error);
    auto transaction = Transaction::begin(m_workspace.database(), "watch: remove");
    if (!transaction)
        return tl::unexpected(transaction.error());
    Database &db = m_workspace.database();
    if (auto done = db.run("DELETE FROM watch WHERE folder = ?1 OR folder = ?2", whole.string(), folder); !done)
        return done;
    if (db.changes() == 0)
        return fail(ErrorCode::NotFound, folder + ": is not watched");
    return transaction->commit();
}

Result<Watches::Notes> Watches::notesOf(const Watch &watch)
{
    Notes notes;
    auto done = m_workspace.database().query(
        "SELECT path, size, mtime, sha256, hashed_at FROM watched_file WHERE watch = ?1",
        [&](const Row &row) {
            notes[row.text(0)] = {std::uint64_t(row.number(1)), row.number(2), row.text(3),
                                  row.time(4).value_or(TimePoint())};
        },
        watch.id);
    if (!done)
        return tl::unexpected(done.error());
    return notes;
}

/// Files that are new, look changed, or were not hashed for a day, and stand still.
Result<std::vector<Watches::Due>> Watches::dueFiles(std::vector<Watch> &watches, bool all, const Report &report,
                                                    std::stop_token stop)
{
    std::vector<Due> still, moving;
    const TimePoint now = m_clock.now();
    for (Watch &watch : watches) {
        const auto entries = files::listFolder(watch.folder, stop);
        if (!entries) {
            if (entries.error().code == ErrorCode::Cancelled)
                return tl::unexpected(entries.error());
            report({watch.folder, {}, "failed", entries.error().detail, std::nullopt, {}});
            continue; // a folder that is not there now may be there at the next scan
        }
        const auto notes = notesOf(watch);
        if (!notes)
            return tl::unexpected(notes.error());
        for (const files::FolderEntry &entry : *entries) {
            const auto note = notes->find(entry.path);
            if (note == notes->end() || note->second.size != entry.size || note->second.mtime != entry.mtime)
                moving.push_back({&watch, entry});
            else if (all || now - note->second.hashedAt >= kHashEvery)
                still.push_back({&watch, entry});
        }
    }
    if (!moving.empty()) {
        if (!m_clock.waitUntil(now + kStill, stop))
            return fail(ErrorCode::Cancelled, "watch: stopped");
        for (Due &due : moving) {
            auto entry = files::entryOf(due.watch->folder, due.entry.path);
            if (entry && *entry == due.entry) {
                still.push_back(std::move(due));
            } else if (entry) {
                m_waiting = true;
                report({due.watch->folder, due.entry.path, "waiting", {}, std::nullopt, {}});
            }
        }
    }
    return still;
}

Result<> Watches::scan(bool all, const Report &report, std::stop_token stop)
{
    m_waiting = false;
    auto watches = list();
    if (!watches)
        return tl::unexpected(watches.error());
    const auto due = dueFiles(*watches, all, report, stop);
    if (!due)
        return tl::unexpected(due.error());
    if (due->empty())
        return {};
    auto lease = Lease::acquire(m_workspace, "import");
    if (!lease)
        return tl::unexpected(lease.error());
    Bronze bronze(m_workspace);
    for (const Due &file : *due)
        if (auto done = take(bronze, **lease, file, report, stop); !done)
            return done;
    return {};
}

Result<> Watches::take(Bronze &bronze, Lease &lease, const Due &due, const Report &report, std::stop_token stop)
{
    const Watch &watch = *due.watch;
    const std::string path = watch.folder + '/' + due.entry.path;
    WatchedFile file{watch.folder, due.entry.path, {}, {}, std::nullopt, {}};
    // Is it one of those that concern this file alone, or the end of the whole job?
    const auto isTheFiles = [](ErrorCode code) {
        return code == ErrorCode::InvalidInput || code == ErrorCode::Corrupt || code == ErrorCode::NotFound
            || code == ErrorCode::Io;
    };
    const auto failed = [&](const Error &error, const std::string &sha256) -> Result<> {
        if (!isTheFiles(error.code))
            return tl::unexpected(error);
        file.outcome = "failed";
        file.detail = error.detail;
        report(file);
        return note(lease, due, sha256, 0, file);
    };
    const auto digest = files::digestOfFile(path, ImportLimits(), stop);
    if (!digest)
        return failed(digest.error(), {});
    const std::string sha256(reinterpret_cast<const char *>(digest->data()), digest->size());
    const auto known = m_workspace.database().number(
        "SELECT count(*) FROM watched_file WHERE watch = ?1 AND sha256 = ?2", watch.id, Blob{sha256});
    if (!known)
        return tl::unexpected(known.error());
    if (known->value_or(0) > 0) {
        file.outcome = "known";
        const auto same = m_workspace.database().number(
            "SELECT count(*) FROM watched_file WHERE watch = ?1 AND path = ?2 AND sha256 = ?3", watch.id,
            due.entry.path, Blob{sha256});
        if (!same)
            return tl::unexpected(same.error());
        if (same->value_or(0) == 0)
            report(file);
        return note(lease, due, sha256, 0, file);
    }
    ImportRequest request;
    request.path = path;
    request.source = watch.source;
    request.format = watch.format;
    request.mapping = watch.mapping;
    auto imported =
        WorkspaceImporter(m_workspace, m_clock).import(bronze, lease, request, due.entry.path, {}, std::move(stop));
    if (!imported)
        return failed(imported.error(), {});
    file.outcome = imported->brokenOff ? "failed" : "imported";
    if (imported->brokenOff)
        file.detail = imported->brokenOff->detail;
    file.imported = std::move(*imported);
    if (auto done = noteColumns(lease, *due.watch, file); !done)
        return done;
    report(file);
    // A table that broke off is read again when it changes, like any other; until then its bytes are known.
    return note(lease, due, fromHex(file.imported->sha256), file.imported->records, file);
}

Result<> Watches::note(Lease &lease, const Due &due, const std::string &sha256, std::uint64_t records,
                       const WatchedFile &file)
{
    auto transaction = lease.begin("watch: note");
    if (!transaction)
        return tl::unexpected(transaction.error());
    const bool known = file.outcome == "known";
    return m_workspace.database()
        .run(known ? "INSERT INTO watched_file(watch, path, size, mtime, sha256, records, outcome, detail, hashed_at) "
                     "VALUES(?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9) ON CONFLICT(watch, path) DO UPDATE SET size = ?3, "
                     "mtime = ?4, records = iif(sha256 IS ?5, records, ?6), outcome = iif(sha256 IS ?5, outcome, ?7), "
                     "detail = iif(sha256 IS ?5, detail, ?8), sha256 = ?5, hashed_at = ?9"
                   : "INSERT OR REPLACE INTO watched_file(watch, path, size, mtime, sha256, records, outcome, detail, "
                     "hashed_at) VALUES(?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9)",
             due.watch->id, due.entry.path, std::int64_t(due.entry.size), due.entry.mtime,
             sha256.empty() ? std::optional<Blob>() : std::optional(Blob{sha256}), std::int64_t(records), file.outcome,
             file.detail, m_clock.now())
        .and_then([&] { return transaction->commit(); });
}

/// Columns that go nowhere and that no file of this folder had before.
Result<> Watches::noteColumns(Lease &lease, Watch &watch, WatchedFile &file)
{
    const bool first = watch.files == 0 && watch.otherColumns.empty();
    for (const std::string &column : file.imported->otherColumns) {
        const std::string line = oneLine(column);
        if (std::find(watch.otherColumns.begin(), watch.otherColumns.end(), line) == watch.otherColumns.end())
            file.newColumns.push_back(line);
    }
    watch.files += 1;
    if (file.newColumns.empty())
        return {};
    watch.otherColumns.insert(watch.otherColumns.end(), file.newColumns.begin(), file.newColumns.end());
    if (first)
        file.newColumns.clear(); // the first file's columns are what they are
    std::string lines;
    for (const std::string &column : watch.otherColumns)
        lines += column + '\n';
    auto transaction = lease.begin("watch: columns");
    if (!transaction)
        return tl::unexpected(transaction.error());
    return m_workspace.database().run("UPDATE watch SET columns = ?1 WHERE id = ?2", lines, watch.id).and_then([&] {
        return transaction->commit();
    });
}

Result<> Watches::run(const Report &report, std::stop_token stop)
{
    files::FolderEvents events;
    while (!stop.stop_requested()) {
        const auto watches = list();
        if (!watches)
            return tl::unexpected(watches.error());
        std::vector<std::string> folders;
        for (const Watch &watch : *watches)
            folders.push_back(watch.folder);
        events.watch(folders); // before the scan: what changes during it is told
        auto done = scan(false, report, stop);
        if (!done && done.error().code == ErrorCode::Cancelled)
            return {};
        const bool busy = !done && done.error().code == ErrorCode::Leased;
        if (!done && !busy)
            return done;
        using std::chrono::milliseconds;
        events.wait(busy || m_waiting ? milliseconds(kStill) : milliseconds(kScanEvery), stop);
    }
    return {};
}

}
