#include "core/json/reportjson.h"

#include <unicode/uvernum.h>

#include "core/json/lines.h"
#include "core/pipeline/pipeline.h"

namespace winnow
{

std::string stagesJson(const std::vector<StageFigures> &stages)
{
    lines::Json list = lines::Json::array();
    for (const StageFigures &stage : stages)
        list.push_back({{"name", stage.name},
                        {"in", stage.in},
                        {"out", stage.out},
                        {"refused", stage.refused},
                        {"seconds", double(std::int64_t(stage.seconds * 1000)) / 1000}});
    return lines::dump(list);
}

std::vector<StageFigures> stagesFromJson(std::string_view json)
{
    std::vector<StageFigures> stages;
    const lines::Json list = lines::Json::parse(json, nullptr, false);
    if (!list.is_array())
        return stages;
    for (const lines::Json &entry : list)
        if (entry.is_object())
            stages.push_back({entry.value("name", ""), entry.value("in", std::size_t(0)),
                              entry.value("out", std::size_t(0)), entry.value("refused", std::size_t(0)),
                              entry.value("seconds", 0.0)});
    return stages;
}

std::string runVersionsJson(std::string_view engine, std::string_view space, std::string_view configurations)
{
    lines::Json configuration = lines::Json::parse(configurations, nullptr, false);
    if (!configuration.is_object())
        configuration = lines::Json::object();
    return lines::dump({{"program", WINNOW_VERSION},
                        {"icu", U_ICU_VERSION},
                        {"engine", engine},
                        {"space", space},
                        {"configuration", configuration}});
}

}
