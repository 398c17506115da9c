#pragma once

#include <map>
#include <string>

#include "core/ports/secretstore.h"

namespace winnow::test
{

/// Secrets in memory. \param refusal  what set() answers, to see what becomes of a key that cannot be kept.
class MemorySecrets : public SecretStore
{
public:
    std::map<std::string, std::string> kept;
    std::optional<Error> refusal;

    std::string place(const std::string &name) const override { return "the pocket of " + name; }
    Result<std::optional<std::string>> get(const std::string &name) override
    {
        const auto it = kept.find(name);
        return it == kept.end() ? std::optional<std::string>() : std::optional(it->second);
    }
    Result<> set(const std::string &name, const std::string &secret) override
    {
        if (refusal)
            return tl::unexpected(*refusal);
        kept[name] = secret;
        return {};
    }
    Result<> remove(const std::string &name) override
    {
        kept.erase(name);
        return {};
    }
};

}
