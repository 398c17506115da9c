#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "core/base/result.h"

namespace winnow
{

enum class ExportFormat { Csv, JsonLines, Markdown };

/// `csv`, `jsonl`, `md`.
[[nodiscard]] std::optional<ExportFormat> exportFormatFrom(std::string_view name);

/// What stands in one place of a table: nothing, a text, a number, or yes and no.
using ExportCell = std::variant<std::monostate, std::string, double, std::int64_t, bool>;

/// Writes a table row by row as text that is safe to open: in CSV a text that a spreadsheet would take for a formula
/// (it begins with = + - @, a tab or a carriage return) gets an apostrophe in front, in Markdown nothing is markup, and
/// in JSON everything is as it is. Lines end with LF; text that is no UTF-8 gets U+FFFD. \source contracts/sources.md 5
class TableWriter
{
public:
    TableWriter(ExportFormat format, std::vector<std::string> columns);

    /// What comes before the first row. \returns text to append.
    [[nodiscard]] std::string head() const;
    /// \pre as many cells as columns. \returns text to append.
    [[nodiscard]] std::string row(std::span<const ExportCell> cells) const;

private:
    ExportFormat m_format;
    std::vector<std::string> m_columns;
};

}
