#include "core/adapters/files/csvscan.h"

#include <algorithm>
#include <cstring>
#include <map>

namespace winnow::files
{

CsvScanner::State CsvScanner::next(std::string_view text, bool last)
{
    const char *const data = text.data();
    const std::size_t end = text.size();
    const char delimiter = m_dialect.delimiter;
    if (end == 0)
        return last ? State::End : State::NeedMore;
    m_pieces.clear();
    m_scratch.clear();
    std::size_t i = 0;
    // Ends the record at i, which holds a line end or is the end of the text.
    const auto finish = [&](bool empty) {
        m_size = i;
        if (i < end) {
            if (data[i] == '\r') {
                if (i + 1 == end && !last)
                    return State::NeedMore; // perhaps CRLF
                if (i + 1 < end && data[i + 1] == '\n')
                    ++i;
            }
            ++i;
        }
        m_consumed = i;
        if (empty)
            return State::Empty;
        m_cells.resize(m_pieces.size());
        for (std::size_t k = 0; k < m_pieces.size(); ++k) {
            const Piece &piece = m_pieces[k];
            m_cells[k] = {{(piece.inScratch ? m_scratch.data() : data) + piece.start, piece.size}, piece.quoted, false};
        }
        return State::Record;
    };
    if (data[0] == '\r' || data[0] == '\n')
        return finish(true);
    for (;;) {
        Piece piece{i, 0, false, false};
        if (m_dialect.quoting && i < end && data[i] == '"') {
            piece = {++i, 0, false, true};
            for (;;) {
                const auto *quote = static_cast<const char *>(std::memchr(data + i, '"', end - i));
                if (!quote)
                    return last ? State::OpenQuote : State::NeedMore;
                const std::size_t at = std::size_t(quote - data);
                if (at + 1 == end && !last)
                    return State::NeedMore; // perhaps a doubled quote
                const bool doubled = at + 1 < end && data[at + 1] == '"';
                if (doubled && !piece.inScratch) {
                    const std::size_t start = m_scratch.size();
                    m_scratch.append(data + piece.start, at + 1 - piece.start);
                    piece.start = start;
                    piece.inScratch = true;
                } else if (doubled || piece.inScratch) {
                    m_scratch.append(data + i, at + (doubled ? 1 : 0) - i);
                }
                i = at + (doubled ? 2 : 1);
                if (!doubled) {
                    piece.size = piece.inScratch ? m_scratch.size() - piece.start : at - piece.start;
                    break;
                }
            }
        }
        const std::size_t plain = i;
        while (i < end && data[i] != delimiter && data[i] != '\n' && data[i] != '\r')
            ++i;
        if (i == end && !last)
            return State::NeedMore;
        if (!piece.quoted) {
            piece.size = i - plain;
        } else if (i > plain) {
            if (!piece.inScratch) {
                const std::size_t start = m_scratch.size();
                m_scratch.append(data + piece.start, piece.size);
                piece.start = start;
                piece.inScratch = true;
            }
            m_scratch.append(data + plain, i - plain);
            piece.size = m_scratch.size() - piece.start;
        }
        m_pieces.push_back(piece);
        if (i < end && data[i] == delimiter) {
            ++i;
            continue;
        }
        return finish(false);
    }
}

char findDelimiter(std::string_view head, bool whole)
{
    constexpr int kRecords = 100;
    char best = ',';
    double bestEvenness = 0;
    std::size_t bestColumns = 1;
    for (const char delimiter : {',', ';', '\t', '|'}) {
        CsvScanner scanner({delimiter, true});
        std::map<std::size_t, int> counts;
        int records = 0;
        for (std::string_view rest = head; records < kRecords;) {
            const auto state = scanner.next(rest, whole);
            if (state != CsvScanner::State::Record && state != CsvScanner::State::Empty)
                break;
            rest.remove_prefix(scanner.consumed());
            if (state == CsvScanner::State::Record) {
                ++counts[scanner.cells().size()];
                ++records;
            }
        }
        std::size_t columns = 1;
        int most = 0;
        for (const auto &[count, times] : counts) {
            if (count > 1 && times > most) {
                most = times;
                columns = count;
            }
        }
        if (most == 0)
            continue;
        const double evenness = double(most) / records;
        if (evenness > bestEvenness || (evenness == bestEvenness && columns > bestColumns)) {
            best = delimiter;
            bestEvenness = evenness;
            bestColumns = columns;
        }
    }
    return best;
}

std::size_t separatorLine(std::string_view head, char &delimiter)
{
    if (head.size() < 5)
        return 0;
    const bool quoted = head.front() == '"';
    const std::string_view line = head.substr(quoted ? 1 : 0);
    if (line.size() < 5 || (line.substr(0, 4) != "sep=" && line.substr(0, 4) != "SEP=" && line.substr(0, 4) != "Sep="))
        return 0;
    std::size_t at = 5 + (quoted ? 1 : 0);
    if (quoted) {
        if (at >= head.size() || head[at] != '"')
            return 0;
        ++at;
    }
    if (at < head.size() && head[at] != '\r' && head[at] != '\n')
        return 0;
    if (at < head.size() && head[at] == '\r')
        ++at;
    if (at < head.size() && head[at] == '\n')
        ++at;
    delimiter = line[4];
    return at;
}

}
