#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <unordered_set>
#include <vector>

#include "core/base/span.h"

namespace winnow::sqlite
{

/// Finds the words of a person in other texts (drafts, notes, tickets), whatever became of them on the way there:
/// shortened, put into quotes and lines, escaped. Only letters and digits are compared.
class Traces
{
public:
    /// What the person wrote: found whole, line by line, or wherever a longer run of it stands.
    void addText(std::string_view text);
    /// A name or an id: found as it is, as a word of its own. A short one is found by chance and not looked for.
    void addName(std::string_view name);

    [[nodiscard]] bool in(std::string_view text) const { return !find(text).empty(); }
    /// Puts `[erased]` in place of them. \returns true where there was one.
    bool redact(std::string &text) const;

private:
    [[nodiscard]] std::vector<ByteSpan> find(std::string_view text) const;

    std::unordered_set<std::uint64_t> m_runs; ///< hashes of all runs of a fixed length
    std::vector<std::string> m_short; ///< whole texts and lines shorter than that
    std::vector<std::string> m_names;
};

}
