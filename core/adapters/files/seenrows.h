#pragma once
// Internal to core/adapters/files: how often a row was there before.

#include <cstddef>
#include <cstdint>

#include "core/base/hash.h"

namespace winnow::files
{

/// Counts equal rows by their digest, 12 bytes a place. A large table lies in a file that has no name, so that memory
/// of our own stays small however many rows a file has.
class SeenRows
{
public:
    /// \param memoryBytes  larger tables go into a file, where one can be had.
    explicit SeenRows(std::size_t memoryBytes = std::size_t(32) << 20)
        : m_memoryBytes(memoryBytes)
    {
    }
    SeenRows(const SeenRows &) = delete;
    SeenRows &operator=(const SeenRows &) = delete;
    ~SeenRows();

    /// \returns 1 for the first row of this digest, 2 for the second …
    [[nodiscard]] std::uint32_t count(const Digest &digest);

private:
    struct Table {
        void *memory = nullptr;
        std::size_t bytes = 0;
        std::size_t places = 0;
        std::uint64_t *keys = nullptr; ///< 0: free
        std::uint32_t *counts = nullptr;
    };

    [[nodiscard]] Table make(std::size_t places) const;
    static std::size_t placeOf(const Table &table, std::uint64_t key);
    void grow();

    std::size_t m_memoryBytes;
    Table m_table;
    std::size_t m_used = 0;
};

}
