#pragma once

#include <map>
#include <memory>
#include <optional>
#include <set>
#include <stop_token>
#include <string>
#include <string_view>
#include <vector>

#include "app/composition.h"
#include "core/base/result.h"

namespace winnow::app
{

// Exit statuses. \source contracts/commands.md 2
inline constexpr int kDone = 0, kRefusals = 1, kUsage = 2, kWorkspace = 3, kNetwork = 4, kForbidden = 5, kInternal = 70,
                     kStopped = 130;

/// What a command was called with.
struct Call {
    std::string workspace;
    bool json = false;
    bool quiet = false;
    bool silent = false; ///< part of another command, which says for itself what happened
    std::vector<std::string> arguments; ///< behind the command's name
    std::map<std::string, std::vector<std::string>> options; ///< by name without dashes
    std::stop_token stop;

    [[nodiscard]] bool has(const std::string &name) const { return options.contains(name); }
    [[nodiscard]] std::string value(const std::string &name) const
    {
        const auto it = options.find(name);
        return it == options.end() || it->second.empty() ? std::string() : it->second.back();
    }
};

/// One command: what it may be called with, and what it does.
struct Command {
    std::string_view name;
    std::string_view usage; ///< one line, behind the name
    std::set<std::string> flags; ///< options without a value
    std::set<std::string> values; ///< options with one
    std::size_t least = 0, most = 0; ///< arguments
    Result<int> (*run)(Call &call);
};

[[nodiscard]] const std::vector<Command> &commandTable();

/// Progress on stderr: a bar that is painted over on a terminal, else lines.
void showProgress(const Call &call, std::string_view what, std::uint64_t done);
void endProgress(const Call &call);

/// Writes one line to stdout.
void print(std::string_view line);

/// Text that may stand on a terminal: control characters and direction overrides are left out.
[[nodiscard]] std::string printable(std::string_view text);

// the commands, by file
Result<int> runInit(Call &), runStats(Call &), runVerify(Call &), runErase(Call &), runBackup(Call &),
    runRestore(Call &), runKey(Call &), runConfig(Call &);
Result<int> runImport(Call &), runAccounts(Call &), runSignals(Call &), runTickets(Call &), runReleases(Call &),
    runRecords(Call &), runRejects(Call &), runWatch(Call &);
Result<int> runRun(Call &), runQueue(Call &), runShow(Call &), runSearch(Call &);
Result<int> runDecide(Call &), runMerge(Call &), runSplit(Call &), runExpel(Call &), runLink(Call &), runUnlink(Call &),
    runRename(Call &);
Result<int> runUndo(Call &), runRedo(Call &), runHistory(Call &), runConnection(Call &), runPush(Call &),
    runSync(Call &), runExport(Call &);

}
