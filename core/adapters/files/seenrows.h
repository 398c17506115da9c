#pragma once
// Internal to core/adapters/files: how often a row was there before.

#include <cstddef>
#include <cstdint>
#include <vector>

#include "core/base/hash.h"

namespace winnow::files
{

/// Counts equal rows by their digest: 12 bytes a row, because a file may have many millions.
class SeenRows
{
public:
    /// \returns 1 for the first row of this digest, 2 for the second …
    std::uint32_t count(const Digest &digest);

private:
    void grow();
    [[nodiscard]] std::size_t placeOf(std::uint64_t key) const;

    std::vector<std::uint64_t> m_keys; ///< 0: free
    std::vector<std::uint32_t> m_counts;
    std::size_t m_used = 0;
};

}
