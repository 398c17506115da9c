#include <set>
#include <unordered_map>

#include "core/json/findingparts.h"
#include "core/json/incidentvalues.h"
#include "core/json/optionsvalues.h"
#include "core/json/stages.h"
#include "core/stages/incident/incident.h"

namespace winnow::lines {

namespace {

/// Reads the findings of a line: itself, or those of its list `findings`.
Result<std::vector<FindingLine>> findingsOf(const Json &object)
{
    std::vector<FindingLine> result;
    const auto list = object.find("findings");
    if (list == object.end()) {
        auto line = findingLine(object);
        if (!line)
            return tl::unexpected(line.error());
        result.push_back(std::move(*line));
    } else {
        if (!list->is_array())
            return fail(ErrorCode::InvalidInput, "/findings: expected a list");
        FindingLine around;
        if (auto done = readFeedbackParts(object, around); !done)
            return tl::unexpected(done.error());
        for (std::size_t i = 0; i < list->size(); ++i) {
            const std::string place = "/findings/" + std::to_string(i);
            if (!(*list)[i].is_object())
                return fail(ErrorCode::InvalidInput, place + ": expected an object");
            auto line = findingLine((*list)[i], around);
            if (!line)
                return fail(line.error().code, place + line.error().detail);
            result.push_back(std::move(*line));
        }
    }
    for (const FindingLine &line : result)
        if (line.incident.empty())
            return fail(ErrorCode::InvalidInput, "/incident: missing");
    return result;
}

class IncidentLines : public StageLines
{
public:
    IncidentLines(std::map<std::string, Account> accounts, std::vector<SignalPoint> signals, incident::Options options,
                  const StageArguments &arguments)
        : m_accounts(std::move(accounts))
        , m_signals(std::move(signals))
        , m_options(options)
        , m_arguments(arguments)
    {
    }

    /// One line per incident where its first finding stands, and those refused in their places.
    Result<> set(std::vector<std::string> lines, const Sink &sink, std::size_t &refused, std::stop_token stop) const override
    {
        auto parsed = parseSet(lines, m_arguments.threads, false, stop);
        std::vector<std::vector<FindingLine>> findings(parsed.size());
        incident::Input input;
        input.accounts = m_accounts;
        input.signals = m_signals;
        std::set<std::string_view> authors;
        std::unordered_map<std::string_view, std::uint32_t> places;
        std::vector<std::size_t> firstLine;
        for (std::size_t i = 0; i < parsed.size(); ++i) {
            if (parsed[i].error)
                continue;
            auto read = findingsOf(parsed[i].object);
            if (!read) {
                parsed[i].error = read.error();
                continue;
            }
            findings[i] = std::move(*read);
            for (const FindingLine &line : findings[i]) {
                const auto [place, fresh] = places.try_emplace(line.incident, std::uint32_t(input.ids.size()));
                if (fresh) {
                    input.ids.emplace_back(line.incident);
                    firstLine.push_back(i);
                }
                input.members.push_back({place->second, &line.finding, line.product, line.author, line.accountId,
                                         line.planTier, line.channel, line.lang, line.appVersion, line.at, line.copies});
                if (line.author.empty())
                    ++input.ofAuthors; // counts as one of its own
                else
                    authors.insert(line.author);
                if (line.at && (!m_arguments.asOf || *line.at > input.asOf))
                    input.asOf = std::max(input.asOf, *line.at);
            }
        }
        input.ofAuthors += std::uint32_t(authors.size());
        if (m_arguments.asOf)
            input.asOf = *m_arguments.asOf;
        const auto output = incident::run(input, m_options, stop);
        if (!output)
            return tl::unexpected(output.error());
        std::vector<Json> kept(m_arguments.keep ? output->incidents.size() : 0, Json::array());
        if (m_arguments.keep)
            for (std::size_t i = 0; i < parsed.size(); ++i)
                if (!parsed[i].error)
                    keepFindings(parsed[i].object, findings[i], places, kept);
        std::string out;
        for (std::size_t i = 0, next = 0; i < parsed.size(); ++i) {
            if (parsed[i].error) {
                out += dump(errorLine(idOf(parsed[i].object), i + 1, *parsed[i].error)) += '\n';
                ++refused;
            }
            for (; next < firstLine.size() && firstLine[next] == i; ++next) {
                Json value = toValue(output->incidents[next]);
                if (m_arguments.keep)
                    value["findings"] = std::move(kept[next]);
                out += dump(value) += '\n';
            }
            if (out.size() > kFlush) {
                if (!sink(out))
                    return {};
                out.clear();
            }
        }
        sink(out);
        return {};
    }

private:
    static constexpr std::size_t kFlush = 1 << 20;

    /// The findings of a line as they came, each to its incident.
    static void keepFindings(const Json &object, const std::vector<FindingLine> &findings,
                             const std::unordered_map<std::string_view, std::uint32_t> &places, std::vector<Json> &kept)
    {
        const auto list = object.find("findings");
        for (std::size_t k = 0; k < findings.size(); ++k) {
            Json finding = list == object.end() ? object : (*list)[k];
            if (list != object.end())
                for (const auto &[name, value] : object.items())
                    if (name != "findings" && !finding.contains(name))
                        finding[name] = value;
            kept[places.at(findings[k].incident)].push_back(std::move(finding));
        }
    }

    std::map<std::string, Account> m_accounts;
    std::vector<SignalPoint> m_signals;
    incident::Options m_options;
    StageArguments m_arguments;
};

}

Made makeIncident(const StageArguments &arguments)
{
    StageOptions all;
    if (auto done = readStageOptions(arguments, "options", "incident", all); !done)
        return tl::unexpected(done.error());
    std::map<std::string, Account> accounts;
    if (const std::string path = arguments.value("accounts"); !path.empty()) {
        auto values = readValues<Account>(path);
        if (!values)
            return tl::unexpected(values.error());
        for (Account &account : *values)
            accounts[account.id] = account;
    }
    std::vector<SignalPoint> signals;
    if (const std::string path = arguments.value("signals"); !path.empty()) {
        auto values = readValues<SignalPoint>(path);
        if (!values)
            return tl::unexpected(values.error());
        signals = std::move(*values);
    }
    return std::make_unique<IncidentLines>(std::move(accounts), std::move(signals), all.incident, arguments);
}

}
