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
#include "core/adapters/sqlite/traces.h"
#include "core/adapters/sqlite/triage.h"
#include "core/base/resources.h"

namespace winnow::sqlite
{

namespace
{

using Json = nlohmann::json;

constexpr std::size_t kRecordsAtOnce = 2048;

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

/// Applies `work` to every text in a JSON value. \returns true where one call said so.
bool eachText(Json &value, const std::function<bool(std::string &)> &work)
{
    if (value.is_string())
        return work(value.get_ref<std::string &>());
    bool any = false;
    if (value.is_structured())
        for (Json &entry : value)
            any = eachText(entry, work) || any;
    return any;
}

/// Takes the traces out of a JSON object of texts. \returns true where there were some.
bool redactJson(std::string &text, const Traces &traces)
{
    Json value = Json::parse(text, nullptr, false);
    if (value.is_discarded())
        return traces.redact(text);
    if (!eachText(value, [&](std::string &part) { return traces.redact(part); }))
        return false;
    text = value.dump(-1, ' ', false, Json::error_handler_t::replace);
    return true;
}

bool inJson(const std::string &text, const Traces &traces)
{
    std::string copy = text;
    return redactJson(copy, traces);
}

/// The path in a `file://` address; empty where it is none.
std::string pathOf(const std::string &url)
{
    std::string path;
    if (!url.starts_with("file://"))
        return path;
    for (std::size_t at = 7; at < url.size(); ++at) {
        bool good = false;
        if (url[at] == '%' && at + 2 < url.size())
            if (const std::string byte = fromHex(std::string_view(url).substr(at + 1, 2), &good); good) {
                path += byte;
                at += 2;
            }
        if (!good)
            path += url[at];
    }
    return path;
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

namespace
{

/// What there is of a person in the workspace.
struct Person {
    std::vector<RowId> records;
    std::vector<std::string> uids; ///< of all versions: answers and constraints name older ones too
    std::size_t feedback = 0;
    std::set<std::string> incidents, bodies;
    Traces traces;
};

Result<Person> personOf(Workspace &workspace, const std::string &authorId)
{
    Database &db = workspace.database();
    Bronze bronze(workspace);
    Person person;
    person.traces.addName(authorId);
    person.traces.addName(authorId.substr(0, 8)); // drafts tell two authors apart by that
    auto done = db.query(
        "SELECT id, source, source_record_id, version_hash FROM record WHERE author_id = ?1 ORDER BY id",
        [&](const Row &row) {
            person.records.push_back(row.number(0));
            const std::string_view hash = row.bytes(3);
            person.uids.push_back(derivedId(
                {row.bytes(1), row.bytes(2), hex({reinterpret_cast<const std::uint8_t *>(hash.data()), hash.size()})}));
        },
        authorId);
    for (std::size_t i = 0; done && i < person.records.size(); ++i) {
        const RowId id = person.records[i];
        // a slice that is damaged is erased all the same
        if (const auto stored = bronze.one(id)) {
            const Record &record = stored->record;
            for (const std::string *text : {&record.title, &record.body})
                person.traces.addText(*text);
            for (const std::string *name : {&record.authorName, &record.url})
                person.traces.addName(*name);
        }
        done = db.query(
            "SELECT text FROM feedback WHERE id = ?1",
            [&](const Row &row) {
                ++person.feedback;
                person.traces.addText(row.bytes(0));
            },
            id);
        if (done)
            done = db.query(
                "SELECT s.start, s.\"end\", f.text FROM segment s JOIN feedback f ON f.id = s.id >> 16 WHERE s.id "
                "BETWEEN ?1 << 16 AND (?1 << 16) + 65535",
                [&](const Row &row) {
                    person.traces.addText(
                        ByteSpan{std::uint32_t(row.number(0)), std::uint32_t(row.number(1))}.of(row.bytes(2)));
                },
                id);
        if (done)
            done = db.query(
                "SELECT DISTINCT i.uid FROM membership m JOIN incident i ON i.id = m.incident WHERE m.segment BETWEEN "
                "?1 << 16 AND (?1 << 16) + 65535",
                [&](const Row &row) { person.incidents.insert(row.text(0)); }, id);
    }
    // drafts may quote what the person has changed since
    if (done)
        done = db.query("SELECT i.uid, d.title, d.body, d.fields FROM draft d JOIN incident i ON i.id = d.incident",
                        [&](const Row &row) {
                            if (person.traces.in(row.bytes(1)) || person.traces.in(row.bytes(2))
                                || inJson(row.text(3), person.traces))
                                person.incidents.insert(row.text(0));
                        });
    for (std::size_t i = 0; done && i < person.uids.size(); ++i)
        done = db.query(
            "SELECT DISTINCT event FROM \"constraint\" WHERE substr(a, 1, 26) = ?1 OR substr(b, 1, 26) = ?1",
            [&](const Row &row) { person.bodies.insert(row.text(0)); }, person.uids[i]);
    if (done)
        done = db.query("SELECT event, body FROM event_body", [&](const Row &row) {
            if (inJson(row.text(1), person.traces))
                person.bodies.insert(row.text(0));
        });
    if (!done)
        return tl::unexpected(done.error());
    return person;
}

/// Filings that quote the person are rewritten, and so are those tickets that are files of this workspace.
Result<std::vector<std::string>> redactFilings(Workspace &workspace, const Traces &traces)
{
    struct Quoting {
        std::string id, title, body, fields, tracker, ticket, url;
    };
    std::vector<Quoting> quoting;
    Database &db = workspace.database();
    auto done =
        db.query("SELECT id, title, body, fields, tracker, ticket, url FROM filing ORDER BY id", [&](const Row &row) {
            Quoting f{row.text(0), row.text(1), row.text(2), row.text(3), row.text(4), row.text(5), row.text(6)};
            const bool title = traces.redact(f.title), body = traces.redact(f.body),
                       fields = redactJson(f.fields, traces);
            if (title || body || fields)
                quoting.push_back(std::move(f));
        });
    if (!done)
        return tl::unexpected(done.error());
    std::vector<std::string> tickets;
    const std::string home = std::filesystem::absolute(workspace.folder()).lexically_normal().string() + '/';
    for (const Quoting &f : quoting) {
        if (done = db.run("UPDATE filing SET title = ?1, body = ?2, fields = ?3, body_hash = ?4 WHERE id = ?5", f.title,
                          f.body, f.fields, sha256(f.title + '\n' + f.body), f.id);
            !done)
            return tl::unexpected(done.error());
        tickets.push_back(f.tracker + ": " + (f.ticket.empty() ? f.id + " (not filed yet)" : f.ticket));
        const std::string path = pathOf(f.url);
        if (!std::filesystem::path(path).lexically_normal().string().starts_with(home))
            continue;
        auto text = readFile(path);
        if (text && traces.redact(*text))
            if (auto written = FileLayer().writeWhole(path, *text); !written)
                return tl::unexpected(written.error());
    }
    return tickets;
}

/// Drops the pages that held what was deleted. \errors Busy where another process still reads them.
Result<> cleanFile(Database &db)
{
    auto done = db.script("INSERT INTO search(search) VALUES('optimize'); VACUUM;");
    bool busy = false;
    if (done)
        done = db.queryOnce("PRAGMA wal_checkpoint(TRUNCATE)", [&](const Row &row) { busy = row.number(0) != 0; });
    if (done && busy)
        return fail(ErrorCode::Busy,
                    db.path()
                        + ": the person is erased, but another process still reads the state of before, so that the "
                          "log keeps it; close that process and erase again, which does the rest");
    return done;
}

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
    const Digest commitment = workspace.key().commitment(authorId);
    const auto known = db.text("SELECT author_id FROM author_key WHERE author_id = ?1", authorId);
    const auto before = db.text("SELECT event FROM erased WHERE commitment = ?1", commitment);
    if (!known || !before)
        return tl::unexpected(!known ? known.error() : before.error());
    if (!*known) {
        if (!*before)
            return fail(ErrorCode::NotFound, "no author " + authorId);
        erased.event = **before; // the pages may have been in use that time
        if (auto cleaned = cleanFile(db); !cleaned)
            return tl::unexpected(cleaned.error());
        return erased;
    }

    auto transaction = Transaction::begin(db, "erase");
    if (!transaction)
        return tl::unexpected(transaction.error());
    const auto person = personOf(workspace, authorId);
    if (!person)
        return tl::unexpected(person.error());
    EventLog log(workspace);
    const Json refs{{"commitment", hex(commitment)}, {"records", person->records.size()}, {"bodies", person->bodies}};
    const auto event = log.append({"erased", actor, refs.dump(), {}, {}}, now);
    if (!event)
        return tl::unexpected(event.error());
    erased.event = *event;
    auto done = db.run("INSERT OR REPLACE INTO erased(commitment, event) VALUES(?1, ?2)", commitment, *event);
    SqliteStore store(workspace, nullptr);
    for (std::size_t i = 0; done && i < person->records.size(); ++i)
        done = store.removeFeedback(person->records[i]).and_then([&] {
            return db.run("DELETE FROM record WHERE id = ?1", person->records[i]);
        });
    for (std::size_t i = 0; done && i < person->uids.size(); ++i)
        done = db.run("DELETE FROM model_answer WHERE feedback_uid = ?1", person->uids[i]).and_then([&] {
            return db.run("DELETE FROM mask_edit WHERE feedback_uid = ?1", person->uids[i]);
        });
    // what the queue shows may hold words of a body that goes
    std::set<std::string> folded;
    for (auto body = person->bodies.begin(); done && body != person->bodies.end(); ++body)
        done = db.query(
                     "SELECT s.subject FROM event_subject s JOIN triage t ON t.incident = s.subject WHERE s.event = ?1",
                     [&](const Row &row) { folded.insert(row.text(0)); }, *body)
                   .and_then([&] { return db.run("DELETE FROM event_body WHERE event = ?1", *body); });
    Triage triage(workspace, actor);
    for (auto incident = folded.begin(); done && incident != folded.end(); ++incident)
        done = triage.fold(*incident);
    if (done)
        done = db.run("DELETE FROM author_key WHERE author_id = ?1", authorId);
    // sums and drafts of the incidents are made again from those who are left
    for (auto incident = person->incidents.begin(); done && incident != person->incidents.end(); ++incident)
        for (const char *sql :
             {"DELETE FROM candidate WHERE incident = (SELECT id FROM incident WHERE uid = ?1)",
              "DELETE FROM draft WHERE incident = (SELECT id FROM incident WHERE uid = ?1)",
              "DELETE FROM incident_snapshot WHERE incident = (SELECT id FROM incident WHERE uid = ?1)"})
            if (done)
                done = db.run(sql, *incident);
    for (auto incident = person->incidents.begin(); done && incident != person->incidents.end(); ++incident)
        done = SqliteStore::markRegrouped(db, *incident, *event);
    if (done) {
        auto tickets = redactFilings(workspace, person->traces);
        if (!tickets)
            return tl::unexpected(tickets.error());
        erased.tickets = std::move(*tickets);
        done = rebuildSearch(db);
    }
    if (done)
        done = transaction->commit();
    if (!done)
        return tl::unexpected(done.error());
    erased.records = person->records.size();
    erased.feedback = person->feedback;
    erased.eventBodies = person->bodies.size();
    erased.incidents.assign(person->incidents.begin(), person->incidents.end());
    if (auto cleaned = cleanFile(db); !cleaned)
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
    const bool made = std::filesystem::create_directories(folder, error);
    if (error)
        return fail(ErrorCode::ReadOnly, folder + ": cannot be made: " + error.message());
    const std::string path = Workspace::databasePath(folder), part = path + ".part";
    const auto copy = [&]() -> Result<> {
        std::filesystem::copy_file(file, part, std::filesystem::copy_options::overwrite_existing, error);
        if (error)
            return fail(error == std::errc::no_space_on_device ? ErrorCode::Full : ErrorCode::Io,
                        part + ": " + error.message());
        // closing writes the log back and takes it away
        auto database = Database::open(part, Database::Mode::ReadWrite, false);
        if (!database)
            return tl::unexpected(database.error());
        if (auto sound = checkFile(**database); !sound)
            return failAt(file, sound.error());
        // a copy writes a chain of its own, and the jobs that were under way are not its own
        return migrate(**database).and_then([&] {
            return (*database)->script(
                "DELETE FROM lease; UPDATE meta SET value = lower(hex(randomblob(4))) WHERE name "
                "= 'replica'");
        });
    };
    auto done = copy();
    for (const char *suffix : {"-wal", "-shm"})
        std::filesystem::remove(part + suffix, error);
    if (done)
        done = FileLayer().publish(part, path);
    if (!done) {
        std::filesystem::remove(part, error);
        if (made)
            std::filesystem::remove(folder, error); // only where it is empty
    }
    return done;
}

}
