#include <charconv>
#include <fstream>

#include "core/json/lines.h"
#include "core/json/stages.h"
#include "core/stages/calibrate/calibrate.h"

namespace winnow::lines
{

namespace
{

struct Row {
    double p = 0;
    bool correct = false;
    std::string stratum;
};

Result<Row> rowOf(const Json &object)
{
    const auto p = optionalNumber(object, "p");
    if (!p)
        return tl::unexpected(p.error());
    if (!*p || !(**p >= 0 && **p <= 1))
        return fail(ErrorCode::InvalidInput, "/p: expected 0 to 1");
    const auto correct = object.find("correct");
    if (correct == object.end() || !correct->is_boolean())
        return fail(ErrorCode::InvalidInput, "/correct: expected true or false");
    auto stratum = optionalText(object, "stratum");
    if (!stratum)
        return tl::unexpected(stratum.error());
    return Row{**p, correct->get<bool>(), std::move(*stratum)};
}

Json numberOrNull(const std::optional<double> &number)
{
    return number ? Json(*number) : Json(nullptr);
}

class CalibrateLines : public StageLines
{
public:
    CalibrateLines(StageArguments arguments, calibrate::Options options)
        : m_arguments(std::move(arguments))
        , m_options(options)
    {
    }

    Result<> set(std::vector<std::string> input, const Sink &sink, std::size_t &refused,
                 std::stop_token stop) const override
    {
        auto parsed = parseSet(input, m_arguments.threads, true, stop);
        std::vector<Row> rows;
        std::string out;
        for (std::size_t i = 0; i < parsed.size(); ++i) {
            auto row = parsed[i].error ? Result<Row>(tl::unexpected(*parsed[i].error)) : rowOf(parsed[i].object);
            if (row) {
                rows.push_back(std::move(*row));
                continue;
            }
            out += dump(errorLine(parsed[i].id.empty() ? Json(nullptr) : Json(parsed[i].id), i + 1, row.error())) +=
                '\n';
            ++refused;
        }
        calibrate::Input items;
        for (const Row &row : rows)
            items.items.push_back({row.p, row.correct, row.stratum});
        const auto fit = calibrate::run(items, m_options, stop);
        if (!fit)
            return tl::unexpected(fit.error());
        Json points = Json::array();
        for (const auto &[p, calibrated] : fit->curve)
            points.push_back({p, calibrated});
        const std::string path = m_arguments.value("out");
        std::ofstream file(path, std::ios::binary | std::ios::trunc);
        file << dump({{"points", std::move(points)}}) << '\n';
        file.close();
        if (!file)
            return fail(ErrorCode::Io, path + ": cannot be written");
        Json thresholds = Json::array();
        for (const calibrate::Threshold &threshold : fit->thresholds)
            thresholds.push_back({{"stratum", threshold.stratum},
                                  {"threshold", numberOrNull(threshold.threshold)},
                                  {"bound", numberOrNull(threshold.bound)},
                                  {"n", threshold.n}});
        out += dump({{"ece_before", fit->eceBefore},
                     {"ece_after", fit->eceAfter},
                     {"brier_before", fit->brierBefore},
                     {"brier_after", fit->brierAfter},
                     {"rows", rows.size()},
                     {"thresholds", std::move(thresholds)}}) += '\n';
        sink(out);
        return {};
    }

private:
    StageArguments m_arguments;
    calibrate::Options m_options;
};

}

Made makeCalibrate(const StageArguments &arguments)
{
    if (arguments.value("out").empty())
        return fail(ErrorCode::Usage, "calibrate wants --out FILE, where the curve goes");
    calibrate::Options options;
    for (const auto &[name, option] :
         {std::pair("precision", &options.precision), {"confidence", &options.confidence}}) {
        const std::string value = arguments.value(name);
        if (value.empty())
            continue;
        const auto [end, error] = std::from_chars(value.data(), value.data() + value.size(), *option);
        if (error != std::errc() || end != value.data() + value.size() || !(*option > 0 && *option < 1))
            return fail(ErrorCode::Usage, std::string("--") + name + " wants a number between 0 and 1");
    }
    return std::make_unique<CalibrateLines>(arguments, options);
}

}
