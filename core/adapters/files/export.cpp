#include "core/adapters/files/export.h"

#include <charconv>
#include <cmath>

#include "core/adapters/files/celltext.h"
#include "core/base/assert.h"

namespace winnow
{

namespace
{

using namespace files;

std::string numberText(double value)
{
    if (!std::isfinite(value))
        return {};
    char digits[32];
    return {digits, std::to_chars(digits, digits + sizeof digits, value).ptr};
}

/// A cell as plain text; empty for nothing.
std::string plainText(const ExportCell &cell)
{
    if (const auto *text = std::get_if<std::string>(&cell)) {
        std::string sound;
        replaceDamage(*text, sound);
        return sound;
    }
    if (const auto *number = std::get_if<double>(&cell))
        return numberText(*number);
    if (const auto *number = std::get_if<std::int64_t>(&cell))
        return std::to_string(*number);
    if (const auto *flag = std::get_if<bool>(&cell))
        return *flag ? "true" : "false";
    return {};
}

bool looksLikeFormula(std::string_view text)
{
    return !text.empty() && std::string_view("=+-@\t\r").find(text.front()) != std::string_view::npos;
}

/// Numbers of our own may begin with a minus; texts may not.
std::string csvCell(const ExportCell &cell)
{
    std::string text = plainText(cell);
    if (std::holds_alternative<std::string>(cell) && looksLikeFormula(text))
        text.insert(text.begin(), '\'');
    if (text.find_first_of(",\"\r\n") == std::string::npos && !text.starts_with(' ') && !text.ends_with(' ')
        && !text.starts_with("'\t"))
        return text;
    std::string quoted = "\"";
    for (const char c : text) {
        if (c == '"')
            quoted += '"';
        quoted += c;
    }
    return quoted + '"';
}

std::string markdownCell(const ExportCell &cell)
{
    std::string safe;
    const std::string text = plainText(cell);
    if (!std::holds_alternative<std::string>(cell))
        return text;
    for (const char c : text) {
        if (c == '\n') {
            safe += "<br>";
        } else if (c == '<') {
            safe += "&lt;";
        } else if (c == '&') {
            safe += "&amp;";
        } else if (std::string_view("\\`*_{}[]()#+-.!|>~@:").find(c) != std::string_view::npos) {
            safe += '\\';
            safe += c;
        } else if (std::uint8_t(c) >= 0x20 && c != 0x7f) {
            safe += c;
        } else if (c == '\t') {
            safe += ' ';
        }
    }
    return safe;
}

std::string jsonCell(const ExportCell &cell)
{
    if (std::holds_alternative<std::string>(cell)) {
        std::string json;
        appendJsonString(json, plainText(cell));
        return json;
    }
    const std::string text = plainText(cell);
    return text.empty() ? "null" : text;
}

}

std::optional<ExportFormat> exportFormatFrom(std::string_view name)
{
    if (name == "csv")
        return ExportFormat::Csv;
    if (name == "jsonl")
        return ExportFormat::JsonLines;
    if (name == "md")
        return ExportFormat::Markdown;
    return std::nullopt;
}

TableWriter::TableWriter(ExportFormat format, std::vector<std::string> columns)
    : m_format(format)
    , m_columns(std::move(columns))
{
}

std::string TableWriter::head() const
{
    std::string line, rule = "|";
    switch (m_format) {
    case ExportFormat::JsonLines:
        return {};
    case ExportFormat::Csv:
        for (std::size_t i = 0; i < m_columns.size(); ++i)
            line += (i ? "," : "") + csvCell(m_columns[i]);
        return line + '\n';
    case ExportFormat::Markdown:
        line = "|";
        for (const std::string &column : m_columns) {
            line += ' ' + markdownCell(column) + " |";
            rule += " --- |";
        }
        return line + '\n' + rule + '\n';
    }
    return {};
}

std::string TableWriter::row(std::span<const ExportCell> cells) const
{
    WINNOW_ASSERT(cells.size() == m_columns.size());
    std::string line;
    switch (m_format) {
    case ExportFormat::Csv:
        for (std::size_t i = 0; i < cells.size(); ++i)
            line += (i ? "," : "") + csvCell(cells[i]);
        if (line.empty()) // an empty line would be no row
            line = "\"\"";
        break;
    case ExportFormat::JsonLines:
        line = "{";
        for (std::size_t i = 0; i < cells.size(); ++i) {
            if (i)
                line += ',';
            appendJsonString(line, m_columns[i]);
            line += ':' + jsonCell(cells[i]);
        }
        line += '}';
        break;
    case ExportFormat::Markdown:
        line = "|";
        for (const ExportCell &cell : cells)
            line += ' ' + markdownCell(cell) + " |";
        break;
    }
    return line + '\n';
}

}
