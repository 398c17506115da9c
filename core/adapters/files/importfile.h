#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <stop_token>
#include <string>
#include <string_view>
#include <vector>

#include "core/base/hash.h"
#include "core/base/result.h"
#include "core/domain/importmapping.h"
#include "core/domain/record.h"

namespace winnow
{

/// \errors InvalidInput `FILE: /member: …`; NotFound, Io.
[[nodiscard]] Result<ImportMapping> readMapping(const std::string &path);
/// \param name  what to call it in messages.
[[nodiscard]] Result<ImportMapping> mappingFromJson(std::string_view json, const std::string &name);
/// A mapping file, without what says no more than its default.
[[nodiscard]] std::string mappingJson(const ImportMapping &mapping);

/// How much a file may ask of us. \source contracts/sources.md 5
struct ImportLimits {
    std::uint64_t fileBytes = std::uint64_t(2) << 30;
    std::uint64_t unpackedBytes = std::uint64_t(1) << 30;
    unsigned ratio = 200; ///< unpacked to packed
    std::size_t bodyBytes = 1 << 20; ///< longer ones keep their first bodyCharacters
    std::size_t bodyCharacters = 65536;
    std::size_t recordBytes = 16u << 20; ///< one record with all it holds
    unsigned jsonDepth = 256; ///< of XML too
    std::uint64_t archiveEntries = 500'000;
    bool operator==(const ImportLimits &) const = default;
};

struct ImportOptions {
    std::string source; ///< empty: the mapping's, else `generic`
    std::string format; ///< one of importFormats(); empty: found by content
    std::optional<ImportMapping> mapping;
    Digest workspaceKey{}; ///< keys author_id
    TimePoint now; ///< ingested_at
    std::string batchId;
    /// Tables and JSON Lines: records that begin before this offset were committed already.
    std::uint64_t skipBytes = 0;
    std::size_t batchRecords = 1024;
    std::size_t batchBytes = 4u << 20; ///< of raw payload: long records come in smaller batches
    std::string originName; ///< the path in Record::origin, relative to the watched folder; empty: the file's name
    /// A table that was pasted: read in place of a file; the path is only what to call it.
    std::shared_ptr<const std::string> pasted;
    ImportLimits limits;
};

/// A run of consecutive records of one file, with everything that moves the cursor past them.
struct ImportBatch {
    std::vector<Record> records;
    std::vector<Reject> rejects;
    double done = 0; ///< 0 to 1, of what is to be read
    std::uint64_t endOffset = 0; ///< bytes of the file's text (unpacked, UTF-8) that this and earlier batches cover
};

struct ImportSummary {
    std::string format; ///< csv, tsv, jsonl, json, xlsx, zip, slack, or the layout that was asked for
    std::string sha256; ///< of the file as it lies on disk
    std::uint64_t bytes = 0; ///< as it lies on disk
    std::uint64_t records = 0;
    std::uint64_t rejects = 0;
    std::vector<std::pair<std::string, std::string>> columns; ///< canonical field → column it was read from
    std::vector<std::string> otherColumns; ///< of tables: those that go into no field
    std::vector<std::string> sheets; ///< of a workbook: those that were read
    std::vector<std::string> otherSheets; ///< and those that were not
    std::optional<Error> brokenOff; ///< a table that breaks off keeps its good records and says where
};

/// Takes each batch; an error ends the import and is passed on.
using ImportSink = std::function<Result<>(ImportBatch &&)>;

/// What `ImportOptions::format` may say: kinds of files, and exports whose columns are known by heart.
/// \errors Corrupt: the shipped list of layouts.
[[nodiscard]] Result<std::vector<std::string>> importFormats();

/// Streams one file into canonical records: tables and JSON, plain or gzip, in any of the encodings; workbooks; ZIP
/// archives of such files; Slack exports. Memory is flat whatever the file. Archives, gzip and single JSON documents
/// are read to the end first (integrity, SHA-256) and give nothing when damaged; a file whose hash differs on the
/// second pass is Corrupt and whoever called withdraws what it brought. A member of an archive that cannot be read for
/// what it is becomes a reject.
/// \errors NotFound, Io, ReadOnly; InvalidInput: not to be read as any format, or a mapping that names no column of
///         the file (`FILE: /mapping/body: no column 'Kommentar'; columns are …`); Corrupt; Cancelled; the sink's.
/// \source contracts/sources.md 1, 2, 5
[[nodiscard]] Result<ImportSummary> importFile(const std::string &path, const ImportOptions &options,
                                               const ImportSink &sink, std::stop_token stop);

}
