#pragma once

#include <filesystem>

#include <QTemporaryDir>

#include "app/composition.h"
#include "core/adapters/files/importfile.h"
#include "core/adapters/sqlite/bronze.h"
#include "core/base/resources.h"

namespace winnow::test
{

/// The bundled sample as records, by its own mapping files.
inline std::vector<Record> sampleRecords(const Digest &workspaceKey)
{
    std::vector<Record> records;
    const std::string folder = resourcePath("samples").value() + "/feedback";
    std::vector<std::string> paths;
    for (const auto &entry : std::filesystem::directory_iterator(folder))
        if (const std::string path = entry.path().string(); !path.ends_with(".map.json"))
            paths.push_back(path);
    std::sort(paths.begin(), paths.end());
    for (const std::string &path : paths) {
        ImportOptions options;
        options.workspaceKey = workspaceKey;
        options.now = *parseTime("2026-11-23T12:00:00.000Z");
        const std::string name = std::filesystem::path(path).filename().string();
        options.mapping = readMapping(folder + '/' + name.substr(0, name.find('.')) + ".map.json").value();
        const auto summary =
            importFile(path, options,
                       [&](ImportBatch &&batch) -> Result<> {
                           std::move(batch.records.begin(), batch.records.end(), std::back_inserter(records));
                           return {};
                       },
                       {});
        if (!summary)
            qFatal("%s", summary.error().detail.c_str());
    }
    return records;
}

/// A workspace in a temporary folder, with one fixed key, so that pseudonyms are the same in all of them.
struct TemporaryWorkspace {
    QTemporaryDir folder;
    std::unique_ptr<sqlite::Workspace> workspace;

    TemporaryWorkspace()
    {
        qputenv("WINNOW_TEST_KEY", "0123456789abcdef0123456789abcdef");
        const std::string path = folder.path().toStdString() + "/w";
        const auto created = sqlite::Workspace::create(path, app::secretStore(), "0123456789abcdef0123456789abcdef",
                                                       app::systemClock().now());
        if (!created)
            qFatal("%s", created.error().detail.c_str());
        workspace = std::move(app::openWorkspace(path, false).value());
    }

    void add(std::span<const Record> records, std::size_t batch)
    {
        auto lease = sqlite::Lease::acquire(*workspace, "import").value();
        sqlite::Bronze bronze(*workspace);
        sqlite::BronzeCounts counts;
        const auto payload = bronze.openPayload(*lease, "test", "test", app::systemClock().now()).value();
        for (std::size_t i = 0; i < records.size(); i += batch) {
            const auto part = records.subspan(i, std::min(batch, records.size() - i));
            const auto added = bronze.add(*lease, payload, {part.begin(), part.end()}, {}, i, counts);
            if (!added)
                qFatal("%s", added.error().detail.c_str());
        }
    }

    Result<RunReport> run(unsigned threads, std::size_t batch, const std::string &until = {})
    {
        auto lease = sqlite::Lease::acquire(*workspace, "run");
        if (!lease)
            return tl::unexpected(lease.error());
        auto engines = app::makeEngines(*workspace, lease->get());
        if (!engines)
            return tl::unexpected(engines.error());
        RunRequest request = engines->request;
        request.runId = sqlite::uuid7(app::systemClock().now());
        request.asOf = *parseTime("2026-11-23T23:59:59.999Z");
        request.threads = threads;
        request.batch = batch;
        request.until = until;
        return engines->pipeline->run(request, {}, {});
    }
};

}
