#include "core/adapters/files/recordmaker.h"

#include <algorithm>
#include <charconv>
#include <filesystem>

#include "core/adapters/files/authorkey.h"
#include "core/adapters/files/celltext.h"
#include "core/adapters/files/htmltext.h"
#include "core/adapters/files/values.h"
#include "core/json/recordjson.h"

namespace winnow::files
{

const std::array<std::string_view, RecordMaker::FieldCount> RecordMaker::kFieldNames{
    "source",     "source_record_id", "channel",   "url",        "author_id",    "author_name", "author_email",
    "created_at", "updated_at",       "language",  "rating",     "rating_scale", "title",       "body",
    "product",    "app_version",      "os",        "os_version", "device",       "region",      "country",
    "plan_tier",  "account_id",       "thread_id", "raw_payload"};

namespace
{

constexpr std::size_t kLongestId = 512; ///< characters, by the canonical schema
constexpr std::size_t kRawOfReject = 1 << 20; ///< bytes kept of something that cannot be read
constexpr std::size_t kScaleSample = 1000; ///< rows looked at to tell the scale of a rating
constexpr std::string_view kJoiner = "\x1f";

void appendNumber(std::string &text, std::uint64_t value)
{
    char digits[20];
    text.append(digits, std::to_chars(digits, digits + sizeof digits, value).ptr);
}

bool saysText(const Value &value)
{
    return value.kind == Value::Kind::Text || value.kind == Value::Kind::Number || value.kind == Value::Kind::Bool;
}

bool isThere(const Value &value)
{
    return saysText(value) && !isBlank(value.text);
}

/// The keyed form that records have, 32 hex digits.
bool isAuthorId(std::string_view text)
{
    return text.size() == 32 && text.find_first_not_of("0123456789abcdef") == std::string_view::npos;
}

}

Result<> RecordMaker::prepare(const RowReader &reader)
{
    m_reader = &reader;
    m_table = reader.isTable();
    m_mapped = m_options.mapping.has_value();
    const Layout *layout = m_request.layout.get();
    m_source = !m_options.source.empty() ? m_options.source
        : m_mapped                       ? m_options.mapping->source
        : layout                         ? layout->source
                                         : "generic";
    if (!isSourceName(m_source))
        return fail(ErrorCode::InvalidInput,
                    "source '" + shown(m_source) + "': expected lower-case letters, digits and _");
    m_channel = m_mapped ? m_options.mapping->channel : std::string();
    if (m_channel.empty())
        m_channel = m_names.channelOf(m_source);
    if (m_channel.empty())
        m_channel = "other";
    if (m_mapped) {
        const auto order = dateOrderFrom(m_options.mapping->dateOrder);
        if (!order)
            return fail(ErrorCode::InvalidInput,
                        "date order '" + shown(m_options.mapping->dateOrder) + "': expected DMY, MDY or YMD");
        m_html = m_options.mapping->bodyFormat == "html";
        if (!m_options.mapping->timezone.empty()) {
            auto zone = Zone::named(m_options.mapping->timezone);
            if (!zone)
                return tl::unexpected(zone.error());
            m_zone = std::move(*zone);
        }
        m_created.setRules(*order, m_zone ? &*m_zone : nullptr);
        m_updated.setRules(*order, m_zone ? &*m_zone : nullptr);
        if (!m_options.mapping->ratingScale.empty())
            m_scale = m_options.mapping->ratingScale;
    }
    if (layout)
        if (auto done = prepareLayout(); !done)
            return done;
    m_fileName =
        m_options.originName.empty() ? std::filesystem::path(m_request.path).filename().string() : m_options.originName;
    std::string name;
    replaceDamage(m_fileName, name);
    m_originStart = "{\"file\":";
    appendJsonString(m_originStart, name);
    m_originStart += ",\"offset\":";
    for (const std::string &column : reader.header()) {
        m_headerJson.emplace_back("[");
        appendJsonString(m_headerJson.back(), column);
        m_headerJson.back() += ',';
    }
    return {};
}

Result<> RecordMaker::flush()
{
    if (m_batch.records.empty() && m_batch.rejects.empty())
        return {};
    ImportBatch batch;
    std::swap(batch, m_batch);
    batch.done = m_reader->done();
    m_batch.endOffset = batch.endOffset;
    m_batchBytes = 0;
    return m_sink(std::move(batch));
}

Result<bool> RecordMaker::take(const Row &row)
{
    if (m_skipColumn >= 0 && isSkipped(row))
        return true;
    const bool skipped = row.offset < m_options.skipBytes && m_reader->resumes();
    if (skipped) {
        // Committed before. Only rows that are told apart by their number must still be counted.
        if (row.problem.empty() && !isThere(row.values[SourceRecordId]))
            deriveId(row);
        return true;
    }
    if (m_batch.records.capacity() == 0)
        m_batch.records.reserve(std::min<std::size_t>(m_options.batchRecords, 4096));
    Record record;
    Result<> made = !row.problem.empty() ? fail(ErrorCode::InvalidInput, row.problem) : make(row, record);
    if (!made && made.error().code != ErrorCode::InvalidInput)
        return tl::unexpected(made.error());
    m_batchBytes += row.slice.size();
    if (made) {
        m_batch.records.push_back(std::move(record));
        ++m_records;
    } else {
        m_batch.rejects.push_back({placeOf(row), made.error().detail, std::string(row.slice.substr(0, kRawOfReject))});
        ++m_rejects;
    }
    m_batch.endOffset = row.endOffset;
    if (m_batch.records.size() + m_batch.rejects.size() >= m_options.batchRecords
        || m_batchBytes >= m_options.batchBytes)
        if (auto flushed = flush(); !flushed)
            return tl::unexpected(flushed.error());
    return true;
}

std::string RecordMaker::placeOf(const Row &row) const
{
    std::string place = m_fileName;
    if (!row.sheet.empty())
        place += ": sheet '" + shown(row.sheet) + "'";
    place += m_table ? ": row " : m_reader->format() == Format::Json ? ": item " : ": line ";
    appendNumber(place, row.number);
    place += ", byte ";
    appendNumber(place, row.offset);
    return place;
}

std::string RecordMaker::originOf(const Row &row) const
{
    std::string origin = m_originStart;
    appendNumber(origin, row.offset);
    origin += ",\"row\":";
    appendNumber(origin, row.number);
    if (!row.sheet.empty()) {
        std::string sound;
        replaceDamage(row.sheet, sound);
        origin += ",\"sheet\":";
        appendJsonString(origin, sound);
    }
    origin += '}';
    return origin;
}

Result<> RecordMaker::make(const Row &row, Record &record)
{
    const Value &source = row.values[Source];
    // Our own names on it, and no mapping that says otherwise: the row knows where it comes from.
    m_ours = !m_mapped && source.kind == Value::Kind::Text && source.priority == 0 && isSourceName(source.text)
        && saysText(row.values[SourceRecordId]) && row.values[SourceRecordId].priority == 0;
    if (m_ours && !m_table && row.values[RawPayload].kind == Value::Kind::Text)
        return makeCanonical(row, record);
    if (!m_table && !m_request.layout && std::none_of(row.values.begin(), row.values.end(), [&](const Value &value) {
            const auto field = std::size_t(&value - row.values.data());
            return (field == Title || field == Body || field == Rating) && value.kind != Value::Kind::Absent;
        }))
        return fail(ErrorCode::InvalidInput, "no member holds a text, a title or a rating");

    record.source = m_ours ? std::string(source.text) : m_source;
    record.channel = m_channel;
    if (const Value &channel = row.values[Channel]; channel.kind == Value::Kind::Text && isChannel(channel.text))
        record.channel = channel.text;
    words(row, record);
    if (!m_questions.empty())
        answers(row, record);
    text(row, Url, record.url, record);
    text(row, Product, record.product, record);
    text(row, AppVersion, record.appVersion, record);
    text(row, Os, record.os, record);
    text(row, OsVersion, record.osVersion, record);
    text(row, Device, record.device, record);
    text(row, PlanTier, record.planTier, record);
    text(row, AccountId, record.accountId, record);
    text(row, ThreadId, record.threadId, record);
    if (const Value &language = row.values[Language]; language.kind == Value::Kind::Text)
        record.language = readLanguage(language.text);
    place(row, record);
    author(row, record);
    if (auto done = rating(row, record); !done)
        return done;
    if (auto done = dates(row, record); !done)
        return done;
    if (row.ragged)
        record.set(RecordFlag::RaggedRow);
    identify(row, record);
    if (m_request.layout) {
        if (!m_request.layout->urlBefore.empty() && !record.has(RecordFlag::IdDerived))
            record.url = m_request.layout->urlBefore + record.sourceRecordId;
        for (const auto &[field, value] : m_request.layout->constants)
            (field == "os" ? record.os : record.product) = value;
    }
    if (firstCharacters(record.sourceRecordId, kLongestId).size() < record.sourceRecordId.size())
        return fail(ErrorCode::InvalidInput,
                    "source_record_id is longer than " + std::to_string(kLongestId) + " characters");
    record.rawPayload = rawPayload(row);
    record.ingestedAt = m_options.now;
    record.connector = "file";
    record.batchId = m_options.batchId;
    record.origin = originOf(row);
    record.versionHash = versionHash(record);
    return {};
}

/// What `winnowctl records --json` wrote: taken as it is.
Result<> RecordMaker::makeCanonical(const Row &row, Record &record)
{
    std::string sound;
    const bool replaced = row.damaged && replaceDamage(row.slice, sound);
    auto read = recordFromJson(replaced ? std::string_view(sound) : row.slice);
    if (!read)
        return tl::unexpected(read.error());
    record = std::move(*read);
    if (replaced)
        record.set(RecordFlag::EncodingReplaced);
    if (!record.ingestedAt)
        record.ingestedAt = m_options.now;
    if (record.batchId.empty())
        record.batchId = m_options.batchId;
    if (record.origin.empty())
        record.origin = originOf(row);
    record.versionHash = versionHash(record);
    return {};
}

void RecordMaker::text(const Row &row, Field field, std::string &target, Record &record) const
{
    const Value &value = row.values[field];
    target.clear();
    if (!saysText(value))
        return;
    record.flags |= cleanText(value.text, row.damaged, target);
    if (value.replaced)
        record.set(RecordFlag::EncodingReplaced);
}

void RecordMaker::html(std::string &text, Record &record) const
{
    if (!m_html || text.empty())
        return;
    bool stripped = false;
    text = textOfHtml(text, stripped);
    if (stripped)
        record.set(RecordFlag::HtmlStripped);
    if (isBlank(text))
        text.clear();
}

void RecordMaker::words(const Row &row, Record &record)
{
    text(row, Title, record.title, record);
    html(record.title, record);
    const Value &body = row.values[Body];
    text(row, Body, record.body, record);
    html(record.body, record);
    if (body.text.size() > m_options.limits.bodyBytes && record.body.size() > m_options.limits.bodyCharacters) {
        const std::size_t kept = firstCharacters(record.body, m_options.limits.bodyCharacters).size();
        if (kept < record.body.size()) {
            record.body.resize(kept);
            record.set(RecordFlag::BodyTruncated);
        }
    }
}

void RecordMaker::place(const Row &row, Record &record) const
{
    std::string words;
    text(row, Country, words, record);
    if (!words.empty()) {
        std::string code(trimmed(words));
        if (code.size() <= 3)
            for (char &c : code)
                if (c >= 'a' && c <= 'z')
                    c = char(c - 32);
        record.country = countryOf(code);
        if (record.country.empty())
            record.region = words;
    }
    text(row, Region, words, record);
    if (words.empty())
        return;
    if (record.country.empty() && trimmed(words).size() == 2)
        record.country = countryOf(words);
    else if (record.region.empty() || row.values[Region].priority == 0)
        record.region = words;
    if (record.country.empty() && record.region.empty())
        record.region = words;
}

void RecordMaker::author(const Row &row, Record &record)
{
    text(row, AuthorName, record.authorName, record);
    std::string id, address;
    text(row, AuthorId, id, record);
    if (m_ours && isAuthorId(id)) {
        record.authorId = id;
        return;
    }
    text(row, AuthorEmail, address, record);
    record.authorId = authorId(m_options.workspaceKey, record.source, id, address, record.authorName);
}

Result<> RecordMaker::sample(Field field, const std::function<bool(const Value &)> &look) const
{
    RowReader reader(m_request, m_names);
    if (auto opened = reader.open(m_stop); !opened)
        return opened;
    auto read = reader.read(
        [&](const Row &row) -> Result<bool> { return !row.problem.empty() || look(row.values[field]); }, m_stop);
    if (!read)
        return tl::unexpected(read.error());
    return {};
}

Result<std::optional<TimePoint>> RecordMaker::date(const Row &row, Field field, Record &record)
{
    const Value &value = row.values[field];
    if (!isThere(value))
        return std::nullopt;
    const auto read = (field == CreatedAt ? m_created : m_updated).read(value.text, m_reader->columnOf(int(field)));
    if (!read)
        return tl::unexpected(read.error());
    record.flags |= read->flags;
    return read->time;
}

Result<> RecordMaker::dates(const Row &row, Record &record)
{
    auto created = date(row, CreatedAt, record);
    if (!created)
        return tl::unexpected(created.error());
    auto updated = date(row, UpdatedAt, record);
    if (!updated)
        return tl::unexpected(updated.error());
    record.createdAt = *created;
    record.updatedAt = *updated;
    if (!isThere(row.values[CreatedAt])) {
        if (*updated)
            record.createdAt = *updated;
        else if (!isThere(row.values[UpdatedAt]))
            record.set(RecordFlag::CreatedAtMissing);
    }
    return {};
}

Result<std::string> RecordMaker::scaleOf(const Row &row)
{
    if (const Value &own = row.values[RatingScale]; own.kind == Value::Kind::Text && isRatingScale(own.text))
        return std::string(own.text);
    if (m_scale)
        return *m_scale;
    // A name such as "score" says nothing, and "satisfaction" may hold words: what the first rows hold tells.
    double most = 0;
    std::size_t rows = 0, numbers = 0, opinions = 0, thumbs = 0;
    auto looked = sample(Rating, [&](const Value &value) {
        const auto rating = saysText(value) ? ratingText(value.text, true) : RatingText();
        numbers += rating.kind == RatingText::Kind::Number;
        opinions += rating.kind == RatingText::Kind::Good || rating.kind == RatingText::Kind::Bad;
        thumbs += rating.kind == RatingText::Kind::Up || rating.kind == RatingText::Kind::Down;
        most = std::max({most, rating.number, rating.outOf.value_or(0)});
        return ++rows < kScaleSample;
    });
    if (!looked)
        return tl::unexpected(looked.error());
    m_scale = m_names.scaleOf(m_reader->columnOf(int(Rating)));
    if (!numbers && opinions + thumbs)
        m_scale = opinions ? "csat_0_1" : "thumbs_0_1";
    else if (m_scale->empty())
        m_scale = most > 0 && most <= 5 ? "stars_1_5" : "other";
    return *m_scale;
}

Result<> RecordMaker::rating(const Row &row, Record &record)
{
    const Value &value = row.values[Rating];
    if (!isThere(value) || !saysText(value))
        return {};
    const auto scale = scaleOf(row);
    if (!scale)
        return tl::unexpected(scale.error());
    const bool commaIsPoint = !m_table || value.quoted || m_reader->delimiter() != ',';
    const auto read = value.kind == Value::Kind::Number ? ratingOfNumber(value.text, *scale)
                                                        : readRating(value.text, *scale, commaIsPoint);
    record.rating = read.value;
    if (read.outOfRange)
        record.set(RecordFlag::RatingOutOfRange);
    if (read.value || read.outOfRange)
        record.ratingScale = *scale;
    return {};
}

void RecordMaker::identify(const Row &row, Record &record)
{
    if (m_request.layout && layoutId(row, record))
        return;
    text(row, SourceRecordId, record.sourceRecordId, record);
    if (!record.sourceRecordId.empty())
        return;
    record.sourceRecordId = deriveId(row);
    record.set(RecordFlag::IdDerived);
}

std::string RecordMaker::deriveId(const Row &row)
{
    Digest digest;
    if (m_table && !m_identity.empty()) {
        m_scratch.clear();
        for (const auto &[column, sameCase] : m_identity) {
            if (&m_identity.front().first != &column)
                m_scratch += kJoiner;
            const std::string cell = cellOf(row, column);
            m_scratch += sameCase ? cell : lowered(trimmed(cell));
        }
        digest = sha256(m_scratch);
    } else if (m_table) {
        m_scratch.clear();
        std::string sound;
        for (std::size_t i = 0; i < row.cells.size(); ++i) {
            if (i)
                m_scratch += kJoiner;
            if (row.damaged && replaceDamage(row.cells[i].text, sound))
                m_scratch += sound;
            else
                m_scratch += row.cells[i].text;
        }
        digest = sha256(m_scratch);
    } else {
        digest = sha256(row.slice);
    }
    std::string id = "x-" + hex(std::span(digest).first(16));
    if (const std::uint32_t count = m_seen.count(digest); count > 1) {
        id += '#';
        appendNumber(id, count);
    }
    return id;
}

std::string RecordMaker::rawPayload(const Row &row)
{
    if (!m_table)
        return std::string(row.slice);
    std::string raw, sound;
    raw.reserve(row.slice.size() + row.slice.size() / 8 + 24 * row.cells.size() + 16);
    raw += '[';
    for (std::size_t i = 0; i < row.cells.size(); ++i) {
        if (i)
            raw += ',';
        if (i < m_headerJson.size()) {
            raw += m_headerJson[i];
        } else {
            raw += "[\"";
            if (m_headerJson.empty()) // a table without a header: columns go by their numbers
                appendNumber(raw, i);
            raw += "\",";
        }
        if (row.damaged && replaceDamage(row.cells[i].text, sound))
            appendJsonString(raw, sound);
        else
            appendJsonString(raw, row.cells[i].text);
        raw += ']';
    }
    raw += ']';
    return raw;
}

}
