#pragma once
// Internal to the mask: persons, addresses, places, organisations and occupations, word by word.

#include <array>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "core/base/result.h"
#include "core/stages/mask/detectors.h"

namespace winnow::mask
{

/// What a word is a part of. Begin and inside alternate.
enum class Tag : std::uint8_t {
    Out,
    PersonBegin,
    PersonIn,
    AddressBegin,
    AddressIn,
    PlaceBegin,
    PlaceIn,
    OrganisationBegin,
    OrganisationIn,
    OccupationBegin,
    OccupationIn,
};
constexpr std::size_t kTags = 11;
constexpr std::size_t kTagRow = 16; ///< weights of a feature lie in rows of this many

/// What a word is known as, whatever it means where it stands. Bits.
enum Known : std::uint16_t {
    KnownGiven = 1,
    KnownFamily = 2,
    KnownPlace = 4, ///< a word of a town's name
    KnownCountry = 8, ///< a country or region
    KnownCommon = 16, ///< written small in everyday texts
    KnownStreet = 32,
    KnownCompany = 64, ///< what firms are called: Inc, Group, Solutions
    KnownBrand = 128, ///< a product, a brand, a part of one
    KnownOccupation = 256,
    KnownPeople = 512, ///< a nationality or language
};

/// A linear chain over hashed features of words, their shapes, affixes, neighbours and what they are known as. Weights
/// are whole numbers: the answer is the same on every machine.
class Tagger
{
public:
    static constexpr std::size_t kFeatures = 40;
    using Features = std::array<std::uint32_t, kFeatures>;

    /// The shipped `models/mask.bin`, read once. \errors NotFound, Io, Corrupt.
    [[nodiscard]] static Result<const Tagger *> shipped();
    /// \param data  as train_mask_tagger writes it. \errors Corrupt.
    [[nodiscard]] static Result<Tagger> read(std::string_view data);

    /// Bits of Known.
    [[nodiscard]] std::uint16_t knownAs(const Token &word) const;
    /// Some word of the text may be a part of a name: without one nothing needs to be tagged.
    [[nodiscard]] bool mayName(const Scene &scene) const;

    /// What the tagger finds, appended in order.
    void find(const Scene &scene, Finds &finds) const;

private:
    using Emission = std::array<std::int16_t, kTagRow>; ///< what the features of a word say for each tag
    [[nodiscard]] std::uint16_t known(std::uint32_t hash) const;
    void collect(const Scene &scene, std::size_t begin, const std::vector<std::uint8_t> &tags,
                 const std::vector<Emission> &emit, Finds &finds) const;

    /// How much more (or, below 0, less) a word has to look like a name than the training asks.
    [[nodiscard]] static std::int16_t reserve(const Scene &scene, const Token &word, std::uint16_t known);
    /// What the words themselves must bear out: small letters make no name but a known one.
    [[nodiscard]] bool isCredible(const Scene &scene, std::size_t first, std::size_t end, const Found &found) const;

    struct Slot {
        std::uint32_t hash = 0;
        std::uint16_t known = 0;
    };
    std::vector<Slot> m_slots; ///< open addressing, a power of two; known 0 is empty
    std::vector<std::int8_t> m_weights; ///< rows of kTagRow
    std::uint32_t m_rowMask = 0;
    std::array<std::array<std::int16_t, kTags>, kTags + 1> m_steps{}; ///< from a tag, or from the start, to a tag
};

/// What the features of a text's words are made of, made once for all of them.
class TaggerText
{
public:
    /// \param known  bits of Known per word
    void look(const Scene &scene, const std::vector<std::uint16_t> &known);
    /// Hashes of what is so about word `i`.
    void features(std::size_t i, Tagger::Features &out) const;

private:
    struct Word {
        std::uint32_t hash, suffix2, suffix3, suffix4, prefix3;
        std::uint16_t known;
        std::uint8_t shape, gap; ///< gap: what stands before it
        std::uint8_t cue, cueNear; ///< the cue that ends right before it, and the last one not far before
        std::uint8_t line; ///< place in its line: first, second, later; and whether the line is short
    };
    std::vector<Word> m_words;
};

}
