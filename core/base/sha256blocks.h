#pragma once
// Internal to core/base: the inner function of SHA-256, once in plain C++ and once with the processor's own
// instructions.

#include <cstddef>
#include <cstdint>

namespace winnow
{

using Sha256Blocks = void (*)(std::uint32_t state[8], const std::uint8_t *data, std::size_t blocks);

void sha256BlocksPlain(std::uint32_t state[8], const std::uint8_t *data, std::size_t blocks);

/// Null where this processor, or this build, has no instructions for it.
[[nodiscard]] Sha256Blocks sha256BlocksNative();

}
