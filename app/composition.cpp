#include "app/composition.h"

#include <condition_variable>
#include <cstdlib>
#include <mutex>

#include <pwd.h>
#include <unistd.h>

#include "core/adapters/keys/filesecretstore.h"
#include "core/adapters/keys/keychainsecretstore.h"
#include "core/adapters/trackers/filetracker.h"
#include "core/local/lexicalembedder.h"
#include "core/local/localextractor.h"

namespace winnow::app
{

namespace
{

class SystemClock : public Clock
{
public:
    TimePoint now() const override { return sqlite::systemNow(); }
    bool waitUntil(TimePoint time, std::stop_token stop) override
    {
        std::mutex mutex;
        std::condition_variable_any wake;
        std::unique_lock lock(mutex);
        wake.wait_until(lock, stop, time, [] { return false; });
        return !stop.stop_requested();
    }
};

Result<std::string> released(sqlite::Workspace &workspace, const std::string &kind)
{
    return workspace.database()
        .text("SELECT c.body FROM config c JOIN config_released r ON r.kind = c.kind AND r.id = c.id WHERE c.kind = ?1",
              kind)
        .map([](const std::optional<std::string> &body) { return body.value_or(std::string()); });
}

}

SecretStore &secretStore()
{
    static FileSecretStore files;
    static const std::unique_ptr<KeychainSecretStore> system
        = KeychainSecretStore::available() ? std::make_unique<KeychainSecretStore>() : nullptr;
    static PreferredSecretStore store(system.get(), files);
    return store;
}

Clock &systemClock()
{
    static SystemClock clock;
    return clock;
}

Result<std::unique_ptr<sqlite::Workspace>> openWorkspace(const std::string &folder, bool durable)
{
    return sqlite::Workspace::open(folder, secretStore(), durable);
}

Result<Engines> makeEngines(sqlite::Workspace &workspace, sqlite::Lease *lease)
{
    Engines engines;
    const auto options = released(workspace, "options"), taxonomyText = released(workspace, "taxonomy");
    if (!options || !taxonomyText)
        return tl::unexpected(!options ? options.error() : taxonomyText.error());
    auto taxonomy = taxonomyText->empty() ? shippedTaxonomy("shopping") : taxonomyFromJson(*taxonomyText);
    if (!taxonomy)
        return failAt("taxonomy", taxonomy.error());
    for (const Taxonomy::Component &component : taxonomy->components)
        if (!component.owner.empty())
            engines.request.owners.emplace(component.name, component.owner);
    auto extractor = LocalExtractor::make(std::move(*taxonomy));
    if (!extractor)
        return tl::unexpected(extractor.error());
    auto embedder = shippedLexicalEmbedder();
    if (!embedder)
        return tl::unexpected(embedder.error());
    auto normalise = normalise::shippedOptions();
    if (!normalise)
        return tl::unexpected(normalise.error());
    engines.request.options.normalise = std::move(*normalise);
    if (!options->empty()) {
        auto own = optionsFromJson(*options);
        if (!own)
            return failAt("configuration `options`", own.error());
        own->normalise.products.merge(engines.request.options.normalise.products);
        own->normalise.planTiers.merge(engines.request.options.normalise.planTiers);
        own->normalise.components.merge(engines.request.options.normalise.components);
        engines.request.options = std::move(*own);
    }
    std::string configurations;
    if (auto done = workspace.database().query("SELECT kind, id FROM config_released ORDER BY kind",
                                               [&](const sqlite::Row &row) {
                                                   configurations += (configurations.empty() ? "{\"" : ",\"")
                                                       + row.text(0) + "\":\"" + row.text(1) + '"';
                                               });
        !done)
        return tl::unexpected(done.error());
    engines.request.configurations = configurations.empty() ? "{}" : configurations + "}";
    engines.request.pseudonymKey = workspace.key().pseudonymKey();
    engines.request.threads = defaultThreads();
    engines.request.asOf = endOfDay(systemClock().now());
    engines.extractor = std::move(*extractor);
    engines.embedder = std::move(*embedder);
    engines.store = std::make_unique<sqlite::SqliteStore>(workspace, lease);
    engines.pipeline = std::make_unique<Pipeline>(*engines.store, *engines.extractor, *engines.embedder, systemClock());
    return engines;
}

Result<std::unique_ptr<Tracker>> makeTracker(sqlite::Workspace &workspace, const std::string &connection)
{
    if (connection == "files")
        return std::unique_ptr<Tracker>(std::make_unique<FileTracker>(workspace.folder() + "/tickets"));
    std::string kind, url;
    if (auto done = workspace.database().query(
            "SELECT kind, url FROM connection WHERE name = ?1",
            [&](const sqlite::Row &row) {
                kind = row.text(0);
                url = row.text(1);
            },
            connection);
        !done)
        return tl::unexpected(done.error());
    if (kind.empty())
        return fail(ErrorCode::NotFound, "no connection named " + connection);
    if (kind == "file")
        return std::unique_ptr<Tracker>(std::make_unique<FileTracker>(url));
    return fail(ErrorCode::InvalidInput,
                "connection " + connection + ": this program cannot file in a tracker of kind " + kind);
}

std::string actorName()
{
    if (const char *actor = std::getenv("WINNOW_ACTOR"); actor && *actor)
        return actor;
    const passwd *user = ::getpwuid(::getuid());
    return user ? user->pw_name : std::to_string(::getuid());
}

}
