#include "core/stages/classify/classify.h"

namespace winnow::classify
{

Result<Output> run(const Input &input, const Options &, const Ports &ports, std::stop_token stop)
{
    Output output;
    output.items.reserve(input.items.size());
    std::vector<std::vector<std::int8_t>> vectors;
    if (ports.embedder && !input.items.empty()) {
        std::vector<std::string_view> texts, langs;
        for (const Item &item : input.items) {
            texts.push_back(item.text);
            langs.push_back(item.lang);
        }
        auto embedded = ports.embedder->embed(texts, langs, stop);
        if (!embedded)
            return tl::unexpected(embedded.error());
        vectors = std::move(embedded->dense);
        if (vectors.size() != input.items.size() || vectors.front().size() != ports.heads.vectorSize)
            return fail(ErrorCode::Protocol, "classify: the embedder gave other rows than the model wants");
    }
    local::FeatureSet features;
    for (std::size_t i = 0; i < input.items.size(); ++i) {
        if (stop.stop_requested())
            return fail(ErrorCode::Cancelled, "classify");
        ports.reader.read(input.items[i].text, input.items[i].lang, features);
        output.items.push_back(ports.heads.answer(
            features, vectors.empty() ? std::span<const std::int8_t>() : std::span<const std::int8_t>(vectors[i])));
    }
    return output;
}

}
