#pragma once

#include <string>
#include <string_view>

#include "core/base/hash.h"
#include "core/base/result.h"

namespace winnow
{

/// Everything that rests on the 32-byte workspace key.
class WorkspaceKey
{
public:
    explicit WorkspaceKey(const Digest &key);
    /// 32 random bytes.
    [[nodiscard]] static Digest random();

    /// Keys author ids, as contracts/sources.md wants it.
    [[nodiscard]] const Digest &authorKey() const { return m_key; }
    [[nodiscard]] const Digest &pseudonymKey() const { return m_pseudonym; }
    /// What an erased person leaves behind. \param subject  author id.
    [[nodiscard]] Digest commitment(std::string_view subject) const;
    /// Tells a right key from a wrong one without giving it away.
    [[nodiscard]] Digest check() const { return m_check; }

    /// Seals a key under the workspace key.
    [[nodiscard]] std::string wrap(const Digest &key) const;
    /// \errors Corrupt.
    [[nodiscard]] Result<Digest> unwrap(std::string_view wrapped) const;

    /// XChaCha20-Poly1305 with a random nonce in front.
    /// \param place  is authenticated too, so that slices cannot change places.
    [[nodiscard]] static std::string seal(const Digest &key, std::string_view plain, std::string_view place);
    /// \errors Corrupt.
    [[nodiscard]] static Result<std::string> unseal(const Digest &key, std::string_view sealed, std::string_view place);

private:
    Digest m_key, m_wrap, m_pseudonym, m_commit, m_check;
};

}
