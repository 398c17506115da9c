#pragma once

#include <atomic>
#include <condition_variable>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <thread>

#include "core/adapters/keys/seal.h"
#include "core/adapters/sqlite/database.h"
#include "core/base/result.h"
#include "core/ports/secretstore.h"

namespace winnow::sqlite
{

/// A folder with `workspace.db` and what lies beside it, opened with one connection.
class Workspace
{
public:
    struct Created {
        std::string id;
        std::string keyPlace; ///< where the key lies, in words
        bool testKey = false;
    };
    /// Makes the folder, the database and a new workspace key.
    /// \param testKey  `WINNOW_TEST_KEY`: used instead of a random key; the workspace says so for ever.
    /// \errors Conflict where there is a workspace already, Forbidden on a network file system, ReadOnly, Full, Io.
    [[nodiscard]] static Result<Created> create(const std::string &folder, SecretStore &secrets,
                                                const std::string &testKey, TimePoint now);

    /// Opens it, bringing an older schema up to date.
    /// \param full  fsync each commit: for decisions and filings.
    /// \errors NotFound, MissingKey (with where it was looked for), Newer, Corrupt, ReadOnly, Leased.
    [[nodiscard]] static Result<std::unique_ptr<Workspace>> open(const std::string &folder, SecretStore &secrets,
                                                                 bool full);

    [[nodiscard]] Database &database() { return *m_database; }
    [[nodiscard]] const WorkspaceKey &key() const { return *m_key; }
    [[nodiscard]] const std::string &folder() const { return m_folder; }
    [[nodiscard]] const std::string &id() const { return m_id; }
    [[nodiscard]] const std::string &replica() const { return m_replica; }
    [[nodiscard]] bool usesTestKey() const { return m_testKey; }
    /// The name of the workspace key in the secret store.
    [[nodiscard]] static std::string secretName(const std::string &workspaceId)
    {
        return "workspace-" + workspaceId + ".key";
    }
    [[nodiscard]] static std::string databasePath(const std::string &folder) { return folder + "/workspace.db"; }

private:
    std::string m_folder, m_id, m_replica;
    bool m_testKey = false;
    std::unique_ptr<Database> m_database;
    std::optional<WorkspaceKey> m_key;
};

/// Applies the migrations in `resources/migrations` that the database lacks, each in its own transaction, and turns
/// write-ahead logging on. A file that is refused stays as it is.
/// \param fresh  an empty database becomes a workspace; else it is refused like any other file that is none.
/// \errors Newer where it was made by a newer program; Corrupt where it is no workspace.
[[nodiscard]] Result<> migrate(Database &database, bool fresh = false);
/// The newest schema this program knows.
[[nodiscard]] Result<int> newestSchema();

/// The right to do one kind of long job, held against other processes. Its heart beats on a thread of its own.
class Lease
{
public:
    static constexpr std::chrono::seconds kTimeout{30};

    /// \param job  import, run, push, sync …
    /// \errors Leased with a sentence that says who holds it.
    [[nodiscard]] static Result<std::unique_ptr<Lease>> acquire(Workspace &workspace, const std::string &job);
    ~Lease();
    Lease(const Lease &) = delete;
    Lease &operator=(const Lease &) = delete;

    /// Begins a write transaction that is only valid while the lease is ours.
    /// \errors Leased when another process took it over; those of Transaction::begin.
    [[nodiscard]] Result<Transaction> begin(const char *what);
    /// \errors Leased when another process took it over.
    [[nodiscard]] Result<> check();

private:
    Lease(Workspace &workspace, std::string job, std::int64_t token);
    void beat(std::stop_token stop);

    Workspace &m_workspace;
    std::string m_job;
    std::int64_t m_token;
    std::mutex m_mutex;
    std::condition_variable_any m_wake;
    std::jthread m_heart; ///< last: ends first
};

/// Milliseconds since 1970 UTC by the system's clock.
[[nodiscard]] TimePoint systemNow();
/// A UUIDv7: 48 bits of time, then random bits.
[[nodiscard]] std::string uuid7(TimePoint now);

}
