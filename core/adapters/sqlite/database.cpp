#include "core/adapters/sqlite/database.h"

#include <cerrno>
#include <cstdio>
#include <ctime>
#include <filesystem>

#include <fcntl.h>
#include <sqlite3.h>
#include <unistd.h>

#include "core/adapters/sqlite/tokenizer.h"
#include "core/base/assert.h"
#include "core/base/log.h"

namespace winnow::sqlite
{

namespace
{

constexpr auto kCategory = "winnow.adapters.sqlite";

ErrorCode codeOf(int sqliteCode)
{
    switch (sqliteCode & 0xff) {
    case SQLITE_FULL:
        return ErrorCode::Full;
    case SQLITE_READONLY:
    case SQLITE_PERM:
        return ErrorCode::ReadOnly;
    case SQLITE_CORRUPT:
    case SQLITE_NOTADB:
        return ErrorCode::Corrupt;
    case SQLITE_BUSY:
    case SQLITE_LOCKED:
        return ErrorCode::Busy;
    case SQLITE_CANTOPEN:
    case SQLITE_IOERR:
        return ErrorCode::Io;
    case SQLITE_CONSTRAINT:
        return ErrorCode::Conflict;
    default:
        return ErrorCode::Internal;
    }
}

/// SQLite's own busy handler backs off to 100 ms and starves whoever decides during a run; this one asks every 0.5 ms.
int waitForLock(void *, int asked)
{
    constexpr int kAttempts = 60'000; // 30 s
    if (asked >= kAttempts)
        return 0;
    const timespec pause{0, 500'000};
    ::nanosleep(&pause, nullptr);
    return 1;
}

/// How long this thread has been ready to run while others had the processors. A program can make its transactions
/// short, but not the machine idle: what it could not help is not held against it.
/// \returns 0 where the kernel does not tell: then every hold counts in full.
std::chrono::nanoseconds waitedForProcessor()
{
    char text[96];
    const int file = ::open("/proc/thread-self/schedstat", O_RDONLY | O_CLOEXEC);
    if (file < 0)
        return {};
    const ssize_t size = ::read(file, text, sizeof text - 1);
    ::close(file);
    unsigned long long ran = 0, waited = 0;
    text[std::max<ssize_t>(size, 0)] = 0;
    return std::chrono::nanoseconds(std::sscanf(text, "%llu %llu", &ran, &waited) == 2 ? waited : 0);
}

std::chrono::microseconds since(std::chrono::steady_clock::time_point start)
{
    return std::chrono::duration_cast<std::chrono::microseconds>(std::chrono::steady_clock::now() - start);
}

}

Result<std::unique_ptr<Database>> Database::open(const std::string &path, Mode mode, bool full)
{
    std::unique_ptr<Database> database(new Database);
    database->m_path = path;
    database->m_full = full;
    std::error_code ignored;
    if (mode != Mode::Create && !std::filesystem::exists(path, ignored))
        return fail(ErrorCode::NotFound, path + ": no such workspace file");
    const int flags = mode == Mode::ReadOnly ? SQLite::OPEN_READONLY
        : mode == Mode::Create               ? SQLite::OPEN_READWRITE | SQLite::OPEN_CREATE
                                             : SQLite::OPEN_READWRITE;
    try {
        database->m_database = std::make_unique<SQLite::Database>(path, flags);
    } catch (const std::exception &exception) {
        Error error = database->errorOf(exception);
        error.code = error.code == ErrorCode::Internal ? ErrorCode::Io : error.code;
        return tl::unexpected(error);
    }
    if (auto done = registerTokenizer(database->handle()); !done)
        return tl::unexpected(done.error());
    sqlite3_extended_result_codes(database->handle(), 1);
    sqlite3_busy_handler(database->handle(), waitForLock, nullptr);
    // A decision ends with its own fsync; to write the log back at each close would cost four more.
    if (full)
        sqlite3_db_config(database->handle(), SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, 1, nullptr);
    // Checkpoints run between transactions, so that no lock is held for them. Nor is one held for the disk: with
    // synchronous=FULL the others would wait for it too. A commit that must last syncs the log when they can go on; it
    // takes all that was committed before it along, so that nothing durable rests on what is not.
    auto done = database->script("PRAGMA foreign_keys=ON; PRAGMA wal_autocheckpoint=0; PRAGMA cache_size=-65536; "
                                 "PRAGMA temp_store=MEMORY; PRAGMA mmap_size=0;");
    if (done && mode != Mode::ReadOnly)
        done = database->script("PRAGMA journal_size_limit=67108864; PRAGMA synchronous=NORMAL;");
    if (!done)
        return tl::unexpected(done.error());
    return database;
}

Database::~Database() = default;

Error Database::errorOf(const std::exception &exception) const
{
    const auto *known = dynamic_cast<const SQLite::Exception *>(&exception);
    Error error{known ? codeOf(known->getErrorCode()) : ErrorCode::Internal, m_path + ": " + exception.what()};
    if (error.code == ErrorCode::Io) {
        // SQLite says only that it cannot open its log where the folder is read-only
        const std::string folder = std::filesystem::path(m_path).parent_path().string();
        if (::access(folder.empty() ? "." : folder.c_str(), W_OK) != 0 && errno != ENOENT)
            error.code = ErrorCode::ReadOnly;
    }
    switch (error.code) {
    case ErrorCode::Full:
        error.detail += "; free some space and try again, nothing was lost";
        break;
    case ErrorCode::ReadOnly:
        error.detail += "; the file or its folder cannot be written";
        break;
    case ErrorCode::Corrupt:
        error.detail += "; the workspace is damaged: run `winnowctl verify`, or restore a backup";
        break;
    default:
        break;
    }
    return error;
}

Result<> Database::guarded(const char *sql, const std::function<Result<>(SQLite::Statement &)> &work)
{
    Prepared own;
    Prepared *prepared = nullptr;
    const auto settled = [&](Result<> result) {
        if (prepared && prepared->statement) {
            prepared->statement->tryReset();
            prepared->statement->clearBindings();
            prepared->busy = false;
        }
        return result;
    };
    try {
        prepared = &m_statements[sql];
        if (prepared->busy) // the same query inside its own callback
            prepared = &own;
        if (!prepared->statement)
            prepared->statement = std::make_unique<SQLite::Statement>(*m_database, sql);
        prepared->busy = true;
        return settled(work(*prepared->statement));
    } catch (const std::exception &exception) {
        const Error error = errorOf(exception);
        return settled(tl::unexpected(error));
    }
}

Result<> Database::script(const std::string &sql)
{
    try {
        m_database->exec(sql);
        return {};
    } catch (const std::exception &exception) {
        return tl::unexpected(errorOf(exception));
    }
}

Result<> Database::queryOnce(const std::string &sql, const std::function<void(const Row &)> &row)
{
    try {
        SQLite::Statement statement(*m_database, sql);
        while (statement.executeStep())
            row(Row(statement));
        return {};
    } catch (const std::exception &exception) {
        return tl::unexpected(errorOf(exception));
    }
}

void Database::checkpoint()
{
    int pages = 0, done = 0;
    sqlite3_wal_checkpoint_v2(handle(), nullptr, SQLITE_CHECKPOINT_PASSIVE, &pages, &done);
}

Result<> Database::syncLog()
{
    const auto start = std::chrono::steady_clock::now();
    sqlite3_file *file = nullptr;
    int code = sqlite3_file_control(handle(), "main", SQLITE_FCNTL_JOURNAL_POINTER, &file);
    if (code == SQLITE_OK && file && file->pMethods)
        code = file->pMethods->xSync(file, SQLITE_SYNC_NORMAL);
    m_holds.longestSync = std::max(m_holds.longestSync, since(start));
    if (code == SQLITE_OK)
        return {};
    return fail(ErrorCode::Io,
                m_path + ": saved, but the disk does not confirm it (" + sqlite3_errstr(code)
                    + "); look at the disk, then at `winnowctl history`");
}

Result<Transaction> Transaction::begin(Database &database, const char *what)
{
    WINNOW_ASSERT(!database.m_inTransaction);
    const auto asked = std::chrono::steady_clock::now();
    if (auto begun = database.run("BEGIN IMMEDIATE"); !begun)
        return tl::unexpected(begun.error());
    database.m_holds.longestWait = std::max(database.m_holds.longestWait, since(asked));
    return Transaction(database, what);
}

Transaction::Transaction(Database &database, const char *what)
    : m_database(&database)
    , m_what(what)
    , m_start(std::chrono::steady_clock::now())
    , m_delayed(waitedForProcessor())
{
    database.m_inTransaction = true;
}

Transaction::Transaction(Transaction &&other) noexcept
    : m_database(std::exchange(other.m_database, nullptr))
    , m_what(other.m_what)
    , m_start(other.m_start)
    , m_delayed(other.m_delayed)
{
}

Transaction::~Transaction()
{
    if (!m_database)
        return;
    static_cast<void>(m_database->run("ROLLBACK"));
    ended();
}

std::chrono::microseconds Transaction::held() const
{
    return since(m_start);
}

Result<> Transaction::commit()
{
    WINNOW_ASSERT(m_database);
    auto done = m_database->run("COMMIT");
    if (!done)
        return done; // the destructor rolls back
    Database &database = *m_database;
    ended();
    m_database = nullptr;
    if (database.m_full)
        done = database.syncLog();
    std::error_code ignored;
    const auto size = std::filesystem::file_size(database.path() + "-wal", ignored);
    if (!ignored && size > (16u << 20))
        database.checkpoint();
    return done;
}

Result<> Transaction::commitForGood()
{
    Database &database = *m_database;
    auto done = commit();
    return done && !database.m_full ? database.syncLog() : done;
}

void Transaction::ended()
{
    m_database->m_inTransaction = false;
    const auto wall = held();
    const auto delayed = std::chrono::duration_cast<std::chrono::microseconds>(waitedForProcessor() - m_delayed);
    const auto own = wall - std::min(wall, delayed);
    LockHolds &holds = m_database->m_holds;
    ++holds.count;
    holds.longest = std::max(holds.longest, own);
    holds.longestWall = std::max(holds.longestWall, wall);
    const bool over = own > Database::kLockBudget;
    holds.overBudget += over;
    log(over ? LogLevel::Warning : LogLevel::Debug, kCategory,
        std::string(m_what) + " held the write lock for " + std::to_string(own.count()) + " us, "
            + std::to_string(wall.count()) + " us by the clock");
}

}
