#pragma once

#include <cstdint>
#include <stop_token>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "core/base/hash.h"
#include "core/base/result.h"
#include "core/ports/embedder.h"

namespace winnow::cluster {

struct Item {
    std::string_view id;      ///< the segment's id; unique in the input
    Digest node{};            ///< hash of the text without placeholders, so that equal texts are one node; see nodeHash()
    const SparseVector *vector = nullptr;
    std::string_view block;   ///< product × component; incidents leave it only through a must-link
};

/// Both ends are indexes of items.
struct Link {
    std::size_t a = 0;
    std::size_t b = 0;
    bool operator==(const Link &) const = default;
};

struct Input {
    std::vector<Item> items;
    std::vector<Link> mustLinks;
    std::vector<Link> cannotLinks;
};

/// Cuts and weights are part of the space: other values are another version of it.
struct Options {
    double pivotCut = 0.55;    ///< τ₁: least cosine to join a pivot
    double mergeCut = 0.45;    ///< τ₂: least average linkage to merge two clusters: cosine plus second order
    double secondOrder = 0.5;  ///< weight of the likeness of two texts' likenesses to others
    /// Blocks with at most so many different texts compare all with all and search on from there.
    std::size_t denseLimit = 4096;
    std::size_t ask = 0;       ///< so many pairs to ask people about
    unsigned threads = 1;
};

struct Refused {
    Link link;
    bool must = false;               ///< a must-link across cannot-links, or else a cannot-link inside must-links
    std::vector<std::size_t> path;   ///< the items that join the two ends
    bool operator==(const Refused &) const = default;
};

/// Two items of incidents that nearly met.
struct Ask {
    Link link;       ///< the item with the smaller id first
    double gain = 0; ///< members that an answer is expected to move
    bool operator==(const Ask &) const = default;
};

struct Output {
    std::vector<std::uint32_t> incident; ///< per item: a number from 0, in order of each incident's smallest item id
    std::uint32_t incidents = 0;
    std::vector<Refused> refused;
    std::vector<Ask> asks; ///< greatest gain first
    std::string partitionHash; ///< 64 hex digits. \source design.md, The one idea
};

/// The node an item belongs to. Placeholders of the mask do not enter it: pseudonyms depend on the key.
[[nodiscard]] Digest nodeHash(std::string_view space, std::string_view block, std::string_view maskedText);

/// SHA-256 of the groups: members sorted and joined by LF, groups sorted and joined by LF LF.
[[nodiscard]] std::string partitionHash(std::vector<std::vector<std::string_view>> groups);

/// Groups items into incidents: micro-clusters by pivot, then average linkage by reciprocal nearest neighbours on
/// integer sums. The partition is a function of the set of items, the space and the links, never of their order, of
/// threads or of batches. Equal nodes share an incident unless a cannot-link parts them.
/// \errors InvalidInput for an id twice; Cancelled.
/// \source methods.md 14
[[nodiscard]] Result<Output> run(const Input &input, const Options &options, std::stop_token stop);

}
