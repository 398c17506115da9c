#pragma once

#include <optional>
#include <stop_token>
#include <string>
#include <string_view>
#include <vector>

#include "core/base/result.h"
#include "core/domain/incident.h"

namespace winnow::draft {

enum class Format { Markdown, Adf, Wiki, Html, Plain };

/// A verified quote that the ticket may show.
struct Quote {
    std::string_view text; ///< masked
    std::string_view channel;
    std::string_view lang;
    std::string_view appVersion;
    std::string_view author; ///< pseudonymous id or empty
    std::optional<TimePoint> at;
};

struct Item {
    const Incident *incident = nullptr;
    const Score *score = nullptr;
    Band band = Band::Review;
    std::vector<Quote> quotes; ///< most telling first
    std::vector<TicketMatch> matches;
    std::vector<std::pair<std::string, std::string>> conditions;
    std::string_view owner; ///< from the component map; empty: nobody named
    std::string_view versions; ///< model, schema and configuration, one line
    std::vector<NoteMatch> notes = {}; ///< release notes that speak of it
};

struct Input {
    std::vector<Item> items;
};

struct Options {
    Format format = Format::Markdown;
    std::size_t maximumQuotes = 8;
    std::size_t maximumTitle = 200;  ///< UTF-16 units
    std::size_t maximumBody = 20000; ///< UTF-16 units
};

struct Output {
    std::vector<Draft> drafts;
};

/// Writes the ticket: title and summary in the taxonomy's words, quotes, counts, severity and priority with reasons,
/// hypotheses, steps to reproduce (or `not stated`), environment, owner, nearest tickets, link to the incident and the
/// marker with the external id. Text of a review is inert in the format it is written for.
/// \returns one draft per item. \errors Cancelled.
[[nodiscard]] Result<Output> run(const Input &input, const Options &options, std::stop_token stop);

/// `fb-` and the incident's id. \source contracts/trackers.md 2
[[nodiscard]] std::string externalId(const IncidentId &id);

}
