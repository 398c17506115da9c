#include "core/stages/band/band.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdio>
#include <string>

#include "core/stages/score/score.h"

namespace winnow::band {

namespace {

/// Two decimals, more where the value has them.
std::string text(double value)
{
    std::array<char, 32> buffer;
    std::snprintf(buffer.data(), buffer.size(), "%.6f", value);
    std::string digits = buffer.data();
    while (digits.back() == '0' && digits[digits.size() - 3] != '.')
        digits.pop_back();
    return digits;
}

struct Known {
    double priority = 0;
    double confidence = 0;
    std::string_view flag; ///< the gating flag; empty: none
};

Band bandOf(const Known &item, const Options &options)
{
    if (!item.flag.empty()) {
        // never automatic, however strong: a flagged incident is seen by a person
        if (item.priority >= options.escalatePriority && item.confidence >= options.escalateConfidence)
            return Band::Escalate;
    } else if (options.autoOpen && item.priority >= options.autoPriority && item.confidence >= options.autoConfidence) {
        return Band::Auto;
    }
    return item.priority >= options.reviewPriority ? Band::Review : Band::Backlog;
}

std::string reasonFor(Band band, const Known &item, const Options &options)
{
    switch (band) {
    case Band::Escalate:
        return std::string(item.flag) + ": priority " + text(item.priority) + " reaches " + text(options.escalatePriority)
            + " and confidence " + text(item.confidence) + " reaches " + text(options.escalateConfidence);
    case Band::Auto:
        return "priority " + text(item.priority) + " reaches " + text(options.autoPriority) + " and confidence "
            + text(item.confidence) + " reaches " + text(options.autoConfidence);
    case Band::Review:
        return "priority " + text(item.priority) + " reaches " + text(options.reviewPriority);
    case Band::Backlog:
        break;
    }
    return "priority " + text(item.priority) + " is below " + text(options.reviewPriority);
}

/// The least change of priority and confidence that reaches a band.
struct Step {
    Band band = Band::Backlog;
    double priority = 0;
    double confidence = 0;
    [[nodiscard]] double size(const Known &from) const
    {
        return std::abs(priority - from.priority) / 100 + std::abs(confidence - from.confidence);
    }
};

std::string sentence(const Known &from, const Step &step)
{
    std::string changes;
    int count = 0;
    if (step.priority != from.priority) {
        changes = "priority " + text(from.priority) + " → " + text(step.priority);
        ++count;
    }
    if (step.confidence != from.confidence) {
        changes += (count > 0 ? " and confidence " : "confidence ") + text(from.confidence) + " → " + text(step.confidence);
        ++count;
    }
    return changes + (count == 1 ? " moves it to " : " move it to ") + std::string(toString(step.band));
}

std::string nextBand(Band band, const Known &item, const Options &options)
{
    constexpr double kStep = 0.01; // what priority and the shown confidence are rounded to
    std::vector<Step> steps;
    const auto offer = [&](double priority, double confidence) {
        if (priority < 0 || priority > 100 || confidence < 0 || confidence > 1)
            return;
        const Band reached = bandOf({priority, confidence, item.flag}, options);
        if (reached != band)
            steps.push_back({reached, priority, confidence});
    };
    const auto upTo = [&](double leastPriority, double leastConfidence) {
        offer(std::max(item.priority, leastPriority), std::max(item.confidence, leastConfidence));
    };
    const auto below = [&](double threshold, double value) { return value >= threshold ? threshold - kStep : value; };
    upTo(options.reviewPriority, item.confidence);
    if (!item.flag.empty())
        upTo(options.escalatePriority, options.escalateConfidence);
    else if (options.autoOpen)
        upTo(options.autoPriority, options.autoConfidence);
    for (const double threshold : {options.reviewPriority, options.escalatePriority, options.autoPriority})
        offer(below(threshold, item.priority), item.confidence);
    for (const double threshold : {options.escalateConfidence, options.autoConfidence})
        offer(item.priority, below(threshold, item.confidence));
    const auto least = std::min_element(steps.begin(), steps.end(),
                                        [&](const Step &a, const Step &b) { return a.size(item) < b.size(item); });
    return least == steps.end() ? std::string() : sentence(item, *least);
}

}

Result<Output> run(const Input &input, const Options &options, std::stop_token stop)
{
    Output output;
    output.bandings.reserve(input.items.size());
    for (const Item &item : input.items) {
        if (stop.stop_requested())
            return fail(ErrorCode::Cancelled, "band");
        const Known known{item.priority, item.confidence,
                          item.incident ? score::gatingFlag(*item.incident) : std::string_view()};
        const Band band = bandOf(known, options);
        output.bandings.push_back({band, reasonFor(band, known, options), nextBand(band, known, options)});
    }
    return output;
}

}
