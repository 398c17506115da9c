#include "core/base/parallel.h"

#include <algorithm>
#include <atomic>
#include <thread>
#include <vector>

namespace winnow
{

unsigned defaultThreads()
{
    return std::max(1u, std::thread::hardware_concurrency());
}

bool parallelFor(std::size_t count, std::size_t chunk, unsigned threads, std::stop_token stop,
                 const std::function<void(std::size_t, std::size_t)> &work)
{
    const std::size_t chunks = (count + chunk - 1) / chunk;
    std::atomic<std::size_t> next{0};
    const auto loop = [&] {
        while (!stop.stop_requested()) {
            const std::size_t index = next.fetch_add(1);
            if (index >= chunks)
                return;
            work(index * chunk, std::min(count, (index + 1) * chunk));
        }
    };
    std::vector<std::jthread> others;
    for (std::size_t i = 1; i < std::min<std::size_t>(threads, chunks); ++i)
        others.emplace_back(loop);
    loop();
    others.clear();
    return !stop.stop_requested();
}

}
