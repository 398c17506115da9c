#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <string>
#include <unordered_map>
#include <vector>

#include "core/domain/lexicalterm.h"
#include "core/ports/embedder.h"

namespace winnow
{

/// Words, what they mean in any language, and pairs of neighbours, weighted by how rare they are in general reviews:
/// the space that is always there. Frozen: its name holds the hash of its table.
class LexicalEmbedder : public Embedder
{
public:
    /// \errors Corrupt, Newer.
    [[nodiscard]] static Result<std::unique_ptr<LexicalEmbedder>> fromTable(std::string_view bytes);

    [[nodiscard]] std::string space() const override { return m_space; }
    /// Never fails but by Cancelled. An unknown or empty language is guessed from the stop words of the text.
    [[nodiscard]] Result<Vectors> embed(std::span<const std::string_view> texts,
                                        std::span<const std::string_view> langs, std::stop_token stop) override;
    [[nodiscard]] SparseVector embedOne(std::string_view text, std::string_view lang) const;

private:
    struct Word {
        std::uint64_t languages = 0; ///< bit per language whose stop words hold it; bit 0: all
        std::uint32_t meaning = 0; ///< term of its meaning, 0: none
        std::uint8_t rarity = lexical::kRarityMask;
    };
    [[nodiscard]] std::uint64_t guessLanguages(const std::vector<std::uint32_t> &words) const;

    std::string m_space;
    std::map<std::string, unsigned, std::less<>> m_languages;
    std::unordered_map<std::uint32_t, Word> m_words;
};

/// The embedder on the table that is shipped. \errors NotFound, Io, Corrupt, Newer.
[[nodiscard]] Result<std::unique_ptr<LexicalEmbedder>> shippedLexicalEmbedder();

}
