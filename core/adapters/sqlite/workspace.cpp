#include "core/adapters/sqlite/workspace.h"

#include <algorithm>
#include <cerrno>
#include <cstdlib>
#include <cstring>
#include <filesystem>
#include <vector>

#include <sodium.h>
#include <sys/statfs.h>
#include <unistd.h>

#include "core/adapters/files/filelayer.h"
#include "core/base/log.h"
#include "core/base/resources.h"

namespace winnow::sqlite
{

namespace
{

constexpr int kApplicationId = 0x57494e4e; // "WINN"

std::string randomHex(std::size_t bytes)
{
    std::string raw(bytes, '\0');
    randombytes_buf(raw.data(), raw.size());
    return hex({reinterpret_cast<const std::uint8_t *>(raw.data()), raw.size()});
}

bool onNetwork(const std::string &folder)
{
    struct statfs info;
    if (::statfs(folder.c_str(), &info) != 0)
        return false;
    switch (static_cast<unsigned long>(info.f_type) & 0xffffffffUL) {
    case 0x6969: // NFS
    case 0x517b: // SMB
    case 0xfe534d42: // SMB2
    case 0xff534d42: // CIFS
    case 0x5346414f: // AFS
    case 0x564c: // NCP
        return true;
    default:
        return false;
    }
}

Digest digestOf(std::string_view bytes)
{
    Digest digest{};
    std::copy_n(bytes.begin(), std::min(bytes.size(), digest.size()), digest.begin());
    return digest;
}

Digest testKeyOf(const std::string &text)
{
    return text.size() == 32 ? digestOf(text) : sha256(text);
}

std::string processStart(std::int64_t process)
{
    const auto stat = readFile("/proc/" + std::to_string(process) + "/stat");
    if (!stat)
        return {};
    // field 22 counts from behind the command's closing bracket
    std::size_t at = stat->rfind(')');
    for (int field = 2; field < 22 && at != std::string::npos; ++field)
        at = stat->find(' ', at + 1);
    return at == std::string::npos ? std::string() : stat->substr(at + 1, stat->find(' ', at + 1) - at - 1);
}

std::string hostName()
{
    char name[256] = "";
    ::gethostname(name, sizeof name - 1);
    return name;
}

struct Migration {
    int number;
    std::string path;
};

Result<std::vector<Migration>> migrations()
{
    auto folder = resourcePath("migrations");
    if (!folder)
        return tl::unexpected(folder.error());
    std::vector<Migration> found;
    for (const auto &entry : std::filesystem::directory_iterator(*folder))
        if (entry.path().extension() == ".sql")
            found.push_back({std::atoi(entry.path().filename().c_str()), entry.path().string()});
    std::sort(found.begin(), found.end(), [](const Migration &a, const Migration &b) { return a.number < b.number; });
    return found;
}

}

TimePoint systemNow()
{
    return std::chrono::floor<std::chrono::milliseconds>(std::chrono::system_clock::now());
}

std::string uuid7(TimePoint now)
{
    std::string raw(16, '\0');
    randombytes_buf(raw.data(), raw.size());
    const auto ms = std::uint64_t(now.time_since_epoch().count());
    for (int i = 0; i < 6; ++i)
        raw[std::size_t(i)] = char(ms >> (40 - 8 * i));
    raw[6] = char((raw[6] & 0x0f) | 0x70);
    raw[8] = char((raw[8] & 0x3f) | 0x80);
    std::string text = hex({reinterpret_cast<const std::uint8_t *>(raw.data()), raw.size()});
    for (const std::size_t at : {8, 13, 18, 23})
        text.insert(at, "-");
    return text;
}

Result<int> newestSchema()
{
    return migrations().map([](const std::vector<Migration> &all) { return all.empty() ? 0 : all.back().number; });
}

Result<> migrate(Database &database, bool fresh)
{
    const auto have = database.number("PRAGMA user_version");
    const auto application = database.number("PRAGMA application_id");
    const auto tables = database.number("SELECT count(*) FROM sqlite_master");
    if (!have || !application || !tables)
        return tl::unexpected(!have ? have.error() : !application ? application.error() : tables.error());
    if (application->value_or(0) != kApplicationId && (tables->value_or(0) > 0 || !fresh))
        return fail(ErrorCode::Corrupt,
                    database.path()
                        + (tables->value_or(0) > 0 ? ": an SQLite file, but no Winnow workspace"
                                                   : ": empty, no Winnow workspace; restore a backup"));
    const auto all = migrations();
    if (!all)
        return tl::unexpected(all.error());
    const int newest = all->empty() ? 0 : all->back().number;
    if (have->value_or(0) > newest)
        return fail(ErrorCode::Newer,
                    database.path() + ": made by a newer Winnow (schema " + std::to_string(have->value_or(0))
                        + ", this program knows " + std::to_string(newest)
                        + "); update the program, the workspace was left as it is");
    if (auto done = database.script("PRAGMA journal_mode=WAL"); !done)
        return done;
    for (const Migration &migration : *all) {
        if (migration.number <= have->value_or(0))
            continue;
        const auto sql = readFile(migration.path);
        if (!sql)
            return tl::unexpected(sql.error());
        auto transaction = Transaction::begin(database, "migration");
        if (!transaction)
            return tl::unexpected(transaction.error());
        if (auto again = database.number("PRAGMA user_version"); again && again->value_or(0) >= migration.number)
            continue; // another process was faster
        if (auto done = database.script(*sql + "\nPRAGMA application_id=" + std::to_string(kApplicationId)
                                        + "; PRAGMA user_version=" + std::to_string(migration.number) + ";");
            !done)
            return failAt(std::filesystem::path(migration.path).filename().string(), done.error());
        if (auto done = transaction->commit(); !done)
            return done;
    }
    return {};
}

namespace
{

/// Makes the database file of a new workspace, whole and closed.
Result<> makeDatabase(const std::string &path, const std::string &id, const WorkspaceKey &key, bool testKey,
                      TimePoint now)
{
    // closing writes the log back and takes it away; the file is synced before it gets its name
    auto database = Database::open(path, Database::Mode::Create, false);
    if (!database)
        return tl::unexpected(database.error());
    if (auto done = migrate(**database, true); !done)
        return done;
    auto transaction = Transaction::begin(**database, "init");
    if (!transaction)
        return tl::unexpected(transaction.error());
    const auto put = [&](const char *name, const auto &value) {
        return (*database)->run("INSERT INTO meta(name, value) VALUES(?1, ?2)", name, value);
    };
    return put("workspace", id)
        .and_then([&] { return put("replica", randomHex(4)); })
        .and_then([&] { return put("created_at", now); })
        .and_then([&] { return put("test_key", testKey); })
        .and_then([&] { return put("key_check", key.check()); })
        .and_then([&] { return put("snapshot", 0); })
        .and_then([&] { return put("silver_watermark", 0); })
        .and_then([&] { return transaction->commit(); });
}

}

Result<Workspace::Created> Workspace::create(const std::string &folder, SecretStore &secrets,
                                             const std::string &testKey, TimePoint now)
{
    std::error_code error;
    const bool made = std::filesystem::create_directories(folder, error);
    if (error)
        return fail(error == std::errc::no_space_on_device ? ErrorCode::Full : ErrorCode::ReadOnly,
                    folder + ": cannot be made: " + error.message());
    if (onNetwork(folder))
        return fail(ErrorCode::Forbidden,
                    folder
                        + ": lies on a network file system, where SQLite's locks cannot be "
                          "trusted; choose a local folder");
    const auto taken = [&] { return fail(ErrorCode::Conflict, folder + ": there is a workspace already"); };
    if (std::filesystem::exists(databasePath(folder), error))
        return taken();
    Created created{randomHex(8), {}, !testKey.empty()};
    const Digest key = created.testKey ? testKeyOf(testKey) : WorkspaceKey::random();
    created.keyPlace = created.testKey ? "WINNOW_TEST_KEY in the environment" : secrets.place(secretName(created.id));
    // under another name until it is whole: whoever fails or is killed here leaves no half workspace behind
    const std::string part = folder + "/.workspace.db." + randomHex(4) + ".tmp";
    bool kept = false;
    auto done = makeDatabase(part, created.id, WorkspaceKey(key), created.testKey, now);
    if (done && !created.testKey) {
        done = secrets.set(secretName(created.id), hex(key) + "\n");
        kept = done.has_value();
    }
    if (done)
        done = FileLayer().publish(part, databasePath(folder));
    if (done)
        return created;
    for (const char *suffix : {"", "-wal", "-shm"})
        std::filesystem::remove(part + suffix, error);
    if (kept)
        static_cast<void>(secrets.remove(secretName(created.id)));
    if (made)
        std::filesystem::remove(folder, error); // only where it is empty
    if (done.error().code == ErrorCode::Conflict)
        return taken();
    return tl::unexpected(done.error());
}

Result<std::unique_ptr<Workspace>> Workspace::open(const std::string &folder, SecretStore &secrets, bool full)
{
    std::unique_ptr<Workspace> workspace(new Workspace);
    workspace->m_folder = folder;
    if (onNetwork(folder))
        return fail(ErrorCode::Forbidden,
                    folder + ": lies on a network file system; copy the workspace to a local folder");
    auto database = Database::open(databasePath(folder), Database::Mode::ReadWrite, full);
    if (!database && database.error().code == ErrorCode::NotFound)
        return fail(ErrorCode::NotFound, folder + ": no workspace here; make one with `winnowctl init " + folder + "`");
    if (!database)
        return tl::unexpected(database.error());
    if (auto done = migrate(**database); !done)
        return tl::unexpected(done.error());
    Database &db = **database;
    const auto id = db.text("SELECT value FROM meta WHERE name = 'workspace'");
    const auto replica = db.text("SELECT value FROM meta WHERE name = 'replica'");
    const auto testKey = db.number("SELECT value FROM meta WHERE name = 'test_key'");
    const auto check = db.text("SELECT value FROM meta WHERE name = 'key_check'");
    if (!id || !replica || !testKey || !check)
        return tl::unexpected(!id            ? id.error()
                                  : !replica ? replica.error()
                                  : !testKey ? testKey.error()
                                             : check.error());
    if (!*id || !*replica || !*check)
        return fail(ErrorCode::Corrupt, db.path() + ": the workspace's own description is missing; restore a backup");
    workspace->m_id = **id;
    workspace->m_replica = **replica;
    workspace->m_testKey = testKey->value_or(0) != 0;
    Digest key;
    std::string looked;
    if (workspace->m_testKey) {
        const char *given = std::getenv("WINNOW_TEST_KEY");
        if (!given || !*given)
            return fail(ErrorCode::MissingKey, folder + ": made with a test key; set WINNOW_TEST_KEY");
        key = testKeyOf(given);
        looked = "WINNOW_TEST_KEY";
    } else {
        looked = secrets.place(secretName(workspace->m_id));
        const auto secret = secrets.get(secretName(workspace->m_id));
        if (!secret)
            return tl::unexpected(secret.error());
        if (!*secret)
            return fail(ErrorCode::MissingKey,
                        folder + ": its key is not there (" + looked
                            + "); bring it back with `winnowctl key import FILE`");
        std::string_view digits = **secret;
        while (!digits.empty() && (digits.back() == '\n' || digits.back() == '\r' || digits.back() == ' '))
            digits.remove_suffix(1);
        bool good = false;
        const std::string raw = fromHex(digits, &good);
        if (!good || raw.size() != key.size())
            return fail(ErrorCode::MissingKey, looked + ": not a workspace key (64 hex digits)");
        key = digestOf(raw);
    }
    workspace->m_key.emplace(key);
    if (bytesOf(workspace->m_key->check()) != **check)
        return fail(ErrorCode::MissingKey, looked + ": is the key of another workspace");
    workspace->m_database = std::move(*database);
    return workspace;
}

Result<std::unique_ptr<Lease>> Lease::acquire(Workspace &workspace, const std::string &job)
{
    Database &db = workspace.database();
    auto transaction = Transaction::begin(db, "lease");
    if (!transaction)
        return tl::unexpected(transaction.error());
    std::int64_t token = 0;
    std::optional<Error> held;
    const TimePoint now = systemNow();
    auto done = db.query(
        "SELECT process, host, owner, heartbeat, token FROM lease WHERE job = ?1",
        [&](const Row &row) {
            token = row.number(4);
            const bool fresh = row.number(3) > (now - kTimeout).time_since_epoch().count();
            // a process of this machine that is gone holds nothing
            const bool gone = row.text(1) == hostName() && processStart(row.number(0)) != row.bytes(2);
            if (fresh && !gone)
                held = Error{ErrorCode::Leased,
                             "`" + job + "` is under way in process " + std::to_string(row.number(0)) + " on "
                                 + row.text(1) + "; try again when it has ended"};
        },
        job);
    if (!done)
        return tl::unexpected(done.error());
    if (held)
        return tl::unexpected(*held);
    ++token;
    const std::int64_t process = ::getpid();
    if (auto put = db.run("INSERT OR REPLACE INTO lease(job, process, host, owner, heartbeat, token) VALUES(?1, ?2, "
                          "?3, ?4, ?5, ?6)",
                          job, process, hostName(), processStart(process), now, token)
                       .and_then([&] { return transaction->commit(); });
        !put)
        return tl::unexpected(put.error());
    return std::unique_ptr<Lease>(new Lease(workspace, job, token));
}

Lease::Lease(Workspace &workspace, std::string job, std::int64_t token)
    : m_workspace(workspace)
    , m_job(std::move(job))
    , m_token(token)
    , m_heart([this](std::stop_token stop) { beat(stop); })
{
}

Lease::~Lease()
{
    m_heart.request_stop();
    m_heart.join();
    Database &db = m_workspace.database();
    if (auto transaction = Transaction::begin(db, "lease"))
        static_cast<void>(
            db.run("UPDATE lease SET heartbeat = 0 WHERE job = ?1 AND token = ?2", m_job, m_token).and_then([&] {
                return transaction->commit();
            }));
}

void Lease::beat(std::stop_token stop)
{
    std::unique_ptr<Database> database;
    std::unique_lock lock(m_mutex);
    while (!m_wake.wait_for(lock, stop, kTimeout / 6, [] { return false; }) && !stop.stop_requested()) {
        if (!database) {
            auto opened = Database::open(m_workspace.database().path(), Database::Mode::ReadWrite, false);
            if (!opened)
                continue;
            database = std::move(*opened);
        }
        if (auto transaction = Transaction::begin(*database, "heartbeat"))
            static_cast<void>(
                database
                    ->run("UPDATE lease SET heartbeat = ?1 WHERE job = ?2 AND token = ?3", systemNow(), m_job, m_token)
                    .and_then([&] { return transaction->commit(); }));
    }
}

Result<> Lease::check()
{
    const auto token = m_workspace.database().number("SELECT token FROM lease WHERE job = ?1", m_job);
    if (!token)
        return tl::unexpected(token.error());
    if (token->value_or(0) != m_token)
        return fail(ErrorCode::Leased,
                    "`" + m_job
                        + "` was taken over by another process while this one slept; "
                          "what it had saved stays, run it again for the rest");
    return {};
}

Result<Transaction> Lease::begin(const char *what)
{
    auto transaction = Transaction::begin(m_workspace.database(), what);
    if (!transaction)
        return transaction;
    if (auto ours = check(); !ours)
        return tl::unexpected(ours.error());
    return transaction;
}

}
