#pragma once

#include "core/ports/secretstore.h"

namespace winnow {

/// Secrets in the system's key store (Secret Service, KWallet, Keychain, Credential Manager), through QtKeychain.
/// Needs a QCoreApplication. \thread the one that it was made on.
class KeychainSecretStore : public SecretStore
{
public:
    /// Whether this session has a key store that answers.
    [[nodiscard]] static bool available();
    std::string place(const std::string &name) const override;
    Result<std::optional<std::string>> get(const std::string &name) override;
    Result<> set(const std::string &name, const std::string &secret) override;
    Result<> remove(const std::string &name) override;
};

/// The system's key store where there is one, else files; what lies in files from before is found there too.
class PreferredSecretStore : public SecretStore
{
public:
    /// \param first  may be null. \param second  always there.
    PreferredSecretStore(SecretStore *first, SecretStore &second) : m_first(first), m_second(second) { }
    std::string place(const std::string &name) const override;
    Result<std::optional<std::string>> get(const std::string &name) override;
    Result<> set(const std::string &name, const std::string &secret) override;
    Result<> remove(const std::string &name) override;

private:
    SecretStore *m_first;
    SecretStore &m_second;
};

}
