#include "core/local/heads/heads.h"

#include <algorithm>
#include <cmath>
#include <numeric>

#include "core/math/elementary.h"

namespace winnow::local
{

namespace
{

constexpr double kRarityUnit = 1024;
constexpr double kVectorUnit = 127;
constexpr std::uint32_t kNone = ~std::uint32_t(0);
constexpr std::size_t kLogTable = 64;

std::uint64_t keyOf(std::size_t block, std::uint32_t hash)
{
    return std::uint64_t(block) << 32 | hash;
}

std::uint16_t rarityOf(double texts, double with)
{
    return std::uint16_t(std::min(65535.0, std::nearbyint(kRarityUnit * (1 + math::log((1 + texts) / (1 + with))))));
}

double dampened(std::uint32_t count)
{
    static const auto table = [] {
        std::array<double, kLogTable> all{};
        for (std::size_t i = 1; i < all.size(); ++i)
            all[i] = 1 + math::log(double(i));
        return all;
    }();
    return table[std::min<std::size_t>(count, kLogTable - 1)];
}

}

Vocabulary::Vocabulary(std::span<const FeatureSet> texts, const Weighing &weighing)
{
    std::vector<std::uint64_t> all;
    for (const FeatureSet &text : texts)
        for (std::size_t block = 0; block < kFeatureBlocks; ++block)
            if (weighing.blocks[block] > 0)
                for (const Feature &feature : text.blocks[block])
                    all.push_back(keyOf(block, feature.hash));
    std::sort(all.begin(), all.end());
    for (std::size_t begin = 0; begin < all.size();) {
        std::size_t end = begin;
        while (end < all.size() && all[end] == all[begin])
            ++end;
        if (end - begin >= weighing.leastTexts) {
            m_columns.push_back(all[begin]);
            m_rarities.push_back(rarityOf(double(texts.size()), double(end - begin)));
        }
        begin = end;
    }
    m_unknown = rarityOf(double(texts.size()), 0);
    index();
}

Result<Vocabulary> Vocabulary::from(std::vector<std::uint64_t> columns, std::vector<std::uint16_t> rarities,
                                    std::uint16_t unknown)
{
    if (columns.size() != rarities.size() || !std::is_sorted(columns.begin(), columns.end())
        || std::adjacent_find(columns.begin(), columns.end()) != columns.end())
        return fail(ErrorCode::Corrupt, "its features are not in order");
    Vocabulary vocabulary;
    vocabulary.m_columns = std::move(columns);
    vocabulary.m_rarities = std::move(rarities);
    vocabulary.m_unknown = unknown;
    vocabulary.index();
    return vocabulary;
}

void Vocabulary::keep(const std::vector<bool> &marked)
{
    std::size_t kept = 0;
    for (std::size_t i = 0; i < m_columns.size(); ++i) {
        if (!marked[i])
            continue;
        m_columns[kept] = m_columns[i];
        m_rarities[kept++] = m_rarities[i];
    }
    m_columns.resize(kept);
    m_rarities.resize(kept);
    index();
}

void Vocabulary::index()
{
    std::uint32_t size = 64;
    while (size < m_columns.size() * 2)
        size *= 2;
    m_mask = size - 1;
    m_slots.assign(size, 0);
    for (std::uint32_t i = 0; i < m_columns.size(); ++i) {
        std::uint32_t at = std::uint32_t(m_columns[i] ^ m_columns[i] >> 32) & m_mask;
        while (m_slots[at] != 0)
            at = (at + 1) & m_mask;
        m_slots[at] = i + 1;
    }
}

std::uint32_t Vocabulary::find(std::uint64_t key) const
{
    std::uint32_t at = std::uint32_t(key ^ key >> 32) & m_mask;
    while (m_slots[at] != 0) {
        if (m_columns[m_slots[at] - 1] == key)
            return m_slots[at] - 1;
        at = (at + 1) & m_mask;
    }
    return kNone;
}

void Vocabulary::append(const FeatureSet &features, std::span<const std::int8_t> vector, const Weighing &weighing,
                        SparseRows &rows) const
{
    for (std::size_t block = 0; block < kFeatureBlocks; ++block) {
        if (!(weighing.blocks[block] > 0))
            continue;
        const std::size_t first = rows.values.size();
        double square = 0;
        for (const Feature &feature : features.blocks[block]) {
            const std::uint32_t column = find(keyOf(block, feature.hash));
            const double value =
                dampened(feature.count) * (column == kNone ? m_unknown : m_rarities[column]) / kRarityUnit;
            square += value * value;
            if (column == kNone)
                continue;
            rows.columns.push_back(column);
            rows.values.push_back(float(value));
        }
        if (square > 0) {
            const double scale = weighing.blocks[block] / std::sqrt(square);
            for (std::size_t k = first; k < rows.values.size(); ++k)
                rows.values[k] = float(rows.values[k] * scale);
        }
    }
    for (std::size_t i = 0; i < vector.size(); ++i) {
        if (vector[i] == 0)
            continue;
        rows.columns.push_back(size() + std::uint32_t(i));
        rows.values.push_back(float(weighing.vector * vector[i] / kVectorUnit));
    }
    rows.width = std::max(rows.width, size() + std::uint32_t(vector.size()));
    rows.starts.push_back(std::uint32_t(rows.values.size()));
}

std::uint32_t Heads::labelCount() const
{
    std::uint32_t count = 0;
    for (const Field &field : fields)
        count += std::uint32_t(field.labels.size());
    return count;
}

std::vector<double> Heads::scores(const FeatureSet &features, std::span<const std::int8_t> vector) const
{
    thread_local SparseRows row;
    row.starts.assign(1, 0);
    row.columns.clear();
    row.values.clear();
    vocabulary.append(features, vector, weighing, row);
    const std::uint32_t labels = labelCount();
    std::vector<double> sums(labels, 0.0);
    for (std::size_t k = 0; k < row.columns.size(); ++k) {
        const std::int16_t *own = weights.data() + std::size_t(row.columns[k]) * labels;
        const double value = double(row.values[k]);
        for (std::uint32_t l = 0; l < labels; ++l)
            sums[l] += value * own[l];
    }
    const std::int16_t *bias = weights.data() + std::size_t(width()) * labels;
    std::uint32_t l = 0;
    for (const Field &field : fields)
        for (const double scale : field.scales) {
            sums[l] = (sums[l] + bias[l]) * scale;
            ++l;
        }
    return sums;
}

std::vector<FieldAnswer> Heads::answer(const FeatureSet &features, std::span<const std::int8_t> vector) const
{
    const auto all = scores(features, vector);
    std::vector<FieldAnswer> answers;
    std::size_t at = 0;
    for (const Field &field : fields) {
        answers.push_back(answerOf(field, std::span(all).subspan(at, field.labels.size())));
        at += field.labels.size();
    }
    return answers;
}

FieldAnswer answerOf(const Field &field, std::span<const double> scores)
{
    FieldAnswer answer;
    double sum = 0;
    for (std::size_t l = 0; l < scores.size(); ++l) {
        const double p = math::logistic(field.slopes[l] * scores[l] + field.offsets[l]);
        answer.labels.push_back({std::uint32_t(l), p, p});
        sum += p;
    }
    if (field.single) {
        // What no label claims is shared out among all: a text that is like none of them is sure of nothing.
        const double left = std::max(0.0, 1 - sum) / double(scores.size());
        const double scale = std::max(1.0, sum);
        for (ScoredLabel &label : answer.labels)
            label.p = label.calibrated = label.p / scale + left;
    } else {
        for (ScoredLabel &label : answer.labels) {
            const double border = field.borders[label.label];
            label.p = label.p < border ? 0.5 * label.p / border : 0.5 + 0.5 * (label.p - border) / (1 - border);
        }
    }
    double least = 1;
    for (ScoredLabel &label : answer.labels) {
        label.p = math::round6(label.p);
        label.calibrated = math::round6(label.calibrated);
        least = std::min(least, std::max(label.calibrated, 1 - label.calibrated));
    }
    std::stable_sort(answer.labels.begin(), answer.labels.end(),
                     [](const ScoredLabel &a, const ScoredLabel &b) { return a.p > b.p; });
    const double sure = answer.labels.empty() ? 0 : field.single ? answer.labels.front().p : least;
    answer.abstained = sure < field.abstainBelow;
    return answer;
}

}
