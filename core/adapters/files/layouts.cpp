#include "core/adapters/files/layouts.h"

#include <algorithm>
#include <mutex>

#include <nlohmann/json.hpp>

#include "core/adapters/files/celltext.h"
#include "core/base/resources.h"

namespace winnow::files
{

namespace
{

using Json = nlohmann::ordered_json;

bool takeList(const Json &value, std::vector<std::string> &list)
{
    if (!value.is_array())
        return false;
    for (const Json &item : value) {
        if (!item.is_string())
            return false;
        list.push_back(item.get<std::string>());
    }
    return true;
}

/// \returns false where the file is not as shipped.
bool takeMember(const std::string &name, const Json &value, Layout &layout)
{
    const std::pair<std::string_view, std::string *> texts[] = {
        {"rows", &layout.rows},
        {"source", &layout.source},
        {"channel", &layout.channel},
        {"rating_scale", &layout.ratingScale},
        {"timezone", &layout.timezone},
        {"body_format", &layout.bodyFormat},
        {"id_prefix", &layout.idPrefix},
        {"id_parameter", &layout.idParameter},
        {"url_before", &layout.urlBefore},
    };
    for (const auto &[known, target] : texts)
        if (name == known) {
            if (value.is_string())
                *target = value.get<std::string>();
            return value.is_string();
        }
    const std::pair<std::string_view, std::vector<std::string> *> lists[] = {
        {"known", &layout.known},        {"identity", &layout.identity},  {"lowered_identity", &layout.loweredIdentity},
        {"joined_id", &layout.joinedId}, {"not_asked", &layout.notAsked},
    };
    for (const auto &[known, target] : lists)
        if (name == known)
            return takeList(value, *target);
    if (name == "others_are_text" || name == "rating_among_others") {
        (name == "others_are_text" ? layout.othersAreText : layout.ratingAmongOthers) = value == true;
        return value.is_boolean();
    }
    if (name == "header_rows") {
        layout.headerRows = value.is_number_integer() ? value.get<int>() : 0;
        return layout.headerRows >= 1 && layout.headerRows <= 3;
    }
    if (name == "skip") {
        if (!value.is_object() || !value.contains("column") || !value["column"].is_string())
            return false;
        layout.skipColumn = value["column"].get<std::string>();
        return value.contains("values") && takeList(value["values"], layout.skipValues);
    }
    if ((name != "columns" && name != "constants") || !value.is_object())
        return false;
    for (const auto &[field, columns] : value.items()) {
        if (name == "columns" ? !takeList(columns, layout.columns[field]) : !columns.is_string())
            return false;
        if (name == "constants")
            layout.constants[field] = columns.get<std::string>();
    }
    return true;
}

}

bool isColumn(std::string_view there, std::string_view wanted)
{
    return lowered(trimmed(there)) == lowered(wanted);
}

Result<std::vector<std::shared_ptr<const Layout>>> shippedLayouts()
{
    static std::mutex mutex;
    static std::vector<std::shared_ptr<const Layout>> shipped; // read once
    const std::lock_guard lock(mutex);
    if (!shipped.empty())
        return shipped;
    const auto text = readResource("import/layouts.json");
    if (!text)
        return tl::unexpected(text.error());
    const auto doc = Json::parse(*text, nullptr, false);
    if (!doc.is_object())
        return fail(ErrorCode::Corrupt, "import/layouts.json: not as shipped");
    std::vector<std::shared_ptr<const Layout>> layouts;
    for (const auto &[name, members] : doc.items()) {
        if (name == "about")
            continue;
        auto layout = std::make_shared<Layout>();
        layout->name = name;
        if (!members.is_object())
            return fail(ErrorCode::Corrupt, "import/layouts.json: /" + name + ": not as shipped");
        for (const auto &[member, value] : members.items())
            if (!takeMember(member, value, *layout))
                return fail(ErrorCode::Corrupt, "import/layouts.json: /" + name + "/" + member + ": not as shipped");
        layouts.push_back(std::move(layout));
    }
    std::sort(layouts.begin(), layouts.end(), [](const auto &a, const auto &b) { return a->name < b->name; });
    shipped = layouts;
    return layouts;
}

Result<std::shared_ptr<const Layout>> layoutNamed(std::string_view name)
{
    return shippedLayouts().map([&](const auto &layouts) {
        const auto found =
            std::find_if(layouts.begin(), layouts.end(), [&](const auto &layout) { return layout->name == name; });
        return found == layouts.end() ? nullptr : *found;
    });
}

Result<std::shared_ptr<const Layout>> layoutOf(const std::vector<std::string> &header)
{
    return shippedLayouts().map([&](const auto &layouts) {
        std::shared_ptr<const Layout> best;
        for (const auto &layout : layouts) {
            const bool all = std::all_of(layout->known.begin(), layout->known.end(), [&](const std::string &known) {
                return std::any_of(header.begin(), header.end(),
                                   [&](const std::string &column) { return isColumn(column, known); });
            });
            if (all && (!best || layout->known.size() > best->known.size()))
                best = layout;
        }
        return best;
    });
}

}
