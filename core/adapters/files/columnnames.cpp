#include "core/adapters/files/columnnames.h"

#include <algorithm>

#include <nlohmann/json.hpp>
#include <unicode/normalizer2.h>
#include <unicode/uchar.h>
#include <unicode/unistr.h>

#include "core/adapters/files/celltext.h"
#include "core/base/resources.h"

namespace winnow::files
{

std::string normalisedName(std::string_view name)
{
    name = trimmed(name);
    if (name == "#")
        return "#";
    UErrorCode status = U_ZERO_ERROR;
    const auto *nfc = icu::Normalizer2::getNFCInstance(status);
    auto text = icu::UnicodeString::fromUTF8(icu::StringPiece(name.data(), int(name.size())));
    if (U_SUCCESS(status))
        text = nfc->normalize(text, status);
    std::string plain;
    for (int i = 0; i < text.length(); i = text.moveIndex32(i, 1)) {
        const UChar32 c = text.char32At(i);
        if (u_isalnum(c))
            appendUtf8(plain, std::uint32_t(u_tolower(c)));
        else if (c == '.' && !plain.empty())
            plain += '.';
    }
    while (plain.ends_with('.'))
        plain.pop_back();
    return plain;
}

Result<ColumnNames> ColumnNames::shipped(const std::string &kind)
{
    const auto text = readResource("import/columns.json");
    if (!text)
        return tl::unexpected(text.error());
    const auto doc = nlohmann::ordered_json::parse(*text, nullptr, false);
    const auto broken = [](const std::string &where) {
        return fail(ErrorCode::Corrupt, "import/columns.json: /" + where + ": not as shipped");
    };
    if (!doc.is_object() || !doc.contains(kind) || !doc[kind].is_object())
        return broken(kind);
    ColumnNames names;
    for (const auto &[field, synonyms] : doc[kind].items()) {
        const int index = int(names.m_fields.size());
        names.m_fields.push_back(field);
        if (!synonyms.is_array())
            return broken(kind + "/" + field);
        int priority = 0;
        for (const auto &name : synonyms) {
            if (!name.is_string())
                return broken(kind + "/" + field);
            names.m_names.try_emplace(normalisedName(name.get<std::string>()), Match{index, priority++});
        }
    }
    if (kind == "records") {
        if (!doc.contains("channels") || !doc.contains("rating_scales"))
            return broken("channels");
        for (const auto &[source, channel] : doc["channels"].items())
            if (channel.is_string())
                names.m_channels[source] = channel.get<std::string>();
        for (const auto &[scale, columns] : doc["rating_scales"].items())
            for (const auto &column : columns)
                if (column.is_string())
                    names.m_scales[normalisedName(column.get<std::string>())] = scale;
    }
    return names;
}

int ColumnNames::fieldOf(std::string_view field) const
{
    const auto it = std::find(m_fields.begin(), m_fields.end(), field);
    return it == m_fields.end() ? -1 : int(it - m_fields.begin());
}

std::optional<ColumnNames::Match> ColumnNames::find(std::string_view name) const
{
    const auto it = m_names.find(normalisedName(name));
    if (it == m_names.end())
        return std::nullopt;
    return it->second;
}

bool ColumnNames::leadsOn(std::string_view name) const
{
    const std::string prefix = normalisedName(name) + ".";
    return std::any_of(m_names.begin(), m_names.end(),
                       [&](const auto &entry) { return entry.first.starts_with(prefix); });
}

std::string ColumnNames::channelOf(const std::string &source) const
{
    const auto it = m_channels.find(source);
    return it == m_channels.end() ? std::string() : it->second;
}

std::string ColumnNames::scaleOf(std::string_view column) const
{
    const auto it = m_scales.find(normalisedName(column));
    return it == m_scales.end() ? std::string() : it->second;
}

}
