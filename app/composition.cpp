#include "app/composition.h"

#include <condition_variable>
#include <cstdlib>
#include <mutex>

#include <pwd.h>
#include <unistd.h>

#include "core/adapters/http/nettransport.h"
#include "core/adapters/keys/environmentsecrets.h"
#include "core/adapters/keys/filesecretstore.h"
#include "core/adapters/keys/keychainsecretstore.h"
#include "core/adapters/sqlite/connections.h"
#include "core/adapters/sqlite/importjob.h"
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

namespace
{

/// The system's key store; null where this session has none.
SecretStore *systemKeys()
{
    static const std::unique_ptr<KeychainSecretStore> system =
        KeychainSecretStore::available() ? std::make_unique<KeychainSecretStore>() : nullptr;
    return system.get();
}

}

SecretStore &secretStore()
{
    static FileSecretStore files;
    static PreferredSecretStore store(systemKeys(), files);
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

namespace
{

/// The engine and the space of the last run, by name: what they found lies in the store.
class RecordedExtractor : public Extractor
{
public:
    explicit RecordedExtractor(std::string version)
        : m_version(std::move(version))
    {
    }
    std::string version() const override { return m_version; }
    Result<std::vector<std::vector<Finding>>> extract(std::span<const ExtractionRequest>, std::stop_token) override
    {
        return fail(ErrorCode::Internal, "a recorded engine finds nothing new");
    }

private:
    std::string m_version;
};

class RecordedEmbedder : public Embedder
{
public:
    explicit RecordedEmbedder(std::string space)
        : m_space(std::move(space))
    {
    }
    std::string space() const override { return m_space; }
    Result<Vectors> embed(std::span<const std::string_view>, std::span<const std::string_view>,
                          std::stop_token) override
    {
        return fail(ErrorCode::Internal, "a recorded space embeds nothing new");
    }

private:
    std::string m_space;
};

Result<Taxonomy> workspaceTaxonomy(sqlite::Workspace &workspace)
{
    const auto own = released(workspace, "taxonomy");
    if (!own)
        return tl::unexpected(own.error());
    auto taxonomy = own->empty() ? shippedTaxonomy("shopping") : taxonomyFromJson(*own);
    return taxonomy ? std::move(taxonomy) : Result<Taxonomy>(failAt("taxonomy", taxonomy.error()));
}

/// The workspace's options and key, and what does not depend on the engines.
Result<RunRequest> requestOf(sqlite::Workspace &workspace, const Taxonomy &taxonomy)
{
    RunRequest request;
    const auto options = released(workspace, "options");
    if (!options)
        return tl::unexpected(options.error());
    if (!options->empty()) {
        auto own = optionsFromJson(*options);
        if (!own)
            return failAt("configuration `options`", own.error());
        request.options = std::move(*own);
    }
    std::string configurations;
    if (auto done = workspace.database().query("SELECT kind, id FROM config_released ORDER BY kind",
                                               [&](const sqlite::Row &row) {
                                                   configurations += (configurations.empty() ? "{\"" : ",\"")
                                                       + row.text(0) + "\":\"" + row.text(1) + '"';
                                               });
        !done)
        return tl::unexpected(done.error());
    request.configurations = configurations.empty() ? "{}" : configurations + "}";
    request.pseudonymKey = workspace.key().pseudonymKey();
    request.threads = defaultThreads();
    request.asOf = endOfDay(systemClock().now());
    for (const Taxonomy::Component &component : taxonomy.components)
        if (!component.owner.empty())
            request.owners.emplace(component.name, component.owner);
    return request;
}

Engines assemble(sqlite::Workspace &workspace, sqlite::Lease *lease, std::unique_ptr<Extractor> extractor,
                 std::unique_ptr<Embedder> embedder, RunRequest &&request)
{
    Engines engines;
    engines.extractor = std::move(extractor);
    engines.embedder = std::move(embedder);
    engines.store = std::make_unique<sqlite::SqliteStore>(workspace, lease);
    engines.pipeline = std::make_unique<Pipeline>(*engines.store, *engines.extractor, *engines.embedder, systemClock());
    engines.request = std::move(request);
    return engines;
}

}

Result<Engines> makeEngines(sqlite::Workspace &workspace, sqlite::Lease *lease)
{
    auto taxonomy = workspaceTaxonomy(workspace);
    if (!taxonomy)
        return tl::unexpected(taxonomy.error());
    auto request = requestOf(workspace, *taxonomy);
    if (!request)
        return tl::unexpected(request.error());
    auto synonyms = normalise::shippedOptions();
    if (!synonyms)
        return tl::unexpected(synonyms.error());
    request->options.normalise.products.merge(synonyms->products);
    request->options.normalise.planTiers.merge(synonyms->planTiers);
    request->options.normalise.components.merge(synonyms->components);
    auto extractor = LocalExtractor::make(std::move(*taxonomy));
    if (!extractor)
        return tl::unexpected(extractor.error());
    auto embedder = shippedLexicalEmbedder();
    if (!embedder)
        return tl::unexpected(embedder.error());
    return assemble(workspace, lease, std::move(*extractor), std::move(*embedder), std::move(*request));
}

Result<Engines> makeDraftEngines(sqlite::Workspace &workspace)
{
    const auto taxonomy = workspaceTaxonomy(workspace);
    if (!taxonomy)
        return tl::unexpected(taxonomy.error());
    auto request = requestOf(workspace, *taxonomy);
    if (!request)
        return tl::unexpected(request.error());
    std::string engine, space;
    if (auto done = workspace.database().query(
            "SELECT engine, json_extract(versions, '$.space'), as_of FROM run ORDER BY id DESC LIMIT 1",
            [&](const sqlite::Row &row) {
                engine = row.text(0);
                space = row.text(1);
                request->asOf = *row.time(2); // what a person sees is of one time
            });
        !done)
        return tl::unexpected(done.error());
    return assemble(workspace, nullptr, std::make_unique<RecordedExtractor>(engine),
                    std::make_unique<RecordedEmbedder>(space), std::move(*request));
}

Result<> refreshRegrouped(sqlite::Workspace &workspace, std::stop_token stop)
{
    constexpr int kAttempts = 10; // others may regroup meanwhile, and what was summed up before would be out of date
    sqlite::SqliteStore store(workspace, nullptr);
    std::map<std::string, std::string> all;
    std::optional<Engines> engines;
    for (int attempt = 0; attempt < kAttempts; ++attempt) {
        const auto clock = workspace.database().number("SELECT max(clock) FROM event");
        auto marked = store.regrouped();
        const auto snapshot = store.currentSnapshot();
        if (!clock || !marked || !snapshot)
            return tl::unexpected(!clock ? clock.error() : !marked ? marked.error() : snapshot.error());
        for (const auto &[incident, event] : *marked)
            all[incident] = event;
        if (all.empty())
            return {};
        if (!engines) {
            auto made = makeDraftEngines(workspace);
            if (!made)
                return tl::unexpected(made.error());
            engines = std::move(*made);
        }
        std::vector<std::string> incidents;
        for (const auto &[incident, event] : all)
            incidents.push_back(incident);
        if (auto done = engines->pipeline->refresh(engines->request, *snapshot, incidents, stop); !done)
            return done;
        const auto moved = store.regroupedSince(clock->value_or(0));
        const auto now = store.currentSnapshot();
        if (!moved || !now)
            return tl::unexpected(!moved ? moved.error() : now.error());
        if (!*moved && *now == *snapshot)
            return store.summedUp(all);
    }
    return {}; // the marks stay: whoever looks next goes on
}

namespace
{

Result<Draft> makeDraft(sqlite::Workspace &workspace, const std::string &incident, std::stop_token stop)
{
    auto engines = makeDraftEngines(workspace);
    if (!engines)
        return tl::unexpected(engines.error());
    return engines->store->currentSnapshot().and_then(
        [&](RowId snapshot) { return engines->pipeline->draft(engines->request, snapshot, incident, stop); });
}

class SystemDesks : public DeskMaker
{
public:
    Result<std::unique_ptr<Desk>> open(const std::string &folder, bool decides) override
    {
        return openDesk(folder, decides).map([](std::unique_ptr<sqlite::SqliteDesk> desk) {
            return std::unique_ptr<Desk>(std::move(desk));
        });
    }
};

}

Result<std::unique_ptr<sqlite::SqliteDesk>> openDesk(const std::string &folder, bool decides)
{
    auto workspace = openWorkspace(folder, decides);
    if (!workspace)
        return tl::unexpected(workspace.error());
    if (auto done = refreshRegrouped(**workspace, {}); !done)
        return tl::unexpected(done.error());
    return std::make_unique<sqlite::SqliteDesk>(
        std::move(*workspace), actorName(),
        sqlite::SqliteDesk::Engines{
            refreshRegrouped, makeDraft, [] { return systemClock().now(); },
            [](const sqlite::Workspace &its) { return secretStore().place(sqlite::Workspace::secretName(its.id())); }});
}

DeskMaker &deskMaker()
{
    static SystemDesks desks;
    return desks;
}

Result<std::string> connectionSecret(sqlite::Workspace &workspace, const std::string &connection,
                                     const std::string &field)
{
    if (std::string secret = environmentSecret(connection, field); !secret.empty())
        return secret;
    if (!systemKeys())
        return std::string();
    return systemKeys()
        ->get(secretEntry(workspace.id(), connection, field))
        .map([](const std::optional<std::string> &secret) { return secret.value_or(std::string()); });
}

Result<> keepConnectionSecret(sqlite::Workspace &workspace, const std::string &connection, const std::string &field,
                              const std::string &secret)
{
    if (!systemKeys())
        return fail(ErrorCode::NotFound,
                    "this session has no key store; set " + secretVariable(connection, field) + " in the environment");
    return systemKeys()->set(secretEntry(workspace.id(), connection, field), secret);
}

Result<> forgetConnectionSecret(sqlite::Workspace &workspace, const std::string &connection, const std::string &field)
{
    return systemKeys() ? systemKeys()->remove(secretEntry(workspace.id(), connection, field)) : Result<>();
}

Result<std::unique_ptr<Tracker>> makeTracker(const trackers::Connection &connection)
{
    if (connection.kind == "file")
        return std::unique_ptr<Tracker>(std::make_unique<FileTracker>(connection.url));
    const trackers::Kind *kind = trackers::kindNamed(connection.kind);
    if (!kind)
        return fail(ErrorCode::InvalidInput,
                    "connection " + connection.name + ": nothing is filed in a connection of kind " + connection.kind);
    if (auto good = trackers::check(*kind, connection); !good)
        return failAt("connection " + connection.name, good.error());
    if (!kind->secretField.empty() && connection.secret.empty())
        return fail(ErrorCode::Network,
                    "connection " + connection.name + " has no secret: set "
                        + secretVariable(connection.name, kind->secretField) + " or `winnowctl connection secret "
                        + connection.name + "`");
    auto transport =
        http::NetTransport::make({connection.setting("proxy"), connection.setting("ca_file"), std::string()});
    if (!transport)
        return failAt("connection " + connection.name, transport.error());
    return kind->make(connection, std::shared_ptr<http::Transport>(std::move(*transport)), systemClock());
}

Result<std::unique_ptr<Tracker>> makeTracker(sqlite::Workspace &workspace, const std::string &name)
{
    if (name == "files")
        return std::unique_ptr<Tracker>(std::make_unique<FileTracker>(workspace.folder() + "/tickets"));
    auto connection = sqlite::connectionNamed(workspace, name);
    if (!connection)
        return tl::unexpected(connection.error());
    if (const trackers::Kind *kind = trackers::kindNamed(connection->kind); kind && !kind->secretField.empty()) {
        auto secret = connectionSecret(workspace, name, std::string(kind->secretField));
        if (!secret)
            return tl::unexpected(secret.error());
        connection->secret = std::move(*secret);
    }
    return makeTracker(*connection);
}

std::unique_ptr<Importer> makeImporter(sqlite::Workspace &workspace)
{
    return std::make_unique<sqlite::WorkspaceImporter>(workspace, systemClock());
}

std::string actorName()
{
    if (const char *actor = std::getenv("WINNOW_ACTOR"); actor && *actor)
        return actor;
    const passwd *user = ::getpwuid(::getuid());
    return user ? user->pw_name : std::to_string(::getuid());
}

}
