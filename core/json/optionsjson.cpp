#include <algorithm>
#include <array>
#include <limits>
#include <type_traits>

#include "core/json/optionsvalues.h"

namespace winnow {

namespace {

using lines::Json;

constexpr std::array<std::string_view, 5> kFormatNames{"markdown", "adf", "wiki", "html", "plain"};

// The one list of all options: a visitor sees each with its name in JSON and, for numbers, its range.

template <typename V>
void visit(V &v, normalise::Options &o)
{
    v("products", o.products);
    v("plan_tiers", o.planTiers);
    v("components", o.components);
}

template <typename V>
void visit(V &v, language::Options &o)
{
    v("languages", o.languages);
    v("minimum_score", o.minimumScore, 0, 1);
}

template <typename V>
void visit(V &v, mask::Options &o)
{
    v("off_types", o.offTypes);
    v("allow", o.allow);
}

template <typename V>
void visit(V &, nearduplicates::Options &)
{
}

template <typename V>
void visit(V &, segment::Options &)
{
}

template <typename V>
void visit(V &, extract::Options &)
{
}

template <typename V>
void visit(V &, embed::Options &)
{
}

template <typename V>
void visit(V &v, cluster::Options &o)
{
    v("pivot_cut", o.pivotCut, 0, 1);
    v("merge_cut", o.mergeCut, 0, 2);
    v("dense_limit", o.denseLimit, 0, 16384);
    v("second_order", o.secondOrder, 0, 1);
}

template <typename V>
void visit(V &, incident::Options &)
{
}

template <typename V>
void visit(V &v, score::Options &o)
{
    v("severity_weight", o.severityWeight, 0, 10);
    v("reach_weight", o.reachWeight, 0, 10);
    v("revenue_weight", o.revenueWeight, 0, 10);
    v("recency_weight", o.recencyWeight, 0, 10);
    v("confidence_weight", o.confidenceWeight, 0, 10);
    v("corroboration_weight", o.corroborationWeight, 0, 10);
    v("half_life_days", o.halfLifeDays, 1, 36'500);
}

template <typename V>
void visit(V &v, band::Options &o)
{
    v("review_priority", o.reviewPriority, 0, 100);
    v("escalate_priority", o.escalatePriority, 0, 100);
    v("escalate_confidence", o.escalateConfidence, 0, 1);
    v("auto_priority", o.autoPriority, 0, 100);
    v("auto_confidence", o.autoConfidence, 0, 1);
    v("auto_open", o.autoOpen);
}

template <typename V>
void visit(V &v, match::Options &o)
{
    v("same_score", o.sameScore, 0, 1);
    v("related_score", o.relatedScore, 0, 1);
}

template <typename V>
void visit(V &v, draft::Options &o)
{
    v("format", o.format);
    v("maximum_quotes", o.maximumQuotes, 0, 1'000);
    v("maximum_title", o.maximumTitle, 20, 1'000);
    v("maximum_body", o.maximumBody, 200, 1'000'000);
}

/// Stages by their names.
template <typename V>
void visitStages(V &v, StageOptions &o)
{
    v.stage("normalise", o.normalise);
    v.stage("language", o.language);
    v.stage("mask", o.mask);
    v.stage("near-duplicates", o.nearDuplicates);
    v.stage("segment", o.segment);
    v.stage("extract", o.extract);
    v.stage("embed", o.embed);
    v.stage("cluster", o.cluster);
    v.stage("incident", o.incident);
    v.stage("score", o.score);
    v.stage("band", o.band);
    v.stage("match", o.match);
    v.stage("draft", o.draft);
}

class Writer
{
public:
    Json value = Json::object();

    template <typename O>
    void stage(const char *name, O &options)
    {
        Writer inner;
        visit(inner, options);
        value[name] = std::move(inner.value);
    }

    template <typename T>
    void operator()(const char *name, const T &option)
    {
        value[name] = option;
    }
    template <typename T>
    void operator()(const char *name, const T &option, double, double)
    {
        value[name] = option;
    }
    void operator()(const char *name, draft::Format option) { value[name] = kFormatNames[std::size_t(option)]; }
};

/// Puts members of an object into options; what no option asked for is unknown.
class Reader
{
public:
    Reader(const Json &object, std::string place) : m_object(object), m_place(std::move(place))
    {
        if (!object.is_object())
            refuse("", "expected an object");
    }

    template <typename O>
    void stage(const char *name, O &options)
    {
        const Json *member = take(name);
        if (!member)
            return;
        Reader inner(*member, m_place + "/" + name);
        visit(inner, options);
        if (auto done = inner.done(); !done && !m_error)
            m_error = done.error();
    }

    void operator()(const char *name, bool &option)
    {
        if (const Json *member = take(name)) {
            if (member->is_boolean())
                option = member->get<bool>();
            else
                refuse(name, "expected true or false");
        }
    }

    template <typename T>
        requires std::is_arithmetic_v<T>
    void operator()(const char *name, T &option, double least, double most)
    {
        const Json *member = take(name);
        if (!member)
            return;
        const bool right = std::is_integral_v<T> ? member->is_number_integer() : member->is_number();
        const double number = right ? member->get<double>() : std::numeric_limits<double>::quiet_NaN();
        if (number >= least && number <= most)
            option = member->get<T>();
        else
            refuse(name, std::string("expected a ") + (std::is_integral_v<T> ? "whole " : "") + "number from "
                             + Json(least).dump() + " to " + Json(most).dump());
    }

    void operator()(const char *name, std::vector<std::string> &option)
    {
        const Json *member = take(name);
        if (!member)
            return;
        if (!member->is_array() || !std::all_of(member->begin(), member->end(), [](const Json &e) { return e.is_string(); }))
            return refuse(name, "expected a list of texts");
        option = member->get<std::vector<std::string>>();
    }

    void operator()(const char *name, std::map<std::string, std::string> &option)
    {
        const Json *member = take(name);
        if (!member)
            return;
        if (!member->is_object() || !std::all_of(member->begin(), member->end(), [](const Json &e) { return e.is_string(); }))
            return refuse(name, "expected an object of texts");
        option = member->get<std::map<std::string, std::string>>();
    }

    void operator()(const char *name, draft::Format &option)
    {
        const Json *member = take(name);
        if (!member)
            return;
        const auto found = member->is_string()
            ? std::find(kFormatNames.begin(), kFormatNames.end(), member->get_ref<const std::string &>())
            : kFormatNames.end();
        if (found == kFormatNames.end())
            return refuse(name, "expected markdown, adf, wiki, html or plain");
        option = draft::Format(found - kFormatNames.begin());
    }

    /// \errors the first thing wrong, or a member that is no option.
    [[nodiscard]] Result<> done() const
    {
        if (m_error)
            return tl::unexpected(*m_error);
        for (const auto &[name, value] : m_object.items())
            if (std::find(m_known.begin(), m_known.end(), name) == m_known.end())
                return fail(ErrorCode::InvalidInput, m_place + "/" + name + ": no such option");
        return {};
    }

private:
    const Json *take(const char *name)
    {
        m_known.emplace_back(name);
        if (!m_object.is_object())
            return nullptr;
        const auto it = m_object.find(name);
        return it == m_object.end() ? nullptr : &*it;
    }

    void refuse(const std::string &name, const std::string &want)
    {
        if (!m_error)
            m_error = Error{ErrorCode::InvalidInput, m_place + (name.empty() ? "" : "/" + name) + ": " + want};
    }

    const Json &m_object;
    std::string m_place;
    std::vector<std::string> m_known;
    std::optional<Error> m_error;
};

Result<> readAll(const Json &object, StageOptions &options)
{
    Reader reader(object, "");
    visitStages(reader, options);
    return reader.done();
}

}

std::string toJson(const StageOptions &options)
{
    StageOptions copy = options; // the visitors take options by reference
    Writer writer;
    visitStages(writer, copy);
    return lines::dump(writer.value);
}

std::string toJson(const StageOptions &options, std::string_view stage)
{
    const Json all = Json::parse(toJson(options));
    const auto own = all.find(std::string(stage));
    return own == all.end() ? "{}" : lines::dump(*own);
}

Result<StageOptions> optionsFromJson(std::string_view text)
{
    const auto object = lines::parseObject(text);
    if (!object)
        return tl::unexpected(object.error());
    StageOptions options;
    if (auto done = readAll(*object, options); !done)
        return tl::unexpected(done.error());
    return options;
}

namespace lines {

Result<> readStageOptions(const StageArguments &arguments, const char *name, std::string_view stage, StageOptions &options)
{
    const std::string path = arguments.value(name);
    if (path.empty())
        return {};
    const auto object = readJsonFile(path);
    if (!object)
        return tl::unexpected(object.error());
    // options of all stages are objects by the stages' names; those of one stage never are
    const StageOptions defaults;
    const Json all = Json::parse(toJson(defaults));
    const bool whole = !object->empty() && std::all_of(object->items().begin(), object->items().end(), [&](const auto &item) {
        return all.contains(item.key()) && item.value().is_object();
    });
    const auto done = readAll(whole ? *object : Json{{std::string(stage), *object}}, options);
    return done ? Result<>() : failAt(path, done.error());
}

}

}
