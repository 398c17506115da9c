#include "core/adapters/sqlite/importjob.h"

#include <condition_variable>
#include <deque>
#include <filesystem>
#include <mutex>
#include <thread>

#include <sqlite3.h>

#include "core/adapters/files/filelayer.h"
#include "core/adapters/files/preview.h"

namespace winnow::sqlite
{

namespace
{

constexpr int kPauseMs = 2; ///< between transactions, for those who decide

/// Batches on their way from the reading thread to the writing one.
class Belt
{
public:
    static constexpr std::size_t kWaiting = 4;

    /// \returns false when nobody takes any more.
    bool put(ImportBatch &&batch)
    {
        std::unique_lock lock(m_mutex);
        m_changed.wait(lock, [&] { return m_closed || m_batches.size() < kWaiting; });
        if (m_closed)
            return false;
        m_batches.push_back(std::move(batch));
        m_changed.notify_all();
        return true;
    }

    std::optional<ImportBatch> take()
    {
        std::unique_lock lock(m_mutex);
        m_changed.wait(lock, [&] { return m_ended || !m_batches.empty(); });
        if (m_batches.empty())
            return std::nullopt;
        ImportBatch batch = std::move(m_batches.front());
        m_batches.pop_front();
        m_changed.notify_all();
        return batch;
    }

    void end() { set(m_ended); }
    void close() { set(m_closed); }

private:
    void set(bool &flag)
    {
        const std::lock_guard lock(m_mutex);
        flag = true;
        m_changed.notify_all();
    }

    std::mutex m_mutex;
    std::condition_variable m_changed;
    std::deque<ImportBatch> m_batches;
    bool m_ended = false, m_closed = false;
};

}

Result<ImportOutcome> importIntoBronze(Bronze &bronze, Lease &lease, const std::string &path,
                                       const ImportOptions &options,
                                       const std::function<void(const ImportProgress &)> &progress,
                                       std::stop_token stop)
{
    const std::string source = !options.source.empty()        ? options.source
        : options.mapping && !options.mapping->source.empty() ? options.mapping->source
                                                              : "generic";
    const std::string name =
        options.originName.empty() ? std::filesystem::path(path).filename().string() : options.originName;
    const auto payload = bronze.openPayload(lease, source, name, options.now);
    if (!payload)
        return tl::unexpected(payload.error());

    ImportOutcome imported;
    imported.file = path;
    BronzeCounts counts;
    Belt belt;
    Result<ImportSummary> summary = fail(ErrorCode::Internal, "not read");
    std::jthread reader([&] {
        summary = importFile(
            path, options,
            [&](ImportBatch &&batch) -> Result<> {
                return belt.put(std::move(batch)) ? Result<>() : fail(ErrorCode::Cancelled, "the writer stopped");
            },
            stop);
        belt.end();
    });
    Result<> written;
    auto last = std::chrono::steady_clock::now();
    while (auto batch = belt.take()) {
        written = bronze.add(lease, *payload, std::move(batch->records), batch->rejects, batch->endOffset, counts);
        if (!written) {
            belt.close();
            break;
        }
        if (const auto now = std::chrono::steady_clock::now();
            progress && now - last >= std::chrono::milliseconds(100)) {
            last = now;
            progress({counts.records, batch->done});
        }
        sqlite3_sleep(kPauseMs);
    }
    reader.join();
    if (!written)
        return tl::unexpected(written.error());
    if (!summary) {
        if (summary.error().code == ErrorCode::Corrupt || summary.error().code == ErrorCode::InvalidInput)
            if (auto done = bronze.withdraw(lease, *payload); !done)
                return tl::unexpected(done.error());
        return tl::unexpected(summary.error());
    }
    imported.records = counts.records;
    imported.fresh = counts.fresh;
    imported.edited = counts.edited;
    imported.unchanged = counts.unchanged;
    imported.tombstones = counts.tombstones;
    imported.rejects = counts.rejects;
    imported.erased = counts.erased;
    imported.otherColumns = summary->otherColumns;
    imported.sheets = summary->sheets;
    imported.otherSheets = summary->otherSheets;
    imported.sha256 = summary->sha256;
    imported.format = summary->format;
    imported.columns = summary->columns;
    imported.brokenOff = summary->brokenOff;
    std::string columns;
    for (const auto &[field, column] : summary->columns)
        columns += field + '\t' + column + '\n';
    if (auto done = bronze.closePayload(lease, *payload, summary->format, summary->sha256, summary->bytes, columns);
        !done)
        return tl::unexpected(done.error());
    return imported;
}

namespace
{

/// Records of one transaction: as many as fit into half the lock budget. Fewer would write the pages of the identity
/// index more often than need be.
constexpr std::size_t kBatchRecords = 2048;

}

ImportOptions WorkspaceImporter::optionsOf(const ImportRequest &request) const
{
    ImportOptions options;
    options.source = request.source;
    options.format = request.format;
    options.mapping = request.mapping;
    options.pasted = request.pasted;
    options.workspaceKey = m_workspace.key().authorKey();
    options.now = m_clock.now();
    options.batchId = uuid7(options.now);
    options.batchRecords = kBatchRecords;
    return options;
}

Result<ImportPreview> WorkspaceImporter::preview(const ImportRequest &request, std::stop_token stop)
{
    return previewFile(request.path, optionsOf(request), std::move(stop));
}

Result<ImportOutcome> WorkspaceImporter::import(const ImportRequest &request,
                                                const std::function<void(const ImportProgress &)> &progress,
                                                std::stop_token stop)
{
    auto lease = Lease::acquire(m_workspace, "import");
    if (!lease)
        return tl::unexpected(lease.error());
    Bronze bronze(m_workspace);
    return import(bronze, **lease, request, {}, progress, std::move(stop));
}

Result<ImportOutcome> WorkspaceImporter::import(Bronze &bronze, Lease &lease, const ImportRequest &request,
                                                const std::string &originName,
                                                const std::function<void(const ImportProgress &)> &progress,
                                                std::stop_token stop)
{
    ImportOptions options = optionsOf(request);
    options.originName = originName;
    return importIntoBronze(bronze, lease, request.path, options, progress, std::move(stop));
}

Result<> WorkspaceImporter::saveMapping(const std::string &path, const ImportMapping &mapping)
{
    return FileLayer().writeWhole(path, mappingJson(mapping));
}

}
