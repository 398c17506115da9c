// RowReader's part for archives and workbooks.

#include <algorithm>

#include "core/adapters/files/celltext.h"
#include "core/adapters/files/rows.h"

namespace winnow::files
{

namespace
{

constexpr std::uint64_t kStopEvery = 256;
constexpr int kLooked = 10; ///< rows that titles may take above a header

bool saysSomething(const std::vector<Cell> &cells)
{
    return std::any_of(cells.begin(), cells.end(), [](const Cell &cell) { return !cell.text.empty(); });
}

}

/// A file that is a ZIP archive must be a workbook here: what else archives hold is for those who know their members.
Result<> RowReader::openArchive(std::stop_token stop)
{
    if (m_request.archive || m_request.pasted)
        return {};
    const auto packed = startsArchive(m_request);
    if (!packed)
        return tl::unexpected(packed.error());
    if (!*packed)
        return {};
    auto archive = Archive::open(m_request.path, m_request.limits);
    if (!archive)
        return tl::unexpected(archive.error());
    if (!Workbook::isWorkbook(**archive))
        return fail(ErrorCode::InvalidInput, m_request.path + ": is a ZIP archive and no workbook; unpack it first");
    const auto digest = (*archive)->digest(stop);
    if (!digest)
        return tl::unexpected(digest.error());
    m_firstHash = *digest;
    m_twice = true;
    if (auto sound = (*archive)->check(stop); !sound)
        return sound;
    auto workbook = Workbook::open(*archive, m_request.limits, std::move(stop));
    if (!workbook)
        return tl::unexpected(workbook.error());
    m_request.archive = std::move(*archive);
    m_request.workbook = std::move(*workbook);
    return {};
}

/// Finds the sheet whose header fits best, and those that go on with the same header.
Result<> RowReader::openWorkbook(std::stop_token stop)
{
    if (m_request.format && m_request.format != Format::Xlsx && !m_request.layout)
        return fail(ErrorCode::InvalidInput, m_request.path + ": is a workbook, not " + toString(*m_request.format));
    m_format = Format::Xlsx;
    m_headerRow = m_request.headerRow;
    m_headerRows = m_request.layout ? m_request.layout->headerRows : 1;
    const auto &sheets = m_request.workbook->sheets();
    const bool anyVisible =
        std::any_of(sheets.begin(), sheets.end(), [](const Workbook::Sheet &sheet) { return !sheet.hidden; });
    struct Candidate {
        std::size_t sheet = 0;
        std::vector<std::vector<std::string>> top; ///< its first rows that hold something
        int headerRow = 1;
        std::size_t known = 0;
        bool saysText = false;

        [[nodiscard]] const std::vector<std::string> &header() const
        {
            static const std::vector<std::string> none;
            return std::size_t(headerRow) <= top.size() ? top[std::size_t(headerRow) - 1] : none;
        }
    };
    std::vector<Candidate> candidates;
    for (std::size_t i = 0; i < sheets.size(); ++i) {
        if (stop.stop_requested())
            return fail(ErrorCode::Cancelled, m_request.path + ": stopped");
        m_sheetNames.push_back(sheets[i].name);
        if (m_request.sheet.empty() ? anyVisible && sheets[i].hidden : sheets[i].name != m_request.sheet)
            continue;
        auto rows = Workbook::Rows::open(*m_request.workbook, sheets[i]);
        if (!rows)
            return tl::unexpected(rows.error());
        Candidate candidate;
        candidate.sheet = i;
        candidate.headerRow = m_headerRow;
        const std::size_t wanted = std::size_t(std::max(kLooked, m_headerRow) + m_headerRows);
        while (candidate.top.size() < wanted) {
            const auto there = (*rows)->next();
            if (!there)
                return tl::unexpected(there.error());
            if (!*there)
                break;
            if (saysSomething((*rows)->cells()))
                candidate.top.push_back(namesOf((*rows)->cells()));
        }
        if (m_request.header)
            for (std::size_t row = 0; m_request.findHeader && row < candidate.top.size() && row < kLooked; ++row) {
                bool saysText = false;
                if (const std::size_t known = knownColumns(candidate.top[row], saysText);
                    saysText && (row == 0 || known > 1)) {
                    candidate.headerRow = int(row) + 1;
                    break;
                }
            }
        candidate.known = knownColumns(candidate.header(), candidate.saysText);
        candidates.push_back(std::move(candidate));
    }
    if (candidates.empty()) {
        std::string names;
        for (const std::string &name : m_sheetNames)
            names += (names.empty() ? "'" : ", '") + shown(name) + "'";
        return fail(ErrorCode::InvalidInput,
                    m_request.path + ": /sheet: no sheet '" + shown(m_request.sheet) + "'; sheets are " + names);
    }
    const auto worth = [](const Candidate &candidate) {
        return std::tuple(candidate.saysText, candidate.known, !candidate.top.empty());
    };
    const Candidate &best =
        *std::max_element(candidates.begin(), candidates.end(),
                          [&](const Candidate &a, const Candidate &b) { return worth(a) < worth(b); });
    m_headerRow = best.headerRow;
    for (const Candidate &candidate : candidates)
        if (candidate.sheet == best.sheet
            || (m_request.header && candidate.headerRow == best.headerRow && !best.header().empty()
                && candidate.header() == best.header())) {
            m_sheets.push_back(candidate.sheet);
            m_sheetsRead.push_back(sheets[candidate.sheet].name);
        }
    if (m_request.header)
        for (std::size_t row = 0; row < best.top.size(); ++row) {
            const int number = int(row) + 1;
            if (number == m_headerRow)
                m_header = best.top[row];
            else if (number > m_headerRow && number < m_headerRow + m_headerRows)
                m_moreHeader.push_back(best.top[row]);
        }
    return planColumns();
}

Result<RowReader::Ending> RowReader::readWorkbook(const Handler &handler, std::stop_token stop)
{
    Ending ending;
    std::uint64_t loops = 0;
    for (const std::size_t sheet : m_sheets) {
        const auto &its = m_request.workbook->sheets()[sheet];
        auto rows = Workbook::Rows::open(*m_request.workbook, its);
        if (!rows)
            return tl::unexpected(rows.error());
        int headers = m_request.header ? m_headerRow + m_headerRows - 1 : 0;
        for (;;) {
            if (++loops % kStopEvery == 0 && stop.stop_requested())
                return fail(ErrorCode::Cancelled, m_request.path + ": stopped");
            const auto there = (*rows)->next();
            if (!there)
                return tl::unexpected(there.error());
            if (!*there)
                break;
            const auto &cells = (*rows)->cells();
            if (headers > 0) {
                headers -= saysSomething(cells);
                continue;
            }
            Row row;
            row.number = (*rows)->number();
            row.offset = (*rows)->offset();
            row.endOffset = row.offset;
            row.slice = (*rows)->slice();
            row.sheet = its.name;
            row.damaged = std::any_of(cells.begin(), cells.end(), [](const Cell &cell) { return !isUtf8(cell.text); });
            const auto going = handRow(row, cells, handler);
            if (!going)
                return tl::unexpected(going.error());
            if (!*going)
                return ending; // the handler has seen enough
        }
    }
    if (m_twice) {
        const auto digest = m_request.archive->digest(std::move(stop));
        if (!digest)
            return tl::unexpected(digest.error());
        if (*digest != m_firstHash)
            return fail(ErrorCode::Corrupt, m_request.path + ": changed while it was read");
    }
    ending.sha256 = m_firstHash;
    ending.bytes = m_request.archive->bytesOnDisk();
    return ending;
}

}
