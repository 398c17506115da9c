#pragma once

#include <optional>
#include <span>
#include <stop_token>
#include <string>
#include <string_view>
#include <vector>

#include "core/base/result.h"
#include "core/domain/feedback.h"
#include "core/domain/finding.h"

namespace winnow {

/// A masked feedback text with what is known about it, as engines read it.
struct ExtractionRequest {
    std::string_view text; ///< masked
    std::string_view lang;
    std::vector<Segment> segments;
    std::string_view product;
    std::string_view componentHint;
    std::string_view os;
    std::string_view appVersion;
    std::optional<double> rating; ///< 1 to 5
};

/// Turns segments into findings.
class Extractor
{
public:
    virtual ~Extractor() = default;
    /// Name of the engine and version of everything that decides its answers; part of a finding's id.
    [[nodiscard]] virtual std::string version() const = 0;
    /// \returns one list per request, one finding per segment in the segments' order.
    /// \errors  Network, Timeout, Protocol, Cancelled.
    /// \thread  any number at once.
    [[nodiscard]] virtual Result<std::vector<std::vector<Finding>>> extract(std::span<const ExtractionRequest> requests,
                                                                            std::stop_token stop) = 0;
};

}
