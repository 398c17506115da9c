#include <algorithm>
#include <fstream>

#include "core/json/memberreader.h"
#include "core/json/stages.h"
#include "core/stages/train/train.h"

namespace winnow::lines
{

namespace
{

struct Row {
    std::string id, text, lang, group;
    std::map<std::string, std::vector<std::string>> labels;
};

Result<Row> rowOf(const Json &object)
{
    Row row;
    auto text = requiredBody(object), lang = optionalText(object, "lang"), group = optionalText(object, "group");
    for (auto *member : {&text, &lang, &group})
        if (!*member)
            return tl::unexpected(member->error());
    row.text = std::move(*text);
    row.lang = std::move(*lang);
    row.group = std::move(*group);
    const auto labels = object.find("labels");
    if (labels == object.end() || !labels->is_object())
        return fail(ErrorCode::InvalidInput, "/labels: expected an object of lists");
    for (const auto &[field, list] : labels->items()) {
        const std::string place = "/labels/" + field;
        if (!list.is_array())
            return fail(ErrorCode::InvalidInput, place + ": expected a list");
        auto &own = row.labels[field];
        for (const Json &label : list) {
            if (!label.is_string() || label.get_ref<const std::string &>().empty())
                return fail(ErrorCode::InvalidInput, place + ": expected texts");
            if (std::find(own.begin(), own.end(), label.get_ref<const std::string &>()) == own.end())
                own.push_back(label.get<std::string>());
        }
    }
    return row;
}

Json figuresOf(const std::vector<train::FieldFigures> &figures)
{
    Json fields = Json::object();
    for (const train::FieldFigures &field : figures) {
        Json classes = Json::object();
        for (const train::LabelFigures &label : field.labels)
            classes[label.label] = {{"p", label.precision}, {"r", label.recall}, {"f1", label.f1}};
        fields[field.field] = {{"macro_f1", field.macroF1},
                               {"micro_f1", field.microF1},
                               {"accuracy", field.accuracy},
                               {"classes", std::move(classes)}};
    }
    return fields;
}

class TrainLines : public StageLines
{
public:
    TrainLines(StageArguments arguments, train::Options options, const local::Analyser &analyser)
        : m_arguments(std::move(arguments))
        , m_options(options)
        , m_reader(analyser)
    {
    }

    Result<> set(std::vector<std::string> input, const Sink &sink, std::size_t &refused,
                 std::stop_token stop) const override
    {
        auto parsed = parseSet(input, m_arguments.threads, true, stop);
        input = {};
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
        train::Input items;
        for (Row &row : rows)
            items.items.push_back({row.text, row.lang, row.group, std::move(row.labels)});
        std::unique_ptr<Embedder> embedder;
        if (m_arguments.sentences) {
            auto opened = m_arguments.sentences();
            if (!opened)
                return tl::unexpected(opened.error());
            embedder = std::move(*opened);
        }
        const auto trained = train::run(items, m_options, {m_reader, embedder.get()}, stop);
        if (!trained)
            return tl::unexpected(trained.error());
        const std::string path = m_arguments.value("out");
        std::ofstream file(path, std::ios::binary | std::ios::trunc);
        const std::string bytes = trained->heads.save();
        file.write(bytes.data(), std::streamsize(bytes.size()));
        file.close();
        if (!file)
            return fail(ErrorCode::Io, path + ": cannot be written");
        const std::string &space = trained->heads.space;
        out += dump({{"fields", figuresOf(trained->figures)},
                     {"rows", rows.size()},
                     {"features", trained->heads.vocabulary.size()},
                     {"space", textOrNull(space)}}) += '\n';
        sink(out);
        return {};
    }

private:
    StageArguments m_arguments;
    train::Options m_options;
    local::FeatureReader m_reader;
};

Result<train::Options> optionsFrom(const StageArguments &arguments)
{
    train::Options options;
    options.threads = arguments.threads;
    const std::string path = arguments.value("options");
    if (path.empty())
        return options;
    const auto object = readJsonFile(path);
    if (!object)
        return tl::unexpected(object.error());
    if (!object->is_object())
        return fail(ErrorCode::InvalidInput, path + ": expected an object");
    MemberReader reader(*object);
    auto &[words, characters, phrases] = options.weighing.blocks;
    reader.number("words", words)
        .number("characters", characters)
        .number("phrases", phrases)
        .number("vector", options.weighing.vector)
        .count("least_texts", options.weighing.leastTexts)
        .number("cost", options.cost)
        .share("balance", options.balance)
        .count("folds", options.folds)
        .share("abstain_below", options.abstainBelow);
    if (auto done = reader.done(); !done)
        return failAt(path, done.error());
    for (const double size : {words, characters, phrases, options.weighing.vector})
        if (!(size >= 0 && size <= 100))
            return fail(ErrorCode::InvalidInput, path + ": the lengths of the blocks: expected 0 to 100");
    if (!(options.cost > 0 && options.cost <= 1e6))
        return fail(ErrorCode::InvalidInput, path + ": /cost: expected more than 0");
    if (options.folds < 2 || options.folds > 100)
        return fail(ErrorCode::InvalidInput, path + ": /folds: expected 2 to 100");
    return options;
}

}

Made makeTrain(const StageArguments &arguments)
{
    if (arguments.value("out").empty())
        return fail(ErrorCode::Usage, "train wants --out FILE, where the model goes");
    auto options = optionsFrom(arguments);
    if (!options)
        return tl::unexpected(options.error());
    const auto analyser = local::Analyser::shipped();
    if (!analyser)
        return tl::unexpected(analyser.error());
    return std::make_unique<TrainLines>(arguments, *options, **analyser);
}

}
