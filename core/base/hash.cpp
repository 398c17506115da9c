#include "core/base/hash.h"

#include <algorithm>
#include <cstring>
#include <new>

#include "core/base/sha256blocks.h"

namespace winnow
{

namespace
{

constexpr std::size_t kBlock = 64;

struct State {
    std::uint32_t words[8];
    std::uint64_t size;
    std::uint8_t open[kBlock]; ///< the start of a block that is not full yet
};
static_assert(sizeof(State) <= 128);

State &stateOf(std::array<std::uint8_t, 128> &memory)
{
    return *reinterpret_cast<State *>(memory.data());
}

const std::uint8_t *bytes(std::string_view text)
{
    return reinterpret_cast<const std::uint8_t *>(text.data());
}

void blocks(std::uint32_t words[8], const std::uint8_t *data, std::size_t count)
{
    static const Sha256Blocks kBlocks = sha256BlocksNative() ? sha256BlocksNative() : &sha256BlocksPlain;
    kBlocks(words, data, count);
}

}

Sha256::Sha256()
{
    new (m_state.data())
        State{{0x6a09e667, 0xbb67ae85, 0x3c6ef372, 0xa54ff53a, 0x510e527f, 0x9b05688c, 0x1f83d9ab, 0x5be0cd19}, 0, {}};
}

Sha256 &Sha256::add(std::string_view data)
{
    if (data.empty()) // its pointer may be null, which memcpy does not take
        return *this;
    State &state = stateOf(m_state);
    const std::size_t open = state.size % kBlock;
    state.size += data.size();
    if (open) {
        const std::size_t taken = std::min(data.size(), kBlock - open);
        std::memcpy(state.open + open, data.data(), taken);
        data.remove_prefix(taken);
        if (open + taken < kBlock)
            return *this;
        blocks(state.words, state.open, 1);
    }
    const std::size_t whole = data.size() / kBlock;
    if (whole)
        blocks(state.words, bytes(data), whole);
    data.remove_prefix(whole * kBlock);
    if (!data.empty())
        std::memcpy(state.open, data.data(), data.size());
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
    State &state = stateOf(m_state);
    const std::uint64_t bits = state.size * 8;
    std::size_t open = state.size % kBlock;
    state.open[open++] = 0x80;
    if (open > kBlock - 8) {
        std::memset(state.open + open, 0, kBlock - open);
        blocks(state.words, state.open, 1);
        open = 0;
    }
    std::memset(state.open + open, 0, kBlock - 8 - open);
    for (int i = 0; i < 8; ++i)
        state.open[kBlock - 8 + std::size_t(i)] = std::uint8_t(bits >> (56 - 8 * i));
    blocks(state.words, state.open, 1);
    Digest digest;
    for (std::size_t i = 0; i < digest.size(); ++i)
        digest[i] = std::uint8_t(state.words[i / 4] >> (24 - 8 * (i % 4)));
    return digest;
}

Digest sha256(std::string_view data)
{
    return Sha256().add(data).finish();
}

Digest hmacSha256(const Digest &key, std::string_view data)
{
    char inner[kBlock], outer[kBlock];
    for (std::size_t i = 0; i < kBlock; ++i) {
        const std::uint8_t byte = i < key.size() ? key[i] : 0;
        inner[i] = char(byte ^ 0x36);
        outer[i] = char(byte ^ 0x5c);
    }
    const Digest first = Sha256().add({inner, kBlock}).add(data).finish();
    return Sha256().add({outer, kBlock}).add(bytesOf(first)).finish();
}

std::string hex(std::span<const std::uint8_t> data)
{
    static constexpr char kDigits[] = "0123456789abcdef";
    std::string text(data.size() * 2, '0');
    for (std::size_t i = 0; i < data.size(); ++i) {
        text[2 * i] = kDigits[data[i] >> 4];
        text[2 * i + 1] = kDigits[data[i] & 15];
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
