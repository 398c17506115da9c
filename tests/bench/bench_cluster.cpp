// Times the lexical space and clustering on generated segments: bench_cluster [segments] [blocks] [threads].

#include <chrono>
#include <cmath>
#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <random>
#include <string>
#include <vector>

#include "core/base/parallel.h"
#include "core/local/lexicalembedder.h"
#include "core/stages/cluster/cluster.h"

using namespace winnow;

namespace
{

/// Words as common as Zipf's law has it, and issues that many people tell in words of their own.
class Writer
{
public:
    explicit Writer(std::size_t issues)
    {
        for (std::size_t i = 0; i < kWords; ++i)
            m_words.push_back(word(i));
        for (std::size_t i = 0; i < issues; ++i) {
            std::vector<std::size_t> about;
            for (int k = 0; k < 6; ++k)
                about.push_back(zipf(kStopWords));
            m_issues.push_back(std::move(about));
        }
    }

    std::string text()
    {
        // A few issues get most of the complaints; short ones among them are near-cliques.
        const auto &issue = m_issues[std::size_t(double(m_issues.size()) * std::pow(uniform(), 3.0))];
        std::string text;
        const std::size_t length = 3 + std::size_t(20 * std::pow(uniform(), 2.0));
        for (std::size_t i = 0; i < length; ++i) {
            text += m_words[uniform() < 0.5 ? issue[m_random() % issue.size()] : zipf(kStopWords)];
            text += ' ';
        }
        return text;
    }

private:
    static constexpr std::size_t kWords = 60000, kStopWords = 150; ///< the commonest are left out

    double uniform() { return double(m_random() >> 11) / double(1ull << 53); }
    std::size_t zipf(std::size_t from)
    {
        return std::size_t(
                   std::exp(std::log(double(from + 1)) + uniform() * std::log(double(kWords) / double(from + 1))))
            % kWords;
    }
    static std::string word(std::size_t number)
    {
        std::string text;
        for (std::size_t left = number + 700; left > 0; left /= 26)
            text += char('a' + left % 26);
        return text + char('a' + number % 7);
    }

    std::mt19937_64 m_random{7};
    std::vector<std::string> m_words;
    std::vector<std::vector<std::size_t>> m_issues;
};

double peakMegabytes()
{
    std::ifstream status("/proc/self/status");
    for (std::string line; std::getline(status, line);)
        if (line.starts_with("VmHWM:"))
            return std::atof(line.c_str() + 6) / 1024;
    return 0;
}

}

int main(int argc, char **argv)
{
    const auto argument = [&](int place, std::size_t fallback) {
        return argc > place ? std::size_t(std::strtoull(argv[place], nullptr, 10)) : fallback;
    };
    const std::size_t segments = argument(1, 1'000'000), blocks = argument(2, 1),
                      threads = argument(3, defaultThreads());
    auto embedder = shippedLexicalEmbedder();
    if (!embedder) {
        std::fprintf(stderr, "%s\n", embedder.error().detail.c_str());
        return 1;
    }
    std::vector<std::string> texts, ids, names;
    Writer writer(std::max<std::size_t>(segments / 50, 20));
    for (std::size_t i = 0; i < segments; ++i) {
        texts.push_back(writer.text());
        ids.push_back(std::to_string(i));
    }
    for (std::size_t i = 0; i < blocks; ++i)
        names.push_back("block " + std::to_string(i));
    const double given = peakMegabytes();

    const auto start = std::chrono::steady_clock::now();
    const auto seconds = [&] {
        return std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
    };
    std::vector<SparseVector> vectors(segments);
    cluster::Input input;
    input.items.resize(segments);
    parallelFor(segments, 1024, unsigned(threads), {}, [&](std::size_t begin, std::size_t end) {
        for (std::size_t i = begin; i < end; ++i) {
            const std::string &block = names[i % names.size()];
            vectors[i] = (*embedder)->embedOne(texts[i], "en");
            input.items[i] = {ids[i], cluster::nodeHash("bench", block, texts[i]), &vectors[i], block};
        }
    });
    const double embedded = seconds();
    cluster::Options options;
    options.threads = unsigned(threads);
    const auto output = cluster::run(input, options, {});
    if (!output)
        return 1;
    std::printf("%zu segments, %zu blocks, %zu threads: embed %.1f s, cluster %.1f s, %u incidents, "
                "peak %.0f MB (texts alone %.0f MB), partition %.12s\n",
                segments, blocks, threads, embedded, seconds() - embedded, output->incidents, peakMegabytes(), given,
                output->partitionHash.c_str());
    return 0;
}
