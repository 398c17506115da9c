#include "core/local/taxonomy.h"

#include <algorithm>

#include "core/base/resources.h"

namespace winnow
{

namespace
{

template <typename T> const T *named(const std::vector<T> &all, std::string_view name)
{
    const auto it = std::find_if(all.begin(), all.end(), [&](const T &one) { return one.name == name; });
    return it == all.end() ? nullptr : &*it;
}

}

const Taxonomy::Component *Taxonomy::component(std::string_view componentName) const
{
    return named(components, componentName);
}
const Taxonomy::Symptom *Taxonomy::symptom(std::string_view symptomName) const
{
    return named(symptoms, symptomName);
}

Result<Taxonomy> shippedTaxonomy(std::string_view name)
{
    auto text = readResource("taxonomies/" + std::string(name) + ".json");
    if (!text)
        return tl::unexpected(text.error());
    auto taxonomy = taxonomyFromJson(*text);
    return taxonomy ? std::move(taxonomy) : failAt("taxonomies/" + std::string(name) + ".json", taxonomy.error());
}

Result<Cues> shippedCues()
{
    auto text = readResource("cues.json");
    if (!text)
        return tl::unexpected(text.error());
    auto cues = cuesFromJson(*text);
    return cues ? std::move(cues) : failAt("cues.json", cues.error());
}

}
