// winnowctl: what feedback is seen against: accounts, signals, known tickets, releases.

#include <algorithm>
#include <functional>

#include <nlohmann/json.hpp>

#include "app/commands/command.h"
#include "core/adapters/files/context.h"

namespace winnow::app
{

namespace
{

using Json = nlohmann::ordered_json;

std::string dump(const Json &value)
{
    return value.dump(-1, ' ', false, Json::error_handler_t::replace);
}

template <typename Row>
Result<int> importContext(Call &call, const char *what,
                          Result<Context<Row>> (*read)(const std::string &, std::stop_token),
                          const std::function<Result<>(sqlite::Database &, const Row &)> &write)
{
    auto workspace = openWorkspace(call.workspace, true);
    if (!workspace)
        return tl::unexpected(workspace.error());
    const auto context = read(call.arguments[0], call.stop);
    if (!context)
        return tl::unexpected(context.error());
    auto lease = sqlite::Lease::acquire(**workspace, "import");
    if (!lease)
        return tl::unexpected(lease.error());
    sqlite::Database &db = (*workspace)->database();
    constexpr std::size_t kAtOnce = 1000;
    for (std::size_t i = 0; i < context->rows.size(); i += kAtOnce) {
        auto transaction = (*lease)->begin("import: context");
        if (!transaction)
            return tl::unexpected(transaction.error());
        for (std::size_t k = i; k < std::min(context->rows.size(), i + kAtOnce); ++k)
            if (auto done = write(db, context->rows[k]); !done)
                return tl::unexpected(done.error());
        if (auto done = transaction->commit(); !done)
            return tl::unexpected(done.error());
    }
    for (const Reject &reject : context->rejects)
        std::fprintf(stderr, "winnowctl: %s: %s\n", reject.place.c_str(), printable(reject.reason).c_str());
    if (call.silent)
        return context->rejects.empty() ? kDone : kRefusals;
    if (call.json)
        print(dump({{"file", call.arguments[0]},
                    {"kind", what},
                    {"records", context->rows.size()},
                    {"rejects", context->rejects.size()}}));
    else
        print(call.arguments[0] + ": " + std::to_string(context->rows.size()) + ' ' + what + ", "
              + std::to_string(context->rejects.size()) + " rejected");
    return context->rejects.empty() ? kDone : kRefusals;
}

}

Result<int> runAccounts(Call &call)
{
    return importContext<Account>(call, "accounts", readAccounts, [](sqlite::Database &db, const Account &account) {
        return db.run("INSERT OR REPLACE INTO account(id, name, plan_tier, revenue, region) VALUES(?1, ?2, ?3, ?4, ?5)",
                      account.id, account.name, account.planTier, account.revenue, account.region);
    });
}

Result<int> runSignals(Call &call)
{
    return importContext<SignalPoint>(call, "signals", readSignals, [](sqlite::Database &db, const SignalPoint &point) {
        return db.run("INSERT OR REPLACE INTO signal(name, at, value) VALUES(?1, ?2, ?3)", point.name, point.at,
                      point.value);
    });
}

Result<int> runTickets(Call &call)
{
    return importContext<
        KnownTicket>(call, "tickets", readTickets, [](sqlite::Database &db, const KnownTicket &ticket) {
        return db.run(
            "INSERT OR REPLACE INTO known_ticket(id, title, body, status, component, created, resolved, fix_version) "
            "VALUES(?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)",
            ticket.id, ticket.title, ticket.body, ticket.status, ticket.component, ticket.created, ticket.resolved,
            ticket.fixVersion);
    });
}

Result<int> runReleases(Call &call)
{
    return importContext<Release>(call, "releases", readReleases, [](sqlite::Database &db, const Release &release) {
        return db.run("INSERT OR REPLACE INTO release(version, date, notes) VALUES(?1, ?2, ?3)", release.version,
                      release.date, release.notes);
    });
}

}
