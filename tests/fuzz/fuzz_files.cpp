// Strangers' bytes for each parser of core/adapters/files. Which one is said when this is compiled: -DFUZZ_<name>.
// Beyond what the sanitizers see, what must hold is checked here: a parser ends, stays within its text, and answers.

#include <cstdio>
#include <cstdlib>
#include <memory>
#include <string>
#include <string_view>

#include <sys/mman.h>
#include <unistd.h>

#include "core/adapters/files/bytesource.h"
#include "core/adapters/files/celltext.h"
#include "core/adapters/files/csvscan.h"
#include "core/adapters/files/dates.h"
#include "core/adapters/files/htmltext.h"
#include "core/adapters/files/importfile.h"
#include "core/adapters/files/jsonscan.h"
#include "core/adapters/files/layouts.h"
#include "core/adapters/files/preview.h"
#include "core/adapters/files/slackexport.h"
#include "core/adapters/files/values.h"
#include "core/adapters/files/workbook.h"
#include "core/adapters/files/xmlslices.h"
#include "core/json/recordjson.h"
#include "tests/fakes/zipfile.h"

using namespace winnow;
using namespace winnow::files;

namespace
{

void must(bool holds, const char *what)
{
    if (holds)
        return;
    std::fprintf(stderr, "does not hold: %s\n", what);
    std::abort();
}

ImportOptions options()
{
    ImportOptions options;
    options.limits.fileBytes = 8u << 20;
    options.limits.unpackedBytes = 16u << 20;
    options.limits.recordBytes = 1u << 20;
    options.limits.bodyBytes = 4096;
    options.limits.bodyCharacters = 1000;
    return options;
}

/// Imports, and looks at what comes of it.
[[maybe_unused]] void import(const std::string &path, const ImportOptions &how)
{
    std::uint64_t records = 0, rejects = 0;
    const auto summary = importFile(
        path, how,
        [&](ImportBatch &&batch) -> Result<> {
            for (const Record &record : batch.records) {
                must(isUtf8(record.title) && isUtf8(record.body) && isUtf8(record.sourceRecordId), "records are UTF-8");
                must(record.body.find('\0') == std::string::npos, "no NUL in a body");
                must(!record.sourceRecordId.empty(), "every record has an id");
                must(record.versionHash == versionHash(record), "the hash is the record's");
            }
            for (const Reject &reject : batch.rejects)
                must(!reject.place.empty() && !reject.reason.empty(), "a reject says where and why");
            records += batch.records.size();
            rejects += batch.rejects.size();
            return {};
        },
        {});
    if (summary)
        must(summary->records == records && summary->rejects == rejects, "the summary counts what was handed on");
    else
        must(!summary.error().detail.empty(), "an error says what is wrong");
}

[[maybe_unused]] ImportOptions pasted(std::string_view bytes)
{
    ImportOptions how = options();
    how.pasted = std::make_shared<std::string>(bytes);
    return how;
}

/// A file that lies in memory.
class MemoryFile
{
public:
    explicit MemoryFile(std::string_view bytes)
        : m_handle(::memfd_create("fuzz", MFD_CLOEXEC))
    {
        while (!bytes.empty()) {
            const auto taken = ::write(m_handle, bytes.data(), bytes.size());
            must(taken > 0, "memory can be written");
            bytes.remove_prefix(std::size_t(taken));
        }
    }
    ~MemoryFile() { ::close(m_handle); }
    MemoryFile(const MemoryFile &) = delete;
    MemoryFile &operator=(const MemoryFile &) = delete;
    [[nodiscard]] std::string path() const { return "/proc/self/fd/" + std::to_string(m_handle); }

private:
    int m_handle;
};

/// Cuts the input at the bytes 0xFE, which no text of these parts needs.
[[maybe_unused]] std::string part(std::string_view &rest)
{
    const std::size_t end = std::min(rest.find('\xfe'), rest.size());
    const std::string text(rest.substr(0, end));
    rest.remove_prefix(std::min(end + 1, rest.size()));
    return text;
}

void one(std::string_view text)
{
#if defined(FUZZ_csv)
    char delimiter = ',';
    text.remove_prefix(separatorLine(text, delimiter));
    must(std::string_view(",;\t|").find(findDelimiter(text, true)) != std::string_view::npos, "a delimiter of ours");
    for (const bool quoting : {true, false}) {
        CsvScanner scanner({delimiter, quoting});
        std::string_view rest = text;
        for (;;) {
            const auto state = scanner.next(rest, true);
            if (state == CsvScanner::State::End || state == CsvScanner::State::OpenQuote)
                break;
            must(state != CsvScanner::State::NeedMore, "there is no more");
            must(scanner.consumed() > 0 && scanner.consumed() <= rest.size() && scanner.size() <= scanner.consumed(),
                 "it goes on, within the text");
            std::size_t bytes = 0;
            for (const Cell &cell : scanner.cells())
                bytes += cell.text.size();
            if (state == CsvScanner::State::Record)
                must(bytes <= scanner.size(), "cells are no longer than their record");
            rest.remove_prefix(scanner.consumed());
        }
        // Given piece by piece, the same first record.
        CsvScanner whole({delimiter, quoting}), growing({delimiter, quoting});
        const auto wanted = whole.next(text, true);
        for (std::size_t size = 1; size <= std::min<std::size_t>(text.size(), 64); ++size) {
            const auto state = growing.next(text.substr(0, size), size == text.size());
            if (state == CsvScanner::State::NeedMore)
                continue;
            must(state == wanted, "the same answer from a part");
            if (state == CsvScanner::State::Record)
                must(growing.consumed() == whole.consumed() && growing.cells().size() == whole.cells().size(),
                     "the same record from a part");
            break;
        }
    }
#elif defined(FUZZ_json)
    const auto scan = scanJson(text, 0, true);
    must(scan.state != JsonScan::State::NeedMore && scan.end <= text.size(), "an answer within the text");
    if (scan.state == JsonScan::State::Complete) {
        std::string_view value = text.substr(0, scan.end);
        value.remove_prefix(skipWhiteSpace(value, 0));
        std::string out;
        if (value.front() == '"')
            unescape(value, out);
        if (value.front() == '{' || value.front() == '[')
            for (JsonWalk walk(value); walk.next();) {
                must(!walk.value().empty(), "a member has a value");
                must(scanJson(walk.value(), 0, true).state == JsonScan::State::Complete, "which is one");
                if (walk.value().front() == '"')
                    unescape(walk.value(), out);
            }
    }
    import("fuzz", pasted(text));
#elif defined(FUZZ_xml)
    // Once as it is, and once so that a border between two chunks runs through it: the same elements.
    const auto slicesOf = [](const std::string &document) {
        const ImportLimits limits = options().limits;
        std::vector<std::string> found;
        auto source = ByteSource::open({.path = "fuzz", .pasted = std::make_shared<std::string>(document)}, limits);
        must(source.has_value(), "pasted text can be opened");
        TextWindow window(**source, Encoding::Utf8);
        XmlSlices slices(window, "fuzz", limits);
        for (;;) {
            const auto there = slices.next("row");
            if (!there || !*there)
                return found;
            must(slices.slice().starts_with('<') && slices.slice().ends_with('>'), "an element with its tags");
            must(found.size() <= document.size(), "it ends");
            found.emplace_back(slices.slice());
        }
    };
    constexpr std::size_t kChunk = 256 * 1024;
    const std::string before = "<!--" + std::string(kChunk - 7 - text.size() / 2, ' ') + "-->";
    must(slicesOf("<!---->" + std::string(text)) == slicesOf(before + std::string(text)), "borders do not show");
#elif defined(FUZZ_workbook)
    fakes::Book book;
    std::string_view rest = text;
    book.sheets = {{"S", part(rest)}};
    book.shared = part(rest);
    book.formats = part(rest);
    book.cellStyles = part(rest);
    auto members = fakes::membersOf(book);
    if (std::string own = part(rest); !own.empty())
        for (auto &member : members)
            if (member.name == "xl/workbook.xml")
                member.text = own;
    import(MemoryFile(fakes::zipped(members)).path(), options());
#elif defined(FUZZ_archive)
    import(MemoryFile(text).path(), options());
#elif defined(FUZZ_members)
    std::string_view rest = text;
    const std::string name = part(rest), first = part(rest);
    import(MemoryFile(fakes::zipped({{name, first}, { "b.csv", std::string(rest) }})).path(), options());
#elif defined(FUZZ_table)
    import("fuzz", pasted(text));
    ImportOptions mapped = pasted(text);
    mapped.mapping = ImportMapping();
    mapped.mapping->source = "generic";
    mapped.mapping->header = false;
    mapped.mapping->columns = {{"source_record_id", 0}, {"body", 1}, {"created_at", 2}, {"rating", 3}, {"country", 4}};
    mapped.mapping->bodyFormat = "html";
    import("fuzz", mapped);
#elif defined(FUZZ_gzip)
    import("fuzz", pasted("\x1f\x8b\x08" + std::string(text)));
#elif defined(FUZZ_slack)
    std::string_view rest = text;
    SlackNames names;
    names.users["U1"] = {"Ann", false};
    names.channels["C1"] = "general";
    const std::string day = part(rest);
    slackText(rest, names);
    import(MemoryFile(fakes::zipped({{"channels.json", "[{\"id\":\"C1\",\"name\":\"general\"}]"},
                                     {"users.json", part(rest)},
                                     { "general/1.json",
                                       day }}))
               .path(),
           options());
#elif defined(FUZZ_values)
    for (const DateOrder order :
         {DateOrder::Unknown, DateOrder::DayFirst, DateOrder::MonthFirst, DateOrder::YearFirst}) {
        DateRules rules;
        rules.order = order;
        const auto read = readDate(text, rules);
        if (read.time)
            must(formatTime(*read.time).size() >= 24, "a time that can be written");
    }
    (void)provenOrder(text);
    for (const bool comma : {true, false})
        for (const char *scale : {"stars_1_5", "nps_0_10", "csat_0_1", "other", ""}) {
            const auto rating = readRating(text, scale, comma);
            if (rating.value && *scale == 's')
                must(*rating.value >= 1 && *rating.value <= 5, "a rating on its scale");
        }
    (void)ratingOfNumber(text, "stars_1_5");
    (void)readAmount(text);
    must(readLanguage(text).size() <= text.size() + 8, "a tag is no longer than its text");
    (void)countryOf(text);
    (void)styleOfFormat(text);
    std::string clean;
    cleanText(text, true, clean);
    must(isUtf8(clean) && clean.find('\r') == std::string::npos, "clean text");
    std::string json;
    appendJsonString(json, clean);
    must(scanJson(json, 0, true).state == JsonScan::State::Complete, "a JSON string");
#elif defined(FUZZ_html)
    std::string clean;
    cleanText(text, true, clean);
    bool stripped = false;
    must(isUtf8(textOfHtml(clean, stripped)), "text of HTML is UTF-8");
#elif defined(FUZZ_mapping)
    const auto mapping = mappingFromJson(text, "fuzz");
    if (mapping) {
        const auto again = mappingFromJson(mappingJson(*mapping), "fuzz");
        must(again && *again == *mapping, "a mapping comes back");
    }
#elif defined(FUZZ_layout)
    static const auto layouts = shippedLayouts();
    if (text.empty() || !layouts)
        return;
    const auto &layout = (*layouts)[std::uint8_t(text.front()) % layouts->size()];
    std::string header;
    for (const std::string &name : layout->known)
        header += (header.empty() ? "" : ",") + name;
    ImportOptions how = pasted(layout->rows == "jsonl" ? std::string(text.substr(1))
                                                       : header + ",q1,q2\n" + std::string(text.substr(1)));
    how.format = layout->name;
    import("fuzz", how);
#elif defined(FUZZ_preview)
    const auto preview = previewFile("fuzz", pasted(text), {});
    if (preview)
        must(isUtf8(mappingJson(preview->mapping)), "a mapping is UTF-8");
#else
#error "say which parser: -DFUZZ_csv and so on"
#endif
}

}

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t *data, std::size_t size)
{
    one({reinterpret_cast<const char *>(data), size});
    return 0;
}
