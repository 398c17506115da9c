#pragma once
// Internal to core/adapters/files: the sheets of an XLSX workbook, row by row.

#include <cstdint>
#include <deque>
#include <memory>
#include <stop_token>
#include <string>
#include <string_view>
#include <vector>

#include "core/adapters/files/archive.h"
#include "core/adapters/files/csvscan.h"
#include "core/adapters/files/spool.h"
#include "core/adapters/files/xmlslices.h"
#include "core/base/result.h"

namespace winnow::files
{

/// What a number on a sheet stands for, by its style.
enum class NumberStyle : std::uint8_t { Plain, Date, DateTime, Time };

/// A day and the time on it as ISO 8601 text. \param serial  days since 1899-12-30, or since 1904-01-01.
/// \returns empty where it is no day of the years 1900 to 9999.
[[nodiscard]] std::string textOfSerial(double serial, NumberStyle style, bool from1904);
/// What a number format shows: `yyyy\-mm\-dd` is a date, `0.00` is not.
[[nodiscard]] NumberStyle styleOfFormat(std::string_view format);

class Workbook
{
public:
    struct Sheet {
        std::string name;
        std::uint64_t entry = 0; ///< of the archive
        bool hidden = false;
    };

    /// Is this archive a workbook?
    [[nodiscard]] static bool isWorkbook(const Archive &archive);
    /// Reads all but the sheets. \errors Corrupt: no sound workbook; InvalidInput: past a limit, or a binary one;
    /// Cancelled, Full, Io.
    [[nodiscard]] static Result<std::shared_ptr<Workbook>> open(std::shared_ptr<Archive> archive,
                                                                const ImportLimits &limits, std::stop_token stop);

    /// Work sheets in the order of their tabs.
    [[nodiscard]] const std::vector<Sheet> &sheets() const { return m_sheets; }

    /// The rows of one sheet.
    class Rows
    {
    public:
        /// \param workbook  outlives it.
        [[nodiscard]] static Result<std::unique_ptr<Rows>> open(const Workbook &workbook, const Sheet &sheet);
        /// \returns false behind the last row. \errors Corrupt, InvalidInput.
        [[nodiscard]] Result<bool> next();
        /// By column; views that last until the next call.
        [[nodiscard]] const std::vector<Cell> &cells() const { return m_cells; }
        [[nodiscard]] std::uint64_t number() const { return m_number; } ///< from 1, as the sheet counts
        [[nodiscard]] std::string_view slice() const { return m_slices->slice(); }
        [[nodiscard]] std::uint64_t offset() const { return m_slices->offset(); }

    private:
        Rows() = default;
        const Workbook *m_workbook = nullptr;
        std::string m_name;
        std::unique_ptr<ByteSource> m_source;
        std::unique_ptr<TextWindow> m_window;
        std::unique_ptr<XmlSlices> m_slices;
        std::string m_copy; ///< the slice, which the XML reader writes into
        std::vector<Cell> m_cells;
        std::deque<std::string> m_texts; ///< by column: what is not shared; views into it stay good while it grows
        std::uint64_t m_number = 0;
    };

private:
    Workbook(std::shared_ptr<Archive> archive, const ImportLimits &limits)
        : m_archive(std::move(archive))
        , m_limits(limits)
    {
    }
    Result<std::string> part(const std::string &name) const;
    Result<> readBook(const std::string &book);
    Result<> readStyles(const std::string &name);
    Result<> readShared(const std::string &name, std::stop_token stop);
    [[nodiscard]] tl::unexpected<Error> damaged(const std::string &part, const std::string &why) const;

    std::shared_ptr<Archive> m_archive;
    ImportLimits m_limits;
    std::vector<Sheet> m_sheets;
    std::vector<NumberStyle> m_styles; ///< by the number that cells name
    Spool m_shared;
    bool m_from1904 = false;
};

}
