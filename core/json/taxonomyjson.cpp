#include <algorithm>

#include "core/base/hash.h"
#include "core/json/lines.h"
#include "core/local/taxonomy.h"

namespace winnow
{

namespace
{

using lines::Json;

tl::unexpected<Error> wrong(const std::string &pointer, const std::string &want)
{
    return fail(ErrorCode::InvalidInput, pointer + ": " + want);
}

Result<std::vector<std::string>> texts(const Json &value, const std::string &pointer)
{
    std::vector<std::string> all;
    if (!value.is_array())
        return wrong(pointer, "expected a list of texts");
    for (const Json &one : value) {
        if (!one.is_string())
            return wrong(pointer, "expected a list of texts");
        all.push_back(one.get<std::string>());
    }
    return all;
}

Result<Terms> termsFrom(const Json &object, const std::string &pointer)
{
    Terms terms;
    if (object.is_null())
        return terms;
    if (!object.is_object())
        return wrong(pointer, "expected texts by language");
    for (const auto &[lang, value] : object.items()) {
        auto list = texts(value, pointer + "/" + lang);
        if (!list)
            return tl::unexpected(list.error());
        terms.emplace_back(lang, std::move(*list));
    }
    return terms;
}

Result<std::vector<std::pair<std::string, Terms>>> listsFrom(const Json &document)
{
    std::vector<std::pair<std::string, Terms>> lists;
    const auto it = document.find("lists");
    if (it == document.end())
        return lists;
    if (!it->is_object())
        return wrong("/lists", "expected an object");
    for (const auto &[name, value] : it->items()) {
        auto terms = termsFrom(value, "/lists/" + name);
        if (!terms)
            return tl::unexpected(terms.error());
        lists.emplace_back(name, std::move(*terms));
    }
    return lists;
}

void addTerms(Terms &to, const Terms &more)
{
    for (const auto &[lang, list] : more) {
        auto it = std::find_if(to.begin(), to.end(),
                               [&, &wanted = lang](const auto &known) { return known.first == wanted; });
        if (it == to.end())
            it = to.insert(to.end(), {lang, {}});
        it->second.insert(it->second.end(), list.begin(), list.end());
    }
}

template <typename T> T &entry(std::vector<T> &all, const std::string &name)
{
    const auto it = std::find_if(all.begin(), all.end(), [&](const T &one) { return one.name == name; });
    if (it != all.end())
        return *it;
    all.emplace_back().name = name;
    return all.back();
}

Result<> readComponent(const Json &value, const std::string &pointer, Taxonomy &taxonomy)
{
    const auto name = lines::requiredText(value, "name");
    const auto owner = lines::optionalText(value, "owner");
    if (!name || !owner)
        return failAt(pointer, name ? owner.error() : name.error());
    const auto terms = termsFrom(value.value("terms", Json()), pointer + "/terms");
    if (!terms)
        return tl::unexpected(terms.error());
    auto &component = entry(taxonomy.components, *name);
    if (!owner->empty())
        component.owner = *owner;
    addTerms(component.terms, *terms);
    return {};
}

Result<> readCauses(const Json &value, const std::string &pointer, std::vector<Taxonomy::Cause> &causes)
{
    const auto list = value.find("causes");
    if (list == value.end())
        return {};
    if (!list->is_array())
        return wrong(pointer + "/causes", "expected a list");
    causes.clear();
    for (const Json &one : *list) {
        const std::string place = pointer + "/causes/" + std::to_string(causes.size());
        if (!one.is_object())
            return wrong(place, "expected an object");
        const auto label = lines::requiredText(one, "label"), component = lines::optionalText(one, "component"),
                   when = lines::optionalText(one, "when");
        const auto weight = lines::optionalNumber(one, "weight", 1);
        if (!label || !component || !when || !weight)
            return failAt(place,
                          !label           ? label.error()
                              : !component ? component.error()
                              : !when      ? when.error()
                                           : weight.error());
        if (*weight < 1 || *weight > 1000)
            return wrong(place + "/weight", "expected 1 to 1000");
        causes.push_back({*label, int(*weight), *component, *when});
    }
    return {};
}

Result<> readSymptom(const Json &value, const std::string &pointer, Taxonomy &taxonomy)
{
    const auto name = lines::requiredText(value, "name"), type = lines::optionalText(value, "type"),
               severity = lines::optionalText(value, "severity"), component = lines::optionalText(value, "component"),
               action = lines::optionalText(value, "action");
    const auto points = lines::optionalNumber(value, "points");
    const auto flags = lines::optionalTexts(value, "flags");
    for (const auto *text : {&name, &type, &severity, &component, &action})
        if (!*text)
            return failAt(pointer, text->error());
    if (!points || !flags)
        return failAt(pointer, points ? flags.error() : points.error());
    const auto terms = termsFrom(value.value("terms", Json()), pointer + "/terms");
    if (!terms)
        return tl::unexpected(terms.error());
    auto &symptom = entry(taxonomy.symptoms, *name);
    if (!type->empty()) {
        const auto known = issueTypeFrom(*type);
        if (!known)
            return wrong(pointer + "/type", "none of the known types");
        symptom.type = *known;
    }
    if (!severity->empty()) {
        const auto known = severityFrom(*severity);
        if (!known)
            return wrong(pointer + "/severity", "none of the known severities");
        symptom.severity = *known;
    }
    if (*points) {
        if (**points < 0 || **points > 100)
            return wrong(pointer + "/points", "expected 0 to 100");
        symptom.points = int(**points);
    }
    if (const auto vague = value.find("vague"); vague != value.end()) {
        if (!vague->is_boolean())
            return wrong(pointer + "/vague", "expected true or false");
        symptom.vague = vague->get<bool>();
    }
    if (!component->empty())
        symptom.component = *component;
    if (!action->empty())
        symptom.action = *action;
    if (!flags->empty())
        symptom.flags = *flags;
    addTerms(symptom.terms, *terms);
    return readCauses(value, pointer, symptom.causes);
}

using ReadEntry = Result<>(const Json &, const std::string &, Taxonomy &);

Result<> readEntries(const Json &document, const char *name, ReadEntry *read, Taxonomy &taxonomy)
{
    const auto list = document.find(name);
    if (list == document.end())
        return {};
    const std::string pointer = std::string("/") + name;
    if (!list->is_array())
        return wrong(pointer, "expected a list");
    for (std::size_t i = 0; i < list->size(); ++i) {
        const std::string place = pointer + "/" + std::to_string(i);
        if (!(*list)[i].is_object())
            return wrong(place, "expected an object");
        if (auto done = read((*list)[i], place, taxonomy); !done)
            return done;
    }
    return {};
}

}

Result<Taxonomy> taxonomyFromJson(std::string_view text)
{
    const auto document = lines::parseObject(text);
    if (!document)
        return tl::unexpected(document.error());
    const auto base = lines::optionalText(*document, "extends");
    const auto name = lines::requiredText(*document, "name");
    if (!base || !name)
        return tl::unexpected(base ? name.error() : base.error());
    Taxonomy taxonomy;
    if (!base->empty()) {
        // The name must not lead out of the folder, nor back to itself.
        if (*base == *name || base->find_first_not_of("abcdefghijklmnopqrstuvwxyz0123456789_-") != std::string::npos)
            return wrong("/extends", "no name of a shipped taxonomy");
        auto extended = shippedTaxonomy(*base);
        if (!extended)
            return extended;
        taxonomy = std::move(*extended);
    }
    taxonomy.name = *name;
    const auto lists = listsFrom(*document);
    if (!lists)
        return tl::unexpected(lists.error());
    taxonomy.lists.insert(taxonomy.lists.end(), lists->begin(), lists->end());
    if (const auto actions = document->find("actions"); actions != document->end()) {
        if (!actions->is_object())
            return wrong("/actions", "expected texts by type");
        for (const auto &[type, action] : actions->items()) {
            const auto known = issueTypeFrom(type);
            if (!known || !action.is_string())
                return wrong("/actions/" + type, "expected a known type and a text");
            taxonomy.actions[std::size_t(*known)] = action.get<std::string>();
        }
    }
    if (auto done = readEntries(*document, "components", readComponent, taxonomy); !done)
        return tl::unexpected(done.error());
    if (auto done = readEntries(*document, "symptoms", readSymptom, taxonomy); !done)
        return tl::unexpected(done.error());
    for (const auto &symptom : taxonomy.symptoms)
        for (const auto *component : {&symptom.component})
            if (!component->empty() && !taxonomy.component(*component))
                return fail(ErrorCode::InvalidInput, "symptom " + symptom.name + ": no component " + *component);
    taxonomy.version = hex(Sha256().field(taxonomy.version).field(text).finish()).substr(0, 12);
    return taxonomy;
}

Result<Cues> cuesFromJson(std::string_view text)
{
    static constexpr std::array<std::string_view, 11> kRoles{
        "signal",        "negation", "negation_behind", "contrast",  "additive", "condition", "resolved",
        "function_word", "slot",     "vague",           "set_phrase"};
    const auto document = lines::parseObject(text);
    if (!document)
        return tl::unexpected(document.error());
    Cues cues;
    auto lists = listsFrom(*document);
    if (!lists)
        return tl::unexpected(lists.error());
    cues.lists = std::move(*lists);
    const auto groups = document->find("groups");
    if (groups == document->end() || !groups->is_array())
        return wrong("/groups", "expected a list");
    for (const Json &value : *groups) {
        const std::string pointer = "/groups/" + std::to_string(cues.groups.size());
        if (!value.is_object())
            return wrong(pointer, "expected an object");
        const auto name = lines::requiredText(value, "name"), role = lines::optionalText(value, "role"),
                   flag = lines::optionalText(value, "flag"), slot = lines::optionalText(value, "slot");
        for (const auto *member : {&name, &role, &flag, &slot})
            if (!*member)
                return failAt(pointer, member->error());
        const auto severity = lines::optionalNumber(value, "severity", 0);
        if (!severity || *severity < -100 || *severity > 100)
            return wrong(pointer + "/severity", "expected -100 to 100");
        Cues::Group group;
        group.name = *name;
        group.flag = *flag;
        group.slot = *slot;
        group.severity = int(*severity);
        if (!role->empty()) {
            const auto known = std::find(kRoles.begin(), kRoles.end(), *role);
            if (known == kRoles.end())
                return wrong(pointer + "/role", "none of the known roles");
            group.role = Cues::Role(known - kRoles.begin());
        }
        if (const auto negatable = value.find("negatable"); negatable != value.end()) {
            if (!negatable->is_boolean())
                return wrong(pointer + "/negatable", "expected true or false");
            group.negatable = negatable->get<bool>();
        }
        if (const auto points = value.find("points"); points != value.end()) {
            if (!points->is_object())
                return wrong(pointer + "/points", "expected numbers by type");
            for (const auto &[type, number] : points->items()) {
                const auto known = issueTypeFrom(type);
                if (!known || !number.is_number_integer() || number.get<int>() < -100 || number.get<int>() > 100)
                    return wrong(pointer + "/points/" + type, "expected a known type and -100 to 100");
                group.points[std::size_t(*known)] = number.get<int>();
            }
        }
        auto terms = termsFrom(value.value("terms", Json()), pointer + "/terms");
        if (!terms)
            return tl::unexpected(terms.error());
        group.terms = std::move(*terms);
        cues.groups.push_back(std::move(group));
    }
    cues.version = hex(Sha256().field(text).finish()).substr(0, 12);
    return cues;
}

}
