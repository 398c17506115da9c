#include "core/adapters/files/rows.h"

#include <algorithm>
#include <cstring>

#include "core/adapters/files/celltext.h"
#include "core/adapters/files/jsonscan.h"

namespace winnow::files
{

namespace
{

constexpr std::size_t kKeysRemembered = 10000;
constexpr std::size_t kStopEvery = 256; ///< rows between two looks at the stop token

bool onlyWhiteSpace(std::string_view text)
{
    return skipWhiteSpace(text, 0) == text.size();
}

/// A line that is one whole JSON object.
bool isObjectLine(std::string_view line)
{
    const auto scan = scanJson(line, 0, true);
    return scan.state == JsonScan::State::Complete && line[skipWhiteSpace(line, 0)] == '{'
        && onlyWhiteSpace(line.substr(scan.end));
}

std::string listed(const std::vector<std::string> &names)
{
    std::string text;
    for (std::size_t i = 0; i < names.size() && i < 40; ++i)
        text += (i ? ", " : "") + ("'" + shown(names[i]) + "'");
    return names.size() > 40 ? text + " …" : text;
}

}

std::string toString(Format format)
{
    switch (format) {
    case Format::Csv:
        return "csv";
    case Format::Tsv:
        return "tsv";
    case Format::JsonLines:
        return "jsonl";
    case Format::Xlsx:
        return "xlsx";
    case Format::Json:
        break;
    }
    return "json";
}

std::optional<Format> formatFrom(std::string_view name)
{
    for (const Format format : {Format::Csv, Format::Tsv, Format::JsonLines, Format::Json, Format::Xlsx})
        if (toString(format) == name)
            return format;
    return std::nullopt;
}

std::string RowReader::at(std::uint64_t offset) const
{
    return m_request.path + ": byte " + std::to_string(offset);
}

Result<> RowReader::open(std::stop_token stop)
{
    const std::size_t fields = m_names.fields().size();
    m_columnOf.assign(fields, {});
    m_values.assign(fields, {});
    m_scratch.assign(fields, {});
    m_columns.assign(fields, {});
    m_priorities.assign(fields, 0);
    if (auto opened = openArchive(stop); !opened)
        return opened;
    if (m_request.workbook)
        return openWorkbook(std::move(stop));
    auto source = ByteSource::open(m_request.origin(), m_request.limits);
    if (!source)
        return tl::unexpected(source.error());
    TextWindow window(**source, m_request.encoding);
    if (auto more = window.more(); !more)
        return tl::unexpected(more.error());
    if (auto decided = decideFormat(window); !decided)
        return decided;
    if (isTable())
        if (auto opened = openTable(window); !opened)
            return opened;
    m_twice = (*source)->packed() || m_format == Format::Json;
    if (m_format == Format::Json) {
        // Damage anywhere must be known before the first record is handed out.
        if (auto walked = readDocument(window, {}, stop); !walked)
            return tl::unexpected(walked.error());
        if (m_oneLine && m_rootIsRecord) { // JSON Lines of one line
            m_format = Format::JsonLines;
            m_twice = (*source)->packed();
        }
    }
    if (m_twice) {
        if (auto drained = (*source)->drain(stop); !drained)
            return drained;
        m_firstHash = (*source)->digest();
    }
    m_encoding = window.encoding();
    return {};
}

Result<> RowReader::decideFormat(TextWindow &window)
{
    const std::string_view start = window.rest();
    const std::string_view magic = window.start();
    static constexpr std::pair<std::string_view, const char *> kOthers[] = {
        {"PK\x03\x04", "is an archive within an archive; unpack it first"},
        {"PAR1", "is a Parquet file; this build does not read them"},
        {"\xd0\xcf\x11\xe0", "is an old or encrypted Office file; save it as .xlsx without a password"},
        {"\x1f\x8b", "is packed twice; unpack it first"},
        {"BZh", "is packed with bzip2; unpack it first"},
        {"\xfd"
         "7zXZ",
         "is packed with xz; unpack it first"},
        {"\x28\xb5\x2f\xfd", "is packed with zstd; unpack it first"},
        {"7z\xbc\xaf", "is a 7z archive; unpack it first"},
        {"Rar!", "is a RAR archive; unpack it first"},
        {"%PDF", "is a PDF; export a table instead"},
        {"\x89PNG", "is an image, not a file of records"},
        {"\xff\xd8\xff", "is an image, not a file of records"},
        {"GIF8", "is an image, not a file of records"},
        {"SQLite format 3", "is an SQLite database; export a table from it"},
    };
    for (const auto &[begins, what] : kOthers)
        if (magic.starts_with(begins))
            return fail(ErrorCode::InvalidInput, m_request.path + ": " + what);
    if (m_request.format == Format::Xlsx)
        return fail(ErrorCode::InvalidInput, m_request.path + ": is no workbook");
    const std::string_view head = start.substr(0, 4096);
    const auto controls = std::size_t(std::count_if(head.begin(), head.end(), [](char c) {
        return std::uint8_t(c) < 0x20 && c != '\n' && c != '\r' && c != '\t';
    }));
    if (controls * 10 > head.size())
        return fail(ErrorCode::InvalidInput, m_request.path + ": is not text");
    if (m_request.format) {
        m_format = *m_request.format;
        return {};
    }
    std::size_t first = skipWhiteSpace(start, 0);
    if (first < start.size() && start[first] == '[') {
        m_format = Format::Json;
        return {};
    }
    if (first == start.size() || start[first] != '{') {
        m_format = Format::Csv; // or Tsv, when its delimiter is known
        return {};
    }
    while (window.rest().find('\n', first) == std::string_view::npos && !window.ended()
           && window.rest().size() <= m_request.limits.recordBytes)
        if (auto more = window.more(); !more)
            return tl::unexpected(more.error());
    const std::string_view text = window.rest();
    const std::size_t lineEnd = std::min(text.find('\n', first), text.size());
    if (isObjectLine(text.substr(first, lineEnd - first))) {
        const bool alone = onlyWhiteSpace(text.substr(lineEnd)) && window.ended();
        m_format = alone ? Format::Json : Format::JsonLines;
        m_oneLine = alone; // what it holds decides what it is
        return {};
    }
    m_format = Format::Json;
    const auto scan = scanJson(text, first, window.ended());
    if (scan.state == JsonScan::State::Bad
        || (scan.state == JsonScan::State::Complete && !onlyWhiteSpace(text.substr(scan.end)))) {
        // No document. Lines, of which the first is damaged?
        for (std::size_t from = lineEnd; from < text.size();) {
            const std::size_t end = std::min(text.find('\n', from + 1), text.size());
            if (isObjectLine(text.substr(from, end - from))) {
                m_format = Format::JsonLines;
                break;
            }
            from = end;
        }
    }
    return {};
}

Result<> RowReader::openTable(TextWindow &window)
{
    char found = m_request.delimiter;
    m_separatorLine = separatorLine(window.rest(), found);
    if (m_request.delimiter)
        found = m_request.delimiter;
    else if (m_format == Format::Tsv)
        found = '\t';
    else if (!m_separatorLine)
        found = findDelimiter(window.rest(), window.ended());
    if (m_format == Format::Csv && found == '\t')
        m_format = Format::Tsv;
    m_dialect = {found, true};
    window.consume(m_separatorLine);
    m_headerRow = m_request.headerRow;
    m_headerRows = m_request.layout ? m_request.layout->headerRows : 1;
    if (m_request.header) {
        CsvScanner scanner(m_dialect);
        if (m_request.findHeader)
            findHeader(window.rest(), window.ended());
        for (int rows = 0; rows < m_headerRow + m_headerRows - 1;) {
            const auto state = scanner.next(window.rest(), window.ended());
            if (state == CsvScanner::State::NeedMore && window.rest().size() < m_request.limits.recordBytes) {
                if (auto more = window.more(); !more)
                    return tl::unexpected(more.error());
                continue;
            }
            if (state == CsvScanner::State::End)
                break; // an empty table
            if (state != CsvScanner::State::Record && state != CsvScanner::State::Empty)
                return fail(ErrorCode::InvalidInput, at(window.offset()) + ": quotes in the header are not closed");
            if (state == CsvScanner::State::Record)
                takeHeaderRow(scanner.cells(), ++rows);
            window.consume(scanner.consumed());
        }
    }
    const auto has = [&](std::string_view name) {
        return std::find(m_header.begin(), m_header.end(), name) != m_header.end();
    };
    // Amazon's tables have no quoting at all: a quote is a character like any other.
    if (m_dialect.delimiter == '\t' && has("marketplace") && has("customer_id") && has("review_id"))
        m_dialect.quoting = false;
    return planColumns();
}

/// Where titles or notes stand above the names of the columns.
void RowReader::findHeader(std::string_view text, bool whole)
{
    constexpr int kLooked = 10;
    CsvScanner scanner(m_dialect);
    for (int row = 0; row < kLooked;) {
        const auto state = scanner.next(text, whole);
        if (state != CsvScanner::State::Record && state != CsvScanner::State::Empty)
            return;
        text.remove_prefix(scanner.consumed());
        if (state == CsvScanner::State::Empty)
            continue;
        ++row;
        bool saysText = false;
        if (const std::size_t known = knownColumns(namesOf(scanner.cells()), saysText);
            saysText && (row == 1 || known > 1)) {
            m_headerRow = row;
            return;
        }
    }
}

std::vector<std::string> RowReader::namesOf(const std::vector<Cell> &cells)
{
    std::vector<std::string> names;
    names.reserve(cells.size());
    for (const Cell &cell : cells) {
        names.emplace_back();
        replaceDamage(cell.text, names.back());
    }
    return names;
}

/// \param row  of those with something in them, from 1.
void RowReader::takeHeaderRow(const std::vector<Cell> &cells, int row)
{
    if (row == m_headerRow)
        m_header = namesOf(cells);
    else if (row > m_headerRow)
        m_moreHeader.push_back(namesOf(cells));
}

/// How many of these are names that we know. \param saysText  is there one of what must be there?
std::size_t RowReader::knownColumns(const std::vector<std::string> &header, bool &saysText) const
{
    if (const Layout *layout = m_request.layout.get()) {
        const auto known = std::count_if(layout->known.begin(), layout->known.end(), [&](const std::string &name) {
            return std::any_of(header.begin(), header.end(),
                               [&](const std::string &column) { return isColumn(column, name); });
        });
        saysText = std::size_t(known) == layout->known.size();
        return std::size_t(known);
    }
    std::size_t known = 0;
    for (const std::string &column : header) {
        if (column.size() > 200)
            continue;
        const auto match = m_names.find(column);
        if (!match)
            continue;
        ++known;
        const auto &wanted = m_request.textFields;
        saysText = saysText || wanted.empty()
            || std::find(wanted.begin(), wanted.end(), m_names.fields()[std::size_t(match->field)]) != wanted.end();
    }
    return known;
}

Result<> RowReader::planLayout()
{
    const Layout &layout = *m_request.layout;
    bool saysText = layout.othersAreText;
    for (const auto &[field, columns] : layout.columns) {
        const int index = m_names.fieldOf(field);
        if (index < 0)
            return fail(ErrorCode::Corrupt, "import/layouts.json: /" + layout.name + ": no field '" + field + "'");
        for (const std::string &wanted : columns)
            for (std::size_t i = 0; i < m_header.size(); ++i)
                if (isColumn(m_header[i], wanted))
                    m_columns[std::size_t(index)].push_back(int(i));
        if (const auto &found = m_columns[std::size_t(index)]; !found.empty()) {
            m_columnOf[std::size_t(index)] = m_header[std::size_t(found.front())];
            saysText = saysText || field == "body" || field == "title" || field == "rating";
        }
    }
    if (!saysText && !m_header.empty())
        return fail(ErrorCode::InvalidInput,
                    m_request.path + ": is not what " + layout.name + " reads; columns are " + listed(m_header));
    return {};
}

Result<> RowReader::planColumns()
{
    if (m_request.layout)
        return planLayout();
    const bool byNames = m_request.mapped.empty();
    std::vector<std::optional<ColumnNames::Match>> matches;
    for (const std::string &column : m_header)
        matches.push_back(m_names.find(column));
    for (std::size_t field = 0; field < m_columns.size(); ++field) {
        const std::string &name = m_names.fields()[field];
        const auto wanted = m_request.mapped.find(name);
        if (wanted != m_request.mapped.end()) {
            if (const int *index = std::get_if<int>(&wanted->second)) {
                if (m_request.header && std::size_t(*index) >= m_header.size())
                    return fail(ErrorCode::InvalidInput,
                                m_request.path + ": /mapping/" + name + ": no column " + std::to_string(*index)
                                    + "; there are " + std::to_string(m_header.size()));
                m_columns[field] = {*index};
                m_columnOf[field] = m_request.header ? m_header[std::size_t(*index)] : std::to_string(*index);
                continue;
            }
            const auto &column = std::get<std::string>(wanted->second);
            const auto columns = [&](auto &&same) {
                for (std::size_t i = 0; i < m_header.size(); ++i)
                    if (same(m_header[i]))
                        m_columns[field].push_back(int(i));
            };
            columns([&](const std::string &there) { return there == column; });
            if (m_columns[field].empty())
                columns([&](const std::string &there) { return normalisedName(there) == normalisedName(column); });
            if (m_columns[field].empty())
                return fail(ErrorCode::InvalidInput,
                            m_request.path + ": /mapping/" + name + ": no column '" + shown(column) + "'; columns are "
                                + listed(m_header));
            m_columnOf[field] = m_header[std::size_t(m_columns[field].front())];
            continue;
        }
        const auto &also = m_request.alsoByName;
        if (!byNames && std::find(also.begin(), also.end(), name) == also.end())
            continue;
        for (std::size_t i = 0; i < m_header.size(); ++i) {
            const auto &match = matches[i];
            if (!match || match->field != int(field))
                continue;
            if (m_columns[field].empty() || match->priority < m_priorities[field]) {
                m_columns[field] = {int(i)};
                m_priorities[field] = match->priority;
                m_columnOf[field] = m_header[i];
            } else if (match->priority == m_priorities[field]) {
                m_columns[field].push_back(int(i));
            }
        }
    }
    if (!byNames || m_header.empty())
        return {};
    const auto &wanted = m_request.textFields;
    if (!wanted.empty() && std::none_of(wanted.begin(), wanted.end(), [&](const std::string &field) {
            return !m_columns[std::size_t(m_names.fieldOf(field))].empty();
        }))
        return fail(ErrorCode::InvalidInput,
                    m_request.path + ": no column has a known name; columns are " + listed(m_header)
                        + "; say which is which with a mapping file");
    return {};
}

Result<RowReader::Ending> RowReader::read(const Handler &handler, std::stop_token stop)
{
    if (m_request.workbook)
        return readWorkbook(handler, std::move(stop));
    auto source = ByteSource::open(m_request.origin(), m_request.limits);
    if (!source)
        return tl::unexpected(source.error());
    TextWindow window(**source, m_request.encoding);
    if (auto more = window.more(); !more)
        return tl::unexpected(more.error());
    Ending ending;
    m_reading = source->get();
    const auto toTheEnd = isTable()     ? readTable(window, handler, ending, stop)
        : m_format == Format::JsonLines ? readLines(window, handler, ending, stop)
                                        : readDocument(window, handler, stop);
    m_reading = nullptr;
    if (!toTheEnd)
        return tl::unexpected(toTheEnd.error());
    if (!*toTheEnd)
        return ending; // the handler has seen enough
    if (auto drained = (*source)->drain(stop); !drained)
        return tl::unexpected(drained.error());
    ending.sha256 = (*source)->digest();
    ending.bytes = (*source)->bytesOnDisk();
    if (m_twice && ending.sha256 != m_firstHash)
        return fail(ErrorCode::Corrupt, m_request.path + ": changed while it was read");
    return ending;
}

double RowReader::done() const
{
    if (!m_reading || m_reading->bytesThere() == 0)
        return 0;
    return std::min(1.0, double(m_reading->bytesOnDisk()) / double(m_reading->bytesThere()));
}

Result<bool> RowReader::readTable(TextWindow &window, const Handler &handler, Ending &ending, std::stop_token stop)
{
    window.consume(std::min<std::size_t>(m_separatorLine, window.rest().size()));
    CsvScanner scanner(m_dialect);
    std::uint64_t number = m_separatorLine ? 1 : 0;
    int headers = m_request.header ? m_headerRow + m_headerRows - 1 : 0;
    for (std::size_t loops = 0;; ++loops) {
        if (loops % kStopEvery == 0 && stop.stop_requested())
            return fail(ErrorCode::Cancelled, m_request.path + ": stopped");
        auto state = scanner.next(window.rest(), window.ended());
        if (state == CsvScanner::State::NeedMore) {
            if (window.rest().size() <= m_request.limits.recordBytes) {
                if (auto more = window.more(); !more)
                    return tl::unexpected(more.error());
                continue;
            }
            state = CsvScanner::State::OpenQuote;
        }
        if (state == CsvScanner::State::End)
            return true;
        ++number;
        Row row;
        row.offset = window.offset();
        row.number = number;
        if (state == CsvScanner::State::OpenQuote) {
            const bool whole = window.ended();
            const std::string why = whole ? "quotes are not closed"
                                          : "record longer than " + std::to_string(m_request.limits.recordBytes >> 20)
                    + " MiB (quotes not closed?)";
            row.problem = why;
            row.slice = window.rest();
            row.endOffset = row.offset; // what follows is read again when the file is mended
            ending.brokenOff = Error{ErrorCode::Corrupt,
                                     m_request.path + ": row " + std::to_string(number) + ", byte "
                                         + std::to_string(row.offset) + ": " + why};
            const auto taken = handler(row);
            if (!taken)
                return tl::unexpected(taken.error());
            return *taken;
        }
        if (state == CsvScanner::State::Record && headers > 0) {
            --headers;
        } else if (state == CsvScanner::State::Record) {
            row.slice = window.rest().substr(0, scanner.size());
            row.endOffset = row.offset + scanner.consumed();
            row.damaged = !isUtf8(row.slice);
            const auto going = handRow(row, scanner.cells(), handler);
            if (!going || !*going)
                return going;
        }
        window.consume(scanner.consumed());
    }
}

Result<bool> RowReader::handRow(Row &row, const std::vector<Cell> &cells, const Handler &handler)
{
    const auto says = [](const Cell &cell) { return !cell.text.empty() && !cell.nothing; };
    if (std::none_of(cells.begin(), cells.end(), says))
        return true; // a row of empty cells is no row
    row.cells = cells;
    row.ragged = cells.size() < m_header.size();
    for (std::size_t field = 0; field < m_columns.size(); ++field) {
        Value &value = m_values[field];
        value = {};
        value.priority = m_priorities[field];
        for (const int column : m_columns[field]) {
            if (std::size_t(column) >= cells.size())
                continue;
            const Cell &cell = cells[std::size_t(column)];
            if ((value.kind == Value::Kind::Absent || value.text.empty()) && !cell.nothing) {
                value.kind = Value::Kind::Text;
                value.text = cell.text;
                value.quoted = cell.quoted;
            }
        }
    }
    row.values = m_values;
    return handler(row);
}

Result<bool> RowReader::readLines(TextWindow &window, const Handler &handler, Ending &ending, std::stop_token stop)
{
    const std::size_t limit = m_request.limits.recordBytes;
    std::size_t searched = 0;
    bool tooLong = false; // the rest of a line that was refused
    std::uint64_t number = 0;
    for (std::size_t loops = 0;; ++loops) {
        if (loops % kStopEvery == 0 && stop.stop_requested())
            return fail(ErrorCode::Cancelled, m_request.path + ": stopped");
        const std::string_view rest = window.rest();
        const std::size_t newline = rest.find('\n', searched);
        if (newline == std::string_view::npos && !window.ended() && rest.size() <= limit) {
            searched = rest.size();
            if (auto more = window.more(); !more)
                return tl::unexpected(more.error());
            continue;
        }
        searched = 0;
        if (rest.empty())
            return true;
        const bool cut = newline == std::string_view::npos && !window.ended();
        const std::size_t consumed = newline == std::string_view::npos ? rest.size() : newline + 1;
        std::string_view line = rest.substr(0, newline);
        const std::size_t from = skipWhiteSpace(line, 0);
        Row row;
        bool hand = false, broken = false;
        if (!tooLong) {
            ++number;
            if (cut || line.size() > limit) {
                row.offset = window.offset();
                row.number = number;
                row.slice = line.substr(0, 65536);
                row.problem = "line longer than " + std::to_string(limit >> 20) + " MiB";
                hand = true;
            } else if (from < line.size()) {
                const auto scan = scanJson(line, from, true);
                if (scan.state == JsonScan::State::Complete && onlyWhiteSpace(line.substr(scan.end))) {
                    row = jsonRow(line.substr(from, scan.end - from), window.offset() + from, number, scan.depth);
                } else {
                    row.offset = window.offset();
                    row.number = number;
                    row.slice = line.ends_with('\r') ? line.substr(0, line.size() - 1) : line;
                    row.problem = scan.state == JsonScan::State::Complete ? "not JSON: more than one value"
                                                                          : std::string("not JSON: ") + scan.reason
                            + " (byte " + std::to_string(scan.end) + " of the line)";
                    // Without a line end the file was cut off here, perhaps while it is still being written.
                    broken = newline == std::string_view::npos && scan.end >= line.size();
                }
                hand = true;
            }
        }
        row.endOffset = window.offset() + (broken ? 0 : consumed);
        if (broken)
            ending.brokenOff = Error{ErrorCode::Corrupt,
                                     m_request.path + ": line " + std::to_string(number) + ", byte "
                                         + std::to_string(row.offset) + ": breaks off"};
        if (hand) {
            const auto taken = handler(row);
            if (!taken)
                return tl::unexpected(taken.error());
            if (!*taken)
                return false;
        }
        tooLong = cut;
        window.consume(consumed);
    }
}

Row RowReader::jsonRow(std::string_view slice, std::uint64_t offset, std::uint64_t number, unsigned depth)
{
    Row row;
    row.offset = offset;
    row.number = number;
    row.slice = slice;
    if (slice.front() != '{') {
        row.problem = "not an object";
    } else if (depth > m_request.limits.jsonDepth) {
        row.problem = "nested deeper than " + std::to_string(m_request.limits.jsonDepth) + " levels";
    } else {
        row.damaged = !isUtf8(slice);
        fillFromObject(slice);
        row.values = m_values;
    }
    return row;
}

RowReader::KeySlot &RowReader::slotOf(std::string_view path)
{
    if (m_slots.size() > kKeysRemembered) { // a file of ever new names
        m_slots.clear();
        m_order.clear();
    }
    const auto [it, isNew] = m_slots.try_emplace(std::string(path));
    KeySlot &slot = it->second;
    if (!isNew)
        return slot;
    slot.path = path;
    std::string name = "\"" + slot.path + "\"", plain;
    if (!isPlainString(name))
        unescape(name, plain);
    else
        plain = slot.path;
    if (m_request.layout) {
        for (const auto &[field, columns] : m_request.layout->columns)
            for (std::size_t i = 0; i < columns.size(); ++i)
                if (isColumn(plain, columns[i])) {
                    slot.field = m_names.fieldOf(field);
                    slot.priority = int(i);
                }
        return slot;
    }
    for (const auto &[field, column] : m_request.mapped) {
        const std::string *wanted = std::get_if<std::string>(&column);
        if (!wanted)
            continue;
        const bool same = *wanted == plain;
        if (same || normalisedName(*wanted) == normalisedName(plain)) {
            slot.field = m_names.fieldOf(field);
            slot.priority = same ? 0 : 1;
        }
        slot.leadsOn = slot.leadsOn || (normalisedName(*wanted)).starts_with(normalisedName(plain) + ".");
    }
    if (const auto match = m_names.find(plain); match && slot.field < 0) {
        const auto &also = m_request.alsoByName;
        const std::string &field = m_names.fields()[std::size_t(match->field)];
        if (m_request.mapped.empty()
            || (!m_request.mapped.contains(field) && std::find(also.begin(), also.end(), field) != also.end())) {
            slot.field = match->field;
            slot.priority = match->priority;
        }
    }
    slot.leadsOn = slot.leadsOn || (m_request.mapped.empty() && m_names.leadsOn(plain));
    return slot;
}

void RowReader::fillFromObject(std::string_view object)
{
    for (Value &value : m_values)
        value = {};
    fillMembers(object, {});
}

void RowReader::fillMembers(std::string_view object, const std::string &prefix)
{
    JsonWalk walk(object);
    for (std::size_t place = 0; walk.next(); ++place) {
        KeySlot *slot;
        if (!prefix.empty()) {
            slot = &slotOf(prefix + std::string(walk.key()));
        } else if (place < m_order.size() && m_order[place]->path == walk.key()) {
            slot = m_order[place]; // rows of one file name their members in one order, mostly
        } else {
            slot = &slotOf(walk.key());
            if (place > m_order.size())
                m_order.resize(place, slot);
            if (place < m_order.size())
                m_order[place] = slot;
            else if (place < kKeysRemembered)
                m_order.push_back(slot);
        }
        const std::string_view text = walk.value();
        if (slot->field >= 0) {
            const auto field = std::size_t(slot->field);
            Value value;
            value.priority = slot->priority;
            switch (text.front()) {
            case '"':
                value.kind = Value::Kind::Text;
                value.text = text.substr(1, text.size() - 2);
                break;
            case 'n':
                value.kind = Value::Kind::Null;
                break;
            case 't':
            case 'f':
                value.kind = Value::Kind::Bool;
                value.text = text;
                break;
            case '{':
            case '[':
                value.kind = Value::Kind::Nested;
                value.text = text;
                break;
            default:
                value.kind = Value::Kind::Number;
                value.text = text;
            }
            // What says something goes before what does not, then the better name, then the later one.
            const auto says = [](const Value &v) {
                return (v.kind == Value::Kind::Text && !v.text.empty()) || v.kind == Value::Kind::Number
                    || v.kind == Value::Kind::Bool;
            };
            const Value &old = m_values[field];
            const bool better = old.kind == Value::Kind::Absent || says(value) > says(old)
                || (says(value) == says(old) && value.priority <= old.priority);
            if (better) {
                if (value.kind == Value::Kind::Text && !isPlainString(text)) {
                    value.replaced = unescape(text, m_scratch[field]);
                    value.text = m_scratch[field];
                }
                m_values[field] = value;
                if (m_columnOf[field].empty())
                    m_columnOf[field] = slot->path;
            }
        }
        if (slot->leadsOn && text.front() == '{') {
            const std::string path = slot->path + ".";
            fillMembers(text, path);
        }
    }
}

}
