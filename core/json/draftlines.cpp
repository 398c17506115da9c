#include <algorithm>
#include <array>
#include <map>

#include "core/json/findingparts.h"
#include "core/json/incidentvalues.h"
#include "core/json/memberreader.h"
#include "core/json/optionsvalues.h"
#include "core/json/stages.h"
#include "core/stages/draft/draft.h"

namespace winnow::lines {

namespace {

struct DraftTraits {
    struct Item {
        Incident incident;
        std::optional<Score> score;
        Banding banding;
        Matching matching;
        std::vector<FindingLine> findings;
        std::vector<std::pair<std::string, std::string>> conditions;
        std::string owner;
        std::string versions;
    };
    static constexpr bool kNeedsId = true;
    draft::Options options;

    Result<Item> parse(const Json &object) const
    {
        Item item;
        item.banding.band = Band::Review;
        if (auto done = read(object, item.incident); !done)
            return tl::unexpected(done.error());
        if (object.contains("priority"))
            if (auto done = read(object, item.score.emplace()); !done)
                return tl::unexpected(done.error());
        if (auto done = read(object, item.banding); !done)
            return tl::unexpected(done.error());
        if (auto done = read(object, item.matching); !done)
            return tl::unexpected(done.error());
        if (auto done = MemberReader(object).text("owner", item.owner).done(); !done)
            return tl::unexpected(done.error());
        if (const auto versions = object.find("versions_line"); versions != object.end() && versions->is_string())
            item.versions = versions->get<std::string>();
        const auto findings = object.find("findings");
        if (findings == object.end() || findings->is_null())
            return item;
        if (!findings->is_array())
            return fail(ErrorCode::InvalidInput, "/findings: expected a list");
        for (std::size_t i = 0; i < findings->size(); ++i) {
            const std::string place = "/findings/" + std::to_string(i);
            if (!(*findings)[i].is_object())
                return fail(ErrorCode::InvalidInput, place + ": expected an object");
            auto line = findingLine((*findings)[i]);
            if (!line)
                return fail(line.error().code, place + line.error().detail);
            item.findings.push_back(std::move(*line));
        }
        // the surest first
        std::stable_sort(item.findings.begin(), item.findings.end(), [](const FindingLine &a, const FindingLine &b) {
            return a.finding.confidence > b.finding.confidence;
        });
        item.conditions = commonConditions(item.findings);
        return item;
    }

    Result<std::vector<Json>> run(std::vector<Item> &&items, std::stop_token stop) const
    {
        draft::Input input;
        for (const Item &item : items) {
            draft::Item &one = input.items.emplace_back();
            one.incident = &item.incident;
            one.score = item.score ? &*item.score : nullptr;
            one.band = item.banding.band;
            one.matches = item.matching.matches;
            one.notes = item.matching.notes;
            one.conditions = item.conditions;
            one.owner = item.owner;
            one.versions = item.versions;
            // one quote of each finding, then the second of each, and so on: many voices before many words
            for (std::size_t round = 0, added = 1; added > 0; ++round) {
                added = 0;
                for (const FindingLine &line : item.findings) {
                    if (round >= line.finding.evidence.size())
                        continue;
                    one.quotes.push_back({line.finding.evidence[round].quote, line.channel, line.lang, line.appVersion,
                                          line.author, line.at});
                    ++added;
                }
            }
        }
        const auto output = draft::run(input, options, stop);
        if (!output)
            return tl::unexpected(output.error());
        std::vector<Json> answers;
        for (const Draft &draft : output->drafts)
            answers.push_back(toValue(draft));
        return answers;
    }

private:
    /// Per name the values that most findings state, at most three.
    static std::vector<std::pair<std::string, std::string>> commonConditions(const std::vector<FindingLine> &findings)
    {
        std::map<std::string, std::map<std::string, std::size_t>> counts;
        for (const FindingLine &line : findings)
            for (const auto &[name, value] : line.finding.conditions)
                ++counts[name][value];
        std::vector<std::pair<std::string, std::string>> result;
        for (const auto &[name, values] : counts) {
            std::vector<std::pair<std::string, std::size_t>> order(values.begin(), values.end());
            std::stable_sort(order.begin(), order.end(), [](const auto &a, const auto &b) { return a.second > b.second; });
            std::string joined;
            for (std::size_t i = 0; i < std::min<std::size_t>(order.size(), 3); ++i)
                joined += (i == 0 ? "" : ", ") + order[i].first;
            result.emplace_back(name, joined);
        }
        return result;
    }
};

}

Made makeDraft(const StageArguments &arguments)
{
    constexpr std::array<std::string_view, 5> kFormats{"markdown", "adf", "wiki", "html", "plain"};
    StageOptions all;
    if (auto done = readStageOptions(arguments, "options", "draft", all); !done)
        return tl::unexpected(done.error());
    if (const std::string format = arguments.value("format"); !format.empty()) {
        const auto found = std::find(kFormats.begin(), kFormats.end(), format);
        if (found == kFormats.end())
            return fail(ErrorCode::Usage, "--format wants markdown, adf, wiki, html or plain");
        all.draft.format = draft::Format(found - kFormats.begin());
    }
    return std::make_unique<MapLines<DraftTraits>>(DraftTraits{all.draft}, arguments.keep);
}

}
