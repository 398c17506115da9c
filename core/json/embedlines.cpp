#include <array>
#include <cmath>

#include "core/domain/lexicalterm.h"
#include "core/json/flatmap.h"
#include "core/json/stages.h"
#include "core/local/lexicalembedder.h"
#include "core/stages/embed/embed.h"

namespace winnow::lines
{

namespace
{

constexpr std::size_t kFolded = 256;

/// The terms folded into few signed dimensions, for tools that want a dense vector: int8, the unit vector × 127.
std::array<std::int8_t, kFolded> folded(const SparseVector &vector)
{
    std::array<double, kFolded> sums{};
    for (const auto &[term, weight] : vector.entries) {
        const std::uint32_t mixed = (term >> 6) * 0x9e3779b1u;
        sums[mixed >> 24] += mixed & (1u << 23) ? double(weight) : -double(weight);
    }
    double square = 0;
    for (const double sum : sums)
        square += sum * sum;
    std::array<std::int8_t, kFolded> bytes{};
    for (std::size_t i = 0; i < kFolded && square > 0; ++i)
        bytes[i] = std::int8_t(std::nearbyint(sums[i] / std::sqrt(square) * 127));
    return bytes;
}

void putBase64(std::string &out, std::span<const std::int8_t> bytes)
{
    constexpr std::string_view kDigits = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    for (std::size_t i = 0; i < bytes.size(); i += 3) {
        const std::size_t left = bytes.size() - i;
        const auto byte = [&](std::size_t k) { return k < left ? std::uint32_t(std::uint8_t(bytes[i + k])) : 0u; };
        const std::uint32_t three = byte(0) << 16 | byte(1) << 8 | byte(2);
        out += kDigits[three >> 18];
        out += kDigits[three >> 12 & 63];
        out += left > 1 ? kDigits[three >> 6 & 63] : '=';
        out += left > 2 ? kDigits[three & 63] : '=';
    }
}

struct EmbedTraits {
    static constexpr std::array kMembers{std::string_view("id"), std::string_view("text"), std::string_view("masked"),
                                         std::string_view("lang")};
    static constexpr bool kNeedsId = true;
    struct Item {
        std::string text, lang;
        SparseVector vector;
    };

    std::shared_ptr<LexicalEmbedder> embedder;
    std::string space;

    Result<Item> parse(std::span<Member> members) const
    {
        Member &body = members[members[2].empty() ? 1 : 2];
        if (auto text = wantText(body, members[2].empty() ? "text" : "masked", true); !text)
            return tl::unexpected(text.error());
        if (auto lang = wantText(members[3], "lang", false); !lang)
            return tl::unexpected(lang.error());
        return Item{std::move(body.text), members[3].empty() ? std::string() : std::move(members[3].text), {}};
    }

    Result<> run(std::vector<Item> &items, std::stop_token stop) const
    {
        embed::Input input;
        for (const Item &item : items)
            input.items.push_back({item.text, item.lang});
        auto output = embed::run(input, {}, embed::Ports{*embedder}, stop);
        if (!output)
            return tl::unexpected(output.error());
        for (std::size_t i = 0; i < items.size(); ++i)
            items[i].vector = std::move(output->vectors.sparse[i]);
        return {};
    }

    void write(std::string &out, const Item &item) const
    {
        out += ",\"space\":";
        putText(out, space);
        out += ",\"sparse\":[";
        const char *between = "[";
        for (const auto &[term, weight] : item.vector.entries) {
            out += between;
            out += std::to_string(term);
            out += ',';
            out += std::to_string(weight);
            out += ']';
            between = ",[";
        }
        out += "],\"vector\":\"";
        putBase64(out, folded(item.vector));
        out += "\",\"scale\":127";
    }
};

}

Made makeEmbed(const StageArguments &arguments)
{
    auto embedder = shippedLexicalEmbedder();
    if (!embedder)
        return tl::unexpected(embedder.error());
    const std::string space = (*embedder)->space();
    if (const std::string wanted = arguments.value("space"); !wanted.empty() && wanted != "lexical" && wanted != space)
        return fail(ErrorCode::Usage, "the space " + wanted + " is not installed; there is lexical");
    return std::make_unique<FlatMapLines<EmbedTraits>>(EmbedTraits{std::move(*embedder), space}, arguments.keep);
}

}
