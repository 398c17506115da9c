#include "core/adapters/files/context.h"

#include <filesystem>
#include <functional>

#include "core/adapters/files/celltext.h"
#include "core/adapters/files/columndates.h"
#include "core/adapters/files/columnnames.h"
#include "core/adapters/files/jsonscan.h"
#include "core/adapters/files/rows.h"
#include "core/adapters/files/values.h"

namespace winnow
{

namespace
{

using namespace files;

constexpr std::size_t kRawOfReject = 1 << 16;

/// One file of context while it is read.
class ContextFile
{
public:
    static Result<std::unique_ptr<ContextFile>> open(const std::string &path, const std::string &kind,
                                                     const std::string &mustHave, std::stop_token stop)
    {
        auto names = ColumnNames::shipped(kind);
        if (!names)
            return tl::unexpected(names.error());
        std::unique_ptr<ContextFile> file(new ContextFile(path, std::move(*names), std::move(stop)));
        file->m_request.textFields = {mustHave};
        file->m_reader.emplace(file->m_request, file->m_names);
        if (auto opened = file->m_reader->open(file->m_stop); !opened)
            return tl::unexpected(opened.error());
        return file;
    }

    /// \param take  an InvalidInput makes the row a reject; other errors end the reading.
    template <typename T> Result<Context<T>> read(const std::function<Result<>(std::vector<T> &rows)> &take)
    {
        Context<T> context;
        const auto done = m_reader->read(
            [&](const Row &row) -> Result<bool> {
                m_row = &row;
                const Result<> taken =
                    row.problem.empty() ? take(context.rows) : fail(ErrorCode::InvalidInput, row.problem);
                if (!taken && taken.error().code != ErrorCode::InvalidInput)
                    return tl::unexpected(taken.error());
                if (!taken)
                    context.rejects.push_back(
                        {place(row), taken.error().detail, std::string(row.slice.substr(0, kRawOfReject))});
                return true;
            },
            m_stop);
        if (!done)
            return tl::unexpected(done.error());
        return context;
    }

    /// The text of a field in the row at hand; a list gives its texts, one a line.
    [[nodiscard]] std::string text(std::string_view field) const
    {
        const Value &value = m_row->values[std::size_t(m_names.fieldOf(field))];
        std::string clean;
        if (value.kind == Value::Kind::Nested && value.text.front() == '[') {
            std::string all, item;
            JsonWalk walk(value.text);
            while (walk.next()) {
                if (walk.value().front() != '"')
                    continue;
                unescape(walk.value(), item);
                all += (all.empty() ? "" : "\n") + item;
            }
            cleanText(all, m_row->damaged, clean);
        } else if (value.kind != Value::Kind::Absent && value.kind != Value::Kind::Null
                   && value.kind != Value::Kind::Nested) {
            cleanText(value.text, m_row->damaged, clean);
        }
        return clean;
    }
    /// The same without the space around it: ids, names, versions.
    [[nodiscard]] std::string word(std::string_view field) const { return std::string(trimmed(text(field))); }

    /// \returns null for no text. \errors InvalidInput: not a number.
    [[nodiscard]] Result<std::optional<double>> amount(std::string_view field) const
    {
        const std::string words = word(field);
        if (words.empty())
            return std::nullopt;
        const auto value = readAmount(words);
        if (!value)
            return fail(ErrorCode::InvalidInput, "/" + std::string(field) + ": not a number");
        return value;
    }

    [[nodiscard]] Result<DateRead> date(std::string_view field, ColumnDates &column) const
    {
        const std::string words = word(field);
        if (words.empty())
            return DateRead{};
        return column.read(words, m_reader->columnOf(m_names.fieldOf(field)));
    }

    [[nodiscard]] ColumnDates dates(std::string_view field) const
    {
        return ColumnDates(m_request, m_names, m_names.fieldOf(field), m_stop);
    }

    [[nodiscard]] const Row &row() const { return *m_row; }
    [[nodiscard]] const RowReader &reader() const { return *m_reader; }
    [[nodiscard]] const std::string &column(std::string_view field) const
    {
        return m_reader->columnOf(m_names.fieldOf(field));
    }

private:
    ContextFile(const std::string &path, ColumnNames names, std::stop_token stop)
        : m_names(std::move(names))
        , m_stop(std::move(stop))
    {
        m_request.path = path;
    }

    [[nodiscard]] std::string place(const Row &row) const
    {
        return std::filesystem::path(m_request.path).filename().string()
            + (m_reader->isTable()                      ? ": row "
                   : m_reader->format() == Format::Json ? ": item "
                                                        : ": line ")
            + std::to_string(row.number) + ", byte " + std::to_string(row.offset);
    }

    ColumnNames m_names;
    RowsRequest m_request;
    std::stop_token m_stop;
    std::optional<RowReader> m_reader;
    const Row *m_row = nullptr;
};

tl::unexpected<Error> missing(const char *field)
{
    return fail(ErrorCode::InvalidInput, std::string("/") + field + ": is missing");
}

}

Result<Context<Account>> readAccounts(const std::string &path, std::stop_token stop)
{
    const auto file = ContextFile::open(path, "accounts", "id", std::move(stop));
    if (!file)
        return tl::unexpected(file.error());
    const ContextFile &in = **file;
    return (*file)->read<Account>([&](std::vector<Account> &rows) -> Result<> {
        Account account{in.word("id"), in.word("name"), in.word("plan_tier"), 0, in.word("region")};
        if (account.id.empty())
            return missing("id");
        const auto yearly = in.amount("revenue"), monthly = in.amount("mrr");
        if (!yearly || !monthly)
            return tl::unexpected(!yearly ? yearly.error() : monthly.error());
        account.revenue = *yearly ? **yearly : *monthly ? **monthly * 12 : 0;
        rows.push_back(std::move(account));
        return {};
    });
}

Result<Context<KnownTicket>> readTickets(const std::string &path, std::stop_token stop)
{
    const auto file = ContextFile::open(path, "tickets", "id", std::move(stop));
    if (!file)
        return tl::unexpected(file.error());
    const ContextFile &in = **file;
    ColumnDates created = in.dates("created"), resolved = in.dates("resolved");
    return (*file)->read<KnownTicket>([&](std::vector<KnownTicket> &rows) -> Result<> {
        KnownTicket ticket;
        ticket.id = in.word("id");
        ticket.title = in.text("title");
        ticket.body = in.text("body");
        ticket.status = in.word("status");
        ticket.component = in.word("component");
        ticket.fixVersion = in.word("fix_version");
        if (ticket.id.empty())
            return missing("id");
        if (ticket.title.empty() && ticket.body.empty())
            return missing("title");
        const auto from = in.date("created", created), to = in.date("resolved", resolved);
        if (!from || !to)
            return tl::unexpected(!from ? from.error() : to.error());
        ticket.created = from->time;
        ticket.resolved = to->time;
        rows.push_back(std::move(ticket));
        return {};
    });
}

Result<Context<Release>> readReleases(const std::string &path, std::stop_token stop)
{
    const auto file = ContextFile::open(path, "releases", "version", std::move(stop));
    if (!file)
        return tl::unexpected(file.error());
    const ContextFile &in = **file;
    ColumnDates dates = in.dates("date");
    return (*file)->read<Release>([&](std::vector<Release> &rows) -> Result<> {
        Release release{in.word("version"), {}, in.text("notes")};
        if (release.version.empty())
            return missing("version");
        const auto date = in.date("date", dates);
        if (!date)
            return tl::unexpected(date.error());
        release.date = date->time;
        rows.push_back(std::move(release));
        return {};
    });
}

Result<Context<SignalPoint>> readSignals(const std::string &path, std::stop_token stop)
{
    const auto file = ContextFile::open(path, "signals", "at", std::move(stop));
    if (!file)
        return tl::unexpected(file.error());
    const ContextFile &in = **file;
    ColumnDates dates = in.dates("at");
    const bool wide = in.reader().isTable() && in.column("name").empty();
    return (*file)->read<SignalPoint>([&](std::vector<SignalPoint> &rows) -> Result<> {
        const auto date = in.date("at", dates);
        if (!date)
            return tl::unexpected(date.error());
        if (!date->time)
            return date->needsOrder ? fail(ErrorCode::InvalidInput, "/at: day and month cannot be told apart")
                                    : fail(ErrorCode::InvalidInput, "/at: not a time");
        if (!wide) {
            const std::string name = in.word("name");
            if (name.empty())
                return missing("name");
            const auto value = in.amount("value");
            if (!value)
                return tl::unexpected(value.error());
            if (!*value)
                return missing("value");
            rows.push_back({name, *date->time, **value});
            return {};
        }
        const auto &header = in.reader().header();
        const auto &cells = in.row().cells;
        std::vector<SignalPoint> points;
        for (std::size_t i = 0; i < header.size() && i < cells.size(); ++i) {
            const std::string name(trimmed(header[i]));
            if (name.empty() || header[i] == in.column("at") || isBlank(cells[i].text))
                continue;
            const auto value = readAmount(cells[i].text);
            if (!value)
                return fail(ErrorCode::InvalidInput, "/" + shown(name) + ": not a number");
            points.push_back({name, *date->time, *value});
        }
        rows.insert(rows.end(), points.begin(), points.end());
        return {};
    });
}

}
