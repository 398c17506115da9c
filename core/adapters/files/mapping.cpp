// Reading of mapping files. \source contracts/commands.md 5

#include <algorithm>
#include <array>

#include <nlohmann/json.hpp>

#include "core/adapters/files/bytesource.h"
#include "core/adapters/files/celltext.h"
#include "core/adapters/files/columnnames.h"
#include "core/adapters/files/dates.h"
#include "core/adapters/files/importfile.h"
#include "core/adapters/files/values.h"
#include "core/base/resources.h"

namespace winnow
{

namespace
{

using Json = nlohmann::json;

/// Fields that a mapping may name: what the canonical schema takes from a column, and the author's address.
constexpr std::array<std::string_view, 23> kTargets{
    "source_record_id", "channel",  "url",        "author_id",    "author_name", "author_email", "created_at",
    "updated_at",       "language", "rating",     "rating_scale", "title",       "body",         "product",
    "app_version",      "os",       "os_version", "device",       "region",      "country",      "plan_tier",
    "account_id",       "thread_id"};

bool isTarget(std::string_view name)
{
    return std::find(kTargets.begin(), kTargets.end(), name) != kTargets.end();
}

class MappingReader
{
public:
    explicit MappingReader(std::string path)
        : m_path(std::move(path))
    {
    }

    Result<ImportMapping> read(const Json &doc)
    {
        for (const auto &[name, value] : doc.items())
            if (auto done = member(name, value); !done)
                return tl::unexpected(done.error());
        if (m_mapping.source.empty())
            return wrong("source", "is missing");
        if (!m_sawMapping)
            return wrong("mapping", "is missing");
        return std::move(m_mapping);
    }

private:
    tl::unexpected<Error> wrong(const std::string &pointer, const std::string &why) const
    {
        return fail(ErrorCode::InvalidInput, m_path + ": /" + pointer + ": " + why);
    }

    template <typename Check>
    Result<> text(const std::string &name, const Json &value, std::string &target, Check &&good, const char *want)
    {
        if (!value.is_string() || !good(value.get_ref<const std::string &>()))
            return wrong(name, std::string("expected ") + want);
        target = value.get<std::string>();
        return {};
    }

    Result<> member(const std::string &name, const Json &value)
    {
        const auto any = [](const std::string &) { return true; };
        if (value.is_null() || name.starts_with('_') || name.starts_with('$'))
            return {};
        if (name == "source")
            return text(name, value, m_mapping.source, files::isSourceName, "lower-case letters, digits and _");
        if (name == "channel")
            return text(name, value, m_mapping.channel, files::isChannel, "a channel of the canonical schema");
        if (name == "mapping")
            return columns(value);
        if (name == "date_order")
            return text(
                name, value, m_mapping.dateOrder,
                [](const std::string &v) { return files::dateOrderFrom(v).has_value(); }, "DMY, MDY or YMD");
        if (name == "timezone")
            return text(
                name, value, m_mapping.timezone,
                [](const std::string &v) { return v.empty() || files::Zone::named(v).has_value(); },
                "the IANA name of a time zone");
        if (name == "rating_scale")
            return text(name, value, m_mapping.ratingScale, files::isRatingScale, "a scale of the canonical schema");
        if (name == "encoding")
            return text(
                name, value, m_mapping.encoding,
                [](const std::string &v) { return files::encodingFrom(v).has_value(); },
                "auto, utf-8, utf-16le, utf-16be or windows-1252");
        if (name == "delimiter") {
            if (auto done = text(
                    name, value, m_mapping.delimiter,
                    [](const std::string &v) { return v == "auto" || v == "tab" || v == "\\t" || v.size() == 1; },
                    "auto, tab or one character");
                !done)
                return done;
            if (m_mapping.delimiter == "tab" || m_mapping.delimiter == "\\t")
                m_mapping.delimiter = "\t";
            return {};
        }
        if (name == "body_format")
            return text(
                name, value, m_mapping.bodyFormat,
                [](const std::string &v) { return v == "auto" || v == "text" || v == "html"; }, "auto, text or html");
        if (name == "records_path")
            return text(name, value, m_mapping.recordsPath, any, "a dotted path");
        if (name == "sheet")
            return text(name, value, m_mapping.sheet, any, "the name of a sheet");
        if (name == "header") {
            if (!value.is_boolean())
                return wrong(name, "expected true or false");
            m_mapping.header = value.get<bool>();
            return {};
        }
        if (name == "header_row") {
            if (!value.is_number_integer() || value.get<std::int64_t>() < 1 || value.get<std::int64_t>() > 1000)
                return wrong(name, "expected a row from 1 to 1000");
            m_mapping.headerRow = value.get<int>();
            return {};
        }
        return wrong(files::shown(name), "no such member");
    }

    Result<> columns(const Json &value)
    {
        m_sawMapping = true;
        if (!value.is_object())
            return wrong("mapping", "expected an object");
        for (const auto &[field, column] : value.items()) {
            const std::string pointer = "mapping/" + files::shown(field);
            if (!isTarget(field))
                return wrong(pointer, "no such field");
            if (column.is_null())
                continue;
            if (column.is_string())
                m_mapping.columns[field] = column.get<std::string>();
            else if (column.is_number_integer() && column.get<std::int64_t>() >= 0
                     && column.get<std::int64_t>() < 100000)
                m_mapping.columns[field] = column.get<int>();
            else
                return wrong(pointer, "expected the name of a column or its number from 0");
        }
        if (m_mapping.columns.empty())
            return wrong("mapping", "names no column");
        return {};
    }

    std::string m_path;
    ImportMapping m_mapping;
    bool m_sawMapping = false;
};

}

Result<ImportMapping> readMapping(const std::string &path)
{
    const auto text = readFile(path);
    if (!text)
        return tl::unexpected(text.error());
    return mappingFromJson(*text, path);
}

Result<ImportMapping> mappingFromJson(std::string_view json, const std::string &name)
{
    if (json.starts_with("\xef\xbb\xbf"))
        json.remove_prefix(3);
    const auto doc = Json::parse(json, nullptr, false);
    if (!doc.is_object())
        return fail(ErrorCode::InvalidInput, name + ": not a JSON object");
    return MappingReader(name).read(doc);
}

std::string mappingJson(const ImportMapping &mapping)
{
    nlohmann::ordered_json doc{{"source", mapping.source}};
    const ImportMapping fresh;
    const auto put = [&](const char *name, const auto &value, const auto &plain) {
        if (value != plain)
            doc[name] = value;
    };
    put("channel", mapping.channel, fresh.channel);
    doc["mapping"] = nlohmann::ordered_json::object();
    for (const auto target : kTargets)
        if (const auto column = mapping.columns.find(std::string(target)); column != mapping.columns.end())
            std::visit([&](const auto &value) { doc["mapping"][std::string(target)] = value; }, column->second);
    put("date_order", mapping.dateOrder, fresh.dateOrder);
    put("timezone", mapping.timezone, fresh.timezone);
    put("rating_scale", mapping.ratingScale, fresh.ratingScale);
    put("encoding", mapping.encoding, fresh.encoding);
    put("delimiter", mapping.delimiter == "\t" ? std::string("tab") : mapping.delimiter, fresh.delimiter);
    put("header", mapping.header, fresh.header);
    put("header_row", mapping.headerRow, fresh.headerRow);
    put("sheet", mapping.sheet, fresh.sheet);
    put("records_path", mapping.recordsPath, fresh.recordsPath);
    put("body_format", mapping.bodyFormat, fresh.bodyFormat);
    return doc.dump(1, ' ', false, nlohmann::ordered_json::error_handler_t::replace) + '\n';
}

}
