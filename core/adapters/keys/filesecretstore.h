#pragma once

#include "core/ports/secretstore.h"

namespace winnow
{

/// Secrets as files of mode 0600 in the user's configuration folder, `$XDG_CONFIG_HOME/winnow/keys`.
class FileSecretStore : public SecretStore
{
public:
    /// \param folder  empty: the user's configuration folder.
    explicit FileSecretStore(std::string folder = {});
    std::string place(const std::string &name) const override;
    Result<std::optional<std::string>> get(const std::string &name) override;
    Result<> set(const std::string &name, const std::string &secret) override;
    Result<> remove(const std::string &name) override;

private:
    std::string m_folder;
};

}
