#include "core/adapters/files/workbook.h"

#include <algorithm>
#include <charconv>
#include <chrono>
#include <cmath>
#include <map>

#include <pugixml.hpp>

#include "core/adapters/files/celltext.h"

namespace winnow::files
{

namespace
{

constexpr std::size_t kPartBytes = 16u << 20; ///< of a part that is read whole
constexpr std::size_t kColumns = 16384; ///< the most that the format knows
constexpr unsigned kParse = pugi::parse_default | pugi::parse_ws_pcdata;

std::string_view localName(const pugi::xml_node &node)
{
    const std::string_view name = node.name();
    const auto colon = name.find(':');
    return colon == std::string_view::npos ? name : name.substr(colon + 1);
}

pugi::xml_node childOf(const pugi::xml_node &node, std::string_view name)
{
    for (const auto &child : node.children())
        if (localName(child) == name)
            return child;
    return {};
}

std::string_view attributeOf(const pugi::xml_node &node, std::string_view name)
{
    for (const auto &attribute : node.attributes()) {
        std::string_view there = attribute.name();
        if (const auto colon = there.find(':'); colon != std::string_view::npos)
            there.remove_prefix(colon + 1);
        if (there == name)
            return attribute.value();
    }
    return {};
}

bool isTrue(std::string_view text)
{
    return text == "1" || text == "true" || text == "on";
}

/// `_x000D_` stands for a character that XML cannot hold, `_x005F_` for the underscore before such a thing.
void appendUnescaped(std::string &out, std::string_view text)
{
    for (std::size_t i = 0; i < text.size();) {
        const std::size_t mark = text.find("_x", i);
        out.append(text, i, mark - i);
        if (mark == std::string_view::npos)
            return;
        std::uint32_t unit = 0;
        const char *digits = text.data() + mark + 2;
        if (mark + 7 <= text.size() && text[mark + 6] == '_'
            && std::from_chars(digits, digits + 4, unit, 16).ptr == digits + 4 && (unit < 0xd800 || unit >= 0xe000)) {
            appendUtf8(out, unit);
            i = mark + 7;
        } else {
            out += "_x";
            i = mark + 2;
        }
    }
}

void appendText(std::string &out, const pugi::xml_node &node)
{
    for (const auto &child : node.children())
        if (child.type() == pugi::node_pcdata || child.type() == pugi::node_cdata)
            appendUnescaped(out, child.value());
}

/// The text of `<si>` or `<is>`: `<t>`, or the `<t>` of its runs. How it is pronounced is left out.
void appendString(std::string &out, const pugi::xml_node &node)
{
    for (const auto &child : node.children()) {
        const std::string_view name = localName(child);
        if (name == "t") {
            appendText(out, child);
        } else if (name == "r") {
            for (const auto &part : child.children())
                if (localName(part) == "t")
                    appendText(out, part);
        }
    }
}

/// The column that a cell's address begins with, from 0; false where there is none.
bool columnOf(std::string_view address, std::size_t &column)
{
    std::size_t value = 0, letters = 0;
    for (; letters < address.size() && letters < 4; ++letters) {
        const char c = address[letters];
        if (c >= 'A' && c <= 'Z')
            value = value * 26 + std::size_t(c - 'A' + 1);
        else if (c >= 'a' && c <= 'z')
            value = value * 26 + std::size_t(c - 'a' + 1);
        else
            break;
    }
    if (letters == 0 || value > kColumns)
        return false;
    column = value - 1;
    return true;
}

/// Digits stay as they are written; 4.9000000000000004 is the number that everybody sees as 4.9.
std::string textOfNumber(std::string_view written)
{
    if (written.find_first_not_of("-0123456789") == std::string_view::npos)
        return std::string(written);
    double value = 0;
    const auto [end, error] = std::from_chars(written.data(), written.data() + written.size(), value);
    if (error != std::errc() || end != written.data() + written.size() || !std::isfinite(value))
        return std::string(written);
    char digits[400];
    const double shown = std::abs(value) < 1e15 && std::abs(value) >= 1e-4 ? std::round(value * 1e10) / 1e10 : value;
    const double kept = std::abs(shown - value) <= std::abs(value) * 1e-14 ? shown : value;
    const auto fixed = std::chars_format::fixed;
    const auto done = std::abs(kept) < 1e21 && (kept == 0 || std::abs(kept) >= 1e-7)
        ? std::to_chars(digits, digits + sizeof digits, kept, fixed)
        : std::to_chars(digits, digits + sizeof digits, kept);
    return {digits, done.ptr};
}

std::string foldedPath(const std::string &base, std::string_view target)
{
    // Targets are relative to the folder of the part that names them, or begin at the root.
    std::string path = target.starts_with('/') ? std::string(target.substr(1))
                                               : base.substr(0, base.rfind('/') + 1) + std::string(target);
    for (std::size_t up; (up = path.find("/../")) != std::string::npos;) {
        const std::size_t before = up == 0 ? std::string::npos : path.rfind('/', up - 1);
        path.erase(before == std::string::npos ? 0 : before + 1,
                   before == std::string::npos ? up + 4 : up + 3 - before);
    }
    return path;
}

std::string relationsOf(const std::string &part)
{
    const std::size_t name = part.rfind('/') + 1;
    return part.substr(0, name) + "_rels/" + part.substr(name) + ".rels";
}

}

NumberStyle styleOfFormat(std::string_view format)
{
    bool date = false, time = false;
    const std::string plain = lowered(format.substr(0, format.find(';'))); // of numbers above nought
    if (plain.find("general") != std::string::npos)
        return NumberStyle::Plain;
    for (std::size_t i = 0; i < plain.size(); ++i) {
        switch (plain[i]) {
        case '\\':
        case '_':
        case '*':
            ++i; // the next character stands for itself, or for its width
            break;
        case '"':
            i = std::min(plain.find('"', i + 1), plain.size());
            break;
        case '[': {
            const std::size_t end = std::min(plain.find(']', i), plain.size());
            const std::string_view inside = std::string_view(plain).substr(i + 1, end - i - 1);
            // Hours beyond a day are a length of time, which a plain number says as well.
            if (!inside.empty() && inside.find_first_not_of("hms") == std::string_view::npos)
                return NumberStyle::Plain;
            i = end;
            break;
        }
        case 'd':
        case 'y':
            date = true;
            break;
        case 'h':
        case 's':
            time = true;
            break;
        default:
            break;
        }
    }
    if (!date && !time && plain.find("mmm") != std::string::npos)
        date = true; // months alone
    return date && time ? NumberStyle::DateTime
        : date          ? NumberStyle::Date
        : time          ? NumberStyle::Time
                        : NumberStyle::Plain;
}

std::string textOfSerial(double serial, NumberStyle style, bool from1904)
{
    constexpr std::int64_t kDay = 86'400'000;
    if (!(serial >= 0 && serial < 2'958'466) || style == NumberStyle::Plain)
        return {};
    const auto ms = std::int64_t(std::llround(serial * double(kDay)));
    using namespace std::chrono;
    const sys_days first = from1904 ? sys_days(1904y / January / 1) : sys_days(1899y / December / 30);
    const auto day = first + days(ms / kDay);
    const std::int64_t inDay = ms % kDay;
    char text[40];
    const year_month_day date(day);
    const int length = std::snprintf(text, sizeof text, "%04d-%02u-%02u", int(date.year()), unsigned(date.month()),
                                     unsigned(date.day()));
    if (style == NumberStyle::Date && inDay == 0)
        return {text, std::size_t(length)};
    char clock[40];
    int size = std::snprintf(clock, sizeof clock, "%02d:%02d:%02d", int(inDay / 3'600'000), int(inDay / 60'000 % 60),
                             int(inDay / 1000 % 60));
    if (inDay % 1000)
        size += std::snprintf(clock + size, sizeof clock - std::size_t(size), ".%03d", int(inDay % 1000));
    const std::string time(clock, std::size_t(size));
    return style == NumberStyle::Time && serial < 1 ? time : std::string(text, std::size_t(length)) + 'T' + time;
}

tl::unexpected<Error> Workbook::damaged(const std::string &part, const std::string &why) const
{
    return fail(ErrorCode::Corrupt, m_archive->path() + ": '" + shown(part) + "': " + why);
}

bool Workbook::isWorkbook(const Archive &archive)
{
    return archive.find("[Content_Types].xml")
        && std::any_of(archive.entries().begin(), archive.entries().end(),
                       [](const Archive::Entry &entry) { return lowered(entry.name).starts_with("xl/workbook."); });
}

/// A part that is small in every sound workbook, whole.
Result<std::string> Workbook::part(const std::string &name) const
{
    const Archive::Entry *entry = m_archive->find(name);
    if (!entry)
        return damaged(name, "is missing");
    auto stream = m_archive->stream(entry->index);
    if (!stream)
        return tl::unexpected(stream.error());
    std::string text;
    for (std::vector<char> chunk(65536);;) {
        const auto got = (*stream)->read(chunk.data(), chunk.size());
        if (!got)
            return tl::unexpected(got.error());
        if (*got == 0)
            return text;
        text.append(chunk.data(), *got);
        if (text.size() > kPartBytes)
            return fail(ErrorCode::InvalidInput,
                        m_archive->path() + ": '" + shown(name) + "' is longer than " + std::to_string(kPartBytes >> 20)
                            + " MiB");
    }
}

Result<std::shared_ptr<Workbook>> Workbook::open(std::shared_ptr<Archive> archive, const ImportLimits &limits,
                                                 std::stop_token stop)
{
    std::shared_ptr<Workbook> workbook(new Workbook(std::move(archive), limits));
    std::string book = "xl/workbook.xml";
    if (!workbook->m_archive->find(book)) {
        if (workbook->m_archive->find("xl/workbook.bin"))
            return fail(ErrorCode::InvalidInput,
                        workbook->m_archive->path() + ": is a binary workbook (.xlsb); save it as .xlsx");
        return workbook->damaged(book, "is missing");
    }
    if (auto done = workbook->readBook(book); !done)
        return tl::unexpected(done.error());
    std::string styles = "xl/styles.xml", shared = "xl/sharedStrings.xml";
    if (const auto relations = workbook->part(relationsOf(book)); relations) {
        pugi::xml_document document;
        if (document.load_buffer(relations->data(), relations->size(), kParse))
            for (const auto &relation : document.document_element().children()) {
                const std::string_view type = attributeOf(relation, "Type");
                const std::string target = foldedPath(book, attributeOf(relation, "Target"));
                if (type.ends_with("/styles"))
                    styles = target;
                else if (type.ends_with("/sharedStrings"))
                    shared = target;
            }
    }
    if (workbook->m_archive->find(styles))
        if (auto done = workbook->readStyles(styles); !done)
            return tl::unexpected(done.error());
    if (workbook->m_archive->find(shared))
        if (auto done = workbook->readShared(shared, std::move(stop)); !done)
            return tl::unexpected(done.error());
    if (auto done = workbook->m_shared.seal(); !done)
        return tl::unexpected(done.error());
    return workbook;
}

Result<> Workbook::readBook(const std::string &book)
{
    std::map<std::string, std::string, std::less<>> targets;
    const auto relations = part(relationsOf(book));
    if (!relations)
        return tl::unexpected(relations.error());
    pugi::xml_document document;
    if (const auto read = document.load_buffer(relations->data(), relations->size(), kParse); !read)
        return damaged(relationsOf(book), read.description());
    for (const auto &relation : document.document_element().children())
        if (attributeOf(relation, "Type").ends_with("/worksheet"))
            targets.emplace(attributeOf(relation, "Id"), foldedPath(book, attributeOf(relation, "Target")));
    const auto text = part(book);
    if (!text)
        return tl::unexpected(text.error());
    if (const auto read = document.load_buffer(text->data(), text->size(), kParse); !read)
        return damaged(book, read.description());
    const auto root = document.document_element();
    m_from1904 = isTrue(attributeOf(childOf(root, "workbookPr"), "date1904"));
    for (const auto &sheet : childOf(root, "sheets").children()) {
        if (localName(sheet) != "sheet")
            continue;
        const auto target = targets.find(attributeOf(sheet, "id"));
        if (target == targets.end())
            continue; // a chart sheet
        const Archive::Entry *entry = m_archive->find(target->second);
        if (!entry)
            return damaged(target->second, "is missing");
        m_sheets.push_back({std::string(attributeOf(sheet, "name")), entry->index,
                            attributeOf(sheet, "state") == "hidden" || attributeOf(sheet, "state") == "veryHidden"});
    }
    if (m_sheets.empty())
        return damaged(book, "names no sheet");
    return {};
}

Result<> Workbook::readStyles(const std::string &name)
{
    const auto text = part(name);
    if (!text)
        return tl::unexpected(text.error());
    pugi::xml_document document;
    if (const auto read = document.load_buffer(text->data(), text->size(), kParse); !read)
        return damaged(name, read.description());
    const auto root = document.document_element();
    std::map<int, NumberStyle> formats;
    const auto number = [](std::string_view digits) {
        int value = 0;
        std::from_chars(digits.data(), digits.data() + digits.size(), value);
        return value;
    };
    for (const auto &format : childOf(root, "numFmts").children())
        formats[number(attributeOf(format, "numFmtId"))] = styleOfFormat(attributeOf(format, "formatCode"));
    for (const auto &xf : childOf(root, "cellXfs").children()) {
        if (localName(xf) != "xf")
            continue;
        const int id = number(attributeOf(xf, "numFmtId"));
        NumberStyle style = NumberStyle::Plain;
        if (const auto own = formats.find(id); own != formats.end())
            style = own->second;
        else if ((id >= 14 && id <= 17) || (id >= 27 && id <= 31) || id == 36 || (id >= 50 && id <= 58))
            style = NumberStyle::Date; // of the formats that have a number and no text
        else if (id == 22)
            style = NumberStyle::DateTime;
        else if ((id >= 18 && id <= 21) || (id >= 32 && id <= 35))
            style = NumberStyle::Time;
        m_styles.push_back(style);
    }
    return {};
}

Result<> Workbook::readShared(const std::string &name, std::stop_token stop)
{
    const Archive::Entry *entry = m_archive->find(name);
    auto source = ByteSource::open({.path = m_archive->path(), .archive = m_archive, .entry = entry->index}, m_limits);
    if (!source)
        return tl::unexpected(source.error());
    TextWindow window(**source, Encoding::Auto);
    XmlSlices slices(window, m_archive->path() + ": '" + shown(name) + "'", m_limits);
    std::string copy, text;
    for (std::uint64_t count = 0;; ++count) {
        if (count % 1024 == 0 && stop.stop_requested())
            return fail(ErrorCode::Cancelled, m_archive->path() + ": stopped");
        const auto there = slices.next("si");
        if (!there)
            return tl::unexpected(there.error());
        if (!*there)
            return {};
        copy = slices.slice();
        pugi::xml_document document;
        if (const auto read = document.load_buffer_inplace(copy.data(), copy.size(), kParse, pugi::encoding_utf8);
            !read)
            return damaged(name, "text " + std::to_string(count + 1) + ": " + read.description());
        text.clear();
        appendString(text, document.document_element());
        if (auto added = m_shared.add(text); !added)
            return added;
    }
}

Result<std::unique_ptr<Workbook::Rows>> Workbook::Rows::open(const Workbook &workbook, const Sheet &sheet)
{
    std::unique_ptr<Rows> rows(new Rows);
    rows->m_workbook = &workbook;
    rows->m_name = workbook.m_archive->path() + ": sheet '" + shown(sheet.name) + "'";
    auto source = ByteSource::open(
        {.path = workbook.m_archive->path(), .archive = workbook.m_archive, .entry = sheet.entry}, workbook.m_limits);
    if (!source)
        return tl::unexpected(source.error());
    rows->m_source = std::move(*source);
    rows->m_window = std::make_unique<TextWindow>(*rows->m_source, Encoding::Auto);
    rows->m_slices = std::make_unique<XmlSlices>(*rows->m_window, rows->m_name, workbook.m_limits);
    return rows;
}

Result<bool> Workbook::Rows::next()
{
    const auto there = m_slices->next("row");
    if (!there || !*there)
        return there;
    m_copy = m_slices->slice();
    pugi::xml_document document;
    if (const auto read = document.load_buffer_inplace(m_copy.data(), m_copy.size(), kParse, pugi::encoding_utf8);
        !read)
        return fail(ErrorCode::Corrupt,
                    m_name + ": behind row " + std::to_string(m_number) + ": " + read.description());
    const auto row = document.document_element();
    ++m_number;
    if (const std::string_view number = attributeOf(row, "r"); !number.empty())
        std::from_chars(number.data(), number.data() + number.size(), m_number);
    m_cells.clear();
    std::size_t column = 0;
    for (const auto &cell : row.children()) {
        if (localName(cell) != "c")
            continue;
        if (const std::string_view address = attributeOf(cell, "r"); !address.empty() && !columnOf(address, column))
            return fail(ErrorCode::Corrupt,
                        m_name + ": row " + std::to_string(m_number) + ": a cell at '" + shown(address) + "'");
        if (column >= kColumns)
            return fail(ErrorCode::Corrupt, m_name + ": row " + std::to_string(m_number) + ": too many cells");
        if (m_texts.size() <= column)
            m_texts.resize(column + 1);
        if (m_cells.size() <= column)
            m_cells.resize(column + 1);
        std::string &text = m_texts[column];
        text.clear();
        const std::string_view type = attributeOf(cell, "t");
        std::string value;
        appendText(value, childOf(cell, "v"));
        std::string_view shownText;
        if (type == "s") {
            std::uint64_t index = 0;
            const auto [end, error] = std::from_chars(value.data(), value.data() + value.size(), index);
            if (error != std::errc() || end != value.data() + value.size() || index >= m_workbook->m_shared.size())
                return fail(ErrorCode::Corrupt,
                            m_name + ": row " + std::to_string(m_number) + ": no text number '" + shown(value) + "'");
            shownText = m_workbook->m_shared.at(index);
        } else {
            if (type == "inlineStr") {
                appendString(text, childOf(cell, "is"));
            } else if (type == "b") {
                text = value.empty() ? "" : isTrue(value) ? "TRUE" : "FALSE";
            } else if (type == "str" || type == "e" || type == "d") {
                text = value;
            } else if (!value.empty()) {
                std::size_t style = 0;
                const std::string_view number = attributeOf(cell, "s");
                std::from_chars(number.data(), number.data() + number.size(), style);
                double serial = 0;
                const bool isNumber =
                    std::from_chars(value.data(), value.data() + value.size(), serial).ec == std::errc();
                if (isNumber && style < m_workbook->m_styles.size())
                    text = textOfSerial(serial, m_workbook->m_styles[style], m_workbook->m_from1904);
                if (text.empty())
                    text = textOfNumber(value);
            }
            shownText = text;
        }
        // Quoted: a decimal comma in it is one. An error such as #N/A says that there is nothing to read.
        m_cells[column] = {shownText, true, type == "e"};
        ++column;
    }
    return true;
}

}
