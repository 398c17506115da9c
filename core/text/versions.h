#pragma once

#include <compare>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace winnow::text
{

/// The version of an app: `9.2`, `v10.0.1-beta.2`, `Version 4.5 (1234)`, `2023.10.1 build 77`.
struct Version {
    std::vector<std::uint64_t> numbers; ///< without zeros at the end; at least one
    std::string preRelease; ///< lower case: `beta.2`; empty for a release
    std::uint64_t build = 0; ///< 0 where none is given

    /// Numbers decide, then a release comes after its pre-releases, then the build where both name one.
    [[nodiscard]] std::weak_ordering operator<=>(const Version &other) const;
    [[nodiscard]] bool operator==(const Version &other) const { return (*this <=> other) == 0; }
};

/// \returns nothing where the text names no version ("unknown", "latest", empty). A bare number counts.
[[nodiscard]] std::optional<Version> parseVersion(std::string_view text);

/// The version without decoration, for keys and display: `4.5`, `10.0.1-beta.2`; zeros stay as written (`4.0`), the
/// build goes. Text that names no version comes back trimmed.
[[nodiscard]] std::string tidyVersion(std::string_view text);

}
