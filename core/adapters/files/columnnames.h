#pragma once
// Internal to core/adapters/files: which column holds which field, by its name.

#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "core/base/result.h"

namespace winnow::files
{

/// Lower case, letters and digits only (points between names of nested members stay): `Created_At`, `createdAt` and
/// `created at` are one name.
[[nodiscard]] std::string normalisedName(std::string_view name);

/// The names that the fields of one kind of rows are known by. \source resources/import/columns.json
class ColumnNames
{
public:
    struct Match {
        int field = -1;
        int priority = 0; ///< 0 is the field's own name; smaller is better
    };

    /// \param kind  `records`, `tickets`, `releases`, `accounts`, `signals`.
    /// \errors NotFound, Io; Corrupt: not the shipped file.
    [[nodiscard]] static Result<ColumnNames> shipped(const std::string &kind);

    [[nodiscard]] const std::vector<std::string> &fields() const { return m_fields; }
    /// -1 where there is no such field.
    [[nodiscard]] int fieldOf(std::string_view field) const;
    [[nodiscard]] std::optional<Match> find(std::string_view name) const;
    /// Does a name lead through this one into a nested object?
    [[nodiscard]] bool leadsOn(std::string_view name) const;
    /// The channel that a known source speaks through; empty: not said.
    [[nodiscard]] std::string channelOf(const std::string &source) const;
    /// The scale that goes with the name of a rating's column; empty: not said.
    [[nodiscard]] std::string scaleOf(std::string_view column) const;

private:
    std::vector<std::string> m_fields;
    std::unordered_map<std::string, Match> m_names;
    std::map<std::string, std::string> m_channels;
    std::map<std::string, std::string> m_scales; ///< normalised column → scale
};

/// The names of a record's fields, in the order of RecordMaker::Field. \errors as ColumnNames::shipped.
[[nodiscard]] Result<ColumnNames> recordColumns();

}
