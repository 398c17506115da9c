#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include <SQLiteCpp/Database.h>
#include <SQLiteCpp/Statement.h>

#include "core/base/hash.h"
#include "core/base/result.h"
#include "core/base/time.h"

namespace winnow::sqlite
{

/// Bytes to bind as a blob.
struct Blob {
    std::string_view bytes;
};

/// Text that is stored as NULL where it is empty.
struct Nullable {
    std::string_view text;
};

/// One row of an answer, read by column number.
class Row
{
public:
    explicit Row(SQLite::Statement &statement)
        : m_statement(statement)
    {
    }
    [[nodiscard]] std::int64_t number(int column) const { return m_statement.getColumn(column).getInt64(); }
    [[nodiscard]] double real(int column) const { return m_statement.getColumn(column).getDouble(); }
    [[nodiscard]] int columns() const { return m_statement.getColumnCount(); }
    [[nodiscard]] bool null(int column) const { return m_statement.getColumn(column).isNull(); }
    /// Text or blob; empty for NULL. Valid until the next row.
    [[nodiscard]] std::string_view bytes(int column) const
    {
        const SQLite::Column value = m_statement.getColumn(column);
        const void *data = value.getBlob();
        return {static_cast<const char *>(data), data ? std::size_t(value.getBytes()) : 0u};
    }
    [[nodiscard]] std::string text(int column) const { return std::string(bytes(column)); }
    [[nodiscard]] std::optional<TimePoint> time(int column) const
    {
        return null(column) ? std::nullopt : std::optional(TimePoint(std::chrono::milliseconds(number(column))));
    }
    [[nodiscard]] std::optional<double> optionalReal(int column) const
    {
        return null(column) ? std::nullopt : std::optional(real(column));
    }

private:
    SQLite::Statement &m_statement;
};

/// How long write locks were held by this process, in the program's own words.
struct LockHolds {
    std::uint64_t count = 0;
    std::uint64_t overBudget = 0; ///< longer than 50 ms, the time not counted when other programs had the processors
    std::chrono::microseconds longest{0}; ///< likewise
    std::chrono::microseconds longestWall{0}; ///< by the clock on the wall
    std::chrono::microseconds longestWait{0}; ///< for other writers
    std::chrono::microseconds longestSync{0}; ///< for the disk, after the lock was given back
};

/// One SQLite connection; SQLiteCpp's exceptions end here. \thread one at a time.
class Database
{
public:
    /// Longest time a write transaction may hold the lock (migration, erase and restore excepted).
    static constexpr std::chrono::milliseconds kLockBudget{50};

    enum class Mode { Create, ReadWrite, ReadOnly };
    /// Changes nothing in a file that exists: whether it is ours is for migrate() to say.
    /// \param full  what a commit returned from survives a power cut: for decisions. Costs an fsync each.
    /// \errors NotFound, ReadOnly, Io, Corrupt (no SQLite file).
    [[nodiscard]] static Result<std::unique_ptr<Database>> open(const std::string &path, Mode mode, bool full);
    Database(const Database &) = delete;
    Database &operator=(const Database &) = delete;
    ~Database();

    /// Runs one statement to its end. Values are bound in order.
    template <typename... Values> Result<> run(const char *sql, const Values &...values)
    {
        return guarded(sql, [&](SQLite::Statement &statement) -> Result<> {
            bindAll(statement, values...);
            while (statement.executeStep()) { }
            return {};
        });
    }

    /// Calls `row(const Row &)` for each row; it returns void, or Result<> to end early with an error.
    template <typename Callback, typename... Values>
    Result<> query(const char *sql, Callback &&row, const Values &...values)
    {
        return guarded(sql, [&](SQLite::Statement &statement) -> Result<> {
            bindAll(statement, values...);
            while (statement.executeStep()) {
                if constexpr (std::is_void_v<decltype(row(Row(statement)))>) {
                    row(Row(statement));
                } else if (Result<> done = row(Row(statement)); !done) {
                    return done;
                }
            }
            return {};
        });
    }

    /// The number in the only column of the only row; nothing where there is no row or it is NULL.
    template <typename... Values> Result<std::optional<std::int64_t>> number(const char *sql, const Values &...values)
    {
        std::optional<std::int64_t> found;
        auto done = query(
            sql,
            [&](const Row &row) {
                if (!row.null(0))
                    found = row.number(0);
            },
            values...);
        if (!done)
            return tl::unexpected(done.error());
        return found;
    }

    template <typename... Values> Result<std::optional<std::string>> text(const char *sql, const Values &...values)
    {
        std::optional<std::string> found;
        auto done = query(
            sql,
            [&](const Row &row) {
                if (!row.null(0))
                    found = row.text(0);
            },
            values...);
        if (!done)
            return tl::unexpected(done.error());
        return found;
    }

    /// As query(), for a statement that was put together and is not worth keeping.
    Result<> queryOnce(const std::string &sql, const std::function<void(const Row &)> &row);

    /// Several statements at once, without values (migrations, pragmas).
    Result<> script(const std::string &sql);

    [[nodiscard]] std::int64_t lastId() const { return m_database->getLastInsertRowid(); }
    [[nodiscard]] std::int64_t changes() const { return m_database->getChanges(); }
    [[nodiscard]] sqlite3 *handle() const { return m_database->getHandle(); }
    [[nodiscard]] const LockHolds &holds() const { return m_holds; }
    [[nodiscard]] const std::string &path() const { return m_path; }

    /// Writes the log back into the file, as far as readers allow. Outside transactions.
    void checkpoint();

private:
    friend class Transaction;
    Database() = default;
    Result<> syncLog();
    Result<> guarded(const char *sql, const std::function<Result<>(SQLite::Statement &)> &work);
    Error errorOf(const std::exception &exception) const;

    static void bind(SQLite::Statement &s, int i, std::int64_t v) { s.bind(i, v); }
    static void bind(SQLite::Statement &s, int i, int v) { s.bind(i, v); }
    static void bind(SQLite::Statement &s, int i, std::uint32_t v) { s.bind(i, std::int64_t(v)); }
    static void bind(SQLite::Statement &s, int i, std::size_t v) { s.bind(i, std::int64_t(v)); }
    static void bind(SQLite::Statement &s, int i, bool v) { s.bind(i, int(v)); }
    static void bind(SQLite::Statement &s, int i, double v) { s.bind(i, v); }
    static void bind(SQLite::Statement &s, int i, std::nullptr_t) { s.bind(i); }
    static void bind(SQLite::Statement &s, int i, const std::string &v) { s.bindNoCopy(i, v); }
    static void bind(SQLite::Statement &s, int i, std::string_view v) { s.bind(i, std::string(v)); }
    static void bind(SQLite::Statement &s, int i, const char *v) { s.bind(i, v); }
    static void bind(SQLite::Statement &s, int i, Nullable v)
    {
        v.text.empty() ? s.bind(i) : s.bind(i, std::string(v.text));
    }
    static void bind(SQLite::Statement &s, int i, Blob v) { s.bindNoCopy(i, v.bytes.data(), int(v.bytes.size())); }
    static void bind(SQLite::Statement &s, int i, const Digest &v) { s.bindNoCopy(i, v.data(), int(v.size())); }
    static void bind(SQLite::Statement &s, int i, TimePoint v)
    {
        s.bind(i, std::int64_t(v.time_since_epoch().count()));
    }
    template <typename T> static void bind(SQLite::Statement &s, int i, const std::optional<T> &v)
    {
        v ? bind(s, i, *v) : s.bind(i);
    }
    template <typename... Values> static void bindAll(SQLite::Statement &statement, const Values &...values)
    {
        [[maybe_unused]] int index = 0;
        (bind(statement, ++index, values), ...);
    }

    std::string m_path;
    std::unique_ptr<SQLite::Database> m_database;
    struct Prepared {
        std::unique_ptr<SQLite::Statement> statement;
        bool busy = false; ///< its rows are being read
    };
    std::unordered_map<const char *, Prepared> m_statements; ///< by literal
    LockHolds m_holds;
    bool m_full = false;
    bool m_inTransaction = false;
};

/// A write transaction: `BEGIN IMMEDIATE`, rolled back unless committed. Waits for other writers in steps of 0.5 ms.
class Transaction
{
public:
    /// \param what  names the transaction in the log of lock holds.
    /// \errors Busy after 30 s, ReadOnly, Io.
    [[nodiscard]] static Result<Transaction> begin(Database &database, const char *what);
    Transaction(Transaction &&other) noexcept;
    Transaction &operator=(Transaction &&) = delete;
    ~Transaction();
    [[nodiscard]] std::chrono::microseconds held() const;
    Result<> commit();
    /// As commit(), and with all that was committed before it survives a power cut, whatever the connection is for.
    Result<> commitForGood();

private:
    Transaction(Database &database, const char *what);
    void ended();
    Database *m_database;
    const char *m_what;
    std::chrono::steady_clock::time_point m_start;
    std::chrono::nanoseconds m_delayed; ///< how long the thread had waited for a processor by then
};

}
