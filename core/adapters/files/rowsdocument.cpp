// RowReader's part for a single JSON document.

#include <algorithm>

#include "core/adapters/files/celltext.h"
#include "core/adapters/files/jsonscan.h"
#include "core/adapters/files/rows.h"

namespace winnow::files
{

namespace
{

constexpr std::size_t kLevels = 8; ///< how deep lists of records are looked for
constexpr std::uint64_t kStopEvery = 256;

}

/// Goes through a document value by value; only records and what is no container of them are ever whole in memory.
class RowReader::Document
{
public:
    Document(RowReader &reader, TextWindow &window, const Handler *handler, std::stop_token stop)
        : m_reader(reader)
        , m_window(window)
        , m_handler(handler)
        , m_stop(std::move(stop))
    {
    }

    Result<bool> walk()
    {
        auto first = peek();
        if (!first)
            return tl::unexpected(first.error());
        if (*first == '\0')
            return true; // an empty file has no records
        m_root = *first;
        if (m_reader.m_rootIsRecord && m_handler) {
            auto value = whole();
            if (!value)
                return tl::unexpected(value.error());
            if (auto taken = element(*value); !taken || !*taken)
                return taken;
            m_window.consume(value->size());
        } else if (auto done = container({}, 0); !done || !m_going) {
            return done.map([] { return false; });
        }
        auto last = peek();
        if (!last)
            return tl::unexpected(last.error());
        if (*last != '\0')
            return damaged("text behind the document");
        return true;
    }

    std::vector<FoundList> lists;
    char root() const { return m_root; }
    bool rootIsRecord = false;

private:
    tl::unexpected<Error> damaged(const std::string &why)
    {
        return fail(ErrorCode::Corrupt, m_reader.at(m_window.offset()) + ": " + why);
    }

    /// The next character that is not white space; NUL at the end.
    Result<char> peek()
    {
        for (;;) {
            m_window.consume(skipWhiteSpace(m_window.rest(), 0));
            if (!m_window.rest().empty())
                return m_window.rest().front() == '\0' ? '\x01' : m_window.rest().front();
            if (m_window.ended())
                return '\0';
            if (auto more = m_window.more(); !more)
                return tl::unexpected(more.error());
        }
    }

    Result<std::string_view> whole()
    {
        for (;;) {
            const auto scan = scanJson(m_window.rest(), 0, m_window.ended());
            m_depth = scan.depth;
            if (scan.state == JsonScan::State::Complete)
                return m_window.rest().substr(0, scan.end);
            if (scan.state == JsonScan::State::Bad) {
                m_window.consume(scan.end);
                return damaged(scan.reason);
            }
            if (m_window.rest().size() > m_reader.m_request.limits.recordBytes)
                return damaged("a value is longer than " + std::to_string(m_reader.m_request.limits.recordBytes >> 20)
                               + " MiB");
            if (auto more = m_window.more(); !more)
                return tl::unexpected(more.error());
        }
    }

    Result<bool> element(std::string_view value)
    {
        Row row = m_reader.jsonRow(value, m_window.offset(), ++m_number, m_depth);
        row.endOffset = m_window.offset() + value.size();
        return (*m_handler)(row);
    }

    Result<> container(const std::string &path, std::size_t depth)
    {
        const bool object = m_window.rest().front() == '{';
        if (!object && m_window.rest().front() != '[') {
            auto value = whole();
            if (!value)
                return tl::unexpected(value.error());
            m_window.consume(value->size());
            return {};
        }
        FoundList list{path, depth, 0, 0};
        m_window.consume(1);
        auto next = peek();
        if (!next)
            return tl::unexpected(next.error());
        const char close = object ? '}' : ']';
        if (*next != close) {
            for (;;) {
                if (auto done = object ? member(path, depth) : item(path, list); !done || !m_going)
                    return done;
                next = peek();
                if (!next)
                    return tl::unexpected(next.error());
                if (*next == close)
                    break;
                if (*next != ',')
                    return *next == '\0' ? damaged("breaks off") : damaged("expected a comma or a closing bracket");
                m_window.consume(1);
                if (auto ready = peek(); !ready)
                    return tl::unexpected(ready.error());
            }
        }
        m_window.consume(1);
        if (!object)
            lists.push_back(list);
        return {};
    }

    Result<> item(const std::string &path, FoundList &list)
    {
        if (++m_loops % kStopEvery == 0 && m_stop.stop_requested())
            return fail(ErrorCode::Cancelled, m_reader.m_request.path + ": stopped");
        auto value = whole();
        if (!value)
            return tl::unexpected(value.error());
        ++list.count;
        list.objects += value->front() == '{';
        if (m_handler && path == m_reader.m_listPath) {
            auto taken = element(*value);
            if (!taken)
                return tl::unexpected(taken.error());
            m_going = *taken;
        }
        m_window.consume(value->size());
        return {};
    }

    Result<> member(const std::string &path, std::size_t depth)
    {
        if (++m_loops % kStopEvery == 0 && m_stop.stop_requested())
            return fail(ErrorCode::Cancelled, m_reader.m_request.path + ": stopped");
        if (m_window.rest().empty() || m_window.rest().front() != '"')
            return m_window.rest().empty() ? damaged("breaks off") : damaged("expected a name");
        auto key = whole();
        if (!key)
            return tl::unexpected(key.error());
        std::string name;
        unescape(*key, name);
        m_window.consume(key->size());
        auto colon = peek();
        if (!colon)
            return tl::unexpected(colon.error());
        if (*colon != ':')
            return *colon == '\0' ? damaged("breaks off") : damaged("expected a colon");
        m_window.consume(1);
        auto value = peek();
        if (!value)
            return tl::unexpected(value.error());
        if (*value == '\0')
            return damaged("breaks off");
        if (depth == 0 && *value != '{' && *value != '[') {
            const auto &request = m_reader.m_request;
            const KeySlot &slot = m_reader.slotOf(name);
            if (slot.field >= 0) {
                const std::string &field = m_reader.m_names.fields()[std::size_t(slot.field)];
                rootIsRecord = rootIsRecord
                    || std::find(request.textFields.begin(), request.textFields.end(), field)
                        != request.textFields.end();
            }
        }
        if (depth >= kLevels) {
            auto slice = whole();
            if (!slice)
                return tl::unexpected(slice.error());
            m_window.consume(slice->size());
            return {};
        }
        return container(path.empty() ? name : path + "." + name, depth + 1);
    }

    RowReader &m_reader;
    TextWindow &m_window;
    const Handler *m_handler;
    std::stop_token m_stop;
    char m_root = '\0';
    unsigned m_depth = 0; ///< of the last whole value
    bool m_going = true;
    std::uint64_t m_number = 0, m_loops = 0;
};

Result<bool> RowReader::readDocument(TextWindow &window, const Handler &handler, std::stop_token stop)
{
    Document document(*this, window, handler ? &handler : nullptr, std::move(stop));
    auto walked = document.walk();
    if (!walked || handler)
        return walked;
    if (auto chosen = chooseList(document.lists, document.root(), document.rootIsRecord); !chosen)
        return tl::unexpected(chosen.error());
    return true;
}

Result<> RowReader::chooseList(const std::vector<FoundList> &lists, char root, bool rootIsRecord)
{
    const auto names = [&] {
        std::string text;
        for (const FoundList &list : lists)
            text += (text.empty() ? "'" : ", '") + shown(list.path) + "'";
        return text.empty() ? std::string("there is none") : "lists are " + text;
    };
    if (!m_request.recordsPath.empty()) {
        m_listPath = m_request.recordsPath;
        if (std::none_of(lists.begin(), lists.end(), [&](const FoundList &list) { return list.path == m_listPath; }))
            return fail(ErrorCode::InvalidInput,
                        m_request.path + ": /records_path: no list '" + shown(m_listPath) + "'; " + names());
        return {};
    }
    if (root == '[' || root == '\0')
        return {};
    if (root != '{')
        return fail(ErrorCode::InvalidInput, m_request.path + ": the document is neither a list nor an object");
    m_rootIsRecord = rootIsRecord;
    if (rootIsRecord)
        return {};
    std::vector<const FoundList *> best;
    for (const FoundList &list : lists) {
        if (!list.objects)
            continue;
        if (!best.empty() && list.depth < best.front()->depth)
            best.clear();
        if (best.empty() || list.depth == best.front()->depth)
            best.push_back(&list);
    }
    if (best.size() > 1)
        return fail(ErrorCode::InvalidInput,
                    m_request.path + ": several lists may hold the records; name one in /records_path; " + names());
    if (best.size() == 1)
        m_listPath = best.front()->path;
    else if (lists.size() == 1)
        m_listPath = lists.front().path; // nothing in it today
    else
        m_rootIsRecord = true;
    return {};
}

}
