#pragma once

#include <cstddef>
#include <functional>
#include <stop_token>

namespace winnow
{

/// Number of workers to use when the caller does not say: the machine's hardware threads, at least 1.
[[nodiscard]] unsigned defaultThreads();

/// Calls `work(begin, end)` for consecutive chunks of [0, count) on up to `threads` threads, the caller's included.
/// Chunks have at most `chunk` items and their borders do not depend on `threads`, so results written by index are the
/// same however many there are. Exceptions end the program: work reports by value.
/// \returns false when stopped before the end.
bool parallelFor(std::size_t count, std::size_t chunk, unsigned threads, std::stop_token stop,
                 const std::function<void(std::size_t begin, std::size_t end)> &work);

}
