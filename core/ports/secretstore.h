#pragma once

#include <optional>
#include <string>

#include "core/base/result.h"

namespace winnow {

/// Keeps and gives secrets: the workspace key, tokens of connections.
class SecretStore
{
public:
    virtual ~SecretStore() = default;
    /// In words, for the person who wants to know where a key lies.
    [[nodiscard]] virtual std::string place(const std::string &name) const = 0;
    /// Nothing where there is no such secret. \errors Io, Forbidden.
    [[nodiscard]] virtual Result<std::optional<std::string>> get(const std::string &name) = 0;
    /// \errors Io, ReadOnly, Forbidden.
    [[nodiscard]] virtual Result<> set(const std::string &name, const std::string &secret) = 0;
    [[nodiscard]] virtual Result<> remove(const std::string &name) = 0;
};

}
