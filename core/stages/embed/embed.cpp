#include "core/stages/embed/embed.h"

namespace winnow::embed
{

Result<Output> run(const Input &input, const Options &, const Ports &ports, std::stop_token stop)
{
    std::vector<std::string_view> texts, langs;
    texts.reserve(input.items.size());
    langs.reserve(input.items.size());
    for (const Item &item : input.items) {
        texts.push_back(item.text);
        langs.push_back(item.lang);
    }
    auto vectors = ports.embedder.embed(texts, langs, stop);
    if (!vectors)
        return tl::unexpected(vectors.error());
    const bool sparse = vectors->sparse.size() == input.items.size() && vectors->dense.empty();
    const bool dense = vectors->dense.size() == input.items.size() && vectors->sparse.empty();
    if (!sparse && !dense)
        return fail(ErrorCode::Protocol, "embed: the embedder gave another number of rows");
    return Output{std::move(*vectors)};
}

}
