#include "core/adapters/sqlite/maintenance.h"

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <set>

#include <nlohmann/json.hpp>

#include "core/adapters/files/filelayer.h"
#include "core/adapters/sqlite/bronze.h"
#include "core/adapters/sqlite/eventlog.h"
#include "core/adapters/sqlite/sqlitestore.h"
#include "core/base/resources.h"

namespace winnow::sqlite
{

namespace
{

using Json = nlohmann::json;

constexpr std::size_t kRecordsAtOnce = 2048;
constexpr std::size_t kTellingBytes = 12; ///< a shorter quote is found by chance

Result<> checkFile(Database &db)
{
    std::optional<std::string> bad;
    auto done = db.query("PRAGMA integrity_check(1)", [&](const Row &row) {
        if (row.bytes(0) != "ok")
            bad = row.text(0);
    });
    if (done && !bad)
        done = db.query("PRAGMA foreign_key_check", [&](const Row &row) {
            if (!bad)
                bad = "table " + row.text(0) + " row " + std::to_string(row.number(1)) + " points at nothing in "
                    + row.text(2);
        });
    if (!done)
        return done;
    return bad ? fail(ErrorCode::Corrupt, *bad) : Result<>();
}

Result<> checkTexts(Database &db, std::size_t &count)
{
    return db.query("SELECT uid, text, text_hash FROM feedback ORDER BY id", [&](const Row &row) -> Result<> {
        ++count;
        if (bytesOf(sha256(row.bytes(1))) != row.bytes(2))
            return fail(ErrorCode::Corrupt, "feedback " + row.text(0) + ": its text does not match its hash");
        return {};
    });
}

Result<> checkRecords(Workspace &workspace, std::size_t &count)
{
    Bronze bronze(workspace);
    for (std::int64_t after = 0;;) {
        const auto rows = bronze.read(after, kRecordsAtOnce);
        if (!rows)
            return tl::unexpected(rows.error());
        if (rows->empty())
            return {};
        count += rows->size();
        after = rows->back().id;
    }
}

/// Takes every one of the quotes out of a text. \returns true where one was there.
bool redact(std::string &text, const std::vector<std::string> &quotes)
{
    bool found = false;
    for (const std::string &quote : quotes)
        for (std::size_t at = text.find(quote); at != std::string::npos; at = text.find(quote, at)) {
            text.replace(at, quote.size(), "[erased]");
            found = true;
        }
    return found;
}

Result<> rebuildSearch(Database &db)
{
    if (auto done = db.run("INSERT INTO search(search) VALUES('delete-all')"); !done)
        return done;
    std::vector<std::pair<std::int64_t, RowId>> rows;
    auto done = db.query("SELECT id, at FROM feedback", [&](const Row &row) {
        rows.emplace_back(searchRow(row.number(0), row.time(1)), row.number(0));
    });
    std::sort(rows.begin(), rows.end());
    for (std::size_t i = 0; done && i < rows.size(); ++i)
        done = db.run("INSERT INTO search(rowid, text) SELECT ?1, text FROM feedback WHERE id = ?2", rows[i].first,
                      rows[i].second);
    return done;
}

}

Result<Verified> verify(Workspace &workspace)
{
    Verified verified;
    Database &db = workspace.database();
    EventLog log(workspace);
    Bronze bronze(workspace);
    SqliteStore store(workspace, nullptr);
    const auto check = [&](Result<> result) {
        if (!result && !verified.firstBad)
            verified.firstBad = result.error();
    };
    check(checkFile(db));
    check(log.verify().map([&](std::size_t count) { verified.events = count; }));
    check(checkRecords(workspace, verified.records));
    check(bronze.eachReject([&](const Bronze::StoredReject &) -> Result<> {
        ++verified.rejects;
        return {};
    }));
    check(checkTexts(db, verified.feedback));
    check(store.currentSnapshot()
              .and_then([&](RowId snapshot) { return store.stateHash(snapshot); })
              .map([&](const std::string &hash) { verified.stateHash = hash; }));
    return verified;
}

Result<Erased> eraseAuthor(Workspace &workspace, const std::string &authorId, const std::string &actor, TimePoint now)
{
    Database &db = workspace.database();
    // an exclusive lease: no job may hold text of the person in its hands
    std::vector<std::unique_ptr<Lease>> leases;
    for (const char *job : {"import", "run", "push", "sync"}) {
        auto lease = Lease::acquire(workspace, job);
        if (!lease)
            return tl::unexpected(lease.error());
        leases.push_back(std::move(*lease));
    }
    if (auto done = db.script("PRAGMA secure_delete=ON"); !done)
        return tl::unexpected(done.error());
    Erased erased;
    const auto known = db.text("SELECT author_id FROM author_key WHERE author_id = ?1", authorId);
    if (!known)
        return tl::unexpected(known.error());
    if (!*known)
        return fail(ErrorCode::NotFound, "no author " + authorId);

    // what rests on the person
    std::vector<RowId> records;
    std::vector<std::string> uids, quotes;
    std::set<std::string> incidents, bodies;
    auto done = db.query(
        "SELECT id FROM record WHERE author_id = ?1", [&](const Row &row) { records.push_back(row.number(0)); },
        authorId);
    for (std::size_t i = 0; done && i < records.size(); ++i) {
        done = db.query(
            "SELECT uid, text FROM feedback WHERE id = ?1",
            [&](const Row &row) {
                uids.push_back(row.text(0));
                if (row.bytes(1).size() >= kTellingBytes)
                    quotes.push_back(row.text(1));
            },
            records[i]);
        if (done)
            done = db.query(
                "SELECT s.start, s.\"end\", f.text FROM segment s JOIN feedback f ON f.id = s.id >> 16 WHERE s.id "
                "BETWEEN ?1 << 16 AND (?1 << 16) + 65535",
                [&](const Row &row) {
                    const ByteSpan span{std::uint32_t(row.number(0)), std::uint32_t(row.number(1))};
                    if (span.size() >= kTellingBytes)
                        quotes.emplace_back(span.of(row.bytes(2)));
                },
                records[i]);
        if (done)
            done = db.query(
                "SELECT DISTINCT i.uid FROM membership m JOIN incident i ON i.id = m.incident WHERE m.segment BETWEEN "
                "?1 << 16 AND (?1 << 16) + 65535",
                [&](const Row &row) { incidents.insert(row.text(0)); }, records[i]);
    }
    for (std::size_t i = 0; done && i < uids.size(); ++i)
        done = db.query(
            "SELECT DISTINCT event FROM \"constraint\" WHERE substr(a, 1, 26) = ?1 OR substr(b, 1, 26) = ?1",
            [&](const Row &row) { bodies.insert(row.text(0)); }, uids[i]);
    if (done)
        done = db.query("SELECT event, body FROM event_body", [&](const Row &row) {
            std::string body = row.text(1);
            if (redact(body, quotes))
                bodies.insert(row.text(0));
        });
    if (!done)
        return tl::unexpected(done.error());
    // longest first, so that a quote inside another one does not cut it
    std::sort(quotes.begin(), quotes.end(), [](const std::string &a, const std::string &b) {
        return a.size() != b.size() ? a.size() > b.size() : a < b;
    });

    auto transaction = Transaction::begin(db, "erase");
    if (!transaction)
        return tl::unexpected(transaction.error());
    EventLog log(workspace);
    const Digest commitment = workspace.key().commitment(authorId);
    const Json refs{{"commitment", hex(commitment)}, {"records", records.size()}, {"bodies", bodies}};
    const auto event = log.append({"erased", actor, refs.dump(), {}, {}}, now);
    if (!event)
        return tl::unexpected(event.error());
    erased.event = *event;
    done = db.run("INSERT OR REPLACE INTO erased(commitment, event) VALUES(?1, ?2)", commitment, *event);
    SqliteStore store(workspace, nullptr);
    for (std::size_t i = 0; done && i < records.size(); ++i)
        done = store.removeFeedback(records[i]).and_then([&] {
            return db.run("DELETE FROM record WHERE id = ?1", records[i]);
        });
    for (std::size_t i = 0; done && i < uids.size(); ++i)
        done = db.run("DELETE FROM model_answer WHERE feedback_uid = ?1", uids[i]).and_then([&] {
            return db.run("DELETE FROM mask_edit WHERE feedback_uid = ?1", uids[i]);
        });
    for (auto body = bodies.begin(); done && body != bodies.end(); ++body)
        done = db.run("DELETE FROM event_body WHERE event = ?1", *body);
    if (done)
        done = db.run("DELETE FROM author_key WHERE author_id = ?1", authorId);
    // sums and drafts of the incidents are made again from those who are left
    for (auto incident = incidents.begin(); done && incident != incidents.end(); ++incident)
        for (const char *sql :
             {"DELETE FROM candidate WHERE incident = (SELECT id FROM incident WHERE uid = ?1)",
              "DELETE FROM draft WHERE incident = (SELECT id FROM incident WHERE uid = ?1)",
              "DELETE FROM incident_snapshot WHERE incident = (SELECT id FROM incident WHERE uid = ?1)"})
            if (done)
                done = db.run(sql, *incident);
    struct FiledTicket {
        std::string id, title, body, tracker, ticket, url;
    };
    std::vector<FiledTicket> quoting;
    if (done)
        done = db.query("SELECT id, title, body, tracker, ticket, url FROM filing", [&](const Row &row) {
            FiledTicket filing{row.text(0), row.text(1), row.text(2), row.text(3), row.text(4), row.text(5)};
            const bool title = redact(filing.title, quotes), body = redact(filing.body, quotes);
            if (title || body)
                quoting.push_back(std::move(filing));
        });
    for (std::size_t i = 0; done && i < quoting.size(); ++i)
        done = db.run("UPDATE filing SET title = ?1, body = ?2 WHERE id = ?3", quoting[i].title, quoting[i].body,
                      quoting[i].id);
    if (done)
        done = rebuildSearch(db);
    if (done)
        done = transaction->commit();
    if (!done)
        return tl::unexpected(done.error());
    for (const FiledTicket &filing : quoting) {
        erased.tickets.push_back(filing.tracker + ": "
                                 + (filing.ticket.empty() ? filing.id + " (not filed yet)" : filing.ticket));
        // a ticket that is a file of this workspace is ours to change
        const std::string path = filing.url.starts_with("file://") ? filing.url.substr(7) : std::string();
        const std::string home = std::filesystem::absolute(workspace.folder()).string();
        if (path.empty() || !path.starts_with(home))
            continue;
        auto text = readFile(path);
        if (text && redact(*text, quotes))
            if (auto written = FileLayer().writeWhole(path, *text); !written)
                return tl::unexpected(written.error());
    }
    erased.records = records.size();
    erased.feedback = uids.size();
    erased.eventBodies = bodies.size();
    erased.incidents.assign(incidents.begin(), incidents.end());
    if (auto cleaned =
            db.script("INSERT INTO search(search) VALUES('optimize'); VACUUM; PRAGMA wal_checkpoint(TRUNCATE);");
        !cleaned)
        return tl::unexpected(cleaned.error());
    return erased;
}

Result<> backup(Workspace &workspace, const std::string &file)
{
    std::error_code ignored;
    if (std::filesystem::exists(file, ignored))
        return fail(ErrorCode::Conflict, file + ": exists already");
    const std::string part = file + ".part";
    std::filesystem::remove(part, ignored);
    if (auto done = workspace.database().run("VACUUM INTO ?1", part); !done) {
        std::filesystem::remove(part, ignored);
        return done;
    }
    return FileLayer().publish(part, file);
}

Result<> restore(const std::string &file, const std::string &folder)
{
    std::error_code error;
    if (!std::filesystem::exists(file, error))
        return fail(ErrorCode::NotFound, file + ": no such backup");
    if (std::filesystem::exists(Workspace::databasePath(folder), error))
        return fail(ErrorCode::Conflict, folder + ": there is a workspace already");
    std::filesystem::create_directories(folder, error);
    if (error)
        return fail(ErrorCode::ReadOnly, folder + ": cannot be made: " + error.message());
    const std::string path = Workspace::databasePath(folder), part = path + ".part";
    std::filesystem::copy_file(file, part, std::filesystem::copy_options::overwrite_existing, error);
    if (error)
        return fail(error == std::errc::no_space_on_device ? ErrorCode::Full : ErrorCode::Io,
                    part + ": " + error.message());
    {
        // closing writes the log back and takes it away
        auto database = Database::open(part, Database::Mode::ReadWrite, false);
        if (!database)
            return tl::unexpected(database.error());
        if (auto done = checkFile(**database); !done)
            return failAt(file, done.error());
        if (auto done = migrate(**database); !done)
            return done;
    }
    for (const char *suffix : {"-wal", "-shm"})
        std::filesystem::remove(part + suffix, error);
    return FileLayer().publish(part, path);
}

}
