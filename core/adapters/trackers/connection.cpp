#include "core/adapters/trackers/connection.h"

#include <algorithm>
#include <charconv>

#include "core/adapters/trackers/azuretracker.h"
#include "core/adapters/trackers/githubtracker.h"
#include "core/adapters/trackers/gitlabtracker.h"
#include "core/adapters/trackers/jiratracker.h"
#include "core/adapters/trackers/lineartracker.h"
#include "core/adapters/trackers/servicenowtracker.h"

namespace winnow::trackers
{

const std::vector<Kind> &kinds()
{
    static const std::vector<Kind> all{
        {"azure_devops", {"project"}, {"type", "label", "area", "id_field"}, "TOKEN", &AzureTracker::make},
        {"github", {"owner", "repo"}, {"label"}, "TOKEN", &GitHubTracker::make},
        {"gitlab", {"project"}, {"label"}, "TOKEN", &GitLabTracker::make},
        {"jira_cloud", {"project", "email"}, {"issue_type", "label"}, "TOKEN", &JiraTracker::make},
        {"jira_dc", {"project"}, {"issue_type", "label"}, "TOKEN", &JiraTracker::make},
        {"linear", {"team"}, {"label", "auth"}, "TOKEN", &LinearTracker::make},
        {"servicenow", {"user"}, {"table", "label"}, "TOKEN", &ServiceNowTracker::make},
    };
    return all;
}

const Kind *kindNamed(std::string_view name)
{
    const auto found =
        std::find_if(kinds().begin(), kinds().end(), [&](const Kind &kind) { return kind.name == name; });
    return found == kinds().end() ? nullptr : &*found;
}

Result<> check(const Kind &kind, const Connection &connection)
{
    const auto url = http::checkUrl(connection.url);
    if (!url)
        return failAt("--url", url.error());
    if (connection.url.find_first_of("?#") != std::string::npos)
        return fail(ErrorCode::InvalidInput, "--url: the address must have no query");
    for (const std::string_view name : kind.required)
        if (connection.setting(std::string(name)).empty())
            return fail(ErrorCode::InvalidInput, std::string(kind.name) + " wants --set " + std::string(name) + "=…");
    const std::vector<std::string_view> common{"proxy", "ca_file", "settles"};
    for (const auto &[name, value] : connection.settings) {
        const auto knows = [&](const std::vector<std::string_view> &names) {
            return std::find(names.begin(), names.end(), name) != names.end();
        };
        if (!knows(kind.required) && !knows(kind.optional) && !knows(common)
            && !(name.starts_with("field.") && name.size() > 6)) {
            std::string list;
            for (const auto *names : {&kind.required, &kind.optional, &common})
                for (const std::string_view known : *names)
                    list += (list.empty() ? "" : ", ") + std::string(known);
            return fail(ErrorCode::InvalidInput,
                        "--set " + name + ": no such setting of " + std::string(kind.name) + "; there are " + list
                            + ", field.NAME");
        }
        if (value.empty() || std::any_of(value.begin(), value.end(), [](char c) { return std::uint8_t(c) < 0x20; }))
            return fail(ErrorCode::InvalidInput, "--set " + name + ": expected text on one line");
        if (name == "settles") {
            int seconds = 0;
            const auto [end, error] = std::from_chars(value.data(), value.data() + value.size(), seconds);
            if (error != std::errc() || end != value.data() + value.size() || seconds < 0 || seconds > 86'400)
                return fail(ErrorCode::InvalidInput, "--set settles: expected seconds, 0 to 86400");
        }
        if (name == "table" && !std::all_of(value.begin(), value.end(), [](char c) {
                return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '_';
            }))
            return fail(ErrorCode::InvalidInput, "--set table: expected the name of a table");
    }
    return {};
}

std::string baseOf(const Connection &connection)
{
    std::string base = connection.url;
    while (base.ends_with('/'))
        base.pop_back();
    return base;
}

std::chrono::seconds settlesOf(const Connection &connection, std::chrono::seconds fallback)
{
    const std::string text = connection.setting("settles");
    int seconds = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), seconds);
    return error == std::errc() && end == text.data() + text.size() && seconds >= 0 && !text.empty()
        ? std::chrono::seconds(seconds)
        : fallback;
}

}
