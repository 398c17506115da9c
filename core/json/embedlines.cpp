#include "core/json/lines.h"
#include "core/json/stages.h"
#include "core/local/lexicalembedder.h"
#include "core/stages/embed/embed.h"

namespace winnow::lines {

namespace {

class EmbedTraits
{
public:
    struct Item {
        std::string text, lang;
    };
    static constexpr bool kNeedsId = true;

    explicit EmbedTraits(std::shared_ptr<LexicalEmbedder> embedder)
        : m_embedder(std::move(embedder))
    {
    }

    Result<Item> parse(const Json &object) const
    {
        auto text = requiredBody(object);
        if (!text)
            return tl::unexpected(text.error());
        auto lang = optionalText(object, "lang");
        if (!lang)
            return tl::unexpected(lang.error());
        return Item{std::move(*text), std::move(*lang)};
    }

    Result<std::vector<Json>> run(std::vector<Item> &&items, std::stop_token stop) const
    {
        embed::Input input;
        for (const Item &item : items)
            input.items.push_back({item.text, item.lang});
        const auto output = embed::run(input, {}, embed::Ports{*m_embedder}, stop);
        if (!output)
            return tl::unexpected(output.error());
        std::vector<Json> answers;
        answers.reserve(items.size());
        for (const SparseVector &vector : output->vectors.sparse) {
            Json sparse = Json::array();
            for (const auto &[term, weight] : vector.entries)
                sparse.push_back({term, weight});
            answers.push_back({{"space", m_embedder->space()}, {"sparse", std::move(sparse)}});
        }
        return answers;
    }

private:
    std::shared_ptr<LexicalEmbedder> m_embedder;
};

}

Made makeEmbed(const StageArguments &arguments)
{
    auto embedder = shippedLexicalEmbedder();
    if (!embedder)
        return tl::unexpected(embedder.error());
    if (const std::string space = arguments.value("space");
        !space.empty() && space != "lexical" && space != (*embedder)->space())
        return fail(ErrorCode::Usage, "the space " + space + " is not installed; there is lexical");
    return std::make_unique<MapLines<EmbedTraits>>(EmbedTraits(std::move(*embedder)), arguments.keep);
}

}
