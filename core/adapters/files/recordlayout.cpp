// RecordMaker's part for exports whose columns are known by heart.

#include <algorithm>
#include <mutex>

#include "core/adapters/files/celltext.h"
#include "core/adapters/files/jsonscan.h"
#include "core/adapters/files/recordmaker.h"
#include "core/adapters/files/values.h"

namespace winnow::files
{

namespace
{

constexpr std::size_t kSample = 1000; ///< rows looked at to tell what a question asks for

/// The value of `name` in the query of an address, percent signs decoded.
std::string parameterOf(std::string_view url, std::string_view name)
{
    const std::size_t query = url.find('?');
    if (query == std::string_view::npos)
        return {};
    for (std::size_t from = query + 1; from < url.size();) {
        const std::size_t end = std::min(url.find_first_of("&#", from), url.size());
        const std::string_view pair = url.substr(from, end - from);
        if (pair.size() > name.size() && pair.starts_with(name) && pair[name.size()] == '=') {
            std::string value;
            for (std::size_t i = name.size() + 1; i < pair.size(); ++i) {
                const auto digit = [&](std::size_t at) {
                    constexpr std::string_view kDigits = "0123456789abcdef0123456789ABCDEF";
                    const std::size_t found = at < pair.size() ? kDigits.find(pair[at]) : std::string_view::npos;
                    return found == std::string_view::npos ? -1 : int(found % 16);
                };
                if (pair[i] == '%' && digit(i + 1) >= 0 && digit(i + 2) >= 0) {
                    value += char(digit(i + 1) * 16 + digit(i + 2));
                    i += 2;
                } else {
                    value += pair[i];
                }
            }
            return value;
        }
        from = end + 1;
    }
    return {};
}

/// `{"ImportId":"startDate","timeZone":"America/Denver"}`
std::string zoneIn(std::string_view cell)
{
    if (scanJson(cell, 0, true).state != JsonScan::State::Complete || !cell.starts_with('{'))
        return {};
    for (JsonWalk walk(cell); walk.next();)
        if (walk.key() == "timeZone" && walk.value().size() > 2 && isPlainString(walk.value()))
            return std::string(walk.value().substr(1, walk.value().size() - 2));
    return {};
}

}

Result<> RecordMaker::prepareLayout()
{
    const Layout &layout = *m_request.layout;
    if (m_channel == "other" || m_channel.empty())
        m_channel = layout.channel.empty() ? m_names.channelOf(layout.source) : layout.channel;
    if (!m_scale && !layout.ratingScale.empty())
        m_scale = layout.ratingScale;
    m_html = m_html || layout.bodyFormat == "html";
    const auto &header = m_reader->header();
    const auto columnNamed = [&](const std::string &name) {
        for (std::size_t i = 0; i < header.size(); ++i)
            if (isColumn(header[i], name))
                return int(i);
        return -1;
    };
    std::string zone = layout.timezone;
    const auto &more = m_reader->moreHeader();
    if (more.size() > 1)
        for (const std::string &cell : more[1])
            if (zone.empty())
                zone = zoneIn(cell);
    if (!m_zone && !zone.empty() && zone != "UTC")
        if (auto named = Zone::named(zone))
            m_zone = std::move(*named);
    m_created.setRules(DateOrder::Unknown, m_zone ? &*m_zone : nullptr, zone == "UTC");
    m_updated.setRules(DateOrder::Unknown, m_zone ? &*m_zone : nullptr, zone == "UTC");
    const auto isLowered = [&](const std::string &name) {
        return std::find(layout.loweredIdentity.begin(), layout.loweredIdentity.end(), name)
            != layout.loweredIdentity.end();
    };
    for (const std::string &name : layout.identity)
        m_identity.emplace_back(columnNamed(name), !isLowered(name));
    if (!layout.skipColumn.empty())
        m_skipColumn = columnNamed(layout.skipColumn);
    if (!layout.othersAreText)
        return {};
    std::string carried; // a question goes on over blank cells
    for (std::size_t i = 0; i < header.size(); ++i) {
        const bool used = reads(int(i))
            || std::any_of(layout.notAsked.begin(), layout.notAsked.end(),
                           [&](const std::string &name) { return isColumn(header[i], name); });
        if (used) {
            carried.clear();
            continue;
        }
        std::string question(trimmed(header[i]));
        const std::string below(!more.empty() && i < more[0].size() ? trimmed(more[0][i]) : std::string_view());
        if (layout.headerRows == 2) { // the question, and under it one of the answers, or how it is answered
            if (question.empty())
                question = carried;
            else
                carried = question;
            const std::string plain = lowered(below);
            if (!below.empty() && plain != "open-ended response" && plain != "response")
                question += (question.empty() ? "" : " / ") + below;
        } else if (layout.headerRows == 3 && !below.empty()) {
            question = below;
        }
        for (char &c : question)
            if (c == '\n' || c == '\r' || c == '\t')
                c = ' ';
        if (!question.empty())
            m_questions.push_back({int(i), question});
    }
    if (!layout.ratingAmongOthers || m_questions.empty())
        return {};
    // The first question that is answered by whole numbers of 0 to 10 only asks for a rating.
    struct Seen {
        bool numbers = true, any = false;
        double most = 0, least = 10;
    };
    std::vector<Seen> seen(m_questions.size());
    std::size_t rows = 0;
    RowReader reader(m_request, m_names);
    if (auto opened = reader.open(m_stop); !opened)
        return opened;
    auto looked = reader.read(
        [&](const Row &row) -> Result<bool> {
            for (std::size_t i = 0; i < seen.size(); ++i) {
                const std::string cell = cellOf(row, m_questions[i].column);
                const std::string_view text = trimmed(cell);
                if (text.empty())
                    continue;
                seen[i].any = true;
                if (text.size() > 2 || text.find_first_not_of("0123456789") != std::string_view::npos
                    || (text.size() == 2 && text != "10")) {
                    seen[i].numbers = false;
                    continue;
                }
                const double value = text == "10" ? 10 : text[0] - '0';
                seen[i].most = std::max(seen[i].most, value);
                seen[i].least = std::min(seen[i].least, value);
            }
            return ++rows < kSample;
        },
        m_stop);
    if (!looked)
        return tl::unexpected(looked.error());
    const auto asked = std::find_if(seen.begin(), seen.end(), [](const Seen &s) { return s.any && s.numbers; });
    if (asked == seen.end())
        return {};
    const auto index = std::size_t(asked - seen.begin());
    m_ratingColumn = m_questions[index].column;
    const std::string question = lowered(m_questions[index].text);
    const bool recommends = question.find("recommend") != std::string::npos || question.find("nps") != std::string::npos
        || question.find("likely") != std::string::npos || question.find("weiterempfehl") != std::string::npos
        || question.find("recommand") != std::string::npos || question.find("recomend") != std::string::npos
        || question.find("consigli") != std::string::npos;
    m_ratingScale = recommends || asked->most > 7 ? "nps_0_10"
        : asked->most <= 5 && asked->least >= 1   ? "csat_1_5"
                                                  : "other";
    m_questions.erase(m_questions.begin() + std::ptrdiff_t(index));
    return {};
}

bool RecordMaker::reads(int column) const
{
    for (std::size_t field = 0; field < FieldCount; ++field) {
        const auto &columns = m_reader->columnsOf(int(field));
        if (std::find(columns.begin(), columns.end(), column) != columns.end())
            return true;
    }
    return m_ratingColumn == column
        || std::any_of(m_questions.begin(), m_questions.end(),
                       [&](const Question &question) { return question.column == column; });
}

std::string RecordMaker::cellOf(const Row &row, int column) const
{
    if (column < 0 || std::size_t(column) >= row.cells.size() || row.cells[std::size_t(column)].nothing)
        return {};
    const std::string_view text = row.cells[std::size_t(column)].text;
    std::string sound;
    if (row.damaged && replaceDamage(text, sound))
        return sound;
    return std::string(text);
}

bool RecordMaker::isSkipped(const Row &row) const
{
    const auto &values = m_request.layout->skipValues;
    const std::string cell = cellOf(row, m_skipColumn);
    return std::find(values.begin(), values.end(), std::string(trimmed(cell))) != values.end();
}

void RecordMaker::answers(const Row &row, Record &record)
{
    std::string answer;
    for (const Question &question : m_questions) {
        if (question.column < 0 || std::size_t(question.column) >= row.cells.size())
            continue;
        const Cell &cell = row.cells[std::size_t(question.column)];
        if (cell.nothing)
            continue;
        record.flags |= cleanText(cell.text, row.damaged, answer);
        if (answer.empty())
            continue;
        if (!record.body.empty())
            record.body += '\n';
        record.body += question.text;
        record.body += ": ";
        record.body += answer;
    }
    if (!m_ratingColumn)
        return;
    const std::string cell = cellOf(row, *m_ratingColumn);
    if (isBlank(cell))
        return;
    const auto read = readRating(cell, m_ratingScale, true);
    record.rating = read.value;
    if (read.outOfRange)
        record.set(RecordFlag::RatingOutOfRange);
    if (read.value || read.outOfRange)
        record.ratingScale = m_ratingScale;
}

/// \returns true where the layout knows the record's id.
bool RecordMaker::layoutId(const Row &row, Record &record)
{
    const Layout &layout = *m_request.layout;
    if (!layout.idParameter.empty()) {
        std::string url;
        text(row, Url, url, record);
        record.sourceRecordId = parameterOf(url, layout.idParameter);
        return !record.sourceRecordId.empty();
    }
    if (!layout.joinedId.empty() && !m_table) {
        std::string joined, plain;
        std::size_t found = 0;
        for (const std::string &name : layout.joinedId) {
            for (JsonWalk walk(row.slice); walk.next();)
                if (walk.key() == name && walk.value().size() > 0 && walk.value() != "null") {
                    if (walk.value().front() == '"')
                        unescape(walk.value(), plain);
                    else
                        plain = walk.value(); // digits as written
                    joined += (found++ ? ":" : "") + plain;
                    break;
                }
        }
        if (found < layout.joinedId.size())
            return false;
        record.flags |= cleanText(joined, row.damaged, record.sourceRecordId);
        return !record.sourceRecordId.empty();
    }
    text(row, SourceRecordId, record.sourceRecordId, record);
    if (record.sourceRecordId.empty())
        return false;
    record.sourceRecordId = layout.idPrefix + record.sourceRecordId;
    return true;
}

Result<ColumnNames> recordColumns()
{
    // Read once: whoever imports many small files, or tries mappings in a window, asks again and again.
    static std::mutex mutex;
    static std::optional<ColumnNames> shipped;
    const std::lock_guard lock(mutex);
    if (shipped)
        return *shipped;
    auto names = ColumnNames::shipped("records");
    if (!names)
        return names;
    if (!std::equal(names->fields().begin(), names->fields().end(), RecordMaker::kFieldNames.begin(),
                    RecordMaker::kFieldNames.end()))
        return fail(ErrorCode::Corrupt, "import/columns.json: /records: not the fields of a record");
    shipped = *names;
    return names;
}

}
