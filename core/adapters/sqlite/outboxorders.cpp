// The outbox: what a person says about filings, beside approving and undoing.

#include <nlohmann/json.hpp>

#include "core/adapters/sqlite/outbox.h"

namespace winnow::sqlite
{

/// One order, inside the caller's transaction. \param kind  filing_released, filing_retried.
Result<> Outbox::order(const std::string &filing, const char *kind, const std::string &actor, TimePoint now)
{
    Database &db = m_workspace.database();
    const bool retries = std::string_view(kind) == "filing_retried";
    std::string incident, state, tracker;
    auto done = db.query(
        "SELECT incident, state, tracker FROM filing WHERE id = ?1",
        [&](const Row &row) {
            incident = row.text(0);
            state = row.text(1);
            tracker = row.text(2);
        },
        filing);
    if (!done)
        return done;
    if (state.empty())
        return fail(ErrorCode::NotFound, "no filing " + filing);
    if (state != (retries ? "rejected" : "planned"))
        return fail(ErrorCode::Conflict,
                    "filing " + filing + " is " + state
                        + (retries ? ": only one that was refused can be tried again" : ": it does not wait any more"));
    // what was asked before stays asked: an earlier time is not put off
    done = db.run("UPDATE filing SET state = 'planned', due_at = min(due_at, ?1), changed_at = ?1, detail = NULL WHERE "
                  "id = ?2",
                  now, filing);
    if (!done)
        return done;
    const nlohmann::json refs{{"incident", incident}, {"filing", filing}, {"tracker", tracker}};
    return EventLog(m_workspace).append({kind, actor, refs.dump(), {}, {incident}}, now).map([](const std::string &) {
    });
}

Result<> Outbox::release(const std::vector<std::string> &filings, const std::string &actor, TimePoint now)
{
    auto transaction = Transaction::begin(m_workspace.database(), "release");
    if (!transaction)
        return tl::unexpected(transaction.error());
    for (const std::string &filing : filings)
        if (auto done = order(filing, "filing_released", actor, now); !done)
            return done;
    return transaction->commit();
}

Result<> Outbox::retry(const std::string &filing, const std::string &actor, TimePoint now)
{
    auto transaction = Transaction::begin(m_workspace.database(), "retry");
    if (!transaction)
        return tl::unexpected(transaction.error());
    return order(filing, "filing_retried", actor, now).and_then([&] { return transaction->commit(); });
}

Result<std::string> Outbox::approvalOf(const std::string &filing)
{
    const auto event = m_workspace.database().text("SELECT event FROM filing WHERE id = ?1", filing);
    if (!event)
        return tl::unexpected(event.error());
    return *event ? Result<std::string>(**event) : fail(ErrorCode::NotFound, "no filing " + filing);
}

}
