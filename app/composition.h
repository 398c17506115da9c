#pragma once

#include <memory>
#include <string>

#include "core/adapters/sqlite/sqlitedesk.h"
#include "core/adapters/sqlite/sqlitestore.h"
#include "core/adapters/sqlite/workspace.h"
#include "core/adapters/trackers/connection.h"
#include "core/base/parallel.h"
#include "core/base/result.h"
#include "core/pipeline/pipeline.h"
#include "core/ports/clock.h"
#include "core/ports/importer.h"
#include "core/ports/secretstore.h"
#include "core/ports/tracker.h"

namespace winnow::app
{

/// The one place that picks adapters.

/// Where secrets are kept on this machine.
[[nodiscard]] SecretStore &secretStore();
/// The system's clock.
[[nodiscard]] Clock &systemClock();
/// Opens the workspace with what the programs agree on.
/// \param durable  fsync each commit: for decisions and filings.
[[nodiscard]] Result<std::unique_ptr<sqlite::Workspace>> openWorkspace(const std::string &folder, bool durable);

/// The engines of a workspace, and the pipeline over its store.
struct Engines {
    std::unique_ptr<Extractor> extractor;
    std::unique_ptr<Embedder> embedder;
    std::unique_ptr<sqlite::SqliteStore> store;
    std::unique_ptr<Pipeline> pipeline;
    RunRequest request; ///< with the workspace's options and key filled in
};

/// Engines that extract and embed, for a run.
/// \param lease  of `run`.
/// \errors NotFound, Corrupt: a shipped file or the workspace's configuration.
[[nodiscard]] Result<Engines> makeEngines(sqlite::Workspace &workspace, sqlite::Lease *lease);

/// Engines that only sum up, score and draft what the last run found: made in a few milliseconds, for a decision.
/// \errors as makeEngines.
[[nodiscard]] Result<Engines> makeDraftEngines(sqlite::Workspace &workspace);

/// Makes sums, scores and drafts of the incidents anew whose members a decision has changed, also those that a process
/// left behind that died before it came to this. Costs one look-up where there are none.
/// \errors as makeEngines; those of the stages and the store: the decision itself is safe.
[[nodiscard]] Result<> refreshRegrouped(sqlite::Workspace &workspace, std::stop_token stop);

/// A desk in the workspace, signed with actorName(). What somebody decided before, and died before its sums were made,
/// is made up for.
/// \param decides  as `durable` of openWorkspace.
[[nodiscard]] Result<std::unique_ptr<sqlite::SqliteDesk>> openDesk(const std::string &folder, bool decides);
/// The desks that a window opens.
[[nodiscard]] DeskMaker &deskMaker();

/// The tracker of a connection; `files` is the embedded one, in the workspace's folder `tickets`.
/// \errors NotFound, InvalidInput: a kind that this program does not speak yet.
[[nodiscard]] Result<std::unique_ptr<Tracker>> makeTracker(sqlite::Workspace &workspace, const std::string &connection);

/// What brings files into the workspace.
[[nodiscard]] std::unique_ptr<Importer> makeImporter(sqlite::Workspace &workspace);

/// Makes the same from a connection's parts, before it is kept.
[[nodiscard]] Result<std::unique_ptr<Tracker>> makeTracker(const trackers::Connection &connection);

/// A connection's secret: from the environment, else from the system's key store; empty where there is none.
[[nodiscard]] Result<std::string> connectionSecret(sqlite::Workspace &workspace, const std::string &connection,
                                                   const std::string &field);
/// Keeps it in the system's key store. \errors NotFound: this session has none.
[[nodiscard]] Result<> keepConnectionSecret(sqlite::Workspace &workspace, const std::string &connection,
                                            const std::string &field, const std::string &secret);
[[nodiscard]] Result<> forgetConnectionSecret(sqlite::Workspace &workspace, const std::string &connection,
                                              const std::string &field);

/// The actor that decisions are signed with: `WINNOW_ACTOR`, else the login.
[[nodiscard]] std::string actorName();

}
