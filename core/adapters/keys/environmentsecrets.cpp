#include "core/adapters/keys/environmentsecrets.h"

#include <cstdlib>

namespace winnow
{

std::string secretVariable(std::string_view connection, std::string_view field)
{
    std::string name = "WINNOW_SECRET_";
    for (const std::string_view part : {connection, std::string_view("_"), field})
        for (const char c : part)
            name += c >= 'a' && c <= 'z'                           ? char(c - 'a' + 'A')
                : (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ? c
                                                                   : '_';
    return name;
}

std::string environmentSecret(std::string_view connection, std::string_view field)
{
    const char *value = std::getenv(secretVariable(connection, field).c_str());
    std::string secret = value ? value : "";
    while (secret.ends_with('\n') || secret.ends_with('\r')) // as a file or a shell may leave it
        secret.pop_back();
    return secret;
}

std::string secretEntry(std::string_view workspace, std::string_view connection, std::string_view field)
{
    return "connection-" + std::string(workspace) + "-" + std::string(connection) + "-" + std::string(field);
}

}
