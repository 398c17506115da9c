#pragma once

#include <cstdint>
#include <span>
#include <stop_token>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "core/base/result.h"

namespace winnow {

/// Terms and integer weights, ordered by term; a term is a 32-bit hash of its canonical form.
struct SparseVector {
    std::vector<std::pair<std::uint32_t, std::uint16_t>> entries;
    bool operator==(const SparseVector &) const = default;
};

/// n rows in one space's own form: sparse integer weights, or int8 (the unit vector × 127, rounded half to even).
struct Vectors {
    std::vector<SparseVector> sparse;
    std::vector<std::vector<std::int8_t>> dense;
};

/// Turns texts into vectors of one space.
class Embedder
{
public:
    virtual ~Embedder() = default;
    /// Name and version of the space. Vectors of different spaces never mix.
    [[nodiscard]] virtual std::string space() const = 0;
    /// \param texts  n masked texts; the adapter cuts what its model cannot take.
    /// \param langs  their languages (BCP 47 base or empty), n as well.
    /// \errors Network, Timeout, Cancelled.
    /// \thread any number at once for the lexical space, else one worker at a time.
    [[nodiscard]] virtual Result<Vectors> embed(std::span<const std::string_view> texts,
                                                std::span<const std::string_view> langs, std::stop_token stop) = 0;
};

}
