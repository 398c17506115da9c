#include "core/adapters/files/preview.h"

#include <algorithm>

#include "core/adapters/files/archive.h"
#include "core/adapters/files/celltext.h"
#include "core/adapters/files/dates.h"
#include "core/adapters/files/jsonscan.h"
#include "core/adapters/files/layouts.h"
#include "core/adapters/files/recordmaker.h"
#include "core/adapters/files/rows.h"
#include "core/adapters/files/slackexport.h"

namespace winnow
{

namespace
{

using namespace files;

constexpr std::size_t kRowsShown = 20; ///< and records
constexpr std::size_t kRowsTried = 2000; ///< for rejects
constexpr std::size_t kCellShown = 300; ///< characters
constexpr std::uint64_t kDatesLookedThrough = std::uint64_t(64) << 20; ///< bytes, for a date that proves the order
constexpr std::size_t kMembersShown = 200;

std::string shownCell(std::string_view text)
{
    std::string sound;
    replaceDamage(firstCharacters(text, kCellShown), sound);
    return sound;
}

class Preview
{
public:
    Preview(const std::string &path, const ImportOptions &options, const ColumnNames &names, std::stop_token stop)
        : m_path(path)
        , m_options(options)
        , m_names(names)
        , m_stop(std::move(stop))
    {
    }

    Result<ImportPreview> run()
    {
        auto asked = requestOf(m_path, m_options);
        if (!asked)
            return tl::unexpected(asked.error());
        RowsRequest request = std::move(*asked);
        request.textFields.clear(); // also what nobody can read yet is shown
        request.datesLookedThrough = kDatesLookedThrough;
        const auto packed = startsArchive(request);
        if (!packed)
            return tl::unexpected(packed.error());
        if (*packed && !request.pasted) {
            auto archive = Archive::open(m_path, m_options.limits);
            if (!archive)
                return tl::unexpected(archive.error());
            if (!Workbook::isWorkbook(**archive))
                return members(**archive);
        }
        m_preview.mapping = m_options.mapping.value_or(ImportMapping());
        if (auto done = rows(request); !done)
            return tl::unexpected(done.error());
        return std::move(m_preview);
    }

private:
    /// Of an archive of files the first records are shown; its members have columns of their own.
    Result<ImportPreview> members(const Archive &archive)
    {
        m_preview.format = m_options.format.empty() && isSlackExport(archive) ? "slack" : "zip";
        bool enough = false;
        const auto read = importFile(
            m_path, m_options,
            [&](ImportBatch &&batch) -> Result<> {
                for (Record &record : batch.records)
                    if (m_preview.records.size() < kRowsShown)
                        m_preview.records.push_back(std::move(record));
                for (Reject &reject : batch.rejects)
                    if (m_preview.rejects.size() < kRowsShown)
                        m_preview.rejects.push_back(std::move(reject));
                enough = m_preview.records.size() >= kRowsShown;
                return enough ? fail(ErrorCode::Cancelled, "seen enough") : Result<>();
            },
            m_stop);
        if (!read && !(enough && read.error().code == ErrorCode::Cancelled))
            return tl::unexpected(read.error());
        return std::move(m_preview);
    }

    Result<> rows(const RowsRequest &request)
    {
        RowReader reader(request, m_names);
        if (auto opened = reader.open(m_stop); !opened)
            return opened;
        if (auto done = describe(request, reader); !done)
            return done;
        const ImportSink keep = [&](ImportBatch &&batch) -> Result<> {
            for (Record &record : batch.records)
                if (m_preview.records.size() < kRowsShown)
                    m_preview.records.push_back(std::move(record));
            for (Reject &reject : batch.rejects)
                if (m_preview.rejects.size() < kRowsShown)
                    m_preview.rejects.push_back(std::move(reject));
            return {};
        };
        RecordMaker maker(m_options, m_names, request, keep, m_stop);
        if (auto prepared = maker.prepare(reader); !prepared)
            return prepared;
        std::size_t count = 0;
        std::uint64_t begin = 0;
        auto read = reader.read(
            [&](const Row &row) -> Result<bool> {
                if (count == 0)
                    begin = row.offset;
                if (count < kRowsShown && row.problem.empty())
                    show(row, reader);
                if (count++ < kRowsTried)
                    if (auto taken = maker.take(row); !taken)
                        return taken;
                look(row);
                const bool undecided = std::any_of(m_dates.begin(), m_dates.end(), [](const Dates &dates) {
                    return !dates.example.empty() && dates.proven == DateOrder::Unknown;
                });
                return count < kRowsTried || (undecided && row.offset - begin < kDatesLookedThrough);
            },
            m_stop);
        if (!read)
            return tl::unexpected(read.error());
        if (auto flushed = maker.flush(); !flushed)
            return flushed;
        m_preview.encoding = reader.format() == Format::Xlsx ? std::string() : toString(reader.encoding());
        for (std::size_t field = 0; field < RecordMaker::FieldCount && !m_options.mapping; ++field) {
            const std::string &column = reader.columnOf(int(field));
            const std::string name(RecordMaker::kFieldNames[field]);
            if (!column.empty() && name != "source" && name != "raw_payload")
                m_preview.mapping.columns[name] = column;
        }
        if (!reader.isTable())
            nameMembers(reader);
        questions(reader);
        return {};
    }

    Result<> describe(const RowsRequest &request, const RowReader &reader)
    {
        m_preview.format = toString(reader.format());
        ImportMapping &mapping = m_preview.mapping;
        const auto layout =
            request.layout ? Result<std::shared_ptr<const Layout>>(request.layout) : layoutOf(reader.header());
        if (!layout)
            return tl::unexpected(layout.error());
        if (*layout)
            m_preview.layout = (*layout)->name;
        if (mapping.source.empty())
            mapping.source = !m_options.source.empty() ? m_options.source
                : request.layout                       ? request.layout->source
                                                       : "generic";
        m_preview.header = reader.isTable() && request.header;
        m_preview.headerRow = reader.headerRow();
        mapping.headerRow = reader.headerRow();
        if (reader.isTable() && reader.format() != Format::Xlsx)
            m_preview.delimiter = std::string(1, reader.delimiter());
        m_preview.sheets = reader.sheets();
        m_preview.sheetsRead = reader.sheetsRead();
        if (mapping.sheet.empty() && reader.sheets().size() > 1 && reader.sheetsRead().size() == 1)
            mapping.sheet = reader.sheetsRead().front();
        m_preview.recordsPath = reader.listPath();
        for (const std::string &column : reader.header())
            m_preview.columns.push_back({column, {}});
        for (std::size_t field = 0; field < RecordMaker::FieldCount && reader.isTable(); ++field)
            for (const int column : reader.columnsOf(int(field))) {
                if (std::size_t(column) >= m_preview.columns.size())
                    m_preview.columns.resize(std::size_t(column) + 1);
                m_preview.columns[std::size_t(column)].field = RecordMaker::kFieldNames[field];
            }
        return {};
    }

    void show(const Row &row, const RowReader &reader)
    {
        std::vector<std::string> cells;
        if (reader.isTable()) {
            for (const Cell &cell : row.cells)
                cells.push_back(shownCell(cell.text));
            if (m_preview.columns.size() < cells.size())
                m_preview.columns.resize(cells.size());
        } else {
            std::string name, text;
            for (JsonWalk walk(row.slice); walk.next();) {
                unescape('"' + std::string(walk.key()) + '"', name);
                auto column = std::find_if(m_preview.columns.begin(), m_preview.columns.end(),
                                           [&](const auto &there) { return there.name == name; });
                if (column == m_preview.columns.end()) {
                    if (m_preview.columns.size() >= kMembersShown)
                        continue;
                    column = m_preview.columns.insert(m_preview.columns.end(), {name, {}});
                }
                const auto index = std::size_t(column - m_preview.columns.begin());
                if (cells.size() <= index)
                    cells.resize(index + 1);
                if (walk.value().front() == '"')
                    unescape(walk.value(), text);
                else
                    text = walk.value();
                cells[index] = shownCell(text);
            }
        }
        m_preview.rows.push_back(std::move(cells));
    }

    void nameMembers(const RowReader &reader)
    {
        for (std::size_t field = 0; field < RecordMaker::FieldCount; ++field)
            for (auto &column : m_preview.columns)
                if (!column.name.empty() && column.name == reader.columnOf(int(field)))
                    column.field = RecordMaker::kFieldNames[field];
    }

    struct Dates {
        RecordMaker::Field field;
        std::string example; ///< that fits two orders
        DateOrder proven = DateOrder::Unknown;
    };

    void look(const Row &row)
    {
        if (!row.problem.empty())
            return;
        for (Dates &dates : m_dates) {
            const Value &value = row.values[dates.field];
            if (dates.proven != DateOrder::Unknown || value.kind != Value::Kind::Text)
                continue;
            dates.proven = provenOrder(value.text);
            if (dates.example.empty() && readDate(value.text, {}).needsOrder)
                dates.example = value.text;
        }
    }

    void questions(const RowReader &reader)
    {
        for (const Dates &dates : m_dates) {
            const std::string &column = reader.columnOf(int(dates.field));
            if (dates.proven != DateOrder::Unknown) {
                m_preview.dateOrders.emplace_back(column,
                                                  dates.proven == DateOrder::DayFirst         ? "DMY"
                                                      : dates.proven == DateOrder::MonthFirst ? "MDY"
                                                                                              : "YMD");
                continue;
            }
            if (dates.example.empty() || !m_preview.mapping.dateOrder.empty())
                continue;
            ImportPreview::DateQuestion question{
                column, std::string(RecordMaker::kFieldNames[dates.field]), shownCell(dates.example), {}};
            for (const char *order : {"DMY", "MDY", "YMD"}) {
                DateRules rules;
                rules.order = *dateOrderFrom(order);
                const auto read = readDate(dates.example, rules);
                if (read.time
                    && std::none_of(question.choices.begin(), question.choices.end(), [&](const auto &choice) {
                           return choice.reading == formatTime(*read.time).substr(0, 10);
                       }))
                    question.choices.push_back({order, formatTime(*read.time).substr(0, 10)});
            }
            m_preview.dateQuestions.push_back(std::move(question));
        }
    }

    const std::string &m_path;
    const ImportOptions &m_options;
    const ColumnNames &m_names;
    std::stop_token m_stop;
    ImportPreview m_preview;
    std::vector<Dates> m_dates{{RecordMaker::CreatedAt, {}, DateOrder::Unknown},
                               {RecordMaker::UpdatedAt, {}, DateOrder::Unknown}};
};

}

Result<ImportPreview> previewFile(const std::string &path, const ImportOptions &options, std::stop_token stop)
{
    const auto names = recordColumns();
    if (!names)
        return tl::unexpected(names.error());
    return Preview(path, options, *names, std::move(stop)).run();
}

}
