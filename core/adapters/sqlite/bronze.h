#pragma once

#include <functional>
#include <string>
#include <unordered_map>
#include <unordered_set>
#include <vector>

#include "core/adapters/sqlite/workspace.h"
#include "core/base/result.h"
#include "core/domain/record.h"

namespace winnow::sqlite
{

struct BronzeCounts {
    std::uint64_t records = 0; ///< read, rejects not counted
    std::uint64_t fresh = 0; ///< identities not seen before
    std::uint64_t edited = 0; ///< new versions of known ones
    std::uint64_t unchanged = 0;
    std::uint64_t tombstones = 0; ///< among the fresh and edited
    std::uint64_t rejects = 0;
    std::uint64_t erased = 0; ///< refused because their author was erased
    bool operator==(const BronzeCounts &) const = default;
};

/// The raw layer: sealed record versions, rejects, payloads.
/// \source contracts/sources.md 1, design.md (Sealed Bronze)
class Bronze
{
public:
    /// \param cachedKeys  how many authors' keys are kept in memory.
    explicit Bronze(Workspace &workspace, std::size_t cachedKeys = 100'000)
        : m_workspace(workspace)
        , m_cachedKeys(cachedKeys)
    {
    }

    /// The payload row that records of this file belong to; a broken-off one of the same name is taken up again.
    [[nodiscard]] Result<std::int64_t> openPayload(Lease &lease, const std::string &source, const std::string &name,
                                                   TimePoint now);
    /// Seals and adds a batch: one transaction, with the cursor that moves past it.
    [[nodiscard]] Result<> add(Lease &lease, std::int64_t payload, std::vector<Record> &&records,
                               const std::vector<Reject> &rejects, std::uint64_t position, BronzeCounts &counts);
    /// The file was read to its end.
    [[nodiscard]] Result<> closePayload(Lease &lease, std::int64_t payload, const std::string &format,
                                        const std::string &sha256, std::uint64_t bytes, const std::string &columns);
    /// Takes back what this payload brought, as if it had never been read, with what a run has made of it since.
    [[nodiscard]] Result<> withdraw(Lease &lease, std::int64_t payload);

    /// A record and where it stands.
    struct Stored {
        std::int64_t id = 0;
        bool current = false;
        Record record;
    };
    /// Records behind `after` in order of arrival, unsealed, raw payload included.
    [[nodiscard]] Result<std::vector<Stored>> read(std::int64_t after, std::size_t limit);
    /// \errors NotFound.
    [[nodiscard]] Result<Stored> one(std::int64_t id);

    struct StoredReject {
        std::string file, place, reason, raw;
    };
    [[nodiscard]] Result<> eachReject(const std::function<Result<>(const StoredReject &)> &take);

    /// The key that an author's slices are sealed with; nothing where it was dropped.
    [[nodiscard]] Result<std::optional<Digest>> authorKey(const std::string &authorId);

private:
    struct Sealed;
    using FreshKeys = std::unordered_map<std::string, Digest>; ///< of authors that the store does not know yet
    [[nodiscard]] Result<> loadErased();
    [[nodiscard]] Result<Digest> authorKeyForWriting(const std::string &authorId, FreshKeys &fresh);
    [[nodiscard]] Result<Stored> storedOf(const Row &row);

    Workspace &m_workspace;
    std::size_t m_cachedKeys;
    std::unordered_map<std::string, Digest> m_authorKeys; ///< a bounded cache of keys that are in the store
    std::unordered_set<std::string> m_erased; ///< as it was at the last batch
};

/// First eight bytes of the identity's hash, as record.identity holds it.
[[nodiscard]] std::int64_t identityOf(std::string_view source, std::string_view sourceRecordId);

}
