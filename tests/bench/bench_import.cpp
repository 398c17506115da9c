// How fast files become records: reading only, nothing is stored.
//   bench_import FILE…    each file; a line each with records per second of CPU and the peak of anonymous memory

#include <algorithm>
#include <cstdio>
#include <ctime>
#include <fstream>
#include <string>

#include "core/adapters/files/importfile.h"

namespace
{

/// VmHWM counts file pages as well; RssAnon now, asked after each batch, is close enough to the peak.
long anonymousKiB()
{
    std::ifstream status("/proc/self/status");
    for (std::string line; std::getline(status, line);)
        if (line.starts_with("RssAnon:"))
            return std::stol(line.substr(8));
    return 0;
}

}

int main(int argc, char **argv)
{
    int failed = 0;
    for (int i = 1; i < argc; ++i) {
        winnow::ImportOptions options;
        options.batchId = "bench";
        long peak = 0;
        std::size_t batches = 0, text = 0;
        const std::clock_t start = std::clock(); // of this process: the machine may be shared
        const auto summary = winnow::importFile(argv[i], options,
                                                [&](winnow::ImportBatch &&batch) -> winnow::Result<> {
                                                    for (const auto &record : batch.records)
                                                        text += record.title.size() + record.body.size();
                                                    if (batches++ % 64 == 0)
                                                        peak = std::max(peak, anonymousKiB());
                                                    return {};
                                                },
                                                {});
        const double seconds = double(std::clock() - start) / CLOCKS_PER_SEC;
        if (!summary) {
            std::printf("%s: %s\n", argv[i], summary.error().detail.c_str());
            failed = 1;
            continue;
        }
        std::printf("%-60s %-5s %9llu records %6llu rejects %7.3f s %9.0f records/s %5.1f MB text %5ld MiB\n", argv[i],
                    summary->format.c_str(), static_cast<unsigned long long>(summary->records),
                    static_cast<unsigned long long>(summary->rejects), seconds, double(summary->records) / seconds,
                    double(text) / 1e6, peak / 1024);
        if (summary->brokenOff)
            std::printf("  broken off: %s\n", summary->brokenOff->detail.c_str());
    }
    return failed;
}
