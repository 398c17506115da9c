#pragma once
// Internal to core/json: reading and writing of JSON lines.

#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <nlohmann/json.hpp>

#include "core/base/result.h"
#include "core/base/span.h"
#include "core/base/time.h"
#include "core/json/stagelines.h"

namespace winnow::lines {

using Json = nlohmann::json;

/// One line as an object; lone surrogates become U+FFFD.
/// \errors InvalidInput: no JSON, not an object, not UTF-8, deeper than 256 levels.
[[nodiscard]] Result<Json> parseObject(std::string_view line);

/// JSON text on one line; strings that are no UTF-8 get U+FFFD.
[[nodiscard]] std::string dump(const Json &value);

/// \errors InvalidInput `/name: …` for each: missing or of another type.
[[nodiscard]] Result<std::string> requiredText(const Json &object, const char *name);
/// Absent and null give an empty text.
[[nodiscard]] Result<std::string> optionalText(const Json &object, const char *name);
[[nodiscard]] Result<std::optional<double>> optionalNumber(const Json &object, const char *name);
[[nodiscard]] Result<double> optionalNumber(const Json &object, const char *name, double fallback);
[[nodiscard]] Result<std::optional<TimePoint>> optionalTime(const Json &object, const char *name);
[[nodiscard]] Result<std::vector<std::string>> optionalTexts(const Json &object, const char *name);
[[nodiscard]] Result<ByteSpan> requiredSpan(const Json &object, std::size_t textSize);
/// `masked` where the line has it, else `text`.
[[nodiscard]] Result<std::string> requiredBody(const Json &object);

/// null for empty text, as canonical members want it.
[[nodiscard]] Json textOrNull(std::string_view text);
[[nodiscard]] Json timeOrNull(const std::optional<TimePoint> &time);

/// The line in place of one that cannot be processed.
[[nodiscard]] Json errorLine(const Json &id, std::size_t line, const Error &error);

/// The `id` of a line, null where it has none that is text.
[[nodiscard]] Json idOf(const Json &object);

/// Input line by line, each with its id, for set stages. Lines that cannot be read are answered in their place by the caller.
struct Parsed {
    Json object;
    std::string id;
    std::optional<Error> error;
};
/// \param needsId  a line without a text id is refused; a second line with the same id always is.
[[nodiscard]] std::vector<Parsed> parseSet(std::span<const std::string> lines, unsigned threads, bool needsId,
                                           std::stop_token stop);

/// Reads a file of JSON Lines that goes with a stage (`--tickets`, `--accounts` …).
/// \errors NotFound, Io; InvalidInput `FILE line N: …`.
[[nodiscard]] Result<std::vector<Json>> readJsonLines(const std::string &path);
/// \errors NotFound, Io; InvalidInput `FILE: …`.
[[nodiscard]] Result<Json> readJsonFile(const std::string &path);

/// A map stage over a `Traits` with
///   using Item = …;
///   Result<Item> parse(const Json &object) const;                 // one line
///   Result<std::vector<Json>> run(std::vector<Item> &&, std::stop_token) const; // one object per item; an array
///                                                                 // stands for several lines
///   static constexpr bool kNeedsId = true;
template <typename Traits>
class MapLines : public StageLines
{
public:
    MapLines(Traits traits, bool keep) : m_traits(std::move(traits)), m_keep(keep) { }

    Result<std::string> map(std::span<const std::string> input, std::size_t firstLine, std::size_t &refused,
                            std::stop_token stop) const override
    {
        std::vector<Json> answers(input.size());
        std::vector<Json> objects(input.size());
        std::vector<typename Traits::Item> items;
        std::vector<std::size_t> places;
        items.reserve(input.size());
        for (std::size_t i = 0; i < input.size(); ++i) {
            auto object = parseObject(input[i]);
            if (!object) {
                answers[i] = errorLine(nullptr, firstLine + i, object.error());
                ++refused;
                continue;
            }
            auto item = [&]() -> Result<typename Traits::Item> {
                if constexpr (Traits::kNeedsId)
                    if (auto id = requiredText(*object, "id"); !id)
                        return tl::unexpected(id.error());
                return m_traits.parse(*object);
            }();
            if (!item) {
                answers[i] = errorLine(idOf(*object), firstLine + i, item.error());
                ++refused;
                continue;
            }
            objects[i] = std::move(*object);
            items.push_back(std::move(*item));
            places.push_back(i);
        }
        auto results = m_traits.run(std::move(items), stop);
        if (!results)
            return tl::unexpected(results.error());
        for (std::size_t k = 0; k < places.size(); ++k) {
            const std::size_t i = places[k];
            Json &result = (*results)[k];
            if (result.is_object()) {
                if (!result.contains("id"))
                    result["id"] = idOf(objects[i]);
                if (m_keep)
                    for (auto &[name, value] : objects[i].items())
                        if (!result.contains(name))
                            result[name] = std::move(value);
            }
            answers[i] = std::move(result);
        }
        std::string out;
        for (const Json &answer : answers) {
            if (answer.is_array()) {
                for (const Json &line : answer)
                    out += dump(line) += '\n';
            } else {
                out += dump(answer) += '\n';
            }
        }
        return out;
    }

private:
    Traits m_traits;
    bool m_keep;
};

}
