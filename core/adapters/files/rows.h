#pragma once
// Internal to core/adapters/files: one row after the other of a table, JSON Lines or a JSON document.

#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <span>
#include <stop_token>
#include <string>
#include <string_view>
#include <unordered_map>
#include <variant>
#include <vector>

#include "core/adapters/files/bytesource.h"
#include "core/adapters/files/columnnames.h"
#include "core/adapters/files/csvscan.h"
#include "core/adapters/files/importfile.h"
#include "core/adapters/files/layouts.h"
#include "core/adapters/files/workbook.h"

namespace winnow::files
{

enum class Format { Csv, Tsv, JsonLines, Json, Xlsx };
[[nodiscard]] std::string toString(Format format);
[[nodiscard]] std::optional<Format> formatFrom(std::string_view name);

struct Value {
    enum class Kind { Absent, Null, Text, Number, Bool, Nested } kind = Kind::Absent;
    std::string_view text; ///< digits and words as written; Nested: the JSON
    bool quoted = false; ///< tables: stood in quotes
    bool replaced = false; ///< half a surrogate pair became U+FFFD
    int priority = 0; ///< of the name it was found by
};

/// What stands in the file for one record. The views last until the handler returns.
struct Row {
    std::span<const Value> values; ///< by field
    std::string_view slice; ///< tables: with the line end off; JSON: the value
    std::uint64_t offset = 0; ///< where it begins, in bytes of the text
    std::uint64_t endOffset = 0; ///< where the next one may begin
    std::uint64_t number = 0; ///< row of the table, line, or place in the list; from 1
    std::span<const Cell> cells; ///< tables
    std::string_view sheet; ///< workbooks
    bool ragged = false; ///< shorter than the header
    bool damaged = false; ///< holds bytes that are no UTF-8
    std::string problem; ///< not to be read at all: why
};

struct RowsRequest {
    std::string path; ///< of the file; else what to call it
    std::shared_ptr<Archive> archive; ///< checked; the rows are one of its members, or those of its workbook
    std::uint64_t entry = 0;
    std::shared_ptr<const Workbook> workbook; ///< of the archive
    std::shared_ptr<const std::string> pasted; ///< in place of a file
    std::optional<Format> format;
    Encoding encoding = Encoding::Auto;
    char delimiter = 0; ///< 0: found
    bool header = true;
    int headerRow = 1;
    bool findHeader = false; ///< titles may stand above it
    std::string sheet;
    std::string recordsPath;
    std::shared_ptr<const Layout> layout; ///< in place of `mapped`
    std::map<std::string, std::variant<std::string, int>> mapped; ///< field → column; empty: by names
    std::vector<std::string> alsoByName; ///< fields found by their names even when others are mapped
    std::uint64_t datesLookedThrough = ~std::uint64_t(0); ///< bytes, for a date that proves the order
    std::vector<std::string> textFields; ///< one of these must be there, or the file is not what was asked for
    ImportLimits limits;

    [[nodiscard]] ByteOrigin origin() const
    {
        return {.path = path, .archive = archive, .entry = entry, .pasted = pasted};
    }
};

/// What an import asks of its rows. \errors InvalidInput: options that fit nothing; Corrupt: the shipped layouts.
[[nodiscard]] Result<RowsRequest> requestOf(const std::string &path, const ImportOptions &options);
/// Is it a ZIP archive? \errors NotFound, Io, InvalidInput.
[[nodiscard]] Result<bool> startsArchive(const RowsRequest &request);

/// Reads a file as rows. \thread one.
class RowReader
{
public:
    struct Ending {
        Digest sha256{};
        std::uint64_t bytes = 0; ///< on disk
        std::optional<Error> brokenOff;
    };
    /// \returns false to stop reading.
    using Handler = std::function<Result<bool>(const Row &)>;

    /// \param names  outlives the reader.
    RowReader(RowsRequest request, const ColumnNames &names)
        : m_request(std::move(request))
        , m_names(names)
    {
    }

    /// Finds out what the file is and which column is which. Gzip and JSON documents are read to the end.
    /// \errors NotFound, Io, InvalidInput, Corrupt, Cancelled.
    [[nodiscard]] Result<> open(std::stop_token stop);
    /// From the start. \errors as open, and the handler's. Corrupt: not the file that was opened.
    [[nodiscard]] Result<Ending> read(const Handler &handler, std::stop_token stop);

    [[nodiscard]] Format format() const { return m_format; }
    [[nodiscard]] bool isTable() const { return m_format != Format::Json && m_format != Format::JsonLines; }
    /// Can reading go on at an offset? Not where all of a file or nothing is imported.
    [[nodiscard]] bool resumes() const { return m_format != Format::Json && m_format != Format::Xlsx; }
    [[nodiscard]] Encoding encoding() const { return m_encoding; }
    /// The line of the header, from 1, or how many lines it has where a layout says so.
    [[nodiscard]] int headerRow() const { return m_headerRow; }
    /// What stands in the further rows of a header, by column: questions, and what the sheet says of a column.
    [[nodiscard]] const std::vector<std::vector<std::string>> &moreHeader() const { return m_moreHeader; }
    /// Columns that a field is read from, the first that is not empty.
    [[nodiscard]] const std::vector<int> &columnsOf(int field) const { return m_columns[std::size_t(field)]; }
    /// Sheets that are read, and all that there are.
    [[nodiscard]] const std::vector<std::string> &sheetsRead() const { return m_sheetsRead; }
    [[nodiscard]] const std::vector<std::string> &sheets() const { return m_sheetNames; }
    [[nodiscard]] const std::string &listPath() const { return m_listPath; }
    /// How much of what is being read has been: 0 to 1.
    [[nodiscard]] double done() const;
    [[nodiscard]] char delimiter() const { return m_dialect.delimiter; }
    [[nodiscard]] const std::vector<std::string> &header() const { return m_header; }
    /// The column or member that a field was read from first; empty: none yet.
    [[nodiscard]] const std::string &columnOf(int field) const { return m_columnOf[std::size_t(field)]; }

private:
    struct KeySlot {
        std::string path; ///< as written, nested names joined by points
        int field = -1;
        int priority = 0;
        bool leadsOn = false; ///< the object under it is looked into
    };
    class Document;
    struct FoundList {
        std::string path;
        std::size_t depth = 0, count = 0, objects = 0;
    };

    Result<> openArchive(std::stop_token stop);
    Result<> openWorkbook(std::stop_token stop);
    Result<> decideFormat(TextWindow &window);
    Result<> openTable(TextWindow &window);
    void findHeader(std::string_view text, bool whole);
    void takeHeaderRow(const std::vector<Cell> &cells, int row);
    static std::vector<std::string> namesOf(const std::vector<Cell> &cells);
    Result<> planColumns();
    Result<> planLayout();
    [[nodiscard]] std::size_t knownColumns(const std::vector<std::string> &header, bool &saysText) const;
    Result<> chooseList(const std::vector<FoundList> &lists, char root, bool rootIsRecord);
    Result<> checkMapping() const;

    Result<bool> readTable(TextWindow &window, const Handler &handler, Ending &ending, std::stop_token stop);
    Result<Ending> readWorkbook(const Handler &handler, std::stop_token stop);
    /// \returns whether to go on.
    Result<bool> handRow(Row &row, const std::vector<Cell> &cells, const Handler &handler);
    Result<bool> readLines(TextWindow &window, const Handler &handler, Ending &ending, std::stop_token stop);
    Result<bool> readDocument(TextWindow &window, const Handler &handler, std::stop_token stop);
    void fillFromObject(std::string_view object);
    void fillMembers(std::string_view object, const std::string &prefix);
    KeySlot &slotOf(std::string_view path);
    Row jsonRow(std::string_view slice, std::uint64_t offset, std::uint64_t number, unsigned depth);
    [[nodiscard]] std::string at(std::uint64_t offset) const;

    RowsRequest m_request;
    const ColumnNames &m_names;
    Format m_format = Format::Csv;
    bool m_twice = false; ///< read to the end once before
    Digest m_firstHash{};
    Encoding m_encoding = Encoding::Auto;
    const ByteSource *m_reading = nullptr;
    // tables
    Dialect m_dialect;
    int m_headerRow = 1, m_headerRows = 1; ///< the first, and how many
    std::vector<std::vector<std::string>> m_moreHeader;
    std::vector<std::size_t> m_sheets; ///< of the workbook, to be read
    std::vector<std::string> m_sheetsRead, m_sheetNames;
    std::uint64_t m_separatorLine = 0;
    std::vector<std::string> m_header;
    std::vector<std::vector<int>> m_columns; ///< field → columns, of which the first that is not empty counts
    std::vector<int> m_priorities; ///< of the name that a field's columns were found by
    // JSON
    std::string m_listPath;
    bool m_rootIsRecord = false;
    bool m_oneLine = false;
    std::unordered_map<std::string, KeySlot> m_slots;
    std::vector<KeySlot *> m_order; ///< slot of the n-th member of the last object
    std::vector<std::string> m_scratch;
    // both
    std::vector<Value> m_values;
    std::vector<std::string> m_columnOf;
};

}
