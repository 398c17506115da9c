#pragma once
// Internal to core/adapters/files: from rows to canonical records.

#include <array>
#include <functional>
#include <optional>
#include <stop_token>
#include <string>
#include <vector>

#include "core/adapters/files/columndates.h"
#include "core/adapters/files/columnnames.h"
#include "core/adapters/files/importfile.h"
#include "core/adapters/files/rows.h"
#include "core/adapters/files/seenrows.h"

namespace winnow::files
{

/// Turns the rows of one file into records, by the rules of contracts/sources.md 2, and hands them on in batches.
class RecordMaker
{
public:
    /// The fields it wants of its rows, in the order of resources/import/columns.json.
    enum Field : std::size_t {
        Source,
        SourceRecordId,
        Channel,
        Url,
        AuthorId,
        AuthorName,
        AuthorEmail,
        CreatedAt,
        UpdatedAt,
        Language,
        Rating,
        RatingScale,
        Title,
        Body,
        Product,
        AppVersion,
        Os,
        OsVersion,
        Device,
        Region,
        Country,
        PlanTier,
        AccountId,
        ThreadId,
        RawPayload,
        FieldCount
    };
    static const std::array<std::string_view, FieldCount> kFieldNames;

    /// The references outlive the maker. \param request  what the rows are read by.
    RecordMaker(const ImportOptions &options, const ColumnNames &names, const RowsRequest &request,
                const ImportSink &sink, std::stop_token stop)
        : m_options(options)
        , m_names(names)
        , m_request(request)
        , m_sink(sink)
        , m_stop(stop)
        , m_created(request, names, CreatedAt, stop)
        , m_updated(request, names, UpdatedAt, stop)
    {
    }

    /// \param reader  opened. \errors InvalidInput: options that fit nothing.
    [[nodiscard]] Result<> prepare(const RowReader &reader);
    /// \errors those of the sink, and of looking through the file once more for the order of its dates.
    [[nodiscard]] Result<bool> take(const Row &row);
    [[nodiscard]] Result<> flush();

    /// Does a column of the table go into a field?
    [[nodiscard]] bool reads(int column) const;
    [[nodiscard]] std::uint64_t records() const { return m_records; }
    [[nodiscard]] std::uint64_t rejects() const { return m_rejects; }

    /// Makes the record of one row. \errors InvalidInput: none can be made.
    [[nodiscard]] Result<Record> recordOf(const Row &row)
    {
        Record record;
        return make(row, record).map([&] { return std::move(record); });
    }

private:
    Result<> make(const Row &row, Record &record);
    Result<> makeCanonical(const Row &row, Record &record);
    void text(const Row &row, Field field, std::string &target, Record &record) const;
    Result<> dates(const Row &row, Record &record);
    Result<std::optional<TimePoint>> date(const Row &row, Field field, Record &record);
    Result<> rating(const Row &row, Record &record);
    Result<std::string> scaleOf(const Row &row);
    void place(const Row &row, Record &record) const;
    void author(const Row &row, Record &record);
    void words(const Row &row, Record &record);
    void html(std::string &text, Record &record) const;
    void identify(const Row &row, Record &record);
    Result<> prepareLayout();
    [[nodiscard]] bool isSkipped(const Row &row) const;
    void answers(const Row &row, Record &record);
    bool layoutId(const Row &row, Record &record);
    std::string cellOf(const Row &row, int column) const;
    std::string deriveId(const Row &row);
    std::string rawPayload(const Row &row);
    [[nodiscard]] std::string originOf(const Row &row) const;
    [[nodiscard]] std::string placeOf(const Row &row) const;
    Result<> sample(Field field, const std::function<bool(const Value &)> &look) const;

    const ImportOptions &m_options;
    const ColumnNames &m_names;
    const RowsRequest &m_request;
    const ImportSink &m_sink;
    std::stop_token m_stop;
    const RowReader *m_reader = nullptr;
    bool m_table = false, m_html = false, m_mapped = false;
    struct Question {
        int column;
        std::string text;
    };
    std::vector<Question> m_questions; ///< layouts: columns whose answers are lines of the text
    std::optional<int> m_ratingColumn; ///< layouts: of the questions
    std::string m_ratingScale; ///< of that one
    std::vector<std::pair<int, bool>> m_identity; ///< layouts: column, and whether case counts
    int m_skipColumn = -1;
    bool m_ours = false; ///< the row in hand has our own names on it
    std::string m_source, m_channel, m_fileName, m_originStart;
    std::optional<Zone> m_zone;
    ColumnDates m_created, m_updated;
    std::optional<std::string> m_scale;
    std::vector<std::string> m_headerJson; ///< `["name",` of each column
    SeenRows m_seen;
    std::string m_scratch;
    ImportBatch m_batch;
    std::size_t m_batchBytes = 0;
    std::uint64_t m_records = 0, m_rejects = 0;
};

}
