#include "core/adapters/trackers/filetracker.h"

#include <algorithm>
#include <filesystem>
#include <utility>

namespace winnow
{

namespace
{

/// Letters, digits and hyphens only: what stands in an id can never name another place.
bool isPlainId(std::string_view id)
{
    return !id.empty() && id.size() <= 128 && id.front() != '-' && std::all_of(id.begin(), id.end(), [](char c) {
        return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-';
    });
}

std::string onOneLine(std::string_view text)
{
    std::string line;
    for (const char c : text) {
        if (std::uint8_t(c) >= 0x20 && c != 0x7f)
            line += c;
        else if (!line.empty() && line.back() != ' ')
            line += ' ';
    }
    while (!line.empty() && line.back() == ' ')
        line.pop_back();
    return line;
}

std::string markdownOf(const std::string &externalId, const Draft &draft)
{
    std::string text = "# " + onOneLine(draft.title) + "\n\n- id: " + externalId + "\n";
    for (const auto &[name, value] : draft.fields)
        text += "- " + onOneLine(name) + ": " + onOneLine(value) + "\n";
    text += "\n" + draft.body;
    if (text.back() != '\n')
        text += '\n';
    return text;
}

std::string fileUrl(std::string_view path)
{
    static constexpr char kDigits[] = "0123456789ABCDEF";
    std::string url = "file://";
    for (const char c : path) {
        const bool plain = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '/'
            || c == '-' || c == '.' || c == '_' || c == '~';
        if (plain)
            url += c;
        else
            (((url += '%') += kDigits[std::uint8_t(c) >> 4]) += kDigits[std::uint8_t(c) & 15]);
    }
    return url;
}

std::string absolute(const std::string &folder)
{
    std::error_code ignored;
    const auto path = std::filesystem::absolute(folder, ignored).lexically_normal().string();
    return path.size() > 1 && path.back() == '/' ? path.substr(0, path.size() - 1) : path;
}

}

FileTracker::FileTracker(std::string folder, FileOps &ops)
    : m_folder(absolute(folder))
    , m_files(ops)
{
}

std::string FileTracker::kind() const
{
    return "file";
}

std::string FileTracker::pathOf(const std::string &externalId) const
{
    return m_folder + "/" + externalId + ".md";
}

TicketRef FileTracker::refOf(const std::string &externalId) const
{
    return {externalId, fileUrl(pathOf(externalId))};
}

Result<std::vector<TicketRef>> FileTracker::findAll(const TicketKey &key, std::stop_token stop)
{
    const std::string &externalId = key.externalId;
    if (stop.stop_requested())
        return fail(ErrorCode::Cancelled, "stopped before looking for " + externalId);
    if (!isPlainId(externalId))
        return fail(ErrorCode::InvalidInput, "external id is no file name: " + onOneLine(externalId));
    return m_files.existsForGood(pathOf(externalId)).map([&](bool there) {
        return there ? std::vector{refOf(externalId)} : std::vector<TicketRef>();
    });
}

SendResult FileTracker::create(const TicketKey &key, const Draft &draft, std::stop_token stop)
{
    const std::string &externalId = key.externalId;
    if (stop.stop_requested())
        return {SendState::NotSent, {}, "stopped"};
    if (!isPlainId(externalId))
        return {SendState::Rejected, {}, "external id is no file name: " + onOneLine(externalId)};
    if (auto made = m_files.createFolder(m_folder); !made)
        return {SendState::NotSent, {}, made.error().detail};
    if (!std::exchange(m_swept, true))
        m_files.sweep(m_folder);
    const auto written = m_files.writeNew(pathOf(externalId), markdownOf(externalId, draft));
    if (written)
        return {SendState::Confirmed, refOf(externalId), ""};
    // An error after the rename (the folder could not be synced) leaves the file in its place: ask before saying no.
    const auto there = m_files.existsForGood(pathOf(externalId));
    if (written.error().code == ErrorCode::Conflict && there && *there)
        return {SendState::Confirmed, refOf(externalId), "was there already"};
    return {there && !*there ? SendState::NotSent : SendState::Ambiguous, {}, written.error().detail};
}

Result<TicketState> FileTracker::state(const TicketRef &ticket, std::stop_token stop)
{
    if (stop.stop_requested())
        return fail(ErrorCode::Cancelled, "stopped before reading the state of " + ticket.id);
    if (!isPlainId(ticket.id))
        return fail(ErrorCode::InvalidInput, "ticket id is no file name: " + onOneLine(ticket.id));
    const auto there = m_files.exists(pathOf(ticket.id));
    if (!there)
        return tl::unexpected(there.error());
    if (*there)
        return TicketState{"open", "open", std::nullopt};
    // A folder that is not there (an unplugged disk) says nothing about its tickets.
    const auto folder = m_files.exists(m_folder);
    if (!folder)
        return tl::unexpected(folder.error());
    if (!*folder)
        return fail(ErrorCode::NotFound, m_folder + ": folder is gone");
    return TicketState{"deleted", "unknown", std::nullopt};
}

Result<Payload> FileTracker::preview(const TicketKey &key, const Draft &draft, std::stop_token)
{
    if (!isPlainId(key.externalId))
        return fail(ErrorCode::InvalidInput, "external id is no file name: " + onOneLine(key.externalId));
    return Payload{"write", fileUrl(pathOf(key.externalId)), "text/markdown", markdownOf(key.externalId, draft), {}};
}

SendResult FileTracker::addEvidence(const TicketRef &ticket, const TicketEvidence &evidence, std::stop_token stop)
{
    if (!isPlainId(ticket.id) || !isPlainId(evidence.id))
        return {SendState::Rejected, {}, "an id is no file name"};
    const auto there = m_files.existsForGood(pathOf(ticket.id));
    if (stop.stop_requested() || !there)
        return {SendState::NotSent, {}, there ? "stopped" : there.error().detail};
    if (!*there)
        return {SendState::Rejected, {}, "the ticket " + ticket.id + " is not there"};
    const auto written = m_files.writeNew(pathOf(ticket.id + "-" + evidence.id), evidence.body + "\n");
    if (written || written.error().code == ErrorCode::Conflict)
        return {SendState::Confirmed, ticket, ""};
    return {SendState::Ambiguous, {}, written.error().detail};
}

SendResult FileTracker::complete(const TicketKey &, const TicketRef &ticket, const Draft &, std::stop_token)
{
    return {SendState::Confirmed, ticket, ""}; // the file holds all of it
}

SendResult FileTracker::reopen(const TicketRef &, std::stop_token)
{
    return {SendState::Rejected, {}, "a file is neither open nor closed"};
}

Result<std::vector<Proposal>> FileTracker::findText(const std::string &, std::stop_token)
{
    return std::vector<Proposal>(); // a folder has no search
}

Result<Changes> FileTracker::changes(const std::string &cursor, const std::vector<FollowedTicket> &tickets,
                                     std::stop_token stop)
{
    Changes changes{{}, cursor};
    for (const FollowedTicket &ticket : tickets) {
        const auto now = state(ticket.ticket, stop);
        if (!now)
            return tl::unexpected(now.error());
        changes.changes.push_back({ticket.ticket.id, now->outcome, now->status, now->at, {}});
    }
    return changes;
}

std::vector<ProbeStep> FileTracker::test(std::stop_token)
{
    const auto made = m_files.createFolder(m_folder);
    return {{"folder", made.has_value(), made ? m_folder : made.error().detail,
             made ? "" : "choose a folder that can be written"}};
}

}
