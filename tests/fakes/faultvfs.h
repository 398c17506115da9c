#pragma once

#include <cstdint>
#include <memory>

#include "tests/fakes/power.h"

namespace winnow::test
{

/// SQLite's default VFS with a page cache that can lose power: writes and truncations stay in memory until xSync takes
/// them to the file. While an object lives it is the default VFS, for every connection that is opened from then on.
class FaultVfs
{
public:
    /// What a disk may hold of that which was not synced.
    enum class Survives {
        Nothing,
        Some, ///< any of the sectors, in any order
    };

    /// \pre no other object lives
    explicit FaultVfs(Power &power);
    ~FaultVfs();
    FaultVfs(const FaultVfs &) = delete;
    FaultVfs &operator=(const FaultVfs &) = delete;

    /// After a power cut: the files are as the disk kept them. \pre every connection is closed \param seed  of Some.
    void restart(Survives survives, std::uint64_t seed = 0);

    struct Private;

private:
    std::unique_ptr<Private> d;
};

}
