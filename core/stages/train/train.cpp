#include "core/stages/train/train.h"

#include <algorithm>
#include <cmath>
#include <numeric>
#include <set>

#include "core/base/hash.h"
#include "core/base/parallel.h"
#include "core/local/heads/platt.h"
#include "core/math/elementary.h"

namespace winnow::train
{

namespace
{

using local::Field;
using local::FieldAnswer;
using local::Heads;
using local::SparseRows;

constexpr std::size_t kChunk = 64;
constexpr double kLargestWeight = 32000;
constexpr double kOwnBorder = 0.7; // weight of the label's own against that of all
constexpr double kLeastBorder = 0.05, kMostBorder = 0.95;

/// One field's training material.
struct Task {
    std::size_t field = 0;
    std::vector<std::uint32_t> rows; ///< that speak of the field
    std::vector<std::vector<bool>> sides; ///< by label, then by row of the data
    std::vector<std::vector<double>> costs; ///< likewise
};

/// Largest groups first, each into the smallest fold.
std::vector<std::uint32_t> foldsOf(const Input &input, std::uint32_t count)
{
    std::map<std::string_view, std::uint32_t> sizes;
    const auto groupOf = [](const Item &item) { return item.group.empty() ? item.text : item.group; };
    for (const Item &item : input.items)
        ++sizes[groupOf(item)];
    struct Group {
        std::uint32_t size;
        std::string key; // an order that has nothing to do with the names'
        std::string_view name;
    };
    std::vector<Group> groups;
    for (const auto &[name, size] : sizes)
        groups.push_back({size, std::string(bytesOf(sha256(name))), name});
    std::sort(groups.begin(), groups.end(),
              [](const Group &a, const Group &b) { return a.size != b.size ? a.size > b.size : a.key < b.key; });
    std::vector<std::uint32_t> filled(count, 0);
    std::map<std::string_view, std::uint32_t> foldOf;
    for (const Group &group : groups) {
        const auto fold = std::uint32_t(std::min_element(filled.begin(), filled.end()) - filled.begin());
        foldOf[group.name] = fold;
        filled[fold] += group.size;
    }
    std::vector<std::uint32_t> folds;
    for (const Item &item : input.items)
        folds.push_back(foldOf[groupOf(item)]);
    return folds;
}

/// The probability from which on choosing the label gives the best F1.
double bestBorder(std::vector<std::pair<double, bool>> answers)
{
    std::sort(answers.begin(), answers.end(), [](const auto &a, const auto &b) { return a.first > b.first; });
    double positive = 0;
    for (const auto &[p, holds] : answers)
        positive += holds;
    double best = -1, border = 0.5, hits = 0;
    for (std::size_t i = 0; i < answers.size(); ++i) {
        hits += answers[i].second;
        if (i + 1 < answers.size() && answers[i + 1].first == answers[i].first)
            continue;
        const double f1 = 2 * hits / (double(i + 1) + positive);
        if (f1 > best) {
            best = f1;
            border = i + 1 < answers.size() ? (answers[i].first + answers[i + 1].first) / 2 : answers[i].first / 2;
        }
    }
    return std::clamp(border, kLeastBorder, kMostBorder);
}

FieldFigures figuresOf(const Field &field, const Task &task, const std::vector<FieldAnswer> &answers)
{
    const std::size_t labels = field.labels.size();
    std::vector<double> right(labels, 0), said(labels, 0), held(labels, 0);
    double whole = 0;
    for (std::size_t k = 0; k < task.rows.size(); ++k) {
        bool all = true;
        for (const auto &[label, p, calibrated] : answers[k].labels) {
            const bool chosen = field.single ? label == answers[k].labels.front().label : p >= 0.5;
            const bool holds = task.sides[label][task.rows[k]];
            said[label] += chosen;
            held[label] += holds;
            right[label] += chosen && holds;
            all = all && chosen == holds;
        }
        whole += all;
    }
    const auto share = [](double a, double b) { return b > 0 ? a / b : 0; };
    FieldFigures figures;
    figures.field = field.name;
    for (std::size_t l = 0; l < labels; ++l) {
        figures.labels.push_back({field.labels[l], math::round6(share(right[l], said[l])),
                                  math::round6(share(right[l], held[l])),
                                  math::round6(share(2 * right[l], said[l] + held[l]))});
        figures.macroF1 += share(2 * right[l], said[l] + held[l]);
    }
    const auto sum = [](const std::vector<double> &of) { return std::accumulate(of.begin(), of.end(), 0.0); };
    figures.macroF1 = math::round6(share(figures.macroF1, double(labels)));
    figures.microF1 = math::round6(share(2 * sum(right), sum(said) + sum(held)));
    figures.accuracy = math::round6(share(whole, double(task.rows.size())));
    return figures;
}

Result<std::vector<Field>> fieldsOf(const Input &input)
{
    std::map<std::string, std::set<std::string>> found;
    std::map<std::string, bool> single;
    for (const Item &item : input.items)
        for (const auto &[name, labels] : item.labels) {
            found[name].insert(labels.begin(), labels.end());
            const auto [place, fresh] = single.emplace(name, true);
            place->second = place->second && labels.size() == 1;
        }
    std::vector<Field> fields;
    for (const auto &[name, labels] : found) {
        Field field;
        field.name = name;
        field.single = single[name];
        field.labels.assign(labels.begin(), labels.end());
        if (labels.empty() || (field.single && labels.size() < 2))
            return fail(ErrorCode::InvalidInput, "field " + name + ": there must be something to choose from");
        fields.push_back(std::move(field));
    }
    if (fields.empty())
        return fail(ErrorCode::InvalidInput, "no row with labels");
    return fields;
}

Task taskOf(const Input &input, const Field &field, const Options &options)
{
    Task task;
    for (std::uint32_t i = 0; i < input.items.size(); ++i)
        if (input.items[i].labels.contains(field.name))
            task.rows.push_back(i);
    for (const std::string &label : field.labels) {
        std::vector<bool> sides(input.items.size(), false);
        double positive = 0;
        for (const std::uint32_t row : task.rows) {
            const auto &own = input.items[row].labels.at(field.name);
            sides[row] = std::find(own.begin(), own.end(), label) != own.end();
            positive += sides[row];
        }
        const double total = double(task.rows.size()), negative = total - positive;
        const auto weight = [&](double side) {
            return math::power(total / (2 * std::max(side, 1.0)), options.balance);
        };
        const double plus = weight(positive), minus = weight(negative);
        std::vector<double> costs(input.items.size(), 0);
        for (const std::uint32_t row : task.rows)
            costs[row] = sides[row] ? plus : minus;
        task.sides.push_back(std::move(sides));
        task.costs.push_back(std::move(costs));
    }
    return task;
}

}

Result<Output> run(const Input &input, const Options &options, const Ports &ports, std::stop_token stop)
{
    if (input.items.empty())
        return fail(ErrorCode::InvalidInput, "nothing to learn from");
    auto fields = fieldsOf(input);
    if (!fields)
        return tl::unexpected(fields.error());

    Output output;
    Heads &heads = output.heads;
    heads.weighing = options.weighing;
    heads.phrases = ports.reader.analyser().cues().version;
    heads.fields = std::move(*fields);
    std::vector<local::FeatureSet> features(input.items.size());
    parallelFor(input.items.size(), kChunk, options.threads, stop, [&](std::size_t begin, std::size_t end) {
        for (std::size_t i = begin; i < end; ++i)
            ports.reader.read(input.items[i].text, input.items[i].lang, features[i]);
    });
    std::vector<std::vector<std::int8_t>> vectors;
    if (ports.embedder) {
        std::vector<std::string_view> texts, langs;
        for (const Item &item : input.items) {
            texts.push_back(item.text);
            langs.push_back(item.lang);
        }
        auto embedded = ports.embedder->embed(texts, langs, stop);
        if (!embedded)
            return tl::unexpected(embedded.error());
        vectors = std::move(embedded->dense);
        if (vectors.size() != input.items.size())
            return fail(ErrorCode::Protocol, "train: the embedder gave another number of rows");
        heads.space = ports.embedder->space();
        heads.vectorSize = std::uint32_t(vectors.front().size());
    }
    heads.vocabulary = local::Vocabulary(features, options.weighing);
    SparseRows data;
    for (std::size_t i = 0; i < features.size(); ++i)
        heads.vocabulary.append(
            features[i], vectors.empty() ? std::span<const std::int8_t>() : std::span<const std::int8_t>(vectors[i]),
            options.weighing, data);
    features = {};
    data.width = heads.width();

    const auto folds = foldsOf(input, options.folds);
    std::vector<Task> tasks;
    for (const Field &field : heads.fields)
        tasks.push_back(taskOf(input, field, options));

    // Every label in every fold, and once with all rows: as many independent problems.
    struct Problem {
        std::size_t task, label, place;
        std::uint32_t fold;
    };
    std::vector<Problem> problems;
    std::size_t labels = 0;
    for (std::size_t t = 0; t < tasks.size(); ++t)
        for (std::size_t l = 0; l < tasks[t].sides.size(); ++l, ++labels)
            for (std::uint32_t fold = 0; fold <= options.folds; ++fold)
                problems.push_back({t, l, labels, fold});
    std::vector<std::vector<double>> unseen(labels, std::vector<double>(input.items.size(), 0)); // scores across folds
    std::vector<std::vector<double>> weights(labels);
    const local::SolverOptions solver{options.cost, 1, 60, 0.02};
    const bool finished =
        parallelFor(problems.size(), 1, options.threads, stop, [&](std::size_t begin, std::size_t end) {
            for (std::size_t p = begin; p < end; ++p) {
                const auto &[t, l, place, fold] = problems[p];
                const Task &task = tasks[t];
                std::vector<std::uint32_t> rows;
                for (const std::uint32_t row : task.rows)
                    if (folds[row] != fold)
                        rows.push_back(row);
                auto own = local::solve(data, rows, task.sides[l], task.costs[l], solver, stop);
                if (fold == options.folds) {
                    weights[place] = std::move(own);
                    continue;
                }
                for (const std::uint32_t row : task.rows)
                    if (folds[row] == fold)
                        unseen[place][row] = local::scoreOf(data, row, own, solver.bias);
            }
        });
    if (!finished || stop.stop_requested())
        return fail(ErrorCode::Cancelled, "train");

    std::size_t place = 0;
    const std::size_t columns = heads.width() + 1;
    heads.weights.resize(columns * labels);
    for (std::size_t t = 0; t < tasks.size(); ++t) {
        const Task &task = tasks[t];
        Field &field = heads.fields[t];
        field.abstainBelow = options.abstainBelow;
        std::vector<std::pair<double, bool>> pooled; // answers for all labels
        for (std::size_t l = 0; l < task.sides.size(); ++l) {
            const std::vector<double> &own = weights[place + l];
            double largest = 0;
            for (const double weight : own)
                largest = std::max(largest, std::fabs(weight));
            const double scale = largest > 0 ? largest / kLargestWeight : 1;
            for (std::size_t c = 0; c < columns; ++c)
                heads.weights[c * labels + place + l] = std::int16_t(std::nearbyint(own[c] / scale));
            std::vector<double> scores;
            std::vector<bool> sides;
            for (const std::uint32_t row : task.rows) {
                scores.push_back(unseen[place + l][row]);
                sides.push_back(task.sides[l][row]);
            }
            const local::Sigmoid sigmoid = local::fitSigmoid(scores, sides);
            field.scales.push_back(scale);
            field.slopes.push_back(sigmoid.slope);
            field.offsets.push_back(sigmoid.offset);
            std::vector<std::pair<double, bool>> answers;
            if (!field.single)
                for (std::size_t k = 0; k < scores.size(); ++k)
                    answers.emplace_back(math::logistic(sigmoid.slope * scores[k] + sigmoid.offset), sides[k]);
            pooled.insert(pooled.end(), answers.begin(), answers.end());
            field.borders.push_back(field.single ? 0.5 : bestBorder(std::move(answers)));
        }
        // Between what serves the label alone and what serves all labels together.
        if (!field.single) {
            const double together = bestBorder(std::move(pooled));
            for (std::size_t l = 0; l < field.borders.size(); ++l)
                field.borders[l] = field.slopes[l] > 0 ? kOwnBorder * field.borders[l] + (1 - kOwnBorder) * together
                                                       : kMostBorder; // not learned, so never chosen
        }
        std::vector<FieldAnswer> answers;
        for (const std::uint32_t row : task.rows) {
            std::vector<double> scores;
            for (std::size_t l = 0; l < task.sides.size(); ++l)
                scores.push_back(unseen[place + l][row]);
            answers.push_back(local::answerOf(field, scores));
        }
        output.figures.push_back(figuresOf(field, task, answers));
        place += task.sides.size();
    }
    return output;
}

}
