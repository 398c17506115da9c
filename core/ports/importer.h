#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <stop_token>
#include <string>
#include <utility>
#include <vector>

#include "core/base/result.h"
#include "core/domain/importmapping.h"
#include "core/domain/record.h"

namespace winnow
{

/// What is to be read, and how.
struct ImportRequest {
    std::string path; ///< of a file; of what was pasted, what to call it
    std::shared_ptr<const std::string> pasted; ///< a table from the clipboard, in place of a file
    std::string source; ///< empty: the mapping's or the format's, else `generic`
    std::string format; ///< one of Importer::formats(); empty: found by content
    std::optional<ImportMapping> mapping;
};

/// What a file looks like before anything of it is stored.
struct ImportPreview {
    struct Column {
        std::string name;
        std::string field; ///< canonical; empty: goes nowhere but into the raw payload
        bool operator==(const Column &) const = default;
    };
    /// A column whose dates fit two orders, and none proves which: somebody has to say.
    struct DateQuestion {
        std::string column, field;
        std::string example; ///< as it stands there
        struct Choice {
            std::string order; ///< as ImportMapping::dateOrder takes it
            std::string reading; ///< the example, read so
            bool operator==(const Choice &) const = default;
        };
        std::vector<Choice> choices;
        bool operator==(const DateQuestion &) const = default;
    };

    std::string format; ///< csv, tsv, jsonl, json, xlsx, zip, slack
    std::string layout; ///< the known export that it looks like; empty: none. `ImportRequest::format` takes it
    std::string encoding; ///< of text files
    std::string delimiter; ///< of tables: one character
    bool header = false; ///< of tables
    int headerRow = 1;
    std::vector<std::string> sheets, sheetsRead; ///< of workbooks
    std::string recordsPath; ///< of a JSON document
    std::vector<Column> columns; ///< of tables, or members of the first objects
    std::vector<std::vector<std::string>> rows; ///< the first ones, cell by cell
    std::vector<Record> records; ///< what becomes of the first rows
    std::vector<Reject> rejects; ///< among them
    std::vector<DateQuestion> dateQuestions;
    std::vector<std::pair<std::string, std::string>> dateOrders; ///< column, and the order that its dates prove
    ImportMapping mapping; ///< that reads the file the same way: to be changed, tried again and saved
};

struct ImportOutcome {
    std::string file;
    std::string format;
    std::uint64_t records = 0; ///< read, rejects not counted
    std::uint64_t fresh = 0, edited = 0, unchanged = 0, tombstones = 0, rejects = 0;
    std::uint64_t erased = 0; ///< refused because their author was erased
    std::vector<std::pair<std::string, std::string>> columns; ///< canonical field, and the column it was read from
    std::vector<std::string> otherColumns; ///< of tables: those that go into no field
    std::vector<std::string> sheets, otherSheets; ///< of a workbook: read, and not read
    std::optional<Error> brokenOff; ///< its good records are kept
    std::string sha256;
    bool operator==(const ImportOutcome &) const = default;
};

struct ImportProgress {
    std::uint64_t records = 0;
    double done = 0; ///< 0 to 1
};

/// Brings files into a workspace.
class Importer
{
public:
    virtual ~Importer() = default;
    /// \errors Corrupt: the shipped list.
    [[nodiscard]] virtual Result<std::vector<std::string>> formats() = 0;
    /// Looks at the start of a file, and for the order of its dates a good way into it. Stores nothing.
    /// \errors those of import, but for columns without known names, which it is there to show.
    /// \thread any.
    [[nodiscard]] virtual Result<ImportPreview> preview(const ImportRequest &request, std::stop_token stop) = 0;
    /// Imports all of it. \param progress  at most ten times a second.
    /// \errors NotFound, Io, InvalidInput, Corrupt, Cancelled; Leased: another process imports.
    /// \thread one worker at a time.
    [[nodiscard]] virtual Result<ImportOutcome> import(const ImportRequest &request,
                                                       const std::function<void(const ImportProgress &)> &progress,
                                                       std::stop_token stop) = 0;
    /// \errors as FileLayer::writeWhole.
    [[nodiscard]] virtual Result<> saveMapping(const std::string &path, const ImportMapping &mapping) = 0;
    /// \errors InvalidInput `FILE: /member: …`; NotFound, Io.
    [[nodiscard]] virtual Result<ImportMapping> loadMapping(const std::string &path) = 0;
};

}
