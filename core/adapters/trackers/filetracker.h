#pragma once

#include <string>

#include "core/adapters/files/filelayer.h"
#include "core/ports/tracker.h"

namespace winnow
{

/// Files tickets as Markdown, one `fb-….md` each, in a folder: for teams without a tracker, and for trying things out.
/// The file's name is the external id, so a ticket is never written twice, whoever else writes there.
/// State: status `open`, outcome `open` while the file is there; `deleted`, `unknown` when it is gone.
/// \source contracts/trackers.md 10
class FileTracker : public Tracker
{
public:
    /// \param folder  made where absent, with the first ticket.
    explicit FileTracker(std::string folder, FileOps &ops = systemFileOps());

    [[nodiscard]] std::string kind() const override;
    /// \errors InvalidInput: an external id that is no file name; Io, ReadOnly; Cancelled.
    [[nodiscard]] Result<std::vector<TicketRef>> findAll(const TicketKey &key, std::stop_token stop) override;
    /// A folder has no index that lags.
    [[nodiscard]] std::chrono::seconds settles() const override { return std::chrono::seconds(0); }
    [[nodiscard]] SendResult create(const TicketKey &key, const Draft &draft, std::stop_token stop) override;
    /// \errors InvalidInput; NotFound: the folder itself is gone; Io; Cancelled.
    [[nodiscard]] Result<TicketState> state(const TicketRef &ticket, std::stop_token stop) override;
    [[nodiscard]] Result<Payload> preview(const TicketKey &key, const Draft &draft, std::stop_token stop) override;
    /// A file beside the ticket's, named after both.
    [[nodiscard]] SendResult addEvidence(const TicketRef &ticket, const TicketEvidence &evidence,
                                         std::stop_token stop) override;
    [[nodiscard]] SendResult complete(const TicketKey &key, const TicketRef &ticket, const Draft &draft,
                                      std::stop_token stop) override;
    /// A file is neither open nor closed.
    [[nodiscard]] SendResult reopen(const TicketRef &ticket, std::stop_token stop) override;
    [[nodiscard]] Result<std::vector<Proposal>> findText(const std::string &words, std::stop_token stop) override;
    [[nodiscard]] Result<Changes> changes(const std::string &cursor, const std::vector<FollowedTicket> &tickets,
                                          std::stop_token stop) override;
    [[nodiscard]] std::vector<ProbeStep> test(std::stop_token stop) override;

private:
    [[nodiscard]] std::string pathOf(const std::string &externalId) const;
    [[nodiscard]] TicketRef refOf(const std::string &externalId) const;

    std::string m_folder; ///< absolute
    FileLayer m_files;
    bool m_swept = false; ///< what dead processes left behind was looked for
};

}
