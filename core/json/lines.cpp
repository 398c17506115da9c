#include "core/json/lines.h"

#include <algorithm>
#include <unordered_set>

#include "core/base/parallel.h"
#include "core/base/resources.h"

namespace winnow::lines {

namespace {

constexpr std::size_t kMaximumDepth = 256;

/// Escapes \uD800–\uDFFF that are no half of a pair, as \uFFFD.
std::string withoutLoneSurrogates(std::string_view line)
{
    std::string out(line);
    const auto unit = [&](std::size_t at) -> int {
        if (at + 6 > out.size() || out[at] != '\\' || out[at + 1] != 'u')
            return -1;
        int value = 0;
        for (std::size_t i = at + 2; i < at + 6; ++i) {
            const char c = out[i];
            const int digit = c >= '0' && c <= '9' ? c - '0' : c >= 'a' && c <= 'f' ? c - 'a' + 10 : c >= 'A' && c <= 'F' ? c - 'A' + 10 : -1;
            if (digit < 0)
                return -1;
            value = value * 16 + digit;
        }
        return value;
    };
    for (std::size_t i = 0; i < out.size(); ++i) {
        if (out[i] != '\\')
            continue;
        const int first = unit(i);
        if (first >= 0xd800 && first < 0xdc00) {
            const int second = unit(i + 6);
            if (second >= 0xdc00 && second < 0xe000) {
                i += 11;
                continue;
            }
        }
        if (first >= 0xd800 && first < 0xe000)
            out.replace(i, 6, "\\ufffd");
        ++i; // the escaped character
    }
    return out;
}

bool tooDeep(std::string_view line)
{
    std::size_t depth = 0;
    bool text = false;
    for (std::size_t i = 0; i < line.size(); ++i) {
        const char c = line[i];
        if (text) {
            if (c == '\\')
                ++i;
            else if (c == '"')
                text = false;
        } else if (c == '"') {
            text = true;
        } else if (c == '{' || c == '[') {
            if (++depth > kMaximumDepth)
                return true;
        } else if ((c == '}' || c == ']') && depth > 0) {
            --depth;
        }
    }
    return false;
}

tl::unexpected<Error> wrong(const char *name, const char *want)
{
    return fail(ErrorCode::InvalidInput, std::string("/") + name + ": " + want);
}

const Json *member(const Json &object, const char *name)
{
    const auto it = object.find(name);
    return it == object.end() || it->is_null() ? nullptr : &*it;
}

}

Result<Json> parseObject(std::string_view line)
{
    if (tooDeep(line))
        return fail(ErrorCode::InvalidInput, "deeper than 256 levels");
    Json value = Json::parse(line, nullptr, false);
    if (value.is_discarded() && line.find("\\u") != std::string_view::npos)
        value = Json::parse(withoutLoneSurrogates(line), nullptr, false);
    if (value.is_discarded())
        return fail(ErrorCode::InvalidInput, "no JSON, or not UTF-8");
    if (!value.is_object())
        return fail(ErrorCode::InvalidInput, "not a JSON object");
    return value;
}

std::string dump(const Json &value) { return value.dump(-1, ' ', false, Json::error_handler_t::replace); }

Result<std::string> requiredText(const Json &object, const char *name)
{
    const Json *value = member(object, name);
    if (!value)
        return wrong(name, "missing");
    if (!value->is_string())
        return wrong(name, "expected text");
    return value->get<std::string>();
}

Result<std::string> optionalText(const Json &object, const char *name)
{
    const Json *value = member(object, name);
    if (!value)
        return std::string();
    if (!value->is_string())
        return wrong(name, "expected text or null");
    return value->get<std::string>();
}

Result<std::optional<double>> optionalNumber(const Json &object, const char *name)
{
    const Json *value = member(object, name);
    if (!value)
        return std::optional<double>();
    if (!value->is_number())
        return wrong(name, "expected a number or null");
    return std::optional(value->get<double>());
}

Result<double> optionalNumber(const Json &object, const char *name, double fallback)
{
    return optionalNumber(object, name).map([&](std::optional<double> value) { return value.value_or(fallback); });
}

Result<std::optional<TimePoint>> optionalTime(const Json &object, const char *name)
{
    auto text = optionalText(object, name);
    if (!text)
        return tl::unexpected(text.error());
    if (text->empty())
        return std::optional<TimePoint>();
    const auto time = parseTime(*text);
    if (!time)
        return wrong(name, "expected YYYY-MM-DDTHH:MM:SS.mmmZ");
    return time;
}

Result<std::vector<std::string>> optionalTexts(const Json &object, const char *name)
{
    std::vector<std::string> texts;
    const Json *value = member(object, name);
    if (!value)
        return texts;
    if (!value->is_array())
        return wrong(name, "expected a list of texts");
    for (const Json &text : *value) {
        if (!text.is_string())
            return wrong(name, "expected a list of texts");
        texts.push_back(text.get<std::string>());
    }
    return texts;
}

Result<ByteSpan> requiredSpan(const Json &object, std::size_t textSize)
{
    const Json *start = member(object, "start"), *end = member(object, "end");
    if (!start || !end || !start->is_number_unsigned() || !end->is_number_unsigned())
        return wrong("start", "expected whole numbers start and end");
    const auto a = start->get<std::uint64_t>(), b = end->get<std::uint64_t>();
    if (a >= b || b > textSize)
        return wrong("start", "expected start < end inside the text");
    return ByteSpan{std::uint32_t(a), std::uint32_t(b)};
}

Result<std::string> requiredBody(const Json &object)
{
    return requiredText(object, member(object, "masked") ? "masked" : "text");
}

Json textOrNull(std::string_view text) { return text.empty() ? Json(nullptr) : Json(text); }
Json timeOrNull(const std::optional<TimePoint> &time) { return time ? Json(formatTime(*time)) : Json(nullptr); }

Json idOf(const Json &object)
{
    const Json *id = member(object, "id");
    return id && id->is_string() ? *id : Json(nullptr);
}

Json errorLine(const Json &id, std::size_t line, const Error &error)
{
    return {{"id", id}, {"line", line}, {"error", {{"code", toString(error.code)}, {"detail", error.detail}}}};
}

std::vector<Parsed> parseSet(std::span<const std::string> lines, unsigned threads, bool needsId, std::stop_token stop)
{
    std::vector<Parsed> parsed(lines.size());
    parallelFor(lines.size(), 1024, threads, stop, [&](std::size_t begin, std::size_t end) {
        for (std::size_t i = begin; i < end; ++i) {
            auto object = parseObject(lines[i]);
            if (!object) {
                parsed[i].error = object.error();
                continue;
            }
            parsed[i].object = std::move(*object);
            auto id = requiredText(parsed[i].object, "id");
            if (id)
                parsed[i].id = std::move(*id);
            else if (needsId)
                parsed[i].error = id.error();
        }
    });
    std::unordered_set<std::string_view> seen;
    for (Parsed &line : parsed)
        if (!line.error && !line.id.empty() && !seen.insert(line.id).second)
            line.error = Error{ErrorCode::InvalidInput, "/id: a second line with this id"};
    return parsed;
}

Result<std::vector<Json>> readJsonLines(const std::string &path)
{
    auto data = readFile(path);
    if (!data)
        return tl::unexpected(data.error());
    std::vector<Json> objects;
    std::size_t number = 0;
    for (std::size_t at = 0; at < data->size();) {
        const std::size_t end = std::min(data->find('\n', at), data->size());
        const std::string_view line = std::string_view(*data).substr(at, end - at);
        at = end + 1;
        ++number;
        if (line.find_first_not_of(" \t\r") == std::string_view::npos)
            continue;
        auto object = parseObject(line);
        if (!object)
            return failAt(path + " line " + std::to_string(number), object.error());
        objects.push_back(std::move(*object));
    }
    return objects;
}

Result<Json> readJsonFile(const std::string &path)
{
    auto data = readFile(path);
    if (!data)
        return tl::unexpected(data.error());
    auto object = parseObject(*data);
    if (!object)
        return failAt(path, object.error());
    return object;
}

}
