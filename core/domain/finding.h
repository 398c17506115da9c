#pragma once

#include <array>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/base/span.h"

namespace winnow {

enum class IssueType { Bug, Performance, Battery, Security, Privacy, Billing, Usability, FeatureRequest, Question, Praise, Other };
inline constexpr std::array<std::string_view, 11> kIssueTypeNames{
    "bug", "performance", "battery", "security", "privacy", "billing", "usability", "feature_request", "question", "praise", "other"};

enum class Severity { Critical, High, Medium, Low, None };
inline constexpr std::array<std::string_view, 5> kSeverityNames{"critical", "high", "medium", "low", "none"};

[[nodiscard]] inline std::string_view toString(IssueType type) { return kIssueTypeNames[std::size_t(type)]; }
[[nodiscard]] inline std::string_view toString(Severity severity) { return kSeverityNames[std::size_t(severity)]; }
[[nodiscard]] std::optional<IssueType> issueTypeFrom(std::string_view name);
[[nodiscard]] std::optional<Severity> severityFrom(std::string_view name);
/// True for what becomes a ticket: all types but question, praise and other.
[[nodiscard]] bool isActionable(IssueType type);

/// A label with its probability.
struct Scored {
    std::string label;
    double p = 0; ///< 0 to 1, rounded to 1e-6
    bool operator==(const Scored &) const = default;
};

/// A hypothesis about why it happens.
struct RootCause {
    std::string label; ///< `unknown` is always among them
    double p = 0;      ///< probabilities of one finding sum to 1
    std::string basis; ///< what it rests on: `ticket APP-812`, `taxonomy`, empty
    bool operator==(const RootCause &) const = default;
};

/// A quote with byte offsets into the masked feedback text, checked by code.
struct Evidence {
    ByteSpan span;
    std::string quote;
    std::vector<std::string> supports; ///< members of the finding that rest on it: type, symptom, component, severity
    bool operator==(const Evidence &) const = default;
};

/// A structured hypothesis about one segment. \source commands.md 3
struct Finding {
    ByteSpan segment; ///< of the masked text
    IssueType type = IssueType::Other;
    std::vector<Scored> types;
    std::string component; ///< the taxonomy's name; empty: unknown
    double componentP = 0;
    std::string symptom;
    std::vector<RootCause> rootCauses;
    Severity severity = Severity::None;
    double severityP = 0;
    std::vector<std::string> flags; ///< security, privacy, billing, regulatory, legal_threat, churn; sorted
    std::vector<std::pair<std::string, std::string>> conditions; ///< os, app_version, device, browser …; sorted by name
    std::string suggestedAction;
    std::vector<Evidence> evidence;
    double confidence = 0;
    bool abstained = false;
    std::string engine = "local";
    std::string model;    ///< version of the model or of the rules' data
    std::string textHash; ///< 64 hex digits: SHA-256 of the masked text it was made on
    bool operator==(const Finding &) const = default;
};

}
