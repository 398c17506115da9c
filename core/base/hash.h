#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <string_view>

namespace winnow
{

using Digest = std::array<std::uint8_t, 32>;

/// SHA-256 of bytes that come in pieces.
class Sha256
{
public:
    Sha256();
    Sha256 &add(std::string_view bytes);
    /// Adds the bytes with their length in front, so that fields cannot run into each other.
    Sha256 &field(std::string_view bytes);
    Sha256 &number(std::int64_t value);
    [[nodiscard]] Digest finish();

private:
    alignas(16) std::array<std::uint8_t, 128> m_state;
};

[[nodiscard]] Digest sha256(std::string_view bytes);
[[nodiscard]] Digest hmacSha256(const Digest &key, std::string_view bytes);
[[nodiscard]] std::string hex(std::span<const std::uint8_t> bytes);
/// \returns the bytes, or nothing where the text is no even number of hex digits.
[[nodiscard]] std::string fromHex(std::string_view text, bool *ok = nullptr);

/// The bytes of a digest as a string, as SQL blobs want them.
[[nodiscard]] std::string_view bytesOf(const Digest &digest);

/// Crockford base32, lower case: the first `length` characters (5 bits each, most significant first).
[[nodiscard]] std::string base32(const Digest &digest, std::size_t length = 26);

/// A derived id: base32 of the SHA-256 of the parts joined by U+001F. \source design.md, The one idea
[[nodiscard]] std::string derivedId(std::initializer_list<std::string_view> parts);

/// First eight bytes, big endian, as the signed integer that the id indexes hold.
[[nodiscard]] std::int64_t prefix64(std::string_view id);

}
