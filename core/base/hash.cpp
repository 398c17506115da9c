#include "core/base/hash.h"

#include <cstring>

#include <sodium.h>

namespace winnow
{

static_assert(sizeof(crypto_hash_sha256_state) <= 128);

namespace
{

crypto_hash_sha256_state *stateOf(std::array<std::uint8_t, 128> &memory)
{
    return reinterpret_cast<crypto_hash_sha256_state *>(memory.data());
}

const unsigned char *bytes(std::string_view text)
{
    return reinterpret_cast<const unsigned char *>(text.data());
}

}

Sha256::Sha256()
{
    crypto_hash_sha256_init(stateOf(m_state));
}

Sha256 &Sha256::add(std::string_view data)
{
    crypto_hash_sha256_update(stateOf(m_state), bytes(data), data.size());
    return *this;
}

Sha256 &Sha256::number(std::int64_t value)
{
    char raw[8];
    for (int i = 0; i < 8; ++i)
        raw[i] = char(std::uint64_t(value) >> (56 - 8 * i));
    return add({raw, 8});
}

Sha256 &Sha256::field(std::string_view data)
{
    return number(std::int64_t(data.size())).add(data);
}

Digest Sha256::finish()
{
    Digest digest;
    crypto_hash_sha256_final(stateOf(m_state), digest.data());
    return digest;
}

Digest sha256(std::string_view data)
{
    Digest digest;
    crypto_hash_sha256(digest.data(), bytes(data), data.size());
    return digest;
}

Digest hmacSha256(const Digest &key, std::string_view data)
{
    Digest digest;
    crypto_auth_hmacsha256_state state;
    crypto_auth_hmacsha256_init(&state, key.data(), key.size());
    crypto_auth_hmacsha256_update(&state, bytes(data), data.size());
    crypto_auth_hmacsha256_final(&state, digest.data());
    return digest;
}

std::string hex(std::span<const std::uint8_t> data)
{
    static constexpr char kDigits[] = "0123456789abcdef";
    std::string text;
    text.reserve(data.size() * 2);
    for (const std::uint8_t byte : data) {
        text += kDigits[byte >> 4];
        text += kDigits[byte & 15];
    }
    return text;
}

std::string fromHex(std::string_view text, bool *ok)
{
    std::string data;
    const auto value = [](char c) {
        return c >= '0' && c <= '9' ? c - '0'
            : c >= 'a' && c <= 'f'  ? c - 'a' + 10
            : c >= 'A' && c <= 'F'  ? c - 'A' + 10
                                    : -1;
    };
    bool good = text.size() % 2 == 0;
    for (std::size_t i = 0; good && i < text.size(); i += 2) {
        const int high = value(text[i]), low = value(text[i + 1]);
        good = high >= 0 && low >= 0;
        data += char(high * 16 + low);
    }
    if (ok)
        *ok = good;
    return good ? data : std::string();
}

std::string_view bytesOf(const Digest &digest)
{
    return {reinterpret_cast<const char *>(digest.data()), digest.size()};
}

std::string base32(const Digest &digest, std::size_t length)
{
    static constexpr char kDigits[] = "0123456789abcdefghjkmnpqrstvwxyz";
    std::string text;
    text.reserve(length);
    for (std::size_t i = 0; i < length; ++i) {
        const std::size_t bit = i * 5, byte = bit / 8;
        const unsigned pair = unsigned(digest[byte]) << 8 | (byte + 1 < digest.size() ? digest[byte + 1] : 0u);
        text += kDigits[pair >> (11 - bit % 8) & 31];
    }
    return text;
}

std::string derivedId(std::initializer_list<std::string_view> parts)
{
    Sha256 hash;
    bool first = true;
    for (const std::string_view part : parts) {
        if (!first)
            hash.add("\x1f");
        hash.add(part);
        first = false;
    }
    return base32(hash.finish());
}

std::int64_t prefix64(std::string_view id)
{
    std::uint64_t value = 0;
    for (std::size_t i = 0; i < 8; ++i)
        value = value << 8 | (i < id.size() ? std::uint8_t(id[i]) : 0u);
    return std::int64_t(value);
}

}
