// winnow-stage: one pipeline stage for scripts and clusters. \source contracts/commands.md 1

#include <algorithm>
#include <array>
#include <charconv>
#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <iostream>
#include <mutex>
#include <string>
#include <vector>

#include <poll.h>
#include <unistd.h>

#include "core/base/log.h"
#include "core/base/parallel.h"
#include "core/json/stagelines.h"

namespace
{

using namespace winnow;

constexpr int kDone = 0, kRefused = 1, kUsage = 2, kInternal = 3;
constexpr std::size_t kBatchLines = 4096;
constexpr std::size_t kBatchBytes = 8u << 20;
constexpr std::size_t kChunkLines = 256;

int usage(const std::string &detail)
{
    std::fprintf(stderr,
                 "winnow-stage: %s\nusage: winnow-stage STAGE [--threads N] [--model FILE] [--options FILE] "
                 "[--as-of TIME] [--keep] … < in.jsonl > out.jsonl | --list | --version\n",
                 detail.c_str());
    return kUsage;
}

/// Lines from standard input. A batch ends at 4,096 lines, at 8 MiB, or where the sender pauses.
class LineReader
{
public:
    /// \returns false at the end of the input.
    bool readBatch(std::vector<std::string> &lines)
    {
        lines.clear();
        std::size_t bytes = 0;
        while (true) {
            while (lines.size() < kBatchLines && bytes < kBatchBytes) {
                const std::size_t end = m_buffer.find('\n', m_at);
                if (end == std::string::npos)
                    break;
                lines.emplace_back(m_buffer, m_at, end - m_at);
                bytes += lines.back().size();
                m_at = end + 1;
            }
            if (lines.size() >= kBatchLines || bytes >= kBatchBytes)
                return true;
            m_buffer.erase(0, m_at);
            m_at = 0;
            if (m_ended) {
                if (!m_buffer.empty())
                    lines.push_back(std::move(m_buffer));
                m_buffer.clear();
                return !lines.empty();
            }
            pollfd wait{STDIN_FILENO, POLLIN, 0};
            if (!lines.empty() && ::poll(&wait, 1, 20) == 0)
                return true;
            fill();
        }
    }

private:
    void fill()
    {
        const std::size_t size = m_buffer.size();
        m_buffer.resize(size + (1u << 20));
        ssize_t got;
        do
            got = ::read(STDIN_FILENO, m_buffer.data() + size, 1u << 20);
        while (got < 0 && errno == EINTR);
        m_buffer.resize(size + std::size_t(std::max<ssize_t>(got, 0)));
        m_ended = got <= 0;
    }

    std::string m_buffer;
    std::size_t m_at = 0;
    bool m_ended = false;
};

bool writeAll(std::string_view text)
{
    while (!text.empty()) {
        const ssize_t done = ::write(STDOUT_FILENO, text.data(), text.size());
        if (done < 0 && errno == EINTR)
            continue;
        if (done < 0)
            return false;
        text.remove_prefix(std::size_t(done));
    }
    return true;
}

int fail(const Error &error)
{
    std::fprintf(stderr, "winnow-stage: %s: %s\n", std::string(toString(error.code)).c_str(), error.detail.c_str());
    return error.code == ErrorCode::Usage || error.code == ErrorCode::NotFound || error.code == ErrorCode::Corrupt
            || error.code == ErrorCode::InvalidInput || error.code == ErrorCode::Io
        ? kUsage
        : kInternal;
}

int runMap(const StageLines &stage, unsigned threads)
{
    LineReader reader;
    std::vector<std::string> lines;
    std::size_t first = 1, refused = 0;
    while (reader.readBatch(lines)) {
        const std::size_t chunks = (lines.size() + kChunkLines - 1) / kChunkLines;
        std::vector<Result<std::string>> outputs(chunks);
        std::vector<std::size_t> refusals(chunks);
        parallelFor(lines.size(), kChunkLines, threads, {}, [&](std::size_t begin, std::size_t end) {
            const std::size_t chunk = begin / kChunkLines;
            outputs[chunk] =
                stage.map(std::span(lines).subspan(begin, end - begin), first + begin, refusals[chunk], {});
        });
        for (std::size_t i = 0; i < chunks; ++i) {
            if (!outputs[i])
                return fail(outputs[i].error());
            refused += refusals[i];
            if (!writeAll(*outputs[i]))
                return refused ? kRefused : kDone;
        }
        first += lines.size();
    }
    return refused ? kRefused : kDone;
}

int runSet(const StageLines &stage)
{
    LineReader reader;
    std::vector<std::string> all, lines;
    while (reader.readBatch(lines))
        std::move(lines.begin(), lines.end(), std::back_inserter(all));
    std::size_t refused = 0;
    const auto done = stage.set(std::move(all), writeAll, refused, {});
    if (!done)
        return fail(done.error());
    return refused ? kRefused : kDone;
}

int run(int argc, char **argv)
{
    std::vector<std::string> arguments(argv + 1, argv + argc);
    if (arguments.empty())
        return usage("which stage?");
    if (arguments[0] == "--list") {
        std::string names;
        for (const StageEntry &entry : stageTable())
            names += std::string(entry.name) + '\n';
        return writeAll(names) ? kDone : kInternal;
    }
    if (arguments[0] == "--version") {
        const auto version = stageVersion();
        return version ? (writeAll(*version + '\n') ? kDone : kInternal) : fail(version.error());
    }
    const auto &table = stageTable();
    const auto entry =
        std::find_if(table.begin(), table.end(), [&](const StageEntry &e) { return e.name == arguments[0]; });
    if (entry == table.end())
        return usage("no stage " + arguments[0] + "; see --list");
    StageArguments given;
    given.threads = defaultThreads();
    for (std::size_t i = 1; i < arguments.size(); ++i) {
        std::string name = arguments[i];
        if (!name.starts_with("--"))
            return usage("what is " + name + "?");
        name.erase(0, 2);
        const bool known = std::find(entry->options.begin(), entry->options.end(), name) != entry->options.end();
        if (name == "keep") {
            given.keep = true;
            continue;
        }
        if (name == "lines" && known) {
            given.lines = true;
            continue;
        }
        if (name != "threads" && name != "model" && name != "options" && name != "as-of" && !known)
            return usage("stage " + arguments[0] + " has no option --" + name);
        if (++i == arguments.size())
            return usage("--" + name + " wants a value");
        const std::string &value = arguments[i];
        if (name == "threads") {
            const auto [end, error] = std::from_chars(value.data(), value.data() + value.size(), given.threads);
            if (error != std::errc() || end != value.data() + value.size() || given.threads < 1 || given.threads > 1024)
                return usage("--threads wants a number from 1 to 1024");
        } else if (name == "as-of") {
            given.asOf = parseTime(value);
            if (!given.asOf)
                return usage("--as-of wants YYYY-MM-DDTHH:MM:SS.mmmZ");
        } else {
            given.values[name] = value;
        }
    }
    const auto stage = entry->make(given);
    if (!stage)
        return usage(stage.error().detail);
    return entry->set ? runSet(**stage) : runMap(**stage, given.threads);
}

}

int main(int argc, char **argv)
{
    std::signal(SIGPIPE, SIG_IGN);
    winnow::setLogSink([](winnow::LogLevel level, std::string_view, std::string_view message) {
        if (level >= winnow::LogLevel::Warning)
            std::fprintf(stderr, "winnow-stage: %.*s\n", int(message.size()), message.data());
    });
    return run(argc, argv);
}
