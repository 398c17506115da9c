#include "core/adapters/sqlite/bronze.h"

#include <array>

#include "core/adapters/sqlite/sqlitestore.h"
#include "core/base/parallel.h"

namespace winnow::sqlite
{

namespace
{

std::string placeOf(const Record &record)
{
    return record.source + '\x1f' + record.sourceRecordId;
}

std::string packSlice(const Record &record)
{
    std::string packed;
    packed.reserve(record.title.size() + record.body.size() + record.rawPayload.size() + record.authorName.size()
                   + record.url.size() + 20);
    for (const std::string *field :
         {&record.title, &record.body, &record.authorName, &record.url, &record.rawPayload}) {
        const auto size = std::uint32_t(field->size());
        for (int shift = 0; shift < 32; shift += 8)
            packed += char(size >> shift);
        packed += *field;
    }
    return packed;
}

Result<> unpackSlice(std::string_view packed, Record &record)
{
    for (std::string *field : {&record.title, &record.body, &record.authorName, &record.url, &record.rawPayload}) {
        std::uint32_t size = 0;
        if (packed.size() < 4)
            return fail(ErrorCode::Corrupt, "a record's slice is cut off");
        for (int i = 0; i < 4; ++i)
            size |= std::uint32_t(std::uint8_t(packed[std::size_t(i)])) << (8 * i);
        packed.remove_prefix(4);
        if (packed.size() < size)
            return fail(ErrorCode::Corrupt, "a record's slice is cut off");
        *field = packed.substr(0, size);
        packed.remove_prefix(size);
    }
    return {};
}

constexpr const char *kRecordColumns =
    "SELECT id, current, source, source_record_id, version_hash, origin, author_id, channel, created_at, updated_at, "
    "language, rating, rating_scale, product, app_version, os, os_version, device, region, country, plan_tier, "
    "account_id, "
    "thread_id, flags, tombstone, ingested_at, connector, batch_id, wrapped_key, sealed FROM record WHERE id > ?1 "
    "ORDER BY id LIMIT ?2";
constexpr const char *kInsertRecord = "INSERT INTO record(identity, source, source_record_id, version, current, "
                                      "version_hash, payload, origin, author_id, "
                                      "channel, created_at, updated_at, language, rating, rating_scale, product, "
                                      "app_version, os, os_version, device, region, "
                                      "country, plan_tier, account_id, thread_id, flags, tombstone, ingested_at, "
                                      "connector, batch_id, wrapped_key, sealed) "
                                      "VALUES(?1, ?2, ?3, ?4, 1, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, "
                                      "?16, ?17, ?18, ?19, ?20, ?21, ?22, ?23, "
                                      "?24, ?25, ?26, ?27, ?28, ?29, ?30, ?31)";

}

std::int64_t identityOf(std::string_view source, std::string_view sourceRecordId)
{
    const Digest digest = Sha256().add(source).add("\x1f").add(sourceRecordId).finish();
    return prefix64(bytesOf(digest));
}

struct Bronze::Sealed {
    std::int64_t identity = 0;
    std::string versionHash; // 32 bytes
    std::string wrappedKey;
    std::string sealed;
};

Result<std::int64_t> Bronze::openPayload(Lease &lease, const std::string &source, const std::string &name,
                                         TimePoint now)
{
    Database &db = m_workspace.database();
    auto transaction = lease.begin("import: open file");
    if (!transaction)
        return tl::unexpected(transaction.error());
    const auto open =
        db.number("SELECT id FROM raw_payload WHERE source = ?1 AND name = ?2 AND sha256 IS NULL", source, name);
    if (!open)
        return tl::unexpected(open.error());
    if (*open)
        return **open;
    if (auto done = db.run("INSERT INTO raw_payload(source, name, format, received_at) VALUES(?1, ?2, '', ?3)", source,
                           name, now);
        !done)
        return tl::unexpected(done.error());
    const std::int64_t id = db.lastId();
    if (auto done = transaction->commit(); !done)
        return tl::unexpected(done.error());
    return id;
}

Result<std::optional<Digest>> Bronze::authorKey(const std::string &authorId)
{
    if (const auto known = m_authorKeys.find(authorId); known != m_authorKeys.end())
        return std::optional(known->second);
    const auto wrapped =
        m_workspace.database().text("SELECT wrapped_key FROM author_key WHERE author_id = ?1", authorId);
    if (!wrapped)
        return tl::unexpected(wrapped.error());
    if (!*wrapped)
        return std::optional<Digest>();
    auto key = m_workspace.key().unwrap(**wrapped);
    if (!key)
        return tl::unexpected(key.error());
    if (m_authorKeys.size() >= m_cachedKeys)
        m_authorKeys.clear();
    m_authorKeys.emplace(authorId, *key);
    return std::optional(*key);
}

/// Another process may have erased somebody since: then a key that is remembered here is dropped there.
Result<> Bronze::loadErased()
{
    Database &db = m_workspace.database();
    const auto count = db.number("SELECT count(*) FROM erased");
    if (!count)
        return tl::unexpected(count.error());
    if (std::size_t(count->value_or(0)) == m_erased.size())
        return {};
    m_erased.clear();
    m_authorKeys.clear();
    return db.query("SELECT commitment FROM erased", [&](const Row &row) { m_erased.insert(row.text(0)); });
}

Result<Digest> Bronze::authorKeyForWriting(const std::string &authorId, FreshKeys &fresh)
{
    if (const auto known = fresh.find(authorId); known != fresh.end())
        return known->second;
    auto known = authorKey(authorId);
    if (!known)
        return tl::unexpected(known.error());
    if (*known)
        return **known;
    return fresh.emplace(authorId, WorkspaceKey::random()).first->second;
}

Result<> Bronze::add(Lease &lease, std::int64_t payload, std::vector<Record> &&records,
                     const std::vector<Reject> &rejects, std::uint64_t position, BronzeCounts &counts)
{
    Database &db = m_workspace.database();
    if (auto done = loadErased(); !done)
        return done;
    BronzeCounts added;
    added.records = records.size();
    if (!m_erased.empty())
        std::erase_if(records, [&](const Record &record) {
            const bool refused = !record.authorId.empty()
                && m_erased.contains(std::string(bytesOf(m_workspace.key().commitment(record.authorId))));
            added.erased += refused;
            return refused;
        });
    // sealing costs as much as writing: it is done before the lock is taken, on every core
    std::vector<Sealed> sealed(records.size());
    FreshKeys freshKeys; // not in the cache before they are in the store: a record sealed with a lost key is lost
    std::vector<Digest> keys(records.size());
    for (std::size_t i = 0; i < records.size(); ++i) {
        if (records[i].authorId.empty())
            continue;
        auto known = authorKeyForWriting(records[i].authorId, freshKeys);
        if (!known)
            return tl::unexpected(known.error());
        keys[i] = *known;
    }
    constexpr std::size_t kSealedAtOnce = 128;
    parallelFor(records.size(), kSealedAtOnce, defaultThreads(), {}, [&](std::size_t begin, std::size_t end) {
        for (std::size_t i = begin; i < end; ++i) {
            const Record &record = records[i];
            Sealed &out = sealed[i];
            out.identity = identityOf(record.source, record.sourceRecordId);
            out.versionHash = fromHex(record.versionHash);
            if (record.authorId.empty()) {
                keys[i] = WorkspaceKey::random();
                out.wrappedKey = m_workspace.key().wrap(keys[i]);
            }
            out.sealed = WorkspaceKey::seal(keys[i], packSlice(record), placeOf(record));
        }
    });
    std::vector<std::pair<const std::string *, std::string>> wrappedKeys;
    for (const auto &[author, key] : freshKeys)
        wrappedKeys.emplace_back(&author, m_workspace.key().wrap(key));
    struct SealedReject {
        Digest identity;
        std::string wrappedKey, sealed;
    };
    std::vector<SealedReject> sealedRejects;
    for (const Reject &reject : rejects) {
        const Digest key = WorkspaceKey::random();
        sealedRejects.push_back({m_workspace.key().commitment(reject.place + '\x1f' + reject.raw),
                                 m_workspace.key().wrap(key), WorkspaceKey::seal(key, reject.raw, reject.place)});
    }

    auto transaction = lease.begin("import: batch");
    if (!transaction)
        return tl::unexpected(transaction.error());
    for (const auto &[author, wrapped] : wrappedKeys)
        if (auto done = db.run("INSERT INTO author_key(author_id, wrapped_key) VALUES(?1, ?2)", *author, Blob{wrapped});
            !done)
            return done;
    for (std::size_t i = 0; i < records.size(); ++i) {
        const Record &record = records[i];
        const Sealed &slice = sealed[i];
        struct {
            std::int64_t id = 0, version = 0;
            bool same = false;
        } known;
        if (auto done = db.query(
                "SELECT id, version, version_hash, source, source_record_id FROM record WHERE identity = ?1 AND "
                "current = 1",
                [&](const Row &row) {
                    if (row.bytes(3) == record.source && row.bytes(4) == record.sourceRecordId)
                        known = {row.number(0), row.number(1), row.bytes(2) == slice.versionHash};
                },
                slice.identity);
            !done)
            return done;
        if (known.same) {
            ++added.unchanged;
            if (record.updatedAt)
                if (auto done = db.run("UPDATE record SET updated_at = ?1 WHERE id = ?2 AND updated_at IS NOT ?1",
                                       record.updatedAt, known.id);
                    !done)
                    return done;
            continue;
        }
        auto flags = std::int64_t(record.flags);
        if (known.id) {
            flags |= std::int64_t(RecordFlag::Edited);
            ++added.edited;
            if (auto done = db.run("UPDATE record SET current = 0 WHERE id = ?1", known.id); !done)
                return done;
        } else {
            ++added.fresh;
        }
        added.tombstones += record.tombstone;
        const auto null = [](const std::string &text) { return Nullable{text}; };
        if (auto done =
                db.run(kInsertRecord, slice.identity, record.source, record.sourceRecordId, known.version + 1,
                       Blob{slice.versionHash}, payload, null(record.origin), null(record.authorId), record.channel,
                       record.createdAt, record.updatedAt, null(record.language), record.rating,
                       null(record.ratingScale), null(record.product), null(record.appVersion), null(record.os),
                       null(record.osVersion), null(record.device), null(record.region), null(record.country),
                       null(record.planTier), null(record.accountId), null(record.threadId), flags, record.tombstone,
                       record.ingestedAt.value_or(systemNow()), null(record.connector), null(record.batchId),
                       slice.wrappedKey.empty() ? std::optional<Blob>() : std::optional(Blob{slice.wrappedKey}),
                       Blob{slice.sealed});
            !done)
            return done;
    }
    for (std::size_t i = 0; i < rejects.size(); ++i) {
        if (auto done = db.run(
                "INSERT OR IGNORE INTO reject(payload, identity, place, reason, wrapped_key, sealed, received_at) "
                "VALUES(?1, ?2, ?3, ?4, ?5, ?6, ?7)",
                payload, sealedRejects[i].identity, rejects[i].place, rejects[i].reason,
                Blob{sealedRejects[i].wrappedKey}, Blob{sealedRejects[i].sealed}, systemNow());
            !done)
            return done;
        ++added.rejects;
    }
    if (auto done = db.run("INSERT OR REPLACE INTO cursor(name, position, at) VALUES(?1, ?2, ?3)",
                           "payload:" + std::to_string(payload), std::to_string(position), systemNow());
        !done)
        return done;
    if (auto done = transaction->commit(); !done)
        return done;
    if (m_authorKeys.size() + freshKeys.size() > m_cachedKeys)
        m_authorKeys.clear();
    m_authorKeys.merge(freshKeys);
    counts.records += added.records;
    counts.fresh += added.fresh;
    counts.edited += added.edited;
    counts.unchanged += added.unchanged;
    counts.tombstones += added.tombstones;
    counts.rejects += added.rejects;
    counts.erased += added.erased;
    return {};
}

Result<> Bronze::closePayload(Lease &lease, std::int64_t payload, const std::string &format, const std::string &sha256,
                              std::uint64_t bytes, const std::string &columns)
{
    Database &db = m_workspace.database();
    auto transaction = lease.begin("import: close file");
    if (!transaction)
        return tl::unexpected(transaction.error());
    const std::string digest = fromHex(sha256);
    const auto brought = db.number(
        "SELECT EXISTS(SELECT 1 FROM record WHERE payload = ?1) OR EXISTS(SELECT 1 FROM reject WHERE payload = ?1)",
        payload);
    const auto before =
        db.number("SELECT count(*) FROM raw_payload WHERE sha256 = ?1 AND id <> ?2", Blob{digest}, payload);
    if (!brought || !before)
        return tl::unexpected(!brought ? brought.error() : before.error());
    // the same bytes again brought nothing: no second payload
    auto done = brought->value_or(0) == 0 && before->value_or(0) > 0
        ? db.run("DELETE FROM raw_payload WHERE id = ?1", payload)
        : db.run("UPDATE raw_payload SET format = ?1, sha256 = ?2, bytes = ?3, columns = ?4 WHERE id = ?5", format,
                 Blob{digest}, std::int64_t(bytes), columns, payload);
    return done
        .and_then([&] { return db.run("DELETE FROM cursor WHERE name = ?1", "payload:" + std::to_string(payload)); })
        .and_then([&] { return transaction->commitForGood(); });
}

Result<> Bronze::withdraw(Lease &lease, std::int64_t payload)
{
    Database &db = m_workspace.database();
    SqliteStore derived(m_workspace, nullptr);
    while (true) {
        auto transaction = lease.begin("import: withdraw");
        if (!transaction)
            return tl::unexpected(transaction.error());
        std::vector<std::array<std::int64_t, 3>> rows; // id, identity, version
        if (auto done = db.query(
                "SELECT id, identity, version FROM record WHERE payload = ?1 ORDER BY id DESC LIMIT 100",
                [&](const Row &row) {
                    rows.push_back({row.number(0), row.number(1), row.number(2)});
                },
                payload);
            !done)
            return done;
        for (const auto &[id, identity, version] : rows) {
            const auto before =
                db.number("SELECT id FROM record WHERE identity = ?1 AND version = ?2 AND (source, "
                          "source_record_id) = (SELECT source, source_record_id FROM record WHERE id = ?3)",
                          identity, version - 1, id);
            if (!before)
                return tl::unexpected(before.error());
            auto done =
                derived.removeFeedback(id).and_then([&] { return db.run("DELETE FROM record WHERE id = ?1", id); });
            if (done && *before)
                done = db.run("UPDATE record SET current = 1 WHERE id = ?1", **before).and_then([&] {
                    // a run that has seen the newer version took the earlier one's rows away: it makes them again
                    return derived.rereadFrom(**before, id);
                });
            if (!done)
                return done;
        }
        if (auto done = derived.forgetPending(); !done)
            return done;
        if (rows.empty())
            if (auto done = db.run("DELETE FROM reject WHERE payload = ?1", payload)
                                .and_then([&] { return db.run("DELETE FROM raw_payload WHERE id = ?1", payload); })
                                .and_then([&] {
                                    return db.run("DELETE FROM cursor WHERE name = ?1",
                                                  "payload:" + std::to_string(payload));
                                });
                !done)
                return done;
        if (auto done = transaction->commit(); !done || rows.empty())
            return done;
    }
}

Result<Bronze::Stored> Bronze::storedOf(const Row &row)
{
    Stored stored;
    stored.id = row.number(0);
    stored.current = row.number(1) != 0;
    Record &record = stored.record;
    record.source = row.text(2);
    record.sourceRecordId = row.text(3);
    const std::string_view hash = row.bytes(4);
    record.versionHash = hex({reinterpret_cast<const std::uint8_t *>(hash.data()), hash.size()});
    int column = 5;
    for (std::string *field : {&record.origin, &record.authorId, &record.channel})
        *field = row.text(column++);
    record.createdAt = row.time(8);
    record.updatedAt = row.time(9);
    record.language = row.text(10);
    record.rating = row.optionalReal(11);
    column = 12;
    for (std::string *field :
         {&record.ratingScale, &record.product, &record.appVersion, &record.os, &record.osVersion, &record.device,
          &record.region, &record.country, &record.planTier, &record.accountId, &record.threadId})
        *field = row.text(column++);
    record.flags = std::uint32_t(row.number(23));
    record.tombstone = row.number(24) != 0;
    record.ingestedAt = row.time(25);
    record.connector = row.text(26);
    record.batchId = row.text(27);
    Digest key;
    if (row.null(28)) {
        auto known = authorKey(record.authorId);
        if (!known)
            return failAt("record " + std::to_string(stored.id) + ", its author's key", known.error());
        if (!*known)
            return fail(ErrorCode::Corrupt, "record " + std::to_string(stored.id) + ": its author's key is missing");
        key = **known;
    } else {
        auto own = m_workspace.key().unwrap(row.bytes(28));
        if (!own)
            return failAt("record " + std::to_string(stored.id) + ", its key", own.error());
        key = *own;
    }
    auto packed = WorkspaceKey::unseal(key, row.bytes(29), placeOf(record));
    if (!packed)
        return failAt("record " + std::to_string(stored.id), packed.error());
    if (auto done = unpackSlice(*packed, record); !done)
        return failAt("record " + std::to_string(stored.id), done.error());
    return stored;
}

Result<std::vector<Bronze::Stored>> Bronze::read(std::int64_t after, std::size_t limit)
{
    std::vector<Stored> rows;
    rows.reserve(limit);
    auto done = m_workspace.database().query(
        kRecordColumns,
        [&](const Row &row) -> Result<> {
            auto stored = storedOf(row);
            if (!stored)
                return tl::unexpected(stored.error());
            rows.push_back(std::move(*stored));
            return {};
        },
        after, limit);
    if (!done)
        return tl::unexpected(done.error());
    return rows;
}

Result<Bronze::Stored> Bronze::one(std::int64_t id)
{
    auto rows = read(id - 1, 1);
    if (!rows)
        return tl::unexpected(rows.error());
    if (rows->empty() || rows->front().id != id)
        return fail(ErrorCode::NotFound, "no record " + std::to_string(id));
    return std::move(rows->front());
}

Result<> Bronze::eachReject(const std::function<Result<>(const StoredReject &)> &take)
{
    return m_workspace.database().query("SELECT p.name, r.place, r.reason, r.wrapped_key, r.sealed FROM reject r JOIN "
                                        "raw_payload p ON p.id = r.payload ORDER BY r.id",
                                        [&](const Row &row) -> Result<> {
                                            auto key = m_workspace.key().unwrap(row.bytes(3));
                                            if (!key)
                                                return failAt("reject at " + row.text(1) + ", its key", key.error());
                                            auto raw = WorkspaceKey::unseal(*key, row.bytes(4), row.bytes(1));
                                            if (!raw)
                                                return failAt("reject at " + row.text(1), raw.error());
                                            return take({row.text(0), row.text(1), row.text(2), std::move(*raw)});
                                        });
}

}
