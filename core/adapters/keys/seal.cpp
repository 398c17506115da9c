#include "core/adapters/keys/seal.h"

#include <algorithm>
#include <array>
#include <atomic>

#include <pthread.h>
#include <sodium.h>

namespace winnow
{

namespace
{

constexpr std::size_t kNonce = crypto_aead_xchacha20poly1305_ietf_NPUBBYTES;
constexpr std::size_t kTag = crypto_aead_xchacha20poly1305_ietf_ABYTES;
static_assert(crypto_aead_xchacha20poly1305_ietf_KEYBYTES == sizeof(Digest));

const unsigned char *bytes(std::string_view text)
{
    return reinterpret_cast<const unsigned char *>(text.data());
}
/// How many forks away from its first ancestor this process is.
std::atomic<unsigned> &generation()
{
    static std::atomic<unsigned> forks{0};
    static const int registered = ::pthread_atfork(nullptr, nullptr, [] { ++forks; });
    static_cast<void>(registered);
    return forks;
}

/// Random bytes for keys and nonces: fetched from the system a page at a time, since a call for each slice costs more
/// than to seal it. What was given out is wiped; a child process fetches its own, or it would repeat its parent's.
void takeRandom(void *out, std::size_t size)
{
    struct Pool {
        std::array<unsigned char, 4096> bytes;
        std::size_t used = sizeof bytes;
        unsigned generation = 0;
        ~Pool() { sodium_memzero(bytes.data(), bytes.size()); }
    };
    thread_local Pool pool;
    const unsigned now = generation().load(std::memory_order_relaxed);
    if (pool.bytes.size() - pool.used < size || pool.generation != now) {
        randombytes_buf(pool.bytes.data(), pool.bytes.size());
        pool.used = 0;
        pool.generation = now;
    }
    std::copy_n(pool.bytes.begin() + pool.used, size, static_cast<unsigned char *>(out));
    sodium_memzero(pool.bytes.data() + pool.used, size);
    pool.used += size;
}

unsigned char *bytes(std::string &text)
{
    return reinterpret_cast<unsigned char *>(text.data());
}

}

WorkspaceKey::WorkspaceKey(const Digest &key)
    : m_key(key)
    , m_wrap(hmacSha256(key, "winnow wrap"))
    , m_pseudonym(hmacSha256(key, "winnow pseudonym"))
    , m_commit(hmacSha256(key, "winnow erased"))
    , m_check(hmacSha256(key, "winnow check"))
{
}

Digest WorkspaceKey::random()
{
    Digest key;
    takeRandom(key.data(), key.size());
    return key;
}

Digest WorkspaceKey::commitment(std::string_view subject) const
{
    return hmacSha256(m_commit, subject);
}

std::string WorkspaceKey::wrap(const Digest &key) const
{
    return seal(m_wrap, bytesOf(key), "key");
}

Result<Digest> WorkspaceKey::unwrap(std::string_view wrapped) const
{
    auto plain = unseal(m_wrap, wrapped, "key");
    if (!plain)
        return tl::unexpected(plain.error());
    Digest key;
    if (plain->size() != key.size())
        return fail(ErrorCode::Corrupt, "a wrapped key has the wrong size");
    std::copy(plain->begin(), plain->end(), key.begin());
    return key;
}

std::string WorkspaceKey::seal(const Digest &key, std::string_view plain, std::string_view place)
{
    std::string sealed(kNonce + plain.size() + kTag, '\0');
    takeRandom(sealed.data(), kNonce);
    crypto_aead_xchacha20poly1305_ietf_encrypt(bytes(sealed) + kNonce, nullptr, bytes(plain), plain.size(),
                                               bytes(place), place.size(), nullptr, bytes(sealed), key.data());
    return sealed;
}

Result<std::string> WorkspaceKey::unseal(const Digest &key, std::string_view sealed, std::string_view place)
{
    if (sealed.size() < kNonce + kTag)
        return fail(ErrorCode::Corrupt, "a sealed slice is cut off");
    std::string plain(sealed.size() - kNonce - kTag, '\0');
    if (crypto_aead_xchacha20poly1305_ietf_decrypt(bytes(plain), nullptr, nullptr, bytes(sealed) + kNonce,
                                                   sealed.size() - kNonce, bytes(place), place.size(), bytes(sealed),
                                                   key.data())
        != 0)
        return fail(ErrorCode::Corrupt, "a sealed slice does not open: wrong key, or damaged");
    return plain;
}

}
