#include "core/stages/draft/draft.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdio>
#include <set>
#include <utility>

#include "core/stages/draft/document.h"
#include "core/stages/draft/shaping.h"
#include "core/stages/draft/steps.h"

namespace winnow::draft {

namespace {

constexpr std::size_t kLongestQuote = 1200; ///< UTF-16 units
constexpr std::size_t kLongestSteps = 600;
constexpr std::size_t kMostSteps = 3; ///< reports whose steps are shown

std::string number(double value, int decimals)
{
    std::array<char, 64> buffer;
    std::snprintf(buffer.data(), buffer.size(), "%.*f", decimals, value);
    return buffer.data();
}

std::string day(const std::optional<TimePoint> &time) { return time ? formatTime(*time).substr(0, 10) : std::string("unknown"); }

std::string counted(std::uint64_t count, std::string_view one)
{
    return std::to_string(count) + " " + std::string(one) + (count == 1 ? "" : "s");
}

std::string percent(double p) { return std::to_string(std::lround(p * 100)) + " %"; }

/// `google_play 40, zendesk 12`, most first.
Line countsLine(const char *label, const std::map<std::string, std::uint32_t> &counts)
{
    constexpr std::size_t kMost = 12;
    std::vector<std::pair<std::string, std::uint32_t>> order(counts.begin(), counts.end());
    std::stable_sort(order.begin(), order.end(), [](const auto &a, const auto &b) { return a.second > b.second; });
    Line line(label);
    for (std::size_t i = 0; i < std::min(order.size(), kMost); ++i) {
        line += i == 0 ? "" : ", ";
        line.value(order[i].first) += " " + std::to_string(order[i].second);
    }
    if (order.size() > kMost)
        line += " and " + std::to_string(order.size() - kMost) + " more";
    return line;
}

std::string typeWords(IssueType type)
{
    std::string words(toString(type));
    std::replace(words.begin(), words.end(), '_', ' ');
    return words;
}

Line summary(const Item &item)
{
    const Incident &incident = *item.incident;
    Line line;
    if (line.value(incident.title).pieces().empty())
        line += typeWords(incident.type);
    line += ". ";
    line += counted(incident.reports, "report") + " by " + counted(incident.authors, "author");
    if (incident.ofAuthors > 0)
        line += " of " + std::to_string(incident.ofAuthors);
    if (incident.firstAt && incident.newestAt)
        line += day(incident.firstAt) == day(incident.newestAt)
            ? " on " + day(incident.firstAt)
            : " from " + day(incident.firstAt) + " to " + day(incident.newestAt);
    if (!incident.product.empty())
        (line += ", about ").value(incident.product);
    line += ". Type " + typeWords(incident.type) + ", severity " + std::string(toString(incident.severity));
    if (!incident.component.empty())
        (line += ", component ").value(incident.component);
    if (!incident.flags.empty()) {
        line += ". Flagged: ";
        for (std::size_t i = 0; i < incident.flags.size(); ++i)
            (line += i == 0 ? "" : ", ").value(incident.flags[i]);
    }
    return line += ".";
}

Line attribution(const Quote &quote)
{
    Line line;
    const auto part = [&](const char *label, std::string_view value) {
        if (value.empty())
            return;
        line += line.pieces().empty() ? "" : ", ";
        (line += label).value(value);
    };
    part("", quote.channel);
    line += line.pieces().empty() ? "" : ", ";
    line += quote.at ? day(quote.at) : "date unknown";
    part("version ", quote.appVersion);
    part("language ", quote.lang);
    part("author ", quote.author.substr(0, 8)); // enough to tell two apart, pseudonymous as it is
    return line += ":";
}

std::vector<Line> affected(const Incident &incident)
{
    std::vector<Line> lines;
    lines.push_back(countsLine(incident.channels.empty() ? "Reports: " : "Reports by channel: ", incident.channels));
    if (incident.channels.empty())
        lines.back() += std::to_string(incident.reports);
    Line authors("Authors: ");
    authors += std::to_string(incident.authors);
    if (incident.ofAuthors > 0)
        authors += " of " + std::to_string(incident.ofAuthors);
    lines.push_back(std::move(authors));
    if (!incident.planTiers.empty())
        lines.push_back(countsLine("Plan tiers by author: ", incident.planTiers));
    if (incident.revenue > 0)
        (lines.emplace_back("Yearly revenue of the accounts that report it: ")) += number(incident.revenue, 2);
    if (!incident.languages.empty())
        lines.push_back(countsLine("Languages: ", incident.languages));
    (lines.emplace_back("First seen: ")) += day(incident.firstAt);
    (lines.emplace_back("Last seen: ")) += day(incident.newestAt);
    constexpr double kLoud = 2;
    for (const SignalReading &signal : incident.signals)
        if (std::abs(signal.z) >= kLoud)
            lines.emplace_back("Signal ").value(signal.name) += " stands " + number(std::abs(signal.z), 1)
                + " standard deviations " + (signal.z > 0 ? "above" : "below") + " its normal";
    return lines;
}

std::vector<Line> importance(const Item &item)
{
    std::vector<Line> lines;
    Line severity("Severity: ");
    severity += toString(item.incident->severity);
    severity += ", confidence " + number(item.incident->confidence, 2);
    lines.push_back(std::move(severity));
    if (!item.score)
        return lines;
    Line priority("Priority: ");
    priority += number(item.score->priority, 2) + " of 100, band " + std::string(toString(item.band));
    lines.push_back(std::move(priority));
    for (const Factor &factor : item.score->factors) {
        std::string name = factor.name;
        std::replace(name.begin(), name.end(), '_', ' ');
        lines.emplace_back("Factor ").value(name) += ": " + number(factor.value, 2) + ", share " + number(factor.log, 3);
    }
    if (!item.score->overrideReason.empty())
        lines.emplace_back("Override: ").value(item.score->overrideReason);
    return lines;
}

/// Ids are letters and digits; one from elsewhere must not end the comment that holds the marker.
std::string markerSafe(std::string_view id)
{
    std::string safe;
    for (const char c : id)
        if ((c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' || c == '_' || c == '.')
            safe += c == '-' && safe.ends_with('-') ? '_' : c;
    return safe;
}

/// How much of an item a body shows; cut down until it fits.
struct Extent {
    std::size_t quotes = 0;
    std::size_t quoteUnits = kLongestQuote;
    bool steps = true;
    bool details = true; ///< all that is neither summary nor link
    bool summary = true;
};

struct Prepared {
    std::vector<std::pair<const Quote *, std::string>> quotes; ///< with shaped words, no words twice
    std::vector<std::string> steps;
};

Prepared prepared(const Item &item, const Options &options)
{
    Prepared result;
    std::set<std::string> seen;
    for (const Quote &quote : item.quotes) {
        std::string words = bodyText(quote.text);
        if (words.empty() || !seen.insert(words).second)
            continue;
        if (result.steps.size() < kMostSteps)
            if (const std::string steps = reproductionIn(words, quote.lang); !steps.empty())
                result.steps.push_back(shortened(steps, kLongestSteps));
        result.quotes.emplace_back(&quote, std::move(words));
        if (result.quotes.size() >= std::max<std::size_t>(options.maximumQuotes, 1) * 4)
            break; // enough to choose steps from
    }
    return result;
}

Document documentOf(const Item &item, const Prepared &material, const Extent &extent)
{
    const Incident &incident = *item.incident;
    Document document;
    const auto heading = [&](const char *words) { document.push_back({Block::Kind::Heading, {words}, {}}); };
    const auto paragraph = [&](Line line) { document.push_back({Block::Kind::Paragraph, {std::move(line)}, {}}); };
    const auto list = [&](std::vector<Line> lines) { document.push_back({Block::Kind::List, std::move(lines), {}}); };
    if (extent.summary)
        paragraph(summary(item));
    if (extent.details) {
        if (extent.quotes > 0) {
            heading("Evidence");
            for (std::size_t i = 0; i < extent.quotes; ++i)
                document.push_back({Block::Kind::Quote, {attribution(*material.quotes[i].first)},
                                    shortened(material.quotes[i].second, extent.quoteUnits)});
        }
        heading("Affected");
        list(affected(incident));
        heading("Severity and priority");
        list(importance(item));
        heading("Root-cause hypotheses");
        std::vector<Line> causes;
        for (const RootCause &cause : incident.rootCauses) {
            Line line;
            (line += percent(cause.p) + ": ").value(cause.label);
            if (!cause.basis.empty())
                (line += ", from ").value(cause.basis);
            causes.push_back(std::move(line));
        }
        if (causes.empty())
            causes.emplace_back("100 %: unknown");
        list(std::move(causes));
        heading("Steps to reproduce");
        if (!extent.steps || material.steps.empty())
            paragraph(material.steps.empty() ? "not stated" : "in the reports");
        else
            for (const std::string &steps : material.steps)
                document.push_back({Block::Kind::Quote, {"As reported:"}, steps});
        heading("Environment");
        std::vector<Line> environment;
        if (!incident.versions.empty()) {
            constexpr std::size_t kMost = 12; // the newest
            const std::size_t first = incident.versions.size() - std::min(incident.versions.size(), kMost);
            Line line("App versions: ");
            for (std::size_t i = first; i < incident.versions.size(); ++i)
                (line += i == first ? "" : ", ").value(incident.versions[i]);
            if (first > 0)
                line += " and " + std::to_string(first) + " older";
            environment.push_back(std::move(line));
        }
        for (const auto &[name, value] : item.conditions) {
            if (value.empty())
                continue;
            Line line;
            (line.value(name) += ": ").value(value);
            environment.push_back(std::move(line));
        }
        if (environment.empty())
            paragraph("not stated");
        else
            list(std::move(environment));
        heading("Suggested owner");
        Line owner;
        if (owner.value(item.owner).pieces().empty())
            owner += "nobody named";
        paragraph(std::move(owner));
        heading("Nearest tickets");
        std::vector<Line> nearest;
        constexpr std::size_t kNearest = 3;
        for (std::size_t i = 0; i < std::min(item.matches.size(), kNearest); ++i) {
            Line line;
            line.value(item.matches[i].ticket) += ": " + std::string(toString(item.matches[i].relation)) + ", "
                + percent(item.matches[i].p);
            nearest.push_back(std::move(line));
        }
        for (const NoteMatch &note : item.notes) {
            Line line("Notes of release ");
            line.value(note.version) += note.relation == Relation::Regression
                ? " speak of it and it is reported from there, " + percent(note.p)
                : " speak of it, " + percent(note.p);
            nearest.push_back(std::move(line));
        }
        if (nearest.empty())
            paragraph("none");
        else
            list(std::move(nearest));
    }
    Line link("Incident: ");
    link += "winnow://incident/" + markerSafe(toString(incident.id));
    paragraph(std::move(link));
    if (extent.details && !item.versions.empty())
        paragraph(std::move(Line("Made with ").value(item.versions)));
    const std::size_t left = material.quotes.size() - std::min(extent.quotes, material.quotes.size());
    if (!extent.details || !extent.steps || extent.quoteUnits < kLongestQuote || left > 0) {
        Line line("Shortened: ");
        line += left > 0 ? counted(left, "further quote") + " and the rest are in the incident." : "the rest is in the incident.";
        paragraph(std::move(line));
    }
    return document;
}

std::string bodyOf(const Item &item, const Options &options, const std::string &external)
{
    const Prepared material = prepared(item, options);
    Extent extent;
    extent.quotes = std::min(material.quotes.size(), options.maximumQuotes);
    while (true) {
        std::string body = render(documentOf(item, material, extent), external, options.format);
        if (utf16Length(body) <= options.maximumBody)
            return body;
        // first shorter quotes, then fewer, then the parts that the incident shows as well
        if (extent.quotes > 0 && extent.quoteUnits > 300)
            extent.quoteUnits /= 2;
        else if (extent.quotes > 1)
            extent.quotes /= 2;
        else if (extent.steps && !material.steps.empty())
            extent.steps = false;
        else if (extent.quotes > 0)
            extent.quotes = 0;
        else if (extent.details)
            extent.details = false;
        else if (extent.summary)
            extent.summary = false;
        else
            return render({}, external, options.format); // the marker is what finds the ticket again
    }
}

std::string titleOf(const Incident &incident, std::size_t units)
{
    std::string title = lineText(incident.title);
    if (title.empty())
        title = lineText(typeWords(incident.type));
    // a sheet that the title is exported to must not take it for a formula
    title.erase(0, std::min(title.find_first_not_of("=+-@ "), title.size()));
    return shortened(title.empty() ? "Feedback" : title, units);
}

/// A word that trackers' priorities can be mapped from.
std::string_view priorityWord(const Item &item)
{
    const double priority = item.score ? item.score->priority : 0;
    if (item.band == Band::Escalate || priority >= 60)
        return "urgent";
    return priority >= 40 ? "high" : priority >= 25 ? "medium" : "low";
}

/// White space in labels becomes `-`. \source contracts/trackers.md 4
std::string label(std::string_view text)
{
    std::string result = shortened(lineText(text), 50);
    std::replace(result.begin(), result.end(), ' ', '-');
    return result;
}

Draft written(const Item &item, const Options &options)
{
    const Incident &incident = *item.incident;
    const std::string external = markerSafe(externalId(incident.id));
    Draft draft;
    draft.title = titleOf(incident, options.maximumTitle);
    draft.body = bodyOf(item, options, external);
    std::string labels = "feedback " + label(toString(incident.type));
    if (const std::string component = label(incident.component); !component.empty())
        labels += " " + component;
    labels += " " + external;
    draft.fields = {{"component", lineText(incident.component)},
                    {"labels", labels},
                    {"owner", lineText(item.owner)},
                    {"priority", std::string(priorityWord(item))},
                    {"score", item.score ? number(item.score->priority, 2) : std::string()},
                    {"severity", std::string(toString(incident.severity))},
                    {"type", std::string(toString(incident.type))}};
    std::erase_if(draft.fields, [](const auto &field) { return field.second.empty(); });
    return draft;
}

}

std::string externalId(const IncidentId &id) { return "fb-" + toString(id); }

Result<Output> run(const Input &input, const Options &options, std::stop_token stop)
{
    Output output;
    output.drafts.reserve(input.items.size());
    for (const Item &item : input.items) {
        if (stop.stop_requested())
            return fail(ErrorCode::Cancelled, "draft");
        if (!item.incident)
            return fail(ErrorCode::InvalidInput, "a draft without an incident");
        output.drafts.push_back(written(item, options));
    }
    return output;
}

}
