#include "app/push.h"

#include <algorithm>

#include "core/adapters/sqlite/outbox.h"

namespace winnow::app
{

std::vector<std::string> trackersOf(const std::vector<Filing> &filings, const std::string &only)
{
    std::vector<std::string> names;
    for (const Filing &filing : filings)
        if ((only.empty() || filing.tracker == only)
            && std::find(names.begin(), names.end(), filing.tracker) == names.end())
            names.push_back(filing.tracker);
    return names;
}

Result<> pushFilings(sqlite::Workspace &workspace, const PushRequest &request, const PushTold &told,
                     std::stop_token stop)
{
    sqlite::Outbox outbox(workspace);
    const auto open = outbox.list({"planned", "sending", "ambiguous"});
    if (!open)
        return tl::unexpected(open.error());
    std::vector<Filing> concerned = *open;
    std::unique_ptr<sqlite::Lease> lease;
    if (!request.dry) {
        const auto made = outbox.list({"confirmed"});
        if (!made)
            return tl::unexpected(made.error());
        std::copy_if(made->begin(), made->end(), std::back_inserter(concerned),
                     [](const Filing &filing) { return !filing.completed || !filing.checked; });
        auto acquired = sqlite::Lease::acquire(workspace, "push");
        if (!acquired)
            return tl::unexpected(acquired.error());
        lease = std::move(*acquired);
    }
    for (const std::string &name : trackersOf(concerned, request.only)) {
        const auto tracker = makeTracker(workspace, name);
        if (!tracker || request.dry) {
            for (const Filing &filing : *open) {
                if (filing.tracker != name)
                    continue;
                Filing shown = filing;
                if (!tracker)
                    shown.detail = tracker.error().detail;
                told.filing(shown, tracker ? tracker->get() : nullptr);
            }
            if (!tracker)
                told.unreachable(tracker.error());
            continue;
        }
        const auto pushed = outbox.push(
            *lease, name, **tracker, request.fileNow, [] { return systemClock().now(); }, stop);
        if (!pushed)
            return tl::unexpected(pushed.error());
        for (const Filing &filing : *pushed)
            told.filing(filing, tracker->get());
    }
    return {};
}

}
