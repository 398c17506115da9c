#pragma once

#include <cstddef>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <span>
#include <stop_token>
#include <string>
#include <string_view>
#include <vector>

#include "core/base/result.h"
#include "core/base/time.h"

namespace winnow {

class Embedder;

/// What `winnow-stage STAGE` was called with.
struct StageArguments {
    unsigned threads = 1;
    bool keep = false;  ///< copy the input's other members through
    bool lines = false; ///< one output line per segment or finding
    std::optional<TimePoint> asOf;
    std::map<std::string, std::string> values; ///< every other option with its value, by name without dashes
    /// Opens the space of sentence vectors; empty where this program or machine has none.
    std::function<Result<std::unique_ptr<Embedder>>()> sentences;
    [[nodiscard]] std::string value(const std::string &name) const
    {
        const auto it = values.find(name);
        return it == values.end() ? std::string() : it->second;
    }
};

/// A pipeline stage as JSON Lines. \source contracts/commands.md 1
class StageLines
{
public:
    virtual ~StageLines() = default;
    using Sink = std::function<bool(std::string_view)>; ///< takes whole lines; false: nobody reads any more

    /// Map stages: output for these input lines, in their order. \thread any number at once.
    /// \param firstLine  number of the first line, from 1.
    /// \param refused    raised by the number of lines refused.
    [[nodiscard]] virtual Result<std::string> map(std::span<const std::string> lines, std::size_t firstLine,
                                                  std::size_t &refused, std::stop_token stop) const;
    /// Set stages: all lines at once.
    [[nodiscard]] virtual Result<> set(std::vector<std::string> lines, const Sink &sink, std::size_t &refused,
                                       std::stop_token stop) const;
};

struct StageEntry {
    std::string_view name;
    bool set = false;
    std::vector<std::string_view> options; ///< besides threads, keep, model, options and as-of
    /// \errors Usage, NotFound, Corrupt: an unreadable model or option.
    std::function<Result<std::unique_ptr<StageLines>>(const StageArguments &)> make;
};

/// All stages in the order of the pipeline, then the helpers around it.
[[nodiscard]] const std::vector<StageEntry> &stageTable();

/// `{"program":…,"version":…,"schema":…,"models":{file:sha256}}` as one line. \errors NotFound, Io.
[[nodiscard]] Result<std::string> stageVersion();

}
