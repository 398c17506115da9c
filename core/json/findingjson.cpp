#include "core/json/findingjson.h"

#include <algorithm>

#include "core/json/findingvalue.h"

namespace winnow
{

namespace lines
{

namespace
{

tl::unexpected<Error> wrong(const std::string &pointer, const char *want)
{
    return fail(ErrorCode::Protocol, pointer + ": " + want);
}

/// Reads members one after the other and keeps the first thing that is wrong.
class Reader
{
public:
    Reader(const Json &object, std::string place)
        : m_object(object)
        , m_place(std::move(place))
    {
    }

    [[nodiscard]] const std::optional<Error> &error() const { return m_error; }

    std::string text(const char *name)
    {
        const Json *value = member(name);
        if (!value)
            return {};
        if (!value->is_string()) {
            refuse(name, "expected text or null");
            return {};
        }
        return value->get<std::string>();
    }

    double probability(const char *name, bool required)
    {
        const Json *value = member(name);
        if (!value) {
            if (required)
                refuse(name, "missing");
            return 0;
        }
        const double p = value->is_number() ? value->get<double>() : -1;
        if (!(p >= 0 && p <= 1)) {
            refuse(name, "expected 0..1");
            return 0;
        }
        return p;
    }

    bool flag(const char *name)
    {
        const Json *value = member(name);
        if (value && !value->is_boolean())
            refuse(name, "expected true or false");
        return value && value->is_boolean() && value->get<bool>();
    }

    template <typename Enum> Enum choice(const char *name, std::optional<Enum> (*from)(std::string_view), Enum fallback)
    {
        const Json *value = member(name);
        const auto found = value && value->is_string() ? from(value->get_ref<const std::string &>()) : std::nullopt;
        if (!found)
            refuse(name, "none of the known names");
        return found.value_or(fallback);
    }

    ByteSpan span(const Json &object, const std::string &place)
    {
        const auto number = [&](const char *name) -> std::optional<std::uint32_t> {
            const auto it = object.is_object() ? object.find(name) : object.end();
            if (!object.is_object() || it == object.end() || !it->is_number_unsigned()
                || it->template get<std::uint64_t>() > UINT32_MAX)
                return std::nullopt;
            return it->template get<std::uint32_t>();
        };
        const auto start = number("start"), end = number("end");
        if (!start || !end || *start >= *end) {
            refuse(place.c_str(), "expected start < end");
            return {};
        }
        return {*start, *end};
    }

    /// The member as a list; an absent or null one is empty.
    const Json &list(const char *name, bool required)
    {
        static const Json kEmpty = Json::array();
        const Json *value = member(name);
        if (!value && required)
            refuse(name, "missing");
        if (value && !value->is_array())
            refuse(name, "expected a list");
        return value && value->is_array() ? *value : kEmpty;
    }

    std::vector<std::string> texts(const char *name)
    {
        std::vector<std::string> all;
        for (const Json &value : list(name, false)) {
            if (value.is_string())
                all.push_back(value.get<std::string>());
            else
                refuse(name, "expected texts");
        }
        return all;
    }

    const Json *member(const char *name) const
    {
        const auto it = m_object.find(name);
        return it == m_object.end() || it->is_null() ? nullptr : &*it;
    }

    void refuse(const char *name, const char *want)
    {
        if (!m_error)
            m_error = wrong(m_place + "/" + name, want).value();
    }

    void take(const std::optional<Error> &error)
    {
        if (!m_error)
            m_error = error;
    }

private:
    const Json &m_object;
    std::string m_place;
    std::optional<Error> m_error;
};

}

Json findingValue(const Finding &finding)
{
    Json types = Json::array(), causes = Json::array(), evidence = Json::array();
    for (const Scored &type : finding.types)
        types.push_back({{"label", type.label}, {"p", type.p}});
    for (const RootCause &cause : finding.rootCauses)
        causes.push_back({{"label", cause.label}, {"p", cause.p}, {"basis", textOrNull(cause.basis)}});
    for (const Evidence &e : finding.evidence)
        evidence.push_back(
            {{"start", e.span.start}, {"end", e.span.end}, {"quote", e.quote}, {"supports", e.supports}});
    Json conditions{{"os", nullptr}, {"app_version", nullptr}};
    for (const auto &[name, value] : finding.conditions)
        conditions[name] = value;
    return {{"segment", {{"start", finding.segment.start}, {"end", finding.segment.end}}},
            {"type", toString(finding.type)},
            {"types", std::move(types)},
            {"component", textOrNull(finding.component)},
            {"component_p", finding.componentP},
            {"symptom", textOrNull(finding.symptom)},
            {"root_causes", std::move(causes)},
            {"severity", toString(finding.severity)},
            {"severity_p", finding.severityP},
            {"flags", finding.flags},
            {"conditions", std::move(conditions)},
            {"suggested_action", textOrNull(finding.suggestedAction)},
            {"evidence", std::move(evidence)},
            {"confidence", finding.confidence},
            {"abstained", finding.abstained},
            {"engine", finding.engine},
            {"versions",
             {{"schema", kFindingSchema},
              {"model", textOrNull(finding.model)},
              {"prompt", nullptr},
              {"text", textOrNull(finding.textHash)}}}};
}

Result<Finding> findingFrom(const Json &value)
{
    if (!value.is_object())
        return fail(ErrorCode::Protocol, "finding: not a JSON object");
    Reader reader(value, "");
    Finding finding;
    const Json *segment = reader.member("segment");
    finding.segment = reader.span(segment ? *segment : Json(), "segment");
    finding.type = reader.choice("type", issueTypeFrom, IssueType::Other);
    finding.severity = reader.choice("severity", severityFrom, Severity::None);
    finding.component = reader.text("component");
    finding.componentP = reader.probability("component_p", false);
    finding.symptom = reader.text("symptom");
    finding.severityP = reader.probability("severity_p", false);
    finding.suggestedAction = reader.text("suggested_action");
    finding.confidence = reader.probability("confidence", true);
    finding.abstained = reader.flag("abstained");
    finding.engine = reader.text("engine");
    finding.flags = reader.texts("flags");
    std::sort(finding.flags.begin(), finding.flags.end());

    for (std::size_t i = 0; const Json &type : reader.list("types", false)) {
        Reader item(type, "/types/" + std::to_string(i++));
        finding.types.push_back({item.text("label"), item.probability("p", true)});
        reader.take(item.error());
    }
    double sum = 0;
    bool unknown = false;
    for (std::size_t i = 0; const Json &cause : reader.list("root_causes", true)) {
        Reader item(cause, "/root_causes/" + std::to_string(i++));
        finding.rootCauses.push_back({item.text("label"), item.probability("p", true), item.text("basis")});
        sum += finding.rootCauses.back().p;
        unknown = unknown || finding.rootCauses.back().label == "unknown";
        reader.take(item.error());
    }
    if (!unknown || sum < 0.999 || sum > 1.001)
        reader.refuse("root_causes", "expected probabilities that sum to 1, with unknown");
    for (std::size_t i = 0; const Json &piece : reader.list("evidence", true)) {
        const std::string name = "evidence/" + std::to_string(i++);
        Reader item(piece, "/" + name);
        finding.evidence.push_back({reader.span(piece, name), item.text("quote"), item.texts("supports")});
        reader.take(item.error());
    }
    if (const Json *conditions = reader.member("conditions")) {
        if (!conditions->is_object())
            reader.refuse("conditions", "expected an object");
        else
            for (const auto &[name, condition] : conditions->items()) {
                if (condition.is_string())
                    finding.conditions.emplace_back(name, condition.get<std::string>());
                else if (!condition.is_null())
                    reader.refuse(("conditions/" + name).c_str(), "expected text or null");
            }
    }
    if (const Json *versions = reader.member("versions"); versions && versions->is_object()) {
        Reader item(*versions, "/versions");
        finding.model = item.text("model");
        finding.textHash = item.text("text");
        reader.take(item.error());
    }
    if (reader.error())
        return tl::unexpected(*reader.error());
    return finding;
}

}

std::string toJson(const Finding &finding)
{
    return lines::dump(lines::findingValue(finding));
}

Result<Finding> findingFromJson(std::string_view text)
{
    const auto object = lines::parseObject(text);
    if (!object)
        return fail(ErrorCode::Protocol, "finding: " + object.error().detail);
    return lines::findingFrom(*object);
}

}
