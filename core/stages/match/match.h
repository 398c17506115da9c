#pragma once

#include <memory>
#include <optional>
#include <span>
#include <stop_token>
#include <string_view>
#include <vector>

#include "core/base/result.h"
#include "core/domain/incident.h"

namespace winnow::local {
class Analyser;
}

namespace winnow::match {

struct Query {
    std::string_view text; ///< masked; an incident's words and quotes
    std::string_view component;
    std::string_view appVersion; ///< newest that reports it
    std::optional<TimePoint> at;
};

struct Options {
    double sameScore = 0.85;   ///< least p for `same`
    double relatedScore = 0.2; ///< least p for `related`
};

/// Known tickets and releases, indexed once and asked many times.
class Index
{
public:
    /// \param analyser  finds components and symptoms in tickets and queries, so that other words, and words of other
    ///                  languages, for the same thing meet; null: the shipped one, or none where its data is missing.
    Index(std::span<const KnownTicket> tickets, std::span<const Release> releases,
          const local::Analyser *analyser = nullptr);
    ~Index();
    Index(Index &&) noexcept;
    Index &operator=(Index &&) noexcept;
    struct Private;
    [[nodiscard]] const Private &data() const { return *m_data; }

private:
    std::unique_ptr<Private> m_data;
};

struct Input {
    std::vector<Query> queries;
    const Index *index = nullptr;
};

struct Output {
    std::vector<Matching> items;
};

/// Nearest known tickets by BM25 over title and body, with component, time and version: same, related or new; a report
/// from a version at or after the fix is a regression.
/// \returns one entry per query, at most 10 tickets each. \errors Cancelled.
[[nodiscard]] Result<Output> run(const Input &input, const Options &options, std::stop_token stop);

}
