#pragma once
// Internal to core/adapters/files: records of separated text.

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace winnow::files
{

struct Dialect {
    char delimiter = ',';
    bool quoting = true;
    bool operator==(const Dialect &) const = default;
};

struct Cell {
    std::string_view text; ///< as read: quotes resolved
    bool quoted = false;
    bool nothing = false; ///< workbooks: an error such as #N/A stands there
};

/// One record after the other, leniently: a quote that does not begin a cell is ordinary, text after a closing quote is
/// appended, CRLF, LF and CR end records, line ends inside quotes belong to the cell. \source contracts/sources.md 5
class CsvScanner
{
public:
    enum class State {
        Record,
        Empty, ///< a line without a character: no row
        NeedMore, ///< the text ends inside a record, or may do so
        OpenQuote, ///< the file ends inside quotes
        End,
    };

    explicit CsvScanner(Dialect dialect)
        : m_dialect(dialect)
    {
    }

    /// Reads the record at the start of `text`. \param last  no more text follows.
    [[nodiscard]] State next(std::string_view text, bool last);
    /// Of the last Record; views into `text` and into the scanner.
    [[nodiscard]] const std::vector<Cell> &cells() const { return m_cells; }
    /// Bytes of the last Record or Empty, with and without the line end.
    [[nodiscard]] std::size_t consumed() const { return m_consumed; }
    [[nodiscard]] std::size_t size() const { return m_size; }

private:
    struct Piece {
        std::size_t start, size;
        bool inScratch, quoted;
    };

    Dialect m_dialect;
    std::vector<Cell> m_cells;
    std::vector<Piece> m_pieces;
    std::string m_scratch;
    std::size_t m_consumed = 0, m_size = 0;
};

/// The delimiter that gives the first 100 records of `head` the most even count of columns. \param whole  the head is
/// the whole file.
[[nodiscard]] char findDelimiter(std::string_view head, bool whole);

/// A first line `sep=;` names the delimiter. \returns its length with the line end, 0 where there is none.
[[nodiscard]] std::size_t separatorLine(std::string_view head, char &delimiter);

}
